"""The shape of a book, step by step. Steps are only ever appended.

Numbers are integers scaled by the indicator's decimals (12.5 with one decimal is 125), so that
SQLite sums them exactly; SQLite has no decimal type, and text cannot be summed.
"""

import json
import sqlite3
from collections.abc import Mapping
from hashlib import sha256

from sqlite_utils import Database, Migrations


class Unreadable(sqlite3.DatabaseError):
    """A row that no step of these can have produced: the file is damaged where SQLite does not look."""


migrations = Migrations("shakyo_review")

NEWEST = 2
"""How many steps this program knows: the most a book's user_version may be."""

HISTORY_HEAD = "history_head"
"""The row of table book that tells where the history ends: number and hash of its last row."""
HISTORY_COLUMNS = (
    *("id", "at", "who", "entity", "code", "fiscal_year"),
    *("kind", "branch", "period", "old", "new", "reason"),
)
"""What the hash of a history row covers: all its columns but the hash itself."""

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def chained(previous: str, row: Mapping[str, object]) -> str:
    """Return the hash of a history row that follows a row of the hash ``previous`` ('': the first)."""
    return sha256((previous + _canonical(row)).encode()).hexdigest()


def head_text(count: int, last: str) -> str:
    """Return what the book keeps of the end of the history."""
    return f'{{"count":{count},"hash":"{last}"}}'


@migrations()
def m001_book(db: Database) -> None:
    """Plan, cells, funding and history."""
    for statement in _M001:
        db.execute(statement)


_M001 = (
    """CREATE TABLE book (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE node (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        parent_id INTEGER REFERENCES node(id),
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        definition TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE indicator (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        node_id INTEGER NOT NULL REFERENCES node(id),
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        decimals INTEGER NOT NULL CHECK (decimals BETWEEN 0 AND 4),
        definition TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE cell (
        fiscal_year INTEGER NOT NULL,
        indicator_id INTEGER NOT NULL REFERENCES indicator(id),
        kind TEXT NOT NULL CHECK (kind IN ('target', 'actual')),
        branch TEXT NOT NULL DEFAULT '',
        period TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL,
        value INTEGER,
        denominator INTEGER CHECK (denominator > 0),
        text TEXT NOT NULL DEFAULT '',
        forecast INTEGER NOT NULL DEFAULT 0 CHECK (forecast IN (0, 1)),
        measured_year INTEGER,
        note TEXT NOT NULL DEFAULT '',
        example INTEGER NOT NULL DEFAULT 0 CHECK (example IN (0, 1)),
        version INTEGER NOT NULL CHECK (version > 0),
        PRIMARY KEY (fiscal_year, indicator_id, kind, branch, period),
        CHECK ((state = 'value') = (value IS NOT NULL))
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE funding (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        node_id INTEGER NOT NULL REFERENCES node(id),
        position INTEGER NOT NULL,
        definition TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE funding_amount (
        funding_id INTEGER NOT NULL REFERENCES funding(id),
        fiscal_year INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('budget', 'settlement')),
        amount INTEGER NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        PRIMARY KEY (funding_id, fiscal_year, kind)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE history (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        entity TEXT NOT NULL,
        code TEXT NOT NULL,
        fiscal_year INTEGER,
        kind TEXT NOT NULL DEFAULT '',
        branch TEXT NOT NULL DEFAULT '',
        period TEXT NOT NULL DEFAULT '',
        old TEXT,
        new TEXT,
        reason TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX history_place ON history (code, fiscal_year)",
)


@migrations()
def m002_history_chain(db: Database) -> None:
    """Chain the history: every row stores a hash over itself and the row before."""
    db.execute("ALTER TABLE history ADD COLUMN hash TEXT NOT NULL DEFAULT ''")
    number, last, hashes = 0, "", []
    for values in db.execute(f"SELECT {', '.join(HISTORY_COLUMNS)} FROM history ORDER BY id"):  # noqa: S608
        number = int(values[0])
        last = chained(last, dict(zip(HISTORY_COLUMNS, values, strict=True)))
        hashes.append((last, number))
    db.conn.executemany("UPDATE history SET hash = ? WHERE id = ?", hashes)
    db.execute(
        "INSERT INTO book (key, value) VALUES (?, ?)", [HISTORY_HEAD, head_text(number, last)]
    )
