from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shakyo_review.domain.indicator import Direction, Indicator, Measure
from shakyo_review.domain.plan import Branch, Funding, Node, Owner, Plan
from shakyo_review.domain.rules import RuleSet, preset_names
from shakyo_review.domain.scale import Scale
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.exchange.bundled import (
    bundled_example,
    bundled_names,
    bundled_plan,
    with_example,
)
from shakyo_review.exchange.fields import models_below
from shakyo_review.exchange.plan_writer import field_order, write_plan
from shakyo_review.exchange.plan_yaml import parse_plan

TRICKY = [
    "null",
    "yes",
    "- a",
    "a: b",
    "#",
    "1e3",
    "0x1f",
    "2024-01-01",
    "～",
    " a",
    "a ",
    "'",
    '"',
    "\\n",
]
TRICKY += [
    "[",
    "{a",
    "*x",
    "&x",
    "!x",
    "%",
    "@",
    "`",
    "?",
    "|",
    ">",
    "12:30",
    "1_000",
    "<<",
    "=",
    "...",
]
TRICKY += [
    "a　b",
    "\u2028",
    "\x85",
    "\ufeff",
    "\ue000",
    "𠮷野",
    "--- a",
    "true",
    ".5",
    "+1",
    "1",
    "-",
    "~",
]

names = st.one_of(
    st.sampled_from(TRICKY).filter(lambda t: t.isascii() is False or t.isprintable()),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
).filter(str.strip)  # a name of blanks is refused
notes = st.one_of(
    st.just(""), names, st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
)
numbers = st.decimals(Decimal(-99999), Decimal(99999), places=2)
years = st.integers(2015, 2030)
amounts = st.dictionaries(years, st.integers(-(10**12), 10**12), max_size=3)
figures = st.dictionaries(
    years,
    st.one_of(numbers, st.sampled_from(["随時", "中止", "「約30回」", "12", "－"])),
    max_size=3,
)
owners = st.lists(
    st.one_of(names.map(lambda n: Owner(part=n, name=n)), st.builds(Owner, part=names, name=names)),
    max_size=2,
).map(tuple)


@st.composite
def indicators(draw, code: str) -> Indicator:
    return Indicator(
        code=code,
        name=draw(names),
        unit=draw(st.sampled_from(["", "人", "％", "か所"])),
        direction=draw(st.sampled_from([d for d in Direction if d is not Direction.RANGE])),
        measure=draw(st.sampled_from(list(Measure))),
        decimals=2,
        weight=draw(st.decimals(0, 5, places=2)),
        ceiling=draw(st.none() | numbers),
        baseline={"value": draw(st.none() | numbers), "year": draw(st.none() | st.just(2020))},
        final_target={"value": draw(st.none() | numbers), "year": draw(st.none() | st.just(2030))},
        steps=draw(st.dictionaries(years, numbers, max_size=2)),
        note=draw(notes),
        main=draw(st.booleans()),
        targets=draw(figures),
        actuals=draw(figures),
    )


