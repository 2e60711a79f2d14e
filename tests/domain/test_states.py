"""A cell that holds no number is never a zero and never a miss."""

import pytest
from builders import actual, indicator, node, on_the_way, percents, plan, score, score_one, target

from shakyo_review.domain.rate import Reason
from shakyo_review.domain.value import STATE_LABELS, State

WORDLESS = sorted(set(State) - {State.VALUE, State.TEXT})


@pytest.mark.parametrize("state", WORDLESS)
def test_no_number_is_made_of_a_state(state):
    one = score_one(indicator(), target(100), actual(state))
    assert one.actual.reading.state is state
    assert one.actual.amount is None
    assert one.rate is None
    assert one.met is None
    assert one.level is None
    assert one.display == "－"
    assert one.reason_text == STATE_LABELS[state]


@pytest.mark.parametrize("state", WORDLESS)
def test_a_state_changes_no_mean(state):
    made = plan(node("1", node("1-1", indicator("i")), node("1-2", indicator("j"))))
    with_state = score(made, *percents({"i": 60, "j": state}))
    assert with_state.overall.score == 60


@pytest.mark.parametrize(
    ("state", "ratable"),
    [(state, 1 if state in (State.NOT_DUE, State.NOT_APPLICABLE) else 2) for state in WORDLESS],
)
def test_coverage_counts_what_is_to_be_rated_and_names_what_is_missing(state, ratable):
    made = plan(node("1", indicator("i"), indicator("j")))
    coverage = score(made, *percents({"i": 60, "j": state})).nodes["1"].coverage
    assert (coverage.rated, coverage.ratable) == (1, ratable)
    assert coverage.missing == (("j",) if ratable == 2 else ())
    assert coverage.reasons == ((STATE_LABELS[state],) if ratable == 2 else ())


def test_coverage_leaves_out_what_is_not_judged():
    made = plan(node("1", indicator("i"), indicator("j", direction="none")))
    coverage = score(made, *percents({"i": 60, "j": 5})).overall.coverage
    assert (coverage.rated, coverage.ratable, coverage.missing) == (1, 1, ())


def test_nothing_to_rate_is_no_percentage():
    made = plan(node("1", indicator("i")))
    overall = score(made, *percents({"i": State.NOT_APPLICABLE})).overall
    assert overall.coverage.percent is None
    assert overall.score is None
    assert overall.rating is None


def test_a_typed_zero_is_a_value():
    made = plan(node("1", indicator("i"), indicator("j")))
    result = score(made, *percents({"i": 100, "j": "０"}))
    assert result.indicators["j"].rate == 0
    assert result.indicators["j"].rating == "D"
    assert result.overall.score == 50
    assert result.overall.coverage.rated == 2


@pytest.mark.parametrize("figure", ["随時", "実施"])
def test_a_text_is_not_compared(figure):
    one = score_one(indicator(), target(figure), actual(figure))
    assert one.met is None
    assert one.rating is None
    assert one.reason is Reason.TEXT_ACTUAL


def test_a_text_actual_against_a_number():
    one = score_one(indicator(), target(4), actual("随時"))
    assert one.reason is Reason.TEXT_ACTUAL
    assert one.target.value == 4


def test_a_target_set_aside_does_not_fall_back_on_the_path():
    one = score_one(on_the_way(against="year_target"), target(State.NOT_APPLICABLE), actual(150))
    assert one.target.value is None
    assert one.reason is Reason.NO_TARGET


def test_no_target_at_all():
    one = score_one(indicator(), actual(5))
    assert one.reason is Reason.NO_TARGET
    assert one.rating is None


@pytest.mark.parametrize("t", [0, "△5"])
def test_a_target_of_zero_or_below_has_no_rate_but_is_met_or_not(t):
    met = score_one(indicator(), target(t), actual(3))
    assert met.rate is None
    assert met.met is True
    assert met.rating == "A"
    missed = score_one(indicator(), target(t), actual("△8"))
    assert missed.rate is None
    assert missed.rating == "D"
    unnamed = score_one(indicator(), target(t), actual(3), scale="sano")
    assert unnamed.rating is None
    assert unnamed.reason is Reason.ZERO_TARGET


def test_a_scale_that_names_only_the_met_label_gives_none_to_a_miss():
    scale = {
        "name": "達成のみ",
        "levels": [{"label": "A", "cut": 100}, {"label": "D"}],
        "when_met": "A",
    }
    ind = indicator(direction="keep_max")
    assert score_one(ind, target(0), actual(0), scale=scale).rating == "A"
    assert score_one(ind, target(0), actual(2), scale=scale).rating is None


def test_without_a_baseline_the_reason_is_the_baseline_not_the_pace():
    ind = indicator(
        direction="lower", target_kind="final_year", final_target=(50, 2025), measure="annual"
    )
    missed = score_one(ind, actual(75))
    assert missed.rate is None
    assert missed.met is False
    assert missed.rating == "D"  # met or not is known all the same
    assert score_one(ind, actual(75), scale="tama").reason is Reason.NO_BASELINE


def test_direction_none_gives_a_named_outcome_whatever_rule_is_written():
    for rule in (None, "simple", "baseline", "met", "inverse"):
        one = score_one(on_the_way(direction="none", rule=rule), target(100), actual(80))
        assert one.rate is None
        assert one.rating is None
        assert one.reason is Reason.NOT_JUDGED
        assert not one.ratable


def test_direction_none_may_be_rated_by_a_person():
    one = score_one(indicator(direction="none", rule="manual"), actual(100))
    assert one.rating == "A"


