"""What people have said about an item, as paragraphs: stages side by side, opinions, direction."""

from collections.abc import Iterable, Mapping, Sequence

from shakyo_review.domain.evaluation import ItemEvaluation, StageResult
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.improvement import Direction, Promise
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.process import When
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.reviewing import (
    NumberedOpinion,
    directions_of,
    opinions_of,
    promises,
)
from shakyo_review.ui.dialogs.evaluate import counts_text
from shakyo_review.ui.marks import letter
from shakyo_review.ui.widgets.prose import Para

BACK, DIFFERS, SPLIT = "戻", "違", "割"
"""Marks behind a letter: sent back (差し戻し); the stages, or the members, do not all say the same."""


def mark_of(seen: ItemEvaluation) -> str:
    """Return the marks of an item."""
    back = any(s.letter is not None and s.letter.waiting for s in seen.stages)
    split = any(
        s.label is None and s.proposal is not None and s.proposal.disputed for s in seen.stages
    )
    return (BACK if back else "") + (DIFFERS if seen.differs else "") + (SPLIT if split else "")


def judged(seen: ItemEvaluation) -> bool:
    """Whether anybody has said anything."""
    return any(s.letter is not None or s.members or s.recused for s in seen.stages)


def side_by_side(seen: ItemEvaluation) -> str:
    """Return the letters of all stages in one line: 計算 C → 自己評価 B → 内部評価 －."""
    parts = [f"計算 {letter(seen.computed)}"]
    for result in seen.stages:
        waiting = result.letter is not None and result.letter.waiting
        parts.append(f"{result.stage.name} {'差し戻し' if waiting else letter(result.label)}")
    return " → ".join(parts)


def stage_paragraphs(seen: ItemEvaluation) -> list[Para]:
    """Return every stage: letter, who, when, comment, reason, what was sent back, the members."""
    if not judged(seen):
        due = [result.stage.name for result in seen.stages if result.due]
        told = f"まだです（対象: {'・'.join(due)}）" if due else "まだです。F2 で付けます"
        return [Para(told, head="人による評価")]
    lines: list[Para] = []
    for result in seen.stages:
        lines += [Para(text, head=result.stage.name) for text in _stage(result)]
    return lines


def _stage(result: StageResult) -> list[str]:
    given, lines = result.letter, []
    if given is None:
        lines.append("まだ（対象）" if result.due else "まだ")
    else:
        waiting = "（差し戻し中）" if given.waiting else ""
        lines.append(f"{letter(given.rating)}{waiting}　{given.by}　{given.date}")
        lines += [f"所見: {given.comment}"] if given.comment else []
        lines += [f"理由: {given.reason}"] if given.reason else []
        lines += [
            f"差し戻し: {letter(back.rating)}を{back.stage}から（{back.by}　{back.date}）{back.reason}"
            for back in given.returned
        ]
    if result.proposal is not None:
        made = result.proposal.label
        whole = f"　まとめ {letter(made)}" if made is not None else ""
        lines.append(f"委員: {counts_text(result.proposal)}{whole}")
        for member, rating in result.members.items():
            comment = f"　{rating.comment}" if rating.comment else ""
            lines.append(f"{member} {letter(rating.rating)}{comment}")
    lines += [f"除斥: {member}（{told.reason}）" for member, told in result.recused.items()]
    return lines


def opinion_paragraphs(opinions: Iterable[NumberedOpinion]) -> list[Para]:
    """Return opinions and their answers."""
    lines = []
    for one in opinions:
        head = f"意見{one.number}番" + ("（全体）" if one.code == WHOLE_PLAN else "")
        who = one.opinion.member or one.opinion.by
        lines.append(Para(f"{one.opinion.text}（{who}　{one.opinion.date}）", head=head))
        if one.opinion.answer:
            by = f"（{one.opinion.answered_by}　{one.opinion.answered_on}）"
            lines.append(Para(f"回答: {one.opinion.answer}{by}", head=head))
        else:
            lines.append(Para("回答はまだです", head=head))
    return lines


def act_paragraphs(direction: Direction | None, promised: Sequence[Promise]) -> list[Para]:
    """Return the direction of an item and what was promised with the evaluation of the year."""
    lines = []
    if direction is not None:
        note = f"　{direction.note}" if direction.note else ""
        lines.append(
            Para(f"{direction.word}{note}（{direction.by}　{direction.date}）", head="方向性")
        )
    lines += [
        Para(
            f"{p.number}　{p.improvement.text}（{p.improvement.owner}、{short_year(p.improvement.due)}まで）",
            head="改善項目",
        )
        for p in promised
    ]
    return lines


def what_is_said(book: ReviewBook, year: int, seen: ItemEvaluation) -> list[Para]:
    """Return all that people have said of an item; the top level tells of the whole plan as well."""
    item = book.plan_of(year).items.get(seen.code)
    codes = {seen.code, WHOLE_PLAN} if item is not None and item.parent is None else {seen.code}
    promised = [p for p in promises(book) if (p.code, p.year) == (seen.code, year)]
    return [
        *stage_paragraphs(seen),
        *opinion_paragraphs(one for one in opinions_of(book, year) if one.code in codes),
        *act_paragraphs(directions_of(book, year).get(seen.code), promised),
    ]


def unrated(plan: Plan, evaluations: Mapping[str, ItemEvaluation]) -> list[str]:
    """Return the items that wait for a letter of people, in print order.

    Those due for a stage; where the plan chooses none, all that nobody has judged.
    """
    chosen = any(result.due for seen in evaluations.values() for result in seen.stages)
    found = []
    for code, seen in evaluations.items():
        year = [result for result in seen.stages if result.stage.when is When.YEAR]
        back = any(result.letter is not None and result.letter.waiting for result in year)
        due = any(result.due and result.label is None for result in year)
        if code in plan.items and (back or due or (not chosen and seen.official is None)):
            found.append(code)
    return found
