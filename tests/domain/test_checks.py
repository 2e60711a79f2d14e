"""What is missing, by committee, and what looks odd."""

import pytest
from builders import YEAR, actual, indicator, node, on_the_way, percents, plan, score, target

from shakyo_review.domain.cell import CellTable
from shakyo_review.domain.checks import FindingKind, find, odd_values
from shakyo_review.domain.value import State

K = FindingKind
BRANCHES = [{"code": f"{n:02}", "name": f"第{n}区"} for n in range(1, 9)]


def found(ind, *cells, before=None, **fields):
    """What is found for one indicator: kinds and sentences."""
    made = plan(node("1", ind), **fields)
    earlier = None if before is None else score(made, *before, year=YEAR - 1)
    return [(f.kind, f.text) for f in find(made, score(made, *cells), CellTable.of(cells), earlier)]


def test_missing_actuals_stand_with_their_committee():
    made = plan(
        node("1", node("1-1", indicator("a")), owners=["社協"]),
        node("2", node("2-1", indicator("b"), owners=[{"part": "市", "name": "福祉課"}, "社協"])),
        node("3", indicator("c")),
    )
    cells = percents({"a": State.NOT_ENTERED, "b": State.BEING_COUNTED, "c": State.NOT_ENTERED})
    findings = find(made, score(made, *cells), CellTable.of(cells))
    assert [(f.indicator, f.committee) for f in findings] == [
        ("a", "社協"),
        ("b", "市（福祉課）・社協"),
        ("c", "担当未定"),
    ]
    assert [f.text for f in findings][:2] == ["実績が未入力です", "実績が「集計中」のままです"]
    assert all(f.kind is K.MISSING_ACTUAL and not f.odd for f in findings)


@pytest.mark.parametrize(
    "state", [State.CANCELLED, State.NOT_SURVEYED, State.NOT_DUE, State.NOT_APPLICABLE]
)
def test_an_answer_is_not_missing(state):
    assert found(indicator(), target(5), actual(state)) == []


def test_nothing_is_found_where_all_is_well():
    assert found(indicator(), target(100), actual(90), before=percents({"i": 80}, YEAR - 1)) == []
    assert found(indicator(direction="none"), actual(90)) == []


def test_missing_wards_are_named():
    cells = [target(50), *(actual(5, branch=f"{n:02}") for n in range(1, 8))]
    assert found(indicator(parts="sum"), *cells, branches=BRANCHES) == [
        (K.MISSING_PART, "未入力の内訳があります（第8区）")
    ]
    [(_, text)] = found(indicator(parts="sum"), *cells[:3], branches=BRANCHES)
    assert text.endswith("第6区・第7区ほか1件）")
    [(_, text)] = found(indicator(parts="sum"), *cells[:4], branches=BRANCHES)
    assert text.endswith("（第4区・第5区・第6区・第7区・第8区）")


def test_wards_without_a_number_do_not_hide_those_that_are_missing():
    cells = [target(5), actual(State.CANCELLED, branch="01")]
    assert found(indicator(parts="sum"), *cells, branches=BRANCHES[:2]) == [
        (K.MISSING_PART, "未入力の内訳があります（第2区）")
    ]


def test_missing_target():
    kinds = [kind for kind, _ in found(indicator(), actual(5))]
    assert kinds == [K.MISSING_TARGET]


@pytest.mark.parametrize(
    "ind",
    [
        indicator(direction="range", low=1, high=5),
        indicator(rule="manual"),
        indicator(rule="milestone", milestones=[{"label": "完了", "points": 100}]),
        indicator(direction="none"),
        on_the_way(),
    ],
)
def test_what_needs_no_target_of_the_year_is_not_asked_for_one(ind):
    assert [kind for kind, _ in found(ind)] == [K.MISSING_ACTUAL]


def test_what_cannot_be_rated_says_why():
    ind = indicator(direction="lower")
    assert found(ind, target(5), actual(3), scale="tama") == [
        (K.NOT_RATED, "判定できません（基準値がない）")
    ]
    assert found(ind, target(5), actual(3)) == []  # met or not is enough for A or D


def test_a_scale_of_words_is_no_finding():
    assert found(indicator(), target(5), actual(3), scale="maru") == []


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [
        (512, 5120, "約10倍"),
        (512, 51, "約10分の1"),
        (1, 10, "約10倍"),
        (10, 1, "約10分の1"),
        (12, 100, "約8倍"),
        (100, 12, "約8分の1"),
        (10, 80, "約8倍"),
        (80, 10, "約8分の1"),
        (10, 79, None),
        (79, 10, None),
        (0, 500, None),
        (500, 0, None),
    ],
)
def test_a_slip_of_a_digit(before, now, word):
    cells = [target(100), actual(now)]
    findings = found(indicator(unit="人"), *cells, before=[actual(before, year=YEAR - 1)])
    if word is None:
        assert findings == []
    else:
        [(kind, text)] = findings
        assert kind is K.DIGIT_SLIP
        assert word in text
        assert f"{now:,}人" in text
        assert f"R4の{before}人" in text


@pytest.mark.parametrize(("a", "odd"), [("100", False), ("100.1", True)])
def test_above_the_natural_ceiling(a, odd):
    findings = found(indicator(unit="％", ceiling=100, decimals=1), target(90), actual(a))
    assert [kind for kind, _ in findings] == ([K.ABOVE_CEILING] if odd else [])
    if odd:
        assert findings[0][1] == "100.1％は上限の100.0％を超えています"


@pytest.mark.parametrize(("measure", "odd"), [("cumulative", True), ("annual", False)])
def test_a_running_total_does_not_fall(measure, odd):
    cells = [target(100), actual(90)]
    findings = found(indicator(measure=measure), *cells, before=[actual(95, year=YEAR - 1)])
    assert [kind for kind, _ in findings] == ([K.FALLING_TOTAL] if odd else [])
    unchanged = [actual(90, year=YEAR - 1)]
    assert found(indicator(measure=measure), *cells, before=unchanged) == []


def test_parts_that_differ_from_the_typed_whole():
    cells = [target(100), actual(45), *(actual(5, branch=f"{n:02}") for n in range(1, 9))]
    assert found(indicator(parts="sum"), *cells, branches=BRANCHES) == [
        (K.PARTS_DIFFER, "内訳から求めた40と、全体として入力された45が違います")
    ]


def test_a_share_is_compared_as_a_share():
    """Typed as 31/102 for the whole and by wards: one and the same 30.4%."""
    ind = indicator(parts="ratio", decimals=1, unit="％", ceiling=100)
    wards = [actual("1/2", branch="01"), actual("30/100", branch="02")]
    cells = [target(30), actual("31/102"), *wards]
    assert found(ind, *cells, branches=BRANCHES[:2]) == []
    [(kind, text)] = found(
        ind, target(30), actual("31/20"), before=[actual("30/20", year=YEAR - 1)]
    )
    assert kind is K.ABOVE_CEILING
    assert text == "155.0％は上限の100.0％を超えています"


def test_odd_values_are_told_when_they_are_typed():
    made = plan(node("1", indicator(unit="人")))
    cells = CellTable.of([actual(5120)])
    now = score(made, actual(5120)).indicators["i"]
    earlier = score(made, actual(512, year=YEAR - 1), year=YEAR - 1).indicators["i"]
    [text] = odd_values(now, cells, earlier)  # the missing target is not the typist's concern
    assert "桁を確かめてください" in text
    assert odd_values(now, cells, None) == []
