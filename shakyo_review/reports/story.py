"""What people said and decided about a year, as plain data: gathered by a service, printed here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.evaluation import ItemEvaluation, Meeting, Opinion, Recusal
from shakyo_review.domain.improvement import Direction, Promise
from shakyo_review.domain.revision import Revision
from shakyo_review.domain.value import Reading


@dataclass(frozen=True, slots=True)
class Standing:
    """The seal of a year: its day (ISO), its number, the errata after it, the day of publication.

    ``number`` 0 says that the year is not sealed. ``day`` is empty where the book does not tell it.
    """

    day: str = ""
    number: int = 0
    errata: int = 0
    published: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure corrected after its year was sealed (正誤), named as the plan of that year has it."""

    year: int
    number: int
    code: str
    name: str
    kind: Kind
    branch: str
    period: str
    old: Reading
    new: Reading
    unit: str
    decimals: int
    reason: str
    date: str


@dataclass(frozen=True, slots=True)
class Said:
    """An opinion with its number in the year and the item it is about (ALL: the whole plan)."""

    number: int
    code: str
    opinion: Opinion


@dataclass(frozen=True, slots=True)
class Story:
    """Everything people said and decided about the year of a report.

    ``evaluations`` are by the codes of the year's plan, ``before`` the official letters of the year
    it is compared with under the same codes, ``officials`` those of all years; ``revisions`` and ``corrections`` are those of all
    years shown.
    """

    standing: Standing = Standing()
    evaluations: Mapping[str, ItemEvaluation] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    officials: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    meetings: Mapping[str, tuple[Meeting, ...]] = field(default_factory=dict)
    recusals: Mapping[tuple[str, str], Mapping[str, Recusal]] = field(default_factory=dict)
    opinions: tuple[Said, ...] = ()
    directions: Mapping[str, Direction] = field(default_factory=dict)
    asked: tuple[Promise, ...] = ()
    made: tuple[Promise, ...] = ()
    revisions: tuple[Revision, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def returned(self) -> bool:
        """Whether a letter was ever sent back."""
        results = (result for seen in self.evaluations.values() for result in seen.stages)
        return any(result.letter is not None and result.letter.returned for result in results)
