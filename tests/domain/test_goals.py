"""From indicators to actions, measures, goals and the plan (scoring.md §5)."""

from fractions import Fraction

import pytest
from builders import YEAR, actual, indicator, node, on_the_way, percents, plan, score, target

from shakyo_review.domain.cell import CellTable
from shakyo_review.domain.derivation import coverage_text, node_steps
from shakyo_review.domain.goals import UNRATED, original, score_year
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.value import State


def goal_of(rates, rules=None, **more):
    """A goal with one action per rate, scored under a rule set."""
    actions = [node(f"1-{code}", indicator(code)) for code in rates]
    made = plan(node("1", *actions), rule_set=rules or {}, **more)
    return score(made, *percents(rates)).nodes["1"]


# --- actions -------------------------------------------------------------------------------


def action_of(rates, rules=None, **fields):
    inds = [indicator(code, **fields.get(code, {})) for code in rates]
    made = plan(node("1", node("1-1", *inds)), rule_set=rules or {})
    return score(made, *percents(rates)).nodes["1-1"]


def test_action_by_weighted_mean():
    action = action_of({"a": 90, "b": 60}, b={"weight": 3})
    assert action.score == Fraction("67.5")
    assert action.rating == "C"
    assert action.averaged_over == "指標2件"


def test_action_by_its_worst_indicator():
    action = action_of({"a": 90, "b": 60, "c": 100}, {"action": "worst"})
    assert (action.score, action.rating) == (60, "C")
    assert action.worst.code == "b"


def test_action_by_its_main_indicator():
    action = action_of({"a": 30, "b": 90}, {"action": "main"}, b={"main": True})
    assert (action.score, action.rating) == (90, "B")
    assert action.worst.code == "a"  # visible all the same


def test_the_first_indicator_is_the_main_one_where_none_is_named():
    assert action_of({"a": 30, "b": 90}, {"action": "main"}).score == 30


def test_a_main_indicator_that_cannot_be_rated_is_not_replaced():
    action = action_of(
        {"a": 30, "b": State.NOT_SURVEYED, "c": 50}, {"action": "main"}, b={"main": True}
    )
    assert action.score is None
    assert action.rating is None
    assert "主たる指標" in action.problem
    only_other = {"a": 30, "b": State.NOT_SURVEYED}
    assert action_of(only_other, {"action": "main"}, b={"main": True}).rating is None


@pytest.mark.parametrize("rule", ["weighted_mean", "worst", "main"])
def test_an_action_without_anything_to_rate_has_no_problem(rule):
    assert action_of({"a": State.NOT_APPLICABLE}, {"action": rule}).problem == ""
    assert action_of({"a": State.CANCELLED}, {"action": rule}).problem == "評価できる指標がない"


@pytest.mark.parametrize("rule", ["weighted_mean", "worst", "main"])
def test_an_action_of_one_indicator_has_its_letter(rule):
    action = action_of({"a": 85}, {"action": rule})
    assert (action.score, action.rating) == (85, "B")


# --- goals ---------------------------------------------------------------------------------


def test_mean_of_rates_is_the_rule_when_none_is_named():
    goal = goal_of({"a": 100, "b": 50, "c": 60})
    assert goal.score == 70
    assert goal.rating == "C"
    assert goal.rule == "率の加重平均"
    assert goal.averaged_over == "施策3件"


def test_weights_of_actions():
    made = plan(node("1", node("1-1", indicator("a")), node("1-2", indicator("b"), weight=3)))
    assert score(made, *percents({"a": 100, "b": 40})).nodes["1"].score == 55


@pytest.mark.parametrize(
    ("rules", "mean"),
    [
        ({}, 75),  # 240 counts as 100
        ({"cap": 120}, 85),
        ({"cap": None}, 145),
    ],
)
def test_cap(rules, mean):
    assert goal_of({"a": 240, "b": 50}, rules).score == mean


