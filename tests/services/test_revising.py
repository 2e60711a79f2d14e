"""The plan changes in mid-course: from a year on, with what was said before kept as it was."""

import json
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import workers
from books import SMALL_PLAN, contents, new_book, opened
from builders import indicator
from commandline import command, environment
from hypothesis import given, settings
from hypothesis import strategies as st

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.comparison import Badge
from shakyo_review.domain.plan import Node, Plan
from shakyo_review.domain.revision import ChangeKind
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.scale import Scale
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
)
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import PlanProblem, ReviewError, ValueProblem, WrongUsage
from shakyo_review.exchange.rows import Entry
from shakyo_review.services import evaluating, improving, revising, sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.editions import known_elsewhere
from shakyo_review.services.entry import record, understand
from shakyo_review.services.exchanging import export_file, import_file
from shakyo_review.services.kept import RATING
from shakyo_review.services.making import export_plan_file
from shakyo_review.services.reviewing import promises_asked
from shakyo_review.services.revising import Outcome, revise, revisions, update_from_file
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import verify
from shakyo_review.storage import cells as cell_rows

Edit = Callable[[Plan], Plan]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_book(tmp_path / "b.db")


def type_in(book: ReviewBook, code: str, year: int, text: str, kind: Kind = Kind.ACTUAL) -> None:
    one = book.plan_of(year).indicators[code]
    record(book, CellKey(code, year, kind), understand(one, text), reason="入力")


def read(book: ReviewBook, code: str, year: int, kind: Kind = Kind.ACTUAL) -> Decimal | None:
    return book.cells(year).get(CellKey(code, year, kind)).reading.value


def change(book: ReviewBook, edit: Edit, year: int | None = 2025, **fields: Any) -> Outcome:
    made = revise(book, edit, from_year=year, reason="中間見直し", **fields)
    assert verify(book) == []
    return made


def swap(plan: Plan) -> Plan:
    """Let 1-1 and 2-1, a and c change codes."""
    for one, other in (("1-1", "2-1"), ("a", "c")):
        plan = renumber(renumber(renumber(plan, one, "tmp"), other, one), "tmp", other)
    return plan


EDITS: dict[str, Edit] = {
    "rename": lambda p: change_node(p, "1-1", name="新しい集い"),
    "rename an indicator": lambda p: change_indicator(p, "a", name="延べ参加者数"),
    "renumber": lambda p: renumber(renumber(p, "1-1", "1-5"), "a", "a5"),
    "swap": swap,
    "move": lambda p: move(p, "2-1", "1"),
    "stop": lambda p: stop(p, "2-1"),
    "stop an indicator": lambda p: stop(p, "b"),
    "add": lambda p: add_node(p, "2", Node(code="2-2", name="新")),
    "add an indicator": lambda p: add_indicator(p, "2-1", indicator("n")),
    "merge": lambda p: merge(p, ["1-1", "2-1"], "3", "まとめ"),
    "merge into one of them": lambda p: merge(p, ["1-1", "2-1"], "1-1", "まとめ"),
    "split": lambda p: split(p, "2-1", [("2-1a", "甲"), ("2-1b", "乙")]),
    "final target": lambda p: change_indicator(p, "b", final_target={"value": "0.2", "year": 2026}),
    "definition": lambda p: change_indicator(p, "a", unit="回", comparable_from=2025),
    "more decimals": lambda p: change_indicator(p, "a", decimals=2),
    "owners": lambda p: change_node(p, "1-1", owners=({"part": "市", "name": "市"},)),
    "rules": lambda p: change_plan(p, rule_set=RuleSet.preset("gifu")),
    "scale": lambda p: change_plan(p, scale=Scale.preset("kawasaki")),
    "funding": lambda p: change_node(
        p, "1-1", funding=({"name": "寄付金"}, *p.items["1-1"].node.funding)
    ),
}


def sealed(path: Path) -> ReviewBook:
    """A book whose 2024 is sealed, with figures and letters in 2024 and 2025."""
    book = opened(path)
    for code, text in (("a", "490"), ("b", "0.09"), ("c", "12"), ("r", "30/100"), ("m", "1.5")):
        type_in(book, code, 2024, text)
    evaluating.evaluate(book, "1-1", 2024, "self", "B", reason="実感による")
    sealing.start_evaluation(book, 2024)
    improving.add_improvement(book, "1-1", 2024, "声かけを増やす")
    for finding in book.findings(2024):
        if finding.open:
            improving.confirm_value(book, finding.indicator, 2024, "確かめた")
    sealing.seal(book, 2024)
    sealing.open_year(book, 2025)
    type_in(book, "a", 2025, "600")
    type_in(book, "c", 2025, "30")
    take_over(book, [Entry(0, CellKey("1-1.f1", 2025, Kind.BUDGET), workers.number(1300))])
    evaluating.evaluate(book, "1-1", 2025, "self", "A", reason="協議による")
    evaluating.evaluate(book, "2-1", 2025, "self", "C", reason="協議による")
    return book


