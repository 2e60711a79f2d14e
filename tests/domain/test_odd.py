"""Values that look odd beside the earlier year, the target, the parts; and findings confirmed."""

from decimal import Decimal
from fractions import Fraction

import pytest
from builders import YEAR, actual, indicator, node, plan, score, target
from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.domain.cell import CellTable
from shakyo_review.domain.checks import FINDING_LABELS, ODD, FindingKind, find, odd_values
from shakyo_review.domain.value import State

K = FindingKind
BRANCHES = [{"code": f"{n:02}", "name": f"第{n}区"} for n in range(1, 6)]


def findings_of(ind, *cells, before=(), back=1, confirmed=None, **fields):
    """The findings about values that look wrong; ``before`` is the actual so many years back."""
    made = plan(node("1", ind), **fields)
    past = before if isinstance(before, list | tuple) else [actual(before, year=YEAR - back)]
    earlier = score(made, *past, year=YEAR - back) if past else None
    found = find(made, score(made, *cells), CellTable.of(cells), earlier, confirmed)
    return [finding for finding in found if finding.odd]


def odd(ind, *cells, **fields):
    return [(finding.kind, finding.text) for finding in findings_of(ind, *cells, **fields)]


def beside(ind, before, now, **fields):
    """What is odd about a figure beside an earlier one."""
    return odd(ind, actual(now), before=before, **fields)


# --- digits and units -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "word", "check"),
    [
        (123, 1234, "約10倍", "桁を確かめてください"),
        (1234, 123, "約10分の1", "桁を確かめてください"),
        (100, 1250, "約13倍", "桁を確かめてください"),
        (12, 1213, "約101倍", "桁を確かめてください"),
        (1213, 12, "約101分の1", "桁を確かめてください"),
        (100, 1251, "約13倍", "入力した値を確かめてください"),
        (100, 3000, "約30倍", "入力した値を確かめてください"),
        (100, 7999, "約80倍", "入力した値を確かめてください"),
        (100, 8001, "約80倍", "桁を確かめてください"),
        (9, 900_001, "約100,000倍", "桁を確かめてください"),
    ],
)
def test_a_slip_says_digit_only_near_a_power_of_ten(before, now, word, check):
    [(kind, text)] = beside(indicator(unit="回"), before, now)
    assert kind is K.DIGIT_SLIP
    assert f"の{word}です。{check}" in text


@pytest.mark.parametrize(
    ("unit", "before", "now", "units"),
    [
        ("千円", 1234, 1_250_000, "円と千円"),
        ("千円", 1_250_000, 1234, "千円と百万円"),
        ("円", 1_250_000, 1234, "円と千円"),
        ("円", 1234, 1_250_000, "円と千円"),  # the earlier one was typed in 千円
        ("円", 53, 55_123_456, "円と百万円"),
        ("百万円", 55_123_456, 53, "円と百万円"),
        ("人", 30_512, 3, "人と万人"),
        ("人", 3, 30_512, "人と万人"),
        ("万人", 3, 30_512, "人と万人"),
        ("人", 31, 30_512, "人と千人"),
        ("回", 31, 30_512, "単位"),
        ("", 31, 30_512, "単位"),
        ("人", 3, 3_051_200, None),
    ],
)
def test_a_mix_up_of_units_names_them_and_replaces_the_slip(unit, before, now, units):
    [(kind, text)] = beside(indicator(unit=unit), before, now)
    if units is None:
        assert kind is K.DIGIT_SLIP
    else:
        assert kind is K.UNIT_MIX_UP
        assert text.endswith(f"です。{units}を取り違えていないか確かめてください")
        assert f"{now:,}{unit}はR4の{before:,}{unit}の約" in text


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ("98.1", "0.98", K.UNIT_MIX_UP),
        ("0.98", "98.1", K.UNIT_MIX_UP),
        ("1", "100", K.UNIT_MIX_UP),
        ("1.2", "98.1", K.DIGIT_SLIP),  # no share is above one
        ("0.01", "10.1", K.DIGIT_SLIP),  # a thousand times is no matter of ％
        ("0.98", "9.8", K.DIGIT_SLIP),
    ],
)
def test_a_percentage_typed_as_a_share(before, now, kind):
    ind = indicator(unit="％", decimals=2, ceiling=100)
    [(found, text)] = beside(ind, before, now)
    assert found is kind
    assert ("％の値と割合" in text) == (kind is K.UNIT_MIX_UP)


