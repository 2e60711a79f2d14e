"""What a pasted block will change, before it is stored."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.marks import fit


class PasteDialog(Dialog[bool]):
    """Lists the changes; True stores them. Esc writes nothing."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape", "leave", "やめる", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll_list(-1)", show=False),
        Binding("down", "scroll_list(1)", show=False),
        Binding("pageup", "scroll_list(-10)", show=False),
        Binding("pagedown", "scroll_list(10)", show=False),
    ]
    AUTO_FOCUS = "#paste"

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self.lines = list(lines)

    def compose(self) -> ComposeResult:
        """Yield the changes and the two answers."""
        with Vertical(classes="dialog wide"):
            yield Static(
                f"{len(self.lines)}件の値を貼り付けます", classes="dialog-title", markup=False
            )
            with VerticalScroll(id="paste-lines", can_focus=False):
                yield Static(Text(fit("\n".join(self.lines))), markup=False)
            yield Static(
                "空白のセルと、今と同じ値は変えません。あとで Ctrl+Z で元に戻せます。", markup=False
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button("貼り付ける", id="paste")
                yield Button("やめる", id="stop")
            yield Static(
                "上下キーで一覧を送り、左右キーで選び、Enter で決めます。",
                classes="dialog-hint",
                markup=False,
            )

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the answer back."""
        event.stop()
        self.dismiss(event.button.id == "paste")

    def action_scroll_list(self, lines: int) -> None:
        """Scroll the list of changes."""
        self.query_one("#paste-lines", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Close without writing."""
        self.dismiss(False)