@pytest.fixture(scope="module")
def sealed_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = new_book(tmp_path_factory.mktemp("sealed") / "b.db")
    sealed(path).close()
    return path.read_bytes()


@pytest.fixture
def book(tmp_path: Path, sealed_file: bytes) -> Any:
    path = tmp_path / "sealed.db"
    path.write_bytes(sealed_file)
    with opened(path) as one:
        yield one


@pytest.mark.parametrize("name", EDITS)
def test_a_sealed_year_says_the_same_whatever_changes_after_it(book: ReviewBook, name: str) -> None:
    before, score, plan = sealing.sealed_results(book, 2024), book.score(2024), book.plan_of(2024)
    outcome = change(book, EDITS[name])
    assert outcome.revision.changes
    assert sealing.sealed_results(book, 2024) == before
    assert book.score(2024) == score
    assert book.plan_of(2024) == plan
    assert not sealing.recomputed_differs(book, 2024)
    assert book.compare([2024, 2025]).years == (2024, 2025)
    with opened(book.path) as again:
        assert sealing.sealed_results(again, 2024) == before
        assert again.plan == book.plan
        assert again.compare([2023, 2024, 2025]) == book.compare([2023, 2024, 2025])


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("year", [2024, None])
def test_a_sealed_year_is_never_revised(book: ReviewBook, name: str, year: int | None) -> None:
    before = contents(book.path)
    with pytest.raises(WrongUsage, match=r"令和6年度.*確定しているため"):
        revise(book, EDITS[name], from_year=year, reason="訂正")
    assert contents(book.path) == before
    assert book.plan == book.plan_of(2025)


@pytest.mark.parametrize("name", EDITS)
def test_a_dry_run_tells_the_same_and_writes_nothing(book: ReviewBook, name: str) -> None:
    before, plan, score = contents(book.path), book.plan, book.score(2025)
    looked = revise(book, EDITS[name], from_year=2025, reason="", dry_run=True)
    assert contents(book.path) == before
    assert (book.plan, book.score(2025), revisions(book)) == (plan, score, [])
    done = change(book, EDITS[name])
    assert looked.letters == done.letters
    assert looked.revision.changes == done.revision.changes


@pytest.mark.parametrize("name", EDITS)
def test_a_revision_that_fails_leaves_the_book_as_it_was(book: ReviewBook, name: str) -> None:
    before, plan, facts = contents(book.path), book.plan, book.facts(RATING)

    def fail(*_: Any) -> None:
        raise KeyboardInterrupt

    with mock.patch.object(revising, "_letters", fail), pytest.raises(KeyboardInterrupt):
        revise(book, EDITS[name], from_year=2025, reason="見直し")
    assert contents(book.path) == before
    assert (book.plan, book.facts(RATING), verify(book)) == (plan, facts, [])


@pytest.mark.parametrize("name", EDITS)
def test_an_exported_plan_is_no_change(book: ReviewBook, name: str, tmp_path: Path) -> None:
    change(book, EDITS[name])
    assert export_plan_file(book, tmp_path / "p.yaml") == 0
    before = contents(book.path)
    for year in (2025, 2026):
        with pytest.raises(WrongUsage, match="変わるところがありません"):
            update_from_file(book, tmp_path / "p.yaml", from_year=year, reason="見直し")
    assert contents(book.path) == before