@pytest.mark.parametrize(("rules", "mean"), [({}, 25), ({"mean_floor": None}, -25)])
def test_floor_of_what_enters_a_mean(rules, mean):
    rates = {"a": on_the_way(code="a"), "b": on_the_way(code="b")}
    made = plan(
        node("1", *(node(f"1-{c}", i) for c, i in rates.items())),
        rule_set=rules,
        scale="nagoya_port",
    )
    result = score(made, actual(150, "a"), actual(0, "b"))
    assert [s.rate for s in result.indicators.values()] == [50, -100]
    assert result.nodes["1"].score == mean


def test_where_the_letter_is_decided_on_the_pace_the_pace_enters_the_mean():
    made = plan(node("1", node("1-1", on_the_way(code="a")), node("1-2", indicator("b"))))
    result = score(made, actual(130, "a"), *percents({"b": 80}))
    assert result.indicators["a"].rate == 30
    assert result.indicators["a"].pace == 50
    assert result.nodes["1"].score == 65


def test_worst():
    goal = goal_of({"a": 100, "b": 49, "c": 90}, {"goal": "worst"})
    assert (goal.score, goal.rating) == (49, "D")


@pytest.mark.parametrize(
    ("rates", "letter"), [((100, 85, 82), "B"), ((100, 100, 30), "A"), ((30, 20, 100), "D")]
)
def test_mode(rates, letter):
    goal = goal_of(dict(zip("abc", rates, strict=True)), {"goal": "mode"})
    assert goal.rating == letter
    assert goal.score is None


def test_a_tie_is_listed_not_decided():
    goal = goal_of({"a": 100, "b": 85, "c": 30, "d": 10, "e": 120}, {"goal": "mode"})
    assert goal.rating is None
    assert "A・D" in goal.problem
    assert "各2件" in goal.problem


@pytest.mark.parametrize(
    ("rates", "points", "letter"),
    [
        ((100, 85, 30), Fraction(8, 3), "B"),
        ((100, 30), Fraction(5, 2), "B"),  # in the middle between 3 and 2
        ((55, 30), Fraction(3, 2), "C"),
        ((10, 20), 1, "D"),
    ],
)
def test_mean_of_points(rates, points, letter):
    goal = goal_of(dict(zip("abc", rates, strict=False)), {"goal": "mean_of_points"})
    assert (goal.score, goal.rating) == (points, letter)


def test_points_of_ako_depend_on_what_is_averaged():
    """95, 80, 35: the pillar is the mean of its measures' means, not of their letters."""
    tree = node("1", node("1-1", node("1-1-1", indicator("a")), node("1-1-2", indicator("b"))),
                node("1-2", node("1-2-1", indicator("c"))))  # fmt: skip
    cells = percents({"a": 100, "b": 85, "c": 20})
    scores = {}
    for level in ("indicators", "actions", "children"):
        rules = {"goal": "mean_of_points", "average_over": level}
        scores[level] = score(plan(tree, rule_set=rules, scale="ako"), *cells).nodes["1"].score
    assert scores["indicators"] == scores["actions"] == 70
    assert scores["children"] == Fraction("61.25")  # ((95 + 80) / 2 + 35) / 2


def test_points_of_an_action_are_those_of_its_letter():
    made = plan(node("1", indicator("a")), rule_set={"goal": "mean_of_points"}, scale="ako")
    action = score(made, *percents({"a": 85})).nodes["1"]
    assert (action.score, action.rating) == (80, "B")


def test_a_level_without_points_has_no_mean_of_points():
    scale = {"name": "x", "levels": [{"label": "A", "cut": 100, "points": 2}, {"label": "B"}]}
    goal = goal_of({"a": 100, "b": 5}, {"goal": "mean_of_points"}, scale=scale)
    assert goal.score is None
    assert goal.problem == "得点のない段がある"