def test_a_hundred_times_is_a_mix_up_of_shares_only():
    [(kind, _)] = beside(indicator(unit="人", decimals=2), "0.98", "98")
    assert kind is K.DIGIT_SLIP


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["人", "円", "％", "回", ""]))
def test_size_is_told_once_and_either_way_round(one, other, unit):
    ind = indicator(unit=unit)
    there = [kind for kind, _ in beside(ind, one, other)]
    back = [kind for kind, _ in beside(ind, other, one)]
    times = Fraction(max(one, other), min(one, other))
    sized = {K.DIGIT_SLIP, K.UNIT_MIX_UP}
    assert len(sized.intersection(there)) == len(sized.intersection(back)) == (times >= 8)


# --- jumps ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (80, 120, "R4の80人から120人へ、約50.0％増えています（目安は30％まで）"),
        (120, 80, "R4の120人から80人へ、約33.3％減っています（目安は30％まで）"),
        (100, 130, None),
        (100, 131, "約31.0％増えて"),
        (100, 70, None),
        (100, 69, "約31.0％減って"),
        (-100, -140, "R4の△100人から△140人へ、約40.0％減って"),
        (-100, 50, "約150.0％増えて"),
        (50, 0, "約100.0％減って"),
        (0, 50, None),
    ],
)
def test_a_jump_is_told_beyond_the_bound(before, now, told):
    found = beside(indicator(unit="人", jump=30), before, now)
    if told is None:
        assert found == []
    else:
        [(kind, text)] = found
        assert kind is K.JUMP
        assert told in text
        assert text.endswith("値と増減の理由を確かめてください")


def test_the_bound_is_the_indicators_else_the_plans():
    rules = {"jump": "12.5"}
    assert beside(indicator(), 80, 91) == []
    assert beside(indicator(), 80, 90, rule_set=rules) == []
    [(kind, text)] = beside(indicator(), 80, 91, rule_set=rules)
    assert kind is K.JUMP
    assert "目安は12.5％まで" in text
    assert beside(indicator(jump=50), 80, 91, rule_set=rules) == []
    [(kind, _)] = beside(indicator(jump=5), 80, 91, rule_set=rules)
    assert kind is K.JUMP


@pytest.mark.parametrize(
    ("before", "now", "kind"), [(10, 100, K.DIGIT_SLIP), (10, 10_000, K.UNIT_MIX_UP)]
)
def test_what_is_told_otherwise_is_no_jump(before, now, kind):
    assert [k for k, _ in beside(indicator(jump=30), before, now)] == [kind]


def test_a_fall_of_a_running_total_is_no_jump_but_a_rise_is():
    ind = indicator(measure="cumulative", jump=30)
    assert [kind for kind, _ in beside(ind, 100, 60)] == [K.FALLING_TOTAL]
    assert [kind for kind, _ in beside(ind, 100, 140)] == [K.JUMP]


@given(st.integers(-500, 500), st.integers(-500, 500), st.integers(1, 300))
def test_a_jump_is_told_exactly_beyond_the_bound_unless_the_size_is(before, now, bound):
    kinds = [kind for kind, _ in beside(indicator(jump=bound), before, now)]
    beyond = before != 0 and abs(Fraction(now - before, before)) * 100 > bound
    sized = {K.DIGIT_SLIP, K.UNIT_MIX_UP}.intersection(kinds)
    assert (K.JUMP in kinds) == (beyond and not sized)


# --- parts and wholes -----------------------------------------------------------------------


