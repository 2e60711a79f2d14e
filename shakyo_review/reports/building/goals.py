"""Chapter 5: what came of each item of the top level."""

from collections.abc import Iterator

from shakyo_review.domain.derivation import EXAMPLE_MARK, coverage_text
from shakyo_review.domain.goals import UNRATED, NodeScore
from shakyo_review.domain.plan import Item
from shakyo_review.reports.building.charts import bar_charts
from shakyo_review.reports.building.funding import build_funding
from shakyo_review.reports.building.goal_sheets import build_goal_sheet
from shakyo_review.reports.building.indicators import indicator_block
from shakyo_review.reports.building.letters import (
    before_words,
    official_before,
    official_of,
    stage_table,
)
from shakyo_review.reports.context.goals import GoalPage, NodeRow
from shakyo_review.reports.context.parts import Fact
from shakyo_review.reports.material import Material, year_head
from shakyo_review.reports.pieces import (
    MOST_YEARS,
    coverage_short,
    item_flags,
    item_name,
    item_title,
    node_letter,
    owners_text,
    score_figure,
    score_text,
)


def anchor_of(place: int) -> str:
    """Return the id of the page of the goal at a place (1, 2 …)."""
    return f"goal-{place}"


def build_goals(m: Material) -> list[GoalPage]:
    """Build chapter 5, goal by goal."""
    return [_page(m, goal, place) for place, goal in enumerate(m.score.goals, 1)]


def _page(m: Material, goal: NodeScore, place: int) -> GoalPage:
    plan, item = m.plan, goal.item
    under = list(_under(m, item))
    indicators = [m.score.indicators[ind.code] for one in under for ind in one.node.indicators]
    rows = [one for one in under if one is not item]
    shown = [one for one in rows if _worth_showing(m, one, item)] if indicators else []
    hidden = len(rows) - len(shown)
    blocks = [indicator_block(m, score) for score in indicators]
    has_trends = any(block.trend is not None for block in blocks)
    heads, stages = stage_table(m, under)
    directed = any(row.direction != UNRATED for row in stages)
    nodes = [_node_row(m, one, item) for one in shown]
    official = official_of(m, item.code)
    above = [item.node.note, "" if official is None else official.reason]
    sheet = build_goal_sheet(m, under, indicators, stages, place, item_title(item), above)
    # All columns of the table but the one that says 注記.
    span = str(len(m.comparison.years[-MOST_YEARS:]) + 2 + has_trends)
    return GoalPage(
        anchor=anchor_of(place),
        title=item_title(item),
        letter=node_letter(plan, goal),
        official=official,
        letter_before=node_letter(plan, m.before_node(item.code)),
        facts=_facts(m, goal) if indicators else [],
        lead=_lead(m, goal) if indicators else "",
        note=item.node.note,
        empty="" if indicators else _empty(m, item, len(rows)),
        charts=bar_charts(indicators, place, item_title(item)),
        nodes=nodes,
        has_owners=any(owners_text(one) != owners_text(item) for one in shown),
        has_official=any(row.official is not None for row in nodes),
        nodes_note=_hidden(m, hidden) if shown and hidden else "",
        stage_heads=heads,
        has_directions=directed,
        stages_span=str(len(heads) + 3 + directed),
        stages=stages,
        years=[year_head(year) for year in m.comparison.years[-MOST_YEARS:]],
        has_trends=has_trends,
        indicators=[block.model_copy(update={"span": span}) for block in blocks],
        funding=build_funding(m, under),
        done=sheet.done,
        issues=sheet.issues,
        directions=sheet.directions,
        sheet_charts=sheet.charts,
        sheet_indicators=sheet.indicators,
        sheet_more=sheet.more,
    )


def _under(m: Material, item: Item) -> Iterator[Item]:
    yield item
    for child in m.plan.children_of(item.code):
        yield from _under(m, child)


def _worth_showing(m: Material, item: Item, goal: Item) -> bool:
    """Whether a row says more than the table of indicators does.

    A child of the goal does, a 再掲, what is marked, what people judged last year only (this year's
    letters have a table of their own), and whatever joins several parts.
    """
    if item.parent == goal.code or item.node.repeats is not None or item.node.flags:
        return True
    if before_words(m, item.code) and official_of(m, item.code) is None:
        return True
    return len(m.score.nodes[item.code].parts) > 1


def _hidden(m: Material, count: int) -> str:
    rest = "き、資料の一覧表に載せています" if m.chapter("appendix") else "いています"
    return f"指標がないか、1つの指標だけで決まる{count}件は省{rest}。"


def _empty(m: Material, item: Item, below: int) -> str:
    shown = below and m.chapter("appendix")
    rest = f"下位の{below}件は、資料の一覧表に載せています。" if shown else ""
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
