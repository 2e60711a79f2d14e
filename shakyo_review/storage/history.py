"""The history: who, when, old, new, why. Rows are only ever appended.

They are numbered from 1 without gaps, and each stores a hash over itself and the row before
(``migrations.chained``), so that ``verifying`` finds what was changed or removed without this.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from shakyo_review.domain.cell import CellKey
from shakyo_review.domain.indicator import Dated
from shakyo_review.storage.format import (
    HISTORY_COLUMNS,
    HISTORY_HEAD,
    Database,
    Unreadable,
    chained,
    head_text,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the history. ``old`` and ``new`` are the facts before and after (None: nothing)."""

    at: str
    who: str
    entity: str
    code: str
    fiscal_year: int | None
    kind: str
    branch: str
    period: str
    old: Mapping[str, object] | None
    new: Mapping[str, object] | None
    reason: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """Where the history ends: the number of its last row (so many there are) and its hash."""

    count: int
    hash: str


def read_head(db: Database) -> Head | None:
    """Return where the history ends by what the book keeps; None where that makes no sense."""
    row = db.execute("SELECT value FROM book WHERE key = ?", [HISTORY_HEAD]).fetchone()
    return None if row is None else _head(row[0])


def read_origin(db: Database) -> str:
    """Return by what a book and all its copies are known: the hash of the first row; '' for none."""
    row = db.execute("SELECT hash FROM history WHERE id = 1").fetchone()
    return "" if row is None else str(row[0])


def _head(text: str) -> Head | None:
    try:
        facts = json.loads(text)
        count, last = facts["count"], facts["hash"]
    except (ValueError, TypeError, KeyError):
        return None
    return Head(count, last) if type(count) is int and type(last) is str else None


_APPEND = (
    f"INSERT INTO history ({', '.join(HISTORY_COLUMNS)}, hash)"  # noqa: S608
    f" VALUES ({', '.join('?' * len(HISTORY_COLUMNS))}, ?)"
)
_PUT_HEAD = "INSERT INTO book (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


def append(db: Database, change: Change) -> None:
    """Append a change, inside the transaction that makes it.

    It follows the row the book says is the last, whatever stands in the table: a row removed or
    added without this is still found afterwards.
    """
    highest, kept = db.execute(
        "SELECT (SELECT max(id) FROM history), (SELECT value FROM book WHERE key = ?)",
        [HISTORY_HEAD],
    ).fetchone()
    head = (None if kept is None else _head(kept)) or Head(0, "")
    number = max(head.count, highest or 0) + 1
    values = (
        number,
        change.at,
        change.who,
        change.entity,
        change.code,
        change.fiscal_year,
        change.kind,
        change.branch,
        change.period,
        _dump(change.old),
        _dump(change.new),
        change.reason,
    )
    last = chained(head.hash, dict(zip(HISTORY_COLUMNS, values, strict=True)))
    db.execute(_APPEND, [*values, last])
    db.execute(_PUT_HEAD, [HISTORY_HEAD, head_text(number, last)])


def dated_facts(dated: Dated) -> dict[str, object] | None:
    """Return what a history row keeps of a figure that is no cell; None where there is none."""
    facts: dict[str, object] = {}
    if dated.value is not None:
        facts["value"] = f"{dated.value:f}"
    if dated.year is not None:
        facts["year"] = dated.year
    return facts or None


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _dump(facts: Mapping[str, object] | None) -> str | None:
    return None if facts is None else _encode(facts)


def _change(row: Mapping[str, object]) -> Change:
    def facts(name: str) -> Mapping[str, object] | None:
        text = row[name]
        try:
            return None if text is None else json.loads(str(text))
        except ValueError as error:
            raise Unreadable(f"history {row['id']}: {error}") from error

    year = row["fiscal_year"]
    return Change(
        at=str(row["at"]),
        who=str(row["who"]),
        entity=str(row["entity"]),
        code=str(row["code"]),
        fiscal_year=None if year is None else int(str(year)),
        kind=str(row["kind"]),
        branch=str(row["branch"]),
        period=str(row["period"]),
        old=facts("old"),
        new=facts("new"),
        reason=str(row["reason"]),
        number=int(str(row["id"])),
    )


def read(
    db: Database, code: str | None = None, year: int | None = None, newest: int | None = None
) -> list[Change]:
    """Return changes in the order in which they were made; ``newest`` limits to the last ones."""
    conditions, params = [], []
    for column, value in (("code", code), ("fiscal_year", year)):
        if value is not None:
            conditions.append(f"{column} = ?")
            params.append(value)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    limit = f" LIMIT {int(newest)}" if newest is not None else ""
    rows = db.query(f"SELECT * FROM history{where} ORDER BY id DESC{limit}", params)  # noqa: S608
    return [_change(row) for row in rows][::-1]


def last_change(db: Database, key: CellKey) -> Change | None:
    """Return the last change of a cell."""
    rows = db.query(
        "SELECT * FROM history WHERE entity = 'cell' AND code = ? AND fiscal_year = ? AND kind = ? AND branch = ?"
        " AND period = ? ORDER BY id DESC LIMIT 1",
        [key.indicator, key.year, key.kind.value, key.branch, key.period],
    )
    return next((_change(row) for row in rows), None)


def last_parts(db: Database, entity: str, year: int) -> dict[str, int]:
    """Return the number of the last row of an entity in a year, by part (the owner, the member …)."""
    rows = db.execute(
        "SELECT branch, max(id) FROM history WHERE entity = ? AND fiscal_year = ? GROUP BY branch",
        [entity, year],
    )
    return {str(part): int(number) for part, number in rows}


def count(db: Database) -> int:
    """Return how many changes there are."""
    return int(db.execute("SELECT count(*) FROM history").fetchone()[0])


def count_of_cells(db: Database) -> int:
    """Return how many changes of cells there are: the versions of all cells together."""
    sql = "SELECT count(*) FROM history WHERE entity = 'cell' AND json_valid(new)"
    return int(db.execute(sql).fetchone()[0])


_SAME_TARGET = (
    "SELECT json_extract(new, '$.value') FROM history AS other WHERE other.code = changed.code"
    " AND other.fiscal_year = changed.fiscal_year AND other.entity = 'cell' AND other.kind = 'target'"
    " AND other.branch = changed.branch AND other.period = changed.period"
)
_CHANGED_TARGETS = (
    "SELECT code, fiscal_year FROM (SELECT DISTINCT code, fiscal_year, branch, period FROM history"  # noqa: S608
    " WHERE entity = 'cell' AND kind = 'target' AND reason <> ''"
    " AND json_extract(old, '$.value') IS NOT NULL) AS changed"
    f" WHERE ({_SAME_TARGET} AND json_extract(new, '$.value') IS NOT NULL ORDER BY id LIMIT 1)"
    f" IS NOT ({_SAME_TARGET} ORDER BY id DESC LIMIT 1)"
)


def targets_changed_with_reason(db: Database) -> set[tuple[str, int]]:
    """Return (indicator, year) of every target that replaced an earlier figure with a reason.

    A slip that was put back (undo has a reason of its own) is none: the first figure there ever
    was and what stands there now have to differ.
    """
    return {(str(code), int(year)) for code, year in db.execute(_CHANGED_TARGETS)}
