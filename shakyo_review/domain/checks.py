"""What is missing and what looks odd. Findings are values to be shown, never exceptions."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from shakyo_review.domain.cell import CellTable, Kind
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.indicator import Measure
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rate import Reason
from shakyo_review.domain.rollup import whole_of
from shakyo_review.domain.scoring import NO_TARGET_NEEDED, IndicatorScore, TargetSource
from shakyo_review.domain.value import STATE_LABELS, State, format_number


class FindingKind(StrEnum):
    """What a finding is about."""

    MISSING_ACTUAL = "missing_actual"
    MISSING_PART = "missing_part"
    MISSING_TARGET = "missing_target"
    NOT_RATED = "not_rated"
    DIGIT_SLIP = "digit_slip"
    ABOVE_CEILING = "above_ceiling"
    FALLING_TOTAL = "falling_total"
    PARTS_DIFFER = "parts_differ"


ODD = frozenset(
    {
        FindingKind.DIGIT_SLIP,
        FindingKind.ABOVE_CEILING,
        FindingKind.FALLING_TOTAL,
        FindingKind.PARTS_DIFFER,
    }
)
"""Findings about values that look wrong; the others are about values that are not there."""

SLIP = Fraction(8)
"""A value this many times last year's (or that part of it) may be a slip of one digit."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: where (indicator), whose (committee) and a sentence with the numbers."""

    kind: FindingKind
    indicator: str
    name: str
    committee: str
    text: str

    @property
    def odd(self) -> bool:
        """Whether a value looks wrong."""
        return self.kind in ODD


def committee_of(plan: Plan, indicator: str) -> str:
    """Return who answers for an indicator, in one phrase."""
    owners = plan.owners_of(indicator)
    return "・".join(owner.label for owner in owners) or "担当未定"


def find(
    plan: Plan, score: YearScore, cells: CellTable, before: YearScore | None = None
) -> list[Finding]:
    """Return what is missing or odd in a year, in print order; ``before`` is the earlier year."""
    findings: list[Finding] = []
    for code, now in score.indicators.items():
        earlier = before.indicators.get(code) if before is not None else None
        committee = committee_of(plan, code)
        findings += [
            Finding(kind, code, now.indicator.name, committee, text)
            for kind, text in _of_indicator(now, cells, earlier)
        ]
    return findings


def odd_values(now: IndicatorScore, cells: CellTable, earlier: IndicatorScore | None) -> list[str]:
    """Return the sentences about a value that looks wrong, for the moment it is typed."""
    return [text for kind, text in _of_indicator(now, cells, earlier) if kind in ODD]


def _of_indicator(
    now: IndicatorScore, cells: CellTable, earlier: IndicatorScore | None
) -> Iterator[tuple[FindingKind, str]]:
    yield from _missing(now)
    if now.actual.amount is None:
        return
    yield from _slip(now, earlier)
    yield from _bounds(now, earlier)
    yield from _parts(now, cells)


_NO_FINDING = frozenset({None, Reason.NOT_JUDGED, Reason.NO_ACTUAL, Reason.BY_HAND})
"""Outcomes without a letter that are as they should be, or are told otherwise."""


def _missing(now: IndicatorScore) -> Iterator[tuple[FindingKind, str]]:
    state = now.actual.reading.state
    if state is State.NOT_ENTERED and not now.actual.missing:
        yield FindingKind.MISSING_ACTUAL, "実績が未入力です"
    elif now.actual.missing:
        names = "・".join(now.actual.missing[:5])
        more = f"ほか{len(now.actual.missing) - 5}件" if len(now.actual.missing) > 5 else ""
        yield FindingKind.MISSING_PART, f"未入力の内訳があります（{names}{more}）"
    elif state in (State.BEING_COUNTED, State.NOT_PUBLISHED, State.UNKNOWN):
        yield FindingKind.MISSING_ACTUAL, f"実績が「{STATE_LABELS[state]}」のままです"
    if (
        now.rule is not None
        and now.rule not in NO_TARGET_NEEDED
        and now.target.source is TargetSource.NONE
        and now.used_target is None
        and now.reason is not None
    ):
        yield FindingKind.MISSING_TARGET, f"{short_year(now.year)}の目標がありません"
    elif now.actual.amount is not None and now.reason not in _NO_FINDING:
        yield FindingKind.NOT_RATED, f"判定できません（{now.reason_text}）"


def _shown(score: IndicatorScore) -> str:
    indicator = score.indicator
    return f"{format_number(score.actual.reading.value, indicator.figure_decimals)}{indicator.unit}"


def _slip(now: IndicatorScore, earlier: IndicatorScore | None) -> Iterator[tuple[FindingKind, str]]:
    if earlier is None or earlier.actual.amount is None or now.actual.amount is None:
        return
    past, present = earlier.actual.amount, now.actual.amount
    if past <= 0 or present <= 0:
        return
    ratio = present / past
    if ratio >= SLIP or ratio <= 1 / SLIP:
        word = (
            f"約{int(ratio + Fraction(1, 2))}倍"
            if ratio > 1
            else f"約{int(1 / ratio + Fraction(1, 2))}分の1"
        )
        yield (
            FindingKind.DIGIT_SLIP,
            f"{_shown(now)}は{short_year(earlier.year)}の{_shown(earlier)}の{word}です。桁を確かめてください",
        )


def _bounds(
    now: IndicatorScore, earlier: IndicatorScore | None
) -> Iterator[tuple[FindingKind, str]]:
    ceiling = now.indicator.ceiling
    amount = now.actual.amount
    if amount is None:
        return
    if ceiling is not None and amount > Fraction(ceiling):
        limit = f"{format_number(ceiling, now.indicator.figure_decimals)}{now.indicator.unit}"
        yield FindingKind.ABOVE_CEILING, f"{_shown(now)}は上限の{limit}を超えています"
    if (
        now.indicator.measure is Measure.CUMULATIVE
        and earlier is not None
        and earlier.actual.amount is not None
        and amount < earlier.actual.amount
    ):
        yield (
            FindingKind.FALLING_TOTAL,
            f"累計なのに{short_year(earlier.year)}の{_shown(earlier)}から{_shown(now)}へ減っています",
        )


def _parts(now: IndicatorScore, cells: CellTable) -> Iterator[tuple[FindingKind, str]]:
    cell = cells.whole(now.indicator.code, now.year, Kind.ACTUAL)
    typed = whole_of(now.indicator, cell).reading.value
    value = now.actual.reading.value
    if typed is not None and value is not None and typed != value:
        d = now.indicator.figure_decimals
        yield (
            FindingKind.PARTS_DIFFER,
            f"内訳から求めた{format_number(value, d)}と、全体として入力された{format_number(typed, d)}が違います",
        )
