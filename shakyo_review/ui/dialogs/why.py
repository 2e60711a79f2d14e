"""The derivation of one row: why this rate and this letter."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from shakyo_review.domain.derivation import Step
from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.marks import fit
from shakyo_review.ui.widgets.prose import Para, Prose


class WhyDialog(Dialog[None]):
    """The steps of a derivation, one below the other; scrolls where they are many."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape,enter,ctrl+w", "leave", "閉じる", show=False)
    ]
    AUTO_FOCUS = "#why-steps"

    def __init__(self, title: str, steps: Sequence[Step]) -> None:
        super().__init__()
        self.title_text = title
        self.steps = steps

    def compose(self) -> ComposeResult:
        """Yield title, steps and hint."""
        with Vertical(classes="dialog why"):
            yield Static(fit(self.title_text), classes="dialog-title", markup=False)
            with VerticalScroll(id="why-steps"):
                lines = tuple(Para(step.text, head=step.title) for step in self.steps)
                yield Static(Prose(lines), id="why-text", markup=False)
            yield Static(
                "上下キーで送ります。Enter か Esc で閉じます。", classes="dialog-hint", markup=False
            )

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
