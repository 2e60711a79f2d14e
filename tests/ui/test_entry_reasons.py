"""When the sheet asks why, when it refuses, and what it shows of a plan that has changed."""

from pathlib import Path

import pytest
from entry_desk import YEAR, Desk, at_desk, small
from textual.widgets import Input

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.tree_edits import renumber, stop
from shakyo_review.domain.value import parse_value
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.making import make_book
from shakyo_review.services.revising import revise
from shakyo_review.services.sealing import correct, seal, start_evaluation
from shakyo_review.ui.dialogs.form import Form
from shakyo_review.ui.dialogs.paste import PasteDialog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def reason_of(path: Path, code: str, kind: Kind) -> str:
    with ReviewBook.open(path, "別の人") as book:
        rows = [row for row in book.history(code, YEAR) if row.kind == kind.value]
        return rows[-1].reason


def evaluated(path: Path) -> None:
    """Make a book whose year is being evaluated; a has 480."""
    make_book(path, small(), "事務局")  # type: ignore[arg-type]
    with ReviewBook.open(path, "事務局") as book:
        record(book, CellKey("a", YEAR, Kind.ACTUAL), parse_value("480"))
        start_evaluation(book, YEAR)


def sealed(path: Path) -> None:
    evaluated(path)
    with ReviewBook.open(path, "事務局") as book:
        for code, typed in (("b", "90"), ("c", "100"), ("d", "9")):
            record(book, CellKey(code, YEAR, Kind.ACTUAL), parse_value(typed), reason="追加")
        seal(book, YEAR)


def test_a_figure_of_a_year_being_evaluated_is_changed_with_a_reason(path: Path) -> None:
    evaluated(path)

    async def work(desk: Desk) -> None:
        assert "令和6年度（評価）" in desk.lines()[0]
        await desk.press("up")
        await desk.burst("490\r")
        assert isinstance(desk.app.screen, Form)
        assert "評価が始まっているので" in "".join(desk.lines())
        assert desk.stored("a") == "480"
        await desk.press("enter")  # no reason, no value
        assert "理由を書いてください" in "".join(desk.lines())
        await desk.press("escape")
        assert desk.app.screen is desk.screen
        assert desk.info == "変えずにやめました。実績は 480回 のままです。"
        assert (desk.shown("a", "actual"), desk.typed) == ("480", "")
        await desk.burst("490\r")
        await desk.burst("集計もれ")
        await desk.press("enter")
        assert desk.app.screen is desk.screen
        assert (desk.stored("a"), desk.place) == ("490", "b|| actual")
        assert reason_of(path, "a", Kind.ACTUAL) == "集計もれ"
        await desk.press("ctrl+z")
        assert desk.stored("a") == "480"
        await desk.press("delete")
        assert isinstance(desk.app.screen, Form)
        await desk.press("escape")
        assert desk.stored("a") == "480"

    at_desk(path, work)


def test_a_pasted_block_is_explained_once(path: Path) -> None:
    evaluated(path)

    async def work(desk: Desk) -> None:
        await desk.press("up")
        await desk.paste("481\n89.5\n99")
        assert isinstance(desk.app.screen, PasteDialog)
        await desk.press("enter")
        assert isinstance(desk.app.screen, Form)
        await desk.press("escape")
        assert desk.info == "貼り付けをやめました。何も書き込んでいません。"
        await desk.paste("481\n89.5\n99")
        await desk.press("enter")
        await desk.burst("遅れて届いた")
        await desk.press("enter")
        assert desk.info.startswith("3件を貼り付けて保存しました。")
        assert [desk.stored(code) for code in "abc"] == ["481", "89.5", "99"]
        assert reason_of(path, "c", Kind.ACTUAL) == "遅れて届いた"

    at_desk(path, work)


