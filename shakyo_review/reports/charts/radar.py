"""The goals' scores as a web, this year and last."""

import math
from collections.abc import Callable

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.reports.charts import legend
from shakyo_review.reports.charts.canvas import BLACK, WHITE, Anchor, Canvas, Point
from shakyo_review.reports.charts.legend import Entry
from shakyo_review.reports.charts.outlines import width, wrapped
from shakyo_review.reports.context.charts import RadarChart, RadarSeries

WIDTH = 262.0
"""Width in points: half a line, so that the chart of counts stands beside it."""
_MIDDLE = (WIDTH / 2, 94.0)
_REACH = 58.0
_LABEL = 8.0
_BELOW = 44.0
"""Room below the web for the name at the lowest axis and the legend."""


def radar(chart: RadarChart, name: str) -> Canvas:
    """Draw a web: the latest year thick with dots, the one before thin and broken with squares."""
    most = max([chart.full, *(value for one in chart.series for value in one.values)])
    axes = range(len(chart.axes))

    def spot(axis: int, value: float, out: float = 0.0) -> Point:
        angle = 2 * math.pi * axis / len(chart.axes)
        far = _REACH * max(value, 0.0) / most + out
        return _MIDDLE[0] + far * math.sin(angle), _MIDDLE[1] - far * math.cos(angle)

    lowest = max(spot(axis, most)[1] for axis in axes)
    entries = legend.rows(
        [Entry(_named(one, latest=latest), _sample(one, latest)) for one, latest in _series(chart)],
        WIDTH,
    )
    canvas = Canvas(name, WIDTH, lowest + _BELOW + legend.ROW * len(entries))
    for share in (0.25, 0.5, 0.75):
        canvas.polygon([spot(axis, chart.full * share) for axis in axes], 0.4, "#888888")
    canvas.polygon([spot(axis, chart.full) for axis in axes], 1.0)
    for axis in axes:
        canvas.line([_MIDDLE, spot(axis, most)], 0.4, "#888888")
    for one, latest in _series(chart):
        points = [spot(axis, value) for axis, value in enumerate(one.values)]
        canvas.polygon(points, 2.0 if latest else 1.2, dash="" if latest else "4 2")
        for x, y in points:
            _mark(canvas, x, y, one, latest=latest)
    top = spot(0, chart.full)
    canvas.text(top[0] + 5, top[1] + 6, chart.full_text, 7, clear=True)
    for axis in axes:
        _write(canvas, chart, axis, spot(axis, most, 10))
    legend.draw(canvas, entries, canvas.height - 2 - legend.ROW * len(entries))
    return canvas


def _series(chart: RadarChart) -> list[tuple[RadarSeries, bool]]:
    last = len(chart.series) - 1
    return [(one, place == last) for place, one in enumerate(chart.series)]


def _named(one: RadarSeries, *, latest: bool) -> str:
    marks = [] if latest else ["括弧の値"]
    marks += [EXAMPLE_MARK] if one.example else []
    return one.year + (f"（{'・'.join(marks)}）" if marks else "")


def _mark(canvas: Canvas, x: float, y: float, one: RadarSeries, *, latest: bool) -> None:
    fill = BLACK if latest and not one.example else WHITE
    canvas.mark(x, y, "circle" if latest else "square", 3.2 if latest else 2.6, fill)


def _sample(one: RadarSeries, latest: bool) -> Callable[[Canvas, float, float], None]:
    def draw(canvas: Canvas, at: float, middle: float) -> None:
        dash = "" if latest else "4 2"
        canvas.line([(at, middle), (at + 17, middle)], 2.0 if latest else 1.2, dash=dash)
        _mark(canvas, at + 8.5, middle, one, latest=latest)

    return draw


def _write(canvas: Canvas, chart: RadarChart, axis: int, end: Point) -> None:
    """Write a goal's name and its values at the end of its axis, turned away from the web."""
    side = end[0] - _MIDDLE[0]
    anchor: Anchor = "middle" if abs(side) < 4 else "start" if side > 0 else "end"
    room = {
        "start": WIDTH - end[0] - 4,
        "end": end[0] - 4,
        "middle": 220.0,
    }[anchor]
    told = [one.texts[axis] for one, _ in reversed(_series(chart))]
    values = [told[0], f"（{'・'.join(told[1:])}）"] if told[1:] else told
    if width("".join(values), _LABEL) <= room:
        values = ["".join(values)]
    lines = [*wrapped(chart.axes[axis], _LABEL, room, 4 if anchor != "middle" else 2), *values]
    tall = len(lines) * _LABEL * 1.12
    up = end[1] < _MIDDLE[1]
    middle = end[1]
    if anchor == "middle":
        middle += -tall / 2 + 4 if up else tall / 2 - 4
    canvas.text(end[0], middle, lines, _LABEL, anchor)
