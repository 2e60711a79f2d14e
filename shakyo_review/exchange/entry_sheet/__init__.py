"""The 記入シート: what stands in it, and the marks by which a row knows itself again.

A row carries, in a hidden column, which figure of which book it is and what that figure was when the
sheet was given out. So rows may be sorted, moved or copied to another workbook, and what the book
has become meanwhile is told from what the committee has changed.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from shakyo_review.domain.cell import PERIOD_LABELS, Cell, CellKey, Kind
from shakyo_review.domain.indicator import Parts
from shakyo_review.domain.value import STATE_LABELS, Reading, State
from shakyo_review.errors import ReviewError

TITLE = "記入シート"
CODE, ACTUAL, STATE, NOTE = "指標コード", "実績", "状態", "実施内容"
FILLED = (ACTUAL, STATE, NOTE)
"""The headings of the yellow columns."""
FORECAST = "見込み"
STATE_WORDS = (
    FORECAST,
    *(label for state, label in STATE_LABELS.items() if state not in (State.VALUE, State.TEXT)),
)
"""What may be chosen in the column 状態; 未入力 takes a figure away, a blank never does."""

_ROW, _SHEET = "SR1:", "SRS1:"
_CHECK = 12
_DIGITS, _DECIMALS, _YEARS = 100, 5, range(1900, 2200)
"""What no figure, indicator or year of a book goes beyond."""


class MarkDamaged(ReviewError):
    """A mark that was edited, or is not of this program."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What the figures of a row mean: of which indicator (identity), in what unit, how exact."""

    indicator_id: int
    unit: str
    decimals: int
    parts: str


@dataclass(frozen=True, slots=True)
class RowMark:
    """Which figure a row is about, and what it was when the sheet was given out.

    ``open`` is whether 実績 and 状態 were to be filled in; where the tool adds up the rows below it,
    they were not.
    """

    book: str
    definition: Definition
    given: Cell
    open: bool = True

    def written(self) -> str:
        """Return the mark as it stands in its cell."""
        key, reading = self.given.key, self.given.reading
        about = self.definition
        facts = [
            *(self.book, about.indicator_id, about.unit, about.decimals, about.parts),
            *(key.indicator, key.year, key.branch, key.period, self.given.version),
            *(reading.state.value, _number(reading.value), _number(reading.denominator)),
            *(reading.text, reading.forecast, self.given.measured_year),
            *(self.given.note, self.given.example, self.open),
        ]
        return _written(_ROW, facts)


@dataclass(frozen=True, slots=True)
class SheetMark:
    """For whom a sheet was made, and with how many rows."""

    book: str
    year: int
    owner: str
    rows: int

    def written(self) -> str:
        """Return the mark as it stands in the head of its column."""
        return _written(_SHEET, [self.book, self.year, self.owner, self.rows])


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _written(prefix: str, facts: Sequence[object]) -> str:
    text = json.dumps(facts, separators=(",", ":")).replace("_", "\\u005f")
    # Underscores are escaped: _x0041_ is a letter to a workbook.
    return f"{prefix}{_check(text)}{text}"


def _check(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_CHECK]


def _facts(text: str, prefix: str) -> list[object]:
    body = text.removeprefix(prefix)
    told, facts = body[:_CHECK], body[_CHECK:]
    if told != _check(facts):
        raise MarkDamaged("見分けの記録（隠れた列）が書き換えられています。")
    found: list[object] = json.loads(facts)
    return found


def is_row_mark(text: object) -> bool:
    """Whether a cell holds the mark of a row, whole or damaged."""
    return isinstance(text, str) and text.startswith(_ROW)


def is_sheet_mark(text: object) -> bool:
    """Whether a cell holds the mark of a sheet, whole or damaged."""
    return isinstance(text, str) and text.startswith(_SHEET)


def read_row_mark(text: str) -> RowMark:
    """Return what a mark says; ``MarkDamaged`` where it was edited."""
    try:
        book, number, unit, decimals, parts, *rest = _facts(text, _ROW)
        code, year, branch, period, version, state, value, denominator, *more = rest
        said, forecast, measured, note, example, opened = more
        reading = Reading(
            State(_text(state)), _decimal(value), _decimal(denominator), _text(said), bool(forecast)
        )
        key = CellKey(_text(code), _whole(year), Kind.ACTUAL, _text(branch), _text(period))
        measured_year = None if measured is None else _whole(measured)
        given = Cell(key, reading, measured_year, _text(note), bool(example), _whole(version))
        about = Definition(_whole(number), _text(unit), _whole(decimals), Parts(parts).value)
        if not _possible(about, given):
            raise ValueError(about, given)
        return RowMark(_text(book), about, given, bool(opened))
    except (ValueError, TypeError, InvalidOperation, RecursionError):
        raise MarkDamaged("見分けの記録（隠れた列）を読めません。") from None


def _possible(about: Definition, given: Cell) -> bool:
    """Whether a book may have what a mark says; a forged one says anything."""
    key, reading = given.key, given.reading
    return (
        about.decimals in range(_DECIMALS)
        and key.year in _YEARS
        and key.period in ("", *PERIOD_LABELS)
        and (reading.state is not State.VALUE or reading.value is not None)
    )


def read_sheet_mark(text: str) -> SheetMark:
    """Return what the mark of a sheet says; ``MarkDamaged`` where it was edited."""
    try:
        book, year, owner, rows = _facts(text, _SHEET)
        return SheetMark(_text(book), _whole(year), _text(owner), _whole(rows))
    except (ValueError, TypeError, RecursionError):
        raise MarkDamaged("見分けの記録（隠れた列）を読めません。") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value


def _decimal(value: object) -> Decimal | None:
    number = None if value is None else Decimal(_text(value))
    if number is not None and not (number.is_finite() and abs(number.adjusted()) < _DIGITS):
        raise ValueError(number)
    return number


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row to be filled in, in words; ``mark`` tells what it is.

    Where the mark is not open, ``actual`` is what the rows below it come to.
    """

    mark: RowMark
    action: str
    name: str
    unit: str
    baseline: str
    target_before: str
    actual_before: str
    letter_before: str
    target: str
    actual: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class EntrySheet:
    """The 記入シート of one owner (担当) and year."""

    book: str
    plan: str
    year: int
    owner: str
    contact: str
    due: str
    rows: tuple[SheetRow, ...]
    promises: tuple[tuple[str, str], ...] = ()
    """What was promised with earlier evaluations and is to be answered this year: the item, and the promise."""

    @property
    def mark(self) -> SheetMark:
        """The mark of the sheet."""
        return SheetMark(self.book, self.year, self.owner, len(self.rows))
