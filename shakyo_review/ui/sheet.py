"""The sheet people fill in: its rows, what stands in each cell, and what still wants a value.

A sheet holds the state of the book as it is *shown*: the versions of its cells are those the
person saw, so that a change made elsewhere meanwhile is found when something is confirmed.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from shakyo_review.domain.cell import PERIOD_LABELS, PERIOD_SETS, Cell, CellKey, CellTable, Kind
from shakyo_review.domain.checks import Finding, find
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.indicator import Against, Indicator, Parts, RateRule
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.domain.scoring import IndicatorScore, TargetSource
from shakyo_review.domain.value import STATE_LABELS, Reading, State, format_number, format_reading
from shakyo_review.services.book import CONFIRMATION, ReviewBook
from shakyo_review.ui.marks import letter
from shakyo_review.ui.owners import owned_by

BLANK = "____"
"""What an empty cell shows, so that a person sees where to type."""
EXAMPLE = "*"
"""The mark behind a figure that is an example (例示)."""
EDITABLE = (Kind.TARGET, Kind.ACTUAL)
_WITHOUT_TARGET = (None, RateRule.MANUAL, RateRule.RANGE, RateRule.MILESTONE)
_UNFINISHED = (State.NOT_ENTERED, State.BEING_COUNTED)


_SHORT = {State.NOT_SURVEYED: "未調査", State.NOT_DUE: "年度外"}
"""Shorter words for last year's column in a narrow terminal."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: an indicator, or a branch and period of one."""

    indicator: str
    branch: str = ""
    period: str = ""

    @property
    def key(self) -> str:
        """The name of the line in the grid."""
        return f"{self.indicator}|{self.branch}|{self.period}"

    @property
    def part(self) -> bool:
        """Whether this is a branch or period under an indicator."""
        return bool(self.branch or self.period)


@dataclass(frozen=True, slots=True)
class Word:
    """What a cell of the grid shows; ``aside`` is put in brackets behind it where there is room."""

    text: str
    style: str = ""
    example: bool = False
    aside: str = ""


