"""Cells in the book: rows <-> domain objects; the optimistic version of each.

A number is kept as an integer, scaled by its indicator's decimals (``migrations``).
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.value import MAX_DIGITS, Reading, State
from shakyo_review.errors import ValueProblem
from shakyo_review.storage.migrations import Unreadable

_COLUMNS = (
    "cell.fiscal_year, indicator.code, indicator.decimals, kind, branch, period, state, value, denominator, text,"
    " forecast, measured_year, note, example, version"
)


def _unscale(number: int | None, decimals: int) -> Decimal | None:
    return None if number is None else Decimal(number).scaleb(-decimals)


def _scale(number: Decimal | None, decimals: int) -> int | None:
    """Return a number as it is stored; one that does not fit is refused, never cut."""
    if number is None:
        return None
    scaled = number.scaleb(decimals)
    if scaled != int(scaled):
        raise ValueProblem(
            f"「{number:f}」は小数の桁が多すぎます。", f"小数第{decimals}位までにしてください。"
        )
    if abs(scaled) >= 10**MAX_DIGITS:
        raise ValueProblem(
            f"「{number:f}」は桁が多すぎます。",
            f"小数第{decimals}位までを含めて{MAX_DIGITS}桁までにしてください。"
            if decimals
            else f"{MAX_DIGITS}桁までにしてください。",
        )
    return int(scaled)


def _cell(row: tuple[Any, ...]) -> Cell:
    year, code, decimals, kind, branch, period, state, value, denominator, text, forecast, *rest = (
        row
    )
    measured_year, note, example, version = rest
    try:
        return Cell(
            CellKey(code, year, Kind(kind), branch, period),
            Reading(
                State(state),
                _unscale(value, decimals),
                _unscale(denominator, decimals),
                text,
                bool(forecast),
            ),
            measured_year,
            note,
            bool(example),
            version,
        )
    except ValueError as error:
        raise Unreadable(f"cell {code} {year}: {error}") from error


def read_cells(
    db: Database, years: Iterable[int] | None = None, indicator_id: int | None = None
) -> Iterator[Cell]:
    """Read the cells of some years and one indicator (None: of all)."""
    sql = f"SELECT {_COLUMNS} FROM cell JOIN indicator ON indicator.id = cell.indicator_id"  # noqa: S608
    params: list[int] = []
    conditions: list[str] = []
    if years is not None:
        params += sorted(set(years))
        conditions.append(f"cell.fiscal_year IN ({', '.join('?' * len(params))})")
    if indicator_id is not None:
        params.append(indicator_id)
        conditions.append("cell.indicator_id = ?")
    if conditions:
        sql += f" WHERE {' AND '.join(conditions)}"
    for row in db.execute(sql, params):
        yield _cell(row)


def read_cell(db: Database, key: CellKey, indicator_id: int) -> Cell:
    """Read one cell; a blank one of version 0 where nothing was ever written."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM cell JOIN indicator ON indicator.id = cell.indicator_id"  # noqa: S608
        " WHERE fiscal_year = ? AND indicator_id = ? AND kind = ? AND branch = ? AND period = ?",
        [key.year, indicator_id, key.kind.value, key.branch, key.period],
    ).fetchone()
    return Cell(key) if row is None else _cell(row)


def write_cell(db: Database, cell: Cell, indicator_id: int, decimals: int) -> None:
    """Store a cell with the version it carries.

    Raises ``ValueProblem`` for a number the indicator's decimals or the column cannot hold.
    """
    key, reading = cell.key, cell.reading
    db.execute(
        "INSERT OR REPLACE INTO cell (fiscal_year, indicator_id, kind, branch, period, state, value, denominator,"
        " text, forecast, measured_year, note, example, version)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            key.year,
            indicator_id,
            key.kind.value,
            key.branch,
            key.period,
            reading.state.value,
            _scale(reading.value, decimals),
            _scale(reading.denominator, decimals),
            reading.text,
            int(reading.forecast),
            cell.measured_year,
            cell.note,
            int(cell.example),
            cell.version,
        ],
    )


def years_with_cells(db: Database, kind: Kind) -> list[int]:
    """Return the years in which something of a kind was entered, oldest first."""
    rows = db.execute(
        "SELECT DISTINCT fiscal_year FROM cell WHERE kind = ? AND state <> 'not_entered' ORDER BY 1",
        [kind.value],
    )
    return [int(row[0]) for row in rows]


def as_json(cell: Cell, decimals: int) -> Mapping[str, object]:
    """Return what a history row keeps of a cell: only what is not the default.

    Numbers are written with the indicator's decimals, so that each row begins where the one
    before it ended.
    """
    reading = cell.reading
    facts: dict[str, object] = {"state": reading.state.value}
    if reading.value is not None:
        facts["value"] = f"{reading.value:.{decimals}f}"
    if reading.denominator is not None:
        facts["denominator"] = f"{reading.denominator:.{decimals}f}"
    if reading.text:
        facts["text"] = reading.text
    if reading.forecast:
        facts["forecast"] = True
    if cell.measured_year is not None:
        facts["measured_year"] = cell.measured_year
    if cell.note:
        facts["note"] = cell.note
    if cell.example:
        facts["example"] = True
    return facts


def read_facts(
    db: Database,
) -> Iterator[tuple[tuple[str, int, str, str, str], Mapping[str, object], int]]:
    """Read every cell as the history tells it: its place, its facts, its version.

    A row that makes no cell is told as far as it goes, so that it can be named.
    """
    sql = f"SELECT {_COLUMNS} FROM cell JOIN indicator ON indicator.id = cell.indicator_id"  # noqa: S608
    for row in db.execute(sql):
        year, code, decimals, kind, branch, period, state, *_, version = row
        try:
            facts = as_json(_cell(row), decimals)
        except Unreadable:
            facts = {"state": state}
        yield (code, year, kind, branch, period), facts, version
