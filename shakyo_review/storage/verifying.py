"""Whether the history hangs together, and whether the figures are what it says.

What is found is evidence that the file was changed by other means than this program. Finding
nothing proves less: whoever changes a row and then computes every hash anew is not found.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from sqlite_utils import Database

from shakyo_review.domain.cell import Kind
from shakyo_review.storage import cells, plans, seals
from shakyo_review.storage.history import dated_facts, read_head
from shakyo_review.storage.migrations import EDITION, HISTORY_COLUMNS, canonical, chained

Facts = Mapping[str, object]


class Place(NamedTuple):
    """Where a figure stands, as the history spells it: it may have been changed to anything."""

    code: str
    year: int | None = None
    kind: str = ""
    branch: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Altered:
    """A row that does not follow the one before: one of the two was changed."""

    number: int
    place: Place
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Removed:
    """Rows that are gone, first to last, and the number of the row that comes after them, if any."""

    first: int
    last: int
    following: int | None


@dataclass(frozen=True, slots=True)
class Added:
    """Rows after the last that this program wrote."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class EndDiffers:
    """What the book keeps of the end of the history is missing, or is not its last row."""

    missing: bool


@dataclass(frozen=True, slots=True)
class FigureDiffers:
    """A figure that is not what its last change says; None: there is no change, or no figure."""

    place: Place
    told: Facts | None
    stands: Facts | None
    has_history: bool = True


@dataclass(frozen=True, slots=True)
class CountDiffers:
    """A cell (or a fact of ``entity``) whose version is not the number of its changes."""

    place: Place
    version: int
    changes: int
    entity: str = ""


@dataclass(frozen=True, slots=True)
class FactDiffers:
    """A letter, opinion, promise … that is not what its last change says; None: nothing stands, or was told."""

    entity: str
    place: Place
    told: Facts | None
    stands: Facts | None
    has_history: bool = True


@dataclass(frozen=True, slots=True)
class TextDiffers:
    """An edition of the plan (``year`` None) or the seal of a year that is not the one the history tells of."""

    year: int | None
    number: int
    stands: bool
    told: bool


Trouble = (
    Altered
    | Removed
    | Added
    | EndDiffers
    | FigureDiffers
    | CountDiffers
    | FactDiffers
    | TextDiffers
)


@dataclass(slots=True)
class _Claims:
    """What the history says stands now: the last facts (as text) of each place."""

    cells: dict[Place, tuple[int, str | None]] = field(default_factory=dict)
    others: dict[tuple[str, Place], str | None] = field(default_factory=dict)
    facts: dict[tuple[str, Place], tuple[int, str | None]] = field(default_factory=dict)
    texts: dict[tuple[int | None, int], object] = field(default_factory=dict)

    def take(self, row: Mapping[str, Any]) -> None:
        place = _place(row)
        match row["entity"]:
            case "cell":
                self.cells[place] = (self.cells.get(place, (0, None))[0] + 1, row["new"])
            case "funding":
                self.others["funding", place] = row["new"]
            case "indicator":  # one baseline, one final target: the year is part of the figure
                self.others["indicator", Place(place.code, None, place.kind)] = row["new"]
            case "book":
                pass
            case entity if entity == EDITION:
                self._take_edition(_facts(row["new"]) or {})
            case entity if entity == seals.SEAL:
                told = _facts(row["new"]) or {}
                self.texts[place.year, _whole(told.get("number"))] = told.get("digest")
            case entity:
                changes = self.facts.get((entity, place), (0, None))[0] + 1
                self.facts[entity, place] = changes, row["new"]

    def _take_edition(self, told: Facts) -> None:
        """Take an edition: it tells all baselines and final targets anew, and may give items other codes."""
        self.texts[None, _whole(told.get("number"))] = told.get("digest")
        if "effective_year" not in told:  # an older book made anew: nobody looked at its figures
            return
        for place in [key for key in self.others if key[0] == "indicator"]:
            del self.others[place]
        renamed, year = told.get("renamed"), _whole(told.get("effective_year"))
        if not isinstance(renamed, dict):
            return

        def moved(place: Place) -> Place:
            later = type(place.year) is int and place.year >= year
            code = renamed.get(place.code) if later else None
            return place._replace(code=code) if isinstance(code, str) else place

        self.cells = {moved(place): claim for place, claim in self.cells.items()}
        self.others = {(e, moved(place)): claim for (e, place), claim in self.others.items()}
        self.facts = {(e, moved(place)): claim for (e, place), claim in self.facts.items()}


def _whole(number: object) -> int:
    return number if type(number) is int else -1


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["code"], row["fiscal_year"], row["kind"], row["branch"], row["period"])


def verify(db: Database) -> list[Trouble]:
    """Return what does not agree, the history first; call inside one reading of the book."""
    claims = _Claims()
    walked = [*_walk(db, claims)]
    editions = plans.read_editions(db)
    return [
        *walked,
        *_compare_texts(db, claims),
        *_compare_cells(db, editions, claims),
        *_compare_others(db, editions, claims),
        *_compare_facts(db, claims),
    ]


