"""The whole of a book as open data: nobody is locked in.

All tables as CSV with their schema, the plan as YAML, results and seals as JSON, and a long CSV from
which plan and figures make a book again. Passphrases and who is registered are never part of it.
"""

import csv
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from shakyo_review import __version__
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import State
from shakyo_review.errors import ReviewError, WrongUsage, os_reason
from shakyo_review.exchange import long_csv
from shakyo_review.exchange.open_data import Package, Table, zipped
from shakyo_review.exchange.open_data.readme import readme
from shakyo_review.exchange.plan_yaml import write_plan
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.files import CannotWrite, write_whole
from shakyo_review.services.json_views import document, plan_view, score_view
from shakyo_review.services.opendata.names import Names, names_of
from shakyo_review.services.opendata.rows import all_years, figure_tables, plan_tables
from shakyo_review.services.opendata.said import record_tables, said_tables, seal_path
from shakyo_review.services.reviewing import official
from shakyo_review.services.sealing import sealed_results
from shakyo_review.storage import seals as seal_rows
from shakyo_review.storage import whole
from shakyo_review.storage.database import explained
from shakyo_review.storage.plans import Edition

PLAN_FILE, FIGURES_FILE = "import/plan.yaml", "import/figures.csv"


@dataclass(frozen=True, slots=True)
class Handed:
    """What was written: where, how many tables and rows, and how many figures no import can bring back."""

    path: Path
    tables: int
    rows: int
    left: int


def open_data(book: ReviewBook, path: Path, *, without_names: bool = False) -> Handed:
    """Write everything in a book to a new folder, or to a new archive where the name ends in .zip.

    ``without_names`` puts 委員1, 委員2 … for the names of people. Raises ``WrongUsage`` where something
    stands in the place, ``CannotWrite`` where it cannot be written; nothing half written stays.
    """
    archive = path.suffix.lower() == ".zip"
    _check_free(path, archive=archive)
    with explained(book.path), book.file.reading():
        names = names_of(book) if without_names else Names()
        package, left = _package(book, names)
    contents = package.contents()
    if archive:
        write_whole(path, zipped(contents, package.name))
    else:
        _write_folder(path, contents)
    rows = sum(len(table.rows) for table in package.tables)
    return Handed(path, len(package.tables), rows, left)


def _check_free(path: Path, *, archive: bool) -> None:
    try:
        taken = path.is_symlink() or path.exists()
        if taken and not archive and path.is_dir():
            taken = any(path.iterdir())
    except OSError as error:
        raise CannotWrite(
            f"「{path}」に書き込めません（{os_reason(error)}）。", "場所と権限を確かめてください。"
        ) from None
    if taken:
        raise WrongUsage(
            f"「{path}」はすでにあります。", "別の名前を指定してください。上書きはしません。"
        )