@dataclass(slots=True)
class Sheet:
    """The rows of one year, for one owner or all, with the indicators folded out in ``opened``."""

    book: ReviewBook
    year: int
    owner: str | None = None
    opened: AbstractSet[str] = frozenset()
    rows: list[Row] = field(default_factory=list)
    plan: Plan = field(init=False)
    cells: CellTable = field(init=False)
    cells_before: CellTable = field(init=False)
    score: YearScore = field(init=False)
    before: YearScore = field(init=False)
    blanks: int = 0
    example: bool = False
    _earlier: list[int] | None = None
    _codes_before: Mapping[str, str | None] | None = None
    _asked: tuple[YearScore | None, Mapping[tuple[str, str], tuple[str, str]]] | None = None

    def __post_init__(self) -> None:
        self.read()

    def read(self) -> None:
        """Take over the book as it is now."""
        self.cells, self.cells_before = self.book.cells(self.year), self.book.cells(self.year - 1)
        self.score = self.book.score(self.year)
        self.before = self.book.score_beside(self.year - 1, self.year)
        self.plan = self.score.plan
        self._read_codes_before()
        self._asked = None
        self.rows = list(self._lines())
        self.blanks = sum(self.wants(row, Kind.ACTUAL) for row in self.rows)
        self.example = any(score.example for score in self.score.indicators.values())

    def _read_codes_before(self) -> None:
        """Find the code each indicator had last year, where the plan was renumbered."""
        ids, ids_before = (self.book.identity(year) for year in (self.year, self.year - 1))
        self._codes_before = None
        if ids != ids_before:
            there = {number: code for code, number in ids_before.items()}
            self._codes_before = {code: there.get(number) for code, number in ids.items()}

    def cell_before(self, row: Row) -> Cell:
        """Return last year's actual of a row, by whatever code it had; blank where the plan had it not."""
        code = row.indicator
        if self._codes_before is not None:
            code = self._codes_before.get(code) or ""
        return self.cells_before.get(
            CellKey(code, self.year - 1, Kind.ACTUAL, row.branch, row.period)
        )

    def findings(self, code: str) -> list[Finding]:
        """Return what looks wrong about an indicator, whether somebody has confirmed it or not."""
        if self._asked is None:
            if self._earlier is None:  # asked once for a sheet: it reads every cell of the book
                self._earlier = [y for y in self.book.years_with(Kind.ACTUAL) if y < self.year]
            before = None
            if self._earlier:
                before = self.book.score_beside(self._earlier[-1], self.year)
            facts = self.book.facts(CONFIRMATION, self.year)
            confirmed = {
                (fact.key.code, fact.key.kind): (fact.data["text"], fact.data["reason"])
                for fact in facts
                if fact.data is not None
            }
            self._asked = before, confirmed
        one = replace(self.score, indicators={code: self.score.indicators[code]})
        return [f for f in find(self.plan, one, self.cells, *self._asked) if f.odd]

    def _lines(self) -> Iterator[Row]:
        for code in self.plan.indicators:
            if owned_by(self.plan, code, self.owner):
                yield Row(code)
                if code in self.opened:
                    yield from self.parts_of(code)

    def parts_of(self, code: str) -> Iterator[Row]:
        """Return the lines that can be folded out under an indicator; periods only where some exist."""
        for branch in ("", *self._branches(code)):
            if branch:
                yield Row(code, branch)
            given = {
                cell.key.period for cell in self._part_cells(code) if cell.key.branch == branch
            } - {""}
            if given:
                for period in max(
                    PERIOD_SETS, key=lambda periods: len(given.intersection(periods))
                ):
                    yield Row(code, branch, period)

    def _branches(self, code: str) -> tuple[str, ...]:
        """Return the branches that answer for an indicator; where only the whole is published, those named."""
        named = self.plan.items[self.plan.action_of[code]].node.branches
        apart = self.plan.indicators[code].parts is Parts.SEPARATE
        if apart and not named and not any(cell.key.branch for cell in self._part_cells(code)):
            return ()
        return self.plan.branches_of(code)

    def _part_cells(self, code: str) -> list[Cell]:
        return [cell for kind in EDITABLE for cell in self.cells.parts(code, self.year, kind)]

    def folds(self, code: str) -> bool:
        """Tell whether something can be folded out under an indicator."""
        return bool(self._branches(code)) or any(cell.key.period for cell in self._part_cells(code))

    # --- one row ---------------------------------------------------------------------------

    def indicator(self, row: Row) -> Indicator:
        """Return the indicator of a row."""
        return self.plan.indicators[row.indicator]

    def action(self, row: Row) -> Item:
        """Return the item of the plan the row's indicator belongs to."""
        return self.plan.items[self.plan.action_of[row.indicator]]

    def scored(self, row: Row) -> IndicatorScore:
        """Return the score of the row's indicator."""
        return self.score.indicators[row.indicator]

    def key(self, row: Row, kind: Kind) -> CellKey:
        """Return where a figure of the row is kept."""
        return CellKey(row.indicator, self.year, kind, row.branch, row.period)

    def cell(self, row: Row, kind: Kind) -> Cell:
        """Return the cell as shown."""
        return self.cells.get(self.key(row, kind))

    def wants(self, row: Row, kind: Kind) -> bool:
        """Tell whether a value is missing here."""
        score = self.scored(row)
        if kind is Kind.TARGET:
            return (
                not row.part
                and score.rule not in _WITHOUT_TARGET
                and score.against is Against.YEAR_TARGET
                and score.target.source is TargetSource.NONE
            )
        state = score.actual.reading.state
        if row.part:
            blank = self.cell(row, kind).reading.state is State.NOT_ENTERED
            counts = not row.branch or self.indicator(row).parts is not Parts.SEPARATE
            return blank and counts and (state in _UNFINISHED or bool(score.actual.missing))
        if state is State.NOT_ENTERED:
            return True
        return (
            bool(score.actual.missing)
            and state is State.BEING_COUNTED
            and row.indicator not in self.opened
        )

    def part_name(self, row: Row) -> str:
        """Return the name of a branch and period, '' for a whole indicator."""
        branch = self.plan.branch_names.get(row.branch, row.branch)
        return " ".join(
            word for word in (branch, PERIOD_LABELS.get(row.period, row.period)) if word
        )

    # --- what the cells show ---------------------------------------------------------------

    def words(self, row: Row, above: Row | None, wide: bool) -> dict[str, Word]:
        """Return what the cells of a row show; ``above`` tells whether the action has to be named again."""
        if row.part:
            return self._part_words(row)
        indicator, score = self.indicator(row), self.scored(row)
        earlier = self.before.indicators[row.indicator]
        action = self.action(row)
        fresh = above is None or self.plan.action_of[above.indicator] != action.code
        sign = (
            "" if not self.folds(row.indicator) else "－" if row.indicator in self.opened else "＋"
        )
        return {
            "code": Word(row.indicator),
            "action": Word(action.name if fresh else "〃" if wide else ""),
            "name": Word(
                f"{sign}{indicator.name}", aside=action.name if fresh and not wide else ""
            ),
            "unit": Word(indicator.unit),
            "baseline": self._baseline(indicator),
            "before": Word(
                _before(earlier.actual.reading, indicator.figure_decimals, wide),
                example=earlier.actual.example,
            ),
            "target": self._target(score),
            "actual": self._actual(score),
            "rate": Word(score.display, example=score.example and score.rate is not None),
            "rating": Word(f" {letter(score.rating)}", "bold" if score.rating else ""),
            "state": Word(state_word(score)),
        }

    def _baseline(self, indicator: Indicator) -> Word:
        value = indicator.baseline.value
        return Word(
            format_number(value, indicator.figure_decimals),
            example=indicator.example and value is not None,
        )

    def _target(self, score: IndicatorScore) -> Word:
        target, decimals = score.target, score.indicator.figure_decimals
        if target.source is TargetSource.PATH:
            return Word(format_number(target.value, decimals), "dim", score.indicator.example)
        if target.source is TargetSource.NONE:
            return Word(
                BLANK if self.wants(Row(score.indicator.code), Kind.TARGET) else "－", "dim"
            )
        return Word(format_reading(target.whole.reading, decimals), example=target.whole.example)

    def _actual(self, score: IndicatorScore) -> Word:
        reading = score.actual.reading
        if reading.state is State.NOT_ENTERED:
            return Word(BLANK)
        return Word(
            format_reading(reading, score.indicator.figure_decimals), "bold", score.actual.example
        )

    def _part_words(self, row: Row) -> dict[str, Word]:
        indicator = self.indicator(row)
        decimals = indicator.figure_decimals
        target, actual = self.cell(row, Kind.TARGET), self.cell(row, Kind.ACTUAL)
        earlier = self.cell_before(row)
        entered = actual.reading.state is not State.NOT_ENTERED
        return {
            "code": Word(""),
            "action": Word(""),
            "name": Word(f"{'　' if row.branch and row.period else ''}・{self.part_name(row)}"),
            "unit": Word(indicator.unit),
            "baseline": Word(""),
            "before": Word(
                format_reading(earlier.reading, decimals, blank="－"), example=earlier.example
            ),
            "target": Word(
                format_reading(target.reading, decimals, blank="－"), "dim", target.example
            ),
            "actual": Word(
                format_reading(actual.reading, decimals, blank=BLANK),
                "bold" if entered else "",
                actual.example,
            ),
            "rate": Word(""),
            "rating": Word(""),
            "state": Word("" if not entered else STATE_LABELS[actual.reading.state]),
        }


def _before(reading: Reading, decimals: int, wide: bool) -> str:
    short = None if wide else _SHORT.get(reading.state)
    return short or format_reading(reading, decimals, blank="－")


def state_word(score: IndicatorScore) -> str:
    """Return how an actual stands, in one word."""
    actual = score.actual
    if actual.example:
        return "例示"
    if actual.missing:
        return "内訳に空欄"
    if actual.reading.forecast:
        return "見込み"
    if actual.measured_year is not None and actual.measured_year != score.year:
        return f"{short_year(actual.measured_year)}の値"
    return STATE_LABELS[actual.reading.state]
