"""Excel workbooks as people hand them in: looked at before anything is unpacked, then read as cells.

A workbook is a ZIP of XML. Its sizes, the last cell in use and calculated cells without a result are
looked at in the parts themselves before the reader builds a table of them.
"""

import html
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import islice
from pathlib import Path

from shakyo_review.errors import PlanProblem, ReviewError
from shakyo_review.exchange.textfile import decode, printable, shown_name

MAX_BYTES = 10_000_000
MAX_UNPACKED = 60_000_000
MAX_PARTS = 2_000
MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 5_000, 200, 60
MAX_CELLS = 300_000
"""Cells of a sheet, whether they say where they stand or not."""

Cell = str | date | time
"""A text ('' for an empty cell, a number as it is written), or what Excel has made a date of."""

_SAVE_AS = "Excel で開き、「Excel ブック（.xlsx）」として保存し直してください。"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c(\s[^<>]*)?>")
_RESULT = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^<>]*)?>([^<]+)")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


UNCALCULATED = "#計算前"
"""What stands in a cell whose calculation has never been carried out."""


class SheetProblem(PlanProblem):
    """A workbook no plan can be made of; ``problems`` are sentences with sheet and cell."""

    def __init__(self, message: str, hint: str = "", problems: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet, from A1 on; all rows are of one length."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def column_letters(number: int) -> str:
    """Return the letters of a column counted from 0: A, Z, AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_workbook(path: Path) -> list[Sheet]:
    """Return the sheets in sight with anything in them; raises ``SheetProblem`` in one sentence."""
    name, data = shown_name(path), _bytes(path)
    _look_at_kind(data, name)
    faults = _look_inside(data, name)
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    found: list[Sheet] = []
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for about in book.sheets_metadata:
                if (
                    about.typ is SheetTypeEnum.WorkSheet
                    and about.visible is SheetVisibleEnum.Visible
                ):
                    raw = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
                    title = printable(about.name)
                    rows = _with_faults(list(map(_row, raw)), faults.get(title, {}))
                    found.append(Sheet(title, rows))
    except (CalamineError, OSError, ValueError) as error:
        raise SheetProblem(f"「{name}」を読めません（壊れているようです）。", _SAVE_AS) from error
    filled = [sheet for sheet in found if any(any(row) for row in sheet.rows)]
    if not filled:
        raise SheetProblem(
            f"「{name}」には何も書かれていません。", "表のあるブックを選んでください。"
        )
    return filled


def _row(raw: list[object]) -> tuple[Cell, ...]:
    return tuple(map(_cell, raw))


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return f"{Decimal(f'{value:.12g}'):f}"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date | time):
        return value
    if isinstance(value, timedelta):
        return time()
    return str(value).strip() if value is not None else ""


def _bytes(path: Path) -> bytes:
    name = shown_name(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SheetProblem(f"「{name}」はフォルダです。", "中のファイルを指定してください。")
        if not stat.S_ISREG(status.st_mode):
            raise SheetProblem(
                f"「{name}」はふつうのファイルではありません。", "ファイルを指定してください。"
            )
        if status.st_size > MAX_BYTES:
            raise _too_big(name, f"{status.st_size:,}バイト")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise SheetProblem(
            f"ファイル「{name}」がありません。", "名前と場所を確かめてください。"
        ) from None
    except PermissionError:
        raise SheetProblem(
            f"「{name}」を読む権限がありません。", "ファイルの権限を確かめてください。"
        ) from None
    except (OSError, ValueError):
        raise SheetProblem(f"「{name}」を読めません。", "名前と場所を確かめてください。") from None


def _too_big(name: str, what: str) -> SheetProblem:
    return SheetProblem(
        f"「{name}」は大きすぎます（{printable(what)}）。",
        f"計画の表だけにしてください（{MAX_ROWS:,}行、{MAX_COLUMNS}列、{MAX_BYTES // 1_000_000}MB まで）。",
    )


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
        raise SheetProblem(f"「{name}」は古い形式（.xls）です。", _SAVE_AS)
    if data.startswith(b"PK"):
        return
    try:
        decode(data, name, refuse=SheetProblem)
    except ReviewError:
        raise SheetProblem(
            f"「{name}」は Excel のブック（.xlsx）ではありません。", _SAVE_AS
        ) from None
    raise SheetProblem(
        f"「{name}」の中身は CSV などのテキストで、Excel のブックではありません。", _SAVE_AS
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
                raise _too_big(name, "開くとさらに大きくなります")
            if any(info.flag_bits & 1 for info in infos):
                raise SheetProblem(
                    f"「{name}」にはパスワードが付いています。", "外して保存し直してください。"
                )
            if any(one.endswith("vbaProject.bin") for one in names):
                raise SheetProblem(f"「{name}」にはマクロが入っているため、読みません。", _SAVE_AS)
            if "xl/workbook.xml" not in names:
                raise SheetProblem(
                    f"「{name}」は Excel のブック（.xlsx）ではありません。", _SAVE_AS
                )
            if parts.testzip() is not None:  # reads every part: a size that lies is found here
                raise SheetProblem(f"「{name}」は壊れています。", _SAVE_AS)
            sheets = list(_parts_of_sheets(parts, names))
            if len(sheets) > MAX_SHEETS:
                raise _too_big(name, f"{len(sheets)}シート")
            return {title: _faults(parts.read(part), name, title) for title, part in sheets}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        zipfile.LargeZipFile,
    ):
        raise SheetProblem(f"「{name}」は壊れています。", _SAVE_AS) from None
    except Exception as error:  # zlib.error and others of a damaged stream
        if isinstance(error, ReviewError):
            raise
        raise SheetProblem(f"「{name}」は壊れています。", _SAVE_AS) from error


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        key.decode().rpartition(":")[2]: html.unescape(value.decode("utf-8", "replace"))
        for key, value in _ATTRIBUTE.findall(tag)
    }


def _parts_of_sheets(parts: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and the part that holds it."""
    relations: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag in _RELATION.findall(parts.read("xl/_rels/workbook.xml.rels")):
            found = _attributes(tag)
            relations[found.get("Id", "")] = found.get("Target", "")
    told: set[str] = set()
    for tag in _SHEET.findall(parts.read("xl/workbook.xml")):
        found = _attributes(tag)
        target = relations.get(found.get("id", ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            told.add(part)
            yield printable(found.get("name", "")), part
    for part in sorted(names - told):
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
            yield part.rpartition("/")[2], part


def _faults(content: bytes, name: str, title: str) -> dict[tuple[int, int], str]:
    """Return the cells (row, column from 0) that hold an error of Excel, or a calculation without a result.

    The reader gives them as empty. Refuses a sheet whose last cell in use lies too far out.
    """
    found: dict[tuple[int, int], str] = {}
    begins = list(islice(_CELL.finditer(content), MAX_CELLS + 1))
    if len(begins) > MAX_CELLS:
        raise _too_big(name, f"シート「{title}」のセルが{MAX_CELLS:,}個を超えています")
    for number, tag in enumerate(begins):
        end = begins[number + 1].start() if number + 1 < len(begins) else len(content)
        inside = content[tag.end() : end]
        if (tag[1] or b"").endswith(b"/") or inside.startswith(b"</"):
            continue  # formatted, but empty
        facts = _attributes(tag[1] or b"")
        there = _PLACE.fullmatch(facts.get("r", ""))
        if (
            there is None
        ):  # Excel always writes where a cell stands; counting them could lead anywhere
            raise SheetProblem(
                f"「{name}」のシート「{title}」には、位置の書かれていないセルがあります。", _SAVE_AS
            )
        row, column = int(there[2]), _column_number(there[1])
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise _too_big(name, f"シート「{title}」の {there[0]} まで書かれています")
        result = _RESULT.search(inside)
        if facts.get("t") == "e" and result is not None:
            found[row - 1, column - 1] = printable(result[1].decode("utf-8", "replace"))[:10]
        elif result is None and re.search(rb"<(?:\w+:)?f[\s/>]", inside):
            found[row - 1, column - 1] = UNCALCULATED
    return found


def _column_number(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


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
