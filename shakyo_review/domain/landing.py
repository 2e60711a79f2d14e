"""Half-year check (上半期点検): what is reached so far, and where the year would land (着地見込み).

The landing is an estimate (推計) made from the periods that are in; it is never an actual, never
stored, and never mixed with a forecast (見込み) that a person typed, which stands beside it.

Periods and branches are joined by ``domain.rollup`` alone. What is handed to it are the actuals
that are in, with the periods still open marked as answered without a value, so that it joins
what there is by its own rules:

- periods that are summed: the figure so far is carried on at its own pace. With v periods that
  have a value, g gone by and n in the year it is multiplied by (v + n - g) ÷ v; where every period
  gone by has a value that is n ÷ v. Branches are carried on each by itself and then joined.
- last figure, mean, maximum: as it stands. That holds for a running total (累計) too: to carry it
  on, the end of the year before would have to be known and comparable, so the landing of a
  running total is its lowest sensible one.

A period in a state (中止, 対象外, 調査未実施, a text) has gone by and does not come again. It has
no figure, so it neither counts as 0 in the pace nor is made up for; it is named in ``notes``.
A period that is being counted, unknown or not entered is open like one still to come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import lcm

from shakyo_review.domain.cell import PERIOD_LABELS, PERIOD_SETS, Cell, CellKey, CellTable, Kind
from shakyo_review.domain.indicator import Indicator, Parts, Periods
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rollup import Whole, year_figure
from shakyo_review.domain.scoring import IndicatorScore, YearTarget, score_figures, year_target
from shakyo_review.domain.value import (
    ANSWERED,
    STATE_LABELS,
    Reading,
    State,
    format_reading,
    half_up,
)

ESTIMATE_WORD = "推計"
FIGURE_WORD = "実績"
YEAR_MONTHS = 12
_NAMES = 5
"""So many missing periods or branches are named; the others are counted."""


class Basis(StrEnum):
    """What the landing is."""

    ESTIMATE = "estimate"
    FIGURE = "figure"
    NONE = "none"
    YEARLY = "yearly"


@dataclass(frozen=True, slots=True)
class Landing:
    """The check of one indicator at one moment of the year.

    ``so_far`` is what the periods up to then make; ``typed`` the forecast of the year a person
    entered; ``whole`` the landing (an estimate unless ``basis`` is FIGURE) and ``score`` what it
    would be rated. ``months`` are in, and ``due`` should be (a quarter counts 3): in the branch
    that has the fewest and in the one that has the most. ``yearly`` is the year's figure as it
    stands in the book.
    """

    indicator: Indicator
    year: int
    basis: Basis
    target: YearTarget
    yearly: Whole
    typed: Whole | None = None
    so_far: Whole | None = None
    whole: Whole | None = None
    score: IndicatorScore | None = None
    months: tuple[int, int] = (0, 0)
    due: int = 0
    reason: str = ""
    notes: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """推計 for an estimate, 実績 where all periods are in."""
        return {Basis.ESTIMATE: ESTIMATE_WORD, Basis.FIGURE: FIGURE_WORD}.get(self.basis, "")

    @property
    def months_text(self) -> str:
        """The months that are in: 6か月分, 5〜6か月分."""
        return f"{'〜'.join(str(n) for n in sorted(set(self.months)))}か月分"

    @property
    def text(self) -> str:
        """The landing with the word that says what it is: 120（推計）; empty without one."""
        if self.whole is None:
            return ""
        reading = replace(self.whole.reading, forecast=False)
        return f"{format_reading(reading, self.indicator.figure_decimals)}（{self.word}）"

    @property
    def example(self) -> bool:
        """Whether any figure behind it is an example (例示)."""
        wholes = (self.target.whole, self.yearly, self.so_far)
        return self.indicator.example or any(w is not None and w.example for w in wholes)


@dataclass(frozen=True, slots=True)
class _Run:
    """The periods of one branch ('' is the whole plan) that are in, and its place in the year."""

    branch: str
    periods: tuple[str, ...]
    kept: dict[str, Cell]
    forecasts: tuple[str, ...]
    year: Cell | None = None

    @property
    def answered(self) -> int:
        return sum(cell.reading.state in ANSWERED for cell in self.kept.values())

    @property
    def valued(self) -> int:
        return sum(cell.reading.value is not None for cell in self.kept.values())

    def months(self, number: int) -> int:
        return number * YEAR_MONTHS // len(self.periods)

    def ended(self, share: Fraction) -> list[str]:
        return [p for p in self.periods if end_of(p) <= share]

    def factor(self, rule: Periods) -> Fraction:
        """By what the figure so far is multiplied."""
        if rule is not Periods.SUM or not self.valued or self.year is not None:
            return Fraction(1)
        return Fraction(self.valued + len(self.periods) - self.answered, self.valued)


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose actuals of which year are joined."""

    indicator: Indicator
    year: int
    branches: Sequence[tuple[str, str]]

    def key(self, branch: str, period: str = "") -> CellKey:
        return CellKey(self.indicator.code, self.year, Kind.ACTUAL, branch, period)

    def figure(self, cells: Iterable[Cell]) -> Whole:
        table = CellTable.of(cells)
        return year_figure(self.indicator, table, self.year, Kind.ACTUAL, self.branches)