def wards(*figures, **fields):
    return [actual(figure, branch=f"{n:02}", **fields) for n, figure in enumerate(figures, 1)]


def test_a_branch_above_the_whole_is_named_and_the_difference_is_not_told_again():
    cells = [actual(45), *wards(5, 50, 5, 5, 5)]
    assert odd(indicator(parts="sum", unit="人"), *cells, branches=BRANCHES) == [
        (
            K.PART_ABOVE_WHOLE,
            "第2区の50人が、全体として入力された45人を超えています。どちらが正しいか確かめてください",
        )
    ]


def test_many_branches_above_the_whole_are_one_finding():
    cells = [actual(4), *wards(5, 6, 4, 7, 8)]
    [(kind, text)] = odd(indicator(parts="sum"), *cells, branches=BRANCHES)
    assert kind is K.PART_ABOVE_WHOLE
    assert text.startswith("第1区の5、第2区の6、第4区の7ほか1件が、全体として入力された4を")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"parts": "sum", "unit": "時間", "decimals": 1}, True),
        ({"parts": "separate", "unit": "人"}, True),
        ({"parts": "separate", "unit": "ヶ所"}, True),
        ({"parts": "separate", "unit": "人", "decimals": 1}, False),  # people per meeting
        ({"parts": "separate", "unit": "人", "periods": "mean"}, False),
        ({"parts": "separate", "unit": "日"}, False),
        ({"parts": "separate", "unit": "点"}, False),
        ({"parts": "separate", "unit": "％"}, False),
        ({"parts": "separate"}, False),
        ({"parts": "mean", "unit": "人"}, False),
        ({"parts": "ratio", "unit": "人"}, False),
    ],
)
def test_a_part_can_be_above_a_mean_or_a_rate(fields, told):
    cells = [actual(45), *wards(50)]
    kinds = [kind for kind, _ in odd(indicator(**fields), *cells, branches=BRANCHES)]
    assert kinds == ([K.PART_ABOVE_WHOLE] if told else [])


def test_a_part_may_be_above_the_whole_where_another_is_negative():
    cells = [actual(45), *wards(50, -5)]
    assert odd(indicator(parts="sum", unit="人"), *cells, branches=BRANCHES) == []


def test_a_part_without_a_typed_whole_or_equal_to_it_is_fine():
    ind = indicator(parts="sum", unit="人")
    assert odd(ind, *wards(5, 50), branches=BRANCHES) == []
    assert odd(ind, actual(50), *wards(50, 0), branches=BRANCHES) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, True),  # the months of an annual count add up
        ({"periods": "sum", "measure": "point_in_time"}, True),
        ({"periods": "last"}, False),
        ({"periods": "max"}, False),
        ({"periods": "mean"}, False),
        ({"measure": "point_in_time"}, False),
        ({"unit": "％"}, False),
    ],
)
def test_a_period_above_the_year(fields, told):
    cells = [actual(45), actual(50, period="07"), actual(46, period="04")]
    found = odd(indicator(**{"unit": "回", **fields}), *cells)
    if told:
        [(kind, text)] = found
        assert kind is K.PART_ABOVE_WHOLE
        assert text.startswith("4月の46回、7月の50回が、全体として入力された45回を")
    else:
        assert found == []


def test_a_month_of_a_branch_above_the_year_of_the_branch():
    cells = [actual(9, branch="02"), actual(11, branch="02", period="Q1")]
    [(kind, text)] = odd(indicator(parts="sum"), *cells, branches=BRANCHES)
    assert kind is K.PART_ABOVE_WHOLE
    assert text.startswith("第2区 第1四半期の11が、第2区の年間として入力された9を")
    other = [actual(9, branch="02"), actual(11, branch="03", period="Q1")]
    assert odd(indicator(parts="sum"), *other, branches=BRANCHES) == []


