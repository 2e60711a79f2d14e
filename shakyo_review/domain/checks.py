"""What is missing and what looks odd. Findings are values to be shown, never exceptions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shakyo_review.domain.cell import PERIOD_LABELS, Cell, CellTable, Kind
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.indicator import Indicator, Parts, Periods
from shakyo_review.domain.odd import (
    FINDING_LABELS,
    FindingKind,
    Told,
    is_share,
    odd_figures,
    shown,
)
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rate import Reason
from shakyo_review.domain.rollup import whole_of
from shakyo_review.domain.scoring import NO_TARGET_NEEDED, IndicatorScore, TargetSource
from shakyo_review.domain.value import (
    STATE_LABELS,
    State,
    fold_unit,
    format_number,
    format_reading,
)

__all__ = [
    "FINDING_LABELS",
    "ODD",
    "Finding",
    "FindingKind",
    "committee_of",
    "find",
    "is_in",
    "odd_values",
]

ODD = frozenset(
    {
        FindingKind.DIGIT_SLIP,
        FindingKind.UNIT_MIX_UP,
        FindingKind.JUMP,
        FindingKind.ABOVE_CEILING,
        FindingKind.FALLING_TOTAL,
        FindingKind.EQUALS_TARGET,
        FindingKind.SAME_AS_BEFORE,
        FindingKind.PART_ABOVE_WHOLE,
        FindingKind.PARTS_DIFFER,
    }
)
"""Findings about values that look wrong; the others are about values that are not there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: where (indicator), whose (committee) and a sentence with the numbers.

    ``confirmed`` is the reason a person gave for the value being right as it stands.
    """

    kind: FindingKind
    indicator: str
    name: str
    committee: str
    text: str
    confirmed: str = ""

    @property
    def odd(self) -> bool:
        """Whether a value looks wrong."""
        return self.kind in ODD

    @property
    def open(self) -> bool:
        """Whether a value looks wrong and nobody has confirmed it yet."""
        return self.odd and not self.confirmed


def committee_of(plan: Plan, indicator: str) -> str:
    """Return who answers for an indicator, in one phrase."""
    owners = plan.owners_of(indicator)
    return "・".join(owner.label for owner in owners) or "担当未定"


def find(
    plan: Plan,
    score: YearScore,
    cells: CellTable,
    before: YearScore | None = None,
    confirmed: Mapping[tuple[str, str], tuple[str, str]] | None = None,
) -> list[Finding]:
    """Return what is missing or odd in a year, in print order; ``before`` is the earlier year.

    ``confirmed`` holds (sentence, reason) by (indicator code, kind). A finding is confirmed as
    long as it says that very sentence: with other numbers it is asked again. A kind is found at
    most once for an indicator.
    """
    findings: list[Finding] = []
    for code, now in score.indicators.items():
        earlier = before.indicators.get(code) if before is not None else None
        committee = committee_of(plan, code)
        told = [*_missing(now, plan.first_year), *_odd(now, cells, earlier, plan.branch_names)]
        for kind, text in told:
            sentence, reason = (confirmed or {}).get((code, kind.value), ("", ""))
            reason = reason if text == sentence else ""
            findings.append(Finding(kind, code, now.indicator.name, committee, text, reason))
    return findings


def odd_values(now: IndicatorScore, cells: CellTable, earlier: IndicatorScore | None) -> list[str]:
    """Return the sentences about a value that looks wrong, for the moment it is typed."""
    return [text for _, text in _odd(now, cells, earlier, {})]


def _odd(
    now: IndicatorScore,
    cells: CellTable,
    earlier: IndicatorScore | None,
    branch_names: Mapping[str, str],
) -> Iterator[Told]:
    code, year = now.indicator.code, now.year
    given = [cells.whole(code, year, Kind.ACTUAL), *cells.parts(code, year, Kind.ACTUAL)]
    figures = [cell for cell in given if cell.reading.value is not None]
    shares = _numerators_above(now.indicator, figures, branch_names)
    above, of_whole = _parts_above(now.indicator, figures, branch_names)
    plain = given[0].reading.value is not None and given[0].reading.denominator is None
    for kind, text in odd_figures(now, earlier):
        if (
            kind is not FindingKind.ABOVE_CEILING or plain or not shares
        ):  # else it follows from them
            yield kind, text
    if shares or above:
        yield FindingKind.PART_ABOVE_WHOLE, shares or above
    if now.actual.amount is not None and not of_whole:  # a part above the whole tells it already
        yield from _parts_differ(now, cells)


_NO_FINDING = frozenset({None, Reason.NOT_JUDGED, Reason.NO_ACTUAL, Reason.BY_HAND})
"""Outcomes without a letter that are as they should be, or are told otherwise."""


def is_in(now: IndicatorScore, first_year: int) -> bool:
    """Whether a year's figure is in: nothing of it is missing, being counted or unknown."""
    kinds = {kind for kind, _ in _missing(now, first_year)}
    return not kinds & {FindingKind.MISSING_ACTUAL, FindingKind.MISSING_PART}


