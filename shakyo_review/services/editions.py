"""Storing editions of the plan: each with the history row that tells its hash."""

from collections.abc import Mapping

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.plan import YEARS_BEFORE, Plan
from shakyo_review.errors import WrongUsage
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import now
from shakyo_review.storage import history as history_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage.format import EDITION
from shakyo_review.storage.plans import FIRST, Edition, Ids


def put_edition(
    book: ReviewBook,
    plan: Plan,
    ids: Ids,
    number: int,
    effective_year: int,
    reason: str,
    *,
    renamed: Mapping[str, str] | None = None,
    changes: tuple[str, ...] = (),
) -> None:
    """Store an edition and its history row, inside a transaction.

    ``renamed`` are the new codes of what was renumbered, and the places of what left the plan;
    ``changes`` sentences on what is different.
    """
    before = plan_rows.read_digests(book.file.db).get(number)
    found = plan_rows.write_edition(book.file.db, plan, ids, number, effective_year)
    told: dict[str, object] = {"number": number, "effective_year": effective_year, "digest": found}
    if renamed:
        told["renamed"] = dict(renamed)
    if changes:
        told["changes"] = list(changes)
    history_rows.append(
        book.file.db,
        history_rows.Change(
            at=now(),
            who=book.who,
            entity=EDITION,
            code=plan.code,
            fiscal_year=effective_year if effective_year != FIRST else None,
            kind="",
            branch="",
            period="",
            old=None if before is None else {"digest": before, "number": number},
            new=told,
            reason=reason,
        ),
    )


def check_correctable(book: ReviewBook, edition: Edition) -> None:
    """Refuse to correct an edition one of whose years is sealed."""
    last = edition.plan.last_year
    # Earlier years may be entered and sealed as well: the first edition is theirs too.
    begin = max(edition.effective_year, edition.plan.first_year - YEARS_BEFORE)
    sealed = [year for year in range(begin, last + 1) if book.state_now(year).closed]
    if sealed:
        raise WrongUsage(
            f"{year_label(sealed[-1])}が確定しているため、計画をさかのぼって直せません。",
            f"{year_label(min(sealed[-1] + 1, last))}からの改定として、理由を付けて登録してください。",
        )


def correct_edition(
    book: ReviewBook,
    edition: Edition,
    plan: Plan,
    reason: str,
    *,
    ids: Ids | None = None,
    renamed: Mapping[str, str] | None = None,
    changes: tuple[str, ...] = (),
) -> None:
    """Correct the edition in force as it stands (a slip of the plan file), inside a transaction.

    Raises ``WrongUsage`` where one of its years is sealed: what counts from a later year on is a
    revision.
    """
    check_correctable(book, edition)
    put_edition(
        book,
        plan,
        ids or edition.ids,
        edition.number,
        edition.effective_year,
        reason or "計画の修正",
        renamed=renamed,
        changes=changes,
    )


def known_elsewhere(book: ReviewBook, code: str, year: int) -> str:
    """Return what is known of a code that the plan of a year does not have: 令和7年度から など; '' if nothing."""
    here = book.edition_of(year)
    for edition in reversed(book.editions.all):
        found = [ids[code] for ids in (edition.ids.indicator, edition.ids.node) if code in ids]
        if not found:
            continue
        now = here.codes.get(found[0])
        later = edition.effective_year > year
        since = min(
            (
                one.effective_year
                for one in book.editions.all
                if one.effective_year > year and code in one.codes.values()
            ),
            default=FIRST,
        )
        when = f"{year_label(since)}から" if later else "改定の前"
        return f"{when}のコードで、この年度では「{now}」" if now else f"{when}のコード"
    return ""