@st.composite
def nodes(draw, code: str, depth: int) -> Node:
    children = draw(st.integers(0, 2)) if depth else 0
    return Node(
        code=code,
        name=draw(names),
        label=draw(st.none() | names),
        owners=draw(owners),
        flags=draw(st.lists(names, max_size=2).map(tuple)),
        branches=draw(st.sampled_from([(), "all", ("kita",), ("kita", "10")])),
        note=draw(notes),
        example=draw(st.booleans()),
        indicators=tuple(draw(indicators(f"{code}{c}")) for c in "abc"[: draw(st.integers(0, 2))]),
        funding=tuple(
            draw(
                st.builds(
                    Funding,
                    name=names,
                    sources=st.lists(names, max_size=3).map(tuple),
                    budget=amounts,
                    settlement=amounts,
                    forecast=st.lists(years, max_size=2).map(tuple),
                )
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
        children=tuple(draw(nodes(f"{code}-{n}", depth - 1)) for n in range(children)),
    )


@st.composite
def plans(draw) -> Plan:
    own = draw(names.filter(lambda name: name[0] not in "+-"))
    return Plan(
        code=draw(st.sampled_from(["osaka", "1", "1e5", "0x1", "null", "2024.1"])),
        title=draw(names),
        body=draw(names),
        first_year=2024,
        last_year=2030,
        philosophy=draw(notes),
        levels=("目標", "施策", "取組"),
        branches=(Branch(code="kita", name=draw(names)), Branch(code="10", name=draw(names))),
        rule_set=draw(
            st.one_of(
                st.sampled_from(preset_names()).map(RuleSet.preset),
                st.just(
                    RuleSet(name="自前", cap=None, pace="listed", pace_steps=(None, Decimal(50)))
                ),
            )
        ),
        scale=draw(
            st.one_of(
                st.sampled_from(list(PRESETS.values())),
                names.map(lambda n: Scale(name=n, levels=PRESETS["togo"].levels)),
            )
        ),
        rule_sets={own: draw(st.sampled_from([RuleSet.preset("gifu"), RuleSet(name="別")]))},
        scales={own: Scale(name=own, levels=PRESETS["togo"].levels), "10": PRESETS["maru"]},
        tree=(
            *(draw(nodes(f"{n}", 2)) for n in range(draw(st.integers(0, 2)))),
            Node(code="own", name=own, indicators=(named(own, own), named("10", "gifu"))),
        ),
    )


def named(scale: str, rule_set: str) -> Indicator:
    return Indicator(
        code=f"own{len(scale)}x{rule_set == 'gifu'}",
        name="指標",
        direction=Direction.HIGHER,
        measure=Measure.ANNUAL,
        scale=scale,
        rule_set=rule_set,
    )


@settings(max_examples=60, deadline=None)
@given(plans())
def test_a_plan_reads_back_equal(plan):
    text = write_plan(plan)
    assert parse_plan(text, "p") == plan
    text.encode("utf-8")


@pytest.mark.parametrize("name", bundled_names())
def test_bundled_plans_read_back_equal(name):
    plan = with_example(bundled_plan(name), bundled_example(name))
    text = write_plan(plan)
    assert parse_plan(text, name) == plan
    assert write_plan(parse_plan(text, name)) == text


def test_every_field_has_its_place():
    for model in models_below(Plan).values():
        assert sorted(field_order(model)) == sorted(model.model_fields), model


def test_scales_and_rule_sets_of_indicators_in_a_file():
    text = """\
code: t
title: 計画
body: 社協
first_year: 2024
last_year: 2024
levels: [目標]
rule_sets: {整数: gifu, "1": {name: 自前, decimals: 3}}
scales:
  三段階:
    name: 三段階
    levels:
      - {label: a, cut: 90}
      - {label: b}
tree:
  - code: "1"
    name: つながる
    indicators:
      - {code: "1a", name: 回数, direction: higher, measure: annual, rule_set: 整数, scale: 三段階}
      - {code: "1b", name: 人数, direction: higher, measure: annual, rule_set: "1", scale: maru}
"""
    plan = parse_plan(text, "p")
    first, second = plan.indicators.values()
    assert plan.scale_of(first).labels == ("a", "b")
    assert plan.scale_of(second) == PRESETS["maru"]
    assert (plan.rules_of(first).decimals, plan.rules_of(second).decimals) == (0, 3)
    assert write_plan(plan) == text


def test_what_a_file_looks_like():
    plan = Plan(
        code="t",
        title="計画 2024",
        body="社協",
        first_year=2024,
        last_year=2024,
        levels=("目標",),
        scale=PRESETS["togo"],
        tree=(
            Node(
                code="1",
                name="つながる: 地域",
                owners=(Owner(part="社協", name="社協"), Owner(part="市", name="福祉課")),
                indicators=(
                    Indicator(
                        code="1a",
                        name="回数",
                        unit="回",
                        direction=Direction.HIGHER,
                        measure=Measure.ANNUAL,
                        baseline={"value": 44, "year": 2022},
                        source="第3章",
                        targets={2024: Decimal("500")},
                        actuals={2024: "随時", 2023: "12"},
                    ),
                ),
            ),
        ),
    )
    assert write_plan(plan) == (
        """\
code: t
title: 計画 2024
body: 社協
first_year: 2024
last_year: 2024
levels: [目標]
scale: togo
tree:
  - code: "1"
    name: "つながる: 地域"
    owners: [社協, {part: 市, name: 福祉課}]
    indicators:
      - code: "1a"
        name: 回数
        unit: 回
        direction: higher
        measure: annual
        baseline: {value: 44, year: 2022}
        source: 第3章
        targets: {2024: 500}
        actuals: {2024: 随時, 2023: "12"}
"""
    )
