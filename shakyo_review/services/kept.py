"""What an open book keeps of what it has read, until somebody writes; an own change forgets what it touches."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shakyo_review.domain.cell import Cell, CellTable
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.person import Person
from shakyo_review.domain.rules import Letters
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.storage.facts import Fact
from shakyo_review.storage.seals import Seal

RATING = "rating"
"""The entity of letters that people give: kind is the stage, part the member ('': the stage itself)."""


@dataclass(slots=True)
class Kept:
    """Cells, scores, facts, seals and people as they were read at ``state`` (``BookFile.data_version``)."""

    state: tuple[int, int] = (0, 0)
    cells: dict[int, CellTable] = field(default_factory=dict)
    scores: dict[int, YearScore] = field(default_factory=dict)
    known: dict[int, dict[str, IndicatorScore]] = field(default_factory=dict)
    facts: dict[str, dict[int, list[Fact]]] | None = None
    seals: dict[int, Seal | None] = field(default_factory=dict)
    people: tuple[Person, ...] | None = None
    put: list[Fact] = field(default_factory=list)
    sealed: dict[int, tuple[Seal, Mapping[str, str], YearScore]] = field(default_factory=dict)
    """Scores of sealed years, with the seal and the given letters they were made of.

    They outlive ``forget``: whoever writes, the same seal and letters give the same scores.
    """

    def forget(self) -> None:
        """Forget all but the state."""
        self.cells.clear()
        self.scores.clear()
        self.known.clear()
        self.facts = None
        self.seals.clear()
        self.people = None

    def same_seal(self, seal: Seal) -> Seal:
        """Return a seal as it was read before, with its plan understood, where nothing in it has changed."""
        known = self.sealed.get(seal.year)
        return known[0] if known is not None and known[0] == seal else seal

    def sealed_score(self, seal: Seal | None, given: Mapping[str, str]) -> YearScore | None:
        """Return the scores made before of this seal and these letters; None where there are none."""
        known = None if seal is None else self.sealed.get(seal.year)
        return known[2] if known is not None and known[:2] == (seal, given) else None

    def take_score(self, score: YearScore, seal: Seal | None, given: Mapping[str, str]) -> None:
        """Keep scores just made; ``seal`` is what they were made of (None: of the figures as they stand)."""
        self.scores[score.year] = score
        if seal is not None:
            self.sealed[score.year] = (seal, given, score)

    def is_next(self, state: tuple[int, int]) -> bool:
        """Whether one own change and nothing else has happened since; it counts as known from now on."""
        if state != (self.state[0], self.state[1] + 1):
            return False
        self.state = state
        return True

    def take_cell(self, cell: Cell) -> None:
        """Keep a cell just stored, and forget only the scores it touches."""
        year = cell.key.year
        if year in self.cells:
            self.cells[year].put(cell)
        if (old := self.scores.pop(year, None)) is not None:
            self.known[year] = dict(old.indicators)
        self.known.get(year, {}).pop(cell.key.indicator, None)

    def take_facts(self, put: list[Fact]) -> None:
        """Keep facts just stored, and all scores that no given letter touches."""
        if self.facts is None:
            return
        for fact in put:
            years = self.facts.setdefault(fact.key.entity, {})
            others = [one for one in years.get(fact.key.year, []) if one.key != fact.key]
            known = [*others, fact] if fact.data is not None else others
            years[fact.key.year] = sorted(known, key=lambda one: one.key)
        for year in {fact.key.year for fact in put if fact.key.entity == RATING}:
            old = self.scores.get(year)
            if old is not None and old.plan.rule_set.letters is Letters.GIVEN:
                self.known[year] = dict(self.scores.pop(year).indicators)
