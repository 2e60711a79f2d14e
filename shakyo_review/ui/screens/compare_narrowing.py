"""Narrowing the comparison: by whose it is, goal, letter, what fell, changed targets, badges; finding a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shakyo_review.domain.comparison import BADGE_LABELS, Badge
from shakyo_review.domain.comparison_filter import (
    Wanted,
    badges_in,
    home,
    owners_in,
    ratings_in,
)
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.plan import Plan
from shakyo_review.ui.comparing import CompareTable
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.widgets.fixed_table import FixedTable


class CompareNarrowing(ReviewScreen):
    """What narrows the rows; each wish is added to those before it."""

    wanted: Wanted
    shown: CompareTable | None

    @property
    def plans(self) -> Mapping[int, Plan]:
        """The plans of the years shown; given by the screen."""
        raise NotImplementedError

    def again(self, *, top: bool) -> None:
        """Show the rows anew, from the top or where they were; given by the screen."""
        raise NotImplementedError

    def action_narrow(self) -> None:
        """Ask by what the rows are to be narrowed."""
        shown = self.shown
        if shown is None:
            return
        wanted, plan = self.wanted, shown.plans[-1]
        goal = plan.items.get(wanted.goal)
        on = {True: "いま: しぼっています", False: "いま: すべて"}
        changed = wanted.badge is Badge.TARGET_CHANGED
        choices: list[tuple[str, Callable[[], None]]] = [
            (f"担当　　　　　　　　いま: {wanted.owner or 'すべて'}", self._ask_owner),
            (f"目標　　　　　　　　いま: {goal.name if goal else 'すべて'}", self._ask_goal),
            (f"判定　　　　　　　　いま: {wanted.rating or 'すべて'}", self._ask_rating),
            (f"下がったものだけ　　{on[wanted.fell]}", self._turn_fell),
            (f"目標が変わったもの　{on[changed]}", self._turn_changed),
            (
                f"注意の印　　　　　　いま: {BADGE_LABELS[wanted.badge] if wanted.badge else 'すべて'}",
                self._ask_badge,
            ),
            ("名前で探す", self._find),
        ]
        if not wanted.all:
            choices.append(("絞りこみをすべてやめる", lambda: self._narrow_to(Wanted())))
        self._choose("何で絞りこみますか", choices, lambda then: then())

    def _choose(
        self,
        title: str,
        choices: list[tuple[str, Any]],
        then: Callable[[Any], None],
        now: int = 0,
    ) -> None:
        from shakyo_review.ui.dialogs.choose import ChooseDialog

        def settle(answer: Any) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(ChooseDialog(title, choices, chosen=now), settle)

    def _narrow_to(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.again(top=True)

    def _ask_owner(self) -> None:
        if self.shown is not None:
            names = owners_in(self.shown.all, self.plans)
            self._ask("だれの担当を出しますか", [(name, name) for name in names], "owner")

    def _ask_goal(self) -> None:
        if self.shown is None:
            return
        plans = self.plans
        found = {}
        for row in self.shown.all:
            item, plan = home(row, plans)
            for one in plan.path_of(item.code)[:2]:
                found[one.code] = f"{'　' * one.level}{one.code} {one.name}"
        self._ask("どの目標を出しますか", [(text, code) for code, text in found.items()], "goal")

    def _ask_rating(self) -> None:
        if self.shown is not None:
            letters = ratings_in(self.shown.all, self.shown.plans[-1])
            year = short_year(self.shown.years[-1])
            self._ask(
                f"どの判定を出しますか（{year}）", [(name, name) for name in letters], "rating"
            )

    def _ask_badge(self) -> None:
        if self.shown is not None:
            badges = [(BADGE_LABELS[badge], badge) for badge in badges_in(self.shown.all)]
            self._ask("どの印の付いた行を出しますか", badges, "badge")

    def _ask(self, title: str, choices: list[tuple[str, str]], field: str) -> None:
        now = getattr(self.wanted, field)
        every = [("すべて", ""), *choices]
        place = next((i for i, (_, value) in enumerate(every) if value == (now or "")), 0)

        def take(value: str) -> None:
            self._narrow_to(
                replace(self.wanted, **{field: value or (None if field == "badge" else "")})
            )

        self._choose(title, every, take, place)

    def _turn_fell(self) -> None:
        self._narrow_to(replace(self.wanted, fell=not self.wanted.fell))

    def _turn_changed(self) -> None:
        changed = self.wanted.badge is Badge.TARGET_CHANGED
        self._narrow_to(replace(self.wanted, badge=None if changed else Badge.TARGET_CHANGED))

    def _find(self) -> None:
        from shakyo_review.ui.dialogs.find import FindDialog

        if self.shown is None:
            return
        plans = self.plans
        choices = []
        for row in self.shown.rows_by_code.values():
            name = getattr(row, "name", "") or home(row, plans)[0].name
            choices.append((f"{row.code} {name}", row.code))
        found = FindDialog("探す", choices, [text for text, _ in choices])
        self.app.push_screen(
            found, lambda code: None if code is None else self.query_one(FixedTable).mark(code)
        )

    def action_widen(self) -> None:
        """Show every row again; where that is so, go back to the first screen."""
        if self.wanted.all:
            self.review.action_back()
        else:
            self.wanted = Wanted()
            self.again(top=False)
