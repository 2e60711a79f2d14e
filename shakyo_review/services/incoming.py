"""Figures that come in from elsewhere (a 記入シート, a 進捗管理シート, another copy of the book).

A source makes an ``Incoming``: what it would change, each figure set three ways: what the source was
made from, what the book has now, what it would have. People decide where both have moved;
``apply`` writes all of it or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from shakyo_review.domain.cell import KIND_LABELS, PERIOD_LABELS, Cell, CellKey, Kind
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.value import Reading, State, format_reading
from shakyo_review.errors import ConflictFound
from shakyo_review.exchange.rows import Entry
from shakyo_review.services.amounts import MONEY, amount_now, as_cell
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import checked_text, current_cell, last_changed_by
from shakyo_review.services.taking import ImportResult, Job, store_cell, take_one, write_all
from shakyo_review.storage.plans import Editions

NONE_TAKEN: Mapping[CellKey, "Side"] = MappingProxyType({})


class Side(StrEnum):
    """Whose figure is to stand where the book and the source both have one."""

    BOOK = "book"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Proposed:
    """One figure that a source would change.

    ``where`` is its place in the source (シート「地域課」のF12), '' for another book. ``before`` is the
    cell as the book has it now, ``after`` as it would stand, ``given`` what the source was made from;
    None where that is not known, and then there is never a conflict.
    """

    key: CellKey
    where: str
    before: Cell
    after: Cell
    given: Cell | None = None

    @property
    def conflict(self) -> bool:
        """Whether the book has moved on, since the source was made, in what the source would change."""
        if self.given is None:
            return False
        return any(
            now != given and now != after
            for now, given, after in zip(
                *map(_said, (self.before, self.given, self.after)), strict=True
            )
        )


def _said(cell: Cell) -> tuple[object, ...]:
    """Return the parts of a cell that change on their own: the figure, and what was done."""
    return (cell.reading, cell.measured_year), cell.note


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a source would change in a book.

    ``unchanged`` counts the figures it has that are as in the book; ``remarks`` are sentences for the
    person who takes it in. ``under`` are the editions of the plan by which it was understood.
    ``unread`` are those of the remarks that are about a value nobody can read: it is left out only
    where the person says so.
    """

    source: str
    proposals: tuple[Proposed, ...]
    unchanged: int
    remarks: tuple[str, ...] = ()
    under: Editions | None = None
    unread: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Proposed, ...]:
        """Proposals nobody has to decide about."""
        return tuple(one for one in self.proposals if not one.conflict)

    @property
    def conflicts(self) -> tuple[Proposed, ...]:
        """Proposals where the book has moved on meanwhile: a person decides."""
        return tuple(one for one in self.proposals if one.conflict)


class Undecided(ConflictFound):
    """Figures that have changed in the book meanwhile; ``problems`` name each place, nothing was written."""

    def __init__(self, message: str, hint: str, problems: tuple[str, ...]) -> None:
        super().__init__(message, hint)
        self.problems = problems


def standing(book: ReviewBook, key: CellKey) -> Cell:
    """Return what the book has in a place now, of whatever kind; amounts in 千円 and dated figures as cells."""
    if key.kind in MONEY:
        return as_cell(key, amount_now(book, key))
    if key.kind in (Kind.TARGET, Kind.ACTUAL):
        return book.cells(key.year).get(key)
    indicator = book.plan.indicators[key.indicator]
    dated = indicator.baseline if key.kind is Kind.BASELINE else indicator.final_target
    if dated.value is None or dated.year != key.year:
        return Cell(key)
    return Cell(key, Reading(State.VALUE, dated.value))


def place(book: ReviewBook, proposed: Proposed) -> str:
    """Return where a figure stands, in words: 1-1a 訪問回数 令和7年度 北区 実績."""
    key = proposed.key
    plan = book.editions.of(key.year).plan
    indicator = plan.indicators.get(key.indicator)
    parts = (
        key.indicator,
        indicator.name if indicator is not None else "",
        year_label(key.year),
        plan.branch_names.get(key.branch, key.branch),
        PERIOD_LABELS.get(key.period, key.period),
        KIND_LABELS[key.kind],
    )
    return " ".join(part for part in parts if part)


def shown(book: ReviewBook, cell: Cell) -> str:
    """Return the value of a cell as the screens write it, 空欄 where nothing was entered."""
    indicator = book.editions.of(cell.key.year).plan.indicators.get(cell.key.indicator)
    text = format_reading(
        cell.reading, 0 if indicator is None else indicator.figure_decimals, blank="空欄"
    )
    measured = cell.measured_year
    return text if measured is None else f"{text}（{short_year(measured)}測定）"


