"""A plan that is being set up: until there are results it is simply changed, without the form of a revision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ConflictFound
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.revising import Outcome, Targets, being_set_up, revise

__all__ = ["Step", "being_set_up", "set_up", "take_back"]

WHY = "計画の作成"
"""What the history gives as the reason of such a change."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change of a plan being set up, as it may be taken back: the plan and its targets before and after."""

    title: str
    before: Plan
    after: Plan
    targets_before: Targets
    outcome: Outcome


def set_up(
    book: ReviewBook,
    title: str,
    change: Callable[[Plan], Plan],
    targets: Targets | None = None,
) -> Step:
    """Change a plan that has no results yet; raises as ``revise`` does."""
    before, standing = book.plan, targets_of(book)
    outcome = revise(book, change, from_year=None, reason=WHY, targets=targets, setting_up=True)
    return Step(title, before, book.plan, standing, outcome)


def look(
    book: ReviewBook, change: Callable[[Plan], Plan], targets: Targets | None = None
) -> Outcome:
    """Tell what a change of a plan being set up would do; writes nothing."""
    return revise(
        book,
        change,
        from_year=None,
        reason=WHY,
        targets=targets,
        setting_up=True,
        dry_run=True,
    )


def take_back(book: ReviewBook, step: Step) -> Outcome:
    """Undo the last step; raises ``ConflictFound`` where somebody has changed the plan since."""
    book.refresh()
    if book.plan != step.after:
        raise ConflictFound(
            "計画は、そのあとにほかの人が変えています。",
            "いまの計画を確かめてください。何も変わっていません。",
        )
    return revise(
        book,
        lambda _: step.before,
        from_year=None,
        reason=f"元に戻す（{step.title}）",
        targets=_back(step, targets_of(book)),
        setting_up=True,
        whole=True,
    )


def targets_of(book: ReviewBook) -> dict[tuple[str, int], Reading]:
    """Return every target of the whole that is entered, by code and year."""
    return {
        (cell.key.indicator, year): cell.reading
        for year in range(book.plan.first_year, book.plan.last_year + 1)
        for cell in book.cells(year).cells.values()
        if cell.key.kind is Kind.TARGET
        and not cell.key.branch
        and not cell.key.period
        and cell.reading.state is not State.NOT_ENTERED
    }


def _back(step: Step, now: Mapping[tuple[str, int], Reading]) -> Targets:
    """Return what is to be entered so that the targets are as before; those of a lost identity anew."""
    kept = set(step.after.indicators)
    found = {
        place: reading
        for place, reading in step.targets_before.items()
        if place[0] not in kept or now.get(place) != reading
    }
    gone = {
        place: Reading(State.NOT_ENTERED)
        for place in now
        if place not in step.targets_before and place[0] in step.before.indicators
    }
    return {**found, **gone}
