"""The year book as sheets of a workbook and as one list: all years of the plan side by side."""

from collections.abc import Iterator

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.context.documents import YearBookGoal, YearBookRow
from shakyo_review.reports.context.goals import YearFigures
from shakyo_review.reports.tables import (
    Block,
    Cell,
    Column,
    Count,
    Lines,
    Notes,
    Page,
    Pictures,
    Table,
    Words,
    amount,
    compact,
)
from shakyo_review.reports.tables.sheet import plain, told

LINES = ("目標", "実績", "率", "判定")
"""The lines an indicator takes: one for each thing that is told of a year."""


def yearbook_pages(report: ReportContext) -> Iterator[Page]:
    """Return the sheets of the year book: results of the goals, indicators, charts."""
    book = report.yearbook
    if not book.years:
        return
    years = [year.short for year in book.years]
    blocks: list[Block] = [Lines([book.period, *book.notes])]
    goals: list[list[Cell]] = [
        row
        for goal in (book.whole, *book.goals)
        for row in _goal_rows(goal, official=book.has_official)
    ]
    columns = [
        Column(book.goal_label, 50),
        Column("値", 10, middle=True),
        *(Column(year, middle=True) for year in years),
    ]
    blocks.append(
        compact(
            "目標ごとの判定と点数",
            [*columns, Column("変化", 20)],
            goals,
            2 + len(years),
        )
    )
    if book.counts:
        counts: list[list[Cell]] = []
        for row in book.counts:
            name = f"{row.letter.text}　{row.definition}".strip()
            counts.append([Words(name, strong=True), "件数", *map(Count, row.counts)])
            counts.append([Words(name, repeated=True), "割合", *map(Count, row.shares)])
        head = Column("判定", 50)
        blocks.append(Table(f"判定ごとの{book.unit}の件数", [head, *columns[1:]], counts, sums=2))
    yield Page("年度一覧", "年度一覧", blocks)
    rows = [
        line
        for group in book.groups
        for row in group.rows
        for line in _indicator_rows(group.title, row)
    ]
    if rows:
        columns = [
            Column("目標", 16), Column("コード", 12), Column("指標", 34), Column("単位", 8, middle=True), Column("基準値"), Column("最終目標"),
            Column("値", 8, middle=True), *(Column(year) for year in years), Column("増減", 20),
            Column("注意", 20), Column("担当", 16), Column("添え書き", 24),
        ]  # fmt: skip
        table = compact("", columns, rows, 7 + len(years))
        yield Page("年度一覧（指標）", "指標の年度一覧", [table], listed=True, fixed=3)
    charts = [
        one
        for one in [book.chart, *(c for group in book.groups for c in group.charts)]
        if one is not None
    ]
    if charts:
        yield Page("推移の図", "推移", [Pictures(charts)])


def _goal_rows(goal: YearBookGoal, *, official: bool) -> Iterator[list[Cell]]:
    yield [
        Words(goal.title, strong=True),
        "判定",
        *(year.letter for year in goal.years),
        goal.change,
    ]
    told: list[tuple[str, list[Cell]]] = []
    if official:
        told.append(("評価", [year.official for year in goal.years]))
    told.append(("点数", [year.score for year in goal.years]))
    told.append(("評価済み", [year.coverage for year in goal.years]))
    for name, cells in told:
        yield [Words(goal.title, repeated=True), name, *cells, ""]


def _indicator_rows(goal: str, row: YearBookRow) -> Iterator[list[Cell]]:
    notes = Notes()
    for year in row.years:
        for name, figure in zip(LINES, (year.target, year.actual, year.rate), strict=False):
            notes.take(f"{year.year.short}の{name}", figure)
    badges = [*row.badges, *([EXAMPLE_MARK] if row.example else [])]
    for place, name in enumerate(LINES):
        first = place == 0
        cells = [_told(year, name) for year in row.years]
        yield [
            Words(goal, repeated=not first, short=True),
            *(Words(text, repeated=not first) for text in (row.code, row.name, row.unit)),
            row.baseline if first else "", row.final_target if first else "", name, *cells,
            row.change if first else "", "・".join(badges) if first else "",
            Words(row.owners, repeated=not first), notes.text if first else "",
        ]  # fmt: skip


def _told(year: YearFigures, name: str) -> Cell:
    told: dict[str, Cell] = {
        "目標": year.target,
        "実績": year.actual,
        "率": year.rate,
        "判定": year.letter,
    }
    return told[name]


def yearbook_records(report: ReportContext) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the year book for a CSV: an indicator and a year in every row."""
    head = [
        "目標の項目", "項目", "コード", "指標", "単位", "担当", "基準値", "最終目標", "年度", "目標", "実績", "率", "率の単位",
        "判定", "注意", "添え書き",
    ]  # fmt: skip
    rows = []
    for group in report.yearbook.groups:
        for row in group.rows:
            for year in row.years:
                rate = amount(year.rate.text)
                rows.append(
                    [
                        group.title, row.action, row.code, row.name, row.unit, row.owners, plain(row.baseline),
                        plain(row.final_target), year.year.full, plain(year.target), plain(year.actual),
                        plain(year.rate), "" if rate is None else rate.unit, told(year.letter.text),
                        "・".join(row.badges), _said(year, example=row.example),
                    ]
                )  # fmt: skip
    return head, rows


def _said(year: YearFigures, *, example: bool) -> str:
    told = [f"指標は{EXAMPLE_MARK}"] if example else []
    for name, figure in (("目標", year.target), ("実績", year.actual), ("率", year.rate)):
        found = amount(figure.text)
        words = [figure.note, found.word.strip("（）") if found is not None else ""]
        words += [EXAMPLE_MARK] if figure.example else []
        told += [f"{name}は{word}" for word in words if word]
    return "、".join(told)
