"""What a merge says of its differences: where, what each copy has, whose it is."""

from shakyo_review.domain.cell import KIND_LABELS, PERIOD_LABELS
from shakyo_review.domain.checks import FINDING_LABELS
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.errors import quoted
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import local_time
from shakyo_review.services.merging import Merge
from shakyo_review.services.merging.compare import CELL, MONEY, NUMBERED, Difference
from shakyo_review.services.telling import ENTITY_LABELS, fact_text, one_line, raw_text
from shakyo_review.storage.claims import Facts
from shakyo_review.storage.merging import Said

_KINDS = {kind.value: label for kind, label in KIND_LABELS.items()}
_FINDINGS = {kind.value: label for kind, label in FINDING_LABELS.items()}
LONGEST = 60


def place(book: ReviewBook, merge: Merge, one: Difference) -> str:
    """Return where a difference stands: a 参加者数 令和6年度 北区 実績, 1-1 集いの場 令和6年度 評価（自己評価）."""
    entity, at = one.thing
    editions = book.editions if merge.plan is None else merge.plan.editions
    plan = editions.of(one.year).plan
    code = at.code.partition("#")[0]
    words = ["計画全体"] if code == WHOLE_PLAN else [code, _name(plan, code)]
    words += [year_label(one.year)] if one.year else []
    if entity in (CELL, MONEY):
        words += [plan.branch_names.get(at.branch, at.branch)]
        words += [PERIOD_LABELS.get(at.period, at.period), _KINDS.get(at.kind, at.kind)]
        return " ".join(filter(None, words))
    return " ".join(filter(None, [*words, _label(plan, one)]))


def _name(plan: Plan, code: str) -> str:
    if code in plan.indicators:
        return plan.indicators[code].name
    return plan.items[code].name if code in plan.items else ""


def _label(plan: Plan, one: Difference) -> str:
    entity, at = one.thing
    label = ENTITY_LABELS.get(entity, entity)
    stage = plan.evaluation.stage(at.kind) if at.kind else None
    kind = stage.name if stage is not None else _FINDINGS.get(at.kind, at.kind)
    part = f"{at.branch}番" if entity in NUMBERED else at.branch
    beside = "・".join(filter(None, [kind, part]))
    return f"{label}（{beside}）" if beside else label


def shown(one: Difference, facts: Facts | None) -> str:
    """Return what one of the copies has, in a phrase; 空欄 or なし where it has nothing."""
    entity = one.thing.entity
    if entity == CELL:
        return _figure(facts) if _figure(one.mine) != _figure(one.after) else _note(facts)
    text, other = (
        fact_text(entity, f) for f in (facts, one.after if facts == one.mine else one.mine)
    )
    if text == other and facts is not None:
        text = raw_text(facts)  # what differs is not in the phrase
    return _cut(text)


def _figure(facts: Facts | None) -> str:
    return fact_text(CELL, {k: v for k, v in facts.items() if k != "note"} if facts else None)


def _note(facts: Facts | None) -> str:
    text = one_line(str((facts or {}).get("note", "")))
    return f"実施内容「{_cut(text)}」" if text else "実施内容なし"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def aside(one: Difference) -> str:
    """Return what changes beside the figure of a cell (what was done); '' where nothing does."""
    if one.thing.entity != CELL or _figure(one.mine) == _figure(one.after):
        return ""
    old, new = _note(one.mine), _note(one.after)
    return "" if old == new else new


def whose(said: Said) -> str:
    """Return who said something and when: 佐藤、2026年6月25日 10:12; '' where nobody did."""
    return f"{said.who}、{local_time(said.at)}" if said.who else ""


def _beside(said: Said) -> str:
    told = whose(said)
    return f"（{told}）" if told else ""


def change_text(book: ReviewBook, merge: Merge, one: Difference) -> str:
    """Return a difference as a line: the place, what stands here, what would stand, whose that is."""
    old, new = shown(one, one.mine), shown(one, one.after)
    more = f"、{aside(one)}" if aside(one) else ""
    return f"{place(book, merge, one)}: {old} → {new}{more}{_beside(one.there)}"


def conflict_text(book: ReviewBook, merge: Merge, one: Difference) -> str:
    """Return a conflict in a sentence: the place, what each copy has, who wrote it and when."""
    mine, theirs = (quoted(shown(one, facts), 200) for facts in (one.mine, one.after))
    return (
        f"{place(book, merge, one)}: この台帳は{mine}{_beside(one.here)}、"
        f"「{merge.source}」は{theirs}{_beside(one.there)}です。"
    )


def plan_texts(merge: Merge) -> tuple[str, ...]:
    """Return a line for every edition of the plan that is taken over: 計画の第2版（令和7年度から）."""
    if merge.plan is None:
        return ()
    return tuple(
        f"計画の第{number}版" + (f"（{year_label(year)}から）" if year else "（計画の初めから）")
        for number, year in merge.plan.changed
    )


def left_text(book: ReviewBook, merge: Merge, one: Difference) -> str:
    """Return something that is not taken, for the history: the place, what it said, whose it was."""
    text = "、".join(filter(None, [shown(one, one.after), aside(one)]))
    return f"{place(book, merge, one)}: {text}{_beside(one.there)}"


def origin(merge: Merge, one: Difference) -> str:
    """Return where a taken change comes from, for its row in the history: the copy, who, when, why."""
    why = f"、{one.there.reason}" if one.there.reason else ""
    return f"「{merge.source}」を合わせた（{whose(one.there) or '記録なし'}{why}）"
