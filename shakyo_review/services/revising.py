"""Changing the plan in mid-course: a new edition from a fiscal year on, or the correction of a slip.

Years that are sealed keep the plan they were sealed with; a revision that would reach one is refused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shakyo_review.domain.cell import Cell, CellKey, CellTable, Kind
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import YearScore, score_year
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import WHOLE_PLAN, Node, Plan, map_nodes
from shakyo_review.domain.revision import (
    ChangeKind,
    LetterChange,
    PlanChange,
    Revision,
    plan_changes,
)
from shakyo_review.domain.tree_edits import without_past
from shakyo_review.domain.value import Reading, format_reading
from shakyo_review.errors import PlanProblem, ValueProblem, WrongUsage, quoted
from shakyo_review.exchange.figures import figure_reading
from shakyo_review.exchange.plan_yaml import read_plan
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.editions import correct_edition, put_edition
from shakyo_review.services.entry import checked_text, current_cell, store
from shakyo_review.services.evaluating import checked_day, needed
from shakyo_review.services.identities import identities
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage.facts import FactKey
from shakyo_review.storage.plans import FIRST, Edition, Editions

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
    whole: bool = False,
) -> Outcome:
    """Change the plan from a fiscal year on (None: correct the newest edition as it stands).

    ``change`` makes the new plan of the one it is given: the one in force, without what it says of
    earlier codes. ``whole`` tells that it makes one of its own instead (a plan file). A revision
    tells its reason and, where there was one, the meeting that decided it; a dry run tells what
    would change and writes nothing. Raises ``WrongUsage`` where a sealed year would be touched,
    ``PlanProblem`` for a plan that contradicts itself.
    """
    reason = "（試し）" if dry_run and not reason.strip() else needed(reason, "改定の理由")
    meeting = checked_text(meeting.strip(), "会議の名前")
    day, found = checked_day(day), None
    try:
        with book.file.writing():
            editions = plan_rows.read_editions(book.file.db)
            _check_year(book, editions, from_year)
            draft = _draft(book, editions, change, from_year, whole)
            wanted = {} if targets is None else targets
            changes = [
                *plan_changes(draft.base.plan, draft.plan, draft.same),
                *_target_changes(book, editions, draft, wanted),
            ]
            if not changes:
                raise WrongUsage("計画に変わるところがありません。", "何も書き込んでいません。")
            book.reload_plan()
            years = _open_years(book, draft)
            before = {year: _scored(book, year) for year in years}
            if not draft.only_targets:
                _write(book, editions, draft, reason, changes)
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
            key = FactKey(REVISION, draft.counts, WHOLE_PLAN, "", str(revision.number))
            book.put_fact(key, revision.model_dump(mode="json", exclude_defaults=True), reason)
            after = {year: _scored(book, year) for year in years}
            found = Outcome(revision, tuple(_letters(before, after, draft.same)))
            if dry_run:
                raise _OnlyLooking
    except _OnlyLooking:
        pass
    finally:
        book.reload_plan()
    if found is None:  # cannot be: the block ends with an outcome, or raises
        raise AssertionError
    return found


@dataclass(frozen=True, slots=True)
class _Draft:
    """An edition in the making: the one it follows, what goes on, and the year from which it counts.

    ``counts`` is the year from which the revision is said to count.
    """

    base: Edition
    edition: Edition
    same: Mapping[str, str]
    corrects: bool
    counts: int

    @property
    def plan(self) -> Plan:
        return self.edition.plan

    @property
    def begin(self) -> int:
        return self.edition.effective_year

    @property
    def only_targets(self) -> bool:
        """Whether the plan stays as it is (the targets of single years are no part of it)."""
        same_ids = self.base.ids == self.edition.ids
        return same_ids and plan_rows.plan_text(self.base.plan) == plan_rows.plan_text(self.plan)


def _draft(
    book: ReviewBook,
    editions: Editions,
    change: Callable[[Plan], Plan],
    from_year: int | None,
    whole: bool,
) -> _Draft:
    base = editions.newest
    past = base.plan if whole else without_past(base.plan)
    new = _made(change, past)
    _check_weights(past, new)
    ids, same = identities(book, editions, new, past)
    new = _with_past(new, base.plan, same)
    begin = base.effective_year if from_year is None else from_year
    if from_year is not None and not new.first_year <= from_year <= new.last_year:
        raise _outside(new, from_year)
    beyond = plan_rows.years_beyond(book.file.db, new.last_year)
    if new.last_year < base.plan.last_year and beyond:
        raise WrongUsage(
            f"{year_label(beyond[0])}の値が入っているため、計画を{year_label(new.last_year)}までにはできません。",
            "最後の年度を確かめてください。",
        )
    number = base.number if begin == base.effective_year else base.number + 1
    counts = new.first_year if begin == FIRST else begin
    return _Draft(base, Edition(number, begin, new, ids), same, from_year is None, counts)


def _with_past(new: Plan, old: Plan, same: Mapping[str, str]) -> Plan:
    """Return a plan that also tells what it told before of earlier codes."""

    def past(thing: Node | Indicator, things: Mapping[str, Node | Indicator]) -> str | None:
        if thing.formerly is None and same.get(thing.code) == thing.code:
            return things[thing.code].formerly
        return thing.formerly

    nodes = {code: item.node for code, item in old.items.items()}

    def with_past(node: Node) -> dict[str, Any]:
        own = tuple(
            one.model_copy(update={"formerly": past(one, old.indicators)})
            for one in node.indicators
        )
        return {"formerly": past(node, nodes), "indicators": own}

    return map_nodes(new, with_past)


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


def _check_weights(old: Plan, new: Plan) -> None:
    """Refuse a change that leaves no weight to what is averaged."""

    def weightless(plan: Plan) -> set[str]:
        return {
            code
            for code, item in plan.items.items()
            for weights in (
                [one.weight for one in item.node.indicators],
                [one.node.weight for one in plan.children_of(code) if one.node.repeats is None],
            )
            if weights and not sum(weights)
        }

    found = sorted(weightless(new) - weightless(old))
    if found:
        raise PlanProblem(
            f"{found[0]} {new.items[found[0]].name}の中の重みが、すべて0になります。",
            "どれか1つは0より大きくしてください。",
            found[0],
        )


def _outside(plan: Plan, year: int) -> WrongUsage:
    return WrongUsage(
        f"{year_label(year)}は計画の期間（{year_label(plan.first_year)}〜{year_label(plan.last_year)}）の外です。",
        "改定が有効になる年度を確かめてください。",
    )


def _check_year(book: ReviewBook, editions: Editions, from_year: int | None) -> None:
    newest = editions.newest
    if from_year is None:
        return  # ``correct_edition`` looks at the years of the edition
    plan = newest.plan
    if not plan.first_year <= from_year <= plan.last_year:
        raise _outside(plan, from_year)
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


def _write(
    book: ReviewBook,
    editions: Editions,
    draft: _Draft,
    reason: str,
    changes: Sequence[PlanChange],
) -> None:
    """Store the edition, and give everything that stands in its years its new place."""
    after = editions.replaced(draft.edition)
    moved = {}
    for number in sorted({*draft.base.codes, *draft.edition.codes}):
        if not any(number in edition.codes for edition in editions.all):
            continue  # new: nothing stands there
        if not any(number in edition.codes for edition in after.all):
            _check_empty(book, draft.base, number, draft.begin)
        places = [one.place(number, draft.begin) for one in (editions, after)]
        if places[0] != places[1]:
            moved[places[0]] = places[1]
        _rescale(book, editions, after, number, draft.begin)
    told = tuple(f"{one.code} {one.name}: {one.text}" for one in changes)
    edition = draft.edition
    if draft.corrects:
        correct_edition(
            book, draft.base, edition.plan, reason, ids=edition.ids, renamed=moved, changes=told
        )
    else:
        put_edition(
            book,
            edition.plan,
            edition.ids,
            edition.number,
            edition.effective_year,
            reason,
            renamed=moved,
            changes=told,
        )
    if moved:
        fact_rows.rename_codes(book.file.db, moved, draft.begin)


def _check_empty(book: ReviewBook, base: Edition, number: int, begin: int) -> None:
    """Refuse to make undone what has figures: no plan of any year would have them."""
    code = base.codes[number]
    if not plan_rows.stands_nowhere(book.file.db, number, code, begin):
        name = base.plan.items[code].name if code in base.plan.items else ""
        if code in base.plan.indicators:
            name = base.plan.indicators[code].name
        raise WrongUsage(
            f"{code} {name}".rstrip()
            + "には値や評価が入っているため、なかったことにはできません。",
            "やめる年度を --from で指定してください（計画ができた年度より後）。",
        )


def _rescale(
    book: ReviewBook, editions: Editions, after: Editions, number: int, begin: int
) -> None:
    """Keep the figures of years that get an edition with other decimals, or refuse to cut them."""
    known, now = (one.last_known(number, begin) for one in (editions, after))
    if known is None or now is None or known[1] == now[1]:
        return
    if not cell_rows.rescale(book.file.db, number, begin, known[1], now[1]):
        raise ValueProblem(
            f"{now[0].partition('#')[0]} には小数第{now[1]}位に収まらない値が入っています。",
            "小数の桁数を減らさないか、先に値を直してください。",
        )


def _open_years(book: ReviewBook, draft: _Draft) -> list[int]:
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
    book: ReviewBook, editions: Editions, draft: _Draft, targets: Targets
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
        yield PlanChange(
            kind=ChangeKind.TARGET,
            code=code,
            name=indicator.name,
            text=f"{short_year(year)}の目標: {' → '.join(texts)}{indicator.unit}",
            year=year,
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
    """Change the plan to that of a plan file; targets it gives for open years from then on count too.

    Actuals and amounts of the file are left alone: they are entered, not revised.
    """
    plan = read_plan(path)
    if plan.code != book.plan.code:
        raise PlanProblem(
            f"計画ファイルのコード{quoted(plan.code)}が、台帳の計画「{book.plan.code}」と違います。",
            "この台帳の計画のファイルか、確かめてください。",
        )
    book.refresh()
    begin = book.editions.newest.effective_year if from_year is None else from_year
    targets = {
        (indicator.code, year): figure_reading(indicator, figure)
        for indicator in plan.indicators.values()
        for year, figure in indicator.targets.items()
        if year >= begin and not book.state(year).closed
    }
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
    )


def revisions(book: ReviewBook) -> list[Revision]:
    """Return every revision and correction of the plan, by the year from which it counts."""
    found = [Revision.model_validate(fact.data) for fact in book.facts(REVISION)]
    return sorted(found, key=lambda one: (one.effective_year, one.number))