def test_another_difference_is_told_beside_a_branch_at_odds_with_itself():
    cells = [
        *(actual(3, branch="02", period=f"Q{n}") for n in (1, 2, 3, 4)),
        actual(2, branch="02"),
        actual(15),
        *wards(5),
    ]
    kinds = [kind for kind, _ in odd(indicator(parts="sum"), *cells, branches=BRANCHES[:2])]
    assert kinds == [K.PART_ABOVE_WHOLE, K.PARTS_DIFFER]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"ceiling": 100}, True),
        ({}, True),
        ({"ceiling": 200}, False),
        ({"parts": "separate"}, False),
    ],
)
def test_a_numerator_above_its_denominator(fields, told):
    ind = indicator(**{"parts": "ratio", "unit": "％", **fields})
    found = odd(ind, *wards("3/4", "31/30"), branches=BRANCHES[:2])
    if told:
        assert found == [
            (
                K.PART_ABOVE_WHOLE,
                "第2区の31/30は、分子が分母より大きくなっています。分子と分母を確かめてください",
            )
        ]
    else:
        assert found == []


def test_a_share_of_the_whole_is_told_once():
    ratio = {"parts": "ratio", "unit": "％"}
    [(kind, text)] = odd(indicator(**ratio), actual("31/30"))
    assert kind is K.PART_ABOVE_WHOLE
    assert text.startswith("全体の31/30は")
    kinds = [kind for kind, _ in odd(indicator(**ratio, ceiling=100), actual("31/30"))]
    assert kinds == [K.ABOVE_CEILING]
    joined = odd(indicator(**ratio, ceiling=100), *wards("31/30", "5/3"), branches=BRANCHES[:2])
    assert [kind for kind, _ in joined] == [K.PART_ABOVE_WHOLE]
    assert odd(indicator(**ratio), actual("30/30")) == []


def test_the_ceiling_is_told_where_a_share_of_a_ward_does_not_explain_it():
    ind = indicator(parts="ratio", unit="％", ceiling=100)
    kinds = {kind for kind, _ in odd(ind, actual(155), *wards("31/30"), branches=BRANCHES)}
    assert kinds == {K.ABOVE_CEILING, K.PART_ABOVE_WHOLE}


# --- the same figure twice ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ("12", False),
        ("99", False),
        ("123", True),
        ("500", False),
        ("1200", False),
        ("1230", True),
        ("-123", True),
        ("95.0", False),
        ("95.1", True),
        ("0.98", False),
        ("1.05", True),
        ("0", False),
    ],
)
@pytest.mark.parametrize("measure", ["annual", "cumulative", "point_in_time"])
def test_equal_figures_are_told_from_three_significant_digits(figure, told, measure):
    ind = indicator(unit="人", decimals=2, measure=measure)
    same = beside(ind, figure, figure)
    met = odd(ind, target(figure), actual(figure))
    assert [kind for kind, _ in same] == ([K.SAME_AS_BEFORE] if told else [])
    assert [kind for kind, _ in met] == ([K.EQUALS_TARGET] if told else [])


def test_equal_figures_are_told_with_their_number():
    [(_, text)] = odd(indicator(unit="人"), target(1234), actual(1234))
    assert text == "実績の1,234人が目標とまったく同じ値です。目標を写していないか確かめてください"
    [(_, text)] = beside(indicator(unit="人"), 1234, 1234)
    assert text == "1,234人はR4とまったく同じ値です。前の値を写していないか確かめてください"
    assert odd(indicator(), target(1234), actual(1235), before=1233) == []


def test_equal_figures_of_examples_are_not_told():
    assert odd(indicator(example=True), target(1234), actual(1234), before=1234) == []
    assert odd(indicator(), target(1234), actual(1234, example=True), before=1234) == []
    assert odd(indicator(), actual(1234), before=[actual(1234, year=YEAR - 1, example=True)]) == []


def test_a_ceiling_reached_again_is_not_told():
    ind = indicator(ceiling=123, unit="校")
    assert odd(ind, target(123), actual(123), before=123) == []
    kinds = [kind for kind, _ in odd(ind, target(122), actual(122), before=122)]
    assert kinds == [K.SAME_AS_BEFORE, K.EQUALS_TARGET]


