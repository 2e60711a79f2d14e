"""An edition of the plan in the making: checked, its identities found, and stored with all that moves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import WHOLE_PLAN, Node, Plan, map_nodes
from shakyo_review.domain.revision import PlanChange
from shakyo_review.domain.revision_words import (
    INDICATOR_WORDS,
    NODE_WORDS,
    PLAN_WORDS,
    RULE_SET_WORDS,
)
from shakyo_review.domain.tree_edits import without_past
from shakyo_review.errors import PlanProblem, ValueProblem, WrongUsage
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.editions import check_correctable, correct_edition, put_edition
from shakyo_review.services.identities import identities
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage.plans import FIRST, Edition, Editions


@dataclass(frozen=True, slots=True)
class Draft:
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
        """The plan as it is going to be."""
        return self.edition.plan

    @property
    def begin(self) -> int:
        """The year from which the edition counts (``FIRST``: from the beginning)."""
        return self.edition.effective_year

    @property
    def only_targets(self) -> bool:
        """Whether the plan stays as it is (the targets of single years are no part of it)."""
        same_ids = self.base.ids == self.edition.ids
        return same_ids and plan_rows.plan_text(self.base.plan) == plan_rows.plan_text(self.plan)


def make_draft(
    book: ReviewBook,
    editions: Editions,
    change: Callable[[Plan], Plan],
    from_year: int | None,
    whole: bool,
) -> Draft:
    """Return the edition that a change makes of the newest one; new identities are stored."""
    base = editions.newest.whole
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
    return Draft(base, Edition(number, begin, new, ids), same, from_year is None, counts)


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


_WORDS = (
    {"code": "コード", "name": "名前", "title": "計画の名称", "owners": "担当"},
    *(INDICATOR_WORDS, NODE_WORDS, RULE_SET_WORDS, PLAN_WORDS),
)


def _made(change: Callable[[Plan], Plan], plan: Plan) -> Plan:
    """Return the changed plan; what the models refuse is told in a sentence."""
    try:
        return change(plan)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        why = first.get("ctx", {}).get("error")
        fields = [part for part in first["loc"] if isinstance(part, str)]
        where = next((w[f] for f in reversed(fields) for w in _WORDS if f in w), "値")
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


def check_year(book: ReviewBook, editions: Editions, from_year: int | None) -> None:
    """Refuse a revision from a year outside the plan, before the last revision, or that is sealed."""
    newest = editions.newest
    if from_year is None:
        return  # ``correct_edition`` looks at the years of the edition
    plan = newest.plan
    if from_year < plan.first_year:  # the last year may be what the revision changes
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


def write_draft(
    book: ReviewBook,
    editions: Editions,
    draft: Draft,
    reason: str,
    changes: Sequence[PlanChange],
) -> None:
    """Store the edition, and give everything that stands in its years its new place."""
    if draft.corrects:
        check_correctable(book, draft.base)
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
        rescale_figures(book, editions, after, number, draft.begin)
    told = tuple(
        f"{'計画' if one.code == WHOLE_PLAN else one.code} {one.name}: {one.text}"
        for one in changes
    )
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


def rescale_figures(
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
