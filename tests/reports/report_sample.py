"""A small council plan in which everything a report must cope with occurs once."""

from collections.abc import Iterable
from decimal import Decimal

from shakyo_review.domain.cell import Cell, CellKey, CellTable, Kind
from shakyo_review.domain.checks import find
from shakyo_review.domain.comparison import compare_years
from shakyo_review.domain.goals import YearScore, score_year
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import Reading, State
from shakyo_review.reports.building import build_context
from shakyo_review.reports.context import ReportContext

YEARS = (2022, 2023, 2024)
NASTY = "<script>alert(1)</script> {{7*7}} & \"引用\" 'x' $x^2$ </style>"


def plan(**changes: object) -> Plan:
    data = {
        "code": "machi",
        "title": "まち地域福祉活動計画",
        "body": "まち社会福祉協議会",
        "first_year": 2023,
        "last_year": 2027,
        "levels": ["基本目標", "施策", "取組"],
        "tree": [
            {
                "code": "1",
                "name": "つながる地域",
                "owners": [{"part": "社協", "name": "地域課"}, {"part": "社協", "name": "総務課"}],
                "children": [
                    {
                        "code": "1-1",
                        "name": "見守り",
                        "flags": ["重点"],
                        "funding": [
                            {
                                "name": "見守り事業",
                                "sources": ["会費", "補助金"],
                                "budget": {2024: 1200, 2022: 3},
                            },
                            {"name": "啓発", "budget": {2024: 34}, "forecast": [2024]},
                        ],
                        "children": [
                            {
                                "code": "1-1-1",
                                "name": "訪問",
                                "indicators": [
                                    indicator("1-1-1a", "訪問回数", "回"),
                                    indicator("1-1-1b", "苦情の件数", "件", direction="keep_max"),
                                ],
                            },
                            {
                                "code": "1-1-2",
                                "name": NASTY,
                                "indicators": [
                                    indicator("1-1-2a", NASTY, "人"),
                                    indicator(
                                        "1-1-2b",
                                        "地区の数",
                                        "地区",
                                        measure="cumulative",
                                        target_kind="final_year",
                                        baseline={"value": 5, "year": 2022},
                                        final_target={"value": 10, "year": 2027},
                                    ),
                                ],
                            },
                        ],
                    },
                    {"code": "1-2", "name": "講座の再掲", "repeats": "2-1"},
                ],
            },
            {
                "code": "2",
                "name": "支える人",
                "children": [
                    {
                        "code": "2-1",
                        "name": "講座",
                        "owners": ["住民"],
                        "indicators": [
                            indicator("2-1a", "受講者", "人", decimals=1),
                            indicator("2-1b", "随時の相談", "件"),
                            indicator("2-1c", "人口", "人", direction="none", kind="population"),
                            indicator("2-1d", "満足度", "％", example=True),
                        ],
                    }
                ],
            },
            {
                "code": "3",
                "name": "指標のない目標",
                "children": [{"code": "3-1", "name": "話し合い"}],
            },
        ],
    }
    return Plan.model_validate({**data, **changes})


def indicator(code: str, name: str, unit: str, **more: object) -> dict[str, object]:
    return {
        "code": code,
        "name": name,
        "unit": unit,
        "direction": "higher",
        "measure": "annual",
        **more,
    }


def value(code: str, year: int, kind: Kind, number: str, **more: object) -> Cell:
    return Cell(CellKey(code, year, kind), Reading(State.VALUE, Decimal(number)), version=1, **more)


def figures() -> list[Cell]:
    rows = {
        "1-1-1a": [("100", "90"), ("110", "99"), ("120", "1256")],
        "1-1-1b": [("4", "4"), ("4", "5"), ("4", "9")],
        "1-1-2a": [("50", "40"), ("50", "45"), ("50", "20")],
        "1-1-2b": [("", "5"), ("", "6"), ("", "8")],
        "2-1a": [("10.0", "9.5"), ("10.0", "9.0"), ("12.0", "8.0")],
        "2-1c": [("", "30000"), ("", "29000"), ("", "28274")],
    }
    cells: list[Cell] = []
    for code, years in rows.items():
        for year, (target, actual) in zip(YEARS, years, strict=True):
            if target:
                cells.append(value(code, year, Kind.TARGET, target))
            cells.append(value(code, year, Kind.ACTUAL, actual))
    cells += [
        Cell(CellKey("2-1b", 2024, Kind.TARGET), Reading(State.TEXT, text="随時"), version=1),
        Cell(
            CellKey("2-1b", 2024, Kind.ACTUAL),
            Reading(State.CANCELLED),
            note=f"荒天。\n{NASTY}",
            version=1,
        ),
        value("2-1d", 2024, Kind.TARGET, "80", example=True),
        value("2-1d", 2024, Kind.ACTUAL, "64", example=True),
    ]
    return cells


def scores(
    of: Plan, cells: Iterable[Cell] | None = None, years: tuple[int, ...] = YEARS
) -> dict[int, YearScore]:
    table = CellTable.of(figures() if cells is None else cells)
    return {year: score_year(of, table, year) for year in years}


def context(
    of: Plan | None = None, cells: Iterable[Cell] | None = None, years: tuple[int, ...] = YEARS
) -> ReportContext:
    of = plan() if of is None else of
    cells = figures() if cells is None else list(cells)
    by_year = scores(of, cells, years)
    now = by_year[years[-1]]
    before = by_year[years[-2]] if len(years) > 1 else None
    findings = find(of, now, CellTable.of(cells), before)
    return build_context(of, now, before, compare_years(by_year), findings)
