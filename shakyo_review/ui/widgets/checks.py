"""A list of which several are chosen: Enter, the space bar or a click puts a mark or takes it away."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from shakyo_review.ui.marks import fit


class Checks(OptionList):
    """Names with titles, and which of them are chosen."""

    BINDINGS: ClassVar[list[Binding]] = [Binding("space", "select", "選ぶ", show=False)]  # type: ignore[assignment]

    def __init__(
        self, offered: Sequence[tuple[str, str]], chosen: Iterable[str], *, name: str
    ) -> None:
        self.offered = dict(offered)
        self._marked = set(chosen)
        super().__init__(*(Option(self._prompt(one), id=one) for one in self.offered), id=name)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names chosen, in the order of the list."""
        return tuple(name for name in self.offered if name in self._marked)

    def mark(self, names: Iterable[str]) -> None:
        """Choose these names and no others."""
        self._marked = set(names)
        for name in self.offered:
            self.replace_option_prompt(name, self._prompt(name))

    def _prompt(self, name: str) -> Text:
        mark = "[x]" if name in self._marked else "[ ]"
        return Text(fit(f"{mark} {self.offered[name]}"), no_wrap=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose, or leave out."""
        event.stop()
        name = event.option.id or ""
        self._marked ^= {name}
        self.replace_option_prompt(name, self._prompt(name))
