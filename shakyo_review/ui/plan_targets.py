"""What is known of the targets of an indicator, and what a person has made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.indicator import Dated, Indicator
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import Reading, State
from shakyo_review.services.book import ReviewBook

EARLIER = 4
"""Years of results drawn before the targets."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the targets of an indicator: of the open years as they stand, and earlier results."""

    indicator: Indicator
    readings: Mapping[int, Reading]
    actuals: Mapping[int, Decimal]
    new: bool = False
    """Whether the indicator is only being made: then the figures tell how many decimals it has."""

    @classmethod
    def of(cls, book: ReviewBook, indicator: Indicator) -> Known:
        """Return what the book has of an indicator of its newest plan."""
        plan, code = book.plan, indicator.code
        first = max(plan.first_year, book.editions.newest.effective_year)
        readings = {
            year: book.cells(year).get(CellKey(code, year, Kind.TARGET)).reading
            for year in range(first, plan.last_year + 1)
            if not book.state(year).closed
        }
        actuals: dict[int, Decimal] = {}
        for year in book.years_with(Kind.ACTUAL)[-EARLIER:]:
            score = book.score(year).indicators.get(code)
            if score is not None and score.actual.reading.value is not None:
                actuals[year] = score.actual.reading.value
        return cls(indicator, readings, actuals)

    @classmethod
    def fresh(cls, plan: Plan, indicator: Indicator) -> Known:
        """Return that nothing is known yet of a new indicator."""
        years = range(plan.first_year, plan.last_year + 1)
        blank = dict.fromkeys(years, Reading(State.NOT_ENTERED))
        return cls(indicator.model_copy(update={"decimals": 4}), blank, {}, new=True)


@dataclass(frozen=True, slots=True)
class Promised:
    """What a person has entered: fields of the indicator that are different, and targets of years."""

    fields: Mapping[str, Dated]
    targets: Mapping[int, Reading]
    decimals: int
