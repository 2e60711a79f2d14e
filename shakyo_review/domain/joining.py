"""Several letters and rates as one: the action and goal rules of scoring.md §5, and the results."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from shakyo_review.domain.plan import Item
from shakyo_review.domain.rating import Standing, deciding_number, letter
from shakyo_review.domain.rules import ActionRule, GoalRule, Letters, RuleSet
from shakyo_review.domain.scale import Basis, Scale, ScaleLevel
from shakyo_review.domain.scoring import IndicatorScore

UNRATED = "－"
"""The label under which items are counted that have no rank and no label of their own."""

ACTION_RULE_LABELS = {
    ActionRule.WEIGHTED_MEAN: "指標の率の加重平均",
    ActionRule.WORST: "最も低い指標",
    ActionRule.MAIN: "主たる指標",
}
BY_PEOPLE = "人による評価"
"""How a letter came about that people gave."""
NOT_JUDGED = "評価が入っていない"
"""Why a leaf without indicators has no letter."""


@dataclass(frozen=True, slots=True)
class Part:
    """A member of a mean: what it is, its number in %, rank, weight, met or not, and points.

    ``off_scale`` is the label that is no rank (中止, 評価困難) where it has one instead of a rank;
    ``given`` tells that people gave rank or label. ``own`` is the letter of an indicator by a
    scale of its own; the rank is then the one the plan's scale gives to the same figures.
    """

    code: str
    name: str
    number: Fraction | None
    level: ScaleLevel | None
    weight: Fraction
    met: bool | None = None
    points: Fraction | None = None
    off_scale: str = ""
    given: bool = False
    own: str = ""

    @property
    def rated(self) -> bool:
        """Whether it has a letter, or at least the mean of rated indicators."""
        return self.level is not None or self.number is not None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of joining: exact score, letter, why one is missing, and what was joined.

    ``weights`` is the divisor where the score is a weighted mean of more than one. ``off_scale``
    is the label that is no rank, where all that was to be joined has this one.
    """

    score: Fraction | None = None
    level: ScaleLevel | None = None
    problem: str = ""
    used: tuple[Part, ...] = ()
    weights: Fraction | None = None
    off_scale: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of those to be rated have been; the missing ones by code, and why.

    ``what`` is counted: indicators, or items in the plan's own word where people give the letters.
    """

    rated: int
    ratable: int
    missing: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    what: str = "指標"

    @property
    def text(self) -> str:
        """The coverage in words: 指標9件中6件."""
        return f"{self.what}{self.ratable}件中{self.rated}件"

    @property
    def percent(self) -> Fraction | None:
        """The share in %, None where nothing is to be rated."""
        return Fraction(100 * self.rated, self.ratable) if self.ratable else None


@dataclass(frozen=True, slots=True)
class NodeScore:
    """The score of an item of the plan.

    ``score`` is exact: a rate in %, or points where the plan averages points. ``parts`` are what
    lies under it, rated or not. ``problem`` tells in Japanese why there is no score or letter.
    ``weights`` is the divisor where the score is a weighted mean of more than one. ``off_scale``
    is a label that is no rank (中止). ``given`` tells that people gave the letter; ``computed`` is
    then the one of the figures.
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
    off_scale: str = ""
    given: bool = False
    computed: str | None = None

    @property
    def rating(self) -> str | None:
        """The label printed, None where there is none; a rank only where ``level`` is set."""
        return (self.off_scale or None) if self.level is None else self.level.label


@dataclass(slots=True)
class Below:
    """What lies under a node, gathered once on the way up; ``reasons`` why an item has no letter."""

    indicators: list[IndicatorScore] = field(default_factory=list)
    actions: list[Part] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Below") -> None:
        """Take over what lies under a child."""
        self.indicators += other.indicators
        self.actions += other.actions
        self.reasons |= other.reasons


def points_of(level: ScaleLevel | None) -> Fraction | None:
    """Return the points of a rank, None where it has none."""
    return None if level is None or level.points is None else Fraction(level.points)


def all_met(members: Iterable[bool | None]) -> bool | None:
    """Return whether all are met; None where one cannot be said, or where there is none."""
    known = list(members)
    return None if not known or None in known else all(known)


