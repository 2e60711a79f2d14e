"""Asking for a larger window, in front of whatever does not fit into this one."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.widgets.prose import Para, Prose

COLUMNS, LINES = 76, 20
"""Below this, screens lose what cannot be done without (80 by 24 is complete)."""


def too_small(width: int, height: int) -> bool:
    """Whether the screens do not fit into a window."""
    return width < COLUMNS or height < LINES


class SmallWindow(Dialog[None]):
    """Stays until the window is large enough; nothing typed meanwhile reaches what is behind it."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("ctrl+q", "quit_from_here", "終わる", show=False, priority=True),
    ]
    CSS = """
    SmallWindow { background: $background; align: left top; }
    SmallWindow Static { padding: 0 1; height: auto; }
    """

    def compose(self) -> ComposeResult:
        """Yield the sentence."""
        told = (
            f"画面が小さすぎます。窓を広げてください（横{COLUMNS}文字・縦{LINES}行以上。80×24がおすすめ）。"
            "広げると続きが出ます。入力した値はなくなりません。"
        )
        yield Static(Prose((Para(told.replace("×", "x")),)), markup=False)

    def on_resize(self) -> None:
        """Give way when there is room."""
        self.look()

    def on_screen_resume(self) -> None:
        """Give way when there is room and nothing is in front any more."""
        self.look()

    def look(self) -> None:
        """Close where the window is large enough."""
        if not too_small(*self.app.size):
            self.dismiss(None)

    def action_leave(self) -> None:
        """Stay: what is behind is not to be seen yet."""

    def action_quit_from_here(self) -> None:
        """Leave the program by way of the screen behind, which may have something to store."""
        self.dismiss(None)
        self.app.call_later(self.app.run_action, "quit")
