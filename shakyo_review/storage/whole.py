"""Everything a book holds, read in a fixed order: for handing all of it over."""

from collections.abc import Iterator, Mapping
from typing import Any

from shakyo_review.domain.cell import Cell
from shakyo_review.storage import cells
from shakyo_review.storage.format import HISTORY_COLUMNS, Database
from shakyo_review.storage.plans import Editions


def every_cell(db: Database, editions: Editions) -> Iterator[tuple[int, Cell]]:
    """Yield every figure with the identity of its indicator, also of one that the plan has no more.

    Such a one stands under the last code it had, and its identity (a#12).
    """
    order = "ORDER BY fiscal_year, indicator_id, kind, branch, period"
    for row in db.execute(f"SELECT {cells.COLUMNS} FROM cell {order}"):  # noqa: S608
        year, number = row[:2]
        code, decimals = editions.last_known(number, year) or (f"#{number}", 0)
        yield number, cells.make_cell(row, code, decimals)


def years_told(db: Database) -> list[int]:
    """Return every year of which a figure, an amount, a fact or a seal tells, oldest first."""
    rows = db.execute(
        "SELECT fiscal_year FROM cell UNION SELECT fiscal_year FROM amount"
        " UNION SELECT fiscal_year FROM fact WHERE data IS NOT NULL"
        " UNION SELECT fiscal_year FROM seal ORDER BY 1"
    )
    return [int(row[0]) for row in rows]


def every_setting(db: Database) -> list[tuple[str, str]]:
    """Return what is kept with the book beside plan, figures and facts, by its name."""
    return [(str(key), str(value)) for key, value in db.execute(_SETTINGS)]


_SETTINGS = "SELECT key, value FROM book ORDER BY key"


def every_row(db: Database) -> Iterator[Mapping[str, Any]]:
    """Yield every row of the history as it is stored, with its hash."""
    names = (*HISTORY_COLUMNS, "hash")
    for values in db.execute(f"SELECT {', '.join(names)} FROM history ORDER BY id"):  # noqa: S608
        yield dict(zip(names, values, strict=True))
