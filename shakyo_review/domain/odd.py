"""When a year's figure looks odd beside its target, its ceiling and the earlier year.

One finding per cause: a mix-up of units replaces the slip of a digit, and where either of them
or a fall of a running total is told, the same change is not told again as a jump.
"""

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.indicator import Indicator, Measure, Parts, RateRule
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import fold_unit, format_number, half_up


class FindingKind(StrEnum):
    """What a finding is about."""

    MISSING_ACTUAL = "missing_actual"
    MISSING_PART = "missing_part"
    MISSING_TARGET = "missing_target"
    NOT_RATED = "not_rated"
    DIGIT_SLIP = "digit_slip"
    UNIT_MIX_UP = "unit_mix_up"
    JUMP = "jump"
    ABOVE_CEILING = "above_ceiling"
    FALLING_TOTAL = "falling_total"
    EQUALS_TARGET = "equals_target"
    SAME_AS_BEFORE = "same_as_before"
    PART_ABOVE_WHOLE = "part_above_whole"
    PARTS_DIFFER = "parts_differ"


FINDING_LABELS = {
    FindingKind.MISSING_ACTUAL: "実績なし",
    FindingKind.MISSING_PART: "内訳の未入力",
    FindingKind.MISSING_TARGET: "目標なし",
    FindingKind.NOT_RATED: "判定できない",
    FindingKind.DIGIT_SLIP: "桁違い",
    FindingKind.UNIT_MIX_UP: "単位違い",
    FindingKind.JUMP: "大きな増減",
    FindingKind.ABOVE_CEILING: "上限の超過",
    FindingKind.FALLING_TOTAL: "累計の減少",
    FindingKind.EQUALS_TARGET: "目標と同じ値",
    FindingKind.SAME_AS_BEFORE: "前年度と同じ値",
    FindingKind.PART_ABOVE_WHOLE: "内訳が全体を超過",
    FindingKind.PARTS_DIFFER: "内訳と全体の不一致",
}
"""A short name for each kind, for lists and tables."""

SLIP = Fraction(8)
"""A value this many times the earlier year's (or that part of it) may be a slip of one digit."""

NEAR = Fraction(5, 4)
"""A ratio within this factor of 10, 100, 1,000 … counts as that power.

A mistyped figure moves by the power and by what really changed in the year, here up to a quarter.
"""

TELLING_DIGITS = 3
"""Significant digits from which two equal figures may be a copy.

Twelve meetings held of twelve planned are ordinary; 1,234 visits of 1,234 are not. Zeros at the
end do not count: 100 of 100 and 95.0% of 95.0% are reached exactly by people who aim at them.
"""

Told = tuple[FindingKind, str]
"""A kind and its sentence."""

_SHARES = frozenset({"%", "割合", "率"})
_SIZES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "億": 10**8}
_UNITS = {
    **{f"{word}円": ("円", size) for word, size in _SIZES.items()},
    **{
        f"{word}{base}": (base, size)
        for base in ("人", "名", "世帯", "件", "部", "枚")
        for word, size in _SIZES.items()
        if size <= 10**4
    },
}
"""Units that have larger and smaller sisters: the unit they count in, and how many of it."""


def shown(indicator: Indicator, value: Fraction) -> str:
    """Return a figure of an indicator with its unit."""
    d = indicator.figure_decimals
    return f"{format_number(half_up(value, d), d)}{indicator.unit}"


def is_share(indicator: Indicator) -> bool:
    """Whether the figures are shares of a whole, not counts."""
    return indicator.parts is Parts.RATIO or fold_unit(indicator.unit) in _SHARES


