"""The entrance: who may come in, and how."""

import asyncio
import unicodedata
from math import ceil

from aiohttp import web

from shakyo_review.domain.person import Person
from shakyo_review.errors import ReviewError
from shakyo_review.services.visiting import Register
from shakyo_review.web import pages
from shakyo_review.web.house import LEFT, House, Terms

MOST_WAITING = 8
"""How many passphrases may wait for being checked at once."""
LONGEST_NAME, LONGEST_PASSPHRASE = 60, 200
NOT_RIGHT = "名前か合言葉が違います。もう一度入れてください。"
BUSY = "いま混み合っています。少し待ってから、もう一度入れてください。"


class NotLetIn(Exception):
    """Why somebody is not let in: a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def cleaned(name: str) -> str:
    """Return a typed name as it is used; ``NotLetIn`` where it is none."""
    name = unicodedata.normalize("NFC", name).replace("　", " ").strip()
    if not name:
        raise NotLetIn(400, "名前を入れてください。")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise NotLetIn(
            400, f"名前は{LONGEST_NAME}文字までで、改行などを含まないものにしてください。"
        )
    return name


class Entrance:
    """The handlers of the entrance."""

    def __init__(self, house: House) -> None:
        self.house = house

    @property
    def terms(self) -> Terms:
        """How the server runs."""
        return self.house.terms

    async def show(self, request: web.Request) -> web.Response:
        """Show the entrance."""
        return self._page(await self.house.register())

    def _page(
        self, register: Register, problem: str = "", name: str = "", status: int = 200
    ) -> web.Response:
        listed = register.people if register.people and self.terms.loopback else None
        text = pages.entrance(
            people=listed,
            asks=not self.terms.loopback or bool(register.marks),
            loopback=self.terms.loopback,
            problem=problem,
            name=name,
        )
        return web.Response(text=text, content_type="text/html", status=status)

    async def enter(self, request: web.Request) -> web.Response:
        """Let somebody in, or tell why not."""
        form = await request.post()
        typed, passphrase = form.get("name", ""), form.get("passphrase", "")
        register = await self.house.register()
        if not (isinstance(typed, str) and isinstance(passphrase, str)):
            typed = passphrase = ""
        try:
            name = await self._admitted(register, cleaned(typed), passphrase, request.remote or "")
        except NotLetIn as reason:
            again = "".join(filter(str.isprintable, typed[:LONGEST_NAME]))
            return self._page(register, reason.sentence, again, reason.status)
        register = await self.house.register()  # as it stands after the passphrase was checked
        standing = register.standing(name)
        if standing is None:
            return self._page(register, NOT_RIGHT, status=401)
        if old := await self.house.find(request):
            self.house.end(old, LEFT)
        answer = web.Response(status=303, headers={"Location": "/"})
        answer.set_cookie(
            self.terms.cookie,
            self.house.sessions.begin(name, standing),
            path="/",
            httponly=True,
            secure=self.terms.secure,
            samesite="Strict",
        )
        return answer

    async def _admitted(self, register: Register, name: str, passphrase: str, address: str) -> str:
        """Return the name under which somebody is let in."""
        if self.terms.loopback:
            if not register.people:
                return name
            person = register.find(name)
            if person is not None and not register.mark(person):
                return person.name
        wait = self.house.tries.begin(name, address)
        if wait > 0:
            raise NotLetIn(
                429,
                f"続けて間違えたため、いまは入れません。約{ceil(wait / 60)}分待ってから、もう一度入れてください。",
            )
        person = await self._checked(name, passphrase)
        if person is None:
            raise NotLetIn(401, NOT_RIGHT)
        self.house.tries.succeeded(name, address)
        return person.name

    async def _checked(self, name: str, passphrase: str) -> Person | None:
        """Check a passphrase in a thread, a few at once: each takes memory and time on purpose."""
        from shakyo_review.services.people import check_passphrase

        if len(passphrase) > LONGEST_PASSPHRASE:
            passphrase = ""
        if self.house.waiting >= MOST_WAITING:
            raise NotLetIn(503, BUSY)
        self.house.waiting += 1
        try:
            async with self.house.hashing:
                return await asyncio.to_thread(check_passphrase, self.terms.book, name, passphrase)
        except ReviewError as problem:
            raise NotLetIn(503, str(problem)) from None
        finally:
            self.house.waiting -= 1

    async def leave(self, request: web.Request) -> web.Response:
        """End the session and its terminals."""
        if session := await self.house.find(request):
            self.house.end(session, LEFT)
        text = pages.message(
            "退出しました", "確定した値は、すべて保存されています。このページは閉じてかまいません。"
        )
        answer = web.Response(text=text, content_type="text/html")
        answer.del_cookie(
            self.terms.cookie, path="/", secure=self.terms.secure, httponly=True, samesite="Strict"
        )
        return answer
