"""Stages side by side, meetings, opinions, promises: what people and scripts read of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shakyo_review.domain.derivation import Step
from shakyo_review.domain.evaluation import (
    ItemEvaluation,
    Meeting,
    Rating,
    StageResult,
    quorum_problem,
    takes,
)
from shakyo_review.domain.goals import original
from shakyo_review.domain.improvement import Direction, Promise, tally
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.process import JOIN_LABELS, Stage
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.reviewing import NumberedOpinion, evaluation, evaluations

Json = dict[str, Any]


def name_of(plan: Plan, code: str) -> str:
    """Return the name of an item or indicator; the plan's title for the whole."""
    if code in plan.indicators:
        return plan.indicators[code].name
    return plan.items[code].name if code in plan.items else plan.title


def known_name(plan: Plan, code: str) -> str | None:
    """Return the name of an item or indicator; None where the plan of the year has it no more."""
    return name_of(plan, code) if code in plan.items or code in plan.indicators else None


# --- stages ---------------------------------------------------------------------------------


def was_sent_back(seen: ItemEvaluation) -> bool:
    """Whether any letter of an item was sent back, given anew since or not."""
    return any(s.letter is not None and s.letter.returned for s in seen.stages)


def is_contested(seen: ItemEvaluation) -> bool:
    """Whether an item needs to be looked at: stages differ, a letter came back, members are undecided."""
    undecided = any(
        s.label is None and s.proposal is not None and s.proposal.label is None for s in seen.stages
    )
    return seen.differs or was_sent_back(seen) or undecided


def stage_rows(
    book: ReviewBook, year: int, stage: Stage | None = None, *, contested: bool = False
) -> list[ItemEvaluation]:
    """Return the items of a year with their stages, those to be looked at first.

    ``stage`` limits to what may be rated at it; ``contested`` to what has to be looked at.
    """
    plan = book.plan_of(year)
    rows = [
        seen
        for code, seen in evaluations(book, year).items()
        if stage is None or takes(plan, stage, plan.items[plan.action_of.get(code, code)])
    ]
    rows.sort(key=lambda seen: not is_contested(seen))
    return [seen for seen in rows if is_contested(seen)] if contested else rows


def counts_text(result: StageResult) -> str:
    """Return what the members of a stage say: A 2・B 1; '' where nobody does."""
    counts = {} if result.proposal is None else result.proposal.counts
    return "・".join(f"{label} {count}" for label, count in counts.items())


def stage_remarks(result: StageResult) -> list[str]:
    """Return what has to be known of a stage of an item: sent back, members, absent, recused."""
    told = []
    if result.letter is not None:
        for back in result.letter.returned:
            told.append(f"{back.stage}が「{back.rating}」を差し戻し（{back.reason}）")
    if counts := counts_text(result):
        told.append(f"委員 {counts}")
    if result.proposal is not None:
        if result.label is None:
            told.append(result.proposal.problem or f"まとめると「{result.proposal.label}」")
        left = [f"{why}の{member}は数えない" for member, why in result.proposal.left_out.items()]
        told += left
    silent = [m for m in result.recused if m not in result.members]
    told += [f"{member}は除斥（{result.recused[member].reason}）" for member in silent]
    return told


def letter_text(result: StageResult) -> str:
    """Return the letter of a stage for a table: B, 差し戻し中（B）, 未定 or －."""
    if result.letter is not None:
        letter = result.letter.rating
        return f"差し戻し中（{letter}）" if result.letter.waiting else letter
    return "未定" if result.members else "－"


def stage_steps(book: ReviewBook, code: str, year: int) -> list[Step]:
    """Return what people said about an item, as steps that follow the computed derivation."""
    plan = book.plan_of(year)
    if code in plan.items:
        code = original(plan, plan.items[code]).code
    elif code not in plan.indicators:
        return []
    seen = evaluation(book, code, year)
    steps = []
    for result in seen.stages:
        name = result.stage.name
        for member, rating in result.members.items():
            aside = "" if result.proposal is None else result.proposal.left_out.get(member, "")
            left_out = f"（{aside}のため数えない）" if aside else ""
            steps.append(Step(f"{name}の委員", f"{_given(rating)}{left_out}"))
        for member, why in result.recused.items():
            steps.append(Step(f"{name}の除斥", f"{member}（{why.reason}）"))
        if result.proposal is not None:
            how = JOIN_LABELS[result.stage.join]
            came = result.proposal.label or f"なし（{result.proposal.problem}）"
            steps.append(
                Step(f"{name}の委員のまとめ", f"{how}: {counts_text(result) or 'なし'} → {came}")
            )
        if result.letter is not None:
            for back in result.letter.returned:
                told = f"{back.stage}から {back.rating} を差し戻し（{back.by}、{back.date}）。理由: {back.reason}"
                steps.append(Step(f"{name}の差し戻し", told))
            waiting = "（差し戻し中のため、いまは効力がない）" if result.letter.waiting else ""
            steps.append(Step(name, f"{_given(result.letter)}{waiting}"))
    if seen.official is not None:
        steps.append(Step("評価", f"{seen.official_label}（{seen.official.stage.name}）"))
    return steps


def _given(rating: Rating) -> str:
    parts = [f"{rating.rating}（{rating.by}、{rating.date}）"]
    parts += [
        f"{word}: {text}"
        for word, text in (("理由", rating.reason), ("所見", rating.comment))
        if text
    ]
    return "。".join(parts)


