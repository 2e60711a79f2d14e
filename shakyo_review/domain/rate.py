"""The rate rules of scoring.md §3: from baseline, target and actual to a rate in %.

Exact fractions throughout: (0.09 - 0.08) / (0.1 - 0.08) is 50, not 49.999… Arithmetic that is
not defined is a named outcome, never an exception and never 0.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from shakyo_review.domain.indicator import Direction, Indicator, Path, RateRule, TargetKind
from shakyo_review.domain.rules import PaceKind, RuleSet
from shakyo_review.domain.value import half_up


class Reason(StrEnum):
    """Why there is no rate or no letter."""

    NOT_JUDGED = "not_judged"
    NO_ACTUAL = "no_actual"
    TEXT_ACTUAL = "text_actual"
    NO_TARGET = "no_target"
    TEXT_TARGET = "text_target"
    ZERO_TARGET = "zero_target"
    ZERO_ACTUAL = "zero_actual"
    ZERO_BOUND = "zero_bound"
    NO_BASELINE = "no_baseline"
    NO_PACE = "no_pace"
    NO_STEP = "no_step"
    WRONG_RULE = "wrong_rule"
    BY_HAND = "by_hand"
    NO_LEVEL = "no_level"


REASON_LABELS = {
    Reason.NOT_JUDGED: "評価しない指標",
    Reason.NO_ACTUAL: "実績がない",
    Reason.TEXT_ACTUAL: "実績が文字",
    Reason.NO_TARGET: "目標がない",
    Reason.TEXT_TARGET: "目標が文字",
    Reason.ZERO_TARGET: "目標が0以下のため率を出せない",
    Reason.ZERO_ACTUAL: "実績が0以下のため率を出せない",
    Reason.ZERO_BOUND: "範囲の境が0のため率を出せない",
    Reason.NO_BASELINE: "基準値がない",
    Reason.NO_PACE: "この年度の経過割合が定まらない",
    Reason.NO_STEP: "到達段階の一覧にない",
    Reason.WRONG_RULE: "この規則は指標の方向に合わない",
    Reason.BY_HAND: "人が判定する",
    Reason.NO_LEVEL: "あてはまる段がない",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in % with the rule that gave it, or the reason why there is none."""

    rule: RateRule
    value: Fraction | None = None
    reason: Reason | None = None
    fell_back_from: RateRule | None = None


def _ratio(rule: RateRule, upper: Fraction, lower: Fraction, reason: Reason) -> Rate:
    """100 × upper ÷ lower; undefined where the divisor is not positive."""
    return Rate(rule, reason=reason) if lower <= 0 else Rate(rule, 100 * upper / lower)


_RISING = (RateRule.SIMPLE, RateRule.KEEP_MIN)
_FALLING = (RateRule.INVERSE, RateRule.KEEP_MAX)


def suits(rule: RateRule, direction: Direction) -> bool:
    """Whether a better actual gives a better rate: actual ÷ target would praise a rise that nobody wants."""
    if rule in _RISING:
        return keep_rule(direction) is RateRule.KEEP_MIN
    if rule in _FALLING:
        return keep_rule(direction) is RateRule.KEEP_MAX
    if rule is RateRule.BASELINE:
        return keep_rule(direction) is not None
    return rule is not RateRule.RANGE or direction is Direction.RANGE


def keep_rule(direction: Direction) -> RateRule | None:
    """Return the rule a flat target falls to, None where neither up nor down is good."""
    if direction in (Direction.HIGHER, Direction.KEEP_MIN):
        return RateRule.KEEP_MIN
    if direction in (Direction.LOWER, Direction.KEEP_MAX):
        return RateRule.KEEP_MAX
    return None


