"""Budget beside result: sums, execution rate, cost per unit; missing is never zero."""

from fractions import Fraction

import pytest
from builders import YEAR, actual, indicator, node, plan, score
from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.domain.money import Amounts, execution_rate, money_of
from shakyo_review.domain.plan import Funding
from shakyo_review.domain.value import State
from shakyo_review.exchange.bundled import bundled_plan


def line(budget=None, settlement=None, name="補助金", year=YEAR, **fields):
    return Funding(
        name=name,
        budget={} if budget is None else {year: budget},
        settlement={} if settlement is None else {year: settlement},
        **fields,
    )


def money(*tree, cells=(), year=YEAR):
    made = plan(*tree)
    return money_of(made, year, score(made, *cells, year=year).indicators)


def of_one(ind, *cells, lines=None, more=()):
    """The cost per unit of an action with a settlement of 1,200千円."""
    found = money(node("1", ind, *more, funding=lines or [line(1000, 1200)]), cells=cells)
    return found.items["1"].unit_cost


# --- sums and rates -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("budget", "settlement", "rate", "reason"),
    [
        (Amounts(1200), Amounts(1180), Fraction(118000, 1200), ""),
        (Amounts(300), Amounts(0), 0, ""),
        (Amounts(100), Amounts(130), 130, ""),
        (Amounts(0), Amounts(0), None, "予算額が0以下"),
        (Amounts(0), Amounts(5), None, "予算額が0以下"),
        (Amounts(), Amounts(5), None, "予算額がない"),
        (Amounts(5), Amounts(None, 1), None, "決算額がない"),
        (Amounts(5), Amounts(4, 1), None, "決算額のない財源が1件ある"),
        (Amounts(5, 2), Amounts(4), None, "予算額のない財源が2件ある"),
    ],
)
def test_the_execution_rate(budget, settlement, rate, reason):
    found = execution_rate(budget, settlement)
    assert (found.value, found.reason) == (rate, reason)


def test_a_goal_adds_up_what_is_under_it():
    found = money(
        node(
            "1",
            node("1-1", funding=[line(100, 90, sources=["市"]), line(50, 60, sources=["会費"])]),
            node("1-2", funding=[line(10, 0, sources=["市"])]),
            funding=[line(1, 1)],
        ),
        node("2"),
    )
    goal = found.items["1"]
    assert (goal.budget.total, goal.settlement.total, goal.difference) == (161, 151, 10)
    assert goal.rate.value == Fraction(15100, 161)
    assert goal.sources == ("市", "会費")
    assert found.items["1-1"].budget.total == 150
    assert (found.items["2"].budget.total, found.items["2"].lines) == (None, 0)
    assert [one.budget.total for one in found.goals] == [161, None]
    assert found.total.budget == goal.budget


def test_a_line_without_settlement_is_missing_and_no_zero():
    found = money(node("1", node("1-1", funding=[line(100, 90)]), node("1-2", funding=[line(50)])))
    assert found.items["1-2"].settlement == Amounts(None, 1)
    assert found.items["1-2"].rate.reason == "決算額がない"
    goal = found.items["1"]
    assert goal.settlement == Amounts(90, 1)
    assert (goal.rate.value, goal.difference) == (None, None)
    assert goal.rate.reason == "決算額のない財源が1件ある"


def test_a_line_of_another_year_is_no_line_of_this_one():
    found = money(node("1", funding=[line(100, 90), line(70, 70, year=YEAR - 1)]))
    assert found.items["1"].rate.value == 90
    assert (found.total.lines, found.total.silent) == (1, 1)


def test_a_forecast_is_marked_up_to_the_plan():
    found = money(
        node(
            "1",
            node("1-1", funding=[line(100, 90, forecast=[YEAR])]),
            node("1-2", funding=[line(5)]),
        )
    )
    marked = [found.items[code].budget.forecast for code in ("1", "1-1", "1-2")]
    assert marked == [True, True, False]
    assert found.total.budget.forecast
    assert not found.total.settlement.forecast  # what was spent is no forecast


def test_a_repeated_item_shows_the_money_and_adds_nothing():
    found = money(
        node("1", node("1-1", funding=[line(100, 90)])),
        node("2", node("2-1", repeats="1-1"), node("2-2", repeats="2-1")),
    )
    for code in ("2-1", "2-2"):
        shown = found.items[code]
        assert (shown.budget.total, shown.repeats, shown.item.code) == (100, "1-1", code)
    assert found.items["2"].budget.total is None
    assert found.total.budget.total == 100


def test_the_known_totals_of_asahi():
    made = bundled_plan("asahi")
    for year, total, lines in ((2021, 61_312, 25), (2019, 67_064, 20)):
        found = money_of(made, year, {})
        assert (found.total.budget.total, found.total.lines) == (total, lines)
        assert sum(goal.budget.total for goal in found.goals) == total
    assert found.items["1-6-5"].repeats == "3-3"
    assert found.total.settlement == Amounts(None, 20)


