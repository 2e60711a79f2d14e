"""The pictures: achievement against target, trends against the path, the goals as a web."""

from collections.abc import Sequence

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import NodeScore, YearScore
from shakyo_review.domain.indicator import Direction, Measure
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rating import printed
from shakyo_review.domain.rules import GoalRule
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.reports.context.parts import (
    Bar,
    BarChart,
    RadarChart,
    RadarSeries,
    TrendChart,
    TrendPoint,
)
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import (
    actual_figure,
    indicator_letter,
    item_name,
    score_text,
    target_figure,
)

MOST_BARS = 20
"""Bars of one chart: as many as fit under the head of a goal's page."""


def bar_charts(
    indicators: Sequence[IndicatorScore], place: int, title: str, name: str = "chart"
) -> list[BarChart]:
    """Return one chart, or several of about the same length where there are very many indicators."""
    drawn = [score for score in indicators if score.rate is not None]
    if not drawn:
        return []
    if len(drawn) < sum(score.rule is not None for score in indicators):
        title += f"（率のある{len(drawn)}件）"
    pages = -(-len(drawn) // MOST_BARS)
    size = -(-len(drawn) // pages)
    return [
        _chart(
            drawn[start : start + size],
            f"{name}-{place}-{start // size + 1}",
            title,
            start // size + 1,
            pages,
        )
        for start in range(0, len(drawn), size)
    ]


def _chart(
    scores: Sequence[IndicatorScore], chart_id: str, title: str, number: int, of: int
) -> BarChart:
    bars = [_bar(score) for score in scores]
    listed = "、".join(f"{bar.label} {bar.text} {bar.letter.text}" for bar in bars)
    part = f"（{number}/{of}）" if of > 1 else ""
    return BarChart(
        id=chart_id,
        title=f"{title} 目標に対する達成{part}",
        description=f"指標ごとの率と判定の横棒グラフ。{listed}。",
        bars=bars,
    )


def _bar(score: IndicatorScore) -> Bar:
    rate = score.rate
    share = score.share if score.pace is not None else None
    return Bar(
        label=score.indicator.name,
        letter=indicator_letter(score).model_copy(update={"example": score.example}),
        text=score.display,
        length=None if rate is None else float(printed(rate, score.rules)),
        expected=None if share is None else float(100 * share),
    )


# --- over the years --------------------------------------------------------------------------

LEAST_FOR_CHART = 3
"""Years with an actual from which on a chart of an indicator says something."""
LEAST_FOR_SCORES = 2
"""Years with a score from which on a chart of scores says something."""


def indicator_trend(chart_id: str, years: Sequence[IndicatorScore]) -> TrendChart | None:
    """Return the actuals of an indicator against the path of its targets; None with too few of them."""
    if sum(score.actual.amount is not None for score in years) < LEAST_FOR_CHART:
        return None
    last = years[-1].indicator
    points = [_point(score) for score in years]
    told = "、".join(
        f"{p.year} 実績 {p.actual_text or 'なし'}"
        f"{f'（目標 {p.target_text}）' if p.target_text else ''}"
        for p in points
    )
    return TrendChart(
        id=chart_id,
        title=f"{last.code} {last.name}",
        description=f"実績と目標の推移の折れ線グラフ。{told}。",
        note="・".join(_trend_notes(years[-1])),
        unit=last.unit,
        actual_name="実績",
        target_name="目標" if any(p.target is not None for p in points) else "",
        points=points,
    )


def _trend_notes(score: IndicatorScore) -> list[str]:
    notes = []
    if score.indicator.direction in (Direction.LOWER, Direction.KEEP_MAX):
        notes.append("低いほど良い")
    if score.indicator.measure is Measure.CUMULATIVE:
        notes.append("累計")
    return notes


def _point(score: IndicatorScore) -> TrendPoint:
    amount, target = score.actual.amount, score.target.value
    return TrendPoint(
        year=short_year(score.year),
        actual=None if amount is None else float(amount),
        actual_text=actual_figure(score).text,
        target=None if target is None else float(target),
        target_text="" if target is None else target_figure(score).text,
        example=score.actual.example,
    )


def score_trend(
    plan: Plan, chart_id: str, title: str, years: Sequence[tuple[int, NodeScore]]
) -> TrendChart | None:
    """Return the scores of an item over the years; None with too few of them."""
    if sum(node.score is not None for _, node in years) < LEAST_FOR_SCORES:
        return None
    points = [
        TrendPoint(
            year=short_year(year),
            actual=None if node.score is None else float(node.score),
            actual_text=score_text(plan, node),
            target=None,
            target_text="",
            example=node.example,
        )
        for year, node in years
    ]
    told = "、".join(f"{point.year} {point.actual_text}" for point in points)
    return TrendChart(
        id=chart_id,
        title=f"{title} 点数",
        description=f"点数の推移の折れ線グラフ。{told}。",
        note="",
        unit=_score_unit(plan),
        actual_name="点数",
        target_name="",
        points=points,
    )


def _score_unit(plan: Plan) -> str:
    return "点" if plan.rule_set.goal is GoalRule.MEAN_OF_POINTS else "%"


# --- the goals as a web ----------------------------------------------------------------------

FEWEST_AXES, MOST_AXES = 3, 8
"""Goals from which on, and up to which, a web can be read."""


def radar_chart(m: Material) -> RadarChart | None:
    """Return the goals' scores as a web; None with few or many goals, or where one has no score."""
    goals = m.score.goals
    if not FEWEST_AXES <= len(goals) <= MOST_AXES or any(g.score is None for g in goals):
        return None
    full = _full(m.plan)
    if full is None:
        return None
    series = [_radar_series(m, m.score, m.head.full)]
    if m.before is not None and m.head_before is not None and _all_scored(m):
        series.insert(0, _radar_series(m, m.before, m.head_before.full))
    axes = [item_name(goal.item) for goal in goals]
    told = "。".join(
        f"{one.year}は" + "、".join(f"{a} {t}" for a, t in zip(axes, one.texts, strict=True))
        for one in series
    )
    return RadarChart(
        id="chart-goals",
        title="目標ごとの点数",
        description=f"目標ごとの点数のレーダーチャート。{told}。",
        axes=axes,
        full=float(full),
        full_text=f"{full}{_score_unit(m.plan)}",
        series=series,
    )


def _full(plan: Plan) -> int | None:
    """Return the score of a goal that has reached all; None where no rank has points."""
    if plan.rule_set.goal is not GoalRule.MEAN_OF_POINTS:
        return 100
    points = [level.points for level in plan.scale.levels if level.points is not None]
    return int(max(points)) if points else None


def _all_scored(m: Material) -> bool:
    earlier = [m.before_node(goal.item.code) for goal in m.score.goals]
    return all(node is not None and node.score is not None for node in earlier)


def _radar_series(m: Material, score: YearScore, year: str) -> RadarSeries:
    nodes = [score.nodes[goal.item.code] for goal in m.score.goals]
    return RadarSeries(
        year=year,
        values=[float(node.score or 0) for node in nodes],
        texts=[score_text(m.plan, node) for node in nodes],
        example=any(node.example for node in nodes),
    )
