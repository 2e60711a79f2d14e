"""The agenda of a meeting: the items to be talked about, for the large screen and the command."""

from collections.abc import Sequence
from typing import Any

from shakyo_review.domain.agenda import AgendaItem, agenda_of
from shakyo_review.domain.plan import Plan
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.reviewing import evaluations
from shakyo_review.services.stage_views import evaluation_view

Json = dict[str, Any]


def agenda(book: ReviewBook, year: int) -> list[AgendaItem]:
    """Return the items of a year on which opinions differ or that missed the line, settled ones last."""
    return agenda_of(book.score(year), evaluations(book, year))


def agenda_view(plan: Plan, year: int, rows: Sequence[AgendaItem]) -> Json:
    """Return ``stages --agenda --json``."""
    return {
        "plan": plan.code,
        "fiscal_year": year,
        "open": sum(not one.settled for one in rows),
        "settled": sum(one.settled for one in rows),
        "items": [
            {
                **evaluation_view(plan, one.seen),
                "settled": one.settled,
                "reasons": [
                    {"topic": p.topic.value, "detail": p.detail, "text": p.text} for p in one.points
                ],
            }
            for one in rows
        ],
    }
