"""Who answers for which indicator, and how much of it is in."""

from collections.abc import Collection
from dataclasses import dataclass

from shakyo_review.domain.base import Model
from shakyo_review.domain.plan import Plan

NO_OWNER = "担当未定"
"""Stands for the indicators nobody answers for."""


def owners_in(plan: Plan) -> list[str]:
    """Return who answers for indicators, in print order; ``NO_OWNER`` last where some have nobody."""
    names: dict[str, None] = {}
    nobody = False
    for code in plan.indicators:
        owners = plan.owners_of(code)
        nobody = nobody or not owners
        names.update(dict.fromkeys(owner.label for owner in owners))
    return [*names, *([NO_OWNER] if nobody else [])]


def owned_by(plan: Plan, indicator: str, owners: Collection[str]) -> bool:
    """Tell whether an indicator belongs to one of some owners (none named: to everybody)."""
    if not owners:
        return True
    found = plan.owners_of(indicator)
    return any(one.label in owners for one in found) if found else NO_OWNER in owners


class Submission(Model):
    """What an owner has said with 提出: by whom, when (ISO, UTC), how many blanks were left and why.

    ``number`` counts the submissions, so that one more is told from the one before it.
    """

    by: str
    at: str
    number: int = 1
    blanks: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How far an owner has come in a year.

    ``blanks`` are the codes of the indicators that are not in; ``changed`` counts the indicators
    whose figures have changed since the submission.
    """

    owner: str
    total: int
    blanks: tuple[str, ...] = ()
    submission: Submission | None = None
    changed: int = 0

    @property
    def entered(self) -> int:
        """How many indicators are in."""
        return self.total - len(self.blanks)

    @property
    def submitted_text(self) -> str:
        """How the submission stands, in a word or two; 未提出 where there is none."""
        if self.submission is None:
            return "未提出"
        return f"提出後に{self.changed}件変更" if self.changed else "提出済み"
