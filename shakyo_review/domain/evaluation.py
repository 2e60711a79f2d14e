"""Letters that people give: stages side by side, members joined, the official letter (scoring.md §6).

Every stage keeps its own letter, comment, person and date beside the computed letter; none overwrites
another. The official letter is that of the last stage of the year that has one in force.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from shakyo_review.domain.base import Model
from shakyo_review.domain.joining import points_of
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.domain.process import Join, Stage, When
from shakyo_review.domain.scale import Scale


class Returned(Model):
    """A letter that was sent back (差し戻し): which, from what stage, by whom, when and why."""

    rating: str
    stage: str
    by: str
    date: str
    reason: str


class Rating(Model):
    """A letter as given: by whom, on what day (ISO), with what comment; why it departs, if it does.

    ``waiting`` is set while it is sent back and not given anew; it is no letter in force then.
    """

    rating: str
    comment: str = ""
    reason: str = ""
    by: str
    date: str
    returned: tuple[Returned, ...] = ()
    waiting: bool = False


class Meeting(Model):
    """A sitting of the members of a stage: its day, title, who was there and who was not."""

    date: str
    title: str = ""
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


class Recusal(Model):
    """A member who takes no part in rating an item, and why (除斥)."""

    reason: str
    by: str = ""
    date: str = ""


class Opinion(Model):
    """An opinion of the council about an item or the whole plan, and the answer to it."""

    text: str
    member: str = ""
    date: str
    by: str
    answer: str = ""
    answered_by: str = ""
    answered_on: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the ratings of several members come to: a label, or why there is none.

    ``counts`` are the labels of those who count; ``left_out`` tells who does not, and why.
    """

    label: str | None = None
    problem: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def disputed(self) -> bool:
        """Whether the members do not all say the same."""
        return len(self.counts) > 1


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage of one item: its own letter, its members' ratings and what they come to."""

    stage: Stage
    due: bool
    letter: Rating | None
    members: Mapping[str, Rating]
    recused: Mapping[str, Recusal]
    proposal: Proposal | None

    @property
    def label(self) -> str | None:
        """The letter in force; None while there is none, or while it is sent back."""
        return None if self.letter is None or self.letter.waiting else self.letter.rating


@dataclass(frozen=True, slots=True)
class ItemEvaluation:
    """All stages of one item beside the computed letter."""

    code: str
    computed: str | None
    stages: tuple[StageResult, ...]

    @property
    def official(self) -> StageResult | None:
        """The last stage of the year whose letter is in force."""
        made = [s for s in self.stages if s.stage.when is When.YEAR and s.label is not None]
        return made[-1] if made else None

    @property
    def official_label(self) -> str | None:
        """The official letter, None where nobody has judged."""
        return None if self.official is None else self.official.label

    def before(self, stage: Stage) -> tuple[str | None, str]:
        """Return the letter a stage starts from (the last earlier one, else the computed) and its name."""
        earlier: tuple[str | None, str] = (self.computed, "計算による判定")
        for result in self.stages:
            if result.stage.code == stage.code:
                break
            if result.stage.when is stage.when and result.label is not None:
                earlier = (result.label, result.stage.name)
        return earlier

    @property
    def differs(self) -> bool:
        """Whether the stages (and the computed letter) do not all say the same."""
        labels = {s.label for s in self.stages if s.stage.when is When.YEAR and s.label is not None}
        if self.computed is not None and labels:
            labels.add(self.computed)
        return len(labels) > 1

    def stage(self, code: str) -> StageResult | None:
        """Return a stage's result."""
        return next((s for s in self.stages if s.stage.code == code), None)


