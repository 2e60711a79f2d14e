"""The rows of a 記入シート: each figure an owner is to fill in, in words, with the mark it is known by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from shakyo_review.domain.cell import (
    PERIOD_LABELS,
    PERIOD_SETS,
    Cell,
    CellKey,
    CellTable,
    Kind,
)
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.indicator import Indicator, Parts
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.scoring import IndicatorScore, TargetSource
from shakyo_review.domain.value import Reading, State, format_number, format_reading
from shakyo_review.exchange.entry_sheet import Definition, RowMark, SheetRow
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry_sheets.words import note_of, words_of
from shakyo_review.storage.database import explained
from shakyo_review.storage.history import read_origin
from shakyo_review.storage.plans import Edition

NO_FIGURE = "－"


def origin(book: ReviewBook) -> str:
    """Return by what a book and its copies are known."""
    with explained(book.path):
        return read_origin(book.file.db)


def define(edition: Edition, code: str) -> Definition:
    """Return what a figure of an indicator means by an edition of the plan."""
    indicator = edition.plan.indicators[code]
    number = edition.ids.indicator[code]
    return Definition(number, indicator.unit, indicator.decimals, indicator.parts.value)


@dataclass(frozen=True, slots=True)
class Making:
    """One year of a book while its sheets are made."""

    year: int
    edition: Edition
    origin: str
    cells: CellTable
    earlier: CellTable
    score: YearScore
    before: YearScore
    codes_before: Mapping[str, str]

    @classmethod
    def of(cls, book: ReviewBook, year: int) -> "Making":
        """Read what the sheets of a year need."""
        ids, earlier_ids = (book.identity(one) for one in (year, year - 1))
        there = {number: code for code, number in earlier_ids.items()}
        return cls(
            year,
            book.edition_of(year),
            origin(book),
            book.cells(year),
            book.cells(year - 1),
            book.score(year),
            book.score_beside(year - 1, year),
            {code: there[number] for code, number in ids.items() if number in there},
        )

    @property
    def plan(self) -> Plan:
        """The plan of the year."""
        return self.edition.plan

    def rows(self, code: str) -> Iterator[SheetRow]:
        """Return the row of an indicator and those of its branches and periods."""
        parts = list(self._parts(code))
        cell = self.cells.whole(code, self.year, Kind.ACTUAL)
        joined = [part for part in parts if self._joins(code, part)]
        blank = cell.reading.state is State.NOT_ENTERED
        yield self._whole(code, cell, opened=not (joined and blank))
        for branch, period in parts:
            yield self._part(code, branch, period)

    def _joins(self, code: str, part: tuple[str, str]) -> bool:
        """Whether a part is added up into the whole by the tool."""
        branch, _ = part
        return not branch or self.plan.indicators[code].parts is not Parts.SEPARATE

    def _parts(self, code: str) -> Iterator[tuple[str, str]]:
        """Return the branches and periods in use this year or last, or named by the plan for this indicator."""
        used = self._used(code)
        known = self.plan.branches_of(code)
        branches = [one for one in known if one in {branch for branch, _ in used}]
        added_up = self.plan.indicators[code].parts is not Parts.SEPARATE
        if (branches and added_up) or self._branches_named(code):
            branches = list(known)
        for branch in ("", *branches):
            if branch:
                yield branch, ""
            given = {period for one, period in used if one == branch and period}
            if given:
                for period in max(PERIOD_SETS, key=lambda one: len(given.intersection(one))):
                    yield branch, period

    def _used(self, code: str) -> set[tuple[str, str]]:
        earlier = self.codes_before.get(code, "")
        cells = [
            *self.cells.parts(code, self.year, Kind.ACTUAL),
            *self.earlier.parts(earlier, self.year - 1, Kind.ACTUAL),
        ]
        return {
            (cell.key.branch, cell.key.period)
            for cell in cells
            if cell.reading.state is not State.NOT_ENTERED
        }

    def _branches_named(self, code: str) -> bool:
        """Whether the plan wants figures by branch and nobody has answered with one for the whole."""
        if self.plan.indicators[code].parts is Parts.SEPARATE:
            return False
        named = bool(self.plan.items[self.plan.action_of[code]].node.branches)
        wholes = (
            self.cells.whole(code, self.year, Kind.ACTUAL),
            self._earlier_cell(code, "", ""),
        )
        return named and all(one.reading.state is State.NOT_ENTERED for one in wholes)

    def _earlier_cell(self, code: str, branch: str, period: str) -> Cell:
        earlier = self.codes_before.get(code, "")
        return self.earlier.get(CellKey(earlier, self.year - 1, Kind.ACTUAL, branch, period))

    def _whole(self, code: str, cell: Cell, *, opened: bool) -> SheetRow:
        indicator, score = self.plan.indicators[code], self.score.indicators[code]
        earlier = self.before.indicators.get(code)
        action = self.plan.items[self.plan.action_of[code]]
        actual, state = words_of(indicator, cell)
        if not opened:
            actual = _reading_text(score, score.actual.reading, score.actual.example)
        return SheetRow(
            mark=self._mark(code, cell, opened=opened),
            action=f"{action.code} {action.name}",
            name=indicator.name,
            unit=indicator.unit,
            baseline=_baseline(indicator),
            target_before=NO_FIGURE if earlier is None else _target(earlier),
            actual_before=_before(earlier),
            letter_before=(earlier.rating if earlier is not None else None) or NO_FIGURE,
            target=_target(score),
            actual=actual,
            state=state,
            note=note_of(cell),
        )

    def _mark(self, code: str, cell: Cell, *, opened: bool) -> RowMark:
        return RowMark(self.origin, define(self.edition, code), cell, opened)

    def _part(self, code: str, branch: str, period: str) -> SheetRow:
        indicator = self.plan.indicators[code]
        cell = self.cells.get(CellKey(code, self.year, Kind.ACTUAL, branch, period))
        target = self.cells.get(CellKey(code, self.year, Kind.TARGET, branch, period))
        earlier = self._earlier_cell(code, branch, period)
        name = self.plan.branch_names.get(branch, branch)
        words = " ".join(filter(None, (name, PERIOD_LABELS.get(period, period))))
        actual, state = words_of(indicator, cell)
        # Where months of a branch follow, the branch is added up from them.
        opened = bool(period) or not self._has_periods(code, branch) or _entered(cell)
        return SheetRow(
            mark=self._mark(code, cell, opened=opened),
            action="",
            name=f"　・{words}",
            unit=indicator.unit,
            baseline="",
            target_before="",
            actual_before=_shown(indicator, earlier),
            letter_before="",
            target=_shown(indicator, target),
            actual=actual,
            state=state,
            note=note_of(cell),
        )

    def _has_periods(self, code: str, branch: str) -> bool:
        return any(one == branch and period for one, period in self._used(code))


def with_goals(plan: Plan, rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
    """Yield rows, the first of each goal with its name above the action's."""
    last = ""
    for row in rows:
        action = plan.action_of[row.mark.given.key.indicator]
        goal = plan.path_of(action)[0]
        if row.action and goal.code not in (last, action):
            row = replace(row, action=f"【{goal.code} {goal.name}】\n{row.action}")
        last = goal.code
        yield row


