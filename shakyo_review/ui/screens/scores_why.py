"""The reasons of a line: its derivation, money and landing, and what people say; some lines lead on."""

from rich.text import Text

from shakyo_review.domain.derivation import Step, indicator_steps, node_steps
from shakyo_review.domain.goals import YearScore, original
from shakyo_review.domain.money import MoneyYear
from shakyo_review.domain.plan import Plan
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.reviewing import evaluation
from shakyo_review.ui.screens.scores_beside import landing_paragraphs, money_paragraphs
from shakyo_review.ui.screens.scores_text import judged, side_by_side, what_is_said
from shakyo_review.ui.widgets.linked_prose import Link, Linked
from shakyo_review.ui.widgets.prose import Para

TITLE = "理由（算出過程）"


def why_lines(
    book: ReviewBook,
    score: YearScore,
    money: MoneyYear | None,
    code: str | None,
    *,
    said_first: bool = False,
) -> list[Linked]:
    """Return the paragraphs about a line (None: the whole plan) and where they lead."""
    plan, year = score.plan, score.year
    reasons: list[Linked] = [(Text(TITLE, style="bold"), None)]
    reasons += [(_para(step), _link(plan, step)) for step in _steps(score, code)]
    if code is None:
        return reasons
    beside = landing_paragraphs(plan, book.cells(year), year, code)
    if money is not None:
        beside += money_paragraphs(money, code)
    item = plan.items.get(code)
    counted = code if item is None else original(plan, item).code
    seen = evaluation(book, counted, year)
    above: list[Linked] = []
    if judged(seen):
        above.append((Para(side_by_side(seen), style="bold"), None))
    said = [(para, None) for para in what_is_said(book, year, seen)]
    reasons += [(para, None) for para in beside]
    return [*above, *said, *reasons] if said_first else [*above, *reasons, *said]


def _steps(score: YearScore, code: str | None) -> list[Step]:
    if code in score.indicators:
        whole = score.indicators[code]
        steps = indicator_steps(whole)
        return [*steps, Step("実施内容", whole.actual.note)] if whole.actual.note else steps
    node = score.overall if code is None else score.nodes.get(code, score.overall)
    return node_steps(score.plan, node)


def _para(step: Step) -> Para:
    return Para(step.text, head=step.title)


def _link(plan: Plan, step: Step) -> Link | None:
    """Return where a step leads; one that tells of a branch leads to the figures of that branch."""
    if not step.code:
        return None
    begin = step.text.partition(": ")[0]
    branch = begin if step.kind is not None and begin in plan.branch_names.values() else ""
    return Link(step.code, step.kind, branch)
