"""What the README says about the screens, as ratios against a bare Textual table on a real pty.

    python benchmarks/screens.py [rows …]

The bare program is ``bare_table.py``: a DataTable with the rows and columns of our sheet. Both are
started as ``python -m …`` in an 80x24 terminal and measured in turn; medians are compared. A
screen's time ends with the output that completes it, read at the terminal's side of the pty.

"start again" is the ordinary start, on a book nobody has changed since it was left: what is
painted first is the cover kept from then (``shakyo_review/ui/cover.py``), while the program
loads behind it. "first start" has no cover, as after every change by somebody else. How long it
takes until the program obeys is told apart: a key typed at once, until its effect is seen.

An arrow key is told apart where the table stands still and where it scrolls: a scrolled table is
painted anew, and ours, with fewer rows above its lines of explanation, would scroll earlier.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from measure import YEAR, filled_book
from terminal import Terminal

from shakyo_review.services.book import ReviewBook

HEAD = ("コード", "指標", "単位", "前年度", "目標", "実績", "率", "判定")
STARTS, PAIRS, STILL, SCREENFUL, SCROLLED, PAGES, VALUES = 15, 6, 12, 24, 12, 4, 12
DOWN, PAGE_DOWN, ENTER, QUIT = "\x1b[B", "\x1b[6~", "\r", "\x11"


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

    def uncover(self) -> None:
        """Forget what was kept for the next start."""
        for cover in self.book.parent.glob("cover-*"):
            cover.unlink()


def start(terminal: Terminal, text: str) -> tuple[float, float]:
    """Return the times until a text stood on the screen, and until nothing more was drawn."""
    return terminal.until(lambda: text in terminal.text())


def started(terminal: Terminal, text: str) -> tuple[float, float]:
    """Return the times of ``start`` and end the program."""
    times = start(terminal, text)
    terminal.close()
    return times


def typed_at_once(sides: Sides) -> tuple[float, float]:
    """Return for both programs the time from the start to the effect of an arrow typed at once."""
    second = sides.scores[1].indicator.code
    ours = sides.ours()
    ours.child.send(DOWN.encode())
    own = ours.until(lambda: f" {second} " in ours.text())[0]
    ours.close()
    bare = sides.bare()
    bare.child.send(DOWN.encode())
    theirs = bare.until(lambda: _marked(bare, 2))[0]
    bare.close()
    return own, theirs


def _marked(terminal: Terminal, line: int) -> bool:
    """Whether the cursor of the bare table stands in a line: its first cell has a ground of its own."""
    return terminal.screen.buffer[line][0].bg != terminal.screen.buffer[line + 2][0].bg


def pressed(terminal: Terminal, key: str) -> tuple[float, float]:
    """Return the times from a key to the frame it makes, and until nothing more is drawn."""
    before = terminal.picture()
    time.sleep(random.uniform(0, 1 / 30))  # else every key would meet the frame clock at one beat
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


def both_started(sides: Sides) -> tuple[Terminal, Terminal]:
    """Return both programs, ready for keys."""
    sides.uncover()
    ours, bare = sides.ours(), sides.bare()
    start(ours, sides.first)
    start(bare, sides.first)
    return ours, bare


def measure(folder: Path, rows: int, starts: int) -> None:
    """Measure both programs with so many rows."""
    sides = Sides(folder, rows)
    times: dict[str, tuple[list[float], list[float]]] = {}

    def keep(what: str, ours: float, bare: float) -> None:
        both = times.setdefault(what, ([], []))
        both[0].append(ours)
        both[1].append(bare)

    home, leaving = [], []
    for _ in range(starts):
        sides.uncover()
        home.append(started(sides.ours("はじめ"), f"{rows}件中")[0])
        ours = sides.ours()
        first = start(ours, sides.first)
        leaving.append(ours.leave(QUIT))
        again, theirs = started(sides.ours(), sides.first), started(sides.bare(), sides.first)
        keep("start again until the first rows are painted", again[0], theirs[0])
        keep("start again until a key typed at once is obeyed", *typed_at_once(sides))
        keep("first start until the first rows are painted", first[0], theirs[0])
        keep("first start until nothing more is drawn", first[1], theirs[1])
    for _ in range(PAIRS):  # a process keeps its beat: several of them
        ours, bare = both_started(sides)
        for what, key, passed, repeat in (
            ("arrow down", DOWN, 0, STILL),
            ("arrow down at the edge, where the table scrolls,", DOWN, SCREENFUL - STILL, SCROLLED),
            ("page down", PAGE_DOWN, 0, PAGES),
        ):
            for _ in range(passed):  # our table shows fewer rows: until both stand at their edge
                pressed(ours, key), pressed(bare, key)
            for _ in range(repeat):
                own, theirs = pressed(ours, key), pressed(bare, key)
                keep(f"{what} until the cursor has moved", own[0], theirs[0])
                keep(f"{what} until nothing more is drawn", own[1], theirs[1])
        ours.close()
        bare.close()
    ours, bare = both_started(sides)
    for turn in range(VALUES):
        keep("confirm", confirmed(sides, ours, turn), changed(bare, 7000 + turn))
    ours.close()
    bare.close()
    print(f"{rows} rows", flush=True)
    for what, (own, theirs) in times.items():
        told(what, own, theirs, beside=what == "confirm")
    told("first start of はじめ", home, times["first start until the first rows are painted"][1])
    print(
        f"{statistics.median(leaving):8.0f} ms  from Ctrl+Q until the program has ended, its cover kept"
    )


def main() -> None:
    """Measure and print."""
    for rows in [int(number) for number in sys.argv[1:]] or [300, 5000]:
        with tempfile.TemporaryDirectory() as name:
            measure(Path(name), rows, STARTS if rows <= 1000 else STARTS // 3)


if __name__ == "__main__":
    main()