def changed_by(book: ReviewBook, proposed: Proposed) -> str:
    """Return who changed a figure of the book last, and when: 「田中、2026-06-25 10:12」; '' for nobody."""
    return "、".join(filter(None, last_changed_by(book, proposed.key)))


def conflict_text(book: ReviewBook, proposed: Proposed) -> str:
    """Return a conflict in a sentence: the place, both values, and who changed the book when."""
    now, theirs = (_whole(book, proposed, cell) for cell in (proposed.before, proposed.after))
    who = changed_by(book, proposed)
    where = (
        f"{proposed.where}（{place(book, proposed)}）" if proposed.where else place(book, proposed)
    )
    return f"{where}: 台帳は{now}{f'（{who}）' if who else ''}、取り込む値は{theirs}です。"


def _whole(book: ReviewBook, proposed: Proposed, cell: Cell) -> str:
    """Return what a conflict is about: the value, and what was done where that differs."""
    (figure, note), (other, said) = _said(proposed.before), _said(proposed.after)
    parts = [f"「{shown(book, cell)}」"] if figure != other or note == said else []
    if note != said:
        line = " ".join(cell.note.split())
        parts.append(f"実施内容「{line[:40]}{'…' if len(line) > 40 else ''}」")
    return "".join(parts)


def apply(
    book: ReviewBook,
    incoming: Incoming,
    take: Mapping[CellKey, Side] = NONE_TAKEN,
    *,
    reason: str = "",
    dry_run: bool = False,
) -> ImportResult:
    """Write what a source would change: all of it in one transaction, or on any trouble nothing.

    ``take`` decides figure by figure; ``Side.BOOK`` leaves one as it is, a change without a decision
    is taken. Raises ``Undecided`` for conflicts without a decision, and for figures that somebody has
    changed since ``incoming`` was made; else as ``take_over``.
    """
    reason = checked_text(reason, "理由").strip()
    open_ones = [one for one in incoming.conflicts if one.key not in take]
    if open_ones:
        raise _undecided(
            incoming.source,
            "を渡した後に台帳でも変わった値があり",
            [conflict_text(book, one) for one in open_ones],
            "どちらの値にするかを決めてください（--take）。何も変わっていません。",
        )
    wanted = [one for one in incoming.proposals if take.get(one.key) is not Side.BOOK]
    default = f"取り込み（{incoming.source}）"
    jobs = [Job(one.key, partial(_write, book, one, reason, default), one.where) for one in wanted]
    result = write_all(
        book,
        jobs,
        source=incoming.source,
        under=incoming.under or book.editions,
        dry_run=dry_run,
        first=partial(_check_unmoved, book, incoming.source, wanted),
    )
    left = len(incoming.proposals) - len(wanted)
    return replace(result, unchanged=result.unchanged + incoming.unchanged + left)


def _write(book: ReviewBook, one: Proposed, reason: str, default: str) -> str | None:
    if one.key.kind not in (Kind.TARGET, Kind.ACTUAL):
        entry = Entry(0, one.key, one.after.reading, one.after.measured_year, one.after.note)
        return take_one(book, entry, reason, default, one.after.example)
    before = current_cell(book, one.key)
    after = replace(
        one.after, note=checked_text(one.after.note, "実施内容"), version=before.version
    )
    return store_cell(book, before, after, reason, default)


def _check_unmoved(book: ReviewBook, source: str, wanted: list[Proposed]) -> None:
    """Refuse where somebody has changed a figure since it was looked at."""
    moved = []
    for one in wanted:
        if book.state_now(one.key.year).closed:
            continue  # a sealed year is refused as such
        now = _on_disk(book, one.key)
        if (now.version, *_said(now)) != (one.before.version, *_said(one.before)):
            moved.append(conflict_text(book, replace(one, before=now)))
    if moved:
        raise _undecided(
            source,
            "を確かめている間に台帳で変わった値があり",
            moved,
            "もう一度取り込んで、いまの値を確かめてください。何も変わっていません。",
        )


def _on_disk(book: ReviewBook, key: CellKey) -> Cell:
    """Return what stands in a place at this moment, inside the transaction."""
    whole = key.kind in (Kind.TARGET, Kind.ACTUAL)
    return current_cell(book, key) if whole else standing(book, key)


def _undecided(source: str, why: str, problems: list[str], hint: str) -> Undecided:
    more = f"（ほか{len(problems) - 1}件）" if len(problems) > 1 else ""
    return Undecided(
        f"「{source}」{why}、取り込んでいません。{problems[0]}{more}", hint, tuple(problems)
    )
