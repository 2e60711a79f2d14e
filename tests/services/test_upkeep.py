"""Backup, restore and the health check."""

import sqlite3
from pathlib import Path

import pytest
import workers
from books import A24, contents, new_book, opened

from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import BookProblem, ReviewError, WrongUsage
from shakyo_review.services.entry import record
from shakyo_review.services.upkeep import back_up, examine, restore
from shakyo_review.storage.facts import FactKey


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_book(tmp_path / "b.db")


@pytest.fixture
def saved(path: Path) -> Path:
    """A backup; the book has been changed since."""
    with opened(path) as book:
        back_up(book, path.with_name("saved.db"))
        record(book, A24, Reading(State.CANCELLED), reason="あとの変更")
    return path.with_name("saved.db")


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_restore_keeps_the_present_book(path: Path, saved: Path) -> None:
    present, backup = path.read_bytes(), saved.read_bytes()
    kept = restore(saved, path, "事務局")
    assert kept is not None
    assert kept.read_bytes() == present
    assert contents(path) == contents(saved)
    assert saved.read_bytes() == backup
    assert restore(saved, path, "事務局") != kept
    assert names(path.parent) == ["b.db", "b.以前1.db", "b.以前2.db", "saved.db"]


def test_restore_where_no_book_is(path: Path, tmp_path: Path) -> None:
    assert restore(path, tmp_path / "again.db", "事務局") is None
    assert contents(tmp_path / "again.db") == contents(path)


def test_restore_over_a_damaged_book(path: Path, saved: Path) -> None:
    path.write_bytes(b"not a book any more")
    kept = restore(saved, path, "事務局")
    assert kept is not None
    assert kept.read_bytes() == b"not a book any more"
    assert contents(path) == contents(saved)


def test_a_journal_of_the_present_book_is_not_played_into_the_restored_one(
    path: Path, saved: Path
) -> None:
    """A program was killed while it wrote: the journal beside the book belongs to that book only."""
    before = contents(path)
    process, pipe = workers.start(workers.die_in_the_middle, path)
    assert pipe.recv() == "half"
    process.kill()
    process.join()
    assert path.with_name("b.db-journal").stat().st_size > 0
    kept = restore(saved, path, "事務局")
    assert kept is not None
    assert names(path.parent) == ["b.db", "b.以前1.db", "saved.db"]
    assert contents(path) == contents(saved)
    assert contents(kept) == before
    assert all(line.well for place in (path, kept) for line in examine(place, "点検"))


@pytest.mark.parametrize("ending", ["-journal", "-wal"])
def test_what_lies_beside_a_book_that_cannot_be_read_is_not_left(
    path: Path, saved: Path, ending: str
) -> None:
    path.write_bytes(b"damaged")
    path.with_name(f"b.db{ending}").write_bytes(b"its remains")
    restore(saved, path, "事務局")
    assert contents(path) == contents(saved)
    assert not path.with_name(f"b.db{ending}").exists()


@pytest.mark.parametrize("damage", ["text", "other", "torn", "missing", "folder"])
def test_a_backup_that_is_none_changes_nothing(path: Path, saved: Path, damage: str) -> None:
    match damage:
        case "text":
            saved.write_text("hello")
        case "other":
            saved.unlink()
            with sqlite3.connect(saved) as db:
                db.execute("CREATE TABLE t (x)")
            db.close()
        case "torn":
            with sqlite3.connect(saved) as db:
                (page,) = db.execute(
                    "SELECT rootpage FROM sqlite_schema WHERE name = 'cell'"
                ).fetchone()
            db.close()
            content = bytearray(saved.read_bytes())
            content[(page - 1) * 4096 : page * 4096] = bytes(4096)
            saved.write_bytes(content)
        case "missing":
            saved.unlink()
        case "folder":
            saved.unlink()
            saved.mkdir()
    before, there = path.read_bytes(), names(path.parent)
    with pytest.raises((BookProblem, WrongUsage), match="saved"):
        restore(saved, path, "事務局")
    assert path.read_bytes() == before
    assert names(path.parent) == there


