"""Months and branches into the figure of the year."""

from decimal import Decimal

import pytest
from builders import YEAR, actual, indicator, node, plan, score_one, target

from shakyo_review.domain.cell import MONTHS, CellTable, Kind, check_period
from shakyo_review.domain.rate import Reason
from shakyo_review.domain.rollup import year_figure
from shakyo_review.domain.scoring import score_indicator
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import WrongUsage

D = Decimal
WARDS = [f"{n:02}" for n in range(1, 25)]
BRANCHES = [{"code": code, "name": f"第{code}区"} for code in WARDS]


def figure(ind, *cells, branches=()):
    names = [(code, f"第{code}区") for code in branches]
    return year_figure(ind, CellTable.of(cells), YEAR, Kind.ACTUAL, names)


def months(figures, **fields):
    return [actual(v, period=p, **fields) for p, v in zip(MONTHS, figures, strict=False)]


def wards(figures):
    return [actual(v, branch=c) for c, v in zip(WARDS, figures, strict=False)]


# --- periods -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "value"), [("sum", "78"), ("last", "12"), ("mean", "6.5"), ("max", "12")]
)
def test_twelve_months_make_the_year(rule, value):
    whole = figure(indicator(periods=rule, decimals=1), *months(range(1, 13)))
    assert whole.reading == Reading(State.VALUE, D(value))
    assert whole.missing == ()


@pytest.mark.parametrize(
    ("measure", "value"), [("annual", 78), ("cumulative", 12), ("point_in_time", 12)]
)
def test_only_a_yearly_count_is_summed_when_nothing_is_said(measure, value):
    assert figure(indicator(measure=measure), *months(range(1, 13))).reading.value == value


def test_a_missing_month_makes_an_interim_figure_that_is_not_scored():
    cells = months([10] * 12)
    del cells[2]
    one = score_one(indicator(), target(120), *cells)
    assert one.actual.reading.state is State.BEING_COUNTED
    assert one.actual.amount is None
    assert one.actual.interim == 110
    assert one.actual.missing == ("6月",)
    assert one.rating is None
    assert one.reason is Reason.NO_ACTUAL


@pytest.mark.parametrize("state", [State.BEING_COUNTED, State.NOT_PUBLISHED, State.UNKNOWN])
def test_a_month_that_is_still_to_come_is_missing(state):
    whole = figure(indicator(), *months([10] * 11 + [state]))
    assert whole.missing == ("3月",)
    assert whole.reading.state is State.BEING_COUNTED


def test_a_cancelled_month_has_answered():
    whole = figure(indicator(), *months([10] * 11 + [State.CANCELLED]))
    assert whole.reading == Reading(State.VALUE, D(110))


def test_zero_months_count():
    assert figure(indicator(), *months([0] * 12)).reading == Reading(State.VALUE, D(0))
    mean = figure(indicator(periods="mean"), *months([0] * 6 + [10] * 6))
    assert mean.reading.value == 5


def test_months_without_any_value_keep_their_state():
    whole = figure(indicator(), *months([State.CANCELLED] * 12))
    assert whole.reading == Reading(State.CANCELLED)


def test_last_needs_the_last_period_only():
    ind = indicator(measure="point_in_time")
    assert figure(ind, actual(7, period="03")).reading.value == 7
    open_end = figure(ind, actual(7, period="04"))
    assert open_end.reading.state is State.BEING_COUNTED
    assert open_end.interim == 7


@pytest.mark.parametrize("periods", [("Q1", "Q2", "Q3", "Q4"), ("H1", "H2")])
def test_quarters_and_halves(periods):
    whole = figure(indicator(), *(actual(5, period=p) for p in periods))
    assert whole.reading.value == 5 * len(periods)
    partial = figure(indicator(), *(actual(5, period=p) for p in periods[:-1]))
    assert len(partial.missing) == 1


def test_a_typed_year_stands_until_the_months_are_complete():
    typed = figure(indicator(), actual(500), *months([10] * 5))
    assert typed.reading.value == 500
    complete = figure(indicator(), actual(500), *months([10] * 12))
    assert complete.reading.value == 120
    assert any("500" in step for step in complete.steps)  # the difference is told


