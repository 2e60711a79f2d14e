"""A terminal to measure in: a pty whose every chunk of output is kept with the time it came."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pexpect
import pyte

COLUMNS, LINES = 80, 24
PATIENCE = 60
QUIET = 0.15
"""Seconds without output after which a frame is taken to be complete."""
_ANSWERS = {b"\x1b[6n": b"\x1b[1;2R", b"\x1b[?2026$p": b"\x1b[?2026;2$y"}
"""What a terminal is asked and answers: where ○ ended (one column), and that it can draw frames whole."""


class Terminal:
    """A program in a terminal of 80x24. Times are milliseconds."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self.stream = pyte.ByteStream(self.screen)
        self._since = time.perf_counter()
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", *arguments],
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("SHAKYO_REVIEW")},
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LANG": "C.UTF-8",
                "SHAKYO_REVIEW_SETTINGS": str(folder / "settings.toml"),
            },
            cwd=str(folder),
            dimensions=(LINES, COLUMNS),
            encoding=None,
        )
        self.child.delaybeforesend = None

    def text(self) -> str:
        """Return what stands on the screen."""
        lines = map(self.screen.buffer.__getitem__, range(LINES))
        return "\n".join("".join(line[x].data for x in range(COLUMNS)) for line in lines)

    def picture(self) -> tuple[object, ...]:
        """Return everything that is drawn: characters and their colours."""
        lines = map(self.screen.buffer.__getitem__, range(LINES))
        return tuple(line[x] for line in lines for x in range(COLUMNS))

    def key(self, keys: str) -> None:
        """Send keys; the time of what follows counts from here."""
        self._since = time.perf_counter()
        self.child.send(keys.encode())

    def until(self, seen: Callable[[], bool]) -> tuple[float, float]:
        """Wait until something is on the screen and the frame is complete.

        Returns the times when it was first there and when the last output came.
        """
        first: float | None = None
        last = end = time.perf_counter()
        end += PATIENCE
        kept: list[tuple[float, bytes]] = []
        while True:
            with suppress(pexpect.TIMEOUT):
                chunk = self.child.read_nonblocking(1 << 16, timeout=QUIET)
                last = time.perf_counter()
                for asked, answer in _ANSWERS.items():
                    if asked in chunk:
                        self.child.send(answer)
                kept.append((last, chunk))
                continue
            # Nothing more is coming: only now is what came looked at, so that looking costs no time.
            for at, chunk in kept:
                self.stream.feed(chunk)
                if first is None and seen():
                    first = at
            kept.clear()
            if first is not None:
                return (first - self._since) * 1000, (last - self._since) * 1000
            if time.perf_counter() > end:
                raise TimeoutError(f"not seen on\n{self.text()}")

    def leave(self, key: str) -> float:
        """Press the key that ends the program; return the time until it has ended."""
        self.key(key)
        self.child.expect_exact([pexpect.EOF], timeout=PATIENCE)
        return (time.perf_counter() - self._since) * 1000

    def close(self) -> None:
        """End the program."""
        self.child.close(force=True)
