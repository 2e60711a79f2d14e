"""The bar at the foot of the entry screen: whose value, the value itself, what it means.

The input of the bar has the focus all the time, also while the cursor walks in the grid. So
every key arrives in one queue and in order (a fast "５１２" loses nothing, "495 Enter 500 Enter"
lands in two rows), no key repaints the screen by moving the focus, and the input method composes
in one place from the first character on.
"""

from collections.abc import Awaitable, Callable

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Click, Focus, Key, MouseDown, Paste
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import Input, Static

from shakyo_review.ui.entry_text import packed
from shakyo_review.ui.marks import cut, fit

INFO_LINES = 3
NO_VALUE = "値がない Ctrl+X"
NOTE_PROMPT = "実施内容 ＞"
NOTE_HINT = "（行ったことを書けます。Ctrl+A）"
_EDITING_KEYS = {
    "left": "cursor_left",
    "right": "cursor_right",
    "home": "home",
    "end": "end",
    "backspace": "delete_left",
    "delete": "delete_right",
}
"""Keys of the open bar which are carried out in the order typed, not through the app's queue."""


class EntryInput(Input):
    """One line of free text that asks its screen about every key first."""

    class Returned(Message):
        """The terminal window has the focus again."""

    def __init__(
        self, take_key: Callable[[Key], Awaitable[bool]], take_paste: Callable[[str], None]
    ) -> None:
        super().__init__(type="text", select_on_focus=False, id="entry-input")
        self.cursor_blink = False
        self._take_key = take_key
        self._take_paste = take_paste

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the input method composes: on the cursor itself."""
        x, y, _width, _height = self.content_region
        return Offset(
            x + self._position_to_cell(self.cursor_position) - int(self.scroll_offset.x), y
        )

    async def _on_key(self, event: Key) -> None:
        if await self._take_key(event):
            event.stop()
            event.prevent_default()

    def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        self._take_paste(event.text)

    def _on_focus(self, event: Focus) -> None:
        if event.from_app_focus:
            self.post_message(self.Returned())

    def action_paste(self) -> None:
        """Paste what was copied inside the program (the terminal's own paste arrives as an event)."""
        self._take_paste(self.app.clipboard)

    async def _on_mouse_down(self, event: MouseDown) -> None:
        if not self.value:
            event.prevent_default()


class Doing(Static):
    """A line or word of the bar that does something when it is clicked."""

    def __init__(self, action: str, text: str = "", *, id: str) -> None:  # noqa: A002
        super().__init__(text, id=id, markup=False)
        self.action = action

    async def on_click(self, event: Click) -> None:
        """Do it."""
        event.stop()
        await self.screen.run_action(self.action)


def renew(line: Static, text: Text) -> None:
    """Show a text in a line of fixed height; what stands there already is not drawn again."""
    old = line.content
    if not (isinstance(old, Text) and old == text and old.style == text.style):
        line.update(text, layout=False)


class EntryBar(Vertical):
    """Label, value, sentence and the lines below.

    ``editing`` tells whether the bar is open, ``noting`` that it is the sentence (実施内容) that is
    typed: the one input of the bar then stands on the line of the sentence, so that all keys stay
    in one queue and the input method composes where the text goes.
    """

    def __init__(
        self, take_key: Callable[[Key], Awaitable[bool]], take_paste: Callable[[str], None]
    ) -> None:
        super().__init__(id="bar")
        self.input = EntryInput(take_key, take_paste)
        self.editing = False
        self.noting = False
        self.opened_with = ""
        self._prompt = ""
        self._segments: list[str] = []
        self._error = False

    def compose(self) -> ComposeResult:
        """Yield label, prompt and input, info."""
        yield Static("", id="bar-label", markup=False)
        yield Static("", id="bar-value", markup=False)
        with Horizontal(id="bar-line"):
            yield Static("", id="bar-prompt", markup=False)
            yield self.input
            yield Doing("no_value", NO_VALUE, id="bar-none")
        yield Doing("note", id="bar-note")
        yield Static("", id="bar-info", markup=False)

    # --- opening and closing -------------------------------------------------------------------

    def open(self, text: str = "", *, noting: bool = False) -> None:
        """Open the bar with a text, the cursor behind it; with ``noting`` on the line of the sentence."""
        self.editing = True
        self._turn(noting)
        self.opened_with = text
        self.add_class("open")
        self.input.value = text
        self.input.cursor_position = len(text)

    def close(self) -> None:
        """Close the bar; what was typed is gone from it."""
        self.editing = False
        self._turn(False)
        self.remove_class("open")
        self.input.value = ""
        self.input.cursor_position = 0

    def _turn(self, noting: bool) -> None:
        """Put the input on the line of the value or on that of the sentence."""
        if noting == self.noting:
            return
        self.noting = noting
        self.set_class(noting, "noting")
        self._show_prompt()
        self.call_after_refresh(self.place_cursor)

    def _show_prompt(self) -> None:
        text = NOTE_PROMPT if self.noting else self._prompt
        self.query_one("#bar-prompt", Static).update(Text(fit(text), no_wrap=True))

    @property
    def text(self) -> str:
        """What stands in the bar."""
        return self.input.value

    @property
    def untouched(self) -> bool:
        """Whether the text is still what the bar was opened with."""
        return (self.noting or bool(self.opened_with)) and self.text == self.opened_with

    def edit_key(self, key: str) -> bool:
        """Carry out a key that edits the line; False where it is none."""
        action = _EDITING_KEYS.get(key)
        if action is not None:
            getattr(self.input, f"action_{action}")()
        return action is not None

    def place_cursor(self) -> None:
        """Put the terminal's hidden cursor where the first character will be composed."""
        if self.input.has_focus:
            self.app.cursor_position = self.input.cursor_screen_offset

    # --- what stands around it (heights are fixed, so nothing has to be laid out again) -----------

    def show_label(self, label: str, prompt: str, hint: str, value: str, note: str) -> None:
        """Show whose value it is, which column, what to do in the empty line, and the sentence."""
        room = max(self.app.size.width - 2, 10)
        self._line("#bar-label", cut(label, room))
        self._line("#bar-value", cut(f"{prompt} {value}", room))
        told = f"{NOTE_PROMPT} {note or NOTE_HINT}"
        self._line("#bar-note", cut(told, room), "" if note else "dim")
        if prompt != self._prompt:
            self._prompt = prompt
            self._show_prompt()
        self.input.placeholder = cut(hint, max(room - 14 - cell_len(NO_VALUE), 10))

    def _line(self, name: str, text: str, style: str = "") -> None:
        renew(self.query_one(name, Static), Text(text, style=style, no_wrap=True))

    def show_info(self, segments: list[str], *, error: bool = False) -> None:
        """Show sentences below the line."""
        self._segments, self._error = segments, error
        info = self.query_one("#bar-info", Static)
        info.set_class(error, "error")
        renew(info, packed(segments, max(self.app.size.width - 2, 20), INFO_LINES))

    def show_info_again(self) -> None:
        """Lay the sentences out anew after the terminal has changed its size."""
        self.show_info(self._segments, error=self._error)

    @property
    def info(self) -> str:
        """The sentences shown."""
        return "　".join(self._segments)
