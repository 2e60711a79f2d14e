"""What may be merged: whose plan counts, what a sealed year allows, what numbers things get."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import ImportRefused
from shakyo_review.services.book import YEAR
from shakyo_review.services.merging.compare import (
    CELL,
    MONEY,
    NUMBERED,
    Base,
    Compared,
    Difference,
    Named,
    last_bases,
    way_of,
)
from shakyo_review.services.merging.copies import Copy
from shakyo_review.services.reviewing import ANSWER, IMPROVEMENT
from shakyo_review.storage.claims import Place
from shakyo_review.storage.merging import Thing
from shakyo_review.storage.plans import Editions


def closed(copy: Copy, year: int) -> bool:
    """Whether a year is sealed in a copy."""
    said = copy.now.things.get(Thing(YEAR, Place(WHOLE_PLAN, year)))
    facts = None if said is None else said.facts
    return facts is not None and facts.get("state") in (YearState.SEALED, YearState.PUBLISHED)


# --- the plan ------------------------------------------------------------------------------


def plan_is_theirs(mine: Copy, theirs: Copy, bases: Iterable[Base]) -> bool:
    """Whether the plan of the other copy is the newer one.

    Raises ``ImportRefused`` where both copies have changed it, each in its way.
    """
    began = [
        (mine if base.here else theirs).stands[base.row].editions
        for base in last_bases(bases, None)
    ]
    way = way_of(mine.now.editions, theirs.now.editions, list(began))
    if way == "conflict":
        raise ImportRefused(
            f"計画が、この台帳と「{theirs.name}」の両方で改められているため、合わせられません。",
            "どちらかを元の台帳に決め、もう一方で変えた値を「export」で書き出して「import」で取り込んでください。何も変わっていません。",
        )
    return way == "theirs"


def check_plan(mine: Copy, theirs: Copy, found: Compared) -> None:
    """Refuse a plan of the other copy that contradicts what was done here since.

    A year sealed here keeps its plan; a figure or a letter given here has to keep its place and its
    meaning.
    """
    texts = {one.number: one for one in mine.texts}
    changed = [one for one in theirs.texts if texts.get(one.number) != one]
    begin = min(one.effective_year for one in changed)
    for year in sorted(mine.now.seals):
        if year >= begin and closed(mine, year) and not _extends(mine, theirs, year):
            raise ImportRefused(
                f"「{theirs.name}」で計画が改められていますが、この台帳では{year_label(year)}が確定しています。",
                "確定した年度の計画は変えられません。「reopen」で確定を解くか、「"
                f"{theirs.name}」の計画の変更をやり直してください。何も変わっていません。",
            )
    for thing in (thing for things in found.own.values() for thing in things):
        if not _keeps_meaning(thing, mine.editions, theirs.editions):
            raise ImportRefused(
                f"「{theirs.name}」で計画が改められ、この台帳で変えた{_told(thing)}が合わなくなっています。",
                "この台帳の計画を同じように改めるか、この台帳の変更を戻してから合わせてください。何も変わっていません。",
            )


def _keeps_meaning(thing: Thing, old: Editions, new: Editions) -> bool:
    """Whether something under a code of the new plan meant the same under the old one."""
    entity, place = thing
    if place.code == WHOLE_PLAN:
        return True
    year = place.year or 0
    after = new.of(year)
    number = after.identity_of(place.code)
    if number is None:
        return False
    if entity != CELL:
        return True
    before = old.of(year)
    known = before.figures.get(number)
    if known is None:
        return False
    was, now = before.plan.indicators[known[0]], after.plan.indicators.get(place.code)
    return now is not None and (was.unit, was.decimals, was.parts) == (
        now.unit,
        now.decimals,
        now.parts,
    )


def _told(thing: Thing) -> str:
    year = thing.place.year
    code = "計画全体" if thing.place.code == WHOLE_PLAN else thing.place.code.partition("#")[0]
    return f"「{code}」" + (f"（{year_label(year)}）" if year else "")


def _extends(mine: Copy, theirs: Copy, year: int) -> bool:
    """Whether the seals of a year in the other copy are those of this one, and perhaps more."""
    here, there = mine.now.seals.get(year, {}), theirs.now.seals.get(year, {})
    return here.items() <= there.items()


def new_seals(mine: Copy, theirs: Copy, year: int) -> set[int]:
    """Return the numbers of the seals of a year that only the other copy has."""
    if not _extends(mine, theirs, year):
        return set()
    return set(theirs.now.seals.get(year, {})) - set(mine.now.seals.get(year, {}))


# --- numbers -------------------------------------------------------------------------------


def numbered(differences: Iterable[Difference], here: Named, mine: Copy) -> list[Difference]:
    """Give what is told by a number the number it is going to have here; answers follow their promise."""
    used: dict[tuple[str, int], set[int]] = {}
    for thing in mine.now.things:
        if thing.entity in NUMBERED and thing.place.branch.isdecimal():
            used.setdefault((thing.entity, thing.place.year or 0), set()).add(
                int(thing.place.branch)
            )
    given = {t: part for t, part in here.parts.items() if t.entity in NUMBERED}
    differences = list(differences)
    for one in differences:
        if one.thing.entity in NUMBERED and one.thing not in given:
            taken = used.setdefault((one.thing.entity, one.year), set())
            wish = int(one.number) if one.number.isdecimal() else 0
            number = wish if wish and wish not in taken else max(taken, default=0) + 1
            taken.add(number)
            given[one.thing] = str(number)
    promises = {
        f"{thing.place.year}-{thing.place.branch}": f"{thing.place.year}-{part}"
        for thing, part in given.items()
        if thing.entity == IMPROVEMENT
    }

    def placed(thing: Thing) -> Thing:
        part = given.get(thing)
        if thing.entity == ANSWER:
            part = promises.get(thing.place.branch)
        if part is None:
            return thing
        return Thing(thing.entity, thing.place._replace(branch=part))

    return [replace(one, thing=placed(one.thing)) for one in differences]


# --- years ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Sorted:
    """Differences that are taken or decided about, and those that are left.

    ``without`` are years sealed here in another way than there; ``whole`` years that stand as the
    other copy has them, seal and all, for nothing was done about them here.
    """

    taken: list[Difference] = field(default_factory=list)
    left: list[Difference] = field(default_factory=list)
    without: set[int] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)


def sort_out(mine: Copy, theirs: Copy, found: Compared, plan: Editions) -> Sorted:
    """Sort differences by what the state of their year allows.

    Raises ``ImportRefused`` where a year was sealed there while figures were still changed here.
    """
    done = Sorted()
    for one in found.differences:
        year = one.year
        here, there = closed(mine, year), closed(theirs, year)
        if (here or there) and mine.now.seals.get(year) != theirs.now.seals.get(year):
            if year not in found.own and _extends(mine, theirs, year) and _same_number(one):
                _check_plan_of_seal(mine, theirs, plan, year)
                done.whole.add(year)
            elif here:
                done.without.add(year)
                done.left.append(one)
                continue
            else:
                _check_plan_of_seal(mine, theirs, plan, year)
                raise ImportRefused(
                    f"{year_label(year)}は「{theirs.name}」で確定していますが、この台帳ではその後も変更があります。",
                    f"「{theirs.name}」を元の台帳にして（--book）、この台帳を合わせてください。確定した年度はそのまま残ります。何も変わっていません。",
                )
        if _has_place(one, plan):
            done.taken.append(one)
        else:
            done.left.append(one)
    return done


def _check_plan_of_seal(mine: Copy, theirs: Copy, plan: Editions, year: int) -> None:
    """Refuse a year sealed there whose plan was changed here: it would stand under another plan."""
    if plan is theirs.editions:
        return
    here, there = (
        next(text for text in copy.texts if text.number == copy.editions.of(year).number)
        for copy in (mine, theirs)
    )
    if here != there:
        raise ImportRefused(
            f"{year_label(year)}は「{theirs.name}」で確定していますが、この台帳ではその年度の計画を改めています。",
            f"「{theirs.name}」で「reopen」して確定を解いてから合わせてください。何も変わっていません。",
        )


def _same_number(one: Difference) -> bool:
    """Whether something keeps the number under which a seal tells of it."""
    return not one.number or one.number == one.thing.place.branch


def _has_place(one: Difference, plan: Editions) -> bool:
    """Whether the plan of the year has what a difference is about."""
    entity, place = one.thing
    edition = plan.of(one.year)
    if entity == CELL:
        indicator = edition.plan.indicators.get(place.code)
        return indicator is not None and (
            not place.branch or place.branch in edition.plan.branches_of(place.code)
        )
    if entity == MONEY:
        return place.code in edition.ids.funding
    return place.code == WHOLE_PLAN or edition.identity_of(place.code) is not None