@pytest.mark.parametrize(
    ("direction", "rule"),
    [
        ("lower", "simple"),
        ("keep_max", "keep_min"),
        ("higher", "inverse"),
        ("keep_min", "keep_max"),
        ("higher", "range"),
    ],
)
def test_a_rule_against_the_direction_is_refused_not_calculated(direction, rule):
    one = score_one(indicator(direction=direction, rule=rule, low=1, high=5), target(4), actual(3))
    assert one.rate is None
    assert one.rating is None
    assert one.reason is Reason.WRONG_RULE


def test_target_below_the_baseline_is_meant_as_it_stands():
    """Fewer members, on purpose: 五島市. More members must not lower the rate."""
    one = score_one(on_the_way(b=100, t=80), actual(88))
    assert one.result.fell_back_from == "baseline"
    assert one.display == "110.0%"
    assert one.met is True


def test_inverse():
    ind = indicator(direction="lower", rule="inverse")
    assert score_one(ind, target(50), actual(40)).display == "125.0%"
    assert score_one(ind, target(50), actual(100)).display == "50.0%"
    without = score_one(ind, target(50), actual(0))
    assert without.rate is None
    assert without.rating == "A"
    assert score_one(ind, target(0), actual(2)).rate is None
    assert score_one(ind, target("△5"), actual(2)).rate is None


@pytest.mark.parametrize(
    ("a", "shown"),
    [("10", "100.0%"), ("20", "100.0%"), ("15", "100.0%"), ("8", "80.0%"), ("30", "50.0%")],
)
def test_range(a, shown):
    one = score_one(indicator(direction="range", low=10, high=20), actual(a))
    assert one.display == shown
    assert one.met is (shown == "100.0%")


def test_range_with_a_bound_of_zero():
    ind = indicator(direction="range", low=0, high=20)
    assert score_one(ind, actual(0)).display == "100.0%"
    below = score_one(ind, actual("△1"))
    assert below.rate is None
    assert below.result.reason is Reason.ZERO_BOUND
    assert below.rating == "D"
    assert below.met is False


STEPS = [
    {"label": "未着手", "points": 0},
    {"label": "準備", "points": 30},
    {"label": "実施中", "points": 60},
    {"label": "完了", "points": 100},
]


@pytest.mark.parametrize(("typed", "rate", "letter"), [("準備", 30, "D"), ("完了", 100, "A")])
def test_milestone(typed, rate, letter):
    ind = indicator(direction="none", rule="milestone", milestones=STEPS)
    one = score_one(ind, target("完了"), actual(typed))
    assert one.rate == rate
    assert one.rating == letter


def test_milestone_that_is_not_on_the_list():
    ind = indicator(rule="milestone", milestones=STEPS)
    assert score_one(ind, actual("検討中")).reason is Reason.NO_STEP
    assert score_one(ind, actual(3)).reason is Reason.NO_STEP
    assert score_one(ind).reason is Reason.NO_ACTUAL
    assert score_one(ind, actual(State.CANCELLED)).reason_text == "中止"


def test_a_percentage_given_by_a_person_is_not_held_against_the_target():
    one = score_one(indicator(rule="manual"), target(4), actual(100))
    assert one.display == "100.0%"
    assert one.met is None  # 100% are no 100 cases


@pytest.mark.parametrize(
    ("a", "word"),
    [
        ("100", "達成"),
        ("99", "未達成"),
        ("100見込み", "達成見込み"),
        ("99見込み", "未達成見込み"),
    ],
)
def test_met_and_forecast_words(a, word):
    one = score_one(indicator(rule="met"), target(100), actual(a), scale="fukushima")
    assert one.rating == word
    assert one.level.label in ("達成", "未達成")
    assert one.rate is None


def test_a_forecast_keeps_its_place_in_the_distribution():
    made = plan(node("1", indicator("i"), indicator("j")), scale="fukushima")
    counts = score(made, *percents({"i": "120見込み", "j": 100})).nodes["1"].counts
    assert counts == {"達成": 2, "未達成": 0}


MARKS = {
    "name": "記号",
    "levels": [{"label": "○", "cut": 100}, {"label": "×"}],
    "off_scale": [{"label": "中止", "states": ["cancelled"]}],
}


def test_a_state_may_have_its_own_label_without_being_a_rank():
    one = score_one(indicator(), target(5), actual(State.CANCELLED), scale=MARKS)
    assert one.rating == "中止"
    assert one.level is None
    assert not one.rated


def test_example_marks_reach_the_goal():
    made = plan(node("1", node("1-1", indicator("i")), node("1-2", indicator("j"))))
    result = score(made, *percents({"j": 50}), target(100), actual(80, example=True))
    assert result.nodes["1-1"].example
    assert not result.nodes["1-2"].example
    assert result.nodes["1"].example
    assert result.overall.example


def test_met_only_indicators_are_named_as_outside_the_mean():
    made = plan(
        node("1", node("1-1", indicator("i")), node("1-2", indicator("j", direction="keep_max")))
    )
    result = score(made, target(100), actual(60), target(0, "j"), actual(3, "j"))
    assert result.indicators["j"].rating == "D"
    assert result.overall.score == 60
    assert result.overall.averaged_over == "施策1件"
    assert result.overall.coverage.rated == 2
    assert result.overall.worst.code == "1-2"


def test_a_goal_of_met_only_indicators_says_why_it_has_no_score():
    made = plan(node("1", node("1-1", indicator("j", direction="keep_max"))))
    goal = score(made, target(0, "j"), actual(3, "j")).nodes["1"]
    assert goal.score is None
    assert goal.rating is None
    assert "率" in goal.problem
