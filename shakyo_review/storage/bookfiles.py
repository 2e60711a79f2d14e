"""Making book files, naming, copying and putting them aside; never over another file."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from shakyo_review.errors import BookProblem, WrongUsage, os_reason
from shakyo_review.storage.database import (
    APPLICATION_ID,
    BookFile,
    busy_seconds,
    connect,
    error_code,
    explain,
    explained,
    shape,
)

_LEFTOVERS = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a file while it is written; left behind by a killed program."""


def create_book(path: Path) -> BookFile:
    """Create an empty book under a temporary name; ``publish`` gives it its own.

    Raises ``WrongUsage`` where something stands in the place, ``BookProblem`` where it cannot be written.
    """
    _check_free(path)
    draft = draft_of(path)
    try:
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o666)
    except OSError as error:
        raise BookProblem(
            f"フォルダ「{path.parent}」に書き込めません（{os_reason(error)}）。",
            "権限と空きを確かめてください。",
        ) from error
    book: BookFile | None = None
    try:
        with explained(path):
            book = BookFile(draft, connect(draft, read_only=False), read_only=False)
            with book.writing():
                book.db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                shape(book.db)
    except BaseException:
        if book is not None:
            book.close()
        _remove(draft)
        raise
    return book


def _check_free(path: Path) -> None:
    """Refuse a place where a file stands, or the remains of one: SQLite would play them into ours."""
    if path.exists() or path.is_symlink():
        raise _taken(path)
    check_folder(path)
    for ending in _LEFTOVERS:
        leftover = path.with_name(path.name + ending)
        if leftover.exists():
            raise WrongUsage(
                f"「{leftover}」が残っているため、「{path.name}」を作れません。",
                "前の台帳の作業用ファイルです。別の名前を指定するか、要らないことを確かめて消してください。",
            )


def check_folder(path: Path) -> None:
    """Refuse a place whose folder is missing."""
    if not path.parent.is_dir():
        raise WrongUsage(
            f"フォルダ「{path.parent}」がありません。", "先にフォルダを作ってください。"
        )


def _taken(path: Path) -> WrongUsage:
    return WrongUsage(
        f"「{path}」はすでにあります。", "別の名前を指定してください。上書きはしません。"
    )


def draft_of(path: Path) -> Path:
    """Return the temporary name under which a book is made."""
    return path.with_name(f".{path.name}.{os.getpid()}.draft")


def publish(draft: BookFile, path: Path) -> None:
    """Give a finished draft its name; never over another file."""
    draft.close()
    give_name(draft.path, path)


def give_name(draft: Path, path: Path) -> None:
    """Give a finished, closed draft its name, or remove it where another file has come there."""
    try:
        try:
            os.link(draft, path)
        except FileExistsError:
            raise _taken(path) from None
        except OSError:
            # A file system without hard links (some network shares): rename, having looked first.
            if path.exists():
                raise _taken(path) from None
            draft.rename(path)
    finally:
        _remove(draft)


def _remove(draft: Path) -> None:
    for ending in ("", *_LEFTOVERS):
        draft.with_name(draft.name + ending).unlink(missing_ok=True)


def discard(draft: BookFile) -> None:
    """Remove a draft that came to nothing."""
    draft.close()
    _remove(draft.path)


def backup(book: BookFile, target: Path) -> None:
    """Copy the book, as one consistent state, to a new file."""
    _check_free(target)
    draft = draft_of(target)
    try:
        copy_state(book, draft)
        give_name(draft, target)
    except BaseException:
        _remove(draft)
        raise


def copy_state(book: BookFile, copy: Path) -> None:
    """Copy the book as it stands to a file that nobody else knows yet."""
    with book.reading():
        # Taking the lock here lets a busy book end in a sentence; inside, backup() would wait for ever.
        book.db.execute("SELECT 1 FROM sqlite_schema").fetchone()
        try:
            target = sqlite3.connect(copy)
            try:
                book.db.backup(target)
            finally:
                target.close()
        except sqlite3.Error as error:
            ours = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
            raise explain(book.path if error_code(error) & 0xFF in ours else copy, error) from error


def put_aside(path: Path) -> Path:
    """Give a book file another name, with what a killed program left beside it; returns the name.

    Raises ``BookProblem`` while another program is writing.
    """
    if not path.is_file():
        raise WrongUsage(
            f"「{path}」はふつうのファイルではありません。", "台帳のファイルを指定してください。"
        )
    _settle(path)
    number = 1
    while (kept := path.with_name(f"{path.stem}.以前{number}{path.suffix}")).exists():
        number += 1
    path.rename(kept)
    for ending in _LEFTOVERS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(kept.with_name(kept.name + ending))
    return kept


def _settle(path: Path) -> None:
    """Let SQLite finish what a killed program left; a file it cannot read is left as it is."""
    db = sqlite3.connect(path, timeout=busy_seconds(), isolation_level=None)
    try:
        db.execute("BEGIN EXCLUSIVE")
        db.execute("ROLLBACK")
    except sqlite3.Error as error:
        if error_code(error) & 0xFF == sqlite3.SQLITE_BUSY:
            raise explain(path, error) from error
    finally:
        db.close()
