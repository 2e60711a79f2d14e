"""Each change of a plan by itself: what it makes, and what it refuses."""

from typing import Any

import pytest
from builders import indicator, node, plan
from pydantic import ValidationError

from shakyo_review.domain.plan import Node, Plan
from shakyo_review.domain.tree_edits import (
    add_indicator,
    add_node,
    change_indicator,
    change_node,
    change_plan,
    merge,
    move,
    renumber,
    split,
    stop,
    without_past,
)
from shakyo_review.errors import PlanProblem, ReviewError, WrongUsage


def small(**fields: Any) -> Plan:
    """Two goals; 1-2 repeats nothing, 2-1 is repeated by 1-9."""
    return plan(
        node(
            "1",
            node("1-1", indicator("a"), indicator("b"), owners=["社協"], note="甲"),
            node("1-2", indicator("c"), owners=["市"], flags=["重点"], note="乙"),
            node("1-9", repeats="2-1"),
        ),
        node("2", node("2-1", indicator("d"), funding=[{"name": "補助金"}])),
        levels=("基本目標", "取組"),
        **fields,
    )


def shape(made: Plan) -> dict[str, str | None]:
    """Return the parent of every item, in print order."""
    return {code: item.parent for code, item in made.items.items()}


def test_fields_of_plan_item_and_indicator() -> None:
    made = change_plan(small(), title="第2次計画", last_year=2027)
    assert (made.title, made.last_year) == ("第2次計画", 2027)
    assert change_node(small(), "1-1", name="新").items["1-1"].name == "新"
    made = change_indicator(small(), "a", unit="回")
    assert made.indicators["a"].unit == "回"
    assert list(made.indicators) == ["a", "b", "c", "d"]
    assert made.indicators["b"] == small().indicators["b"]


@pytest.mark.parametrize(
    "change",
    [
        lambda p: change_node(p, "9", name="x"),
        lambda p: change_node(p, "a", name="x"),  # an indicator is no item
        lambda p: change_indicator(p, "9", name="x"),
        lambda p: change_indicator(p, "1-1", name="x"),
        lambda p: renumber(p, "9", "8"),
        lambda p: stop(p, "9"),
        lambda p: move(p, "9", "1"),
        lambda p: move(p, "1-1", "9"),
        lambda p: move(p, "a", "2"),
        lambda p: add_node(p, "9", Node(code="x", name="x")),
        lambda p: add_indicator(p, "9", indicator("x")),
        lambda p: merge(p, ["1-1", "9"], "x", "x"),
        lambda p: split(p, "9", [("x", "x"), ("y", "y")]),
    ],
)
def test_an_unknown_code_is_named(change: Any) -> None:
    with pytest.raises(WrongUsage, match=r"「(9|a|1-1)」は計画.*にありません"):
        change(small())


@pytest.mark.parametrize(
    "change",
    [
        lambda p: renumber(p, "1-1", "2-1"),
        lambda p: renumber(p, "a", "1-1"),
        lambda p: add_node(p, "1", Node(code="a", name="x")),
        lambda p: add_indicator(p, "1-1", indicator("d")),
        lambda p: merge(p, ["1-1", "1-2"], "2-1", "x"),
        lambda p: split(p, "1-1", [("x", "x"), ("x", "y")]),
    ],
)
def test_a_code_is_used_once(change: Any) -> None:
    with pytest.raises(PlanProblem, match="2回使われています"):
        change(small())


def test_codes_that_no_plan_can_have_are_refused() -> None:
    with pytest.raises((ValidationError, ReviewError)):
        renumber(small(), "1-1", "甲")
    with pytest.raises(PlanProblem, match="計画全体"):
        renumber(small(), "1-1", "ALL")


def test_a_renumbered_item_says_what_it_was_called() -> None:
    made = renumber(renumber(small(), "1-1", "1-5"), "a", "a5")
    assert made.items["1-5"].node.formerly == "1-1"
    assert made.indicators["a5"].formerly == "a"
    assert made.action_of["a5"] == "1-5"
    assert renumber(small(), "2-1", "2-5").items["1-9"].node.repeats == "2-5"


