"""A headless Chromium, driven through its DevTools protocol over aiohttp's WebSocket client."""

import asyncio
import base64
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PATIENCE = 20.0
"""Seconds within which whatever is awaited has to come."""


class Page:
    """One tab with cookies of its own: what a person does with it, and what it shows."""

    def __init__(self, browser: "Browser", target: str, session: str) -> None:
        self.browser = browser
        self.target = target
        self.session = session

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return await self.browser.call(method, self.session, **parameters)

    async def go(self, address: str) -> None:
        await self.call("Page.navigate", url=address)

    async def run(self, script: str) -> Any:
        """Run a script in the page; returns what it comes to."""
        answer = await self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        return answer["result"].get("value")

    async def until(self, script: str, what: str = "") -> Any:
        """Wait until a script comes to something true."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < end:
            try:
                found = await self.run(f"(() => {{ try {{ return {script} }} catch {{}} }})()")
            except RuntimeError:  # between two pages
                found = None
            if found:
                return found
            await asyncio.sleep(0.03)
        raise AssertionError(
            f"never came: {what or script}\n{await self.run('document.body.innerText')}"
        )

    async def enter(self, address: str, name: str, passphrase: str = "") -> None:
        """Come in through the entrance and wait for the terminal."""
        await self.go(f"{address}/")
        await self.until("document.querySelector('form[action=\"/enter\"]')")
        fill = (
            "const choice = [...document.querySelectorAll('[type=radio]')].find(e => e.value === name);"
            "if (choice) choice.checked = true; else document.getElementById('name').value = name;"
            "if (passphrase) document.getElementById('passphrase').value = passphrase;"
            "document.querySelector('form').requestSubmit();"
        )
        await self.run(f"((name, passphrase) => {{ {fill} }})({name!r}, {passphrase!r})")
        await self.until(
            "document.getElementById('terminal') && document.getElementById('wait').hidden"
        )

    async def compose(self, steps: list[str], committed: str) -> None:
        """Type through the input method: the composition as it grows, then the text that is committed."""
        for text in steps:
            await self.call(
                "Input.imeSetComposition",
                text=text,
                selectionStart=len(text),
                selectionEnd=len(text),
            )
            # xterm.js takes note of a composition in a timer of 0 ms; no hand is faster than that.
            await self.run("new Promise(done => setTimeout(done, 5))")
        await self.call("Input.insertText", text=committed)

    async def key(self, key: str, code: int, text: str = "", modifiers: int = 0) -> None:
        """Press a key (modifiers: 1 Alt, 2 Ctrl)."""
        common = {
            "key": key,
            "code": f"Key{key.upper()}" if len(key) == 1 else key,
            "windowsVirtualKeyCode": code,
            "modifiers": modifiers,
        }
        kind = "keyDown" if text else "rawKeyDown"
        await self.call("Input.dispatchKeyEvent", type=kind, text=text, **common)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def screenshot(self, path: Path) -> None:
        answer = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))


class Browser:
    """The browser and its one connection; every page has a context of its own, as another machine."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.requests: list[str] = []
        """Every address any page has asked for."""
        self.errors: list[str] = []
        """What pages have complained about in their consoles."""
        self.seen: dict[str, Any] = {}
        """Screens to be fed with what the server sends to a page, by its session."""
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._next = 0

    async def listen(self) -> None:
        async for message in self.socket:
            said = message.json()
            if "id" in said:
                answer = self._answers.pop(said["id"], None)
                if answer is not None and not answer.done():
                    answer.set_result(said)
                continue
            told = said.get("params", {})
            match said["method"]:
                case "Network.requestWillBeSent":
                    self.requests.append(told["request"]["url"])
                case "Network.webSocketCreated":
                    self.requests.append(told["url"])
                case "Network.webSocketFrameReceived" if told["response"]["opcode"] == 2:
                    if said["sessionId"] in self.seen:
                        frame = base64.b64decode(told["response"]["payloadData"])
                        self.seen[said["sessionId"]].feed(frame)
                case "Log.entryAdded":
                    self.errors.append(told["entry"]["text"])
                case "Runtime.exceptionThrown":
                    self.errors.append(str(told["exceptionDetails"]))

    async def call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        self._next += 1
        number = self._next
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        request = {"id": number, "method": method, "params": parameters}
        await self.socket.send_json(request | ({"sessionId": session} if session else {}))
        said = await asyncio.wait_for(answer, PATIENCE)
        if "error" in said:
            raise RuntimeError(f"{method}: {said['error']}")
        return said["result"]

    async def page(self, width: int = 1280, height: int = 800) -> Page:
        """Open a tab in a context of its own."""
        context = (await self.call("Target.createBrowserContext"))["browserContextId"]
        made = await self.call(
            "Target.createTarget",
            url="about:blank",
            browserContextId=context,
            width=width,
            height=height,
        )
        target = made["targetId"]
        session = (await self.call("Target.attachToTarget", targetId=target, flatten=True))[
            "sessionId"
        ]
        page = Page(self, target, session)
        for domain in ("Page", "Network", "Runtime", "Log"):
            await page.call(f"{domain}.enable")
        await page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        await page.call("Emulation.setFocusEmulationEnabled", enabled=True)
        return page

    async def close(self, page: Page) -> None:
        """Close a tab without asking, as when the machine is switched off."""
        await self.call("Target.closeTarget", targetId=page.target)


@asynccontextmanager
async def chromium(program: str | None = None) -> AsyncIterator[Browser]:
    """Run a browser of its own profile for a block."""
    with TemporaryDirectory(prefix="shakyo-review-browser-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            program or CHROMIUM or "chromium",
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
            *("--no-first-run", "--disable-extensions", "--disable-background-networking"),
            *("--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            address = await asyncio.wait_for(_address(process.stderr), PATIENCE)
            async with (
                aiohttp.ClientSession() as client,
                client.ws_connect(address, max_msg_size=0) as socket,
            ):
                browser = Browser(socket)
                listening = asyncio.create_task(browser.listen())
                draining = asyncio.create_task(_drain(process.stderr))
                try:
                    yield browser
                finally:
                    listening.cancel()
                    draining.cancel()
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _address(stream: asyncio.StreamReader | None) -> str:
    assert stream is not None
    while line := await stream.readline():
        if found := re.search(rb"DevTools listening on (ws://\S+)", line):
            return found[1].decode()
    raise AssertionError("the browser did not start")


async def _drain(stream: asyncio.StreamReader | None) -> None:
    assert stream is not None
    while await stream.read(4096):
        pass