def rate(
    rule: RateRule,
    direction: Direction,
    *,
    baseline: Fraction | None,
    target: Fraction | None,
    actual: Fraction,
    low: Fraction | None = None,
    high: Fraction | None = None,
) -> Rate:
    """Apply one rule. All amounts in the indicator's unit, the result in %.

    A baseline rate whose target equals the baseline, or lies on the other side of it than the
    direction wants (fewer members, meant as it stands), falls to the keep rule of the direction:
    the baseline formula would give a better actual a worse rate.
    """
    if not suits(rule, direction):
        return Rate(rule, reason=Reason.WRONG_RULE)
    if rule is RateRule.MANUAL:
        return Rate(rule, actual)
    if rule is RateRule.RANGE:
        return _range(actual, low, high)
    if target is None:
        return Rate(rule, reason=Reason.NO_TARGET)
    if rule in _RISING:
        return _ratio(rule, actual, target, Reason.ZERO_TARGET)
    if rule is RateRule.KEEP_MAX:
        return _ratio(rule, 2 * target - actual, target, Reason.ZERO_TARGET)
    if rule is RateRule.INVERSE:
        if target <= 0:  # 100·t/a would rise again with a worse actual
            return Rate(rule, reason=Reason.ZERO_TARGET)
        return _ratio(rule, target, actual, Reason.ZERO_ACTUAL)
    if rule is RateRule.BASELINE:
        return _from_baseline(direction, baseline, target, actual)
    return Rate(rule)


def _from_baseline(
    direction: Direction, baseline: Fraction | None, target: Fraction, actual: Fraction
) -> Rate:
    if baseline is None:
        return Rate(RateRule.BASELINE, reason=Reason.NO_BASELINE)
    wanted = target - baseline
    keep = keep_rule(direction)
    towards_better = wanted > 0 if keep is RateRule.KEEP_MIN else wanted < 0
    if keep is not None and not towards_better:
        kept = rate(keep, direction, baseline=baseline, target=target, actual=actual)
        return replace(kept, fell_back_from=RateRule.BASELINE)
    return Rate(RateRule.BASELINE, 100 * (actual - baseline) / wanted)


def _range(actual: Fraction, low: Fraction | None, high: Fraction | None) -> Rate:
    if low is None or high is None:
        return Rate(RateRule.RANGE, reason=Reason.NO_TARGET)
    if low <= actual <= high:
        return Rate(RateRule.RANGE, Fraction(100))
    bound = low if actual < low else high
    if bound == 0:
        return Rate(RateRule.RANGE, reason=Reason.ZERO_BOUND)
    return Rate(RateRule.RANGE, 100 - 100 * abs(actual - bound) / abs(bound))


def is_met(
    direction: Direction,
    target: Fraction | None,
    actual: Fraction,
    low: Fraction | None = None,
    high: Fraction | None = None,
) -> bool | None:
    """Return whether the target is met; None where the question has no meaning."""
    if direction is Direction.RANGE:
        return None if low is None or high is None else low <= actual <= high
    if target is None or direction is Direction.NONE:
        return None
    if direction in (Direction.LOWER, Direction.KEEP_MAX):
        return actual <= target
    return actual >= target


def path_target(indicator: Indicator, year: int) -> Decimal | None:
    """Return the target which the path to the final target gives for a year.

    Rounded half up to the indicator's decimals, because what is printed is what is calculated
    with. None before the path begins and where figures for it are missing.
    """
    if indicator.target_kind is TargetKind.EVERY_YEAR:
        return None
    start, end = indicator.baseline, indicator.final_target
    if end.value is not None and end.year is not None and year >= end.year:
        return end.value
    if indicator.path is Path.STEPPED:
        reached = [step for step in indicator.steps if step <= year]
        return indicator.steps[max(reached)] if reached else None
    if (
        indicator.path is Path.EXPLICIT
        or start.value is None
        or start.year is None
        or year <= start.year
    ):
        return None
    begin = Fraction(start.value)
    if indicator.path is Path.PACE:
        growth = 1 + Fraction(indicator.pace_percent or 0) / 100
        return half_up(begin * growth ** (year - start.year), indicator.decimals)
    if end.value is None or end.year is None:
        return None
    way = Fraction(year - start.year, end.year - start.year)
    return half_up(begin + (Fraction(end.value) - begin) * way, indicator.decimals)


def share_of_period(indicator: Indicator, year: int, rules: RuleSet) -> Fraction | None:
    """Return the share of the way (0 to 1) expected by a year; None where none is stated."""
    start, end = indicator.baseline.year, indicator.final_target.year
    if start is None or end is None or year <= start:
        return None
    if rules.pace is PaceKind.LISTED:
        place = min(year - start, len(rules.pace_steps)) - 1
        step = rules.pace_steps[place]
        return None if step is None else Fraction(step) / 100
    return min(Fraction(year - start, end - start), Fraction(1))
