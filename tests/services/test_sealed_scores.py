"""Scores of a sealed year are made once, whoever writes elsewhere, until its seal or its letters change."""

import sqlite3
from pathlib import Path

import workers
from books import A24, opened
from test_sealing import ready_book

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.services import sealing
from shakyo_review.services.entry import record
from shakyo_review.services.year_views import seal_differences


def test_a_sealed_year_is_scored_again_only_when_it_says_something_else(tmp_path: Path) -> None:
    path = ready_book(tmp_path / "b.db")
    with opened(path) as book, opened(path, "鈴木") as other:
        sealing.seal(book, 2024)
        sealing.open_year(book, 2025)
        kept, plan = book.score(2024), book.plan_of(2024)
        record(other, CellKey("a", 2025, Kind.ACTUAL), workers.number(1))
        assert book.score(2024) is kept
        assert book.plan_of(2024) is plan
        assert book.score(2025).indicators["a"].actual.amount == 1
        sealing.correct(other, A24, workers.number(300), "集計の誤り")
        assert book.score(2024).indicators["a"].actual.amount == 300
        sealing.reopen(other, 2024, "数えなおす")
        record(other, A24, workers.number(310), reason="数えなおし")
        assert book.score(2024).indicators["a"].actual.amount == 310


def test_a_seal_altered_by_other_means_is_not_hidden_by_what_is_kept(tmp_path: Path) -> None:
    path = ready_book(tmp_path / "b.db")
    with opened(path) as book:
        sealing.seal(book, 2024)
        before = book.score(2024).indicators["a"].actual.amount
        assert seal_differences(book) == []
        with sqlite3.connect(path) as db:
            db.execute("UPDATE seal SET content = replace(content, '\"480\"', '\"481\"')")
        db.close()
        assert book.score(2024).indicators["a"].actual.amount == before + 1  # type: ignore[operator]
        assert seal_differences(book) != []
