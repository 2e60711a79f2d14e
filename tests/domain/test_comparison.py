from decimal import Decimal

import pytest
from builders import actual, indicator, node, percents, plan, score, target

from shakyo_review.domain.comparison import Badge, Change, compare_years
from shakyo_review.domain.value import State

PLAN = plan(node("1", indicator("a", decimals=1), indicator("b")))


def compared(*years, changed=frozenset(), made=PLAN):
    """Compare 2021, 2022, …; each year is a dict of rates."""
    scores = {
        year: score(made, *percents(rates, year), year=year)
        for year, rates in enumerate(years, 2021)
    }
    return compare_years(scores, changed)


def row(comparison, code="a"):
    return next(r for r in comparison.indicators if r.code == code)


def test_change_is_the_last_year_less_the_one_before():
    result = compared({"a": 10}, {"a": "80.5"}, {"a": 60})
    assert row(result).change == Change(Decimal("-20.5"), Decimal("-20.5"), -1)
    assert row(result).years[0].year == 2021
    assert result.years == (2021, 2022, 2023)


def test_years_are_sorted_however_they_come():
    later, earlier = (
        score(PLAN, *percents({"a": r}, y), year=y) for r, y in ((90, 2022), (50, 2021))
    )
    result = compare_years({2022: later, 2021: earlier})
    assert result.years == (2021, 2022)
    assert row(result).change.actual == 40


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [(85, 90, 0), (50, 100, 1), (100, 99, -1), (State.CANCELLED, 90, None)],
)
def test_change_of_the_letter(before, now, change):
    assert row(compared({"a": before}, {"a": now})).change.rating == change


def test_without_two_figures_nothing_is_said_to_have_changed():
    assert row(compared({"a": 50}, {"a": State.NOT_SURVEYED})).change == Change(None, None, None)
    assert row(compared({"a": 50})).change == Change(None, None, None)
    assert row(compared({"a": 0}, {"a": 0})).change == Change(Decimal(0), Decimal(0), 0)


def test_goals_and_the_whole_plan():
    result = compared({"a": 40, "b": 60}, {"a": 90, "b": 90})
    assert [g.code for g in result.goals] == ["1"]
    assert result.goals[0].change == Change(None, Decimal("40.0"), 1)
    assert result.overall.change.rate == 40
    assert result.overall.code == "ALL"


def test_a_difference_of_what_is_printed():
    """66.7 less 33.3 is printed as 33.4, whatever the exact thirds say."""
    made = plan(node("1", indicator("a")))
    first = score(made, target(3, "a", 2021), actual(1, "a", 2021), year=2021)
    second = score(made, target(3, "a", 2022), actual(2, "a", 2022), year=2022)
    result = compare_years({2021: first, 2022: second})
    assert row(result).change.rate == Decimal("33.4")
    assert result.goals[0].change.rate == Decimal("33.4")


@pytest.mark.parametrize(
    ("years", "badges"),
    [
        (({"a": 50}, {"a": 60}), ()),
        (({}, {"a": 60}), (Badge.NEW,)),
        (({"a": State.NOT_APPLICABLE}, {"a": 60}), (Badge.NEW,)),
        (({"a": State.NOT_DUE}, {"a": 60}), ()),
        (({"a": 50}, {"a": State.NOT_APPLICABLE}), (Badge.STOPPED,)),
        (({}, {"a": State.NOT_APPLICABLE}), ()),
        (({"a": State.NOT_APPLICABLE}, {"a": State.NOT_APPLICABLE}), ()),
        (({"a": State.CANCELLED}, {"a": 60}), (Badge.CANCELLED,)),
        (({"a": 50}, {}), ()),
        (({"a": 60},), ()),
    ],
)
def test_badges(years, badges):
    assert row(compared(*years)).badges == badges


def test_a_changed_target_and_an_example_are_marked():
    changed = frozenset({("a", 2022)})
    result = compared({"a": 50, "b": 50}, {"a": 60, "b": 60}, changed=changed)
    assert row(result).badges == (Badge.TARGET_CHANGED,)
    assert row(result, "b").badges == ()
    one = score(PLAN, target(100, "a"), actual(50, "a", example=True))
    assert row(compare_years({2023: one})).badges == (Badge.EXAMPLE,)