def odd_figures(now: IndicatorScore, earlier: IndicatorScore | None) -> Iterator[Told]:
    """Yield what is odd about a year's figure; ``earlier`` may be several years back.

    Nothing is compared across a change of the indicator's definition (``comparable_from``).
    """
    present = now.actual.amount
    if present is None:
        return
    if earlier is not None and earlier.actual.amount is not None:
        if _comparable(now, earlier.year):
            yield from _beside_earlier(now, earlier, present, earlier.actual.amount)
    else:
        yield from _beside_plan(now, present)
    ceiling = now.indicator.ceiling
    if ceiling is not None and present > Fraction(ceiling):
        limit = shown(now.indicator, Fraction(ceiling))
        text = f"{shown(now.indicator, present)}は上限の{limit}を超えています"
        yield FindingKind.ABOVE_CEILING, text
    elif ceiling is None:
        yield from _above_the_whole(now, earlier, present)
    yield from _equals_target(now, present)


def _above_the_whole(
    now: IndicatorScore, earlier: IndicatorScore | None, present: Fraction
) -> Iterator[Told]:
    """Ask about a percentage above 100 where no year before, baseline or target was above it."""
    if fold_unit(now.indicator.unit) != "%" or present <= 100:
        return
    before = None if earlier is None else earlier.actual.amount
    plan = [Fraction(v) for v in (now.indicator.baseline.value, now.used_target) if v is not None]
    beside = plan if before is None else [before]
    if any(one > 100 for one in (*plan, *beside)) or any(
        present >= SLIP * one > 0 for one in beside
    ):
        return  # it is no share of a whole, or told as a slip of a digit
    text = f"{shown(now.indicator, present)}は100％を超えています。値を確かめてください"
    yield FindingKind.ABOVE_CEILING, text


def _comparable(now: IndicatorScore, earlier: int) -> bool:
    since = now.indicator.comparable_from
    return since is None or not now.year >= since > earlier


def _beside_plan(now: IndicatorScore, present: Fraction) -> Iterator[Told]:
    """Hold a first figure against the baseline, else against the target.

    Far below a target is no slip: that is where most begin.
    """
    baseline, target = now.indicator.baseline, now.used_target
    slip = None
    if baseline.value and (baseline.year is None or _comparable(now, baseline.year)):
        past = Fraction(baseline.value)
        when = "" if baseline.year is None else f"（{short_year(baseline.year)}）"
        slip = _slip(now, f"基準値{when}の{shown(now.indicator, past)}", present, past)
    elif target is not None and now.rule is not RateRule.MANUAL and present > Fraction(target):
        past = Fraction(target)
        slip = _slip(now, f"目標の{shown(now.indicator, past)}", present, past)
    if slip is not None:
        yield slip


def _beside_earlier(
    now: IndicatorScore, earlier: IndicatorScore, present: Fraction, past: Fraction
) -> Iterator[Told]:
    then = f"{short_year(earlier.year)}の{shown(now.indicator, past)}"
    slip = _slip(now, then, present, past)
    falls = now.indicator.measure is Measure.CUMULATIVE and present < past
    if slip is not None:
        yield slip
    elif not falls:
        yield from _jump(now, earlier, present, past)
    if falls:
        text = f"累計なのに{then}から{shown(now.indicator, present)}へ減っています"
        yield FindingKind.FALLING_TOTAL, text
    if present == past and not earlier.example and not _carried_on(now, earlier):
        yield from _same_as_before(now, earlier, present)


# --- digits and units -----------------------------------------------------------------------


def _slip(now: IndicatorScore, then: str, present: Fraction, past: Fraction) -> Told | None:
    if past <= 0 or present <= 0:
        return None
    grew = present > past
    times = present / past if grew else past / present
    if times < SLIP:
        return None
    rounded = f"{int(times + Fraction(1, 2)):,}"
    word = f"約{rounded}倍" if grew else f"約{rounded}分の1"
    facts = f"{shown(now.indicator, present)}は{then}の{word}です。"
    units = _mixed_units(now.indicator, times, grew, min(present, past))
    if units is not None:
        return FindingKind.UNIT_MIX_UP, f"{facts}{units}を取り違えていないか確かめてください"
    what = "桁" if _near_power_of_ten(times) else "入力した値"
    return FindingKind.DIGIT_SLIP, f"{facts}{what}を確かめてください"


