"""Writing figures one at a time, as they are confirmed."""

import unicodedata
from dataclasses import dataclass, replace

from shakyo_review.domain.cell import (
    KIND_LABELS,
    PERIOD_LABELS,
    Cell,
    CellKey,
    CellTable,
    Kind,
    check_period,
)
from shakyo_review.domain.checks import odd_values
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.indicator import Indicator, Parts
from shakyo_review.domain.person import Act
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.scoring import score_indicator
from shakyo_review.domain.value import Reading, State, format_reading, parse_value
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import ConflictFound, ReviewError, ValueProblem, WrongUsage, quoted
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import local_time, now
from shakyo_review.services.editions import known_elsewhere
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import history as history_rows
from shakyo_review.storage.database import explained

MAX_NOTE = 2000
"""Characters of a note or a reason."""


def place_text(key: CellKey, plan: Plan) -> str:
    """Return where a figure stands, for a sentence: 1a R6 実績 北区 第1四半期."""
    branch = plan.branch_names.get(key.branch, key.branch)
    period = PERIOD_LABELS.get(key.period, key.period)
    parts = (key.indicator, short_year(key.year), KIND_LABELS[key.kind], branch, period)
    return " ".join(part for part in parts if part)


class CellConflict(ConflictFound):
    """Somebody else changed the cell; ``current`` is what stands there, ``who`` and ``at`` whose it is.

    ``who`` and ``at`` are empty where nobody ever wrote into it.
    """

    def __init__(self, current: Cell, plan: Plan, text: str, who: str, at: str) -> None:
        told = f"{who}が{at}に「{text}」へ変えています" if who else f"いま「{text}」です"
        super().__init__(
            f"{place_text(current.key, plan)}は、{told}。",
            "値を確かめて、必要ならもう一度入力してください。上書きはしていません。",
        )
        self.current = current
        self.who = who
        self.at = at


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a change: the cell as stored, the one before, and sentences about odd values."""

    cell: Cell
    before: Cell
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return self.cell.version != self.before.version


def check_key(plan: Plan, key: CellKey) -> CellKey:
    """Return a key whose indicator, year, branch and period exist; ``WrongUsage`` names what does not."""
    indicator = plan.indicator(key.indicator)
    plan.check_year(key.year)
    period = check_period(key.period)
    branch = key.branch
    if branch:
        codes = plan.branches_of(indicator.code)
        by_name = {plan.branch_names[code]: code for code in codes}
        branch = by_name.get(branch, branch)
        if branch not in codes:
            raise WrongUsage(
                f"「{key.branch[:40]}」は、指標「{indicator.code}」の{plan.branch_word}にありません。",
                f"使えるもの: {'、'.join(codes[:30]) or 'なし'}。",
            )
    return replace(key, branch=branch, period=period)


def understand(indicator: Indicator, typed: str) -> Reading:
    """Read a typed value for an indicator; ``ValueProblem`` says what is wrong with it."""
    return parse_value(
        typed,
        unit=indicator.unit,
        decimals=indicator.decimals,
        ratio=indicator.parts is Parts.RATIO,
    )


def checked_text(text: str, what: str) -> str:
    """Return a note or reason as it is stored, with one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_NOTE:
        raise ValueProblem(
            f"{what}が長すぎます（{len(text)}文字）。",
            f"{MAX_NOTE}文字までにしてください。",
            what=what,
        )
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise ValueProblem(
            f"{what}に使えない文字があります。",
            "改行とタブ以外の制御文字を除いてください。",
            what=what,
        )
    return text


def definition(book: ReviewBook, key: CellKey) -> tuple[object, ...] | None:
    """Return what a typed figure means by the plan as it is known: of what, in what unit, how exact."""
    with explained(book.path):
        edition = book.editions.of(key.year).whole
    indicator = edition.plan.indicators.get(key.indicator)
    if indicator is None:
        return None
    number = edition.ids.indicator[key.indicator]
    return number, indicator.unit, indicator.decimals, indicator.parts


def key_now(book: ReviewBook, key: CellKey, seen: tuple[object, ...] | None) -> CellKey:
    """Check a key by the plan as it stands in this transaction; ``seen`` is what was seen before it.

    Raises ``ConflictFound`` where somebody else has made the code mean another figure meanwhile.
    """
    book.refresh()
    plan = book.editions.of(key.year).plan
    if key.indicator not in plan.indicators:
        known = known_elsewhere(book, key.indicator, key.year)
        if known:
            raise WrongUsage(
                f"指標{quoted(key.indicator)}は{year_label(key.year)}の計画にありません（{known}）。",
                "年度かコードを直してください。",
            )
    key = check_key(plan, key)
    if seen is not None and seen != definition(book, key):
        raise ConflictFound(
            f"計画が、ほかの人に改められました。{place_text(key, plan)}は、いま別の指標か、別の単位・桁の値です。",
            "いまの計画を確かめて、もう一度入力してください。何も変わっていません。",
        )
    return key


def act_on(kind: Kind) -> Act:
    """Return what it is to change a figure of a kind: targets and what leads to them belong to the plan."""
    if kind is Kind.ACTUAL:
        return Act.ACTUAL
    return Act.AMOUNT if kind in (Kind.BUDGET, Kind.SETTLEMENT) else Act.TARGET


