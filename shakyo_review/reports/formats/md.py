"""The report as Markdown (CommonMark with tables): for wikis, mail and other programs.

Charts stand there in words. No text of the book can become markup, HTML or the end of a table cell.
"""

import re
from pathlib import Path

from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.rendering import DEFAULT_TEMPLATE, render_template
from shakyo_review.reports.word_text import plain

SUFFIX = ".md"
_MARKUP = re.compile(
    r"[\\`*_\[\]{}<>&|~$@^]|!(?=\[)|:(?=[A-Za-z/])|(?<=www)\.|=(?==)", re.IGNORECASE
)
"""What is or could become markup anywhere, also in the common extensions: links, mathematics, emoji."""
_AT_START = re.compile(r"^(?:[#+=-]|(\d{1,9})(?=[.)](?:\s|$)))")
"""What is markup at the start of a line: headings, lists, rules."""
_SPACES = re.compile(r"[ \t]+")
_EMPTY = re.compile(r"\n{3,}")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


def render(
    context: ReportContext, template: str = DEFAULT_TEMPLATE, user_templates: Path | None = None
) -> bytes:
    """Render the report; the same context and template give the same bytes.

    Raises ``WrongUsage`` for an unknown template, ``TemplateTrouble`` for a broken one.
    """
    made = render_template(template, SUFFIX, {"report": context}, {}, user_templates, md_text)
    made = _EMPTY.sub("\n\n", _TRAILING.sub("", made))
    return (made.strip("\n") + "\n").encode()


def md_text(text: str) -> str:
    r"""Return a text as Markdown that shows exactly this text on one line.

    Line ends become ``<br>``: the only HTML in the file, known to every reader of tables.
    """
    return "<br>".join(_line(part) for part in plain(text).split("\n"))


def _line(text: str) -> str:
    text = _SPACES.sub(" ", text).strip(" ")
    start = _AT_START.match(text)
    if start is None:
        return _escaped(text)
    number = start[1] or ""  # a number keeps its digits; its dot is no longer that of a list
    place = len(number)
    return f"{number}\\{text[place]}{_escaped(text[place + 1 :])}"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)
