import pytest
from builders import harmless, indicator, node, on_the_way, plan
from pydantic import ValidationError

from shakyo_review.domain.plan import map_indicators
from shakyo_review.errors import PlanProblem, WrongUsage


@pytest.mark.parametrize(
    ("tree", "code", "told"),
    [
        ([node("1"), node("1")], "1", "「1」が2回"),
        ([node("1", indicator("1"))], "1", "「1」が2回"),
        ([node("1", indicator("a"), indicator("a"))], "a", "「a」が2回"),
        ([node("1", node("1-1", indicator("a"))), node("2", indicator("a"))], "a", "「a」が2回"),
        ([node("1", repeats="9")], "1", "再掲元「9」が計画にありません"),
        ([node("1", indicator("a")), node("2", repeats="a")], "2", "再掲元「a」が計画にありません"),
        ([node("1", repeats="1")], "1", "めぐっています（1 → 1）"),
        ([node("1", repeats="2"), node("2", repeats="1")], "1", "めぐっています（1 → 2 → 1）"),
        (
            [node("1", repeats="2"), node("2", repeats="3"), node("3", repeats="2")],
            "1",
            "めぐっています（1 → 2 → 3 → 2）",
        ),
        ([node("1"), node("2", indicator("a"), repeats="1")], "2", "下位項目・指標・財源"),
        ([node("1"), node("2", node("2-1"), repeats="1")], "2", "下位項目・指標・財源"),
        ([node("1", node("1-1", node("1-1-1", node("x"))))], "x", "4段目"),
        ([node("1", level=3)], "1", "4段目"),
        ([node("1", node("1-1", level=0))], "1-1", "上の項目"),
        ([node("1", branches=["nowhere"])], "1", "「nowhere」は branches にありません"),
        ([node("ALL")], "ALL", "計画全体"),
        ([node("1", indicator("ALL"))], "ALL", "計画全体"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused_with_the_item(tree, code, told):
    with pytest.raises(PlanProblem) as refusal:
        plan(*tree)
    assert told in refusal.value.message
    assert refusal.value.code == code
    assert refusal.value.message.endswith("。")
    assert refusal.value.hint.endswith("。")


def test_the_same_branch_twice():
    branch = {"code": "e", "name": "東"}
    with pytest.raises(PlanProblem, match="branches に同じコード"):
        plan(branches=[branch, branch])


def test_a_plan_that_ends_before_it_begins():
    with pytest.raises(ValidationError, match="last_year より後"):
        plan(first_year=2026)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"direction": "range"}, "low と high"),
        ({"direction": "range", "low": 5, "high": 1}, "low が high より"),
        ({"target_kind": "final_year", "path": "pace"}, "pace_percent"),
        ({"target_kind": "final_year", "path": "stepped"}, "steps"),
        ({"rule": "milestone"}, "milestones"),
        ({"baseline": (1, 2025), "final_target": (2, 2025)}, "より後"),
        ({"baseline": ("0.5", 2020)}, "baseline"),
        ({"final_target": ("0.55", 2025), "decimals": 1}, "final_target"),
        ({"direction": "range", "low": "0.5", "high": 2}, "low"),
        ({"ceiling": "99.5"}, "ceiling"),
        ({"weight": "-1"}, "greater than or equal"),
        ({"weight": "NaN"}, "finite"),
        ({"code": "あ"}, "pattern"),
        ({"directon": "higher"}, "Extra inputs"),
    ],
)
def test_an_indicator_that_contradicts_itself(fields, told):
    with pytest.raises(ValidationError, match=told):
        indicator(**fields)


@pytest.mark.parametrize(
    ("fields", "rule", "against"),
    [
        ({"direction": "higher"}, "simple", "year_target"),
        ({"direction": "lower"}, "baseline", "year_target"),
        ({"direction": "keep_min"}, "keep_min", "year_target"),
        ({"direction": "keep_max"}, "keep_max", "year_target"),
        ({"direction": "range", "low": 1, "high": 2}, "range", "year_target"),
        ({"direction": "none"}, None, "year_target"),
        ({"direction": "higher", "rule": "met"}, "met", "year_target"),
        (
            {"target_kind": "final_year", "baseline": (1, 2020), "final_target": (2, 2025)},
            "baseline",
            "final_target",
        ),
        ({"target_kind": "final_year", "final_target": (2, 2025)}, "simple", "final_target"),
    ],
)
def test_the_rule_follows_the_direction_a_person_entered(fields, rule, against):
    ind = indicator(**fields)
    assert (ind.rate_rule, ind.judged_against) == (rule, against)


