"""What the entry screen writes: one value, a cleared one, a copied one, a pasted block, and undo."""

from collections.abc import Callable

from shakyo_review.domain.cell import KIND_LABELS, Kind
from shakyo_review.domain.person import Act
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ReviewError
from shakyo_review.services.entry import (
    CellConflict,
    Outcome,
    ReasonNeeded,
    act_on,
    record,
    understand,
)
from shakyo_review.storage.database import read_only_problem
from shakyo_review.ui import entry_text
from shakyo_review.ui.screens.entry_errata import EntryErrata
from shakyo_review.ui.screens.entry_reasons import replaces_target
from shakyo_review.ui.sheet import Row
from shakyo_review.ui.undo import Taken, UndoLog

Then = Callable[[], str | None]
"""What follows when a value is stored (a move of the cursor); may give a sentence to add."""


class EntryWriting(EntryErrata):
    """Everything by which the book is changed from the grid.

    A value is on disk when the call that confirms it returns; only then does the cursor move.
    """

    def __init__(self) -> None:
        super().__init__()
        self.log_of_changes = UndoLog()
        self._opened_at = 0
        self._codes: list[object] = []
        """The codes of the plan's indicators, edition by edition, when a step was last remembered."""

    def look(self) -> None:
        """Take over what others have written; overridden by the screen."""

    # --- opening the bar -----------------------------------------------------------------------

    def may_write(self, kind: Kind | None = None) -> Row | None:
        """Return the row a value (of the column, or of a kind) can be typed into.

        None, with a sentence, where none can: a read-only book, another committee's row.
        """
        row, kind = self.grid.place, kind or self.grid.kind
        if row is None:
            return None
        if self.book.file.read_only:
            self.tell(entry_text.sentence(read_only_problem(self.book.path)), error=True)
            return None
        # In a sealed year the reason of the erratum is asked for when it is confirmed.
        act = Act.ERRATUM if self.sealed() else act_on(kind)
        try:
            if not self.book.may(act, row.indicator, self.year):
                self.book.check(act, row.indicator, year=self.year)
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
            return None
        return row

    def begin(self, *, old: bool = False) -> bool:
        """Open the bar on the cell under the cursor, with its old value or empty."""
        row = self.may_write()
        if row is None:
            return False
        cell = self.sheet.cell(row, self.grid.kind)
        self._opened_at = cell.version
        self.bar.open(
            entry_text.editable_text(cell.reading, self.sheet.indicator(row)) if old else ""
        )
        self.show_reading()
        return True

    def show_reading(self) -> None:
        """Say how what is typed will be read, before it is stored."""
        row = self.grid.place
        if row is None or not self.bar.editing or self.bar.noting:
            return
        try:
            told = entry_text.reading_text(self.bar.text, self.sheet.indicator(row))
        except ReviewError as problem:
            told = f"まだ読めません: {entry_text.sentence(problem)}"
        self.bar.show_info([told, *([entry_text.WILL_CORRECT] if self.sealed() else [])])

    def cancel(self) -> None:
        """Close the bar and leave the cell as it is."""
        self.bar.close()
        self.show_place()

    # --- storing -------------------------------------------------------------------------------

    def confirm(self, then: Then) -> bool:
        """Store what stands in the bar and go on; False where it stays open (unreadable, conflict)."""
        row, kind, bar = self.grid.place, self.grid.kind, self.bar
        if row is None or bar.untouched:
            self.cancel()
            then()
            return True
        try:
            reading = understand(self.sheet.indicator(row), bar.text)
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
            return False
        return self.store(row, kind, reading, self._opened_at, then)

    def store(
        self,
        row: Row,
        kind: Kind,
        reading: Reading,
        version: int,
        then: Then,
        reason: str = "",
    ) -> bool:
        """Store one value for the version that was seen.

        Asks where a reason is needed, and where somebody else came first.
        """
        place = self.sheet.key(row, kind)
        if self.sealed():
            self.correct_sealed(row, kind, reading, version, then)
            return False
        try:
            if not reason and self.needs_reason(kind, self.sheet.cell(row, kind).reading, reading):
                raise ReasonNeeded("", "")
            outcome = record(self.book, place, reading, reason=reason, expected_version=version)
        except CellConflict as conflict:
            seen = self.sheet.cell(row, kind)
            if version == seen.version and conflict.current.reading == seen.reading:
                # Only the sentence beside it is another one: nothing of theirs is overwritten.
                return self.store(row, kind, reading, conflict.current.version, then, reason)
            self._ask(row, kind, reading, conflict, then, reason)
            return False
        except ReasonNeeded:
            self._ask_reason(row, kind, reading, version, then)
            return False
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
            return False
        self.bar.close()
        self.remember([outcome])
        blanks = self.sheet.blanks
        self.show_changed(row.indicator)
        told = then()
        self.show_place(info=False)
        segments = entry_text.stored_text(self.sheet, row, kind, outcome.cell, outcome.warnings)
        if blanks and not self.sheet.blanks:
            told = f"{entry_text.NO_BLANK}{entry_text.MAY_SUBMIT}"
        self.bar.show_info([*segments, *([told] if told else [])])
        self.warned = row if outcome.warnings else None
        return True

    def remember(self, outcomes: list[Outcome]) -> None:
        """Remember a stored step, so that it can be taken back."""
        codes = self._codes_now()
        if codes != self._codes:
            self.log_of_changes, self._codes = UndoLog(), codes
        self.log_of_changes.add(outcomes)

    def _codes_now(self) -> list[object]:
        return [edition.ids.indicator for edition in self.book.editions.all]

    def _ask_reason(self, row: Row, kind: Kind, reading: Reading, version: int, then: Then) -> None:
        before = self.sheet.cell(row, kind).reading
        change = entry_text.change_text(self.sheet, row, kind, before, reading)

        def settle(reason: str | None) -> None:
            if reason is not None:
                self.store(row, kind, reading, version, then, reason)
                return
            self.bar.close()
            self.show_place(info=False)
            value = entry_text.amount(before, self.sheet.indicator(row))
            self.tell(f"変えずにやめました。{KIND_LABELS[kind]}は {value} のままです。")

        self.ask_why([change], settle, target=replaces_target(kind, before, reading))

    def _ask(
        self,
        row: Row,
        kind: Kind,
        reading: Reading,
        conflict: CellConflict,
        then: Then,
        reason: str,
    ) -> None:
        from shakyo_review.ui.dialogs.conflict import ConflictDialog

        indicator = self.sheet.indicator(row)
        part = f" {self.sheet.part_name(row)}" if row.part else ""
        theirs = entry_text.amount(conflict.current.reading, indicator)
        mine = entry_text.amount(reading, indicator)

        def settle(take: bool | None) -> None:
            if take:
                self.show_changed(row.indicator)  # what stands there now may ask for a reason
                self.store(row, kind, reading, conflict.current.version, then, reason)
                return
            self.leave_theirs("値", theirs, mine)

        place = f"{row.indicator} {indicator.name}{part}　{KIND_LABELS[kind]}"
        self.app.push_screen(ConflictDialog(place, mine, theirs, conflict.who, conflict.at), settle)

    def leave_theirs(self, what: str, theirs: str, mine: str) -> None:
        """Show what somebody else has written meanwhile, and say that it stays."""
        self.bar.close()
        self.show_changed(None)
        self.show_place(info=False)
        self.tell(f"相手の{what} {theirs} を残しました。入力した {mine} は保存していません。")

    # --- without typing ------------------------------------------------------------------------

    def action_clear(self) -> None:
        """Clear the cell under the cursor."""
        row, kind = self.may_write(), self.grid.kind
        if row is None:
            return
        cell = self.sheet.cell(row, kind)
        if cell.reading.state is State.NOT_ENTERED:
            parts = not row.part and kind is Kind.ACTUAL and not self.sheet.wants(row, kind)
            self.tell(
                "全体の値は入っていません（内訳から求めています）。"
                if parts
                else "すでに空欄です。"
            )
            return
        self.store(row, kind, Reading(State.NOT_ENTERED), cell.version, lambda: None)

    def action_same_above(self) -> None:
        """Copy the value of the cell above."""
        row, kind = self.may_write(), self.grid.kind
        if row is None:
            return
        place = self.grid.cursor_row
        above = self.sheet.rows[place - 1] if place else None
        copied = None if above is None else self.sheet.cell(above, kind).reading
        if above is None or copied is None or copied.state is State.NOT_ENTERED:
            self.tell("上のセルに値がありません。")
            return
        try:
            text = entry_text.editable_text(copied, self.sheet.indicator(above))
            reading = understand(self.sheet.indicator(row), text)
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
            return
        self.store(row, kind, reading, self.sheet.cell(row, kind).version, lambda: None)

    # --- undo ----------------------------------------------------------------------------------

    def action_undo(self) -> None:
        """Take the last step back."""
        self._turn(
            lambda book: self.log_of_changes.undo(book),
            "元に戻しました",
            "元に戻せる変更はありません。",
        )

    def action_redo(self) -> None:
        """Do the last undone step again."""
        self._turn(
            lambda book: self.log_of_changes.redo(book),
            "やり直しました",
            "やり直せる変更はありません。",
        )

    def _turn(self, step: Callable[..., Taken | None], done: str, nothing: str) -> None:
        if self._codes and self._codes_now() != self._codes:
            self.log_of_changes, self._codes = UndoLog(), []
            self.tell(entry_text.NO_UNDO_ACROSS)
            return
        try:
            taken = step(self.book)
        except ReviewError as problem:
            self.show_changed(None)
            self.tell(entry_text.sentence(problem), error=True)
            return
        if taken is None:
            self.tell(nothing)
            return
        if taken.put:
            self.show_cell(taken.put[-1])
        self.show_changed(None)
        self.show_place(info=False)
        told = [entry_text.outcome_text(self.sheet, outcome) for outcome in taken.put[-1:]]
        if len(taken.put) > 1:
            told = [f"{done}（{len(taken.put)}件）。"]
        elif told:
            told = [f"{done}: {told[0]}"]
        for conflict in taken.refused:
            who = conflict.who if conflict.who and conflict.who != self.book.who else "別の人"
            told.append(
                f"{conflict.current.key.indicator} は {who} がそのあとに変えているため、そのままにしました。"
            )
        self.bar.show_info(told, error=bool(taken.refused))

    def show_cell(self, outcome: Outcome) -> None:
        """Bring the cell of a change under the cursor; overridden by the screen."""
