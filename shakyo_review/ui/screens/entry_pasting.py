"""What is pasted into the entry screen: one value into the bar, a block over the cells."""

from shakyo_review.errors import ReviewError
from shakyo_review.services.entry import CellConflict, Outcome, record
from shakyo_review.ui import entry_text
from shakyo_review.ui.dialogs.paste import PasteDialog
from shakyo_review.ui.paste import Pasted, place_block, single_value
from shakyo_review.ui.screens.entry_reasons import replaces_target
from shakyo_review.ui.screens.entry_writing import EntryWriting

NOT_PASTED = "貼り付けをやめました。何も書き込んでいません。"
SHOWN = 4
"""Changes that are named again when a reason is asked for."""


class EntryPasting(EntryWriting):
    """Paste: understood as a whole, shown, then stored as one step of undo."""

    def take_paste(self, text: str) -> None:
        """One value goes into the bar, a block over the cells from the cursor on."""
        if not text.strip() or not self.is_active:
            if self.is_active:
                self.tell(
                    "貼り付ける内容がありません。端末の貼り付け（Ctrl+Shift+V など）を使ってください。"
                )
            return
        value = single_value(text)
        if value is not None:
            if self.bar.editing or self.begin():
                self.bar.input.replace(value, *self.bar.input.selection)
                self.show_reading()
            return
        if self.bar.editing:
            self.tell(entry_text.NOW_TYPING, error=True)
            return
        self._paste_block(text)

    def _paste_block(self, text: str) -> None:
        self.look()
        if self.may_write() is None:
            return
        if self.sealed():
            self.tell(entry_text.NO_BLOCK_IN_SEALED, error=True)
            return
        try:
            changes = place_block(self.sheet, self.grid.cursor_row, self.grid.kind, text)
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
            return
        if not changes:
            self.tell("貼り付けても変わる値はありません。")
            return
        lines = [
            entry_text.change_text(self.sheet, c.row, c.kind, c.before.reading, c.reading)
            for c in changes
        ]

        def settle(yes: bool | None) -> None:
            if yes:
                self._explain_block(changes, lines)
            else:
                self.tell(NOT_PASTED)

        self.app.push_screen(PasteDialog(lines), settle)

    def _explain_block(self, changes: list[Pasted], lines: list[str]) -> None:
        """Ask one reason for the whole block where one of its changes needs one."""
        targets = any(replaces_target(c.kind, c.before.reading, c.reading) for c in changes)
        if not targets and not self.evaluating():
            self._store_block(changes, "")
            return

        def settle(reason: str | None) -> None:
            if reason is None:
                self.tell(NOT_PASTED)
            else:
                self._store_block(changes, reason)

        more = [f"ほか{len(lines) - SHOWN}件"] if len(lines) > SHOWN else []
        self.ask_why([*lines[:SHOWN], *more], settle, target=targets)

    def _store_block(self, changes: list[Pasted], reason: str) -> None:
        """Store a block cell by cell as one undo step; cells others have changed are left alone."""
        outcomes: list[Outcome] = []
        left: list[str] = []
        stopped = ""
        for change in changes:
            try:
                outcome = record(
                    self.book,
                    change.key,
                    change.reading,
                    reason=reason,
                    expected_version=change.before.version,
                )
            except CellConflict as conflict:
                left.append(f"{change.row.indicator}（{conflict.who or '別の人'}）")
                continue
            except ReviewError as problem:
                stopped = entry_text.sentence(problem)
                break
            outcomes.append(outcome)
        if outcomes:
            self.remember(outcomes)
        self.show_changed(None)
        self.show_place(info=False)
        told = [f"{len(outcomes)}件を貼り付けて保存しました。"]
        if left:
            told.append(f"ほかの人が先に変えた{len(left)}件はそのままです: {'・'.join(left[:5])}")
        if stopped:
            told.append(
                f"残りの{len(changes) - len(outcomes) - len(left)}件は保存していません。{stopped}"
            )
        odd = [w for outcome in outcomes for w in outcome.warnings]
        if odd:
            told.append(f"確かめてください（{len(odd)}件）: {odd[0]}")
        self.bar.show_info(told, error=bool(stopped or left))