def test_a_swap_carries_values_letters_and_money_along(book: ReviewBook) -> None:
    change(book, swap)
    assert (read(book, "c", 2025), read(book, "a", 2025)) == (600, 30)
    assert (read(book, "c", 2025, Kind.TARGET), read(book, "a", 2025, Kind.TARGET)) == (520, None)
    assert (read(book, "a", 2024), read(book, "c", 2024)) == (490, 12)
    letters = {f.key.code: f.data["rating"] for f in book.facts(RATING, 2025) if f.data}
    assert letters == {"2-1": "A", "1-1": "C"}
    assert book.plan.items["2-1"].node.funding[0].budget == {2024: 1200, 2025: 1300}
    assert [one.code for one in promises_asked(book, 2025)] == ["2-1"]
    rows = {
        row.code: [s.indicator.code for s in row.years]
        for row in book.compare([2024, 2025]).indicators
    }
    assert (rows["a"], rows["c"]) == (["c", "a"], ["a", "c"])
    change(book, swap, 2026)  # and back again
    assert book.plan.indicators["a"].name == "参加者数"
    type_in(book, "a", 2026, "700")
    row = next(r for r in book.compare([2024, 2025, 2026]).indicators if r.code == "a")
    assert [s.actual.amount for s in row.years] == [490, 600, 700]
    assert verify(book) == []


def test_a_swap_in_a_plan_file_and_the_same_file_again(book: ReviewBook, tmp_path: Path) -> None:
    text = SMALL_PLAN.replace("- code: a\n", "- code: c\n            formerly: a\n")
    text = text.replace("{code: c,", "{code: a, formerly: c,").replace(
        "targets: {2024: 500, 2025: 520}", "targets: {2024: 500, 2025: 530}"
    )
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    outcome = update_from_file(book, tmp_path / "p.yaml", from_year=2025, reason="見直し")
    kinds = {(one.kind, one.code) for one in outcome.revision.changes}
    assert kinds >= {
        (ChangeKind.RENUMBERED, "a"),
        (ChangeKind.RENUMBERED, "c"),
        (ChangeKind.TARGET, "c"),
    }
    assert (read(book, "c", 2025), read(book, "c", 2025, Kind.TARGET)) == (600, 530)
    assert verify(book) == []
    with pytest.raises(WrongUsage, match="変わるところがありません"):
        update_from_file(book, tmp_path / "p.yaml", from_year=2025, reason="見直し")
    change(book, lambda p: change_node(p, "2", name="別"))  # forgets nothing of the past
    (tmp_path / "p.yaml").write_text(text.replace("name: 支える", "name: 別"), encoding="utf-8")
    with pytest.raises(WrongUsage, match="変わるところがありません"):
        update_from_file(book, tmp_path / "p.yaml", from_year=2025, reason="見直し")


def test_a_freed_code_may_go_to_another_thing(book: ReviewBook) -> None:
    """b is stopped with a target in 2025, a gets its code: their figures never mix."""
    type_in(book, "b", 2025, "0.09")
    type_in(book, "b", 2026, "0.1", Kind.TARGET)
    change(book, lambda p: renumber(stop(p, "b"), "a", "b"))
    assert (read(book, "b", 2025), read(book, "b", 2025, Kind.TARGET)) == (600, 520)
    assert read(book, "b", 2024) == Decimal("0.09")
    change(book, lambda p: renumber(stop(p, "c"), "r", "c"), 2026)
    badges = {row.code: row.badges for row in book.compare([2024, 2025]).indicators}
    assert badges["b"] == (Badge.RENUMBERED,)


def test_a_freed_code_with_letters_may_go_to_another_item(book: ReviewBook) -> None:
    change(book, lambda p: renumber(stop(stop(p, "1-2"), "1-1"), "2-1", "1-1"))
    letters = {f.key.code: f.data["rating"] for f in book.facts(RATING, 2025) if f.data}
    assert letters["1-1"] == "C"
    assert sorted(letters.values()) == ["A", "C"]  # nothing said is lost


def test_a_code_is_shifted_and_a_new_item_takes_its_place(book: ReviewBook) -> None:
    change(book, lambda p: add_node(renumber(p, "2-1", "2-2"), "2", Node(code="2-1", name="新")))
    assert book.identity(2025)["2-2"] == book.identity(2024)["2-1"]
    assert book.identity(2025)["2-1"] not in book.identity(2024).values()
    assert [f.key.code for f in book.facts(RATING, 2025)] == ["1-1", "2-2"]


