"""The half-year check: what is reached, and where the year would land, said to be an estimate."""

from decimal import Decimal
from fractions import Fraction

import pytest
from builders import YEAR, actual, indicator, node, plan, target
from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.domain.cell import HALVES, MONTHS, QUARTERS, CellTable, Kind
from shakyo_review.domain.landing import Basis, end_of, landing, landings
from shakyo_review.domain.rollup import year_figure
from shakyo_review.domain.scoring import score_indicator
from shakyo_review.domain.value import State

D = Decimal
WARDS = [{"code": "kita", "name": "北区"}, {"code": "minami", "name": "南区"}]


def check(ind, *cells, until="", **fields):
    return landing(plan(node("1", ind), **fields), ind, CellTable.of(cells), YEAR, until)


def months(figures, periods=MONTHS, **fields):
    return [
        actual(figure, period=period, **fields)
        for figure, period in zip(figures, periods, strict=False)
        if figure is not None
    ]


def landed(one):
    return None if one.whole is None else one.whole.reading.value


# --- the arithmetic ------------------------------------------------------------------------

CASES = {
    "a sum goes on at its pace": ({}, [10, 20, 30], "240"),
    "half a year doubles": ({}, [10] * 6, "120"),
    "rounded half up": ({}, [1, 0, 0, 0, 0, 0, 0, 0], "2"),  # 1.5
    "rounded down": ({}, [1, 1, 1, 1, 1, 1, 3], "15"),  # 9 × 12 ÷ 7 = 15.43
    "with decimals": ({"decimals": 1}, [1, 1, 1, 1, 1, 1, 3], "15.4"),
    "zeros are values": ({}, [0, 0, 6, 0, 0, 0], "12"),
    "nothing but zeros": ({}, [0, 0], "0"),
    "the last figure stands": ({"measure": "point_in_time"}, [40, 41, 39], "39"),
    "a running total stands": ({"measure": "cumulative"}, [5, 9, 12], "12"),
    "the mean so far": ({"periods": "mean", "decimals": 1}, [2, 4, 6], "4.0"),
    "the maximum so far": ({"periods": "max"}, [2, 9, 6], "9"),
    "a gap is open like what is to come": ({}, [10, None, 30], "240"),
    "what is being counted is open": ({}, [10, State.BEING_COUNTED, 30], "240"),
    "a cancelled month has gone by": ({}, [10, State.CANCELLED, 10], "110"),
    "most of the year cancelled": ({}, [State.CANCELLED] * 10 + [7], "14"),
    "a share keeps its denominators": (
        {"parts": "ratio", "periods": "sum", "decimals": 1}, ["1/2", "30/100"], "30.4"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "figures", "value"), CASES.values(), ids=CASES)
def test_the_landing(fields, figures, value):
    one = check(indicator(**fields), *months(figures))
    assert one.basis is Basis.ESTIMATE
    assert landed(one) == D(value)
    assert one.whole.reading.forecast
    assert one.word == "推計"
    assert one.text.endswith("（推計）")


@pytest.mark.parametrize(("periods", "share"), [(QUARTERS, 3), (HALVES, 6)])
def test_quarters_and_halves_count_their_months(periods, share):
    one = check(indicator(), *months([30], periods))
    assert landed(one) == 30 * 12 // share
    assert one.months == (share, share)
    assert one.due == share
    assert one.months_text == f"{share}か月分"


def test_what_is_reached_stands_beside_the_landing_and_the_target():
    one = check(indicator(), target(130), *months([10] * 6))
    assert one.so_far.reading.value == 60
    assert one.target.value == 130
    assert one.score.display == "92.3%"  # 120 of 130
    assert one.score.rating == "B"


def test_a_rate_is_taken_against_what_is_printed():
    one = check(indicator(), target(15), *months([1, 1, 1, 1, 1, 1, 3]))
    assert one.score.rate == 100  # 15.43 is said to be 15


def test_a_mean_keeps_its_exact_value_as_in_a_full_year():
    one = check(indicator(periods="mean"), target(1), *months([1, 1, 2]))
    assert (landed(one), one.score.rate * 3) == (1, 400)


@pytest.mark.parametrize(("goal", "label"), [(120, "達成見込み"), (121, "未達成見込み")])
def test_the_scale_reads_the_landing_as_a_forecast(goal, label):
    one = check(indicator(), target(goal), *months([10] * 6), scale="fukushima")
    assert one.score.rating == label


# --- the moment of the check -----------------------------------------------------------------


def test_until_leaves_out_what_came_later():
    cells = months([10] * 6 + [100] * 6)
    for until in ("09", "Q2", "H1"):
        one = check(indicator(), *cells, until=until)
        assert (one.so_far.reading.value, landed(one)) == (60, 120)
        assert (one.months, one.due) == ((6, 6), 6)
    whole = check(indicator(), *cells)
    assert whole.basis is Basis.FIGURE
    assert (landed(whole), whole.text) == (660, "660（実績）")


