"""The way to a final target as a small chart of columns: results, targets, and what is only proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from rich.cells import cell_len
from rich.text import Text

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.value import format_number
from shakyo_review.ui.marks import cut, is_wide


class Column(Enum):
    """What a column stands for, and the character it is drawn with (narrow, wide terminals)."""

    ACTUAL = ("実績・基準値", "█", "#")
    TARGET = ("目標", "▒", "=")
    PROPOSED = ("案", "░", ":")

    @property
    def sign(self) -> str:
        """The character in this terminal."""
        return self.value[2] if is_wide() else self.value[1]


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a year."""

    year: int
    kind: Column
    value: Decimal


def chart(points: Sequence[Point], width: int, height: int, decimals: int) -> list[Text]:
    """Return the lines of a chart: ``height`` lines of columns, then years, figures and signs.

    The lowest line stands for 0 unless all figures are far from it; it is written at the left. No
    lines where there is nothing to be drawn.
    """
    if not points:
        return []
    values = [point.value for point in points]
    top, bottom = max(values), min(values)
    low = min(bottom, Decimal(0))
    if bottom > 0 and bottom * 2 > top:
        low = bottom - (top - bottom) if top > bottom else Decimal(0)
        low = max(low, Decimal(0))
    span = top - low
    labels = [format_number(value, decimals) for value in (top, low)]
    left = max(map(cell_len, labels)) + 1
    each = max(min((width - left) // len(points), 10), 4)
    shown = points[-max((width - left) // each, 1) :]
    filled = [
        height if not span else max(round((point.value - low) * height / span), 0)
        for point in shown
    ]
    lines = []
    for line in range(height, 0, -1):
        label = labels[0] if line == height else labels[1] if line == 1 else ""
        text = Text(_right(label, left - 1) + " ", no_wrap=True)
        for point, tall in zip(shown, filled, strict=True):
            there = tall >= line or (line == 1 and tall == 0)
            sign = point.kind.sign if tall >= line else "_" if there else " "
            text.append((sign * max(each - 3, 2)).ljust(each))
        lines.append(text)
    years = "".join(_left(short_year(point.year), each) for point in shown)
    figures = "".join(_left(_figure(point, decimals, each), each) for point in shown)
    used = dict.fromkeys(point.kind for point in shown)
    legend = "　".join(f"{kind.sign * 2} {kind.value[0]}" for kind in used)
    blank = " " * left
    return [*lines, Text(blank + years), Text(blank + figures), Text(blank + legend)]


def _figure(point: Point, decimals: int, width: int) -> str:
    number = format_number(point.value, decimals)
    told = f"({number})" if point.kind is Column.PROPOSED else number
    return cut(told, width - 1)


def _left(text: str, width: int) -> str:
    return text + " " * max(width - cell_len(text), 0)


def _right(text: str, width: int) -> str:
    return " " * max(width - cell_len(text), 0) + text
