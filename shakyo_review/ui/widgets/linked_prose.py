"""Paragraphs to be read, of which some lead on: the arrows go from one to the next, Enter follows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from shakyo_review.domain.cell import Kind
from shakyo_review.ui.widgets.prose import Para, Prose


@dataclass(frozen=True, slots=True)
class Link:
    """Where a paragraph leads: the code of a line, or one of its figures (``kind``, ``words``)."""

    code: str
    kind: Kind | None = None
    words: str = ""


Linked = tuple[Para | Text, Link | None]


class LinkedProse(VerticalScroll):
    """A text in which some paragraphs can be followed. ``Followed`` is posted for the marked one."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("down", "move(1)", "次の数値", show=False),
        Binding("up", "move(-1)", "前の数値", show=False),
        Binding("enter", "follow", "進む", show=False),
    ]

    class Followed(Message):
        """The marked paragraph was followed."""

        def __init__(self, link: Link) -> None:
            super().__init__()
            self.link = link

    def __init__(self, text_id: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text_id = text_id
        self._lines: list[Linked] = []
        self.place: int | None = None
        """The paragraph that is marked, None before an arrow was pressed."""
        self._about = ""

    def compose(self) -> ComposeResult:
        """Yield the text."""
        yield Static("", id=self._text_id, markup=False)

    def show(self, about: str, lines: Sequence[Linked]) -> None:
        """Show a text; what is marked stays so while the text is about the same line."""
        self._lines = list(lines)
        if about != self._about:
            self._about, self.place = about, None
            self.scroll_home(animate=False)
        elif self.place is not None and self.place >= len(self._lines):
            self.place = None
        self._draw()

    def stand(self, place: int | None) -> None:
        """Mark a paragraph again."""
        self.place = place if place is not None and place < len(self._lines) else None
        self._draw()
        self.call_after_refresh(self._into_sight)

    def on_focus(self) -> None:
        """Show what is marked."""
        self._draw()

    def on_blur(self) -> None:
        """Show nothing as marked."""
        self._draw()

    def _draw(self) -> None:
        marked = self.place if self.has_focus else None
        shown = [
            Para(one.text, one.head, "reverse", one.hang)
            if at == marked and isinstance(one, Para)
            else one
            for at, (one, _) in enumerate(self._lines)
        ]
        self.query_one(Static).update(Prose(tuple(shown)))

    def _row(self, place: int) -> tuple[int, int]:
        """Return where a paragraph begins, and how many lines it has."""
        width = max(self.query_one(Static).size.width, 1)
        paragraphs = tuple(one for one, _ in self._lines)
        begin = Prose(paragraphs[:place]).height(width)
        return begin, Prose(paragraphs[: place + 1]).height(width) - begin

    def _into_sight(self) -> None:
        if self.place is None:
            return
        begin, lines = self._row(self.place)
        top, room = self.scroll_offset.y, self.size.height
        if begin < top or begin + lines > top + room:
            self.scroll_to(y=max(begin - 1, 0), animate=False, force=True)

    def action_move(self, step: int) -> None:
        """Mark the next paragraph that leads on; where that is far, scroll towards it first."""
        here = self.place if self.place is not None else (-1 if step > 0 else len(self._lines))
        places = [at for at, (_, link) in enumerate(self._lines) if link is not None]
        ahead = [at for at in places if (at - here) * step > 0]
        if not ahead:
            self.scroll_relative(y=step, animate=False)
            return
        wanted = ahead[0] if step > 0 else ahead[-1]
        begin, _lines = self._row(wanted)
        top, room = self.scroll_offset.y, max(self.size.height, 2)
        if not top - room <= begin < top + 2 * room:
            self.scroll_relative(y=step * (room - 1), animate=False)
            return
        self.place = wanted
        self._draw()
        self._into_sight()

    def action_follow(self) -> None:
        """Follow the marked paragraph."""
        link = self._lines[self.place][1] if self.place is not None else None
        if link is not None:
            self.post_message(self.Followed(link))

    def on_click(self, event: Click) -> None:
        """Mark the paragraph that was clicked; a second click follows it."""
        y = event.screen_y - self.query_one(Static).region.y
        for at, (_, link) in enumerate(self._lines):
            begin, lines = self._row(at)
            if begin <= y < begin + lines and link is not None:
                if self.place == at and self.has_focus:
                    self.action_follow()
                self.place = at
                self._draw()
                return
