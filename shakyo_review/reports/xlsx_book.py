"""The workbook of a report: its looks, its cover, and how its sheets are printed."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.tables import Page
from shakyo_review.reports.xlsx_cells import LINE, lines_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2000, 1, 1)
"""The day every workbook is made on: the same bytes whatever the day."""
PICTURE_SCALE = 75
"""Size (%) at which sheets of pictures are printed."""
_COVER = "表紙"
_FOOT = 48
"""Characters that find room at the foot in the usual size."""


class ReportBook:
    """The workbook of a report being written: its looks, its cover, how its sheets are printed."""

    def __init__(self, context: ReportContext, title: str) -> None:
        from xlsxwriter import Workbook

        self.context, self.title = context, title
        self.buffer = io.BytesIO()
        # The default cell look is set, so that every machine measures columns alike.
        self.book = Workbook(
            self.buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {
                    "font_name": "游ゴシック",
                    "font_size": 10,
                    "valign": "vcenter",
                },
            },
        )
        self.looks: dict[tuple[tuple[str, Any], ...], Format] = {}
        cover = context.cover
        self.book.set_properties(
            {
                "title": f"{cover.plan_title} {cover.year} {title}",
                "subject": cover.year_full,
                "author": cover.body,
                "company": cover.body,
                "comments": cover.example_note,
                "created": CREATED,
            }
        )
        self.book.set_custom_property("Language", "ja-JP")

    def finish(self) -> bytes:
        """Return the file."""
        self.book.close()
        return self.buffer.getvalue()

    def look(self, **properties: Any) -> "Format":
        """Return a look, each kept once."""
        key = tuple(sorted(properties.items()))
        if key not in self.looks:
            self.looks[key] = self.book.add_format(properties)
        return self.looks[key]

    def text_look(self, text: str, **properties: Any) -> "Format":
        """Return a look for a text; one like a formula stays text also when somebody edits the cell."""
        like_formula = text[:1] in tuple("=+-@\t\r")
        return self.look(**properties, **({"quote_prefix": True} if like_formula else {}))

    def set_up(
        self,
        sheet: "Worksheet",
        last: int,
        columns: int,
        *,
        across: bool,
        breaks: Sequence[int] = (),
    ) -> None:
        """Set how a sheet is printed: A4, plan and year and page at the foot, one page wide.

        Where pages are broken at given rows, it is printed as large as it is: Excel knows one or the other.
        """
        sheet.set_paper(9)
        if across:
            sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        if breaks:
            sheet.set_h_pagebreaks(list(breaks))
            sheet.set_print_scale(PICTURE_SCALE)
        else:
            sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, max(last, 0), max(columns - 1, 0))
        foot = self.context.cover.foot
        size = 8 if len(foot) <= _FOOT else 6
        sheet.set_header("&R&8&A")
        sheet.set_footer(f"&L&{size} {foot.replace('&', '&&')[:200]}&R&8&P / &N")
        sheet.hide_gridlines(2)

    def cover(self, pages: Sequence[Page]) -> None:
        """Write the first sheet: what this is, what matters, and where everything stands."""
        sheet = self.book.add_worksheet(_COVER)
        cover = self.context.cover
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 74)
        sheet.write_string(0, 0, cover.plan_title, self.look(bold=True, font_size=16))
        sheet.write_string(
            1, 0, f"{cover.year_full}　{self.title}", self.look(bold=True, font_size=13)
        )
        row = 3
        facts = (
            ("団体", cover.body), ("状態", cover.state), ("公表", cover.published),
            ("作成者", cover.made_by), ("断り", cover.example_note),
        )  # fmt: skip
        name, text = self.look(bold=True), self.look(text_wrap=True, valign="top")
        for head, told in facts:
            if told:
                sheet.write_string(row, 0, head, name)
                sheet.write_string(row, 1, told, self.text_look(told, text_wrap=True, valign="top"))
                row += 1
        if self.title == cover.kind and self.context.highlights:
            row += 1
            sheet.write_string(row, 0, "要点", name)
            for line in self.context.highlights:
                sheet.set_row(row, LINE * lines_of(line, 70) + 2)
                sheet.write_string(row, 1, f"・{line}", text)
                row += 1
        row += 1
        sheet.write_string(row, 0, "シート", name)
        sheet.write_string(row, 1, "内容", name)
        link = self.look(font_color="#1F4E9E", underline=1)
        for page in pages:
            row += 1
            sheet.write_url(row, 0, f"internal:'{page.name}'!A1", link, page.name)
            told = f"（{page.chapter}）" if page.chapter else ""
            sheet.write_string(row, 1, f"{page.title}{told}")
        self.set_up(sheet, row, 2, across=False)
