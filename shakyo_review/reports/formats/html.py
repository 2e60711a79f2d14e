"""The report as one self-contained HTML file: styles and charts inside, no address outside."""

from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup

from shakyo_review.reports import charts
from shakyo_review.reports.charts import sparkline
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.context.charts import Chart, Trend
from shakyo_review.reports.rendering import DEFAULT_TEMPLATE, render_template

SUFFIX = ".html"


def render(
    context: ReportContext, template: str = DEFAULT_TEMPLATE, user_templates: Path | None = None
) -> bytes:
    """Render the report; the same context and template give the same bytes."""
    helpers: dict[str, Callable[..., str]] = {
        "chart": _chart,
        "trend_line": _trend_line,
    }
    text = render_template(template, SUFFIX, {"report": context}, helpers, user_templates)
    return text.encode()


# The SVG is made by ``charts`` and ``sparkline`` alone, which escape every text it take over.


def _chart(chart: Chart) -> Markup:
    return Markup(charts.svg(chart))  # noqa: S704


def _trend_line(trend: Trend) -> Markup:
    return Markup(sparkline.trend_line(trend))  # noqa: S704
