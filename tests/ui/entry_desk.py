"""The entry screen on a small book: typed at as a person would, looked at as a second person would."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from builders import indicator, node, plan
from textual.events import Key, Paste
from textual.pilot import Pilot

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import format_reading, parse_value
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.making import make_book
from shakyo_review.ui.app import ReviewApp
from shakyo_review.ui.screens.entry import EntryScreen

YEAR = 2024
BRANCHES = ({"code": "kita", "name": "北区"}, {"code": "minami", "name": "南区"})


def small(**fields: object) -> object:
    """Two goals, four indicators: a (回, target 500), b (％), c (sum of two branches), d (on the way)."""
    return plan(
        node(
            "1",
            node(
                "1-1",
                indicator("a", unit="回", targets={YEAR: 500}, actuals={YEAR - 1: 480}),
                indicator("b", unit="％", decimals=1, targets={YEAR: 90}),
                owners=["社協"],
            ),
        ),
        node(
            "2",
            node("2-1", indicator("c", unit="人", parts="sum", targets={YEAR: 100}), owners=["市"]),
            node(
                "2-2",
                indicator(
                    "d",
                    unit="団体",
                    target_kind="final_year",
                    baseline=(4, 2021),
                    final_target=(14, 2026),
                ),
            ),
        ),
        last_year=2026,
        branches=BRANCHES,
        **fields,
    )


class Desk:
    """The running screen, with short words for what a person does and sees."""

    def __init__(self, pilot: Pilot[None], path: Path) -> None:
        self.pilot = pilot
        self.app: ReviewApp = pilot.app  # type: ignore[assignment]
        self.path = path

    @property
    def screen(self) -> EntryScreen:
        found = next(s for s in self.app.screen_stack if isinstance(s, EntryScreen))
        assert isinstance(found, EntryScreen)
        return found

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def burst(self, text: str) -> None:
        """Send characters as a terminal does: all at once (\\r and \\t are Enter and Tab)."""
        names = {"\r": "enter", "\t": "tab", "\x1b": "escape"}
        for char in text:
            self.app.post_message(Key(names.get(char, char), char if char not in names else None))
        await self.pilot.pause()
        await self.pilot.pause()

    async def paste(self, text: str) -> None:
        self.app.post_message(Paste(text))
        await self.pilot.pause()
        await self.pilot.pause()

    @property
    def place(self) -> str:
        grid = self.screen.grid
        assert grid.place is not None
        return f"{grid.place.key} {grid.kind.value}"

    @property
    def info(self) -> str:
        return self.screen.bar.info

    @property
    def typed(self) -> str:
        return self.screen.bar.text

    def shown(self, code: str, column: str) -> str:
        """What a cell of the grid shows."""
        return self.screen.grid.get_cell(code if "|" in code else f"{code}||", column).plain.strip()

    def lines(self) -> list[str]:
        """The whole screen in front, as text."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    def stored(
        self, code: str, kind: Kind = Kind.ACTUAL, branch: str = "", year: int = YEAR
    ) -> str:
        """What another program finds in the book."""
        with ReviewBook.open(self.path, "別の人") as book:
            cell = book.cells(year).get(CellKey(code, year, kind, branch))
            return format_reading(cell.reading, book.plan.indicators[code].decimals, blank="空欄")

    def another_writes(
        self, code: str, typed: str, who: str = "鈴木", kind: Kind = Kind.ACTUAL
    ) -> None:
        with ReviewBook.open(self.path, who) as book:
            record(book, CellKey(code, YEAR, kind), parse_value(typed, decimals=4))


def at_desk(
    path: Path,
    work: Callable[[Desk], Awaitable[None]],
    *,
    book_plan: object = None,
    size: tuple[int, int] = (80, 24),
    year: int = YEAR,
) -> None:
    """Open the entry screen on a new book (or the one that is there) and work at it."""
    if not path.exists():
        make_book(path, book_plan or small(), "事務局")  # type: ignore[arg-type]

    async def run() -> None:
        with ReviewBook.open(path, "山田") as book:
            app = ReviewApp(book, year=year)
            async with app.run_test(size=size) as pilot:
                await pilot.press("f6")
                await pilot.pause()
                await work(Desk(pilot, path))

    asyncio.run(run())
