"""Publishing a year: everything is made first, then each file appears whole or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.funding import funding_lines
from shakyo_review.domain.value import Reading, State
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.reports.build import build_context
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import Format, find_format
from shakyo_review.reports.rendering import DEFAULT_TEMPLATE
from shakyo_review.reports.story import Correction, Said, Standing, Story
from shakyo_review.services.book import YEAR, ReviewBook
from shakyo_review.services.files import write_whole
from shakyo_review.services.reviewing import (
    ERRATUM,
    directions_of,
    evaluations,
    meetings_of,
    official,
    opinions_of,
    promises,
    promises_asked,
    recusals_of,
)
from shakyo_review.services.revising import revisions
from shakyo_review.services.told import unknown_fact
from shakyo_review.services.year_views import errata_of, sealing_of
from shakyo_review.storage.facts import FactKey

EARLIER_YEARS = 3
"""Years with results set beside the year reported."""
JAPAN = timezone(timedelta(hours=9))
"""The days of a report are those of Japan, so that every machine prints the same."""

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
    stop: Callable[[], bool] | None = None,
    keep: bool = False,
) -> list[Path]:
    """Write the report of a year in each format into the folder ``out``; return the files.

    The files are named ``<plan code>-<year>`` and their format's ending; ``keep`` leaves files of
    these names as they are and puts a number behind the new ones. All formats are made before the
    first file is touched; until then ``stop`` is asked before every step.

    Raises ``WrongUsage`` for an unknown year, format or template, ``ReviewError`` for a broken
    template or a place that cannot be written, ``Stopped`` where ``stop`` says so.
    """
    wanted = [find_format(name) for name in dict.fromkeys(formats)]
    if not wanted:
        raise WrongUsage("形式が指定されていません。", "html などの形式を指定してください。")
    total = len(_GATHERING) + 2 * len(wanted)

    def tell(what: str, done: int) -> None:
        if stop is not None and stop():
            raise _stopped()
        if progress is not None:
            progress(what, done, total)

    context = report_context(book, year, tell)
    made: list[tuple[Format, bytes]] = []
    for number, fmt in enumerate(wanted, len(_GATHERING)):
        tell(f"{fmt.title.partition('（')[0]}を作っています", number)
        content = fmt.render(context, template or DEFAULT_TEMPLATE, user_templates)
        made.append((fmt, content))
    if stop is not None and stop():
        raise _stopped()
    stop = None
    paths = (
        _free(out, context.file_stem, wanted) if keep else _named(out, context.file_stem, wanted)
    )
    for number, (path, (_, content)) in enumerate(
        zip(paths, made, strict=True), total - len(wanted)
    ):
        tell(f"{path.name}を書いています", number)
        write_whole(path, content, make_folder=True)
    tell("できました", total)
    return paths


_GATHERING = (
    "値と評価を読んでいます",
    "前の年度とくらべています",
    "評価・意見・改善を集めています",
    "表と図を組み立てています",
)
"""The steps before the formats."""


class Stopped(ReviewError):
    """The person has stopped the work; no file has been touched."""


def _stopped() -> Stopped:
    return Stopped("報告書づくりをやめました。", "ファイルは書いていません。")


def _named(out: Path, stem: str, formats: Sequence[Format]) -> list[Path]:
    return [out / fmt.file_name(stem) for fmt in formats]


def _free(out: Path, stem: str, formats: Sequence[Format]) -> list[Path]:
    """Return names with the first number that is free for all formats: osaka-2024-2.html."""
    number, paths = 1, _named(out, stem, formats)
    while any(path.exists() for path in paths):
        number += 1
        paths = _named(out, f"{stem}-{number}", formats)
    return paths


def report_context(
    book: ReviewBook, year: int, tell: Callable[[str, int], None] | None = None
) -> ReportContext:
    """Return what the report of a year says: with up to three earlier years that have results.

    ``tell`` is told what is being done, and how many steps are done.
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
    story = year_story(book, year, comparison.years)
    told(_GATHERING[3], 3)
    return build_context(plan, score, before, comparison, book.findings(year), story=story)


def year_story(book: ReviewBook, year: int, shown: Sequence[int] = ()) -> Story:
    """Gather what people said and decided about a year; ``shown`` are the years of the report."""
    years = sorted({*shown, year})
    return Story(
        standing=_standing(book, year),
        evaluations=evaluations(book, year),
        before=_letters_before(book, years[-2], year) if len(years) > 1 else {},
        meetings={stage: tuple(held) for stage, held in meetings_of(book, year).items()},
        recusals=recusals_of(book, year),
        opinions=tuple(Said(o.number, o.code, o.opinion) for o in opinions_of(book, year)),
        directions=directions_of(book, year),
        asked=tuple(promises_asked(book, year)),
        made=tuple(one for one in promises(book) if one.year == year),
        revisions=tuple(r for r in revisions(book) if years[0] <= r.effective_year <= year),
        corrections=tuple(c for one in years for c in _corrections(book, one)),
    )


def _standing(book: ReviewBook, year: int) -> Standing:
    sealing = sealing_of(book, year)
    if sealing is None:
        return Standing()
    told = next((fact.data or {} for fact in book.facts(YEAR, year)), {})
    published = book.state(year) is YearState.PUBLISHED
    return Standing(
        _day_in_japan(sealing.at) if sealing.at else "",
        sealing.number,
        sealing.errata,
        str(told.get("date", "")) if published else "",
    )


def _day_in_japan(at: str) -> str:
    """Return the day of a time of the history, the same on every machine."""
    return datetime.fromisoformat(at).astimezone(JAPAN).date().isoformat()


def _letters_before(book: ReviewBook, before: int, year: int) -> dict[str, str]:
    """Return the official letters of an earlier year under the codes of this year's plan."""
    now = {number: code for code, number in book.identity(year).items()}
    then = book.identity(before)
    return {
        now[then[code]]: label
        for code, (label, _) in official(book, before).items()
        if then.get(code) in now
    }


def _corrections(book: ReviewBook, year: int) -> Iterator[Correction]:
    plan = book.plan_of(year)
    lines = funding_lines(plan)
    for one in errata_of(book, year):
        key = one.key
        try:
            old, new = _reading(one.old), _reading(one.new)
        except (KeyError, ValueError, TypeError, ArithmeticError):
            place = FactKey(ERRATUM, year, key.indicator, "", str(one.number))
            raise unknown_fact(book.path, place) from None
        indicator = plan.indicators.get(key.indicator)
        item, line = lines.get(key.indicator, (None, None))
        name = (line.name if line is not None else "") or (item.name if item is not None else "")
        yield Correction(
            year=year,
            number=one.number,
            code=key.indicator,
            name=name if indicator is None else indicator.name,
            kind=key.kind,
            branch=plan.branch_names.get(key.branch, key.branch),
            period=key.period,
            old=old,
            new=new,
            unit="千円" if indicator is None else indicator.unit,
            decimals=0 if indicator is None else indicator.figure_decimals,
            reason=one.reason,
            date=one.date,
        )


def _reading(facts: Mapping[str, Any]) -> Reading:
    """Return a figure from what an erratum keeps of it."""
    value, denominator = (
        None if facts.get(name) is None else Decimal(facts[name])
        for name in ("value", "denominator")
    )
    return Reading(
        State(facts["state"]),
        value,
        denominator=denominator,
        text=facts.get("text", ""),
        forecast=bool(facts.get("forecast")),
    )