def test_a_percentage_given_by_a_person_is_no_copy_of_the_target():
    assert odd(indicator(rule="manual"), target(123), actual(123)) == []


def test_a_figure_that_says_it_is_from_an_earlier_year_is_no_copy():
    ind = indicator(unit="人", measure="point_in_time")
    assert odd(ind, actual(1234, measured_year=YEAR - 1), before=1234) == []
    assert odd(ind, actual(1234, measured_year=YEAR), before=1234) != []


# --- the earlier year -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (100, 1000, K.DIGIT_SLIP),
        (100, 100_000, K.UNIT_MIX_UP),
        (100, 170, K.JUMP),
        (100, 99, K.FALLING_TOTAL),
        (123, 123, K.SAME_AS_BEFORE),
    ],
)
def test_the_earlier_year_is_named_and_not_compared_across_a_new_definition(before, now, kind):
    fields = {"measure": "cumulative", "jump": 60}
    [(found, text)] = beside(indicator(**fields), before, now, back=3)
    assert found is kind
    assert "R2" in text
    for since in (YEAR, YEAR - 1, YEAR - 2):
        assert beside(indicator(**fields, comparable_from=since), before, now, back=3) == []
    for since in (YEAR + 1, YEAR - 3):
        ind = indicator(**fields, comparable_from=since)
        assert [k for k, _ in beside(ind, before, now, back=3)] == [kind]


def test_a_new_definition_changes_nothing_about_the_year_itself():
    ind = indicator(comparable_from=YEAR, ceiling=100, unit="％")
    assert [kind for kind, _ in beside(ind, 10, 120)] == [K.ABOVE_CEILING]


# --- what is due ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({"cadence": 1}, True),
        ({"cadence": 2}, True),  # from 2021, the first year of the plan
        ({"cadence": 3}, False),
        ({"cadence": 3, "baseline": (5, 2020)}, True),
        ({"cadence": 3, "baseline": (5, 2019)}, False),
        ({"cadence": 2, "baseline": (5, 2024)}, False),  # a baseline may lie in a later year
    ],
)
def test_what_is_not_due_is_not_missing(fields, due):
    made = plan(node("1", indicator(**fields)))
    found = find(made, score(made), CellTable.of([]))
    assert [f.kind for f in found] == ([K.MISSING_ACTUAL, K.MISSING_TARGET] if due else [])
    asked = actual(State.BEING_COUNTED)  # somebody has begun: it is waited for
    [finding] = find(made, score(made, asked, target(5)), CellTable.of([asked]))
    assert finding.kind is K.MISSING_ACTUAL


# --- confirming -----------------------------------------------------------------------------


def test_a_confirmed_finding_is_not_open_while_the_numbers_are_the_same():
    ind = indicator(unit="人")
    [before] = findings_of(ind, actual(5120), before=512)
    assert (before.confirmed, before.odd, before.open) == ("", True, True)
    known = {("i", "digit_slip"): (before.text, "会場を広げた")}
    [after] = findings_of(ind, actual(5120), before=512, confirmed=known)
    assert (after.confirmed, after.odd, after.open) == ("会場を広げた", True, False)
    [changed] = findings_of(ind, actual(5121), before=512, confirmed=known)
    assert (changed.confirmed, changed.open) == ("", True)
    for key in (("j", "digit_slip"), ("i", "jump")):
        other = {key: known["i", "digit_slip"]}
        [asked] = findings_of(ind, actual(5120), before=512, confirmed=other)
        assert asked.open


def test_a_missing_value_is_not_open():
    made = plan(node("1", indicator()))
    assert not any(finding.open for finding in find(made, score(made), CellTable.of([])))


