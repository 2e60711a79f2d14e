"""What a row of the history says, for the table of the history and the line about the last change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from shakyo_review.domain.cell import KIND_LABELS, PERIOD_LABELS, Kind
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.odd import FINDING_LABELS, FindingKind
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.revision import CHANGE_LABELS, ChangeKind
from shakyo_review.services.telling import ENTITY_LABELS, fact_text, one_line
from shakyo_review.services.telling_figures import change_texts

if TYPE_CHECKING:
    from shakyo_review.domain.derivation import Step
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.storage.history import Change

_WITH_OLD = ("cell", "funding", "indicator")
"""Entities of which the value before is always told, 空欄 included."""


def moment(at: str, *, full: bool) -> str:
    """Return a time as the clock on the wall shows it: 2026/11/21 09:05, or 26/11/21 09:05."""
    try:
        local = datetime.fromisoformat(at).astimezone()
    except ValueError:
        return one_line(at)
    return f"{local:%Y/%m/%d %H:%M}" if full else f"{local:%y/%m/%d %H:%M}"


def kind_text(plan: Plan, change: Change) -> str:
    """Return the kind of a place: 実績, the name of a stage, the kind of an odd value."""
    if change.kind in set(Kind):
        return KIND_LABELS[Kind(change.kind)]
    if change.kind in set(FindingKind):
        return FINDING_LABELS[FindingKind(change.kind)]
    stages = {stage.code: stage.name for stage in plan.evaluation.stages}
    return one_line(stages.get(change.kind, change.kind))


def name_of(plan: Plan, code: str) -> str:
    """Return the name of an item or indicator; '' where the plan has none of that code."""
    if code in plan.indicators:
        return plan.indicators[code].name
    return plan.items[code].name if code in plan.items else ""


def place_text(plan: Plan, change: Change, *, named: bool = False) -> str:
    """Return what a row is about: 1-1a R6 実績 北区 参加者数."""
    of_plan = change.code in (WHOLE_PLAN, plan.code, "")
    entity = ENTITY_LABELS.get(change.entity, one_line(change.entity))
    kind = kind_text(plan, change)
    part = plan.branch_names.get(change.branch, change.branch)
    if change.entity in ("erratum", "revision", "seal"):  # a number that is told elsewhere
        part = ""
    words = (
        "" if of_plan else one_line(change.code),
        "" if change.fiscal_year is None else short_year(change.fiscal_year),
        "" if change.entity == "cell" and kind else entity,
        kind,
        one_line(part),
        PERIOD_LABELS.get(change.period, one_line(change.period)),
        "" if of_plan or not named else name_of(plan, change.code),
    )
    return " ".join(word for word in words if word)


def revised(change: Change) -> list[Mapping[str, object]]:
    """Return the changes a revision of the plan has made; none for any other row."""
    found = (change.new or {}).get("changes") if change.entity == "revision" else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def revised_text(one: Mapping[str, object]) -> str:
    """Return one change of a revision: 改称 1-1 つながる 名前: … → …."""
    kind = str(one.get("kind", ""))
    label = CHANGE_LABELS[ChangeKind(kind)] if kind in set(ChangeKind) else kind
    words = (label, *(str(one.get(name, "")) for name in ("code", "name", "text")))
    return one_line(" ".join(word for word in words if word))


def what_text(change: Change, plan: Plan | None = None) -> str:
    """Return what was there and what is there now: 480人 → 495人 (the unit where the plan is known)."""
    if changes := revised(change):
        more = f"　ほか{len(changes) - 1}件" if len(changes) > 1 else ""
        return revised_text(changes[0]) + more
    old, new = _texts(plan, change)
    if change.entity == "book":
        return one_line(change.reason) or new
    if change.old is None and change.entity not in _WITH_OLD:
        return new
    return f"{old} → {new}"


def _texts(plan: Plan | None, change: Change) -> tuple[str, str]:
    if plan is None:
        return fact_text(change.entity, change.old), fact_text(change.entity, change.new)
    return change_texts(plan, change)


def row_texts(plan: Plan, change: Change, *, roomy: bool) -> list[str]:
    """Return the cells of a row: 日時・人・どこ・何から何へ・理由."""
    return [
        moment(change.at, full=roomy),
        one_line(change.who),
        place_text(plan, change, named=roomy),
        what_text(change, plan),
        "" if change.entity == "book" else one_line(change.reason),
    ]


def run_texts(
    plan: Plan, run: Sequence[Change], *, opened: bool, more: bool, roomy: bool
) -> list[str]:
    """Return the cells of the head of a run: how many changes of what kind were made in one act."""
    newest = run[0]
    years = sorted({change.fiscal_year for change in run if change.fiscal_year is not None})
    span = short_year(years[0]) if years else ""
    span += f"〜{short_year(years[-1])}" if len(years) > 1 else ""
    kinds = "・".join(dict.fromkeys(kind_text(plan, change) for change in reversed(run)))
    label = ENTITY_LABELS.get(newest.entity, one_line(newest.entity))
    return [
        moment(newest.at, full=roomy),
        one_line(newest.who),
        f"{label} {len(run):,}件{'以上' if more else ''}",
        f"{span} {kinds}（Enter で{'たたむ' if opened else 'ひらく'}）".strip(),
        one_line(newest.reason),
    ]


def searched_text(plan: Plan, change: Change) -> str:
    """Return all in which words are searched."""
    return " ".join(row_texts(plan, change, roomy=True))


def whole_entry(book: ReviewBook, change: Change) -> list[Step]:
    """Return a row with all it holds, one step per line."""
    from shakyo_review.domain.derivation import Step

    plan = plan_for(book, change)
    entity = ENTITY_LABELS.get(change.entity, one_line(change.entity))
    lines = [
        Step("日時", f"{moment(change.at, full=True)}（履歴の{change.number:,}番目）"),
        Step("人", one_line(change.who)),
        Step("種類", entity),
        Step("どこ", place_text(plan, change, named=True)),
    ]
    if change.fiscal_year is not None:
        lines.append(Step("年度", year_label(change.fiscal_year)))
    old, new = change_texts(plan, change)
    if change.old is not None or change.entity in _WITH_OLD:
        lines.append(Step("前", old))
    if change.entity != "book":
        changed = revised(change)
        if not changed:
            lines.append(Step("後", new))
        lines += [Step("変わったこと", revised_text(one)) for one in changed]
        if meeting := str((change.new or {}).get("meeting", "")):
            lines.append(Step("決めた会議", one_line(meeting)))
        changes = (change.new or {}).get("changes")
        if change.entity == "edition" and isinstance(changes, list):
            lines += [Step("変わったこと", one_line(str(one))) for one in changes]
    lines.append(Step("理由", one_line(change.reason) or "（書かれていません）"))
    return lines


def plan_for(book: ReviewBook, change: Change) -> Plan:
    """Return the plan in whose words a row is told: that of its year."""
    return book.plan if change.fiscal_year is None else book.plan_of(change.fiscal_year)
