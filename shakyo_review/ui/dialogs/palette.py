"""Everything that can be done on a screen, found by typing a part of its name (Ctrl+P)."""

import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.keys import Key, keys_of
from shakyo_review.ui.marks import cell, cut
from shakyo_review.ui.readings import reading
from shakyo_review.ui.themes import THEMES


@dataclass(frozen=True, slots=True)
class Operation:
    """Something to do: a key's action, or (``key`` None) a change to ``theme``."""

    label: str
    help: str
    shown: str = ""
    key: Key | None = None
    theme: str = ""

    def matches(self, typed: str) -> bool:
        """Whether every typed word is part of the name, the help or the key."""
        text = _folded(f"{self.label} {reading(self.label)} {self.help} {self.shown}")
        return all(word in text for word in _folded(typed).split())

    def is_called(self, typed: str) -> bool:
        """Whether every typed word is part of the name alone."""
        text = _folded(f"{self.label} {reading(self.label)}")
        return all(word in text for word in _folded(typed).split())


def _folded(text: str) -> str:
    """Compare without regard to width and case, kana as katakana."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in plain)


def operations(where: str) -> list[Operation]:
    """Return what can be done on a screen: its keys, those that hold everywhere, the colours."""
    own = [
        Operation(key.label, key.help, key.shown, key=key)
        for key in keys_of(where)
        if key.id not in ("palette", "back")
    ]
    return own + [Operation(label, told, theme=name) for name, label, told in THEMES]


class Palette(Dialog[Operation]):
    """A line to type in and the operations that fit; Enter or a click does one."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape,ctrl+p", "leave", "やめる"),
        Binding("down", "move(1)", "次へ"),
        Binding("up", "move(-1)", "前へ"),
    ]
    CSS = """
    Palette { background: $background; }
    Palette OptionList { height: auto; max-height: 14; margin-top: 1; }
    Palette Input { width: 100%; }
    """

    def __init__(self, offered: list[Operation]) -> None:
        super().__init__()
        self.offered = offered
        self.found = offered

    def compose(self) -> ComposeResult:
        """Yield the line and the list."""
        with Vertical(classes="dialog"):
            yield Static("操作を探す", classes="dialog-title", markup=False)
            yield Input(placeholder="操作の名前の一部を入れてください（例: 年度、ねんど）")
            choices = OptionList()
            choices.can_focus = False
            yield choices
            yield Button("やめる（Esc）", classes="dialog-foot")

    def on_mount(self) -> None:
        """Show everything."""
        self._show("")
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what fits."""
        self._show(event.value)

    def _show(self, typed: str) -> None:
        found = [operation for operation in self.offered if operation.matches(typed)]
        self.found = sorted(found, key=lambda operation: not operation.is_called(typed))
        choices = self.query_one(OptionList)
        choices.clear_options()
        if not self.found:
            choices.add_option(Option(Text("あてはまる操作はありません"), disabled=True))
            return
        for operation in self.found:
            line = cell(operation.label, 20)
            line.append_text(cell(operation.shown, 12))
            line.append(cut(operation.help, 34))
            choices.add_option(Option(line, id=str(self.offered.index(operation))))
        choices.highlighted = 0

    def action_move(self, step: int) -> None:
        """Move in the list while the line keeps the focus."""
        choices = self.query_one(OptionList)
        if self.found:
            choices.highlighted = ((choices.highlighted or 0) + step) % len(self.found)

    def on_input_submitted(self) -> None:
        """Do the operation that is marked."""
        place = self.query_one(OptionList).highlighted
        if self.found and place is not None:
            self.dismiss(self.found[place])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do the operation that was clicked."""
        self.dismiss(self.offered[int(event.option.id or 0)])

    def on_button_pressed(self) -> None:
        """Do nothing."""
        self.dismiss(None)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)
