"""Rules, scales and stages of any make survive the plan file; bad ones are told by line and field."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Node, Plan
from shakyo_review.domain.process import Join, Process, Stage, When
from shakyo_review.domain.rules import (
    ActionRule,
    DecideOn,
    GoalRule,
    Letters,
    Level,
    PaceKind,
    RuleSet,
    preset_names,
)
from shakyo_review.domain.scale import Basis, OffScale, Position, Scale, ScaleLevel
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.domain.value import State
from shakyo_review.exchange.plan_yaml import PlanFileProblem, parse_plan, write_plan

# --- any rules -------------------------------------------------------------------------------

WORDS = ["A", "1", "◎", "○", "×", "－", "−", "Ⅳ", "yes", "null", "1e3", "=", "100%超", "a: b"]
NAMES = st.sampled_from(WORDS) | st.text(
    st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=15
)
PERCENTS = st.decimals(-50, 300, places=2)
POSITIVE = st.decimals("0.01", 300, places=2)
WEIGHTS = st.decimals(0, 5, places=2)


def ordered(low, high):
    """Two limits of which the first is the lower one, either of them missing."""
    return low if low is None or high is None or low < high else None


@st.composite
def rule_sets(draw):
    ceiling, cap = draw(st.none() | PERCENTS), draw(st.none() | PERCENTS)
    return RuleSet(
        name=draw(NAMES),
        decimals=draw(st.integers(0, 4)),
        decide_on=draw(st.sampled_from(DecideOn)),
        floor=ordered(draw(st.none() | PERCENTS), ceiling),
        floor_text=draw(st.sampled_from(["", "0%未満", "#"])),
        ceiling=ceiling,
        ceiling_text=draw(st.sampled_from(["", "100%超", "*"])),
        pace=draw(st.sampled_from(PaceKind)),
        pace_steps=tuple(draw(st.lists(st.none() | POSITIVE, min_size=1, max_size=5))),
        action=draw(st.sampled_from(ActionRule)),
        goal=draw(st.sampled_from(GoalRule)),
        letters=draw(st.sampled_from(Letters)),
        average_over=draw(st.sampled_from(Level)),
        cap=cap,
        mean_floor=ordered(draw(st.none() | PERCENTS), cap),
        minimum_coverage=draw(st.decimals(0, 100, places=1)),
        jump=draw(st.none() | POSITIVE),
    )


@st.composite
def scales(draw):
    labels = draw(st.lists(NAMES.map(lambda t: t[:10]), min_size=1, max_size=9, unique=True))
    ranks = draw(st.integers(1, len(labels)))
    cuts = sorted(
        draw(st.lists(PERCENTS, min_size=ranks, max_size=ranks, unique=True)), reverse=True
    )
    levels = tuple(
        ScaleLevel(
            label=label,
            definition=draw(st.just("") | NAMES),
            points=draw(st.none() | PERCENTS),
            inclusive=draw(st.booleans()),
            within=draw(WEIGHTS),
            color=draw(st.sampled_from(["", "green", "#00aa00"])),
            shape=draw(st.sampled_from(["", "●", "*"])),
            forecast_label=draw(st.sampled_from(["", "見込み"])),
            **draw(
                st.sampled_from(
                    [
                        {},
                        {"cut": cut},
                        {"cut": cut, "cut_at_ceiling": Decimal(100)},
                        {"met": True},
                        {"met": False},
                        {"position": Position.TARGET},
                        {"position": Position.BASELINE},
                        {"by_hand": True},
                    ]
                )
            ),
        )
        for label, cut in zip(labels[:ranks], cuts, strict=True)
    )
    return Scale(
        name=draw(NAMES),
        basis=draw(st.sampled_from(Basis)),
        levels=levels,
        off_scale=tuple(
            OffScale(
                label=label,
                definition=draw(st.just("") | NAMES),
                states=tuple(draw(st.lists(st.sampled_from(State), max_size=3, unique=True))),
            )
            for label in labels[ranks:]
        ),
        when_met=draw(st.sampled_from(["", labels[0]])),
        when_not_met=draw(st.sampled_from(["", labels[-1]])),
    )


@st.composite
def processes(draw):
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    return Process(
        stages=tuple(
            Stage(
                code=f"s{n}",
                name=name,
                when=draw(st.sampled_from(When)),
                join=draw(st.sampled_from(Join)),
                members=tuple(draw(st.lists(NAMES, max_size=3, unique=True))),
                quorum=draw(st.none() | st.decimals(1, 100, places=1)),
                items=draw(st.sampled_from([(), ("1",), ("1", "1-1")])),
                flags=tuple(draw(st.lists(NAMES, max_size=2))),
                levels=tuple(draw(st.lists(st.integers(0, 1), max_size=2))),
            )
            for n, name in enumerate(names)
        ),
        directions=tuple(draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))),
    )


def plan_with(weights=(1, 1, 1), **fields):
    item, first, second = map(Decimal, weights)
    inside = [
        Indicator(code=code, name=code, direction="higher", measure="annual", weight=weight)
        for code, weight in (("a", first), ("b", second))
    ]
    child = Node(code="1-1", name="取組", weight=item, indicators=tuple(inside))
    return Plan(
        code="t",
        title="計画",
        body="社協",
        first_year=2024,
        last_year=2026,
        levels=("目標", "取組"),
        tree=(Node(code="1", name="目標", children=(child,)),),
        **fields,
    )


def comes_back(plan):
    text = write_plan(plan)
    assert parse_plan(text, "p") == plan
    assert write_plan(parse_plan(text, "p")) == text


@settings(max_examples=120, deadline=None)
@given(
    rule_sets(),
    scales(),
    processes(),
    st.tuples(WEIGHTS, WEIGHTS, WEIGHTS).filter(lambda w: w[0] and (w[1] or w[2])),
)
def test_rules_scales_and_stages_of_any_make_read_back_equal(rules, scale, process, weights):
    comes_back(plan_with(weights, rule_set=rules, scale=scale, evaluation=process))


@pytest.mark.parametrize("scale", PRESETS)
@pytest.mark.parametrize("rules", preset_names())
def test_every_preset_reads_back_equal_and_by_name(rules, scale):
    plan = plan_with(rule_set=RuleSet.preset(rules), scale=Scale.preset(scale))
    comes_back(plan)
    text = write_plan(plan)
    assert f"scale: {scale}\n" in text or scale == "abcd"
    assert f"rule_set: {rules}\n" in text or rules == "standard"


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_written_in_full_is_still_the_same(name):
    """Copied under another name, as a council does that changes one cut of it."""
    scale = PRESETS[name].model_copy(update={"name": "写し"})
    comes_back(plan_with(scale=scale))


# --- bad rules -------------------------------------------------------------------------------

HEAD = """\
code: t
title: 計画
body: 社協
first_year: 2024
last_year: 2026
levels: [目標, 取組]
"""

LEVELS = "scale:\n  name: x\n  levels:\n"


def problems(text):
    with pytest.raises(PlanFileProblem) as caught:
        parse_plan(HEAD + text, "plan.yaml")
    told = str(caught.value)
    assert "\n" not in told
    assert told.endswith(("。", "）"))
    for english in ("Input", "should", "Value error", "Traceback", "expected", "found", "Decimal"):
        assert english not in told
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rule_set: {goal: best}\n", "7行目 rule_set.goal: 「best」は使えません"),
        ("rule_set: {letters: people}\n", "7行目 rule_set.letters: 「people」は使えません"),
        ("rule_set:\n  cap: 百\n", "8行目 rule_set.cap: 「百」は数として読めません"),
        ("rule_set:\n  capp: 100\n", "8行目 rule_set.capp: 「capp」という欄はありません。「cap」"),
        ("rule_set: {decimals: 9}\n", "rule_set.decimals: 「9」は使えません。4 以下"),
        ("rule_set: miyagii\n", "7行目 rule_set: 規則の組「miyagii」はありません。"),
        ("scale: abcde\n", "7行目 scale: 評価基準「abcde」はありません。"),
        ("rule_set: [a]\n", "7行目 rule_set: "),
        ("rule_set: {pace: listed}\n", "7行目 rule_set: pace: listed には pace_steps が要ります"),
        (
            "rule_set:\n  pace: listed\n  pace_steps: [50, 0]\n",
            "9行目 rule_set: pace_steps の割合は0より大きく",
        ),
        (
            "rule_set:\n  pace: listed\n  pace_steps: [50, 半分]\n",
            "9行目 rule_set.pace_steps[1]: 「半分」は数として読めません",
        ),
        ("rule_set:\n  floor: 100\n  ceiling: 0\n", "8行目 rule_set: floor が ceiling 以上"),
        ("rule_set:\n  cap: 0\n  mean_floor: 10\n", "rule_set: mean_floor が cap 以上"),
        ("rule_set: {minimum_coverage: 120}\n", "「120」は使えません。100 以下"),
        (
            LEVELS + "    - {label: A, cut: 50}\n    - {label: B, cut: 80}\n",
            "9行目 scale: levels の下限は、良い段から順に小さくなるように書きます（「A」50 の次が「B」80",
        ),
        (
            LEVELS + "    - {label: A}\n    - {label: A}\n",
            "7行目 scale: 評価基準に同じ記号「A」が2つあります。",
        ),
        (
            LEVELS + "    - {label: A, cut: 高い}\n",
            "10行目 scale.levels[0].cut: 「高い」は数として",
        ),
        (
            LEVELS + "    - {label: A, position: best}\n",
            "10行目 scale.levels[0].position: 「best」",
        ),
        (LEVELS + "    - {cut: 100}\n", "10行目 scale.levels[0].label: 欄がありません"),
        ("scale:\n  name: x\n  levels: []\n", "9行目 scale.levels: "),
        (
            LEVELS + "    - {label: A}\n  when_met: ◎\n",
            "11行目 scale: when_met の「◎」",
        ),
        (
            LEVELS + "    - {label: A}\n  off_scale:\n    - {label: 中止, states: [stopped]}\n",
            "12行目 scale.off_scale[0].states[0]: 「stopped」は使えません",
        ),
        ("evaluation:\n  stages: []\n", "8行目 evaluation.stages: "),
        (
            "evaluation:\n  stages:\n    - {code: a, name: 評価, quorum: 0}\n",
            "9行目 evaluation.stages[0].quorum: 「0」は使えません。0 より大きい",
        ),
        (
            "evaluation:\n  stages:\n    - {code: a, name: 評価, join: vote}\n",
            "9行目 evaluation.stages[0].join: 「vote」は使えません",
        ),
        (
            "evaluation:\n  stages:\n    - {code: a, name: 甲}\n    - {code: a, name: 乙}\n",
            "8行目 evaluation: stages の code に同じものが2つあります。",
        ),
        ("evaluation:\n  directions: []\n", "8行目 evaluation.directions: "),
    ],
)
def test_a_bad_rule_is_told_by_line_and_field(text, told):
    assert any(told in said for said in problems(text))


def test_a_negative_weight_is_refused_and_one_of_zero_is_not():
    tree = "tree:\n  - {code: '1', name: 目標, weight: %s}\n"
    assert "8行目 tree[0].weight: 「-1」は使えません。0 以上" in problems(tree % -1)[0]
    assert parse_plan(HEAD + tree % 0, "p").items["1"].node.weight == 0


def test_generated_scales_are_refused_with_cuts_in_the_wrong_order():
    with pytest.raises(ValidationError, match="順に小さく"):
        Scale(name="x", levels=(ScaleLevel(label="A", cut=1), ScaleLevel(label="B", cut=2)))
