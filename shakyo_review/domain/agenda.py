"""What a meeting has to talk about: items on which opinions differ, or that missed the line. And why."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shakyo_review.domain.evaluation import ItemEvaluation, takes
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.process import When
from shakyo_review.domain.scale import Scale, lowest_levels


class Topic(StrEnum):
    """Why an item is to be talked about."""

    SENT_BACK = "sent_back"
    MEMBERS = "members"
    STAGES = "stages"
    COMPUTED = "computed"
    MISSED = "missed"


TOPIC_LABELS = {
    Topic.SENT_BACK: "差し戻し中",
    Topic.MEMBERS: "委員の意見が違う",
    Topic.STAGES: "段階で評価が違う",
    Topic.COMPUTED: "計算と評価が違う",
    Topic.MISSED: "判定が低い",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One reason, with what it is seen by: 段階で評価が違う（自己評価 B・内部評価 C）."""

    topic: Topic
    detail: str

    @property
    def text(self) -> str:
        """The reason in one phrase."""
        return f"{TOPIC_LABELS[self.topic]}（{self.detail}）"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An item (or an indicator that people rated), why it is there, and whether it is settled.

    Settled is what has the letter of the last stage of the year, and nothing sent back.
    """

    seen: ItemEvaluation
    points: tuple[Point, ...]
    settled: bool

    @property
    def code(self) -> str:
        """The code of the item."""
        return self.seen.code


def agenda_of(score: YearScore, evaluations: Mapping[str, ItemEvaluation]) -> list[AgendaItem]:
    """Return what has to be talked about, in print order, what is settled last."""
    plan = score.plan
    found = [
        AgendaItem(seen, points, _settled(plan, seen))
        for code in print_order(plan)
        if (seen := evaluations.get(code)) is not None and (points := points_of(score, seen))
    ]
    return sorted(found, key=lambda one: one.settled)


def points_of(score: YearScore, seen: ItemEvaluation) -> tuple[Point, ...]:
    """Return why an item has to be talked about; nothing where it has not.

    The line is the one of the report's exceptions: the lower half of the scale. It is looked for
    where figures are kept and where people rated, not in the goals above them.
    """
    points = [*_differences(seen)]
    if missed := _missed(score, seen):
        points.append(Point(Topic.MISSED, missed))
    return tuple(points)


def print_order(plan: Plan) -> list[str]:
    """Return the codes of items and their indicators as they are printed."""
    codes: list[str] = []
    for code, item in plan.items.items():
        codes += [code, *(indicator.code for indicator in item.node.indicators)]
    return codes


def _differences(seen: ItemEvaluation) -> list[Point]:
    points = []
    of_year = [result for result in seen.stages if result.stage.when is When.YEAR]
    back = [s for s in of_year if s.letter is not None and s.letter.waiting]
    if back:
        detail = "・".join(f"{s.stage.name} {s.letter.rating}" for s in back if s.letter)
        points.append(Point(Topic.SENT_BACK, detail))
    for result in of_year:
        if result.proposal is not None and result.proposal.disputed:
            counts = "・".join(f"{x} {n}人" for x, n in result.proposal.counts.items())
            points.append(Point(Topic.MEMBERS, f"{result.stage.name} {counts}"))
    given = [(s.stage.name, s.label) for s in of_year if s.label is not None]
    if len({label for _, label in given}) > 1:
        detail = "・".join(f"{name} {label}" for name, label in given)
        points.append(Point(Topic.STAGES, detail))
    if given and seen.computed is not None and given[-1][1] != seen.computed:
        name, label = given[-1]
        points.append(Point(Topic.COMPUTED, f"計算 {seen.computed}・{name} {label}"))
    return points


def _missed(score: YearScore, seen: ItemEvaluation) -> str:
    """Return what lies below the line: the official letter, else the figures; '' where nothing does."""
    plan, code = score.plan, seen.code
    item = plan.items.get(code)
    if item is None:
        own = score.indicators[code]
        return _below(own.scale, seen.official_label or own.rating)
    parts = []
    if below := _below(plan.scale, seen.official_label):
        parts.append(f"評価 {below}")
    elif item.node.indicators and (below := _below(plan.scale, seen.computed)):
        parts.append(f"計算 {below}")
    for indicator in item.node.indicators:
        one = score.indicators[indicator.code]
        if one.level in lowest_levels(one.scale):
            parts.append(f"{indicator.name} {one.rating}")
    return "・".join(parts)


def _below(scale: Scale, label: str | None) -> str:
    level = scale.level(label or "")
    return label or "" if level is not None and level in lowest_levels(scale) else ""


def _settled(plan: Plan, seen: ItemEvaluation) -> bool:
    item = plan.items[plan.action_of.get(seen.code, seen.code)]
    due = [s for s in seen.stages if s.stage.when is When.YEAR and takes(plan, s.stage, item)]
    back = any(s.letter is not None and s.letter.waiting for s in due)
    return bool(due) and due[-1].label is not None and not back
