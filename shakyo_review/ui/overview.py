"""How far the entry of a year has come: what the first screen tells. Pure; the book is read elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shakyo_review.domain.cell import CellTable
from shakyo_review.domain.checks import Finding, FindingKind
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.plan import Plan
from shakyo_review.ui.history_text import name_of, place_text, what_text

if TYPE_CHECKING:
    from shakyo_review.storage.history import Change

NOT_IN = frozenset({FindingKind.MISSING_ACTUAL, FindingKind.MISSING_PART})
"""What keeps an indicator from counting as entered."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A year at a glance."""

    total: int
    entered: int
    blank: list[Finding]
    odd: list[Finding]
    unrated: list[Finding]
    example: bool


def overview(
    score: YearScore, cells: CellTable, before: YearScore | None, findings: list[Finding]
) -> Overview:
    """Return a year at a glance; ``before`` is the year before it."""
    total = len(score.plan.indicators)
    blank = [finding for finding in findings if finding.kind in NOT_IN]
    return Overview(
        total=total,
        entered=total - len({finding.indicator for finding in blank}),
        blank=blank,
        odd=[finding for finding in findings if finding.open],
        unrated=[finding for finding in findings if not finding.odd and finding.kind not in NOT_IN],
        example=_holds_example(score, cells)
        or (before is not None and _holds_example(before, None)),
    )


def _holds_example(score: YearScore, cells: CellTable | None) -> bool:
    if any(s.example for s in score.indicators.values()):
        return True
    return cells is not None and any(cell.example for cell in cells.cells.values())


def change_text(plan: Plan, change: Change) -> str:
    """Return what a row of the history is about, in one sentence."""
    if change.entity == "book":
        return change.reason or "台帳を作成"
    place = place_text(plan, change)
    if name := name_of(plan, change.code):
        place = f"「{name}」{place.removeprefix(change.code).strip()}"
    told = f"{place}: {what_text(change, plan)}"
    return (
        f"{told}（理由: {change.reason}）" if change.reason and change.reason not in told else told
    )
