"""The shape of a book, step by step. Steps are only ever appended.

Numbers are integers scaled by the indicator's decimals (12.5 with one decimal is 125), so that
SQLite sums them exactly; SQLite has no decimal type, and text cannot be summed.
"""

import json
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database, Migrations

from shakyo_review.storage.format import (
    EDITION,
    HISTORY_COLUMNS,
    HISTORY_HEAD,
    Unreadable,
    canonical,
    chained,
    digest,
    head_text,
)

migrations = Migrations("shakyo_review")


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


_CELL_COLUMNS = (
    "fiscal_year, indicator_id, kind, branch, period, state, value, denominator, text, forecast,"
    " measured_year, note, example, version"
)

_M003 = (
    """CREATE TABLE identity (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('node', 'indicator', 'funding')),
        code TEXT NOT NULL
    ) STRICT""",
    "INSERT INTO identity (id, kind, code) SELECT id, 'indicator', code FROM indicator ORDER BY id",
    "INSERT INTO identity (kind, code) SELECT 'node', code FROM node ORDER BY position",
    "INSERT INTO identity (kind, code) SELECT 'funding', code FROM funding ORDER BY id",
    """CREATE TABLE edition (
        number INTEGER PRIMARY KEY,
        effective_year INTEGER NOT NULL,
        plan TEXT NOT NULL,
        ids TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE cell_of_identity (
        fiscal_year INTEGER NOT NULL,
        indicator_id INTEGER NOT NULL REFERENCES identity(id),
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
    f"INSERT INTO cell_of_identity ({_CELL_COLUMNS}) SELECT {_CELL_COLUMNS} FROM cell",  # noqa: S608
    "DROP TABLE cell",
    "ALTER TABLE cell_of_identity RENAME TO cell",
    """CREATE TABLE amount (
        funding_id INTEGER NOT NULL REFERENCES identity(id),
        fiscal_year INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('budget', 'settlement')),
        amount INTEGER NOT NULL,
        PRIMARY KEY (funding_id, fiscal_year, kind)
    ) STRICT, WITHOUT ROWID""",
    """INSERT INTO amount (funding_id, fiscal_year, kind, amount)
        SELECT identity.id, fiscal_year, funding_amount.kind, amount FROM funding_amount
        JOIN funding ON funding.id = funding_id
        JOIN identity ON identity.kind = 'funding' AND identity.code = funding.code""",
    """CREATE TABLE fact (
        entity TEXT NOT NULL,
        fiscal_year INTEGER NOT NULL,
        code TEXT NOT NULL,
        kind TEXT NOT NULL DEFAULT '',
        part TEXT NOT NULL DEFAULT '',
        data TEXT,
        version INTEGER NOT NULL CHECK (version > 0),
        PRIMARY KEY (entity, fiscal_year, code, kind, part)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE seal (
        fiscal_year INTEGER NOT NULL,
        number INTEGER NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (fiscal_year, number)
    ) STRICT""",
)


@migrations()
def m003_editions(db: Database) -> None:
    """Keep the plan in editions, each from a year on; identities that outlive codes; facts; seals."""
    for statement in _M003:
        db.execute(statement)
    header = db.execute("SELECT value FROM book WHERE key = 'plan'").fetchone()
    if header is not None:
        try:
            _move_plan(db, json.loads(header[0]))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unreadable(f"plan of an older book: {error!r}") from error
        db.execute("DELETE FROM book WHERE key = 'plan'")
    elif db.execute("SELECT 1 FROM node").fetchone():  # no book that is being made
        raise Unreadable("an older book whose plan has no header")
    for table in ("funding_amount", "funding", "indicator", "node"):
        db.execute(f"DROP TABLE {table}")


def _move_plan(db: Database, header: dict[str, Any]) -> None:
    """Make the one plan of an older book its first edition; the history tells its hash and its money."""
    inside: dict[int, dict[str, list[Any]]] = {}
    for table in ("indicator", "funding"):
        sql = f"SELECT node_id, definition FROM {table} ORDER BY node_id, position"  # noqa: S608
        for node_id, definition in db.execute(sql):
            held = inside.setdefault(node_id, {"indicator": [], "funding": []})
            held[table].append(json.loads(definition))
    nodes: dict[int | None, dict[str, Any]] = {None: {"children": []}}
    rows = db.execute("SELECT id, parent_id, definition FROM node ORDER BY position").fetchall()
    for number, _, definition in rows:
        held = inside.get(number, {"indicator": [], "funding": []})
        nodes[number] = {
            **json.loads(definition),
            "children": [],
            "indicators": held["indicator"],
            "funding": held["funding"],
        }
    for number, parent, _ in rows:
        nodes[parent]["children"].append(nodes[number])
    ids: dict[str, dict[str, int]] = {"node": {}, "indicator": {}, "funding": {}}
    for number, kind, code in db.execute("SELECT id, kind, code FROM identity"):
        ids[kind][code] = number
    content, known = canonical({**header, "tree": nodes[None]["children"]}), canonical(ids)
    db.execute(
        "INSERT INTO edition (number, effective_year, plan, ids) VALUES (?, ?, ?, ?)",
        [1, 0, content, known],
    )
    found: dict[str, object] = {"digest": digest(content, known, "0"), "number": 1}
    told: list[_Told] = [(EDITION, str(header["code"]), None, "", found)]
    for code, year, kind, amount in db.execute(_AMOUNTS_UNTOLD).fetchall():
        told.append(("funding", code, year, kind, {"value": str(amount)}))
    _tell(db, told)


_Told = tuple[str, str, int | None, str, dict[str, object]]
"""What a row tells: entity, code, year, kind, facts."""


_AMOUNTS_UNTOLD = """SELECT identity.code, amount.fiscal_year, amount.kind, amount FROM amount
    JOIN identity ON identity.id = funding_id
    WHERE NOT EXISTS (
        SELECT 1 FROM history WHERE entity = 'funding' AND history.code = identity.code
        AND history.fiscal_year = amount.fiscal_year AND history.kind = amount.kind
    ) ORDER BY 1, 2, 3"""
"""The amounts an older book was made with: it kept no history of them."""


def _tell(db: Database, told: list[_Told]) -> None:
    """Append rows to the history of an older book.

    As with ``history.append``, an end of the history that is not what the book says stays found.
    """
    kept = db.execute("SELECT value FROM book WHERE key = ?", [HISTORY_HEAD]).fetchone()
    count, link = 0, ""
    try:
        head = json.loads(kept[0])
        if type(head["count"]) is int and type(head["hash"]) is str:
            count, link = head["count"], head["hash"]
    except (ValueError, KeyError, TypeError):
        pass
    highest, at = db.execute("SELECT max(id), at FROM history").fetchone()
    for number, (entity, code, year, kind, new) in enumerate(told, max(count, highest or 0) + 1):
        row = {
            **dict.fromkeys(HISTORY_COLUMNS, ""),
            "id": number,
            "at": at or datetime.now(UTC).isoformat(timespec="seconds"),
            "who": "社協レビュー",
            "entity": entity,
            "code": code,
            "fiscal_year": year,
            "kind": kind,
            "old": None,
            "new": canonical(new),
            "reason": "台帳を新しい形に改めた",
        }
        link, count = chained(link, row), number
        names = ", ".join((*HISTORY_COLUMNS, "hash"))
        marks = ", ".join("?" * (len(HISTORY_COLUMNS) + 1))
        db.execute(
            f"INSERT INTO history ({names}) VALUES ({marks})",  # noqa: S608
            [*(row[name] for name in HISTORY_COLUMNS), link],
        )
    db.execute(
        "INSERT INTO book (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [HISTORY_HEAD, head_text(count, link)],
    )


_M004 = (
    """CREATE TABLE person (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        data TEXT,
        version INTEGER NOT NULL CHECK (version > 0)
    ) STRICT""",
    """CREATE TABLE passphrase (
        name TEXT PRIMARY KEY REFERENCES person(name),
        hash TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)


@migrations()
def m004_people(db: Database) -> None:
    """Keep who may do what; the hash of a passphrase stands apart and is told to nobody."""
    for statement in _M004:
        db.execute(statement)
