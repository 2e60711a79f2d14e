"""Scales and rule sets that an indicator has of its own, and how its figures go up."""

from fractions import Fraction

import pytest
from builders import YEAR, actual, indicator, node, percents, plan, score, score_one, target

from shakyo_review.domain.cell import CellTable
from shakyo_review.domain.derivation import indicator_steps, node_steps
from shakyo_review.domain.goals import UNRATED, score_year
from shakyo_review.domain.landing import landing
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.scale import Scale
from shakyo_review.domain.value import State
from shakyo_review.errors import PlanProblem

ABC = {
    "name": "3段階",
    "basis": "rate",
    "levels": [
        {"label": "a", "cut": 90, "points": 3},
        {"label": "b", "cut": 60, "points": 2},
        {"label": "c", "points": 1},
    ],
    "off_scale": [{"label": "取りやめ", "states": ["cancelled"], "definition": "行わなかった"}],
}
WORDS = {
    "name": "言葉",
    "basis": "judged",
    "levels": [
        {"label": "よい", "by_hand": True, "met": True},
        {"label": "わるい", "by_hand": True, "met": False},
    ],
    "off_scale": [{"label": "評価困難"}],
}


def made(*inds, **fields):
    return plan(node("1", node("1-1", *inds)), scales={"three": ABC, "words": WORDS}, **fields)


def own(code="i", **fields):
    return indicator(code, scale="three", **fields)


# --- which scale, which rules ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "by_plan", "by_own"),
    [
        (100, "A", "a"),
        (95, "B", "a"),
        (90, "B", "a"),
        (85, "B", "b"),
        (79, "C", "b"),
        (59, "C", "c"),
        (49, "D", "c"),
        (0, "D", "c"),
    ],
)
def test_an_indicator_is_judged_by_its_own_scale_and_what_goes_up_by_the_plans(
    rate, by_plan, by_own
):
    found = score(made(own()), *percents({"i": rate}))
    assert found.indicators["i"].rating == by_own
    assert found.nodes["1-1"].rating == by_plan
    assert found.nodes["1"].rating == found.overall.rating == by_plan
    assert found.nodes["1"].counts[by_plan] == 1
    assert sum(found.nodes["1-1"].counts.values()) == 1
    assert set(found.nodes["1-1"].counts) == set("ABCD")
    assert found.nodes["1-1"].worst.level.label == by_plan


def test_a_preset_can_be_named_and_the_plans_own_name_comes_first():
    by_preset = indicator(scale="fukuoka_city", baseline=(80, 2020))
    assert score_one(by_preset, *percents({"i": 85})).rating == "b"
    assert score_one(by_preset, *percents({"i": 85}), scales={"fukuoka_city": ABC}).scale.name == (
        "3段階"
    )
    of_plan = plan(node("1", indicator(scale="x")), scales={"x": "kawasaki"})
    assert of_plan.scale_of(of_plan.indicator("i")) == Scale.preset("kawasaki")


@pytest.mark.parametrize(
    ("name", "rate", "shown"),
    [
        ("miyagi", -1, "0%未満"),
        ("miyagi", 110, "100%超"),
        ("gifu", "66.6", "67%"),
        ("own", "66.66", "66.66%"),
    ],
)
def test_the_display_convention_of_one_indicator(name, rate, shown):
    rules = {"own": {"name": "自前", "decimals": 2}}
    ind = indicator("i", rule_set=name)
    other = indicator("j")
    found = score(
        plan(node("1", ind, other), rule_sets=rules), *percents({"i": rate, "j": "66.66"})
    )
    assert found.indicators["i"].display == shown
    assert found.indicators["j"].display == "66.7%"


def test_the_letter_is_decided_by_the_indicators_own_rules():
    printed = {"name": "表示で", "decimals": 0, "decide_on": "printed"}
    made_ = plan(node("1", indicator("i", rule_set="p"), indicator("j")), rule_sets={"p": printed})
    found = score(made_, *percents({"i": "99.5", "j": "99.5"}))
    assert [s.rating for s in found.indicators.values()] == ["A", "B"]


def test_the_pace_of_one_indicator():
    """Miyagi's 50/75/100 after a year without letters, for one; the straight line for the other."""
    way = {
        "target_kind": "final_year",
        "baseline": (0, 2021),
        "final_target": (100, 2025),
    }
    made_ = plan(node("1", indicator("i", rule_set="miyagi", **way), indicator("j", **way)))
    found = score(made_, actual(45, "i", 2023), actual(45, "j", 2023))
    assert [s.pace for s in found.indicators.values()] == [90, 90]
    found = score(made_, actual(45, "i", 2024), actual(45, "j", 2024), year=2024)
    assert [s.pace for s in found.indicators.values()] == [60, 60]
    found = score(made_, actual(45, "i", 2022), actual(45, "j", 2022), year=2022)
    assert [s.pace for s in found.indicators.values()] == [None, 180]
    assert [s.rating for s in found.indicators.values()] == [None, "A"]


