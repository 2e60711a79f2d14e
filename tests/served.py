"""The server on a book, and visitors who speak its protocol as a browser does."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pyte

from shakyo_review.web.house import House, Terms
from shakyo_review.web.serving import agree, run

PATIENCE = 20.0
"""Seconds within which whatever is awaited has to come."""


class Shown:
    """A terminal's screen, as text, made of the bytes it is sent."""

    def __init__(self, width: int = 100, height: int = 30) -> None:
        self.width, self.height = width, height
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = asyncio.Event()

    def feed(self, data: bytes) -> None:
        # pyte takes the end of Textual's wide-mode switches for text.
        self._stream.feed(re.sub(rb"\x1b\[[?>=<][0-9;]*[$a-z]*[hlpuqm]", b"", data))
        self._changed.set()

    @property
    def text(self) -> str:
        # Not ``display``: it fails where half of a wide character has been written over.
        rows = (self._screen.buffer[y] for y in range(self.height))
        return "\n".join("".join(row[x].data for x in range(self.width)) for row in rows)

    async def until(self, *wanted: str, seconds: float = PATIENCE) -> str:
        """Wait until one of these texts is on the screen; returns which."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            found = next((one for one in wanted if one in self.text), None)
            if found is not None:
                return found
            self._changed.clear()
            try:
                async with asyncio.timeout_at(end):
                    await self._changed.wait()
            except TimeoutError:
                raise AssertionError(f"never shown: {wanted}\n{self.text}") from None


class Terminal(Shown):
    """A terminal in a browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        super().__init__()
        self.socket = socket
        self.said: list[Any] = []
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type == aiohttp.WSMsgType.BINARY:
                self.feed(message.data)
            elif message.type == aiohttp.WSMsgType.TEXT:
                self.said.append(json.loads(message.data))
                self._changed.set()

    async def type(self, text: str) -> None:
        await self.socket.send_json(["stdin", text])

    async def told(self, kind: str) -> list[Any]:
        """Wait until the server has told the page something of a kind; returns all of it."""
        await eventually(lambda: any(one[0] == kind for one in self.said), kind)
        return [one for one in self.said if one[0] == kind]

    async def ended(self) -> int | None:
        """Wait until the server has closed the socket; returns the code."""
        await asyncio.wait_for(asyncio.shield(self.reading), PATIENCE)
        return self.socket.close_code


class Visit:
    """A browser: its cookies, and what it asks for. Headers are as a browser sends them."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            connector=aiohttp.TCPConnector(ssl=False),  # certificates of tests are nobody's
        )

    async def get(self, path: str, **more: Any) -> aiohttp.ClientResponse:
        answer = await self.client.get(f"{self.address}{path}", allow_redirects=False, **more)
        await answer.read()
        return answer

    async def post(self, path: str, data: Any, **headers: str) -> aiohttp.ClientResponse:
        told = {"Origin": self.address, **headers}
        answer = await self.client.post(
            f"{self.address}{path}", data=data, headers=told, allow_redirects=False
        )
        await answer.read()
        return answer

    async def enter(self, name: str, passphrase: str = "") -> aiohttp.ClientResponse:
        return await self.post("/enter", {"name": name, "passphrase": passphrase})

    async def open(self, query: str = "?width=100&height=30", **headers: str) -> Terminal:
        """Open a terminal; raises ``WSServerHandshakeError`` where it is refused."""
        told = {"Origin": self.address, **headers}
        socket = await self.client.ws_connect(
            f"{self.address}/ws{query}", headers=told, max_msg_size=0
        )
        return Terminal(socket)


class Server:
    """A running server."""

    def __init__(self, address: str, house: House) -> None:
        self.address = address
        self.house = house
        self.visits: list[Visit] = []

    def visit(self) -> Visit:
        visit = Visit(self.address)
        self.visits.append(visit)
        return visit


@asynccontextmanager
async def served(
    path: Path, *, beyond: bool = False, certificate: Path | None = None, **terms: Any
) -> AsyncIterator[Server]:
    """Run the server on a book for a block, on a free port; ``beyond``: by the rules beyond loopback.

    The file of a certificate holds its key as well.
    """
    agreed, tls = agree(Terms(path, port=0, **terms), certificate, certificate)
    agreed = replace(agreed, loopback=not beyond)
    house, stop = House(agreed), asyncio.Event()
    started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        run(house, tls, lambda _: started.done() or started.set_result(None), stop=stop)
    )
    await asyncio.wait({serving, started}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        await serving
    server = Server(f"http{'s' if certificate else ''}://127.0.0.1:{house.terms.port}", house)
    try:
        yield server
    finally:
        for visit in server.visits:
            await visit.client.close()
        stop.set()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(serving, PATIENCE)


async def eventually(holds: Callable[[], Any], what: str) -> Any:
    """Wait until something outside the program's screens holds (a file, a process)."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < end:
        if found := holds():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"never came: {what}")
