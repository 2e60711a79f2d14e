"""Cells in the book: rows <-> domain objects; the optimistic version of each.

A number is kept as an integer, scaled by its indicator's decimals (``migrations``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.value import MAX_DIGITS, Reading, State
from shakyo_review.errors import ValueProblem
from shakyo_review.storage.format import Database, Unreadable
from shakyo_review.storage.plans import Editions

COLUMNS = (
    "fiscal_year, indicator_id, kind, branch, period, state, value, denominator, text,"
    " forecast, measured_year, note, example, version"
)
"""The columns of a row that makes a cell, in their order."""


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


def make_cell(row: tuple[Any, ...], code: str, decimals: int) -> Cell:
    """Return the cell of a row (``COLUMNS``) of an indicator with a code and decimals."""
    year, _, kind, branch, period, state, value, denominator, text, forecast, *rest = row
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
    db: Database,
    editions: Editions,
    years: Iterable[int] | None = None,
    indicator_id: int | None = None,
) -> Iterator[Cell]:
    """Read the cells of some years and one indicator (None: of all).

    An indicator has the code and decimals of the edition of the year; cells of one that the plan
    has no more in a year are passed over.
    """
    sql = f"SELECT {COLUMNS} FROM cell"  # noqa: S608
    params: list[int] = []
    conditions: list[str] = []
    if years is not None:
        params += sorted(set(years))
        conditions.append(f"fiscal_year IN ({', '.join('?' * len(params))})")
    if indicator_id is not None:
        params.append(indicator_id)
        conditions.append("indicator_id = ?")
    if conditions:
        sql += f" WHERE {' AND '.join(conditions)}"
    figures = {}
    for row in db.execute(sql, params):
        year, number = row[:2]
        if year not in figures:
            figures[year] = editions.of(year).figures
        figure = figures[year].get(number)
        if figure is not None:
            yield make_cell(row, *figure)


def read_cell(db: Database, key: CellKey, indicator_id: int, decimals: int) -> Cell:
    """Read one cell; a blank one of version 0 where nothing was ever written."""
    row = db.execute(
        f"SELECT {COLUMNS} FROM cell"  # noqa: S608
        " WHERE fiscal_year = ? AND indicator_id = ? AND kind = ? AND branch = ? AND period = ?",
        [key.year, indicator_id, key.kind.value, key.branch, key.period],
    ).fetchone()
    return Cell(key) if row is None else make_cell(row, key.indicator, decimals)


def write_cell(db: Database, cell: Cell, indicator_id: int, decimals: int) -> Cell:
    """Store a cell with the version it carries; returns it as it will be read, with all its decimals.

    Raises ``ValueProblem`` for a number the indicator's decimals or the column cannot hold.
    """
    key, reading = cell.key, cell.reading
    value, denominator = (_scale(n, decimals) for n in (reading.value, reading.denominator))
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
            value,
            denominator,
            reading.text,
            int(reading.forecast),
            cell.measured_year,
            cell.note,
            int(cell.example),
            cell.version,
        ],
    )
    stored = replace(
        reading, value=_unscale(value, decimals), denominator=_unscale(denominator, decimals)
    )
    return replace(cell, reading=stored)


def years_with_cells(db: Database, kind: Kind) -> list[int]:
    """Return the years in which something of a kind was entered, oldest first."""
    return [int(row[0]) for row in db.execute(_YEARS, [kind.value])]


# From year to year by the key, instead of over every cell: books grow, and this is asked often.
_YEARS = """WITH RECURSIVE held(year) AS (
        SELECT min(fiscal_year) FROM cell
        UNION ALL
        SELECT (SELECT min(fiscal_year) FROM cell WHERE fiscal_year > held.year) FROM held
        WHERE held.year IS NOT NULL
    )
    SELECT year FROM held WHERE year IS NOT NULL AND EXISTS (
        SELECT 1 FROM cell WHERE fiscal_year = year AND kind = ? AND state <> 'not_entered'
    ) ORDER BY year"""


def rescale(db: Database, indicator_id: int, from_year: int, old: int, new: int) -> bool:
    """Store the figures of years from one on with other decimals; False where digits would be lost."""
    where = "WHERE indicator_id = ? AND fiscal_year >= ?"
    factor = 10 ** abs(new - old)
    if new > old:
        most = 10**MAX_DIGITS // factor
        cut = f"SELECT 1 FROM cell {where} AND (abs(value) >= ? OR denominator >= ?)"  # noqa: S608
        params = [indicator_id, from_year, most, most]
        change = "value = value * :f, denominator = denominator * :f"
    else:
        cut = f"SELECT 1 FROM cell {where} AND (value % ? <> 0 OR denominator % ? <> 0)"  # noqa: S608
        params = [indicator_id, from_year, factor, factor]
        change = "value = value / :f, denominator = denominator / :f"
    if db.execute(f"{cut} LIMIT 1", params).fetchone() is not None:
        return False
    db.execute(
        f"UPDATE cell SET {change} WHERE indicator_id = :i AND fiscal_year >= :y",  # noqa: S608
        {"f": factor, "i": indicator_id, "y": from_year},
    )
    return True


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
    db: Database, editions: Editions
) -> Iterator[tuple[tuple[str, int, str, str, str], Mapping[str, object], int]]:
    """Read every cell as the history tells it: its place, its facts, its version.

    A row that makes no cell is told as far as it goes, so that it can be named.
    """
    for row in db.execute(f"SELECT {COLUMNS} FROM cell"):  # noqa: S608
        year, number, kind, branch, period, state, *_, version = row
        code, decimals = editions.last_known(number, year) or (f"#{number}", 0)
        try:
            facts = as_json(make_cell(row, code, decimals), decimals)
        except Unreadable:
            facts = {"state": state}
        yield (code, year, kind, branch, period), facts, version


def sum_of_versions(db: Database) -> int:
    """Return how often all cells together were changed."""
    return int(db.execute("SELECT coalesce(sum(version), 0) FROM cell").fetchone()[0])
