"""A figure of a sealed year corrected (正誤): asked for where a person types into such a cell."""

from collections.abc import Callable
from contextlib import suppress

from shakyo_review.domain.cell import KIND_LABELS, Kind
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.value import Reading
from shakyo_review.errors import ConflictFound, ReviewError
from shakyo_review.services.entry import current_cell
from shakyo_review.ui import entry_text
from shakyo_review.ui.screens.entry_reasons import EntryReasons
from shakyo_review.ui.sheet import Row
from shakyo_review.ui.widgets.entry_bar import EntryBar


class EntryErrata(EntryReasons):
    """A sealed cell is typed into like any other; before it is stored the reason is asked for."""

    @property
    def bar(self) -> EntryBar:
        """The bar below the grid."""
        return self.query_one(EntryBar)

    def show_changed(self, indicator: str | None) -> None:
        """Show a row anew after its figures have changed; overridden by the screen."""

    def begin(self, *, old: bool = False) -> bool:
        """Open the bar; overridden by the screen."""
        return False

    def sealed(self) -> bool:
        """Tell whether the year is sealed (a busy file is asked again when it is written)."""
        with suppress(ReviewError):
            return self.book.state(self.year).closed
        return False

    def action_erratum(self) -> None:
        """Open the cell of a sealed year; other years are typed into without more ado."""
        if not self.sealed():
            label = year_label(self.year)
            self.tell(f"{label}はまだ確定していません。値はそのまま打って直せます。")
            return
        self.begin(old=True)

    def correct_sealed(
        self, row: Row, kind: Kind, reading: Reading, version: int, then: Callable[[], str | None]
    ) -> None:
        """Ask for the reason and correct the cell; Esc leaves everything as it is."""
        from shakyo_review.services.sealing import correct
        from shakyo_review.ui.dialogs.ask_text import AskText

        before = self.sheet.cell(row, kind).reading
        change = entry_text.change_text(self.sheet, row, kind, before, reading)
        place = self.sheet.key(row, kind)
        if before == reading:
            self.bar.close()
            self.show_place(info=False)
            self.tell("すでにその値です。何も変えていません。")
            return

        def store(reason: str) -> None:
            if current_cell(self.book, place).version != version:
                raise ConflictFound(
                    "この値は、ほかの人が先に直しています。",
                    "Esc で戻って、今の値を確かめてください。",
                )
            correct(self.book, place, reading, reason)

        def settle(stored: bool | None) -> None:
            self.bar.close()
            if not stored:
                self.show_place(info=False)
                value = entry_text.amount(before, self.sheet.indicator(row))
                self.tell(f"直さずにやめました。{KIND_LABELS[kind]}は {value} のままです。")
                return
            self.book.refresh()
            self.show_changed(None)
            then()
            self.show_place(info=False)
            self.bar.show_info([f"正誤として直しました: {change}"])

        form = AskText(
            f"正誤（{year_label(self.year)}は確定しています）",
            store,
            hint="例: 集計表からの写し間違い",
            about=[
                change,
                "率と判定は計算し直して、確定し直します。人が付けた評価はそのままです。",
                "正誤と理由は、履歴と報告書に残ります。Esc でやめると、元の値のままです。",
            ],
            ok="正誤として直す",
        )
        self.app.push_screen(form, settle)
