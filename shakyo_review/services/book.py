"""One open book: its plan, its figures and its scores, always as they are on disk."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from shakyo_review.domain.cell import Cell, CellKey, CellTable, Kind
from shakyo_review.domain.checks import Finding, find
from shakyo_review.domain.comparison import Comparison, compare_years
from shakyo_review.domain.goals import YearScore, score_year
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.errors import BookProblem
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import history as history_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage.database import BookFile, explained, open_book

WORKING_YEAR = "working_year"


def now() -> str:
    """Return the time of a change: ISO, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def local_time(at: str) -> str:
    """Return a time of the history for people: 2026年11月21日 09:05, in the machine's time zone."""
    moment = datetime.fromisoformat(at).astimezone()
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


@dataclass(slots=True)
class ReviewBook:
    """An open book and who is acting on it.

    Scores and cells are kept until another process has written; an own change forgets only what it
    touches.
    """

    file: BookFile
    who: str
    stored: plan_rows.StoredPlan
    _state: tuple[int, int] = (0, 0)
    _cells: dict[int, CellTable] = field(default_factory=dict)
    _scores: dict[int, YearScore] = field(default_factory=dict)
    _known: dict[int, dict[str, IndicatorScore]] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path, who: str) -> Self:
        """Open a book; ``BookProblem`` or ``WrongUsage`` tells what is wrong with it."""
        file = open_book(path)
        try:
            state = file.data_version()
            with explained(path):
                return cls(file, who, plan_rows.read_plan(file.db), state)
        except BaseException:
            file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where the book lies."""
        return self.file.path

    @property
    def plan(self) -> Plan:
        """The plan of the book."""
        return self.stored.plan

    def refresh(self) -> bool:
        """Forget what is kept if anybody has written since; tells whether that was so."""
        state = self.file.data_version()
        if state == self._state:
            return False
        elsewhere = state[0] != self._state[0]
        self._state = state
        self._cells.clear()
        self._scores.clear()
        self._known.clear()
        if elsewhere:
            with explained(self.path):
                self.stored = plan_rows.read_plan(self.file.db)
        return True

    def take_note(self, cell: Cell) -> None:
        """Keep a cell this process has just stored, and forget only the scores it touches."""
        with suppress(BookProblem):  # the change is stored: a lock now is nothing to tell
            state = self.file.data_version()
            if state != (self._state[0], self._state[1] + 1):
                return  # more than this cell has changed: refresh() forgets all
            self._state = state
            year = cell.key.year
            if year in self._cells:
                self._cells[year].put(cell)
            if (old := self._scores.pop(year, None)) is not None:
                self._known[year] = dict(old.indicators)
            self._known.get(year, {}).pop(cell.key.indicator, None)

    def reload_plan(self) -> None:
        """Read the plan again after this process has changed it."""
        with explained(self.path):
            self.stored = plan_rows.read_plan(self.file.db)

    def cells(self, year: int) -> CellTable:
        """Return the cells of one year."""
        self.refresh()
        if year not in self._cells:
            with explained(self.path):
                self._cells[year] = CellTable.of(cell_rows.read_cells(self.file.db, [year]))
        return self._cells[year]

    def cell_version(self, key: CellKey) -> int:
        """Return the version of a cell as it is known now."""
        return self.cells(key.year).get(key).version

    def score(self, year: int) -> YearScore:
        """Return the scores of one year (a year without any figure is scored as empty)."""
        self.refresh()
        if year not in self._scores:
            known = self._known.pop(year, None)
            self._scores[year] = score_year(self.plan, self.cells(year), year, known)
        return self._scores[year]

    def compare(self, years: Iterable[int]) -> Comparison:
        """Set years side by side, oldest first."""
        with explained(self.path):
            changed = history_rows.targets_changed_with_reason(self.file.db)
        return compare_years(self.plan, {year: self.score(year) for year in years}, changed)

    def findings(self, year: int) -> list[Finding]:
        """Return what is missing or odd in a year; odd beside the last earlier year with results."""
        earlier = [one for one in self.years_with(Kind.ACTUAL) if one < year]
        before = self.score(earlier[-1]) if earlier else None
        return find(self.plan, self.score(year), self.cells(year), before)

    def years_with(self, kind: Kind) -> list[int]:
        """Return the years with figures of a kind, oldest first."""
        with explained(self.path):
            return cell_rows.years_with_cells(self.file.db, kind)

    def years(self) -> list[int]:
        """Return every year a person may choose: those of the plan and those with figures."""
        plan = self.plan
        return sorted({*range(plan.first_year, plan.last_year + 1), *self.years_with(Kind.ACTUAL)})

    @property
    def working_year(self) -> int:
        """The year being filled in: as set with the book, else the last with results, else the first."""
        with explained(self.path):
            kept = plan_rows.get_setting(self.file.db, WORKING_YEAR)
        if kept is not None and kept.isdecimal():
            return int(kept)
        entered = [year for year in self.years_with(Kind.ACTUAL) if year >= self.plan.first_year]
        return entered[-1] if entered else self.plan.first_year

    def history(
        self, code: str | None = None, year: int | None = None, newest: int | None = None
    ) -> list[history_rows.Change]:
        """Return the changes, oldest first."""
        with explained(self.path):
            return history_rows.read(self.file.db, code, year, newest)

    def count_history(self) -> int:
        """Return how many changes there are."""
        with explained(self.path):
            return history_rows.count(self.file.db)
