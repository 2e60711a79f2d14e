"""Tables of a council's own 進捗管理シート (Excel or CSV): found, and read row by row.

Nothing is asked of the file but a head of words: merged cells, title lines, notes, subtotals, repeated heads
and empty columns are what such sheets are made of.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shakyo_review.errors import ImportRefused, ReviewError, quoted
from shakyo_review.exchange.entry_sheet.reading import is_entry_sheet
from shakyo_review.exchange.textfile import printable, read_text_file, shown_name
from shakyo_review.exchange.tracking.heads import Head, Reading, find_head
from shakyo_review.exchange.tracking.words import FIGURES, Field, folded, kind_named
from shakyo_review.exchange.workbook import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Sheet,
    column_letters,
    read_workbook,
)
from shakyo_review.exchange.workbook_cells import MAX_BYTES

_TOTALS = re.compile(r"(?:小|合|総|総合|中|再)?計|平均|(?:.*の)?(?:小計|合計|総計)")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in a file."""

    sheet: str
    row: int
    column: int | None = None

    @property
    def text(self) -> str:
        """The place in words: シート「地域課」のF12; シート「地域課」の12行目."""
        cell = f"{self.row + 1}行目" if self.column is None else self.cell
        return f"シート{quoted(self.sheet)}の{cell}"

    @property
    def cell(self) -> str:
        """The cell alone: F12."""
        return f"{column_letters(self.column or 0)}{self.row + 1}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell that says something of a year: that of its column."""

    field: Field
    spot: Spot
    cell: Cell


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what it is about, in the words of the sheet, and its figures.

    ``items`` are the words of the levels from the top, ``branch`` the 区・支所 the figures are of ('': all);
    ``key`` is by what the row is known again.
    """

    spot: Spot
    codes: tuple[str, ...]
    items: tuple[str, ...]
    indicator: str
    unit: str
    owner: str
    branch: str
    figures: tuple[Figure, ...]

    @property
    def key(self) -> str:
        """What the row says of itself, however widths and spaces are typed."""
        return "|".join(folded(text) for text in (*self.codes, *self.items, self.indicator))

    @property
    def name(self) -> str:
        """How the row is called in a sentence."""
        return self.indicator or (self.items or self.codes or ("",))[-1]


@dataclass(frozen=True, slots=True)
class Tables:
    """The sheets of a file, and the heads found in them."""

    name: str
    sheets: tuple[Sheet, ...]
    heads: tuple[Head, ...] = field(default=())


def read_tables(path: Path, sheet: str = "", row: int | None = None) -> Tables:
    """Return the tables of a workbook or a CSV file.

    ``sheet`` names the one to be read, ``row`` (from 0) is where its head begins. Raises ``ReviewError``
    where the file cannot be read or has no such sheet, ``ImportRefused`` where no head is found.
    """
    name = shown_name(path)
    sheets = _csv(path) if path.suffix.lower() in (".csv", ".txt", ".tsv") else read_workbook(path)
    if sheet:
        wanted = [one for one in sheets if folded(one.name) == folded(sheet)]
        if not wanted:
            names = "、".join(one.name for one in sheets)
            raise _refused(
                f"「{name}」にシート{quoted(sheet)}がありません。", f"あるシート: {names}。"
            )
        sheets = wanted
    sheets = [one for one in sheets if not is_entry_sheet([one])]
    if not sheets:
        raise _refused(
            f"「{name}」{f'のシート{quoted(sheet)}' if sheet else ''}は記入シートです。",
            "渡したときの形（.xlsx）のまま、--columns・--sheet を付けずに取り込んでください。",
        )
    heads = [head for one in sheets if (head := find_head(one, row)) is not None]
    if not heads:
        raise _refused(
            f"「{name}」に進捗管理の表が見つかりません。",
            "見出しの行に「取組」「指標」「目標」「実績」などと書いてあるか確かめてください。"
            "見出しの行は「--columns 見出し=5」のように指定することもできます。",
        )
    return Tables(name, tuple(sheets), tuple(heads))


def _refused(message: str, hint: str) -> ImportRefused:
    return ImportRefused(message, hint, (f"{message}{hint}",))


def _csv(path: Path) -> list[Sheet]:
    name = shown_name(path)

    def refuse(message: str, hint: str) -> ReviewError:
        return _refused(message, hint)

    text = read_text_file(path, limit=MAX_BYTES, refuse=refuse)
    first = text.partition("\n")[0]
    mark = "\t" if first.count("\t") > first.count(",") else ","
    try:
        raw = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error:
        raise _refused(
            f'「{name}」の引用符（"）の使い方が読めません。',
            "Excel で開き、CSV として保存し直してください。",
        ) from None
    width = max(map(len, raw), default=0)
    if width > MAX_COLUMNS or len(raw) > MAX_ROWS:
        raise _refused(
            f"「{name}」は大きすぎます（{len(raw):,}行、{width}列）。",
            f"{MAX_ROWS:,}行、{MAX_COLUMNS}列までにしてください。",
        )
    if not any(any(field.strip() for field in row) for row in raw):
        raise _refused(
            f"「{name}」には何も書かれていません。", "表のあるファイルを選んでください。"
        )
    rows = tuple(tuple(field.strip() for field in row) + ("",) * (width - len(row)) for row in raw)
    return [Sheet(printable(path.stem), rows)]


_NAMES = (
    Field.CODE,
    Field.ITEM,
    Field.INDICATOR,
    Field.UNIT,
    Field.OWNER,
    Field.BRANCH,
)


def lines_of(head: Head, reading: Reading) -> Iterator[Line]:
    """Yield the rows that say something of a year; blank cells of the levels are as above."""
    above = _Above()
    by_field = {
        wanted: [number for number, said in reading.items() if said is wanted] for wanted in Field
    }
    figures = [number for number, said in sorted(reading.items()) if said in FIGURES]
    kinds = by_field[Field.KIND]
    for number in range(head.first, len(head.sheet.rows)):
        row = head.sheet.rows[number]
        if _is_head(head, row, reading):
            continue
        texts = {one: [_text(row[column]) for column in sorted(by_field[one])] for one in _NAMES}
        if any(_TOTALS.fullmatch(folded(t)) for one in texts.values() for t in one if t):
            continue
        branch = "".join(texts[Field.BRANCH])
        line = above.take(texts, filling=bool(kinds or branch))
        kind = kind_named(_text(row[kinds[0]])) if kinds else None
        told = []
        for column in figures:
            said = reading[column]
            if kinds and said is not Field.NOTE and said is not Field.STATE:
                if not isinstance(kind, Field):
                    continue
                said = kind
            elif kinds and kind is Field.TARGET:
                continue  # said once, in the row of the actual
            if row[column] != "":
                spot = Spot(head.sheet.name, number, column)
                told.append(Figure(said, spot, row[column]))
        if told:
            codes, items, indicator, unit, owner = line
            spot = Spot(head.sheet.name, number)
            yield Line(spot, codes, items, indicator, unit, owner, branch, tuple(told))


def _text(cell: Cell) -> str:
    return printable(" ".join(cell.split())) if isinstance(cell, str) else ""


def _is_head(head: Head, row: tuple[Cell, ...], reading: Reading) -> bool:
    """Whether a row is the head once more (printed on every page)."""
    heads = head.sheet.rows[head.top : head.first]
    return any(
        all(row[column] == one[column] for column in reading)
        and sum(row[column] != "" for column in reading) >= 2
        for one in heads
    )


class _Above:
    """What stood in the rows above, for cells that are merged downwards."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.codes: list[str] = []
        self.indicator = self.unit = self.owner = ""

    def take(
        self, texts: Mapping[Field, list[str]], *, filling: bool
    ) -> tuple[tuple[str, ...], tuple[str, ...], str, str, str]:
        """Return codes, items, indicator, unit and owner of a row.

        ``filling``: an indicator takes several rows (目標 and 実績, a 区 each), its name stands in the first.
        """
        items = self._items(texts[Field.ITEM])
        indicator = "".join(texts[Field.INDICATOR])
        new = any(texts[Field.ITEM]) or bool(indicator) or any(texts[Field.CODE])
        codes = [code for code in texts[Field.CODE] if code]
        unit, owner = "".join(texts[Field.UNIT]), "、".join(filter(None, texts[Field.OWNER]))
        if filling and not new:
            codes, indicator, unit = self.codes, self.indicator, unit or self.unit
        if any(texts[Field.ITEM]):
            self.owner = owner
        self.items, self.codes, self.indicator, self.unit = items, codes, indicator, unit
        self.owner = owner or self.owner
        return tuple(codes), tuple(filter(None, items)), indicator, unit, self.owner

    def _items(self, texts: list[str]) -> list[str]:
        items = list(texts)
        for level, text in enumerate(texts):
            if text:
                break
            items[level] = self.items[level] if level < len(self.items) else ""
        return items
