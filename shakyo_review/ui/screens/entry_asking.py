"""What the entry screen asks and shows in front of the sheet: rows, owners, words, reasons."""

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.derivation import indicator_steps
from shakyo_review.services.entry import Outcome
from shakyo_review.ui import entry_text
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.dialogs.why import WhyDialog
from shakyo_review.ui.marks import cut
from shakyo_review.ui.owners import owned_by, owners_in
from shakyo_review.ui.screens.entry_pasting import EntryPasting
from shakyo_review.ui.sheet import Row


class EntryAsking(EntryPasting):
    """Which rows are shown, and where the cursor is brought."""

    def __init__(self) -> None:
        super().__init__()
        self._owner: str | None = None
        self._opened: frozenset[str] = frozenset()

    def show_sheet(self) -> None:
        """Lay the grid out anew; overridden by the screen."""

    def to_first_blank(self) -> None:
        """Stand where the work begins; overridden by the screen."""

    def go_to(self, row: Row, kind: Kind) -> None:
        """Bring the cursor to a cell and describe it."""
        self.grid.go(row, kind)
        self.show_place()

    def action_unfold(self) -> None:
        """Fold the branches and periods of the row out or in."""
        row = self.grid.place
        if row is None:
            return
        if not self.sheet.folds(row.indicator):
            self.tell(entry_text.NO_PARTS)
            return
        self._opened ^= {row.indicator}
        self.show_sheet()
        parts = sum(r.indicator == row.indicator for r in self.sheet.rows) - 1
        self.grid.call_after_refresh(self.grid.bring_up, parts)

    def action_choose_committee(self) -> None:
        """Show the rows of one owner, or all."""
        plan = self.sheet.plan
        owners: list[str | None] = [None, *owners_in(plan)]
        count = {o: sum(owned_by(plan, code, o) for code in plan.indicators) for o in owners}
        choices = [(f"{owner or 'すべて'}（{count[owner]}件）", (owner,)) for owner in owners]

        def settle(chosen: tuple[str | None] | None) -> None:
            if chosen is not None and chosen[0] != self._owner:
                self._owner = chosen[0]
                self.show_sheet()
                self.to_first_blank()
                self.tell(
                    f"担当「{self._owner}」の行だけを出しています。"
                    if self._owner
                    else "すべての行を出しています。"
                )

        dialog = ChooseDialog("どの担当の行を出しますか", choices, chosen=owners.index(self._owner))
        self.app.push_screen(dialog, settle)

    def action_find(self) -> None:
        """Find a row by the name of its indicator or action, or by its code."""
        plan = self.sheet.plan
        choices, searched = [], []
        for code, indicator in plan.indicators.items():
            path = plan.path_of(plan.action_of[code])
            choices.append((f"{code} {indicator.name}（{path[-1].name}）", code))
            searched.append(" ".join([code, indicator.name, *(item.name for item in path)]))

        def settle(code: str | None) -> None:
            if code is None:
                return
            if not owned_by(plan, code, self._owner):
                self._owner = None
                self.show_sheet()
            self.go_to(Row(code), Kind.ACTUAL)

        self.app.push_screen(FindDialog("取組・指標を探す", choices, searched), settle)

    def action_why(self) -> None:
        """Show why this rate and this letter."""
        row = self.grid.place
        if row is not None:
            title = f"{row.indicator} {self.sheet.indicator(row).name} の算出過程"
            self.app.push_screen(WhyDialog(title, indicator_steps(self.sheet.scored(row))))

    def action_copy(self) -> None:
        """Copy what is selected in the open bar, else the value of the cell."""
        row = self.grid.place
        if row is None:
            return
        if self.bar.editing:
            text = self.bar.input.selected_text or self.bar.text
        else:
            text = entry_text.editable_text(
                self.sheet.cell(row, self.grid.kind).reading, self.sheet.indicator(row)
            )
        if text:
            self.app.copy_to_clipboard(text)
        if not self.bar.editing:
            self.tell(
                f"「{cut(text, 40)}」を写しました。"
                if text
                else "空欄なので、写すものがありません。"
            )

    def show_cell(self, outcome: Outcome) -> None:
        """Bring the cell of a change under the cursor, in its year and among all rows if need be."""
        key = outcome.cell.key
        if key.year != self.year:
            self.review.choose_year(key.year)
        row = Row(key.indicator, key.branch, key.period)
        if not owned_by(self.sheet.plan, key.indicator, self._owner):
            self._owner = None
            self.show_sheet()
        if row.part and key.indicator not in self._opened:
            self._opened |= {key.indicator}
            self.show_sheet()
        self.grid.go(row, key.kind)
