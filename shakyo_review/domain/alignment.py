"""The scores of several years under one set of codes: the plan may have changed between them.

What is the same is told by identity, never by code or name: an item keeps it when it is renamed,
renumbered or moved. What a year's plan does not have is absent there: 対象外, no zero and no miss.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from shakyo_review.domain.goals import Coverage, NodeScore
from shakyo_review.domain.rate import Reason
from shakyo_review.domain.rollup import Whole
from shakyo_review.domain.scoring import IndicatorScore, TargetSource, YearTarget
from shakyo_review.domain.value import Reading, State
from shakyo_review.domain.year_score import Joined, YearScore

Identity = Mapping[int, Mapping[str, int]]
"""By fiscal year: the identity of every code (items and indicators) in the plan of that year."""

NOT_IN_PLAN = "この年度の計画にない"


@dataclass(frozen=True, slots=True)
class Aligned:
    """Scores by year, all with the same codes; ``own`` tells the code a year itself had for one.

    ``common`` is ``own`` the other way round.
    """

    scores: Mapping[int, YearScore]
    own: Mapping[int, Mapping[str, str]]
    common: Mapping[int, Mapping[str, str]]

    def parent(self, year: int, code: str) -> str | None:
        """Return the item above one in a year, under the common codes; None at the top or where absent."""
        own = self.own[year].get(code)
        if own is None:
            return None
        plan = self.scores[year].plan
        above = plan.items[own].parent if own in plan.items else plan.action_of[own]
        return None if above is None else self.common[year].get(above)


def align(scores: Mapping[int, YearScore], identity: Identity) -> Aligned:
    """Return scores of several years under the codes of the last year.

    Items that the last year's plan has no more come after those it has, under the last code they had.
    """
    years = sorted(scores)
    names = _common_codes(years, scores, identity)
    own: dict[int, dict[str, str]] = {}
    aligned: dict[int, YearScore] = {}
    for year in years:
        there = {number: code for code, number in identity[year].items()}
        own[year] = {name: there[number] for number, name in names.items() if number in there}
    for year in years:
        score, codes = scores[year], own[year]
        indicators: dict[str, IndicatorScore] = {}
        nodes: dict[str, NodeScore] = {}
        for name in names.values():
            code = codes.get(name)
            if code is None:
                other = next(y for y in reversed(years) if name in own[y])
                known = own[other][name]
                if known in scores[other].indicators:
                    indicators[name] = absent(scores[other].indicators[known], year)
                elif known in scores[other].nodes:
                    nodes[name] = _absent_node(scores[other].nodes[known])
            elif code in score.indicators:
                indicators[name] = score.indicators[code]
            elif code in score.nodes:
                nodes[name] = score.nodes[code]
        joined = partial(Joined, nodes, score.overall)
        aligned[year] = replace(
            score, indicators=indicators, join=joined, join_goal=nodes.__getitem__
        )
    common = {year: {there: name for name, there in own[year].items()} for year in years}
    return Aligned(aligned, own, common)


def _common_codes(
    years: list[int], scores: Mapping[int, YearScore], identity: Identity
) -> dict[int, str]:
    """Return one code for every identity: that of the last year which has it."""
    names: dict[int, str] = {}
    for year in reversed(years):
        taken = set(names.values())
        for code in (*scores[year].nodes, *scores[year].indicators):
            number = identity[year][code]
            if number not in names:
                names[number] = f"{code}@{year}" if code in taken else code
    return names


_OUT = Reading(State.NOT_APPLICABLE)


def absent(score: IndicatorScore, year: int) -> IndicatorScore:
    """Return the score of an indicator in a year whose plan does not have it."""
    return replace(
        score,
        year=year,
        target=YearTarget(Whole(_OUT), None, TargetSource.NONE),
        actual=Whole(_OUT),
        used_target=None,
        result=None,
        share=None,
        pace=None,
        met=None,
        number=None,
        level=None,
        rating=None,
        reason=Reason.NO_ACTUAL,
    )


def _absent_node(score: NodeScore) -> NodeScore:
    return replace(
        score,
        score=None,
        level=None,
        coverage=Coverage(0, 0),
        counts={},
        worst=None,
        parts=(),
        problem=NOT_IN_PLAN,
        example=False,
        weights=None,
    )
