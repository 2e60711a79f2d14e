"""When the entry screen asks why: a figure changed late, a target changed, an odd value confirmed."""

from collections.abc import Callable
from contextlib import suppress

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.person import Act
from shakyo_review.domain.value import Reading, State
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import ReviewError
from shakyo_review.ui import entry_text
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.sheet import Row, Sheet
from shakyo_review.ui.widgets.value_grid import ValueGrid


def replaces_target(kind: Kind, before: Reading, after: Reading) -> bool:
    """Tell whether a target that had a value gets another one: that is never done without a reason."""
    return kind is Kind.TARGET and before.state is not State.NOT_ENTERED and before != after


class EntryReasons(ReviewScreen):
    """The questions for a reason; Esc leaves everything as it is."""

    sheet: Sheet

    def __init__(self) -> None:
        super().__init__()
        self.warned: Row | None = None
        """The row whose value, stored just now, looked odd."""

    @property
    def grid(self) -> ValueGrid:
        """The table."""
        return self.query_one(ValueGrid)

    def show_place(self, *, info: bool = True) -> None:
        """Describe the cell under the cursor; overridden by the screen."""

    def needs_reason(self, kind: Kind, before: Reading, after: Reading) -> bool:
        """Tell whether a change has to be explained before it is stored."""
        return replaces_target(kind, before, after) and not self.book.state(self.year).closed

    def evaluating(self) -> bool:
        """Tell whether the year is being evaluated (a busy file is asked again when it is written)."""
        with suppress(ReviewError):
            return self.book.state(self.year) is YearState.EVALUATION
        return False

    def ask_why(
        self, lines: list[str], then: Callable[[str | None], None], *, target: bool
    ) -> None:
        """Ask why figures are changed."""
        from shakyo_review.ui.dialogs.ask_reason import ask_reason

        about = list(lines)
        if target:
            about.append("目標を変えるときは、理由と（あれば）決めた会議を残します。")
        if self.evaluating():
            label = year_label(self.year)
            about.append(f"{label}は評価が始まっているので、値を変えるには理由が要ります。")
        about.append("理由は履歴と報告書に残ります。Esc でやめると、元の値のままです。")
        title = "目標を変える理由" if target else "値を変える理由"
        ask_reason(self.app, title, about, then, meeting=target)

    def action_confirm_value(self) -> None:
        """Confirm an odd value with a reason: that stored just now, else that under the cursor."""
        from shakyo_review.services.improving import confirm_value
        from shakyo_review.ui.dialogs.ask_reason import ask_reason

        row = self.warned or self.grid.place
        if row is None:
            return
        try:
            found = self.sheet.findings(row.indicator)
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
            return
        waiting = [one for one in found if one.open]
        if not waiting:
            told = [f"確認済みです: {one.text}（{one.confirmed}）" for one in found]
            self.tell("　".join(told) or entry_text.NOTHING_ODD)
            return
        try:
            self.book.check(Act.CONFIRM, row.indicator, year=self.year)
        except ReviewError as problem:
            self.tell(entry_text.sentence(problem), error=True)
            return
        title = f"この値は確かめましたか　{row.indicator} {waiting[0].name}"
        about = [f"・{one.text}" for one in waiting]
        about.append("正しければ、その理由を書きます。値が変わるまで、もう尋ねません。")

        def settle(reason: str | None) -> None:
            if reason is None:
                return
            try:
                confirm_value(self.book, row.indicator, self.year, reason)
            except ReviewError as problem:
                self.tell(entry_text.sentence(problem), error=True)
                return
            self.sheet.read()
            self.grid.refresh_rows(row.indicator)
            self.show_place()
            self.tell(f"{row.indicator} を確認済みにしました（{reason}）。")

        ask_reason(self.app, title, about, settle, hint="例: 担当に確かめた。開催回数を増やした")
