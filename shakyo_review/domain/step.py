"""One line of a derivation, and the figure it tells of."""

from dataclasses import dataclass

from shakyo_review.domain.cell import Kind


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation: what it is about, and the sentence.

    ``code`` names the item or indicator whose figure it tells, ``kind`` which of its figures
    (none: what was computed for it).
    """

    title: str
    text: str
    code: str = ""
    kind: Kind | None = None
