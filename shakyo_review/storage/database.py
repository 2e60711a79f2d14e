"""Opening and creating book files, and turning SQLite's troubles into sentences."""

import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from shakyo_review.errors import BookProblem, WrongUsage, os_reason
from shakyo_review.storage.migrations import NEWEST, Unreadable, migrations

APPLICATION_ID = 0x53484B59
"""SQLite's application_id of a book ("SHKY"): tells ours from other SQLite files."""
BUSY_SECONDS = 5.0
"""How long to wait for another program's lock; SHAKYO_REVIEW_BUSY_SECONDS sets another time."""
_MAGIC = b"SQLite format 3\x00"
_LEFTOVERS = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a file while it is written; left behind by a killed program."""


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
            if self.db.conn.in_transaction:
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
        raise _explain(path, error) from error


def _explain(path: Path, error: sqlite3.Error) -> BookProblem:
    name = _book_name(path)
    code = _code(error)
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
    return _code(error) & 0xFF in _DAMAGE


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's extended error number, 0 where the error is not SQLite's."""
    return int(getattr(error, "sqlite_errorcode", 0))


def damaged(path: Path) -> BookProblem:
    """Return the sentence for a book that is broken."""
    return BookProblem(
        f"「{_book_name(path)}」は壊れています。",
        "控え（「backup」で作ったファイル）を「restore」で戻してください。このファイルには触れていません。",
    )


def _busy_seconds() -> float:
    try:
        seconds = float(os.environ.get("SHAKYO_REVIEW_BUSY_SECONDS", ""))
    except ValueError:
        return BUSY_SECONDS
    return seconds if 0 <= seconds <= 600 else BUSY_SECONDS


def _connect(path: Path, *, read_only: bool) -> Database:
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_busy_seconds(),
        isolation_level=None,
    )
    db = Database(connection, execute_plugins=False)
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
        db = _connect(path, read_only=protected)
    book = BookFile(path, db, protected)
    try:
        with explained(path):
            older = _check_version(path, db) < NEWEST
        if older and not protected:
            with book.writing():
                _shape(db)
        elif older and not read_only:
            raise BookProblem(
                f"「{path.name}」は古い版の社協レビューの台帳で、読み取り専用のため新しい形に直せません。",
                "書き込める場所に写してから開いてください。",
            )
    except BaseException:
        book.close()
        raise
    return book


def _shape(db: Database) -> None:
    """Apply the steps that are missing, inside a transaction: all of them and their number, or none."""
    migrations.apply(db)
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
    if not db.table("cell").exists() or not db.table("history").exists():
        raise damaged(path)
    return int(version)


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
            book = BookFile(draft, _connect(draft, read_only=False), read_only=False)
            with book.writing():
                book.db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                _shape(book.db)
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
    if not path.parent.is_dir():
        raise WrongUsage(
            f"フォルダ「{path.parent}」がありません。", "先にフォルダを作ってください。"
        )
    for ending in _LEFTOVERS:
        leftover = path.with_name(path.name + ending)
        if leftover.exists():
            raise WrongUsage(
                f"「{leftover}」が残っているため、「{path.name}」を作れません。",
                "前の台帳の作業用ファイルです。別の名前を指定するか、要らないことを確かめて消してください。",
            )


def _taken(path: Path) -> WrongUsage:
    return WrongUsage(
        f"「{path}」はすでにあります。", "別の名前を指定してください。上書きはしません。"
    )


def draft_of(path: Path) -> Path:
    """Return the temporary name under which a book is made."""
    return path.with_name(f".{path.name}.{os.getpid()}.draft")


def _book_name(path: Path) -> str:
    """Return the name of a book for a message: a draft is called what it is going to be."""
    draft = re.fullmatch(r"\.(.+)\.\d+\.draft", path.name)
    return draft[1] if draft else path.name


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
                book.db.conn.backup(target)
            finally:
                target.close()
        except sqlite3.Error as error:
            ours = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
            raise _explain(book.path if _code(error) & 0xFF in ours else copy, error) from error


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
    db = sqlite3.connect(path, timeout=_busy_seconds(), isolation_level=None)
    try:
        db.execute("BEGIN EXCLUSIVE")
        db.execute("ROLLBACK")
    except sqlite3.Error as error:
        if _code(error) & 0xFF == sqlite3.SQLITE_BUSY:
            raise _explain(path, error) from error
    finally:
        db.close()


def inspect(book: BookFile) -> list[str]:
    """Return what SQLite itself finds wrong with the file, in its own words; empty when sound."""
    with explained(book.path):
        troubles = [row[0] for row in book.db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        troubles += [
            f"foreign key: {row[0]} row {row[1]} -> {row[2]}"
            for row in book.db.execute("PRAGMA foreign_key_check")
        ]
    return troubles
