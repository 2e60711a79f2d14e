"""実施内容: the sentence on what was done, typed and shown beside the actual, in the same place."""

from shakyo_review.domain.cell import Kind
from shakyo_review.errors import ReviewError
from shakyo_review.services.entry import CellConflict, ReasonNeeded
from shakyo_review.ui import entry_text
from shakyo_review.ui.marks import cut
from shakyo_review.ui.screens.entry_writing import EntryWriting, Then
from shakyo_review.ui.sheet import Row

SHOWN = 60
"""Columns of a sentence in a question."""


class EntryNoting(EntryWriting):
    """The line of the sentence: opened, stored at once, refused where somebody else came first."""

    def action_note(self) -> None:
        """Type the sentence of the row; a value still being typed is stored first."""
        if self.bar.noting or (self.bar.editing and not self.confirm(lambda: None)):
            return
        if self.sealed():
            self.tell(entry_text.NOT_IN_SEALED, error=True)
            return
        row = self.may_write(Kind.ACTUAL)
        if row is None:
            return
        cell = self.sheet.cell(row, Kind.ACTUAL)
        self._opened_at = cell.version
        self.bar.open(entry_text.typed_note(cell.note), noting=True)
        self.bar.show_info(["行ったことを書きます。Enter で保存、Esc でやめます。"])

    def confirm(self, then: Then) -> bool:
        """Store what stands in the bar, a value or the sentence, and go on."""
        if not self.bar.noting:
            return super().confirm(then)
        row = self.grid.place
        if row is None or self.bar.untouched:
            self.cancel()
            then()
            return True
        note = self.bar.text.replace(entry_text.NEW_LINE, "\n").strip()
        return self.store_note(row, note, self._opened_at, then)

    def store_note(self, row: Row, note: str, version: int, then: Then, reason: str = "") -> bool:
        """Store the sentence of a row for the version that was seen; False where something is asked."""
        from shakyo_review.services.blocks import annotate

        key = self.sheet.key(row, Kind.ACTUAL)
        try:
            outcome = annotate(self.book, key, note, reason=reason, expected_version=version)
        except CellConflict as conflict:
            seen = self.sheet.cell(row, Kind.ACTUAL)
            if version == seen.version and conflict.current.note == seen.note:
                return self.store_note(row, note, conflict.current.version, then, reason)
            self._ask_note(row, note, conflict, then, reason)
            return False
        except ReasonNeeded:
            self._ask_note_reason(row, note, version, then)
            return False
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
            return False
        self.bar.close()
        self.remember([outcome])
        self.show_changed(row.indicator)
        then()
        self.show_place(info=False)
        done = "書いて保存しました" if note else "消しました"
        self.tell(f"{row.indicator} の実施内容を{done}。")
        return True

    def _ask_note(
        self, row: Row, note: str, conflict: CellConflict, then: Then, reason: str
    ) -> None:
        from shakyo_review.ui.dialogs.conflict import ConflictDialog

        theirs, mine = (
            f"「{cut(entry_text.typed_note(text), SHOWN)}」" if text else "なし"
            for text in (conflict.current.note, note)
        )

        def settle(take: bool | None) -> None:
            if take:
                self.show_changed(row.indicator)
                self.store_note(row, note, conflict.current.version, then, reason)
                return
            self.leave_theirs("文", theirs, mine)

        place = f"{row.indicator} {self.sheet.indicator(row).name}　実施内容"
        dialog = ConflictDialog(place, mine, theirs, conflict.who, conflict.at, what="文")
        self.app.push_screen(dialog, settle)

    def _ask_note_reason(self, row: Row, note: str, version: int, then: Then) -> None:
        def settle(reason: str | None) -> None:
            if reason is not None:
                self.store_note(row, note, version, then, reason)

        told = cut(entry_text.typed_note(note), SHOWN) or "なし"
        self.ask_why([f"{row.indicator} 実施内容 → {told}"], settle, target=False)
