"""Plans and cells in two lines, so that a test shows only what it is about."""

from decimal import Decimal
from typing import Any

from shakyo_review.domain.cell import Cell, CellKey, CellTable, Kind
from shakyo_review.domain.goals import YearScore, score_year
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.scoring import IndicatorScore, score_indicator
from shakyo_review.domain.value import Reading, State, parse_value

YEAR = 2023
LEVELS = ("基本目標", "施策", "取組")

Figure = int | str | Decimal | State | Reading
"""A figure as a person types it (str, int), or as it is stored."""


def reading(figure: Figure) -> Reading:
    if isinstance(figure, Reading):
        return figure
    if isinstance(figure, State):
        return Reading(figure)
    return parse_value(str(figure), decimals=4, ratio=True)


def cell(code: str, kind: Kind, figure: Figure, year: int = YEAR, **fields: Any) -> Cell:
    place = {name: fields.pop(name) for name in ("branch", "period") if name in fields}
    return Cell(CellKey(code, year, kind, **place), reading(figure), **fields)


def actual(figure: Figure, code: str = "i", year: int = YEAR, **fields: Any) -> Cell:
    return cell(code, Kind.ACTUAL, figure, year, **fields)


def target(figure: Figure, code: str = "i", year: int = YEAR, **fields: Any) -> Cell:
    return cell(code, Kind.TARGET, figure, year, **fields)


def percents(rates: dict[str, Figure], year: int = YEAR) -> list[Cell]:
    """Cells whose target is 100: the actual of an indicator is its simple rate."""
    targets = [target(100, code, year) for code in rates]
    return targets + [actual(figure, code, year) for code, figure in rates.items()]


def indicator(code: str = "i", **fields: Any) -> Indicator:
    """An indicator; ``baseline`` and ``final_target`` may be given as (value, year)."""
    for name in ("baseline", "final_target"):
        if isinstance(fields.get(name), tuple):
            fields[name] = dict(zip(("value", "year"), fields[name], strict=True))
    return Indicator.model_validate(
        {"code": code, "name": f"指標{code}", "direction": "higher", "measure": "annual", **fields}
    )


def on_the_way(**fields: Any) -> Indicator:
    """An indicator with baseline year 2020 and final year 2025: 60% of the way lies behind 2023."""
    start, end = fields.pop("b", 100), fields.pop("t", 200)
    return indicator(
        target_kind="final_year", baseline=(start, 2020), final_target=(end, 2025), **fields
    )


def node(code: str, *inside: Any, **fields: Any) -> dict[str, Any]:
    """An item of the plan with the indicators and items in it."""
    return {
        "code": code,
        "name": f"項目{code}",
        "indicators": [x for x in inside if isinstance(x, Indicator)],
        "children": [x for x in inside if not isinstance(x, Indicator)],
        **fields,
    }


def plan(*tree: dict[str, Any], **fields: Any) -> Plan:
    return Plan.model_validate(
        {
            "code": "p",
            "title": "第1次計画",
            "body": "社協",
            "first_year": 2021,
            "last_year": 2025,
            "levels": LEVELS,
            "tree": tree,
            **fields,
        }
    )


def score(made: Plan, *cells: Cell, year: int = YEAR) -> YearScore:
    return score_year(made, CellTable.of(cells), year)


def score_one(ind: Indicator, *cells: Cell, year: int = YEAR, **fields: Any) -> IndicatorScore:
    """Score one indicator in a plan of its own (``fields``: rule_set, scale, branches)."""
    return score_indicator(plan(node("1", ind), **fields), ind, CellTable.of(cells), year)


def harmless(sentence: str) -> bool:
    """Whether a terminal only prints it: one line, no control characters."""
    return sentence.replace("　", "").isprintable()
