"""The first start: a book is made, opened or tried; what goes wrong is told and can be tried again."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from books import SMALL_PLAN, new_book
from textual.pilot import Pilot
from textual.widgets import Button, Input, OptionList
from viewing import troubles

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import bundled_titles
from shakyo_review.services.planning import being_set_up
from shakyo_review.services.remembering import OPENED, remember
from shakyo_review.ui.start import StartApp

Work = Callable[[Pilot[Path]], Awaitable[None]]


def started(folder: Path, work: Work, size: tuple[int, int] = (80, 24)) -> Path | None:
    """Run the first start with ``folder``/review.db offered; return the book that is to be opened."""

    async def run() -> Path | None:
        app = StartApp(folder / "review.db", "山田")
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await work(pilot)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
        return app.return_value

    return asyncio.run(run())


def lines(pilot: Pilot[Path]) -> str:
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def choose(pilot: Pilot[Path], place: int) -> None:
    await pilot.press(*["down"] * place, "enter")
    await pilot.pause()


def test_a_sample_is_made_and_opened_and_found_again(tmp_path: Path) -> None:
    async def work(pilot: Pilot[Path]) -> None:
        await choose(pilot, 0)
        for _, body, title in bundled_titles():
            assert body in lines(pilot)
            assert title[:8] in lines(pilot)
        await pilot.press("down", "down", "enter", "enter")  # the third plan, then the button

    made = started(tmp_path, work)
    assert made == tmp_path / "zushi-demo.db"
    with ReviewBook.open(made, "山田") as book:
        assert any(s.example for s in book.score(book.working_year).indicators.values())
        assert book.history(newest=1)[0].who == "山田"
    before = made.read_bytes()
    assert started(tmp_path, work) == made
    assert made.read_bytes() == before


def test_a_new_book_is_made_of_a_bundled_plan(tmp_path: Path) -> None:
    async def work(pilot: Pilot[Path]) -> None:
        await choose(pilot, 3)
        await pilot.press("down", "enter")  # the second plan, then the name of the book
        pilot.app.screen.query_one("#path", Input).value = str(tmp_path / "大切な台帳")
        await pilot.press("enter", "enter")

    made = started(tmp_path, work)
    assert made == tmp_path / "大切な台帳.db"
    with ReviewBook.open(made, "山田") as book:
        assert book.plan.body == "桶川市社会福祉協議会"
        assert not any(cell.example for cell in book.cells(book.working_year).cells.values())


def test_a_new_book_is_made_of_a_plan_file_and_its_mistakes_are_told(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(SMALL_PLAN.replace("levels:", "段:"), encoding="utf-8")

    async def work(pilot: Pilot[Path]) -> None:
        await choose(pilot, 3)
        await pilot.press(*["down"] * len(bundled_titles()))
        button = pilot.app.screen.query_one(Button)
        button.active_effect_duration = 0  # a second press at once is no double click here
        await pilot.click(Button)
        assert "計画ファイルの場所を入れてください" in lines(pilot)
        pilot.app.screen.query_one("#plan", Input).value = str(tmp_path / "plan.yaml")
        await pilot.click(Button)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "plan.yaml" in lines(pilot)
        assert not list(tmp_path.glob("*.db"))
        (tmp_path / "plan.yaml").write_text(SMALL_PLAN, encoding="utf-8")
        await pilot.click(Button)

    made = started(tmp_path, work)
    assert made == tmp_path / "review.db"
    with ReviewBook.open(made, "山田") as book:
        assert book.plan.title == "小さな計画"


def test_a_book_in_the_place_is_never_overwritten(tmp_path: Path) -> None:
    before = new_book(tmp_path / "review.db").read_bytes()

    async def work(pilot: Pilot[Path]) -> None:
        await choose(pilot, 3)
        await pilot.click(Button)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "すでにあります" in lines(pilot)
        await pilot.press("ctrl+q")

    assert started(tmp_path, work) is None
    assert (tmp_path / "review.db").read_bytes() == before


def test_a_book_is_opened_by_its_path_and_another_file_is_refused(tmp_path: Path) -> None:
    new_book(tmp_path / "kept.db")
    (tmp_path / "letter.txt").write_text("拝啓", encoding="utf-8")

    async def work(pilot: Pilot[Path]) -> None:
        await choose(pilot, 4)
        path = pilot.app.screen.query_one("#path", Input)
        for typed, told in (
            ("none.db", "がありません"),
            ("letter.txt", "台帳ではありません"),
            ("", "フォルダです"),
        ):
            path.value = str(tmp_path / typed)
            path.focus()
            await pilot.press("enter")
            await pilot.pause()
            assert told in "".join(lines(pilot).split())
        path.value = f" {tmp_path / 'kept'} "
        await pilot.click(Button)

    assert started(tmp_path, work) == tmp_path / "kept.db"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_start_is_japanese_and_left_without_a_trace(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async def work(pilot: Pilot[Path]) -> None:
        words = f"{tmp_path} review home sato keikaku yaml YAML demo Excel xlsx"
        assert troubles(lines(pilot).splitlines(), size[0], words) == []
        for place in range(5):
            pilot.app.screen.query_one(OptionList).highlighted = place
            await pilot.press("enter")
            await pilot.pause()
            assert troubles(lines(pilot).splitlines(), size[0], words) == []
            button = pilot.app.screen.query_one(Button).region
            assert button.bottom < size[1]
            await pilot.press("escape")
            await pilot.pause()
        await pilot.press("escape", "ctrl+c")
        assert "終わるときは Ctrl+Q" in lines(pilot)
        pilot.app.screen.query_one(OptionList).highlighted = 5
        await pilot.press("enter")

    assert started(tmp_path, work, size) is None
    assert list(tmp_path.iterdir()) == []


def table(path: Path) -> Path:
    """Write a small plan as a council has it in Excel."""
    rows: list[list[Any]] = [
        ["計画の名称", "第7期計画"],
        ["基本目標", "取組", "担当", "指標", "単位", "良い方向", "R7", "R8"],
        ["つながる", "集う", "社協", "参加者", "人", "高いほど良い", 10, 20],
    ]
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("計画")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_a_plan_is_begun_with_its_names_alone(tmp_path: Path) -> None:
    async def work(pilot: Pilot[Path]) -> None:
        await choose(pilot, 1)
        await pilot.press(*"第7期計画", "enter", *"見本市社協", "enter")
        pilot.app.screen.query_one("#years", Input).value = "計画"
        await pilot.click("#make")
        assert "計画期間「計画」は読めません" in lines(pilot)
        pilot.app.screen.query_one("#years", Input).value = "令和７年度〜R11"
        await pilot.press("escape")
        assert "もう一度 Esc" in lines(pilot)  # what is typed is not lost by a slip
        pilot.app.screen.query_one("#years", Input).focus()
        await pilot.press("enter", "down", "enter", "enter", "enter")

    made = started(tmp_path, work)
    with ReviewBook.open(made, "山田") as book:
        plan = book.plan
        assert (plan.title, plan.body) == ("第7期計画", "見本市社協")
        assert (plan.first_year, plan.last_year, plan.items) == (2025, 2029, {})
        assert plan.levels == ("基本目標", "基本計画", "実施計画", "具体的な取組")
        assert being_set_up(book)


def test_an_excel_table_is_looked_at_before_a_book_is_made(tmp_path: Path) -> None:
    path = table(tmp_path / "表.xlsx")
    (tmp_path / "csv.xlsx").write_text("取組,担当\n", encoding="utf-8")

    async def work(pilot: Pilot[Path]) -> None:
        await choose(pilot, 2)
        sheet = pilot.app.screen.query_one("#sheet", Input)
        sheet.value = str(tmp_path / "csv.xlsx")
        await pilot.press("enter")
        await pilot.pause()
        assert "Excel のブックではありません" in "".join(lines(pilot).split("\n"))
        sheet.value = f'"{path}"'  # as a terminal gives a file dragged into it
        sheet.focus()
        await pilot.press("enter")
        await pilot.pause()
        assert "1-1 集う（参加者）" in lines(pilot)
        assert "基本目標1件・取組1件、指標1件　R7〜R8" in lines(pilot)
        assert pilot.app.screen.query_one("#title", Input).value == "第7期計画"
        assert not list(tmp_path.glob("*.db"))
        await pilot.press("enter")  # the button has the focus; the name of the council is missing
        await pilot.pause()
        assert "団体が空欄です" in lines(pilot)
        await pilot.press(*"見本市社協")
        await pilot.click("#make")

    made = started(tmp_path, work)
    with ReviewBook.open(made, "山田") as book:
        assert book.cells(2026).get(CellKey("1-1a", 2026, Kind.TARGET)).reading.value == 20
        assert book.history()[0].reason == "台帳を作成（Excel の表）"


def test_the_empty_table_and_the_books_used_before(tmp_path: Path) -> None:
    kept = new_book(tmp_path / "kept.db")
    remember(kept, OPENED, "山田")

    async def work(pilot: Pilot[Path]) -> None:
        await choose(pilot, 2)
        pilot.app.screen.query_one("#sheet", Input).value = str(tmp_path / "ひな形")
        await pilot.click("#template")
        assert (tmp_path / "ひな形.xlsx").exists()
        await pilot.press("escape", "escape")
        pilot.app.screen.query_one(OptionList).highlighted = 4
        await pilot.press("enter")
        await pilot.pause()
        pilot.app.screen.query_one("#recent", OptionList).focus()
        await pilot.press("enter")

    assert started(tmp_path, work) == kept
