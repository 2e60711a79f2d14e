"""Putting a figure back to what the history tells of it."""

from collections.abc import Mapping
from decimal import Decimal

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import WrongUsage
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import Outcome, ReasonNeeded, checked_text, restore
from shakyo_review.storage.database import explained
from shakyo_review.storage.history import Change
from shakyo_review.storage.renames import read_renames


def place_now(book: ReviewBook, change: Change) -> CellKey:
    """Return where the figure of a row stands today; ``WrongUsage`` where the row is about no figure of a year."""
    if change.entity != "cell" or change.fiscal_year is None or change.kind not in set(Kind):
        raise WrongUsage(
            "この行の内容は、ここでは戻せません。", "目標・実績の値の変更を選んでください。"
        )
    with explained(book.path):
        renames = read_renames(book.file.db, book.plan.code)
    code = renames.code_now(change.code, change.fiscal_year, change.number)
    year = change.fiscal_year
    if code not in book.editions.of(year).plan.indicators:
        raise WrongUsage(
            f"指標「{code[:40]}」は、いまの計画のこの年度にありません。", "値は履歴に残っています。"
        )
    return CellKey(code, year, Kind(change.kind), change.branch, change.period)


def earlier(key: CellKey, facts: Mapping[str, object] | None) -> Cell:
    """Return the cell a row of the history tells of; ``WrongUsage`` where it cannot be understood."""
    held = facts or {"state": State.NOT_ENTERED.value}

    def number(name: str) -> Decimal | None:
        if held.get(name) is None:
            return None
        found = Decimal(str(held[name]))
        if not found.is_finite():
            raise ValueError(name)
        return found

    try:
        year = held.get("measured_year")
        return Cell(
            key,
            Reading(
                State(str(held.get("state"))),
                number("value"),
                number("denominator"),
                str(held.get("text", "")),
                held.get("forecast") is True,
            ),
            year if type(year) is int else None,
            str(held.get("note", "")),
            held.get("example") is True,
        )
    except (ValueError, ArithmeticError):
        raise WrongUsage(
            "この行の値は読めません。", "「verify」で台帳を確かめてください。"
        ) from None


def bring_back(book: ReviewBook, wanted: Cell, *, expected_version: int, reason: str) -> Outcome:
    """Store an earlier content of a cell again, with a reason, as any other change of a figure.

    Raises ``CellConflict`` where the cell has moved on since ``expected_version`` was seen.
    """
    reason = checked_text(reason, "理由")
    if not reason.strip():
        raise ReasonNeeded("戻す理由を書いてください。", "履歴に残ります。")
    return restore(book, wanted, expected_version=expected_version, reason=reason)