@pytest.mark.parametrize(
    ("rates", "share", "letter"), [((100, 120), 100, "A"), ((100, 99, 80, 100), 50, "D")]
)
@pytest.mark.parametrize("level", ["actions", "indicators", "children"])
def test_all_met(rates, share, letter, level):
    rules = {"goal": "all_met", "average_over": level}
    goal = goal_of(dict(zip("abcd", rates, strict=False)), rules)
    assert (goal.score, goal.rating) == (share, letter)


def test_all_met_is_not_said_where_one_cannot_be_told():
    made = plan(
        node("1", node("1-1", indicator("a")), node("1-2", indicator("b", rule="manual"))),
        rule_set={"goal": "all_met"},
    )
    goal = score(made, *percents({"a": 100, "b": 100})).nodes["1"]
    assert goal.rating is None
    assert goal.problem == "達成か未達成かを決められない項目がある"


def test_all_met_needs_a_letter_for_it():
    goal = goal_of({"a": 100, "b": 100}, {"goal": "all_met"}, scale="sano")
    assert (goal.score, goal.rating) == (100, None)
    assert "達成・未達成" in goal.problem


@pytest.mark.parametrize("rule", ["mode", "worst", "all_met"])
def test_actions_without_a_letter_give_none(rule):
    tree = node("1", node("1-1", on_the_way(code="a"), on_the_way(code="b")))
    made = plan(tree, scale="nagayo", rule_set={"goal": rule})
    goal = score(made, actual(150, "a"), actual(130, "b")).nodes["1"]
    assert goal.rating is None
    assert goal.problem == "判定のある項目がない"


@pytest.mark.parametrize("level", ["actions", "children"])
def test_an_action_has_met_its_targets_when_its_rated_indicators_have(level):
    actions = [node("1-1", indicator("a"), indicator("b")), node("1-2", indicator("c"))]
    made = plan(node("1", *actions), rule_set={"goal": "all_met", "average_over": level})
    cells = percents({"a": 100, "b": State.CANCELLED, "c": 100})
    assert score(made, *cells).nodes["1"].rating == "A"


@pytest.mark.parametrize(("rule", "told"), [("distribution", "内訳"), ("judgement", "話し合い")])
@pytest.mark.parametrize("rates", [{"a": 100, "b": 10}, {"a": State.CANCELLED}])
def test_rules_that_leave_the_letter_to_people(rule, told, rates):
    goal = goal_of(rates, {"goal": rule})
    assert goal.score is None
    assert goal.rating is None
    assert told in goal.problem


def test_the_distribution_is_there_under_every_rule():
    for rule in ("mean_of_rates", "mode", "distribution", "judgement"):
        goal = goal_of({"a": 100, "b": 10, "c": 5, "d": State.CANCELLED}, {"goal": rule})
        assert goal.counts == {"A": 1, "B": 0, "C": 0, "D": 2, UNRATED: 1}


@pytest.mark.parametrize(
    ("minimum", "scored"), [(0, True), (60, True), (66, True), (67, False), (100, False)]
)
def test_minimum_coverage(minimum, scored):
    rates = {"a": 90, "b": 70, "c": State.BEING_COUNTED}
    goal = goal_of(rates, {"minimum_coverage": minimum})
    assert (goal.score is not None) is scored
    assert (goal.rating is not None) is scored
    assert goal.coverage.missing == ("c",)
    if not scored:
        assert "3件中2件" in goal.problem
        assert f"{minimum}%" in goal.problem


@pytest.mark.parametrize("rule", ["mean_of_rates", "mean_of_points"])
def test_weights_that_sum_to_zero_are_a_named_outcome(rule):
    actions = [node("1-1", indicator("a"), weight=0), node("1-2", indicator("b"), weight=0)]
    made = plan(node("1", *actions), rule_set={"goal": rule})
    goal = score(made, *percents({"a": 90, "b": 70})).nodes["1"]
    assert goal.score is None
    assert goal.rating is None
    assert goal.problem == "重みの合計が0"


