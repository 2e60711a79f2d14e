"""What people said and decided about a year, gathered from the book for a report."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.funding import funding_lines
from shakyo_review.domain.value import Reading, State
from shakyo_review.domain.year_state import YearState
from shakyo_review.reports.story import Correction, Said, Standing, Story
from shakyo_review.services.book import YEAR, ReviewBook
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

JAPAN = timezone(timedelta(hours=9))
"""The days of a report are those of Japan, so that every machine prints the same."""


MOST_YEARS = 10
"""Years a year book sets side by side: as many as A4 across holds."""


def years_of_book(book: ReviewBook, year: int) -> list[int]:
    """Return the years of a year book: those of the plan up to a year, and earlier ones with results."""
    earlier = (one for one in book.years_with(Kind.ACTUAL) if one < year)
    planned = range(book.plan_of(year).first_year, year)
    return sorted({*earlier, *planned, year})[-MOST_YEARS:]


def ends_of(book: ReviewBook, years: Sequence[int]) -> list[int]:
    """Return the first year with a letter and the last of some years; nothing where they are the same."""
    rated = (one for one in years if book.score(one).overall.coverage.rated)
    first = next(rated, years[-1])
    return [first, years[-1]] if first < years[-1] else []


def year_story(
    book: ReviewBook, year: int, shown: Sequence[int] = (), listed: Sequence[int] = ()
) -> Story:
    """Gather what people said and decided about a year.

    ``shown`` are the years of the report, ``listed`` those of the year book.
    """
    years = sorted({*shown, year})
    return Story(
        standing=_standing(book, year),
        evaluations=evaluations(book, year),
        before=_letters_before(book, years[-2], year) if len(years) > 1 else {},
        officials={one: _letters_before(book, one, year) for one in listed},
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
