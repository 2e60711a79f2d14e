"""The states of a year as people and scripts read them: seals, readiness, errata, the history of an item."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.goals import YearScore, score_year
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.readiness import Gap
from shakyo_review.domain.value import State
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.services.book import YEAR, ReviewBook
from shakyo_review.services.reviewing import ERRATUM, evaluations
from shakyo_review.services.sealing import recomputed_differs
from shakyo_review.services.told import number_of, unknown_fact
from shakyo_review.storage import seals as seal_rows
from shakyo_review.storage.database import explained
from shakyo_review.storage.format import Unreadable
from shakyo_review.storage.history import Change
from shakyo_review.storage.renames import Renames, read_renames

Json = dict[str, Any]

SEAL = seal_rows.SEAL

REFERENCE_NOTE = "いまの規則で計算し直した参考値（確定した評価ではありません）"
"""What stands beside an old year computed under today's rules."""


# --- the states of a year -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sealing:
    """When a year was sealed, by whom, as which of its seals; ``errata`` counts those made after it."""

    who: str
    at: str
    number: int
    errata: int = 0

    @property
    def last(self) -> int:
        """The number of the seal in force."""
        return self.number + self.errata


def sealing_of(book: ReviewBook, year: int) -> Sealing | None:
    """Return when and by whom a year was sealed; None where it is open."""
    if not book.state(year).closed:
        return None
    with explained(book.path):
        made = len(seal_rows.read_seals(book.file.db, year))
    for change in reversed(book.history(year=year)):
        told = change.new if isinstance(change.new, dict) else {}
        if change.entity == YEAR and told.get("state") == YearState.SEALED.value:
            number = told.get("number")
            first = number if type(number) is int else made
            return Sealing(change.who, change.at, first, max(0, made - first))
    return Sealing("", "", made)


@dataclass(frozen=True, slots=True)
class YearLine:
    """Where a year stands: state, seal, day of publication, how much is in and judged."""

    year: int
    state: YearState
    working: bool
    seals: int
    sealing: Sealing | None
    published: str
    entered: int
    indicators: int
    judged: int
    items: int


def year_lines(book: ReviewBook) -> list[YearLine]:
    """Return where every year of the plan stands, oldest first."""
    with explained(book.path):
        seals = list(seal_rows.read_digests(book.file.db))
    lines = []
    for year in book.years():
        score, state = book.score(year), book.state(year)
        told = next((fact.data or {} for fact in book.facts(YEAR, year)), {})
        judged = [seen for seen in evaluations(book, year).values() if seen.official is not None]
        figures = [s.actual.reading.state for s in score.indicators.values()]
        lines.append(
            YearLine(
                year,
                state,
                year == book.working_year,
                sum(1 for sealed, _ in seals if sealed == year),
                sealing_of(book, year),
                str(told.get("date", "")) if state is YearState.PUBLISHED else "",
                sum(1 for figure in figures if figure is not State.NOT_ENTERED),
                len(figures),
                sum(1 for seen in judged if seen.code in score.plan.items),
                sum(1 for item in score.plan.items.values() if item.node.repeats is None),
            )
        )
    return lines


def years_view(lines: Iterable[YearLine]) -> Json:
    """Return ``year list --json``."""
    return {
        "years": [
            {
                "fiscal_year": line.year,
                "state": line.state.value,
                "working": line.working,
                "seals": line.seals,
                "sealed_at": None if line.sealing is None else line.sealing.at,
                "sealed_by": None if line.sealing is None else line.sealing.who,
                "published_on": line.published or None,
                "entered": line.entered,
                "indicators": line.indicators,
                "judged": line.judged,
                "items": line.items,
            }
            for line in lines
        ]
    }


def gaps_by_committee(gaps: Iterable[Gap]) -> dict[str, list[Gap]]:
    """Return gaps by whose they are, in the order in which the committees come first."""
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.committee, []).append(gap)
    return found


def ready_view(year: int, state: YearState, gaps: Sequence[Gap]) -> Json:
    """Return ``year ready --json``."""
    return {
        "fiscal_year": year,
        "state": state.value,
        "ready": state is not YearState.PREPARING and not any(gap.blocks for gap in gaps),
        "gaps": [
            {
                "blocks": gap.blocks,
                "committee": gap.committee,
                "code": gap.code,
                "name": gap.name,
                "text": gap.text,
            }
            for gap in gaps
        ],
    }


@dataclass(frozen=True, slots=True)
class Erratum:
    """A corrected figure of a sealed year: where, the facts before and after, why, by whom, when."""

    number: int
    key: CellKey
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    reason: str
    by: str
    date: str