def test_stopped_and_taken_up_again_it_is_the_same(book: ReviewBook) -> None:
    before = book.identity(2024)
    type_in(book, "m", 2025, "2.5")
    type_in(book, "m", 2026, "3.25", Kind.TARGET)
    one = book.plan.items["2-1"].node
    change(book, lambda p: stop(p, "2-1"))
    assert "m" not in book.score(2025).indicators
    change(book, lambda p: add_node(p, "2", one))
    assert book.identity(2025) == before
    assert read(book, "m", 2025) == Decimal("2.5")
    assert [f.key.code for f in book.facts(RATING, 2025)] == ["1-1", "2-1"]
    change(book, lambda p: stop(p, "2-1"), 2025)
    figures = [i.model_copy(update={"decimals": 3 if i.code == "m" else 0}) for i in one.indicators]
    narrow = one.model_copy(update={"indicators": tuple(figures)})
    change(book, lambda p: add_node(p, "2", narrow), 2026)
    assert book.identity(2026) == before
    assert read(book, "m", 2026, Kind.TARGET) == Decimal("3.25")
    other = one.model_copy(update={"name": "まったく別の取組", "indicators": ()})
    change(book, lambda p: add_node(stop(p, "2-1"), "2", other), 2026)


def test_another_thing_under_a_stopped_code_is_another_thing(book: ReviewBook) -> None:
    change(book, lambda p: stop(p, "2-1"))
    change(book, lambda p: add_node(p, "2", Node(code="2-1", name="別の取組")), 2026)
    assert book.identity(2026)["2-1"] != book.identity(2024)["2-1"]


def test_decimals_there_and_back(book: ReviewBook) -> None:
    change(book, lambda p: change_indicator(p, "a", decimals=1))
    assert (read(book, "a", 2024), read(book, "a", 2025)) == (490, 600)
    change(book, lambda p: change_indicator(p, "a", decimals=0))
    assert read(book, "a", 2025) == 600
    change(book, lambda p: change_indicator(p, "a", decimals=1))
    type_in(book, "a", 2025, "600.5")
    before = contents(book.path)
    with pytest.raises(ValueProblem, match="小数第0位に収まらない値"):
        change(book, lambda p: change_indicator(p, "a", decimals=0))
    assert contents(book.path) == before
    change(book, lambda p: change_indicator(p, "a", decimals=0), 2026)
    assert (read(book, "a", 2024), read(book, "a", 2025)) == (490, Decimal("600.5"))
    change(book, lambda p: change_indicator(p, "a", decimals=1), 2026)
    change(book, lambda p: stop(p, "a"), 2026)
    assert read(book, "a", 2025) == Decimal("600.5")


def test_decimals_of_what_is_stopped_in_the_same_edition(book: ReviewBook) -> None:
    """The edition that gave more decimals is replaced: the figures lie under the one before it."""
    one = book.plan.indicators["a"]
    change(book, lambda p: change_indicator(p, "a", decimals=1))
    change(book, lambda p: stop(p, "a"))
    change(book, lambda p: add_indicator(p, "1-1", one))
    assert read(book, "a", 2025) == 600


def test_a_changed_target_leaves_the_old_year_as_it_was(path: Path) -> None:
    with opened(path) as book:
        type_in(book, "a", 2025, "510")
        before, old = book.score(2024), book.score(2025).indicators["a"]
        targets = {("a", 2025): workers.number(1000), ("a", 2026): workers.number(1100)}
        outcome = change(
            book, lambda p: p, targets=targets, meeting="第2回懇話会", day="2025-03-10"
        )
        assert [one.text for one in outcome.revision.changes] == [
            "R7の目標: 520 → 1,000人",
            "R8の目標: 空欄 → 1,100人",
        ]
        assert len(book.editions.all) == 1  # the plan itself is the same
        letters = {(one.year, one.code): (one.before, one.after) for one in outcome.letters}
        now = book.score(2025).indicators["a"]
        assert letters[2025, "a"] == (old.rating, now.rating)
        assert old.rating != now.rating
        assert book.score(2024) == before
        (kept,) = revisions(book)
        assert (kept.meeting, kept.date, kept.by, kept.effective_year) == (
            "第2回懇話会",
            "2025-03-10",
            "事務局",
            2025,
        )
        rows = [row for row in book.history("a", 2025) if row.kind == "target"]
        assert rows[-1].reason == "中間見直し"
        assert rows[-1].old == {"state": "value", "value": "520"}
        with pytest.raises(WrongUsage, match="令和6年度の目標は、令和7年度からの改定では"):
            revise(
                book,
                lambda p: p,
                from_year=2025,
                reason="x",
                targets={("a", 2024): workers.number(1)},
            )
        with pytest.raises(WrongUsage, match="変わるところがありません"):
            revise(book, lambda p: p, from_year=2025, reason="x", targets=targets)
        row = next(r for r in book.compare([2024, 2025]).indicators if r.code == "a")
        assert Badge.TARGET_CHANGED in row.badges


