"""The long CSV: one figure a row, for committees, scripts and other programs.

``read_rows`` finds the rows, ``understand`` makes entries of them against a plan,
``write_rows`` writes a table that reads back equal.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from shakyo_review.domain.cell import BLANK, CellKey
from shakyo_review.domain.table_text import guarded, unguarded
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ImportRefused, ReviewError
from shakyo_review.exchange.rows import (
    COLUMNS,
    Entry,
    LongRow,
)
from shakyo_review.exchange.textfile import printable, read_text_file, shown_name
from shakyo_review.exchange.understanding import count_blank, refused, understand

__all__ = [
    "COLUMNS",
    "Entry",
    "LongRow",
    "count_blank",
    "parse_rows",
    "read_rows",
    "understand",
    "write_rows",
]

MAX_BYTES = 50_000_000

_COLUMNS_HINT = f"1行目に {','.join(COLUMNS)} と書いてください。"


def read_rows(path: Path) -> list[LongRow]:
    """Return the rows of a CSV file (UTF-8 with or without BOM, or Shift_JIS).

    Raises ``ImportRefused`` for a file that is no such table.
    """
    text = read_text_file(path, limit=MAX_BYTES, refuse=_refuse)
    return parse_rows(text, shown_name(path))


def has_head(path: Path) -> bool:
    """Whether a CSV begins with headings of the long table, whatever parts them; raises as ``read_rows``."""
    text = read_text_file(path, limit=MAX_BYTES, refuse=_refuse)
    head = next((line for line in text.splitlines() if line.strip(" ,")), "")
    return bool({name.strip(' "') for name in re.split("[,;\t]", head)} & set(COLUMNS))


def _refuse(message: str, hint: str) -> ReviewError:
    return ImportRefused(message, hint, (f"{message}{hint}",))


def parse_rows(text: str, source: str = "CSV") -> list[LongRow]:
    """Return the rows of a CSV text; empty lines are skipped but counted.

    ``source`` names the table in messages. Raises ``ImportRefused``.
    """
    records = _records(text, source)
    number, header = next(records, (0, []))
    if not header:
        raise _refuse(f"「{source}」は空です。", _COLUMNS_HINT)
    places = _places(header, source, number)
    width = len(header)
    rows: list[LongRow] = []
    problems: list[str] = []
    for number, fields in records:
        while len(fields) > width and not fields[-1].strip():
            fields.pop()
        if len(fields) != width:
            problems.append(
                f"{number}行目: 欄が{len(fields)}個あります（見出しは{width}個）。"
                "コンマと引用符を確かめてください。"
            )
            continue
        rows.append(LongRow(number, *(unguarded(fields[place]) for place in places)))
    if problems:
        raise refused(source, problems)
    return rows


def _records(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and fields of every record that is not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise refused(source, [f"{number}行目: {_csv_problem(str(problem))}"]) from None
        if any(field.strip() for field in fields):
            yield number, fields


def _csv_problem(told: str) -> str:
    if "end of data" in told:
        return 'ここから始まる引用符（"）が閉じていません。閉じてください。'
    if "field limit" in told:
        return '1つの欄が長すぎます。引用符（"）の閉じ忘れがないか確かめてください。'
    return '引用符（"）の使い方が読めません。欄の中の " は "" と書いてください。'


def _places(header: list[str], source: str, number: int) -> list[int]:
    """Return where each column stands."""
    while header and not header[-1].strip():
        header.pop()
    names = [name.strip() for name in header]
    if len(names) == 1 and any(mark in names[0] for mark in "\t;"):
        raise _refuse(
            f"「{source}」の区切りがコンマではありません。",
            "コンマ区切りの CSV で保存してください。",
        )
    told = f"「{source}」の見出し（{number}行目）"
    if not set(names) & set(COLUMNS):
        raise _refuse(f"{told}が読めません。", _COLUMNS_HINT)
    for name in names:
        shown = printable(name[:40])
        if name not in COLUMNS:
            raise _refuse(
                f"{told}の「{shown}」という列は使えません。",
                f"使える列は {','.join(COLUMNS)} です。",
            )
        if names.count(name) > 1:
            raise _refuse(f"{told}に「{shown}」が2つあります。", "片方の列を消してください。")
    for name in COLUMNS:
        if name not in names:
            raise _refuse(f"{told}に「{name}」の列がありません。", _COLUMNS_HINT)
    return [names.index(name) for name in COLUMNS]


# --- writing -----------------------------------------------------------------------------


def write_rows(entries: Iterable[Entry | CellKey], *, bom: bool = False) -> str:
    """Return a table (LF) with a row for every entry, and a row to fill in for every bare key.

    Numbers are plain (no commas, no unit), a share is 30/100, 見込み follows the number; a text that
    would run as a formula is guarded, and read back as it was. The caller encodes to UTF-8; ``bom`` puts the mark in front by which Excel knows it.
    """
    lines = [",".join(COLUMNS)]
    for item in entries:
        entry = Entry(0, item, BLANK) if isinstance(item, CellKey) else item
        lines.append(",".join(map(_quote, _fields(entry, blank=isinstance(item, CellKey)))))
    return ("\ufeff" if bom else "") + "\n".join(lines) + "\n"


def _fields(entry: Entry, *, blank: bool) -> Sequence[str]:
    key = entry.key
    value, state = ("", "") if blank else _written(entry.reading)
    measured = "" if entry.measured_year is None else str(entry.measured_year)
    return (
        *(key.indicator, str(key.year), key.branch, key.period, key.kind.value),
        *(value, state, measured, guarded(entry.note)),
    )


def _written(reading: Reading) -> tuple[str, str]:
    """Return value and state of a reading as they are written."""
    if reading.state is State.TEXT:
        return guarded(reading.text), State.TEXT.value
    if reading.state is not State.VALUE or reading.value is None:
        return "", reading.state.value
    value = f"{reading.value:f}"
    if reading.denominator is not None:
        value += f"/{reading.denominator:f}"
    return (f"{value}（見込み）" if reading.forecast else value), ""


def _quote(text: str) -> str:
    if any(c in text for c in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
