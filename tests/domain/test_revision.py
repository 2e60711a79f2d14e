"""What is different between two editions, in sentences of a secretary."""

from decimal import Decimal
from typing import Any

import pytest
from builders import indicator, node, plan
from commandline import english

from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Node, Plan
from shakyo_review.domain.plan_changes import plan_changes
from shakyo_review.domain.revision import ChangeKind, PlanChange
from shakyo_review.domain.revision_words import (
    INDICATOR_WORDS,
    NODE_WORDS,
    PLAN_WORDS,
    RULE_SET_WORDS,
    shown,
)
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.scale import Scale
from shakyo_review.domain.tree_edits import (
    add_node,
    change_indicator,
    change_node,
    change_plan,
    merge,
    move,
    split,
    stop,
)

WARDS = [{"code": "kita", "name": "北区"}, {"code": "minami", "name": "南区"}]


def old() -> Plan:
    return plan(
        node(
            "1",
            node("1-1", indicator("a", unit="人"), indicator("b")),
            node("1-2", indicator("c")),
            owners=["社協"],
        ),
        node("2", node("2-1", owners=["市"]), node("2-2", repeats="2-1")),
        branches=WARDS,
    )


def changes(new: Plan, before: Plan | None = None, **renamed: str) -> list[PlanChange]:
    was = before or old()
    here = {c: renamed.get(c, c) for c in (*new.items, *new.indicators)}
    known = {*was.items, *was.indicators}
    return plan_changes(was, new, {code: b for code, b in here.items() if b in known})


def told(new: Plan) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.code, one.text) for one in changes(new)]


def test_the_same_plan_is_no_change() -> None:
    assert changes(old()) == []


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (
            change_node(old(), "1-1", name="新"),
            [("renamed", "1-1", "名前: 項目1-1 → 新")],
        ),
        (
            move(old(), "1-1", "2"),
            [
                ("moved", "1-1", "場所: 1 項目1 → 2 項目2"),
                ("owners", "1-1", "担当: 社協 → なし"),
            ],
        ),
        (
            move(old(), "1-1", "1", after="1-2"),
            [("other", "1", "下位の項目の並び順: 1-1・1-2 → 1-2・1-1")],
        ),
        (
            stop(old(), "1-2"),
            [("stopped", "1-2", "施策を休止・廃止"), ("stopped", "c", "指標をやめる")],
        ),
        (
            add_node(old(), "1", Node(code="1-3", name="新")),
            [("added", "1-3", "施策を追加")],
        ),
        (
            merge(old(), ["1-1", "1-2"], "1-5", "まとめ"),
            [("merged", "1-5", "1-1 項目1-1・1-2 項目1-2 を統合")],
        ),
        (
            merge(old(), ["1-1", "1-2"], "1-1", "項目1-1"),
            [
                ("merged", "1-1", "1-1 項目1-1・1-2 項目1-2 を統合"),
            ],
        ),
        (
            split(old(), "1-2", [("1-2a", "甲"), ("1-2b", "乙")]),
            [
                ("split", "1-2a", "1-2 項目1-2 から分割"),
                ("split", "1-2b", "1-2 項目1-2 から分割"),
            ],
        ),
        (
            change_indicator(old(), "a", unit="回", comparable_from=2023),
            [
                ("definition", "a", "R5から定義を変える（それより前とは比べない）"),
                ("definition", "a", "単位 人 → 回"),
            ],
        ),
        (
            change_indicator(old(), "a", final_target={"value": 500, "year": 2025}),
            [("target", "a", "最終目標: なし → 500人（R7）")],
        ),
        (
            change_indicator(old(), "a", rule="met"),
            [("rules", "a", "率の規則 なし → 達成・未達成")],
        ),
        (change_node(old(), "1-1", weight=2), [("rules", "1-1", "重み 1 → 2")]),
        (
            change_node(old(), "1-1", flags=("重点",), branches="all"),
            [("other", "1-1", "印 なし → 重点、取り組む区・支所・地区 なし → すべて")],
        ),
        (
            change_node(old(), "2-1", funding=[{"name": "補助金", "sources": ["県"]}]),
            [("other", "2-1", "財源 なし → 補助金（県）")],
        ),
        (
            change_plan(old(), rule_set=RuleSet(decimals=0)),
            [("rules", "ALL", "規則の組: 率の小数の桁数 1 → 0")],
        ),
        (
            change_plan(old(), parties=("社協", "市")),
            [("other", "ALL", "主体の呼び名 なし → 社協・市")],
        ),
        (change_plan(old(), last_year=2026), [("other", "ALL", "計画期間: R3〜R7 → R3〜R8")]),
    ],
)
def test_each_change_is_told_once_in_words(new: Plan, expected: list[Any]) -> None:
    assert told(new) == expected
    for one in changes(new):
        assert english(one.text) == set()


