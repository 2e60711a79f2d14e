"""The first start: a book is made, opened or tried; what goes wrong is told and can be tried again."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from books import SMALL_PLAN, new_book
from textual.pilot import Pilot
from textual.widgets import Button, Input, OptionList
from viewing import troubles

from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import bundled_titles
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
        await choose(pilot, 1)
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
        await choose(pilot, 1)
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
        await choose(pilot, 1)
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
        await choose(pilot, 2)
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
        words = f"{tmp_path} review home sato keikaku yaml YAML demo"
        assert troubles(lines(pilot).splitlines(), size[0], words) == []
        for place in range(3):
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
        pilot.app.screen.query_one(OptionList).highlighted = 3
        await pilot.press("enter")

    assert started(tmp_path, work, size) is None
    assert list(tmp_path.iterdir()) == []
