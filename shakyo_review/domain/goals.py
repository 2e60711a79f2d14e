"""From indicators to actions, measures and goals (scoring.md §5).

A 再掲 shows the score of the item it repeats and counts only there. Coverage stands beside every
score; the worst child is always named; the level that is averaged is part of the result.

With ``letters: given`` an action, and a leaf that has no indicator at all, stands with the letter
people gave it. Letters then belong to items: coverage counts items, and where the plan averages
over indicators the items that carry them are averaged instead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from shakyo_review.domain.cell import CellTable
from shakyo_review.domain.joining import (
    ACTION_RULE_LABELS,
    BY_PEOPLE,
    NOT_JUDGED,
    UNRATED,
    Below,
    Coverage,
    NodeScore,
    Part,
    Verdict,
    all_met,
    carried_over,
    counts,
    join_indicators,
    join_parts,
    points_of,
    with_letter,
    worst,
)
from shakyo_review.domain.plan import WHOLE_PLAN, Item, Node, Plan
from shakyo_review.domain.rules import GOAL_RULE_LABELS, GoalRule, Letters, Level
from shakyo_review.domain.scale import Basis
from shakyo_review.domain.scoring import IndicatorScore, score_indicator
from shakyo_review.domain.year_score import Joined, YearScore

# fmt: off
__all__ = [
    "ACTION_RULE_LABELS", "BY_PEOPLE", "UNRATED", "WHOLE_PLAN",
    "Coverage", "NodeScore", "Part", "YearScore", "original", "score_year",
]
# fmt: on


@dataclass(frozen=True, slots=True)
class _Run:
    """One scoring of a plan: what is known, and the scores of the items as they come about."""

    plan: Plan
    scores: Mapping[str, IndicatorScore]
    given: Mapping[str, str]
    nodes: dict[str, NodeScore] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    """Indicators as members of a mean: made once, however many levels average over them."""

    @property
    def by_people(self) -> bool:
        """Whether letters that people gave come first."""
        return self.plan.rule_set.letters is Letters.GIVEN


def score_year(
    plan: Plan,
    cells: CellTable,
    year: int,
    known: Mapping[str, IndicatorScore] | None = None,
    given: Mapping[str, str] | None = None,
) -> YearScore:
    """Score a whole plan in one year.

    ``known`` are scores of indicators whose cells have not changed since they were made.
    ``given`` are the letters people gave, by code of an item or indicator; they count only in a
    plan with ``letters: given``.
    """
    known = known or {}
    indicators = {
        code: known.get(code) or score_indicator(plan, indicator, cells, year)
        for code, indicator in plan.indicators.items()
    }
    counted = given if given and plan.rule_set.letters is Letters.GIVEN else {}
    return YearScore(
        plan,
        year,
        indicators,
        lambda: _joined(plan, indicators, counted),
        lambda code: _goal(plan, indicators, counted, code),
    )


def _joined(
    plan: Plan, indicators: Mapping[str, IndicatorScore], given: Mapping[str, str]
) -> Joined:
    """Score the items of a plan from its indicators' scores and the letters that count."""
    run = _Run(plan, indicators, given)
    below = Below()
    tops = [
        part
        for item in plan.children_of(None)
        if (part := _score_node(run, item, below)) is not None
    ]
    nodes = {
        code: run.nodes[code] if item.node.repeats is None else _repeated(run, item)
        for code, item in plan.items.items()
    }
    return Joined(nodes, _join(run, _whole_plan(plan), below, tops))


def _goal(
    plan: Plan, scores: Mapping[str, IndicatorScore], given: Mapping[str, str], code: str
) -> NodeScore:
    """Score one item of the top level; everything under it is scored on the way."""
    run, item = _Run(plan, scores, given), plan.items[code]
    if item.node.repeats is not None:
        return _joined(plan, scores, given).nodes[code]
    _score_node(run, item, Below())
    return run.nodes[code]


def original(plan: Plan, item: Item) -> Item:
    """Return the item a 再掲 stands for (itself where it is none)."""
    while item.node.repeats is not None:
        item = plan.items[item.node.repeats]
    return item


