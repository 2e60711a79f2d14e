"""Screens that begin behind their cover (see ``cover``), and how their cover is drawn."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.driver import Driver
from textual.pilot import Pilot
from textual.timer import Timer

from shakyo_review.errors import ReviewError
from shakyo_review.ui import cover, keys, marks
from shakyo_review.ui.themes import Dressed

if TYPE_CHECKING:
    from shakyo_review.services.book import ReviewBook

LONGEST = 200
"""Looks after which a screen is shown though it is not complete."""
OFTEN = 0.01


class UnderCover(Dressed[None]):
    """An app that draws nothing and takes no key until its first screen can replace the cover."""

    _looks = 0
    _looking: Timer | None = None

    def go_under(self) -> None:
        """Begin behind the cover, if one is up; before the app runs."""
        if cover.now.up:
            self.driver_class = _driver()
            self.hold_keys()

    def on_ready(self) -> None:
        """Look until the first screen is complete."""
        if cover.now.up:
            self._looking = self.set_interval(OFTEN, self._look)

    async def _look(self) -> None:
        self._looks += 1
        if self._looking is None or not (is_complete(self) or self._looks > LONGEST):
            return
        self._looking.stop()
        self._looking = None
        self.call_after_refresh(self._come_out)

    async def _come_out(self) -> None:
        cover.now.up = False
        self._display(self.screen, self.screen._compositor.render_update(full=True))
        await self.let_keys()

    def _display(self, screen: Any, renderable: Any) -> None:
        if not cover.now.up:
            super()._display(screen, renderable)


def is_complete(app: Dressed[None]) -> bool:
    """Whether the screen in front shows all that it will show by itself."""
    return bool(getattr(app.screen, "complete", True))


def _driver() -> type[Driver]:
    from textual._xterm_parser import XTermParser
    from textual.drivers.linux_driver import LinuxDriver

    class CoveredDriver(LinuxDriver):
        """As textual's, on a terminal that shows the cover already."""

        def write(self, data: str) -> None:
            if data == "\x1b[?1049h" and cover.now.up:  # it would clear the cover away
                cover.now.taken_over()
            else:
                super().write(data)

        def start_application_mode(self) -> None:
            super().start_application_mode()
            typed, cover.now.typed = cover.now.typed.decode(errors="replace"), b""
            for event in XTermParser().feed(typed) if typed else ():
                self.process_message(event)

    return CoveredDriver


def keep_cover(book: "ReviewBook", made: Callable[[], UnderCover]) -> None:
    """Draw the first frame of a new app without a terminal, and keep it, where there is no true cover."""
    if cover.now.fits(marks.is_wide()):
        return
    with suppress(OSError, ReviewError):  # no cover, then
        if book.plan.items and (book.person is not None or not book.people):
            _draw(made(), cover.now.seen_now(book.path))


def _draw(app: UnderCover, seen: list[Any] | None) -> None:
    async def draw(pilot: Pilot[None]) -> None:
        for _ in range(LONGEST):
            await pilot.pause(OFTEN)
            if is_complete(app):
                break
        screen = app.screen
        if getattr(screen, "where", "") in (keys.ENTRY, keys.HOME) and is_complete(app):
            drawn: Any = screen._compositor.render_update(full=True)
            cover.now.keep(seen, app.terminal_is_wide, drawn.render_segments(app.console))
        app.exit()

    if seen is not None:
        app.run(headless=True, size=tuple(os.get_terminal_size(2)), auto_pilot=draw)
