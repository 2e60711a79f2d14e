"""The steps that can be taken back, without a screen."""

from pathlib import Path

from books import A24, new_book, opened

from shakyo_review.domain.value import parse_value
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import Outcome, record
from shakyo_review.ui.paste import block_of, single_value
from shakyo_review.ui.undo import UndoLog


def put(book: ReviewBook, typed: str) -> Outcome:
    return record(book, A24, parse_value(typed))


def value(book: ReviewBook) -> str:
    return f"{book.cells(2024).get(A24).reading.value}"


def test_a_step_is_refused_once_somebody_else_stood_between(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    log = UndoLog()
    with opened(path, "山田") as mine, opened(path, "鈴木") as hers:
        log.add([put(mine, "1")])
        put(hers, "2")
        log.add([put(mine, "3")])
        taken = log.undo(mine)
        assert taken is not None
        assert (len(taken.put), value(mine)) == (1, "2")
        taken = log.undo(mine)
        assert taken is not None
        assert (len(taken.put), len(taken.refused), value(mine)) == (0, 1, "2")
        assert log.undo(mine) is None
        assert log.redo(mine) is not None
        assert value(mine) == "3"


def test_back_and_forth_through_many_steps(tmp_path: Path) -> None:
    log = UndoLog()
    with opened(new_book(tmp_path / "b.db")) as book:
        for typed in ("1", "2", "3"):
            log.add([put(book, typed)])
        log.add([put(book, "3")])  # the same value again is no step
        for expected in ("2", "1", "480"):
            log.undo(book)
            assert value(book) == expected
        for expected in ("1", "2", "3"):
            log.redo(book)
            assert value(book) == expected
        log.undo(book)
        log.add([put(book, "9")])
        assert log.redo(book) is None


def test_what_a_spreadsheet_copies() -> None:
    assert block_of("1\t2\r\n3\t4\r\n") == [["1", "2"], ["3", "4"]]
    assert block_of('1\t"二行の\nメモ"\r2\t') == [["1", "二行の\nメモ"], ["2", ""]]
    assert single_value("495\t\r\n") == "495"
    assert single_value("5\x0712\x1b") == "5?12?"
    assert single_value("1\n2") is None