def errata_of(book: ReviewBook, year: int) -> list[Erratum]:
    """Return the errata of a year in the order of their numbers."""
    found = []
    for fact in book.facts(ERRATUM, year):
        data = fact.data or {}
        try:
            kind, branch, period = data["place"]
            key = CellKey(fact.key.code, year, Kind(kind), branch, period)
            old, new = dict(data["old"]), dict(data["new"])
            told = [str(data[name]) for name in ("reason", "by", "date")]
        except (KeyError, ValueError, TypeError):
            raise unknown_fact(book.path, fact.key) from None
        found.append(Erratum(number_of(book.path, fact), key, old, new, *told))
    return sorted(found, key=lambda one: one.number)


def errata_view(year: int, errata: Iterable[Erratum]) -> Json:
    """Return ``errata list --json``."""
    return {
        "fiscal_year": year,
        "errata": [
            {
                "number": one.number,
                "indicator": one.key.indicator,
                "kind": one.key.kind.value,
                "branch": one.key.branch,
                "period": one.key.period,
                "old": dict(one.old),
                "new": dict(one.new),
                "reason": one.reason,
                "by": one.by,
                "date": one.date,
            }
            for one in errata
        ],
    }


# --- what was sealed, beside what would come out now ------------------------------------------


def reference_score(book: ReviewBook, year: int) -> YearScore:
    """Return a year's own items and figures under today's rules and scale: for reference only.

    Letters that people gave count where today's scale has them.
    """
    then, now = book.plan_of(year), book.plan
    fields = {name: getattr(then, name) for name in Plan.model_fields}
    try:
        rules = {
            "rule_set": now.rule_set,
            "scale": now.scale,
            "rule_sets": {**then.rule_sets, **now.rule_sets},
            "scales": {**then.scales, **now.scales},
        }
        plan = Plan.model_validate({**fields, **rules})
    except ValidationError:
        raise WrongUsage(
            f"{year_label(year)}の計画には、いまの規則を当てはめられません。",
            "計画の規則（rule_set）と評価基準（scale）を確かめてください。",
        ) from None
    labels = {*plan.scale.labels, *(off.label for off in plan.scale.off_scale)}
    given = {code: label for code, label in book.given_letters(year).items() if label in labels}
    return score_year(plan, book.cells(year), year, None, given)


def seal_differences(book: ReviewBook) -> list[str]:
    """Return a sentence for every sealed year that, computed again, does not say what it said."""
    found = []
    try:
        closed = [year for year in book.years() if book.state(year).closed]
    except ReviewError:
        return ["評価などの記録に読めないものがあるため、確定した結果を計算し直せません。"]
    for year in closed:
        label = year_label(year)
        try:
            differs = recomputed_differs(book, year)
        except (Unreadable, ReviewError, ValueError, KeyError, TypeError, ArithmeticError):
            found.append(f"{label}: 確定した内容を読めません。")
            continue
        if differs:
            found.append(
                f"{label}: 確定した結果が、同じ数値・計画・評価から計算し直した結果と違います。"
            )
    return found


def plan_of_seal(book: ReviewBook, year: int, number: int) -> Plan:
    """Return the plan that was sealed with a year as its ``number``-th seal."""
    with explained(book.path):
        return seal_rows.read_seals(book.file.db, year)[number - 1].edition.plan


# --- the history of one thing, whatever its code was -----------------------------------------


def changes_of(book: ReviewBook, code: str, year: int | None = None) -> list[Change] | None:
    """Return the changes of an item or indicator, also under the codes it had before a renumbering.

    None where the book never knew the code.
    """
    number = next(
        (found for e in reversed(book.editions.all) if (found := _number_of(e.codes, code))), None
    )
    if number is None:
        changes = book.history(code, year)
        return changes if changes or code == book.plan.code else None
    codes = {c for e in book.editions.all for n, c in e.codes.items() if n == number}
    with explained(book.path):
        renames = read_renames(book.file.db, book.plan.code)
    for one in reversed(renames.all):
        codes |= {old for old, new in one.codes.items() if new in codes}
    rows = [row for one in sorted(codes) for row in book.history(one, year)]
    if renames.all:
        rows = [row for row in rows if _is_of(book, row, number, renames)]
    return sorted(rows, key=lambda row: row.number)


def _is_of(book: ReviewBook, row: Change, number: int, renames: Renames) -> bool:
    """Whether a row is about an identity, whatever code this had when the row was written."""
    if row.fiscal_year is None:
        return True
    now = renames.code_now(row.code, row.fiscal_year, row.number)
    return now == book.editions.place(number, row.fiscal_year)


def _number_of(codes: Mapping[int, str], code: str) -> int | None:
    return next((number for number, known in codes.items() if known == code), None)
