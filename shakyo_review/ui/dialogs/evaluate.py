"""Giving the letter of a stage, or of one of its members."""

from collections.abc import Mapping, Sequence

from textual.widgets import Static

from shakyo_review.domain.evaluation import ItemEvaluation, Proposal, StageResult, takes
from shakyo_review.domain.person import Role, folded
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.process import JOIN_LABELS, Stage
from shakyo_review.domain.scale import level_condition
from shakyo_review.errors import ValueProblem
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.evaluating import evaluate
from shakyo_review.services.reviewing import evaluation, rating_version
from shakyo_review.ui.dialogs.form import REASON, Form, Line, Lines, Pick
from shakyo_review.ui.goal_tree import score_text
from shakyo_review.ui.marks import fit, letter
from shakyo_review.ui.widgets.prose import Para, Prose

COMPUTED = "計算による判定"
JOINED = "="
"""The choice that takes what the members' ratings come to."""


def item_name(plan: Plan, code: str) -> str:
    """Return how an item or indicator is called; its code where this plan has none such."""
    if code in plan.indicators:
        return plan.indicators[code].name
    if code in plan.items:
        return plan.items[code].name
    return plan.title if code == WHOLE_PLAN else code


def stages_for(plan: Plan, code: str) -> list[Stage]:
    """Return the stages at which an item may be rated."""
    item = plan.items[plan.action_of.get(code, code)]
    return [stage for stage in plan.evaluation.stages if takes(plan, stage, item)]


def letters_of(plan: Plan) -> list[tuple[str, str]]:
    """Return every label of the scale with what it means."""
    found, previous = [], None
    for level in plan.scale.levels:
        meaning = level.definition or level_condition(level, previous)
        found.append((level.label, f"{letter(level.label)}　{meaning}"))
        previous = level
    found += [
        (off.label, f"{letter(off.label)}　{off.definition or '段階に入らない評価'}")
        for off in plan.scale.off_scale
    ]
    return found


def counts_text(proposal: Proposal) -> str:
    """Return what the members have said, in one phrase: B 2人・C 1人, then why that is no letter."""
    counts = "・".join(f"{letter(label)} {count}人" for label, count in proposal.counts.items())
    parts = [counts or "数えられる評価なし"]
    if proposal.problem:
        parts.append(proposal.problem)
    if proposal.left_out:
        parts.append(
            "、".join(
                f"{member}は{why}のため数えません" for member, why in proposal.left_out.items()
            )
        )
    return "。".join(parts)


def member_acting(book: ReviewBook) -> str:
    """Return the name under which alone the person acting may speak; '' for the 事務局 and for all."""
    person = book.person
    return "" if person is None or person.role is Role.SECRETARIAT else person.name


class EvaluateDialog(Form):
    """Stage, letter, comment and reason; the first stage without a letter is chosen already."""

    def __init__(
        self, book: ReviewBook, code: str, year: int, stages: Sequence[Stage] | None = None
    ) -> None:
        self.book, self.code, self.year = book, code, year
        self.plan = book.plan_of(year)
        self.stages = list(stages or stages_for(self.plan, code))
        self.seen: ItemEvaluation = evaluation(book, code, year)
        self.versions = {s.code: rating_version(book, code, year, s.code) for s in self.stages}
        open_ones = [i for i, s in enumerate(self.stages) if self._result(s.code).label is None]
        first = open_ones[0] if open_ones else max(len(self.stages) - 1, 0)
        named = [(stage.code, self._stage_text(stage)) for stage in self.stages]
        super().__init__(
            f"評価を付ける　{item_name(self.plan, code)}",
            [
                Pick("stage", "段階", named, first, height=3),
                Pick("rating", "評価", [], height=6),
                Lines("comment", "所見", hint="評価の根拠や、気付いたこと", height=3),
                Line(REASON, "理由", hint="計算や前の段階と違う評価にするときに書きます"),
            ],
            self._give,
        )
        self.before = {"comment": "", REASON: ""}

    def _result(self, stage: str) -> StageResult:
        return next(one for one in self.seen.stages if one.stage.code == stage)

    def _stage_text(self, stage: Stage) -> str:
        given = self._result(stage.code).letter
        if given is None:
            return f"{stage.name}　まだ"
        word = "差し戻し中" if given.waiting else f"{given.date} {given.by}"
        return f"{stage.name}　{letter(given.rating)}（{word}）"

    def chosen(self, name: str, value: str) -> None:
        """Offer what fits the stage."""
        if name == "stage":
            self._show_stage(value)

    def _show_stage(self, code: str) -> None:
        result = self._result(code)
        earlier, whose = self.seen.before(result.stage)
        about = [self._computed_text()]
        if whose != COMPUTED:
            about[0] += f"　{whose} {letter(earlier)}"
        choices = letters_of(self.plan)
        chosen = earlier
        if (proposal := result.proposal) is not None:
            about.append(f"委員の評価: {counts_text(proposal)}")
            if proposal.label is not None:
                how = JOIN_LABELS[result.stage.join]
                choices.insert(0, (JOINED, f"委員の評価のまとめ {letter(proposal.label)}（{how}）"))
                chosen = JOINED
        given = result.letter
        if given is not None:
            chosen = given.rating
            if given.waiting:
                about.append(f"差し戻しの理由: {given.returned[-1].reason}")
        labels = [value for value, _ in choices]
        self.refill("rating", choices, labels.index(chosen) if chosen in labels else 0)
        self.prefill("comment", "" if given is None else given.comment)
        self.prefill(REASON, "" if given is None else given.reason)
        self.query_one("#about", Static).update(Prose(tuple(Para(fit(text)) for text in about)))

    def overtaken(self, version: int) -> None:
        """Take note of the letter somebody else has given at this stage."""
        self.versions[self.value("stage")] = version

    def _computed_text(self) -> str:
        score, code = self.book.score(self.year), self.code
        if code in score.indicators:
            rate = score.indicators[code].display
        else:
            rate = score_text(self.plan, score.nodes[code])
        return f"{COMPUTED} {letter(self.seen.computed)}（{rate}）"

    def _give(self, values: Mapping[str, str]) -> None:
        stage = values["stage"]
        evaluate(
            self.book,
            self.code,
            self.year,
            stage,
            None if values["rating"] == JOINED else values["rating"],
            comment=values["comment"],
            reason=values[REASON],
            expected_version=self.versions.get(stage),
        )


