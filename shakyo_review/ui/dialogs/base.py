"""What all questions in front of a screen share."""

from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A question that is answered once: a second Enter of the same moment closes nothing more.

    Textual takes the topmost screen away with every ``dismiss``, whoever calls it, and fails
    when only one is left. Every dialog has ``action_leave``, which asks before it throws away what
    has been typed.
    """

    BINDINGS: ClassVar[list[Binding]] = [Binding("ctrl+q", "app.quit", "終わる", show=False)]  # type: ignore[assignment]

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with an answer; does nothing where the dialog is closed already."""
        return super().dismiss(result) if self.is_active else AwaitComplete.nothing()

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
