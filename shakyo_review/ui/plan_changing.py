"""Changing the plan on its screen: at once while it is being set up, else as a revision."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.person import Act
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.errors import ReviewError
from shakyo_review.services.planning import Step, being_set_up, look, set_up, take_back
from shakyo_review.services.revising import Outcome
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.revise import Decision, Edit, PreviewDialog, WhenAndWhy, decide, tried
from shakyo_review.ui.folding import FoldingScreen
from shakyo_review.ui.plan_adding import AddDialog, Place
from shakyo_review.ui.plan_edits import ask_head, rules_offered
from shakyo_review.ui.plan_indicator_edits import IndicatorEdits
from shakyo_review.ui.plan_item_edits import ItemEdits
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.fixed_table import FixedTable

UNCHANGED = "計画は変えていません。"


class ChangingPlan(FoldingScreen):
    """The part of the screen of the plan that changes it."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        """What has been done while the plan is being set up, to be taken back one by one."""

    def show_line(self, code: str) -> None:
        """Mark a line; overridden."""

    def _may_change(self) -> bool:
        self.book.check(Act.PLAN)
        newest = self.book.editions.newest
        if self.book.edition_of(self.year).number == newest.number:
            return True
        later = year_label(newest.effective_year)
        self.tell(
            f"{year_label(self.year)}の計画は改定の前のものです。{later}以降の年度に切り替えて（Ctrl+PgDn）変えてください。",
            error=True,
        )
        return False

    def doing(self, step: Callable[[], None]) -> None:
        """Take a step of a change; what cannot be done is told."""
        try:
            step()
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)

    # --- what is offered ---------------------------------------------------------------------

    def action_change(self) -> None:
        """Offer what can be changed in the marked line."""
        if not self._may_change():
            return
        code = self.query_one(FixedTable).code
        plan = self.book.plan
        if code is None:
            self.action_add()
            return
        if code not in plan.items and code not in plan.indicators:
            self.tell("この行は、いちばん新しい計画にありません。", error=True)
            return
        edits: ItemEdits | IndicatorEdits
        if code in plan.indicators:
            edits = IndicatorEdits(self.app, self.book, code, self.go_on)
        else:
            edits = ItemEdits(self.app, self.book, code, self.go_on, self.add_at)
        name = plan.indicators[code].name if code in plan.indicators else plan.items[code].name

        def settle(place: int | None) -> None:
            if place is not None:
                self.doing(offered[place][1])

        offered = edits.offered()
        choices = [(label, place) for place, (label, _) in enumerate(offered)]
        self.app.push_screen(ChooseDialog(f"何を変えますか　{code} {name}", choices), settle)

    def action_change_rules(self) -> None:
        """Offer the rules, the scales and the title of the plan."""
        if not self._may_change():
            return
        offered = rules_offered(self.book)

        def settle(place: int | None) -> None:
            if place is None:
                return
            edit = offered[place][1]
            if edit is None:
                ask_head(self.app, self.book, self.go_on, whole=being_set_up(self.book))
            else:
                self.go_on(edit)

        choices = [(label, place) for place, (label, _) in enumerate(offered)]
        self.app.push_screen(ChooseDialog("計画の規則・評価基準を変える", choices), settle)

    # --- adding one after another ------------------------------------------------------------

    def action_add(self) -> None:
        """Add after the marked line: items one after another, after an indicator another one."""
        if not self._may_change():
            return
        code = self.query_one(FixedTable).code
        plan = self.book.plan
        if code in plan.indicators:
            self._add_indicator(plan.action_of[code], self.go_on)
        else:
            self.add_at(Place.beside(plan, code))

    def add_at(self, place: Place) -> None:
        """Open the bar that adds one item after another; a revision takes them all at the end."""
        pending: list[Edit] = []

        def take(edit: Edit) -> Plan:
            if being_set_up(self.book):
                self._apply(edit)
                return self.book.plan
            pending.append(edit)
            return reduce(lambda plan, one: tried(one.change, plan), pending, self.book.plan)

        dialog = AddDialog(self.book.plan, place, take)

        def left(_: bool | None) -> None:
            item = dialog.indicator_for
            if item is None:
                if pending:
                    self.go_on(_together(pending))
            elif pending:
                self._add_indicator(
                    item, lambda edit: self.go_on(_together([*pending, edit])), dialog.plan
                )
            else:
                self._add_indicator(
                    item, self.go_on, then=lambda: self.add_at(Place.beside(self.book.plan, item))
                )

        self.app.push_screen(dialog, left)

    def _add_indicator(
        self,
        item: str,
        go_on: Callable[[Edit], None],
        plan: Plan | None = None,
        then: Callable[[], None] | None = None,
    ) -> None:
        def settle(edit: Edit) -> None:
            go_on(edit)
            if then is not None and being_set_up(self.book):
                then()

        edits = ItemEdits(self.app, self.book, item, settle, self.add_at)
        edits.plan = plan or self.book.plan
        edits.add_indicator()

    # --- doing it ----------------------------------------------------------------------------

    def go_on(self, edit: Edit) -> None:
        """Change the plan: at once or after a look while it is set up, else ask from when and why first."""
        if not being_set_up(self.book):
            self.doing(lambda: self._ask_when(edit))
        elif edit.quick:
            self.doing(lambda: self._apply(edit))
        else:
            self.doing(lambda: self._look(edit))

    def _apply(self, edit: Edit) -> None:
        """Change a plan that is being set up, and say how to take it back."""
        step = set_up(self.book, edit.title, lambda plan: edit.change(plan, None), edit.targets)
        self.steps.append(step)
        self._show_changes(step.outcome)
        self.tell(f"{_told(step.outcome)}。Ctrl+Z で元に戻せます。")

    def _look(self, edit: Edit) -> None:
        outcome = look(self.book, lambda plan: edit.change(plan, None), edit.targets)
        decision = Decision(edit, None, "", "", outcome, setting_up=True)

        def settle(yes: bool | None) -> None:
            if yes:
                self.doing(lambda: self._apply(edit))
            else:
                self.tell(UNCHANGED)

        self.app.push_screen(PreviewDialog(decision), settle)

    def action_undo(self) -> None:
        """Take back the last change of a plan being set up; tell what to do where there are results."""
        if not self._may_change():
            return
        if not being_set_up(self.book):
            self.tell(
                "登録した改定は消せません。F2 から逆の変更をするか、「書きまちがいを正す」を選んで直します。"
            )
            return
        if not self.steps:
            self.tell("元に戻す変更はありません（この画面を開いてからの変更を戻せます）。")
            return
        step = self.steps[-1]
        outcome = take_back(self.book, step)
        self.steps.pop()
        self._show_changes(outcome)
        self.tell(f"「{step.title}」を元に戻しました。")

    def _ask_when(self, edit: Edit) -> None:
        form = WhenAndWhy(self.book, edit, self.year)

        def asked(tried_out: bool | None) -> None:
            decision = form.decision
            if tried_out and decision is not None:
                self.app.push_screen(
                    PreviewDialog(decision), lambda yes: self._settle(decision, yes)
                )
            else:
                self.tell(UNCHANGED)

        self.app.push_screen(form, asked)

    def _settle(self, decision: Decision, yes: bool | None) -> None:
        if not yes:
            self.tell(UNCHANGED)
            return
        try:
            found = decide(
                self.book,
                decision.edit,
                decision.from_year,
                decision.reason,
                decision.meeting,
                dry_run=False,
            )
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)
            return
        if decision.from_year is not None and self.year < decision.from_year:
            self.review.choose_year(decision.from_year)
        self._show_changes(found)
        since = (
            "修正しました"
            if decision.from_year is None
            else f"{year_label(decision.from_year)}から改定しました"
        )
        self.tell(f"計画を{since}（{_told(found)}）。")

    def _show_changes(self, found: Outcome) -> None:
        self.reload()
        tree = self.folded
        for one in found.revision.changes:
            if tree is not None and (
                one.code in tree.plan.items or one.code in tree.plan.indicators
            ):
                self.show_line(one.code)
                break


def _told(found: Outcome) -> str:
    changed = found.revision.changes
    first = changed[0]
    whole = first.code == WHOLE_PLAN or not first.name or first.name in first.text
    named = "" if whole else f"{first.code} {first.name}: "
    more = f"　ほか{len(changed) - 1}件" if len(changed) > 1 else ""
    return f"{named}{first.text}{more}"


def _together(edits: list[Edit]) -> Edit:
    """Return several changes as one."""

    def change(plan: Plan, begin: int | None) -> Plan:
        return reduce(lambda made, one: one.change(made, begin), edits, plan)

    targets = {place: value for one in edits for place, value in one.targets.items()}
    title = edits[0].title if len(edits) == 1 else f"{edits[0].title}（{len(edits)}件）"
    return Edit(title, change, targets, quick=all(one.quick for one in edits))
