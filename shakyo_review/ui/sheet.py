"""The sheet people fill in: its rows, what stands in each cell, and what still wants a value.

A sheet holds the state of the book as it is *shown*: the versions of its cells are those the
person saw, so that a change made elsewhere meanwhile is found when something is confirmed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shakyo_review.domain.cell import PERIOD_LABELS, PERIOD_SETS, Cell, CellKey, CellTable, Kind
from shakyo_review.domain.checks import Finding, find, is_in
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.indicator import Against, Indicator, Parts, RateRule
from shakyo_review.domain.owners import Share, owned_by
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.domain.scoring import IndicatorScore, TargetSource
from shakyo_review.domain.value import State
from shakyo_review.services.book import CONFIRMATION, ReviewBook
from shakyo_review.services.submitted import SUBMISSION, submissions

EDITABLE = (Kind.TARGET, Kind.ACTUAL)
_WITHOUT_TARGET = (None, RateRule.MANUAL, RateRule.RANGE, RateRule.MILESTONE)
_UNFINISHED = (State.NOT_ENTERED, State.BEING_COUNTED)


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


@dataclass(slots=True)
class Sheet:
    """The rows of one year, for some owners or (none named) all.

    ``opened`` are the indicators folded out, each with the periods to offer where it has none yet.
    """

    book: ReviewBook
    year: int
    owners: tuple[str, ...] = ()
    opened: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    plan: Plan = field(init=False)
    cells: CellTable = field(init=False)
    cells_before: CellTable = field(init=False)
    score: YearScore = field(init=False)
    before: YearScore = field(init=False)
    blanks: int = 0
    total: int = 0
    """Indicators shown, and how many of them are in."""
    entered: int = 0
    shares: list[Share] = field(default_factory=list)
    """How far the owners shown have come with 提出; empty where nobody has submitted in this year."""
    example: bool = False
    marked: bool = False
    """Whether the rows tell which values look wrong (asked only when the sheet stands on the screen)."""
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
        first, scores = self.plan.first_year, self.score.indicators
        shown = [scores[row.indicator] for row in self.rows if not row.part]
        self.total, self.entered = len(shown), sum(is_in(score, first) for score in shown)
        self.shares = self._read_shares()
        self.example = any(score.example for score in self.score.indicators.values())

    def _read_shares(self) -> list[Share]:
        if not self.book.facts(SUBMISSION, self.year):
            return []
        shares = submissions(self.book, self.year)
        return [share for share in shares if not self.owners or share.owner in self.owners]

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

    def odd(self, code: str) -> bool:
        """Tell whether a value of an indicator looks wrong and nobody has confirmed it."""
        return self.marked and any(finding.open for finding in self.findings(code))

    def _lines(self) -> Iterator[Row]:
        for code in self.plan.indicators:
            if owned_by(self.plan, code, self.owners):
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
            periods: Sequence[str]
            if given:
                periods = max(PERIOD_SETS, key=lambda one: len(given.intersection(one)))
            else:  # those a person has just asked for
                periods = () if branch or self._branches(code) else self.opened.get(code, ())
            for period in periods:
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

    def note(self, row: Row) -> str:
        """Return the sentence beside the actual of a row (実施内容)."""
        return self.cell(row, Kind.ACTUAL).note

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
