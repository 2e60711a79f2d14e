"""Names of people in the open data: as they stand, or replaced by 委員1, 委員2 … everywhere alike."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shakyo_review.domain.person import ROLE_LABELS
from shakyo_review.services.book import ReviewBook
from shakyo_review.storage.people import PERSON

_WHO = ("by", "member", "answered_by")
_LISTS = ("present", "absent", "members")
_TAKEN_FROM = re.compile(r"（([^（）、]+)、\d{4}年\d")
"""Whose a change was that a merge took over, as the history tells it."""
_NOBODY = frozenset({"", "社協レビュー", *ROLE_LABELS.values()})
"""Who acts under these is an office or the program: no person's name."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names to be replaced, and by what; empty where names stay."""

    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Whether names are replaced."""
        return bool(self.known)

    def name(self, name: str) -> str:
        """Return what stands for a name."""
        return self.known.get(name, name)

    def text(self, text: str) -> str:
        """Return a text in which every name of two characters or more is replaced."""
        for name in sorted(self.known, key=len, reverse=True):
            if len(name) > 1 and name in text:
                text = text.replace(name, self.known[name])
        return text

    def within(self, told: Any) -> Any:
        """Return facts, or a list of them, with the names in them replaced."""
        if not self.known:
            return told
        if isinstance(told, Mapping):
            return {
                key: self.name(value)
                if key in _WHO and isinstance(value, str)
                else self.within(value)
                for key, value in told.items()
            }
        if isinstance(told, list | tuple):
            return [
                self.known[one] if isinstance(one, str) and one in self.known else self.within(one)
                for one in told
            ]
        return self.text(told) if isinstance(told, str) else told


def names_of(book: ReviewBook) -> Names:
    """Return every name of a person in a book with its replacement, in the order of their appearance."""
    offices = _NOBODY | {
        word
        for edition in book.editions.all
        for item in edition.plan.items.values()
        for owner in item.owners
        for word in (owner.part, owner.name, owner.label)
    }
    found = dict.fromkeys(name for name in _all(book) if name not in offices)
    return Names({name: f"委員{number}" for number, name in enumerate(found, 1)})


def _all(book: ReviewBook) -> Iterator[str]:
    for edition in book.editions.all:
        for stage in edition.plan.evaluation.stages:
            yield from stage.members
    for change in book.history():
        yield change.who
        yield from _TAKEN_FROM.findall(change.reason)
        if change.entity in ("rating", "recusal", PERSON):
            yield change.branch
        for told in (change.old, change.new):
            yield from _in(told)


def _in(told: object) -> Iterator[str]:
    if isinstance(told, Mapping):
        for key, value in told.items():
            if key in _WHO and isinstance(value, str):
                yield value
            elif key in _LISTS and isinstance(value, list):
                yield from (one for one in value if isinstance(one, str))
            else:
                yield from _in(value)
    elif isinstance(told, Iterable) and not isinstance(told, str):
        for one in told:
            yield from _in(one)