def test_weights_of_indicators_that_sum_to_zero():
    action = action_of({"a": 90, "b": 60}, a={"weight": 0}, b={"weight": 0})
    assert action.score is None
    assert action.problem == "重みの合計が0"


def test_a_weight_of_zero_counts_in_coverage_not_in_the_mean():
    made = plan(node("1", node("1-1", indicator("a")), node("1-2", indicator("b"), weight=0)))
    goal = score(made, *percents({"a": 90, "b": 10})).nodes["1"]
    assert goal.score == 90
    assert goal.coverage.rated == 2
    assert goal.worst.code == "1-2"


def test_a_mean_that_the_scale_cannot_grade_is_still_shown_and_passed_on():
    """長与町 rates positions; a mean has none, but it is no missing action either."""
    tree = node("1", node("1-1", on_the_way(code="a"), on_the_way(code="b")))
    made = plan(tree, scale="nagayo")
    result = score(made, actual(150, "a"), actual(130, "b"))
    assert [s.rating for s in result.indicators.values()] == ["A", "A"]
    assert result.nodes["1-1"].score == 40
    assert result.nodes["1-1"].rating is None
    assert "平均" in result.nodes["1-1"].problem
    assert result.nodes["1"].score == 40
    assert result.nodes["1"].averaged_over == "施策1件"
    assert "平均" in result.nodes["1"].problem


# --- what is averaged ----------------------------------------------------------------------

UNEVEN = node(
    "1",
    node("1-1", node("1-1-1", indicator("a")), node("1-1-2", indicator("b"))),
    node("1-2", node("1-2-1", indicator("c"), indicator("d"), indicator("e"))),
)
UNEVEN_RATES = percents({"a": 100, "b": 50, "c": 10, "d": 20, "e": 30})


@pytest.mark.parametrize(
    ("level", "named", "mean"),
    [
        ("indicators", "指標5件", Fraction(42)),
        ("actions", "取組3件", Fraction(170, 3)),
        ("children", "施策2件", Fraction("47.5")),
    ],
)
def test_what_is_averaged_is_named_and_matters(level, named, mean):
    result = score(plan(UNEVEN, rule_set={"average_over": level}), *UNEVEN_RATES)
    assert result.nodes["1"].averaged_over == named
    assert result.nodes["1"].score == mean


def test_the_whole_plan_over_its_goals():
    second = node("2", node("2-1", node("2-1-1", indicator("f"))))
    cells = [*UNEVEN_RATES, *percents({"f": 100})]
    result = score(plan(UNEVEN, second, rule_set={"average_over": "children"}), *cells)
    assert result.overall.score == Fraction("73.75")
    assert result.overall.averaged_over == "基本目標2件"
    assert [goal.item.code for goal in result.goals] == ["1", "2"]


def test_the_plans_own_words_are_used():
    made = plan(node("1", node("1-1", indicator("a"), label="重点事業")), levels=["柱", "事業"])
    assert score(made, *percents({"a": 50})).nodes["1"].averaged_over == "重点事業1件"


def test_an_item_with_indicators_of_its_own_and_items_below():
    made = plan(
        node("1", indicator("a"), node("1-1", indicator("b"))),
        rule_set={"average_over": "children"},
    )
    goal = score(made, *percents({"a": 100, "b": 50})).nodes["1"]
    assert goal.score == 75
    assert [part.code for part in goal.parts] == ["1", "1-1"]
    assert goal.coverage.ratable == 2


def test_the_worst_child_is_named_whatever_the_mean_says():
    goal = goal_of({"a": 100, "b": 100, "c": 3, "d": 100})
    assert goal.rating == "C"
    assert (goal.worst.code, goal.worst.level.label) == ("1-c", "D")


def test_among_equal_letters_the_lower_number_is_the_worst():
    assert goal_of({"a": 40, "b": 7, "c": 30}).worst.code == "1-b"