def test_a_changed_final_target_and_definition_are_marked(book: ReviewBook) -> None:
    change(book, EDITS["final target"])
    change(book, EDITS["definition"])
    type_in(book, "a", 2026, "610")
    rows = {row.code: row for row in book.compare([2024, 2025]).indicators}
    assert Badge.TARGET_CHANGED in rows["b"].badges
    assert Badge.TARGET_CHANGED not in rows["a"].badges
    assert Badge.DEFINITION_CHANGED in rows["a"].badges
    assert (rows["a"].change.actual, rows["a"].change.rate, rows["a"].change.rating) == (None,) * 3
    later = {row.code: row for row in book.compare([2025, 2026]).indicators}
    assert later["a"].change.actual == 10
    assert not {Badge.TARGET_CHANGED, Badge.DEFINITION_CHANGED} & set(
        later["b"].badges + later["a"].badges
    )
    before = book.plan_of(2024).indicators["b"].final_target
    assert before.value == Decimal("0.1")


def test_another_unit_is_another_definition(book: ReviewBook) -> None:
    change(book, lambda p: change_indicator(p, "a", unit="回"))
    row = next(r for r in book.compare([2024, 2025]).indicators if r.code == "a")
    assert Badge.DEFINITION_CHANGED in row.badges
    assert row.change.actual is None


@pytest.mark.parametrize(
    ("name", "badges"),
    [
        ("merge", {"3": Badge.MERGED, "1-1": Badge.MERGED, "2-1": Badge.MERGED}),
        ("merge into one of them", {"1-1": Badge.MERGED, "2-1": Badge.MERGED}),
        ("split", {"2-1a": Badge.SPLIT, "2-1b": Badge.SPLIT, "2-1": Badge.SPLIT}),
        ("move", {"2-1": Badge.MOVED}),
        ("rename", {"1-1": Badge.RENAMED}),
        ("renumber", {"1-5": Badge.RENUMBERED}),
        ("stop", {"2-1": Badge.STOPPED}),
        ("add", {"2-2": Badge.NEW}),
    ],
)
def test_what_became_of_an_item_is_marked(
    book: ReviewBook, name: str, badges: dict[str, Badge]
) -> None:
    change(book, EDITS[name])
    rows = {row.code: row.badges for row in book.compare([2024, 2025]).goals}
    for code, badge in badges.items():
        assert badge in rows[code]
    told = {code for code, found in rows.items() if found}
    assert told <= {*badges, "1-2"}


@pytest.mark.parametrize("name", ["merge", "merge into one of them", "split"])
def test_money_goes_where_the_item_goes(book: ReviewBook, name: str) -> None:
    edit = (
        EDITS[name]
        if name != "split"
        else lambda p: split(stop(p, "1-2"), "1-1", [("x", "x"), ("y", "y")])
    )
    number = book.editions.newest.ids.funding["1-1.f1"]
    change(book, edit)
    assert list(book.editions.newest.ids.funding.values()) == [number]


def test_a_line_of_money_is_known_by_its_name(book: ReviewBook) -> None:
    number = book.editions.newest.ids.funding["1-1.f1"]
    change(book, EDITS["funding"])
    assert book.editions.newest.ids.funding["1-1.f2"] == number
    assert book.plan.items["1-1"].node.funding[1].budget[2025] == 1300
    assert book.plan.items["1-1"].node.funding[0].budget == {}
    change(book, lambda p: change_node(p, "1-1", funding=()))
    change(book, lambda p: change_node(p, "1-1", funding=({"name": "別の財源"},)))
    assert book.plan.items["1-1"].node.funding[0].budget == {}


# --- rows of tables and plan files -------------------------------------------------------------


def test_rows_have_the_codes_of_their_year(book: ReviewBook, tmp_path: Path) -> None:
    change(book, swap)
    for year, code, value in ((2024, "a", "490"), (2025, "c", "600")):
        assert export_file(book, year, tmp_path / "out.csv")
        rows = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
        assert f"{code},{year},,,actual,{value},,," in rows
    result = import_file(book, tmp_path / "out.csv")
    assert result.changed == 0
    head = "indicator,fiscal_year,branch,period,kind,value,state,measured_year,note\n"
    (tmp_path / "in.csv").write_text(
        f"{head}a,2023,,,actual,455,,,\nc,2025,,,actual,610,,,\na,2022,,,baseline,3,,,\n", "utf-8"
    )
    assert import_file(book, tmp_path / "in.csv", reason="訂正").changed == 3
    assert (read(book, "a", 2023), read(book, "c", 2025)) == (455, 610)
    assert book.plan.indicators["a"].baseline.value == 3
    assert book.plan_of(2024).indicators["a"].baseline.value == 400
    assert verify(book) == []


