"""What the README says about the screens, as ratios against a bare Textual table on a real pty.

    python benchmarks/screens.py [rows …]

The bare program is ``bare_table.py``: a DataTable with the rows and columns of our sheet. Both are
started as ``python -m …`` in an 80x24 terminal and measured in turn; medians are compared. A
screen's time ends with the output that completes it, read at the terminal's side of the pty.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from measure import YEAR, filled_book
from terminal import Terminal

from shakyo_review.services.book import ReviewBook

HEAD = ("コード", "指標", "単位", "前年度", "目標", "実績", "率", "判定")
STARTS, KEYS, VALUES = 15, 30, 12
DOWN, PAGE_DOWN, ENTER = "\x1b[B", "\x1b[6~", "\r"


class Sides:
    """The two programs on the same rows."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.book = filled_book(folder, rows)
        self.rows = folder / "rows.json"
        with ReviewBook.open(self.book, "測定") as book:
            self.scores = list(book.score(YEAR).indicators.values())
            before = book.score(YEAR - 1).indicators
        lines = [
            (
                *(one.indicator.code, one.indicator.name, one.indicator.unit),
                str(before[one.indicator.code].actual.reading.value),
                *(str(one.target.value), str(one.actual.reading.value)),
                *(one.display, one.rating or ""),
            )
            for one in self.scores
        ]
        self.rows.write_text(json.dumps([HEAD, *lines]), encoding="utf-8")
        self.first = self.scores[0].indicator.code

    def ours(self, screen: str = "入力") -> Terminal:
        """Start our program."""
        options = ("--book", str(self.book), "--as", "測定", "--screen", screen)
        return Terminal("shakyo_review", *options, folder=self.book.parent)

    def bare(self) -> Terminal:
        """Start the bare program."""
        return Terminal("bare_table", str(self.rows), folder=Path(__file__).parent)


def start(terminal: Terminal, text: str) -> tuple[float, float]:
    """Return the times until a text stood on the screen, and until nothing more was drawn."""
    return terminal.until(lambda: text in terminal.text())


def pressed(terminal: Terminal, key: str) -> tuple[float, float]:
    """Return the times from a key to the frame it makes, and until nothing more is drawn."""
    before = terminal.picture()
    terminal.key(key)
    return terminal.until(lambda: terminal.picture() != before)


def confirmed(sides: Sides, terminal: Terminal, row: int) -> float:
    """Type a value into a row; return the time from Enter to the changed rate on the screen."""
    target = sides.scores[row].target.value
    assert target is not None
    value = int(target) - 8 if row % 2 else int(target) - 7
    rate = f"{value * 100 / float(target):.1f}%"
    terminal.key(str(value))
    terminal.until(lambda: f"{value}回" in terminal.text())
    terminal.key(ENTER)
    return terminal.until(lambda: _row_shows(terminal, sides, row, rate))[0]


def _row_shows(terminal: Terminal, sides: Sides, row: int, rate: str) -> bool:
    code = sides.scores[row].indicator.code
    return any(line.startswith(code) and rate in line for line in terminal.text().splitlines())


def changed(terminal: Terminal, number: int) -> float:
    """Change the cell under the cursor of the bare table; return the time until it is seen."""
    terminal.key(ENTER)
    took = terminal.until(lambda: str(number) in terminal.text())[0]
    pressed(terminal, DOWN)
    return took


def told(title: str, ours: list[float], bare: list[float], *, beside: bool = False) -> None:
    """Print one line: the ratio of the medians, or (``beside``) their difference."""
    own, theirs = statistics.median(ours), statistics.median(bare)
    result = f"{own - theirs:+6.0f} ms" if beside else f"{own / theirs:8.2f}x"
    print(f"{result}  {title}: {own:.0f} ms; bare table: {theirs:.0f} ms", flush=True)


def measure(folder: Path, rows: int, starts: int) -> None:
    """Measure both programs with so many rows."""
    sides = Sides(folder, rows)
    times: dict[str, tuple[list[float], list[float]]] = {}

    def keep(what: str, ours: float, bare: float) -> None:
        both = times.setdefault(what, ([], []))
        both[0].append(ours)
        both[1].append(bare)

    home: list[float] = []
    for turn in range(starts):
        ours, bare = sides.ours(), None
        first, settled = start(ours, sides.first)
        if turn < starts - 1:
            ours.close()
        bare = sides.bare()
        bare_first, bare_settled = start(bare, sides.first)
        keep("start until the first rows are painted", first, bare_first)
        keep("start until nothing more is drawn", settled, bare_settled)
        if turn < starts - 1:
            bare.close()
        opened = sides.ours("はじめ")
        home.append(start(opened, f"{rows}件中")[0])
        opened.close()
    for what, key, repeat in (("arrow down", DOWN, KEYS), ("page down", PAGE_DOWN, KEYS // 3)):
        for _ in range(repeat):
            own, theirs = pressed(ours, key), pressed(bare, key)
            keep(f"{what} until the cursor has moved", own[0], theirs[0])
            keep(f"{what} until nothing more is drawn", own[1], theirs[1])
    ours.key("\x1b[1;5H")
    pressed(bare, "\x1b[1;5H")
    ours.until(lambda: sides.first in ours.text())
    for turn in range(VALUES):
        keep("confirm", confirmed(sides, ours, turn), changed(bare, 7000 + turn))
    ours.close()
    bare.close()
    print(f"{rows} rows", flush=True)
    for what, (own, theirs) in times.items():
        told(what, own, theirs, beside=what == "confirm")
    told("start of はじめ", home, times["start until the first rows are painted"][1])


def main() -> None:
    """Measure and print."""
    for rows in [int(number) for number in sys.argv[1:]] or [300, 5000]:
        with tempfile.TemporaryDirectory() as name:
            measure(Path(name), rows, STARTS if rows <= 1000 else STARTS // 3)


if __name__ == "__main__":
    main()
