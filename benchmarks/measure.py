"""What the README says about speed, as ratios against something bare measured in the same run.

    python benchmarks/measure.py

Absolute times depend on the machine and are printed for orientation only.
"""

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from shakyo_review.domain.cell import CellKey, CellTable, Kind
from shakyo_review.domain.goals import score_year
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Node, Plan
from shakyo_review.domain.value import Reading, State
from shakyo_review.domain.year_state import YearState
from shakyo_review.exchange.long_csv import Entry
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.evaluating import evaluate
from shakyo_review.services.improving import confirm_value
from shakyo_review.services.making import make_book
from shakyo_review.services.publishing import publish_report
from shakyo_review.services.sealing import reopen, seal, start_evaluation
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import verify
from shakyo_review.storage.cells import read_cells

YEAR = 2024
ROUNDS = 15


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of a piece of work in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def run(*arguments: str) -> Callable[[], object]:
    """Return a whole process as a piece of work."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def plan_of(indicators: int) -> Plan:
    """Return a plan of ten goals with so many indicators."""
    per_goal = indicators // 10
    goals = [
        Node(
            code=f"{goal}",
            name=f"基本目標{goal}",
            children=tuple(
                Node(
                    code=f"{goal}-{n}",
                    name=f"取組{goal}-{n}",
                    indicators=(
                        Indicator(
                            code=f"{goal}-{n}a",
                            name="実施回数",
                            unit="回",
                            direction="higher",
                            measure="annual",
                        ),
                    ),
                )
                for n in range(per_goal)
            ),
        )
        for goal in range(10)
    ]
    return Plan(
        code="bench",
        title="測定用の計画",
        body="測定",
        first_year=YEAR - 1,
        last_year=YEAR,
        levels=("基本目標", "取組"),
        tree=tuple(goals),
    )


def filled_book(folder: Path, indicators: int) -> Path:
    """Make a book with targets and actuals of two years."""
    path = folder / "bench.db"
    plan = plan_of(indicators)
    make_book(path, plan, "測定")
    entries = [
        Entry(
            0,
            CellKey(code, year, kind),
            Reading(State.VALUE, Decimal(100 + i % 37 + (kind is Kind.TARGET) * 9)),
            None,
            "",
        )
        for year in (YEAR - 1, YEAR)
        for kind in (Kind.TARGET, Kind.ACTUAL)
        for i, code in enumerate(plan.indicators)
    ]
    with ReviewBook.open(path, "測定") as book:
        take_over(book, entries)
    return path


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = filled_book(folder, 300)
        rows = [
            (
                "command start (plans of the book are not read)",
                run("-m", "shakyo_review", "--version"),
                "import click",
                run("-c", "import click"),
            ),
            (
                "score --json of 300 indicators, whole process",
                run("-m", "shakyo_review", "--book", str(path), "score", "--year", "R6", "--json"),
                "import pydantic, sqlite_utils, click",
                run("-c", "import pydantic, sqlite_utils, click"),
            ),
        ]
        with ReviewBook.open(path, "測定") as book:
            counter = iter(range(10**6))

            def save() -> None:
                record(
                    book,
                    CellKey("0-0a", YEAR, Kind.ACTUAL),
                    Reading(State.VALUE, Decimal(1000 + next(counter))),
                )

            bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
            bare.execute("PRAGMA synchronous = EXTRA")
            bare.execute("CREATE TABLE t (a INTEGER, b TEXT)")

            def bare_save() -> None:
                bare.execute("BEGIN IMMEDIATE")
                bare.execute("INSERT INTO t VALUES (?, ?)", (next(counter), "x"))
                bare.execute("COMMIT")

            table = CellTable.of(read_cells(book.file.db, book.editions, [YEAR]))
            rows += [
                (
                    "confirm a value: durable, history row, odd-value check, rescored",
                    save,
                    "one durable INSERT",
                    bare_save,
                ),
                (
                    "score 300 indicators and their goals",
                    lambda: score_year(book.plan, table, YEAR).overall,
                    "read their rows as cells",
                    lambda: list(read_cells(book.file.db, book.editions, [YEAR])),
                ),
                (
                    "HTML report of 300 indicators, two years",
                    lambda: publish_report(book, YEAR, ["html"], folder / "out"),
                    "import jinja2 and pydantic in a new process",
                    run("-c", "import jinja2, pydantic"),
                ),
            ]
            letters = iter("ABCD" * 10**5)

            def seal_and_reopen() -> None:
                if book.state(YEAR) is YearState.ENTRY:
                    start_evaluation(book, YEAR)
                    for one in [one for one in book.findings(YEAR) if one.open]:
                        confirm_value(book, one.indicator, YEAR, "測定", one.kind.value)
                seal(book, YEAR)
                reopen(book, YEAR, "測定")

            rows += [
                (
                    "give a letter: durable, history row, all stages of the item",
                    lambda: evaluate(book, "0-0", YEAR, "self", next(letters), reason="測定"),
                    "one durable INSERT",
                    bare_save,
                ),
                (
                    "seal a year of 300 indicators and open it again",
                    seal_and_reopen,
                    "score 300 indicators and their goals",
                    lambda: score_year(book.plan, table, YEAR).overall,
                ),
                (
                    "verify the book",
                    lambda: verify(book),
                    "score 300 indicators and their goals",
                    lambda: score_year(book.plan, table, YEAR).overall,
                ),
            ]
            for title, work, against, bare_work in rows:
                work(), bare_work()
                slow = "report" in title
                ours, theirs = (
                    median_ms(work, 3 if slow else ROUNDS),
                    median_ms(bare_work, 3 if slow else ROUNDS),
                )
                print(f"{ours / theirs:6.2f}x  {title}: {ours:.1f} ms; {against}: {theirs:.1f} ms")
            bare.close()


if __name__ == "__main__":
    main()