def test_two_items_change_places_in_three_steps() -> None:
    made = renumber(renumber(renumber(small(), "1-1", "x"), "1-2", "1-1"), "x", "1-2")
    assert {code: made.items[code].node.formerly for code in ("1-1", "1-2")} == {
        "1-1": "1-2",
        "1-2": "1-1",
    }
    assert made.items["1-2"].name == small().items["1-1"].name
    back = renumber(renumber(small(), "a", "x"), "x", "a")
    assert back == small()


def test_what_earlier_editions_said_is_taken_away() -> None:
    made = renumber(renumber(small(), "1-1", "1-5"), "a", "a5")
    bare = without_past(made)
    assert bare.items["1-5"].node.formerly is None
    assert bare.indicators["a5"].formerly is None
    assert bare.items.keys() == made.items.keys()


def test_an_item_is_added_at_the_end_or_after_another() -> None:
    new = Node(code="1-3", name="新")
    assert list(shape(add_node(small(), "1", new)))[:5] == ["1", "1-1", "1-2", "1-9", "1-3"]
    assert list(shape(add_node(small(), "1", new, after="1-1")))[:3] == ["1", "1-1", "1-3"]
    assert list(shape(add_node(small(), None, Node(code="3", name="新"))))[-1] == "3"
    for after in ("2-1", "nothing"):
        with pytest.raises(WrongUsage, match="並んでいません"):
            add_node(small(), "1", new, after=after)
    with pytest.raises(PlanProblem, match="再掲「1-9」"):
        add_node(small(), "1-9", new)
    with pytest.raises(PlanProblem, match="3段目"):
        add_node(small(), "1-1", new)


def test_an_indicator_is_added_after_the_others() -> None:
    made = add_indicator(small(), "1-1", indicator("x"))
    assert list(made.indicators) == ["a", "b", "x", "c", "d"]


def test_an_item_is_moved_with_all_that_is_under_it() -> None:
    made = move(small(), "1-1", "2")
    assert shape(made)["1-1"] == "2"
    assert made.action_of["a"] == "1-1"
    assert list(shape(move(small(), "1-1", "1", after="1-2")))[:3] == ["1", "1-2", "1-1"]
    assert list(shape(move(small(), "1", None))) == ["2", "2-1", "1", "1-1", "1-2", "1-9"]
    assert shape(move(small(), "1-1", None))["1-1"] is None
    with pytest.raises(WrongUsage, match="並んでいません"):
        move(small(), "1-1", "1", after="1-1")


@pytest.mark.parametrize("under", ["1", "1-1"])
def test_nothing_is_moved_under_itself(under: str) -> None:
    with pytest.raises(WrongUsage, match="1を、その下にある"):
        move(small(), "1", under)


def test_what_is_stopped_goes_with_all_under_it() -> None:
    assert list(stop(small(), "1").items) == ["2", "2-1"]
    assert list(stop(small(), "a").indicators) == ["b", "c", "d"]
    assert list(stop(small(), "1-9").items) == ["1", "1-1", "1-2", "2", "2-1"]


@pytest.mark.parametrize("code", ["2", "2-1"])
def test_what_is_shown_again_elsewhere_cannot_be_stopped_first(code: str) -> None:
    with pytest.raises(WrongUsage, match=r"2-1は1-9 .*に再掲されています"):
        stop(small(), code)
    with pytest.raises(WrongUsage, match="再掲"):
        split(small(), "2-1", [("x", "x"), ("y", "y")])
    both = plan(node("1", node("1-1"), node("1-2", repeats="1-1")), node("2"))
    assert list(stop(both, "1").items) == ["2"]  # the 再掲 goes with it