def _missing(now: IndicatorScore, first_year: int) -> Iterator[Told]:
    state = now.actual.reading.state
    waiting = state is State.NOT_ENTERED and not now.actual.missing
    if waiting and not _is_due(now.indicator, now.year, first_year):
        return  # nobody measures it this year, nor needs a target for it
    if waiting:
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


def _is_due(indicator: Indicator, year: int, first_year: int) -> bool:
    """Whether the indicator is measured in a year, by its cadence.

    Years are counted from the baseline's, else from ``first_year`` of the plan.
    """
    start = first_year if indicator.baseline.year is None else indicator.baseline.year
    return (year - start) % indicator.cadence == 0


# --- parts and wholes -----------------------------------------------------------------------

_COUNTED = frozenset(
    "人 名 回 件 世帯 団体 か所 校 枚 部 冊 台 組 チーム グループ 地区 区 円 千円 万円 百万円".split()  # noqa: SIM905
)
"""Units of things that are counted, so that no branch can have more than the whole.

Days, hours and points are left out: they are as often a mean.
"""


def _branches_add(indicator: Indicator) -> bool:
    """Whether no branch can be above the whole: sums, and counts published for the whole."""
    if is_share(indicator):
        return False
    if indicator.parts is Parts.SEPARATE:
        counted = fold_unit(indicator.unit) in _COUNTED and not indicator.decimals
        return counted and indicator.period_rule is not Periods.MEAN
    return indicator.parts is Parts.SUM


def _parts_above(
    indicator: Indicator, figures: Sequence[Cell], branch_names: Mapping[str, str]
) -> tuple[str, bool]:
    """Tell the parts that are larger than the typed figure of which they are a part.

    Returns the sentence, empty where there are none, and whether it is about the whole plan's.
    Where something is negative, or is a quotient, a part may well be larger.
    """
    if any(_value(cell) < 0 or cell.reading.denominator is not None for cell in figures):
        return "", False
    periods_add = indicator.period_rule is Periods.SUM and not is_share(indicator)
    parts: dict[str, list[Cell]] = {}
    for cell in figures:
        if periods_add or not cell.key.period:
            parts.setdefault(cell.key.branch, []).append(cell)
            if cell.key.branch and _branches_add(indicator):
                parts.setdefault("", []).append(cell)
    for whole in sorted(figures, key=_order):
        if whole.key.period:
            continue
        larger = [cell for cell in parts[whole.key.branch] if _value(cell) > _value(whole)]
        if larger:
            told = [
                f"{_place(cell, branch_names)}の{shown(indicator, Fraction(_value(cell)))}"
                for cell in sorted(larger, key=_order)
            ]
            whose = f"{_place(whole, branch_names)}の年間" if whole.key.branch else "全体"
            limit = shown(indicator, Fraction(_value(whole)))
            text = f"{_names(told)}が、{whose}として入力された{limit}を超えています。"
            return f"{text}どちらが正しいか確かめてください", not whole.key.branch
    return "", False


def _numerators_above(
    indicator: Indicator, figures: Sequence[Cell], branch_names: Mapping[str, str]
) -> str:
    """Tell the shares of more than the whole, where the indicator cannot go above 100%."""
    ceiling = indicator.ceiling
    if indicator.parts is not Parts.RATIO or (ceiling is not None and ceiling > 100):
        return ""
    larger = [
        cell
        for cell in figures
        if cell.reading.denominator is not None and _value(cell) > cell.reading.denominator
    ]
    inside = any(cell.key.branch or cell.key.period for cell in larger)
    if not larger or (ceiling is not None and not inside):  # the whole alone: told by the ceiling
        return ""
    told = [
        f"{_place(cell, branch_names)}の{format_reading(cell.reading)}"
        for cell in sorted(larger, key=_order)
    ]
    return f"{_names(told)}は、分子が分母より大きくなっています。分子と分母を確かめてください"


def _value(cell: Cell) -> Decimal:
    return cell.reading.value or Decimal(0)


_PERIOD_ORDER = {period: place for place, period in enumerate(("", *PERIOD_LABELS))}


def _order(cell: Cell) -> tuple[str, int]:
    return cell.key.branch, _PERIOD_ORDER[cell.key.period]


def _place(cell: Cell, branch_names: Mapping[str, str]) -> str:
    """Name the place of a figure: 第3区 7月."""
    code, period = cell.key.branch, cell.key.period
    branch = branch_names.get(code, f"区・支所「{code}」") if code else ""
    return " ".join(filter(None, (branch, PERIOD_LABELS.get(period, "")))) or "全体"


def _names(names: Sequence[str]) -> str:
    more = f"ほか{len(names) - 3}件" if len(names) > 3 else ""
    return "、".join(names[:3]) + more


def _parts_differ(now: IndicatorScore, cells: CellTable) -> Iterator[Told]:
    cell = cells.whole(now.indicator.code, now.year, Kind.ACTUAL)
    typed = whole_of(now.indicator, cell).reading.value
    value = now.actual.reading.value
    if typed is not None and value is not None and typed != value:
        d = now.indicator.figure_decimals
        yield (
            FindingKind.PARTS_DIFFER,
            f"内訳から求めた{format_number(value, d)}と、全体として入力された{format_number(typed, d)}が違います",
        )
