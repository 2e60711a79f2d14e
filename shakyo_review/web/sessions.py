"""Who is in: random tokens, of which only the hash is kept, in memory."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shakyo_review.web.visitor import Visitor

MOST_SESSIONS = 1000


@dataclass(slots=True, eq=False)
class Session:
    """One person in one browser."""

    name: str
    standing: str
    """What the session rests on (``Register.standing``); it ends when that is another."""
    began: float
    used: float
    terminals: "set[Visitor]" = field(default_factory=set)
    over: bool = False


class Sessions:
    """All sessions; one ends without input for ``idle`` seconds and ``longest`` seconds after it began."""

    def __init__(
        self, idle: float, longest: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.idle = idle
        self.longest = longest
        self.clock = clock
        self._kept: dict[str, Session] = {}

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._kept.values()))

    def begin(self, name: str, standing: str) -> str:
        """Begin a session; returns its token, which is told to nobody but the browser's cookie."""
        if len(self._kept) >= MOST_SESSIONS:
            unused = {key: one for key, one in self._kept.items() if not one.terminals}
            if unused:
                del self._kept[min(unused, key=lambda key: unused[key].used)]
        token, now = secrets.token_urlsafe(32), self.clock()
        self._kept[_hash(token)] = Session(name, standing, now, now)
        return token

    def find(self, token: str | None) -> Session | None:
        """Return the session of a token, unless it has expired."""
        found = self._kept.get(_hash(token)) if token else None
        return None if found is None or self.has_expired(found) else found

    def has_expired(self, session: Session) -> bool:
        """Whether a session has been unused or in use for too long."""
        now = self.clock()
        return (
            session.over or now - session.used >= self.idle or now - session.began >= self.longest
        )

    def use(self, session: Session) -> None:
        """Note that the person has done something."""
        session.used = self.clock()

    def forget(self, session: Session) -> None:
        """End a session; its token opens nothing any more."""
        session.over = True
        self._kept = {key: one for key, one in self._kept.items() if one is not session}


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
