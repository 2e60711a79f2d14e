"""The addresses of the server. Nobody passes any but the entrance without a session."""

import json
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import WSMsgType, web

from shakyo_review.errors import ReviewError
from shakyo_review.web import guards, pages
from shakyo_review.web.downloads import CutShort, headers
from shakyo_review.web.entering import Entrance
from shakyo_review.web.house import FAILED, FINISHED, FULL, LEFT, House, Terms
from shakyo_review.web.sessions import Session
from shakyo_review.web.visitor import HEIGHTS, WIDTHS, Visitor, within

LARGEST_FORM = 8 * 1024
LARGEST_MESSAGE = 1024 * 1024
"""Bytes of one message of a terminal: a large block pasted from a sheet."""

MORE = "繰り返すときは、SHAKYO_REVIEW_DEBUG=1 を付けて起動すると、詳しい記録が出ます。"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_SAYINGS = {
    403: ("受け付けられません", "このページは、社協レビューの入口から開いてください。"),
    404: ("見つかりません", "その場所には何もありません。"),
    405: ("受け付けられません", "その操作はできません。"),
    500: (
        "うまくいきませんでした",
        "もう一度お試しください。確定した値は、すべて保存されています。",
    ),
    413: ("受け付けられません", "送られた内容が大きすぎます。"),
}


class Doors:
    """The handlers of everything behind the entrance."""

    def __init__(self, house: House) -> None:
        self.house = house

    @property
    def terms(self) -> Terms:
        """How the server runs."""
        return self.house.terms

    async def index(self, request: web.Request) -> web.Response:
        """Show the page with the terminal."""
        session = await self.house.find(request)
        if session is None:
            raise web.HTTPSeeOther("/enter")
        if self.house.is_full():
            text = pages.message(
                "いまは満員です",
                f"同時に使えるのは{self.terms.most}画面までです。だれかが終わってから、もう一度お試しください。",
            )
            return web.Response(text=text, content_type="text/html", status=503)
        scheme = "wss" if self.terms.secure else "ws"
        text = pages.terminal(name=session.name, socket=f"{scheme}://{request.host}/ws")
        return web.Response(text=text, content_type="text/html")

    async def static(self, request: web.Request) -> web.Response:
        """Hand out one of the few files the pages load."""
        found = pages.static_files().get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found[1], headers={"Content-Type": found[0]})

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file the session's own terminal has offered."""
        session, key = await self.house.find(request), request.match_info["key"]
        offered = session and self.house.downloads.take(key, session.terminals)
        if not session or not offered:
            raise web.HTTPNotFound
        self.house.sessions.use(session)
        response = web.StreamResponse(headers=headers(offered))
        await response.prepare(request)
        try:
            async for chunk in self.house.downloads.download(key):
                await response.write(chunk)
        except CutShort:  # without its proper end the browser knows that the file is not whole
            if request.transport is not None:
                request.transport.abort()
            return response
        await response.write_eof()
        return response

    async def terminal(self, request: web.Request) -> web.StreamResponse:
        """Run a terminal for as long as its socket is open."""
        session = await self.house.find(request)
        if session is None or not guards.same_origin(request):
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(
            heartbeat=20, max_msg_size=LARGEST_MESSAGE, compress=False, timeout=3
        )
        if self.house.is_full() or len(session.terminals) >= self.terms.most_each:
            await socket.prepare(request)
            await socket.close(code=FULL)
            return socket

        async def close(code: int) -> None:
            await socket.close(code=code)

        async def ended(well: bool) -> None:
            if not well:
                self.house.note(f"「{session.name}」さんの画面が途中で終わりました。{MORE}")
            await close(FINISHED if well else FAILED)

        visitor = Visitor(
            self.terms.book,
            session.name,
            self.terms.report_folder,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            downloads=self.house.downloads,
            on_end=ended,
        )
        self.house.terminals[visitor] = close
        session.terminals.add(visitor)
        try:
            await socket.prepare(request)
            await visitor.start(
                within(_number(request.query.get("width")), WIDTHS),
                within(_number(request.query.get("height")), HEIGHTS),
            )
            if session.over:  # ended while the process was started
                await close(LEFT)
            await self._hand_on(socket, visitor, session)
        except OSError:  # the system gives no further process
            await close(FAILED)
        finally:
            by_itself = visitor.finished
            await visitor.stop()
            self.house.terminals.pop(visitor, None)
            session.terminals.discard(visitor)
            if by_itself and not session.terminals:
                self.house.sessions.forget(session)  # 終わる: the next person enters an own name
        return socket

    async def _hand_on(
        self, socket: web.WebSocketResponse, visitor: Visitor, session: Session
    ) -> None:
        """Hand what the browser sends to the process; what is not understood is passed over."""
        async for message in socket:
            if message.type != WSMsgType.TEXT:
                continue
            with suppress(ValueError, TypeError, KeyError, IndexError, AttributeError):
                said = json.loads(message.data)
                match said[0]:
                    case "stdin":
                        self.house.sessions.use(session)
                        await visitor.send_bytes(said[1].encode("utf-8", "replace"))
                    case "resize":
                        width, height = said[1]["width"], said[1]["height"]
                        await visitor.set_terminal_size(
                            within(width, WIDTHS), within(height, HEIGHTS)
                        )
                    case "ping":
                        await socket.send_json(["pong", str(said[1])[:40]])
                    case "focus":
                        await visitor.focus()
                    case "blur":
                        await visitor.blur()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else 0


def application(house: House) -> web.Application:
    """Return the web application."""
    entrance, doors = Entrance(house), Doors(house)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            terms = house.terms
            known = guards.known_host(request, terms.host, terms.port, loopback=terms.loopback)
            if not known or (request.method == "POST" and not guards.same_origin(request)):
                raise web.HTTPForbidden
            return await handler(request)
        except web.HTTPException as answer:
            if answer.status < 400:
                raise
            title, text = _SAYINGS.get(answer.status, _SAYINGS[403])
            page = pages.message(title, text)
            return web.Response(text=page, content_type="text/html", status=answer.status)
        except ReviewError as problem:
            page = pages.message("台帳を開けません", str(problem))
            return web.Response(text=page, content_type="text/html", status=503)
        except Exception as problem:
            if "Upgrade" in request.headers or os.environ.get("SHAKYO_REVIEW_DEBUG"):
                raise
            house.note(f"ページを出せませんでした（{type(problem).__name__}）。{MORE}")
            page = pages.message(*_SAYINGS[500])
            return web.Response(text=page, content_type="text/html", status=500)

    async def dress(request: web.Request, response: web.StreamResponse) -> None:
        guards.dress(request, response)

    app = web.Application(middlewares=[guard], client_max_size=LARGEST_FORM)
    app.on_response_prepare.append(dress)
    app.add_routes(
        [
            web.get("/", doors.index),
            web.get("/enter", entrance.show),
            web.post("/enter", entrance.enter),
            web.post("/leave", entrance.leave),
            web.get("/ws", doors.terminal),
            web.get("/download/{key}", doors.download),
            web.get("/static/{name}", doors.static),
        ]
    )
    return app
