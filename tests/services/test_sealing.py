"""Sealing: all or nothing, once, and for good."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import workers
from books import SMALL_PLAN, contents, new_book, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.improvement import Result
from shakyo_review.domain.tree_edits import change_plan
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import BookProblem, ReviewError, WrongUsage
from shakyo_review.exchange.plan_yaml import parse_plan
from shakyo_review.exchange.rows import Entry
from shakyo_review.services import sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.council import add_opinion, answer_opinion
from shakyo_review.services.entry import ReasonNeeded, record
from shakyo_review.services.evaluating import evaluate, send_back
from shakyo_review.services.improving import add_improvement, answer_improvement, set_direction
from shakyo_review.services.making import make_book
from shakyo_review.services.revising import revise
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import verify
from shakyo_review.storage import seals


def ready_book(path: Path) -> Path:
    """A book whose year 2024 is filled in, judged and in evaluation."""
    new_book(path)
    with opened(path) as book:
        for code, value in (("c", 12), ("r", 30), ("m", 2)):
            record(book, CellKey(code, 2024, Kind.ACTUAL), workers.number(value))
        evaluate(book, "1-1", 2024, "self", "C", reason="担い手が減った")
        sealing.start_evaluation(book, 2024)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return ready_book(tmp_path / "b.db")


def test_a_seal_keeps_all_that_the_year_shows(path: Path) -> None:
    with opened(path) as book:
        before = book.score(2024)
        made, just_now = sealing.seal(book, 2024)
        assert just_now
        assert book.state(2024) is YearState.SEALED
        kept = made.facts
        assert kept["plan"]["plan"]["scale"]["levels"][0]["cut"] == "100"
        assert kept["plan"]["plan"]["rule_set"]["goal"] == "mean_of_rates"
        assert {cell["indicator"] for cell in kept["cells"]} == {"a", "b", "c", "r", "m"}
        assert [f["data"]["rating"] for f in kept["facts"] if f["entity"] == "rating"] == ["C"]
        assert kept["head"]["count"] == book.count_history() - 2, "the seal and the state follow"
        now = book.score(2024)
        assert {c: s.rating for c, s in now.nodes.items()} == {
            c: s.rating for c, s in before.nodes.items()
        }
        assert verify(book) == []


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["山田", "鈴木", "佐藤"]), min_size=1, max_size=4))
def test_sealing_is_idempotent(tmp_path_factory: pytest.TempPathFactory, people: list[str]) -> None:
    path = ready_book(tmp_path_factory.mktemp("seal") / "b.db")
    with opened(path) as book:
        sealing.seal(book, 2024)
    sealed = contents(path)
    for who in people:
        with opened(path, who) as book:
            again, just_now = sealing.seal(book, 2024)
            assert (again.number, just_now) == (1, False)
    assert contents(path) == sealed


def test_an_interrupted_seal_leaves_the_year_open(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(path)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sealing, "_set_state", interrupted)
    with opened(path) as book:
        with pytest.raises(KeyboardInterrupt):
            sealing.seal(book, 2024)
        assert book.state(2024) is YearState.EVALUATION
    assert contents(path) == before


CHANGES: list[Callable[[ReviewBook], object]] = [
    lambda book: record(book, CellKey("a", 2024, Kind.ACTUAL), workers.number(1), reason="x"),
    lambda book: record(book, CellKey("a", 2024, Kind.TARGET), workers.number(1), reason="x"),
    lambda book: record(
        book, CellKey("a", 2024, Kind.ACTUAL, "kita", "04"), workers.number(1), reason="x"
    ),
    lambda book: take_over(
        book, [Entry(2, CellKey("a", 2024, Kind.ACTUAL), workers.number(7))], reason="x"
    ),
    lambda book: take_over(
        book, [Entry(2, CellKey("1-1.f1", 2024, Kind.BUDGET), workers.number(7))], reason="x"
    ),
    lambda book: take_over(
        book, [Entry(2, CellKey("a", 2026, Kind.FINAL_TARGET), workers.number(7))], reason="x"
    ),
    lambda book: evaluate(book, "1-1", 2024, "committee", "A", reason="x"),
    lambda book: send_back(book, "1-1", 2024, "internal", "x"),
    lambda book: set_direction(book, "1-1", 2024, "継続"),
    lambda book: add_improvement(book, "1-1", 2024, "x"),
    lambda book: answer_improvement(book, "2023-1", 2024, Result.KEPT, "x"),
    lambda book: sealing.open_year(book, 2024),
    lambda book: sealing.start_evaluation(book, 2024),
    lambda book: sealing.back_to_entry(book, 2024, "x"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_changes_in_a_sealed_year(
    path: Path, change: Callable[[ReviewBook], object]
) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
    before = contents(path)
    with opened(path) as book, pytest.raises(ReviewError) as refused:
        change(book)
    assert "令和6年度" in str(refused.value)
    assert contents(path) == before


def test_opinions_may_come_after_the_seal(path: Path) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
        said = sealing.sealed_results(book, 2024)
        number = add_opinion(book, "1-1", 2024, "よく分かりました")
        answer_opinion(book, 2024, number, "ありがとうございます")
        assert sealing.sealed_results(book, 2024) == said
        assert verify(book) == []


def test_reopening_keeps_the_first_seal(path: Path) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
        first = sealing.sealed_results(book, 2024)
        with pytest.raises(ReviewError):
            sealing.reopen(book, 2024, "  ")
        sealing.reopen(book, 2024, "報告に追加")
        assert sealing.sealed_results(book, 2024) is None
        with pytest.raises(ReasonNeeded):
            record(book, CellKey("a", 2024, Kind.ACTUAL), workers.number(490))
        record(book, CellKey("a", 2024, Kind.ACTUAL), workers.number(490), reason="追加の報告")
        made, _ = sealing.seal(book, 2024)
        assert made.number == 2
        assert sealing.sealed_results(book, 2024) != first
        assert sealing.sealed_results(book, 2024, 1) == first
        with pytest.raises(WrongUsage):
            sealing.sealed_results(book, 2024, 3)
        assert verify(book) == []


def test_a_year_is_sealed_from_evaluation_only(tmp_path: Path) -> None:
    with opened(new_book(tmp_path / "b.db")) as book:
        for year, word in ((2024, "記入"), (2025, "準備")):
            with pytest.raises(WrongUsage, match=word):
                sealing.seal(book, year)


def alter(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as db:
        assert db.execute(sql).rowcount > 0
    db.close()


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE cell SET value = 481 WHERE value = 480", "a R6 実績"),
        (
            "UPDATE fact SET data = replace(data, '\"C\"', '\"A\"') WHERE entity = 'rating'",
            "1-1 R6 評価 self",
        ),
        ("UPDATE history SET reason = '' WHERE entity = 'rating'", "履歴の"),
        ("DELETE FROM history WHERE id = (SELECT max(id) FROM history)", "履歴の最後の"),
        ("UPDATE seal SET content = replace(content, '480', '490')", "R6の確定（1回目）"),
        ("DELETE FROM seal", "R6の確定（1回目）"),
        ("UPDATE edition SET plan = replace(plan, '小さな', '大きな')", "計画の第1版"),
    ],
)
def test_what_is_altered_in_a_sealed_year_is_named(path: Path, sql: str, named: str) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
    alter(path, sql)
    with opened(path) as book:
        found = verify(book)
    assert any(named in one for one in found), found


def test_a_sealed_year_without_its_seal_is_damage(path: Path) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
    alter(path, "UPDATE seal SET content = '{'")
    with opened(path) as book, pytest.raises(BookProblem):
        book.score(2024)


def test_a_book_closed_and_opened_shows_the_sealed_year(path: Path) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
        said = sealing.sealed_results(book, 2024)
    with opened(path, "ほかの人") as book:
        assert sealing.sealed_results(book, 2024) == said
        assert not sealing.recomputed_differs(book, 2024)
        assert [seal.number for seal in seals.read_seals(book.file.db, 2024)] == [1]


def test_a_plan_whose_last_year_is_sealed_can_go_on(tmp_path: Path) -> None:
    """The plan of one year is made anew for the next: what was sealed stays."""
    text = SMALL_PLAN.replace("last_year: 2026", "last_year: 2024")
    text = text.replace("targets: {2024: 500, 2025: 520}", "targets: {2024: 500}")
    path = tmp_path / "b.db"
    make_book(path, parse_plan(text, "one.yaml"), "事務局")
    with opened(path) as book:
        for code, value in (("c", 12), ("r", 30), ("m", 2)):
            record(book, CellKey(code, 2024, Kind.ACTUAL), workers.number(value))
        sealing.start_evaluation(book, 2024)
        sealing.seal(book, 2024)
        said = sealing.sealed_results(book, 2024)
        with pytest.raises(WrongUsage):
            sealing.open_year(book, 2025)
        revise(
            book,
            lambda plan: change_plan(plan, last_year=2025),
            from_year=2025,
            reason="次年度の計画",
        )
        sealing.open_year(book, 2025)
        record(book, CellKey("a", 2025, Kind.ACTUAL), workers.number(510))
        assert book.compare([2024, 2025]).years == (2024, 2025)
        assert sealing.sealed_results(book, 2024) == said
        assert not sealing.recomputed_differs(book, 2024)
        assert verify(book) == []
