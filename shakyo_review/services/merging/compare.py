"""Two copies of a book set three ways: what both began from, what each has now. Nothing is written here.

Figures and facts are compared by what they mean: the same letter given twice is the same letter,
whoever noted it on what day. What is told by a number in its year (an opinion, a promise) is found by
what it says, for two copies give the same number to different things.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from shakyo_review.domain.value import State
from shakyo_review.services.book import YEAR
from shakyo_review.services.reviewing import ANSWER, ERRATUM, IMPROVEMENT, OPINION
from shakyo_review.services.revising import REVISION
from shakyo_review.storage.claims import Facts, plain
from shakyo_review.storage.format import canonical
from shakyo_review.storage.merging import Said, Stand, Thing
from shakyo_review.storage.plans import Editions, Ids

CELL, MONEY = "cell", "funding"
NUMBERED = frozenset({OPINION, IMPROVEMENT, ERRATUM, REVISION})
"""What is told by its number in the year, given one after the other."""
_ANSWERED = frozenset({"answer", "answered_by", "answered_on"})
_WHOSE = frozenset({"by", "date", "at", "answered_by", "answered_on"})
"""Who noted something and when: no part of what it means."""

Things = dict[Thing, Said]
NOTHING = Said(None)


class Base(NamedTuple):
    """A state from which both copies have gone on.

    It stood at ``row`` of the history of this copy (``here``) or of the other; ``told`` is the row of
    the one that had taken it in, and ``without`` the years left out then.
    """

    here: bool
    row: int
    told: int
    without: tuple[int, ...] = ()


def last_bases(bases: Iterable[Base], year: int | None) -> list[Base]:
    """Return those of some bases that no other of them has gone on from, for what stands in a year.

    Two are left where each copy has taken in the other without knowing of it.
    """
    fit = [one for one in bases if year not in one.without]
    here = max((one for one in fit if one.here), key=lambda one: one.row, default=None)
    there = max((one for one in fit if not one.here), key=lambda one: one.row, default=None)
    if here is None or there is None:
        return [one for one in (here, there) if one is not None]
    if here.told <= there.row:
        return [there]
    return [here] if there.told <= here.row else [here, there]


# --- codes ---------------------------------------------------------------------------------


def _number(ids: Ids, thing: Thing) -> int | None:
    code = thing.place.code
    if "#" in code and code.rpartition("#")[2].isdecimal():  # it left the plan
        return int(code.rpartition("#")[2])
    if thing.entity == CELL:
        return ids.indicator.get(code)
    if thing.entity == MONEY:
        return ids.funding.get(code)
    return ids.node.get(code, ids.indicator.get(code))


def under_codes(things: Things, old: Editions, new: Editions) -> Things:
    """Return things under the codes that other editions give to the same items."""
    if old.same_plan(new):
        return things

    def moved(thing: Thing) -> Thing:
        year = thing.place.year or 0
        number = _number(old.of(year).ids, thing)
        if number is None:
            return thing
        return Thing(thing.entity, thing.place._replace(code=new.place(number, year)))

    return {moved(thing): said for thing, said in things.items()}


# --- numbers -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """The things of a copy; what is numbered is named by what it says. ``parts`` keep the numbers."""

    things: Things
    parts: dict[Thing, str] = field(default_factory=dict)


def named(things: Things) -> Named:
    """Name what is numbered by what it says, and answers by the promise they answer."""
    found, parts, said_so = {}, {}, dict[tuple[object, ...], int]()
    promises: dict[tuple[int | None, str], str] = {}
    numbered = [thing for thing in things if thing.entity in NUMBERED]
    for thing in sorted(numbered, key=lambda one: (one.entity, _count(one.place.branch))):
        said, place = things[thing], thing.place
        if said.facts is None:
            continue
        text = f"{place.code} {_content(thing.entity, said.facts)}"
        key = (thing.entity, place.year, text)
        said_so[key] = said_so.get(key, 0) + 1
        name = f"{text}{said_so[key]}"
        renamed = Thing(thing.entity, place._replace(branch=name))
        found[renamed], parts[renamed] = said, place.branch
        if thing.entity == IMPROVEMENT:
            promises[place.year, place.branch] = name
    for thing, said in things.items():
        if thing.entity in NUMBERED:
            continue
        if thing.entity == ANSWER:
            year, _, number = thing.place.branch.partition("-")
            name = promises.get((int(year) if year.isdecimal() else None, number), number)
            renamed = Thing(ANSWER, thing.place._replace(branch=f"{year}-{name}"))
            found[renamed], parts[renamed] = said, thing.place.branch
        else:
            found[thing] = said
    return Named(found, parts)


def _count(part: str) -> tuple[int, str]:
    return (int(part) if part.isdecimal() else 0, part)


def _content(entity: str, facts: Facts) -> str:
    """Return what makes a numbered thing the one it is: all but its number and the answer to it."""
    without = _ANSWERED if entity == OPINION else {"number"}
    return canonical({name: fact for name, fact in facts.items() if name not in without})


# --- three ways ----------------------------------------------------------------------------


def meaning(entity: str, facts: Facts | None) -> tuple[object, ...]:
    """Return what a thing means, in parts that change on their own."""
    if entity == CELL:
        held = plain(facts) or {"state": State.NOT_ENTERED.value}
        return {k: v for k, v in held.items() if k != "note"}, held.get("note", "")
    if entity == MONEY or facts is None:
        return (plain(facts),)
    whose = {"by"} if entity == YEAR else _WHOSE
    return ({name: fact for name, fact in facts.items() if name not in whose | {"number"}},)


def way_of(mine: object, theirs: object, bases: list[object]) -> str:
    """Return whose of two contents is the newer one: same, mine, theirs, or conflict."""
    if mine == theirs:
        return "same"
    kept, taken = theirs in bases, mine in bases
    if kept == taken:
        return "conflict"
    return "mine" if kept else "theirs"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something the other copy would change.

    ``mine`` is what stands here and ``after`` what would stand; ``kept`` is what stands where a person
    decides for this copy (a note that only the other changed is taken even so). ``here`` and ``there``
    tell whose the two are. ``number`` is the number it has in the other copy, where it is told by one. ``conflict``:
    both copies have changed it, each in its way.
    """

    thing: Thing
    mine: Facts | None
    after: Facts | None
    kept: Facts | None
    here: Said
    there: Said
    conflict: bool
    number: str = ""

    @property
    def year(self) -> int:
        """The fiscal year it is about."""
        return self.thing.place.year or 0


