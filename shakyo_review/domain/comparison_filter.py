"""Which rows of a comparison are wanted, and in what order."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from shakyo_review.domain.alignment import NOT_IN_PLAN
from shakyo_review.domain.comparison import (
    BADGE_LABELS,
    Badge,
    Change,
    Comparison,
    GoalRow,
    IndicatorRow,
)
from shakyo_review.domain.owners import NO_OWNER
from shakyo_review.domain.plan import Item, Plan

UNRATED = "判定なし"
"""Stands for rows without a letter in the last year."""

AnyRow = TypeVar("AnyRow", IndicatorRow, GoalRow)


class Order(StrEnum):
    """The order of rows."""

    PLAN = "plan"
    FALL = "fall"
    RATING = "rating"
    CODE = "code"


ORDER_LABELS = {
    Order.PLAN: "計画の順",
    Order.FALL: "下がった順",
    Order.RATING: "判定の順",
    Order.CODE: "コード順",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row has to be; all that is set has to hold.

    ``owner`` is a label of who answers for it (or ``NO_OWNER``), ``goal`` the code of an item it is
    or lies under, ``rating`` its letter in the last year (or ``UNRATED``), ``badge`` one it bears;
    ``fell`` the letter is lower than the year before, or the number where letters are not known.
    """

    owner: str = ""
    goal: str = ""
    rating: str = ""
    badge: Badge | None = None
    fell: bool = False

    @property
    def all(self) -> bool:
        """Whether every row is wanted."""
        return not any(getattr(self, field.name) for field in fields(self))

    def words(self, plan: Plan) -> str:
        """Return what is set: 担当 市・目標 1 つながる・判定 C・目標変更・下がった."""
        goal = plan.items.get(self.goal)
        told = (
            f"担当 {self.owner}" if self.owner else "",
            f"{goal.label} {goal.code} {goal.name}" if goal else self.goal,
            f"判定 {self.rating}" if self.rating else "",
            BADGE_LABELS[self.badge] if self.badge else "",
            "下がった" if self.fell else "",
        )
        return "・".join(word for word in told if word)

    def holds(self, row: IndicatorRow | GoalRow, plans: Mapping[int, Plan]) -> bool:
        """Tell whether a row is wanted; ``plans`` are those of the years compared."""
        item, plan = home(row, plans)
        if self.owner:
            labels = [owner.label for owner in item.owners]
            if self.owner not in (labels or [NO_OWNER]):
                return False
        if self.goal and self.goal not in [one.code for one in plan.path_of(item.code)]:
            return False
        if self.rating and self.rating != (row.years[-1].rating or UNRATED):
            return False
        if self.badge and self.badge not in row.badges:
            return False
        return not self.fell or fell(row.change)


def fell(change: Change) -> bool:
    """Tell whether a row fell: its letter, or its number where the letters cannot be compared."""
    if change.rating is not None:
        return change.rating < 0
    return change.rate is not None and change.rate < 0


def home(row: IndicatorRow | GoalRow, plans: Mapping[int, Plan]) -> tuple[Item, Plan]:
    """Return the item of a row (an indicator's action) and the plan it is in: of the last year with it."""
    years = sorted(plans)
    if isinstance(row, GoalRow):
        there = [node.problem != NOT_IN_PLAN for node in row.years]
        place = max((i for i, here in enumerate(there) if here), default=len(years) - 1)
        plan = plans[years[place]]
        return row.years[place].item, plan
    place = max(i for i, own in enumerate(row.own) if own is not None)
    plan = plans[years[place]]
    return plan.items[plan.action_of[row.own[place] or row.code]], plan


def chosen(
    rows: Sequence[AnyRow], wanted: Wanted, order: Order, plans: Mapping[int, Plan]
) -> list[AnyRow]:
    """Return the rows that are wanted in the order asked for; rows that come out even keep the plan's."""
    kept = [row for row in rows if wanted.all or wanted.holds(row, plans)]
    plan = plans[max(plans)]
    return sorted(kept, key=_KEYS[order](plan)) if order is not Order.PLAN else kept


def goals_shown(comparison: Comparison) -> list[GoalRow]:
    """Return the items that have something to be rated in any of the years."""
    return [row for row in comparison.goals if any(node.coverage.ratable for node in row.years)]


def _fall(_: Plan) -> Callable[[IndicatorRow | GoalRow], Any]:
    def key(row: IndicatorRow | GoalRow) -> tuple[int, int, Decimal]:
        change = row.change
        unknown = change.rating is None and change.rate is None
        return int(unknown), change.rating or 0, change.rate or Decimal(0)

    return key


def _rating(plan: Plan) -> Callable[[IndicatorRow | GoalRow], Any]:
    def key(row: IndicatorRow | GoalRow) -> tuple[bool, int]:
        last = row.years[-1]
        scale = plan.scale if isinstance(row, GoalRow) else row.years[-1].scale
        if last.level is None:
            return True, 0
        return False, -scale.rank(last.level.label)

    return key


def _code(_: Plan) -> Callable[[IndicatorRow | GoalRow], Any]:
    def key(row: IndicatorRow | GoalRow) -> list[tuple[int, int, str]]:
        parts = re.findall(r"\d+|\D+", row.code)
        return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts]

    return key


_KEYS: Mapping[Order, Callable[[Plan], Callable[[IndicatorRow | GoalRow], Any]]] = {
    Order.FALL: _fall,
    Order.RATING: _rating,
    Order.CODE: _code,
}


def ratings_in(rows: Sequence[IndicatorRow] | Sequence[GoalRow], plan: Plan) -> list[str]:
    """Return the letters the rows have in the last year, best first, those of no rank and ``UNRATED`` last."""
    found = {row.years[-1].rating or UNRATED for row in rows}
    order = [*plan.scale.labels, *(off.label for off in plan.scale.off_scale)]
    others = sorted(found - set(order) - {UNRATED})
    return [label for label in [*order, *others, UNRATED] if label in found]


def badges_in(rows: Sequence[IndicatorRow] | Sequence[GoalRow]) -> list[Badge]:
    """Return the badges that any of the rows bears."""
    found = {badge for row in rows for badge in row.badges}
    return [badge for badge in Badge if badge in found]


def owners_in(
    rows: Sequence[IndicatorRow] | Sequence[GoalRow], plans: Mapping[int, Plan]
) -> list[str]:
    """Return who answers for the rows, in the order of the plan; ``NO_OWNER`` last."""
    names: dict[str, None] = {}
    nobody = False
    for row in rows:
        owners = home(row, plans)[0].owners
        nobody = nobody or not owners
        names.update(dict.fromkeys(owner.label for owner in owners))
    return [*names, *([NO_OWNER] if nobody else [])]
