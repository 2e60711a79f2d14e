"""The report as one self-contained HTML file: styles and charts inside, no address outside."""

from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup

from shakyo_review.reports import charts, sparkline
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.context_parts import BarChart, CountChart, Trend
from shakyo_review.reports.rendering import DEFAULT_TEMPLATE, render_template

SUFFIX = ".html"


def render(
    context: ReportContext, template: str = DEFAULT_TEMPLATE, user_templates: Path | None = None
) -> bytes:
    """Render the report; the same context and template give the same bytes."""
    helpers: dict[str, Callable[..., str]] = {
        "bar_chart": _bar_chart,
        "count_chart": _count_chart,
        "trend_line": _trend_line,
    }
    text = render_template(template, SUFFIX, {"report": context}, helpers, user_templates)
    return text.encode()


# The SVG is made by ``charts`` alone, which escapes every text it takes over.


def _bar_chart(chart: BarChart) -> Markup:
    return Markup(charts.bar_chart(chart))  # noqa: S704


def _count_chart(chart: CountChart) -> Markup:
    return Markup(charts.count_chart(chart))  # noqa: S704


def _trend_line(trend: Trend) -> Markup:
    return Markup(sparkline.trend_line(trend))  # noqa: S704