def test_a_miss_without_a_rate_comes_before_the_lowest_rate():
    made = plan(node("1", indicator("a"), indicator("b", direction="keep_max")))
    for missed, code in ((3, "b"), (0, "a")):
        result = score(made, *percents({"a": 5}), target(0, "b"), actual(missed, "b"))
        assert result.nodes["1"].worst.code == code


def test_an_unrated_child_is_not_the_worst_one():
    assert goal_of({"a": 40, "b": State.CANCELLED}).worst.code == "1-a"


# --- 再掲 ----------------------------------------------------------------------------------


def with_repeat(*repeats):
    return plan(
        node("1", node("1-1", indicator("a")), node("1-2", indicator("b"))),
        node("2", node("2-1", indicator("c")), *repeats),
    )


CELLS = percents({"a": 10, "b": 90, "c": 80})


def test_a_repeated_action_is_shown_and_counted_once():
    repeated = score(with_repeat(node("2-2", repeats="1-1")), *CELLS)
    without = score(with_repeat(), *CELLS)
    assert repeated.nodes["2-2"].score == 10
    assert repeated.nodes["2-2"].rating == "D"
    assert repeated.nodes["2-2"].repeats == "1-1"
    assert repeated.nodes["2-2"].item.code == "2-2"
    for field in ("score", "level", "coverage", "counts", "parts", "averaged_over"):
        assert getattr(repeated.nodes["2"], field) == getattr(without.nodes["2"], field)
    assert repeated.overall.score == without.overall.score == 60
    assert repeated.overall.coverage.ratable == 3


def test_a_repeat_of_a_repeat_shows_the_original():
    made = with_repeat(node("2-2", repeats="2-3"), node("2-3", repeats="1-2"))
    result = score(made, *CELLS)
    assert result.nodes["2-2"].repeats == "1-2"
    assert result.nodes["2-2"].score == 90
    assert original(made, made.items["2-2"]).code == "1-2"


def test_a_goal_of_repeats_only_has_no_score_of_its_own():
    made = plan(node("1", node("1-1", indicator("a"))), node("2", node("2-1", repeats="1-1")))
    result = score(made, *percents({"a": 10}))
    assert result.nodes["2"].score is None
    assert result.nodes["2"].coverage.ratable == 0
    assert result.overall.score == 10


def test_a_repeat_under_an_action_leaves_it_an_action():
    made = plan(
        node("1", node("1-1", indicator("a"), node("1-1-1", repeats="2"))),
        node("2", indicator("b")),
    )
    result = score(made, *percents({"a": 10, "b": 90}))
    assert result.nodes["1-1"].score == 10
    assert result.nodes["1-1-1"].score == 90


def test_scores_come_in_print_order():
    made = with_repeat(node("2-2", repeats="1-1"))
    assert list(score(made, *CELLS).nodes) == ["1", "1-1", "1-2", "2", "2-1", "2-2"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"pace": "listed"}, "pace_steps"),
        ({"pace": "listed", "pace_steps": [0, 50]}, "0より大きく"),
        ({"floor": 100, "ceiling": 0}, "floor"),
        ({"cap": 0, "mean_floor": 50}, "mean_floor"),
    ],
)
def test_a_rule_set_that_contradicts_itself(fields, told):
    with pytest.raises(ValueError, match=told):
        RuleSet.model_validate(fields)


def test_target_and_actual_are_of_the_year_asked_for():
    made = plan(node("1", indicator("a")))
    cells = [target(100, "a", 2022), actual(40, "a", 2022), target(50, "a"), actual(40, "a")]
    assert score(made, *cells, year=2022).overall.score == 40
    assert score(made, *cells).overall.score == 80
    assert score(made, *cells, year=2024).overall.score is None


