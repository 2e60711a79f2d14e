"""Whether the history hangs together, and whether the figures are what it says.

What is found is evidence that the file was changed by other means than this program. Finding
nothing proves less: whoever changes a row and then computes every hash anew is not found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.storage import cells, people, plans, seals
from shakyo_review.storage.claims import Claims, Facts, Place, facts_of, place_of, plain
from shakyo_review.storage.format import HISTORY_COLUMNS, Database, canonical, chained
from shakyo_review.storage.history import dated_facts, read_head


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


@dataclass(frozen=True, slots=True)
class Replaced:
    """A change that found something else before it than the history told: altered in between, then overwritten.

    ``told`` and ``found`` are the facts as the history had them and as the change found them.
    """

    number: int
    entity: str
    place: Place
    told: Facts | None
    found: Facts | None


Trouble = (
    Altered
    | Replaced
    | Removed
    | Added
    | EndDiffers
    | FigureDiffers
    | CountDiffers
    | FactDiffers
    | TextDiffers
)


def verify(db: Database) -> list[Trouble]:
    """Return what does not agree, the history first; call inside one reading of the book."""
    claims = Claims()
    walked = [*_walk(db, claims)]
    editions = plans.read_editions(db)
    return [
        *walked,
        *_compare_texts(db, claims),
        *_compare_cells(db, editions, claims),
        *_compare_others(db, editions, claims),
        *_comparefacts_of(db, claims),
    ]


def _walk(db: Database, claims: Claims) -> Iterator[Trouble]:
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
        known, told = claims.before(row)
        if known and told != row["old"] and plain(facts_of(told)) != plain(facts_of(row["old"])):
            place, facts = place_of(row), (facts_of(told), facts_of(row["old"]))
            yield Replaced(row["id"], row["entity"], place, *facts)
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
    return Altered(row["id"], place_of(row), row["who"], row["at"])


def _compare_cells(db: Database, editions: plans.Editions, claims: Claims) -> Iterator[Trouble]:
    left = dict(claims.cells)
    for key, stands, version in cells.read_facts(db, editions):
        place = Place(*key)
        if place not in left:
            yield FigureDiffers(place, None, stands, has_history=False)
            continue
        changes, new = left.pop(place)
        told = facts_of(new)
        if plain(told) != plain(stands):
            yield FigureDiffers(place, told, stands)
        if version != changes:
            yield CountDiffers(place, version, changes)
    for place, (_, new) in left.items():
        yield FigureDiffers(place, facts_of(new), None)


def _compare_others(db: Database, editions: plans.Editions, claims: Claims) -> Iterator[Trouble]:
    left = dict(claims.others)
    for (number, year, kind), amount in plans.read_amounts(db).items():
        code = editions.funding_code(number, year) or f"#{number}"
        place, stands = Place(code, year, kind), {"value": str(amount)}
        if ("funding", place) not in left:
            yield FigureDiffers(place, None, stands, has_history=False)
            continue
        told = facts_of(left.pop(("funding", place)))
        if plain(told) != plain(stands):
            yield FigureDiffers(place, told, stands)
    indicators = editions.newest.plan.indicators
    for (entity, place), new in left.items():
        told, now = facts_of(new), None
        indicator = indicators.get(place.code) if entity == "indicator" else None
        if indicator is not None:
            is_baseline = place.kind == Kind.BASELINE
            now = dated_facts(indicator.baseline if is_baseline else indicator.final_target)
        if plain(told) != plain(now):
            yield FigureDiffers(place, told, now)


def _comparefacts_of(db: Database, claims: Claims) -> Iterator[Trouble]:
    left = dict(claims.facts)
    for entity, year, code, kind, part, data, version in db.execute(
        "SELECT entity, fiscal_year, code, kind, part, data, version FROM fact UNION ALL"
        " SELECT ?, NULL, ?, '', name, data, version FROM person",
        [people.PERSON, WHOLE_PLAN],
    ):
        place = Place(code, year, kind, part)
        changes, new = left.pop((entity, place), (0, None))
        told, stands = facts_of(new), facts_of(data)
        if _exact(told) != _exact(stands):
            yield FactDiffers(entity, place, told, stands, has_history=changes > 0)
        if changes != version and (changes or stands is None):  # else it was told of above
            yield CountDiffers(place, version, changes, entity)
    for (entity, place), (changes, new) in left.items():
        if new is None:
            yield CountDiffers(place, 0, changes, entity)
        else:
            yield FactDiffers(entity, place, facts_of(new), None)


def _exact(facts: Facts | None) -> str:
    """Return facts as text: true and 1 are the same to Python, not to the history."""
    return "" if facts is None else canonical(facts)


def _compare_texts(db: Database, claims: Claims) -> Iterator[Trouble]:
    stands: dict[tuple[int | None, int], str] = {
        (None, number): found for number, found in plans.read_digests(db).items()
    }
    stands |= {(year, number): found for (year, number), found in seals.read_digests(db).items()}
    for year, number in sorted({*stands, *claims.texts}, key=repr):
        there, told = stands.get((year, number)), claims.texts.get((year, number))
        if there != told:
            yield TextDiffers(year, number, there is not None, told is not None)
