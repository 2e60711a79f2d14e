"""A block copied from a spreadsheet: understood as a whole before anything is written."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ReviewError, ValueProblem, WrongUsage
from shakyo_review.services.entry import understand
from shakyo_review.ui.sheet import EDITABLE, Row, Sheet

MAX_CELLS = 20_000
"""Cells of a pasted block; more is a mistake, or a case for the command line's import."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """One cell that will change: where, the version it had when it was shown, from what to what."""

    row: Row
    kind: Kind
    before: Cell
    reading: Reading

    @property
    def key(self) -> CellKey:
        """Where the cell is kept."""
        return self.before.key


def block_of(text: str) -> list[list[str]]:
    """Split pasted text into rows and cells (tabs and lines; a quoted cell may hold both)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "?").strip("\n")
    if '"' not in text:
        return [line.split("\t") for line in text.split("\n")]
    try:
        return list(csv.reader(StringIO(text), delimiter="\t"))
    except csv.Error:
        return [line.split("\t") for line in text.split("\n")]


def single_value(text: str) -> str | None:
    """Return a pasted text that is one value, made harmless to show; None where it is a block."""
    block = block_of(text)
    if len(block) > 1 or len(_trimmed(block[0])) > 1:
        return None
    value = block[0][0] if block[0] else ""
    return "".join(c if c.isprintable() or c == "　" else "?" for c in value)


def place_block(sheet: Sheet, first: int, kind: Kind, text: str) -> list[Pasted]:
    """Lay a block over the sheet from a cell on, rightwards and down; returns what changes.

    Blank cells of the block leave what is there. Raises ``ReviewError`` naming the line of the
    block, the row and the text where anything does not fit or cannot be read.
    """
    block = block_of(text)
    kinds = EDITABLE[EDITABLE.index(kind) :]
    if sum(len(line) for line in block) > MAX_CELLS:
        raise WrongUsage("貼り付ける量が多すぎます。", "「import」コマンドで取り込んでください。")
    width = max((len(_trimmed(line)) for line in block), default=0)
    if width > len(kinds):
        names = "・".join("目標" if k is Kind.TARGET else "実績" for k in kinds)
        raise WrongUsage(
            f"{width}列ありますが、ここから右に入力できるのは{len(kinds)}列（{names}）です。",
            "列を選び直して写してください。何も書き込んでいません。",
        )
    room = len(sheet.rows) - first
    if len(block) > room:
        raise WrongUsage(
            f"{len(block)}行ありますが、ここから下には{room}行しかありません。",
            "位置か範囲を直してください。何も書き込んでいません。",
        )
    changes: list[Pasted] = []
    for place, line in enumerate(block):
        changes += _line_changes(sheet, sheet.rows[first + place], place + 1, _trimmed(line), kinds)
    return changes


def _trimmed(line: Sequence[str]) -> list[str]:
    cells = list(line)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _line_changes(
    sheet: Sheet, row: Row, number: int, line: list[str], kinds: Sequence[Kind]
) -> list[Pasted]:
    indicator = sheet.indicator(row)
    changes: list[Pasted] = []
    for kind, typed in zip(kinds, line, strict=False):
        if not typed.strip():
            continue
        where = f"貼り付けの{number}行目（{row.indicator} {indicator.name[:30]}）"
        try:
            reading = understand(indicator, typed)
        except ReviewError as problem:
            raise ValueProblem(f"{where}: {problem.message}", "何も書き込んでいません。") from None
        before = sheet.cell(row, kind)
        if reading.state is State.NOT_ENTERED or (reading == before.reading and not before.example):
            continue
        changes.append(Pasted(row, kind, before, reading))
    return changes
