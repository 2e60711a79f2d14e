"""入力: the sheet of targets and actuals, with an entry bar at a fixed place."""

from contextlib import suppress
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Resize
from textual.widgets import Static

from shakyo_review.domain.cell import KIND_LABELS, Kind
from shakyo_review.errors import ReviewError
from shakyo_review.ui import cover, entry_text, keys
from shakyo_review.ui.screens.entry_keys import EntryKeys
from shakyo_review.ui.sheet import Sheet
from shakyo_review.ui.walking import next_blank
from shakyo_review.ui.widgets.entry_bar import Doing, EntryBar, renew
from shakyo_review.ui.widgets.value_grid import ValueGrid

MARK_AFTER = 0.05
"""Seconds after which odd values are looked for: the rows have been painted by then."""


class EntryScreen(EntryKeys):
    """The grid, the bar, and what both show of the book."""

    where = keys.ENTRY
    CSS_PATH = "entry.tcss"
    AUTO_FOCUS = "EntryInput"
    follows = True
    complete = False
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.ENTRY)  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self._seen: object = None

    def content(self) -> ComposeResult:
        """Yield the line above the grid, the grid, the bar."""
        yield Doing("choose_committee", id="place")
        yield ValueGrid(self.may_leave)
        yield Static("", id="nothing", markup=False)
        yield EntryBar(self.take_key, self.take_paste)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key through that was typed before the sheet stood."""
        return super().check_action(action, parameters) if self.ready else False

    # --- reading the book ------------------------------------------------------------------------

    def show_book(self) -> None:
        """Show the year; where the same sheet is on screen already, only what has changed."""
        try:
            if self.ready and self.sheet.year == self.year:
                self.look()
            else:
                self.bar.close()
                if not self.ready:
                    self.begin_with_own()
                self.show_sheet()
                self.to_first_blank()
            self.show_title()
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
        self.call_after_refresh(self.bar.place_cursor)

    def show_sheet(self) -> None:
        """Read the book and lay the grid out anew; the cursor stays where it is, if it can."""
        self._seen = self._state()
        self.sheet = Sheet(self.book, self.year, self._owners, self._opened)
        rows = bool(self.sheet.rows)
        for name in ("#grid", "#place", "#bar"):
            self.query_one(name).display = rows
        nothing = self.query_one("#nothing", Static)
        nothing.display = not rows
        if rows:
            self.grid.show(self.sheet)
            self.show_place()
            self.set_timer(0.001 if cover.now.up else MARK_AFTER, self._mark_odd)
        elif self.sheet.plan.indicators:
            nothing.update(entry_text.NO_ROWS.format(owner=entry_text.whose(self._owners)))
        else:
            nothing.update(entry_text.NO_INDICATORS)
        self.complete |= not rows

    def _mark_odd(self) -> None:
        """Mark the values that look wrong, once the sheet stands on the screen; never under typing hands."""
        if self.bar.editing:
            self.set_timer(1, self._mark_odd)
            return
        self.sheet.marked = True
        with suppress(ReviewError):  # a busy file: they are marked with the next change
            self.grid.refresh_rows()
        self.complete = True

    def to_first_blank(self) -> None:
        """Stand where the work begins: on the first actual that is missing."""
        blank = next_blank(self.sheet, -1, 1)
        if blank is not None:
            self.go_to(blank, Kind.ACTUAL)

    def _state(self) -> object:
        """Return what changes when another process writes."""
        return self.book.file.data_version()[0]

    def look(self) -> None:
        """Take over what others have written meanwhile; costs microseconds where nothing was."""
        try:
            state = self._state()
            if state == self._seen or self.bar.editing:
                return  # never under the hands of somebody who types; the version tells when he confirms
            self.book.refresh()
            self.show_changed(None)
            self._seen = state
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)

    def show_changed(self, indicator: str | None) -> None:
        """Show one indicator anew, or (None) all; the whole grid where rows came or widths changed."""
        before = self.sheet.rows
        plan = self.sheet.plan
        self.sheet.read()
        same = self.sheet.rows == before and (plan is self.sheet.plan or plan == self.sheet.plan)
        if not same or not self.grid.refresh_rows(indicator):
            self.show_sheet()
        self._show_line()

    def look_again(self) -> None:
        """Look now and then, but never while somebody types."""
        if self.is_active and self.ready:
            self.look()

    def on_entry_input_returned(self) -> None:
        """Look at the book again when the terminal window comes back to the front."""
        self.look()

    def on_resize(self, event: Resize) -> None:
        """Fit the columns to the new size."""
        if self.ready and self.sheet.rows and self.grid.laid_out_for != self.app.size.width:
            self.grid.show(self.sheet)
            self.show_place(info=False)
            self.bar.show_info_again()
            self.call_after_refresh(self.bar.place_cursor)

    def marked_code(self) -> str | None:
        """Return the indicator under the cursor."""
        return self.grid.place.indicator if self.ready and self.grid.place is not None else None

    # --- what stands around the cursor -----------------------------------------------------------

    def show_place(self, *, info: bool = True) -> None:
        """Describe the cell under the cursor in the bar."""
        self.to_describe = False
        row, kind = self.grid.place, self.grid.kind
        if row is None:
            return
        self.bar.show_label(
            entry_text.place_label(self.sheet, row),
            f"{KIND_LABELS[kind]} ＞",
            entry_text.empty_hint(self.sheet, row, kind),
            entry_text.amount(self.sheet.cell(row, kind).reading, self.sheet.indicator(row)),
            entry_text.typed_note(self.sheet.note(row)),
        )
        if info:
            self.warned = None
            self.bar.show_info(entry_text.standing(self.sheet, row))
        self._show_line()

    def _show_line(self) -> None:
        """Show the action of the row on the left, whose rows are shown and what is missing on the right."""
        row = self.grid.place
        if row is None:
            return
        line = entry_text.place_line(
            self.sheet, row, max(self.app.size.width - 2, 20), self.tone("good")
        )
        renew(self.query_one("#place", Static), line)

    def tell(self, text: str, *, error: bool = False) -> None:
        """Show one sentence in the bar, so that nothing on the screen moves while somebody types."""
        if self.bar.display:
            self.bar.show_info([text], error=error)
        else:
            super().tell(text, error=error)
