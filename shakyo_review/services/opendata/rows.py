"""The rows of the open data: plan, figures and results of a book, table by table."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shakyo_review.domain.cell import KIND_LABELS, Kind
from shakyo_review.domain.funding import funding_lines
from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    MEASURE_LABELS,
    PARTS_LABELS,
    RULE_LABELS,
    Indicator,
)
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.process import JOIN_LABELS
from shakyo_review.domain.value import STATE_LABELS, State
from shakyo_review.domain.year_state import YEAR_STATE_LABELS
from shakyo_review.exchange.open_data import Table
from shakyo_review.exchange.open_data.schema import SCHEMAS
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.opendata.names import Names
from shakyo_review.storage import merging, whole
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage.plans import FIRST, Edition

Told = dict[str, Any]


def table(name: str, found: Iterable[Told]) -> Table:
    """Return a table of rows told by the names of its columns; what is not told is missing."""
    schema = SCHEMAS[name]
    names = [field.name for field in schema.fields]
    rows = tuple(tuple(row.get(name) for name in names) for row in found)
    return Table(schema, rows)


def plan_tables(book: ReviewBook, names: Names) -> Iterator[Table]:
    """Yield the tables of the plan, edition by edition."""
    editions = sorted(book.editions.all, key=lambda one: one.number)
    yield table("editions", (_edition(one) for one in editions))
    things = merging.identities(book.file.db)
    yield table(
        "things", ({"thing_id": n, "kind": kind, "first_code": code} for n, kind, code in things)
    )
    for name, rows in (
        ("items", _items),
        ("owners", _owners),
        ("indicators", _indicators),
        ("branches", _branches),
        ("funding_lines", _lines),
    ):
        told = ({"edition": one.number, **row} for one in editions for row in rows(one))
        yield table(name, told)
    stages = (
        {"edition": one.number, **row} for one in editions for row in _stages(one.plan, names)
    )
    yield table("stages", stages)


def _edition(one: Edition) -> Told:
    plan = one.plan
    return {
        "edition": one.number,
        "effective_year": None if one.effective_year == FIRST else one.effective_year,
        **{name: getattr(plan, name) for name in ("code", "title", "body")},
        "kind": plan.kind.value,
        "first_year": plan.first_year,
        "last_year": plan.last_year,
        "rule_set": plan.rule_set.name,
        "scale": plan.scale.name,
        "levels": list(plan.levels),
    }


def _items(one: Edition) -> Iterator[Told]:
    for position, item in enumerate(one.plan.items.values(), 1):
        node = item.node
        yield {
            "thing_id": one.ids.node[item.code],
            "position": position,
            **{name: getattr(item, name) for name in ("code", "parent", "level", "label", "name")},
            **{name: getattr(node, name) for name in ("method", "note", "weight", "example")},
            **{name: getattr(node, name) for name in ("repeats", "formerly", "split_from")},
            "flags": list(node.flags),
            "merged_from": list(node.merged_from),
        }


def _owners(one: Edition) -> Iterator[Told]:
    for item in one.plan.items.values():
        for position, owner in enumerate(item.owners, 1):
            told = {name: getattr(owner, name) for name in ("part", "name", "label")}
            yield {"item": item.code, "position": position, **told}


_PLAIN = (
    *("code", "name", "unit", "decimals", "pace_percent", "low", "high", "ceiling", "tolerance"),
    *("cadence", "weight", "main", "rule_set", "scale", "formerly", "comparable_from"),
    *("source", "note", "example"),
)
_WORDS = ("direction", "measure", "kind", "parts", "target_kind", "path")


def _indicators(one: Edition) -> Iterator[Told]:
    for code, indicator in one.plan.indicators.items():
        rule = indicator.rate_rule
        yield {
            "thing_id": one.ids.indicator[code],
            "item": one.plan.action_of[code],
            **{name: getattr(indicator, name) for name in _PLAIN},
            **{name: getattr(indicator, name).value for name in _WORDS},
            "direction_label": DIRECTION_LABELS[indicator.direction],
            "measure_label": MEASURE_LABELS[indicator.measure],
            "parts_label": PARTS_LABELS[indicator.parts],
            "rule_label": None if rule is None else RULE_LABELS[rule],
            "periods": indicator.period_rule.value,
            "rule": None if rule is None else rule.value,
            "against": indicator.judged_against.value,
            **_figures_of(indicator),
        }


def _figures_of(indicator: Indicator) -> Told:
    return {
        "baseline": indicator.baseline.value,
        "baseline_year": indicator.baseline.year,
        "final_target": indicator.final_target.value,
        "final_year": indicator.final_target.year,
        "steps": {str(year): f"{value:f}" for year, value in indicator.steps.items()} or None,
        "milestones": [
            {"label": one.label, "points": f"{one.points:f}"} for one in indicator.milestones
        ]
        or None,
    }


def _branches(one: Edition) -> Iterator[Told]:
    for position, branch in enumerate(one.plan.branches, 1):
        yield {"code": branch.code, "position": position, "name": branch.name}


def _lines(one: Edition) -> Iterator[Told]:
    for code, (item, line) in funding_lines(one.plan).items():
        number = one.ids.funding[code]
        told = {"thing_id": number, "item": item.code, "sources": list(line.sources)}
        yield {"code": code, "name": line.name, **told}


def _stages(plan: Plan, names: Names) -> Iterator[Told]:
    for position, stage in enumerate(plan.evaluation.stages, 1):
        yield {
            "position": position,
            **{name: getattr(stage, name) for name in ("code", "name", "quorum")},
            "when": stage.when.value,
            "join": stage.join.value,
            "join_label": JOIN_LABELS[stage.join],
            "members": [names.name(name) for name in stage.members],
        }


# --- figures and results -------------------------------------------------------------------


def figure_tables(book: ReviewBook, names: Names, results: Mapping[int, str]) -> Iterator[Table]:
    """Yield years, figures, amounts and results; ``results`` are the documents of ``score --json``."""
    yield table("years", (_year(book, year) for year in all_years(book)))
    yield table("figures", _figures(book, names))
    yield table("amounts", _amounts(book))
    read = {year: json.loads(text) for year, text in results.items()}
    yield table(
        "indicator_results",
        (_result(year, one) for year, view in read.items() for one in view["indicators"]),
    )
    yield table(
        "item_results",
        (
            _item_result(year, one)
            for year, view in read.items()
            for one in (view["overall"], *view["goals"])
        ),
    )


def all_years(book: ReviewBook) -> list[int]:
    """Return every year of the plan, and every one of which something is told."""
    plan = book.plan
    told = whole.years_told(book.file.db)
    return sorted({*range(plan.first_year, plan.last_year + 1), *told})


def _year(book: ReviewBook, year: int) -> Told:
    state = book.state(year)
    return {
        "fiscal_year": year,
        "edition": book.edition_of(year).number,
        "state": state.value,
        "state_label": YEAR_STATE_LABELS[state],
    }


def _figures(book: ReviewBook, names: Names) -> Iterator[Told]:
    editions = book.editions
    for number, cell in whole.every_cell(book.file.db, editions):
        key, reading = cell.key, cell.reading
        edition = editions.of(key.year)
        there = edition.figures.get(number)
        indicator = None if there is None else edition.plan.indicators[there[0]]
        yield {
            "indicator_id": number,
            "fiscal_year": key.year,
            "kind": key.kind.value,
            "kind_label": KIND_LABELS[key.kind],
            "branch": key.branch,
            "period": key.period,
            "edition": None if there is None else edition.number,
            "indicator": None if there is None else there[0],
            "last_code": key.indicator.partition("#")[0],
            "unit": None if indicator is None else indicator.unit,
            "state": reading.state.value,
            "state_label": STATE_LABELS[reading.state],
            "value": reading.value,
            "denominator": reading.denominator,
            "text": names.text(reading.text),
            "forecast": reading.forecast,
            "measured_year": cell.measured_year,
            "note": names.text(cell.note),
            "example": cell.example,
            "version": cell.version,
        }


def _amounts(book: ReviewBook) -> Iterator[Told]:
    order = (Kind.BUDGET.value, Kind.SETTLEMENT.value)
    found = plan_rows.read_amounts(book.file.db)
    for number, year, kind in sorted(found, key=lambda one: (*one[:2], order.index(one[2]))):
        yield {
            "funding_id": number,
            "fiscal_year": year,
            "kind": kind,
            "kind_label": KIND_LABELS[Kind(kind)],
            "code": book.editions.funding_code(number, year).partition("#")[0],
            "amount": found[number, year, kind],
        }


def _result(year: int, one: Told) -> Told:
    same = ("name", "unit", "target", "actual", "state", "rate", "display", "rating", "official")
    return {
        "fiscal_year": year,
        "indicator": one["code"],
        **{name: one.get(name) for name in (*same, "official_stage", "reason", "example")},
        "state_label": STATE_LABELS[State(one["state"])],
        "reason_label": one.get("reason_text"),
    }


def _item_result(year: int, one: Told) -> Told:
    coverage = one["coverage"]
    same = ("code", "name", "score", "rating", "computed", "official", "official_stage")
    return {
        "fiscal_year": year,
        **{name: one.get(name) for name in same},
        "rated": coverage["rated"],
        "ratable": coverage["ratable"],
    }
