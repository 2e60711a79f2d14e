"""Choosing one from a list."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.marks import cut, fit

Choice = TypeVar("Choice")
WIDTH = 66
"""Columns of an entry."""


class ChooseDialog(Dialog[Choice]):
    """A list of which one is chosen with Enter or a click; Esc gives None."""

    BINDINGS: ClassVar[list[Binding]] = [Binding("escape", "leave", "やめる", show=False)]  # type: ignore[assignment]
    AUTO_FOCUS = "OptionList"

    def __init__(
        self, title: str, choices: Sequence[tuple[str, Choice]], *, chosen: int = 0
    ) -> None:
        super().__init__()
        self.title_text = title
        self.choices = list(choices)
        self.chosen = chosen

    def compose(self) -> ComposeResult:
        """Yield title, list and hint."""
        with Vertical(classes="dialog"):
            yield Static(fit(self.title_text), classes="dialog-title", markup=False)
            yield from self.above_list()
            yield OptionList(*map(self.option, range(len(self.choices))))
            yield Static(
                "上下キーで選び、Enter で決めます。Esc でやめます。",
                classes="dialog-hint",
                markup=False,
            )

    def above_list(self) -> ComposeResult:
        """Yield what stands between title and list."""
        yield from ()

    def option(self, place: int) -> Option:
        """Return the entry of a choice; it keeps the choice's place when the list is narrowed."""
        return Option(Text(cut(self.choices[place][0], WIDTH), no_wrap=True), id=str(place))

    def on_mount(self) -> None:
        """Stand on the choice in force."""
        if self.choices:
            self.query_one(OptionList).highlighted = min(self.chosen, len(self.choices) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give the choice back."""
        event.stop()
        self.choose(event.option)

    def choose(self, option: Option) -> None:
        """Close with the choice of an entry."""
        self.dismiss(self.choices[int(option.id or 0)][1])

    def action_leave(self) -> None:
        """Close without a choice."""
        self.dismiss(None)
