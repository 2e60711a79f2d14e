"""What people say beside figures: letters, opinions, promises, the state of a year. One table for all.

A fact is found by what it is (``entity``), its year, the item it is about, and where these do not
suffice a ``kind`` (a stage …) and a ``part`` (a member, a number …). Every change has its row in the history.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shakyo_review.storage import history
from shakyo_review.storage.format import Database, Unreadable, canonical


@dataclass(frozen=True, slots=True, order=True)
class FactKey:
    """Where a fact stands."""

    entity: str
    year: int
    code: str
    kind: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as stored. ``data`` None: taken back; ``version`` counts its changes (0: never written)."""

    key: FactKey
    data: Mapping[str, Any] | None = None
    version: int = 0


_COLUMNS = "entity, fiscal_year, code, kind, part, data, version"


def read_all(db: Database, entity: str | None = None, year: int | None = None) -> list[Fact]:
    """Read the facts that stand, by entity and year (None: of all)."""
    conditions, params = ["data IS NOT NULL"], []
    for column, value in (("entity", entity), ("fiscal_year", year)):
        if value is not None:
            conditions.append(f"{column} = ?")
            params.append(value)
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM fact WHERE {' AND '.join(conditions)}"  # noqa: S608
        " ORDER BY entity, fiscal_year, code, kind, part",
        params,
    )
    return [_fact(row) for row in rows]


def read(db: Database, key: FactKey) -> Fact:
    """Read one fact; one of version 0 where nothing was ever written."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM fact"  # noqa: S608
        " WHERE entity = ? AND fiscal_year = ? AND code = ? AND kind = ? AND part = ?",
        [key.entity, key.year, key.code, key.kind, key.part],
    ).fetchone()
    return Fact(key) if row is None else _fact(row)


def _fact(row: tuple[Any, ...]) -> Fact:
    *place, data, version = row
    key = FactKey(*place)
    try:
        told = None if data is None else json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"fact {key}: {error}") from error
    if told is not None and not isinstance(told, dict):
        raise Unreadable(f"fact {key}: no facts")
    return Fact(key, told, version)


def put(
    db: Database, key: FactKey, data: Mapping[str, Any] | None, who: str, at: str, reason: str = ""
) -> Fact:
    """Store a fact with its history row, inside a transaction; the same content writes nothing."""
    before = read(db, key)
    if before.data == data:
        return before
    after = Fact(key, data, before.version + 1)
    db.execute(
        f"INSERT OR REPLACE INTO fact ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [
            *(key.entity, key.year, key.code, key.kind, key.part),
            *(None if data is None else canonical(data), after.version),
        ],
    )
    change = history.Change(
        at=at,
        who=who,
        entity=key.entity,
        code=key.code,
        fiscal_year=key.year,
        kind=key.kind,
        branch=key.part,
        period="",
        old=before.data,
        new=data,
        reason=reason,
    )
    history.append(db, change)
    return after


def next_number(db: Database, entity: str, year: int) -> int:
    """Return the next free number of a fact whose part is a number, those taken back included."""
    row = db.execute(
        "SELECT max(CAST(part AS INTEGER)) FROM fact WHERE entity = ? AND fiscal_year = ?",
        [entity, year],
    ).fetchone()
    return int(row[0] or 0) + 1


def rename_codes(db: Database, renamed: Mapping[str, str], year: int) -> None:
    """Give the facts of a year and of those after it the new codes of their items.

    The history tells of it in the row of the edition that renames (``verifying`` follows it).
    """
    for step in ("~", ""):  # codes may change places: no two rows may meet on the way
        for old, new in renamed.items():
            before, after = (old, f"~{new}") if step else (f"~{new}", new)
            db.execute(
                "UPDATE fact SET code = ? WHERE code = ? AND fiscal_year >= ?",
                [after, before, year],
            )