def test_merged_items_bring_all_they_have() -> None:
    made = merge(small(), ["1-1", "1-2"], "1-5", "まとめ")
    whole = made.items["1-5"]
    assert list(shape(made)) == ["1", "1-5", "1-9", "2", "2-1"]
    assert [one.code for one in whole.node.indicators] == ["a", "b", "c"]
    assert [owner.name for owner in whole.owners] == ["社協", "市"]
    assert (whole.node.flags, whole.node.note) == (("重点",), "甲／乙")
    assert whole.node.merged_from == ("1-1", "1-2")
    assert whole.node.formerly is None
    kept = merge(small(), ["1-1", "1-2"], "1-1", "まとめ")
    assert list(shape(kept)) == ["1", "1-1", "1-9", "2", "2-1"]


def test_a_repeat_of_a_merged_item_repeats_the_whole() -> None:
    made = merge(small(), ["1-1", "2-1"], "1-5", "まとめ")
    assert made.items["1-9"].node.repeats == "1-5"
    assert [line.name for line in made.items["1-5"].node.funding] == ["補助金"]
    goals = merge(small(), ["1", "2"], "3", "まとめ")
    assert list(shape(goals)) == ["3", "1-1", "1-2", "1-9", "2-1"]


@pytest.mark.parametrize(
    ("codes", "why"),
    [
        (["1-1"], "2つ以上"),
        (["1-1", "1-1"], "2つ以上"),
        (["1", "1-1"], "1-1は1の下にある"),
        (["1-1", "1"], "1-1は1の下にある"),
        (["1-1", "2"], "段が違う"),
        (["1-1", "1-9"], "1-9は再掲"),
    ],
)
def test_what_cannot_be_merged(codes: list[str], why: str) -> None:
    with pytest.raises(WrongUsage, match=why):
        merge(small(), codes, "x", "x")


def test_items_of_other_branches_are_not_merged() -> None:
    wards = [{"code": "kita", "name": "北区"}]
    made = plan(node("1", branches=["kita"]), node("2"), branches=wards)
    with pytest.raises(WrongUsage, match="区・支所が違う"):
        merge(made, ["1", "2"], "3", "まとめ")


def test_the_first_part_of_a_split_item_keeps_what_it_has() -> None:
    made = split(small(), "1-1", [("1-1a", "甲"), ("1-1b", "乙"), ("1-1c", "丙")])
    assert list(shape(made))[:4] == ["1", "1-1a", "1-1b", "1-1c"]
    assert [one.code for one in made.items["1-1a"].node.indicators] == ["a", "b"]
    assert made.items["1-1b"].node.indicators == ()
    assert {made.items[f"1-1{x}"].node.split_from for x in "abc"} == {"1-1"}
    assert [owner.name for owner in made.items["1-1c"].owners] == ["社協"]
    for few in ([], [("x", "x")]):
        with pytest.raises(WrongUsage, match="2つ以上"):
            split(small(), "1-1", few)
    with pytest.raises(WrongUsage, match="1-9は再掲"):
        split(small(), "1-9", [("x", "x"), ("y", "y")])


STAGES = {"stages": [{"code": "self", "name": "自己評価", "items": ["1-1", "1-2"]}]}


@pytest.mark.parametrize(
    ("change", "items"),
    [
        (lambda p: renumber(p, "1-1", "1-5"), ("1-5", "1-2")),
        (lambda p: stop(p, "1-2"), ("1-1",)),
        (lambda p: merge(p, ["1-1", "1-2"], "1-5", "x"), ("1-5",)),
        (lambda p: split(p, "1-1", [("x", "x"), ("y", "y")]), ("x", "y", "1-2")),
        (lambda p: move(p, "1-1", "2"), ("1-1", "1-2")),
    ],
)
def test_stages_of_the_evaluation_follow(change: Any, items: tuple[str, ...]) -> None:
    made = change(small(evaluation=STAGES))
    assert made.evaluation.stages[0].items == items


def test_a_stage_never_comes_to_be_for_everything() -> None:
    made = small(evaluation={"stages": [{"code": "self", "name": "自己評価", "items": ["1-1"]}]})
    with pytest.raises(WrongUsage, match="自己評価"):
        stop(made, "1-1")


def test_the_last_year_comes_not_before_the_first() -> None:
    with pytest.raises(ValidationError, match="first_year"):
        change_plan(small(), last_year=2020)
