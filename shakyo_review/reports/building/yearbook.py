"""The year book: every year of the plan side by side, for the mid-term and the final evaluation."""

from collections.abc import Iterator, Sequence

from shakyo_review.domain.comparison import Change, Comparison, GoalRow, IndicatorRow
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.goals import UNRATED, NodeScore
from shakyo_review.domain.plan import Item
from shakyo_review.reports.building.charts import indicator_trend, score_trend
from shakyo_review.reports.building.indicators import small_trend, year_figures
from shakyo_review.reports.building.letters import given_letter
from shakyo_review.reports.building.method import unit_word
from shakyo_review.reports.building.overall import (
    count_labels,
    counted,
    letter_head,
    letter_meaning,
)
from shakyo_review.reports.context.documents import (
    YearBook,
    YearBookCount,
    YearBookGoal,
    YearBookGroup,
    YearBookRow,
    YearResult,
)
from shakyo_review.reports.context.parts import TrendChart
from shakyo_review.reports.material import Material, year_head
from shakyo_review.reports.pieces import (
    CHANGE_WORDS,
    NO_LETTER,
    badge_words,
    coverage_short,
    dated_figure,
    difference_text,
    goal_label,
    item_name,
    item_title,
    node_letter,
    owners_of,
    score_figure,
)

KIND = "年度一覧"
MOST_CHARTS = 3
"""Charts of indicators under one goal."""
WHOLE = "計画全体"


def build_yearbook(m: Material) -> YearBook:
    """Build the year book from the comparison of all years."""
    years = m.all_years or m.comparison
    groups = [_group(m, years, goal.item, place) for place, goal in enumerate(m.score.goals, 1)]
    rows = {row.code: row for row in years.goals}
    goals = [_goal(m, years, rows[goal.item.code], item_title(goal.item)) for goal in m.score.goals]
    whole = _goal(m, years, years.overall, WHOLE)
    return YearBook(
        kind=KIND,
        years=[year_head(year) for year in years.years],
        period=_period(m),
        notes=_notes(m, years, groups),
        unit=unit_word(m.score.overall.averaged_over),
        counts=_counts(m, years),
        whole=whole,
        goals=goals,
        goal_label=goal_label(m.plan),
        has_official=any(
            result.official.text != UNRATED for row in (whole, *goals) for result in row.years
        ),
        has_trends=any(row.trend is not None for group in groups for row in group.rows),
        chart=score_trend(
            m.plan,
            "yearbook-whole",
            WHOLE,
            list(zip(years.years, years.overall.years, strict=True)),
        ),
        groups=[group for group in groups if group.rows],
    )


def _period(m: Material) -> str:
    plan, year = m.plan, m.score.year
    length = plan.last_year - plan.first_year + 1
    period = f"計画期間は{year_label(plan.first_year)}から{year_label(plan.last_year)}まで（{length}年間）です。"
    if length == 1:
        period = f"計画期間は{year_label(plan.first_year)}です。"
    place = year - plan.first_year + 1
    if place < 1:
        return f"{period}{year_label(year)}は計画の始まる前の年度です。"
    if length == 1:
        return period
    ending = "、最後の年度" if year == plan.last_year else ""
    return f"{period}{year_label(year)}は{place}年目{ending}です。"


def _notes(m: Material, years: Comparison, groups: Sequence[YearBookGroup]) -> list[str]:
    notes = []
    if years.years[0] < m.plan.first_year:
        notes.append("計画の始まる前の年度は、記録のある年度を載せています。")
    if m.first_and_last is not None:
        first, last = m.first_and_last.years
        notes.append(f"「変化」は{year_label(first)}と{year_label(last)}を比べたものです。")
    if any(group.charts for group in groups):
        notes.append(
            f"図は、実績が3年以上ある指標から、重点の項目のものを先に、{goal_label(m.plan)}ごとに{MOST_CHARTS}つまで載せています。"
        )
    notes.append("確定した年度の値と判定は、確定したときのままです（確定の後の正誤を除く）。")
    return notes


