"""One indicator in one year: inputs, rate, pace, letter, and why where there is none.

The result holds every fact its derivation prints (``domain.derivation``); nothing is computed
a second time to be explained.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from shakyo_review.domain.cell import CellTable, Kind
from shakyo_review.domain.indicator import (
    Against,
    Indicator,
    RateRule,
    TargetKind,
)
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rate import (
    REASON_LABELS,
    Rate,
    Reason,
    is_met,
    path_target,
    rate,
    share_of_period,
)
from shakyo_review.domain.rating import Standing, deciding_number, display, letter
from shakyo_review.domain.rollup import Whole, year_figure
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.scale import Basis, Scale, ScaleLevel
from shakyo_review.domain.value import STATE_LABELS, State, half_up


class TargetSource(StrEnum):
    """Where the target of the year comes from."""

    ENTERED = "entered"
    PATH = "path"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class YearTarget:
    """The target of a year: a figure entered for it, else the one the path gives."""

    whole: Whole
    value: Decimal | None
    source: TargetSource


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """What is computed for one indicator and year (scoring.md §3, §4).

    ``used_target`` is the target the rate is taken against; ``rate`` and ``pace`` are exact, in %;
    ``share`` is the part of the period gone by (0 to 1); ``number`` is what the scale decided on.
    ``rating`` is the label printed; it counts as rated only when ``level`` is set.
    """

    indicator: Indicator
    year: int
    rules: RuleSet
    scale: Scale
    target: YearTarget
    actual: Whole
    rule: RateRule | None
    against: Against
    used_target: Decimal | None
    result: Rate | None
    share: Fraction | None
    pace: Fraction | None
    met: bool | None
    number: Fraction | None
    level: ScaleLevel | None
    rating: str | None
    reason: Reason | None

    @property
    def rate(self) -> Fraction | None:
        """The exact rate in %."""
        return None if self.result is None else self.result.value

    @property
    def display(self) -> str:
        """The rate as printed."""
        return display(self.rate, self.rules)

    @property
    def printed_rate(self) -> Decimal | None:
        """The rate rounded to the rule set's decimals, without floor or ceiling."""
        return None if self.rate is None else half_up(self.rate, self.rules.decimals)

    @property
    def printed_pace(self) -> Decimal | None:
        """Rate ÷ share of the period, rounded to the rule set's decimals."""
        return None if self.pace is None else half_up(self.pace, self.rules.decimals)

    @property
    def rated(self) -> bool:
        """Whether a rank of the scale was given."""
        return self.level is not None

    @property
    def reason_text(self) -> str:
        """Why there is no letter, in a phrase; empty where there is one."""
        if self.reason is None:
            return ""
        if self.reason is Reason.NO_ACTUAL:
            return STATE_LABELS[self.actual.reading.state]
        return REASON_LABELS[self.reason]

    @property
    def ratable(self) -> bool:
        """Whether it belongs into the coverage: judged at all, and due this year."""
        return self.rule is not None and self.actual.reading.state not in (
            State.NOT_APPLICABLE,
            State.NOT_DUE,
        )

    @property
    def example(self) -> bool:
        """Whether any figure behind it is an example (例示)."""
        return self.indicator.example or self.actual.example or self.target.whole.example

    def mean_rate(self, rules: RuleSet) -> Fraction | None:
        """Return what enters a mean by the plan's rules: the deciding number (rate ÷ pace), capped."""
        value = self.number
        if value is None or not self.rated:
            return None
        if rules.cap is not None:
            value = min(value, Fraction(rules.cap))
        if rules.mean_floor is not None:
            value = max(value, Fraction(rules.mean_floor))
        return value

    def on_scale(self, scale: Scale) -> "IndicatorScore":
        """Return the score as another scale judges it; what its own scale left unrated stays so."""
        if not self.rated or self.scale is scale or self.scale == scale:
            return self
        return score_figures(self.indicator, self.year, self.actual, self.target, self.rules, scale)


NO_TARGET_NEEDED = frozenset({RateRule.MANUAL, RateRule.RANGE, RateRule.MILESTONE})
"""Rules that hold the actual against something else than a target of the year."""


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def year_target(
    indicator: Indicator, cells: CellTable, year: int, branches: Sequence[tuple[str, str]] = ()
) -> YearTarget:
    """Return the target of a year: entered, else by the path; a text target stays a text.

    ``branches`` are (code, name) of those that are to have one, where targets are set by branch.
    """
    whole = year_figure(indicator, cells, year, Kind.TARGET, branches)
    if whole.reading.state is not State.NOT_ENTERED:
        amount = None if whole.amount is None else half_up(whole.amount, indicator.decimals)
        return YearTarget(whole, amount, TargetSource.ENTERED)
    by_path = path_target(indicator, year)
    return YearTarget(whole, by_path, TargetSource.NONE if by_path is None else TargetSource.PATH)


def _no_number(
    rule: RateRule, actual: Whole, target: YearTarget, used: Decimal | None
) -> Reason | None:
    """Why no arithmetic is possible, before any is tried."""
    if actual.amount is None:
        return Reason.TEXT_ACTUAL if actual.reading.state is State.TEXT else Reason.NO_ACTUAL
    if used is None and rule not in NO_TARGET_NEEDED:
        return Reason.TEXT_TARGET if target.whole.reading.state is State.TEXT else Reason.NO_TARGET
    return None