def test_a_forecast_month_makes_a_forecast_year():
    assert figure(indicator(), *months([10] * 11 + ["10見込み"])).reading.forecast


def test_steps_of_a_process_take_the_last_word():
    ind = indicator(measure="point_in_time", direction="none")
    whole = figure(ind, *(actual(v, period=p) for p, v in (("H1", "準備"), ("H2", "実施中"))))
    assert whole.reading == Reading(State.TEXT, text="実施中")


@pytest.mark.parametrize(
    ("rule", "percent"),
    [("sum", "30.4"), ("last", "30"), ("mean", "30.4"), ("max", "50")],
)
def test_periods_of_a_share_keep_their_denominators(rule, percent):
    ind = indicator(parts="ratio", periods=rule, decimals=1)
    whole = figure(ind, actual("1/2", period="H1"), actual("30/100", period="H2"))
    assert whole.reading.value == D(percent)


def test_a_share_without_denominator_is_not_mixed_in():
    ind = indicator(parts="ratio", decimals=1)
    whole = figure(ind, actual("30/100", period="H1"), actual("45.2", period="H2"))
    assert whole.amount is None
    assert whole.missing == ("下半期の分母",)
    assert whole.interim == 30


# --- branches ------------------------------------------------------------------------------


def test_twenty_four_wards_make_the_city():
    whole = figure(indicator(parts="sum"), *wards(range(1, 25)), branches=WARDS)
    assert whole.reading == Reading(State.VALUE, D(300))


def test_one_missing_ward_leaves_the_city_open():
    whole = figure(indicator(parts="sum"), *wards([10] * 23), branches=WARDS)
    assert whole.reading.state is State.BEING_COUNTED
    assert whole.amount is None
    assert whole.interim == 230
    assert whole.missing == ("第24区",)


def test_a_cancelled_ward_is_left_out_and_named():
    cells = [*wards([10] * 23), actual(State.CANCELLED, branch="24")]
    whole = figure(indicator(parts="sum"), *cells, branches=WARDS)
    assert whole.reading.value == 230
    assert any("第24区" in step for step in whole.steps)
    mean = figure(indicator(parts="mean"), *cells, branches=WARDS)
    assert mean.reading.value == 10


@pytest.mark.parametrize("state", [State.CANCELLED, State.NOT_SURVEYED, State.NOT_DUE])
def test_a_state_of_all_wards_is_the_state_of_the_city(state):
    cells = [actual(state, branch=code) for code in WARDS]
    whole = figure(indicator(parts="sum"), *cells, branches=WARDS)
    assert whole.reading == Reading(state)


def test_wards_to_which_it_does_not_apply_do_not_decide_the_state():
    cells = [actual(State.NOT_APPLICABLE, branch=code) for code in WARDS[:-1]]
    cells.append(actual(State.CANCELLED, branch="24"))
    assert figure(indicator(parts="sum"), *cells, branches=WARDS).reading.state is State.CANCELLED


def test_complete_wards_win_over_a_typed_total_and_tell_the_difference():
    cells = [actual(495), *wards([20] * 24)]
    whole = figure(indicator(parts="sum"), *cells, branches=WARDS)
    assert whole.reading.value == 480
    assert any("495" in step for step in whole.steps)


def test_a_typed_total_stands_while_wards_are_missing():
    whole = figure(indicator(parts="sum"), actual(495), *wards([20] * 23), branches=WARDS)
    assert whole.reading.value == 495
    assert whole.missing == ("第24区",)


def test_separate_takes_the_published_figure_only():
    ind = indicator(parts="separate")
    assert figure(ind, actual(412), *wards([10] * 24), branches=WARDS).reading.value == 412
    assert figure(ind, *wards([10] * 24), branches=WARDS).reading.state is State.NOT_ENTERED


def test_separate_may_have_months_of_its_own():
    cells = [*months([10] * 12), *wards([3] * 24)]
    whole = figure(indicator(parts="separate"), *cells, branches=WARDS)
    assert whole.reading.value == 120
    assert whole.missing == ()


def test_unfinished_months_of_the_whole_do_not_open_complete_wards():
    cells = [*months([10] * 3), *wards([20] * 24)]
    whole = figure(indicator(parts="sum"), *cells, branches=WARDS)
    assert whole.reading.value == 480
    assert whole.missing == ()