def test_the_direction_is_never_read_off_the_numbers():
    with pytest.raises(ValidationError, match="direction"):
        indicator(direction=None, baseline=(100, 2020), final_target=(50, 2025))
    assert on_the_way(b=100, t=50).direction == "higher"


TREE = [
    node(
        "1",
        node("1-1", node("1-1-1", indicator("a")), owners=[{"part": "社協", "name": "総務課"}]),
        node("1-2", indicator("b"), level=2),
        owners=["市"],
    ),
    node("2", label="特別目標", branches=["e"]),
]


def test_items_know_their_place():
    made = plan(*TREE, branches=[{"code": "e", "name": "東"}, {"code": "w", "name": "西"}])
    assert list(made.items) == ["1", "1-1", "1-1-1", "1-2", "2"]
    assert [i.label for i in made.items.values()] == [
        "基本目標",
        "施策",
        "取組",
        "取組",
        "特別目標",
    ]
    assert [i.level for i in made.items.values()] == [0, 1, 2, 2, 0]
    assert [i.code for i in made.children_of("1")] == ["1-1", "1-2"]
    assert [i.code for i in made.children_of(None)] == ["1", "2"]
    assert [i.code for i in made.path_of("1-1-1")] == ["1", "1-1", "1-1-1"]
    assert [o.label for o in made.owners_of("a")] == ["社協（総務課）"]
    assert [o.label for o in made.owners_of("b")] == ["市"]
    assert made.action_of == {"a": "1-1-1", "b": "1-2"}
    assert made.branches_of("a") == ("e", "w")


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("市", "市"),
        ({"part": "市"}, "市"),
        ({"part": "市", "name": "市"}, "市"),
        ({"part": "市", "name": "福祉課"}, "市（福祉課）"),
    ],
)
def test_owners_in_short_and_in_full(written, label):
    [owner] = plan(node("1", owners=[written])).items["1"].owners
    assert owner.label == label


def test_an_unknown_indicator_is_wrong_usage():
    with pytest.raises(WrongUsage, match="「zzz」は計画「第1次計画」にありません"):
        plan().indicator("zzz")


@pytest.mark.parametrize(
    ("year", "accepted"), [(2010, False), (2011, True), (2021, True), (2025, True), (2026, False)]
)
def test_years_of_a_plan(year, accepted):
    made = plan()
    assert made.accepts_year(year) is accepted
    if accepted:
        assert made.check_year(year) == year
    else:
        with pytest.raises(WrongUsage, match="令和3年度〜令和7年度"):
            made.check_year(year)


def test_indicators_can_be_exchanged_after_the_plan_was_read():
    made = plan(*TREE, branches=[{"code": "e", "name": "東"}])
    assert set(made.indicators) == {"a", "b"}  # this fills what the plan keeps in mind
    heavier = map_indicators(made, lambda ind: ind.model_copy(update={"weight": ind.weight * 2}))
    assert [ind.weight for ind in heavier.indicators.values()] == [2, 2]
    assert [ind.weight for ind in made.indicators.values()] == [1, 1]
    assert list(heavier.items) == list(made.items)


def test_rule_sets_and_scales_by_name():
    made = plan(rule_set="miyagi", scale="togo")
    assert made.rule_set.ceiling_text == "100%超"
    assert made.scale.labels == ("A", "B", "C", "D", "E")
    with pytest.raises(PlanProblem, match="規則の組「zzz」"):
        plan(rule_set="zzz")


def test_refusals_quote_what_was_written_without_harm():
    for attempt in (lambda: plan(scale="\udcff\x1b"), lambda: plan().indicator("\udcff\x1b")):
        with pytest.raises((PlanProblem, WrongUsage)) as refusal:
            attempt()
        assert harmless(str(refusal.value))
