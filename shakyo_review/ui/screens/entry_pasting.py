"""What is pasted into the entry screen: one value into the bar, a block over the cells."""

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.value import State
from shakyo_review.errors import ReviewError
from shakyo_review.services.blocks import Wish, odd_before, record_block
from shakyo_review.services.entry import CellConflict, act_on
from shakyo_review.ui import entry_text
from shakyo_review.ui.paste import Pasted
from shakyo_review.ui.screens.entry_noting import EntryNoting
from shakyo_review.ui.screens.entry_reasons import replaces_target
from shakyo_review.ui.sheet import Row

NOT_PASTED = "貼り付けをやめました。何も書き込んでいません。"
SHOWN = 4
"""Changes that are named again when a reason is asked for."""


class EntryPasting(EntryNoting):
    """Paste: understood as a whole, shown, then stored as one step of undo."""

    def take_paste(self, text: str) -> None:
        """One value goes into the bar, a block over the cells from the cursor on."""
        from shakyo_review.ui.paste import single_value

        if not text.strip() or not self.is_active:
            if self.is_active:
                self.tell(
                    "貼り付ける内容がありません。端末の貼り付け（Ctrl+Shift+V など）を使ってください。"
                )
            return
        if self.bar.noting:
            self._paste_sentence(text)
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

    def _paste_sentence(self, text: str) -> None:
        """Put a text into the line of the sentence, line breaks as a sign."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").replace("\t", " ")
        shown = entry_text.typed_note(lines)
        clean = "".join(c if c.isprintable() or c == "　" else "?" for c in shown)
        self.bar.input.replace(clean, *self.bar.input.selection)

    def _paste_block(self, text: str, told: str = "") -> None:
        """Show what a block changes, and store it where the person says so; ``told`` stands above it."""
        from shakyo_review.ui.dialogs.paste import PasteDialog
        from shakyo_review.ui.paste import place_block

        self.look()
        if self.may_write() is None:
            return
        if self.sealed():
            self.tell(entry_text.NO_BLOCK_IN_SEALED, error=True)
            return
        first, kind = self.grid.cursor_row, self.grid.kind
        try:
            block = place_block(self.sheet, first, kind, text, self._may_paste)
            odd = odd_before(self.book, [_wish(change) for change in block.changes])
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
            return
        if not block.changes and not block.refused:
            self.tell("貼り付けても変わる値はありません。")
            return
        lines = [
            entry_text.change_text(self.sheet, c.row, c.kind, c.before.reading, c.reading)
            for c in block.changes
        ]
        unsure = [text for found in odd.values() for text in found]
        unsure += [
            f"{change.row.indicator}の「{change.reading.text}」は文字のまま残ります（率は出ません）"
            for change in block.changes
            if change.reading.state is State.TEXT
        ]

        def settle(yes: bool | None) -> None:
            if yes:
                self._explain_block(block.changes, lines, text)
            else:
                self.tell(NOT_PASTED)

        self.app.push_screen(PasteDialog(lines, block.refused, unsure, told), settle)

    def _may_paste(self, row: Row, kind: Kind) -> bool:
        return self.book.may(act_on(kind), row.indicator, self.year)

    def _explain_block(self, changes: list[Pasted], lines: list[str], text: str) -> None:
        """Ask one reason for the whole block where one of its changes needs one."""
        targets = any(replaces_target(c.kind, c.before.reading, c.reading) for c in changes)
        if not targets and not self.evaluating():
            self._store_block(changes, "", text)
            return

        def settle(reason: str | None) -> None:
            if reason is None:
                self.tell(NOT_PASTED)
            else:
                self._store_block(changes, reason, text)

        more = [f"ほか{len(lines) - SHOWN}件"] if len(lines) > SHOWN else []
        self.ask_why([*lines[:SHOWN], *more], settle, target=targets)

    def _store_block(self, changes: list[Pasted], reason: str, text: str) -> None:
        """Store a block in one go, as one undo step; where others were faster show it anew."""
        try:
            outcomes = record_block(self.book, [_wish(change) for change in changes], reason)
        except CellConflict as conflict:
            self.show_changed(None)
            self._paste_block(text, f"書き込んでいません。{conflict.message}")
            return
        except ReviewError as problem:
            self.show_changed(None)
            self.tell(entry_text.sentence(problem), error=True)
            return
        self.remember(outcomes)
        self.show_changed(None)
        self.show_place(info=False)
        told = [f"{len(outcomes)}件を貼り付けて保存しました。"]
        odd = [w for outcome in outcomes for w in outcome.warnings]
        if odd:
            told.append(f"確かめてください（{len(odd)}件）: {odd[0]}")
        if not self.sheet.blanks:
            told.append(f"{entry_text.NO_BLANK}{entry_text.MAY_SUBMIT}")
        self.bar.show_info(told)


def _wish(change: Pasted) -> Wish:
    return Wish(change.key, change.reading, change.before.version)