def record(
    book: ReviewBook,
    key: CellKey,
    reading: Reading,
    *,
    measured_year: int | None = None,
    note: str | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Outcome:
    """Store one figure durably, with its history row.

    ``expected_version`` is the version the person saw; a cell that has moved on since raises
    ``CellConflict`` and nothing is written. ``note`` None keeps the note that is there.
    """
    if measured_year is not None and measured_year > key.year:
        raise WrongUsage(
            f"測定年度（{year_label(measured_year)}）が{year_label(key.year)}より後です。",
            "年度を確かめてください。",
        )
    note = None if note is None else checked_text(note, "注記")
    reason, seen = checked_text(reason, "理由"), definition(book, key)
    with book.writing(act_on(key.kind), key.indicator, year=key.year):
        key = key_now(book, key, seen)
        before = current_cell(book, key)
        if expected_version is not None and before.version != expected_version:
            raise conflict_of(book, before)
        after = replace(
            before,
            reading=reading,
            measured_year=measured_year if reading.state is State.VALUE else None,
            note=before.note if note is None else note,
            example=False,
        )
        after = store(book, before, after, reason)
        warnings = odd_after(book, after)
    book.take_note(after)
    return Outcome(after, before, warnings)


def odd_after(book: ReviewBook, stored: Cell) -> tuple[str, ...]:
    """Return what looks odd about an actual just stored, from the cells of its indicator alone."""
    key = stored.key
    if key.kind is not Kind.ACTUAL or stored.reading.value is None:
        return ()
    edition = book.editions.of(key.year)
    indicator_id = edition.ids.indicator[key.indicator]
    years = (key.year, key.year - 1)
    table = CellTable.of(cell_rows.read_cells(book.file.db, book.editions, years, indicator_id))
    scores = []
    for year in years:
        there = book.editions.of(year)
        known = there.figures.get(indicator_id)
        if known is not None:
            one = there.plan.indicators[known[0]]
            scores.append(score_indicator(there.plan, one, table, year))
    return tuple(odd_values(scores[0], table, scores[1] if len(scores) > 1 else None))


def restore(
    book: ReviewBook, wanted: Cell, *, expected_version: int, reason: str = "取り消し"
) -> Outcome:
    """Put a cell back to an earlier content (undo), unless somebody else changed it meanwhile."""
    seen = definition(book, wanted.key)
    key = wanted.key
    with book.writing(act_on(key.kind), key.indicator, year=key.year):
        before = current_cell(book, key_now(book, key, seen))
        if before.version != expected_version:
            raise conflict_of(book, before)
        after = store(book, before, replace(wanted, version=before.version), reason)
    book.take_note(after)
    return Outcome(after, before)


def typed_again(indicator: Indicator, text: str, reading: Reading) -> str:
    """Return the text of a reading as it can be typed again; in 「」 where it would be read as something else."""
    try:
        same = understand(indicator, text) == reading
    except ReviewError:
        same = False
    return text if same else f"「{text}」"


def current_cell(book: ReviewBook, key: CellKey) -> Cell:
    """Return a cell as it stands on disk now."""
    edition = book.editions.of(key.year).whole
    indicator_id = edition.ids.indicator[key.indicator]
    decimals = edition.plan.indicators[key.indicator].decimals
    return cell_rows.read_cell(book.file.db, key, indicator_id, decimals)


def last_changed_by(book: ReviewBook, key: CellKey) -> tuple[str, str]:
    """Return who changed a cell last, and when (local time); empty where nobody did."""
    with explained(book.path):
        last = history_rows.last_change(book.file.db, key)
    return (last.who, local_time(last.at)) if last is not None else ("", "")


def conflict_of(book: ReviewBook, current: Cell) -> CellConflict:
    """Return the refusal that tells who changed a cell, when and to what."""
    plan = book.editions.of(current.key.year).plan
    decimals = plan.indicators[current.key.indicator].figure_decimals
    text = format_reading(current.reading, decimals, blank="空欄")
    return CellConflict(current, plan, text, *last_changed_by(book, current.key))


class ReasonNeeded(ValueProblem):
    """A change that is allowed, but only with a reason."""


def check_open(book: ReviewBook, year: int, reason: str, what: str = "値") -> None:
    """Refuse a change of figures in a year that is sealed, or, once evaluation has begun, without a reason.

    Call inside the transaction that makes the change.
    """
    state = book.said_now(year)
    if state is None:
        return  # nobody has begun to evaluate it
    if state.closed:
        raise WrongUsage(
            f"{year_label(year)}は確定しているため、{what}を変えられません。",
            "誤りを直すときは「errata」で正誤として残すか、「reopen」で確定を解いてください（どちらも理由が要ります）。",
        )
    if state is YearState.EVALUATION and not reason.strip():
        raise ReasonNeeded(
            f"{year_label(year)}は評価が始まっているので、{what}を変えるには理由が要ります。",
            "変更の理由（--reason）を添えてください。",
        )


def store(
    book: ReviewBook,
    before: Cell,
    after: Cell,
    reason: str,
    *,
    erratum: bool = False,
    default: str = "",
) -> Cell:
    """Write a cell and its history row, inside a transaction; the same content writes nothing.

    ``default`` is what the history tells where nobody gave a reason. Raises ``WrongUsage`` for a sealed year (unless it is an ``erratum``) and ``ReasonNeeded`` while
    the year is being evaluated.
    """
    if replace(after, version=before.version) == before:
        return before
    key = after.key
    if not erratum:
        check_open(book, key.year, reason)
    after = replace(after, version=before.version + 1)
    edition = book.editions.of(key.year)
    decimals = edition.plan.indicators[key.indicator].decimals
    number = edition.ids.indicator[key.indicator]
    after = cell_rows.write_cell(book.file.db, after, number, decimals)
    history_rows.append(
        book.file.db,
        history_rows.Change(
            at=now(),
            who=book.who,
            entity="cell",
            code=key.indicator,
            fiscal_year=key.year,
            kind=key.kind.value,
            branch=key.branch,
            period=key.period,
            old=cell_rows.as_json(before, decimals) if before.version else None,
            new=cell_rows.as_json(after, decimals),
            reason=reason or default,
        ),
    )
    return after
