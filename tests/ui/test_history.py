"""履歴: newest first, narrowed by what is typed, read a part at a time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import reading
from textual.events import Key
from textual.widgets import Input, OptionList
from viewing import YEAR, View, demo, small, troubles, view

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.tree_edits import change_node, renumber
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.making import make_book
from shakyo_review.services.revising import revise
from shakyo_review.storage import history as history_rows
from shakyo_review.ui import marks
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.why import WhyDialog
from shakyo_review.ui.history_list import PAGE, Narrowing
from shakyo_review.ui.screens.history import HistoryScreen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def put(book: ReviewBook, code: str, typed: str, reason: str = "", year: int = YEAR) -> None:
    record(book, CellKey(code, year, Kind.ACTUAL), reading(typed), reason=reason)


@pytest.fixture
def changed(path: Path) -> Path:
    """A book in which two people have changed a, and the plan renumbered 1-1 to 1-5."""
    make_book(path, small(), "事務局")
    with ReviewBook.open(path, "山田") as book:
        put(book, "a", "70", "数えなおした")
    with ReviewBook.open(path, "鈴木 花子") as book:
        put(book, "b", "中止")
        put(book, "a", "111", year=YEAR - 1)
        revise(
            book,
            lambda plan: change_node(renumber(plan, "1-1", "1-5"), "1-5", name="別の名"),
            from_year=2025,
            reason="番号の整理",
            meeting="第1回懇話会",
        )
    return path


async def narrow(seen: View, typed: str) -> None:
    seen.screen.query_one(Input).focus()
    seen.screen.query_one(Input).value = typed
    await seen.press("enter")


def rows(seen: View) -> list[list[str]]:
    return [seen.row(code)[1:] for code in seen.table.codes]


def test_the_newest_comes_first_and_one_act_is_one_line(changed: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+r")
        assert seen.app.current_mode == "history"
        told = [(row[0], row[1]) for row in rows(seen)]
        assert told == [
            ("鈴木 花子", "R7 改定"),  # the edition it made has no line of its own
            ("鈴木 花子", "a R5 実績"),
            ("鈴木 花子", "b R6 実績"),
            ("山田", "a R6 実績"),
            ("事務局", "値 9件"),
            ("事務局", "計画"),
            ("事務局", "台帳"),
        ]
        assert f"{seen.book.count_history() - 1}件" in "".join(seen.lines()[2])
        run = seen.table.codes[4]
        seen.table.mark(run)
        await seen.press("enter")
        assert rows(seen)[5][1:3] == ["c R5 実績", "空欄 → 45人"]
        assert len(seen.table.codes) == 7 + 9
        assert "R5〜R6 目標・実績（Enter でたたむ）" in seen.said("#marked")
        await seen.press("f2")
        assert "戻したい値の行を選んで" in seen.foot
        await seen.press("enter")
        assert len(seen.table.codes) == 7
        await narrow(seen, "山田")
        assert rows(seen) == [["山田", "a R6 実績", "60回 → 70回", "数えなおした"]]
        assert "a R6 実績 指標a: 60回 → 70回（理由: 数えなおした）" in seen.said("#marked")
        await seen.press("escape")
        assert len(seen.table.codes) == 7
        await seen.press("escape")
        assert seen.app.current_mode == "home"

    view(changed, work, year=YEAR)


def test_a_value_is_put_back_from_its_row_with_a_reason(changed: Path) -> None:
    key = CellKey("a", YEAR, Kind.ACTUAL)

    async def work(seen: View) -> None:
        await seen.press("ctrl+r")
        await narrow(seen, "山田")
        await seen.press("f2")
        offered = [str(one.prompt) for one in seen.screen.query_one(OptionList).options]
        assert offered == ["60回（この変更の前）"]  # what stands there now is not offered
        assert "いまの値: 70" in "".join(seen.lines())
        await seen.press("ctrl+s")
        assert "理由を書いてください" in "".join(seen.lines())
        with ReviewBook.open(changed, "佐藤") as other:
            put(other, "a", "71")
        await seen.press(*"mistake", "ctrl+s")
        assert "佐藤が" in "".join(seen.lines())  # nothing is written over what came meanwhile
        assert seen.book.cells(YEAR).get(key).reading == reading("71")
        await seen.press("escape", "escape", "f2", "tab", *"mistake", "ctrl+s")
        await seen.pilot.pause()
        last = seen.book.history()[-1]
        assert (last.who, last.reason, last.new) == (
            "山田",
            "mistake",
            {"state": "value", "value": "60"},
        )
        assert seen.book.cells(YEAR).get(key).reading == reading("60")
        assert "60回に戻しました" in seen.foot
        await narrow(seen, "種類:改定")
        await seen.press("f2")
        assert "この行の内容は、ここでは戻せません" in seen.foot

    view(changed, work, year=YEAR)


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("a Ｒ５", {"a R5 実績", "a R5 目標"}),
        ("b 令和6年度", {"b R6 実績", "b R6 目標"}),
        ("人:鈴木花子 種類:値", {"b R6 実績", "a R5 実績"}),
        ("中止", {"b R6 実績"}),
        ("1-1", {"R7 改定"}),
        ("1-5", {"R7 改定"}),
        ("1-5 R6", set()),
        ("どこにもない", set()),
    ],
)
def test_what_is_typed_narrows(changed: Path, typed: str, places: set[str]) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+r")
        await narrow(seen, typed)
        assert {row[1] for row in rows(seen)} == places
        told = "".join(line for line in seen.lines() if "絞りこみ" in line)
        assert ("あてはまる変更はありません" in told) == (not places)

    view(changed, work, year=YEAR)


def test_typing_narrows_by_itself_and_a_wide_blank_parts_words(changed: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+r", "f3")
        for char in "鈴木\u3000中止":
            seen.app.post_message(Key(char, char))  # as a terminal sends it
        await seen.pilot.pause(0.4)
        await seen.pilot.pause()
        assert [row[1] for row in rows(seen)] == ["b R6 実績"]
        await seen.press("down")
        assert seen.table.has_focus

    view(changed, work, year=YEAR)


def test_person_and_kind_are_chosen_from_lists(changed: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+r", "ctrl+o")
        assert isinstance(seen.screen, ChooseDialog)
        assert [text for text, _ in seen.screen.choices] == [
            "すべて",
            "事務局",
            "山田",
            "鈴木 花子",
        ]
        await seen.press("down", "down", "down", "enter")
        assert {row[0] for row in rows(seen)} == {"鈴木 花子"}
        await seen.press("ctrl+t")
        place = [text for text, _ in seen.screen.choices].index("改定")
        await seen.press(*["down"] * place, "enter")
        assert [row[1] for row in rows(seen)] == ["R7 改定"]
        assert rows(seen)[0][3] == "番号の整理"
        assert seen.screen.query_one(Input).value == "人:鈴木花子 種類:改定"

    view(changed, work, year=YEAR)


def test_enter_shows_the_whole_entry(changed: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+r")
        await narrow(seen, "種類:改定")
        await seen.press("enter")
        assert isinstance(seen.screen, WhyDialog)
        told = [(step.title, step.text) for step in seen.screen.steps]
        assert ("人", "鈴木 花子") in told
        assert ("決めた会議", "第1回懇話会") in told
        assert ("理由", "番号の整理") in told
        assert ("変わったこと", "改称 1-5 別の名 名前: 項目1-1 → 別の名") in told
        await seen.press("escape")
        assert isinstance(seen.screen, HistoryScreen)

    view(changed, work, year=YEAR)


def test_the_history_of_the_marked_line_from_other_screens(changed: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f6", "up", "up", "ctrl+u")
        assert seen.app.current_mode == "history"
        assert seen.screen.query_one(Input).value == "a R6"
        assert {row[1] for row in rows(seen)} == {"a R6 実績", "a R6 目標"}
        await seen.press("f6", "7", "7", "ctrl+u")  # the open line has the key for itself
        assert (seen.app.current_mode, seen.screen.bar.text) == ("entry", "")
        await seen.press("escape", "f7")
        seen.table.mark("2")
        await seen.press("ctrl+u")
        assert seen.screen.query_one(Input).value == "2 R6"
        await seen.press("f5", "ctrl+u")
        assert "履歴を見る行" in seen.foot

    view(changed, work, year=YEAR)


def test_thousands_of_rows_are_read_in_parts(path: Path) -> None:
    make_book(path, small(), "事務局")
    with ReviewBook.open(path, "事務局") as book, book.file.writing():
        at = datetime.now(UTC).isoformat(timespec="seconds")
        for n in range(6_300):
            facts = {"state": "value", "value": str(n)}
            why = (
                f"{n}" if n < 6_000 else "取り込み"
            )  # each an act of its own, but for the last 300
            history_rows.append(
                book.file.db,
                history_rows.Change(
                    at, "事務局", "cell", "a", YEAR, "actual", "", "", None, facts, why
                ),
            )

    async def work(seen: View) -> None:
        await seen.press("ctrl+r")
        assert len(seen.table.codes) == PAGE
        assert not seen.screen.list.complete
        assert rows(seen)[0][1] == "値 300件"
        assert "R6 実績（Enter でひらく）（理由: 取り込み）" in seen.said("#marked")
        await seen.press("enter", "down")
        assert seen.row(seen.table.code or "")[2:] == ["a R6 実績", "空欄 → 6,299回", "取り込み"]
        await seen.press("up", "enter")
        await seen.press("ctrl+end")
        await seen.pilot.pause()
        assert len(seen.table.codes) == 2 * PAGE
        assert seen.table.cursor_row == PAGE - 1
        await narrow(seen, "種類:値 目標")
        for _ in range(100):  # it looks on by itself, a part at a time
            if seen.screen.list.complete:
                break
            await seen.pilot.pause(0.05)
        assert {row[1] for row in rows(seen)} == {"a R6 目標", "a R5 目標", "b R6 目標", "c R6 目標", "c R5 目標"}  # fmt: skip
        assert seen.screen.list.complete

    view(path, work, year=YEAR)


def test_words_codes_years_people_and_kinds_are_told_apart(changed: Path) -> None:
    with ReviewBook.open(changed, "山田") as book:
        assert Narrowing.of(book, "1-5 Ｒ６ 人:山田 種類：値 中止 12") == Narrowing(
            ("1-1", "1-5"), 2024, "山田", "値", ("中止", "12")
        )


def test_verifying_tells_the_sentences_of_the_service(changed: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+r", "ctrl+g")
        await seen.pilot.pause()
        assert isinstance(seen.screen, WhyDialog)
        assert "一致しています" in seen.screen.steps[0].text
        await seen.press("escape")
        seen.book.file.db.execute("UPDATE history SET reason = '別の理由' WHERE who = '山田'")
        seen.book.file.db.commit()
        await seen.press("ctrl+g")
        await seen.pilot.pause()
        told = [step.text for step in seen.screen.steps]
        assert "一致しないところが" in told[0]
        assert any("前とのつながりが合いません" in text for text in told)

    view(changed, work, year=YEAR)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_real_history_fits(size: tuple[int, int]) -> None:
    async def work(seen: View) -> None:
        for wide in (False, True):
            marks.use_wide(wide)
            await seen.go("home")
            await seen.press("ctrl+r", "pagedown")
            words = " ".join(one.name for one in seen.book.plan.indicators.values()) + " zushi"
            assert troubles(seen.lines()[1:], size[0], words) == []
            await seen.press("enter")
            assert troubles(seen.lines()[1:], size[0], words) == []
            await seen.press("escape")

    try:
        view(demo("zushi"), work, size=size)
    finally:
        marks.use_wide(False)
