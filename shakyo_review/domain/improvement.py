"""The Act step: directions, promises to improve, and what became of them (product.md, The year)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shakyo_review.domain.base import Model


class Direction(Model):
    """The direction of an item for the next year: a word of the plan's own list, and a sentence."""

    word: str
    note: str = ""
    by: str
    date: str


class Improvement(Model):
    """A promise made with the evaluation of a year: what, who, and by what fiscal year."""

    text: str
    owner: str
    due: int
    by: str
    date: str


class Result(StrEnum):
    """What became of a promise in a year."""

    KEPT = "kept"
    PARTLY = "partly"
    NOT = "not"


RESULT_LABELS = {Result.KEPT: "できた", Result.PARTLY: "一部できた", Result.NOT: "できなかった"}


class Answer(Model):
    """The answer of a year to a promise of an earlier one; ``closed`` ends it though it was not kept."""

    result: Result
    text: str
    by: str
    date: str
    closed: bool = False


class Confirmation(Model):
    """An odd value that a person has confirmed: the sentence that was shown, and why it is right."""

    text: str
    reason: str
    by: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise with its number (such as 2024-3), the item, the year it was made in, and its answers."""

    number: str
    code: str
    year: int
    improvement: Improvement
    answers: Mapping[int, Answer]

    def asked_in(self, year: int) -> bool:
        """Whether the entry form of a year asks for an answer: made before, and not ended before."""
        if year <= self.year:
            return False
        return not any(
            answer.result is Result.KEPT or answer.closed
            for given, answer in self.answers.items()
            if given < year
        )

    def answer_in(self, year: int) -> Answer | None:
        """Return the answer of a year, None where there is none."""
        return self.answers.get(year)

    def is_due(self, year: int) -> bool:
        """Whether the promise should have been kept by the end of a year."""
        return self.improvement.due <= year


@dataclass(frozen=True, slots=True)
class Tally:
    """How many promises a year was asked about, and what became of them."""

    asked: int
    kept: int
    partly: int
    not_kept: int

    @property
    def unanswered(self) -> int:
        """How many have no answer yet."""
        return self.asked - self.kept - self.partly - self.not_kept


def tally(promises: Sequence[Promise], year: int) -> Tally:
    """Count the answers of a year."""
    asked = [promise for promise in promises if promise.asked_in(year)]
    results = [a.result for p in asked if (a := p.answer_in(year)) is not None]
    return Tally(
        len(asked),
        results.count(Result.KEPT),
        results.count(Result.PARTLY),
        results.count(Result.NOT),
    )
