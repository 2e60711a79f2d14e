"""One key after the other: what follows a key that opens something waits until that is open.

Textual hands a key at once to whatever has the focus then. Keys that arrive in one burst (a fast
hand, a slow machine, a line that stalls) would so go to the screen that is about to be covered,
and be lost. Held back they reach the field they were meant for.
"""

from collections import deque
from itertools import count
from typing import ClassVar, Generic

from textual.app import App, ReturnType
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

LOOK = 0.02
"""Seconds between two looks whether what the key was given to is still there."""
LONGEST = 50
"""Looks after which held keys go on in any case."""
_ALL = -1
_OPENING = ("f", "ctrl+", "enter", "escape", "shift+f")


class Landed(Message):
    """Sent after a key by the same way; back at the app, the key has done its work."""

    bubble: ClassVar[bool] = True

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class KeyTurns(App[ReturnType], Generic[ReturnType]):
    """An app in which a key waits for the screen that the key before it opens."""

    _flight = 0
    """The number of the key that is on its way; 0 for none."""
    _count = 0
    _from: Screen[object] | None = None

    _patience: Timer | None = None

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[Event] = deque()

    async def on_event(self, event: Event) -> None:
        """Hold a key or paste back while the key before it is on its way."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._flight:
            self._held.append(event)
        else:
            await self._in_turn(event)

    def hold_keys(self) -> None:
        """Hold back all keys until ``let_keys``."""
        self._flight = _ALL

    async def let_keys(self) -> None:
        """Go on with the keys that ``hold_keys`` held back."""
        await self._go_on(_ALL)

    async def pass_on(self, event: Event) -> None:
        """Give a key or paste to what has the focus."""
        await super().on_event(event)

    async def _in_turn(self, event: Event) -> None:
        front = self.screen_stack[-1] if self.screen_stack else None
        target = self.focused or front
        await self.pass_on(event)
        if not isinstance(event, Key) or not _may_open(event.key) or target is None:
            return
        self._count += 1
        self._flight, self._from = self._count, front
        if not target.post_message(Landed(self._flight)):  # it has gone with the key
            await self._look_again(self._flight)
        elif self._flight:
            self._watch(self._flight, target)

    def _watch(self, number: int, target: Widget) -> None:
        """Look whether the target has gone, and its message with it: a dialog that has been closed."""
        if self._patience is not None:
            self._patience.stop()
        looks = count(1)

        async def look() -> None:
            if next(looks) > LONGEST or not target.is_attached:
                await self._look_again(number)

        self._patience = self.set_interval(LOOK, look)

    async def on_landed(self, message: Landed) -> None:
        """Go on with the keys that were held back, once the screen in front is open."""
        message.stop()
        await self._look_again(message.number)

    async def _look_again(self, number: int) -> None:
        if number != self._flight:
            return
        front = self.screen_stack[-1] if self.screen_stack else None
        if front is not None and front is not self._from:
            self._from = front
            if front.post_message(Landed(number)):
                self._watch(number, front)
                return
        self.call_later(self._go_on, number)  # after a change of focus that waits in the same line

    async def _go_on(self, number: int) -> None:
        if number != self._flight:
            return
        self._flight = 0
        if self._patience is not None:
            self._patience.stop()
        while self._held and not self._flight:
            await self._in_turn(self._held.popleft())


def _may_open(key: str) -> bool:
    return key.startswith(_OPENING) and key != "f"