def _milestone(indicator: Indicator, actual: Whole) -> Rate:
    """Points of the step named in the cell."""
    reached = next((m for m in indicator.milestones if m.label == actual.reading.text), None)
    if reached is None:
        written = actual.reading.state in (State.TEXT, State.VALUE)
        return Rate(RateRule.MILESTONE, reason=Reason.NO_STEP if written else Reason.NO_ACTUAL)
    return Rate(RateRule.MILESTONE, Fraction(reached.points))


def score_indicator(
    plan: Plan, indicator: Indicator, cells: CellTable, year: int
) -> IndicatorScore:
    """Score one indicator from the cells of the year."""
    branches = [(c, plan.branch_names[c]) for c in plan.branches_of(indicator.code)]
    actual = year_figure(indicator, cells, year, Kind.ACTUAL, branches)
    target = year_target(indicator, cells, year, branches)
    rules, scale = plan.rules_of(indicator), plan.scale_of(indicator)
    return score_figures(indicator, year, actual, target, rules, scale)


def score_figures(
    indicator: Indicator, year: int, actual: Whole, target: YearTarget, rules: RuleSet, scale: Scale
) -> IndicatorScore:
    """Score one indicator from its figures: pure arithmetic, no table."""
    rule = indicator.rate_rule
    against = indicator.judged_against
    used = indicator.final_target.value if against is Against.FINAL_TARGET else target.value
    result: Rate | None = None
    share = pace = number = None
    met: bool | None = None
    level: ScaleLevel | None = None
    reason: Reason | None = Reason.NOT_JUDGED if rule is None else None
    if rule is RateRule.MILESTONE:
        result = _milestone(indicator, actual)
    elif rule is not None:
        reason = _no_number(rule, actual, target, used)
        if reason is None and actual.amount is not None:
            result, met = _rate_and_met(rule, indicator, used, actual.amount)
    if result is not None:
        reason = result.reason
        if _is_paced(indicator, against, result):
            share = share_of_period(indicator, year, rules)
            if share is not None and result.value is not None:
                pace = result.value / share
            elif result.value is not None and scale.basis is Basis.PACE:
                reason = Reason.NO_PACE
        if scale.basis is Basis.JUDGED:
            reason = Reason.BY_HAND
        if reason not in _NO_LETTER:
            basis = pace if scale.basis is Basis.PACE and pace is not None else result.value
            number = deciding_number(basis, rules)
            standing = Standing(number, met)
            if rule is not RateRule.MANUAL:  # a percentage has no place between the unit's figures
                baseline = _fraction(indicator.baseline.value)
                standing = Standing(number, met, actual.amount, _fraction(used), baseline)
            level = _level(scale, indicator, standing)
            reason = reason or Reason.NO_LEVEL
    return IndicatorScore(
        indicator=indicator,
        year=year,
        rules=rules,
        scale=scale,
        target=target,
        actual=actual,
        rule=rule,
        against=against,
        used_target=used,
        result=result,
        share=share,
        pace=pace,
        met=met,
        number=number,
        level=level,
        rating=_label(scale, level, actual),
        reason=None if level is not None else reason,
    )


_NO_LETTER = frozenset({Reason.BY_HAND, Reason.NO_PACE, Reason.WRONG_RULE})
"""Reasons after which no letter is looked for, whatever else is known."""


def _rate_and_met(
    rule: RateRule, indicator: Indicator, used: Decimal | None, amount: Fraction
) -> tuple[Rate, bool | None]:
    low, high = _fraction(indicator.low), _fraction(indicator.high)
    target = _fraction(used)
    result = rate(
        rule,
        indicator.direction,
        baseline=_fraction(indicator.baseline.value),
        target=target,
        actual=amount,
        low=low,
        high=high,
    )
    if rule is RateRule.MANUAL:  # a percentage given by a person is no figure of the target's unit
        return result, None
    return result, is_met(indicator.direction, target, amount, low, high)


def _is_paced(indicator: Indicator, against: Against, result: Rate) -> bool:
    """Whether the rate says how far along a path of several years the indicator has come."""
    return (
        indicator.target_kind is TargetKind.FINAL_YEAR
        and against is Against.FINAL_TARGET
        and result.rule is RateRule.BASELINE
    )


def _level(scale: Scale, indicator: Indicator, standing: Standing) -> ScaleLevel | None:
    """Find the letter; where there is no rate, by met or not if the scale names a label for it."""
    by_met = scale.when_met or scale.when_not_met
    if standing.number is None and standing.met is not None and by_met:
        return scale.level(scale.when_met if standing.met else scale.when_not_met)
    return letter(scale, indicator, standing)


def _label(scale: Scale, level: ScaleLevel | None, actual: Whole) -> str | None:
    """Return what is printed as letter: the rank, else the off-scale label of the cell's state."""
    if level is None:
        state = actual.reading.state
        return next((off.label for off in scale.off_scale if state in off.states), None)
    forecast = actual.reading.forecast and level.forecast_label
    return level.forecast_label if forecast else level.label
