"""Changing the plan in mid-course: a new edition from a fiscal year on, or the correction of a slip.

Years that are sealed keep the plan they were sealed with; a revision that would reach one is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shakyo_review.domain.cell import Cell, CellKey, CellTable, Kind
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import YearScore, score_year
from shakyo_review.domain.person import Act, owners_gone
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.plan_changes import plan_changes
from shakyo_review.domain.revision import (
    ChangeKind,
    LetterChange,
    PlanChange,
    Revision,
)
from shakyo_review.domain.value import Reading, State, format_reading
from shakyo_review.errors import ConflictFound, PlanProblem, WrongUsage, quoted
from shakyo_review.exchange.figures import figure_reading
from shakyo_review.exchange.plan_yaml import read_plan
from shakyo_review.services.book import YEAR, ReviewBook
from shakyo_review.services.checked import checked_day, needed
from shakyo_review.services.committees import follow_owners
from shakyo_review.services.drafting import Draft, check_year, make_draft, write_draft
from shakyo_review.services.entry import checked_text, current_cell, store
from shakyo_review.services.kept import RATING
from shakyo_review.services.permission import OnlyLooking
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage.facts import FactKey
from shakyo_review.storage.plans import Editions

REVISION = "revision"

Targets = Mapping[tuple[str, int], Reading]
"""New targets by (code in the new plan, fiscal year)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a revision does, or would do: its changes, and the letters of open years that become others.

    ``notes`` are sentences on what a plan file says that is not taken over, and on people whose committee
    has another name by it.
    """

    revision: Revision
    letters: tuple[LetterChange, ...]
    notes: tuple[str, ...] = ()


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
    whole: bool = False,
    left: Targets | None = None,
    setting_up: bool = False,
) -> Outcome:
    """Change the plan from a fiscal year on (None: correct the newest edition as it stands).

    ``change`` makes the new plan of the one it is given: the one in force, without what it says of
    earlier codes. ``whole`` tells that it makes one of its own instead (a plan file), ``left`` the
    targets of the file that are not to be changed: the outcome has a note on those that differ from
    what stands. ``setting_up``: the plan has no results yet, so this is no revision; it stands in the history
    alone, and targets of what is taken out go with it. A revision tells its reason and, where there was one, the meeting that decided it; a dry run tells what
    would change and writes nothing. Raises ``WrongUsage`` where a sealed year would be touched,
    ``PlanProblem`` for a plan that contradicts itself, ``ConflictFound`` where somebody else has
    given a code to another thing since the plan was seen.
    """
    reason = "（試し）" if dry_run and not reason.strip() else needed(reason, "改定の理由")
    meeting = checked_text(meeting.strip(), "会議の名前")
    day, found = checked_day(day), None
    try:
        seen = book.editions.newest
        with book.writing(Act.PLAN):
            book.refresh()
            if seen.ids.other_than(book.editions.newest.ids):
                raise ConflictFound(
                    "計画のコードは、ほかの人が先に改めています。",
                    "いまの計画を確かめて、もう一度やり直してください。何も変わっていません。",
                )
            editions = plan_rows.read_editions(book.file.db)
            check_year(book, editions, from_year)
            if setting_up and not being_set_up(book):
                raise ConflictFound(
                    "実績や評価が入ったため、計画を作る段階は終わっています。",
                    "改定として、いつから・なぜ変えるのかを書いて登録してください。",
                )
            draft = make_draft(book, editions, change, from_year, whole)
            wanted = {} if targets is None else targets
            changes = [
                *plan_changes(draft.base.plan, draft.plan, draft.same),
                *_target_changes(book, editions, draft, wanted),
            ]
            notes = _left_as_they_are(book, editions, draft, left or {})
            if not changes:
                told = "".join(f"{note}。" for note in notes)
                raise WrongUsage(
                    f"計画に変わるところがありません。{told}", "何も書き込んでいません。"
                )
            book.reload_plan()
            years = _open_years(book, draft)
            before = {year: _scored(book, year) for year in years}
            if setting_up:
                _clear_targets(book, draft, reason)
            if not draft.only_targets:
                write_draft(book, editions, draft, reason, changes)
                book.reload_plan()
            for (code, year), reading in wanted.items():
                _set_target(book, code, year, reading, reason)
            revision = Revision(
                number=fact_rows.next_number(book.file.db, REVISION, draft.counts),
                effective_year=draft.counts,
                reason=reason,
                meeting=meeting,
                date=day,
                by=book.who,
                changes=tuple(changes),
                corrects=from_year is None,
            )
            if not setting_up:
                key = FactKey(REVISION, draft.counts, WHOLE_PLAN, "", str(revision.number))
                book.put_fact(key, revision.model_dump(mode="json", exclude_defaults=True), reason)
            after = {year: _scored(book, year) for year in years}
            gone = owners_gone(draft.base.plan, draft.plan, draft.same)
            notes += follow_owners(book, gone, reason)
            found = Outcome(revision, tuple(_letters(before, after, draft.same)), notes)
            if dry_run:
                raise OnlyLooking
    except OnlyLooking:
        pass
    finally:
        book.reload_plan()
    if found is None:  # cannot be: the block ends with an outcome, or raises
        raise AssertionError
    return found


def being_set_up(book: ReviewBook) -> bool:
    """Whether a plan has no results yet: one edition, no actual of its years, nothing said or decided."""
    if len(book.editions.all) > 1 or any(map(book.facts, (REVISION, YEAR, RATING))):
        return False
    plan = book.plan
    return not any(
        cell.reading.state is not State.NOT_ENTERED
        for year in book.years_with(Kind.ACTUAL)
        if year >= plan.first_year
        for cell in book.cells(year).cells.values()
        if cell.key.kind is Kind.ACTUAL
    )


def _clear_targets(book: ReviewBook, draft: Draft, reason: str) -> None:
    """Clear the targets of indicators that are taken out of a plan being set up."""
    for number in set(draft.base.ids.indicator.values()) - set(
        draft.edition.ids.indicator.values()
    ):
        for cell in cell_rows.read_cells(book.file.db, book.editions, None, number):
            if cell.key.kind is Kind.TARGET and cell.reading.state is not State.NOT_ENTERED:
                empty = Cell(
                    cell.key, Reading(State.NOT_ENTERED), None, cell.note, False, cell.version
                )
                store(book, cell, empty, reason)


def _open_years(book: ReviewBook, draft: Draft) -> list[int]:
    first = max(draft.begin, draft.plan.first_year)
    return [
        year
        for year in book.years_with(Kind.ACTUAL)
        if first <= year <= draft.plan.last_year and not book.state_now(year).closed
    ]


def _scored(book: ReviewBook, year: int) -> YearScore:
    """Return the scores of an open year as it stands in this transaction."""
    cells = CellTable.of(cell_rows.read_cells(book.file.db, book.editions, [year]))
    plan = book.editions.of(year).plan
    return score_year(plan, cells, year, None, book.given_letters(year))


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


def _target_changes(
    book: ReviewBook, editions: Editions, draft: Draft, targets: Targets
) -> Iterator[PlanChange]:
    for (code, year), reading in targets.items():
        indicator = draft.plan.indicator(code)
        if year < draft.begin:
            raise WrongUsage(
                f"{year_label(year)}の目標は、{year_label(draft.counts)}からの改定では変えられません。",
                f"{year_label(draft.counts)}以降の年度を指定してください。",
            )
        draft.plan.check_year(year)
        number = draft.edition.ids.indicator[code]
        known = editions.last_known(number, year)
        key = CellKey(code, year, Kind.TARGET)
        before = cell_rows.read_cell(book.file.db, key, number, known[1] if known else 0)
        if before.reading == reading:
            continue
        d = indicator.figure_decimals
        texts = (format_reading(r, d, blank="空欄") for r in (before.reading, reading))
        unit = "" if reading.value is None else indicator.unit
        yield PlanChange(
            kind=ChangeKind.TARGET,
            code=code,
            name=indicator.name,
            text=f"{short_year(year)}の目標: {' → '.join(texts)}{unit}",
            year=year,
        )


def _left_as_they_are(
    book: ReviewBook, editions: Editions, draft: Draft, left: Targets
) -> tuple[str, ...]:
    """Return sentences on targets of a plan file that stay as they are, though the file says otherwise."""
    found: dict[int, list[str]] = {}
    for (code, year), reading in left.items():
        number = draft.edition.ids.indicator[code]
        known = editions.last_known(number, year)
        key = CellKey(code, year, Kind.TARGET)
        stands = cell_rows.read_cell(book.file.db, key, number, known[1] if known else 0)
        if stands.reading != reading:
            found.setdefault(year, []).append(code)
    return tuple(
        f"{year_label(year)}の目標は変えていません（計画ファイルと違う指標: {'・'.join(codes[:5])}"
        f"{f' ほか{len(codes) - 5}件' if len(codes) > 5 else ''}。"
        f"{'確定した年度です' if book.state_now(year).closed else '改定より前の年度です'}）"
        for year, codes in sorted(found.items())
    )


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
    """Change the plan to that of a plan file, or by an Excel table (``updated_plan``); targets it gives for open years from then on count too.

    Targets of sealed years and of years before stay as they are; where the file says otherwise, the
    outcome's ``notes`` tell of it. Actuals and amounts of the file are left alone: they are entered, not revised.
    """
    from shakyo_review.services.plan_tables import updated_plan
    from shakyo_review.services.sheets import is_workbook, read_sheet

    book.refresh()
    plan = updated_plan(book.plan, read_sheet(path)) if is_workbook(path) else read_plan(path)
    if plan.code != book.plan.code:
        raise PlanProblem(
            f"計画ファイルのコード{quoted(plan.code)}が、台帳の計画「{book.plan.code}」と違います。",
            "この台帳の計画のファイルか、確かめてください。",
        )
    begin = book.editions.newest.effective_year if from_year is None else from_year
    targets: dict[tuple[str, int], Reading] = {}
    left: dict[tuple[str, int], Reading] = {}
    for indicator in plan.indicators.values():
        for year, figure in indicator.targets.items():
            counts = year >= begin and not book.state(year).closed
            (targets if counts else left)[indicator.code, year] = figure_reading(indicator, figure)
    return revise(
        book,
        lambda _: plan,
        from_year=from_year,
        reason=reason,
        meeting=meeting,
        day=day,
        targets=targets,
        dry_run=dry_run,
        whole=True,
        left=left,
    )


def revisions(book: ReviewBook) -> list[Revision]:
    """Return every revision and correction of the plan, by the year from which it counts."""
    found = [book.told(Revision, fact) for fact in book.facts(REVISION)]
    return sorted(found, key=lambda one: (one.effective_year, one.number))
