"""Several figures at once, all or nothing; and the sentence that stands beside a figure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shakyo_review.domain.cell import Cell, CellKey, CellTable, Kind
from shakyo_review.domain.checks import odd_values
from shakyo_review.domain.scoring import score_indicator
from shakyo_review.domain.value import Reading
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import (
    Outcome,
    act_on,
    checked_text,
    conflict_of,
    current_cell,
    definition,
    key_now,
    odd_after,
    store,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A figure to be stored, and the version of its cell that the person saw."""

    key: CellKey
    reading: Reading
    version: int


def odd_before(book: ReviewBook, wishes: Sequence[Wish]) -> dict[CellKey, tuple[str, ...]]:
    """Return what will look odd about figures before they are stored, by the last of an indicator's."""
    if not wishes:
        return {}
    year = wishes[0].key.year
    table = CellTable.of(book.cells(year).cells.values())
    for wish in wishes:
        table.put(_written(table.get(wish.key), wish.reading))
    plan, before = book.plan_of(year), book.score_beside(year - 1, year)
    last = {
        wish.key.indicator: wish.key
        for wish in wishes
        if wish.key.kind is Kind.ACTUAL and wish.reading.value is not None
    }
    found = {}
    for code, key in last.items():
        score = score_indicator(plan, plan.indicators[code], table, year)
        earlier = before.indicators.get(code)
        if told := odd_values(score, table, earlier):
            found[key] = tuple(told)
    return found


def _written(before: Cell, reading: Reading) -> Cell:
    return replace(before, reading=reading, measured_year=None, example=False)


def record_block(book: ReviewBook, wishes: Sequence[Wish], reason: str = "") -> list[Outcome]:
    """Store figures of one year in one transaction: all of them, or none.

    Raises what ``record`` raises, for the first figure that cannot be stored.
    """
    reason = checked_text(reason, "理由")
    seen = {wish.key: definition(book, wish.key) for wish in wishes}
    outcomes: list[Outcome] = []
    acts = {act_on(wish.key.kind) for wish in wishes}
    first = min(acts)
    codes = {act: [w.key.indicator for w in wishes if act_on(w.key.kind) is act] for act in acts}
    year = wishes[0].key.year
    with book.writing(first, *codes[first], year=year):
        for act in acts - {first}:
            book.check(act, *codes[act], year=year)
        for wish in wishes:
            before = current_cell(book, key_now(book, wish.key, seen[wish.key]))
            if before.version != wish.version:
                raise conflict_of(book, before)
            after = store(book, before, _written(before, wish.reading), reason)
            outcomes.append(Outcome(after, before))
        last = {one.cell.key.indicator: place for place, one in enumerate(outcomes)}
        for place in last.values():
            one = outcomes[place]
            outcomes[place] = replace(one, warnings=odd_after(book, one.cell))
    book.refresh()
    return outcomes


def annotate(
    book: ReviewBook, key: CellKey, note: str, *, reason: str = "", expected_version: int
) -> Outcome:
    """Store the sentence beside a figure (実施内容): what was done; the figure stays as it is.

    Raises ``CellConflict`` where the cell has moved on from ``expected_version``.
    """
    note, reason = checked_text(note, "実施内容").strip(), checked_text(reason, "理由")
    seen = definition(book, key)
    with book.writing(act_on(key.kind), key.indicator, year=key.year):
        before = current_cell(book, key_now(book, key, seen))
        if before.version != expected_version:
            raise conflict_of(book, before)
        after = store(book, before, replace(before, note=note), reason)
    book.take_note(after)
    return Outcome(after, before)
