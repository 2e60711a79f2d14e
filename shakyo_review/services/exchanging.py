"""Figures there and back: the long CSV, and whatever a council fills in or hands in as a workbook."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.owners import owned_by
from shakyo_review.domain.value import State
from shakyo_review.errors import WrongUsage
from shakyo_review.exchange import long_csv
from shakyo_review.exchange.rows import Entry
from shakyo_review.exchange.textfile import shown_name
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.editions import known_elsewhere
from shakyo_review.services.entry_sheets import find_owners
from shakyo_review.services.files import write_whole
from shakyo_review.services.incoming import Incoming, Proposed, standing
from shakyo_review.services.sheets import is_workbook
from shakyo_review.services.taking import ImportResult, take_over


def import_file(
    book: ReviewBook, path: Path, *, reason: str = "", dry_run: bool = False
) -> ImportResult:
    """Take a long CSV over: all of it, or nothing.

    ``ImportRefused`` names every bad row; ``ReasonNeeded`` tells that a row changes a year under
    evaluation, for which a person's own reason is needed.
    """
    _check_suffix(path)
    name = shown_name(path)
    rows, under = long_csv.read_rows(path), book.editions
    entries = _understand(book, rows, name)
    result = take_over(
        book,
        entries,
        reason=reason,
        dry_run=dry_run,
        source=name,
        default=f"取り込み（{name}）",
        under=under,
    )
    return replace(result, blank=long_csv.count_blank(rows))


def read_incoming(
    book: ReviewBook,
    path: Path,
    year: int | None = None,
    mapping: Mapping[str, str] | None = None,
    *,
    sheet: str = "",
) -> Incoming:
    """Return what a file would change: a long CSV, a 記入シート, else a 進捗管理シート.

    ``mapping`` and ``sheet`` say how a 進捗管理シート is to be read (``tracking.columns_of``); ``year``
    is the only year admitted. Raises ``ReviewError`` where the file cannot be read.
    """
    from shakyo_review.services.entry_sheets.returned import read_entry_sheet
    from shakyo_review.services.tracking import read_tracking

    if is_table(path):
        if is_long_csv(path):
            return read_long_csv(book, path)
    elif not is_workbook(path):
        raise WrongUsage(
            f"「{path.name}」の形式は扱えません。",
            "記入シートか進捗管理シート（.xlsx）、または縦長の CSV（.csv）を指定してください。",
        )
    elif not mapping and not sheet:
        returned = read_entry_sheet(book, path, year)
        if returned is not None:
            return returned
    return read_tracking(book, path, year, mapping, sheet=sheet)


def is_table(path: Path) -> bool:
    """Whether a file is meant to be a CSV, by its name."""
    return path.suffix.lower() == ".csv"


def is_long_csv(path: Path) -> bool:
    """Whether a CSV has the heads of the long one; ``ImportRefused`` where it is no text."""
    return long_csv.has_head(path)


def read_long_csv(book: ReviewBook, path: Path) -> Incoming:
    """Return what a long CSV would change; raises as ``import_file``."""
    name, under = shown_name(path), book.editions
    rows = long_csv.read_rows(path)
    entries = _understand(book, rows, name)
    found = []
    for entry in entries:
        before = standing(book, entry.key)
        after = replace(
            before,
            reading=entry.reading,
            measured_year=entry.measured_year if entry.reading.state is State.VALUE else None,
            note=entry.note or before.note,
        )
        if after != before:
            after = replace(after, example=False)
            found.append(Proposed(entry.key, f"{entry.row}行目", before, after))
    blank = long_csv.count_blank(rows)
    remarks = (f"空欄の{blank}行は、そのままです。",) if blank else ()
    return Incoming(name, tuple(found), len(entries) - len(found), remarks, under)


def _understand(book: ReviewBook, rows: list[long_csv.LongRow], source: str) -> list[Entry]:
    return long_csv.understand(
        book.plan,
        rows,
        source=source,
        plan_of=book.plan_of,
        aside=lambda code, year: known_elsewhere(book, code, year),
    )


def export_file(book: ReviewBook, year: int, path: Path, owner: str | None = None) -> int:
    """Write targets and actuals of a year, blanks included; returns the number of rows."""
    _check_suffix(path)
    book.plan.check_year(year)
    entries = [_entry(cell) for cell in _cells(book, year, owner)]
    write_whole(path, long_csv.write_rows(entries, bom=True).encode())
    return len(entries)


def _check_suffix(path: Path) -> None:
    if not is_table(path):
        raise WrongUsage(
            f"「{path.name}」の形式は扱えません。", "縦長の CSV（.csv）を指定してください。"
        )


def _cells(book: ReviewBook, year: int, owner: str | None) -> list[Cell]:
    plan, table = book.plan_of(year), book.cells(year)
    order = {branch: place for place, branch in enumerate(("", *plan.branch_codes))}
    owners = () if owner is None else find_owners(book, year, owner)
    codes = [code for code in plan.indicators if owned_by(plan, code, owners)]
    cells = []
    for code in codes:
        for kind in (Kind.TARGET, Kind.ACTUAL):
            cells.append(table.whole(code, year, kind))
            cells += sorted(
                (
                    c
                    for c in table.parts(code, year, kind)
                    if c.reading.state is not State.NOT_ENTERED and c.key.branch in order
                ),
                key=lambda c: (order[c.key.branch], c.key.period),
            )
    return cells


def _entry(cell: Cell) -> long_csv.Entry | CellKey:
    """Return the row of a cell; a blank one stays blank, so that a committee can fill it in."""
    if cell.reading.state is State.NOT_ENTERED:
        return cell.key
    return long_csv.Entry(0, cell.key, cell.reading, cell.measured_year, cell.note)
