"""Chapter 5: one page for each item of the top level."""

from collections.abc import Iterator, Sequence

from shakyo_review.domain.derivation import EXAMPLE_MARK, coverage_text
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import UNRATED, NodeScore
from shakyo_review.domain.indicator import DIRECTION_LABELS, MEASURE_LABELS
from shakyo_review.domain.plan import Item
from shakyo_review.domain.rating import printed
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.reports import texts
from shakyo_review.reports.build_funding import build_funding
from shakyo_review.reports.build_letters import (
    before_words,
    official_before,
    official_of,
    stage_table,
)
from shakyo_review.reports.context import (
    GoalPage,
    IndicatorBlock,
    NodeRow,
    YearFigures,
)
from shakyo_review.reports.context_parts import Bar, BarChart, Fact, Trend
from shakyo_review.reports.pieces import (
    MOST_YEARS,
    NO_FIGURE,
    Material,
    actual_figure,
    badge_words,
    coverage_short,
    dated_figure,
    indicator_letter,
    item_flags,
    item_name,
    item_title,
    node_letter,
    owners_text,
    rate_figure,
    score_figure,
    score_text,
    target_figure,
    year_head,
)

MOST_BARS = 20
"""Bars of one chart: as many as fit under the head of a goal's page."""
LEAST_FOR_TREND = 3
"""Years with an actual from which on a line says something."""


def anchor_of(place: int) -> str:
    """Return the id of the page of the goal at a place (1, 2 …)."""
    return f"goal-{place}"


def build_goals(m: Material) -> list[GoalPage]:
    """Build chapter 5; goals with nothing to show do not take a page each."""
    pages: list[GoalPage] = []
    small = False
    for place, goal in enumerate(m.score.goals, 1):
        page = _page(m, goal, place)
        now_small = bool(page.empty) and page.funding is None and not page.stages
        fresh = place > 1 and not (small and now_small)
        pages.append(page.model_copy(update={"new_page": fresh}))
        small = now_small
    return pages


def _page(m: Material, goal: NodeScore, place: int) -> GoalPage:
    plan, item = m.plan, goal.item
    under = list(_under(m, item))
    indicators = [m.score.indicators[ind.code] for one in under for ind in one.node.indicators]
    rows = [one for one in under if one is not item]
    shown = [one for one in rows if _worth_showing(m, one, item)] if indicators else []
    hidden = len(rows) - len(shown)
    blocks = [_block(m, score) for score in indicators]
    has_trends = any(block.trend is not None for block in blocks)
    heads, stages = stage_table(m, under)
    directed = any(row.direction != UNRATED for row in stages)
    nodes = [_node_row(m, one, item) for one in shown]
    # All columns of the table but the one that says 注記.
    span = str(len(m.comparison.years[-MOST_YEARS:]) + 2 + has_trends)
    return GoalPage(
        anchor=anchor_of(place),
        title=item_title(item),
        letter=node_letter(plan, goal),
        official=official_of(m, item.code),
        letter_before=node_letter(plan, m.before_node(item.code)),
        facts=_facts(m, goal) if indicators else [],
        lead=_lead(m, goal) if indicators else "",
        note=item.node.note,
        empty="" if indicators else _empty(item, len(rows)),
        charts=_charts(indicators, place, item_title(item)),
        nodes=nodes,
        has_owners=any(owners_text(one) != owners_text(item) for one in shown),
        has_official=any(row.official is not None for row in nodes),
        nodes_note=_hidden(hidden) if shown and hidden else "",
        stage_heads=heads,
        has_directions=directed,
        stages_span=str(len(heads) + 2 + directed),
        stages=stages,
        years=[year_head(year) for year in m.comparison.years[-MOST_YEARS:]],
        has_trends=has_trends,
        indicators=[block.model_copy(update={"span": span}) for block in blocks],
        funding=build_funding(m, under),
        new_page=True,
    )


def _under(m: Material, item: Item) -> Iterator[Item]:
    yield item
    for child in m.plan.children_of(item.code):
        yield from _under(m, child)


def _worth_showing(m: Material, item: Item, goal: Item) -> bool:
    """Whether a row says something: a child of the goal, a 再掲, or something with indicators below it."""
    if item.parent == goal.code or item.node.repeats is not None:
        return True
    return any(one.node.indicators for one in _under(m, item))


def _hidden(count: int) -> str:
    return f"指標のない{count}件は省き、資料の一覧表に載せています。"


def _empty(item: Item, below: int) -> str:
    rest = f"下位の{below}件は、資料の一覧表に載せています。" if below else ""
    return f"この{item.label}には指標が設定されていないため、判定はありません。{rest}"


# --- the head of the page --------------------------------------------------------------------


