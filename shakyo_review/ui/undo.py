"""What can be taken back, and under which version the book must still stand for it."""

from dataclasses import dataclass, field

from shakyo_review.domain.cell import Cell, CellKey
from shakyo_review.errors import ReviewError
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import CellConflict, Outcome, restore


@dataclass(frozen=True, slots=True)
class Change:
    """One cell before and after; ``line`` counts how often somebody else has come between our writes."""

    before: Cell
    after: Cell
    line: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking a step back or doing it again: cells put back, and those left alone."""

    put: tuple[Outcome, ...]
    refused: tuple[CellConflict, ...] = ()


@dataclass(slots=True)
class UndoLog:
    """The steps of this session, newest last. A step is one value, or one pasted block.

    A cell is put back only while the last write to it is ours: another person's change between
    two of ours starts a new line, and steps of an older line are refused.
    """

    _done: list[tuple[Change, ...]] = field(default_factory=list)
    _undone: list[tuple[Change, ...]] = field(default_factory=list)
    _version: dict[CellKey, int] = field(default_factory=dict)
    _line: dict[CellKey, int] = field(default_factory=dict)

    def add(self, outcomes: list[Outcome]) -> None:
        """Remember one step; outcomes that wrote nothing are left out."""
        changes = []
        for outcome in outcomes:
            if not outcome.changed:
                continue
            key = outcome.cell.key
            if self._version.get(key, outcome.before.version) != outcome.before.version:
                self._line[key] = self._line.get(key, 0) + 1
            self._version[key] = outcome.cell.version
            changes.append(Change(outcome.before, outcome.cell, self._line.get(key, 0)))
        if changes:
            self._done.append(tuple(changes))
            self._undone.clear()

    def undo(self, book: ReviewBook) -> Taken | None:
        """Take the last step back; None where there is none. A failing step stays to be tried again."""
        return self._move(book, self._done, self._undone, back=True)

    def redo(self, book: ReviewBook) -> Taken | None:
        """Do the last undone step again; None where there is none."""
        return self._move(book, self._undone, self._done, back=False)

    def _move(
        self,
        book: ReviewBook,
        source: list[tuple[Change, ...]],
        target: list[tuple[Change, ...]],
        *,
        back: bool,
    ) -> Taken | None:
        if not source:
            return None
        step = source[-1]
        put: list[Outcome] = []
        moved: list[Change] = []
        refused: list[CellConflict] = []
        left = list(reversed(step)) if back else list(step)
        try:
            while left:
                change = left[0]
                wanted = change.before if back else change.after
                outcome = self._put(book, wanted, change.line, back=back)
                left.pop(0)
                if isinstance(outcome, CellConflict):
                    refused.append(outcome)
                else:
                    put.append(outcome)
                    moved.append(change)
        except ReviewError:
            source[-1:] = [tuple(reversed(left)) if back else tuple(left)]
            if moved:
                target.append(tuple(reversed(moved)) if back else tuple(moved))
            raise
        source.pop()
        if moved:
            target.append(tuple(reversed(moved)) if back else tuple(moved))
        return Taken(tuple(put), tuple(refused))

    def _put(
        self, book: ReviewBook, wanted: Cell, line: int, *, back: bool
    ) -> Outcome | CellConflict:
        key = wanted.key
        # A version nobody has makes the service refuse, and tell who changed the cell.
        expected = self._version[key] if line == self._line.get(key, 0) else -1
        try:
            outcome = restore(
                book, wanted, expected_version=expected, reason="取り消し" if back else "やり直し"
            )
        except CellConflict as conflict:
            return conflict
        self._version[key] = outcome.cell.version
        return outcome
