"""The keys of a form: one queue, in the order typed, whatever field has the cursor."""

import unicodedata
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.events import Key, Paste
from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, TextArea
from textual.widgets.option_list import Option

from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.marks import cut

WIDE_SPACE = "\u3000"
"""Unprintable to Python, so Textual would drop it; in Japanese it is a letter like others."""
WIDTH = 58
"""Columns of an entry of a list."""


class OneLine(Input):
    """A line whose input method composes on the cursor, also behind a full-width character."""

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the input method composes: on the cursor itself."""
        x, y, _width, _height = self.content_region
        return Offset(
            x + self._position_to_cell(self.cursor_position) - int(self.scroll_offset.x), y
        )


class Ticked(OptionList):
    """Names of which each is ticked or not; a blank or a click changes the one it stands on."""

    def __init__(self, names: Sequence[str], off: Sequence[str], words: tuple[str, str]) -> None:
        self.names, self.off, self.words = list(names), set(off), words
        super().__init__(*(Option(self._shown(name), id=name) for name in names))

    def _shown(self, name: str) -> Text:
        word = self.words[1] if name in self.off else self.words[0]
        return Text(cut(f"［{word}］{name}", WIDTH), no_wrap=True)

    def toggle(self) -> None:
        """Change the name under the cursor."""
        place = self.highlighted
        if place is not None:
            name = self.names[place]
            self.off ^= {name}
            self.replace_option_prompt_at_index(place, self._shown(name))

    @property
    def ticked(self) -> list[str]:
        """The names that are ticked, in their order."""
        return [name for name in self.names if name not in self.off]


class OrderedKeys(Dialog[bool]):
    """A dialog that takes every key itself and carries it out at once (``keys_in_order``).

    Textual hands a key to the field that has the focus when it arrives, and lets a key of the
    dialog go before it. So text sent in the same burst as Tab would stay in the field before, and
    Ctrl+S would store what has not arrived yet. Here the app gives all keys to the dialog
    (``ReviewApp.on_event``), and the dialog to the field that has the cursor by then.
    """

    keys_in_order: ClassVar[bool] = True

    async def _on_key(self, event: Key) -> None:
        event.stop()
        event.prevent_default()
        if not self.is_active:
            return
        key, target = event.key, self.focused
        if key not in ("escape", "ctrl+q"):
            self.goes_on()
        if key == "ctrl+q":
            await self.app.run_action("quit")
        elif key == "escape":
            self.action_leave()
        elif key == "ctrl+s":
            self.action_store()
        elif key == "tab":
            self.focus_next()
        elif key == "shift+tab":
            self.focus_previous()
        elif key in ("ctrl+down", "ctrl+up"):
            self.scroll_about(1 if key == "ctrl+down" else -1)
        elif target is None:
            return
        elif key == "enter" and not isinstance(target, TextArea):
            self.entered(target)
        elif isinstance(target, Ticked) and event.character in (" ", WIDE_SPACE):
            target.toggle()
        elif isinstance(target, OptionList) and event.character is not None and _text(event):
            self._to_letter(target, event.character)
        elif isinstance(target, Input | TextArea) and event.character is not None and _text(event):
            _insert(target, event.character)
        elif key == "enter" and isinstance(target, TextArea):
            _insert(target, "\n")
        elif isinstance(target, Button) and key in ("left", "right"):
            self.focus_previous() if key == "left" else self.focus_next()
        else:
            await self._of_widget(target, key)

    def _to_letter(self, listed: OptionList, typed: str) -> None:
        """Go to the entry that begins with a letter typed (Ａ and a are A), here or in a list further on."""
        lists = list(self.query(OptionList))
        for other in lists[lists.index(listed) :]:
            places = [
                place
                for place, option in enumerate(other.options)
                if _folded(str(option.prompt)).startswith(_folded(typed))
            ]
            if places:
                now = other.highlighted if other is listed else None
                after = [place for place in places if now is not None and place > now]
                other.highlighted = (after or places)[0]
                other.focus()
                self.moved(other)
                return
        self.not_a_choice(listed)

    async def _of_widget(self, target: Widget, key: str) -> None:
        for binding in target._bindings.key_to_bindings.get(key, ()):
            await self.app.run_action(binding.action, target)
        if isinstance(target, OptionList):
            self.moved(target)

    def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        target = self.focused
        if isinstance(target, Input):  # a block keeps all its words on the one line there is
            _insert(target, " ".join(event.text.splitlines()).strip())
        elif isinstance(target, TextArea):
            _insert(target, event.text.replace("\r\n", "\n").replace("\r", "\n"))
        elif isinstance(target, OptionList):
            self.not_a_choice(target)

    def scroll_about(self, lines: int) -> None:
        """Read on in what stands above the fields; overridden by the form."""

    def goes_on(self) -> None:
        """Take note that the person goes on; overridden by the form."""

    def not_a_choice(self, listed: OptionList) -> None:
        """Tell that no entry begins with what was typed; overridden by the form."""

    def entered(self, widget: Widget) -> None:
        """Go on with Enter; overridden by the form."""

    def moved(self, listed: OptionList) -> None:
        """Follow the cursor of a list; overridden by the form."""

    def action_store(self) -> None:
        """Store; overridden by the form."""

    def action_leave(self) -> None:
        """Leave; overridden by the form."""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()


def _text(event: Key) -> bool:
    return event.is_printable or event.character == WIDE_SPACE


def _insert(target: Input | TextArea, text: str) -> None:
    """Put a text at the cursor, in place of what is selected."""
    if isinstance(target, Input):
        target.replace(text, *sorted(target.selection))
    else:
        start, end = target.selection
        target.replace(text, start, end, maintain_selection_offset=False)
