"""年度比較: years side by side, this year against last first."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Click
from textual.widgets import Static

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.ui import keys
from shakyo_review.ui.comparing import CompareTable, counts_line
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.widgets.fixed_table import FixedTable
from shakyo_review.ui.widgets.prose import Para, Prose

MOST = 4
"""Years shown side by side."""


class ViewLine(Static):
    """Which rows are shown and in what order; a click changes it."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="view")
        self._spans: list[tuple[int, int, str]] = []

    def show(self, *, by_indicator: bool, by_fall: bool) -> None:
        """Show the choices, the present ones in brackets."""
        line, self._spans = Text(no_wrap=True), []
        choices = (
            ("目標ごと", not by_indicator, "switch"),
            ("指標ごと", by_indicator, "switch"),
            ("計画の順", not by_fall, "by_fall"),
            ("下がった順", by_fall, "by_fall"),
        )
        for place, (label, chosen, action) in enumerate(choices):
            line.append("　　並べ方: " if place == 2 else "" if place else "表: ")
            start = line.cell_len
            line.append(
                f"[{label}]" if chosen else f" {label} ", style="bold reverse" if chosen else ""
            )
            if not chosen:
                self._spans.append((start, line.cell_len, action))
            line.append(" ")
        self.update(line)

    async def on_click(self, event: Click) -> None:
        """Change what was clicked."""
        for start, end, action in self._spans:
            if start <= event.x - 1 < end:
                await self.screen.run_action(action)
                return


class CompareScreen(ReviewScreen):
    """Goals and indicators of several years."""

    where = keys.COMPARE
    follows = True
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.COMPARE)  # type: ignore[assignment]
    CSS = """
    CompareScreen #about { height: auto; padding: 0 1; background: $surface; }
    CompareScreen #view { height: 1; padding: 0 1; }
    CompareScreen #years { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.by_indicator = False
        self.by_fall = False

    def content(self) -> ComposeResult:
        """Yield what is compared, the choices, and the table."""
        yield Static("", id="about", markup=False)
        yield ViewLine()
        yield FixedTable(id="years")

    def on_mount(self) -> None:
        """Stand in the table."""
        self.query_one(FixedTable).focus()
        super().on_mount()

    def on_resize(self) -> None:
        """Fit the columns."""
        super().on_resize()
        if self.query_one(FixedTable).codes:
            self.reload()

    def compared_years(self) -> list[int]:
        """Return the years shown: the one on screen and those before it that have results."""
        before = [year for year in self.book.years_with(Kind.ACTUAL) if year < self.year]
        return [*before[1 - MOST :], self.year]

    def show_book(self) -> None:
        """Read the years and show them."""
        years = self.compared_years()
        comparison = self.book.compare(years)
        shown = CompareTable(
            {year: self.book.plan_of(year) for year in years},
            comparison,
            by_indicator=self.by_indicator,
            by_fall=self.by_fall,
            width=self.size.width,
        )
        if len(years) > 1:
            told = f"{year_label(years[-1])}と{year_label(years[-2])}の判定: {counts_line(shown.compared)}"
        else:
            told = f"{year_label(self.year)}より前の実績がないため、くらべる年度がありません。"
        legend = "推移（古い年度から）: _ 低い - 中 ^ 高い　* は例示を含む　右の列は矢印の左右で"
        self.query_one("#about", Static).update(Prose((Para(told), Para(legend, style="dim"))))
        self.query_one(ViewLine).show(by_indicator=self.by_indicator, by_fall=self.by_fall)
        self.query_one(FixedTable).fill(shown.columns, shown.rows(), fixed=1)

    def action_switch(self) -> None:
        """Show the indicators instead of the goals, or the other way round."""
        self.by_indicator = not self.by_indicator
        self.reload()

    def action_by_fall(self) -> None:
        """Put what fell first, or go back to the order of the plan."""
        self.by_fall = not self.by_fall
        self.reload()