def with_letter(part: Part, label: str | None, scale: Scale) -> Part:
    """Return a part with the letter people gave it (None: as it is); its rate stays its number.

    With a label that is no rank it has no number either: 比較不能 does not enter a mean.
    """
    if not label:
        return part
    level = scale.level(label)
    if level is None:
        bare = replace(part, number=None, level=None, met=None, points=None)
        return replace(bare, off_scale=label, given=True)
    by_label = {scale.when_met: True, scale.when_not_met: False}.get(level.label, part.met)
    met = by_label if level.met is None else level.met
    return replace(part, level=level, points=points_of(level), met=met, off_scale="", given=True)


def carried_over(part: Part, label: str, own: Scale, scale: Scale) -> Part:
    """Return an indicator with the letter people gave it on a scale of its own, as it goes up.

    A letter of one scale has no place on another. What goes up is the letter of the plan's scale
    for the figures; without one, that for met or not met as the given letter says, where the
    plan's scale has such a letter. A label that is no rank goes up as it is, and so does a letter
    of the plan's scale that the indicator's own one does not know.
    """
    known = {off.label for off in own.off_scale}
    if label not in known and own.level(label) is None and scale.level(label) is not None:
        return with_letter(part, label, scale)
    given = replace(with_letter(part, label, own), own=label)
    if given.level is None:
        return given
    level = part.level or letter(scale, None, Standing(None, given.met))
    if level is None and given.met is not None:
        level = scale.level(scale.when_met if given.met else scale.when_not_met)
    return replace(given, level=level, points=points_of(level))


def out_of_reach(rules: RuleSet, scale: Scale) -> tuple[ScaleLevel, ...]:
    """Return the levels no mean of rates reaches, because no rate enters it above the cap."""
    cap = rules.cap
    if cap is None:
        return ()
    return tuple(
        level
        for level in scale.levels
        if level.cut is not None and (level.cut > cap or (level.cut == cap and not level.inclusive))
    )


def counts(parts: Sequence[Part], scale: Scale) -> dict[str, int]:
    """Return how many parts have each letter.

    All ranks, then the labels that are no rank and ``UNRATED``, these only where they occur.
    """
    found = dict.fromkeys(scale.labels, 0)
    rankless = Counter(part.off_scale or UNRATED for part in parts if part.level is None)
    for part in parts:
        if part.level is not None:
            found[part.level.label] = found.get(part.level.label, 0) + 1
    known = [label.label for label in scale.off_scale]
    others = sorted(set(rankless) - set(known) - {UNRATED})
    order = [*known, *others, *([] if UNRATED in known else [UNRATED])]
    return found | {label: rankless[label] for label in order if rankless[label]}


def worst(parts: Sequence[Part], scale: Scale) -> Part | None:
    """Return the lowest part: by rank, then by number (one without a number first)."""
    ranked = [(scale.rank(part.level.label), part) for part in parts if part.level is not None]
    if not ranked:
        return None
    lowest = max(rank for rank, _ in ranked)
    last = [part for rank, part in ranked if rank == lowest]
    return min(last, key=lambda part: (part.number is not None, part.number or 0))


def _weighted(
    members: Sequence[tuple[Part, Fraction]],
) -> tuple[Fraction | None, Fraction | None]:
    """Return weighted mean and divisor; no mean where the weights sum to 0."""
    weights = sum((part.weight for part, _ in members), Fraction(0))
    if not weights:
        return None, None
    total = sum((part.weight * value for part, value in members), Fraction(0))
    return total / weights, weights if len(members) > 1 else None


def _mean_of_rates(rules: RuleSet, scale: Scale, rated: Sequence[Part], what: str) -> Verdict:
    """Mean of the rates there are; the only one of its kind keeps its own letter."""
    members = [(part, part.number) for part in rated if part.number is not None]
    used = tuple(part for part, _ in members)
    if not members:
        return Verdict(problem=f"率のある{what}がない")
    score, weights = _weighted(members)
    if score is None:
        return Verdict(problem="重みの合計が0", used=used)
    level = used[0].level if len(used) == 1 else None
    # Levels by position cannot be reached by a mean: there is no actual to hold against a target.
    if scale.basis is not Basis.JUDGED:
        level = level or letter(scale, None, Standing(deciding_number(score, rules)))
    problem = "" if level is not None else "この評価基準では、率の平均から判定できない"
    return Verdict(score, level, problem, used, weights)


