"""Letters of people: members joined, stages beside each other, the official letter, quorum, recusal."""

from collections import Counter

import pytest
from builders import indicator, node, plan
from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.domain.evaluation import (
    ItemEvaluation,
    Meeting,
    Rating,
    Recusal,
    evaluate_item,
    goes_to,
    join,
    quorum_problem,
    takes,
)
from shakyo_review.domain.process import Join, Stage
from shakyo_review.domain.scale import Scale

ABCD = Scale.preset("abcd")
DAY = "2026-06-25"


def rated(label: str, **fields: object) -> Rating:
    return Rating(rating=label, by="委員", date=DAY, **fields)


def ratings(text: str) -> dict[str, Rating]:
    """One member per letter: 「AAB」."""
    return {f"委員{place}": rated(label) for place, label in enumerate(text, 1)}


def stage(how: Join = Join.MODE, **fields: object) -> Stage:
    return Stage.model_validate({"code": "committee", "name": "委員会評価", "join": how, **fields})


@pytest.mark.parametrize(
    ("how", "given_letters", "label", "problem"),
    [
        (Join.MODE, "ABBBC", "B", ""),
        (Join.MODE, "AABB", None, "最も多い評価が並んでいます（A・B 各2件）"),
        (Join.MODE, "D", "D", ""),
        (Join.MEAN, "AB", "A", ""),  # 3.5 points: in the middle the better one
        (Join.MEAN, "ABB", "B", ""),  # 3.33
        (Join.MEAN, "AD", "B", ""),  # 2.5: B and C are as near
        (Join.MEAN, "DDDC", "D", ""),  # 1.25
        (Join.JUDGEMENT, "BBB", "B", ""),
        (Join.JUDGEMENT, "ABB", None, "話し合いで決めます"),
    ],
)
def test_joining(how: Join, given_letters: str, label: str | None, problem: str) -> None:
    found = join(stage(how), ABCD, ratings(given_letters))
    assert (found.label, found.problem) == (label, problem)
    assert found.counts == Counter(given_letters)
    assert found.disputed == (len(set(given_letters)) > 1)


def test_the_absent_and_the_recused_do_not_decide() -> None:
    found = join(
        stage(), ABCD, ratings("AAABB"), recused=["委員1", "委員2"], absent=["委員2", "委員3"]
    )
    assert found.label == "B"
    assert found.counts == {"B": 2}
    assert found.left_out == {"委員1": "除斥", "委員2": "除斥", "委員3": "欠席"}


def test_nobody_left_to_decide() -> None:
    found = join(stage(), ABCD, ratings("A"), recused=["委員1"])
    assert (found.label, found.problem) == (None, "数えられる評価がない")


def test_labels_that_are_no_rank() -> None:
    maru = Scale.preset("maru")
    found = join(stage(), maru, {"a": rated("中止"), "b": rated("中止"), "c": rated("○")})
    assert found.label == "中止"
    mean = join(stage(Join.MEAN), maru, {"a": rated("中止"), "c": rated("○")})
    assert mean.label == "○", "what is no rank has no points"


def test_a_mean_needs_points() -> None:
    bare = Scale.model_validate(
        {"name": "言葉", "basis": "judged", "levels": [{"label": "良", "by_hand": True}]}
    )
    assert join(stage(Join.MEAN), bare, {"a": rated("良")}).problem.startswith("得点のない段")


@given(st.lists(st.sampled_from("ABCD"), min_size=1, max_size=9), st.sampled_from(list(Join)))
def test_the_order_of_members_does_not_matter(labels: list[str], how: Join) -> None:
    there, back = ratings("".join(labels)), ratings("".join(reversed(labels)))
    found = join(stage(how), ABCD, there)
    assert found.label == join(stage(how), ABCD, back).label
    assert found.label is None or found.label in "ABCD"
    if len(set(labels)) == 1:
        assert found.label == labels[0], "of one mind, whatever the rule"


# --- stages ------------------------------------------------------------------------------------

PLAN = plan(
    node("1", node("1-1", indicator("i"), flags=["重点"]), node("1-2", node("1-2-1"))),
    node("2", node("2-1", repeats="1-1")),
)


def evaluated(code: str = "1-1", computed: str | None = "B", **by_stage: Rating) -> ItemEvaluation:
    letters = {(code, name): {"": rating} for name, rating in by_stage.items()}
    return evaluate_item(PLAN, code, computed, letters, {}, {})


