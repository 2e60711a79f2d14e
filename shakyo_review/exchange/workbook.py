"""Excel workbooks as people hand them in: looked at before anything is unpacked, then read as cells.

A workbook is a ZIP of XML. Its sizes, the last cell in use and calculated cells without a result are
looked at in the parts themselves before the reader builds a table of them.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from shakyo_review.errors import ReviewError, ValueProblem
from shakyo_review.exchange.textfile import decode, printable, read_file_bytes, shown_name
from shakyo_review.exchange.workbook_cells import (
    LIMITS,
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    SAVE_AS,
    UNCALCULATED,
    SheetProblem,
    attributes,
    faults_of,
    too_big,
)
from shakyo_review.exchange.workbook_styles import percent_styles

__all__ = [
    "MAX_COLUMNS",
    "MAX_ROWS",
    "UNCALCULATED",
    "Cell",
    "Sheet",
    "SheetProblem",
    "cell_text",
    "check_said",
    "column_letters",
    "read_workbook",
]

MAX_UNPACKED = 60_000_000
MAX_PARTS = 2_000
Cell = str | date | time
"""A text ('' for an empty cell, a number as it is written), or what Excel has made a date of."""

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_AS_ABOVE = frozenset("同上 同 同左 〃 々 ″ ” 同じ 上に同じ".split())  # noqa: SIM905
_ERROR = re.compile(r"#(?:REF!|VALUE!|DIV/0!|N/A|NAME\?|NUM!|NULL!)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet, from A1 on; all rows are of one length."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 0: A, Z, AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_workbook(path: Path, *, hidden: bool = False) -> list[Sheet]:
    """Return the sheets in sight with anything in them; raises ``SheetProblem`` in one sentence.

    ``hidden``: those out of sight as well.
    """
    name, data = (
        shown_name(path),
        read_file_bytes(path, limit=MAX_BYTES, refuse=SheetProblem, hint=LIMITS),
    )
    _look_at_kind(data, name)
    faults = _look_inside(data, name)
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    found: list[Sheet] = []
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for about in book.sheets_metadata:
                away = about.visible is not SheetVisibleEnum.Visible
                if about.typ is SheetTypeEnum.WorkSheet and (hidden or not away):
                    raw = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
                    title = printable(about.name)
                    rows = _with_faults(list(map(_row, raw)), faults.get(title, {}))
                    found.append(Sheet(title, rows, away))
    except (CalamineError, OSError, ValueError) as error:
        raise SheetProblem(f"「{name}」を読めません（壊れているようです）。", SAVE_AS) from error
    filled = [sheet for sheet in found if any(any(row) for row in sheet.rows)]
    if all(sheet.hidden for sheet in found):
        raise SheetProblem(
            f"「{name}」には、見えている表のシートがありません（グラフだけか、隠れています）。",
            "表のシートを表示して保存し直してください。",
        )
    if all(sheet.hidden for sheet in filled):
        raise SheetProblem(
            f"「{name}」には何も書かれていません。", "表のあるブックを選んでください。"
        )
    return filled


def is_error(cell: Cell) -> bool:
    """Whether a cell holds an error of Excel (#REF!, #N/A …)."""
    return isinstance(cell, str) and _ERROR.fullmatch(cell) is not None


def cell_text(cell: Cell) -> str:
    """Return the text of a cell; ``ValueProblem`` for a date, an error, a calculation without result."""
    if isinstance(cell, date | time):
        shown = f"日付（{cell:%m/%d}）" if isinstance(cell, date) else f"時刻（{cell:%H:%M}）"
        raise ValueProblem(
            f"Excel が{shown}に変えています。",
            "セルの書式を「文字列」にして打ち直してください。",
        )
    if cell == UNCALCULATED:
        raise ValueProblem(
            "計算式の結果が保存されていません。",
            "Excel で開いて保存し直すか、値を入れてください。",
        )
    if is_error(cell):
        raise ValueProblem(f"計算の誤り「{cell}」が入っています。", "値を入れてください。")
    return cell


def check_said(text: str) -> None:
    """Refuse 同上 and the like: what it points at may come to stand elsewhere; ``ValueProblem``."""
    if text in _AS_ABOVE:
        raise ValueProblem(
            f"「{text}」は上の欄のことで、値ではありません。", "値や文を書いてください。"
        )


def _row(raw: list[object]) -> tuple[Cell, ...]:
    return tuple(map(_cell, raw))


def _cell(value: object) -> Cell:
    if type(value) is str:
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date | time):
        return value
    if isinstance(value, timedelta):
        return time()
    return str(value).strip() if value is not None else ""


