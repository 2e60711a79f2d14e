"""The cases of design/scoring.md §9, figure by figure."""

from decimal import Decimal

import pytest
from builders import actual, indicator, on_the_way, score_one, target

from shakyo_review.domain.rate import Reason
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.value import half_up

D = Decimal

# number, direction, baseline, target, actual, decimals: simple, baseline, baseline ÷ pace, met
CASES = [
    (1, "higher", "100", "200", "150", "75.0", "50.0", "83.3", False),
    (2, "higher", "100", "200", "100", "50.0", "0.0", "0.0", False),
    (3, "higher", "100", "200", "80", "40.0", "-20.0", "-33.3", False),
    (4, "higher", "100", "200", "240", "120.0", "140.0", "233.3", True),
    (5, "lower", "100", "50", "75", None, "50.0", "83.3", False),
    (6, "lower", "100", "50", "40", None, "120.0", "200.0", True),
    (7, "lower", "100", "50", "120", None, "-40.0", "-66.7", False),
    (8, "lower", "10", "0", "4", None, "60.0", "100.0", False),
    (9, "keep_min", "100", "100", "95", "95.0", "95.0", None, False),
    (10, "higher", "0", "50", "20", "40.0", "40.0", "66.7", False),
    (11, "higher", "90", "100", "99", "99.0", "90.0", "150.0", False),
    (12, "higher", "10", "20", "0", "0.0", "-100.0", "-166.7", False),
    (13, "keep_max", "100", "100", "105", None, "95.0", None, False),
    (15, "higher", "0.08", "0.1", "0.09", "90.0", "50.0", "83.3", False),
]
TABLE = pytest.mark.parametrize(
    ("direction", "b", "t", "a", "simple", "from_baseline", "pace", "met"),
    [pytest.param(*case[1:], id=f"case {case[0]}") for case in CASES],
)


def number(text: str | None) -> Decimal | None:
    return None if text is None else D(text)


@TABLE
def test_simple(direction, b, t, a, simple, from_baseline, pace, met):
    score = score_one(
        on_the_way(b=b, t=t, direction=direction, decimals=2, rule="simple"), actual(a)
    )
    assert score.printed_rate == number(simple)
    assert score.printed_pace is None
    if simple is None:  # actual ÷ target would praise what nobody wants
        assert score.reason is Reason.WRONG_RULE
        assert score.level is None


@TABLE
def test_from_baseline(direction, b, t, a, simple, from_baseline, pace, met):
    ind = on_the_way(b=b, t=t, direction=direction, decimals=2, rule="baseline")
    score = score_one(ind, actual(a))
    assert score.printed_rate == number(from_baseline)
    assert score.printed_pace == number(pace)
    assert score.met is met


@TABLE
def test_the_rule_taken_when_none_is_named(direction, b, t, a, simple, from_baseline, pace, met):
    score = score_one(on_the_way(b=b, t=t, direction=direction, decimals=2), actual(a))
    assert score.printed_rate == number(from_baseline)
    assert score.printed_pace == number(pace)
    assert score.met is met


@pytest.mark.parametrize(
    ("direction", "t", "a", "rate"),
    [
        ("higher", 200, 150, "75.0"),
        ("keep_min", 100, 95, "95.0"),
        ("keep_max", 100, 105, "95.0"),
        ("higher", 20, 0, "0.0"),
    ],
)
def test_a_target_of_every_year_needs_no_baseline(direction, t, a, rate):
    score = score_one(indicator(direction=direction), target(t), actual(a))
    assert score.printed_rate == D(rate)
    assert score.pace is None


@pytest.mark.parametrize(
    ("case", "rule", "shown"),
    [(9, "keep_min", "95.0%"), (13, "keep_max", "95.0%")],
)
def test_flat_target_falls_to_the_keep_rule_and_says_so(case, rule, shown):
    _, direction, b, t, a, *_ = next(row for row in CASES if row[0] == case)
    score = score_one(on_the_way(b=b, t=t, direction=direction, rule="baseline"), actual(a))
    assert score.display == shown
    assert score.result.rule == rule
    assert score.result.fell_back_from == "baseline"


@pytest.mark.parametrize(("a", "met", "letter"), [(0, True, "A"), (2, False, "D")])
def test_case_14_keep_at_zero_is_met_or_not_without_a_rate(a, met, letter):
    score = score_one(on_the_way(b=0, t=0, direction="keep_max"), actual(a))
    assert score.rate is None
    assert score.pace is None
    assert score.met is met
    assert score.rating == letter
    assert score.mean_rate(RuleSet()) is None


def test_case_15_the_cut_at_fifty_includes_exactly_fifty():
    ind = on_the_way(b="0.08", t="0.1", decimals=2)
    assert score_one(ind, actual("0.09"), scale="library2013").rating == "C"
    assert score_one(ind, actual("0.09"), scale="sano").rating == "2"


def test_case_12_zero_is_a_number():
    score = score_one(on_the_way(b=10, t=20, rule="simple"), actual(0))
    assert score.display == "0.0%"
    assert score.rating == "D"


BRANCHES = [{"code": "e", "name": "東"}, {"code": "w", "name": "西"}]


def test_case_16_numerators_and_denominators_are_added_apart():
    ind = indicator(parts="ratio", unit="％", decimals=1)
    score = score_one(
        ind,
        target(50),
        actual("1/2", branch="e"),
        actual("30/100", branch="w"),
        branches=BRANCHES,
    )
    assert score.actual.reading.value == D("30.4")
    assert score.actual.amount * 102 == 3100
    assert score.printed_rate == D("60.8")  # of 30.39…, not of 30.4 or 40


def test_case_17_a_text_target_gives_no_rate():
    score = score_one(indicator(), target("随時"), actual(12))
    assert score.rate is None
    assert score.rating is None
    assert score.reason is Reason.TEXT_TARGET


def test_case_17_a_person_may_give_the_percentage():
    score = score_one(indicator(rule="manual"), target("随時"), actual(85))
    assert score.printed_rate == D("85.0")
    assert score.rating == "B"


@pytest.mark.parametrize(
    ("exact", "decimals", "rounded"),
    [
        ("66.65", 1, "66.7"),
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("2.5", 0, "3"),  # not to the even neighbour
        ("-66.65", 1, "-66.7"),
        ("66.649999", 1, "66.6"),
        ("-0.04", 1, "0.0"),
        ("12345678901234567890123456789.5", 0, "12345678901234567890123456790"),
    ],
)
def test_case_18_half_up_away_from_zero(exact, decimals, rounded):
    assert f"{half_up(D(exact), decimals):f}" == rounded
