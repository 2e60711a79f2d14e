"""Amounts of the funding lines in 千円: read from what was typed, stored with their history row."""

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.indicator import Dated
from shakyo_review.domain.value import MAX_DIGITS, Reading, State
from shakyo_review.errors import ValueProblem, WrongUsage, quoted
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import now
from shakyo_review.storage import history as history_rows
from shakyo_review.storage import plans as plan_rows

MONEY = (Kind.BUDGET, Kind.SETTLEMENT)


def check_amount(reading: Reading) -> int | None:
    """Return an amount in 千円, None for an emptied one; ``ValueProblem`` for what is no whole number."""
    value = reading.value
    if (
        reading.state not in (State.VALUE, State.NOT_ENTERED)
        or reading.denominator is not None
        or (value is not None and value != value.to_integral_value())
    ):
        raise ValueProblem("金額の欄に状態や文字は書けません。", "千円単位の整数を書いてください。")
    if value is not None and abs(value) >= 10**MAX_DIGITS:
        raise ValueProblem("金額の桁が多すぎます。", f"{MAX_DIGITS}桁までにしてください。")
    return None if value is None else int(value)


def check_line(book: ReviewBook, key: CellKey) -> int:
    """Return the identity of the funding line a key names; ``WrongUsage`` for what is none."""
    number = book.editions.of(key.year).ids.funding.get(key.indicator)
    if number is None or key.branch or key.period:
        raise WrongUsage(
            f"財源{quoted(key.indicator)}は{year_label(key.year)}の計画にありません。",
            "「1-4.f2」のような財源のコードを、区や月を付けずに指定してください。",
        )
    return number


def amount_now(book: ReviewBook, key: CellKey) -> int | None:
    """Return the amount that stands on disk in 千円, None where there is none."""
    return plan_rows.funding_amount(book.file.db, check_line(book, key), key.year, key.kind.value)


def store_amount(
    book: ReviewBook, key: CellKey, old: int | None, new: int | None, reason: str
) -> None:
    """Store an amount (None takes it away) with its history row, inside a transaction."""
    plan_rows.write_funding_amount(
        book.file.db, check_line(book, key), key.year, key.kind.value, new
    )
    tell_figure(book, key, Dated(value=old), Dated(value=new), reason, "funding")


def tell_figure(
    book: ReviewBook, key: CellKey, old: Dated, new: Dated, reason: str, entity: str
) -> None:
    """Append the history row of a figure that is no cell; ``year`` is kept where it is part of it."""
    before, after = (history_rows.dated_facts(dated) for dated in (old, new))
    history_rows.append(
        book.file.db,
        history_rows.Change(
            at=now(),
            who=book.who,
            entity=entity,
            code=key.indicator,
            fiscal_year=key.year,
            kind=key.kind.value,
            branch="",
            period="",
            old=before,
            new=after,
            reason=reason,
        ),
    )


def as_cell(key: CellKey, amount: int | None) -> Cell:
    """Return an amount as a cell (of no version: amounts have none), for what is said of figures."""
    return Cell(key, Reading(State.NOT_ENTERED) if amount is None else reading_of(amount))


def reading_of(amount: int) -> Reading:
    """Return an amount in 千円 as a reading."""
    return Reading(State.VALUE, Dated(value=amount).value)