def test_cap_and_floor_of_a_mean_are_the_plans():
    made_ = made(
        own("i", rule_set="wide"),
        indicator("j"),
        rule_sets={"wide": {"name": "上限なし", "cap": None, "mean_floor": None}},
    )
    found = score(made_, *percents({"i": 300, "j": 50}))
    assert found.nodes["1-1"].score == 75


def test_the_landing_is_judged_by_the_indicators_own_scale_and_rules():
    ind = own("i", rule_set="gifu")
    cells = [target(100), actual(20, period="Q1"), actual(20, period="Q2")]
    found = landing(made(ind), ind, CellTable.of(cells), YEAR)
    assert found.score is not None
    assert (found.score.rating, found.score.display) == ("b", "80%")


@pytest.mark.parametrize(
    ("fields", "field", "what"),
    [({"scale": "thre"}, "scale", "評価基準"), ({"rule_set": "gif"}, "rule_set", "規則の組")],
)
def test_an_unknown_name_is_told_with_the_indicator(fields, field, what):
    with pytest.raises(PlanProblem) as caught:
        made(indicator("k", **fields))
    told = str(caught.value)
    assert caught.value.code == "k"
    assert "指標「k」" in told
    assert f"{field} に書かれた{what}「{next(iter(fields.values()))}」はありません。" in told
    assert "three" in told or field == "rule_set"


def test_an_unknown_preset_among_the_named_ones():
    with pytest.raises(PlanProblem, match="「abcde」はありません"):
        plan(node("1"), scales={"x": "abcde"})
    with pytest.raises(PlanProblem, match="「osaka」はありません"):
        plan(node("1"), rule_sets={"x": "osaka"})


# --- going up --------------------------------------------------------------------------------


def test_points_worst_and_mode_count_the_letters_of_the_plans_scale():
    points = {
        "name": "得点",
        "levels": [{"label": "良", "cut": 80, "points": 10}, {"label": "否", "points": 0}],
    }
    for rule, wanted in (("mean_of_points", (5, "良")), ("worst", (70, "否"))):
        two = plan(
            node("1", node("1-1", own("i")), node("1-2", indicator("j"))),
            scales={"three": ABC},
            scale=points,
            rule_set={"goal": rule},
        )
        found = score(two, *percents({"i": 70, "j": 85}))
        assert found.indicators["i"].rating == "b"
        assert (found.nodes["1"].score, found.nodes["1"].rating) == wanted


def test_levels_by_position_go_up_by_their_rate():
    """福岡市: indicators a/b/c by their place between baseline and target, goals A to D."""
    ind = indicator(scale="fukuoka_city", baseline=(70, 2020))
    for value, by_own, by_plan in ((100, "a", "A"), (82, "b", "B"), (60, "c", "C"), (40, "c", "D")):
        found = score(made(ind), *percents({"i": value}))
        assert (found.indicators["i"].rating, found.nodes["1"].rating) == (by_own, by_plan)


def test_a_goal_judged_by_people_still_shows_coverage_and_mean():
    """福岡市's goals have words given by people: the indicators below are rated all the same."""
    found = score(made(own(), scale="fukuoka_goal"), *percents({"i": 95}))
    assert found.indicators["i"].rating == "a"
    goal = found.nodes["1"]
    assert (goal.rating, goal.score, goal.coverage.text) == (None, 95, "指標1件中1件")
    assert "判定できない" in goal.problem


def test_no_mean_is_judged_by_a_scale_that_people_use():
    judged = {
        "name": "話し合い",
        "basis": "judged",
        "levels": [{"label": "甲", "cut": 80}, {"label": "乙"}],
    }
    found = score(made(own("i"), own("j"), scale=judged), *percents({"i": 95, "j": 85}))
    assert (found.nodes["1"].score, found.nodes["1"].rating) == (90, None)


def test_an_off_scale_label_of_its_own_goes_up_as_it_is():
    found = score(made(own("i"), own("j")), *percents({"i": State.CANCELLED, "j": 90}))
    assert found.indicators["i"].rating == "取りやめ"
    assert found.nodes["1-1"].counts == {"A": 0, "B": 1, "C": 0, "D": 0, "取りやめ": 1}
    assert found.nodes["1-1"].score == 90
    assert found.nodes["1-1"].coverage.missing == ("i",)


def test_what_its_own_scale_leaves_unrated_stays_so():
    found = score(made(indicator(scale="words")), *percents({"i": 95}))
    assert found.indicators["i"].rating is None
    assert found.nodes["1-1"].rating is None
    assert found.nodes["1-1"].counts[UNRATED] == 1
    assert found.nodes["1-1"].coverage.reasons == ("人が判定する",)


MET = {
    "name": "達成",
    "basis": "rate",
    "levels": [{"label": "甲", "cut": 80}, {"label": "乙"}],
    "when_met": "甲",
    "when_not_met": "乙",
}


