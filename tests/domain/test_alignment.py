"""Years side by side whose plans have other codes: by identity, under the codes of the last one."""

from builders import actual, indicator, node, plan, score, target

from shakyo_review.domain.alignment import NOT_IN_PLAN, align
from shakyo_review.domain.comparison import Badge, compare_years
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.value import State


def year(tree: list[dict[str, object]], number: int, **actuals: int) -> YearScore:
    cells = [actual(value, code, number) for code, value in actuals.items()]
    return score(plan(*tree), *cells, *(target(10, code, number) for code in actuals), year=number)


BEFORE = year([node("1", node("1-1", indicator("a"))), node("2", indicator("b"))], 2022, a=5, b=8)
NOW = year([node("2", node("1-9", indicator("b"))), node("1", indicator("c"))], 2023, b=7, c=9)
"""Goal 1 is renumbered 2, its action 1-1 is now 1-9, its a is now b; the old b is gone, c is new."""

IDENTITY = {
    2022: {"1": 1, "1-1": 2, "2": 3, "a": 11, "b": 12},
    2023: {"2": 1, "1-9": 2, "1": 4, "b": 11, "c": 13},
}


def test_what_is_the_same_stands_under_the_last_code() -> None:
    both = align({2022: BEFORE, 2023: NOW}, IDENTITY)
    assert list(both.scores[2022].indicators) == ["b", "c", "b@2022"]
    assert list(both.scores[2023].indicators) == ["b", "c", "b@2022"]
    values = {code: one.actual.amount for code, one in both.scores[2022].indicators.items()}
    assert values == {"b": 5, "c": None, "b@2022": 8}
    assert list(both.scores[2022].nodes) == ["2", "1-9", "1", "2@2022"]
    assert both.own[2022] == {"2": "1", "1-9": "1-1", "b": "a", "2@2022": "2", "b@2022": "b"}


def test_what_a_plan_does_not_have_is_neither_zero_nor_a_miss() -> None:
    both = align({2022: BEFORE, 2023: NOW}, IDENTITY)
    there = both.scores[2022].indicators["c"]
    assert there.actual.reading.state is State.NOT_APPLICABLE
    assert (there.year, there.rating, there.rate, there.target.value) == (2022, None, None, None)
    gone = both.scores[2023].nodes["2@2022"]
    assert (gone.problem, gone.score, gone.rating, gone.coverage.ratable) == (
        NOT_IN_PLAN,
        None,
        None,
        0,
    )


def test_the_item_above_is_told_under_the_common_code() -> None:
    both = align({2022: BEFORE, 2023: NOW}, IDENTITY)
    assert both.parent(2022, "1-9") == both.parent(2023, "1-9") == "2"
    assert both.parent(2022, "1") is None
    assert both.parent(2022, "b@2022") == "2@2022"
    assert both.parent(2023, "b@2022") is None


def test_rows_and_badges() -> None:
    made = compare_years({2022: BEFORE, 2023: NOW}, identity=IDENTITY)
    rows = {row.code: row for row in made.indicators}
    assert rows["b"].change.actual == 2
    assert rows["b"].badges == (Badge.RENUMBERED, Badge.RENAMED)
    assert rows["c"].badges == (Badge.NEW,)
    assert rows["b@2022"].badges == (Badge.STOPPED,)
    assert (rows["b"].action, rows["c"].action, rows["b@2022"].action) == ("1-9", "1", "2")
    goals = {row.code: row.badges for row in made.goals}
    assert goals == {
        "2": (Badge.RENUMBERED, Badge.RENAMED),
        "1-9": (Badge.RENUMBERED, Badge.RENAMED),
        "1": (Badge.NEW,),
        "2@2022": (Badge.STOPPED,),
    }


def test_the_same_plan_needs_no_identity() -> None:
    after = year([node("1", node("1-1", indicator("a"))), node("2", indicator("b"))], 2023, a=6)
    made = compare_years({2022: BEFORE, 2023: after})
    assert [row.code for row in made.indicators] == ["a", "b"]
    assert [row.change.actual for row in made.indicators] == [1, None]
    assert not any(row.badges for row in made.goals)


def test_an_old_merger_is_no_news() -> None:
    tree = [node("1", merged_from=["8", "9"]), node("2")]
    before = year(tree, 2022)
    after = year(tree[:1], 2023)
    made = compare_years(
        {2022: before, 2023: after}, identity={2022: {"1": 1, "2": 2}, 2023: {"1": 1}}
    )
    assert {row.code: row.badges for row in made.goals} == {"1": (), "2": (Badge.STOPPED,)}
    other = year([node("2", merged_from=["2", "1"])], 2023)
    made = compare_years(
        {2022: before, 2023: other}, identity={2022: {"1": 1, "2": 2}, 2023: {"2": 2}}
    )
    assert {row.code: row.badges for row in made.goals} == {
        "2": (Badge.MERGED,),
        "1": (Badge.MERGED,),
    }
