"""Writing many figures at once: all of them, or on any trouble none."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pydantic import ValidationError

from shakyo_review.domain.cell import KIND_LABELS, Cell, CellKey, Kind
from shakyo_review.domain.indicator import Dated, Indicator
from shakyo_review.domain.person import Act
from shakyo_review.domain.plan import map_indicators
from shakyo_review.domain.value import State, format_reading
from shakyo_review.errors import ConflictFound, NotAllowed, ValueProblem, WrongUsage, quoted
from shakyo_review.exchange.rows import Entry
from shakyo_review.exchange.understanding import refused
from shakyo_review.services.amounts import (
    MONEY,
    amount_now,
    check_amount,
    store_amount,
    tell_figure,
)
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.editions import correct_edition
from shakyo_review.services.entry import (
    ReasonNeeded,
    act_on,
    check_open,
    checked_text,
    current_cell,
    place_text,
    store,
)
from shakyo_review.services.permission import OnlyLooking
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage.plans import Editions


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
    default: str = "",
    under: Editions | None = None,
) -> ImportResult:
    """Store many figures at once: all of them, or on any trouble none.

    ``default`` is what the history tells where no ``reason`` is given; ``under`` the editions under
    which the entries were understood (None: those the book knew until now). Raises
    ``ImportRefused`` with every figure that the book cannot hold (``source`` names the table in its
    message), ``ReasonNeeded`` where a year is being evaluated, and ``ConflictFound`` where
    somebody else has changed the plan since the entries were understood.
    """
    reason = checked_text(reason, "理由").strip()
    jobs = [
        Job(
            entry.key,
            partial(take_one, book, entry, reason, default, example),
            f"{entry.row}行目" if entry.row else "",
        )
        for entry in entries
    ]
    return write_all(book, jobs, source=source, under=under or book.editions, dry_run=dry_run)


@dataclass(frozen=True, slots=True)
class Job:
    """One figure to be written: ``write`` stores it and returns a sentence, None where nothing changes.

    ``where`` is its place in the table it comes from ('': told by its place in the book).
    """

    key: CellKey
    write: Callable[[], str | None]
    where: str = ""


def write_all(
    book: ReviewBook,
    jobs: Iterable[Job],
    *,
    source: str,
    under: Editions,
    dry_run: bool = False,
    first: Callable[[], None] | None = None,
) -> ImportResult:
    """Write figures in one transaction: all of them, or on any trouble none; raises as ``take_over``.

    ``first`` is called in the transaction before anything is written, and may refuse by raising.
    """
    lines: list[str] = []
    problems: list[str] = []
    needed: ReasonNeeded | None = None
    written: list[CellKey] = []
    try:
        with book.writing(Act.IMPORT):
            book.refresh()
            if not under.same_plan(book.editions):
                raise ConflictFound(
                    f"{source}を読んでいる間に、計画がほかの人に改められました。",
                    "いまの計画を確かめて、もう一度取り込んでください。何も変わっていません。",
                )
            if first is not None:
                first()
            for job in jobs:
                written.append(job.key)
                where = job.where or place_of(book, job.key)
                try:
                    told = job.write()
                    _check_allowed(book, job.key, changes=told is not None)
                except NotAllowed as problem:
                    raise NotAllowed(f"{where}: {problem.message}", problem.hint) from None
                except ReasonNeeded as problem:
                    needed = problem
                except (ValueProblem, WrongUsage) as problem:
                    problems.append(f"{where}: {problem}")
                else:
                    lines += [] if told is None else [told]
            if problems:
                raise refused(source, problems)
            if needed is not None:
                raise needed
            if dry_run:
                raise OnlyLooking
    except OnlyLooking:
        pass
    else:
        if any(key.kind not in (Kind.TARGET, Kind.ACTUAL) for key in written):
            book.reload_plan()
    return ImportResult(len(lines), len(written) - len(lines), tuple(lines))


def _check_allowed(book: ReviewBook, key: CellKey, *, changes: bool) -> None:
    """Refuse a row about another committee's item; a row of an own item that changes nothing is allowed."""
    book.check(act_on(key.kind) if changes else Act.IMPORT, key.indicator, year=key.year)


def take_one(
    book: ReviewBook, entry: Entry, reason: str, default: str, example: bool
) -> str | None:
    """Store one row; returns a sentence on what changes, None where nothing does."""
    key = entry.key
    if key.kind in MONEY:
        return _take_funding(book, entry, reason, default)
    if key.kind in (Kind.BASELINE, Kind.FINAL_TARGET):
        return _take_dated(book, entry, reason or default)
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
    return store_cell(book, before, after, reason, default)


def store_cell(
    book: ReviewBook, before: Cell, after: Cell, reason: str, default: str = ""
) -> str | None:
    """Store a cell, inside a transaction; returns a sentence on what changes, None where nothing does."""
    if store(book, before, after, reason, default=default).version == before.version:
        return None
    return f"{place_of(book, after.key)}: {change_text(book, before, after)}"


def change_text(book: ReviewBook, before: Cell, after: Cell) -> str:
    """Return what a change of a cell is, in a line: 480 → 512、実施内容「…」."""
    decimals = book.editions.of(after.key.year).plan.indicators[after.key.indicator].decimals
    old, new = (format_reading(cell.reading, decimals, blank="空欄") for cell in (before, after))
    if before.example and not after.example:
        old = f"{old}（例示）"
    parts = [f"{old} → {new}"] if (old, before.measured_year) != (new, after.measured_year) else []
    if before.note != after.note:
        note = quoted(" ".join(after.note.split()))
        parts.append(f"実施内容{note}" if after.note else "実施内容 → 空欄")
    return "、".join(parts) or f"{old} → {new}"


def _take_funding(book: ReviewBook, entry: Entry, reason: str, default: str) -> str | None:
    key = entry.key
    new, old = check_amount(entry.reading), amount_now(book, key)
    if old == new:
        return None
    check_open(book, key.year, reason, "金額")
    store_amount(book, key, old, new, reason or default)
    return _changed(book, key, Dated(value=old), Dated(value=new))


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
    tell_figure(book, key, old, new, reason, "indicator")
    return _changed(book, key, old, new)


def _changed(book: ReviewBook, key: CellKey, old: Dated, new: Dated) -> str:
    shown = (f"{dated.value:f}" if dated.value is not None else "空欄" for dated in (old, new))
    return f"{place_of(book, key)}: {' → '.join(shown)}"


def place_of(book: ReviewBook, key: CellKey) -> str:
    """Return where a figure stands by the plan of its year: 1a R6 実績 北区 第1四半期."""
    return place_text(key, book.editions.of(key.year).plan)
