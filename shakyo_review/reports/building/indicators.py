"""An indicator over the years, as a row or a block of a table."""

from collections.abc import Sequence

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.indicator import DIRECTION_LABELS, MEASURE_LABELS
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.reports import texts
from shakyo_review.reports.building.letters import official_of
from shakyo_review.reports.context.goals import IndicatorBlock, YearFigures
from shakyo_review.reports.context.parts import Trend
from shakyo_review.reports.material import Material, year_head
from shakyo_review.reports.pieces import (
    MOST_YEARS,
    NO_FIGURE,
    actual_figure,
    badge_words,
    dated_figure,
    indicator_letter,
    item_name,
    rate_figure,
    target_figure,
)

LEAST_FOR_TREND = 3
"""Years with an actual from which on a line says something."""


def indicator_block(m: Material, score: IndicatorScore) -> IndicatorBlock:
    """Return an indicator over the years shown; the span is set by the table it stands in."""
    ind = score.indicator
    row = m.rows[ind.code]
    years = row.years[-MOST_YEARS:]
    nature = (
        texts.INDICATOR_KINDS[ind.kind],
        DIRECTION_LABELS[ind.direction],
        MEASURE_LABELS[ind.measure],
    )
    return IndicatorBlock(
        code=ind.code,
        name=ind.name,
        unit=ind.unit,
        nature="・".join(nature),
        action=item_name(m.plan.items[m.plan.action_of[ind.code]]),
        baseline=dated_figure(ind, ind.baseline),
        final_target=dated_figure(ind, ind.final_target),
        years=[year_figures(one) for one in years],
        trend=small_trend(years),
        badges=badge_words(row),
        done=score.actual.note,
        note=ind.note,
        span="",
        official=official_of(m, ind.code),
        example=ind.example,
    )


def year_figures(score: IndicatorScore) -> YearFigures:
    """Return one year of an indicator."""
    judged = score.rule is not None
    return YearFigures(
        year=year_head(score.year),
        target=target_figure(score),
        actual=actual_figure(score),
        rate=rate_figure(score) if judged else NO_FIGURE,
        letter=indicator_letter(score),
    )


def small_trend(years: Sequence[IndicatorScore]) -> Trend | None:
    """Return the small line over the years; None where too few of them have an actual."""
    amounts = [score.actual.amount for score in years]
    if sum(amount is not None for amount in amounts) < LEAST_FOR_TREND:
        return None
    told = "、".join(f"{short_year(s.year)} {actual_figure(s).text}" for s in years)
    return Trend(
        description=f"実績の推移: {told}",
        points=[None if amount is None else float(amount) for amount in amounts],
        example=any(score.actual.example for score in years),
    )