def _look_at_kind(data: bytes, name: str) -> None:
    """Refuse what is no .xlsx at all."""
    if not data:
        raise SheetProblem(f"「{name}」は空のファイルです。", "保存し直してください。")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise SheetProblem(
                f"「{name}」にはパスワードが付いています。",
                "Excel でパスワードを外して保存し直してください。",
            )
        raise SheetProblem(f"「{name}」は古い形式（.xls）です。", SAVE_AS)
    if data.startswith(b"PK"):
        return
    try:
        decode(data, name, refuse=SheetProblem)
    except ReviewError:
        raise SheetProblem(
            f"「{name}」は Excel のブック（.xlsx）ではありません。", SAVE_AS
        ) from None
    raise SheetProblem(
        f"「{name}」の中身は CSV などのテキストで、Excel のブックではありません。", SAVE_AS
    )


def _look_inside(data: bytes, name: str) -> dict[str, dict[tuple[int, int], str]]:
    """Refuse what is too big, damaged or of another kind; nothing is unpacked beyond the limits.

    Returns the faulty cells of each sheet.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            infos = parts.infolist()
            names = {info.filename for info in infos}
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise too_big(name, "開くとさらに大きくなります")
            if any(info.flag_bits & 1 for info in infos):
                raise SheetProblem(
                    f"「{name}」にはパスワードが付いています。", "外して保存し直してください。"
                )
            if any(one.endswith("vbaProject.bin") for one in names):
                raise SheetProblem(f"「{name}」にはマクロが入っているため、読みません。", SAVE_AS)
            if "xl/workbook.xml" not in names:
                raise SheetProblem(f"「{name}」は Excel のブック（.xlsx）ではありません。", SAVE_AS)
            if parts.testzip() is not None:  # reads every part: a size that lies is found here
                raise SheetProblem(f"「{name}」は壊れています。", SAVE_AS)
            sheets = list(_parts_of_sheets(parts, names))
            if len(sheets) > MAX_SHEETS:
                raise too_big(name, f"{len(sheets)}シート")
            styles = "xl/styles.xml"
            percents = percent_styles(parts.read(styles)) if styles in names else frozenset()
            return {
                title: faults_of(parts.read(part), name, title, percents) for title, part in sheets
            }
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        zipfile.LargeZipFile,
    ):
        raise SheetProblem(f"「{name}」は壊れています。", SAVE_AS) from None
    except Exception as error:  # zlib.error and others of a damaged stream
        if isinstance(error, ReviewError):
            raise
        raise SheetProblem(f"「{name}」は壊れています。", SAVE_AS) from error


def _parts_of_sheets(parts: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and the part that holds it."""
    relations: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag in _RELATION.findall(parts.read("xl/_rels/workbook.xml.rels")):
            found = attributes(tag)
            relations[found.get("Id", "")] = found.get("Target", "")
    told: set[str] = set()
    for tag in _SHEET.findall(parts.read("xl/workbook.xml")):
        found = attributes(tag)
        target = relations.get(found.get("id", ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            told.add(part)
            yield printable(found.get("name", "")), part
    for part in sorted(names - told):
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
            yield part.rpartition("/")[2], part


def _with_faults(
    rows: list[tuple[Cell, ...]], faults: dict[tuple[int, int], str]
) -> tuple[tuple[Cell, ...], ...]:
    """Put errors back into the cells the reader has left empty."""
    width = max([len(row) for row in rows] + [column + 1 for _, column in faults], default=0)
    height = max([len(rows)] + [row + 1 for row, _ in faults])
    table: list[list[Cell]] = [
        [*(rows[n] if n < len(rows) else ())]
        + [""] * (width - (len(rows[n]) if n < len(rows) else 0))
        for n in range(height)
    ]
    for (row, column), text in faults.items():
        table[row][column] = text
    return tuple(map(tuple, table))
