"""From indicators to actions, measures and goals (scoring.md §5).

A 再掲 shows the score of the item it repeats and counts only there. Coverage stands beside every
score; the worst child is always named; the level that is averaged is part of the result.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from shakyo_review.domain.cell import CellTable
from shakyo_review.domain.joining import (
    UNRATED,
    Part,
    Verdict,
    all_met,
    counts,
    join_indicators,
    join_parts,
    points_of,
    worst,
)
from shakyo_review.domain.plan import WHOLE_PLAN, Item, Node, Plan
from shakyo_review.domain.rules import GOAL_RULE_LABELS, ActionRule, GoalRule, Level
from shakyo_review.domain.scale import ScaleLevel
from shakyo_review.domain.scoring import IndicatorScore, score_indicator

__all__ = [
    "UNRATED",
    "WHOLE_PLAN",
    "Coverage",
    "NodeScore",
    "Part",
    "YearScore",
    "original",
    "score_year",
]

ACTION_RULE_LABELS = {
    ActionRule.WEIGHTED_MEAN: "指標の率の加重平均",
    ActionRule.WORST: "最も低い指標",
    ActionRule.MAIN: "主たる指標",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the indicators that are to be rated have been; the missing ones by code, and why."""

    rated: int
    ratable: int
    missing: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The coverage in words: 指標9件中6件."""
        return f"指標{self.ratable}件中{self.rated}件"

    @property
    def percent(self) -> Fraction | None:
        """The share in %, None where nothing is to be rated."""
        return Fraction(100 * self.rated, self.ratable) if self.ratable else None


@dataclass(frozen=True, slots=True)
class NodeScore:
    """The score of an item of the plan.

    ``score`` is exact: a rate in %, or points where the plan averages points. ``parts`` are what
    lies under it, rated or not. ``problem`` tells in Japanese why there is no score or letter.
    ``weights`` is the divisor where the score is a weighted mean of more than one.
    """

    item: Item
    rule: str
    averaged_over: str
    score: Fraction | None
    level: ScaleLevel | None
    coverage: Coverage
    counts: dict[str, int]
    worst: Part | None
    parts: tuple[Part, ...]
    problem: str = ""
    example: bool = False
    repeats: str | None = None
    weights: Fraction | None = None

    @property
    def rating(self) -> str | None:
        """The letter, None where there is none."""
        return None if self.level is None else self.level.label


@dataclass(frozen=True, slots=True)
class YearScore:
    """All scores of one year."""

    plan: Plan
    year: int
    indicators: dict[str, IndicatorScore]
    nodes: dict[str, NodeScore]
    overall: NodeScore

    @property
    def goals(self) -> list[NodeScore]:
        """The items of the top level, in print order."""
        return [self.nodes[item.code] for item in self.plan.children_of(None)]


@dataclass(slots=True)
class _Below:
    """What lies under a node, gathered once on the way up."""

    indicators: list[IndicatorScore] = field(default_factory=list)
    actions: list[Part] = field(default_factory=list)


def score_year(
    plan: Plan,
    cells: CellTable,
    year: int,
    known: Mapping[str, IndicatorScore] | None = None,
) -> YearScore:
    """Score a whole plan in one year.

    ``known`` are scores of indicators whose cells have not changed since they were made.
    """
    known = known or {}
    indicators = {
        code: known.get(code) or score_indicator(plan, indicator, cells, year)
        for code, indicator in plan.indicators.items()
    }
    scored: dict[str, NodeScore] = {}
    below = _Below()
    tops = [
        part
        for item in plan.children_of(None)
        if (part := _score_node(plan, item, indicators, scored, below)) is not None
    ]
    nodes = {
        code: scored[code] if item.node.repeats is None else _repeated(plan, item, scored)
        for code, item in plan.items.items()
    }
    return YearScore(plan, year, indicators, nodes, _join(plan, _whole_plan(plan), below, tops))


def original(plan: Plan, item: Item) -> Item:
    """Return the item a 再掲 stands for (itself where it is none)."""
    while item.node.repeats is not None:
        item = plan.items[item.node.repeats]
    return item


def _repeated(plan: Plan, item: Item, scored: dict[str, NodeScore]) -> NodeScore:
    source = scored[original(plan, item).code]
    return replace(source, item=item, repeats=source.item.code)


def _score_node(
    plan: Plan,
    item: Item,
    scores: dict[str, IndicatorScore],
    nodes: dict[str, NodeScore],
    above: _Below,
) -> Part | None:
    """Score a node and what is under it; adds its indicators and actions to ``above``.

    Returns the node as a member of what lies above it, None where it has nothing to add.
    """
    if item.node.repeats is not None:
        return None
    weight = Fraction(item.node.weight)
    below = _Below([scores[indicator.code] for indicator in item.node.indicators])
    children: list[Part] = []
    verdict = Verdict()
    if below.indicators:
        verdict = _verdict_of_action(plan, item, below.indicators)
        met = all_met(s.met for s in below.indicators if s.ratable and s.rated)
        points = points_of(verdict.level)
        own = Part(item.code, item.name, verdict.score, verdict.level, weight, met, points)
        below.actions.append(own)
        children.append(own)
    for child in plan.children_of(item.code):
        part = _score_node(plan, child, scores, nodes, below)
        if part is not None:
            children.append(part)
    above.indicators += below.indicators
    above.actions += below.actions
    is_action = bool(item.node.indicators) and len(children) == 1
    if is_action:
        nodes[item.code] = _of_action(plan, item, below, verdict)
        return children[0]
    score = nodes[item.code] = _join(plan, item, below, children)
    if not below.indicators:
        return None
    met = all_met(part.met for part in below.actions if part.rated)
    if plan.rule_set.goal is GoalRule.MEAN_OF_POINTS:
        # The mean of points itself goes up, not the points of the letter it comes nearest to.
        return Part(item.code, item.name, None, score.level, weight, met, score.score)
    points = points_of(score.level)
    return Part(item.code, item.name, score.score, score.level, weight, met, points)


def _parts_of(scores: Iterable[IndicatorScore]) -> list[Part]:
    return [
        Part(
            s.indicator.code,
            s.indicator.name,
            s.mean_rate,
            s.level,
            Fraction(s.indicator.weight),
            s.met,
            points_of(s.level),
        )
        for s in scores
        if s.ratable
    ]


def _coverage(scores: Sequence[IndicatorScore]) -> Coverage:
    ratable = [s for s in scores if s.ratable]
    missing = [s for s in ratable if not s.rated]
    return Coverage(
        len(ratable) - len(missing),
        len(ratable),
        tuple(s.indicator.code for s in missing),
        tuple(s.reason_text for s in missing),
    )


def _verdict_of_action(plan: Plan, item: Item, own: list[IndicatorScore]) -> Verdict:
    named = [indicator.code for indicator in item.node.indicators if indicator.main]
    main = (named or [own[0].indicator.code])[0]
    return join_indicators(plan.rule_set, plan.scale, _parts_of(own), main)


def _of_action(plan: Plan, item: Item, below: _Below, verdict: Verdict) -> NodeScore:
    """Score an item that carries indicators and has nothing under it: an action."""
    rules = plan.rule_set
    score = verdict.score
    if rules.goal is GoalRule.MEAN_OF_POINTS:
        score = points_of(verdict.level)
        verdict = replace(verdict, weights=None)
    word = ACTION_RULE_LABELS[rules.action]
    coverage, parts = _coverage(below.indicators), _parts_of(below.indicators)
    return _node_score(plan, item, below, coverage, parts, verdict, score, word, "指標")


def _join(plan: Plan, item: Item, below: _Below, children: list[Part]) -> NodeScore:
    """Score a measure, a goal or the whole plan by the plan's goal rule."""
    rules = plan.rule_set
    parts, word = _averaged(plan, below, children)
    verdict = join_parts(rules, plan.scale, parts)
    coverage = _coverage(below.indicators)
    percent = coverage.percent
    if percent is not None and percent < Fraction(rules.minimum_coverage):
        problem = (
            f"評価済みは{coverage.text}で、必要な{rules.minimum_coverage.normalize():f}%に満たない"
        )
        verdict = replace(verdict, score=None, level=None, problem=problem)
    rule = GOAL_RULE_LABELS[rules.goal]
    return _node_score(plan, item, below, coverage, parts, verdict, verdict.score, rule, word)


