"""The rows of the history that are shown: narrowed by what is typed, read newest first, a part at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from shakyo_review.domain.fiscal_year import parse_year
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.errors import ReviewError
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.telling import ENTITY_LABELS
from shakyo_review.ui.history_text import plan_for, revised, searched_text

if TYPE_CHECKING:
    from shakyo_review.storage.history import Change

PAGE = 200
"""Rows that are shown at first, and added when the end is reached."""
LOOK_AT_ONCE = 4_000
"""Rows that are looked through at once, before the screen gets its turn."""
RUN_FROM, RUN_SECONDS = 5, 1
"""So many changes in a row, each so soon after the one before, are one act: an import, a pasted block."""
PERSON, KIND = "人:", "種類:"
"""How a word is marked that is a person or a kind of change."""


def folded(text: str) -> str:
    """Return a text in the form in which it is searched: width, case and blanks do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is typed to narrow the history: codes (of all editions), a year, a person, a kind, words."""

    codes: tuple[str, ...] = ()
    year: int | None = None
    person: str = ""
    kind: str = ""
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, book: ReviewBook, typed: str) -> Narrowing:
        """Understand what is typed: 1-1a R6 人:山田 種類:値 中止."""
        codes: tuple[str, ...] = ()
        year: int | None = None
        person = kind = ""
        words: list[str] = []
        for word in unicodedata.normalize("NFKC", typed).split():
            lineage = codes_of(book, word)
            if lineage and not codes:
                codes = lineage
            elif year is None and (found := _year(word)) is not None:
                year = found
            elif word.startswith(PERSON):
                person = folded(word.removeprefix(PERSON))
            elif word.startswith(KIND):
                kind = folded(word.removeprefix(KIND))
            else:
                words.append(folded(word))
        return cls(codes, year, person, kind, tuple(words))

    def holds(self, book: ReviewBook, change: Change) -> bool:
        """Tell whether a row is one of those wanted (code and year are asked of the book)."""
        if self.person and self.person not in folded(change.who):
            return False
        label = ENTITY_LABELS.get(change.entity, change.entity)
        if self.kind and self.kind != folded(label):
            return False
        if not self.words:
            return True
        text = folded(f"{label} {searched_text(plan_for(book, change), change)}")
        return all(word in text for word in self.words)


def _year(word: str) -> int | None:
    """Return the year a word names; a bare number below 1000 is none."""
    if word.isdecimal() and len(word) != 4:
        return None
    try:
        return parse_year(word)
    except ReviewError:
        return None


def codes_of(book: ReviewBook, code: str) -> tuple[str, ...]:
    """Return every code an item or indicator has had, whatever edition names it so; () for no code."""
    for edition in reversed(book.editions.all):
        for ids in (edition.ids.indicator, edition.ids.node):
            if code in ids:
                every = (one.codes.get(ids[code]) for one in book.editions.all)
                return tuple(dict.fromkeys(c for c in every if c is not None))
    return ()


def revises(change: Change, codes: Sequence[str]) -> bool:
    """Tell whether a row is a revision of the plan that changed one of these items."""
    return any(found.get("code") in codes for found in revised(change))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: a change, or the head of a ``run`` made in one act (newest first)."""

    change: Change
    run: tuple[Change, ...] = ()
    inside: bool = False
    """Whether it belongs to a run that is opened."""

    @property
    def key(self) -> str:
        """What the line is known by."""
        return f"run {self.change.number}" if self.run else str(self.change.number)


def lines_of(
    rows: Sequence[Change], opened: Collection[str] = (), *, folded_runs: bool = True
) -> list[Line]:
    """Return the lines of changes, newest first: what was made in one act in one line, unless opened.

    A revision tells of the edition it made: that has no line of its own.
    """
    lines: list[Line] = []
    for run in _runs(_without_editions(rows)):
        if len(run) < RUN_FROM or not folded_runs:
            lines += map(Line, run)
            continue
        head = Line(run[0], tuple(run))
        lines.append(head)
        if head.key in opened:
            lines += [Line(change, inside=True) for change in run]
    return lines


def _without_editions(rows: Sequence[Change]) -> Iterator[Change]:
    later: Change | None = None
    for row in rows:
        told = later is not None and later.entity == "revision" and row.entity == "edition"
        if not (told and later is not None and later.number == row.number + 1):
            yield row
        later = row


def _runs(rows: Iterable[Change]) -> Iterator[list[Change]]:
    run: list[Change] = []
    for row in rows:
        if run and not _one_act(run[-1], row):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _one_act(later: Change, earlier: Change) -> bool:
    """Tell whether two changes that follow each other were made in one act."""
    same = (later.who, later.entity, later.reason) == (earlier.who, earlier.entity, earlier.reason)
    if not same or later.at == earlier.at:
        return same
    try:
        gap = datetime.fromisoformat(later.at) - datetime.fromisoformat(earlier.at)
    except (ValueError, TypeError):  # altered by other means
        return False
    return 0 <= gap.total_seconds() <= RUN_SECONDS


@dataclass(slots=True)
class HistoryList:
    """The rows found so far, newest first. ``complete``: there are no older ones."""

    book: ReviewBook
    narrowing: Narrowing = field(default_factory=Narrowing)
    rows: list[Change] = field(default_factory=list)
    complete: bool = False
    looked: int = 0
    """Rows looked through so far."""

    def lines(self, opened: Collection[str] = ()) -> list[Line]:
        """Return the lines of the rows found; what was searched for by code or word is never folded."""
        asked = bool(self.narrowing.codes or self.narrowing.words)
        return lines_of(self.rows, opened, folded_runs=not asked)

    def read(self, wanted: int, opened: Collection[str] = ()) -> None:
        """Read until rows for so many lines are found, or there are no more, or enough is looked through at once."""
        if self.complete or len(self.lines(opened)) >= wanted:
            return
        stop = self.looked + max(LOOK_AT_ONCE, self.looked // 2)
        count = self.looked
        while not self.complete and len(self.lines(opened)) < wanted and count < stop:
            count = min(max(count * 2, 2 * wanted), stop)
            if self.narrowing.codes:
                self.rows, self.complete = self._of_codes(count)
                self.looked = count
                continue
            found = self.book.history(None, self.narrowing.year, count)[::-1]
            fresh = found[self.looked :]
            self.looked, self.complete = len(found), len(found) < count
            self.rows += [one for one in fresh if self.narrowing.holds(self.book, one)]

    def _of_codes(self, count: int) -> tuple[list[Change], bool]:
        """Return the rows of the codes and the revisions that changed them; and whether these are all."""
        one = self.narrowing
        parts = [self.book.history(code, one.year, count) for code in (*one.codes, WHOLE_PLAN)]
        every = [change for part in parts[:-1] for change in part]
        every += [change for change in parts[-1] if revises(change, one.codes)]
        found = sorted(every, key=lambda change: -change.number)
        complete = all(len(part) < count for part in parts)
        return [change for change in found if one.holds(self.book, change)], complete
