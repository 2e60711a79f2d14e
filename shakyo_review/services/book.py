"""One open book: its plan, its figures and its scores, always as they are on disk."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from shakyo_review.domain.cell import Cell, CellTable, Kind
from shakyo_review.domain.checks import Finding, find
from shakyo_review.domain.goals import YearScore, score_year
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import BookProblem
from shakyo_review.services.clock import now
from shakyo_review.services.kept import RATING, Kept
from shakyo_review.services.permission import Permissions
from shakyo_review.services.told import Told, told, unknown_fact
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage import history as history_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage import seals as seal_rows
from shakyo_review.storage import settings
from shakyo_review.storage.database import BookFile, explained, open_book
from shakyo_review.storage.facts import Fact, FactKey
from shakyo_review.storage.renames import read_renames, targets_changed

if TYPE_CHECKING:
    from shakyo_review.domain.comparison import Comparison

WORKING_YEAR = "working_year"

YEAR = "year"
"""The entity of the state of a year."""
CONFIRMATION = "confirmation"
"""The entity of odd values a person has confirmed: kind is the kind of finding."""


@dataclass(slots=True)
class ReviewBook(Permissions):
    """An open book and who is acting on it.

    Scores and cells are kept until another process writes; an own change forgets what it touches.
    """

    file: BookFile
    who: str
    editions: plan_rows.Editions
    kept: Kept = field(default_factory=Kept)
    on_saved: Callable[[], object] | None = None
    """Called after each change this process has stored."""

    @classmethod
    def open(cls, path: Path, who: str) -> Self:
        """Open a book; ``BookProblem`` or ``WrongUsage`` tells what is wrong with it."""
        file = open_book(path)
        try:
            state = file.data_version()
            with explained(path):
                return cls(file, who, plan_rows.read_editions(file.db), Kept(state))
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
        """The plan of the book, as its newest edition has it."""
        return self.editions.newest.plan

    def edition_of(self, year: int) -> plan_rows.Edition:
        """Return the plan that counts in a year: that of its seal, else the edition of the year."""
        seal = self.seal_of(year)
        with explained(self.path):
            return (self.editions.of(year) if seal is None else seal.edition).whole

    def plan_of(self, year: int) -> Plan:
        """Return the plan that counts in a year."""
        return self.edition_of(year).plan

    def refresh(self) -> bool:
        """Forget what is kept if anybody has written since; tells whether that was so."""
        state = self.file.data_version()
        if state == self.kept.state:
            return False
        elsewhere = state[0] != self.kept.state[0]
        self.kept.state = state
        self.kept.forget()
        if elsewhere:
            self.reload_plan()
        return True

    def take_note(self, cell: Cell) -> None:
        """Keep a cell this process has just stored, and forget only the scores it touches."""
        with suppress(BookProblem):  # the change is stored: a lock now is nothing to tell
            if self.kept.is_next(self.file.data_version()):
                self.kept.take_cell(cell)  # else more has changed: refresh() forgets all

    def forget_put(self) -> None:
        """Begin a change of facts."""
        self.kept.put.clear()

    def take_note_of_facts(self) -> None:
        """Keep the facts this process has just stored, and all scores that no given letter touches."""
        put, self.kept.put = self.kept.put, []
        with suppress(BookProblem):
            if self.kept.facts is not None and self.kept.is_next(self.file.data_version()):
                self.kept.take_facts(put)  # else more has changed: refresh() forgets all

    def reload_plan(self) -> None:
        """Read the plan again after this process has changed it, and forget what was made with the old one."""
        self.kept.forget()
        with explained(self.path):
            self.editions = plan_rows.read_editions(self.file.db)

    def cells(self, year: int) -> CellTable:
        """Return the cells of one year; those of its seal where it is sealed."""
        self.refresh()
        if year not in self.kept.cells:
            with explained(self.path):
                seal = self.seal_of(year)
                found = (
                    cell_rows.read_cells(self.file.db, self.editions, [year])
                    if seal is None
                    else seal.cells()
                )
                self.kept.cells[year] = CellTable.of(found)
        return self.kept.cells[year]

    def score(self, year: int) -> YearScore:
        """Return the scores of one year (a year without any figure is scored as empty)."""
        self.refresh()
        if year not in self.kept.scores:
            given, seal = self.given_letters(year), self.seal_of(year)
            score = self.kept.sealed_score(seal, given) or score_year(
                self.plan_of(year), self.cells(year), year, self.kept.known.pop(year, None), given
            )
            self.kept.take_score(score, seal, given)
        return self.kept.scores[year]

    def score_beside(self, year: int, beside: int) -> YearScore:
        """Return the scores of a year under the codes of another year's plan."""
        if self.edition_of(year).ids == self.edition_of(beside).ids:
            return self.score(year)
        now = self.score(beside)
        identity = {one: self.identity(one) for one in (year, beside)}
        from shakyo_review.domain.alignment import align

        # The other year comes last here whatever its place in time: its codes are the ones wanted.
        both = align({0: self.score(year), 1: now}, {0: identity[year], 1: identity[beside]})
        return both.scores[0]

    def identity(self, year: int) -> Mapping[str, int]:
        """Return the identity of every code of a year's plan."""
        ids = self.edition_of(year).ids
        return {**ids.node, **ids.indicator}

    def compare(self, years: Iterable[int]) -> "Comparison":
        """Set years side by side, oldest first."""
        from shakyo_review.domain.comparison import compare_years

        wanted = sorted(set(years))
        with explained(self.path):
            changed = targets_changed(self.file.db, read_renames(self.file.db, self.plan.code))
        scores = {year: self.score(year) for year in wanted}
        return compare_years(scores, changed, {year: self.identity(year) for year in wanted})

    def findings(self, year: int) -> list[Finding]:
        """Return what is missing or odd in a year; odd beside the last earlier year with results."""
        from shakyo_review.domain.improvement import Confirmation

        earlier = [one for one in self.years_with(Kind.ACTUAL) if one < year]
        before = self.score_beside(earlier[-1], year) if earlier else None
        told = {fact.key: self.told(Confirmation, fact) for fact in self.facts(CONFIRMATION, year)}
        confirmed = {(key.code, key.kind): (one.text, one.reason) for key, one in told.items()}
        return find(self.plan_of(year), self.score(year), self.cells(year), before, confirmed)

    def facts(self, entity: str, year: int | None = None) -> list[Fact]:
        """Return the facts of a kind that stand, of one year or of all."""
        self.refresh()
        if self.kept.facts is None:
            found: dict[str, dict[int, list[Fact]]] = {}
            with explained(self.path):
                for fact in fact_rows.read_all(self.file.db):
                    found.setdefault(fact.key.entity, {}).setdefault(fact.key.year, []).append(fact)
            self.kept.facts = found
        years = self.kept.facts.get(entity, {})
        if year is None:
            return [fact for facts in years.values() for fact in facts]
        return list(years.get(year, ()))

    def told(self, model: type[Told], fact: Fact) -> Told:
        """Return what a fact says; ``BookProblem`` where it says what this program does not know."""
        return told(self.path, model, fact)

    def put_fact(self, key: FactKey, data: Mapping[str, Any] | None, reason: str = "") -> Fact:
        """Store a fact and its history row, inside ``writing``."""
        fact = fact_rows.put(self.file.db, key, data, self.who, now(), reason)
        self.kept.put.append(fact)
        return fact

    def state(self, year: int) -> YearState:
        """Return where a year stands; until it is said, years up to the working year are being filled in."""
        return self._said(self.facts(YEAR, year)) or self._unsaid(year)

    def state_now(self, year: int) -> YearState:
        """Return where a year stands on disk at this moment, inside a transaction."""
        return self.said_now(year) or self._unsaid(year)

    def said_now(self, year: int) -> YearState | None:
        """Return where a year is said to stand on disk at this moment; None where nobody has said it yet."""
        return self._said([fact_rows.read(self.file.db, FactKey(YEAR, year, WHOLE_PLAN))])

    def _said(self, facts: Iterable[Fact]) -> YearState | None:
        for fact in facts:
            if fact.data is not None:
                try:
                    return YearState(fact.data["state"])
                except (KeyError, ValueError):
                    raise unknown_fact(self.path, fact.key) from None
        return None

    def _unsaid(self, year: int) -> YearState:
        return YearState.ENTRY if year <= self.working_year else YearState.PREPARING

    def seal_of(self, year: int) -> seal_rows.Seal | None:
        """Return the last seal of a year that is sealed; None where it is open."""
        self.refresh()
        if year not in self.kept.seals:
            seals = []
            said = self._said(self.facts(YEAR, year))
            if said is not None and said.closed:
                with explained(self.path):
                    seals = seal_rows.read_seals(self.file.db, year)
            self.kept.seals[year] = self.kept.same_seal(seals[-1]) if seals else None
        return self.kept.seals[year]

    def given_letters(self, year: int) -> dict[str, str]:
        """Return the official letters of a year: of each item, that of the last stage in force."""
        facts = self.facts(RATING, year)
        if not facts:  # until people judge, nothing of evaluation is loaded
            return {}
        from shakyo_review.domain.evaluation import Rating, last_given

        found: dict[tuple[str, str], str] = {}
        for fact in facts:
            if fact.data is not None and not fact.key.part:
                rating = self.told(Rating, fact)
                if not rating.waiting:
                    found[fact.key.code, fact.key.kind] = rating.rating
        return last_given(self.plan_of(year), found)

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
            kept = settings.get_setting(self.file.db, WORKING_YEAR)
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