def test_a_code_of_another_year_is_told(book: ReviewBook, tmp_path: Path) -> None:
    change(book, EDITS["renumber"])
    change(book, EDITS["add an indicator"])
    change(book, lambda p: stop(p, "r"))
    head = "indicator,fiscal_year,branch,period,kind,value,state,measured_year,note\n"
    (tmp_path / "in.csv").write_text(
        f"{head}a,2025,,,actual,1,,,\na5,2024,,,actual,1,,,\nn,2024,,,actual,1,,,\nr,2025,,,actual,1,,,\n",
        "utf-8",
    )
    with pytest.raises(ReviewError) as refused:
        import_file(book, tmp_path / "in.csv")
    told = refused.value.problems  # type: ignore[attr-defined]
    assert "令和7年度の計画にありません（改定の前のコードで、この年度では「a5」）" in told[0]
    assert "令和6年度の計画にありません（令和7年度からのコードで、この年度では「a」）" in told[1]
    assert "令和6年度の計画にありません（令和7年度からのコード）" in told[2]
    assert "令和7年度の計画にありません（改定の前のコード）" in told[3]
    assert known_elsewhere(book, "nothing", 2024) == ""


def test_an_exported_plan_has_only_what_it_can_hold(book: ReviewBook, tmp_path: Path) -> None:
    change(book, lambda p: change_indicator(p, "b", decimals=1, baseline={}), 2026)
    change(book, lambda p: renumber(stop(p, "c"), "a", "c"), 2026)
    assert export_plan_file(book, tmp_path / "p.yaml") == 1  # 0.09
    with opened(new_book_of(tmp_path / "p.yaml", tmp_path / "n.db")) as made:
        assert made.cells(2025).get(CellKey("c", 2025, Kind.ACTUAL)).reading.value == 600
        assert "a" not in made.plan.indicators
        assert read(made, "b", 2024) is None


def new_book_of(plan: Path, path: Path) -> Path:
    from shakyo_review.services.making import make_book, plan_named

    make_book(path, plan_named(str(plan)), "事務局")
    return path


def test_actuals_and_money_of_a_plan_file_are_left_alone(path: Path, tmp_path: Path) -> None:
    text = SMALL_PLAN.replace("2024: 480", "2024: 1").replace("2024: 1200", "2024: 1")
    (tmp_path / "p.yaml").write_text(text.replace("2024: 500", "2024: 550"), "utf-8")
    with opened(path) as book:
        outcome = update_from_file(book, tmp_path / "p.yaml", from_year=None, reason="訂正")
        assert [one.text for one in outcome.revision.changes] == ["R6の目標: 500 → 550人"]
        assert read(book, "a", 2024) == 480
        assert book.plan.items["1-1"].node.funding[0].budget == {2024: 1200}
        assert verify(book) == []


# --- what is refused ---------------------------------------------------------------------------


