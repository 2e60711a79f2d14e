"""Choosing the fiscal year on screen."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.fiscal_year import full_label
from shakyo_review.domain.year_state import YEAR_STATE_LABELS
from shakyo_review.services.book import ReviewBook
from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.marks import cell


class ChooseYear(Dialog[int]):
    """The years of a book; Enter or a click takes one, Esc leaves everything as it is."""

    BINDINGS: ClassVar[list[Binding]] = [Binding("escape", "leave", "やめる")]  # type: ignore[assignment]
    CSS = """
    ChooseYear { background: $background; }
    ChooseYear OptionList { height: auto; max-height: 14; }
    """

    def __init__(self, book: ReviewBook, year: int) -> None:
        super().__init__()
        self.book = book
        self.year = year

    def compose(self) -> ComposeResult:
        """Yield the list."""
        with Vertical(classes="dialog"):
            yield Static("年度を選んでください", classes="dialog-title", markup=False)
            yield OptionList(*self._options())
            yield Static(
                "上下の矢印で選んで Enter を押します。", classes="dialog-foot", markup=False
            )
            yield Button("やめる（Esc）", classes="dialog-foot")

    def _options(self) -> list[Option]:
        with_results = set(self.book.years_with(Kind.ACTUAL))
        working, plan = self.book.working_year, self.book.plan
        options = []
        for year in self.book.years():
            marks = [
                word
                for word, holds in (
                    ("いま表示中", year == self.year),
                    ("入力する年度", year == working),
                    ("実績あり", year in with_results and year != working),
                    ("計画の前", year < plan.first_year),
                    ("計画の後", year > plan.last_year),
                )
                if holds
            ]
            text = cell(full_label(year), 24)
            text.append_text(cell(YEAR_STATE_LABELS[self.book.state(year)], 6, style="bold"))
            text.append("・".join(marks))
            options.append(Option(text, id=str(year)))
        return options

    def on_mount(self) -> None:
        """Stand on the year on screen."""
        years = self.query_one(OptionList)
        for place in range(years.option_count):
            if years.get_option_at_index(place).id == str(self.year):
                years.highlighted = place
        years.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the year."""
        self.dismiss(int(event.option.id or self.year))

    def on_button_pressed(self) -> None:
        """Keep the year."""
        self.dismiss(None)

    def action_leave(self) -> None:
        """Keep the year."""
        self.dismiss(None)
