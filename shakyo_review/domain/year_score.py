"""The scores of one year: of the indicators, and joined from them those of the items."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from shakyo_review.domain.joining import NodeScore
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.scoring import IndicatorScore


@dataclass(frozen=True, slots=True)
class Joined:
    """The scores of the items of a plan, and that of the whole plan."""

    nodes: dict[str, NodeScore]
    overall: NodeScore


@dataclass(frozen=True, eq=False)
class YearScore:
    """All scores of one year; those of items are joined from the indicators' when they are asked for."""

    plan: Plan
    year: int
    indicators: dict[str, IndicatorScore]
    join: Callable[[], Joined] = field(repr=False)
    join_goal: Callable[[str], NodeScore] = field(repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, YearScore):
            return NotImplemented
        ours, theirs = ((s.plan, s.year, s.indicators, s._joined) for s in (self, other))
        return ours == theirs

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def _joined(self) -> Joined:
        return self.join()

    @property
    def nodes(self) -> dict[str, NodeScore]:
        """The score of every item, by code, in print order."""
        return self._joined.nodes

    def goal(self, code: str) -> NodeScore:
        """Return the score of an item of the top level, without joining the others for it."""
        return self.nodes[code] if "_joined" in self.__dict__ else self.join_goal(code)

    @property
    def overall(self) -> NodeScore:
        """The score of the whole plan."""
        return self._joined.overall

    @property
    def goals(self) -> list[NodeScore]:
        """The items of the top level, in print order."""
        return [self.nodes[item.code] for item in self.plan.children_of(None)]
