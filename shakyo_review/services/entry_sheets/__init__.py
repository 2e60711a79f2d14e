"""記入シート given out: for one owner (担当) or all, as one workbook or one each."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.improvement import Promise
from shakyo_review.domain.owners import owned_by, owners_in
from shakyo_review.domain.plan import Plan
from shakyo_review.errors import WrongUsage, quoted
from shakyo_review.exchange.entry_sheet import TITLE, EntrySheet
from shakyo_review.exchange.entry_sheet.writing import entry_workbook, file_name
from shakyo_review.exchange.workbook_cells import MAX_ROWS, MAX_SHEETS
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry_sheets.rows import Making, with_goals
from shakyo_review.services.files import write_whole
from shakyo_review.services.reviewing import promises_asked

_MOST_ROWS = MAX_ROWS - 100


def write_entry_sheets(
    book: ReviewBook, year: int, path: Path, owner: str | None = None, due: str = ""
) -> int:
    """Write one workbook with a sheet for each owner (or for those of a name); returns the number of rows.

    A file that is there already is never overwritten: somebody may have filled it in.
    """
    sheets = entry_sheets(book, year, find_owners(book, year, owner), due)
    _check_few(sheets)
    _check_new([path])
    write_whole(path, entry_workbook(sheets))
    return sum(len(one.rows) for one in sheets)


def write_each(
    book: ReviewBook, year: int, folder: Path, owner: str | None = None, due: str = ""
) -> tuple[Path, ...]:
    """Write one workbook for each owner (or for those of a name) into a folder; returns their paths."""
    files = sheet_files(book, year, find_owners(book, year, owner), each=True, due=due)
    return write_files(folder, files)


def sheet_files(
    book: ReviewBook, year: int, owners: Sequence[str], *, each: bool, due: str = ""
) -> dict[str, bytes]:
    """Return workbooks by file name: one with a sheet for each of some owners, or one for each of them."""
    sheets, code = entry_sheets(book, year, owners, due), book.plan_of(year).code
    if not each:
        _check_few(sheets)
        name = file_name(code, year, sheets[0].owner if len(sheets) == 1 else "")
        return {name: entry_workbook(sheets)}
    files: dict[str, bytes] = {}
    for one in sheets:
        name, number = file_name(code, year, one.owner), 1
        while name.casefold() in map(str.casefold, files):
            number += 1
            name = file_name(code, year, f"{one.owner}_{number}")
        files[name] = entry_workbook([one])
    return files


def write_files(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files into a folder, which is made if missing; where one is there already nothing is written."""
    paths = [folder / name for name in files]
    _check_new(paths)
    for path, content in zip(paths, files.values(), strict=True):
        write_whole(path, content, make_folder=True)
    return tuple(paths)


def _check_few(sheets: Sequence[EntrySheet]) -> None:
    if len(sheets) > MAX_SHEETS:
        raise WrongUsage(
            f"担当が{len(sheets)}あり、1つのファイルに入りません（{MAX_SHEETS}まで）。",
            "担当ごとのファイルにしてください。",
        )


def _check_new(paths: Sequence[Path]) -> None:
    there = [path for path in paths if path.exists()]
    if there:
        more = f"（ほか{len(there) - 1}個）" if len(there) > 1 else ""
        raise WrongUsage(
            f"「{there[0]}」はすでにあります{more}。記入済みの{TITLE}かもしれないので、上書きしません。",
            "別の名前か場所にするか、前のファイルを片づけてください。",
            what="フォルダ",
        )


def find_owners(book: ReviewBook, year: int, typed: str | None) -> tuple[str, ...]:
    """Return the owners of a year whose label, part or name is ``typed`` (None: all of them)."""
    book.plan.check_year(year)
    plan = book.plan_of(year)
    labels = owners_in(plan)
    if typed is None:
        return tuple(labels)
    same = {
        owner.label
        for item in plan.items.values()
        for owner in item.owners
        if typed in (owner.label, owner.part, owner.name)
    }
    found = tuple(label for label in labels if label in same or label == typed)
    if not found:
        raise WrongUsage(
            f"担当{quoted(typed)}の指標はありません。", f"担当: {'、'.join(labels) or 'なし'}。"
        )
    return found


def entry_sheets(
    book: ReviewBook, year: int, owners: Sequence[str], due: str = ""
) -> list[EntrySheet]:
    """Return what each of some owners is to fill in; ``WrongUsage`` for a sealed year."""
    book.plan.check_year(year)
    if book.state(year).closed:
        raise WrongUsage(
            f"{year_label(year)}は確定しているため、{TITLE}は出せません（取り込めないため）。",
            "年度を確かめてください。",
        )
    making = Making.of(book, year)
    plan = making.plan
    if not plan.indicators:
        raise WrongUsage(
            f"{year_label(year)}の計画に指標がありません。", "計画に指標を加えてください。"
        )
    sheets, promises = [], promises_asked(book, year)
    for owner in owners:
        codes = [code for code in plan.indicators if owned_by(plan, code, (owner,))]
        rows = tuple(with_goals(plan, (row for code in codes for row in making.rows(code))))
        if len(rows) > _MOST_ROWS:
            raise WrongUsage(
                f"担当{quoted(owner)}の行が多すぎます（{len(rows):,}行、{_MOST_ROWS:,}行まで）。",
                "縦長の CSV（.csv）で書き出してください。",
            )
        contact = f"{plan.body} 事務局"
        asked = tuple(_asked(plan, owner, promises))
        sheets.append(EntrySheet(making.origin, plan.title, year, owner, contact, due, rows, asked))
    return sheets


def _asked(plan: Plan, owner: str, promises: Sequence[Promise]) -> Iterator[tuple[str, str]]:
    """Yield the promises an owner has to answer: the item, and what was promised by when."""
    for one in promises:
        item, what = plan.items.get(one.code), one.improvement
        if item is not None and owner in (what.owner, *(known.label for known in item.owners)):
            yield f"{item.code} {item.name}", f"{what.text}（期限 {year_label(what.due)}）"
