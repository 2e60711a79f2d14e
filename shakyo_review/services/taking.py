"""Writing many figures at once: all of them, or on any trouble none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from shakyo_review.domain.cell import KIND_LABELS, CellKey, Kind
from shakyo_review.domain.indicator import Dated, Indicator
from shakyo_review.domain.plan import map_indicators
from shakyo_review.domain.value import State, format_reading
from shakyo_review.errors import ValueProblem, WrongUsage
from shakyo_review.exchange.rows import Entry
from shakyo_review.exchange.understanding import refused
from shakyo_review.services.book import ReviewBook, now
from shakyo_review.services.editions import correct_edition
from shakyo_review.services.entry import (
    check_open,
    checked_text,
    current_cell,
    place_text,
    store,
)
from shakyo_review.storage import history as history_rows
from shakyo_review.storage import plans as plan_rows


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do: rows that change something, that change nothing, left blank."""

    changed: int
    unchanged: int
    lines: tuple[str, ...] = ()
    blank: int = 0


def take_over(
    book: ReviewBook,
    entries: Sequence[Entry],
    *,
    reason: str = "",
    example: bool = False,
    dry_run: bool = False,
    source: str = "この表",
) -> ImportResult:
    """Store many figures at once: all of them, or on any trouble none.

    Raises ``ImportRefused`` with every figure that the book cannot hold; ``source`` names the
    table in its message.
    """
    reason = checked_text(reason, "理由")
    lines: list[str] = []
    problems: list[str] = []
    try:
        with book.file.writing():
            for entry in entries:
                try:
                    told = _take(book, entry, reason, example)
                except (ValueProblem, WrongUsage) as problem:
                    where = f"{entry.row}行目" if entry.row else place_text(entry.key)
                    problems.append(f"{where}: {problem}")
                else:
                    lines += [] if told is None else [told]
            if problems:
                raise refused(source, problems)
            if dry_run:
                raise _OnlyLooking
    except _OnlyLooking:
        pass
    else:
        if any(entry.key.kind not in (Kind.TARGET, Kind.ACTUAL) for entry in entries):
            book.reload_plan()
    return ImportResult(len(lines), len(entries) - len(lines), tuple(lines))


class _OnlyLooking(Exception):
    """Ends a dry run: the transaction is rolled back."""


def _take(book: ReviewBook, entry: Entry, reason: str, example: bool) -> str | None:
    """Store one row; returns a sentence on what changes, None where nothing does."""
    key = entry.key
    if key.kind in (Kind.BUDGET, Kind.SETTLEMENT):
        return _take_funding(book, entry, reason)
    if key.kind in (Kind.BASELINE, Kind.FINAL_TARGET):
        return _take_dated(book, entry, reason)
    before = current_cell(book, key)
    after = replace(
        before,
        reading=entry.reading,
        measured_year=entry.measured_year if entry.reading.state is State.VALUE else None,
        note=checked_text(entry.note, "注記") or before.note,
    )
    # A form handed back with the example figures it was printed with does not make them real.
    if after != before:
        after = replace(after, example=example)
    stored = store(book, before, after, reason)
    if stored.version == before.version:
        return None
    decimals = book.editions.of(key.year).plan.indicators[key.indicator].decimals
    old, new = (format_reading(cell.reading, decimals, blank="空欄") for cell in (before, after))
    return f"{place_text(key)}: {old} → {new}"


def _take_funding(book: ReviewBook, entry: Entry, reason: str) -> str | None:
    key, reading, db = entry.key, entry.reading, book.file.db
    if reading.state not in (State.VALUE, State.NOT_ENTERED):
        raise ValueProblem("金額の欄に状態や文字は書けません。", "千円単位の整数を書いてください。")
    funding_id = book.editions.of(key.year).ids.funding[key.indicator]
    old = plan_rows.funding_amount(db, funding_id, key.year, key.kind.value)
    new = None if reading.value is None else int(reading.value)
    if old == new:
        return None
    check_open(book, key.year, reason, "金額")
    plan_rows.write_funding_amount(db, funding_id, key.year, key.kind.value, new)
    return _append_plan_change(book, key, Dated(value=old), Dated(value=new), reason, "funding")


def _take_dated(book: ReviewBook, entry: Entry, reason: str) -> str | None:
    key, reading = entry.key, entry.reading
    label = KIND_LABELS[key.kind]
    if (
        reading.state not in (State.VALUE, State.NOT_ENTERED)
        or reading.denominator is not None
        or reading.forecast
    ):
        raise ValueProblem(f"{label}には1つの数だけを書けます。", "数字だけを書いてください。")
    edition = plan_rows.read_editions(book.file.db).newest
    indicator = edition.plan.indicators[key.indicator]
    field = "baseline" if key.kind is Kind.BASELINE else "final_target"
    old: Dated = getattr(indicator, field)
    new = Dated() if reading.value is None else Dated(value=reading.value, year=key.year)
    if old == new:
        return None
    try:
        changed = Indicator.model_validate({**indicator.model_dump(), field: new.model_dump()})
    except ValidationError as error:
        why = str(error.errors()[0].get("ctx", {}).get("error", "値が合いません"))
        raise ValueProblem(
            f"{label}を変えられません（{why}）。", "年度と値を確かめてください。"
        ) from None
    plan = map_indicators(edition.plan, lambda one: changed if one.code == changed.code else one)
    correct_edition(book, edition, plan, reason)
    return _append_plan_change(book, key, old, new, reason, "indicator")


def _append_plan_change(
    book: ReviewBook, key: CellKey, old: Dated, new: Dated, reason: str, entity: str
) -> str:
    """Write the history row of a figure that is no cell; ``year`` is kept where it is part of it."""
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
    shown = (f"{dated.value:f}" if dated.value is not None else "空欄" for dated in (old, new))
    return f"{place_text(key)}: {' → '.join(shown)}"
