"""The states of a year: opened, evaluated, sealed, published; errata, and opening a seal again.

A seal keeps everything a year shows (plan with rules and scale, figures, what people said, results)
as one text. Later changes of the plan never touch it.
"""

from dataclasses import replace
from typing import Any

from shakyo_review import __version__
from shakyo_review.domain.cell import KIND_LABELS, Cell, CellKey, CellTable, Kind
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.goals import score_year
from shakyo_review.domain.person import Act
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.domain.readiness import Gap
from shakyo_review.domain.value import Reading
from shakyo_review.domain.year_state import YEAR_STATE_LABELS, YearState
from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.services.amounts import (
    MONEY,
    amount_now,
    as_cell,
    check_amount,
    store_amount,
)
from shakyo_review.services.book import WORKING_YEAR, YEAR, ReviewBook
from shakyo_review.services.checked import checked_day, needed
from shakyo_review.services.entry import check_key, current_cell, place_text, store
from shakyo_review.services.json_views import document, score_view
from shakyo_review.services.reviewing import ERRATUM, gaps, official, promises_asked
from shakyo_review.services.seal_content import (
    amounts_of,
    cells_of,
    content_of,
    facts_of,
    head_of,
    write_seal,
)
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage import seals as seal_rows
from shakyo_review.storage import settings
from shakyo_review.storage.database import explained
from shakyo_review.storage.facts import FactKey
from shakyo_review.storage.format import Unreadable, canonical
from shakyo_review.storage.seals import Seal


class NotReady(ReviewError):
    """A year that cannot be sealed yet; ``gaps`` are what blocks it."""

    def __init__(self, year: int, blocking: list[Gap]) -> None:
        first = blocking[0]
        more = f"（ほか{len(blocking) - 1}件）" if len(blocking) > 1 else ""
        super().__init__(
            f"{year_label(year)}はまだ確定できません。{first.code} {first.name}: {first.text}{more}。",
            "「year ready」で残りを確かめてください。何も変わっていません。",
        )
        self.gaps = blocking


def _set_state(book: ReviewBook, year: int, state: YearState, reason: str, **more: Any) -> None:
    told = {"state": state.value, "by": book.who, **more}
    book.put_fact(FactKey(YEAR, year, WHOLE_PLAN), told, reason)


def _wrong_state(year: int, state: YearState, hint: str) -> WrongUsage:
    return WrongUsage(f"{year_label(year)}は「{YEAR_STATE_LABELS[state]}」の状態です。", hint)


def open_year(book: ReviewBook, year: int) -> int:
    """Open a year for entry (準備 → 記入) and make it the working year.

    Targets come from the plan's path; nothing is copied from the year before. Returns how many
    promises of earlier years the entry form asks about.
    """
    book.plan.check_year(year)
    with book.writing(Act.YEAR):
        state = book.state_now(year)
        if state not in (YearState.PREPARING, YearState.ENTRY):
            raise _wrong_state(
                year, state, "記入に戻すには「year entry」か「reopen」を使ってください。"
            )
        # Said aloud even where it was so already: it stays so whatever year is worked on later.
        _set_state(book, year, YearState.ENTRY, "記入を開始")
        settings.put_setting(book.file.db, WORKING_YEAR, str(year))
    return len(promises_asked(book, year))


def start_evaluation(book: ReviewBook, year: int) -> None:
    """Close the entry (記入 → 評価): from now on a changed figure needs a reason."""
    book.plan.check_year(year)
    with book.writing(Act.YEAR):
        state = book.state_now(year)
        if state is not YearState.ENTRY:
            raise _wrong_state(year, state, "評価に進めるのは「記入」の年度だけです。")
        _set_state(book, year, YearState.EVALUATION, "記入を締め切り、評価を開始")


def back_to_entry(book: ReviewBook, year: int, reason: str) -> None:
    """Open the entry again (評価 → 記入), with a reason."""
    reason = needed(reason, "理由")
    with book.writing(Act.YEAR):
        state = book.state_now(year)
        if state is not YearState.EVALUATION:
            raise _wrong_state(year, state, "記入に戻せるのは「評価」の年度だけです。")
        _set_state(book, year, YearState.ENTRY, reason)


def check_ready(book: ReviewBook, year: int) -> bool:
    """Whether a year can be sealed; False where it is sealed already, ``NotReady`` tells what blocks it."""
    book.plan.check_year(year)
    state = book.state_now(year)
    if state.closed:
        return False
    if state is not YearState.EVALUATION:
        raise _wrong_state(year, state, "「year evaluate」で記入を締め切ってから確定してください。")
    blocking = [gap for gap in gaps(book, year) if gap.blocks]
    if blocking:
        raise NotReady(year, blocking)
    return True


def seal(book: ReviewBook, year: int) -> tuple[Seal, bool]:
    """Seal a year (評価 → 確定); returns the seal and whether it was made just now.

    A year that is sealed already stays as it is. Raises ``NotReady`` with what blocks it. All is
    stored in one transaction, or nothing.
    """
    with book.writing(Act.SEAL):
        if not check_ready(book, year):
            return _last_seal(book, year), False
        made = write_seal(book, year, content_of(book, year), "確定")
        _set_state(book, year, YearState.SEALED, "確定", number=made.number)
    return made, True


def _last_seal(book: ReviewBook, year: int) -> Seal:
    seals = seal_rows.read_seals(book.file.db, year)
    if not seals:
        raise Unreadable(f"a sealed year without its seal: {year}")
    return seals[-1]


