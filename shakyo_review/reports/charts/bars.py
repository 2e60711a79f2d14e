"""Charts of bars: achievement against target, and counts by letter."""

from collections.abc import Callable
from dataclasses import replace

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.reports.charts.canvas import DASHED, LINE_HEIGHT, Canvas, Style
from shakyo_review.reports.charts.legend import ROW as ROW_OF_LEGEND
from shakyo_review.reports.charts.legend import Entry
from shakyo_review.reports.charts.legend import draw as draw_legend
from shakyo_review.reports.charts.legend import rows as legend_rows
from shakyo_review.reports.charts.outlines import width, wrapped
from shakyo_review.reports.context.base import Letter
from shakyo_review.reports.context.charts import Bar, BarChart, CountChart, CountSeries

WIDTH = 504.0
"""Width of a chart in points: the type area of A4 with its margins."""
ROW = 21.0
"""Height of a bar's row in points."""
MANY = 10
"""From more bars than this on the rows stand closer: a line of text high, or two."""
CLOSE_ROW, CLOSE_ROW_OF_TWO = 15.0, 19.5
FULL = 100.0
FURTHEST, LOWEST = 200.0, -50.0
"""Bars are cut here (%); the number beside the bar tells the whole."""
EXAMPLE = f"（{EXAMPLE_MARK}）"

_TONES = {
    "t0": Style("#1b6e53", "#1b6e53"),
    "t1": Style("#d4e4f4", "#2b6cb0", hatch="/"),
    "t2": Style("#fdf0d0", "#8a5c00", hatch="-"),
    "t3": Style("#f9dad7", "#a8201a", hatch="x"),
    "none": Style("#eeeeee", "#555555"),
}
"""Fill, frame and hatch by tone: the best one solid, each of the others with a hatch of its own."""
_YEARS = (
    Style("#3d4f63", "#22303c"),
    Style("#e6e9ed", "#22303c"),
    Style("#ffffff", "#22303c", hatch="/"),
    Style("#ffffff", "#22303c", hatch="-"),
    Style("#ffffff", "#22303c", hatch="x"),
    Style("#ffffff", "#22303c", hatch="|"),
    Style("#ffffff", "#22303c", hatch="\\"),
    Style("#ffffff", "#22303c", hatch="+"),
    Style("#ffffff", "#22303c", hatch="."),
)
"""The look of a year by how far back it is: the latest dark."""

NARROW = 212.0
"""Width of a chart of counts that stands beside the web of the goals."""

_LEFT, _RIGHT = 206.0, 440.0
"""Where the field of the bars begins and ends."""
_LABEL = 8.0
_HEAD, _FOOT = 8.0, 18.0


def letter_style(letter: Letter) -> Style:
    """Return the look of a letter; an example is hollow with a broken frame."""
    style = _TONES[letter.tone]
    return replace(style, fill="#ffffff", dash=DASHED) if letter.example else style


def bars(chart: BarChart, name: str) -> Canvas:
    """Draw achievement against target: a bar for each indicator and the line of 100%."""
    labels = [_label(bar) for bar in chart.bars]
    middles, foot = _rows(labels)
    half = 6.5 if len(labels) <= MANY else 5.5
    legend = legend_rows(_legend(chart), WIDTH)
    canvas = Canvas(name, WIDTH, foot + _FOOT + ROW_OF_LEGEND * len(legend))
    lengths = [bar.length for bar in chart.bars if bar.length is not None]
    low = max(LOWEST, min([0.0, *lengths]))
    high = min(FURTHEST, max([120.0, *lengths]))

    def across(value: float) -> float:
        return _LEFT + (min(max(value, low), high) - low) / (high - low) * (_RIGHT - _LEFT)

    for tick in (-50, 0, 50, 100, 150, 200):
        if low <= tick <= high:
            at = across(tick)
            if tick not in (0, 100):
                canvas.line([(at, _HEAD), (at, foot)], 0.4, "#999999", "1.5 2")
            canvas.line([(at, foot), (at, foot + 3)], 0.6)
            canvas.text(at, foot + 9, f"△{-tick}%" if tick < 0 else f"{tick}%", 8, "middle")
    canvas.line([(_LEFT, foot), (_RIGHT, foot)], 0.6)
    for bar, label, middle in zip(chart.bars, labels, middles, strict=True):
        canvas.text(_LEFT - 6, middle, label, _LABEL, "end")
        if bar.length is not None:
            start, end = sorted((across(0), across(bar.length)))
            canvas.box(start, middle - half, end - start, 2 * half, letter_style(bar.letter))
    canvas.line([(across(0), _HEAD), (across(0), foot)], 0.6)
    canvas.line([(across(FULL), _HEAD - 4), (across(FULL), foot)], 1.4)
    for bar, middle in zip(chart.bars, middles, strict=True):
        _write_bar(canvas, bar, middle, across(0), across, high)
    draw_legend(canvas, legend, foot + _FOOT - 2)
    return canvas


def _label(bar: Bar) -> list[str]:
    return wrapped(bar.label, _LABEL, _LEFT - 10, tail=EXAMPLE if bar.letter.example else "")


def _rows(labels: list[list[str]]) -> tuple[list[float], float]:
    """Return the middle of each bar's row, and where the last one ends."""
    middles, at = [], _HEAD
    for label in labels:
        close = CLOSE_ROW if len(label) == 1 else CLOSE_ROW_OF_TWO
        tall = ROW if len(labels) <= MANY else close
        middles.append(at + tall / 2)
        at += tall
    return middles, at


