"""What facts of the book say, as objects; what was altered or is newer than this program, in a sentence."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from shakyo_review.domain.base import Model
from shakyo_review.errors import BookProblem, quoted
from shakyo_review.storage.facts import Fact, FactKey

Told = TypeVar("Told", bound=Model)


def told(path: Path, model: type[Told], fact: Fact) -> Told:
    """Return what a fact says; ``BookProblem`` where it says what this program does not know."""
    try:
        return model.model_validate(fact.data)
    except ValidationError:
        raise unknown_fact(path, fact.key) from None


def number_of(path: Path, fact: Fact) -> int:
    """Return the number of a fact that is told by its number in the year (an opinion …)."""
    if not (fact.key.part.isascii() and fact.key.part.isdecimal()):
        raise unknown_fact(path, fact.key)
    return int(fact.key.part)


def unknown_fact(path: Path, key: FactKey) -> BookProblem:
    """Return the sentence for a fact that was altered, or written by a newer program."""
    place = " ".join(filter(None, (key.entity, str(key.year), key.code, key.kind, key.part)))
    return BookProblem(
        f"「{path.name}」の記録{quoted(place, 80)}を読めません。",
        "「verify」で書き換えられていないかを調べるか、社協レビューを新しくしてから開いてください。",
    )
