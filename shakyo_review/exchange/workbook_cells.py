"""The cells of a sheet as they stand in its part of the workbook: looked at before the reader builds a table.

What the reader gives as empty or otherwise than people see it is found here: errors, calculations
that were never carried out, percentages; and a sheet that is far larger than any table is refused.
"""

import html
import re
from itertools import islice

from shakyo_review.errors import PlanProblem
from shakyo_review.exchange.textfile import printable
from shakyo_review.exchange.workbook_styles import as_percent

MAX_BYTES = 10_000_000
MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 5_000, 200, 60
MAX_CELLS = 300_000
"""Cells of a sheet, whether they say where they stand or not."""
LIMITS = f"要る表だけにしてください（{MAX_ROWS:,}行、{MAX_COLUMNS}列、{MAX_BYTES // 1_000_000}MB まで）。"
SAVE_AS = "Excel で開き、「Excel ブック（.xlsx）」として保存し直してください。"
UNCALCULATED = "#計算前"
"""What stands in a cell whose calculation has never been carried out."""

Faults = dict[tuple[int, int], str]
"""Texts by row and column, counted from 0."""

_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c(\s[^<>]*)?>")
_PLAIN = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(/?)>(</c>|<v>|<is>|<f|)'
)
"""A cell as nearly every program writes it, and what it begins with."""
_PLACES = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_RESULT = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^<>]*)?>([^<]+)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class SheetProblem(PlanProblem):
    """A workbook nothing can be read from; ``problems`` are sentences with sheet and cell."""

    def __init__(self, message: str, hint: str = "", problems: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.problems = problems


def too_big(name: str, what: str) -> SheetProblem:
    """Return the refusal of a workbook that is larger than any table."""
    return SheetProblem(f"「{name}」は大きすぎます（{printable(what)}）。", LIMITS)


def attributes(tag: bytes) -> dict[str, str]:
    """Return the attributes of a tag, without the prefixes of their names."""
    return {
        key.decode().rpartition(":")[2]: html.unescape(value.decode("utf-8", "replace"))
        for key, value in _ATTRIBUTE.findall(tag)
    }


def faults_of(content: bytes, name: str, title: str, percents: frozenset[str]) -> Faults:
    """Return the cells that hold an error of Excel, or a calculation without a result.

    The reader gives them as empty. Numbers shown as percentages (``percents`` are their styles) are
    among them as people see them: 98.5%, not 0.985. Refuses a sheet whose last cell in use lies too far out.
    """
    scan = _Scan(name, title, percents)
    count = content.count(b"<c ")
    if count > MAX_CELLS:
        raise scan.too_many()
    usual = b":c " not in content and b"<c>" not in content
    if usual and scan.nothing_special(content, count):
        return {}
    if not usual or scan.plain(content) != count:
        scan.found.clear()
        scan.any(content)
    return scan.found


class _Scan:
    """One pass over the cells of a sheet."""

    def __init__(self, name: str, title: str, percents: frozenset[str]) -> None:
        self.name, self.title = name, title
        self.percents = frozenset(one.encode() for one in percents)
        self.found: Faults = {}
        self._columns: dict[bytes, int] = {}

    def too_many(self) -> SheetProblem:
        return too_big(self.name, f"シート「{self.title}」のセルが{MAX_CELLS:,}個を超えています")

    def nothing_special(self, content: bytes, count: int) -> bool:
        """Whether no cell needs a look: no formula, error or percentage, all of them near enough."""
        styles = (b' s="%s"' % style for style in self.percents)
        if any(mark in content for mark in (b"<f", b't="e"', *styles)):
            return False
        places = _PLACES.findall(content)
        columns, rows = {column for column, _ in places}, {row for _, row in places}
        return (
            len(places) == count
            and max(map(int, rows), default=0) <= MAX_ROWS
            and all(_column_number(column.decode()) <= MAX_COLUMNS for column in columns)
        )

    def plain(self, content: bytes) -> int:
        """Look at the cells that are written as usual; returns how many there are."""
        count, last = 0, b""
        for cell in _PLAIN.finditer(content):
            count += 1
            column, row, style, kind, closed, begin = cell.groups()
            if closed or begin == b"</c>":
                continue  # formatted, but empty
            if row != last or column not in self._columns:
                self._check_place(column.decode(), int(row))
                self._columns.setdefault(column, _column_number(column.decode()))
                last = row
            if begin == b"<is>" or (
                begin == b"<v>" and kind != b"e" and style not in self.percents
            ):
                continue
            end = content.find(b"</c>", cell.end())
            self._look(int(row), self._columns[column], kind, style, content[cell.start(6) : end])
        return count

    def any(self, content: bytes) -> None:
        """Look at cells however they are written."""
        begins = list(islice(_CELL.finditer(content), MAX_CELLS + 1))
        if len(begins) > MAX_CELLS:
            raise self.too_many()
        for number, tag in enumerate(begins):
            end = begins[number + 1].start() if number + 1 < len(begins) else len(content)
            inside = content[tag.end() : end]
            if (tag[1] or b"").endswith(b"/") or inside.startswith(b"</"):
                continue  # formatted, but empty
            facts = attributes(tag[1] or b"")
            there = _PLACE.fullmatch(facts.get("r", ""))
            if there is None:
                # Excel always writes where a cell stands; counting them could lead anywhere.
                raise SheetProblem(
                    f"「{self.name}」のシート「{self.title}」には、位置の書かれていないセルがあります。",
                    SAVE_AS,
                )
            row = int(there[2])
            self._check_place(there[1], row)
            kind, style = facts.get("t"), facts.get("s")
            self._look(
                *(row, _column_number(there[1])),
                *(kind.encode() if kind else None, style.encode() if style else None),
                inside,
            )

    def _check_place(self, letters: str, row: int) -> None:
        if row > MAX_ROWS or _column_number(letters) > MAX_COLUMNS:
            raise too_big(
                self.name, f"シート「{self.title}」の「{letters}{row}」まで書かれています"
            )

    def _look(
        self, row: int, column: int, kind: bytes | None, style: bytes | None, inside: bytes
    ) -> None:
        """Note what the reader would not give: ``inside`` is what stands in the cell."""
        result, place = _RESULT.search(inside), (row - 1, column - 1)
        if result is None:
            if _FORMULA.search(inside):
                self.found[place] = UNCALCULATED
        elif kind == b"e":
            self.found[place] = printable(result[1].decode("utf-8", "replace"))[:10]
        elif style in self.percents and kind in (None, b"n") and (seen := as_percent(result[1])):
            self.found[place] = seen


def _column_number(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
