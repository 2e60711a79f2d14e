"""What the handlers share: the book, who is in, the running terminals, and the watch over them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from shakyo_review.errors import ReviewError
from shakyo_review.services.visiting import Register, read_register
from shakyo_review.web.downloads import Downloads
from shakyo_review.web.sessions import Session, Sessions
from shakyo_review.web.tries import Tries
from shakyo_review.web.visitor import Visitor

FINISHED, IDLE, LEFT, FULL, FAILED, CHANGED, CLOSING = range(4000, 4007)
"""Codes a socket is closed with; ``pages/terminal.html`` has a sentence for each."""

REREAD_AFTER = 30.0
"""Seconds after which who is registered is read again though the file looks the same."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How the server runs. Times are seconds."""

    book: Path
    host: str = "127.0.0.1"
    port: int = 8620
    loopback: bool = True
    secure: bool = False
    report_folder: Path | None = None
    most: int = 30
    most_each: int = 4
    idle: float = 0
    """Without input for so long a session ends; 0: as ``serving.agree`` decides."""
    longest: float = 12 * 3600
    watch: float = 15.0

    @property
    def cookie(self) -> str:
        """The name of the cookie; cookies do not tell ports apart, two books on one machine must."""
        return f"{'__Host-' if self.secure else ''}shakyo_review_{self.port}"


@dataclass(slots=True)
class House:
    """The server's state, all in memory: when it ends, everybody is out."""

    terms: Terms
    sessions: Sessions = field(init=False)
    tries: Tries = field(default_factory=Tries)
    downloads: Downloads = field(default_factory=Downloads)
    terminals: dict[Visitor, Callable[[int], Awaitable[None]]] = field(default_factory=dict)
    """Every terminal, with what closes its socket."""
    note: Callable[[str], None] = lambda line: None
    """Tells the person who has started the server something."""
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    waiting: int = 0
    _closing: set[asyncio.Task[None]] = field(default_factory=set)
    _register: Register = field(default_factory=Register)
    _read: tuple[float, tuple[int, int]] = (float("-inf"), (0, 0))

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.terms.idle, self.terms.longest)

    async def register(self) -> Register:
        """Return who is registered now; ``BookProblem`` where the book cannot be read."""
        now, state = asyncio.get_running_loop().time(), await asyncio.to_thread(self._file_state)
        if state != self._read[1] or now - self._read[0] > REREAD_AFTER:
            self._register = await asyncio.to_thread(read_register, self.terms.book)
            self._read = (now, state)
        return self._register

    def _file_state(self) -> tuple[int, int]:
        try:
            found = self.terms.book.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)

    def is_full(self) -> bool:
        """Whether no further terminal may be opened."""
        return len(self.terminals) >= self.terms.most

    async def find(self, request: web.Request) -> Session | None:
        """Return the session of a request: by its cookie, by nothing in its address.

        It is looked at whether its person may still be in.
        """
        session = self.sessions.find(request.cookies.get(self.terms.cookie))
        if (
            session is not None
            and (await self.register()).standing(session.name) != session.standing
        ):
            self.end(session, CHANGED)
            return None
        return session

    def end(self, session: Session, code: int) -> None:
        """End a session at once; its terminals are closed while others go on."""
        self.sessions.forget(session)
        for visitor in session.terminals:
            closing = asyncio.create_task(self._close(visitor, code))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """End everything; every process has ended when this returns."""
        for session in self.sessions:
            self.end(session, CLOSING)
        await asyncio.gather(*self._closing, return_exceptions=True)
        await asyncio.gather(*(one.stop() for one in list(self.terminals)), return_exceptions=True)

    async def _close(self, visitor: Visitor, code: int) -> None:
        close = self.terminals.get(visitor)
        if close is not None:
            with suppress(TimeoutError, ConnectionError, RuntimeError):  # not open yet, or gone
                await asyncio.wait_for(close(code), 2)
        await visitor.stop()

    async def look(self) -> None:
        """End the sessions that have expired, or whose person or passphrase is another by now."""
        for session in self.sessions:
            if self.sessions.has_expired(session):
                self.end(session, IDLE)
        try:
            register = await self.register()
        except ReviewError:  # a busy file is looked at again a little later
            return
        for session in self.sessions:
            if register.standing(session.name) != session.standing:
                self.end(session, CHANGED)

    async def watch(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await asyncio.sleep(self.terms.watch)
            try:
                await self.look()
            except Exception as problem:  # whatever happens, the watch goes on
                self.note(f"利用者の登録を確かめられませんでした（{type(problem).__name__}）。")
