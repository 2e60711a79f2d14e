"""The full sheet, or the year book, as one table for other programs: UTF-8 with BOM, CRLF, RFC 4180.

Numbers are plain (1234.5, -3, 98.5 for 98.5%), words stand in their place as printed (中止). A text
that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line break) gets
an apostrophe in front; numbers never do.
"""

import csv
from io import StringIO
from pathlib import Path

from shakyo_review.domain.table_text import guarded
from shakyo_review.errors import WrongUsage
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.rendering import DEFAULT_TEMPLATE
from shakyo_review.reports.tables.sheet import sheet_records
from shakyo_review.reports.tables.yearbook import yearbook_records

BOM = "\ufeff"
"""The mark by which Excel knows UTF-8."""


def render(
    context: ReportContext, template: str = DEFAULT_TEMPLATE, user_templates: Path | None = None
) -> bytes:
    """Return the table of the report, or of the year book; ``WrongUsage`` for other documents."""
    if template == "annual":
        head, rows = sheet_records(context)
    elif template == "yearbook":
        head, rows = yearbook_records(context)
    else:
        raise WrongUsage(
            f"「{template[:60]}」は CSV では作れません。",
            "CSV で作れるのは annual（評価報告書の一覧表）と yearbook（年度一覧）です。",
        )
    made = StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerows(map(guarded, row) for row in (head, *rows))
    return (BOM + made.getvalue()).encode()
