"""Years side by side: indicators and goals, what changed, and what cannot be compared."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shakyo_review.domain.alignment import NOT_IN_PLAN, Aligned, Identity, align
from shakyo_review.domain.goals import NodeScore, YearScore
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import State, fold_unit, half_up


class Badge(StrEnum):
    """What has to be known before two years are compared."""

    NEW = "new"
    STOPPED = "stopped"
    TARGET_CHANGED = "target_changed"
    DEFINITION_CHANGED = "definition_changed"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"
    RENAMED = "renamed"
    RENUMBERED = "renumbered"
    CANCELLED = "cancelled"
    EXAMPLE = "example"


BADGE_LABELS = {
    Badge.NEW: "新規",
    Badge.STOPPED: "休止",
    Badge.TARGET_CHANGED: "目標変更",
    Badge.DEFINITION_CHANGED: "定義変更",
    Badge.MERGED: "統合",
    Badge.SPLIT: "分割",
    Badge.MOVED: "移動",
    Badge.RENAMED: "改称",
    Badge.RENUMBERED: "番号変更",
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
    """One indicator over the years compared, oldest first; ``action`` is the item it belongs to.

    ``own`` is the code it had in each year (None: that year's plan does not have it);
    ``retargeted`` are the years whose target was changed with a reason.
    """

    code: str
    action: str
    name: str
    unit: str
    years: tuple[IndicatorScore, ...]
    change: Change
    badges: tuple[Badge, ...]
    own: tuple[str | None, ...] = ()
    retargeted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One item of the plan over the years compared."""

    code: str
    years: tuple[NodeScore, ...]
    change: Change
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Years side by side."""

    years: tuple[int, ...]
    indicators: tuple[IndicatorRow, ...]
    goals: tuple[GoalRow, ...]
    overall: GoalRow


def compare_years(
    scores: Mapping[int, YearScore],
    changed_targets: AbstractSet[tuple[str, int]] = frozenset(),
    identity: Identity | None = None,
) -> Comparison:
    """Set years side by side, oldest first, under the codes of the last one.

    ``changed_targets`` names (indicator, year) whose target was changed with a reason;
    ``identity`` tells what is the same in plans of different years (None: what has the same code).
    """
    years = tuple(sorted(scores))
    both = align(scores, identity or _by_code(scores))
    aligned, last = both.scores, both.scores[years[-1]]
    rows = tuple(
        _indicator_row(
            both, code, [aligned[year].indicators[code] for year in years], changed_targets
        )
        for code in last.indicators
    )
    goals = tuple(
        _goal_row(both, code, [aligned[year].nodes[code] for year in years], years)
        for code in last.nodes
    )
    overall = _goal_row(both, WHOLE_PLAN, [aligned[year].overall for year in years], years)
    return Comparison(years, rows, goals, overall)


def _by_code(scores: Mapping[int, YearScore]) -> Identity:
    numbers: dict[str, int] = {}
    return {
        year: {c: numbers.setdefault(c, len(numbers)) for c in (*s.nodes, *s.indicators)}
        for year, s in scores.items()
    }


def _takes_part(score: IndicatorScore) -> bool:
    return score.actual.reading.state not in (State.NOT_ENTERED, State.NOT_APPLICABLE)


def _badges(
    both: Aligned,
    code: str,
    years: Sequence[IndicatorScore],
    retargeted: Sequence[int],
) -> tuple[Badge, ...]:
    badges: list[Badge] = []
    *before, now = [_takes_part(score) for score in years]
    states = [score.actual.reading.state for score in years]
    if before and now and not any(before):
        badges.append(Badge.NEW)
    if states[-1] is State.NOT_APPLICABLE and any(before):
        badges.append(Badge.STOPPED)
    if retargeted or len({promise(s) for s in years if code in both.own[s.year]}) > 1:
        badges.append(Badge.TARGET_CHANGED)
    if redefined(years[0], years[-1]):
        badges.append(Badge.DEFINITION_CHANGED)
    badges += _renaming(
        [both.own[s.year].get(code) for s in years],
        [s.indicator.name for s in years if code in both.own[s.year]],
    )
    if State.CANCELLED in states:
        badges.append(Badge.CANCELLED)
    if any(score.example for score in years):
        badges.append(Badge.EXAMPLE)
    return tuple(badges)


def promise(score: IndicatorScore) -> tuple[object, ...]:
    """Return what an indicator's plan promises beside the target of a single year."""
    one = score.indicator
    return (
        *(one.final_target, one.target_kind, one.path, one.pace_percent),
        *(tuple(sorted(one.steps.items())), one.low, one.high),
    )


def redefined(earlier: IndicatorScore, last: IndicatorScore) -> bool:
    """Whether the definition changed between two years: their figures cannot be compared."""
    since = last.indicator.comparable_from
    if since is not None and earlier.year < since <= last.year:
        return True
    before, now = earlier.indicator, last.indicator
    return fold_unit(before.unit) != fold_unit(now.unit) or before.measure != now.measure


def _renaming(codes: Sequence[str | None], names: Sequence[str]) -> list[Badge]:
    badges = [Badge.RENUMBERED] if len({code for code in codes if code is not None}) > 1 else []
    return [*badges, Badge.RENAMED] if len(set(names)) > 1 else badges


def _indicator_row(
    both: Aligned, code: str, years: list[IndicatorScore], changed: AbstractSet[tuple[str, int]]
) -> IndicatorRow:
    last = years[-1]
    indicator = last.indicator
    change = Change(None, None, None)
    if len(years) > 1 and not redefined(years[-2], last):
        before = years[-2]
        actual = None
        if last.actual.amount is not None and before.actual.amount is not None:
            actual = half_up(last.actual.amount - before.actual.amount, indicator.figure_decimals)
        rate = None
        if last.printed_rate is not None and before.printed_rate is not None:
            rate = last.printed_rate - before.printed_rate
        change = Change(actual, rate, _rank_change(before, last))
    own = tuple(both.own[score.year].get(code) for score in years)
    retargeted = tuple(
        score.year
        for score, there in zip(years, own, strict=True)
        if (there, score.year) in changed
    )
    home = next(year for year in sorted(both.own, reverse=True) if code in both.own[year])
    return IndicatorRow(
        code,
        both.scores[home].plan.action_of[both.own[home][code]],
        indicator.name,
        indicator.unit,
        tuple(years),
        change,
        _badges(both, code, years, retargeted),
        own,
        retargeted,
    )


def _rank_change(before: IndicatorScore, now: IndicatorScore) -> int | None:
    """Return +1, 0 or -1 for a better, equal or worse letter; None where the scale is another one."""
    if before.rating is None or now.rating is None or not (before.rated and now.rated):
        return None
    if before.scale.levels != now.scale.levels:
        return None
    return _sign(now.scale.rank(before.rating) - now.scale.rank(now.rating))


def rank_change(before: IndicatorScore, now: IndicatorScore) -> int | None:
    """Return +1, 0 or -1 for a better, equal or worse letter; None where the two cannot be compared."""
    return None if redefined(before, now) else _rank_change(before, now)


def goal_change(old: Plan, before: NodeScore, new: Plan, now: NodeScore) -> int | None:
    """Return +1, 0 or -1 for a better, equal or worse letter of an item in the plans of two years."""
    if before.rating is None or now.rating is None or old.scale.levels != new.scale.levels:
        return None
    return _sign(new.scale.rank(before.rating) - new.scale.rank(now.rating))


def _sign(difference: int) -> int:
    return (difference > 0) - (difference < 0)


def _goal_row(both: Aligned, code: str, nodes: list[NodeScore], years: Sequence[int]) -> GoalRow:
    change = Change(None, None, None)
    if len(nodes) > 1:
        before, last = nodes[-2], nodes[-1]
        old, new = (both.scores[year].plan for year in years[-2:])
        points = None
        same_rules = old.rule_set == new.rule_set
        if before.score is not None and last.score is not None and same_rules:
            d = new.rule_set.decimals
            points = half_up(last.score, d) - half_up(before.score, d)
        change = Change(None, points, goal_change(old, before, new, last))
    return GoalRow(code, tuple(nodes), change, _badges_of_item(both, code, nodes, years))


def _gone_into(both: Aligned, code: str, years: Sequence[int]) -> Badge:
    """Return what became of an item the last year has no more: merged, split, or stopped."""
    year = next(year for year in reversed(years) if code in both.own[year])
    own, plan = both.own[year][code], both.scores[year].plan
    for there, item in both.scores[years[-1]].plan.items.items():
        earlier = both.own[year].get(there)
        past = None if earlier is None else plan.items[earlier].node
        if own in item.node.merged_from and (past is None or own not in past.merged_from):
            return Badge.MERGED
        if own == item.node.split_from and (past is None or own != past.split_from):
            return Badge.SPLIT
    return Badge.STOPPED


def _badges_of_item(
    both: Aligned, code: str, nodes: Sequence[NodeScore], years: Sequence[int]
) -> tuple[Badge, ...]:
    if code == WHOLE_PLAN:
        return ()
    there = [node.problem != NOT_IN_PLAN for node in nodes]
    badges: list[Badge] = []
    if there[-1] and not there[0]:
        node = nodes[-1].item.node
        badges.append(
            Badge.MERGED if node.merged_from else Badge.SPLIT if node.split_from else Badge.NEW
        )
    elif (
        there[-1]
        and nodes[-1].item.node.merged_from
        and not all(node.item.node.merged_from for node in nodes)
    ):
        badges.append(Badge.MERGED)
    if not there[-1]:
        badges.append(_gone_into(both, code, years))
    parents = {both.parent(year, code) for year, here in zip(years, there, strict=True) if here}
    if len(parents) > 1:
        badges.append(Badge.MOVED)
    names = [node.item.name for node, here in zip(nodes, there, strict=True) if here]
    return (*badges, *_renaming([both.own[year].get(code) for year in years], names))
