"""A book of an earlier version goes through a whole year: filled in, judged, sealed, corrected, revised."""

from decimal import Decimal
from pathlib import Path

import pytest
from books import opened
from older_books import older_book

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.improvement import Result
from shakyo_review.domain.tree_edits import renumber
from shakyo_review.domain.value import Reading, State
from shakyo_review.exchange.rows import Entry
from shakyo_review.services import evaluating, improving, sealing
from shakyo_review.services.revising import revise
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import examine, verify
from shakyo_review.services.year_views import seal_differences


@pytest.mark.parametrize("step", [1, 2])
def test_an_older_book_goes_through_a_year(tmp_path: Path, step: int) -> None:
    path, year = older_book(tmp_path / "b.db", step), 2024
    with opened(path) as book:
        sealing.open_year(book, year)
        codes = list(book.plan_of(year).indicators)
        figures = [
            Entry(2, CellKey(code, year, Kind.ACTUAL), Reading(State.VALUE, Decimal(3)))
            for code in codes
        ]
        take_over(book, figures, default="取り込み")
        for code in sorted({f.indicator for f in book.findings(year) if f.odd and f.open}):
            improving.confirm_value(book, code, year, "確かめた")
        evaluating.evaluate(book, "1-1", year, "self", "A", reason="協議")
        promise = improving.add_improvement(book, "1-1", year, "改める")
        sealing.start_evaluation(book, year)
        sealing.seal(book, year)
        sealing.publish(book, year)
        said = sealing.sealed_results(book, year)
        sealing.open_year(book, 2025)
        improving.answer_improvement(book, promise, 2025, Result.KEPT, "改めた")
        revise(book, lambda p: renumber(p, "r", "r2"), from_year=2025, reason="番号の整理")
        assert sealing.sealed_results(book, year) == said
        money = CellKey("1-1.f1", year, Kind.BUDGET)
        sealing.correct(book, money, Reading(State.VALUE, Decimal(1260)), "転記の誤り")
        figure = CellKey("r", year, Kind.ACTUAL)
        sealing.correct(book, figure, Reading(State.VALUE, Decimal(4)), "転記の誤り")
        assert sealing.sealed_results(book, year, 1) == said
    with opened(path) as book:
        assert book.plan_of(year).items["1-1"].node.funding[0].budget[year] == 1260
        assert book.cells(year).get(figure).reading.value == 4
        assert verify(book) == []
        assert seal_differences(book) == []
    assert all(line.well for line in examine(path, "点検"))
