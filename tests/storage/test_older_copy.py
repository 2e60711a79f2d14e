"""A copy that an earlier version left is merged without being changed."""

import shutil
from pathlib import Path

from commandline import refusal, run
from older_books import older_book


def does(book: Path, *words: object, who: str = "事務局") -> None:
    done = run("--book", book, "--as", who, *words)
    assert done.status == 0, done


def test_an_older_copy_is_read_without_being_changed(tmp_path: Path) -> None:
    older = older_book(tmp_path / "old.db")
    before, when = older.read_bytes(), older.stat().st_mtime_ns
    book = Path(shutil.copy(older, tmp_path / "b.db"))
    does(book, "record", "1-1.f1", "--year", "R6", "--actual", "777")
    done = run("--book", book, "merge", older)
    assert done.status == 0, done
    assert (older.read_bytes(), older.stat().st_mtime_ns) == (before, when)
    newer = Path(shutil.copy(older, tmp_path / "home.db"))
    does(newer, "record", "1-1.f1", "--year", "R6", "--actual", "778", who="佐藤")
    assert "777" in refusal(run("--book", book, "merge", newer), 1)
