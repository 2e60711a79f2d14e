"""Targets of the years between baseline and final year, and the pace towards them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from builders import actual, indicator, on_the_way, score_one, target
from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.domain.rate import Reason, path_target
from shakyo_review.domain.scoring import TargetSource

D = Decimal


def targets(ind, years=range(2019, 2028)):
    return {year: value for year in years if (value := path_target(ind, year)) is not None}


def test_linear():
    assert targets(on_the_way()) == {
        2021: 120,
        2022: 140,
        2023: 160,
        2024: 180,
        2025: 200,
        2026: 200,
        2027: 200,
    }


def test_linear_is_rounded_half_up_because_it_is_printed():
    assert targets(on_the_way(b=0, t=1), range(2021, 2025)) == {2021: 0, 2022: 0, 2023: 1, 2024: 1}
    assert path_target(on_the_way(b=0, t=1, decimals=1), 2022) == D("0.4")


def test_linear_downwards():
    assert path_target(on_the_way(direction="lower", b=10, t=0), 2023) == 4


def test_stepped():
    ind = on_the_way(path="stepped", steps={2021: 110, 2023: 150})
    assert targets(ind) == {
        2021: 110,
        2022: 110,
        2023: 150,
        2024: 150,
        2025: 200,
        2026: 200,
        2027: 200,
    }


def test_explicit_gives_nothing_but_the_final_target():
    ind = on_the_way(path="explicit", against="year_target")
    assert targets(ind) == {2025: 200, 2026: 200, 2027: 200}
    one = score_one(ind, target(130), actual(130))
    assert one.target.source is TargetSource.ENTERED
    assert one.met is True
    assert score_one(ind, actual(130)).reason is Reason.NO_TARGET


def test_pace_in_percent_a_year():
    ind = indicator(
        target_kind="final_year", path="pace", pace_percent=10, baseline=(100, 2020), decimals=1
    )
    assert targets(ind, range(2020, 2024)) == {2021: 110, 2022: 121, 2023: D("133.1")}
    falling = ind.model_copy(update={"pace_percent": D("-5")})
    assert path_target(falling, 2022) == D("90.3")  # 90.25


def test_cumulative_targets_are_running_totals_too():
    ind = on_the_way(b=0, t=500, measure="cumulative", against="year_target")
    one = score_one(ind, actual(270))
    assert one.target.value == 300
    assert one.met is False
    assert one.display == "90.0%"  # of the running total expected by now, from 0


def test_an_entered_target_wins_over_the_path():
    one = score_one(on_the_way(against="year_target"), target(180), actual(180))
    assert one.target.value == 180
    assert one.display == "100.0%"


def test_against_this_year_and_against_the_final_target():
    year = score_one(on_the_way(against="year_target"), actual(150))
    final = score_one(on_the_way(), actual(150))
    assert (year.used_target, final.used_target) == (160, 200)
    assert (year.display, final.display) == ("83.3%", "50.0%")
    assert year.pace is None
    assert final.printed_pace == D("83.3")
    assert (year.rating, final.rating) == ("B", "B")


def test_no_path_in_a_plan_of_yearly_targets():
    ind = indicator(baseline=(100, 2020), final_target=(200, 2025))
    assert targets(ind) == {}
    assert score_one(ind, actual(150)).reason is Reason.NO_TARGET


@pytest.mark.parametrize("missing", ["b", "t"])
def test_a_path_without_its_ends(missing):
    ind = on_the_way(**{missing: None})
    assert path_target(ind, 2023) is None


@pytest.mark.parametrize(
    ("year", "share"), [(2020, None), (2021, "20"), (2024, "80"), (2025, "100"), (2026, "100")]
)
def test_linear_share_of_the_period(year, share):
    one = score_one(on_the_way(), actual(150, year=year), year=year)
    assert one.share == (None if share is None else Fraction(share) / 100)
    if share is None:
        assert one.reason is Reason.NO_PACE
        assert one.rating is None


@pytest.mark.parametrize(
    ("year", "a", "pace", "letter"),
    [
        (2021, 150, None, None),  # 宮城 rates nothing in the first year
        (2022, 125, "50.0", "D"),
        (2023, 160, "80.0", "B"),
        (2023, 175, "100.0", "A"),
        (2024, 160, "60.0", "C"),
        (2025, 199, "99.0", "B"),
    ],
)
def test_listed_pace_of_miyagi(year, a, pace, letter):
    one = score_one(
        on_the_way(), actual(a, year=year), year=year, rule_set="miyagi", scale="miyagi"
    )
    assert one.printed_pace == (None if pace is None else D(pace))
    assert one.rating == letter
    assert one.reason is (Reason.NO_PACE if letter is None else None)


@pytest.mark.parametrize(
    ("a", "shown", "letter"),
    [
        (80, "0%未満", "D"),
        (100, "0.0%", "D"),
        (150, "50.0%", "C"),
        (200, "100.0%", "A"),
        (240, "100%超", "A"),
    ],
)
def test_miyagi_prints_words_outside_the_bounds_and_decides_on_the_number(a, shown, letter):
    one = score_one(on_the_way(), actual(a), rule_set="miyagi", scale="miyagi")
    assert one.display == shown
    assert one.rating == letter


@pytest.mark.parametrize(
    ("preset", "a", "shown"),
    [
        ("gifu", 80, "0%"),
        ("gifu", 658, "558%"),
        ("gifu", 150, "50%"),
        ("shiga", 80, "0.0%"),
        ("shiga", 240, "100.0%"),
        ("standard", 80, "△20.0%"),
        ("standard", 240, "140.0%"),
    ],
)
def test_floor_and_ceiling_of_the_presets(preset, a, shown):
    assert score_one(on_the_way(), actual(a), rule_set=preset).display == shown


@pytest.mark.parametrize(("decide_on", "letter"), [("exact", "B"), ("printed", "A")])
def test_letters_on_the_exact_or_on_the_printed_rate(decide_on, letter):
    one = score_one(
        indicator(decimals=2), target(100), actual("99.95"), rule_set={"decide_on": decide_on}
    )
    assert one.display == "100.0%"
    assert one.rating == letter


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(0, 2))
def test_a_linear_path_never_leaves_the_way_between_its_ends(b, t, decimals):
    ind = on_the_way(b=b, t=t, decimals=decimals)
    way = [D(b), *(path_target(ind, year) for year in range(2021, 2026))]
    assert way == sorted(way, reverse=t < b)
    assert way[-1] == t
