"""Making a book: from a bundled plan, a plan file, or as a sample to try."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from shakyo_review.domain.cell import Cell, Kind
from shakyo_review.domain.indicator import Figure, Indicator
from shakyo_review.domain.plan import Plan, map_indicators
from shakyo_review.domain.value import STATE_LABELS, Reading, State
from shakyo_review.errors import ValueProblem
from shakyo_review.exchange import bundled
from shakyo_review.exchange.figures import figure_reading, plan_entries
from shakyo_review.exchange.long_csv import Entry, understand
from shakyo_review.exchange.plan_sheet import plan_sheet
from shakyo_review.exchange.plan_xlsx import read_sheet
from shakyo_review.exchange.plan_yaml import read_plan, write_plan
from shakyo_review.services.book import WORKING_YEAR, ReviewBook
from shakyo_review.services.clock import now
from shakyo_review.services.editions import put_edition
from shakyo_review.services.files import write_whole
from shakyo_review.services.sheets import is_workbook
from shakyo_review.services.taking import take_over
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import history as history_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage import settings
from shakyo_review.storage.bookfiles import create_book, discard, publish


def plan_named(name: str) -> Plan:
    """Return a bundled plan by name, or the plan of a file: YAML, or an Excel table that tells all of it."""
    if name in bundled.bundled_names():
        return bundled.bundled_plan(name)
    path = Path(name)
    if is_workbook(path):
        return read_sheet(path).plan()[0]
    if path.suffix.lower() in (".yaml", ".yml") or path.exists():
        return read_plan(path)
    return bundled.bundled_plan(name)


def bundled_titles() -> list[tuple[str, str, str]]:
    """Return name, body and title of every bundled plan."""
    plans = [bundled.bundled_plan(name) for name in bundled.bundled_names()]
    return [(plan.code, plan.body, plan.title) for plan in plans]


def check_plan_file(path: Path) -> Plan:
    """Read a plan file with all its figures; ``PlanProblem`` names line and field, or sheet and cell."""
    return read_sheet(path).plan()[0] if is_workbook(path) else read_plan(path)


def export_plan_file(book: ReviewBook, path: Path) -> int:
    """Write the plan of a book, as it is now, as a plan file, with its whole-year figures that are no examples.

    A name that ends in .xlsx makes an Excel table. Returns how many figures are left out because the
    plan as it is now cannot hold them (a definition with other decimals).
    """
    with book.file.reading():
        editions = plan_rows.read_editions(book.file.db)
        newest = editions.newest
        cells = [
            replace(cell, key=replace(cell.key, indicator=code))
            for code, number in newest.ids.indicator.items()
            for cell in cell_rows.read_cells(book.file.db, editions, None, number)
        ]
    plan = newest.plan
    kept = [cell for cell in cells if _fits(plan, cell)]
    whole = exportable(plan, kept)
    content = plan_sheet(whole) if is_workbook(path) else write_plan(whole).encode()
    write_whole(path, content)
    return len(cells) - len(kept)


def _fits(plan: Plan, cell: Cell) -> bool:
    """Whether a figure comes back from a plan file as it is."""
    if cell.example or cell.key.branch or cell.key.period:
        return True  # no part of a plan file
    if cell.reading.state is State.NOT_ENTERED or not plan.accepts_year(cell.key.year):
        return cell.reading.state is State.NOT_ENTERED
    figure = _as_figure(cell.reading)
    indicator = plan.indicators[cell.key.indicator]
    try:
        return figure_reading(indicator, figure) == cell.reading
    except ValueProblem:
        return False


def make_book(
    path: Path,
    plan: Plan,
    who: str,
    *,
    origin: str = "計画ファイル",
    examples: Sequence[Entry] = (),
    working_year: int | None = None,
) -> None:
    """Make a book of a plan with the figures the plan carries, and ``examples`` marked 例示.

    Nothing is left behind on trouble.
    """
    figures = plan_entries(plan)
    draft = create_book(path)
    try:
        with draft.writing():
            if working_year is not None:
                settings.put_setting(draft.db, WORKING_YEAR, str(working_year))
            history_rows.append(
                draft.db,
                history_rows.Change(
                    at=now(),
                    who=who,
                    entity="book",
                    code=plan.code,
                    fiscal_year=None,
                    kind="",
                    branch="",
                    period="",
                    old=None,
                    new={
                        "title": plan.title,
                        "items": len(plan.items),
                        "indicators": len(plan.indicators),
                    },
                    reason=f"台帳を作成（{origin}）",
                ),
            )
            ids = plan_rows.first_ids(draft.db, plan)
            empty = plan_rows.Editions((plan_rows.Edition(1, plan_rows.FIRST, plan, ids),))
            put_edition(ReviewBook(draft, who, empty), plan, ids, 1, plan_rows.FIRST, origin)
        with ReviewBook(draft, who, plan_rows.read_editions(draft.db)) as book:
            take_over(book, figures, reason=origin, source=origin)
            take_over(book, examples, reason="見本の値", example=True)
    except BaseException:
        discard(draft)
        raise
    publish(draft, path)


def make_demo(path: Path, name: str, who: str) -> int:
    """Make the sample book of a bundled plan, with example targets and earlier years marked 例示.

    The folder is made if it is missing. Returns the year to print where there is no terminal.
    """
    plan = bundled.bundled_plan(name)
    example = bundled.bundled_example(name)
    whole = bundled.with_example(plan, example)
    entries = understand(whole, example.rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    make_book(
        path,
        whole,
        who,
        origin=f"同梱の計画 {name}",
        examples=entries,
        working_year=example.open_year,
    )
    return example.report_year


def exportable(plan: Plan, cells: list[Cell]) -> Plan:
    """Return the plan with its whole-year figures put back, without those that are examples."""
    figures: dict[str, dict[str, dict[int, Figure]]] = {}
    for cell in cells:
        key, reading = cell.key, cell.reading
        if cell.example or key.branch or key.period or reading.state is State.NOT_ENTERED:
            continue
        column = "targets" if key.kind is Kind.TARGET else "actuals"
        figures.setdefault(key.indicator, {}).setdefault(column, {})[key.year] = _as_figure(reading)

    def with_figures(indicator: Indicator) -> Indicator:
        return indicator.model_copy(update=figures.get(indicator.code, {}))

    return map_indicators(plan, with_figures)


def _as_figure(reading: Reading) -> Figure:
    if reading.state is State.TEXT:
        return f"「{reading.text}」"
    if reading.value is None:
        return STATE_LABELS[reading.state]
    if reading.denominator is not None or reading.forecast:
        share = "" if reading.denominator is None else f"/{reading.denominator:f}"
        return f"{reading.value:f}{share}{'見込み' if reading.forecast else ''}"
    return reading.value