@dataclass(slots=True)
class Compared:
    """What came of a comparison: what is to be taken or decided, and years in which this copy has gone on."""

    differences: list[Difference] = field(default_factory=list)
    own: dict[int, list[Thing]] = field(default_factory=dict)
    same: int = 0


def compare(mine: Named, theirs: Named, bases_of: Callable[[int], list[Things]]) -> Compared:
    """Set every thing three ways; ``bases_of`` gives what stood at the beginnings of a year."""
    found = Compared()
    for thing in sorted({*mine.things, *theirs.things}, key=repr):
        here, there = mine.things.get(thing, NOTHING), theirs.things.get(thing, NOTHING)
        bases = [base.get(thing, NOTHING) for base in bases_of(thing.place.year or 0)]
        parts = [meaning(thing.entity, one.facts) for one in (here, there, *bases)]
        ways = [way_of(m, t, list(bs)) for m, t, *bs in zip(*parts, strict=True)]
        if "mine" in ways or "conflict" in ways:
            found.own.setdefault(thing.place.year or 0, []).append(thing)
        if not {"theirs", "conflict"} & set(ways):
            found.same += ways == ["same"] * len(ways)
            continue
        after = _joined(thing.entity, here.facts, there.facts, ways)
        own = ["mine" if way == "conflict" else way for way in ways]
        kept = here.facts
        if "conflict" in ways and "theirs" in own:
            kept = _joined(thing.entity, here.facts, there.facts, own)
        number = theirs.parts.get(thing, "")
        found.differences.append(
            Difference(thing, here.facts, after, kept, here, there, "conflict" in ways, number)
        )
    return found


def _joined(entity: str, mine: Facts | None, theirs: Facts | None, ways: list[str]) -> Facts | None:
    """Return what would stand: of a cell, the figure or the note may be of this copy."""
    if entity != CELL or "mine" not in ways:
        return theirs
    figure, note = (theirs if way != "mine" else mine for way in ways)
    joined: dict[str, object] = {
        name: fact
        for name, fact in (figure or {"state": State.NOT_ENTERED.value}).items()
        if name != "note"
    }
    if note is not None and note.get("note"):
        joined["note"] = note["note"]
    return joined


def settled(stand: Stand, renames: Iterable[Facts]) -> Iterator[tuple[Thing, Said]]:
    """Yield what stood at a moment under the codes of today (``renames``: the editions since)."""
    if renames := list(renames):
        stand = stand.copy()
        for told in renames:
            stand.move(told)
    yield from stand.things.items()