def test_the_official_letter_is_that_of_the_last_stage() -> None:
    assert evaluated().official_label is None
    assert evaluated(self=rated("A")).official_label == "A"
    seen = evaluated(self=rated("A"), committee=rated("C"))
    assert seen.official is not None
    assert (seen.official.stage.code, seen.official_label) == ("committee", "C")


def test_a_letter_sent_back_is_out_of_force() -> None:
    seen = evaluated(self=rated("A"), internal=rated("C", waiting=True))
    assert seen.official_label == "A"
    assert seen.before(PLAN.evaluation.stages[2]) == ("A", "自己評価")


def test_what_a_stage_starts_from() -> None:
    own, internal, committee = PLAN.evaluation.stages
    seen = evaluated(self=rated("A"))
    assert seen.before(own) == ("B", "計算による判定")
    assert seen.before(internal) == ("A", "自己評価")
    assert seen.before(committee) == ("A", "自己評価")
    assert evaluated(computed=None).before(own) == (None, "計算による判定")


@pytest.mark.parametrize(
    ("letters", "differs"),
    [
        ({}, False),
        ({"self": "B"}, False),
        ({"self": "A"}, True),
        ({"self": "B", "internal": "C"}, True),
    ],
)
def test_differences_come_to_light(letters: dict[str, str], differs: bool) -> None:
    assert evaluated(**{name: rated(label) for name, label in letters.items()}).differs is differs


def test_half_year_checks_make_no_official_letter() -> None:
    half = plan(
        node("1"),
        evaluation={
            "stages": [
                {"code": "self", "name": "自己評価"},
                {"code": "half", "name": "上半期点検", "when": "half"},
            ]
        },
    )
    letters = {("1", "self"): {"": rated("B")}, ("1", "half"): {"": rated("D")}}
    seen = evaluate_item(half, "1", None, letters, {}, {})
    assert seen.official_label == "B"
    assert not seen.differs
    assert seen.before(half.evaluation.stages[1]) == (None, "計算による判定")


def test_only_some_items_go_to_a_stage() -> None:
    items = PLAN.items
    by_flag, by_code, by_level = (
        stage(flags=["重点"]),
        stage(items=["1-2"]),
        stage(levels=[0]),
    )
    assert [c for c, i in items.items() if goes_to(PLAN, by_flag, i)] == ["1-1"]
    assert [c for c, i in items.items() if goes_to(PLAN, by_code, i)] == ["1-2"]
    assert [c for c, i in items.items() if goes_to(PLAN, by_level, i)] == ["1", "2"]
    assert takes(PLAN, stage(), items["1-2"])
    assert not takes(PLAN, by_flag, items["1-2"])
    assert not goes_to(PLAN, stage(levels=[1]), items["2-1"]), "a 再掲 is judged where it counts"


def test_a_recusal_holds_for_what_lies_under_the_item() -> None:
    away = Recusal(reason="役員を務める団体の取組")
    recusals = {("1-2", "committee"): {"青木": away}}
    letters = {("1-2-1", "committee"): {"青木": rated("A"), "井上": rated("C")}}
    seen = evaluate_item(PLAN, "1-2-1", None, letters, recusals, {})
    result = seen.stage("committee")
    assert result is not None
    assert result.proposal is not None
    assert result.recused == {"青木": away}
    assert result.proposal.label == "C"


# --- quorum ----------------------------------------------------------------------------------------

FIVE = ("青木", "井上", "上田", "江口", "太田")


@pytest.mark.parametrize(
    ("quorum", "present", "well"),
    [("50", 3, True), ("50", 2, False), ("60", 3, True), ("60.1", 3, False), ("100", 5, True)],
)
def test_quorum(quorum: str, present: int, well: bool) -> None:
    committee = stage(members=FIVE, quorum=quorum)
    met = Meeting(date=DAY, present=FIVE[:present], absent=FIVE[present:])
    problem = quorum_problem(committee, [met])
    assert (problem == "") is well
    if not well:
        assert f"5人中{present}人" in problem


def test_guests_do_not_make_a_quorum() -> None:
    committee = stage(members=FIVE, quorum="50")
    met = Meeting(date=DAY, present=("青木", "傍聴1", "傍聴2"), absent=FIVE[1:])
    assert "5人中1人" in quorum_problem(committee, [met])


def test_without_a_meeting_nobody_knows() -> None:
    assert "記録されていない" in quorum_problem(stage(members=FIVE, quorum="50"), [])
    assert quorum_problem(stage(members=FIVE), []) == ""
