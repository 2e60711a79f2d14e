"""提出: an owner says that the year's figures are in; every change after that is told."""

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.owners import Submission, owners_in
from shakyo_review.domain.person import Act
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import WrongUsage, quoted
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.checked import changing
from shakyo_review.services.clock import now
from shakyo_review.services.entry import ReasonNeeded, checked_text
from shakyo_review.services.submitted import SUBMISSION, submissions
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage.facts import FactKey

__all__ = ["SUBMISSION", "submissions", "submit", "withdraw"]

NAMED = 3
"""Blanks that are named in a sentence; of the others the number is told."""


def submit(book: ReviewBook, year: int, owner: str, reason: str = "") -> Submission:
    """Say that an owner's figures of a year are in; once more after changes.

    Raises ``ReasonNeeded``, naming the blanks, where some are left and no reason is given;
    ``WrongUsage`` for an unknown owner and a year that is not open.
    """
    reason = checked_text(reason, "理由").strip()
    with changing(book, Act.SUBMIT, year, owners=(owner,)):
        plan = book.plan_of(year)
        _check(book, plan, year, owner)
        share = next(one for one in submissions(book, year) if one.owner == owner)
        if share.blanks and not reason:
            names = "、".join(plan.indicators[code].name[:20] for code in share.blanks[:NAMED])
            more = f" ほか{len(share.blanks) - NAMED}件" if len(share.blanks) > NAMED else ""
            raise ReasonNeeded(
                f"{owner}には、入っていない実績が{len(share.blanks)}件あります（{names}{more}）。",
                "入力するか、空欄のまま提出する理由を書いてください。",
            )
        number = 1 if share.submission is None else share.submission.number + 1
        made = Submission(
            by=book.who, at=now(), number=number, blanks=len(share.blanks), reason=reason
        )
        key = FactKey(SUBMISSION, year, WHOLE_PLAN, "", owner)
        book.put_fact(key, made.model_dump(mode="json", exclude_defaults=True), reason)
    return made


def withdraw(book: ReviewBook, year: int, owner: str, reason: str = "") -> None:
    """Take a submission back as if it had not been made; the history keeps it."""
    reason = checked_text(reason, "理由").strip()
    with changing(book, Act.SUBMIT, year, owners=(owner,)):
        _check(book, book.plan_of(year), year, owner)
        key = FactKey(SUBMISSION, year, WHOLE_PLAN, "", owner)
        if fact_rows.read(book.file.db, key).data is None:
            raise WrongUsage(f"{owner}は、{year_label(year)}をまだ提出していません。")
        book.put_fact(key, None, reason)


def _check(book: ReviewBook, plan: Plan, year: int, owner: str) -> None:
    plan.check_year(year)
    known = owners_in(plan)
    if owner not in known:
        raise WrongUsage(
            f"担当{quoted(owner)}は計画にありません。", f"担当: {'、'.join(known) or 'なし'}。"
        )
    state = book.state_now(year)
    if state is YearState.PREPARING:
        raise WrongUsage(
            f"{year_label(year)}はまだ開いていません（準備）。",
            "「year open」で記入を始めてください。",
        )
    if state.closed:
        raise WrongUsage(
            f"{year_label(year)}は確定しているため、提出を変えられません。",
            "直すときは「reopen」で確定を解いてください（理由が要ります）。",
        )
