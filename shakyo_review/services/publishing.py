"""Publishing a year: everything is made first, then each file appears whole or not at all."""

from collections.abc import Callable, Sequence
from pathlib import Path

from shakyo_review.domain.cell import Kind
from shakyo_review.errors import WrongUsage
from shakyo_review.reports.build import build_context
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import Format, find_format
from shakyo_review.reports.rendering import DEFAULT_TEMPLATE
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.files import write_whole

EARLIER_YEARS = 3
"""Years with results set beside the year reported."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done, and how many there are."""


def publish_report(
    book: ReviewBook,
    year: int,
    formats: Sequence[str],
    out: Path,
    template: str | None = None,
    user_templates: Path | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write the report of a year in each format into the folder ``out``; return the files.

    The files are named ``<plan code>-<year>`` and their format's ending. All formats are made
    before the first file is touched.

    Raises ``WrongUsage`` for an unknown year, format or template and ``ReviewError`` for a broken
    template or a place that cannot be written.
    """
    wanted = [find_format(name) for name in dict.fromkeys(formats)]
    if not wanted:
        raise WrongUsage("形式が指定されていません。", "html などの形式を指定してください。")
    tell = progress or (lambda what, done, total: None)
    total = 2 * len(wanted) + 1
    tell("集計しています", 0, total)
    context = report_context(book, year)
    made: list[tuple[Path, bytes]] = []
    for number, fmt in enumerate(wanted, 1):
        tell(f"{fmt.title}を作っています", number, total)
        content = fmt.render(context, template or DEFAULT_TEMPLATE, user_templates)
        made.append((out / _file_name(context, fmt), content))
    for number, (path, content) in enumerate(made, len(wanted) + 1):
        tell(f"{path.name}を書いています", number, total)
        write_whole(path, content, make_folder=True)
    tell("できました", total, total)
    return [path for path, _ in made]


def report_context(book: ReviewBook, year: int) -> ReportContext:
    """Return what the report of a year says: with up to three earlier years that have results."""
    book.plan.check_year(year)
    earlier = [one for one in book.years_with(Kind.ACTUAL) if one < year][-EARLIER_YEARS:]
    score = book.score(year)
    before = book.score_beside(earlier[-1], year) if earlier else None
    plan = book.plan_of(year)
    return build_context(plan, score, before, book.compare([*earlier, year]), book.findings(year))


def _file_name(context: ReportContext, fmt: Format) -> str:
    return f"{context.file_stem}{fmt.suffix}"