def _near(times: Fraction, power: int) -> bool:
    return power / NEAR <= times <= power * NEAR


def _near_power_of_ten(times: Fraction) -> bool:
    power = 10
    while power * NEAR < times:
        power *= 10
    return _near(times, power)


def _mixed_units(
    indicator: Indicator, times: Fraction, grew: bool, smaller: Fraction
) -> str | None:
    """Return the units that may have been mixed up, in a phrase; None where it is no such ratio."""
    if is_share(indicator):
        typed_as_share = _near(times, 100) and smaller <= 1
        return "％の値と割合（0.98など、1を全体とする値）" if typed_as_share else None
    for factor in (10**3, 10**4, 10**6):
        if _near(times, factor):
            named = _sister_units(indicator.unit, factor, grew)
            # A million times is a matter of units for money only (円, 百万円).
            return named or (None if factor == 10**6 else "単位")
    return None


def _sister_units(unit: str, factor: int, grew: bool) -> str | None:
    """Name the indicator's unit and the one ``factor`` times smaller or larger, smaller first.

    A figure that grew was typed in the smaller unit; where there is none, the earlier one was
    typed in the larger.
    """
    base, size = _UNITS.get(fold_unit(unit), ("", 0))
    down, up = (size // factor if size % factor == 0 else 0), size * factor
    for other in (down, up) if grew else (up, down):
        for name, place in _UNITS.items():
            if size and place == (base, other):
                first, second = (name, unit) if other < size else (unit, name)
                return f"{first}と{second}"
    return None


# --- jumps ----------------------------------------------------------------------------------


def _jump(
    now: IndicatorScore, earlier: IndicatorScore, present: Fraction, past: Fraction
) -> Iterator[Told]:
    bound = now.rules.jump if now.indicator.jump is None else now.indicator.jump
    if bound is None or past == 0:
        return
    percent = abs(present - past) / abs(past) * 100
    if percent <= Fraction(bound):
        return
    limit = format_number(bound, max(0, -int(bound.normalize().as_tuple().exponent)))
    word = "増えて" if present > past else "減って"
    then = f"{short_year(earlier.year)}の{shown(now.indicator, past)}"
    yield (
        FindingKind.JUMP,
        f"{then}から{shown(now.indicator, present)}へ、"
        f"約{format_number(half_up(percent, 1), 1)}％{word}います（目安は{limit}％まで）。"
        "値と増減の理由を確かめてください",
    )


# --- the same figure twice ------------------------------------------------------------------


def _telling(now: IndicatorScore, present: Fraction) -> bool:
    """Whether it says anything that a figure equals another one."""
    ceiling = now.indicator.ceiling
    value = now.actual.reading.value
    if now.example or value is None or (ceiling is not None and present == Fraction(ceiling)):
        return False
    return len(value.normalize().as_tuple().digits) >= TELLING_DIGITS


def _equals_target(now: IndicatorScore, present: Fraction) -> Iterator[Told]:
    target = now.used_target if now.target.value is None else now.target.value
    if target is None or now.rule is RateRule.MANUAL or present != Fraction(target):
        return
    if _telling(now, present):
        yield (
            FindingKind.EQUALS_TARGET,
            f"実績の{shown(now.indicator, present)}が目標とまったく同じ値です。"
            "目標を写していないか確かめてください",
        )


def _carried_on(now: IndicatorScore, earlier: IndicatorScore) -> bool:
    """Whether the figure says itself that it was measured in the earlier year or before."""
    measured = now.actual.measured_year
    return measured is not None and measured <= earlier.year


def _same_as_before(
    now: IndicatorScore, earlier: IndicatorScore, present: Fraction
) -> Iterator[Told]:
    if _telling(now, present):
        yield (
            FindingKind.SAME_AS_BEFORE,
            f"{shown(now.indicator, present)}は{short_year(earlier.year)}とまったく同じ値です。"
            "前の値を写していないか確かめてください",
        )
