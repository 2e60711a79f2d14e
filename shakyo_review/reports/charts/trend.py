"""The way of an indicator or goal over the years, against the path of its targets."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.domain.value import format_number
from shakyo_review.reports.charts import legend
from shakyo_review.reports.charts.canvas import BLACK, LINE_HEIGHT, WHITE, Canvas, Mark, Point, runs
from shakyo_review.reports.charts.legend import Entry
from shakyo_review.reports.charts.outlines import width, wrapped
from shakyo_review.reports.context.charts import TrendChart, TrendPoint

TREND_WIDTH, TREND_HEIGHT = 248.0, 156.0
"""Size of a trend: two stand side by side on A4 upright, three across."""
_TOP, _FOOT, _RIGHT = 26.0, 124.0, 240.0
_SMALL = 7.0
_SHARES = frozenset({"%", "％", "点"})
_TARGET_DASH = "5 2.5"

_Box = tuple[float, float, float, float]


def trend(chart: TrendChart, name: str) -> Canvas:
    """Draw the actuals as a line with points, the path of the targets as a broken one beside it."""
    canvas = Canvas(name, TREND_WIDTH, TREND_HEIGHT)
    ticks, written = _ticks(chart)
    left = 8.0 + max([width(text, _SMALL) for text in written], default=0.0)
    low, high = ticks[0], ticks[-1]
    step = (_RIGHT - left) / max(len(chart.points), 1)
    places = [left + step * (place + 0.5) for place in range(len(chart.points))]

    def up(value: float) -> float:
        return _FOOT - (value - low) / (high - low) * (_FOOT - _TOP)

    for tick, text in zip(ticks, written, strict=True):
        canvas.line([(left, up(tick)), (_RIGHT, up(tick))], 0.4, "#999999", "1.5 2")
        canvas.text(left - 4, up(tick), text, _SMALL, "end")
    canvas.line([(left, _FOOT), (_RIGHT, _FOOT)], 0.8)
    every = -(-len(places) // max(int((_RIGHT - left) // (width("R10", 7.5) + 3)), 1))
    for place, (at, point) in enumerate(zip(places, chart.points, strict=True)):
        canvas.line([(at, _FOOT), (at, _FOOT + 2.5)], 0.6)
        if (len(places) - 1 - place) % every == 0:
            canvas.text(at, _FOOT + 8, point.year, 7.5, "middle")
    told = [chart.unit] if chart.unit else []
    told += ["縦軸は途中から"] if low > 0 else []
    canvas.text(4, 7, f"（{'、'.join(told)}）" if told else "", 7.5)
    canvas.text(TREND_WIDTH - 4, 7, chart.note, 7.5, "end")
    targets = [
        None if p.target is None or not chart.target_name else (at, up(p.target))
        for at, p in zip(places, chart.points, strict=True)
    ]
    actuals = [
        None if p.actual is None else (at, up(p.actual))
        for at, p in zip(places, chart.points, strict=True)
    ]
    for run in runs(targets):
        canvas.line(run, 1.0, dash=_TARGET_DASH)
    for spot in targets:
        if spot is not None:
            canvas.mark(*spot, "square", 2.4, WHITE)
    for run in runs(actuals):
        canvas.line(run, 1.6)
    for spot, point in zip(actuals, chart.points, strict=True):
        if spot is not None:
            canvas.mark(*spot, "circle", 3.0, WHITE if point.example else BLACK)
    marks = [(x - 3, y - 3, x + 3, y + 3) for x, y in filter(None, (*actuals, *targets))]
    marks += [(0.0, up(tick) - 4, left - 3, up(tick) + 4) for tick in ticks]
    gaps = _write_gaps(canvas, chart.points, places, step)
    _write_values(
        canvas,
        _values(chart.points, actuals, actual=True),
        _values(chart.points, targets, actual=False),
        [*marks, *gaps],
    )
    legend.draw(canvas, [_trend_legend(chart)], TREND_HEIGHT - 17)
    return canvas


def _trend_legend(chart: TrendChart) -> list[Entry]:
    entries = []
    if any(p.actual is not None and not p.example for p in chart.points):
        entries.append(Entry(chart.actual_name, _sample("circle", BLACK, 1.6)))
    if any(p.actual is not None and p.example for p in chart.points):
        entries.append(
            Entry(f"{chart.actual_name}（{EXAMPLE_MARK}）", _sample("circle", WHITE, 1.6))
        )
    if chart.target_name and any(p.target is not None for p in chart.points):
        entries.append(Entry(chart.target_name, _sample("square", WHITE, 1.0, _TARGET_DASH)))
    return entries


def _sample(
    kind: Mark, fill: str, thick: float, dash: str = ""
) -> Callable[[Canvas, float, float], None]:
    def draw(canvas: Canvas, at: float, middle: float) -> None:
        canvas.line([(at, middle), (at + 17, middle)], thick, dash=dash)
        canvas.mark(at + 8.5, middle, kind, 3.0 if kind == "circle" else 2.4, fill)

    return draw


def _ticks(chart: TrendChart) -> tuple[list[float], list[str]]:
    """Return the marks of the upright axis, from below the lowest value to above the highest.

    The axis begins at 0, but for numbers (no shares) that lie close together far from it.
    """
    values = [v for p in chart.points for v in (p.actual, p.target) if v is not None] or [0.0, 1.0]
    low, high = min(values), max(values)
    if low > 0 and (high == low or low < 0.9 * high or chart.unit in _SHARES):
        low = 0.0
    if high < 0:
        high = 0.0
    if high == low:
        high = low + 1.0
    power = math.floor(math.log10(high - low)) - 1
    for factor in (5, 10, 20, 25, 50, 100, 200):
        step = Decimal(factor).scaleb(power)
        first = math.floor(Decimal(repr(low)) / step)
        last = math.ceil(Decimal(repr(high)) / step)
        if last - first <= 4:
            break
    ticks = [step * number for number in range(first, last + 1)]
    decimals = max(0, -int(step.normalize().as_tuple().exponent))
    return [float(tick) for tick in ticks], [format_number(tick, decimals) for tick in ticks]


@dataclass(frozen=True, slots=True)
class _Value:
    """A value to be written at its point."""

    spot: Point
    text: str
    above: bool
    actual: bool


def _values(
    points: Sequence[TrendPoint], spots: Sequence[Point | None], *, actual: bool
) -> list[_Value]:
    """Return the values to be written; a target that stays the same is written once, at its end."""
    made: list[_Value] = []
    for point, spot in zip(points, spots, strict=True):
        own, other = (point.actual, point.target) if actual else (point.target, point.actual)
        text = point.actual_text if actual else point.target_text
        if spot is None or own is None or not text:
            continue
        if made and not actual and made[-1].text == text:
            made.pop()
        made.append(_Value(spot, text, other is None or own >= other, actual))
    return made


def _write_values(
    canvas: Canvas, actuals: Sequence[_Value], targets: Sequence[_Value], taken: list[_Box]
) -> None:
    """Write the values beside their points: the latest in any case, others where there is room."""
    ends = [*actuals[-1:], *actuals[:1], *targets[-1:]]
    for one in dict.fromkeys([*ends, *reversed(actuals), *reversed(targets)]):
        size = 8.0 if one.actual else _SMALL
        half = width(one.text, size) / 2
        x = min(max(one.spot[0], half + 2), canvas.width - half - 2)
        offsets = [8.5, 15.0] if one in ends else [8.5]
        tries = [side * off for off in offsets for side in ((-1, 1) if one.above else (1, -1))]
        for down in tries:
            y = one.spot[1] + down
            box = (x - half, y - size / 2, x + half, y + size / 2)
            if box[1] > 12 and box[3] < _FOOT - 1 and not any(_meet(box, b) for b in taken):
                taken.append(box)
                canvas.text(x, y, one.text, size, "middle", clear=True, bold=one.actual)
                break
        else:
            if one in actuals[-1:]:
                canvas.text(x, one.spot[1] + tries[0], one.text, size, "middle", bold=True)


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _write_gaps(
    canvas: Canvas, points: Sequence[TrendPoint], places: Sequence[float], step: float
) -> list[_Box]:
    """Write the word of a year without a number (中止, 未公表) above its place on the axis."""
    made = []
    for at, point in zip(places, points, strict=True):
        if point.actual is None and point.actual_text:
            lines = wrapped(point.actual_text, 6.5, max(step - 2, 14), 4)
            tall = len(lines) * 6.5 * LINE_HEIGHT
            half = max(width(line, 6.5) for line in lines) / 2
            canvas.text(at, _FOOT - 4 - tall / 2, lines, 6.5, "middle", clear=True)
            made.append((at - half, _FOOT - 4 - tall, at + half, _FOOT))
    return made
