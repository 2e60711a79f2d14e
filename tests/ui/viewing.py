"""The screens that show: opened on a book, moved by keys and mouse, read as a person reads them."""

import asyncio
import re
import unicodedata
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from builders import indicator, node, plan
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Static

from shakyo_review.domain.plan import Plan
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_book, make_demo
from shakyo_review.ui import marks
from shakyo_review.ui.app import ReviewApp
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.widgets.fixed_table import FixedTable
from shakyo_review.ui.widgets.prose import Para, Prose

YEAR = 2024
DEMOS = ("osaka", "okegawa", "zushi", "isesaki", "asahi")
_KEY_WORDS = {
    "Enter",
    "Esc",
    "Ctrl",
    "PgUp",
    "PgDn",
    "Tab",
    "Shift",
    "Delete",
    "HTML",
    "PDF",
    "Word",
    "Excel",
    "CSV",
    "Markdown",
}


def small(**fields: Any) -> Plan:
    """Two goals: a fell from A to C, b is blank, c rose; 2-2 repeats 1-1, 2-3 has no indicator."""
    return plan(
        node(
            "1",
            node(
                "1-1",
                indicator(
                    "a",
                    unit="回",
                    targets={YEAR: 100, YEAR - 1: 100},
                    actuals={YEAR: 60, YEAR - 1: 110},
                ),
                indicator("b", unit="％", decimals=1, targets={YEAR: 90}),
                owners=["社協", "市"],
            ),
            name="つながる",
        ),
        node(
            "2",
            node(
                "2-1",
                indicator(
                    "c",
                    unit="人",
                    targets={YEAR: 50, YEAR - 1: 50},
                    actuals={YEAR: 55, YEAR - 1: 45},
                ),
                owners=["市"],
            ),
            node("2-2", repeats="1-1"),
            node("2-3"),
            name="支える",
        ),
        title="見本計画",
        **fields,
    )


@cache
def demo(name: str) -> Path:
    """Return the sample book of a bundled plan, made once for all tests that only look."""
    path = Path(mkdtemp(prefix="shakyo-review-")) / f"{name}.db"
    make_demo(path, name, "事務局")
    return path


class View:
    """The running screens, with short words for what a person does and sees."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.app: ReviewApp = pilot.app  # type: ignore[assignment]

    @property
    def book(self) -> ReviewBook:
        return self.app.book

    @property
    def screen(self) -> Any:
        return self.app.screen

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def go(self, mode: str) -> None:
        self.app.switch_mode(mode)
        await self.pilot.pause()
        assert isinstance(self.screen, ReviewScreen)

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        await self.pilot.pause()

    @property
    def table(self) -> FixedTable:
        return self.screen.query_one(FixedTable)

    def row(self, code: str) -> list[str]:
        """The cells of a line of the table, without the blanks around them."""
        return [cell.plain.strip() for cell in self.table.get_row(code)]

    def said(self, selector: str) -> str:
        """What a widget of paragraphs says, before it is broken into lines."""
        content = self.screen.query_one(selector, Static).content
        assert isinstance(content, Prose)
        return "\n".join(
            f"{p.head} {p.text}".strip() if isinstance(p, Para) else p.plain
            for p in content.paragraphs
        )

    @property
    def foot(self) -> str:
        """The last lines of the screen: hints, or what has just been told."""
        return "".join(line.strip() for line in self.lines()[-3:])

    def lines(self) -> list[str]:
        """The screen in front as text."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]


def view(
    path: Path,
    work: Callable[[View], Awaitable[None]],
    *,
    made_of: Plan | None = None,
    size: tuple[int, int] = (80, 24),
    year: int | None = None,
    report_folder: Path | None = None,
    who: str = "山田",
) -> None:
    """Open the screens on a new book (or the one that is there) and look at them."""
    if not path.exists():
        make_book(path, made_of or small(), "事務局")

    async def run() -> None:
        with ReviewBook.open(path, who) as book:
            app = ReviewApp(book, year=year, report_folder=report_folder or path.parent)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await work(View(pilot))

    asyncio.run(run())


def troubles(lines: list[str], width: int, own_words: str = "") -> list[str]:
    """What must be on no screen: foreign words, box lines, emoji, lines that do not fit the width.

    ``own_words`` is text that may stand anywhere, such as names of the plan.
    """
    found = []
    for line in lines:
        if cell_len(line) > width:
            found.append(f"too wide: {line}")
        found += [
            f"English: {word} in {line.strip()}"
            for word in re.findall(r"[A-Za-z]{3,}", line)
            if word not in _KEY_WORDS and word not in own_words
        ]
        for char in line:
            drawn = "\u2500" <= char <= "\u2580" or ord(char) > 0x1F000  # small bars may stand
            ambiguous = marks.is_wide() and unicodedata.east_asian_width(char) == "A"
            if drawn or ambiguous:
                found.append(f"{char!r} in {line.strip()}")
    return found
