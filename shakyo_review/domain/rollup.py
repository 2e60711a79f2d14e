"""Branches and periods into one figure of the year (scoring.md §1 parts, periods).

Missing is never zero: a sum is the year's figure only when every branch and every period
has answered; until then it is an interim figure that is shown and not scored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from shakyo_review.domain.cell import BLANK, PERIOD_LABELS, PERIOD_SETS, Cell, CellTable, Kind
from shakyo_review.domain.indicator import Indicator, Parts, Periods
from shakyo_review.domain.value import ANSWERED, Reading, State, format_number, half_up


@dataclass(frozen=True, slots=True)
class Whole:
    """The year's figure of an indicator and how it came about.

    ``exact`` is set where the figure is a quotient (a mean or a share); ``reading.value`` then is
    it rounded to the indicator's decimals. ``steps`` are sentences for the derivation;
    ``interim`` is the sum so far where something is missing.
    """

    reading: Reading
    exact: Fraction | None = None
    steps: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    interim: Decimal | None = None
    example: bool = False
    measured_year: int | None = None
    note: str = ""
    by_branch: bool = False
    """Whether branches have said anything, whatever came of it."""

    @property
    def amount(self) -> Fraction | None:
        """The exact figure to calculate with."""
        if self.exact is not None:
            return self.exact
        return None if self.reading.value is None else Fraction(self.reading.value)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one period or one branch says."""

    reading: Reading
    value: Fraction | None = None
    denominator: Fraction | None = None

    @classmethod
    def of(cls, cell: Cell) -> "_Part":
        value, denominator = cell.reading.value, cell.reading.denominator
        return cls(
            cell.reading,
            None if value is None else Fraction(value),
            None if denominator is None else Fraction(denominator),
        )

    @property
    def answered(self) -> bool:
        return self.reading.state in ANSWERED

    @property
    def amount(self) -> Fraction:
        """The figure itself, a share in %; only where there is a value."""
        value = self.value or Fraction(0)
        return value if self.denominator is None else 100 * value / self.denominator


@dataclass(frozen=True, slots=True)
class _Joined:
    """Several parts as one: sentences that tell how, and the names of those still missing."""

    part: _Part
    steps: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def year_figure(
    indicator: Indicator,
    cells: CellTable,
    year: int,
    kind: Kind,
    branches: Sequence[tuple[str, str]] = (),
) -> Whole:
    """Return the year's figure of an indicator.

    ``branches`` are (code, name) of those that are to answer. Complete parts win over a whole
    that was typed as well (the difference is told); an incomplete set leaves the typed whole in force.
    """
    figure = whole_of(indicator, cells.whole(indicator.code, year, kind))
    by_branch: dict[str, list[Cell]] = {}
    for cell in cells.parts(indicator.code, year, kind):
        if cell.reading.state is not State.NOT_ENTERED:
            by_branch.setdefault(cell.key.branch, []).append(cell)
    own_periods = by_branch.pop("", None)
    if own_periods is not None:
        figure = _settle(indicator, figure, _join_periods(indicator, own_periods), own_periods)
    if by_branch and indicator.parts is Parts.SEPARATE:
        told = (*figure.steps, "区・支所の値は参考とし、全体の公表値を使う")
        return replace(figure, steps=told, by_branch=True)
    if by_branch:
        joined = _join_branches(indicator, by_branch, branches)
        entered = [cell for group in by_branch.values() for cell in group]
        figure = replace(_settle(indicator, figure, joined, entered), by_branch=True)
    return figure


def whole_of(indicator: Indicator, cell: Cell) -> Whole:
    """Return the figure of the one cell that was typed for the whole plan and year."""
    part = _Part.of(cell)
    reading, exact = cell.reading, None
    steps: tuple[str, ...] = ()
    if part.denominator is not None:
        exact = part.amount
        reading = _reading(indicator, part)
        steps = (_share_text(indicator, part),)
    return Whole(
        reading,
        exact,
        steps,
        example=cell.example,
        measured_year=cell.measured_year,
        note=cell.note,
    )


def _reading(indicator: Indicator, part: _Part) -> Reading:
    """Return the figure of a part, rounded to what is shown."""
    value = half_up(part.amount, indicator.figure_decimals)
    return Reading(State.VALUE, value, forecast=part.reading.forecast)


def _shown(value: Fraction, decimals: int) -> str:
    return format_number(half_up(value, decimals), decimals)


def _share_text(indicator: Indicator, part: _Part) -> str:
    d = indicator.decimals
    upper, lower = part.value or Fraction(0), part.denominator or Fraction(0)
    shown = _shown(part.amount, indicator.figure_decimals)
    return f"100×{_shown(upper, d)}÷{_shown(lower, d)}＝{shown}"


def _sum(parts: Sequence[_Part]) -> _Part:
    """Add values, and denominators where they have them; one forecast makes a forecast."""
    forecast = any(part.reading.forecast for part in parts)
    shares = [part.denominator for part in parts if part.denominator is not None]
    return _Part(
        Reading(State.VALUE, forecast=forecast),
        sum((part.value for part in parts if part.value is not None), Fraction(0)),
        sum(shares, Fraction(0)) if shares else None,
    )


def _mean(parts: Sequence[_Part]) -> _Part:
    """Return the mean of values; of shares the sum of the numerators over that of the denominators."""
    total = _sum(parts)
    if total.denominator is not None or total.value is None:
        return total
    return replace(total, value=total.value / len(parts))


