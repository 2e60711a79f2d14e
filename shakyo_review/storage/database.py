"""Opening book files, and turning SQLite's troubles into sentences."""

import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from shakyo_review.errors import BookProblem, WrongUsage, os_reason
from shakyo_review.storage.format import NEWEST, Database, Unreadable

APPLICATION_ID = 0x53484B59
"""SQLite's application_id of a book ("SHKY"): tells ours from other SQLite files."""
BUSY_SECONDS = 5.0
"""How long to wait for another program's lock; SHAKYO_REVIEW_BUSY_SECONDS sets another time."""
_MAGIC = b"SQLite format 3\x00"


@dataclass(slots=True)
class BookFile:
    """An open book file."""

    path: Path
    db: Database
    read_only: bool
    writes: int = 0
    """How many times this process has written."""

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock for a block; all of it is stored, or nothing.

        The lock is taken at once, so that a version read inside is still the version written.
        """
        if self.read_only:
            raise read_only_problem(self.path)
        with explained(self.path):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.execute("COMMIT")
                self.writes += 1
            except BaseException:
                with suppress(sqlite3.Error):
                    self.db.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read several things from one state of the book."""
        with explained(self.path):
            if self.db.in_transaction:
                yield
                return
            self.db.execute("BEGIN")
            try:
                yield
            finally:
                with suppress(sqlite3.Error):
                    self.db.rollback()

    def data_version(self) -> tuple[int, int]:
        """Return a number pair that changes when anybody, here or elsewhere, has written."""
        with explained(self.path):
            other = self.db.execute("PRAGMA data_version").fetchone()[0]
        return other, self.writes


def read_only_problem(path: Path) -> BookProblem:
    """Return the sentence for a book that cannot be written."""
    return BookProblem(
        f"「{path.name}」は読み取り専用のため、書き込めません。",
        "ファイルの属性かフォルダの権限を確かめるか、書き込める場所に写してください。",
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the errors SQLite raises in a block into sentences about this file."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(path, error) from error


def explain(path: Path, error: sqlite3.Error) -> BookProblem:
    """Return the sentence for an error SQLite raised on this file."""
    name = _book_name(path)
    code = error_code(error)
    primary = code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL):
        return BookProblem(
            f"「{name}」は別のプログラムが書き込み中です。",
            "少し待って、もう一度試してください。何も変わっていません。",
        )
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return BookProblem(
            f"「{name}」は、開いている間に移されたか置き換えられました。",
            "開き直して、もう一度入力してください。この変更は保存されていません。",
        )
    if primary == sqlite3.SQLITE_READONLY:
        return read_only_problem(path)
    if primary in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return BookProblem(
            f"「{name}」に書き込めませんでした（ディスクの空きがないか、読み書きできません）。",
            "空きを作ってからやり直してください。この変更は保存されていません。",
        )
    if primary == sqlite3.SQLITE_CANTOPEN:
        return BookProblem(f"「{name}」を開けません。", "フォルダとその権限を確かめてください。")
    if _is_damage(error):
        return damaged(path)
    return BookProblem(
        f"「{name}」を読み書きできませんでした（SQLite の番号 {code}）。",
        "「doctor」でファイルを調べてください。何も変わっていません。",
    )


_DAMAGE = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_ERROR}
)


def _is_damage(error: sqlite3.Error) -> bool:
    if not hasattr(error, "sqlite_errorcode"):  # Python's own: a text that is no UTF-8
        return isinstance(error, (Unreadable, sqlite3.OperationalError))
    return error_code(error) & 0xFF in _DAMAGE


def error_code(error: sqlite3.Error) -> int:
    """Return SQLite's extended error number, 0 where the error is not SQLite's."""
    return int(getattr(error, "sqlite_errorcode", 0))


def damaged(path: Path) -> BookProblem:
    """Return the sentence for a book that is broken."""
    return BookProblem(
        f"「{_book_name(path)}」は壊れています。",
        "控え（「backup」で作ったファイル）を「restore」で戻してください。このファイルには触れていません。",
    )


