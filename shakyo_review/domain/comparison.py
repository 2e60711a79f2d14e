"""Years side by side: indicators and goals, what changed, and what cannot be compared."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shakyo_review.domain.goals import NodeScore, YearScore
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import State, half_up


class Badge(StrEnum):
    """What has to be known before two years are compared."""

    NEW = "new"
    STOPPED = "stopped"
    TARGET_CHANGED = "target_changed"
    CANCELLED = "cancelled"
    EXAMPLE = "example"


BADGE_LABELS = {
    Badge.NEW: "新規",
    Badge.STOPPED: "休止",
    Badge.TARGET_CHANGED: "目標変更",
    Badge.CANCELLED: "中止あり",
    Badge.EXAMPLE: "例示",
}


@dataclass(frozen=True, slots=True)
class Change:
    """The last year less the year before it; each None where one of the two has no figure.

    ``actual`` in the indicator's unit; ``rate`` in points; ``rating`` is +1 for a better letter,
    0 for the same, -1 for a worse one.
    """

    actual: Decimal | None
    rate: Decimal | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator over the years compared, oldest first."""

    code: str
    name: str
    unit: str
    years: tuple[IndicatorScore, ...]
    change: Change
    badges: tuple[Badge, ...]


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One item of the plan over the years compared."""

    code: str
    years: tuple[NodeScore, ...]
    change: Change


@dataclass(frozen=True, slots=True)
class Comparison:
    """Years side by side."""

    years: tuple[int, ...]
    indicators: tuple[IndicatorRow, ...]
    goals: tuple[GoalRow, ...]
    overall: GoalRow


def compare_years(
    plan: Plan,
    scores: Mapping[int, YearScore],
    changed_targets: AbstractSet[tuple[str, int]] = frozenset(),
) -> Comparison:
    """Set years side by side, oldest first.

    ``changed_targets`` names (indicator, year) whose target was changed with a reason.
    """
    years = tuple(sorted(scores))
    rows = tuple(
        _indicator_row(plan, [scores[year].indicators[code] for year in years], changed_targets)
        for code in plan.indicators
    )
    goals = tuple(
        _goal_row(plan, code, [scores[year].nodes[code] for year in years]) for code in plan.items
    )
    overall = _goal_row(plan, WHOLE_PLAN, [scores[year].overall for year in years])
    return Comparison(years, rows, goals, overall)


def _takes_part(score: IndicatorScore) -> bool:
    return score.actual.reading.state not in (State.NOT_ENTERED, State.NOT_APPLICABLE)


def _badges(
    years: Sequence[IndicatorScore], changed: AbstractSet[tuple[str, int]]
) -> tuple[Badge, ...]:
    badges: list[Badge] = []
    *before, now = [_takes_part(score) for score in years]
    states = [score.actual.reading.state for score in years]
    if before and now and not any(before):
        badges.append(Badge.NEW)
    if states[-1] is State.NOT_APPLICABLE and any(before):
        badges.append(Badge.STOPPED)
    if any((score.indicator.code, score.year) in changed for score in years):
        badges.append(Badge.TARGET_CHANGED)
    if State.CANCELLED in states:
        badges.append(Badge.CANCELLED)
    if any(score.example for score in years):
        badges.append(Badge.EXAMPLE)
    return tuple(badges)


def _indicator_row(
    plan: Plan, years: list[IndicatorScore], changed: AbstractSet[tuple[str, int]]
) -> IndicatorRow:
    last = years[-1]
    indicator = last.indicator
    change = Change(None, None, None)
    if len(years) > 1:
        before = years[-2]
        actual = None
        if last.actual.amount is not None and before.actual.amount is not None:
            actual = half_up(last.actual.amount - before.actual.amount, indicator.figure_decimals)
        rate = None
        if last.printed_rate is not None and before.printed_rate is not None:
            rate = last.printed_rate - before.printed_rate
        change = Change(
            actual,
            rate,
            _rank_change(plan, before.rating, last.rating, before.rated and last.rated),
        )
    return IndicatorRow(
        indicator.code,
        indicator.name,
        indicator.unit,
        tuple(years),
        change,
        _badges(years, changed),
    )


def _rank_change(plan: Plan, before: str | None, now: str | None, rated: bool) -> int | None:
    if not rated or before is None or now is None:
        return None
    difference = plan.scale.rank(before) - plan.scale.rank(now)
    return (difference > 0) - (difference < 0)


def _goal_row(plan: Plan, code: str, years: list[NodeScore]) -> GoalRow:
    change = Change(None, None, None)
    if len(years) > 1:
        before, last = years[-2], years[-1]
        d = plan.rule_set.decimals
        points = None
        if before.score is not None and last.score is not None:
            points = half_up(last.score, d) - half_up(before.score, d)
        change = Change(
            None,
            points,
            _rank_change(
                plan,
                before.rating,
                last.rating,
                before.level is not None and last.level is not None,
            ),
        )
    return GoalRow(code, tuple(years), change)