def evaluation_view(plan: Plan, seen: ItemEvaluation, stage: Stage | None = None) -> Json:
    """Return an item with its stages (``evaluate --json`` and the rows of ``stages --json``)."""
    official = seen.official
    shown = [s for s in seen.stages if stage is None or s.stage.code == stage.code]
    return {
        "code": seen.code,
        "name": name_of(plan, seen.code),
        "computed": seen.computed,
        "official": seen.official_label,
        "official_stage": None if official is None else official.stage.name,
        "differs": seen.differs,
        "sent_back": was_sent_back(seen),
        "stages": [_stage_result(s) for s in shown],
    }


def _stage_result(result: StageResult) -> Json:
    letter, proposal = result.letter, result.proposal
    return {
        "stage": result.stage.code,
        "name": result.stage.name,
        "due": result.due,
        "rating": result.label,
        "waiting": letter is not None and letter.waiting,
        "given": None if letter is None else _rating(letter),
        "members": [{"member": m, **_rating(r)} for m, r in result.members.items()],
        "counts": {} if proposal is None else dict(proposal.counts),
        "joined": None if proposal is None else proposal.label,
        "problem": None if proposal is None else proposal.problem or None,
        "left_out": {} if proposal is None else dict(proposal.left_out),
        "recused": [{"member": m, "reason": r.reason} for m, r in result.recused.items()],
    }


def _rating(rating: Rating) -> Json:
    return {
        "rating": rating.rating,
        "by": rating.by,
        "date": rating.date,
        "reason": rating.reason or None,
        "comment": rating.comment or None,
        "returned": [back.model_dump(mode="json") for back in rating.returned],
    }


def stages_view(
    plan: Plan,
    year: int,
    rows: Sequence[ItemEvaluation],
    meetings: Mapping[str, Sequence[Meeting]],
    stage: Stage | None = None,
) -> Json:
    """Return ``stages --json``."""
    return {
        "plan": plan.code,
        "fiscal_year": year,
        "stages": [
            {
                "code": one.code,
                "name": one.name,
                "when": one.when.value,
                "join": one.join.value,
                "members": list(one.members),
                **_held(one, meetings.get(one.code, [])),
            }
            for one in plan.evaluation.stages
            if stage is None or one.code == stage.code
        ],
        "items": [evaluation_view(plan, seen, stage) for seen in rows],
    }


def _held(stage: Stage, held: Sequence[Meeting]) -> Json:
    return {
        "quorum": None if stage.quorum is None else f"{stage.quorum:f}",
        "quorum_problem": quorum_problem(stage, held) or None,
        "meetings": [
            {
                "date": one.date,
                "title": one.title or None,
                "present": list(one.present),
                "absent": list(one.absent),
            }
            for one in held
        ],
    }


def meetings_view(
    plan: Plan, year: int, meetings: Mapping[str, Sequence[Meeting]], stage: Stage | None = None
) -> Json:
    """Return ``meeting list --json`` and ``meeting add --json``."""
    shown = [one for one in plan.evaluation.stages if stage is None or one.code == stage.code]
    return {
        "fiscal_year": year,
        "stages": [
            {"code": one.code, "name": one.name, **_held(one, meetings.get(one.code, []))}
            for one in shown
        ],
    }


# --- opinions, promises ---------------------------------------------------------------------


def opinions_view(plan: Plan, year: int, opinions: Iterable[NumberedOpinion]) -> Json:
    """Return ``opinion list --json``."""
    return {
        "fiscal_year": year,
        "opinions": [
            {
                "number": one.number,
                "code": one.code,
                "name": name_of(plan, one.code),
                "text": one.opinion.text,
                "member": one.opinion.member or None,
                "date": one.opinion.date,
                "by": one.opinion.by,
                "answer": one.opinion.answer or None,
                "answered_by": one.opinion.answered_by or None,
                "answered_on": one.opinion.answered_on or None,
            }
            for one in opinions
        ],
    }


def promise_view(plan: Plan, promise: Promise) -> Json:
    """Return a promise with all its answers."""
    made = promise.improvement
    return {
        "number": promise.number,
        "code": promise.code,
        "name": known_name(plan, promise.code),
        "fiscal_year": promise.year,
        "text": made.text,
        "owner": made.owner,
        "due": made.due,
        "by": made.by,
        "date": made.date,
        "answers": {
            str(year): answer.model_dump(mode="json")
            for year, answer in sorted(promise.answers.items())
        },
    }


def improvements_view(
    plan: Plan,
    year: int,
    directions: Mapping[str, Direction],
    made: Sequence[Promise],
    asked: Sequence[Promise],
) -> Json:
    """Return ``improve list --json``: directions, promises made in a year, those it has to answer."""
    counted = tally(asked, year)
    return {
        "fiscal_year": year,
        "directions": [
            {"code": code, "name": name_of(plan, code), **told.model_dump(mode="json")}
            for code, told in directions.items()
        ],
        "made": [promise_view(plan, one) for one in made],
        "asked": [promise_view(plan, one) for one in asked],
        "tally": {
            "asked": counted.asked,
            "kept": counted.kept,
            "partly": counted.partly,
            "not": counted.not_kept,
            "unanswered": counted.unanswered,
        },
    }
