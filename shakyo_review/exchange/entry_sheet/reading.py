"""Reading 記入シート back: which rows there are, by their marks, and what stands in the yellow cells.

Columns are found by their headings and rows by their marks, wherever they have come to stand.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from shakyo_review.errors import ValueProblem, quoted
from shakyo_review.exchange.entry_sheet import (
    ACTUAL,
    CODE,
    FILLED,
    NOTE,
    STATE,
    TITLE,
    MarkDamaged,
    RowMark,
    is_row_mark,
    is_sheet_mark,
    read_row_mark,
    read_sheet_mark,
)
from shakyo_review.exchange.workbook import Cell, Sheet, cell_text, column_letters


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a yellow cell, and where: シート「地域課」のF12."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row that came back; a yellow column that is not there any more is None."""

    at: str
    mark: RowMark
    actual: Typed | None
    state: Typed | None
    note: Typed | None


@dataclass(slots=True)
class Filled:
    """What was found in a workbook; ``problems`` keep it from being taken in, ``remarks`` do not."""

    rows: list[FilledRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def is_entry_sheet(sheets: Sequence[Sheet]) -> bool:
    """Whether one of the sheets of a workbook is a 記入シート, whole or damaged."""
    return any(_looks_like_one(sheet) for sheet in sheets if not sheet.hidden)


def read_sheets(sheets: Sequence[Sheet]) -> Filled:
    """Read every 記入シート among the sheets of a workbook."""
    found = Filled()
    others = []
    for sheet in sheets:
        if sheet.hidden:
            if _looks_like_one(sheet):
                found.remarks.append(
                    f"シート{quoted(sheet.name)}は隠れているので、読んでいません。読むときは、表示して保存し直してください。"
                )
        elif _looks_like_one(sheet):
            _Reader(sheet, found).read()
        else:
            others.append(sheet.name)
    if others and len(others) < len(sheets):
        names = "".join(map(quoted, others[:5]))
        found.remarks.append(f"シート{names}は{TITLE}ではないので、読んでいません。")
    return found


def _looks_like_one(sheet: Sheet) -> bool:
    if any(is_row_mark(cell) or is_sheet_mark(cell) for row in sheet.rows for cell in row):
        return True
    titled = any(TITLE in cell for row in sheet.rows[:20] for cell in row if isinstance(cell, str))
    return titled and any(set(FILLED) <= set(map(_heading, row)) for row in sheet.rows)


def _heading(cell: Cell) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split()) if isinstance(cell, str) else ""


@dataclass(slots=True)
class _Reader:
    sheet: Sheet
    into: Filled
    columns: dict[str, int] = field(default_factory=dict)

    def at(self, row: int, column: int) -> str:
        return f"シート{quoted(self.sheet.name)}の{column_letters(column)}{row + 1}"

    def read(self) -> None:
        """Find the headings, then every marked row."""
        where = f"シート{quoted(self.sheet.name)}"
        head = self._find_head()
        if head is None:
            self.into.problems.append(
                f"{where}: 見出しの行（{'・'.join(FILLED)}）がありません。渡した記入シートの見出しを戻してください。"
            )
            return
        marked = [n for n, row in enumerate(self.sheet.rows) if any(map(is_row_mark, row))]
        if not marked:
            self.into.problems.append(
                f"{where}: 行を見分ける隠れた列がありません。列ごと消したか、値だけを写したようです。"
                "渡した記入シートに記入してください。"
            )
            return
        if ACTUAL not in self.columns:
            self.into.problems.append(
                f"{where}: 見出し「{ACTUAL}」の列がありません。渡した{TITLE}の見出しに戻してください。"
            )
            return
        for name in FILLED:
            if name not in self.columns:
                self.into.remarks.append(f"{where}: 「{name}」の列がないので、{name}は変えません。")
        self._tell_missing(len(marked), head)
        for number, row in enumerate(self.sheet.rows):
            if number in marked:
                self._row(number, row)
            elif number > head:
                self._tell_unmarked(number, row)

    def _find_head(self) -> int | None:
        """Return the row of the headings; a heading that stands there twice is a problem."""
        counts = [len(set(FILLED) & set(map(_heading, row))) for row in self.sheet.rows]
        most = max(counts, default=0)
        if not most:
            return None
        head = counts.index(most)
        names = list(map(_heading, self.sheet.rows[head]))
        for name in (*FILLED, CODE):
            places = [column for column, one in enumerate(names) if one == name]
            if len(places) > 1:
                first, second = (self.at(head, column) for column in places[:2])
                self.into.problems.append(
                    f"{second}: 見出し「{name}」が{first}にもあります。片方の列を消してください。"
                )
            if places:
                self.columns[name] = places[0]
        return head

    def _tell_missing(self, there: int, head: int) -> None:
        for cell in self.sheet.rows[head]:
            if is_sheet_mark(cell):
                try:
                    given = read_sheet_mark(str(cell)).rows
                except MarkDamaged:
                    return  # the marks of the rows count
                if given > there:
                    self.into.remarks.append(
                        f"シート{quoted(self.sheet.name)}: 渡した{given}行のうち{given - there}行がありません。"
                        "その行の値は変えません。"
                    )

    def _tell_unmarked(self, number: int, row: tuple[Cell, ...]) -> None:
        filled = [self.columns[name] for name in FILLED if name in self.columns]
        there = next((column for column in filled if row[column] != ""), None)
        if there is not None:
            self.into.remarks.append(
                f"{self.at(number, there)}: 渡した表にない行なので、読んでいません。"
            )

    def _row(self, number: int, row: tuple[Cell, ...]) -> None:
        marks = [column for column, cell in enumerate(row) if is_row_mark(cell)]
        where = self.at(number, self.columns.get(ACTUAL, marks[0]))
        if len(marks) > 1:
            self.into.problems.append(
                f"{where}: 1つの行に見分けの記録が2つあります。渡した記入シートに記入し直してください。"
            )
            return
        try:
            mark = read_row_mark(str(row[marks[0]]))
        except MarkDamaged as problem:
            self.into.problems.append(
                f"{self.at(number, marks[0])}: {problem}渡した記入シートに記入し直してください。"
            )
            return
        told = self._typed(number, row, CODE)
        code = mark.given.key.indicator
        if told is not None and told.text != code:
            self.into.problems.append(
                f"{told.at}: 指標コード{quoted(told.text)}が、この行の記録（{code}）と合いません。"
                "行の一部だけを動かしたようです。元の並びに戻してください。"
            )
            return
        before = len(self.into.problems)
        actual, state, note = (self._typed(number, row, name) for name in (ACTUAL, STATE, NOTE))
        if len(self.into.problems) == before:
            self.into.rows.append(FilledRow(where, mark, actual, state, note))

    def _typed(self, number: int, row: tuple[Cell, ...], name: str) -> Typed | None:
        """Return what stands in a column; what is no text of a person is a problem."""
        column = self.columns.get(name)
        if column is None:
            return None
        at = self.at(number, column)
        try:
            return Typed(at, cell_text(row[column]))
        except ValueProblem as problem:
            self.into.problems.append(f"{at}: {problem}")
            return Typed(at, "")
