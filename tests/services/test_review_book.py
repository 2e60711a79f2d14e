"""An open book: what is kept, and when it is read again."""

import sqlite3
from pathlib import Path

import pytest
from books import A24, new_book, opened

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.value import State
from shakyo_review.errors import BookProblem
from shakyo_review.exchange.rows import Entry
from shakyo_review.services.entry import record, restore, understand
from shakyo_review.services.taking import take_over


def test_scores_and_cells_are_kept_until_somebody_writes(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path) as book, opened(path) as other:
        assert not book.refresh()
        score, cells, plan = book.score(2024), book.cells(2024), book.plan
        assert not book.refresh()
        assert book.score(2024) is score
        assert book.cells(2024) is cells
        record(other, A24, understand(plan.indicators["a"], "500"))
        assert book.score(2024) is not score
        assert book.score(2024).indicators["a"].actual.reading.value == 500
        assert not book.refresh()


def test_refresh_tells_of_another_s_change_and_of_one_s_own(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path) as book, opened(path) as other:
        reading = understand(book.plan.indicators["a"], "500")
        record(other, A24, reading)
        assert book.refresh()
        assert not book.refresh()
        score = book.score(2024)
        record(book, A24, understand(book.plan.indicators["a"], "501"))
        assert book.score(2024) is not score
        assert book.score(2024).indicators["a"].actual.reading.value == 501


def test_one_s_own_change_leaves_the_other_years(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path) as book, opened(path) as other:
        score23, cells23, score24 = book.score(2023), book.cells(2023), book.score(2024)
        outcome = record(book, A24, understand(book.plan.indicators["a"], "501"))
        assert book.score(2024) is not score24
        assert book.score(2023) is score23
        restore(book, outcome.before, expected_version=outcome.cell.version)
        assert book.score(2024) == score24
        assert book.cells(2023) is cells23
        record(other, CellKey("a", 2023, Kind.ACTUAL), understand(book.plan.indicators["a"], "7"))
        record(book, A24, understand(book.plan.indicators["a"], "502"))
        assert book.score(2023).indicators["a"].actual.reading.value == 7


def test_a_value_stored_is_not_denied_because_somebody_locks_the_book_then(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path) as book:
        book.score(2024)
        lock = sqlite3.connect(path, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        book.take_note(Cell(A24))
        with pytest.raises(BookProblem, match="書き込み中"):
            book.score(2024)
        lock.execute("ROLLBACK")
        lock.close()
        assert book.score(2024)


def test_another_s_change_of_the_plan_is_seen(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path) as book, opened(path) as other:
        assert str(book.score(2024).indicators["b"].indicator.final_target.value) == "0.1"
        reading = understand(book.plan.indicators["b"], "0.2")
        take_over(other, [Entry(2, CellKey("b", 2026, Kind.FINAL_TARGET), reading)])
        assert str(book.score(2024).indicators["b"].indicator.final_target.value) == "0.2"


def test_years(tmp_path: Path) -> None:
    with opened(new_book(tmp_path / "b.db")) as book:
        assert book.years_with(Kind.ACTUAL) == [2023, 2024]
        assert book.years() == [2023, 2024, 2025, 2026]
        assert book.working_year == 2024
        key = CellKey("a", 2025, Kind.ACTUAL)
        record(book, key, understand(book.plan.indicators["a"], "9"))
        assert book.working_year == 2025
        record(book, key, understand(book.plan.indicators["a"], ""))
        assert book.cells(2025).get(key).reading.state is State.NOT_ENTERED
        assert book.years_with(Kind.ACTUAL) == [2023, 2024]


def test_a_year_without_any_figure_is_scored_as_empty(tmp_path: Path) -> None:
    with opened(new_book(tmp_path / "b.db")) as book:
        score = book.score(2016)
        assert score.overall.score is None
        assert score.overall.coverage.rated == 0
