"""Numbers in the book: integers scaled by the indicator's decimals, read back exactly."""

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from books import new_book, opened

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ReviewError
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record, understand
from shakyo_review.storage.cells import as_json


@pytest.fixture
def book(tmp_path: Path) -> Iterator[ReviewBook]:
    with opened(new_book(tmp_path / "b.db")) as book:
        yield book


def stored(book: ReviewBook, code: str) -> tuple[object, object, str]:
    """Return value, denominator and SQLite's type of the 2025 actual."""
    with sqlite3.connect(book.path) as db:
        row = db.execute(
            "SELECT value, denominator, typeof(value) FROM cell JOIN identity ON identity.id = indicator_id"
            " WHERE code = ? AND fiscal_year = 2025 AND cell.kind = 'actual' AND branch = ''",
            [code],
        ).fetchone()
    db.close()
    return row


@pytest.mark.parametrize(
    ("code", "typed", "scaled", "back"),
    [
        ("b", "0.08", 8, "0.08"),
        ("b", "0.1", 10, "0.10"),
        ("b", "△0.07", -7, "-0.07"),
        ("b", "98.5", 9850, "98.50"),
        ("a", "0", 0, "0"),
        ("a", "５１２", 512, "512"),
        ("a", "999999999999999", 999999999999999, "999999999999999"),
        ("a", "△999999999999999", -999999999999999, "-999999999999999"),
        ("b", "9999999999999.99", 999999999999999, "9999999999999.99"),
        ("m", "0.0001", 1, "0.0001"),
        ("m", "12345678901.2345", 123456789012345, "12345678901.2345"),
    ],
)
def test_numbers_are_kept_exactly(
    book: ReviewBook, code: str, typed: str, scaled: int, back: str
) -> None:
    key = CellKey(code, 2025, Kind.ACTUAL)
    reading = understand(book.plan.indicators[code], typed)
    record(book, key, reading)
    assert stored(book, code) == (scaled, None, "integer")
    with opened(book.path) as other:
        read = other.cells(2025).get(key).reading
    assert read == reading
    assert str(read.value) == back


def test_the_plan_s_own_figures_are_scaled_too(book: ReviewBook) -> None:
    with sqlite3.connect(book.path) as db:
        rows = db.execute(
            "SELECT cell.kind, value FROM cell JOIN identity ON identity.id = indicator_id"
            " WHERE code = 'b' ORDER BY cell.kind"
        ).fetchall()
    db.close()
    assert rows == [("actual", 8), ("target", 10)]
    scored = book.score(2024).indicators["b"]
    assert scored.target.value == Decimal("0.1")
    assert scored.actual.reading.value == Decimal("0.08")


def test_a_share_keeps_numerator_and_denominator(book: ReviewBook) -> None:
    for branch, typed in (("kita", "1/2"), ("minami", "30/100")):
        record(
            book,
            CellKey("r", 2025, Kind.ACTUAL, branch),
            understand(book.plan.indicators["r"], typed),
        )
    with opened(book.path) as other:
        table = other.cells(2025)
        assert table.get(CellKey("r", 2025, Kind.ACTUAL, "kita")).reading == Reading(
            State.VALUE, Decimal(1), Decimal(2)
        )
        assert table.get(CellKey("r", 2025, Kind.ACTUAL, "minami")).reading == Reading(
            State.VALUE, Decimal(30), Decimal(100)
        )


@pytest.mark.parametrize("typed", ["999999999999999", "△999999999999999", "922337203685478"])
def test_a_number_the_column_cannot_hold_is_refused(book: ReviewBook, typed: str) -> None:
    """15 digits and four decimals would be 19 digits: more than SQLite's integer."""
    before = book.path.read_bytes()
    with pytest.raises(ReviewError, match="桁が多すぎます"):
        record(book, CellKey("m", 2025, Kind.ACTUAL), understand(book.plan.indicators["m"], typed))
    assert book.path.read_bytes() == before


def test_a_number_is_never_cut_to_fit(book: ReviewBook) -> None:
    """A caller that did not go through the parser is refused, not rounded."""
    before = book.path.read_bytes()
    for value in ("0.085", "0.001"):
        with pytest.raises(ReviewError, match="小数"):
            record(book, CellKey("b", 2025, Kind.ACTUAL), Reading(State.VALUE, Decimal(value)))
    assert book.path.read_bytes() == before


@pytest.mark.parametrize("state", [s for s in State if s not in (State.VALUE, State.TEXT)])
def test_every_state_is_read_back(book: ReviewBook, state: State) -> None:
    key = CellKey("a", 2025, Kind.ACTUAL)
    record(book, key, Reading(state), note="注記\n二行目")
    with opened(book.path) as other:
        cell = other.cells(2025).get(key)
    assert (cell.reading, cell.note) == (Reading(state), "注記\n二行目")


def test_everything_a_cell_says_is_read_back(book: ReviewBook) -> None:
    key = CellKey("a", 2025, Kind.ACTUAL, "kita", "Q1")
    outcome = record(
        book, key, Reading(State.VALUE, Decimal(3), forecast=True), measured_year=2024, note="速報"
    )
    with opened(book.path) as other:
        assert other.cells(2025).get(key) == outcome.cell
    assert as_json(outcome.cell, 0) == {
        "state": "value",
        "value": "3",
        "forecast": True,
        "measured_year": 2024,
        "note": "速報",
    }
    text = record(book, key, Reading(State.TEXT, text="随時"))
    with opened(book.path) as other:
        assert other.cells(2025).get(key) == text.cell
