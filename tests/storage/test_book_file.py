"""Opening, creating, copying book files: what SQLite is told to do, and what is refused."""

import os
import sqlite3
from pathlib import Path

import pytest
from books import A24, contents, history_length, new_book, opened

from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import BookProblem, ReviewError, WrongUsage
from shakyo_review.services.entry import record
from shakyo_review.storage import database
from shakyo_review.storage.bookfiles import backup, create_book, discard, publish
from shakyo_review.storage.database import APPLICATION_ID, open_book


def pragma(book: database.BookFile, name: str) -> object:
    return book.db.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_book_is_opened_durable_and_strict(tmp_path: Path) -> None:
    book = open_book(new_book(tmp_path / "b.db"))
    assert pragma(book, "application_id") == APPLICATION_ID
    assert pragma(book, "foreign_keys") == 1
    assert (
        pragma(book, "synchronous") == 3
    )  # EXTRA: the folder is synced too, so a commit outlives a power cut
    assert pragma(book, "journal_mode") == "delete"  # a shared folder has no shared memory
    assert pragma(book, "trusted_schema") == 0
    book.close()


@pytest.mark.parametrize(
    ("column", "wrong"),
    [("value", "'12人'"), ("fiscal_year", "'R6'"), ("version", "0"), ("kind", "'budget'")],
)
def test_the_tables_refuse_what_is_no_cell(tmp_path: Path, column: str, wrong: str) -> None:
    book = open_book(new_book(tmp_path / "b.db"))
    before = contents(book.path)
    with pytest.raises(sqlite3.IntegrityError):
        book.db.execute(f"UPDATE cell SET {column} = {wrong}")
    assert contents(book.path) == before
    book.close()


def test_a_cell_without_its_indicator_is_refused(tmp_path: Path) -> None:
    book = open_book(new_book(tmp_path / "b.db"))
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        book.db.execute(
            "INSERT INTO cell (fiscal_year, indicator_id, kind, state, version)"
            " VALUES (2024, 999, 'actual', 'not_entered', 1)"
        )
    book.close()


def test_writing_keeps_all_or_nothing(tmp_path: Path) -> None:
    book = open_book(new_book(tmp_path / "b.db"))
    before = contents(book.path)
    with pytest.raises(BookProblem), book.writing():  # noqa: PT012
        book.db.execute("UPDATE cell SET note = 'x'")
        book.db.execute("UPDATE nowhere SET x = 1")
    assert contents(book.path) == before
    with book.writing():
        book.db.execute("UPDATE cell SET note = 'x'")
    assert contents(book.path) != before
    book.close()


def test_writing_takes_the_lock_before_anything_is_read(tmp_path: Path) -> None:
    first = open_book(new_book(tmp_path / "b.db"))
    second = open_book(first.path)
    with first.writing(), pytest.raises(BookProblem, match="書き込み中"), second.writing():
        pytest.fail("two hold the lock")
    with second.writing():
        pass
    first.close()
    second.close()


def test_a_new_book_never_replaces_a_file(tmp_path: Path) -> None:
    taken = tmp_path / "b.db"
    taken.write_text("mine")
    with pytest.raises(WrongUsage, match="すでにあります"):
        create_book(taken)
    draft = create_book(tmp_path / "c.db")
    (tmp_path / "c.db").write_text("came meanwhile")
    with pytest.raises(WrongUsage, match="すでにあります"):
        publish(draft, tmp_path / "c.db")
    assert (tmp_path / "c.db").read_text() == "came meanwhile"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.db", "c.db"]


def test_a_draft_that_comes_to_nothing_leaves_nothing(tmp_path: Path) -> None:
    draft = create_book(tmp_path / "b.db")
    discard(draft)
    assert list(tmp_path.iterdir()) == []


def test_a_new_book_in_no_folder(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="フォルダ"):
        create_book(tmp_path / "no" / "b.db")


@pytest.mark.parametrize("leftover", ["-journal", "-wal"])
def test_a_journal_left_behind_is_never_played_into_a_new_book(
    tmp_path: Path, leftover: str
) -> None:
    """SQLite would roll it back into the new file: the remains of another book."""
    journal = tmp_path / f"b.db{leftover}"
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(5000))
    source = open_book(new_book(tmp_path / "source.db"))
    with pytest.raises(ReviewError, match=r"「.*b\.db-"):
        create_book(tmp_path / "b.db")
    with pytest.raises(ReviewError, match=r"「.*b\.db-"):
        backup(source, tmp_path / "b.db")
    source.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"b.db{leftover}", "source.db"]


def test_a_backup_is_equal_and_of_one_state(tmp_path: Path) -> None:
    with opened(new_book(tmp_path / "b.db")) as book:
        backup(book.file, tmp_path / "copy.db")
        assert contents(tmp_path / "copy.db") == contents(book.path)
        record(book, A24, Reading(State.CANCELLED))
    assert history_length(book.path) == history_length(tmp_path / "copy.db") + 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.db", "copy.db"]


def test_a_backup_under_a_lock_ends_with_a_sentence(tmp_path: Path) -> None:
    book = open_book(new_book(tmp_path / "b.db"))
    other = sqlite3.connect(book.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(BookProblem, match=r"b\.db.*書き込み中"):
        backup(book, tmp_path / "copy.db")
    other.close()
    book.close()
    assert [p.name for p in tmp_path.iterdir()] == ["b.db"]


def test_a_pipe_is_no_book(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.db")
    with pytest.raises(ReviewError, match="ふつうのファイルではありません"):
        open_book(tmp_path / "pipe.db")


def test_seconds_of_waiting_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, waited in (("0.25", 250), ("x", 5000), ("-1", 5000), ("", 5000), ("nan", 5000)):
        monkeypatch.setenv("SHAKYO_REVIEW_BUSY_SECONDS", text)
        book = open_book(new_book(tmp_path / f"{waited}{text}.db"))
        assert pragma(book, "busy_timeout") == waited
        book.close()
