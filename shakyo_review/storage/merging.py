"""Two copies of one book, read for merging: where their histories part, and what each says stands.

The history is the memory: what stood at any of its rows is gathered from the rows up to it. A merge
leaves a row of its own that names the end of the other history (``HEADS``), so that the next merge
begins where the last one ended.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shakyo_review.storage.claims import Facts, Place, facts_of, place_of
from shakyo_review.storage.format import EDITION, HISTORY_COLUMNS, Database, digest
from shakyo_review.storage.people import PERSON
from shakyo_review.storage.seals import SEAL

BOOK = "book"
"""The entity of history rows about the book as a whole: no figure, no fact stands for them."""
HEADS = "heads"
"""What the row of a merge keeps: the hashes of the ends of the histories that are in the book since."""


class Thing(NamedTuple):
    """A figure or a fact: what it is and where it stands."""

    entity: str
    place: Place


@dataclass(frozen=True, slots=True)
class Said:
    """What the last row about a thing says, whose row it is, when and why."""

    facts: Facts | None
    who: str = ""
    at: str = ""
    reason: str = ""


class Head(NamedTuple):
    """The end of another history that this one has taken in, and the years left out of it."""

    hash: str
    without: tuple[int, ...] = ()


@dataclass(slots=True)
class Stand:
    """What a history says stands at one of its rows, under the codes of that moment."""

    row: int = 0
    things: dict[Thing, Said] = field(default_factory=dict)
    people: dict[str, Facts | None] = field(default_factory=dict)
    editions: dict[int, object] = field(default_factory=dict)
    seals: dict[int, dict[int, object]] = field(default_factory=dict)
    heads: dict[Head, int] = field(default_factory=dict)
    """The ends of other histories taken in, and the row that tells of each."""

    def copy(self) -> "Stand":
        """Return the stand as it is now; this one may go on."""
        seals = {year: dict(known) for year, known in self.seals.items()}
        return Stand(
            self.row,
            dict(self.things),
            dict(self.people),
            dict(self.editions),
            seals,
            dict(self.heads),
        )

    def take(self, row: Mapping[str, Any]) -> None:
        """Take the next row."""
        self.row = row["id"]
        entity, place = row["entity"], place_of(row)
        match entity:
            case _ if entity == BOOK:
                self._take_heads(row)
            case _ if entity == PERSON:
                self.people[place.branch] = facts_of(row["new"])
            case "indicator":
                pass  # a baseline is part of the edition that tells it
            case _ if entity == EDITION:
                told = facts_of(row["new"]) or {}
                self.editions[_whole(told.get("number"))] = told.get("digest")
                self.move(told)
            case _ if entity == SEAL:
                told = facts_of(row["new"]) or {}
                number = _whole(told.get("number"))
                self.seals.setdefault(place.year or 0, {})[number] = told.get("digest")
            case _:
                said = Said(facts_of(row["new"]), row["who"], row["at"], row["reason"])
                self.things[Thing(entity, place)] = said

    def _take_heads(self, row: Mapping[str, Any]) -> None:
        heads = (facts_of(row["new"]) or {}).get(HEADS)
        for one in heads if isinstance(heads, list) else ():
            if isinstance(one, dict) and isinstance(one.get("hash"), str):
                years = tuple(y for y in one.get("without", ()) if type(y) is int)
                self.heads[Head(one["hash"], years)] = row["id"]

    def move(self, told: Facts) -> None:
        """Give things the codes of a new edition, as its row tells."""
        renamed, year = told.get("renamed"), _whole(told.get("effective_year"))
        if not isinstance(renamed, dict):
            return

        def moved(thing: Thing) -> Thing:
            place = thing.place
            later = type(place.year) is int and place.year >= year
            code = renamed.get(place.code) if later else None
            return (
                Thing(thing.entity, place._replace(code=code)) if isinstance(code, str) else thing
            )

        self.things = {moved(thing): said for thing, said in self.things.items()}


def _whole(number: object) -> int:
    return number if type(number) is int else -1


def stands(db: Database, rows: Iterable[int]) -> dict[int, Stand]:
    """Return what stood at each of some rows, and at the last one (under its number)."""
    wanted, found, now = set(rows), {}, Stand()
    columns = ", ".join(HISTORY_COLUMNS)
    for values in db.execute(f"SELECT {columns} FROM history ORDER BY id"):  # noqa: S608
        now.take(dict(zip(HISTORY_COLUMNS, values, strict=True)))
        if now.row in wanted:
            found[now.row] = now.copy()
    found[now.row] = now
    return found


def last_stand(db: Database) -> Stand:
    """Return what stands at the end of a history."""
    return max(stands(db, ()).values(), key=lambda one: one.row)


def renames_after(db: Database, row: int) -> list[Facts]:
    """Return what the editions told after a row say, the first one first."""
    rows = db.execute(
        "SELECT new FROM history WHERE entity = ? AND id > ? ORDER BY id", [EDITION, row]
    )
    return [facts_of(text) or {} for (text,) in rows]


def common_rows(mine: Database, theirs: Database) -> int:
    """Return how many rows two histories have in common from the first on."""
    sql = "SELECT hash FROM history ORDER BY id"
    count = 0
    for here, there in zip(mine.execute(sql), theirs.execute(sql), strict=False):
        if here != there:
            break
        count += 1
    return count


def row_of(db: Database, head: str) -> int | None:
    """Return the row at which a history ended with a hash; None where it never did."""
    found = db.execute("SELECT id FROM history WHERE hash = ?", [head]).fetchone()
    return None if found is None else int(found[0])


# --- what is taken over as it stands: editions with their identities, seals -------------------


@dataclass(frozen=True, slots=True)
class EditionText:
    """An edition as it is stored."""

    number: int
    effective_year: int
    plan: str
    ids: str


def edition_texts(db: Database) -> tuple[EditionText, ...]:
    """Return every edition as it is stored, by number."""
    rows = db.execute("SELECT number, effective_year, plan, ids FROM edition ORDER BY number")
    return tuple(EditionText(*row) for row in rows)


def put_edition_text(db: Database, text: EditionText) -> str:
    """Store an edition as another copy has it; returns its hash, which the history has to tell."""
    held = [text.number, text.effective_year, text.plan, text.ids]
    db.execute(
        "INSERT OR REPLACE INTO edition (number, effective_year, plan, ids) VALUES (?, ?, ?, ?)",
        held,
    )
    return digest(text.plan, text.ids, str(text.effective_year))


Identity = tuple[int, str, str]
"""The number under which the book knows something, what it is, and the code it had first."""


def identities(db: Database) -> tuple[Identity, ...]:
    """Return every identity that was ever given."""
    return tuple(_identities(db))


def _identities(db: Database) -> Iterator[Identity]:
    for number, kind, code in db.execute("SELECT id, kind, code FROM identity ORDER BY id"):
        yield int(number), str(kind), str(code)


def add_identities(db: Database, found: tuple[Identity, ...]) -> None:
    """Give identities the numbers they have in another copy, inside a transaction."""
    known = set(_identities(db))
    for one in found:
        if one not in known:
            db.execute("INSERT INTO identity (id, kind, code) VALUES (?, ?, ?)", list(one))
