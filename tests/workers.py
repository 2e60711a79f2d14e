"""What the other process does in tests of killing, locking and two people at once.

Started by ``multiprocessing`` from a server that has the services loaded, so that a process costs
milliseconds. Everything a worker has been told is stored, it says on its pipe.
"""

import multiprocessing
import os
import sqlite3
from decimal import Decimal
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from unittest import mock

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ReviewError
from shakyo_review.exchange.rows import Entry
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import CellConflict, current_cell, record
from shakyo_review.services.evaluating import evaluate
from shakyo_review.services.sealing import correct, reopen, seal
from shakyo_review.services.taking import take_over
from shakyo_review.storage.database import connect, shape

_context = multiprocessing.get_context("forkserver")


@cache
def _serve() -> None:
    """Start the server with the services loaded: it looks for modules in PYTHONPATH only."""
    here = Path(__file__).resolve().parent
    path = [str(here), str(here.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    with mock.patch.dict(os.environ, {"PYTHONPATH": os.pathsep.join(path)}):
        os.environ.pop("SHAKYO_REVIEW_BUSY_SECONDS", None)  # workers wait as long as anybody
        _context.set_forkserver_preload(["workers"])
        forkserver.ensure_running()


def start(work: Any, *arguments: object) -> tuple[BaseProcess, Connection]:
    """Start a worker; what it says arrives on the connection."""
    _serve()
    ours, theirs = _context.Pipe(duplex=False)
    process = _context.Process(target=work, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def heard(pipe: Connection) -> list[Any]:
    """Return all that a worker has said until it ended."""
    said = []
    try:
        while True:
            said.append(pipe.recv())
    except (EOFError, OSError):
        return said


def number(value: int) -> Reading:
    """Return a whole number as a reading."""
    return Reading(State.VALUE, Decimal(value))


def record_for_ever(pipe: Connection, path: Path, first: int) -> None:
    """Record one number after the other into one cell, saying each once it is stored."""
    with ReviewBook.open(path, "記録係") as book:
        pipe.send("ready")
        value = first
        while True:
            record(book, CellKey("a", 2024, Kind.ACTUAL), number(value))
            pipe.send(value)
            value += 1


def import_for_ever(pipe: Connection, path: Path, first: int) -> None:
    """Import a table again and again: every cell of it holds the same number."""
    keys = [
        CellKey("a", year, Kind.ACTUAL, branch, period)
        for year in range(2014, 2027)
        for branch in ("kita", "minami")
        for period in ("04", "05", "06", "07", "08", "09", "10", "11", "12", "01", "02", "03")
    ]
    with ReviewBook.open(path, "取込係") as book:
        book.file.db.execute(
            "PRAGMA cache_size = 10"
        )  # pages are written before the end: the worst moment
        pipe.send("ready")
        value = first
        while True:
            take_over(book, [Entry(2, key, number(value)) for key in keys])
            pipe.send(value)
            value += 1


def evaluate_for_ever(pipe: Connection, path: Path, first: int) -> None:
    """Give one letter after the other for one item, saying each number once it is stored."""
    with ReviewBook.open(path, "評価係") as book:
        pipe.send("ready")
        turn = first
        while True:
            evaluate(book, "1-1", 2024, "self", "ABCD"[turn % 4], comment=str(turn), reason="協議")
            pipe.send(turn)
            turn += 1


def seal_for_ever(pipe: Connection, path: Path, first: int) -> None:
    """Seal, correct and reopen a year again and again, saying each step once it is stored."""
    key, value = CellKey("a", 2024, Kind.ACTUAL), first
    with ReviewBook.open(path, "確定係") as book:
        pipe.send("ready")
        while True:
            if book.state(2024).closed:
                wanted = number(470 + value % 20)
                correct(book, key, wanted, "転記の誤り")
                pipe.send(("corrected", int(wanted.value or 0)))
                reopen(book, 2024, "追加の報告")
                pipe.send(("open", None))
                value += 1
            seal(book, 2024)
            pipe.send(("sealed", None))


def evaluate_and_seal(pipe: Connection, path: Path, who: str, count: int) -> None:
    """Give letters, seal and open again, all the while somebody else does; says the letters stored."""
    with ReviewBook.open(path, who) as book:
        pipe.send("ready")
        for turn in range(count):
            comment = f"{who}{turn}"
            try:
                evaluate(
                    book, "1-1", 2024, "self", "ABCD"[turn % 4], comment=comment, reason="協議"
                )
                pipe.send(comment)
                if turn % 5 == 4:
                    seal(book, 2024)
                    reopen(book, 2024, "追加の報告")
            except ReviewError as problem:
                if "確定" not in str(problem) and "状態" not in str(problem):
                    pipe.send(repr(problem))


def record_own_cells(pipe: Connection, path: Path, branch: str, count: int) -> None:
    """Record into the cells of one branch, all the while somebody else does for another."""
    periods = ("04", "05", "06", "07", "08", "09", "10", "11", "12", "01", "02", "03")
    with ReviewBook.open(path, branch) as book:
        pipe.send("ready")
        try:
            for turn in range(count):
                key = CellKey("a", 2025, Kind.ACTUAL, branch, periods[turn % 12])
                record(book, key, number(turn), expected_version=current_cell(book, key).version)
        except Exception as error:
            pipe.send(repr(error))


def add_one(pipe: Connection, path: Path, who: str, count: int) -> None:
    """Add 1 to one cell so many times: read, add, record for the version read; again when refused."""
    key = CellKey("c", 2025, Kind.ACTUAL)
    refused = 0
    with ReviewBook.open(path, who) as book:
        pipe.send("ready")
        done = 0
        while done < count:
            cell = book.cells(2025).get(key)
            now = int(cell.reading.value or 0)
            try:
                record(book, key, number(now + 1), expected_version=cell.version)
                done += 1
            except CellConflict:
                refused += 1
            except Exception as error:
                pipe.send(repr(error))
                return
    pipe.send(refused)


def hold_lock(pipe: Connection, path: Path) -> None:
    """Hold the book as another program does, until the process is ended."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
    pipe.send("locked")
    multiprocessing.Event().wait()


def die_in_the_middle(pipe: Connection, path: Path) -> None:
    """Write half a change to disk, with its journal, and wait to be killed."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA cache_size = 2")
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE cell SET note = hex(randomblob(3000))")
    db.execute("UPDATE edition SET plan = hex(randomblob(3000))")
    db.execute("UPDATE history SET reason = hex(randomblob(3000))")
    pipe.send("half")
    multiprocessing.Event().wait()


def die_while_converting(pipe: Connection, path: Path) -> None:
    """Bring an older book up to date on disk, with its journal, and wait to be killed before the end."""
    db = connect(path, read_only=False)
    db.execute("PRAGMA cache_size = 2")
    db.execute("BEGIN IMMEDIATE")
    shape(db)
    pipe.send("half")
    multiprocessing.Event().wait()
