"""The pictures of a report: one drawing for all formats, readable in black and white.

``svg`` gives it for the inside of a page, ``svg_file`` as a document of its own, ``png`` as pixels,
made from that very document. The same chart gives the same bytes on every machine and day.
"""

import re
from functools import lru_cache, singledispatch
from html import escape

from shakyo_review.reports.charts import bars, radar, sparkline, trend
from shakyo_review.reports.charts.canvas import Canvas
from shakyo_review.reports.context.charts import (
    BarChart,
    Chart,
    CountChart,
    RadarChart,
    Trend,
    TrendChart,
)

_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.drawing), format: "svg")"""


def svg(chart: Chart) -> str:
    """Return a chart for the inside of a page: ids of its own, title and description for a reader."""
    drawn = _kept(type(chart), chart.model_dump_json())
    name = drawn.name
    return (
        f'<svg id="{name}" class="chart" role="img" aria-labelledby="{name}-title {name}-desc"'
        f' viewBox="0 0 {drawn.width:g} {drawn.height:g}"><title id="{name}-title">{escape(chart.title)}'
        f'</title><desc id="{name}-desc">{escape(chart.description)}</desc>{drawn.inside()}</svg>'
    )


def svg_file(chart: Chart | Trend) -> bytes:
    """Return a chart as an SVG document of its own, of the size that ``size`` tells."""
    drawn = _kept(type(chart), chart.model_dump_json())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawn.width:g}pt" height="{drawn.height:g}pt"'
        f' viewBox="0 0 {drawn.width:g} {drawn.height:g}">{drawn.inside()}</svg>'
    ).encode()


def png(chart: Chart | Trend, dpi: int = 200) -> bytes:
    """Return a chart as a PNG picture on white; ``size`` tells how large it is on paper."""
    return _pixels(svg_file(chart), dpi)


def size(chart: Chart | Trend) -> tuple[float, float]:
    """Return width and height of a chart on paper, in points."""
    drawn = _kept(type(chart), chart.model_dump_json())
    return drawn.width, drawn.height


@lru_cache(maxsize=256)
def _pixels(document: bytes, dpi: int) -> bytes:
    """Return an SVG document as PNG; kept, since several formats of one report want the same."""
    import typst

    made = typst.compile(
        _PAGE,
        format="png",
        ppi=dpi,
        sys_inputs={"drawing": document.decode()},
        ignore_system_fonts=True,
    )
    if not isinstance(made, bytes):
        raise TypeError("a chart has one page")
    return made


@lru_cache(maxsize=256)
def _kept(kind: type[Chart | Trend], text: str) -> Canvas:
    """Return a chart drawn; kept, since every format of a report asks for it."""
    return _drawn(kind.model_validate_json(text))


@singledispatch
def _drawn(chart: Chart | Trend) -> Canvas:
    raise TypeError(f"no chart: {type(chart).__name__}")


def _name(text: str) -> str:
    """Return an id that can stand in a page and in a reference."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)


@_drawn.register
def _(chart: BarChart) -> Canvas:
    return bars.bars(chart, _name(chart.id))


@_drawn.register
def _(chart: CountChart) -> Canvas:
    return bars.counts(chart, _name(chart.id))


@_drawn.register
def _(chart: TrendChart) -> Canvas:
    return trend.trend(chart, _name(chart.id))


@_drawn.register
def _(chart: RadarChart) -> Canvas:
    return radar.radar(chart, _name(chart.id))


@_drawn.register
def _(chart: Trend) -> Canvas:
    return sparkline.drawn(chart)