def test_scores_that_are_known_are_taken_over_as_they_are():
    made = plan(node("1", node("1-1", indicator("a")), node("1-2", indicator("b"))))
    before = score(made, *percents({"a": 100, "b": 50}))
    cells = CellTable.of(percents({"a": 100, "b": 80}))
    kept = {"a": before.indicators["a"]}
    assert score_year(made, cells, YEAR, kept) == score_year(made, cells, YEAR)
    assert score_year(made, cells, YEAR, kept).indicators["a"] is kept["a"]


# --- letters given by people: what they count for, and what they leave alone (scoring.md §6) ---

MARU = {"name": "○", "basis": "judged", "levels": [
    {"label": "○", "points": 3, "by_hand": True},
    {"label": "△", "points": 2, "by_hand": True},
    {"label": "×", "points": 1, "by_hand": True},
], "off_scale": [{"label": "完了"}, {"label": "中止", "states": ["cancelled"]}]}  # fmt: skip


def judged(given, *cells, tree=None, **rules):
    """A goal of four actions, only the first of which has a figure."""
    actions = tree or [node("1-1", indicator("a")), *(node(f"1-{n}") for n in (2, 3, 4))]
    scale = rules.pop("scale", MARU)
    made = plan(
        node("1", *actions),
        rule_set={"letters": "given", **rules},
        scale=scale,
        levels=["基本目標", "取組"],
    )
    return score_year(made, CellTable.of(cells), YEAR, given=given)


def text_of(result, code, title):
    steps = node_steps(result.plan, result.nodes[code])
    return [step.text for step in steps if step.title == title]


def test_actions_without_any_figure_are_counted_by_their_letters():
    result = judged({"1-1": "○", "1-2": "○", "1-3": "△"}, goal="mode")
    goal = result.nodes["1"]
    assert (goal.rating, goal.given) == ("○", False)
    assert goal.averaged_over == "取組3件"
    assert goal.counts == {"○": 2, "△": 1, "×": 0, UNRATED: 1}
    assert coverage_text(goal) == "取組4件中3件"
    assert (goal.coverage.missing, goal.coverage.reasons) == (("1-4",), ("評価が入っていない",))
    assert result.nodes["1-2"].rating == "○"
    assert result.nodes["1-4"].rating is None
    assert result.nodes["1-4"].coverage.text == "取組1件中0件"
    assert result.overall.coverage.text == "取組4件中3件"


@pytest.mark.parametrize(
    ("rule", "letter", "points"),
    [
        ("mean_of_points", "△", Fraction(9, 4)),
        ("worst", "×", None),
        ("mode", "○", None),
        ("distribution", None, None),
        ("judgement", None, None),
    ],
)
def test_goals_join_given_letters_by_their_rule(rule, letter, points):
    given = {"1-1": "○", "1-2": "○", "1-3": "△", "1-4": "×"}
    goal = judged(given, goal=rule).nodes["1"]
    assert (goal.rating, goal.score) == (letter, points)
    assert goal.worst.code == "1-4"


def test_a_given_letter_comes_before_the_computed_one_and_the_rate_stays():
    cells = percents({"a": 60})
    result = judged({"1-1": "B"}, *cells, scale="abcd")
    action = result.nodes["1-1"]
    assert (action.rating, action.computed, action.score) == ("B", "C", 60)
    assert action.given
    assert result.indicators["a"].rating == "C"
    assert text_of(result, "1-1", "判定") == ["B（人による評価。計算による判定は C）"]
    assert text_of(result, "1", "内訳")[0] == "1-1 項目1-1: 60.0% B（人による評価）"
    assert judged({}, *cells, scale="abcd").nodes["1-1"].rating == "C"


def test_letters_given_do_not_enter_a_mean_of_rates_but_the_rates_do():
    result = judged({"1-1": "D", "1-2": "A"}, *percents({"a": 60}), scale="abcd")
    goal = result.nodes["1"]
    assert goal.score == 60
    assert goal.rating == "D"  # the letter of the only one with a rate
    assert text_of(result, "1", "内訳")[1] == (
        "1-2 項目1-2: A（人による評価）（率がないので平均に入れない）"
    )


