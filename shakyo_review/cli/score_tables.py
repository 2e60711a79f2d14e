"""Tables of scores: goals, items, indicators, and what a seal holds."""

from decimal import Decimal
from typing import TYPE_CHECKING

from shakyo_review.cli.tables import table
from shakyo_review.domain.derivation import coverage_text
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.goals import WHOLE_PLAN, NodeScore, YearScore
from shakyo_review.domain.joining import ACTION_RULE_LABELS
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rules import GOAL_RULE_LABELS, ActionRule, GoalRule
from shakyo_review.domain.value import (
    STATE_LABELS,
    Reading,
    State,
    format_number,
    format_percent,
    format_reading,
    half_up,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from shakyo_review.services.json_views import Official


NAME_WIDTH, REMARK_WIDTH = 80, 160
"""Columns of names and remarks: as good as any is told in full."""

_MEANS = (
    ACTION_RULE_LABELS[ActionRule.WEIGHTED_MEAN],
    GOAL_RULE_LABELS[GoalRule.MEAN_OF_RATES],
    GOAL_RULE_LABELS[GoalRule.MEAN_OF_POINTS],
)


def placed_name(score: NodeScore) -> tuple[str, str]:
    """Return the first two cells of an item: 施策 1-1 and its name; 計画全体 for the whole."""
    if score.item.code == WHOLE_PLAN:
        return ("計画全体", "")
    return (f"{score.item.label} {score.item.code}", score.item.name)


def _score_text(score: NodeScore, year: YearScore) -> str:
    if score.score is None:
        return "－"
    d = year.plan.rule_set.decimals
    return format_number(half_up(score.score, d), d)


def point_text(score: NodeScore, plan: Plan) -> str:
    """Return score and letter of an item for a table of years."""
    d = plan.rule_set.decimals
    points = "－" if score.score is None else format_number(half_up(score.score, d), d)
    return f"{points} {score.rating or '－'}"


def goal_table(
    now: YearScore,
    before: YearScore | None = None,
    official: "Official | None" = None,
    head_lines: "Sequence[str]" = (),
) -> str:
    """Return the table of goals: letter, official letter, score, coverage, last year's letter.

    ``before`` is last year's under this year's codes. ``official`` are the letters people gave: a
    column of their own where there are any.
    """
    plan = now.plan
    places = {WHOLE_PLAN, *(score.item.code for score in now.goals)}
    shown = not places.isdisjoint(official or {})
    rows = []
    for score in [*now.goals, now.overall]:
        earlier = before.nodes.get(score.item.code) if before is not None else None
        if before is not None and score is now.overall:
            earlier = before.overall
        judged = (official or {}).get(WHOLE_PLAN if score is now.overall else score.item.code)
        rows.append(
            [
                *placed_name(score),
                score.rating or "－",
                *(["－" if judged is None else f"{judged[0]}（{judged[1]}）"] if shown else []),
                _score_text(score, now),
                (earlier.rating if earlier is not None else None) or "－",
                coverage_text(score),
                "例示" if score.example else "",
            ]
        )
    given = ["評価"] if shown else []
    head = ("項目", "名前", "判定", *given, "点数", "前年度", "評価済み", "")
    joined = "平均の対象" if now.overall.rule in _MEANS else "対象"
    lines = [
        f"{plan.body}　{plan.title}",
        f"{year_label(now.year)}の評価（{plan.scale.name}、{now.overall.rule}、{joined}: {now.overall.averaged_over}）",
        *head_lines,
        "",
        table(head, rows, right=(4,) if shown else (3,), most=NAME_WIDTH),
    ]
    if now.overall.example:
        lines += ["", "「例示」は、資料にない見本の数値を含むことを示します。"]
    return "\n".join(lines)


def indicator_table(now: YearScore, official: "Official") -> str:
    """Return the table of indicators; the letters people gave in a column of their own.

    '' where the plan has no indicators.
    """
    if not now.indicators:
        return ""
    rows, shown = [], any(code in official for code in now.indicators)
    for s in now.indicators.values():
        d = s.indicator.figure_decimals
        target = s.target.value
        judged = official.get(s.indicator.code)
        rows.append(
            (
                s.indicator.code,
                s.indicator.name,
                s.indicator.unit,
                format_number(target, d)
                if target is not None
                else format_reading(s.target.whole.reading, d, blank="－"),
                format_reading(s.actual.reading, d, blank="未入力"),
                s.display,
                format_percent(s.printed_pace, s.rules.decimals) if s.pace is not None else "",
                s.rating or "－",
                *(["－" if judged is None else f"{judged[0]}（{judged[1]}）"] if shown else []),
                "例示" if s.example else "",
            )
        )
    given = ["評価"] if shown else []
    head = ("コード", "指標", "単位", "目標", "実績", "率", "経過割合比", "判定", *given, "")
    return table(head, rows, right=(3, 4, 5, 6), most=NAME_WIDTH)


def item_table(now: YearScore, official: "Official") -> str:
    """Return the items below the goals that people have judged, beside their computed letters."""
    rows = []
    for code, score in now.nodes.items():
        judged = official.get(code)
        if judged is not None and score.item.parent is not None:
            computed = (score.computed if score.given else score.rating) or "－"
            letter, stage = judged
            rows.append((f"{score.item.label} {code}", score.item.name, computed, letter, stage))
    if not rows:
        return ""
    return table(("項目", "名前", "計算", "評価", "段階"), rows, most=NAME_WIDTH)


def sealed_text(kept: "dict[str, Any]", number: int, plan: Plan) -> str:
    """Return the document of a seal as tables; ``plan`` is the one sealed with it."""
    given = any(row.get("official") for row in [*kept["goals"], kept["overall"]])
    goals = [row for row in kept["goals"] if row["parent"] is None or row.get("official")]
    items = [
        (
            *_sealed_place(row),
            row["rating"] or "－",
            *([_sealed_letter(row)] if given else []),
            row["score"] or "－",
            _sealed_coverage(row),
            "例示" if row["example"] else "",
        )
        for row in [*goals, kept["overall"]]
    ]
    head = ("項目", "名前", "判定", *(["評価"] if given else []), "点数", "評価済み", "")
    lines = [
        f"{plan.body}　{plan.title}",
        f"{year_label(kept['fiscal_year'])}の確定{number}回目の内容（{kept['scale']}）",
        "",
        table(head, items, right=(4 if given else 3,), most=NAME_WIDTH),
    ]
    if kept["indicators"]:
        lines += ["", _sealed_indicators(kept["indicators"], plan)]
    return "\n".join(lines)


def _sealed_indicators(rows: "Sequence[dict[str, Any]]", plan: Plan) -> str:
    given = any(row.get("official") for row in rows)
    figures = [
        (
            *(row["code"], row["name"], row["unit"]),
            _sealed_figure(row, "target", plan) or row["target_text"] or "－",
            _sealed_figure(row, "actual", plan) or _sealed_state(row),
            row["display"],
            f"{row['pace']}%" if row["pace"] is not None else "",
            row["rating"] or "－",
            *([_sealed_letter(row)] if given else []),
            "例示" if row["example"] else "",
        )
        for row in rows
    ]
    letters = ("判定", "評価") if given else ("判定",)
    head = ("コード", "指標", "単位", "目標", "実績", "率", "経過割合比", *letters, "")
    return table(head, figures, right=(3, 4, 5, 6), most=NAME_WIDTH)


def _sealed_place(row: "dict[str, Any]") -> tuple[str, str]:
    if row["code"] == WHOLE_PLAN:
        return ("計画全体", "")
    return (f"{row['label']} {row['code']}", row["name"])


def _sealed_letter(row: "dict[str, Any]") -> str:
    return f"{row['official']}（{row['official_stage']}）" if row.get("official") else "－"


def _sealed_coverage(row: "dict[str, Any]") -> str:
    told = row["coverage"]
    if not told["ratable"]:
        return f"評価する{told['what']}がない"
    return f"{told['what']}{told['ratable']}件中{told['rated']}件"


def _sealed_figure(row: "dict[str, Any]", kind: str, plan: Plan) -> str:
    """Return a sealed figure as the tables of an open year show it, '' where there is none."""
    if row[kind] is None:
        return ""
    reading = Reading(
        State.VALUE, Decimal(row[kind]), forecast=kind == "actual" and row["forecast"]
    )
    return format_reading(reading, plan.indicators[row["code"]].figure_decimals)


def _sealed_state(row: "dict[str, Any]") -> str:
    state = State(row["state"])
    if state is State.NOT_ENTERED:
        return "未入力"
    return row["actual_text"] or STATE_LABELS[state]