def end_of(period: str) -> Fraction:
    """Return the share of the year gone by at the end of a period; 1 for '' (the year)."""
    for periods in PERIOD_SETS:
        if period in periods:
            return Fraction(periods.index(period) + 1, len(periods))
    return Fraction(1)


def landings(plan: Plan, cells: CellTable, year: int, until: str = "") -> list[Landing]:
    """Return the check of every indicator of a plan, in print order."""
    return [landing(plan, one, cells, year, until) for one in plan.indicators.values()]


def landing(
    plan: Plan, indicator: Indicator, cells: CellTable, year: int, until: str = ""
) -> Landing:
    """Check one indicator as of the end of ``until`` (a period's code; '' takes all that is in).

    With ``until`` only periods count that had ended by then: later ones, and figures typed for the
    whole year, were not known. Without it a figure of the year, typed or complete, ends the
    estimating.
    """
    branches = [(code, plan.branch_names[code]) for code in plan.branches_of(indicator.code)]
    place = _Place(indicator, year, branches)
    typed = cells.whole(indicator.code, year, Kind.ACTUAL)
    yearly = year_figure(indicator, cells, year, Kind.ACTUAL, branches)
    target = year_target(indicator, cells, year, branches)
    begun = Landing(indicator, year, Basis.YEARLY, target, yearly)
    if yearly.reading.forecast:
        begun = replace(begun, typed=yearly)
    runs = _runs(indicator, cells, year, until)
    if not any(run.periods for run in runs if run.year is None):
        return begun

    known = [cell for run in runs for cell in (*run.kept.values(), run.year) if cell is not None]
    if not until and not typed.reading.forecast:
        known.append(typed)
    figure, so_far = place.figure(known), _join(place, runs, carried=False)
    # The branches make the figure, unless they leave that of the whole in force.
    own = [run for run in runs if not run.branch]
    parts = [run for run in runs if run.branch and run.periods]
    counted = own if own and (not parts or so_far.missing) else parts
    entered = [run.months(len(run.periods) if run.year else run.answered) for run in counted]
    share = _share_gone(runs, until)
    begun = replace(
        begun,
        so_far=so_far,
        months=(min(entered, default=0), max(entered, default=0)),
        due=max((run.months(len(run.ended(share))) for run in counted), default=0),
        notes=_notes(place, runs, share),
    )
    basis, reason = Basis.FIGURE, ""
    if figure.reading.state not in ANSWERED:
        reason = _why_nothing(indicator, runs, so_far, share)
        if reason:
            return replace(begun, basis=Basis.NONE, reason=reason)
        basis, figure = Basis.ESTIMATE, _join(place, runs, carried=True)
        figure = replace(figure, reading=replace(figure.reading, forecast=True), steps=())
    elif figure.missing:  # what was typed for the year is in force
        begun = replace(begun, notes=("年度の値が入力済み", *begun.notes))
    rules, scale = plan.rules_of(indicator), plan.scale_of(indicator)
    score = score_figures(indicator, year, figure, target, rules, scale)
    return replace(begun, basis=basis, whole=figure, score=score)


def _runs(indicator: Indicator, cells: CellTable, year: int, until: str) -> list[_Run]:
    """Return what is known of each branch, and of the whole, by its periods."""
    by_branch: dict[str, dict[str, Cell]] = {}
    for cell in cells.parts(indicator.code, year, Kind.ACTUAL):
        separate = cell.key.branch and indicator.parts is Parts.SEPARATE
        if cell.reading.state is not State.NOT_ENTERED and not separate:
            by_branch.setdefault(cell.key.branch, {})[cell.key.period] = cell
    return [_run(indicator, branch, by_branch[branch], until) for branch in sorted(by_branch)]


def _run(indicator: Indicator, branch: str, given: dict[str, Cell], until: str) -> _Run:
    typed = given.get("")
    # The kind of periods is that of the whole year, whatever part of it is looked at.
    most = max(PERIOD_SETS, key=lambda periods: sum(p in given for p in periods))
    entered = [p for p in most if p in given]
    limit = end_of(until)
    kept = {p: given[p] for p in entered if not given[p].reading.forecast and end_of(p) <= limit}
    forecasts = tuple(p for p in entered if given[p].reading.forecast and end_of(p) <= limit)
    run = _Run(branch, most if entered else (), kept, forecasts)
    if typed is None or typed.reading.forecast or typed.reading.state not in ANSWERED:
        return run
    last = kept.get(most[-1])
    ended = indicator.period_rule is Periods.LAST and last and last.reading.value is not None
    if until or (entered and (ended or run.answered == len(most))):
        return run
    return _Run(branch, most, {}, forecasts, typed)


