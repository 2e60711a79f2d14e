"""Cells of a workbook before they are read: the same is found however a program has written them."""

import re
from pathlib import Path

import pytest
import xlsxwriter

from shakyo_review.exchange.workbook import read_workbook
from shakyo_review.exchange.workbook_cells import MAX_CELLS, SheetProblem, faults_of
from shakyo_review.exchange.workbook_styles import percent_styles

SHEET = (
    b'<sheetData><row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="2"><v>0.985</v></c>'
    b'<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D1"><f>SUM(A1)</f><v></v></c>'
    b'<c r="E1"><f>1+1</f><v>2</v></c><c r="F1" s="2"/><c r="G1" s="2"></c></row>'
    b'<row r="2"><c r="A2" s="2" t="str"><f>"x"</f><v>0.5</v></c><c r="B2" s="2"><v>-0.07</v></c></row></sheetData>'
)
FOUND = {(0, 1): "98.5%", (0, 2): "#DIV/0!", (0, 3): "#計算前", (1, 1): "-7%"}


def other_order(content: bytes) -> bytes:
    return re.sub(rb'<c r="(\w+)"([^>]*?)(/?)>', rb'<c\2 r="\1"\3>', content)


def with_prefix(content: bytes) -> bytes:
    return re.sub(rb"<(/?)(c|v|f)\b", rb"<\1x:\2", content)


@pytest.mark.parametrize("write", [bytes, other_order, with_prefix])
def test_what_the_reader_would_not_tell(write: object) -> None:
    content = write(SHEET)  # type: ignore[operator]
    assert faults_of(content, "b.xlsx", "表", frozenset({"2"})) == FOUND
    far = content.replace(b'"B2"', b'"B5001"')
    with pytest.raises(SheetProblem, match="「B5001」まで書かれています"):
        faults_of(far, "b.xlsx", "表", frozenset())
    with pytest.raises(SheetProblem, match="個を超えています"):
        faults_of(content + write(b'<c r="A1"/>') * MAX_CELLS, "b.xlsx", "表", frozenset())  # type: ignore[operator]


def test_percentages_by_their_format(tmp_path: Path) -> None:
    """As people see them: of every format with a % that is no text of its own."""
    path = tmp_path / "b.xlsx"
    formats = ("0%", "0.00%", "0.0%;△0.0%", '0"%"', "0\\%", "General", "#,##0")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for column, one in enumerate(formats):
            sheet.write_number(0, column, 0.07, book.add_format({"num_format": one}))
    assert read_workbook(path)[0].rows == (("7%", "7%", "7%", *["0.07"] * 4),)
    assert percent_styles(b"<styleSheet/>") == frozenset()
