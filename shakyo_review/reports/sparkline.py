"""The small line over the years beside an indicator, written by hand: light enough for hundreds."""

from collections.abc import Iterator, Sequence
from html import escape

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.reports.context_parts import Trend


def trend_line(trend: Trend, width: int = 64, height: int = 20) -> str:
    """Draw a small line over the years: a dot for each value, a gap where there is none."""
    values = [point for point in trend.points if point is not None]
    low, high = min(values), max(values)
    step = (width - 8) / max(len(trend.points) - 1, 1)
    dots: list[tuple[float, float] | None] = []
    for place, point in enumerate(trend.points):
        share = 0.5 if point is None or high == low else (point - low) / (high - low)
        y = height - 4 - share * (height - 8)
        dots.append(None if point is None else (round(4 + place * step, 1), round(y, 1)))
    dash = ' stroke-dasharray="3 2"' if trend.example else ""
    lines = "".join(
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in run)}" fill="none" stroke="#222222"'
        f' stroke-width="1.2"{dash}/>'
        for run in _runs(dots)
    )
    last = max(place for place, dot in enumerate(dots) if dot is not None)
    marks = "".join(
        f'<circle cx="{dot[0]}" cy="{dot[1]}" r="{2.2 if place == last else 1.4}"/>'
        for place, dot in enumerate(dots)
        if dot is not None
    )
    told = escape(trend.description + (f"（{EXAMPLE_MARK}）" if trend.example else ""))
    return (
        f'<svg class="trend" role="img" aria-label="{told}" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">{lines}{marks}</svg>'
    )


def _runs(dots: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for dot in [*dots, None]:
        if dot is not None:
            run.append(dot)
        elif run:
            if len(run) > 1:
                yield run
            run = []
