"""The steps by which a book gets its shape."""

import sqlite3
from pathlib import Path

import pytest
from books import contents, new_book
from sqlite_utils import Database, Migrations

from shakyo_review.errors import BookProblem
from shakyo_review.services.upkeep import restore
from shakyo_review.storage import database
from shakyo_review.storage.migrations import NEWEST, migrations


def facts(path: Path) -> tuple[int, int]:
    """Return user_version and the number of steps applied."""
    with sqlite3.connect(path) as db:
        found = (
            db.execute("PRAGMA user_version").fetchone()[0],
            db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0],
        )
    db.close()
    return found


def test_a_fresh_book_has_every_step(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    assert facts(path) == (NEWEST, NEWEST)
    book = database.open_book(path)
    assert migrations.pending(book.db) == []
    assert len(migrations.applied(book.db)) == NEWEST
    book.close()


def test_every_table_is_strict(tmp_path: Path) -> None:
    with sqlite3.connect(new_book(tmp_path / "b.db")) as db:
        made = dict(
            db.execute(
                "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            )
        )
    db.close()
    made = {
        name: strict for name, strict in made.items() if not name.startswith(("sqlite_", "_sqlite"))
    }
    assert made
    assert set(made.values()) == {1}, made


@pytest.fixture
def one_step_more(monkeypatch: pytest.MonkeyPatch) -> Migrations:
    """A program of the future: this one's steps, and one more."""
    later = Migrations("shakyo_review")
    for step in migrations._migrations:
        later(name=step.name)(step.fn)

    @later()
    def m999_colour(db: Database) -> None:
        db.execute("ALTER TABLE node ADD COLUMN colour TEXT NOT NULL DEFAULT ''")
        db.execute("UPDATE node SET colour = 'blue'")

    monkeypatch.setattr(database, "migrations", later)
    monkeypatch.setattr(database, "NEWEST", NEWEST + 1)
    return later


def test_an_older_book_is_brought_up_to_date(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = new_book(tmp_path / "b.db")
    before = contents(path)
    request.getfixturevalue("one_step_more")
    database.open_book(path).close()
    assert facts(path) == (NEWEST + 1, NEWEST + 1)
    after = contents(path)
    assert {row[-1] for row in after["node"]} == {"blue"}
    assert [row[:-1] for row in after["node"]] == before["node"]
    same = set(before) - {"node", "_sqlite_migrations"}
    assert {t: after[t] for t in same} == {t: before[t] for t in same}
    database.open_book(path).close()
    assert contents(path) == after


def test_two_who_open_an_older_book_at_once(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The second waits, then finds nothing left to do."""
    path = new_book(tmp_path / "b.db")
    request.getfixturevalue("one_step_more")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BookProblem, match="書き込み中"):
        database.open_book(path)
    assert facts(path) == (NEWEST, NEWEST)
    other.execute("COMMIT")
    other.close()
    database.open_book(path).close()
    assert facts(path) == (NEWEST + 1, NEWEST + 1)


def test_a_step_that_fails_changes_nothing(
    tmp_path: Path, one_step_more: Migrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("SHAKYO_REVIEW_BUSY_SECONDS", "0.3")
    path = new_book(tmp_path / "b.db")
    before = path.read_bytes()

    @one_step_more()
    def m999_wrong(db: Database) -> None:
        db.execute("UPDATE no_such_table SET x = 1")

    monkeypatch.setattr(database, "migrations", one_step_more)
    monkeypatch.setattr(database, "NEWEST", NEWEST + 2)
    with pytest.raises(BookProblem):
        database.open_book(path)
    assert path.read_bytes() == before


def test_an_older_book_that_may_not_be_written(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = new_book(tmp_path / "b.db")
    path.chmod(0o444)
    before = path.read_bytes()
    request.getfixturevalue("one_step_more")
    with pytest.raises(BookProblem, match=r"古い版.*読み取り専用"):
        database.open_book(path)
    assert path.read_bytes() == before


def test_a_newer_book_is_refused(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {NEWEST + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(BookProblem, match="新しい版"):
        database.open_book(path)
    assert path.read_bytes() == before


def test_an_older_backup_is_restored_and_stays_as_it_is(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    saved = new_book(tmp_path / "saved.db")
    before = saved.read_bytes()
    request.getfixturevalue("one_step_more")
    restore(saved, tmp_path / "b.db", "事務局")
    assert facts(tmp_path / "b.db") == (NEWEST + 1, NEWEST + 1)
    assert saved.read_bytes() == before
