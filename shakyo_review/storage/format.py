"""What a book keeps to, whatever is read from it: the number of its steps, and how its texts are hashed."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any


class Database(sqlite3.Connection):
    """A connection to a book.

    sqlite_utils brings books into shape (``migrations``); to read and write their rows it is not
    needed, and loading it would take as long as all the rest of a command's start.
    """

    def query(
        self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()
    ) -> Iterator[dict[str, Any]]:
        """Return rows by the names of their columns."""
        found = self.execute(sql, params)
        names = [column[0] for column in found.description]
        return (dict(zip(names, row, strict=True)) for row in found)

    def has_table(self, name: str) -> bool:
        """Whether the book has a table of this name."""
        sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
        return self.execute(sql, [name]).fetchone() is not None


class Unreadable(sqlite3.DatabaseError):
    """A row that no step of these can have produced: the file is damaged where SQLite does not look."""


NEWEST = 4
"""How many steps this program knows: the most a book's user_version may be."""

HISTORY_HEAD = "history_head"
"""The row of table book that tells where the history ends: number and hash of its last row."""
EDITION = "edition"
"""The entity of history rows that tell the hash of an edition of the plan."""
HISTORY_COLUMNS = (
    *("id", "at", "who", "entity", "code", "fiscal_year"),
    *("kind", "branch", "period", "old", "new", "reason"),
)
"""What the hash of a history row covers: all its columns but the hash itself."""

canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""Return facts as the one text that is hashed."""


def chained(previous: str, row: Mapping[str, object]) -> str:
    """Return the hash of a history row that follows a row of the hash ``previous`` ('': the first)."""
    return sha256((previous + canonical(row)).encode()).hexdigest()


def digest(*texts: str) -> str:
    """Return the hash of stored texts, by which the history tells that they are unchanged."""
    return sha256("\n".join(texts).encode()).hexdigest()


def head_text(count: int, last: str) -> str:
    """Return what the book keeps of the end of the history."""
    return f'{{"count":{count},"hash":"{last}"}}'