def join_indicators(
    rules: RuleSet, scale: Scale, parts: Sequence[Part], main: str | None
) -> Verdict:
    """Join the indicators of an action; ``main`` is the code of the one that stands for all."""
    rated = [part for part in parts if part.rated]
    if not rated:
        labels = {part.off_scale for part in parts}
        common = labels.pop() if len(labels) == 1 else ""
        return Verdict(problem="評価できる指標がない" if parts else "", off_scale=common)
    if rules.action is ActionRule.WEIGHTED_MEAN:
        if len(rated) == 1 and rated[0].weight and rated[0].level is not None:
            return Verdict(rated[0].number, rated[0].level, used=tuple(rated))
        return _mean_of_rates(rules, scale, rated, "指標")
    if rules.action is ActionRule.WORST:
        chosen, used = worst(rated, scale), tuple(rated)
    else:
        chosen = next((part for part in rated if part.code == main), None)
        used = () if chosen is None else (chosen,)
    if chosen is None:
        return Verdict(problem="主たる指標が評価できない")
    return Verdict(chosen.number, chosen.level, used=used)


def join_parts(rules: RuleSet, scale: Scale, parts: Sequence[Part]) -> Verdict:
    """Join what lies under a measure or goal by the plan's goal rule."""
    rated = [part for part in parts if part.rated]
    if rules.goal is GoalRule.JUDGEMENT:
        return Verdict(problem="話し合いで決める", used=tuple(rated))
    if rules.goal is GoalRule.DISTRIBUTION:
        return Verdict(problem="内訳だけを示す", used=tuple(rated))
    if not rated:
        what = "評価できる指標" if rules.letters is Letters.COMPUTED else "評価のある項目"
        return Verdict(problem=f"{what}がない" if parts else "")
    if rules.goal is GoalRule.MEAN_OF_RATES:
        return _mean_of_rates(rules, scale, rated, "項目")
    ranked = [part for part in rated if part.level is not None]
    if not ranked and rules.goal is not GoalRule.MEAN_OF_POINTS:
        return Verdict(problem="判定のある項目がない")
    if rules.goal is GoalRule.WORST:
        lowest = worst(ranked, scale)
        number, level = (None, None) if lowest is None else (lowest.number, lowest.level)
        return Verdict(number, level, used=tuple(ranked))
    if rules.goal is GoalRule.MODE:
        return _mode(scale, ranked)
    if rules.goal is GoalRule.ALL_MET:
        return _all_met(scale, ranked)
    return _mean_of_points(scale, rated)


def _mode(scale: Scale, ranked: list[Part]) -> Verdict:
    found = counts(ranked, scale)
    most = max(found.values())
    winners = [label for label, count in found.items() if count == most]
    if len(winners) > 1:
        tie = f"最も多い判定が並んでいる（{'・'.join(winners)} 各{most}件）"
        return Verdict(problem=tie, used=tuple(ranked))
    return Verdict(level=scale.level(winners[0]), used=tuple(ranked))


def _all_met(scale: Scale, ranked: list[Part]) -> Verdict:
    """Share of those that met their target in %; the letter says whether all did."""
    met = all_met(part.met for part in ranked)
    if met is None:
        return Verdict(problem="達成か未達成かを決められない項目がある", used=tuple(ranked))
    share = Fraction(100 * sum(part.met is True for part in ranked), len(ranked))
    level = scale.level(scale.when_met if met else scale.when_not_met)
    problem = "" if level is not None else "この評価基準には、達成・未達成だけで決まる判定がない"
    return Verdict(share, level, problem, tuple(ranked))


def _mean_of_points(scale: Scale, rated: list[Part]) -> Verdict:
    """Mean of points; the letter is the one with the nearest points, the better one in the middle."""
    members = [(part, part.points) for part in rated if part.points is not None]
    if len(members) < len(rated):
        return Verdict(problem="得点のない段がある", used=tuple(rated))
    score, weights = _weighted(members)
    if score is None:
        return Verdict(problem="重みの合計が0", used=tuple(rated))
    distances = [
        (abs(points - score), rank, level)
        for rank, level in enumerate(scale.levels)
        if (points := points_of(level)) is not None
    ]
    nearest = min(distances, key=lambda found: found[:2])[2]
    return Verdict(score, nearest, "", tuple(rated), weights)
