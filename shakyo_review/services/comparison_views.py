"""The JSON document of ``compare``."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from shakyo_review.domain.comparison import Change, Comparison, GoalRow, IndicatorRow
from shakyo_review.domain.comparison_words import badge_words, difference_words, point_word
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.services.json_views import Json, figures_view, goal_view


def comparison_view(
    comparison: Comparison,
    indicators: Iterable[IndicatorRow],
    goals: Iterable[GoalRow],
    plans: Mapping[int, Plan],
) -> Json:
    """Return ``compare --json`` of the rows that are wanted."""
    years = comparison.years
    point = point_word(plans[years[-1]])

    def told(row: IndicatorRow | GoalRow) -> Json:
        return {
            "change": _change(row.change),
            "badges": [badge.value for badge in row.badges],
            "words": difference_words(row, years, point=point),
            "notes": badge_words(row, years),
        }

    return {
        "years": list(years),
        "indicators": [
            {
                "code": row.code,
                "action": row.action,
                "name": row.name,
                "unit": row.unit,
                "years": {str(s.year): _compared(s) for s in row.years},
                **told(row),
            }
            for row in indicators
        ],
        "goals": [
            {
                "code": row.code,
                "name": row.years[-1].item.name,
                "level": row.years[-1].item.level,
                "years": {
                    str(year): goal_view(plans[year], node)
                    for year, node in zip(years, row.years, strict=True)
                },
                **told(row),
            }
            for row in goals
        ],
    }


def _compared(s: IndicatorScore) -> Json:
    whole = figures_view(s)
    return {key: whole[key] for key in ("target", "actual", "state", "rate", "rating", "example")}


def _change(change: Change) -> Json:
    return {
        "actual": _text(change.actual),
        "rate": _text(change.rate),
        "rating": change.rating,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
