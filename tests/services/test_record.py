"""Recording one figure: durable, with its history row, never over somebody else's."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from books import A24, contents, history_length, new_book, opened

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import BookProblem, ReviewError, ValueProblem, WrongUsage
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import CellConflict, current_cell, record, restore, understand


@pytest.fixture
def book(tmp_path: Path) -> Iterator[ReviewBook]:
    with opened(new_book(tmp_path / "b.db"), "山田") as book:
        yield book


def typed(book: ReviewBook, text: str, code: str = "a") -> Reading:
    return understand(book.plan.indicators[code], text)


def test_a_figure_and_its_history_row(book: ReviewBook) -> None:
    length = history_length(book.path)
    outcome = record(book, A24, typed(book, "５１２人"), note="速報", reason="集計し直した")
    assert outcome.changed
    assert (outcome.before.version, outcome.cell.version) == (1, 2)
    assert outcome.cell.reading.value == 512
    assert history_length(book.path) == length + 1
    row = book.history(newest=1)[0]
    assert (row.who, row.code, row.fiscal_year, row.kind) == ("山田", "a", 2024, "actual")
    assert row.old == {"state": "value", "value": "480"}
    assert row.new == {"state": "value", "value": "512", "note": "速報"}
    assert row.reason == "集計し直した"
    assert row.at.endswith("+00:00")


def test_the_same_again_writes_nothing(book: ReviewBook) -> None:
    record(book, A24, typed(book, "512"), note="注")
    before = book.path.read_bytes()
    for text in ("512", "５１２", "512人"):
        outcome = record(book, A24, typed(book, text), reason="もう一度")
        assert not outcome.changed
    assert book.path.read_bytes() == before


def test_a_note_is_kept_until_it_is_changed(book: ReviewBook) -> None:
    record(book, A24, typed(book, "512"), note="一行目\r\n二行目\r三行目")
    assert record(book, A24, typed(book, "513")).cell.note == "一行目\n二行目\n三行目"
    assert record(book, A24, typed(book, "513"), note="").cell.note == ""


def test_the_year_of_measuring_belongs_to_a_value(book: ReviewBook) -> None:
    assert record(book, A24, typed(book, "512"), measured_year=2022).cell.measured_year == 2022
    assert record(book, A24, typed(book, "中止"), measured_year=2022).cell.measured_year is None
    with pytest.raises(WrongUsage, match=r"測定年度.*令和7年度.*令和6年度"):
        record(book, A24, typed(book, "512"), measured_year=2025)


def test_a_figure_of_a_branch_and_a_period(book: ReviewBook) -> None:
    outcome = record(book, CellKey("a", 2025, Kind.ACTUAL, "北区", "q1"), typed(book, "3"))
    assert outcome.cell.key == CellKey("a", 2025, Kind.ACTUAL, "kita", "Q1")
    with opened(book.path) as other:
        assert other.cells(2025).parts("a", 2025, Kind.ACTUAL) == [outcome.cell]


def test_an_odd_value_is_stored_and_told(book: ReviewBook) -> None:
    outcome = record(book, A24, typed(book, "4800"))
    assert outcome.changed
    assert len(outcome.warnings) == 1
    assert "約11倍" in outcome.warnings[0]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (CellKey("zz", 2024, Kind.ACTUAL), "「zz」"),
        (CellKey("a", 2031, Kind.ACTUAL), "令和13年度"),
        (CellKey("a", 2013, Kind.ACTUAL), "平成25年度"),
        (CellKey("a", 2024, Kind.ACTUAL, "higashi"), "「higashi」"),
        (CellKey("a", 2024, Kind.ACTUAL, "", "13"), "「13」"),
    ],
)
def test_a_place_that_does_not_exist(book: ReviewBook, key: CellKey, told: str) -> None:
    before = book.path.read_bytes()
    with pytest.raises(WrongUsage, match=told):
        record(book, key, Reading(State.CANCELLED))
    assert book.path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("長" * 2001, "長すぎます"),
        ("a\x00b", "使えない文字"),
        ("\x1b[2J", "使えない文字"),
        ("\udcff", "使えない文字"),
    ],
)
def test_a_note_and_a_reason_no_one_can_keep(book: ReviewBook, text: str, told: str) -> None:
    before = book.path.read_bytes()
    with pytest.raises(ValueProblem, match=told):
        record(book, A24, typed(book, "1"), note=text)
    with pytest.raises(ValueProblem, match=told):
        record(book, A24, typed(book, "1"), reason=text)
    assert book.path.read_bytes() == before


# --- two people --------------------------------------------------------------------------


def test_the_second_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path, "山田") as first, opened(path, "鈴木") as second:
        seen = current_cell(second, A24).version
        record(first, A24, typed(first, "512"), expected_version=seen)
        before = contents(path)
        with pytest.raises(CellConflict) as told:
            record(second, A24, typed(second, "999"), expected_version=seen)
        assert contents(path) == before
        assert (told.value.who, told.value.current.reading.value) == ("山田", 512)
        assert told.value.at
        assert "a R6 実績" in str(told.value)
        assert "山田" in str(told.value)
        assert "「512」" in str(told.value)
        assert second.cells(2024).get(A24).reading.value == 512
        record(second, A24, typed(second, "999"), expected_version=told.value.current.version)
        assert first.cells(2024).get(A24).reading.value == 999


def test_a_cell_nobody_wrote_and_one_that_was_emptied(tmp_path: Path) -> None:
    path, key = new_book(tmp_path / "b.db"), CellKey("c", 2024, Kind.ACTUAL)
    with opened(path, "山田") as first, opened(path, "鈴木") as second:
        record(first, key, typed(first, "5", "c"), expected_version=0)
        with pytest.raises(CellConflict, match="山田"):
            record(second, key, typed(second, "6", "c"), expected_version=0)
        record(first, key, Reading(State.NOT_ENTERED), expected_version=1)
        with pytest.raises(CellConflict, match="「空欄」"):
            record(second, key, typed(second, "6", "c"), expected_version=0)


# --- undo --------------------------------------------------------------------------------


def test_undo_puts_everything_back_and_is_a_change_of_its_own(book: ReviewBook) -> None:
    first = record(
        book, A24, Reading(State.VALUE, Decimal(5), forecast=True), measured_year=2023, note="注"
    )
    second = record(book, A24, Reading(State.CANCELLED), note="")
    length = history_length(book.path)
    undone = restore(book, second.before, expected_version=second.cell.version)
    assert undone.changed
    assert undone.cell.version == second.cell.version + 1
    same = {
        name: getattr(undone.cell, name)
        for name in ("key", "reading", "measured_year", "note", "example")
    }
    assert same == {name: getattr(first.cell, name) for name in same}
    row = book.history(newest=1)[0]
    assert history_length(book.path) == length + 1
    assert (row.who, row.reason, row.old, row.new) == (
        "山田",
        "取り消し",
        {"state": "cancelled"},
        {"state": "value", "value": "5", "forecast": True, "measured_year": 2023, "note": "注"},
    )


def test_undo_of_a_first_value_leaves_a_blank(book: ReviewBook) -> None:
    key = CellKey("c", 2024, Kind.ACTUAL)
    outcome = record(book, key, typed(book, "5", "c"))
    restore(book, outcome.before, expected_version=outcome.cell.version)
    with opened(book.path) as other:
        cell = other.cells(2024).get(key)
        assert (cell.reading.state, cell.version) == (State.NOT_ENTERED, 2)


def test_undo_after_somebody_else_is_refused(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path, "山田") as first, opened(path, "鈴木") as second:
        outcome = record(first, A24, typed(first, "5"))
        record(second, A24, typed(second, "6"))
        before = path.read_bytes()
        with pytest.raises(CellConflict, match="鈴木"):
            restore(first, outcome.before, expected_version=outcome.cell.version)
        assert path.read_bytes() == before


def test_undo_to_what_stands_there_writes_nothing(book: ReviewBook) -> None:
    outcome = record(book, A24, typed(book, "5"))
    before = book.path.read_bytes()
    assert not restore(book, outcome.cell, expected_version=outcome.cell.version).changed
    assert book.path.read_bytes() == before


# --- a book that cannot be written -------------------------------------------------------


def test_a_protected_book_is_read_but_not_written(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    path.chmod(0o444)
    before = path.read_bytes()
    with opened(path) as book:
        assert book.file.read_only
        assert book.score(2024).indicators["a"].actual.reading.value == 480
        with pytest.raises(BookProblem, match="読み取り専用"):
            record(book, A24, typed(book, "1"))
    assert path.read_bytes() == before


def test_a_book_moved_away_while_open_takes_nothing_more(tmp_path: Path) -> None:
    """Restored or synchronised over by another program: the value would go into a file nobody reads."""
    path = new_book(tmp_path / "b.db")
    with opened(path) as book:
        path.rename(tmp_path / "old.db")
        new_book(path)
        with pytest.raises(ReviewError, match="置き換えられました"):
            record(book, A24, typed(book, "1"))
    assert history_length(path) == history_length(tmp_path / "old.db")