def test_a_target_is_changed_with_a_reason_and_the_meeting(path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.press("left")
        await desk.burst("520\r")
        assert "目標を変えるときは" in "".join(desk.lines())
        await desk.burst("参加が増えた")
        await desk.press("enter")  # on to the meeting
        await desk.burst("第2回懇話会")
        await desk.press("enter")
        assert desk.stored("a", Kind.TARGET) == "520"
        assert reason_of(path, "a", Kind.TARGET) == "参加が増えた（第2回懇話会）"
        await desk.press("down", "down")
        await desk.burst("12\r")  # d had a target from its path only: nothing is replaced
        assert desk.app.screen is desk.screen
        assert desk.stored("d", Kind.TARGET) == "12"

    at_desk(path, work)


def test_a_conflict_and_a_reason_are_asked_one_after_the_other(path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.press("left")
        desk.another_writes("a", "510", kind=Kind.TARGET)
        await desk.burst("520\r")
        await desk.burst("見直し")
        await desk.press("enter", "enter")
        assert "ほかの人が、先にこの値を変えています" in "".join(desk.lines())
        await desk.press("right", "enter")
        assert desk.stored("a", Kind.TARGET) == "520"
        assert reason_of(path, "a", Kind.TARGET) == "見直し"

    at_desk(path, work)


def test_a_sealed_year_is_corrected_only_with_a_reason(path: Path) -> None:
    sealed(path)

    async def work(desk: Desk) -> None:
        assert "令和6年度（確定）" in desk.lines()[0]
        assert desk.shown("a", "actual") == "480"
        await desk.press("ctrl+home")
        await desk.paste("1\n2\n3")
        assert desk.info.startswith("確定した年度には、まとめて貼り付けられません")
        await desk.burst("４８５")
        assert "正誤の理由を尋ねます" in desk.info
        await desk.press("enter")
        form = desk.app.screen
        assert isinstance(form, Form)
        text = "".join("".join(desk.lines()).split())
        assert "正誤（令和6年度は確定しています）" in text
        assert "480回→485回" in text
        await desk.press("enter")  # no reason, no value
        assert "理由" in "".join(desk.lines())
        assert desk.stored("a") == "480"
        await desk.press("escape")
        assert "直さずにやめました。実績は 480回 のままです。" in desk.info
        assert desk.stored("a") == "480"
        for key in ("f2", "ctrl+t"):
            await desk.press(key)
            assert desk.typed == "480"
            await desk.press("escape")
        await desk.press("delete")
        assert isinstance(desk.app.screen, Form)
        await desk.press("escape")
        await desk.burst("485\r")
        await desk.burst("写し間違い\r")
        assert "正誤として直しました: a 指標a 実績 480回 → 485回" in desk.info
        assert (desk.stored("a"), desk.shown("a", "actual")) == ("485", "485")
        assert reason_of(path, "a", Kind.ACTUAL) == "写し間違い"
        await desk.press("ctrl+home")
        await desk.burst("485\r")  # the same value again corrects nothing
        assert "すでにその値です" in desk.info
        await desk.press("ctrl+n")
        offered = [line.strip("| ").split()[:2] for line in desk.lines() if "年度（" in line]
        assert ["令和6年度（2024年度）", "確定"] in offered
        assert ["令和8年度（2026年度）", "準備"] in offered

    at_desk(path, work)
    with ReviewBook.open(path, "別の人") as book:
        assert book.state(YEAR).closed


def test_a_correction_that_came_too_late_overwrites_nothing(path: Path) -> None:
    sealed(path)

    async def work(desk: Desk) -> None:
        await desk.press("ctrl+home")
        await desk.burst("485\r")
        with ReviewBook.open(path, "鈴木") as book:
            correct(book, CellKey("a", YEAR, Kind.ACTUAL), parse_value("486"), "数え直し")
        await desk.burst("写し間違い\r")
        assert isinstance(desk.app.screen, Form)
        assert "ほかの人が先に直しています" in "".join(desk.lines())
        assert desk.stored("a") == "486"

    at_desk(path, work)


def test_the_key_of_errata_says_so_where_the_year_is_open(path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.press("ctrl+t")
        assert "まだ確定していません" in desk.info
        assert not desk.screen.bar.editing

    at_desk(path, work)


def test_a_year_sealed_meanwhile_refuses_what_is_typed_and_undone(path: Path) -> None:
    evaluated(path)

    async def work(desk: Desk) -> None:
        await desk.press("up")
        await desk.burst("490\r")
        await desk.burst("集計もれ")
        await desk.press("enter", "up")
        await desk.burst("49")
        with ReviewBook.open(path, "鈴木") as book:
            for code, typed in (("b", "90"), ("c", "100"), ("d", "9")):
                record(book, CellKey(code, YEAR, Kind.ACTUAL), parse_value(typed), reason="追加")
            seal(book, YEAR)
        await desk.press("enter")
        assert isinstance(desk.app.screen, Form)
        assert "は確定しています" in "".join(desk.lines())
        await desk.press("escape", "ctrl+z")
        assert "確定しているため" in desk.info
        assert desk.stored("a") == "490"

    at_desk(path, work)


def test_an_odd_value_is_confirmed_on_the_spot(path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.press("ctrl+b")
        assert desk.info == "この指標に、確かめたい値はありません。"
        await desk.burst("49\r")
        assert "約10分の1です" in desk.info
        assert desk.place == "b|| actual"
        assert desk.shown("a", "actual") == "49?"
        await desk.press("ctrl+b")  # means the value that was stored just now
        assert "a 指標a" in "".join(desk.lines())
        await desk.burst("回数を減らした")
        await desk.press("enter")
        assert desk.info == "a を確認済みにしました（回数を減らした）。"
        assert desk.shown("a", "actual") == "49"
        await desk.press("up")
        assert "確認済み: 49回はR5の480回の約10分の1です" in desk.info
        await desk.burst("48\r")
        await desk.press("up")
        assert "確かめてください: 48回は" in desk.info  # another number is asked again
        await desk.press("ctrl+b", "escape")
        assert desk.app.screen is desk.screen

    at_desk(path, work)


def test_last_year_stands_beside_a_renumbered_indicator(path: Path) -> None:
    make_book(path, small(), "事務局")  # type: ignore[arg-type]
    with ReviewBook.open(path, "事務局") as book:
        for code, branch in (("a", ""), ("c", "kita")):
            key = CellKey(code, YEAR, Kind.ACTUAL, branch)
            record(book, key, parse_value("70"))
        revise(
            book,
            lambda plan: stop(renumber(renumber(plan, "a", "a9"), "c", "c9"), "b"),
            from_year=YEAR + 1,
            reason="番号の整理",
        )

    async def work(desk: Desk) -> None:
        assert [row.indicator for row in desk.screen.sheet.rows] == ["a9", "c9", "d"]
        assert desk.shown("a9", "before") == "70"
        await desk.press("f3")
        await desk.burst("c9\r")
        await desk.press("ctrl+e")
        assert desk.shown("c9|kita|", "before") == "70"
        await desk.burst("75\r")
        await desk.press("ctrl+pageup")
        assert [row.indicator for row in desk.screen.sheet.rows][:3] == ["a", "b", "c"]
        assert desk.shown("a", "actual") == "70"
        await desk.press("f8", "ctrl+t", "ctrl+pagedown")
        table = desk.app.screen.query_one("#years")
        assert {"a9", "c9", "b"} <= set(table.codes)  # type: ignore[attr-defined]
        assert "番号が「a」から「a9」に変わりました" in "\n".join(desk.lines())
        await desk.press("ctrl+t")
        assert "ALL" in table.codes  # type: ignore[attr-defined]

    at_desk(path, work, year=YEAR + 1)


def test_what_was_typed_before_a_renumbering_is_not_undone_elsewhere(path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.burst("495\r")
        with ReviewBook.open(path, "鈴木") as book:
            revise(book, lambda plan: renumber(plan, "a", "z"), from_year=YEAR, reason="整理")
        await desk.press("down", "ctrl+z")
        assert "計画が改定されたので" in desk.info
        assert desk.shown("z", "actual") == "495"
        await desk.press("ctrl+z")
        assert desk.info == "元に戻せる変更はありません。"
        await desk.press("ctrl+u")
        assert desk.app.screen.query_one(Input).value.endswith("R6")

    at_desk(path, work)
