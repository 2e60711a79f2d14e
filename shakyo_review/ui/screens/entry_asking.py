"""What the entry screen asks and shows in front of the sheet: rows, owners, words, reasons."""

from shakyo_review.domain.cell import HALVES, MONTHS, PERIOD_SETS, QUARTERS, Kind
from shakyo_review.domain.owners import owned_by, owners_in
from shakyo_review.domain.person import folded
from shakyo_review.services.entry import Outcome
from shakyo_review.services.remembering import OWNER, remember, remembered
from shakyo_review.ui import entry_text
from shakyo_review.ui.marks import cut
from shakyo_review.ui.screens.entry_pasting import EntryPasting
from shakyo_review.ui.sheet import Row

PERIODS = (
    ("月ごと（4月から3月までの12行）", MONTHS),
    ("四半期ごと（4行）", QUARTERS),
    ("上半期と下半期（2行）", HALVES),
)


class EntryAsking(EntryPasting):
    """Which rows are shown, and where the cursor is brought."""

    def __init__(self) -> None:
        super().__init__()
        self._owners: tuple[str, ...] = ()
        """Whose rows are shown; none named: all."""
        self._owners_before: tuple[str, ...] = ()
        """Whose rows were shown before all were."""
        self._opened: dict[str, tuple[str, ...]] = {}
        """The indicators folded out, with the periods to offer where they have none yet."""

    def show_sheet(self) -> None:
        """Lay the grid out anew; overridden by the screen."""

    def to_first_blank(self) -> None:
        """Stand where the work begins; overridden by the screen."""

    def go_to(self, row: Row, kind: Kind) -> None:
        """Bring the cursor to a cell and describe it."""
        self.grid.go(row, kind)
        self.show_place()

    def action_unfold(self) -> None:
        """Fold the branches and periods of the row out or in; ask which periods where there are none."""
        from shakyo_review.ui.dialogs.choose import ChooseDialog

        row = self.grid.place
        if row is None:
            return
        code = row.indicator
        if code in self._opened:
            del self._opened[code]
            self.show_sheet()
        elif self.sheet.folds(code):
            self._unfold(code, ())
        else:
            choices = [(label, periods) for label, periods in PERIODS]
            dialog = ChooseDialog("内訳をどう分けて入れますか", choices)
            self.app.push_screen(
                dialog, lambda periods: None if periods is None else self._unfold(code, periods)
            )

    def _unfold(self, code: str, periods: tuple[str, ...]) -> None:
        self._opened[code] = periods
        self.show_sheet()
        if periods:
            self.go_to(Row(code, "", periods[0]), Kind.ACTUAL)
        parts = sum(r.indicator == code for r in self.sheet.rows) - 1
        self.grid.call_after_refresh(self.grid.bring_up, parts)

    # --- whose rows ----------------------------------------------------------------------------

    def begin_with_own(self) -> None:
        """Show the own rows of a registered 委員, else those of the owner chosen last on this machine."""
        known = owners_in(self.book.plan_of(self.year))
        person = self.book.person
        if person is not None:
            mine = set(map(folded, person.owners))
            self._owners = tuple(owner for owner in known if folded(owner) in mine)
        elif not self.review.served:
            last = remembered(self.book.path, OWNER)
            self._owners = (last,) if last in known else ()

    def show_owners(self, owners: tuple[str, ...]) -> None:
        """Show the rows of some owners, or (none named) all."""
        self._owners_before = self._owners or self._owners_before
        self._owners = owners
        self.show_sheet()
        self.to_first_blank()
        self.tell(
            f"担当「{entry_text.whose(owners)}」の行だけを出しています。"
            if owners
            else "すべての行を出しています。"
        )

    def action_all_rows(self) -> None:
        """Show all rows, or again those of the owners before."""
        if self._owners:
            self.show_owners(())
        elif self._owners_before:
            self.show_owners(self._owners_before)
        else:
            self.action_choose_committee()

    def action_choose_committee(self) -> None:
        """Show the rows of one owner, or all."""
        from shakyo_review.ui.dialogs.choose import ChooseDialog

        plan = self.sheet.plan
        owners: list[tuple[str, ...]] = [(), *((owner,) for owner in owners_in(plan))]
        if len(self._owners) > 1:
            owners.insert(1, self._owners)
        choices = []
        for one in owners:
            count = sum(owned_by(plan, code, one) for code in plan.indicators)
            choices.append((f"{entry_text.whose(one)}（{count}件）", one))

        def settle(chosen: tuple[str, ...] | None) -> None:
            if chosen is not None and chosen != self._owners:
                self.show_owners(chosen)
                if self.book.person is None and not self.review.served:
                    remember(self.book.path, OWNER, chosen[0] if chosen else "")

        dialog = ChooseDialog(
            "どの担当の行を出しますか", choices, chosen=owners.index(self._owners)
        )
        self.app.push_screen(dialog, settle)

    def action_find(self) -> None:
        """Find a row by the name of its indicator or action, or by its code."""
        from shakyo_review.ui.dialogs.find import FindDialog

        plan = self.sheet.plan
        choices, searched = [], []
        for code, indicator in plan.indicators.items():
            path = plan.path_of(plan.action_of[code])
            choices.append((f"{code} {indicator.name}（{path[-1].name}）", code))
            searched.append(" ".join([code, indicator.name, *(item.name for item in path)]))

        def settle(code: str | None) -> None:
            if code is None:
                return
            if not owned_by(plan, code, self._owners):
                self.show_owners(())
            self.go_to(Row(code), Kind.ACTUAL)

        self.app.push_screen(FindDialog("取組・指標を探す", choices, searched), settle)

    def action_why(self) -> None:
        """Show why this rate and this letter."""
        from shakyo_review.domain.derivation import indicator_steps
        from shakyo_review.ui.dialogs.why import WhyDialog

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
        if not owned_by(self.sheet.plan, key.indicator, self._owners):
            self.show_owners(())
        if row.part and row not in self.sheet.rows:
            periods = next((one for one in PERIOD_SETS if key.period in one), ())
            self._opened[key.indicator] = periods
            self.show_sheet()
        self.grid.go(row, key.kind)
