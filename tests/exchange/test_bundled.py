from collections import Counter
from decimal import Decimal

import pytest

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.funding import funding_lines
from shakyo_review.domain.indicator import Direction, Indicator, Measure, Parts
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import State
from shakyo_review.errors import PlanProblem, WrongUsage
from shakyo_review.exchange.bundled import (
    Example,
    bundled_example,
    bundled_names,
    bundled_plan,
    with_example,
)
from shakyo_review.exchange.figures import plan_entries
from shakyo_review.exchange.long_csv import Entry, understand

NAMES = ("osaka", "okegawa", "zushi", "isesaki", "asahi")


def by_label(plan: Plan) -> Counter[str]:
    return Counter(item.label for item in plan.items.values())


def example_entries(name: str) -> list[Entry]:
    example = bundled_example(name)
    return understand(with_example(bundled_plan(name), example), example.rows, source=name)


def test_names():
    assert bundled_names() == NAMES
    for name in ("nai", "../domain", ""):
        with pytest.raises(WrongUsage, match="osaka、okegawa、zushi、isesaki、asahi"):
            bundled_plan(name)


@pytest.mark.parametrize("name", NAMES)
def test_what_holds_for_every_bundled_plan(name):
    plan, example = bundled_plan(name), bundled_example(name)
    assert plan.code == name
    assert not any(indicator.example for indicator in plan.indicators.values())
    assert all(indicator.example for _, indicator in example.indicators)
    whole = with_example(plan, example)
    assert len(whole.indicators) == len(plan.indicators) + len(example.indicators)
    invented = {code for code, indicator in whole.indicators.items() if indicator.example}
    assert invented == {indicator.code for _, indicator in example.indicators}
    assert all(
        whole.action_of[indicator.code] == action for action, indicator in example.indicators
    )
    assert whole.accepts_year(example.open_year)
    assert whole.accepts_year(example.report_year)
    assert whole.rule_set == plan.rule_set
    assert list(whole.items) == list(plan.items)


@pytest.mark.parametrize("name", NAMES)
def test_example_figures_are_understood_and_touch_no_published_one(name):
    entries = example_entries(name)
    assert len(entries) == len(bundled_example(name).rows)
    published = {entry.key for entry in plan_entries(bundled_plan(name))}
    assert not published & {entry.key for entry in entries}


@pytest.mark.parametrize("name", NAMES)
def test_the_year_being_filled_in_is_open_at_its_first_indicator(name):
    plan, example = bundled_plan(name), bundled_example(name)
    whole = with_example(plan, example)
    filled = {
        entry.key.indicator
        for entry in (*example_entries(name), *plan_entries(plan))
        if entry.key.year == example.open_year and entry.key.kind is Kind.ACTUAL
    }
    assert next(iter(whole.indicators)) not in filled


# --- osaka -------------------------------------------------------------------------------


def test_osaka():
    plan = bundled_plan("osaka")
    assert by_label(plan) == {"取組分野": 7}
    assert list(plan.items) == list("1234567")
    assert len(plan.branches) == 24
    assert plan.branch_names["nishinari"] == "西成区"
    assert {code: (ind.actuals[2024], ind.unit) for code, ind in plan.indicators.items()} == {
        "1a": (495, "回"),
        "2a": (400, "回"),
        "3a": (157, "件"),
        "3b": (275, "件"),
        "4a": (412, "世帯"),
        "5a": (28274, "人"),
        "5b": (308, "件"),
        "6a": (53, ""),
        "6b": (35, ""),
        "6c": (355, ""),
        "7a": (33, "人"),
        "7b": (247, "回"),
    }
    separate = [c for c, ind in plan.indicators.items() if ind.parts is Parts.SEPARATE]
    assert separate == ["4a", "5a", "5b", "7a"]
    assert {ind.parts for ind in plan.indicators.values()} == {Parts.SUM, Parts.SEPARATE}
    assert [c for c, ind in plan.indicators.items() if ind.direction is Direction.NONE] == ["7a"]
    assert [c for c, i in plan.indicators.items() if i.measure is Measure.POINT_IN_TIME] == ["5a"]
    for code in ("2a", "3a", "3b", "6a", "6b", "6c"):
        assert "記載がない" in plan.indicators[code].note
    assert not any(indicator.targets for indicator in plan.indicators.values())


