"""How the cells of a workbook are measured and written: widths, lines, number formats."""

import math
from collections.abc import Sequence

from shakyo_review.domain.table_text import width
from shakyo_review.reports.context.base import Letter
from shakyo_review.reports.context.parts import Figure
from shakyo_review.reports.tables import Amount, Cell, Table, Words, marked

LINE = 15.0
"""Height of a line of text in points."""
MOST_TEXT = 32_000
"""Characters of a cell, somewhat below what Excel takes."""

MOST_LINES, WIDEST = 22, 250.0
"""Lines of a cell, for Excel cuts rows higher than 409 points, and how wide a column may be for that."""
SENTENCES = 40
"""Columns that may be so wide hold sentences."""


def cut(text: str) -> str:
    """Return a text that a cell can hold; one cut off says so."""
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…（長いため、ここまで）"


def number_format(number: Amount, word: str) -> str:
    """Return how Excel shows a number: as it is printed, △ for minus, 例示 and 見込み behind it."""
    digits = "#,##0" + ("." + "0" * number.decimals if number.decimals else "")
    digits += "%" if number.unit == "%" else f'"{number.unit}"' if number.unit else ""
    tail = number.word + word
    digits += f'"{tail}"' if tail else ""
    if number.signed:
        return f'"+"{digits};"△"{digits};"±"{digits}'
    return f'{digits};"△"{digits}'


def widths(tables: Sequence[Table]) -> list[float]:
    """Return how wide each column is, in half-width characters: as its content wants, within its bounds.

    What ``reaches`` to the end of the page asks for no width.
    """
    if not any(table.rows for table in tables):
        return [11.4] * 8  # a sheet of pictures: as wide as A4 upright
    count = max(len(table.columns) for table in tables)
    found = [7.0] * count
    for table in tables:
        for place, column in enumerate(table.columns):
            if place == len(table.columns) - 1 and reaches(table, count):
                continue
            long = [_longest(row[place]) for row in table.rows]
            wanted = max([min(width(column.head), 8), *long]) + 2.5
            least = [width(shown(row[place])) / MOST_LINES for row in table.rows]
            room = max([column.widest + 2.5, *least])
            found[place] = max(found[place], min(wanted, room, WIDEST))
    return found


def reaches(table: Table, columns: int) -> bool:
    """Whether a table's last column, of sentences, takes the rest of a page of so many columns."""
    return len(table.columns) < columns and table.columns[-1].widest >= SENTENCES


def points(width: float) -> float:
    """Return a column's width in points."""
    return (width * 7 + 5) * 72 / 96


def shown(cell: Cell) -> str:
    """Return the text a cell shows where it is no number."""
    text = cell if isinstance(cell, str) else cell.text
    return marked(text, cell.example) if isinstance(cell, Figure | Letter) else text


def lines_of(cell: Cell, room: float) -> int:
    """Return how many lines a cell takes in a width."""
    if isinstance(cell, Words) and cell.clipped:
        return 1
    deep = 2 * cell.depth if isinstance(cell, Words) else 0
    parts = shown(cell).split("\n")
    return sum(max(1, math.ceil(width(part) / max(room - deep, 4))) for part in parts)


def _longest(cell: Cell) -> int:
    deep = 2 * cell.depth if isinstance(cell, Words) else 0
    return max(width(line) for line in shown(cell).split("\n")) + deep