def _entered(cell: Cell) -> bool:
    return cell.reading.state is not State.NOT_ENTERED


def _baseline(indicator: Indicator) -> str:
    value, year = indicator.baseline.value, indicator.baseline.year
    if value is None:
        return NO_FIGURE
    text = format_number(value, indicator.figure_decimals)
    dated = f"{text}\n（{short_year(year)}）" if year is not None else text
    return _example(dated, indicator.example)


def _target(score: IndicatorScore) -> str:
    target, decimals = score.target, score.indicator.figure_decimals
    if target.source is TargetSource.NONE:
        return NO_FIGURE
    if target.source is TargetSource.PATH:
        return _example(format_number(target.value, decimals), score.indicator.example)
    return _example(format_reading(target.whole.reading, decimals), target.whole.example)


def _before(earlier: IndicatorScore | None) -> str:
    if earlier is None:
        return NO_FIGURE
    return _reading_text(earlier, earlier.actual.reading, earlier.actual.example)


def _reading_text(score: IndicatorScore, reading: Reading, example: bool) -> str:
    text = format_reading(reading, score.indicator.figure_decimals, blank=NO_FIGURE)
    return _example(text, example and reading.state is not State.NOT_ENTERED)


def _shown(indicator: Indicator, cell: Cell) -> str:
    text = format_reading(cell.reading, indicator.figure_decimals, blank=NO_FIGURE)
    return _example(text, cell.example)


def _example(text: str, example: bool) -> str:
    return f"{text}\n（例示）" if example else text