def test_an_indicator_that_goes_to_another_item() -> None:
    moved = change_node(old(), "1-1", indicators=(old().indicators["b"],))
    moved = change_node(moved, "1-2", indicators=(old().indicators["c"], old().indicators["a"]))
    assert told(moved) == [("moved", "a", "場所: 1-1 項目1-1 → 1-2 項目1-2")]
    turned = change_node(old(), "1-1", indicators=tuple(old().items["1-1"].node.indicators[::-1]))
    assert told(turned) == [("other", "1-1", "指標の並び順: a・b → b・a")]


def test_what_was_merged_long_ago_hides_nothing_today() -> None:
    merged = merge(old(), ["1-1", "1-2"], "1-5", "まとめ")
    again = add_node(merged, "1", Node(code="1-2", name="別の新しい取組"))
    assert [one.kind for one in changes(stop(again, "1-2"), again)] == [ChangeKind.STOPPED]


OTHER_VALUES: dict[str, Any] = {
    "unit": "回",
    "direction": "lower",
    "measure": "cumulative",
    "kind": "outcome",
    "target_kind": "final_year",
    "path": "explicit",
    "pace_percent": Decimal(3),
    "steps": {2023: Decimal(5)},
    "baseline": {"value": 3, "year": 2020},
    "final_target": {"value": 9, "year": 2025},
    "parts": "sum",
    "periods": "max",
    "decimals": 2,
    "ceiling": Decimal(100),
    "low": Decimal(1),
    "high": Decimal(9),
    "tolerance": Decimal(2),
    "jump": Decimal(30),
    "cadence": 3,
    "weight": Decimal(2),
    "main": True,
    "rule": "met",
    "against": "final_target",
    "milestones": ({"label": "検討", "points": 50},),
    "comparable_from": 2023,
    "rule_set": "gifu",
    "scale": "abcd",
    "source": "統計",
    "note": "注",
    "example": True,
    "name": "別の名前",
}


@pytest.mark.parametrize("name", [n for n in Indicator.model_fields if n in OTHER_VALUES])
def test_no_field_of_an_indicator_changes_silently(name: str) -> None:
    found = changes(change_indicator(old(), "a", **{name: OTHER_VALUES[name]}))
    assert len(found) == 1
    assert english(found[0].text) <= {"gifu", "abcd"}  # names a person has typed


def test_every_field_has_a_name() -> None:
    own = {"code", "name", "baseline", "final_target", "formerly", "targets", "actuals"}
    assert set(Indicator.model_fields) - own == set(INDICATOR_WORDS)
    assert set(OTHER_VALUES) == set(Indicator.model_fields) - {
        *("code", "formerly", "targets", "actuals"),
    }
    own = {"code", "name", "owners", "formerly", "merged_from", "indicators", "funding", "children"}
    assert set(Node.model_fields) - own == set(NODE_WORDS)
    own = {"title", "first_year", "last_year", "rule_set", "scale", "evaluation", "tree"}
    own |= {"rule_sets", "scales"}
    assert set(Plan.model_fields) - own == set(PLAN_WORDS)
    assert set(RuleSet.model_fields) == set(RULE_SET_WORDS)


@pytest.mark.parametrize(
    "fields",
    [
        {"scale": Scale.preset("abcd").model_copy(update={"name": "別"})},
        {"scales": {"別": Scale.preset("abcd")}},
        {"rule_sets": {"別": RuleSet(decimals=0)}},
        {"evaluation": {"directions": ["継続", "廃止"]}},
        {"evaluation": {"stages": [{"code": "self", "name": "自己評価"}]}},
        {
            "evaluation": {
                "stages": [
                    {"code": c, "name": n, "members": ["甲"]}
                    for c, n in (
                        ("self", "自己評価"),
                        ("internal", "内部評価"),
                        ("committee", "委員会評価"),
                    )
                ]
            }
        },
    ],
)
def test_rules_and_stages_do_not_change_silently(fields: dict[str, Any]) -> None:
    (one,) = changes(change_plan(old(), **fields))
    assert english(one.text) == set()


def test_words_for_what_stands_in_a_field() -> None:
    assert shown(None) == shown("") == shown(()) == "なし"
    assert (shown(True), shown(False)) == ("はい", "いいえ")
    assert shown(Decimal("-1.50")) == "△1.5"
    assert shown({2025: Decimal(3), 2024: Decimal(2)}) == "2024年度 2・2025年度 3"
