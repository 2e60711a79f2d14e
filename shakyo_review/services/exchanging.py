"""The long CSV there and back."""

from dataclasses import replace
from pathlib import Path

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.value import State
from shakyo_review.errors import WrongUsage
from shakyo_review.exchange import long_csv
from shakyo_review.exchange.textfile import shown_name
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.editions import known_elsewhere
from shakyo_review.services.files import write_whole
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
    entries = long_csv.understand(
        book.plan,
        rows,
        source=name,
        plan_of=book.plan_of,
        aside=lambda code, year: known_elsewhere(book, code, year),
    )
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


def export_file(book: ReviewBook, year: int, path: Path, owner: str | None = None) -> int:
    """Write targets and actuals of a year, blanks included; returns the number of rows."""
    _check_suffix(path)
    book.plan.check_year(year)
    entries = [_entry(cell) for cell in _cells(book, year, owner)]
    write_whole(path, long_csv.write_rows(entries, bom=True).encode())
    return len(entries)


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() != ".csv":
        raise WrongUsage(
            f"「{path.name}」の形式は扱えません。", "縦長の CSV（.csv）を指定してください。"
        )


def _cells(book: ReviewBook, year: int, owner: str | None) -> list[Cell]:
    plan, table = book.plan_of(year), book.cells(year)
    order = {branch: place for place, branch in enumerate(("", *plan.branch_codes))}
    codes = list(plan.indicators)
    if owner is not None:
        codes = [
            c for c in codes if any(owner in (o.name, o.part, o.label) for o in plan.owners_of(c))
        ]
        if not codes:
            names = sorted({o.label for item in plan.items.values() for o in item.owners})
            raise WrongUsage(
                f"担当「{owner[:40]}」の指標はありません。", f"担当: {'、'.join(names) or 'なし'}。"
            )
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
