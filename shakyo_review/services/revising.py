"""Changing the plan in mid-course: a new edition from a fiscal year on, or the correction of a slip.

Years that are sealed keep the plan they were sealed with; a revision that would reach one is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from shakyo_review.domain.cell import Cell, CellKey, CellTable, Kind
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import YearScore, score_year
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.revision import (
    ChangeKind,
    LetterChange,
    PlanChange,
    Revision,
    plan_changes,
)
from shakyo_review.domain.value import Reading, format_reading
from shakyo_review.errors import PlanProblem, ValueProblem, WrongUsage, quoted
from shakyo_review.exchange.figures import figure_reading
from shakyo_review.exchange.plan_yaml import read_plan
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.editions import correct_edition, put_edition
from shakyo_review.services.entry import current_cell, store
from shakyo_review.services.evaluating import checked_day, needed
from shakyo_review.services.identities import identities
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage.facts import FactKey
from shakyo_review.storage.plans import FIRST, Edition, Editions, Ids

REVISION = "revision"

Targets = Mapping[tuple[str, int], Reading]
"""New targets by (code in the new plan, fiscal year)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a revision does, or would do: its changes, and the letters of open years that become others."""

    revision: Revision
    letters: tuple[LetterChange, ...]


class _OnlyLooking(Exception):
    """Ends a dry run: the transaction is rolled back."""


def revise(
    book: ReviewBook,
    change: Callable[[Plan], Plan],
    *,
    from_year: int | None,
    reason: str,
    meeting: str = "",
    day: str | None = None,
    targets: Targets | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Change the plan from a fiscal year on (None: correct the newest edition as it stands).

    ``change`` makes the new plan of the one in force. A revision tells its reason and, where there
    was one, the meeting that decided it; a dry run tells what would change and writes nothing.
    Raises ``WrongUsage`` where a sealed year would be touched, ``PlanProblem`` for a plan that
    contradicts itself.
    """
    reason = "" if dry_run and not reason.strip() else needed(reason, "改定の理由")
    day, found = checked_day(day), None
    try:
        with book.file.writing():
            editions = plan_rows.read_editions(book.file.db)
            base = editions.newest
            begin = base.effective_year if from_year is None else from_year
            _check_year(book, editions, from_year)
            new = _made(change, base.plan)
            ids, same, renamed = identities(book, editions, new)
            changes = [
                *plan_changes(base.plan, new, same),
                *_target_changes(book, editions, same, new, targets or {}),
            ]
            if not changes:
                raise WrongUsage("計画に変わるところがありません。", "何も書き込んでいません。")
            years = _open_years(book, new, begin)
            before = {year: _scored(book, editions, year) for year in years}
            _rescale(book, base, new, ids, begin)
            told = tuple(f"{one.code} {one.name}: {one.text}" for one in changes)
            number = base.number if from_year in (None, base.effective_year) else base.number + 1
            if from_year is None:
                correct_edition(book, base, new, reason, ids=ids, renamed=renamed, changes=told)
            else:
                put_edition(
                    book, new, ids, number, from_year, reason, renamed=renamed, changes=told
                )
            if renamed:
                fact_rows.rename_codes(book.file.db, renamed, begin)
            book.reload_plan()
            for (code, year), reading in (targets or {}).items():
                _set_target(book, code, year, reading, reason)
            counts = new.first_year if begin == FIRST else begin
            revision = Revision(
                number=fact_rows.next_number(book.file.db, REVISION, counts),
                effective_year=counts,
                reason=reason,
                meeting=meeting.strip(),
                date=day,
                by=book.who,
                changes=tuple(changes),
                corrects=from_year is None,
            )
            key = FactKey(REVISION, counts, WHOLE_PLAN, "", str(revision.number))
            book.put_fact(key, revision.model_dump(mode="json", exclude_defaults=True), reason)
            after = {year: _scored(book, book.editions, year) for year in years}
            found = Outcome(revision, tuple(_letters(before, after, same)))
            if dry_run:
                raise _OnlyLooking
    except _OnlyLooking:
        pass
    finally:
        book.reload_plan()
    if found is None:  # cannot be: the block ends with an outcome, or raises
        raise AssertionError
    return found


def _made(change: Callable[[Plan], Plan], plan: Plan) -> Plan:
    """Return the changed plan; what the models refuse is told in a sentence."""
    try:
        return change(plan)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        why = first.get("ctx", {}).get("error")
        where = "・".join(str(part) for part in first["loc"] if isinstance(part, str))
        told = str(why) if why is not None else f"{where}に使えない値です"
        raise PlanProblem(
            f"計画をそのように変えられません（{told}）。", "値を確かめてください。"
        ) from None


def _check_year(book: ReviewBook, editions: Editions, from_year: int | None) -> None:
    newest = editions.newest
    if from_year is None:
        return  # ``correct_edition`` looks at the years of the edition
    plan = newest.plan
    if not plan.first_year <= from_year <= plan.last_year:
        raise WrongUsage(
            f"{year_label(from_year)}は計画の期間（{year_label(plan.first_year)}〜{year_label(plan.last_year)}）の外です。",
            "改定が有効になる年度を確かめてください。",
        )
    if from_year < newest.effective_year:
        raise WrongUsage(
            f"{year_label(newest.effective_year)}からの改定がすでにあるため、それより前からの改定はできません。",
            f"{year_label(newest.effective_year)}以降を指定してください。",
        )
    sealed = [y for y in range(from_year, plan.last_year + 1) if book.state_now(y).closed]
    if sealed:
        raise WrongUsage(
            f"{year_label(sealed[-1])}は確定しているため、{year_label(from_year)}からの改定はできません。",
            "確定していない年度からの改定にしてください。",
        )