def last_given(plan: Plan, letters: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Return of each item the letter of the last stage of the year, of letters by (item, stage)."""
    last: dict[str, str] = {}
    for stage in plan.evaluation.of_year:
        last |= {code: label for (code, kind), label in letters.items() if kind == stage.code}
    return last


def scale_for(plan: Plan, code: str) -> Scale:
    """Return the scale an item or indicator is judged on."""
    indicator = plan.indicators.get(code)
    return plan.scale if indicator is None else plan.scale_of(indicator)


def goes_to(plan: Plan, stage: Stage, item: Item) -> bool:
    """Whether an item is among those chosen for a stage: by code, flag or level."""
    return (
        item.code in stage.items
        or bool(set(item.node.flags) & set(stage.flags))
        or item.level in stage.levels
    ) and item.node.repeats is None


def takes(plan: Plan, stage: Stage, item: Item) -> bool:
    """Whether an item may be rated at a stage: all where the plan chooses none for it."""
    return not stage.chosen or goes_to(plan, stage, item)


def join(
    stage: Stage,
    scale: Scale,
    ratings: Mapping[str, Rating],
    *,
    recused: Iterable[str] = (),
    absent: Iterable[str] = (),
) -> Proposal:
    """Join the ratings of members by the rule of the stage (field notes §1.6).

    Recused members never count; absent ones may send a rating in, but those present decide.
    A tie is no letter: it is told, and settled by judgement.
    """
    left_out = {m: "除斥" for m in recused if m in ratings}
    left_out |= {m: "欠席" for m in absent if m in ratings and m not in left_out}
    labels = [r.rating for member, r in ratings.items() if member not in left_out]
    order = [*scale.labels, *(off.label for off in scale.off_scale)]
    counts = {label: labels.count(label) for label in order if label in labels}
    if not labels:
        return Proposal(None, "数えられる評価がない", counts, left_out)
    if stage.join is Join.MODE:
        most = max(counts.values())
        winners = [label for label, count in counts.items() if count == most]
        if len(winners) == 1:
            return Proposal(winners[0], "", counts, left_out)
        tie = f"最も多い評価が並んでいます（{'・'.join(winners)} 各{most}件）"
        return Proposal(None, tie, counts, left_out)
    if stage.join is Join.MEAN:
        return _mean(scale, labels, counts, left_out)
    if len(counts) == 1:
        return Proposal(labels[0], "", counts, left_out)
    return Proposal(None, "話し合いで決めます", counts, left_out)


def _mean(
    scale: Scale, labels: Sequence[str], counts: Mapping[str, int], left_out: Mapping[str, str]
) -> Proposal:
    """Propose the rank whose points lie nearest to the mean; in the middle, the better one."""
    points = [points_of(level) for label in labels if (level := scale.level(label)) is not None]
    known = [p for p in points if p is not None]
    if len(known) < len(points) or not known:
        return Proposal(None, "得点のない段があり、平均できません", counts, left_out)
    mean = sum(known, Fraction(0)) / len(known)
    nearest = min(
        (abs(p - mean), rank, level.label)
        for rank, level in enumerate(scale.levels)
        if (p := points_of(level)) is not None
    )
    return Proposal(nearest[2], "", counts, left_out)


Ratings = Mapping[tuple[str, str], Mapping[str, Rating]]
"""By (item, stage): the ratings by member; '' is the stage's own letter."""
Recusals = Mapping[tuple[str, str], Mapping[str, Recusal]]
"""By (item, stage): who takes no part, for the item and what lies under it."""


def evaluate_item(
    plan: Plan,
    code: str,
    computed: str | None,
    ratings: Ratings,
    recusals: Recusals,
    meetings: Mapping[str, Sequence[Meeting]],
) -> ItemEvaluation:
    """Set the stages of an item side by side."""
    item = plan.items.get(code) or plan.items[plan.action_of[code]]
    scale = scale_for(plan, code)
    results = []
    for stage in plan.evaluation.stages:
        given = ratings.get((code, stage.code), {})
        members = {member: rating for member, rating in given.items() if member}
        recused = recused_from(plan, item.code, stage.code, recusals)
        if item.code != code:
            recused |= recusals.get((code, stage.code), {})
        absent = meetings[stage.code][-1].absent if meetings.get(stage.code) else ()
        proposal = None
        if members:
            proposal = join(stage, scale, members, recused=recused, absent=absent)
        due = item.code == code and goes_to(plan, stage, item)
        results.append(StageResult(stage, due, given.get(""), members, recused, proposal))
    return ItemEvaluation(code, computed, tuple(results))


def recused_from(plan: Plan, code: str, stage: str, recusals: Recusals) -> dict[str, Recusal]:
    """Return who is recused from an item: by itself, or by anything above it."""
    found: dict[str, Recusal] = {}
    for item in plan.path_of(code):
        found |= recusals.get((item.code, stage), {})
    return found


def quorum_problem(stage: Stage, meetings: Sequence[Meeting]) -> str:
    """Return why the members present cannot decide, '' where they can (or no quorum is stated)."""
    if stage.quorum is None:
        return ""
    if not meetings:
        return f"{stage.name}の出席が記録されていないため、定足数を確かめられません"
    last = meetings[-1]
    present, seats = attendance(stage, last)
    if seats and Fraction(100 * present, seats) >= Fraction(stage.quorum):
        return ""
    return f"{last.date}の出席は{seats}人中{present}人で、定足数（{stage.quorum.normalize():f}%）に足りません"


def attendance(stage: Stage, meeting: Meeting) -> tuple[int, int]:
    """Return how many members were there, of how many: the members of the stage, else those named."""
    seats = len(stage.members) or len({*meeting.present, *meeting.absent})
    return len([m for m in meeting.present if not stage.members or m in stage.members]), seats