def _join(place: _Place, runs: Sequence[_Run], *, carried: bool) -> Whole:
    """Join what is in by the rules of the roll-up; ``carried`` on to the end of the year.

    To stay exact, figures are multiplied by whole numbers before they are joined; the result is
    divided and rounded once, as what is printed is what is calculated with. A share needs no
    division, its numerator and denominator grow alike.
    """
    rule, d = place.indicator.period_rule, place.indicator.figure_decimals
    factors = {run.branch: run.factor(rule) if carried else Fraction(1) for run in runs}
    scale = lcm(*(factor.denominator for factor in factors.values()))
    filled = [
        cell for run in runs for cell in _filled(place, run, int(factors[run.branch] * scale))
    ]
    whole = place.figure(filled)
    share = any(cell.reading.denominator is not None for cell in filled)
    if not carried or rule is not Periods.SUM or share or whole.amount is None:
        return whole
    return replace(
        whole, reading=Reading(State.VALUE, half_up(whole.amount / scale, d)), exact=None
    )


def _filled(place: _Place, run: _Run, by: int) -> Iterable[Cell]:
    """Return the cells of a branch, multiplied, with its open periods answered without a value."""
    if run.year is not None:
        yield _times(run.year, by)
    elif run.answered:
        # Without any value the last word stands (準備 … of a process, 中止).
        answered = [cell for cell in run.kept.values() if cell.reading.state in ANSWERED]
        stands = Reading(State.NOT_DUE) if run.valued else answered[-1].reading
        for period in run.periods:
            cell = run.kept.get(period)
            kept = cell if cell in answered else None
            yield _times(kept, by) if kept else Cell(place.key(run.branch, period), stands)
    elif run.branch:  # known to be missing, not left out of what is asked for
        yield Cell(place.key(run.branch), Reading(State.BEING_COUNTED))


def _times(cell: Cell, by: int) -> Cell:
    value, lower = cell.reading.value, cell.reading.denominator
    if value is None:
        return cell
    lower = None if lower is None else lower * by
    return replace(cell, reading=replace(cell.reading, value=value * by, denominator=lower))


def _share_gone(runs: Sequence[_Run], until: str) -> Fraction:
    """Return the share of the year that is looked at: to ``until``, else to the last answer."""
    cells = [cell for run in runs for cell in run.kept.values()]
    ends = [end_of(cell.key.period) for cell in cells if cell.reading.state in ANSWERED]
    return end_of(until) if until else max(ends, default=Fraction(0))


def _notes(place: _Place, runs: Sequence[_Run], share: Fraction) -> tuple[str, ...]:
    """Tell of what is not in the figure: open periods, states, forecasts, a branch's year figure."""
    told: dict[str, list[str]] = {}
    names = dict(place.branches)
    process = place.indicator.period_rule is Periods.LAST
    for run in runs:
        where = f"{names.get(run.branch, run.branch)} " if run.branch else ""
        if run.year is not None:
            told.setdefault("年度の値による", []).append(where.strip())
        for period in () if run.year is not None else run.ended(share):
            cell, name = run.kept.get(period), f"{where}{PERIOD_LABELS[period]}"
            if cell is None and period not in run.forecasts:
                told.setdefault("未入力", []).append(name)
            elif (
                cell is not None
                and cell.reading.value is None
                and not (process and cell.reading.text)
            ):
                label = STATE_LABELS[cell.reading.state]
                told.setdefault("値なし", []).append(f"{name}は{label}")
        for period in run.forecasts:
            told.setdefault("見込みのため含めない", []).append(f"{where}{PERIOD_LABELS[period]}")
    return tuple(f"{word}: {_listed(places)}" for word, places in told.items())


def _why_nothing(indicator: Indicator, runs: Sequence[_Run], so_far: Whole, share: Fraction) -> str:
    """Return why no landing can be estimated; empty where it can."""
    state = so_far.reading.state
    if not any(run.answered or run.year is not None for run in runs):
        if share and not any(run.ended(share) for run in runs):
            return "この時点までに終わる期間がない"
        only_forecasts = any(run.forecasts for run in runs)
        return "見込みだけで、実績がまだない" if only_forecasts else "実績がまだ入力されていない"
    if state is State.VALUE or (state is State.TEXT and indicator.period_rule is Periods.LAST):
        return ""
    if so_far.missing:
        return f"未入力: {_listed(so_far.missing)}"
    return f"値のある期間がない（{STATE_LABELS[state]}）"


def _listed(names: Sequence[str]) -> str:
    shown = "・".join(names[:_NAMES])
    return shown if len(names) <= _NAMES else f"{shown}ほか{len(names) - _NAMES}件"
