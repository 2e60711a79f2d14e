"""The shape of a book, step by step. Steps are only ever appended.

Numbers are integers scaled by the indicator's decimals (12.5 with one decimal is 125), so that
SQLite sums them exactly; SQLite has no decimal type, and text cannot be summed.
"""

import sqlite3

from sqlite_utils import Database, Migrations


class Unreadable(sqlite3.DatabaseError):
    """A row that no step of these can have produced: the file is damaged where SQLite does not look."""


migrations = Migrations("shakyo_review")

NEWEST = 1
"""How many steps this program knows: the most a book's user_version may be."""


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