def test_osaka_example():
    example = bundled_example("osaka")
    assert (example.open_year, example.report_year, example.last_year) == (2025, 2024, 2025)
    entries = {entry.key: entry.reading for entry in example_entries("osaka")}
    assert entries[CellKey("1a", 2025, Kind.TARGET)].value == 500
    assert entries[CellKey("1a", 2024, Kind.TARGET)].value == 480
    assert not [k for k in entries if k.year >= 2024 and k.kind is Kind.ACTUAL]
    judged = [c for c in bundled_plan("osaka").indicators if c != "7a"]
    for year in (2023, 2024, 2025):
        assert [c for c in judged if CellKey(c, year, Kind.TARGET) not in entries] == []
    assert [c for c in judged if CellKey(c, 2023, Kind.ACTUAL) not in entries] == []
    assert not any(key.branch for key in entries)
    assert bundled_plan("osaka").last_year == 2024
    assert with_example(bundled_plan("osaka"), example).last_year == 2025


# --- the others --------------------------------------------------------------------------


def test_okegawa():
    assert by_label(bundled_plan("okegawa")) == {
        "基本計画": 4,
        "重点目標": 8,
        "活動方針": 15,
        "具体的な取組": 50,
        "住民の取組": 23,
    }


def test_zushi():
    plan = bundled_plan("zushi")
    labels = by_label(plan)
    assert {word: labels[word] for word in ("目標", "項", "施策", "事業", "会議")} == {
        "目標": 3,
        "項": 4,
        "施策": 10,
        "事業": 12,
        "会議": 3,
    }
    works = [item for item in plan.items.values() if item.label == "取り組み"]
    assert Counter(owner.part for item in works for owner in item.owners) == {
        "わたしたち": 26,
        "社協": 29,
        "市": 32,
        "地域包括支援センター": 9,
    }
    starting = [ind.baseline for ind in plan.indicators.values()]
    assert [start.value for start in starting] == [25, 512, 642, 44, 64, 69, 28]
    assert {start.year for start in starting} == {2022}


def test_isesaki():
    plan = bundled_plan("isesaki")
    labels = by_label(plan)
    assert {word: labels[word] for word in ("基本目標", "施策", "重点事業", "重点項目")} == {
        "基本目標": 3,
        "施策": 8,
        "重点事業": 3,
        "重点項目": 15,
    }
    assert plan.branch_codes == ("akabori", "azuma", "sakai")
    everywhere = [i for i in plan.items.values() if i.node.branches == plan.branch_codes]
    assert len(everywhere) == 8
    assert all(item.node.flags == ("重点",) for item in plan.children_of(None) if "P" in item.code)


def test_asahi():
    plan = bundled_plan("asahi")
    assert by_label(plan)["基本目標"] == 4
    lines = [line for _, line in funding_lines(plan).values()]
    assert len(lines) == 25
    assert sum(line.budget.get(2021, 0) for line in lines) == 61_312
    assert sum(line.budget.get(2019, 0) for line in lines) == 67_064
    repeats = {item.code: item.node.repeats for item in plan.items.values() if item.node.repeats}
    assert repeats == {"1-6-5": "3-3", "3-4-3": "4-8", "4-1-6": "4-8"}


def test_money_of_a_plan_becomes_entries():
    entries = {entry.key: entry.reading for entry in plan_entries(bundled_plan("asahi"))}
    assert entries[CellKey("1-4.f2", 2021, Kind.BUDGET)].value == Decimal(38)
    assert entries[CellKey("1-5.f1", 2021, Kind.BUDGET)].forecast
    assert not entries[CellKey("1-5.f1", 2019, Kind.BUDGET)].forecast
    assert {reading.state for reading in entries.values()} == {State.VALUE}


# --- examples and plans that do not fit ---------------------------------------------------


def test_an_example_without_its_item():
    indicator = Indicator(code="x", name="n", direction="higher", measure="annual", example=True)
    example = Example(open_year=2024, report_year=2024, indicators=(("9", indicator),))
    with pytest.raises(PlanProblem, match="項目「9」が計画"):
        with_example(bundled_plan("osaka"), example)


def test_an_example_with_a_code_the_plan_has():
    indicator = Indicator(code="1a", name="n", direction="higher", measure="annual", example=True)
    example = Example(open_year=2024, report_year=2024, indicators=(("1", indicator),))
    with pytest.raises(PlanProblem, match="2回使われています"):
        with_example(bundled_plan("osaka"), example)