def _facts(m: Material, goal: NodeScore) -> list[Fact]:
    plan = m.plan
    facts = [
        ("点数", _marked(score_text(plan, goal), goal.example)),
        ("まとめ方", f"{goal.rule}（{goal.averaged_over}）"),
    ]
    if goal.level is None and goal.problem:
        facts.append(("判定がない理由", goal.problem))
    facts.append(("評価済み", coverage_text(goal)))
    earlier = m.before_node(goal.item.code)
    if earlier is not None:
        letter = node_letter(plan, earlier).text
        facts.append(
            (
                f"{m.word_before}の判定・点数",
                _marked(f"{letter}・{score_text(plan, earlier)}", earlier.example),
            )
        )
    judged = official_before(m, goal.item.code)
    if judged.text != UNRATED:
        facts.append((f"{m.word_before}の評価", judged.text))
    if goal.worst is not None and goal.worst.level is not None:
        worst = goal.worst
        facts.append(("最も低い項目", f"{worst.code} {worst.name}（{goal.worst.level.label}）"))
    if goal.item.owners:
        facts.append(("担当", owners_text(goal.item)))
    return [Fact(name=name, text=text) for name, text in facts]


def _marked(text: str, example: bool) -> str:
    return f"{text}（{EXAMPLE_MARK}）" if example else text


def _lead(m: Material, goal: NodeScore) -> str:
    plan = m.plan
    missing = goal.coverage.ratable - goal.coverage.rated
    if goal.level is None:
        text = f"判定はありません（{goal.problem or '対象なし'}）。"
    else:
        meaning = f"（{goal.level.definition}）" if goal.level.definition else ""
        text = f"判定は {goal.level.label}{meaning}です。"
        change = m.change_of(m.node_rows[goal.item.code]).rating
        earlier = m.before_node(goal.item.code)
        if change is not None and earlier is not None:
            moved = {1: "上がりました", 0: "変わりません", -1: "下がりました"}[change]
            before = f"{m.word_before}の {node_letter(plan, earlier).text} "
            text += f"{before}{'と' if change == 0 else 'から'}{moved}。"
    if missing:
        text += f"評価すべき指標のうち{missing}件は、まだ評価できていません。"
    return text


# --- charts ----------------------------------------------------------------------------------


def _charts(indicators: Sequence[IndicatorScore], place: int, title: str) -> list[BarChart]:
    """One chart, or several of about the same length where there are very many indicators."""
    drawn = [score for score in indicators if score.rule is not None]
    if not any(score.rate is not None for score in drawn):
        return []
    pages = -(-len(drawn) // MOST_BARS)
    size = -(-len(drawn) // pages)
    return [
        _chart(
            drawn[start : start + size],
            f"chart-{place}-{start // size + 1}",
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
        text=score.display if rate is not None else score.reason_text or "－",
        length=None if rate is None else float(printed(rate, score.rules)),
        expected=None if share is None else float(100 * share),
    )


# --- measures and indicators -----------------------------------------------------------------


def _node_row(m: Material, item: Item, goal: Item) -> NodeRow:
    score = m.score.nodes[item.code]
    coverage = score.coverage
    note = ""
    if score.repeats is not None:
        note = f"{item_name(m.plan.items[score.repeats])} の再掲。数えるのは1回だけ"
    elif score.level is None and coverage.ratable:
        note = score.problem
    return NodeRow(
        depth=len(m.plan.path_of(item.code)) - len(m.plan.path_of(goal.code)) - 1,
        label=item.label,
        code=item.code,
        name=item.name,
        owners=owners_text(item),
        flags=item_flags(m.plan, item),
        letter=node_letter(m.plan, score),
        score=score_figure(m.plan, score),
        coverage=coverage_short(score),
        official=official_of(m, item.code),
        letter_before=node_letter(m.plan, m.before_node(item.code)),
        official_before=before_words(m, item.code),
        note=note,
    )


def _block(m: Material, score: IndicatorScore) -> IndicatorBlock:
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
        years=[_year(one) for one in years],
        trend=_trend(years),
        badges=badge_words(row),
        done=score.actual.note,
        note=ind.note,
        span="",
        official=official_of(m, ind.code),
        example=ind.example,
    )


def _year(score: IndicatorScore) -> YearFigures:
    judged = score.rule is not None
    return YearFigures(
        year=year_head(score.year),
        target=target_figure(score),
        actual=actual_figure(score),
        rate=rate_figure(score) if judged else NO_FIGURE,
        letter=indicator_letter(score),
    )


def _trend(years: Sequence[IndicatorScore]) -> Trend | None:
    amounts = [score.actual.amount for score in years]
    if sum(amount is not None for amount in amounts) < LEAST_FOR_TREND:
        return None
    told = "、".join(f"{short_year(s.year)} {actual_figure(s).text}" for s in years)
    return Trend(
        description=f"実績の推移: {told}",
        points=[None if amount is None else float(amount) for amount in amounts],
        example=any(score.actual.example for score in years),
    )