def publish(book: ReviewBook, year: int, day: str | None = None) -> None:
    """Note that a sealed year was published (確定 → 公表), and on what day."""
    day = checked_day(day)
    with book.writing(Act.PUBLISH):
        state = book.state_now(year)
        if state is not YearState.SEALED:
            raise _wrong_state(year, state, "公表できるのは「確定」の年度だけです。")
        _set_state(book, year, YearState.PUBLISHED, "公表", date=day)


def reopen(book: ReviewBook, year: int, reason: str) -> None:
    """Open a sealed year again (→ 評価), with a reason; the seal made stays kept."""
    reason = needed(reason, "確定を解く理由")
    with book.writing(Act.REOPEN):
        state = book.state_now(year)
        if not state.closed:
            raise _wrong_state(year, state, "解けるのは「確定」か「公表」の年度だけです。")
        _set_state(book, year, YearState.EVALUATION, reason, reopened=True)


def correct(book: ReviewBook, key: CellKey, reading: Reading, reason: str) -> Cell:
    """Correct a figure of a sealed year (正誤): a new seal under the same plan, rules and scale.

    ``key`` names an actual or a target, or the budget or settlement of a funding line
    (``1-1.f1``, in 千円; ``not_entered`` takes the amount away). The letters people gave stay; the
    earlier seal stays kept. ``reason`` is what the errata say. Returns the figure as corrected.
    """
    reason = needed(reason, "正誤の理由")
    with book.writing(Act.ERRATUM):
        book.refresh()
        state = book.state_now(key.year)
        if not state.closed:
            raise _wrong_state(key.year, state, "確定していない年度は、ふつうに入力して直せます。")
        before, after, decimals = (_correct_amount if key.kind in MONEY else _correct_cell)(
            book, key, reading, reason
        )
        key = after.key
        number = fact_rows.next_number(book.file.db, ERRATUM, key.year)
        told = {
            "old": dict(cell_rows.as_json(before, decimals)),
            "new": dict(cell_rows.as_json(after, decimals)),
            "place": [key.kind.value, key.branch, key.period],
            "reason": reason,
            "by": book.who,
            "date": checked_day(None),
        }
        book.put_fact(FactKey(ERRATUM, key.year, key.indicator, "", str(number)), told, reason)
        _seal_again(book, key.year, reason)
    if key.kind in MONEY:
        book.reload_plan()
    return after


def _correct_cell(
    book: ReviewBook, key: CellKey, reading: Reading, reason: str
) -> tuple[Cell, Cell, int]:
    """Correct an actual or a target; returns it before and after, and its decimals."""
    if key.kind not in (Kind.ACTUAL, Kind.TARGET):
        raise WrongUsage(
            f"確定した年度の{KIND_LABELS[key.kind]}は、正誤では直せません。",
            "目標・実績・予算額・決算額の誤りを直せます。",
        )
    key = check_key(book.editions.of(key.year).plan, key)
    before = current_cell(book, key)
    after = store(
        book, before, replace(before, reading=reading, example=False), reason, erratum=True
    )
    if after.version == before.version:
        raise _no_erratum(book, key)
    return before, after, book.editions.of(key.year).plan.indicators[key.indicator].decimals


def _correct_amount(
    book: ReviewBook, key: CellKey, reading: Reading, reason: str
) -> tuple[Cell, Cell, int]:
    """Correct an amount in 千円; returns it before and after, and its decimals."""
    old, new = amount_now(book, key), check_amount(reading)
    if old == new:
        raise _no_erratum(book, key)
    store_amount(book, key, old, new, reason)
    return as_cell(key, old), as_cell(key, new), 0


def _no_erratum(book: ReviewBook, key: CellKey) -> WrongUsage:
    place = place_text(key, book.plan_of(key.year))
    return WrongUsage(f"{place}は、すでにその値です。", "何も変わっていません。")


def _seal_again(book: ReviewBook, year: int, reason: str) -> None:
    """Seal the corrected figures under the plan and letters of the seal in force."""
    last = _last_seal(book, year)
    figures = {"cells": cells_of(book, year), "amounts": amounts_of(book, year, last)}
    draft = Seal(year, last.number + 1, canonical({**last.facts, **figures}))
    scored = score_year(
        draft.edition.plan, CellTable.of(draft.cells()), year, None, book.given_letters(year)
    )
    results = score_view(scored, official(book, year), sealed=True)
    content = {
        **last.facts,
        "program": __version__,
        **figures,
        "facts": facts_of(book, year),
        "results": document(results),
        "head": head_of(book),
    }
    write_seal(book, year, content, reason)


def sealed_results(book: ReviewBook, year: int, number: int | None = None) -> str | None:
    """Return what ``score --json`` of a sealed year says, word for word; None where it is open.

    ``number`` asks for an earlier seal (before an erratum, or before the year was opened again).
    """
    if number is None:
        seal_now = book.seal_of(year)
        return None if seal_now is None else _results(book, seal_now)
    with explained(book.path):
        seals = seal_rows.read_seals(book.file.db, year)
    if not 1 <= number <= len(seals):
        raise WrongUsage(
            f"{year_label(year)}の確定{number}回目はありません。",
            f"確定は{len(seals)}回です。" if seals else "この年度はまだ確定していません。",
        )
    return _results(book, seals[number - 1])


def _results(book: ReviewBook, seal: Seal) -> str:
    with explained(book.path):
        found = seal.facts.get("results")
        if not isinstance(found, str):
            raise Unreadable(f"seal {seal.year}")
        return found


def recomputed_differs(book: ReviewBook, year: int) -> bool:
    """Whether a sealed year, computed again from its own figures, plan and letters, says something else."""
    kept = sealed_results(book, year)
    if kept is None:
        return False
    return document(score_view(book.score(year), official(book, year), sealed=True)) != kept
