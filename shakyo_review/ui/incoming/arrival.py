"""What comes in from elsewhere, as a list to be looked through and decided: any source, one form.

``Arrival`` is what the screen 取り込み shows. A file makes one of an ``Incoming``; another source (a copy of
the book that was filled apart) may make its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from shakyo_review.domain.cell import Kind
from shakyo_review.services.incoming import Side

if TYPE_CHECKING:
    from shakyo_review.domain.cell import CellKey
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.services.incoming import Incoming, Proposed
    from shakyo_review.services.taking import ImportResult
    from shakyo_review.services.tracking import Unmatched


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing that would change: where, what the book has, what comes in, and where that was written.

    ``id`` names it in the decisions; ``who`` tells who changed the book's last, and when.
    """

    id: str
    place: str
    now: str
    new: str
    where: str = ""
    conflict: bool = False
    who: str = ""
    aside: str = ""
    brief: str = ""
    """The place as it stands in the list, the part that tells it apart first; '' for ``place``."""
    odd: tuple[str, ...] = ()
    """What looks odd about what comes in (けた違い …), as sentences."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What comes in from one source.

    ``write`` stores it by the decisions (id to side; no decision: taken) with a reason; ``again``
    reads the source anew, after the book has moved on.
    """

    source: str
    kind: str
    offered: tuple[Offered, ...]
    unchanged: int
    remarks: tuple[str, ...]
    write: Callable[[Mapping[str, Side], str], ImportResult]
    again: Callable[[], Arrival] | None = None
    unmatched: tuple[Unmatched, ...] = ()
    remembers: bool = False
    """Whether writing is of use where nothing is taken: the decisions are not asked for again."""
    unread: tuple[str, ...] = ()
    """Those of the remarks that tell of a value nobody can read: it is left out."""


def arrival_of(
    book: ReviewBook,
    incoming: Incoming,
    kind: str,
    again: Callable[[], Arrival] | None = None,
    unmatched: Sequence[Unmatched] = (),
) -> Arrival:
    """Return figures that come in as the screen shows them."""
    from shakyo_review.services.incoming import apply

    keys = {_id(one): one.key for one in incoming.proposals}

    def write(sides: Mapping[str, Side], reason: str) -> ImportResult:
        taken = {keys[name]: side for name, side in sides.items() if name in keys}
        return apply(book, incoming, taken, reason=reason)

    told, odd = {one.text for one in unmatched}, _odd(book, incoming)
    return Arrival(
        incoming.source,
        kind,
        tuple(_offered(book, one, odd.get(one.key, ())) for one in incoming.proposals),
        incoming.unchanged,
        tuple(text for text in incoming.remarks if text not in told),
        write,
        again,
        tuple(unmatched),
        unread=incoming.unread,
    )


def _id(one: Proposed) -> str:
    key = one.key
    return "/".join((key.indicator, str(key.year), key.kind.value, key.branch, key.period))


def _odd(book: ReviewBook, incoming: Incoming) -> dict[CellKey, tuple[str, ...]]:
    """Return what will look odd about the figures that come in."""
    from shakyo_review.services.blocks import Wish, odd_before

    by_year: dict[int, list[Wish]] = {}
    for one in incoming.proposals:
        if one.key.kind in (Kind.TARGET, Kind.ACTUAL):
            wish = Wish(one.key, one.after.reading, one.before.version)
            by_year.setdefault(one.key.year, []).append(wish)
    return {key: told for w in by_year.values() for key, told in odd_before(book, w).items()}


def _offered(book: ReviewBook, one: Proposed, odd: tuple[str, ...]) -> Offered:
    from shakyo_review.services.incoming import changed_by, place, shown

    aside = ""
    if one.before.note != one.after.note:
        notes = (" ".join(cell.note.split()) or "空欄" for cell in (one.before, one.after))
        aside = f"実施内容: {' → '.join(notes)}"
    now, new = shown(book, one.before), shown(book, one.after)
    if now == new and aside:
        new = "（実施内容）"
    who = changed_by(book, one) if one.conflict else ""
    brief = _brief(book, one)
    where = one.where
    return Offered(
        _id(one), place(book, one), now, new, where, one.conflict, who, aside, brief, odd
    )


def _brief(book: ReviewBook, one: Proposed) -> str:
    """Return a place in short: 1-1a R7 実績 北区 訪問回数."""
    from shakyo_review.services.entry import place_text

    plan = book.editions.of(one.key.year).plan
    indicator = plan.indicators.get(one.key.indicator)
    name = "" if indicator is None else indicator.name
    return f"{place_text(one.key, plan)} {name}".strip()


class Standing(StrEnum):
    """How a line of the list stands."""

    OPEN = "要決定"
    TAKEN = "取り込む"
    LEFT = "台帳のまま"
    UNREAD = "読めない"
    REMARK = "知らせ"
    ASK = "指標は？"


@dataclass(slots=True)
class Decisions:
    """What a person has decided so far; conflicts are open until then, changes are taken."""

    arrival: Arrival
    sides: dict[str, Side] = field(default_factory=dict)

    @property
    def lines(self) -> list[Offered]:
        """Everything that would change, conflicts first."""
        return sorted(self.arrival.offered, key=lambda one: not one.conflict)

    @property
    def open(self) -> list[Offered]:
        """Conflicts nobody has decided yet."""
        return [one for one in self.lines if one.conflict and one.id not in self.sides]

    @property
    def taken(self) -> int:
        """How many would be written now."""
        return sum(self.standing(one) is Standing.TAKEN for one in self.arrival.offered)

    def standing(self, one: Offered) -> Standing:
        """Return how a line stands."""
        side = self.sides.get(one.id)
        if side is None:
            return Standing.OPEN if one.conflict else Standing.TAKEN
        return Standing.TAKEN if side is Side.SOURCE else Standing.LEFT

    def turn(self, name: str) -> Offered:
        """Decide a line the other way (an open one for what comes in), and return it."""
        one = next(line for line in self.arrival.offered if line.id == name)
        taken = self.standing(one) is Standing.TAKEN
        self.sides[name] = Side.BOOK if taken else Side.SOURCE
        return one

    def all(self, side: Side) -> int:
        """Decide all conflicts, or where there are none all changes, for one side; returns how many."""
        some = [one for one in self.arrival.offered if one.conflict] or self.arrival.offered
        self.sides |= {one.id: side for one in some}
        return len(some)

    def renewed(self, arrival: Arrival) -> Decisions:
        """Return the decisions on a source that was read anew: those about what is still the same."""
        same = {one.id: one for one in self.arrival.offered}
        kept = {
            one.id: self.sides[one.id]
            for one in arrival.offered
            if one.id in self.sides and same.get(one.id) == one
        }
        return Decisions(arrival, kept)