def test_until_leaves_out_the_figure_of_the_year():
    cells = [actual(500), *months([10] * 6)]
    assert landed(check(indicator(), *cells, until="H1")) == 120
    stands = check(indicator(), *cells)
    assert (stands.basis, landed(stands)) == (Basis.FIGURE, 500)
    assert stands.so_far.reading.value == 60
    assert stands.notes == ("年度の値が入力済み",)


def test_a_year_that_was_cancelled_is_not_estimated():
    one = check(indicator(), actual(State.CANCELLED), *months([10] * 6))
    assert (one.basis, one.text) == (Basis.FIGURE, "中止（実績）")


def test_what_is_due_and_not_in_is_named():
    one = check(indicator(), *months([10, None, 10]), until="08")
    assert (one.months, one.due) == ((2, 2), 5)
    assert one.notes == ("未入力: 5月・7月・8月",)
    up_to_the_last = check(indicator(), *months([10, None, 10]))
    assert up_to_the_last.due == 3
    assert up_to_the_last.notes == ("未入力: 5月",)


@pytest.mark.parametrize(
    ("cells", "until", "reason"),
    [
        ([actual(30, period="Q1")], "05", "この時点までに終わる期間がない"),
        ([actual(30, period="10")], "09", "実績がまだ入力されていない"),
        ([actual(State.BEING_COUNTED, period="04")], "", "実績がまだ入力されていない"),
        ([actual("30見込み", period="04")], "", "見込みだけで、実績がまだない"),
        ([actual(State.CANCELLED, period="04")], "", "値のある期間がない（中止）"),
    ],
)
def test_nothing_to_estimate_from(cells, until, reason):
    one = check(indicator(), target(100), *cells, until=until)
    assert one.basis is Basis.NONE
    assert one.reason == reason
    assert (one.whole, one.score, one.text) == (None, None, "")


def test_an_indicator_kept_by_the_year_is_not_estimated():
    one = check(indicator(), target(100), actual(State.NOT_SURVEYED))
    assert one.basis is Basis.YEARLY
    assert one.yearly.reading.state is State.NOT_SURVEYED
    assert (one.whole, one.score, one.so_far) == (None, None, None)
    assert check(indicator()).basis is Basis.YEARLY


# --- states and forecasts ---------------------------------------------------------------------


def test_a_state_is_told_and_is_no_zero():
    with_state = check(indicator(), *months([10, State.CANCELLED, 10]))
    with_zero = check(indicator(), *months([10, 0, 10]))
    assert (landed(with_state), landed(with_zero)) == (110, 80)
    assert with_state.notes == ("値なし: 5月は中止",)
    assert with_state.months == (3, 3)


def test_a_forecast_stands_apart():
    one = check(indicator(), actual("150見込み"), *months([10] * 6))
    assert one.typed.reading.value == 150
    assert (one.so_far.reading.value, landed(one)) == (60, 120)


def test_months_that_are_forecasts_are_no_actuals():
    one = check(indicator(), *months([10] * 6 + ["30見込み"] * 6))
    assert (one.so_far.reading.value, landed(one)) == (60, 120)
    assert one.typed.reading.value == 240
    assert one.notes == ("見込みのため含めない: 10月・11月・12月・1月・2月ほか1件",)


def test_the_step_of_a_process_stands_as_it_is():
    steps = [{"label": "準備", "points": 25}, {"label": "実施中", "points": 60}]
    ind = indicator(measure="point_in_time", direction="none", rule="milestone", milestones=steps)
    one = check(ind, actual("実施中", period="Q1"))
    assert one.basis is Basis.ESTIMATE
    assert one.text == "実施中（推計）"
    assert one.score.rate == 60
    assert one.notes == ()


# --- branches -----------------------------------------------------------------------------------


def test_every_branch_goes_on_at_its_own_pace():
    cells = [*months([10] * 6, branch="kita"), *months([1] * 7, branch="minami")]
    one = check(indicator(parts="sum"), *cells, branches=WARDS)
    assert one.so_far.reading.value == 67
    assert landed(one) == 132  # 120 + 12
    assert one.months == (6, 7)
    assert one.months_text == "6〜7か月分"
    assert one.notes == ("未入力: 北区 10月",)


def test_thirds_and_sevenths_are_added_before_they_are_rounded():
    cells = [*months([1] * 6 + [3], branch="kita"), *months([1] * 10 + [2], branch="minami")]
    one = check(indicator(parts="sum"), *cells, branches=WARDS)
    assert landed(one) == 29  # 15.43 + 13.09 = 28.52
    mean = check(indicator(parts="mean", decimals=2), *cells, branches=WARDS)
    assert landed(mean) == D("14.26")


def test_a_branch_without_any_figure_is_missing_and_no_zero():
    cells = months([10] * 6, branch="kita")
    for more in ([], [actual(State.BEING_COUNTED, period="04", branch="minami")]):
        one = check(indicator(parts="sum"), *cells, *more, branches=WARDS)
        assert one.basis is Basis.NONE
        assert one.reason == "未入力: 南区"
        assert one.so_far.interim == 60


