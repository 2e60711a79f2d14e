"""The head of a 進捗管理シート: which rows it takes, and what each column under it may be read as."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shakyo_review.exchange.textfile import printable
from shakyo_review.exchange.tracking.words import (
    FIGURES,
    SEVERAL,
    Field,
    Meaning,
    folded,
    kind_named,
    meaning_of,
    names_years,
    year_of,
)
from shakyo_review.exchange.workbook import UNCALCULATED, Cell, Sheet, column_letters

LOOKED_THROUGH = 40
"""Rows from the top in which the head is looked for."""
MOST_HEAD_ROWS = 3
SHOWN_VALUES = 3
_SAMPLE = 80
"""Rows below a head that are looked at to understand it."""
_SENTENCE = 20
"""Characters from which on an answer is a sentence and no figure."""
_OF_WHAT = (Field.CODE, Field.ITEM, Field.INDICATOR)


@dataclass(frozen=True, slots=True)
class HeadColumn:
    """A column: its number from 0, its words, what they mean, and some of what stands below.

    ``pattern`` is its head without the year, by which a choice is kept; ``guess`` what it is taken
    for where nobody has said anything.
    """

    number: int
    text: str
    pattern: str
    year: int | None
    rate: bool
    guess: Field | None
    values: tuple[str, ...] = ()

    @property
    def letters(self) -> str:
        """The letters of the column: A, Z, AA."""
        return column_letters(self.number)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a sheet: rows ``top`` up to ``first`` (from 0), the first row of figures."""

    sheet: Sheet
    top: int
    first: int
    columns: tuple[HeadColumn, ...]
    known: int = 0
    """How much of it is understood: two for a column, one for a year nobody knows what of."""

    @property
    def fingerprint(self) -> str:
        """What the same heads share, whatever their order and their years are."""
        text = "\n".join(sorted({one.pattern for one in self.columns if one.text}))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def year_above(self) -> int | None:
        """The one year named in the lines above the head; None for none or several."""
        found = {
            year_of(folded(cell))
            for row in self.sheet.rows[: self.top]
            for cell in row
            if isinstance(cell, str) and names_years(folded(cell))
        }
        return found.pop() if len(found) == 1 else None

    def column(self, letters: str) -> HeadColumn | None:
        """Return the column of some letters."""
        return next((one for one in self.columns if one.letters == letters), None)


Reading = Mapping[int, Field]
"""What the columns (by number) are read as; those that are not read are not in it."""


def find_head(sheet: Sheet, row: int | None = None) -> Head | None:
    """Return the head that is understood best; None where there is none.

    ``row`` (from 0) is where a person says that it begins: then it is taken whatever it says.
    """
    places = range(min(len(sheet.rows), LOOKED_THROUGH)) if row is None else (row,)
    best: Head | None = None
    for place in places:
        for rows in range(1, MOST_HEAD_ROWS + 1):
            if place + rows >= len(sheet.rows):
                break
            if row is None and not _says_anything(sheet, place, rows):
                continue
            found = _head(sheet, place, rows)
            if row is None and not _usable(found):
                continue
            if best is None or _better(found, best):
                best = found
    return best


def _says_anything(sheet: Sheet, top: int, rows: int) -> bool:
    """Whether any of the words is one of a head: most rows are none, and need no closer look."""
    return any(meaning_of(parts).field for _, parts in _parts(sheet.rows[top : top + rows]))


def _better(one: Head, other: Head) -> bool:
    """Whether a head says more than another, or as much in fewer rows: a title above is no part of it."""
    return (one.known, one.top - one.first) > (other.known, other.top - other.first)


def _usable(head: Head) -> bool:
    guesses = {one.guess for one in head.columns}
    return head.known >= 3 and not guesses.isdisjoint(_OF_WHAT)


def _head(sheet: Sheet, top: int, rows: int) -> Head:
    first = top + rows
    meant: list[tuple[int, str, Meaning]] = []
    below = sheet.rows[first : first + _SAMPLE]
    for number, parts in _parts(sheet.rows[top:first]):
        if parts or any(row[number] != "" for row in below):
            meant.append((number, " ".join(parts), meaning_of(parts)))
    columns = tuple(_columns(meant, below))
    known = {(c.guess, c.year if c.guess in FIGURES else c.pattern) for c in columns if c.guess}
    years = {c.year for c in columns if c.year is not None and is_only_year(c.pattern)}
    return Head(sheet, top, first, columns, 2 * len(known) + len(years))


