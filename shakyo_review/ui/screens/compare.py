"""年度比較: years side by side, this year against last first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Click
from textual.widgets import DataTable, Static

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.comparison_filter import (
    ORDER_LABELS,
    Order,
    Wanted,
    fell,
)
from shakyo_review.domain.fiscal_year import full_label, year_label
from shakyo_review.domain.plan import Plan
from shakyo_review.errors import WrongUsage
from shakyo_review.ui import keys
from shakyo_review.ui.compared_row import row_lines, row_steps
from shakyo_review.ui.comparing import CompareTable, counts_line
from shakyo_review.ui.screens.compare_narrowing import CompareNarrowing
from shakyo_review.ui.widgets.fixed_table import FixedTable
from shakyo_review.ui.widgets.prose import Para, Prose

MOST = 4
"""Years shown side by side until others are chosen."""
TALL = 32
"""From this height on there is more room for the marked row."""


class ViewLine(Static):
    """Which rows are shown and in what order; a click changes it."""

    def __init__(self) -> None:
        super().__init__("", markup=False, id="view")
        self._spans: list[tuple[int, int, str]] = []

    def show(self, *, by_indicator: bool, order: Order) -> None:
        """Show the choices, the present ones in brackets."""
        line, self._spans = Text(no_wrap=True), []
        choices = [("目標ごと", not by_indicator, "switch"), ("指標ごと", by_indicator, "switch")]
        choices += [(label, one is order, f"order('{one}')") for one, label in ORDER_LABELS.items()]
        for place, (label, chosen, action) in enumerate(choices):
            line.append("　並べ方: " if place == 2 else "" if place else "表: ")
            start = line.cell_len
            line.append(
                f"[{label}]" if chosen else f" {label} ", style="bold reverse" if chosen else ""
            )
            if not chosen:
                self._spans.append((start, line.cell_len, action))
        self.update(line)

    async def on_click(self, event: Click) -> None:
        """Change what was clicked."""
        for start, end, action in self._spans:
            if start <= event.x - 1 < end:
                await self.screen.run_action(action)
                return


class CompareScreen(CompareNarrowing):
    """Goals and indicators of several years."""

    where = keys.COMPARE
    follows = True
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.COMPARE)  # type: ignore[assignment]
    CSS = """
    CompareScreen #about { height: auto; padding: 0 1; background: $surface; }
    CompareScreen #view { height: 1; padding: 0 1; }
    CompareScreen #years { height: 1fr; }
    CompareScreen #row { height: 7; padding: 0 1; background: $surface; }
    CompareScreen #row.tall { height: 9; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.by_indicator = False
        self.order = Order.PLAN
        self.wanted = Wanted()
        self.chosen: tuple[int, ...] = ()
        """The years a person has chosen to see; none: the year on screen and those before it."""
        self._chosen_in = 0
        self.shown: CompareTable | None = None

    def content(self) -> ComposeResult:
        """Yield what is compared, the choices, the table, and the marked row."""
        yield Static("", id="about", markup=False)
        yield ViewLine()
        yield FixedTable(id="years")
        yield Static("", id="row", markup=False)

    def on_mount(self) -> None:
        """Stand in the table."""
        self.query_one(FixedTable).focus()
        super().on_mount()

    def on_resize(self) -> None:
        """Fit the columns."""
        super().on_resize()
        self.query_one("#row").set_class(self.size.height >= TALL, "tall")
        if self.shown is not None:
            self.reload()

    # --- reading and showing -----------------------------------------------------------------

    def compared_years(self) -> list[int]:
        """Return the years shown: those chosen, else the one on screen and those before it with results."""
        if self.chosen and self._chosen_in == self.year:
            return list(self.chosen)
        before = [year for year in self.book.years_with(Kind.ACTUAL) if year < self.year]
        return [*before[1 - MOST :], self.year]

    @property
    def plans(self) -> Mapping[int, Plan]:
        """The plans of the years shown."""
        return {year: self.book.plan_of(year) for year in self.compared_years()}

    def show_book(self) -> None:
        """Read the years and show them."""
        years, plans = self.compared_years(), self.plans
        self.shown = shown = CompareTable(
            plans,
            self.book.compare(years),
            by_indicator=self.by_indicator,
            order=self.order,
            wanted=self.wanted,
            width=self.size.width,
        )
        self.query_one("#about", Static).update(Prose(tuple(self._about(shown, plans))))
        self.query_one(ViewLine).show(by_indicator=self.by_indicator, order=self.order)
        self.query_one(FixedTable).fill(shown.columns, shown.rows(), fixed=1)
        self._show_row()

    def _about(self, shown: CompareTable, plans: Mapping[int, Plan]) -> list[Para]:
        years = sorted(plans)
        if len(years) > 1:
            pair = f"{year_label(years[-1])}と{year_label(years[-2])}"
            lines = [Para(f"{pair}の判定: {counts_line(shown.compared)}")]
        else:
            lines = [
                Para(f"{year_label(years[-1])}より前の実績がないため、くらべる年度がありません。")
            ]
        if not shown.begun:
            lines.append(
                Para(
                    f"{year_label(years[-1])}の実績はまだありません。F2 で、並べる年度を選べます。"
                )
            )
        if not self.wanted.all:
            count = f"{len(shown.all):,}件のうち{len(shown.compared):,}件"
            none = "" if shown.compared else "。あてはまる行がありません"
            told = (
                f"絞りこみ: {self.wanted.words(plans[years[-1]])}（{count}{none}）　Esc で、やめる"
            )
            lines.append(Para(told, style="bold"))
        return lines

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell about the row that is marked now."""
        event.stop()
        self._show_row()

    def _show_row(self) -> None:
        shown, code = self.shown, self.query_one(FixedTable).code
        row = None if shown is None or code is None else shown.rows_by_code.get(code)
        lines = [] if row is None else row_lines(row, self.plans, self.size.width - 2)
        self.query_one("#row", Static).update(Prose(tuple(lines)))

    def again(self, *, top: bool) -> None:
        """Show the rows anew, from the top or where they were."""
        self.reload()
        if top and self.query_one(FixedTable).codes:
            self.query_one(FixedTable).move_cursor(row=0, animate=False)

    # --- what is shown -----------------------------------------------------------------------

    def action_switch(self) -> None:
        """Show the indicators instead of the goals, or the other way round."""
        self.by_indicator = not self.by_indicator
        self.again(top=False)

    def action_order(self, to: str = "") -> None:
        """Put the rows in another order; without one given, in the next."""
        orders = list(Order)
        following = orders[(orders.index(self.order) + 1) % len(orders)]
        self.order = Order(to) if to else following
        self.again(top=True)
        self.tell(f"{ORDER_LABELS[self.order]}に並べました。")

    def action_next_fall(self) -> None:
        """Go to the next row that fell, from the top again after the last one."""
        table = self.query_one(FixedTable)
        rows = self.shown.rows_by_code if self.shown is not None else {}
        fallen = [place for place, code in enumerate(table.codes) if fell(rows[code].change)]
        if not fallen:
            self.tell("下がった行はありません。")
            return
        table.move_cursor(row=next((one for one in fallen if one > table.cursor_row), fallen[0]))

    def action_choose_years(self) -> None:
        """Ask which years are to stand side by side."""
        from shakyo_review.ui.dialogs.form import Form, Ticks

        with_results = set(self.book.years_with(Kind.ACTUAL))
        names = {
            full_label(year) + ("　実績あり" if year in with_results else ""): year
            for year in reversed(self.book.years())
        }
        shown = set(self.compared_years())
        off = [name for name, year in names.items() if year not in shown]

        def take(values: Mapping[str, str]) -> None:
            found = [names[name] for name in values["years"].splitlines()]
            if not found:
                raise WrongUsage("年度が1つも選ばれていません。", "スペースキーで選んでください。")
            self.chosen, self._chosen_in = tuple(sorted(found)), self.year

        ticks = Ticks("years", "年度", list(names), off, words=("並べる", "－"), height=10)
        form = Form("どの年度を並べますか", [ticks], take, about=["新しい年度が左に来ます。"])
        self.app.push_screen(form, lambda stored: self.again(top=False) if stored else None)

    # --- one row -----------------------------------------------------------------------------

    def on_fixed_table_chosen(self, event: FixedTable.Chosen) -> None:
        """Show the row that was pressed."""
        event.stop()
        self.action_whole()

    def action_whole(self) -> None:
        """Show everything about the marked row: its years, the difference, and how it came about."""
        from shakyo_review.ui.dialogs.why import WhyDialog

        code = self.query_one(FixedTable).code
        row = None if self.shown is None or code is None else self.shown.rows_by_code.get(code)
        if row is not None:
            self.app.push_screen(WhyDialog("年度の比較", row_steps(row, self.plans)))