def test_a_branch_that_gave_its_year_is_not_carried_on():
    cells = [*months([10] * 6, branch="kita"), actual(50, branch="minami")]
    one = check(indicator(parts="sum"), *cells, branches=WARDS)
    assert landed(one) == 170
    assert one.notes == ("年度の値による: 南区",)
    early = check(indicator(parts="sum"), *cells, branches=WARDS, until="H1")
    assert early.reason == "未入力: 南区"


def test_branches_of_a_published_figure_do_not_make_it():
    cells = months([10] * 6, branch="kita")
    assert check(indicator(), *cells, branches=WARDS).basis is Basis.YEARLY
    one = check(indicator(), *cells, *months([1] * 3), branches=WARDS)
    assert landed(one) == 12


def test_shares_of_branches():
    ind = indicator(parts="ratio", decimals=1)
    cells = [*months(["1/2"] * 6, branch="kita"), *months(["30/100"] * 3, branch="minami")]
    one = check(ind, *cells, branches=WARDS)
    assert landed(one) == D("30.4")  # (12 + 360) of (24 + 1200)


def test_a_share_that_is_carried_on_stays_a_share_and_exact():
    ind = indicator(parts="ratio", decimals=1)
    cells = [*months(["1/2"] * 7, branch="kita"), *months(["30/100"] * 11, branch="minami")]
    one = check(ind, target(10), *cells, branches=WARDS)
    assert one.whole.amount == Fraction(37200, 1224)
    assert landed(one) == D("30.4")


def test_a_branch_the_plan_no_longer_names_is_asked_for_too():
    cells = [
        *months([10] * 6, branch="kita"),
        actual(State.BEING_COUNTED, period="04", branch="minami"),
    ]
    one = check(indicator(parts="sum"), *cells, branches=WARDS[:1])
    assert one.reason == "未入力: minami"


def test_the_months_are_those_of_what_is_in_force():
    ward, own = months([10] * 6, branch="kita"), months([100] * 3)
    branches = check(indicator(parts="sum"), *ward, *own, branches=WARDS[:1])
    assert (landed(branches), branches.months) == (120, (6, 6))
    whole = check(indicator(parts="sum"), *ward, *own, branches=WARDS)
    assert (landed(whole), whole.months) == (1200, (3, 3))


def test_a_whole_plan_in_print_order():
    made = plan(node("1", indicator("a"), indicator("b")), node("2", indicator("c")))
    cells = CellTable.of([actual(10, "b", period="H1"), actual(3, "c")])
    found = landings(made, cells, YEAR)
    assert [(one.indicator.code, one.basis) for one in found] == [
        ("a", Basis.YEARLY), ("b", Basis.ESTIMATE), ("c", Basis.YEARLY),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "twelfths"), [("04", 1), ("09", 6), ("03", 12), ("Q3", 9), ("H1", 6), ("", 12)]
)
def test_the_share_of_the_year_at_the_end_of_a_period(period, twelfths):
    assert end_of(period) * 12 == twelfths


# --- what always holds ------------------------------------------------------------------------

AMOUNTS = st.integers(0, 10**6)
STATES = st.sampled_from([State.CANCELLED, State.NOT_APPLICABLE, State.NOT_SURVEYED])
RULES = st.sampled_from(["sum", "last", "mean", "max"])


@given(rule=RULES, figures=st.lists(AMOUNTS | STATES, min_size=12, max_size=12))
def test_a_year_that_is_all_in_lands_on_its_figure(rule, figures):
    ind, cells = indicator(periods=rule, decimals=1), months(figures)
    one = check(ind, target(50), *cells)
    assert one.basis is Basis.FIGURE
    assert one.whole == year_figure(ind, CellTable.of(cells), YEAR, Kind.ACTUAL)
    made = plan(node("1", ind))
    scored = score_indicator(made, ind, CellTable.of([target(50), *cells]), YEAR)
    assert (one.score.rate, one.score.rating) == (scored.rate, scored.rating)


@given(
    rule=RULES,
    figures=st.lists(AMOUNTS | STATES | st.none(), min_size=1, max_size=12),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_months_changes_nothing(rule, figures, order):
    cells = months(figures)
    mixed = list(cells)
    order.shuffle(mixed)
    ind = indicator(periods=rule, decimals=1)
    assert check(ind, *cells) == check(ind, *mixed)


@given(figures=st.lists(AMOUNTS, min_size=1, max_size=11))
def test_a_sum_is_carried_on_by_the_periods_that_are_in(figures):
    total = D(sum(figures) * 12)
    one = check(indicator(decimals=4), *months(figures))
    assert abs(landed(one) * len(figures) - total) <= D("0.0001") * len(figures) / 2


@given(figures=st.lists(AMOUNTS, min_size=3, max_size=3), until=st.sampled_from(["Q1", "Q2", "Q3"]))
def test_months_and_quarters_land_alike(figures, until):
    quarters = months(figures, QUARTERS)
    thirds = [actual(f, period=MONTHS[3 * i + 2]) for i, f in enumerate(figures)]
    thirds += [actual(0, period=MONTHS[3 * i + j]) for i in range(3) for j in (0, 1)]
    there = check(indicator(), *quarters, until=until)
    back = check(indicator(), *thirds, until=until)
    assert landed(there) == landed(back)
    assert there.months == back.months
