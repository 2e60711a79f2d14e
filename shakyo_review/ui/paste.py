"""A block copied from a spreadsheet: understood as a whole before anything is written."""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import StringIO

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.services.entry import understand
from shakyo_review.ui.sheet import EDITABLE, Row, Sheet

MAX_CELLS = 20_000
"""Cells of a pasted block; more is a mistake, or a case for the command line's import."""
NOTHING_WRITTEN = "何も書き込んでいません。"

_DOUBLED = re.compile(r"(?:[^\r\n]*\r\r)+")
"""Lines ended by CRLF of which the terminal (tmux) has made two CR each."""


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


@dataclass(slots=True)
class Block:
    """What a pasted block comes to: cells that change, and sentences on those that are refused."""

    changes: list[Pasted] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def block_of(text: str) -> list[list[str]]:
    """Split pasted text into rows and cells (tabs and lines; a quoted cell may hold both)."""
    if _DOUBLED.fullmatch(text):
        text = text.replace("\r\r", "\n")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "?").rstrip("\n")
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


def place_block(
    sheet: Sheet, first: int, kind: Kind, text: str, may: Callable[[Row, Kind], bool]
) -> Block:
    """Lay a block over the sheet from a cell on, rightwards and down; returns what comes of it.

    Blank cells of the block leave what is there. ``may`` tells whether the person may write into a
    cell. Raises ``ReviewError`` where the block has not the shape of the place.
    """
    lines = [_trimmed(line) for line in block_of(text)]
    while lines and not lines[-1]:
        lines.pop()
    kinds = EDITABLE[EDITABLE.index(kind) :]
    if sum(map(len, lines)) > MAX_CELLS:
        raise WrongUsage("貼り付ける量が多すぎます。", "「import」コマンドで取り込んでください。")
    width = max(map(len, lines), default=0)
    if width > len(kinds):
        names = "・".join("目標" if k is Kind.TARGET else "実績" for k in kinds)
        raise WrongUsage(
            f"{width}列ありますが、ここから右に入力できるのは{len(kinds)}列（{names}）です。",
            f"列を選び直して写してください。{NOTHING_WRITTEN}",
        )
    room = len(sheet.rows) - first
    if len(lines) > room:
        raise WrongUsage(
            f"{len(lines)}行ありますが、ここから下には{room}行しかありません。",
            f"位置か範囲を直してください。{NOTHING_WRITTEN}",
        )
    block = Block()
    for place, line in enumerate(lines):
        _take_line(block, sheet, sheet.rows[first + place], place + 1, line, kinds, may)
    return block


def _trimmed(line: Sequence[str]) -> list[str]:
    cells = list(line)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _take_line(
    block: Block,
    sheet: Sheet,
    row: Row,
    number: int,
    line: list[str],
    kinds: Sequence[Kind],
    may: Callable[[Row, Kind], bool],
) -> None:
    indicator = sheet.indicator(row)
    where = f"{number}行目（{row.indicator} {indicator.name[:20]}）"
    for kind, typed in zip(kinds, line, strict=False):
        if not typed.strip():
            continue
        try:
            reading = understand(indicator, typed)
        except ReviewError as problem:
            block.refused.append(f"{where}: {problem.message}")
            continue
        before = sheet.cell(row, kind)
        if reading.state is State.NOT_ENTERED or (reading == before.reading and not before.example):
            continue
        if may(row, kind):
            block.changes.append(Pasted(row, kind, before, reading))
        else:
            block.refused.append(f"{where}: 担当ではないので書き込めません。")
