"""From a rate (or a position) to a letter of the plan's scale (scoring.md §4)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shakyo_review.domain.indicator import Indicator, RateRule
from shakyo_review.domain.rate import keep_rule
from shakyo_review.domain.rules import DecideOn, RuleSet
from shakyo_review.domain.scale import Position, Scale, ScaleLevel
from shakyo_review.domain.value import format_percent, half_up


@dataclass(frozen=True, slots=True)
class Standing:
    """All a scale may look at: the deciding number in %, met or not, and the bare figures."""

    number: Fraction | None
    met: bool | None = None
    actual: Fraction | None = None
    target: Fraction | None = None
    baseline: Fraction | None = None


def printed(rate: Fraction, rules: RuleSet) -> Decimal:
    """Return a rate as it is printed: held between floor and ceiling, rounded half up."""
    if rules.floor is not None:
        rate = max(rate, Fraction(rules.floor))
    if rules.ceiling is not None:
        rate = min(rate, Fraction(rules.ceiling))
    return half_up(rate, rules.decimals)


def display(rate: Fraction | None, rules: RuleSet) -> str:
    """Return a rate as people read it: 99.0%, 0%未満, 100%超, －."""
    if rate is None:
        return "－"
    if rules.floor is not None and rules.floor_text and rate < Fraction(rules.floor):
        return rules.floor_text
    if rules.ceiling is not None and rules.ceiling_text and rate > Fraction(rules.ceiling):
        return rules.ceiling_text
    return format_percent(printed(rate, rules), rules.decimals)


def deciding_number(rate: Fraction | None, rules: RuleSet) -> Fraction | None:
    """Return the number that is held against the cuts: the exact rate, or the printed one."""
    if rate is None or rules.decide_on is DecideOn.EXACT:
        return rate
    return Fraction(printed(rate, rules))


def letter(scale: Scale, indicator: Indicator | None, standing: Standing) -> ScaleLevel | None:
    """Return the first level from the best whose condition holds; None where none does.

    Where a level cannot be decided because its figure is missing, no worse level is guessed.
    """
    for level in scale.levels:
        if level.by_hand:
            continue
        holds = _holds(level, indicator, standing)
        if holds is None:
            return None
        if holds:
            return level
    return None


def _holds(level: ScaleLevel, indicator: Indicator | None, standing: Standing) -> bool | None:
    """Tell whether a level's condition holds; None where its figure is missing."""
    if level.cut is not None:
        if standing.number is None:
            return None
        at_ceiling = (
            indicator is not None
            and indicator.ceiling is not None
            and standing.target == Fraction(indicator.ceiling)
        )
        lowered = at_ceiling and level.cut_at_ceiling is not None
        cut = Fraction((level.cut_at_ceiling if lowered else level.cut) or 0)
        return standing.number >= cut if level.inclusive else standing.number > cut
    if level.met is not None:
        return None if standing.met is None else standing.met is level.met
    if level.position is not None:
        return _position(level, indicator, standing)
    return standing.number is not None or standing.met is not None or standing.actual is not None


def _position(level: ScaleLevel, indicator: Indicator | None, standing: Standing) -> bool | None:
    mark = standing.target if level.position is Position.TARGET else standing.baseline
    keep = None if indicator is None else keep_rule(indicator.direction)
    if indicator is None or keep is None or mark is None or standing.actual is None:
        return None
    ahead = standing.actual - mark if keep is RateRule.KEEP_MIN else mark - standing.actual
    tolerance = indicator.tolerance if level.position is Position.BASELINE else None
    if tolerance is not None and abs(ahead) <= tolerance:
        ahead = Fraction(0)  # a survey's change within its tolerance is no change
    limit = -abs(mark) * Fraction(level.within) / 100
    return ahead >= limit if level.inclusive else ahead > limit
