"""How far each owner has come in a year, and who has said 提出, read."""

from collections.abc import Iterable, Mapping
from typing import Any

from shakyo_review.domain.checks import is_in
from shakyo_review.domain.owners import NO_OWNER, Share, Submission, owned_by, owners_in
from shakyo_review.domain.person import Role
from shakyo_review.services.book import ReviewBook
from shakyo_review.storage.database import explained
from shakyo_review.storage.history import last_parts
from shakyo_review.storage.renames import last_numbers, read_renames

SUBMISSION = "submission"
"""The entity of a submission: about the whole plan, part is the owner."""


def submissions(book: ReviewBook, year: int) -> list[Share]:
    """Return how far every owner of a year's plan has come, in print order."""
    plan, score = book.plan_of(year), book.score(year)
    given = {fact.key.part: book.told(Submission, fact) for fact in book.facts(SUBMISSION, year)}
    changed = _changed_since(book, year) if given else {}
    blank = [code for code, one in score.indicators.items() if not is_in(one, plan.first_year)]
    shares = []
    for owner in owners_in(plan):
        own = [code for code in plan.indicators if owned_by(plan, code, (owner,))]
        since = changed.get(owner, frozenset())
        shares.append(
            Share(
                owner,
                len(own),
                tuple(code for code in blank if owned_by(plan, code, (owner,))),
                given.get(owner),
                sum(code in since for code in own),
            )
        )
    return shares


def _changed_since(book: ReviewBook, year: int) -> Mapping[str, frozenset[str]]:
    """Return, by owner, the indicators whose figures changed after the submission."""
    with explained(book.path):
        at = last_parts(book.file.db, SUBMISSION, year)
        figures = last_numbers(
            book.file.db, read_renames(book.file.db, book.plan.code), "cell", year
        )
    return {
        owner: frozenset(code for code, number in figures.items() if number > row)
        for owner, row in at.items()
    }


def unsubmitted(book: ReviewBook, year: int) -> list[str]:
    """Return the owners who have not submitted; none where nobody here works with 提出.

    It is worked with where an owner has submitted, or where 委員 are registered.
    """
    registered = any(person.role is Role.MEMBER for person in book.people)
    if not registered and not book.facts(SUBMISSION, year):
        return []
    return [
        one.owner
        for one in submissions(book, year)
        if one.submission is None and one.owner != NO_OWNER
    ]


def submissions_view(shares: Iterable[Share]) -> list[dict[str, Any]]:
    """Return the submissions as ``check --json`` tells them; ``submission`` null where there is none."""
    return [
        {
            "owner": share.owner,
            "indicators": share.total,
            "blanks": list(share.blanks),
            "submission": None
            if share.submission is None
            else {**share.submission.model_dump(mode="json"), "changed_since": share.changed},
        }
        for share in shares
    ]