@given(st.integers(1, 2000), st.integers(1, 2000), st.integers(1, 2000), st.integers(1, 2000))
def test_a_confirmed_finding_stays_so_exactly_while_its_sentence_does(past, first, then, typed):
    ind = indicator(unit="人", parts="sum", jump=10, measure="cumulative")

    def found(figure, confirmed=None):
        cells = [target(typed), actual(figure), *wards(typed)]
        fields = {"branches": BRANCHES, "before": past, "confirmed": confirmed}
        return findings_of(ind, *cells, **fields)

    known = {("i", f.kind.value): (f.text, "確かめた") for f in found(first)}
    assert len(known) == len(found(first))  # a kind is told once
    for finding in found(then, known):
        told = known.get(("i", finding.kind.value), ("", ""))[0]
        assert finding.open == (finding.text != told)
        assert finding.confirmed == ("" if finding.open else "確かめた")
    assert not any(finding.open for finding in found(first, known))


# --- names, and the moment of typing --------------------------------------------------------


def test_every_kind_has_a_short_name_of_its_own():
    assert set(FINDING_LABELS) == set(K)
    assert len(set(FINDING_LABELS.values())) == len(K)
    assert set(K) - ODD == {
        K.MISSING_ACTUAL,
        K.MISSING_PART,
        K.MISSING_TARGET,
        K.NOT_RATED,
    }


def test_the_same_sentences_are_told_at_the_moment_of_typing():
    made = plan(node("1", indicator(unit="千円", jump=Decimal(30))))
    earlier = score(made, actual(1234, year=YEAR - 1), year=YEAR - 1)
    for figure in (1234, 2000, 12_340, 1_234_000):
        cells = [actual(figure), target(1234)]
        now, table = score(made, *cells), CellTable.of(cells)
        found = [f.text for f in find(made, now, table, earlier) if f.odd]
        assert found
        assert odd_values(now.indicators["i"], table, earlier.indicators["i"]) == found


def test_at_the_moment_of_typing_a_branch_is_named_by_its_code():
    cells = [actual(45), *wards(50)]
    made = plan(node("1", indicator(parts="sum", unit="人")), branches=BRANCHES)
    now = score(made, *cells).indicators["i"]
    [text] = odd_values(now, CellTable.of(cells), None)
    assert text.startswith("区・支所「01」の50人が、全体として入力された45人を")


# --- a first figure has no year before it -----------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "typed", "told"),
    [
        (
            {"baseline": (512, 2022)},
            "5260",
            "5,260は基準値（R4）の512の約10倍です。桁を確かめてください",
        ),
        (
            {"baseline": (512, 2022)},
            "52",
            "52は基準値（R4）の512の約10分の1です。桁を確かめてください",
        ),
        ({"baseline": (512, 2022)}, "700", None),
        ({}, "5300", "5,300は目標の530の約10倍です。桁を確かめてください"),
        ({}, "53", None),  # far below the target is where most begin
        (  # the baseline is of another definition: only the target is left to hold it against
            {"baseline": (512, 2022), "comparable_from": 2023},
            "5260",
            "5,260は目標の530の約10倍です。桁を確かめてください",
        ),
    ],
)
def test_a_first_figure_beside_baseline_and_target(
    fields: dict[str, object], typed: str, told: str | None
) -> None:
    found = odd(indicator("i", **fields), target(530), actual(typed))
    assert [text for _, text in found] == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("unit", "before", "now", "told"),
    [
        ("％", "88.5", "120", True),
        ("％", (), "120", True),
        ("％", "104", "120", False),  # it has been above before: no share of a whole
        ("％", "88.5", "100", False),
        ("ポイント", "88.5", "120", False),
    ],
)
def test_a_percentage_above_a_hundred_is_asked_about_once(unit, before, now, told):
    ind = indicator(unit=unit, decimals=1)
    found = beside(ind, before, now)
    assert [(kind, text) for kind, text in found if kind is K.ABOVE_CEILING] == (
        [(K.ABOVE_CEILING, "120.0％は100％を超えています。値を確かめてください")] if told else []
    )
    assert beside(indicator(unit="％", decimals=1, ceiling=150), "88.5", "120") == []