def _walk(db: Database, claims: _Claims) -> Iterator[Trouble]:
    head = read_head(db)
    if head is None:
        yield EndDiffers(missing=True)
    number, added = 0, None
    # What the next row may follow: the hash a row stores and the one it should store, so that one
    # changed row is told of once; None after a gap, where the hash is lost with the row.
    before: set[str] | None = {""}
    columns = ", ".join(HISTORY_COLUMNS)
    for *values, stored in db.execute(f"SELECT {columns}, hash FROM history ORDER BY id"):  # noqa: S608
        row = dict(zip(HISTORY_COLUMNS, values, strict=True))
        claims.take(row)
        if row["id"] < 1:
            yield _altered(row)
            continue
        if row["id"] > number + 1:
            last = row["id"] - 1 if head is None else min(row["id"] - 1, head.count)
            if number < last:
                yield Removed(number + 1, last, row["id"])
            before = None
        number = row["id"]
        if head is not None and added is None and number > head.count:
            added = number
        if before is None:
            before = {stored}
            continue
        due = {chained(previous, row) for previous in before}
        if stored not in due:
            yield _altered(row)
        before = {stored} if stored in due else {stored, *due}
    if head is None:
        return
    if number < head.count:
        yield Removed(number + 1, head.count, None)
    elif added is not None:
        yield Added(added, number)
    elif before is not None and head.hash not in before:
        yield EndDiffers(missing=False)


def _altered(row: Mapping[str, Any]) -> Altered:
    return Altered(row["id"], _place(row), row["who"], row["at"])


def _compare_cells(db: Database, editions: plans.Editions, claims: _Claims) -> Iterator[Trouble]:
    left = dict(claims.cells)
    for key, stands, version in cells.read_facts(db, editions):
        place = Place(*key)
        if place not in left:
            yield FigureDiffers(place, None, stands, has_history=False)
            continue
        changes, new = left.pop(place)
        told = _facts(new)
        if _plain(told) != _plain(stands):
            yield FigureDiffers(place, told, stands)
        if version != changes:
            yield CountDiffers(place, version, changes)
    for place, (_, new) in left.items():
        yield FigureDiffers(place, _facts(new), None)


def _compare_others(db: Database, editions: plans.Editions, claims: _Claims) -> Iterator[Trouble]:
    left = dict(claims.others)
    for (number, year, kind), amount in plans.read_amounts(db).items():
        code = editions.funding_code(number, year) or f"#{number}"
        place, stands = Place(code, year, kind), {"value": str(amount)}
        if ("funding", place) not in left:
            yield FigureDiffers(place, None, stands, has_history=False)
            continue
        told = _facts(left.pop(("funding", place)))
        if _plain(told) != _plain(stands):
            yield FigureDiffers(place, told, stands)
    indicators = editions.newest.plan.indicators
    for (entity, place), new in left.items():
        told, now = _facts(new), None
        indicator = indicators.get(place.code) if entity == "indicator" else None
        if indicator is not None:
            is_baseline = place.kind == Kind.BASELINE
            now = dated_facts(indicator.baseline if is_baseline else indicator.final_target)
        if _plain(told) != _plain(now):
            yield FigureDiffers(place, told, now)


def _compare_facts(db: Database, claims: _Claims) -> Iterator[Trouble]:
    left = dict(claims.facts)
    for entity, year, code, kind, part, data, version in db.execute(
        "SELECT entity, fiscal_year, code, kind, part, data, version FROM fact"
    ):
        place = Place(code, year, kind, part)
        changes, new = left.pop((entity, place), (0, None))
        told, stands = _facts(new), _facts(data)
        if _exact(told) != _exact(stands):
            yield FactDiffers(entity, place, told, stands, has_history=changes > 0)
        if changes != version and (changes or stands is None):  # else it was told of above
            yield CountDiffers(place, version, changes, entity)
    for (entity, place), (changes, new) in left.items():
        if new is None:
            yield CountDiffers(place, 0, changes, entity)
        else:
            yield FactDiffers(entity, place, _facts(new), None)


def _exact(facts: Facts | None) -> str:
    """Return facts as text: true and 1 are the same to Python, not to the history."""
    return "" if facts is None else canonical(facts)


def _compare_texts(db: Database, claims: _Claims) -> Iterator[Trouble]:
    stands: dict[tuple[int | None, int], str] = {
        (None, number): found for number, found in plans.read_digests(db).items()
    }
    stands |= {(year, number): found for (year, number), found in seals.read_digests(db).items()}
    for year, number in sorted({*stands, *claims.texts}, key=repr):
        there, told = stands.get((year, number)), claims.texts.get((year, number))
        if there != told:
            yield TextDiffers(year, number, there is not None, told is not None)


def _facts(text: str | None) -> Facts | None:
    """Read what a row says; what cannot be read is told as it stands."""
    if text is None:
        return None
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        facts = None
    return facts if isinstance(facts, dict) else {"text": text}


def _plain(facts: Facts | None) -> Facts | None:
    """Return facts whose numbers compare as numbers."""
    if facts is None:
        return None
    return {
        key: _number(fact) if key in ("value", "denominator") else fact
        for key, fact in facts.items()
    }


def _number(fact: object) -> object:
    try:
        number = Decimal(str(fact))
    except InvalidOperation:
        return fact
    return number if number.is_finite() else fact