def _parts(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the words over each column, from above; a head over several columns counts for all of them."""
    over = [""] * len(rows)
    for number in range(len(rows[0])):
        texts = [_text(row[number]) for row in rows]
        lowest = max((level for level, text in enumerate(texts) if text), default=-1)
        for level, text in enumerate(texts):
            if text:
                over[level:] = [text] + [""] * (len(over) - level - 1)
        parts = over[: lowest + 1]
        if lowest >= 0:  # it stands for itself, or reaches down to the figures: not to the right
            over[lowest:] = [""] * (len(over) - lowest)
        yield number, tuple(part for part in parts if part)


def _text(cell: Cell) -> str:
    return printable(" ".join(cell.split())) if isinstance(cell, str) else ""


def _columns(
    meant: Sequence[tuple[int, str, Meaning]], rows: Sequence[Sequence[Cell]]
) -> Iterator[HeadColumn]:
    """Yield the columns; of two with the same words the second is not taken for anything."""
    seen: dict[tuple[str, int | None], int] = {}
    taken: set[tuple[Field, int | None]] = set()
    fields = {meaning.field for _, _, meaning in meant}
    for number, text, meaning in meant:
        place = (meaning.pattern, meaning.year)
        seen[place] = seen.get(place, 0) + 1
        again = seen[place] > 1
        pattern = f"{meaning.pattern}#{seen[place]}" if again else meaning.pattern
        below = [row[number] for row in rows]
        guess = None if again else meaning.field
        guess = _by_content(guess, meaning, below)
        if guess is Field.INDICATOR and guess in {one for one, _ in taken}:
            guess = Field.TARGET if meaning.pattern == "数値目標" else None
        elif meaning.pattern == "数値目標" and _another(meant, meaning, fields):
            guess = Field.TARGET
        key = (guess, meaning.year if guess in FIGURES else None) if guess else None
        if key is not None and key in taken and guess not in (Field.CODE, Field.ITEM):
            guess = None
        elif key is not None:
            taken.add(key)
        shown = tuple(_shown(cell) for cell in below if cell != "")[:SHOWN_VALUES]
        yield HeadColumn(number, text, pattern, meaning.year, meaning.rate, guess, shown)


def _another(
    meant: Sequence[tuple[int, str, Meaning]], meaning: Meaning, fields: set[Field | None]
) -> bool:
    """Whether another column names the indicators, so that 数値目標 can only be the figure."""
    others = (one for _, _, one in meant if one is not meaning)
    return Field.INDICATOR in fields and any(one.field is Field.INDICATOR for one in others)


def _by_content(guess: Field | None, meaning: Meaning, below: Sequence[Cell]) -> Field | None:
    """Correct a guess by what stands below: 目標 and 実績 by turns, sentences under 実績."""
    texts = [cell for cell in below if isinstance(cell, str) and cell]
    if guess in (None, Field.KIND) and not meaning.rate and meaning.year is None:
        kinds = [kind_named(text) for text in texts]
        told = sum(kind is not None for kind in kinds)
        both = Field.TARGET in kinds and Field.ACTUAL in kinds
        return Field.KIND if both and 5 * told >= 4 * len(texts) else None
    if guess is Field.ACTUAL and texts:
        long = sum(len(text) > _SENTENCE or "\n" in text for text in texts)
        return Field.NOTE if 2 * long > len(texts) else guess
    return guess


def _shown(cell: Cell) -> str:
    if isinstance(cell, str):
        return "（計算前）" if cell == UNCALCULATED else _text(cell)
    return f"{cell:%m/%d}" if isinstance(cell, date) else f"{cell:%H:%M}"


def is_only_year(pattern: str) -> bool:
    """Whether a head says a year and nothing else."""
    return "{年}" in pattern and not pattern.replace("{年}", "").strip("/()#2")


def guessed(head: Head) -> dict[int, Field]:
    """Return what the columns are taken for where nobody has said anything."""
    found = {one.number: one.guess for one in head.columns if one.guess is not None}
    if Field.KIND in found.values():
        found = {n: field for n, field in found.items() if field not in FIGURES or _dated(head, n)}
        found |= {one.number: Field.ACTUAL for one in head.columns if is_only_year(one.pattern)}
    return found


def _dated(head: Head, number: int) -> bool:
    """Whether a column of figures may stand beside rows of 目標 and 実績."""
    one = next(column for column in head.columns if column.number == number)
    return one.guess in (Field.NOTE, Field.STATE)


def by_pattern(head: Head, chosen: Mapping[str, Field]) -> dict[int, Field]:
    """Return what the columns are read as by what was chosen for their heads."""
    return {one.number: chosen[one.pattern] for one in head.columns if one.pattern in chosen}


def patterns_of(head: Head, reading: Reading) -> dict[str, Field]:
    """Return a choice by heads, to be kept: the reverse of ``by_pattern``."""
    return {one.pattern: reading[one.number] for one in head.columns if one.number in reading}


def too_often(reading: Reading) -> Field | None:
    """Return a field that more than one column is read as although it stands once in a row."""
    fields = list(reading.values())
    return next((one for one in fields if one not in SEVERAL and fields.count(one) > 1), None)