# --- cost per unit ------------------------------------------------------------------------------


def test_the_cost_of_a_unit():
    cost = of_one(indicator(unit="人"), actual(480))
    assert (cost.value, cost.reason) == (2500, "")
    assert of_one(indicator(unit="人"), actual(7)).value == Fraction(1_200_000, 7)


def test_money_below_the_action_belongs_to_it():
    below = node("1-1", funding=[line(5, 240)])
    assert of_one(indicator(), actual(480), more=[below]).value == 3000


NO_COST = {
    "a share": ({"unit": "％"}, 50, "割合・平均の指標"),
    "a share of branches": ({"parts": "ratio"}, 50, "割合・平均の指標"),
    "a mean of branches": ({"parts": "mean"}, 50, "割合・平均の指標"),
    "a mean of months": ({"periods": "mean"}, 50, "平均・最大の指標"),
    "an outcome": ({"kind": "outcome"}, 50, "活動指標ではない"),
    "a running total": ({"measure": "cumulative"}, 50, "単年度の指標ではない"),
    "a state": ({"measure": "point_in_time"}, 50, "単年度の指標ではない"),
    "money": ({"unit": "千円"}, 50, "金額の指標"),
    "fewer is better": ({"direction": "lower"}, 50, "少ないほど良い指標"),
    "zero": ({}, 0, "実績が0以下"),
    "a forecast": ({}, "50見込み", "実績が見込み"),
    "nothing entered": ({}, State.NOT_ENTERED, "実績が未入力"),
    "cancelled": ({}, State.CANCELLED, "実績が中止"),
}


@pytest.mark.parametrize(("fields", "figure", "reason"), NO_COST.values(), ids=NO_COST)
def test_no_cost_of_a_unit(fields, figure, reason):
    cost = of_one(indicator(**fields), actual(figure))
    assert (cost.value, cost.reason) == (None, reason)


def test_a_figure_measured_in_another_year_is_no_divisor():
    cost = of_one(indicator(), actual(50, measured_year=YEAR - 1))
    assert cost.reason == "実績が別の年度のもの"


def test_a_count_that_is_not_judged_has_a_cost():
    assert of_one(indicator(direction="none"), actual(600)).value == 2000
    cost = of_one(indicator(direction="none", decimals=1), actual(600))
    assert cost.value is None


def test_the_settlement_must_be_complete():
    assert of_one(indicator(), actual(5), lines=[line(5)]).reason == "決算額がない"
    lines = [line(5, 5), line(5)]
    assert of_one(indicator(), actual(5), lines=lines).reason == "決算額のない財源が1件ある"


def test_which_indicator_the_money_bought():
    one, two = indicator("a"), indicator("b", main=True)
    assert of_one(one, actual(5, "b"), more=[two]).indicator is two
    cost = of_one(one, actual(5, "a"), more=[indicator("b")])
    assert cost.reason == "主たる指標が決まっていない"
    cost = of_one(one, actual(5, "a"), more=[node("1-1", indicator("c"))])
    assert cost.reason == "下位の項目にも指標がある"
    assert money(node("1", funding=[line(5, 5)])).items["1"].unit_cost.reason == "指標のない項目"


# --- what always holds ---------------------------------------------------------------------------

PAIRS = st.tuples(st.none() | st.integers(0, 10**6), st.none() | st.integers(0, 10**6))
LINES = st.lists(st.lists(PAIRS, max_size=3), min_size=1, max_size=4)


@given(LINES)
def test_the_children_make_the_parent(groups):
    nodes = [
        node(f"1-{i}", funding=[line(*pair) for pair in group]) for i, group in enumerate(groups)
    ]
    found = money(node("1", *nodes))
    for kind in ("budget", "settlement"):
        parts = [getattr(found.items[f"1-{i}"], kind) for i in range(len(groups))]
        whole = getattr(found.items["1"], kind)
        given_parts = [part.total for part in parts if part.total is not None]
        assert whole.total == (sum(given_parts) if given_parts else None)
        assert whole.missing == sum(part.missing for part in parts)
        assert getattr(found.total, kind) == whole


@given(LINES)
def test_repeating_changes_no_total(groups):
    nodes = [
        node(f"1-{i}", funding=[line(*pair) for pair in group]) for i, group in enumerate(groups)
    ]
    again = node("2", *(node(f"2-{i}", repeats=f"1-{i}") for i in range(len(groups))))
    once, twice = money(node("1", *nodes)), money(node("1", *nodes), again)
    assert once.total == twice.total
    assert once.items["1"] == twice.items["1"]
    assert twice.items["2"].budget.total is None