class MemberDialog(Form):
    """What one member of a stage says; names are chosen where the plan has them, else typed."""

    def __init__(
        self, book: ReviewBook, code: str, year: int, stage: Stage, under: str = ""
    ) -> None:
        self.book, self.code, self.year, self.stage = book, code, year, stage
        plan = book.plan_of(year)
        seen = evaluation(book, code, year)
        result = next(one for one in seen.stages if one.stage.code == stage.code)
        self.given = dict(result.members)
        known = dict.fromkeys((*stage.members, *self.given))
        self.versions = {m: rating_version(book, code, year, stage.code, m) for m in known}
        self.labels = letters_of(plan)
        about = [f"{stage.name}（委員の評価のまとめ方: {JOIN_LABELS[stage.join]}）"]
        if result.proposal is not None:
            about.append(counts_text(result.proposal))
        about += [f"除斥: {member}（{told.reason}）" for member, told in result.recused.items()]
        members = [m for m in stage.members if not under or folded(m) == folded(under)]
        if under and not members:
            members = [under]
        names = [(member, self._member_text(member)) for member in members]
        waiting = [i for i, m in enumerate(members) if m not in {*self.given, *result.recused}]
        super().__init__(
            f"委員の評価　{item_name(plan, code)}",
            [
                Pick("member", "委員", names, waiting[0] if waiting else 0, height=5)
                if names
                else Line("member", "委員", hint="委員の名前"),
                Pick("rating", "評価", self.labels, height=6),
                Lines("comment", "所見", hint="委員の言葉", height=3),
            ],
            self._give,
            about=about,
        )

    def _member_text(self, member: str) -> str:
        given = self.given.get(member)
        return f"{member}　{'まだ' if given is None else letter(given.rating)}"

    def chosen(self, name: str, value: str) -> None:
        """Show what the member has said so far."""
        if name != "member":
            return
        given = self.given.get(value)
        self.prefill("comment", "" if given is None else given.comment)
        if given is not None:
            places = [label for label, _ in self.labels]
            if given.rating in places:
                self.picked("rating").highlighted = places.index(given.rating)

    def overtaken(self, version: int) -> None:
        """Take note of the letter somebody else has noted for this member."""
        self.versions[self.value("member").strip()] = version

    def _version(self, member: str) -> int:
        """Return the version that was seen of a member's letter, in whatever spelling of the name."""
        same = (v for m, v in self.versions.items() if folded(m) == folded(member))
        return self.versions.get(member, next(same, 0))

    def _give(self, values: Mapping[str, str]) -> None:
        member = values["member"].strip()
        if not member:
            raise ValueProblem(
                "委員の名前が空です。", "委員の名前を書いてください。", what="member"
            )
        evaluate(
            self.book,
            self.code,
            self.year,
            self.stage.code,
            values["rating"],
            member=member,
            comment=values["comment"],
            expected_version=self._version(member),
        )
