"""The report as an Excel workbook: every table a list to sort and to print, every number a number.

Nothing in it is a formula: a text that looks like one is written, and marked, as text.
"""

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shakyo_review.errors import WrongUsage
from shakyo_review.reports import charts
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.context.base import Letter
from shakyo_review.reports.context.charts import Chart
from shakyo_review.reports.context.parts import Figure
from shakyo_review.reports.rendering import DEFAULT_TEMPLATE
from shakyo_review.reports.tables import (
    Cell,
    Column,
    Count,
    Lines,
    Page,
    Pictures,
    Table,
    Words,
    amount,
    marked,
)
from shakyo_review.reports.tables.annual import annual_pages
from shakyo_review.reports.tables.yearbook import yearbook_pages
from shakyo_review.reports.xlsx_book import PICTURE_SCALE, ReportBook
from shakyo_review.reports.xlsx_cells import (
    LINE,
    cut,
    lines_of,
    number_format,
    points,
    reaches,
    shown,
    widths,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format

UPRIGHT = 105
"""Half-width characters in a line of A4 upright; wider sheets are printed across."""
_ROW = 15.0
"""Height of the rows under a picture in points."""
_PAGE = 735.0 * 100 / PICTURE_SCALE
"""How many points of a sheet of pictures a page of A4 holds."""
_TONES = {"t0": "#DCEFE6", "t1": "#E3EDF8", "t2": "#FDF1D6", "t3": "#F8D9D6"}


def render(
    context: ReportContext, template: str = DEFAULT_TEMPLATE, user_templates: Path | None = None
) -> bytes:
    """Return the workbook of the report, or of the year book; ``WrongUsage`` for other documents."""
    if template == "annual":
        pages, title = annual_pages(context), context.cover.kind
    elif template == "yearbook":
        pages, title = list(yearbook_pages(context)), context.yearbook.kind
    else:
        raise WrongUsage(
            f"「{template[:60]}」は Excel では作れません。",
            "Excel で作れるのは annual（評価報告書）と yearbook（年度一覧）です。",
        )
    book = ReportBook(context, title)
    book.cover(pages)
    for page in pages:
        _Sheet(book, page).write()
    return book.finish()


class _Sheet:
    """A page being written from the top."""

    def __init__(self, book: ReportBook, page: Page) -> None:
        self.book, self.sheet, self.page = book, book.book.add_worksheet(page.name), page
        tables = [block for block in page.blocks if isinstance(block, Table)]
        self.widths = widths(tables)
        self.row = 0
        self.breaks: list[int] = []
        self.used = 4 * _ROW

    def write(self) -> None:
        """Write title, blocks, and how the sheet is looked at and printed."""
        sheet, cover = self.sheet, self.book.context.cover
        across = sum(self.widths) > UPRIGHT
        for place, width in enumerate(self.widths):
            sheet.set_column(place, place, width)
        sheet.write_string(0, 0, self.page.title, self.book.look(bold=True, font_size=14))
        told = f"{cover.plan_title}　{cover.year}　{cover.state}"
        told += f"　{cover.example_note}" if cover.example_note else ""
        sheet.write_string(1, 0, told, self.book.look(font_size=9))
        self.row = 2
        for block in self.page.blocks:
            if isinstance(block, Lines):
                self._lines(block)
            elif isinstance(block, Pictures):
                self._pictures(block.charts)
            else:
                self._table(block)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self.book.set_up(sheet, self.row - 1, len(self.widths), across=across, breaks=self.breaks)

    def _lines(self, block: Lines) -> None:
        """Write sentences over the whole width; their height is counted, for joined cells do not grow."""
        room = max(sum(self.widths) - 2, 20)
        for line in block.lines:
            look = self.book.text_look(line, text_wrap=True, valign="top")
            self.sheet.set_row(self.row, LINE * lines_of(line, room) + 4)
            if len(self.widths) > 1:
                self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", look)
            self.sheet.write_string(self.row, 0, cut(line), look)
            self.row += 1

    def _pictures(self, drawn: Sequence[Chart]) -> None:
        """Put charts one below the other, those of half a width two side by side."""
        room = sum(points(width) for width in self.widths)
        while drawn:
            sizes = [charts.size(chart) for chart in drawn[:2]]
            pair = len(sizes) == 2 and sum(width for width, _ in sizes) < room
            height = max(high for _, high in sizes[: 1 + pair])
            rows = math.ceil(height / _ROW)
            if self.used + (rows + 2) * _ROW > _PAGE:
                self.breaks.append(self.row)
                self.used = 0.0
            self.used += (rows + 2) * _ROW
            row = self.row + 1
            self.sheet.set_row(row - 1, _ROW)
            for place, chart in enumerate(drawn[: 1 + pair]):
                self._picture(row, place * len(self.widths) // 2, chart)
            for one in range(row, row + 1 + rows):
                self.sheet.set_row(one, _ROW)
            self.row = row + 1 + rows
            drawn = drawn[1 + pair :]

    def _picture(self, row: int, place: int, chart: Chart) -> None:
        self.sheet.write_string(row, place, cut(chart.title), self.book.look(bold=True))
        picture, (width, height) = charts.png(chart), charts.size(chart)
        across, down = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
        options = {
            "image_data": io.BytesIO(picture),
            "description": chart.description,
            "x_scale": width * 96 / 72 / across,
            "y_scale": height * 96 / 72 / down,
            "object_position": 2,
        }
        self.sheet.insert_image(row + 1, place, f"{chart.id}.png", options)

    def _table(self, table: Table) -> None:
        book, sheet = self.book, self.sheet
        if table.caption:
            self.row += 1
            sheet.write_string(self.row, 0, cut(table.caption), book.look(bold=True, font_size=11))
            self.row += 1
        elif not self.page.listed:
            self.row += 1
        if not table.rows:
            sheet.write_string(self.row, 0, "該当するものはありません。")
            self.row += 1
            return
        head, columns = self.row, len(table.columns)
        look = book.look(
            bold=True, text_wrap=True, border=1, bottom=2, align="center", bg_color="#E9ECEF"
        )
        self._row(head, table, [column.head for column in table.columns])
        for place, column in enumerate(table.columns):
            self._joined(head, place, table, look)
            sheet.write_string(head, place, column.head, look)
        for number, cells in enumerate(table.rows, 1):
            foot = number > len(table.rows) - table.sums
            self._row(head + number, table, cells)
            for place, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                self._joined(head + number, place, table, book.look(border=1))
                self._cell(head + number, place, cell, column, foot=foot)
        self.row = head + len(table.rows) + 1
        if table is self.page.list_table:
            sheet.freeze_panes(head + 1, self.page.fixed)
            sheet.repeat_rows(head)
            sheet.autofilter(head, 0, max(self.row - 1, head), columns - 1)

    def _joined(self, row: int, place: int, table: Table, look: "Format") -> None:
        """Let the last cell of a short table reach to the end of the page."""
        if place == len(table.columns) - 1 and reaches(table, len(self.widths)):
            self.sheet.merge_range(row, place, row, len(self.widths) - 1, "", look)

    def _row(self, row: int, table: Table, cells: Sequence[Cell]) -> None:
        """Make a row as high as its texts need: not every program does so by itself."""
        lines = 1
        for place, cell in enumerate(cells):
            last = place == len(cells) - 1 and reaches(table, len(self.widths))
            room = sum(self.widths[place:]) if last else self.widths[place]
            lines = max(lines, lines_of(cell, room - 1.5))
        self.sheet.set_row(row, min(LINE * lines + 4, 400))

    def _cell(self, row: int, place: int, cell: Cell, column: Column, *, foot: bool) -> None:
        """Write a cell: a number where there is one, a text in any other case."""
        clipped = isinstance(cell, Words) and cell.clipped
        look: dict[str, Any] = {"border": 1, "text_wrap": not clipped}
        look |= {"bold": True, "top": 2} if foot else {}
        number = (
            amount(cell.text)
            if isinstance(cell, Count) or (isinstance(cell, Figure) and cell.numeric)
            else None
        )
        if number is not None:
            example = isinstance(cell, Figure) and cell.example
            form = number_format(number, marked("", example))
            value = number.value.scaleb(-2) if number.unit == "%" else number.value
            self.sheet.write_number(row, place, value, self.book.look(**look, num_format=form))
            return
        text = shown(cell)
        if isinstance(cell, Letter):
            look |= {"align": "center", "bold": cell.tone != "none"}
            look |= {"bg_color": _TONES[cell.tone]} if cell.tone in _TONES else {}
        elif isinstance(cell, Words):
            look |= {"indent": cell.depth} if cell.depth else {}
            look |= {"bold": True} if cell.strong else {}
            look |= {"font_color": "#8A8A8A"} if cell.repeated else {}
        elif isinstance(cell, Figure | Count):
            look |= {"align": "right" if text in ("", "－") else "center"}
        elif column.middle:
            look |= {"align": "center"}
        if text:
            self.sheet.write_string(row, place, cut(text), self.book.text_look(text, **look))
        else:
            self.sheet.write_blank(row, place, None, self.book.look(**look))