def _repeated(run: _Run, item: Item) -> NodeScore:
    source = run.nodes[original(run.plan, item).code]
    return replace(source, item=item, repeats=source.item.code)


def _score_node(run: _Run, item: Item, above: Below) -> Part | None:
    """Score a node and what is under it; adds its indicators and actions to ``above``.

    Returns the node as a member of what lies above it, None where it has nothing to add.
    """
    if item.node.repeats is not None:
        return None
    below = Below([run.scores[indicator.code] for indicator in item.node.indicators])
    inside = run.plan.children_of(item.code)
    alone = all(child.node.repeats is not None for child in inside)
    judged = run.by_people and not inside
    children: list[Part] = []
    verdict = Verdict()
    if below.indicators or judged:
        if below.indicators:
            verdict = _verdict_of_action(run, item, below.indicators)
        # The letter given to an item with others under it is one about all of them.
        own = _own_part(run, item, below, verdict, run.given.get(item.code) if alone else None)
        below.actions.append(own)
        children.append(own)
    for child in inside:
        part = _score_node(run, child, below)
        if part is not None:
            children.append(part)
    above.add(below)
    if len(children) == 1 and children[0].code == item.code:
        run.nodes[item.code] = _of_action(run, item, below, verdict)
        return children[0]
    score = run.nodes[item.code] = _join(run, item, below, children)
    if not below.actions:
        return None
    weight = Fraction(item.node.weight)
    met = all_met(part.met for part in below.actions if part.rated)
    if run.plan.rule_set.goal is GoalRule.MEAN_OF_POINTS:
        # The mean of points itself goes up, not the points of the letter it comes nearest to.
        return Part(item.code, item.name, None, score.level, weight, met, score.score)
    points = points_of(score.level)
    return Part(item.code, item.name, score.score, score.level, weight, met, points)


def _own_part(run: _Run, item: Item, below: Below, verdict: Verdict, letter: str | None) -> Part:
    """Return an action or leaf as a member of a mean, with the letter people gave it if any."""
    met = all_met(s.met for s in below.indicators if s.ratable and s.rated)
    part = Part(
        code=item.code,
        name=item.name,
        number=verdict.score,
        level=verdict.level,
        weight=Fraction(item.node.weight),
        met=met,
        points=points_of(verdict.level),
        off_scale=verdict.off_scale,
    )
    part = with_letter(part, letter, run.plan.scale)
    if not part.rated:
        below.reasons[item.code] = part.off_scale or verdict.problem or NOT_JUDGED
    return part


def _parts_of(run: _Run, scores: Iterable[IndicatorScore]) -> list[Part]:
    parts = []
    for score in scores:
        if score.ratable:
            code = score.indicator.code
            if code not in run.parts:
                run.parts[code] = _part_of(run, score)
            parts.append(run.parts[code])
    return parts


def _part_of(run: _Run, own: IndicatorScore) -> Part:
    """Return an indicator as a member of a mean, judged by the plan's scale.

    Where people judge all above it, the plan's scale knows no number: then its own one goes up.
    """
    code, scale, rules = own.indicator.code, run.plan.scale, run.plan.rule_set
    s = own.on_scale(scale)
    number = own if scale.basis is Basis.JUDGED and not run.by_people else s
    part = Part(
        code,
        s.indicator.name,
        number.mean_rate(rules),
        s.level,
        Fraction(s.indicator.weight),
        s.met,
        points_of(s.level),
        off_scale=(s.rating or "") if s.level is None else "",
    )
    given = run.given.get(code)
    if own.scale is scale or own.scale == scale:
        return with_letter(part, given, scale)
    if given:
        return carried_over(part, given, own.scale, scale)
    return replace(part, own=own.rating or "")


def _coverage(run: _Run, below: Below) -> Coverage:
    if run.by_people:
        missing = [part.code for part in below.actions if not part.rated]
        return Coverage(
            len(below.actions) - len(missing),
            len(below.actions),
            tuple(missing),
            tuple(below.reasons[code] for code in missing),
            _words(run, below.actions) or "取組",
        )
    ratable = [s for s in below.indicators if s.ratable]
    unrated = [s for s in ratable if not s.rated]
    return Coverage(
        len(ratable) - len(unrated),
        len(ratable),
        tuple(s.indicator.code for s in unrated),
        tuple(s.reason_text for s in unrated),
    )


