"""The full sheet as one list: every item of the plan and every indicator in a row of its own."""

from collections.abc import Iterator

from shakyo_review.domain import value
from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.domain.goals import UNRATED
from shakyo_review.reports.context import ReportContext, SheetRow
from shakyo_review.reports.context.goals import IndicatorBlock
from shakyo_review.reports.context.parts import Figure
from shakyo_review.reports.tables import Cell, Column, Notes, Page, Words, amount, compact

KINDS = {"node": "項目", "indicator": "指標"}
"""The word for a row of the plan and a row of an indicator."""


def sheet_page(report: ReportContext) -> Page:
    """Return the full sheet for a workbook."""
    heads = [
        Column("区分", middle=True), Column("コード", 12), Column("名称", 46), Column("単位", 8, middle=True),
        Column("担当", 22), Column("目標"), Column("実績"), Column("率・点数"), Column("判定", 10, middle=True),
        Column("評価", 8, middle=True), Column("評価の段階", 14),
        Column(f"{report.word_before}の判定", middle=True), Column(f"{report.word_before}の評価", middle=True),
        Column("印", 14), Column("実施内容", 44), Column("注記", 44), Column("添え書き", 24),
    ]  # fmt: skip
    blocks = _blocks(report)
    rows: list[list[Cell]] = []
    for row, owners in _owned(report):
        block, notes = blocks.get(row.code), Notes()
        figures = [notes.take(name, one) for name, one in _figures(row)]
        letter, stage = (
            ("", "") if row.official is None else (row.official.letter.text, row.official.stage)
        )
        node = row.kind == "node"
        rows.append(
            [
                KINDS[row.kind], row.code, Words(_name(row, block), row.depth, strong=not row.depth),
                "" if block is None else block.unit, owners, *figures, row.letter, letter, stage,
                row.letter_before, row.official_before.removeprefix("評価").strip(), _flags(row, block),
                "" if node or block is None else block.done, "" if node or block is None else block.note, notes.text,
            ]
        )  # fmt: skip
    table = compact("", heads, rows, 9)
    return Page("指標一覧", "一覧表（すべての項目と指標）", [table], listed=True, fixed=3)


def sheet_records(report: ReportContext) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the full sheet for a CSV: numbers plain, marks in columns of their own."""
    before = report.word_before
    head = [
        "区分", "段の深さ", "コード", "名称", "単位", "担当", "目標", "実績", "率・点数", "率・点数の単位", "判定", "評価",
        "評価の段階", "評価の理由", f"{before}の判定", f"{before}の評価", "印", "実施内容", "注記", "添え書き",
    ]  # fmt: skip
    blocks = _blocks(report)
    rows = []
    for row, owners in _owned(report):
        block, notes = blocks.get(row.code), Notes()
        figures = _figures(row)
        for name, one in figures:
            notes.take(name, one)
            notes.found += [f"{name}は{word}" for word in _words(one)]
        if row.letter.example:
            notes.found.append(f"判定は{EXAMPLE_MARK}")
        official = row.official
        rate = amount(row.rate.text)
        rows.append(
            [
                KINDS[row.kind], str(row.depth), row.code, _name(row, block), "" if block is None else block.unit,
                owners, *(plain(one) for _, one in figures), "" if rate is None else rate.unit, told(row.letter.text),
                *(("", "", "") if official is None else (official.letter.text, official.stage, official.reason)),
                told(row.letter_before.text), row.official_before.removeprefix("評価").strip(), _flags(row, block),
                "" if block is None else block.done, "" if block is None else block.note, notes.text,
            ]
        )  # fmt: skip
    return head, rows


def plain(figure: Figure) -> str:
    """Return a figure for a CSV: 1234.5, -3, 98.5; a word (中止) as it is, nothing where there is none."""
    found = amount(figure.text) if figure.numeric else None
    return told(figure.text) if found is None else value.plain(found.value, found.decimals) or ""


def told(text: str) -> str:
    """Return a text for a CSV, in which an empty field, and no dash, stands for nothing."""
    return "" if text == UNRATED else text


def _words(figure: Figure) -> Iterator[str]:
    """Return what is said of a figure beside its number."""
    found = amount(figure.text)
    if found is not None and found.word:
        yield found.word.strip("（）")
    if figure.example:
        yield EXAMPLE_MARK


def _figures(row: SheetRow) -> list[tuple[str, Figure]]:
    return [("目標", row.target), ("実績", row.actual), ("率・点数", row.rate)]


def _blocks(report: ReportContext) -> dict[str, IndicatorBlock]:
    """Return what the goals' pages tell of each indicator."""
    return {block.code: block for goal in report.goals for block in goal.indicators}


def _name(row: SheetRow, block: IndicatorBlock | None) -> str:
    return row.name if row.kind == "node" or block is None else block.name


def _flags(row: SheetRow, block: IndicatorBlock | None) -> str:
    marks = [*row.flags, *(block.badges if block is not None else [])]
    marks += [EXAMPLE_MARK] if block is not None and block.example else []
    return "・".join(dict.fromkeys(marks))


def _owned(report: ReportContext) -> Iterator[tuple[SheetRow, str]]:
    """Return every row with who answers for it: where the sheet says nothing, those of the item above."""
    above: list[str] = []
    for row in report.sheet:
        del above[row.depth :]
        owners = row.owners or (above[-1] if above else "")
        above += [owners] * (row.depth + 1 - len(above))
        yield row, owners
