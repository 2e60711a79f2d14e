"""The report as PDF through Typst: tagged (PDF/UA-1) and for keeping (PDF/A-2a), font inside.

Jinja makes the Typst code from ``<template>/report.typ.j2``; every text of the book is a string in
it (``typst_text``), every chart comes in beside it. Only the shipped font is used, nothing is fetched
from a network, and the only date inside is the last day of the year reported.
"""

import re
from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup

from shakyo_review.reports import charts
from shakyo_review.reports.charts import sparkline
from shakyo_review.reports.charts.outlines import font_file
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.context.charts import Chart, Trend
from shakyo_review.reports.rendering import (
    DEFAULT_TEMPLATE,
    TemplateTrouble,
    render_template,
    shipped_templates,
    template_file,
)
from shakyo_review.reports.typst_lines import LineMarks, Place, traced
from shakyo_review.reports.typst_text import TypstText, tall

SUFFIX = ".typ"
"""The ending of the templates of this format."""
_MAIN = re.compile(r"__typst_py_bytes__\.typ:(\d+)")
_PACKAGE = re.compile(r'"@')
"""An address of a package; texts of the book never contain the sign itself (``typst_text``)."""


def render(
    context: ReportContext, template: str = DEFAULT_TEMPLATE, user_templates: Path | None = None
) -> bytes:
    """Render the report; the same context and template give the same bytes.

    Raises ``WrongUsage`` for an unknown template, ``TemplateTrouble`` for a broken one.
    """
    return begin(context, template, user_templates)()


def begin(
    context: ReportContext, template: str = DEFAULT_TEMPLATE, user_templates: Path | None = None
) -> Callable[[], bytes]:
    """Write the Typst code of a report; return what makes the PDF of it, in any thread."""
    source, pictures, places = typst_source(context, template, user_templates)
    return lambda: _compiled(source, pictures, places, template, user_templates)


def _compiled(
    source: str,
    pictures: dict[str, str],
    places: list[Place],
    template: str,
    user_templates: Path | None,
) -> bytes:
    from typst import Fonts, TypstError, compile_with_warnings

    root = str(user_templates or shipped_templates())
    fonts = Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font_file().parent)],
    )
    try:
        made: bytes
        made, _ = compile_with_warnings(
            source.encode(),
            root=root,
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=pictures,
            pdf_standards=["ua-1", "a-2a"],
        )
    except TypstError as error:
        raise _explained(error, template_file(template, SUFFIX), places, root) from error
    return made


def typst_source(
    context: ReportContext, template: str = DEFAULT_TEMPLATE, user_templates: Path | None = None
) -> tuple[str, dict[str, str], list[Place]]:
    """Return the Typst code of a report, its charts (SVG by name), and where each line is from.

    Raises ``WrongUsage`` for an unknown template, ``TemplateTrouble`` for a broken one.
    """
    text, pictures = TypstText(), _Pictures()
    helpers: dict[str, Callable[..., str]] = {
        "code": text.code,
        "piece": text.piece,
        "tall": tall,
        "number": _number,
        "picture": pictures.chart,
        "trend_line": pictures.trend,
    }
    body = render_template(
        template, SUFFIX, {"report": context}, helpers, user_templates, text, (LineMarks,)
    )
    first = _preamble(context, text)
    code, places = traced(first + body)
    for line, place in zip(code.split("\n"), places, strict=True):
        if _PACKAGE.search(line):
            raise TemplateTrouble(
                f"ひな型「{place.template}」の{place.line}行目: 外から取り寄せる部品（@…）は使えません。",
                "ひな型のフォルダの中の部品だけを使ってください。",
            )
    return code, pictures.drawn, places


def _number(number: str | int) -> Markup:
    """Return a whole number (of rows, columns, steps) as Typst code."""
    return Markup(str(int(number)))  # noqa: S704 - a number


class _Pictures:
    """The charts of one report, handed to Typst beside its code."""

    def __init__(self) -> None:
        self.drawn: dict[str, str] = {}

    def chart(self, chart: Chart) -> Markup:
        """Take in a chart; return the bytes of its drawing as Typst code."""
        return self._taken(charts.svg_file(chart).decode())

    def trend(self, trend: Trend) -> Markup:
        """Take in the small line of a table; return the bytes of its drawing as Typst code."""
        drawn = sparkline.trend_line(trend)
        return self._taken(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))

    def _taken(self, drawing: str) -> Markup:
        name = f"drawing-{len(self.drawn)}"
        self.drawn[name] = drawing
        return Markup(f'bytes(sys.inputs.at("{name}"))')  # noqa: S704 - a name of ours


def _preamble(context: ReportContext, text: TypstText) -> str:
    """Return what every document begins with, so that also a short own template keeps the standard."""
    year = int(context.file_stem.rpartition("-")[2])
    cover = context.cover
    keywords = ", ".join(text.code(word) for word in (cover.plan_title, cover.year, cover.kind))
    return (
        f"#set document(title: {text.code(cover.foot)}, author: {text.code(cover.body)},"
        f" keywords: ({keywords}), date: datetime(year: {year + 1}, month: 3, day: 31))\n"
        '#set text(font: "IPAexGothic", lang: "ja")\n'
        f"#let has-missing-characters = {'true' if text.missing else 'false'}\n"
    )


def _explained(error: Exception, main: str, places: list[Place], root: str) -> TemplateTrouble:
    """Word what Typst found, with the line of the template it comes from."""
    found = _MAIN.search(str(getattr(error, "diagnostic", "")))
    number = int(found[1]) if found else 0
    place = places[number - 1] if 0 < number <= len(places) else Place(main, 0)
    where = f"の{place.line}行目" if place.line else ""
    hints = "、".join(getattr(error, "hints", []))
    told = str(getattr(error, "message", error)).replace(f"{root}/", "")
    told += f"（{hints}）" if hints else ""
    return TemplateTrouble(
        f"ひな型「{place.template or main}」{where}: PDFにできません。", f"原文: {told}"
    )
