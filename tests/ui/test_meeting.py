"""会議: only what has to be talked about, one item per page, large; settled items drop behind."""

from pathlib import Path

import pytest
from test_evaluate import judged
from textual.widgets import Static
from viewing import YEAR, View, troubles, view

from shakyo_review.domain.agenda import Topic
from shakyo_review.services import sealing
from shakyo_review.services.agenda import agenda
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.evaluating import evaluate, send_back
from shakyo_review.services.improving import add_improvement
from shakyo_review.services.making import make_book
from shakyo_review.ui import marks
from shakyo_review.ui.large import SIZES, drawn, figures_in_row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """1-1 is C (60 of 100), 自己評価 C and members apart; 2-1 is A, 自己評価 B; goals without letters."""
    made = tmp_path / "b.db"
    make_book(made, judged(), "事務局")
    with ReviewBook.open(made, "事務局") as book:
        add_improvement(book, "1-1", YEAR - 1, "周知を早める")
        evaluate(book, "1-1", YEAR, "self", "C", comment="人手が[/]足りない")
        evaluate(book, "2-1", YEAR, "self", "B", reason="控えめに")
        sealing.start_evaluation(book, YEAR)
        for member, label in (("佐藤", "B"), ("田中", "C")):
            evaluate(book, "1-1", YEAR, "board", label, member=member)
    return made


def reasons(path: Path) -> dict[str, list[Topic]]:
    with ReviewBook.open(path, "別の人") as book:
        return {one.code: [p.topic for p in one.points] for one in agenda(book, YEAR)}


def test_each_item_says_why_it_is_talked_about(path: Path) -> None:
    assert reasons(path) == {"1-1": [Topic.MEMBERS, Topic.MISSED], "2-1": [Topic.COMPUTED]}
    with ReviewBook.open(path, "事務局") as book:
        texts = [p.text for one in agenda(book, YEAR) for p in one.points]
        assert texts == [
            "委員の意見が違う（委員会評価 B 1人・C 1人）",
            "判定が低い（評価 C・指標a C）",
            "計算と評価が違う（計算 A・自己評価 B）",
        ]
        evaluate(book, "1-1", YEAR, "board", "B", reason="話し合いで")
        assert [(one.code, one.settled) for one in agenda(book, YEAR)] == [
            ("2-1", False),
            ("1-1", True),  # settled items come last
        ]
        send_back(book, "2-1", YEAR, "board", "内訳を確かめる")
    assert reasons(path)["2-1"] == [Topic.SENT_BACK]
    assert reasons(path)["1-1"] == [Topic.MEMBERS, Topic.STAGES, Topic.COMPUTED, Topic.MISSED]


def place(seen: View) -> str:
    return str(seen.screen.query_one("#place", Static).content)


def test_a_meeting_goes_from_item_to_item_and_gives_letters(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7", "ctrl+a")
        assert "会議　1 / 2　1-1" in place(seen)
        assert "項 目 1 - 1" in str(seen.screen.query_one("#name", Static).content).replace(
            "　", " "
        )
        figures = str(seen.screen.query_one("#figures", Static).content).split("\n")
        assert figures[0].split() == ["目標", "実績", "率（％）", "計算の判定", "自己評価"]
        assert len(figures) == 6
        said = seen.said("#page")
        assert said.startswith("話し合うこと 委員の意見が違う（委員会評価 B 1人・C 1人）")
        assert "前の年度の約束 周知を早める → まだ答えていません" in said
        assert "所見: 人手が[/]足りない" in said
        await seen.press("left")
        assert "最初の項目です" in seen.foot
        await seen.press("f2")
        assert seen.screen.value("stage") == "board"
        seen.screen.query_one("#field-reason").value = "話し合いで決めた"
        await seen.press("ctrl+s")
        assert "［済み］" in place(seen)  # it stays in front until it is left
        await seen.press("right")
        assert "会議　1 / 1" in place(seen)
        assert "済み 1件" in place(seen)
        await seen.press("pagedown")
        assert "済み 1 / 1" in place(seen)
        await seen.press("pageup", "enter")
        assert "［済み］" in place(seen)
        assert "この画面だけの印です" in seen.foot
        await seen.press("enter", "f3")
        assert any("済み 項目1-1" in line for line in seen.lines())
        await seen.press("down", "enter")
        assert "1-1" in place(seen)
        await seen.press("ctrl+u")
        assert seen.app.current_mode == "history"
        await seen.press("escape")
        assert seen.app.current_mode == "meeting"
        assert "1-1" in place(seen)
        await seen.press("escape")
        assert (seen.app.current_mode, seen.table.code) == ("scores", "1-1")

    view(path, work, year=YEAR)


def test_a_meeting_without_anything_to_talk_about_says_so(tmp_path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7", "ctrl+pageup", "ctrl+a")
        assert any("話し合う項目はありません" in line for line in seen.lines())
        for key in ("right", "enter", "f2", "f3", "ctrl+o"):
            await seen.press(key)
            assert not seen.screen.is_modal

    view(tmp_path / "b.db", work, made_of=judged(), year=YEAR)


@pytest.mark.parametrize("wide", [False, True])
def test_the_large_type_fits_every_width_and_terminal(path: Path, wide: bool) -> None:
    marks.use_wide(wide)

    async def work(seen: View) -> None:
        await seen.press("f7", "ctrl+a")
        for size in ((80, 24), (120, 40)):
            await seen.resize(*size)
            assert troubles(seen.lines(), size[0]) == []
            assert "話し合うこと" in "".join(seen.lines())

    try:
        view(path, work, year=YEAR)
    finally:
        marks.use_wide(False)


def test_figures_are_as_large_as_they_fit_and_never_lost() -> None:
    assert drawn("60", SIZES[-1]) == ["### ###", "#   # #", "### # #", "# # # #", "### ###"]
    assert drawn("△5", SIZES[-1])[2] == "### ###"  # a minus
    assert drawn("中止", SIZES[0]) is None
    short = figures_in_row([("実績", "60"), ("判定", "◎")], 78, "#ffffff")
    assert max(line.cell_len for line in short) <= 78
    assert "####" in short[1].plain
    long = figures_in_row([("目標", "1,234,567"), ("実績", "1,234,568"), ("率", "100.0")], 60, "")
    assert long[0].plain == "目標 1,234,567　実績 1,234,568"  # what does not fit is written
    assert "####" in long[2].plain
    assert max(line.cell_len for line in long) <= 60
    assert "中　止" in "".join(line.plain for line in figures_in_row([("実績", "中止")], 40, ""))
