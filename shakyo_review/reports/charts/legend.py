"""What the looks of a chart mean: samples and words in a row, in a second row where one is too short."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shakyo_review.reports.charts.canvas import Canvas
from shakyo_review.reports.charts.outlines import width

SIZE = 8.0
ROW = 14.0
_SAMPLE, _GAP, _BETWEEN = 17.0, 5.0, 15.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A word and how its sample is drawn: given the canvas, the left end and the middle."""

    text: str
    draw: Callable[[Canvas, float, float], None]

    @property
    def length(self) -> float:
        """The room it takes, in points."""
        return _SAMPLE + _GAP + width(self.text, SIZE)


def rows(entries: Sequence[Entry], room: float) -> list[list[Entry]]:
    """Spread entries over rows of a width in points."""
    made: list[list[Entry]] = []
    used = 0.0
    for entry in entries:
        used += entry.length + _BETWEEN
        if not made or used > room + _BETWEEN:
            made.append([])
            used = entry.length + _BETWEEN
        made[-1].append(entry)
    return made


def draw(canvas: Canvas, spread: Sequence[Sequence[Entry]], top: float) -> None:
    """Draw rows of a legend, each in the middle of the canvas."""
    for number, row in enumerate(spread):
        middle = top + ROW * (number + 0.5)
        at = (canvas.width - sum(one.length + _BETWEEN for one in row) + _BETWEEN) / 2
        for entry in row:
            entry.draw(canvas, at, middle)
            canvas.text(at + _SAMPLE + _GAP, middle, entry.text, SIZE)
            at += entry.length + _BETWEEN
