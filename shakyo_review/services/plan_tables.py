"""The plan of a book as an Excel table has changed it: what the table has no column for stays as it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Node, Plan
from shakyo_review.errors import PlanProblem
from shakyo_review.exchange.plan_columns import period_of
from shakyo_review.exchange.plan_xlsx import SheetTable

_OF_ITEM = {"owners": "owners", "flags": "flags", "repeats": "repeats", "note": "note"}
"""Fields of an item, and the column that tells each."""
_OF_INDICATOR = {
    "unit": "unit",
    "direction": "direction",
    "measure": "measure",
    "target_kind": "target_kind",
    "decimals": "decimals",
    "low": "low",
    "high": "high",
    "baseline": "baseline",
    "final_target": "final",
    "source": "source",
    "note": "note",
}
_Lifted = tuple[str | None, dict[str, Any]]
"""The code of the item under which something stands in the book, and what it is."""
_DATED = {"baseline": ("baseline", "baseline_year"), "final_target": ("final", "final_year")}


def updated_plan(old: Plan, table: SheetTable) -> Plan:
    """Return the plan of a book with what a table says: its items in its order, found by their codes.

    A column that is there counts as it stands, a blank cell included; what has no column (rules, scales, branches,
    money, the stages of the evaluation) stays. Raises ``PlanProblem`` for a table without codes, and as
    ``SheetTable.plan``.
    """
    _check_codes(table)
    heads = table.heads
    new, _ = table.plan(
        title=heads.get("title") or old.title,
        body=heads.get("body") or old.body,
        period=period_of(heads.get("period", "")) or (old.first_year, old.last_year),
        code=heads.get("code") or old.code,
    )
    known = {name for _, columns in table.sheets for name in columns.fields}
    known |= {"flags" for _, columns in table.sheets if columns.marks}
    known |= {f"{name}_year" for _, columns in table.sheets for name in columns.years}
    fields = {name: getattr(old, name) for name in Plan.model_fields}
    fields |= {
        name: getattr(new, name)
        for name in ("code", "title", "body", "first_year", "last_year", "levels")
    }
    try:
        return Plan.model_validate({**fields, "tree": tuple(_tree(new, old, known))})
    except ValidationError as problem:
        why = str(problem.errors()[0].get("ctx", {}).get("error", "")) or "項目の内容が合いません"
        raise PlanProblem(
            f"「{table.name}」の表のとおりに計画を改められません（{why}）。",
            "表を直してください。何も変わっていません。",
        ) from None


def _check_codes(table: SheetTable) -> None:
    """Refuse a table by whose rows the items of the book cannot be known again."""
    for sheet, columns in table.sheets:
        indicators = "indicator" in columns.fields
        missing = [
            word
            for word, there in (
                ("番号", bool(columns.codes)),
                ("指標番号", not indicators or "indicator_code" in columns.fields),
            )
            if not there
        ]
        if missing:
            raise PlanProblem(
                f"「{table.name}」のシート「{sheet.name}」に「{'」「'.join(missing)}」の列がありません。",
                "台帳の計画と見くらべるのに要ります。「plan export ファイル.xlsx」で出した表を直してください。",
            )


def _tree(new: Plan, old: Plan, known: set[str]) -> Iterator[dict[str, Any]]:
    for node in new.tree:
        yield _node(node, old, known, (), node.level or 0)[0]


def _node(
    new: Node, old: Plan, known: set[str], above: tuple[str, ...], level: int
) -> tuple[dict[str, Any], list[_Lifted]]:
    """Return an item with what is under it, and what of that belongs to an item above it.

    A table cannot tell an item that leaves a level out from one under the last item of that level: where the
    book has it further up, it stays there.
    """
    there = old.items.get(new.code)
    fields = _kept(new if there is None else there.node, new, _OF_ITEM, known, there is None)
    children: list[dict[str, Any]] = []
    lifted: list[_Lifted] = []
    for child in new.children:
        its = level + 1 if child.level is None else child.level
        made, further = _node(child, old, known, (*above, new.code), its)
        was = old.items.get(child.code)
        if was is not None and was.parent in above and was.level == its:
            lifted.append((was.parent, {**made, "level": was.node.level}))
        else:
            children.append(made)
        for place, item in further:
            if place == new.code:
                children.append(item)
            else:
                lifted.append((place, item))
    fields |= {
        "name": new.name,
        "level": new.level,
        "indicators": tuple(_indicator(one, old, known) for one in new.indicators),
        "children": tuple(children),
    }
    return fields, lifted


def _indicator(new: Indicator, old: Plan, known: set[str]) -> dict[str, Any]:
    there = old.indicators.get(new.code)
    if there is None:
        return {name: getattr(new, name) for name in Indicator.model_fields}
    fields = _kept(there, new, _OF_INDICATOR, known, fresh=False)
    for name, (column, year) in _DATED.items():
        dated, before = fields[name], getattr(there, name)
        if column in known and year not in known and dated.value is not None:
            fields[name] = dated.model_copy(update={"year": before.year or dated.year})
    return {**fields, "name": new.name, "targets": new.targets, "actuals": new.actuals}


def _kept(
    old: Node | Indicator,
    new: Node | Indicator,
    columns: Mapping[str, str],
    known: set[str],
    fresh: bool,
) -> dict[str, Any]:
    """Return the fields of an item or indicator: those with a column of the table, the others as they were."""
    fields = {name: getattr(old, name) for name in type(old).model_fields}
    return fields | {
        name: getattr(new, name) for name, column in columns.items() if fresh or column in known
    }
