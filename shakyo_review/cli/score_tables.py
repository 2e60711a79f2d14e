"""Tables of scores: goals, items, indicators, and what a seal holds."""

from typing import TYPE_CHECKING

from shakyo_review.cli.tables import table
from shakyo_review.domain.derivation import coverage_text
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.goals import WHOLE_PLAN, NodeScore, YearScore
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import (
    STATE_LABELS,
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
    rows = []
    for score in [*now.goals, now.overall]:
        earlier = before.nodes.get(score.item.code) if before is not None else None
        if before is not None and score is now.overall:
            earlier = before.overall
        judged = (official or {}).get(WHOLE_PLAN if score is now.overall else score.item.code)
        rows.append(
            [
                "計画全体" if score is now.overall else f"{score.item.label} {score.item.code}",
                "" if score is now.overall else score.item.name,
                score.rating or "－",
                *(["－" if judged is None else f"{judged[0]}（{judged[1]}）"] if official else []),
                _score_text(score, now),
                (earlier.rating if earlier is not None else None) or "－",
                coverage_text(score),
                "例示" if score.example else "",
            ]
        )
    given = ["評価"] if official else []
    head = ("項目", "名前", "判定", *given, "点数", "前年度", "評価済み", "")
    lines = [
        f"{plan.body}　{plan.title}",
        f"{year_label(now.year)}の評価（{plan.scale.name}、{now.overall.rule}、平均の対象: {now.overall.averaged_over}）",
        *head_lines,
        "",
        table(head, rows, right=(4,) if official else (3,)),
    ]
    if now.overall.example:
        lines += ["", "「例示」は、資料にない見本の数値を含むことを示します。"]
    return "\n".join(lines)


def indicator_table(now: YearScore, official: "Official") -> str:
    """Return the table of indicators; the letters people gave in a column of their own."""
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
    return table(head, rows, right=(3, 4, 5, 6), most=36)


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
    return table(("項目", "名前", "計算", "評価", "段階"), rows)


def sealed_text(kept: "dict[str, Any]", number: int) -> str:
    """Return the document of a seal as tables, word for word what it holds."""
    label = year_label(kept["fiscal_year"])

    def official(row: "dict[str, Any]") -> str:
        return f"{row['official']}（{row['official_stage']}）" if row.get("official") else "－"

    overall = {**kept["overall"], "code": "計画全体", "name": ""}
    goals = [row for row in kept["goals"] if row["parent"] is None or row.get("official")]
    items = [
        (row["code"], row["name"], row["rating"] or "－", official(row), row["score"] or "－")
        for row in [*goals, overall]
    ]
    figures = [
        (
            *(row["code"], row["name"], row["unit"]),
            row["target"] or row["target_text"] or "－",
            row["actual"] or row["actual_text"] or STATE_LABELS[State(row["state"])],
            *(row["display"], row["rating"] or "－", official(row)),
        )
        for row in kept["indicators"]
    ]
    head = ("コード", "指標", "単位", "目標", "実績", "率", "判定", "評価")
    return "\n".join(
        [
            f"{label}の確定{number}回目の内容（{kept['scale']}）",
            "",
            table(("項目", "名前", "判定", "評価", "点数"), items, right=(4,)),
            "",
            table(head, figures, right=(3, 4, 5), most=36),
        ]
    )
