"""Two browser windows and a terminal on one book, all typing for a minute: is anything lost?

    python benchmarks/room.py [SECONDS]

Needs Chromium. Prints what everybody has typed and what has come of it; ends with 1 on any loss.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from browser import Page, chromium
from room_work import (
    ESCAPE,
    F6,
    FULL_WIDTH,
    RIGHT,
    Worker,
    room_book,
    terminal,
    troubles,
    work_freely,
)
from served import Shown, served

KEYS = {
    F6: ("F6", 117, ""),
    ESCAPE: ("Escape", 27, ""),
    RIGHT: ("ArrowRight", 39, ""),
    "\r": ("Enter", 13, "\r"),
}


def typist(page: Page):
    """Return what types into a page as hands do."""

    async def type_(text: str) -> None:
        if text in KEYS:
            await page.key(*KEYS[text])
        elif text.isdecimal():
            full = text.translate(FULL_WIDTH)
            await page.compose([full[:2], full], full)
        else:
            for move in text.split("\x1b[")[1:]:
                await page.key(*{"A": ("ArrowUp", 38), "B": ("ArrowDown", 40)}[move])

    return type_


async def room(path: Path, seconds: float) -> list[Worker]:
    """Let three people work for so long."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(served(path))
        browser = await stack.enter_async_context(chromium())
        shown, type_ = await stack.enter_async_context(terminal(path, "鈴木"))
        workers = [Worker("鈴木", 2, shown, type_, path)]
        for number, name in enumerate(("山田", "佐藤")):
            page = await browser.page()
            screen = browser.seen[page.session] = Shown(200, 60)
            await page.enter(server.address, name)
            workers.append(Worker(name, number, screen, typist(page), path))
        await asyncio.gather(*(one.begin() for one in workers))
        await work_freely(workers, seconds)
        return workers


def main() -> None:
    """Run and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with tempfile.TemporaryDirectory() as folder:
        path = room_book(Path(folder) / "room.db", people=3)
        began = time.monotonic()
        workers = asyncio.run(room(path, seconds))
        took = time.monotonic() - began
        found = troubles(path, workers)
    print(f"{'who':6}{'typed':>8}{'stored':>8}{'let be':>8}{'conflicts shown':>17}{'lost':>6}")
    for one in workers:
        typed = len(one.stored) + len(one.given_up) + len(one.lost)
        print(
            f"{one.name:4}{typed:8}{len(one.stored):8}{len(one.given_up):8}{one.conflicts:17}{len(one.lost):6}"
        )
    print(f"{took:.0f} s with starting; {sum(len(one.stored) for one in workers)} numbers on disk")
    for trouble in found:
        print(f"× {trouble}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
