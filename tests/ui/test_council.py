"""会議・出席, 除斥, 取り下げ: what is told of the council is stored, and refused where it cannot be."""

from pathlib import Path

import pytest
from test_evaluate import MEMBERS, fill, judged, made, problem, stand, stored
from viewing import YEAR, View, troubles, view

from shakyo_review.services.book import ReviewBook
from shakyo_review.services.checked import today
from shakyo_review.services.council import hold_meeting
from shakyo_review.services.evaluating import evaluate
from shakyo_review.services.making import make_book
from shakyo_review.services.reviewing import meetings_of
from shakyo_review.services.sealing import start_evaluation
from shakyo_review.ui.dialogs.form import Form


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def held(
    path: Path, stage: str = "board"
) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    with ReviewBook.open(path, "別の人") as book:
        found = meetings_of(book, YEAR).get(stage, [])
        return [(one.date, one.title, one.present, one.absent) for one in found]


def test_a_meeting_is_noted_with_who_was_there_and_corrected(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+b")
        assert any("委員会評価　新しい会議を記録する" in line for line in seen.lines())
        await seen.press("enter")
        assert seen.screen.value("day") == today()
        assert not troubles(seen.lines(), 80)
        assert any("［出席］佐藤" in line for line in seen.lines())
        fill(seen, day="２０２６/６/２５", title="第1回")
        await seen.press("tab", "tab", "down", "space")
        assert any("［欠席］田中" in line for line in seen.lines())
        await seen.press("ctrl+s")
        assert "委員会評価の会議（2026-06-25）を記録しました。出席 2人。" in seen.foot
        assert held(path) == [("2026-06-25", "第1回", ("佐藤", "鈴木"), ("田中",))]
        assert seen.table.has_focus
        await seen.press("ctrl+b", "enter")  # a second meeting of one day is none
        fill(seen, day="2026.6.25")
        await seen.press("ctrl+s")
        assert "すでに記録されています" in problem(seen)
        await seen.press("escape", "escape", "ctrl+b", "down")
        assert any("2026-06-25 第1回 出席 2人・欠席 1人（直す）" in line for line in seen.lines())
        await seen.press("enter", "tab", "tab", "down", "space", "ctrl+s")
        assert held(path) == [("2026-06-25", "第1回", MEMBERS, ())]

    view(path, work, year=YEAR)


def test_a_meeting_without_a_list_of_members_takes_typed_names(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+b", "down", "enter")
        fill(seen, day="2026-06-25", present="山田　太郎、高橋,伊藤", absent="鈴木")
        await seen.press("ctrl+s")
        there = ("山田　太郎", "高橋", "伊藤")
        assert held(path, "self") == [("2026-06-25", "", there, ("鈴木",))]
        await seen.press("ctrl+b", "down", "enter")
        fill(seen, day="いつか", present="高橋")
        await seen.press("ctrl+s")
        assert "日付「いつか」は読めません" in problem(seen)
        fill(seen, day="2026-07-01", present="")
        await seen.press("ctrl+s")
        assert "出席した委員" in problem(seen)

    view(path, work, year=YEAR)


def test_what_is_wanting_to_the_quorum_is_told(path: Path) -> None:
    stages = [{"code": "board", "name": "委員会評価", "members": MEMBERS, "quorum": 60}]
    make_book(
        path,
        judged().model_copy(
            update={"evaluation": judged().evaluation.model_validate({"stages": stages})}
        ),
        "事務局",
    )
    with ReviewBook.open(path, "事務局") as book:
        start_evaluation(book, YEAR)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+b", "enter")
        assert any("定足数 60%" in line for line in seen.lines())
        await seen.press("tab", "tab", "space", "down", "space", "ctrl+s")
        assert "定足数（60%）に足りません" in seen.foot
        assert len(held(path)) == 1
        await seen.press("f2", "ctrl+s")  # no letter without a quorum, and the key is named
        assert "Ctrl+B（会議・出席）" in problem(seen)
        assert "meeting" not in problem(seen)

    view(path, work, year=YEAR)


def test_a_member_is_recused_with_a_reason(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+x", "enter")
        assert isinstance(seen.screen, Form)
        fill(seen, member="田中")
        await seen.press("ctrl+s")
        assert "除斥の理由が空です" in problem(seen)
        fill(seen, reason="受託法人の役員")
        await seen.press("ctrl+s")
        assert "除斥を記録しました" in seen.foot
        assert "除斥: 田中（受託法人の役員）" in seen.said("#steps")
        assert "田中" in stored(path).stages[1].recused
        await seen.press("ctrl+x", "enter")
        offered = [option.id for option in seen.screen.picked("member").options]
        assert offered == ["佐藤", "鈴木"]

    view(path, work, year=YEAR)


def test_a_letter_is_taken_back_with_a_reason(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("delete")
        assert "取り下げる評価がありません" in seen.foot
        with ReviewBook.open(path, "鈴木") as book:
            evaluate(book, "1-1", YEAR, "self", "C")
            evaluate(book, "1-1", YEAR, "board", "B", member="佐藤")
        seen.screen.look_again()
        await seen.press("delete")
        assert not troubles(seen.lines(), 80)
        offered = [str(option.prompt) for option in seen.screen.picked("which").options]
        assert offered == ["委員会評価の委員 佐藤　B", "自己評価　C（鈴木）"]
        fill(seen, which="self\n")
        await seen.press("ctrl+s")
        assert "取り下げの理由が空です" in problem(seen)
        await seen.press(*"machigai", "enter")  # the cursor stands where something is wanting
        assert "評価を取り下げました" in seen.foot
        assert stored(path).stages[0].letter is None
        assert "佐藤" in stored(path).stages[1].members

    view(path, work, year=YEAR)


def test_nothing_is_asked_where_the_year_is_not_open(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+pagedown")
        for key in ("ctrl+b", "ctrl+x", "delete"):
            await seen.press(key)
            assert not isinstance(seen.screen, Form)
            assert "まだ開いていません" in seen.foot
            assert "year open" not in seen.foot

    view(path, work, year=YEAR)


def test_a_meeting_held_meanwhile_is_not_overwritten(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+b", "enter")
        with ReviewBook.open(path, "鈴木") as book:
            hold_meeting(book, YEAR, "board", present=["佐藤"])
        await seen.press("ctrl+s")
        assert "上書きはしていません" in problem(seen)
        assert held(path)[0][2] == ("佐藤",)

    view(path, work, year=YEAR)