def test_restore_onto_itself_or_a_folder(path: Path, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(path)
    for target in (path, tmp_path / "link.db"):
        with pytest.raises(WrongUsage, match="同じファイル"):
            restore(path, target, "事務局")
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(WrongUsage, match="ふつうのファイルではありません"):
        restore(saved, tmp_path / "folder.db", "事務局")
    with pytest.raises(WrongUsage, match="フォルダ"):
        restore(saved, tmp_path / "no" / "b.db", "事務局")


def test_restore_through_a_link_restores_the_file_it_names(
    path: Path, saved: Path, tmp_path: Path
) -> None:
    (tmp_path / "desk").mkdir()
    link = tmp_path / "desk" / "link.db"
    link.symlink_to(path)
    restore(saved, link, "事務局")
    assert link.is_symlink()
    assert contents(path) == contents(saved)


def test_restore_while_somebody_writes(path: Path, saved: Path) -> None:
    process, pipe = workers.start(workers.hold_lock, path)
    assert pipe.recv() == "locked"
    with pytest.raises(BookProblem, match="書き込み中"):
        restore(saved, path, "事務局")
    process.kill()
    process.join()
    assert names(path.parent) == ["b.db", "saved.db"]


def test_a_screen_left_open_during_a_restore_loses_nothing_silently(
    path: Path, saved: Path
) -> None:
    with opened(path) as book:
        restore(saved, path, "事務局")
        with pytest.raises(ReviewError, match="置き換えられました"):
            record(book, A24, Reading(State.UNKNOWN))


def test_a_backup_never_replaces_a_file(path: Path, saved: Path) -> None:
    before = saved.read_bytes()
    with opened(path) as book:
        with pytest.raises(WrongUsage, match="すでにあります"):
            back_up(book, saved)
        with pytest.raises(WrongUsage, match="すでにあります"):
            back_up(book, path)
        with pytest.raises(WrongUsage, match="フォルダ"):
            back_up(book, path.parent / "no" / "x.db")
    assert saved.read_bytes() == before


# --- doctor ------------------------------------------------------------------------------


def test_a_sound_book(path: Path) -> None:
    before = path.read_bytes()
    lines = examine(path, "点検")
    assert all(line.well for line in lines), lines
    assert path.read_bytes() == before


def test_a_change_without_its_history_row_is_found(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM history WHERE id = 3")
    db.close()
    assert [line.title for line in examine(path, "点検") if not line.well] == ["履歴"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cell SET state = 'nonsense' WHERE state <> 'value'",
        "UPDATE edition SET plan = '{'",
        "UPDATE edition SET plan = '[]'",
        "UPDATE edition SET ids = '{'",
        "UPDATE edition SET ids = '[]'",
        """UPDATE edition SET ids = '{"indicator":{"a":[1]}}'""",
        "UPDATE edition SET ids = json_remove(ids, '$.indicator.a')",
        "UPDATE edition SET plan = json_remove(plan, '$.tree[0].children[0].code')",
        "DELETE FROM edition",
        "UPDATE fact SET data = '{'",
        "DELETE FROM book",
        "UPDATE book SET value = CAST(x'fffe' AS TEXT)",
        "UPDATE edition SET plan = json_set(plan, '$.tree[0].children', 99)",
        "UPDATE history SET new = '{' WHERE id = 3",
        "UPDATE history SET new = CAST(x'ff' AS TEXT) WHERE id = 3",
    ],
)
def test_rows_that_make_no_sense_are_damage(path: Path, sql: str) -> None:
    with opened(path) as book:
        record(book, A24, Reading(State.CANCELLED))
        with book.file.writing():
            book.put_fact(FactKey("direction", 2024, "1-1"), {"word": "継続"})
    with sqlite3.connect(path) as db:
        assert db.execute(sql).rowcount
    db.close()
    before = path.read_bytes()
    lines = examine(path, "点検")
    assert not all(line.well for line in lines)
    assert path.read_bytes() == before