def _write_bar(
    canvas: Canvas,
    bar: Bar,
    middle: float,
    zero: float,
    across: Callable[[float], float],
    high: float,
) -> None:
    """Write rate and letter behind a bar, or inside where there is no room; and the mark of the pace."""
    expected = None if bar.expected is None or bar.expected > high else across(bar.expected)
    if bar.length is None:
        _diamond(canvas, expected, middle)
        start = zero + 6 if expected is None else max(zero, expected) + 8
        if start <= across(FULL) < start + width(bar.text, 7.5):
            start = across(FULL) + 5
        lines = wrapped(bar.text, 7.5, WIDTH - start - 4)
        canvas.text(start, middle, lines, 7.5, clear=True)
        return
    text = f"{bar.text}　{bar.letter.text}"
    long, end = width(text, 8.5), across(bar.length)
    cut = bar.length > high
    start = max(end, zero) + 6
    if expected is not None and start - 12 <= expected < start + long:
        start = expected + 8
    if start <= across(FULL) < start + long:  # the line of 100% stays whole
        start = across(FULL) + 5
    if cut or start + long > WIDTH - 2:
        canvas.text(end - 8 if cut else end - 4, middle, text, 8.5, "end", clear=True)
    else:
        canvas.text(start, middle, text, 8.5, clear=True)
    if cut:
        canvas.mark(end + 2, middle, "triangle", 4)
    _diamond(canvas, expected, middle)


def _diamond(canvas: Canvas, at: float | None, middle: float) -> None:
    if at is not None:
        canvas.mark(at, middle, "diamond", 3, "#ffffff")


def _legend(chart: BarChart) -> list[Entry]:
    """Say what each look means; letters that look alike stand together."""
    looks: dict[Style, dict[str, Letter]] = {}
    drawn = [bar.letter for bar in chart.bars if bar.length is not None]
    for letter in sorted(drawn, key=lambda one: (one.tone == "none", one.tone)):
        looks.setdefault(_TONES[letter.tone], {}).setdefault(letter.text, letter)
    entries = [Entry("・".join(letters), _sample(style)) for style, letters in looks.items()]
    if any(letter.example for letter in drawn):
        entries.append(Entry(EXAMPLE_MARK, _sample(Style(dash=DASHED))))
    entries.append(Entry("目標（100%）", _full_sample))
    if any(bar.expected is not None for bar in chart.bars):
        entries.append(Entry("経過割合（進んでいるはずの位置）", _pace_sample))
    return entries


def _sample(style: Style) -> Callable[[Canvas, float, float], None]:
    return lambda canvas, at, middle: canvas.box(at, middle - 4.5, 17, 9, style)


def _full_sample(canvas: Canvas, at: float, middle: float) -> None:
    canvas.line([(at + 10, middle - 6), (at + 10, middle + 6)], 1.4)


def _pace_sample(canvas: Canvas, at: float, middle: float) -> None:
    _diamond(canvas, at + 10, middle)


def counts(chart: CountChart, name: str) -> Canvas:
    """Draw the counts by letter, the years side by side, with their numbers."""
    size = 8.0 if chart.narrow else 9.0
    across = NARROW if chart.narrow else WIDTH
    slot = (across - 20) / max(len(chart.letters), 1)
    labels = [
        wrapped("評価なし" if letter.text == "－" else letter.text, size, slot - 6)
        for letter in chart.letters
    ]
    deep = max([len(one) for one in labels], default=1) * size * LINE_HEIGHT
    styles = [_year_style(one, place) for place, one in enumerate(reversed(chart.series))][::-1]
    legend = legend_rows(
        [
            Entry(one.year + (EXAMPLE if one.example else ""), _sample(style))
            for one, style in zip(chart.series, styles, strict=True)
        ],
        across,
    )
    top = 18.0 + ROW_OF_LEGEND * len(legend)
    foot = top + 84
    canvas = Canvas(name, across, foot + deep + 8)
    most = max([count for series in chart.series for count in series.counts], default=0) or 1
    wide = min(slot * 0.8 / max(len(chart.series), 1), 44.0)
    for number, (series, style) in enumerate(zip(chart.series, styles, strict=True)):
        for place, count in enumerate(series.counts):
            middle = 10 + slot * (place + 0.5)
            left = middle + (number - len(chart.series) / 2) * wide
            tall = (foot - top) * count / most
            if count:
                canvas.box(left + wide * 0.04, foot - tall, wide * 0.92, tall, style)
            told = f"{count}"
            fit = min(8.5, 8.5 * wide / max(width(told, 8.5), 0.1))
            canvas.text(left + wide / 2, foot - tall - 6, told, fit, "middle")
    canvas.line([(10, foot), (across - 10, foot)], 0.6)
    for place, label in enumerate(labels):
        canvas.text(10 + slot * (place + 0.5), foot + 4 + deep / 2, label, size, "middle")
    draw_legend(canvas, legend, 2)
    return canvas


def _year_style(series: CountSeries, back: int) -> Style:
    """Return the look of a year; an example is hollow with a broken frame."""
    style = _YEARS[min(back, len(_YEARS) - 1)]
    if not series.example:
        return style
    return replace(style, fill="#ffffff", hatch=style.hatch or ("" if back else "/"), dash=DASHED)
