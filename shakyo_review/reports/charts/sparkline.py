"""The small line over the years beside an indicator: light enough for hundreds of them."""

from html import escape

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.reports.charts.canvas import BLACK, WHITE, Canvas, Point, runs
from shakyo_review.reports.context.charts import Trend

WIDTH, HEIGHT = 64.0, 20.0
"""Size in points, as it stands in a cell of a table."""


def drawn(trend: Trend) -> Canvas:
    """Draw a small line over the years: a dot for each value, a gap where there is none."""
    canvas = Canvas("trend", WIDTH, HEIGHT)
    values = [point for point in trend.points if point is not None]
    low, high = min(values, default=0.0), max(values, default=0.0)
    step = (WIDTH - 8) / max(len(trend.points) - 1, 1)
    dots: list[Point | None] = []
    for place, point in enumerate(trend.points):
        share = 0.5 if point is None or high == low else (point - low) / (high - low)
        y = HEIGHT - 4 - share * (HEIGHT - 8)
        dots.append(None if point is None else (4 + place * step, y))
    for run in runs(dots):
        canvas.line(run, 1.2, dash="3 2" if trend.example else "")
    spots = [dot for dot in dots if dot is not None]
    for place, dot in enumerate(spots):
        size = 1.9 if place == len(spots) - 1 else 1.1
        canvas.mark(*dot, "circle", size, WHITE if trend.example else BLACK)
    return canvas


def trend_line(trend: Trend) -> str:
    """Return the small line for the inside of a page, with its description for a reader."""
    told = escape(trend.description + (f"（{EXAMPLE_MARK}）" if trend.example else ""))
    return (
        f'<svg class="trend" role="img" aria-label="{told}" width="{WIDTH:g}" height="{HEIGHT:g}"'
        f' viewBox="0 0 {WIDTH:g} {HEIGHT:g}">{drawn(trend).inside()}</svg>'
    )