def _node_score(
    plan: Plan,
    item: Item,
    below: _Below,
    coverage: Coverage,
    parts: list[Part],
    verdict: Verdict,
    score: Fraction | None,
    rule: str,
    word: str,
) -> NodeScore:
    return NodeScore(
        item=item,
        rule=rule,
        averaged_over=f"{word}{len(verdict.used)}件",
        score=score,
        level=verdict.level,
        coverage=coverage,
        counts=counts(parts, plan.scale),
        worst=worst(parts, plan.scale),
        parts=tuple(parts),
        problem=verdict.problem,
        example=any(s.example for s in below.indicators),
        weights=verdict.weights,
    )


def _whole_plan(plan: Plan) -> Item:
    node = Node(code=WHOLE_PLAN, name=plan.title)
    return Item(node=node, parent=None, level=0, label="計画全体", owners=())


def _averaged(plan: Plan, below: _Below, children: list[Part]) -> tuple[list[Part], str]:
    """Return what is averaged and the plan's word for it."""
    if plan.rule_set.average_over is Level.INDICATORS:
        return _parts_of(below.indicators), "指標"
    over_children = plan.rule_set.average_over is Level.CHILDREN
    parts = children if over_children else below.actions
    labels = dict.fromkeys(plan.items[part.code].label for part in parts)
    return parts, "・".join(labels) or ("下位項目" if over_children else "取組")
