"""Merging two copies of one book that were filled apart: what would change, and what is to be decided.

What only the other copy changed is taken, what both changed alike is quiet, what each changed in its
way waits for a decision. A year sealed here stays as it is. People and passphrases are not merged.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.person import Act
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.kept import RATING
from shakyo_review.services.merging.compare import (
    CELL,
    MONEY,
    Base,
    Compared,
    Difference,
    compare,
    last_bases,
    named,
    under_codes,
)
from shakyo_review.services.merging.copies import (
    Copy,
    bases_by_year,
    check_sound,
    opened_copy,
    read_copies,
)
from shakyo_review.services.merging.rules import (
    Sorted,
    check_plan,
    new_seals,
    numbered,
    plan_is_theirs,
    sort_out,
)
from shakyo_review.services.reviewing import ANSWER
from shakyo_review.storage import seals as seal_rows
from shakyo_review.storage.database import BookFile, explained
from shakyo_review.storage.facts import FactKey
from shakyo_review.storage.merging import EditionText, Head, Identity
from shakyo_review.storage.plans import Editions
from shakyo_review.storage.seals import Seal

Key = CellKey | FactKey
"""Where a difference stands: a figure or an amount, or what people said."""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """The plan of the other copy, where only that one was changed: editions as stored, and identities.

    ``changed`` are the number and the first year of the editions that are new or changed.
    """

    editions: Editions
    changed: tuple[tuple[int, int], ...]
    texts: tuple[EditionText, ...]
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """What another copy would change in a book, as it was looked at.

    ``left`` are differences that cannot be taken: their year is sealed here, or the plan has no such
    item. ``remarks`` are sentences for the person. ``head`` is where the history of this copy ended;
    it may not have moved on when the merge is written. ``heads`` are the ends of the histories that
    are in this one afterwards, ``known`` whether they were already.
    """

    source: str
    differences: tuple[Difference, ...]
    left: tuple[Difference, ...]
    remarks: tuple[str, ...]
    unchanged: int
    head: str
    heads: tuple[Head, ...]
    known: bool
    plan: NewPlan | None = None
    seals: tuple[Seal, ...] = ()
    whole_years: frozenset[int] = frozenset()

    @property
    def conflicts(self) -> tuple[Difference, ...]:
        """What both copies have changed, each in its way: a person decides."""
        return tuple(one for one in self.differences if one.conflict)

    @property
    def changes(self) -> tuple[Difference, ...]:
        """What nobody has to decide about."""
        return tuple(one for one in self.differences if not one.conflict)

    @property
    def nothing_new(self) -> bool:
        """Whether the book stays as it is: all of the other copy is in it, or was left on purpose."""
        taken = self.differences or self.plan or self.seals
        return not taken and (self.known or not self.left)


def key_of(difference: Difference) -> Key:
    """Return where a difference stands in this book."""
    entity, place = difference.thing
    year = place.year or 0
    if entity in (CELL, MONEY):
        return CellKey(place.code, year, Kind(place.kind), place.branch, place.period)
    return FactKey(entity, year, place.code, place.kind, place.branch)


def look(book: ReviewBook, path: Path) -> Merge:
    """Set the copy in a file beside this book; nothing is changed, neither here nor there.

    Raises ``WrongUsage`` or ``BookProblem`` for a file that is no sound book, ``ImportRefused`` for one
    that is no copy of this book, or whose plan or sealed years contradict it, ``NotAllowed`` for
    those who may not merge.
    """
    book.check(Act.MERGE)
    with opened_copy(path, book.path) as other, explained(book.path):
        book.refresh()
        with book.file.reading(), other.reading():
            check_sound(book.file, book.path.name)
            check_sound(other, path.name)
            return _looked(book.file, other)


def _looked(file: BookFile, other: BookFile) -> Merge:
    mine, theirs, bases = read_copies(file, other)
    takes_plan = plan_is_theirs(mine, theirs, bases)
    plan = theirs.editions if takes_plan else mine.editions
    here = named(under_codes(mine.now.things, mine.editions, plan))
    there = named(under_codes(theirs.now.things, theirs.editions, plan))
    found = compare(here, there, bases_by_year(mine, theirs, bases, plan))
    if takes_plan:
        check_plan(mine, theirs, found)
    found.differences = sorted(numbered(found.differences, here, mine), key=_in_order(plan))
    done = sort_out(mine, theirs, found, plan)
    seals = [
        seal
        for year in sorted(set(theirs.now.seals) - done.without)
        for seal in seal_rows.read_seals(other.db, year)
        if seal.number in new_seals(mine, theirs, year)
    ]
    without = tuple(sorted(done.without))
    heads = [Head(theirs.head, without)]
    heads += [Head(h.hash, tuple(sorted({*h.without, *without}))) for h in theirs.now.heads]
    return Merge(
        source=theirs.name,
        differences=tuple(done.taken),
        left=tuple(done.left),
        remarks=(
            *_remarks(mine, theirs, bases, done, takes_plan=takes_plan),
            *_letters_to_look_at(done, found, plan),
        ),
        unchanged=found.same,
        head=mine.head,
        heads=tuple(one for one in dict.fromkeys(heads) if one not in mine.now.heads),
        known=heads[0] in mine.now.heads,
        plan=_new_plan(mine, theirs) if takes_plan else None,
        seals=tuple(seals),
        whole_years=frozenset(done.whole),
    )


def _new_plan(mine: Copy, theirs: Copy) -> NewPlan:
    changed = [text for text in theirs.texts if text not in mine.texts]
    places = tuple((text.number, text.effective_year) for text in changed)
    return NewPlan(theirs.editions, places, theirs.texts, theirs.identities)


def _in_order(plan: Editions) -> Callable[[Difference], tuple[object, ...]]:
    """Return the order in which differences are shown: figures first, then by year and as in the plan."""

    @cache
    def places(year: int) -> dict[str, int]:
        held = plan.of(year).plan
        return {code: n for n, code in enumerate((*held.items, *held.indicators))}

    def order(one: Difference) -> tuple[object, ...]:
        entity, place = one.thing
        at = places(one.year).get(place.code, -1)
        return entity not in (CELL, MONEY), one.year, at, entity, place.kind, repr(place)

    return order


def _remarks(
    mine: Copy, theirs: Copy, bases: list[Base], done: Sorted, *, takes_plan: bool
) -> Iterator[str]:
    if takes_plan:
        yield f"計画は「{theirs.name}」で改められているので、そちらの計画になります。"
    for year in sorted(done.without):
        count = sum(one.year == year for one in done.left)
        yield f"{year_label(year)}はこの台帳で確定しているため、「{theirs.name}」での変更{count}件は合わせません。"
    for year in sorted(done.whole):
        yield f"{year_label(year)}は、「{theirs.name}」のとおりの状態（確定を含む）になります。"
    gone = [one for one in done.left if one.year not in done.without]
    if gone:
        yield f"計画にない項目の変更が{len(gone)}件あり、合わせません。"
    for one in done.taken:
        moved = one.number and one.number != one.thing.place.branch
        if moved and one.thing.entity != ANSWER:  # an answer follows its promise
            yield _renumbered(one, theirs)
    began = [
        (mine if base.here else theirs).stands[base.row].people for base in last_bases(bases, None)
    ]
    if theirs.now.people != mine.now.people and theirs.now.people not in began:
        yield "利用者の登録と合言葉は合わせません。違いは「people」で直してください。"


def _letters_to_look_at(done: Sorted, found: Compared, plan: Editions) -> Iterator[str]:
    """Yield a sentence for every letter of the other copy under which figures were changed here."""
    changed: set[tuple[int, str]] = set()
    for year, things in found.own.items():
        held = plan.of(year).plan
        for entity, place in things:
            if entity == CELL and place.code in held.action_of:
                path = held.path_of(held.action_of[place.code])
                changed |= {(year, item.code) for item in path} | {(year, place.code)}
    for one in done.taken:
        code = one.thing.place.code
        if one.thing.entity == RATING and one.after is not None and (one.year, code) in changed:
            yield f"{year_label(one.year)}の{code}の評価は、この台帳で変えた値を見ずに付けられています。確かめてください。"


def _renumbered(one: Difference, theirs: Copy) -> str:
    from shakyo_review.services.telling import ENTITY_LABELS

    label = ENTITY_LABELS.get(one.thing.entity, one.thing.entity)
    here = one.thing.place.branch
    return f"{year_label(one.year)}の{label}: 「{theirs.name}」の{one.number}番は、この台帳では{here}番です。"
