"""A room full of people on one book: they type into own and shared cells, and nothing may be lost.

Everybody types numbers that nobody else types, so that every number on disk tells whose it is.
"""

import asyncio
import fcntl
import json
import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from builders import indicator, node, plan
from served import PATIENCE, Shown

from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_book
from shakyo_review.services.upkeep import verify

YEAR = 2021
SHARED = 3
OWN = 2
ASKED = "相手の値　"
"""What the question about a conflict shows (ui/dialogs/conflict.py), before the other's value."""
T = TypeVar("T")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
F6, UP, DOWN, RIGHT, ESCAPE = "\x1b[17~", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b"


def room_book(path: Path, people: int) -> Path:
    """Make a book with cells for all and cells for each of the people, without earlier figures."""
    rows = [indicator(f"i{n}", unit="人") for n in range(SHARED + OWN * people)]
    make_book(path, plan(node("1", node("1-1", *rows))), "事務局")
    return path


@asynccontextmanager
async def terminal(
    path: Path, who: str
) -> AsyncIterator[tuple[Shown, Callable[[str], Awaitable[None]]]]:
    """Run the program in a terminal of its own; yields its screen and what types into it."""
    shown = Shown()
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", shown.height, shown.width, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", "SHAKYO_REVIEW_WIDE": "0", "ESCDELAY": "30"}
    process = subprocess.Popen(
        [sys.executable, "-m", "shakyo_review", "--book", str(path), f"--as={who}"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=env,
        start_new_session=True,
    )
    os.close(slave)
    loop = asyncio.get_running_loop()

    def read() -> None:
        try:
            data = os.read(master, 65536)
        except OSError:
            data = b""
        if data:
            shown.feed(data)
        else:
            loop.remove_reader(master)

    async def type_(text: str) -> None:
        os.write(master, text.encode())

    loop.add_reader(master, read)
    try:
        yield shown, type_
    finally:
        loop.remove_reader(master)
        process.send_signal(signal.SIGKILL)
        process.wait()
        os.close(master)


@dataclass
class Worker:
    """One person: what they type, and what has come of it."""

    name: str
    number: int
    shown: Shown
    type: Callable[[str], Awaitable[None]]
    path: Path
    stored: list[int] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)
    """Numbers the person was told somebody else had come before with, and let be."""
    conflicts: int = 0
    """How often the question stood on this screen."""
    lost: list[int] = field(default_factory=list)
    known: dict[int, list[int]] = field(default_factory=dict)
    """What the cell had held when the person began to type a number, or was last asked about it."""

    async def begin(self) -> None:
        """Go to 入力."""
        await self.shown.until("F6")
        await self.type(F6)
        await self.shown.until("実績 ＞", "実績 >")

    def next_value(self) -> int:
        """Return a number of this person's own."""
        count = len(self.stored) + len(self.given_up) + len(self.lost)
        return 10_000 * (self.number + 1) + count

    async def give(self, row: int, pause: Callable[[], Awaitable[object]] | None = None) -> None:
        """Type a number into a cell and see what comes of it; ``pause`` stands before Enter."""
        value = self.next_value()
        await self.type(UP * (SHARED + 3 * OWN) + DOWN * row)
        await self.type(str(value))
        await self.shown.until(str(value), str(value).translate(FULL_WIDTH))
        self.known[value] = numbers(self.path, f"i{row}")
        if pause is not None:
            await pause()
        await self.type("\r")
        answered = ""
        while True:
            match await self._outcome(value, f"i{row}", answered):
                case "stored":
                    self.stored.append(value)
                    return
                case "":
                    self.lost.append(value)
                    return
                case question:
                    answered = question
            self.known[value] = numbers(self.path, f"i{row}")
            self.conflicts += 1
            if self.conflicts % 2:
                await self.type(ESCAPE)
                await self._until(lambda: not self.question)
                self.given_up.append(value)
                return
            await self.type(RIGHT)
            await self.type("\r")

    @property
    def question(self) -> str:
        """Whose number the question on the screen is about; '' where there is none."""
        return next((line for line in self.shown.text.splitlines() if ASKED in line), "")

    async def _outcome(self, value: int, code: str, answered: str) -> str:
        """Return "stored", or what is asked (anew), or '' where nothing comes of it."""

        def seen() -> str:
            if value in numbers(self.path, code):
                return "stored"
            return self.question if self.question != answered else ""

        outcome = await self._until(seen)
        if outcome == "stored":
            await self._until(lambda: not self.question)
        return outcome

    async def _until(self, seen: Callable[[], T]) -> T:
        end = asyncio.get_running_loop().time() + PATIENCE
        while not (found := seen()) and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.01)
        return found


def numbers(path: Path, code: str) -> list[int]:
    """Return every number the history has for a cell, oldest first."""
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=30) as db:
        rows = db.execute(
            "SELECT new FROM history WHERE entity = 'cell' AND code = ? ORDER BY id", [code]
        ).fetchall()
    db.close()
    return [int(float(json.loads(new)["value"])) for (new,) in rows]


async def work_together(workers: list[Worker], rounds: int) -> None:
    """So many rounds: each a number of an own cell, then all one cell at the very same time."""
    barrier = asyncio.Barrier(len(workers))

    async def work(one: Worker) -> None:
        for turn in range(rounds):
            await one.give(SHARED + OWN * one.number + turn % OWN)
            await one.give(turn % SHARED, barrier.wait)

    await asyncio.gather(*(work(one) for one in workers))


async def work_freely(workers: list[Worker], seconds: float, seed: int = 1) -> None:
    """Everybody for so long: own and shared cells in turn, thinking a little before Enter."""
    end = asyncio.get_running_loop().time() + seconds

    async def work(one: Worker) -> None:
        chance = random.Random(seed + one.number)
        while asyncio.get_running_loop().time() < end:
            await one.give(SHARED + OWN * one.number + chance.randrange(OWN))
            await one.give(
                chance.randrange(SHARED), lambda: asyncio.sleep(chance.uniform(0.0, 0.6))
            )

    await asyncio.gather(*(work(one) for one in workers))


def troubles(path: Path, workers: list[Worker]) -> list[str]:
    """Return what went wrong: numbers lost or misplaced, cells that are not the last number confirmed."""
    found = []
    kept = {f"i{row}": numbers(path, f"i{row}") for row in range(SHARED + OWN * len(workers))}
    everything = [value for values in kept.values() for value in values]
    for one in workers:
        found += [f"{one.name}: {value} was neither stored nor refused" for value in one.lost]
        found += [
            f"{one.name}: {v} is not in the history" for v in one.stored if v not in everything
        ]
        found += [f"{one.name}: {v} is there all the same" for v in one.given_up if v in everything]
        mine = [v for v in everything if v // 10_000 == one.number + 1]
        if sorted(mine) != sorted(one.stored):
            found.append(f"{one.name}: {len(mine)} in the history, {len(one.stored)} confirmed")
        for before, value in (pair for values in kept.values() for pair in pairwise(values)):
            if value in mine and before not in one.known.get(value, [before]):
                found.append(f"{one.name}: {value} replaced {before} of somebody else unasked")
    with ReviewBook.open(path, "") as book:
        found += verify(book)
        for key, cell in book.cells(YEAR).cells.items():
            last = kept[key.indicator][-1:]
            if [int(cell.reading.value or 0)] != last:
                found.append(
                    f"{key.indicator}: {cell.reading.value} on disk, {last} confirmed last"
                )
    return found
