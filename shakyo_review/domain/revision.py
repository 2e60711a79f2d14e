"""Revisions of the plan as they are kept: what kind of change, of what, decided where and why."""

from dataclasses import dataclass
from enum import StrEnum

from shakyo_review.domain.base import Model


class ChangeKind(StrEnum):
    """What a revision does to an item, an indicator or the plan."""

    ADDED = "added"
    STOPPED = "stopped"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"
    RENAMED = "renamed"
    RENUMBERED = "renumbered"
    TARGET = "target"
    DEFINITION = "definition"
    OWNERS = "owners"
    RULES = "rules"
    OTHER = "other"


CHANGE_LABELS = {
    ChangeKind.ADDED: "新規",
    ChangeKind.STOPPED: "休止",
    ChangeKind.MERGED: "統合",
    ChangeKind.SPLIT: "分割",
    ChangeKind.MOVED: "移動",
    ChangeKind.RENAMED: "改称",
    ChangeKind.RENUMBERED: "番号変更",
    ChangeKind.TARGET: "目標変更",
    ChangeKind.DEFINITION: "定義変更",
    ChangeKind.OWNERS: "担当変更",
    ChangeKind.RULES: "規則・基準",
    ChangeKind.OTHER: "その他",
}


class PlanChange(Model):
    """One difference: what kind, of what (the code now, else the last one), and a sentence.

    ``year`` is the fiscal year whose target is changed, where it is the target of one year.
    """

    kind: ChangeKind
    code: str
    name: str
    text: str
    year: int | None = None


class Revision(Model):
    """A revision as it was decided: from what fiscal year it counts, where, when and why.

    ``corrects`` marks the correction of a slip, which counts from the beginning of its edition.
    """

    number: int
    effective_year: int
    reason: str
    meeting: str = ""
    date: str
    by: str
    changes: tuple[PlanChange, ...] = ()
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class LetterChange:
    """A letter that a change of the plan makes another one, in a year that is not sealed."""

    year: int
    code: str
    name: str
    before: str | None
    after: str | None
