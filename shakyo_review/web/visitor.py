"""One terminal in a browser: the process behind it, from its first frame to its end."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from shakyo_review.services.settings import SERVED

WIDTHS, HEIGHTS = (20, 500), (10, 200)
STOP_SECONDS = 3.0
"""How long a process may take to end by itself; what was confirmed is on disk at any moment."""
_NOT_INHERITED = ("SHAKYO_REVIEW_WIDE", "NO_COLOR")


def within(number: object, limits: tuple[int, int]) -> int:
    """Return a number of columns or lines as a browser tells it, within limits."""
    least, most = limits
    return min(max(number, least), most) if isinstance(number, int) else least


class Visitor(AppService):
    """A process of the screens under one name. The book and the name are arguments, never a shell's text."""

    def __init__(
        self,
        book: Path,
        name: str,
        report_folder: Path | None,
        *,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        downloads: DownloadManager,
        on_end: Callable[[bool], Awaitable[None]],
    ) -> None:
        super().__init__(
            "",
            write_bytes=write_bytes,
            write_str=write_str,
            close=self._nothing,  # the socket is closed when the process has ended: see ``run``
            download_manager=downloads,
        )
        self.book = book
        self.name = name
        self.report_folder = report_folder
        self.gone = False
        """Whether the browser has gone; what the process still says is thrown away."""
        self.finished = False
        """Whether the person has ended it (Ctrl+Q)."""
        self._on_end = on_end

    @staticmethod
    async def _nothing() -> None:
        return

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        for name in list(environment):
            if name in _NOT_INHERITED or name.startswith("TEXTUAL"):
                del environment[name]
        environment["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
        environment[SERVED] = "1"
        environment["TEXTUAL_DRIVER"] = "shakyo_review.ui.served_driver:ServedDriver"
        environment["TEXTUAL_ANIMATIONS"] = "none"
        environment.pop("SHAKYO_REVIEW_REPORTS", None)
        if self.report_folder is not None:
            environment["SHAKYO_REVIEW_REPORTS"] = os.fspath(self.report_folder)
        return environment

    async def _open_app_process(
        self, width: int = 80, height: int = 24
    ) -> asyncio.subprocess.Process:
        arguments = [f"--book={self.book}", f"--as={self.name}"]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", "shakyo_review", *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # What Python says of a defect is for those who look for it.
            stderr=None if os.environ.get("SHAKYO_REVIEW_DEBUG") else asyncio.subprocess.DEVNULL,
            env=self._build_environment(width, height),
            start_new_session=True,  # Ctrl+C in the server's terminal is the server's to act upon
        )
        self._stdin = self._process.stdin
        return self._process

    async def run(self) -> None:
        """Hand on what the process says until it ends, then tell how it did."""
        process = self._process
        if process is None or process.stdout is None:
            return
        try:
            await self._hand_on(process.stdout)
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            if not self.gone:
                self.finished = process.returncode == 0
                with suppress(ConnectionError):
                    await self._on_end(self.finished)

    async def _hand_on(self, said: asyncio.StreamReader) -> None:
        """Read packets: a letter for the kind, four bytes for the length, the content."""
        kinds = {b"D": self.on_data, b"M": self.on_meta, b"P": self.on_packed}
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while line := await said.readline():
                if line == b"__GANGLION__\n":  # textual's word that packets follow
                    break
            while True:
                kind = await said.readexactly(1)
                size = int.from_bytes(await said.readexactly(4), "big")
                payload = await said.readexactly(size)
                if kind in kinds:
                    await kinds[kind](payload)

    async def on_data(self, payload: bytes) -> None:
        """Hand on a frame."""
        if not self.gone:
            with suppress(ConnectionError):
                await super().on_data(payload)

    async def on_meta(self, data: bytes) -> None:
        """Act upon the end and upon files to fetch; nothing else leaves the process."""
        if not self.gone and json.loads(data).get("type") in ("exit", "deliver_file_start"):
            with suppress(ConnectionError):
                await super().on_meta(data)

    async def stop(self) -> None:
        """End the process: ask first, then end it."""
        self.gone = True
        process, task = self._process, self._task
        if process is None or task is None:
            return
        await self._download_manager.cancel_app_downloads(self.app_service_id)
        for ask in (self._ask_to_quit, process.terminate, process.kill):
            if process.returncode is not None:
                break
            with suppress(ProcessLookupError):
                told = ask()
                if told is not None:
                    await told
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(task), STOP_SECONDS)

    async def _ask_to_quit(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.send_meta({"type": "quit"}), 1)