def _join_periods(indicator: Indicator, cells: list[Cell]) -> _Joined:
    """Join the periods of one branch, or of the whole."""
    given = {cell.key.period: _Part.of(cell) for cell in cells}
    year = given.pop("", None)
    if year is not None and not given:
        return _Joined(year)
    expected = max(PERIOD_SETS, key=lambda periods: sum(p in given for p in periods))
    used = [p for p in expected if p in given]
    valued = [p for p in used if given[p].value is not None]
    shares = [p for p in valued if given[p].denominator is not None]
    rule = indicator.period_rule
    missing = [PERIOD_LABELS[p] for p in expected if p not in given or not given[p].answered]
    if rule is Periods.LAST and given.get(expected[-1]) and given[expected[-1]].value is not None:
        missing = []
    elif shares and len(shares) < len(valued):
        missing += [f"{PERIOD_LABELS[p]}の分母" for p in valued if p not in shares]
        valued = shares
    if missing and year is not None:
        return _Joined(year, ("期間の値がそろうまで、年度の値を使う",))
    if not valued:
        return _Joined(given[used[-1]], missing=tuple(missing))
    parts = [given[p] for p in valued]
    if rule is Periods.SUM:
        joined, word = _sum(parts), "合計"
    elif rule is Periods.MEAN:
        joined, word = _mean(parts), "平均"
    elif rule is Periods.LAST:
        joined, word = parts[-1], f"{PERIOD_LABELS[valued[-1]]}の値"
    else:
        joined, word = max(parts, key=lambda part: part.amount), "最大"
    names = "・".join(PERIOD_LABELS[p] for p in valued)
    return _Joined(joined, (f"{names}の{word}: {_text(indicator, joined)}",), tuple(missing))


def _text(indicator: Indicator, part: _Part) -> str:
    if part.denominator is None:
        return _shown(part.amount, indicator.decimals)
    return _share_text(indicator, part)


def _join_branches(
    indicator: Indicator, by_branch: dict[str, list[Cell]], branches: Sequence[tuple[str, str]]
) -> _Joined:
    """Join branches, each from its periods."""
    names = dict(branches)
    steps: list[str] = []
    missing: list[str] = []
    results: list[tuple[str, _Part]] = []
    for code in (*names, *sorted(by_branch.keys() - names.keys())):
        name = names.get(code, code)
        if code not in by_branch:
            missing.append(name)
            continue
        joined = _join_periods(indicator, by_branch[code])
        results.append((name, joined.part))
        steps += [f"{name}: {step}" for step in joined.steps]
        missing += [f"{name} {period}" for period in joined.missing]
        if not joined.missing and not joined.part.answered:
            missing.append(name)
    valued = [(name, part) for name, part in results if part.value is not None]
    if not valued:
        part = _common([part for _, part in results])
        return _Joined(part, tuple(steps), tuple(missing))
    parts = [part for _, part in valued]
    if indicator.parts is Parts.RATIO:
        missing += [f"{name}の分母" for name, part in valued if part.denominator is None]
        parts = [part for part in parts if part.denominator is not None]
        if not parts:
            return _Joined(_Part(BLANK), tuple(steps), tuple(missing))
    total, d = _sum(parts), indicator.decimals
    if indicator.parts is Parts.RATIO and total.denominator is not None:
        upper, lower = _shown(total.value or Fraction(0), d), _shown(total.denominator, d)
        told = f"分子の計{upper}÷分母の計{lower}×100＝{_shown(total.amount, indicator.figure_decimals)}"
    elif indicator.parts is Parts.MEAN:
        total = _mean(parts)
        told = f"平均＝{_shown(total.amount, d)}"
    else:
        told = f"合計＝{_shown(total.amount, d)}"
    left_out = [name for name, part in results if part.value is None and part.answered]
    if left_out:
        told += f"（値のない{'・'.join(left_out)}を除く）"
    return _Joined(total, (*steps, f"{len(parts)}か所の{told}"), tuple(missing))


def _common(parts: Sequence[_Part]) -> _Part:
    """Return what all parts without a number say alike; nothing where they say different things."""
    readings = {part.reading for part in parts}
    if len(readings) > 1:
        readings -= {Reading(State.NOT_APPLICABLE)}
    return _Part(readings.pop() if len(readings) == 1 else BLANK)


def _settle(indicator: Indicator, typed: Whole, joined: _Joined, cells: list[Cell]) -> Whole:
    """Decide between the joined parts and the whole that was typed."""
    part, steps, missing = joined.part, joined.steps, joined.missing
    example = any(cell.example for cell in cells)
    if part.value is None:
        if not missing and typed.reading.state is State.NOT_ENTERED:
            return Whole(part.reading, steps=steps, example=example, note=typed.note)
        return replace(typed, steps=(*steps, *typed.steps), missing=missing)
    if missing:
        shown = _reading(indicator, part).value
        if typed.reading.state not in (State.NOT_ENTERED, State.BEING_COUNTED):
            steps = (*steps, f"未入力（{_names(missing)}）があるため、全体の値を使う")
            return replace(typed, steps=(*steps, *typed.steps), missing=missing, interim=shown)
        so_far = format_number(shown, indicator.figure_decimals)
        steps = (*steps, f"未入力: {_names(missing)}（ここまで {so_far}）")
        return Whole(
            Reading(State.BEING_COUNTED), None, steps, missing, shown, example, note=typed.note
        )
    reading = _reading(indicator, part)
    if typed.reading.value is not None and typed.reading.value != reading.value:
        other = format_number(typed.reading.value, indicator.figure_decimals)
        steps = (*steps, f"全体として入力された {other} とは異なる")
    exact = None if part.amount == reading.value else part.amount
    return Whole(reading, exact, steps, example=example, note=typed.note)


def _names(missing: Sequence[str], most: int = 5) -> str:
    shown = "・".join(missing[:most])
    return shown if len(missing) <= most else f"{shown}ほか{len(missing) - most}件"
