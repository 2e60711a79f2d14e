"""記入シート as committees hand them back: filled in, sorted, copied, spoilt."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
from books import opened

from shakyo_review.exchange.entry_sheet import (
    FILLED,
    NOTE,
    is_row_mark,
    is_sheet_mark,
    read_row_mark,
)
from shakyo_review.services.entry_sheets import write_entry_sheets

Place = tuple[str, str, str]
"""Code, branch and period of a row."""


def given_out(book: Path, year: int = 2024, owner: str | None = None, name: str = "s.xlsx") -> Path:
    """Give the sheets of a book out."""
    path = book.with_name(name)
    with opened(book) as one:
        write_entry_sheets(one, year, path, owner)
    return path


def head_of(sheet: Any) -> dict[str, int]:
    """Return the columns by heading, '' for that of the marks; and the row of the headings as ``row``."""
    for row in sheet.iter_rows():
        if any(is_sheet_mark(cell.value) for cell in row):
            places = {
                "" if is_sheet_mark(cell.value) else cell.value: cell.column
                for cell in row
                if cell.value
            }
            return {**places, "row": row[0].row}
    raise AssertionError("no head")


def rows_of(sheet: Any) -> dict[Place, int]:
    """Return the number of each row by what it is about."""
    found = {}
    for row in sheet.iter_rows():
        for cell in row:
            if is_row_mark(cell.value):
                key = read_row_mark(cell.value).given.key
                found[key.indicator, key.branch, key.period] = cell.row
    return found


def fill(path: Path, changes: Mapping[tuple[str, str], object], out: Path | None = None) -> Path:
    """Write into yellow cells, by indicator (a, or a/kita/Q1) and heading; every sheet that has the row."""
    book = openpyxl.load_workbook(path)
    missing = set(changes)
    for sheet in book.worksheets:
        columns, rows = head_of(sheet), rows_of(sheet)
        for (code, heading), value in changes.items():
            place = tuple([*code.split("/"), "", ""][:3])
            assert heading in FILLED
            if place in rows:
                missing.discard((code, heading))
                cell = sheet.cell(rows[place], columns[heading])
                cell.value = value
                if heading == NOTE and value is not None:
                    cell.data_type = "s"  # in a cell of text, = begins no formula
    assert not missing
    book.save(out or path)
    return out or path


def spoil(path: Path, change: Callable[[Any, Any], object]) -> Path:
    """Change a workbook as a person would: ``change`` gets the workbook and its first sheet."""
    book = openpyxl.load_workbook(path)
    change(book, book.worksheets[0])
    book.save(path)
    return path
