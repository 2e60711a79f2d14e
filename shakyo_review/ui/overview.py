"""How far the entry of a year has come: what the first screen tells. Pure; the book is read elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
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
NOBODY = "担当未定"


@dataclass(slots=True)
class Share:
    """How many of how many indicators are in."""

    name: str
    entered: int = 0
    total: int = 0

    @property
    def left(self) -> int:
        """How many are still to come."""
        return self.total - self.entered

    @property
    def percent(self) -> float | None:
        """The share in %, None where there is nothing to enter."""
        return 100 * self.entered / self.total if self.total else None


@dataclass(slots=True)
class Overview:
    """A year at a glance.

    ``committees`` are those with most to do first; an indicator of several owners counts for each.
    ``odd`` are the values that look wrong and that nobody has confirmed yet.
    """

    whole: Share
    committees: list[Share] = field(default_factory=list)
    shared: bool = False
    blank: list[Finding] = field(default_factory=list)
    odd: list[Finding] = field(default_factory=list)
    unrated: list[Finding] = field(default_factory=list)
    example: bool = False


def overview(
    score: YearScore, cells: CellTable, before: YearScore | None, findings: list[Finding]
) -> Overview:
    """Return a year at a glance; ``before`` is the year before it."""
    plan = score.plan
    blank = [finding for finding in findings if finding.kind in NOT_IN]
    waiting = {finding.indicator for finding in blank}
    seen = Overview(
        whole=Share(plan.title, len(plan.indicators) - len(waiting), len(plan.indicators)),
        blank=blank,
        odd=[finding for finding in findings if finding.open],
        unrated=[finding for finding in findings if not finding.odd and finding.kind not in NOT_IN],
        example=_holds_example(score, cells)
        or (before is not None and _holds_example(before, None)),
    )
    shares: dict[str, Share] = {}
    for code in plan.indicators:
        owners = list(dict.fromkeys(owner.label for owner in plan.owners_of(code))) or [NOBODY]
        seen.shared = seen.shared or len(owners) > 1
        for owner in owners:
            share = shares.setdefault(owner, Share(owner))
            share.total += 1
            share.entered += code not in waiting
    seen.committees = sorted(shares.values(), key=lambda share: -share.left)
    return seen


def _holds_example(score: YearScore, cells: CellTable | None) -> bool:
    if any(s.example for s in score.indicators.values()):
        return True
    return cells is not None and any(cell.example for cell in cells.cells.values())


def local_time(at: str) -> str:
    """Return a time of the history (UTC) as the clock on the wall shows it: 11月20日 14:03."""
    try:
        moment = datetime.fromisoformat(at).astimezone()
    except ValueError:
        return at
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def change_text(plan: Plan, change: Change) -> str:
    """Return what a row of the history is about, in one sentence."""
    if change.entity == "book":
        return change.reason or "台帳を作成"
    place = place_text(plan, change)
    if name := name_of(plan, change.code):
        place = f"「{name}」{place.removeprefix(change.code).strip()}"
    told = f"{place}: {what_text(change)}"
    return (
        f"{told}（理由: {change.reason}）" if change.reason and change.reason not in told else told
    )