def _counts(m: Material, years: Comparison) -> list[YearBookCount]:
    nodes = years.overall.years
    labels = count_labels(m.plan, nodes)
    columns = [counted([node.counts.get(label, 0) for label in labels]) for node in nodes]
    rows = [
        YearBookCount(
            letter=letter_head(m.plan, label),
            definition=letter_meaning(m.plan, label),
            counts=[counts[place] for counts, _ in columns],
            shares=[shares[place] for _, shares in columns],
        )
        for place, label in enumerate(labels)
    ]
    totals = [sum(node.counts.values()) for node in nodes]
    return [
        *rows,
        YearBookCount(
            letter=NO_LETTER.model_copy(update={"text": "計", "said": "計"}),
            definition="",
            counts=[f"{total:,}" for total in totals],
            shares=["100.0%" if total else UNRATED for total in totals],
        ),
    ]


def _goal(m: Material, years: Comparison, row: GoalRow, title: str) -> YearBookGoal:
    ends = {} if m.first_and_last is None else {one.code: one for one in m.first_and_last.goals}
    whole = row is years.overall
    end = m.first_and_last.overall if whole and m.first_and_last else ends.get(row.code)
    return YearBookGoal(
        title=title,
        years=[
            _result(m, year, row.code, node)
            for year, node in zip(years.years, row.years, strict=True)
        ],
        change=_letters_changed(m, end) if end is not None else UNRATED,
    )


def _result(m: Material, year: int, code: str, node: NodeScore) -> YearResult:
    official = m.story.officials.get(year, {}).get(code)
    return YearResult(
        letter=node_letter(m.plan, node),
        official=given_letter(m.plan, code, official) if code in m.plan.items else NO_LETTER,
        score=score_figure(m.plan, node),
        coverage=coverage_short(node),
    )


def _letters_changed(m: Material, row: GoalRow) -> str:
    if row.change.rating is None:
        return UNRATED
    first, last = (node_letter(m.plan, node).text for node in (row.years[0], row.years[-1]))
    return f"{first} → {last}（{CHANGE_WORDS[row.change.rating]}）"


def _group(m: Material, years: Comparison, goal: Item, place: int) -> YearBookGroup:
    rows = {row.code: row for row in years.indicators}
    ends = {}
    if m.first_and_last is not None:
        ends = {row.code: row.change for row in m.first_and_last.indicators}
    items = list(_under(m, goal))
    codes = [indicator.code for item in items for indicator in item.node.indicators]
    return YearBookGroup(
        title=item_title(goal),
        anchor=f"years-{place}",
        rows=[_row(m, rows[code], ends.get(code)) for code in codes],
        charts=_charts(items, rows, place),
    )


def _under(m: Material, item: Item) -> Iterator[Item]:
    yield item
    for child in m.plan.children_of(item.code):
        yield from _under(m, child)


def _charts(items: Sequence[Item], rows: dict[str, IndicatorRow], place: int) -> list[TrendChart]:
    """Return the charts of a goal: indicators of flagged items first, as many as a page holds."""
    ordered = sorted(items, key=lambda item: not item.node.flags)
    codes = [
        indicator.code
        for item in ordered
        for indicator in item.node.indicators
        if rows[indicator.code].years[-1].rule is not None
    ]
    charts: list[TrendChart] = []
    for code in codes:
        chart = indicator_trend(f"years-{place}-{len(charts) + 1}", rows[code].years)
        if chart is not None:
            charts.append(chart)
        if len(charts) == MOST_CHARTS:
            break
    return charts


def _row(m: Material, row: IndicatorRow, change: Change | None) -> YearBookRow:
    indicator = row.years[-1].indicator
    return YearBookRow(
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        action=item_name(m.plan.items[m.plan.action_of[indicator.code]]),
        owners=owners_of(m.plan, indicator.code),
        baseline=dated_figure(indicator, indicator.baseline),
        final_target=dated_figure(indicator, indicator.final_target),
        years=[year_figures(score) for score in row.years],
        trend=small_trend(row.years),
        change=_figures_changed(row, change),
        badges=badge_words(row),
        example=indicator.example,
    )


def _figures_changed(row: IndicatorRow, change: Change | None) -> str:
    if change is None or change.actual is None:
        return UNRATED
    indicator = row.years[-1].indicator
    text = difference_text(change.actual, indicator.figure_decimals, indicator.unit)
    if change.rating is None:
        return text
    return f"{text}、判定は{CHANGE_WORDS[change.rating]}"