def busy_seconds() -> float:
    """Return how many seconds to wait for another program's lock."""
    try:
        seconds = float(os.environ.get("SHAKYO_REVIEW_BUSY_SECONDS", ""))
    except ValueError:
        return BUSY_SECONDS
    return seconds if 0 <= seconds <= 600 else BUSY_SECONDS


def connect(path: Path, *, read_only: bool) -> Database:
    """Connect to a file as books are used: checked keys, commits that outlive a power cut."""
    mode = "ro" if read_only else "rw"
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_seconds(),
        isolation_level=None,
        factory=Database,
    )
    for pragma in ("foreign_keys = ON", "synchronous = EXTRA", "trusted_schema = OFF"):
        db.execute(f"PRAGMA {pragma}")
    return db


def is_write_protected(path: Path) -> bool:
    """Return whether nobody is meant to write this file, or we cannot."""
    return not stat.S_IMODE(path.stat().st_mode) & 0o222 or not os.access(path, os.W_OK)


def open_book(path: Path, *, read_only: bool = False) -> BookFile:
    """Open a book, bringing an older one up to date (``read_only`` leaves it as it is).

    Raises ``BookProblem`` for a file of another kind, a newer, damaged, locked or unreadable one.
    """
    _check_kind(path)
    protected = read_only or is_write_protected(path)
    with explained(path):
        db = connect(path, read_only=protected)
    book = BookFile(path, db, protected)
    try:
        with explained(path):
            older = _check_version(path, db) < NEWEST
        if older and not protected:
            with book.writing():
                shape(db)
        elif older and not read_only:
            raise BookProblem(
                f"「{path.name}」は古い版の社協レビューの台帳で、読み取り専用のため新しい形に直せません。",
                "書き込める場所に写してから開いてください。",
            )
    except BaseException:
        book.close()
        raise
    return book


def shape(db: Database) -> None:
    """Apply the steps that are missing, inside a transaction: all of them and their number, or none."""
    import sqlite_utils

    from shakyo_review.storage.migrations import migrations

    migrations.apply(sqlite_utils.Database(db, execute_plugins=False))
    db.execute(f"PRAGMA user_version = {NEWEST}")


def _check_kind(path: Path) -> None:
    if not path.exists():
        raise WrongUsage(
            f"台帳「{path}」がありません。",
            "「new」で作るか、--book で場所を指定してください。見本は「demo」で開けます。",
        )
    if path.is_dir():
        raise WrongUsage(f"「{path}」はフォルダです。", "台帳のファイルを指定してください。")
    if not path.is_file():
        raise WrongUsage(
            f"「{path}」はふつうのファイルではありません。", "台帳のファイルを指定してください。"
        )
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as error:
        raise BookProblem(
            f"「{path.name}」を読めません（{os_reason(error)}）。", "権限を確かめてください。"
        ) from error
    if head != _MAGIC:
        raise BookProblem(
            f"「{path.name}」は社協レビューの台帳ではありません。",
            "台帳のファイル（.db）を指定してください。",
        )


def _check_version(path: Path, db: Database) -> int:
    """Return how many steps the book has had."""
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise BookProblem(
            f"「{path.name}」は社協レビューの台帳ではありません（別の SQLite ファイル）。",
            "台帳のファイル（.db）を指定してください。",
        )
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > NEWEST:
        raise BookProblem(
            f"「{path.name}」は新しい版の社協レビューで作られています（版{version}、この版は{NEWEST}まで）。",
            "社協レビューを新しくしてから開いてください。",
        )
    if not db.has_table("cell") or not db.has_table("history"):
        raise damaged(path)
    return int(version)


def _book_name(path: Path) -> str:
    """Return the name of a book for a message: a draft is called what it is going to be."""
    draft = re.fullmatch(r"\.(.+)\.\d+\.draft", path.name)
    return draft[1] if draft else path.name


def inspect(book: BookFile) -> list[str]:
    """Return what SQLite itself finds wrong with the file, in its own words; empty when sound."""
    with explained(book.path):
        troubles = [row[0] for row in book.db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        troubles += [
            f"foreign key: {row[0]} row {row[1]} -> {row[2]}"
            for row in book.db.execute("PRAGMA foreign_key_check")
        ]
    return troubles