@pytest.mark.parametrize(
    ("letter", "goal", "number"),
    [("よい", "甲", None), ("わるい", "乙", None), ("評価困難", None, None)],
)
def test_a_letter_people_gave_is_one_of_the_indicators_scale(letter, goal, number):
    made_ = made(indicator("i", scale="words"), scale=MET, rule_set={"letters": "given"})
    cells = CellTable.of(percents({"i": 95}))
    found = score_year(made_, cells, YEAR, given={"i": letter}).nodes["1-1"]
    part = found.parts[0]
    assert (part.own, part.given, part.number) == (letter, True, number)
    assert (part.level.label if part.level else None) == goal
    if goal is None:
        assert part.off_scale == letter


def test_a_given_letter_does_not_displace_the_one_the_plans_scale_finds():
    made_ = made(own(), rule_set={"letters": "given"})
    cells = CellTable.of(percents({"i": 95}))
    found = score_year(made_, cells, YEAR, given={"i": "c"}).nodes["1-1"]
    assert found.parts[0].level.label == "B"
    told = [step.text for step in node_steps(made_, found) if step.title == "評価基準の違い"]
    assert told == [
        f"i は評価基準「3段階」では c（人による評価）、計画の評価基準「{made_.scale.name}」では B"
    ]
    inner = next(step.text for step in node_steps(made_, found) if step.title == "内訳")
    assert inner == "i 指標i: 95.0% B"


def test_a_given_letter_of_the_plans_scale_goes_up_as_it_is():
    made_ = made(own(), rule_set={"letters": "given"})
    cells = CellTable.of(percents({"i": 95}))
    part = score_year(made_, cells, YEAR, given={"i": "D"}).nodes["1-1"].parts[0]
    assert (part.level.label, part.number, part.given, part.own) == ("D", 95, True, "")


# --- told ------------------------------------------------------------------------------------


def test_the_derivation_of_an_action_tells_both_letters():
    made_ = made(own("i"), indicator("j"))
    found = score(made_, *percents({"i": 95, "j": 50}))
    steps = node_steps(made_, found.nodes["1-1"])
    told = [step.text for step in steps if step.title == "評価基準の違い"]
    assert told == [f"i は評価基準「3段階」では a、計画の評価基準「{made_.scale.name}」では B"]
    without = plan(node("1", node("1-1", indicator("i"))))
    plain = node_steps(without, score(without, *percents({"i": 95})).nodes["1-1"])
    assert "評価基準の違い" not in [step.title for step in plain]


def test_the_derivation_of_an_indicator_names_its_own_scale_and_rules():
    ind = own(rule_set="gifu")
    found = score(made(ind), *percents({"i": "66.6"})).indicators["i"]
    steps = {step.title: step.text for step in indicator_steps(found)}
    assert steps["判定の基準"].startswith("3段階: a 90%以上 ／ b 60%以上90%未満")
    assert steps["率"] == f"67%（整数まで、四捨五入、規則の組「{RuleSet.preset('gifu').name}」）"


# --- a mean that cannot reach a level ---------------------------------------------------------

HIGH = {
    "name": "110から",
    "basis": "rate",
    "levels": [{"label": "S", "cut": 110}, {"label": "A", "cut": 100}, {"label": "B"}],
}


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({}, ["平均に入れる率は100%までなので、S にはならない"]),
        ({"cap": 110}, []),
        ({"cap": None}, []),
        ({"cap": 99}, ["平均に入れる率は99%までなので、S・A にはならない"]),
        ({"goal": "worst"}, []),
        ({"goal": "mean_of_points"}, []),
    ],
)
def test_levels_above_the_cap_are_told(rules, told):
    made_ = plan(
        node("1", node("1-1", indicator("i")), node("1-2", indicator("j"))),
        scale=HIGH,
        rule_set=rules,
    )
    goal = score(made_, *percents({"i": 120, "j": 130})).nodes["1"]
    steps = node_steps(made_, goal)
    assert [step.text for step in steps if step.title == "届かない段"] == told
    if not rules:
        assert (goal.score, goal.rating) == (100, "A")


def test_a_cut_at_the_cap_that_does_not_belong_to_the_level_is_out_of_reach():
    over = {
        "name": "超",
        "levels": [{"label": "S", "cut": 100, "inclusive": False}, {"label": "A"}],
    }
    made_ = plan(node("1", indicator("i"), indicator("j")), scale=over)
    steps = node_steps(made_, score(made_, *percents({"i": 120, "j": 130})).nodes["1"])
    assert [s.text for s in steps if s.title == "届かない段"] == [
        "平均に入れる率は100%までなので、S にはならない"
    ]
    single = plan(node("1", indicator("i")), scale=over)
    alone = score(single, *percents({"i": 120})).nodes["1"]
    assert alone.rating == "S"
    assert "届かない段" not in [s.title for s in node_steps(single, alone)]
    assert Fraction(100) == alone.score
