"""Publishing a year: everything is made first, then all files appear, or none."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

from shakyo_review.domain.cell import Kind
from shakyo_review.errors import ReviewError
from shakyo_review.reports.building import build_context
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.documents import find_chapter, pieces, report_files
from shakyo_review.reports.formats import DEFAULT_TEMPLATE
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.files import write_together
from shakyo_review.services.gathering import ends_of, year_story, years_of_book

EARLIER_YEARS = 3
"""Years with results set beside the year reported."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done, and how many there are."""


def publish_report(
    book: ReviewBook,
    year: int,
    formats: Sequence[str],
    out: Path,
    *,
    templates: Sequence[str] = (DEFAULT_TEMPLATE,),
    without: Collection[str] = (),
    user_templates: Path | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    keep: bool = False,
) -> list[Path]:
    """Write the documents of a year in each format into the folder ``out``; return the files.

    ``templates`` are names of documents, ``formats`` of formats; ``all`` stands for every one, and
    a document is made in those of the formats it can be made in. ``without`` names chapters that are
    left out. The files are named ``<plan code>-<year>`` and their document's name and format's ending;
    ``keep`` leaves files of these names as they are and puts a number behind the new ones. Everything
    is made before the first file is touched, and either all files appear or every earlier one is as
    it was; until then ``stop`` is asked before every step.

    Raises ``WrongUsage`` for an unknown year, document, format or chapter, ``ReviewError`` for a broken
    template or a place that cannot be written, ``Stopped`` where ``stop`` says so.
    """
    wanted = pieces(templates, formats, user_templates)
    left_out = [find_chapter(name) for name in without]
    total = len(_GATHERING) + len(wanted) + 1

    def tell(what: str, done: int) -> None:
        if stop is not None and stop():
            raise _stopped()
        if progress is not None:
            progress(what, done, total)

    context = report_context(book, year, tell, without=left_out)
    with _Aside() as aside:
        for number, piece in enumerate(wanted, len(_GATHERING)):
            tell(f"{piece.title}を作っています", number)
            aside.take(piece.begin(context, user_templates))
        tell("ファイルに仕上げています", total - 1)
        made = aside.made()
    if stop is not None and stop():
        raise _stopped()
    paths = report_files(out, context.file_stem, wanted, keep=keep)
    write_together(list(zip(paths, made, strict=True)), make_folder=True)
    if progress is not None:
        progress("できました", total, total)
    return paths


_GATHERING = (
    "値と評価を読んでいます",
    "前の年度とくらべています",
    "評価・意見・改善を集めています",
    "表と図を組み立てています",
)
"""The steps before the documents."""


class _Aside(AbstractContextManager["_Aside"]):
    """A second thread, in which Typst sets the pages of one document while the next is begun."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._taken: list[Future[bytes]] = []

    def take(self, work: Callable[[], bytes]) -> None:
        """Take over what makes a file of something begun."""
        self._taken.append(self._thread.submit(work))

    def made(self) -> list[bytes]:
        """Return the files in their order; raises what went wrong with the first that failed."""
        return [one.result() for one in self._taken]

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)


class Stopped(ReviewError):
    """The person has stopped the work; no file has been touched."""


def _stopped() -> Stopped:
    return Stopped("報告書づくりをやめました。", "ファイルは書いていません。")


def report_context(
    book: ReviewBook,
    year: int,
    tell: Callable[[str, int], None] | None = None,
    without: Collection[str] = (),
) -> ReportContext:
    """Return what the report of a year says: with up to three earlier years that have results.

    ``tell`` is told what is being done, and how many steps are done; ``without`` are kinds of chapters
    that are left out.
    """
    told = tell or (lambda what, done: None)
    book.plan.check_year(year)
    told(_GATHERING[0], 0)
    earlier = [one for one in book.years_with(Kind.ACTUAL) if one < year][-EARLIER_YEARS:]
    score = book.score(year)
    plan = book.plan_of(year)
    told(_GATHERING[1], 1)
    before = book.score_beside(earlier[-1], year) if earlier else None
    comparison = book.compare([*earlier, year])
    told(_GATHERING[2], 2)
    listed = years_of_book(book, year)
    story = year_story(book, year, comparison.years, listed)
    told(_GATHERING[3], 3)
    return build_context(
        *(plan, score, before, comparison, book.findings(year)),
        story=story,
        without=without,
        all_years=book.compare(listed),
        first_and_last=book.compare(ends) if (ends := ends_of(book, listed)) else None,
    )