def test_a_given_label_that_is_no_rank_is_counted_under_its_own_name():
    result = judged({"1-1": "完了", "1-2": "○", "1-3": "中止"}, *percents({"a": 60}), goal="mode")
    goal = result.nodes["1"]
    assert goal.counts == {"○": 1, "△": 0, "×": 0, "完了": 1, "中止": 1, UNRATED: 1}
    assert goal.rating == "○"
    assert goal.coverage.text == "取組4件中1件"
    assert goal.coverage.reasons == ("完了", "中止", "評価が入っていない")
    assert result.nodes["1-1"].rating == "完了"
    assert result.nodes["1-1"].level is None
    assert text_of(result, "1", "内訳")[0] == "1-1 項目1-1: 完了（人による評価）"
    assert text_of(result, "1-1", "判定") == ["完了（人による評価）"]
    assert text_of(result, "1-3", "点数") == ["なし"]
    assert text_of(result, "1-4", "点数") == ["なし（評価が入っていない）"]


def test_a_label_without_rank_takes_the_rate_out_of_the_mean():
    scale = {"name": "x", "levels": [{"label": "A", "cut": 80}, {"label": "B"}],
             "off_scale": [{"label": "比較不能"}]}  # fmt: skip
    tree = [node("1-1", indicator("a")), node("1-2", indicator("b"))]
    cells = percents({"a": 90, "b": 40})
    result = judged({"1-2": "比較不能"}, *cells, tree=tree, scale=scale)
    assert result.nodes["1"].score == 90
    assert result.nodes["1-2"].score == 40  # shown beside the label all the same


def test_the_letter_given_to_a_goal_is_not_mixed_with_those_below_it():
    given = {"1": "×", "1-1": "○", "ALL": "×"}
    result = judged(given, goal="mode")
    assert result.nodes["1"].rating == "○"
    assert result.overall.rating == "○"


def test_the_letter_of_an_item_with_others_under_it_is_not_the_one_of_its_own_indicators():
    tree = [indicator("a"), node("1-1", indicator("b"))]
    result = judged({"1": "D"}, *percents({"a": 100, "b": 100}), tree=tree, scale="abcd")
    assert [part.level.label for part in result.nodes["1"].parts] == ["A", "A"]


def test_the_letter_given_to_an_indicator_is_the_one_of_its_action():
    result = judged({"a": "△"}, *percents({"a": "随時"}), goal="mode")
    assert result.nodes["1-1"].rating == "△"
    assert result.nodes["1-1"].counts == {"○": 0, "△": 1, "×": 0}
    assert text_of(result, "1-1", "内訳") == [
        "a 指標a: △（人による評価）（率がないので平均に入れない）"
    ]


@pytest.mark.parametrize("over", ["indicators", "actions", "children"])
def test_letters_belong_to_items_whatever_is_averaged(over):
    goal = judged({"1-1": "○", "1-2": "×"}, goal="worst", average_over=over).nodes["1"]
    assert (goal.rating, goal.averaged_over) == ("×", "取組2件")


def test_a_leaf_of_a_repeat_is_no_leaf_of_its_own():
    tree = [node("1-1"), node("1-2", repeats="1-1"), node("1-3", node("1-3-1", repeats="1-1"))]
    made = plan(node("1", *tree), rule_set={"letters": "given", "goal": "mode"}, scale=MARU)
    result = score_year(made, CellTable.of([]), YEAR, given={"1-1": "△"})
    assert result.overall.coverage.ratable == 1
    assert result.overall.counts == {"○": 0, "△": 1, "×": 0}
    assert result.nodes["1-2"].rating == "△"
    assert result.nodes["1-3"].coverage.ratable == 0