def _open_years(book: ReviewBook, plan: Plan, begin: int) -> list[int]:
    first = max(begin, plan.first_year)
    return [
        year
        for year in book.years_with(Kind.ACTUAL)
        if year >= first and not book.state_now(year).closed
    ]


def _scored(book: ReviewBook, editions: Editions, year: int) -> YearScore:
    cells = CellTable.of(cell_rows.read_cells(book.file.db, editions, [year]))
    return score_year(editions.of(year).plan, cells, year, None, book.given_letters(year))


def _letters(
    before: Mapping[int, YearScore], after: Mapping[int, YearScore], same: Mapping[str, str]
) -> Iterator[LetterChange]:
    for year, now in after.items():
        old = before[year]
        for code, score in now.indicators.items():
            earlier = old.indicators.get(same.get(code, ""))
            was = None if earlier is None else earlier.rating
            if was != score.rating:
                yield LetterChange(year, code, score.indicator.name, was, score.rating)
        for code, node in now.nodes.items():
            there = old.nodes.get(same.get(code, ""))
            was = None if there is None else there.rating
            if was != node.rating:
                yield LetterChange(year, code, node.item.name, was, node.rating)
        if old.overall.rating != now.overall.rating:
            yield LetterChange(year, WHOLE_PLAN, "計画全体", old.overall.rating, now.overall.rating)


def _rescale(book: ReviewBook, base: Edition, new: Plan, ids: Ids, begin: int) -> None:
    """Keep the figures of years that get an edition with other decimals, or refuse to cut them."""
    for code, number in ids.indicator.items():
        known = base.figures.get(number)
        decimals = new.indicators[code].decimals
        if known is None or known[1] == decimals:
            continue
        if not cell_rows.rescale(book.file.db, number, begin, known[1], decimals):
            raise ValueProblem(
                f"{code} には小数第{decimals}位に収まらない値が入っています。",
                "decimals を減らさないか、先に値を直してください。",
            )


def _target_changes(
    book: ReviewBook, editions: Editions, same: Mapping[str, str], new: Plan, targets: Targets
) -> Iterator[PlanChange]:
    for (code, year), reading in targets.items():
        indicator = new.indicator(code)
        before = _target_cell(book, editions, same.get(code), code, year)
        if before.reading == reading:
            continue
        d = indicator.figure_decimals
        texts = (format_reading(r, d, blank="空欄") for r in (before.reading, reading))
        yield PlanChange(
            kind=ChangeKind.TARGET,
            code=code,
            name=indicator.name,
            text=f"{short_year(year)}の目標: {' → '.join(texts)}{indicator.unit}",
        )


def _target_cell(
    book: ReviewBook, editions: Editions, old: str | None, code: str, year: int
) -> Cell:
    key = CellKey(old or code, year, Kind.TARGET)
    number = editions.newest.ids.indicator.get(old or "")
    if number is None:
        return Cell(key)
    known = editions.last_known(number, year)
    return cell_rows.read_cell(book.file.db, key, number, known[1] if known else 0)


def _set_target(book: ReviewBook, code: str, year: int, reading: Reading, reason: str) -> None:
    key = CellKey(code, year, Kind.TARGET)
    if code not in book.editions.of(year).plan.indicators:
        raise WrongUsage(
            f"指標{quoted(code)}は{year_label(year)}の計画にありません。",
            "年度を確かめてください。",
        )
    before = current_cell(book, key)
    changed = Cell(key, reading, None, before.note, False, before.version)
    store(book, before, changed, reason)


def update_from_file(
    book: ReviewBook,
    path: Path,
    *,
    from_year: int | None,
    reason: str,
    meeting: str = "",
    day: str | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Change the plan to that of a plan file; targets it gives for open years from then on count too.

    Actuals and amounts of the file are left alone: they are entered, not revised.
    """
    plan = read_plan(path)
    begin = book.editions.newest.effective_year if from_year is None else from_year
    targets = {
        (indicator.code, year): figure_reading(indicator, figure)
        for indicator in plan.indicators.values()
        for year, figure in indicator.targets.items()
        if year >= begin and not book.state(year).closed
    }
    changed = {
        place: reading for place, reading in targets.items() if _differs(book, place, reading)
    }
    return revise(
        book,
        lambda _: plan,
        from_year=from_year,
        reason=reason,
        meeting=meeting,
        day=day,
        targets=changed,
        dry_run=dry_run,
    )


def _differs(book: ReviewBook, place: tuple[str, int], reading: Reading) -> bool:
    code, year = place
    if code not in book.editions.of(year).plan.indicators:
        return True
    return current_cell(book, CellKey(code, year, Kind.TARGET)).reading != reading


def revisions(book: ReviewBook) -> list[Revision]:
    """Return every revision and correction of the plan, by the year from which it counts."""
    found = [Revision.model_validate(fact.data) for fact in book.facts(REVISION)]
    return sorted(found, key=lambda one: (one.effective_year, one.number))
