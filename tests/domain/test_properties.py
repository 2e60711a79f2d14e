"""What holds for any plan and any figures."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from builders import (
    YEAR,
    actual,
    cell,
    indicator,
    node,
    on_the_way,
    percents,
    plan,
    score,
    score_one,
    target,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shakyo_review.domain.cell import HALVES, MONTHS, QUARTERS, CellTable, Kind
from shakyo_review.domain.checks import find
from shakyo_review.domain.comparison import compare_years
from shakyo_review.domain.derivation import counts_text, indicator_steps, node_steps
from shakyo_review.domain.goals import score_year
from shakyo_review.domain.indicator import (
    Against,
    Direction,
    Measure,
    Parts,
    Path,
    Periods,
    RateRule,
    TargetKind,
)
from shakyo_review.domain.rules import (
    ActionRule,
    DecideOn,
    GoalRule,
    Letters,
    Level,
    RuleSet,
    preset_names,
)
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.domain.shares import shares
from shakyo_review.domain.value import Reading, State

# --- a better actual ------------------------------------------------------------------------

BETTER_IS = {
    Direction.HIGHER: 1,
    Direction.KEEP_MIN: 1,
    Direction.LOWER: -1,
    Direction.KEEP_MAX: -1,
}
"""Directions in which of any two actuals one is better. Not among them: none, which judges
nothing, and range, which has its own test below."""
NO_ORDER = {RateRule.MILESTONE, RateRule.MANUAL}
"""Rules under which the actual is a word, or a percentage whatever the direction."""

SMALL = st.integers(-40, 40)
ASCENDING = st.tuples(SMALL, SMALL).map(sorted).filter(lambda pair: pair[0] < pair[1])


@pytest.mark.parametrize("name", PRESETS)
@settings(max_examples=200)
@given(
    rules=st.sampled_from(preset_names()),
    decide_on=st.sampled_from(sorted(DecideOn)),
    rule=st.sampled_from(sorted(set(RateRule) - NO_ORDER)),
    direction=st.sampled_from(sorted(BETTER_IS)),
    final=st.booleans(),
    b=st.none() | SMALL,
    t=SMALL,
    actuals=ASCENDING,
    tolerance=st.none() | st.integers(0, 5),
)
def test_a_better_actual_never_gets_a_worse_letter(
    name, rules, decide_on, rule, direction, final, b, t, actuals, tolerance
):
    """Under every rule set × scale × rate rule × direction shipped.

    Two exceptions: 目標÷実績 has no rate for an actual of 0 or less, so a better actual may have no
    letter (``assume`` below); and of the directions, none and range know no better and worse.
    """
    if rule is RateRule.INVERSE:
        # 目標÷実績 knows no actual of 0 or less: there is no rate, and only some scales
        # have a letter for "met" alone.
        assume(actuals[0] > 0)
    fields = {"direction": direction, "rule": rule, "tolerance": tolerance, "ceiling": 10}
    ind = on_the_way(b=b, t=t, **fields) if final else indicator(baseline=(b, 2020), **fields)
    cells = [] if final else [target(t)]
    rule_set = RuleSet.preset(rules).model_copy(update={"decide_on": decide_on})
    scores = [
        score_one(ind, *cells, actual(a), scale=name, rule_set=rule_set.model_dump())
        for a in actuals
    ]
    better, worse = scores if BETTER_IS[direction] < 0 else scores[::-1]
    if worse.level is not None:  # without a baseline some letters can be had from the top only
        assert better.level is not None
        assert PRESETS[name].rank(better.rating) <= PRESETS[name].rank(worse.rating)
    if better.met is not None:
        assert better.met >= worse.met


@pytest.mark.parametrize("name", PRESETS)
@settings(max_examples=40)
@given(
    distances=st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted),
    below=st.booleans(),
    low=st.integers(1, 20),
    width=st.integers(0, 10),
)
def test_nearer_to_a_range_is_never_worse_on_the_same_side(name, distances, below, low, width):
    high = low + width
    ind = indicator(direction="range", low=low, high=high)
    scores = [
        score_one(ind, actual(low - away if below else high + away), scale=name)
        for away in distances
    ]
    nearer, farther = (PRESETS[name].rank(one.rating or "") for one in scores)
    assert nearer <= farther


# --- order and 再掲 --------------------------------------------------------------------------

CODES = [f"i{n}" for n in range(8)]
FIGURES = st.one_of(
    st.integers(0, 150), st.sampled_from(sorted(set(State) - {State.VALUE, State.TEXT}))
)
RULES = st.fixed_dictionaries(
    {
        "goal": st.sampled_from(sorted(GoalRule)),
        "action": st.sampled_from(sorted(ActionRule)),
        "average_over": st.sampled_from(sorted(Level)),
        "letters": st.sampled_from(sorted(Letters)),
        "minimum_coverage": st.sampled_from([0, 70]),
    }
)
GRADED = st.sampled_from(["abcd", "togo", "nagayo", "fukushima", "sano", "ako", "library2016"])


def tree(weights, arrange):
    """Three goals; ``arrange`` puts lists into another order."""
    inds = [
        indicator(code, weight=w, main=code == "i1", baseline=(40, 2020))
        for code, w in zip(CODES, weights, strict=True)
    ]
    return arrange(
        [
            node("1", *arrange([node("1-1", *arrange(inds[:3])), node("1-2", inds[3], weight=2)])),
            node(
                "2",
                *arrange([node("2-1", node("2-1-1", inds[4])), node("2-2", inds[5]), node("2-3")]),
            ),
            node("3", *arrange(inds[6:])),
        ]
    )


ITEMS = ["1", "1-1", "1-2", "2-1", "2-1-1", "2-2", "2-3", "3", "i0", "i4"]
GIVEN = st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(["A", "B", "7", "達成", "中止"]))
"""Letters people gave: some a rank of the scale, some none."""


def judged(made, cells, letters):
    return score_year(made, CellTable.of(cells), YEAR, given=letters)


WEIGHTS = st.lists(st.integers(0, 3), min_size=8, max_size=8)
RATES = st.lists(FIGURES, min_size=8, max_size=8)


def facts(node_score):
    """What may not depend on the order of printing (a worst child has equals)."""
    worst = node_score.worst
    return (
        node_score.score,
        node_score.rating,
        node_score.counts,
        node_score.coverage.rated,
        node_score.coverage.ratable,
        set(node_score.coverage.missing),
        node_score.problem,
        worst and (worst.level, worst.number),
    )


@settings(max_examples=60)
@given(WEIGHTS, RATES, RULES, GRADED, GIVEN, st.randoms(use_true_random=False))
def test_the_order_of_items_indicators_cells_and_letters_changes_no_score(
    weights, rates, rules, scale, letters, rng
):
    # "main" stands on one indicator of 1-1; elsewhere the first is taken, so the order matters.
    assume(rules["action"] is not ActionRule.MAIN)
    cells = percents(dict(zip(CODES, rates, strict=True)))

    def shuffled(items):
        return rng.sample(items, len(items))

    there = judged(plan(*tree(weights, list), rule_set=rules, scale=scale), cells, letters)
    entered = dict(shuffled(list(letters.items())))
    made = plan(*tree(weights, shuffled), rule_set=rules, scale=scale)
    back = judged(made, shuffled(cells), entered)
    assert facts(there.overall) == facts(back.overall)
    for code in there.nodes:
        assert facts(there.nodes[code]) == facts(back.nodes[code])


@settings(max_examples=60)
@given(
    WEIGHTS,
    RATES,
    RULES,
    GRADED,
    GIVEN,
    st.lists(st.sampled_from(["1", "1-1", "2-1", "2-2", "2-3", "3"]), max_size=4),
)
def test_a_repeat_changes_no_score(weights, rates, rules, scale, letters, repeated):
    cells = percents(dict(zip(CODES, rates, strict=True)))
    bare = tree(weights, list)
    repeats = [node(f"r{n}", repeats=code) for n, code in enumerate(repeated)]
    # Under goals and measures, under an action, and as goals of their own.
    first, second, third = bare
    more = [
        {**first, "children": [*first["children"], *repeats[:1]]},
        second,
        {**third, "children": repeats[1:2]},
        *repeats[2:],
    ]
    without = judged(plan(*bare, rule_set=rules, scale=scale), cells, letters)
    # A letter given to the 再掲 itself counts no more than the 再掲 does.
    letters |= {repeat["code"]: "A" for repeat in repeats}
    result = judged(plan(*more, rule_set=rules, scale=scale), cells, letters)
    assert facts(result.overall) == facts(without.overall)
    for code, before in without.nodes.items():
        assert facts(result.nodes[code]) == facts(before)
        assert result.nodes[code].averaged_over == before.averaged_over
    for repeat in repeats:
        shown = result.nodes[repeat["code"]]
        assert facts(shown) == facts(without.nodes[repeat["repeats"]])


# --- any figures ---------------------------------------------------------------------------

YEARS = (2021, YEAR)
EXTREME = [0, "0.0001", "99.99", 10**14, -(10**14)]
NUMBER = (st.integers(-5, 300) | st.sampled_from(EXTREME)).map(str)
LIMIT = st.none() | NUMBER
STEPS = [{"label": "準備", "points": 30}, {"label": "完了", "points": 100}]
NUMERIC = st.one_of(
    NUMBER,
    st.builds(lambda n, f: f"{n}{'見込み' if f else ''}", NUMBER, st.booleans()),
    st.builds(lambda a, b: f"{a}/{b}", st.integers(-50, 50), st.integers(1, 50)),
)
WORDS = st.one_of(
    st.sampled_from([s for s in State if s not in (State.VALUE, State.TEXT)]),
    st.sampled_from(["随時", "完了", "準備"]).map(lambda text: Reading(State.TEXT, text=text)),
)
READINGS = st.one_of(NUMERIC, NUMERIC, WORDS)
INDICATORS = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(sorted(Direction)),
        "measure": st.sampled_from(sorted(Measure)),
        "rule": st.none() | st.sampled_from(sorted(RateRule)),
        "against": st.none() | st.sampled_from(sorted(Against)),
        "target_kind": st.sampled_from(sorted(TargetKind)),
        "path": st.sampled_from(sorted(Path)),
        "steps": st.just({2021: 1, 2023: 5}),
        "pace_percent": st.sampled_from([-200, -100, 0, "2.5", 1000]),
        "parts": st.sampled_from(sorted(Parts)),
        "periods": st.none() | st.sampled_from(sorted(Periods)),
        "baseline": st.tuples(LIMIT, st.sampled_from([None, 2019, 2020, 2021])),
        "final_target": st.tuples(LIMIT, st.sampled_from([None, 2023, 2025])),
        "low": LIMIT,
        "high": LIMIT,
        "ceiling": LIMIT,
        "tolerance": st.none() | st.integers(0, 10),
        "milestones": st.just(STEPS),
        "weight": st.integers(0, 2),
        "decimals": st.just(4),
        "main": st.booleans(),
    }
)
PLACES = st.fixed_dictionaries(
    {
        "branch": st.sampled_from(["", "e", "w"]),
        "period": st.sampled_from(["", *QUARTERS, *HALVES, MONTHS[0], MONTHS[-1]]),
    }
)


def valid(code, fields):
    try:
        return indicator(code, **fields)
    except ValidationError:
        return None


WHOLES = st.fixed_dictionaries(
    {
        (code, kind, year): READINGS
        for code in ("i0", "i1")
        for kind in (Kind.TARGET, Kind.ACTUAL)
        for year in YEARS
    }
)
PART_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["i0", "i1"]),
        st.sampled_from([Kind.TARGET, Kind.ACTUAL]),
        st.sampled_from(YEARS),
        PLACES,
        READINGS,
    ),
    max_size=8,
)


@settings(max_examples=300)
@given(
    st.lists(INDICATORS, min_size=1, max_size=2),
    WHOLES,
    PART_ROWS,
    st.sampled_from(preset_names()),
    RULES,
    st.sampled_from(sorted(PRESETS)),
)
def test_any_figures_are_scored_explained_compared_and_checked(
    fields, wholes, parts, preset, rules, scale
):
    inds = [ind for n, f in enumerate(fields) if (ind := valid(f"i{n}", f)) is not None]
    assume(inds)
    made = plan(
        node("1", node("1-1", *inds)),
        branches=[{"code": "e", "name": "東"}, {"code": "w", "name": "西"}],
        rule_set={**RuleSet.preset(preset).model_dump(), **rules},
        scale=scale,
    )
    figures = [cell(*where, figure, year) for (*where, year), figure in wholes.items()]
    figures += [
        cell(code, kind, figure, year, **place) for code, kind, year, place, figure in parts
    ]
    cells = CellTable.of({figure.key: figure for figure in figures}.values())
    scores = {year: score(made, *cells.cells.values(), year=year) for year in YEARS}
    people = judged(made, cells.cells.values(), {"1-1": "A", "1": "中止"})
    for result in [*scores.values(), people]:
        for one in result.indicators.values():
            explained(one)
        for each in [*result.nodes.values(), result.overall]:
            text = told(node_steps(made, each))
            assert text["判定"].startswith(each.rating or "なし")
            assert each.averaged_over in text["規則"]
    before, now = scores.values()
    find(made, now, cells, before)
    compare_years(scores)


def told(steps):
    assert all(step.title and step.text for step in steps)
    assert all("None" not in step.text and "Fraction" not in step.text for step in steps)
    return {step.title: step.text for step in steps}


def explained(one):
    """The steps say what the score holds, and nothing else."""
    text = told(indicator_steps(one))
    if one.rate is None:
        assert "率" not in text
        assert "計算式" not in text
    else:
        assert text["率"].startswith(f"{one.display}（")
    if one.pace is not None:
        assert text["経過割合に対して"].split("＝")[1]
    assert (one.rating or "なし") in text["判定"]
    assert one.level is None or one.rating in (one.level.label, one.level.forecast_label)
    assert (one.reason is None) is (one.level is not None)
    for level in one.scale.levels:
        assert level.label in text["判定の基準"]


@given(st.integers(-999, 999), st.integers(1, 999), st.integers(0, 4))
def test_the_printed_formula_gives_the_printed_rate(a, t, decimals):
    one = score_one(indicator(decimals=decimals), target(t), actual(a))
    formula = told(indicator_steps(one))["計算式"]
    left, right = formula.replace("△", "-").replace(",", "").split("＝")
    _, upper, lower = left.replace("÷", "×").split("×")
    exact = 100 * Fraction(upper) / Fraction(lower)
    assert exact == one.rate
    assert abs(Fraction(right.rstrip("…")) - exact) < Fraction(1, 10**4)
    assert right.endswith("…") is (Fraction(right.rstrip("…")) != exact)


def test_example_marks_change_no_score():
    made = plan(node("1", indicator()))
    plain = score(made, target(100), actual(60))
    marked = score(made, *(replace(c, example=True) for c in (target(100), actual(60))))
    assert facts(plain.overall) == facts(marked.overall)
    assert marked.overall.example


# --- shares --------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=12))
def test_shares_add_up_to_exactly_100(counted):
    made = shares(counted)
    assert sum(made) == (100 if sum(counted) else 0)
    assert all(count or not share for count, share in zip(counted, made, strict=True))


@settings(max_examples=60)
@given(WEIGHTS, RATES, RULES, GRADED, GIVEN)
def test_the_shares_of_every_distribution_add_up(weights, rates, rules, scale, letters):
    cells = percents(dict(zip(CODES, rates, strict=True)))
    result = judged(plan(*tree(weights, list), rule_set=rules, scale=scale), cells, letters)
    for each in [*result.nodes.values(), result.overall]:
        printed = re.findall(r"（([\d.]+)%）", counts_text(each))
        total = sum(map(Decimal, printed))
        assert total == (100 if sum(each.counts.values()) else 0)
