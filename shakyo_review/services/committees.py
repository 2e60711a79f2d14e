"""The committees (担当) people work for, by the words of the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shakyo_review.domain.person import Person, folded
from shakyo_review.errors import WrongUsage, quoted
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import now
from shakyo_review.storage import people as people_rows


def owners_known(book: ReviewBook) -> tuple[str, ...]:
    """Return who answers for items in any edition of the plan, the newest first; as people are told of them."""
    labels = (
        owner.label
        for edition in reversed(book.editions.all)
        for item in edition.plan.items.values()
        for owner in item.owners
    )
    return tuple(dict.fromkeys(labels))


def find_owners(book: ReviewBook, typed: Sequence[str]) -> tuple[str, ...]:
    """Return committees as the plan spells them; ``WrongUsage`` lists those there are for an unknown one."""
    known = {folded(label): label for label in owners_known(book)}
    found = []
    for one in typed:
        label = known.get(folded(one))
        if label is None:
            raise WrongUsage(
                f"担当{quoted(one)}は計画にありません。",
                f"計画の担当: {'、'.join(known.values()) or 'ありません'}。",
            )
        found.append(label)
    return tuple(dict.fromkeys(found))


def unknown_owners(book: ReviewBook, person: Person) -> tuple[str, ...]:
    """Return the committees of a person that no edition of the plan names (any more)."""
    known = set(map(folded, owners_known(book)))
    return tuple(owner for owner in person.owners if folded(owner) not in known)


def follow_owners(book: ReviewBook, gone: Mapping[str, str], reason: str) -> tuple[str, ...]:
    """Give those who work for a committee its new name too, inside the transaction of a revision.

    ``gone`` are names the plan has no more, each with its new name ('': it has none). The old name
    stays theirs: the plan of earlier years has it. Returns a sentence for each name that concerns somebody.
    """
    told = []
    for old, new in gone.items():
        people = people_rows.read_people(book.file.db)
        held = [one for one in people if folded(old) in map(folded, one.owners)]
        names = "・".join(f"{one.name}さん" for one in held)
        if held and new:
            told.append(f"担当「{old}」が「{new}」に変わるため、{names}の担当に「{new}」を加えます")
        elif held:
            told.append(
                f"担当「{old}」は計画からなくなります（{names}の担当です。確かめてください）"
            )
        for person in held if new else ():
            if folded(new) not in map(folded, person.owners):
                data = people_rows.as_json(replace(person, owners=(*person.owners, new)))
                why = f"担当の名前が変わった（{reason}）"
                people_rows.put_person(book.file.db, person.name, data, book.who, now(), why)
    return tuple(told)
