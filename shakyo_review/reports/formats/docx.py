"""The report as a Word file through docxtpl: the template is a Word file too, edited in Word.

Headings, tables and styles are the template's own, so that the secretariat goes on writing in what
comes out. The same context and template give the same bytes.
"""

import io
import re
from pathlib import Path
from types import TracebackType
from typing import Any

from docx.oxml.shape import CT_Inline
from docxtpl import DocxTemplate
from lxml import etree
from markupsafe import Markup

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.errors import ReviewError, quoted
from shakyo_review.reports import charts
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.context.charts import Chart, Trend
from shakyo_review.reports.rendering import (
    DEFAULT_TEMPLATE,
    TemplateTrouble,
    environment,
    explained,
    find_template,
    template_file,
)
from shakyo_review.reports.word_file import read_template, repacked, unreadable
from shakyo_review.reports.word_layout import tidy
from shakyo_review.reports.word_text import HELPERS, plain, word_text

SUFFIX = ".docx"
WIDEST = 498.0
"""Width of the text on an upright A4 page in points: no picture is wider."""
TREND = 34.0
"""Width of the small line in a cell."""
_POINT = 12_700
"""English metric units in a point."""
_PROPERTY = 255
"""Characters a document property may have."""
_TAGS = re.compile(r"<[^>]+>")


def render(
    context: ReportContext, template: str = DEFAULT_TEMPLATE, user_templates: Path | None = None
) -> bytes:
    """Render the report; the same context and template give the same bytes.

    Raises ``WrongUsage`` for an unknown template, ``TemplateTrouble`` for a broken one.
    """
    path = find_template(template, SUFFIX, user_templates)
    name = template_file(template, SUFFIX)
    content = read_template(path, name)
    try:
        document = _Document(content)
    except Exception as error:
        raise unreadable(name) from error
    env = environment(user_templates, word_text)
    env.globals.update(HELPERS)
    env.globals.update(picture=document.picture, trend=document.trend)
    try:
        document.render({"report": context}, env)
        buffer = io.BytesIO()
        document.save(buffer)
    except ReviewError:
        raise
    except etree.XMLSyntaxError as error:
        raise TemplateTrouble(
            f"ひな型「{name}」: 差し込みの印の置き方がそろっていません。",
            "for と endfor、if と endif が、同じ種類の印（p、tr、tc）で対になっているか確かめてください。",
        ) from error
    except Exception as error:
        told = explained(error, name, user_templates)
        raise TemplateTrouble(
            f"ひな型「{name}」{document.place(error)}: {_what(told.message)}", told.hint
        ) from error
    return repacked(buffer.getvalue())


def _what(message: str) -> str:
    """Return what is wrong, without the name and the line: in Word there are no lines."""
    return message.partition("」")[2].partition(": ")[2] or message


class _Document(DocxTemplate):  # type: ignore[misc]
    """A Word template: filled in, then put right (``word_layout``)."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))
        self.init_docx()
        self.source = ""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        self.source = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml)
        made: str = super().render_xml_part(src_xml, part, context, jinja_env)
        return made

    def resolve_listing(self, xml: str) -> str:
        """Leave line ends alone: ``word_text`` has made breaks of them."""
        return xml

    def fix_tables(self, xml: str) -> Any:
        tree = etree.fromstring(
            xml, parser=etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
        )
        tidy(tree, self._style_ids())
        return tree

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Fill in title, author and subject; they are plain text, not XML."""
        properties = self.docx.core_properties
        for name in ("title", "author", "subject", "comments"):
            made = jinja_env.from_string(getattr(properties, name)).render(context)
            text = Markup(made.replace('</w:t><w:br/><w:t xml:space="preserve">', " ")).unescape()  # noqa: S704
            setattr(properties, name, plain(text)[:_PROPERTY])

    def _style_ids(self) -> dict[str, str]:
        """Return the id of each style by its name; Japanese Word calls the headings 1, 2, 3."""
        styles = self.docx.styles.element.style_lst
        return {
            style.name_val.lower(): style.styleId
            for style in styles
            if style.name_val and style.styleId
        }

    def picture(self, chart: Chart) -> Markup:
        """Return a chart as a run, with its description as alternative text."""
        return self._image(charts.png(chart), charts.size(chart), chart.title, chart.description)

    def trend(self, trend: Trend) -> Markup:
        """Return the small line of a table as a run."""
        example = f"（{EXAMPLE_MARK}）" if trend.example else ""
        told = trend.description + example
        return self._image(charts.png(trend), charts.size(trend), "推移", told, TREND)

    def _image(
        self,
        png: bytes,
        size: tuple[float, float],
        title: str,
        description: str,
        widest: float = WIDEST,
    ) -> Markup:
        shrunk = min(1.0, widest / size[0])
        width, height = (round(length * shrunk * _POINT) for length in size)
        place, image = self.current_rendering_part.get_or_add_image(io.BytesIO(png))
        # Its number is given by ``fix_docpr_ids``; asking for a free one searches the whole template.
        inline = CT_Inline.new_pic_inline(1, place, image.filename, width, height)
        inline.docPr.set("name", plain(title))
        inline.docPr.set("descr", plain(description))
        xml = etree.tostring(inline, encoding="unicode").replace("{", "&#123;")
        return Markup(f"<w:r><w:drawing>{xml}</w:drawing></w:r>")  # noqa: S704

    def place(self, error: Exception) -> str:
        """Return the words of the template at which an error was met, for a message."""
        line = getattr(error, "lineno", None) or _line(error.__traceback__)
        lines = self.source.splitlines()
        if not line or line > len(lines):
            return ""
        text = _TAGS.sub("", lines[line - 1]).strip()
        return f"の{quoted(text, 60)}" if text else ""


def _line(trace: TracebackType | None) -> int:
    """Return the line of the innermost frame that lies in a template made from a text."""
    found = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