def _verdict_of_action(run: _Run, item: Item, own: list[IndicatorScore]) -> Verdict:
    named = [indicator.code for indicator in item.node.indicators if indicator.main]
    main = (named or [own[0].indicator.code])[0]
    parts = _parts_of(run, own)
    verdict = join_indicators(run.plan.rule_set, run.plan.scale, parts, main)
    labels = {score.rating or "" for score in own}
    if not parts and len(labels) == 1:  # 対象外 throughout
        verdict = replace(verdict, off_scale=labels.pop())
    return verdict


def _of_action(run: _Run, item: Item, below: Below, verdict: Verdict) -> NodeScore:
    """Score an item with nothing under it: an action, or a leaf that people judge."""
    rules = run.plan.rule_set
    own = below.actions[0]
    score = verdict.score
    if rules.goal is GoalRule.MEAN_OF_POINTS:
        score = own.points
        verdict = replace(verdict, weights=None)
    computed = verdict.level.label if verdict.level is not None else None
    rule, word, parts = ACTION_RULE_LABELS[rules.action], "指標", _parts_of(run, below.indicators)
    if not below.indicators:
        rule, word, parts = BY_PEOPLE, item.label, [own]
        used = (own,) if own.rated else ()
        verdict = Verdict(used=used, problem="" if own.rated else NOT_JUDGED)
    verdict = replace(verdict, level=own.level, off_scale=own.off_scale)
    if own.given:
        verdict = replace(verdict, problem="")
    coverage = _coverage(run, below)
    node = _node_score(run, item, below, coverage, parts, verdict, score, rule, word)
    return replace(node, given=own.given, computed=computed)


def _join(run: _Run, item: Item, below: Below, children: list[Part]) -> NodeScore:
    """Score a measure, a goal or the whole plan by the plan's goal rule."""
    rules = run.plan.rule_set
    parts, word = _averaged(run, below, children)
    verdict = join_parts(rules, run.plan.scale, parts)
    coverage = _coverage(run, below)
    percent = coverage.percent
    if percent is not None and percent < Fraction(rules.minimum_coverage):
        problem = (
            f"評価済みは{coverage.text}で、必要な{rules.minimum_coverage.normalize():f}%に満たない"
        )
        verdict = replace(verdict, score=None, level=None, problem=problem)
    rule = GOAL_RULE_LABELS[rules.goal]
    return _node_score(run, item, below, coverage, parts, verdict, verdict.score, rule, word)


def _node_score(
    run: _Run,
    item: Item,
    below: Below,
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
        counts=counts(parts, run.plan.scale),
        worst=worst(parts, run.plan.scale),
        parts=tuple(parts),
        problem=verdict.problem,
        example=any(s.example for s in below.indicators),
        weights=verdict.weights,
        off_scale=verdict.off_scale,
    )


def _whole_plan(plan: Plan) -> Item:
    node = Node(code=WHOLE_PLAN, name=plan.title)
    return Item(node=node, parent=None, level=0, label="計画全体", owners=())


def _words(run: _Run, parts: Iterable[Part]) -> str:
    """Return the plan's own words for the levels of some items, the higher ones first."""
    items = (run.plan.items[part.code] for part in parts)
    return "・".join(dict.fromkeys(label for _, label in sorted((i.level, i.label) for i in items)))


def _averaged(run: _Run, below: Below, children: list[Part]) -> tuple[list[Part], str]:
    """Return what is averaged and the plan's word for it."""
    over = run.plan.rule_set.average_over
    if over is Level.INDICATORS and not run.by_people:
        return _parts_of(run, below.indicators), "指標"
    over_children = over is Level.CHILDREN
    parts = children if over_children else below.actions
    return parts, _words(run, parts) or ("下位項目" if over_children else "取組")