def test_the_minimum_coverage_is_that_of_the_items():
    goal = judged({"1-1": "○"}, goal="mode", minimum_coverage=50).nodes["1"]
    assert goal.rating is None
    assert "取組4件中1件" in goal.problem


def test_all_met_follows_the_letters_that_say_so():
    given = {"1-1": "達成", "1-2": "達成見込み", "1-3": "達成"}
    rules = {"goal": "all_met", "scale": "fukushima"}
    assert judged(given, **rules).nodes["1"].rating == "達成"
    assert judged(given | {"1-3": "未達成"}, **rules).nodes["1"].score == Fraction(200, 3)
    rules["scale"] = "abcd"  # its A and D stand for met and not met, B and C say neither
    assert judged({"1-1": "A", "1-2": "D"}, **rules).nodes["1"].score == 50
    assert judged({"1-1": "A", "1-2": "B"}, **rules).nodes["1"].score is None


@pytest.mark.parametrize("given", [{}, {"a": "A", "1-1": "A", "1-2": "A", "1": "A"}])
def test_where_letters_are_computed_given_ones_change_nothing(given):
    made = plan(node("1", node("1-1", indicator("a")), node("1-2")))
    cells = CellTable.of(percents({"a": 60}))
    plain = score_year(made, cells, YEAR)
    assert score_year(made, cells, YEAR, given=given) == plain
    assert plain.nodes["1"].coverage.text == "指標1件中1件"
    assert plain.nodes["1-2"].coverage.ratable == 0


def test_known_scores_are_taken_over_with_given_letters_too():
    made = plan(node("1", node("1-1", indicator("a"))), rule_set={"letters": "given"})
    cells = CellTable.of(percents({"a": 60}))
    before = score_year(made, cells, YEAR, given={"1-1": "B"})
    again = score_year(made, cells, YEAR, before.indicators, {"1-1": "A"})
    assert again.indicators["a"] is before.indicators["a"]
    assert again.nodes["1-1"].rating == "A"


# --- labels that are no rank, by the state of the cell ---------------------------------------

MARKS = {
    "name": "記号",
    "levels": [{"label": "○", "cut": 100}, {"label": "×"}],
    "off_scale": [
        {"label": "中止", "states": ["cancelled"]},
        {"label": "対象外", "states": ["not_applicable"]},
    ],
}


def test_a_label_by_the_state_of_the_cell_is_counted_under_its_own_name():
    actions = [node(f"1-{code}", indicator(code)) for code in "abcd"]
    actions.append(node("1-e", indicator("e"), indicator("f")))
    actions.append(node("1-g", indicator("g"), indicator("h")))
    made = plan(node("1", *actions), scale=MARKS)
    stopped = State.CANCELLED
    rates = {"a": 120, "b": stopped, "c": State.NOT_SURVEYED, "d": State.NOT_APPLICABLE}
    rates |= {"e": stopped, "f": stopped, "g": stopped, "h": State.UNKNOWN}
    result = score(made, *percents(rates))
    assert result.nodes["1"].counts == {"○": 1, "×": 0, "中止": 2, "対象外": 1, UNRATED: 2}
    assert result.nodes["1-g"].counts == {"○": 0, "×": 0, "中止": 1, UNRATED: 1}
    assert result.nodes["1-b"].rating == "中止"
    assert result.nodes["1-b"].level is None
    assert result.nodes["1-g"].rating is None
    assert text_of(result, "1", "内訳")[1] == "1-b 項目1-b: 中止（平均に入れない）"
    assert text_of(result, "1", "判定の内訳")[0].startswith("○ 1（16.7%）　× 0　中止 2（33.3%）")


def test_an_action_with_one_rated_indicator_has_its_rank():
    made = plan(node("1", indicator("a"), indicator("b")), scale=MARKS)
    action = score(made, target(5, "a"), actual(5, "a"), actual(State.CANCELLED, "b")).nodes["1"]
    assert action.rating == "○"
    assert action.counts == {"○": 1, "×": 0, "中止": 1}
