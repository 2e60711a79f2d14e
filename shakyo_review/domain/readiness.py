"""Whether a year can be sealed: what blocks it, what only warns, and whose it is."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from shakyo_review.domain.checks import Finding, FindingKind, committee_of
from shakyo_review.domain.evaluation import ItemEvaluation, Opinion
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.improvement import Promise
from shakyo_review.domain.plan import WHOLE_PLAN, Item, Plan
from shakyo_review.domain.process import When
from shakyo_review.domain.value import State


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not done: whether it blocks, where, whose it is, and a sentence."""

    blocks: bool
    code: str
    name: str
    committee: str
    text: str


@dataclass(frozen=True, slots=True)
class Situation:
    """All that readiness looks at in a year.

    ``stale`` are items whose figures changed after they were evaluated; ``before_open`` tells that
    the year before has results and is not sealed; ``unsubmitted`` are owners still to submit.
    """

    score: YearScore
    findings: Sequence[Finding]
    evaluations: Sequence[ItemEvaluation]
    promises: Sequence[Promise]
    opinions: Sequence[tuple[str, Opinion]]
    stale: Collection[str] = ()
    before_open: bool = False
    unsubmitted: Sequence[str] = ()


def readiness(seen: Situation) -> list[Gap]:
    """Return what is not done in a year, what blocks first, each group in print order."""
    gaps = [
        *_of_findings(seen),
        *_of_values(seen),
        *_of_evaluations(seen),
        *_of_promises(seen),
        *_of_opinions(seen),
        *_of_year(seen),
    ]
    return sorted(gaps, key=lambda gap: not gap.blocks)


def owners_text(item: Item) -> str:
    """Return who answers for an item, in one phrase."""
    return "・".join(owner.label for owner in item.owners) or "担当未定"


_MISSING = (FindingKind.MISSING_ACTUAL, FindingKind.MISSING_PART)


def _of_findings(seen: Situation) -> Iterator[Gap]:
    for finding in seen.findings:
        state = seen.score.indicators[finding.indicator].actual.reading.state
        blocks = finding.kind in _MISSING and state in (State.NOT_ENTERED, State.BEING_COUNTED)
        text = finding.text
        if finding.odd:
            if not finding.open:
                continue
            blocks, text = True, f"{text}（直すか、理由を付けて確認済みにしてください）"
        yield Gap(blocks, finding.indicator, finding.name, finding.committee, text)


def _of_values(seen: Situation) -> Iterator[Gap]:
    plan = seen.score.plan
    for code, score in seen.score.indicators.items():
        committee = committee_of(plan, code)
        if score.actual.reading.forecast:
            yield Gap(False, code, score.indicator.name, committee, "実績が見込みの値のままです")
        if score.example:
            yield Gap(False, code, score.indicator.name, committee, "例示の値が含まれています")


def _of_evaluations(seen: Situation) -> Iterator[Gap]:
    plan = seen.score.plan
    for evaluation in seen.evaluations:
        code = evaluation.code
        item = _item(plan, code)
        name = plan.indicators[code].name if code in plan.indicators else item.name
        who = owners_text(item)
        for result in evaluation.stages:
            stage = result.stage
            if stage.when is not When.YEAR:
                continue
            if result.letter is not None and result.letter.waiting:
                why = result.letter.returned[-1].reason
                yield Gap(True, code, name, who, f"{stage.name}が差し戻されたままです（{why}）")
            elif result.due and result.letter is None and not result.members:
                yield Gap(True, code, name, who, f"{stage.name}がまだです")
            elif result.members and result.label is None and result.proposal is not None:
                why = (
                    result.proposal.problem or f"委員の評価をまとめると「{result.proposal.label}」"
                )
                yield Gap(True, code, name, who, f"{stage.name}が決まっていません（{why}）")
        if code in seen.stale:
            yield Gap(False, code, name, who, "評価のあとで値が変わっています")


def _item(plan: Plan, code: str) -> Item:
    return plan.items[plan.action_of.get(code, code)]


def _of_promises(seen: Situation) -> Iterator[Gap]:
    plan, year = seen.score.plan, seen.score.year
    for promise in seen.promises:
        if not promise.asked_in(year) or promise.answer_in(year) is not None:
            continue
        item = plan.items.get(promise.code)
        due = promise.is_due(year)
        word = f"{short_year(promise.improvement.due)}まで"
        text = f"改善項目{promise.number}「{promise.improvement.text}」（{word}）の結果が未記入です"
        name = promise.code if item is None else item.name
        yield Gap(due, promise.code, name, promise.improvement.owner, text)


def _of_opinions(seen: Situation) -> Iterator[Gap]:
    plan = seen.score.plan
    for code, opinion in seen.opinions:
        if not opinion.answer:
            item = plan.items.get(code)
            name, who = (plan.title, "事務局") if item is None else (item.name, owners_text(item))
            yield Gap(False, code, name, who, f"意見「{opinion.text[:30]}」への回答がまだです")


def _of_year(seen: Situation) -> Iterator[Gap]:
    plan, year = seen.score.plan, seen.score.year
    if seen.before_open:
        text = f"前の年度（{short_year(year - 1)}）が確定していません"
        yield Gap(False, WHOLE_PLAN, plan.title, "事務局", text)
    for owner in seen.unsubmitted:
        yield Gap(False, WHOLE_PLAN, plan.title, owner, "まだ提出していません")
    if any(node.problem == "重みの合計が0" for node in seen.score.nodes.values()):
        yield Gap(False, WHOLE_PLAN, plan.title, "事務局", "重みの合計が0の項目があります")