REFUSED: dict[str, tuple[Edit, int | None, str, str]] = {
    "no reason": (EDITS["rename"], 2025, " ", "改定の理由が空です"),
    "before the plan": (EDITS["rename"], 2023, "x", "令和5年度は計画の期間.*の外です"),
    "after the plan": (EDITS["rename"], 2027, "x", "令和9年度は計画の期間.*の外です"),
    "nothing changes": (lambda p: p, 2025, "x", "変わるところがありません"),
    "no weight": (
        lambda p: change_indicator(change_indicator(p, "a", weight=0), "b", weight=0),
        2025,
        "x",
        "1-1 .*重みが、すべて0",
    ),
    "a negative weight": (lambda p: change_node(p, "1-1", weight=-1), 2025, "x", "重み|weight"),
    "an empty name": (lambda p: change_node(p, "1-1", name=""), 2025, "x", "変えられません"),
    "too many digits": (
        lambda p: change_indicator(p, "a", final_target={"value": "0.5", "year": 2026}),
        2025,
        "x",
        "桁が多くなっています",
    ),
    "the plan ends before": (lambda p: change_plan(p, last_year=2024), 2025, "x", "の外です"),
    "figures after the end": (lambda p: change_plan(p, last_year=2024), 2024, "x", "令和7年度の値"),
    "the same past twice": (
        lambda p: change_indicator(change_indicator(p, "b", formerly="a"), "c", formerly="a"),
        2025,
        "x",
        "どちらも「a」",
    ),
    "undone with figures": (
        lambda p: stop(p, "a"),
        None,
        "x",
        "a 参加者数には値や評価が入っている",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_one_sentence_and_changes_nothing(path: Path, name: str) -> None:
    edit, year, reason, told = REFUSED[name]
    with opened(path) as book:
        before = contents(path), book.plan
        with pytest.raises(ReviewError, match=told) as refused:
            revise(book, edit, from_year=year, reason=reason)
        assert "\n" not in str(refused.value)
        assert (contents(path), book.plan) == before


def test_a_year_before_the_last_revision_is_refused(path: Path) -> None:
    with opened(path) as book:
        change(book, EDITS["rename"], 2026)
        with pytest.raises(WrongUsage, match="令和8年度からの改定がすでにある"):
            revise(book, EDITS["add"], from_year=2025, reason="x")
        change(book, EDITS["add"], 2026)
        change(book, EDITS["move"], None)
        assert [e.effective_year for e in book.editions.all] == [0, 2026]
        assert [one.corrects for one in revisions(book)] == [False, False, True]


def test_the_plan_of_another_council_is_refused(path: Path, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(SMALL_PLAN.replace("code: small", "code: other"), "utf-8")
    with opened(path) as book, pytest.raises(PlanProblem, match=r"「other」.*「small」と違います"):
        update_from_file(book, tmp_path / "p.yaml", from_year=2025, reason="x")


def test_a_year_before_the_plan_that_is_sealed_keeps_its_plan(path: Path) -> None:
    with opened(path) as book:
        for code in ("b", "c", "r", "m"):
            type_in(book, code, 2023, "調査未実施")
        sealing.start_evaluation(book, 2023)
        sealing.seal(book, 2023)
        with pytest.raises(WrongUsage, match="令和5年度が確定しているため"):
            revise(book, EDITS["renumber"], from_year=None, reason="訂正")
        change(book, EDITS["renumber"], 2024)


def test_a_correction_counts_from_the_beginning(path: Path) -> None:
    with opened(path) as book:
        change(book, EDITS["renumber"], None)
        assert read(book, "a5", 2023) == 450
        assert len(book.editions.all) == 1
        assert book.plan_of(2023) == book.plan


# --- two people ---------------------------------------------------------------------------------


def test_two_processes_revising_at_once_both_have_their_say(path: Path) -> None:
    words = ("--from", "R7", "--reason", "見直し")
    env = environment(SHAKYO_REVIEW_BUSY_SECONDS="30")
    started = [
        subprocess.Popen(
            command("--book", path, "--as", who, "plan", "rename", code, who, *words),
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for who, code in (("甲", "1-1"), ("乙", "2-1"), ("丙", "a"))
    ]
    ends = [(one.communicate(timeout=60)[1].decode(), one.returncode) for one in started]
    assert [status for _, status in ends] == [0, 0, 0], ends
    with opened(path) as book:
        names = [book.plan.items["1-1"].name, book.plan.items["2-1"].name]
        assert [*names, book.plan.indicators["a"].name] == ["甲", "乙", "丙"]
        assert sorted(one.by for one in revisions(book)) == sorted(["甲", "乙", "丙"])
        assert len(book.editions.all) == 2
        assert verify(book) == []


def test_two_revisions_at_once_are_both_in_the_plan(path: Path) -> None:
    with opened(path, "甲") as one, opened(path, "乙") as two:
        change(one, EDITS["rename"])
        change(two, EDITS["renumber"])
        change(one, EDITS["add"])
        assert two.refresh()
        assert one.plan == two.plan
        assert two.plan.items["1-5"].name == "新しい集い"
        assert "2-2" in two.plan.items
        assert len(revisions(two)) == 3
        with pytest.raises(WrongUsage, match="「1-1」は計画にありません"):
            change(two, EDITS["rename"])


def test_a_second_writer_is_told_to_wait(path: Path) -> None:
    with opened(path, "甲") as one, opened(path, "乙") as two:

        def meanwhile(plan: Plan) -> Plan:
            with pytest.raises(ReviewError, match="別のプログラムが書き込み中"):
                revise(two, EDITS["add"], from_year=2025, reason="x")
            return EDITS["rename"](plan)

        change(one, meanwhile)
        assert "2-2" not in one.plan.items


# --- whatever is done ----------------------------------------------------------------------------


def _step(plan: Plan, draw: st.DataObject) -> Edit:
    """Draw an edit that may or may not be possible."""
    items, figures = list(plan.items), list(plan.indicators)
    fresh = st.sampled_from(["1-1", "1-2", "2-1", "3", "a", "b", "c", "x", "y"])
    item, other = draw.draw(st.sampled_from(items)), draw.draw(st.sampled_from(items))
    figure = draw.draw(st.sampled_from(figures or ["a"]))
    new = draw.draw(fresh)
    steps: list[Edit] = [
        lambda p: renumber(p, item, new),
        lambda p: renumber(p, figure, new),
        lambda p: renumber(renumber(renumber(p, item, "tmp"), other, item), "tmp", other),
        lambda p: move(p, item, other),
        lambda p: stop(p, item),
        lambda p: stop(p, figure),
        lambda p: add_node(p, other, Node(code=new, name=f"項目{new}")),
        lambda p: add_indicator(p, item, indicator(new, decimals=len(new) % 3)),
        lambda p: merge(p, [item, other], new, "まとめ"),
        lambda p: split(p, item, [(new, "甲"), (f"{new}b", "乙")]),
        lambda p: change_indicator(p, figure, decimals=len(new)),
        lambda p: change_node(p, item, name=f"名前{new}"),
        lambda p: renumber(stop(p, figure), draw.draw(st.sampled_from(figures or ["a"])), figure),
    ]
    return draw.draw(st.sampled_from(steps))


def _values(book: ReviewBook) -> dict[Any, Any]:
    """Return every value of the cell table by identity, place and year, whatever plan is in force."""
    found = {}
    db = book.file.db
    for number, year, kind in db.execute(
        "SELECT indicator_id, fiscal_year, kind FROM cell"
    ).fetchall():
        known = book.editions.last_known(number, year)
        assert known is not None
        key = CellKey("x", year, Kind(kind))
        found[number, year, kind] = cell_rows.read_cell(db, key, number, known[1]).reading
    return found


@settings(max_examples=25)
@given(st.data())
def test_whatever_is_revised_every_value_stays_with_its_thing(
    tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject
) -> None:
    with opened(new_book(tmp_path_factory.mktemp("any") / "b.db")) as book:
        type_in(book, "a", 2025, "600")
        type_in(book, "b", 2026, "0.12", Kind.TARGET)
        evaluating.evaluate(book, "1-1", 2024, "self", "B", reason="協議による")
        year = 2024
        for _ in range(draw.draw(st.integers(1, 6))):
            kept = _values(book)
            said = len(book.facts(RATING))
            year = draw.draw(st.integers(year, 2026))
            edit = _step(book.plan, draw)
            before = contents(book.path)
            try:
                revise(
                    book, edit, from_year=draw.draw(st.sampled_from([year, None])), reason="見直し"
                )
            except ReviewError:
                assert contents(book.path) == before
            assert verify(book) == []
            assert {k: v.value for k, v in _values(book).items()} == {
                k: v.value for k, v in kept.items()
            }
            assert len(book.facts(RATING)) == said
            year = max(year, book.editions.newest.effective_year)
            for code, one in list(book.plan_of(year).indicators.items())[:1]:
                reading = Reading(State.VALUE, Decimal(7))
                record(book, CellKey(code, year, Kind.ACTUAL), reading, reason=one.name)
                assert read(book, code, year) == 7
            made = book.compare([2023, 2024, 2025, 2026])
            assert len(made.goals) == len({row.code for row in made.goals})
            for there in (2023, 2024, 2025, 2026):
                assert json.dumps([s.display for s in book.score(there).indicators.values()])


def test_letters_people_gave_follow_a_renumbered_item_in_the_preview(book: ReviewBook) -> None:
    """2-1 has a C of people in 2025; with another code it has it still: no letter changes."""
    given_first = RuleSet(letters="given", goal="mean_of_points")
    scale = Scale.preset("abcd")
    points = [one.model_copy(update={"points": Decimal(n)}) for n, one in enumerate(scale.levels)]
    whole = scale.model_copy(update={"levels": tuple(points)})
    change(book, lambda p: change_plan(p, rule_set=given_first, scale=whole))
    assert book.score(2025).nodes["2-1"].rating == "C"
    for dry_run in (True, False):
        made = revise(
            book,
            lambda p: renumber(p, "2-1", "2-5"),
            from_year=2025,
            reason="見直し",
            dry_run=dry_run,
        )
        assert made.letters == ()
    assert book.score(2025).nodes["2-5"].rating == "C"