def _write_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder that gets its name when all of them are there."""
    path = path.absolute()
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        for name, content in contents.items():
            place = draft / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        if path.is_dir():
            path.rmdir()  # empty, as was seen
        draft.rename(path)
    except OSError as error:
        raise CannotWrite(
            f"「{path}」に書き込めません（{os_reason(error)}）。",
            "場所、権限、空きを確かめてください。何も書き出していません。",
        ) from error
    finally:
        with suppress(OSError):
            shutil.rmtree(draft)


def _package(book: ReviewBook, names: Names) -> tuple[Package, int]:
    years = all_years(book)
    results = {year: _nameless(_results(book, year), names) for year in years}
    seals = {} if names.hidden else dict(_seals(book))
    plans = {one.number: _plan(one, names) for one in _editions(book)}
    table, left = _long_csv(book, names)
    newest = plans[book.editions.newest.number]
    tables = tuple(_tables(book, names, results))
    files = {
        **{f"results/{year}.json": f"{text}\n".encode() for year, text in results.items()},
        **{f"plan/edition-{n}.yaml": write_plan(plan).encode() for n, plan in plans.items()},
        **seals,
        PLAN_FILE: write_plan(newest).encode(),
        FIGURES_FILE: table.encode(),
    }
    files["README.md"] = readme(newest, tables, left, hidden=names.hidden).encode()
    package = Package(
        name=_package_name(newest.code),
        title=f"{newest.body} {newest.title}",
        about="計画の進行管理と評価の台帳の全内容（社協レビューの書き出し）。",
        tables=tables,
        files=files,
        documents={
            "program": __version__,
            "plans": {str(n): plan_view(plan) for n, plan in plans.items()},
            "results": {str(year): json.loads(text) for year, text in results.items()},
            "seals": {path: json.loads(content) for path, content in seals.items()},
        },
    )
    return package, left


def _editions(book: ReviewBook) -> list[Edition]:
    return sorted(book.editions.all, key=lambda one: one.number)


def _tables(book: ReviewBook, names: Names, results: Mapping[int, str]) -> Iterator[Table]:
    yield from plan_tables(book, names)
    yield from figure_tables(book, names, results)
    yield from said_tables(book, names)
    yield from record_tables(book, names)


def _package_name(code: str) -> str:
    """Return a name as Frictionless has them: small letters, digits, . _ and -."""
    return re.sub(r"[^a-z0-9._-]+", "-", f"{code}-open-data".lower()).strip("-")


def _results(book: ReviewBook, year: int) -> str:
    kept = sealed_results(book, year)
    if kept is not None:
        return kept
    return document(score_view(book.score(year), official(book, year), sealed=False))


def _nameless(text: str, names: Names) -> str:
    """Return a document of results, with the names in what people wrote into cells replaced."""
    if not names.hidden:
        return text
    view = json.loads(text)
    for one in view["indicators"]:
        for written in ("note", "actual_text", "target_text"):
            if one.get(written):
                one[written] = names.text(one[written])
    return document(view)


def _seals(book: ReviewBook) -> Iterator[tuple[str, bytes]]:
    for year, number in sorted(seal_rows.read_digests(book.file.db)):
        seal = seal_rows.read_seals(book.file.db, year)[number - 1]
        yield seal_path(year, number), seal.content.encode()


def _plan(edition: Edition, names: Names) -> Plan:
    """Return the plan of an edition, with other names for its people where those are hidden."""
    plan = edition.whole.plan
    if not names.hidden:
        return plan
    stages = tuple(
        stage.model_copy(update={"members": tuple(map(names.name, stage.members))})
        for stage in plan.evaluation.stages
    )
    process = plan.evaluation.model_copy(update={"stages": stages})
    return plan.model_copy(update={"evaluation": process})


def _long_csv(book: ReviewBook, names: Names) -> tuple[str, int]:
    """Return all figures under the codes of the plan as it is now, and how many have no place there."""
    newest = book.editions.newest
    entries, left = [], 0
    for number, cell in whole.every_cell(book.file.db, book.editions):
        known = newest.figures.get(number)
        if known is None or cell.reading.state is State.NOT_ENTERED:
            left += cell.reading.state is not State.NOT_ENTERED or bool(cell.note)
            continue
        key, note = replace(cell.key, indicator=known[0]), names.text(cell.note)
        entries.append(long_csv.Entry(0, key, cell.reading, cell.measured_year, note))
    if not _come_back(newest.plan, entries):
        before = len(entries)
        entries = [one for one in entries if _come_back(newest.plan, [one])]
        left += before - len(entries)
    return long_csv.write_rows(entries), left


def _come_back(plan: Plan, entries: list[long_csv.Entry]) -> bool:
    """Whether figures, written as a long CSV, are read back as they are by the plan as it is now."""
    try:
        rows = long_csv.parse_rows(long_csv.write_rows(entries))
        found = long_csv.understand(plan, rows)
    except (ReviewError, csv.Error):
        return False
    return [replace(one, row=0) for one in found] == entries