def test_mean_is_exact_and_shown_rounded():
    whole = figure(indicator(parts="mean"), *wards([1, 1, 2]), branches=WARDS[:3])
    assert whole.amount * 3 == 4
    assert whole.reading.value == 1


def test_a_ward_without_denominator_keeps_a_share_open():
    ind = indicator(parts="ratio", decimals=1)
    whole = figure(ind, *wards(["1/2", "45.2"]), branches=WARDS[:2])
    assert whole.amount is None
    assert whole.missing == ("第02区の分母",)
    assert whole.interim == 50
    bare = figure(ind, *wards(["45.2", "30"]), branches=WARDS[:2])
    assert bare.missing == ("第01区の分母", "第02区の分母")
    assert bare.interim is None


def test_a_share_typed_for_the_whole_is_its_percentage():
    ind = indicator(parts="ratio", decimals=1)
    whole = figure(ind, actual("31/102"))
    assert whole.reading.value == D("30.4")
    assert whole.amount * 102 == 3100


def test_the_same_share_typed_as_a_whole_and_by_wards_is_no_difference():
    ind = indicator(parts="ratio", decimals=1)
    whole = figure(ind, actual("31/102"), *wards(["1/2", "30/100"]), branches=WARDS[:2])
    assert not any("異なる" in step for step in whole.steps)


def test_months_of_wards():
    cells = [*months([1] * 12, branch="01"), *months([2] * 12, branch="02")]
    whole = figure(indicator(parts="sum"), *cells, branches=WARDS[:2])
    assert whole.reading.value == 36
    open_month = figure(indicator(parts="sum"), *cells[:-1], branches=WARDS[:2])
    assert open_month.missing == ("第02区 3月",)
    assert open_month.interim == 34


def test_a_ward_may_have_a_year_figure_until_its_months_are_complete():
    ward = actual(500, branch="01")
    complete = figure(indicator(parts="sum"), ward, *months([1] * 12, branch="01"))
    assert complete.reading.value == 12
    begun = figure(indicator(parts="sum"), ward, *months([1] * 5, branch="01"))
    assert begun.reading.value == 500
    assert begun.missing == ()


def test_only_the_wards_in_which_the_action_runs_are_asked():
    ind = indicator(parts="sum")
    made = plan(node("1", ind, branches=["01", "02"]), branches=BRANCHES)
    table = CellTable.of([target(40), *wards([20, 20])])
    one = score_indicator(made, ind, table, YEAR)
    assert one.actual.reading.value == 40
    everywhere = plan(node("1", ind), branches=BRANCHES)
    assert len(score_indicator(everywhere, ind, table, YEAR).actual.missing) == 22


def test_targets_of_some_wards_are_not_the_target_of_the_city():
    cells = [target(20, branch=code) for code in WARDS[:3]]
    one = score_one(indicator(parts="sum"), *cells, *wards([20] * 24), branches=BRANCHES)
    assert one.target.value is None
    assert one.rate is None
    complete = [target(20, branch=code) for code in WARDS]
    one = score_one(indicator(parts="sum"), *complete, *wards([10] * 24), branches=BRANCHES)
    assert one.target.value == 480
    assert one.display == "50.0%"


def test_order_of_cells_changes_nothing():
    cells = [*months([1] * 12, branch="01"), *months(range(12), branch="02"), actual(9)]
    ind = indicator(parts="sum", measure="point_in_time")
    there = figure(ind, *cells, branches=WARDS[:2])
    back = figure(ind, *reversed(cells), branches=WARDS[:2])
    assert there.reading == back.reading
    assert there.missing == back.missing


@pytest.mark.parametrize(
    ("typed", "code"),
    [("4", "04"), ("04", "04"), ("12", "12"), ("４", "04"), ("4月", "04"), ("q1", "Q1"), ("Ｑ１", "Q1"),
     ("第1四半期", "Q1"), ("上半期", "H1"), (" h2 ", "H2"), ("", "")],
)  # fmt: skip
def test_period_codes(typed, code):
    assert check_period(typed) == code


@pytest.mark.parametrize("typed", ["13", "0", "Q5", "前期", "4.5"])
def test_unknown_periods(typed):
    with pytest.raises(WrongUsage, match="期間"):
        check_period(typed)
