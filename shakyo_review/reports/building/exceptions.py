"""Chapters 4 and 6: what is to be looked at first, and what changed since last year."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from shakyo_review.domain.checks import FindingKind
from shakyo_review.domain.derivation import (
    Step,
    indicator_steps,
    level_condition,
    no_rate_text,
)
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import NodeScore
from shakyo_review.domain.indicator import Against, RateRule
from shakyo_review.domain.rules import GoalRule
from shakyo_review.domain.scale import Basis, Scale, lowest_levels
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import State, format_number
from shakyo_review.reports.building.letters import judged_count, official_of
from shakyo_review.reports.context.parts import Fact
from shakyo_review.reports.context.results import (
    BelowRow,
    ChangeRow,
    Exceptions,
    MissingGroup,
    NotRatedRow,
    YearComparison,
)
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import (
    actual_figure,
    badge_words,
    change_word,
    difference_text,
    indicator_letter,
    item_name,
    node_letter,
    owners_of,
    rate_figure,
    score_figure,
    target_figure,
)

_MISSING = (FindingKind.MISSING_ACTUAL, FindingKind.MISSING_PART, FindingKind.MISSING_TARGET)


def build_exceptions(m: Material) -> Exceptions:
    """Build chapter 4."""
    scales = list({scale.name: scale for scale in (m.plan.scale, *_own_scales(m))}.values())
    below = [s for s in m.score.indicators.values() if s.level in lowest_levels(s.scale)]
    below.sort(key=lambda s: (-_place(s), s.number or 0))
    not_rated = [s for s in m.score.indicators.values() if s.rule is not None and not s.rated]
    blank = {finding.indicator for finding in m.findings if finding.kind in _MISSING}
    told = [s for s in not_rated if not (_blank(s) and s.indicator.code in blank)]
    not_judged = sum(s.rule is None for s in m.score.indicators.values())
    return Exceptions(
        line=_line(scales),
        below=[_below(m, score) for score in below],
        below_count=str(len(below)),
        not_rated_count=str(len(not_rated)),
        not_rated_line=_not_rated_line(len(not_rated), len(not_rated) - len(told)),
        not_rated=[_not_rated(m, score) for score in told],
        not_judged=f"評価しないと決めている指標（対象指標など）が{not_judged}件あります。"
        if not_judged
        else "",
        missing=_missing(m),
    )


def _blank(score: IndicatorScore) -> bool:
    return score.actual.reading.state is State.NOT_ENTERED


def _not_rated_line(count: int, blank: int) -> str:
    if not count:
        return "評価すべき指標は、すべて評価しました。"
    line = f"評価できなかった指標は{count}件です。"
    if blank:
        line += f"うち{blank}件は実績がまだ入っていないもので、下の担当ごとの一覧に載せています。"
    return line


def _own_scales(m: Material) -> list[Scale]:
    """Return the scales that indicators have of their own."""
    return [s.scale for s in m.score.indicators.values() if s.indicator.scale is not None]


def _place(score: IndicatorScore) -> Fraction:
    """Return how far down its scale a letter stands: 0 for the best, 1 for the lowest."""
    label = score.level.label if score.level is not None else ""
    return Fraction(score.scale.rank(label), max(len(score.scale.levels) - 1, 1))


def standing_below(score: IndicatorScore) -> tuple[int, Fraction, Fraction]:
    """Return the order of looking: below the line (lowest first), not rated, the others, not judged."""
    if score.rule is None:
        group = 3
    elif not score.rated:
        group = 1
    else:
        group = 0 if score.level in lowest_levels(score.scale) else 2
    return group, -_place(score) if score.rated else Fraction(0), score.number or Fraction(0)


def _line(scales: Sequence[Scale]) -> str:
    told = ["・".join(level.label for level in lowest_levels(scale)) for scale in scales]
    others = "、".join(
        f"評価基準「{scale.name}」では {labels}"
        for scale, labels in zip(scales[1:], told[1:], strict=True)
    )
    return f"判定が {told[0]}{f'（{others}）' if others else ''} の指標を、低い方から順に挙げます。"


def _anchor(m: Material, code: str) -> str:
    return f"indicator-{code}" if m.chapter("goals") else ""


def _below(m: Material, score: IndicatorScore) -> BelowRow:
    code = score.indicator.code
    return BelowRow(
        anchor=_anchor(m, code),
        code=code,
        name=score.indicator.name,
        action=item_name(m.plan.items[m.plan.action_of[code]]),
        owners=owners_of(m.plan, code),
        target=target_figure(score),
        actual=actual_figure(score),
        rate=rate_figure(score),
        letter=indicator_letter(score),
        official=official_of(m, code),
        letter_before=indicator_letter(m.before_indicator(code)),
        why=why_sentence(score),
        note=score.actual.note,
    )


def why_sentence(score: IndicatorScore) -> str:
    """Return in one sentence how the letter came about, with the numbers of the derivation."""
    steps: dict[str, Step] = {step.title: step for step in indicator_steps(score)}
    actual = f"{actual_figure(score).text}{score.indicator.unit if score.actual.reading.value is not None else ''}"
    text = f"{_target_phrase(score)}実績は{actual}"
    formula = steps.get("計算式")
    if formula is None:
        word = "目標を達成しました" if score.met else "目標に届きませんでした"
        return f"{text}で、{word}{no_rate_text(score)}。"
    text += f"で、率は{score.display}（{formula.text}）"
    pace = steps.get("経過割合に対して")
    if pace is not None and score.scale.basis is Basis.PACE:
        text += f"、経過割合に対しては{pace.text}"
    level = score.level
    if level is None:
        return f"{text}。"
    place = score.scale.levels.index(level)
    previous = score.scale.levels[place - 1] if place else None
    return f"{text}。{score.rating}（{level_condition(level, previous)}）にあたります。"


def _target_phrase(score: IndicatorScore) -> str:
    ind = score.indicator
    if score.rule in (RateRule.MILESTONE, RateRule.MANUAL):
        return ""
    if score.rule is RateRule.RANGE:
        low, high = (
            format_number(ind.low, ind.figure_decimals),
            format_number(ind.high, ind.figure_decimals),
        )
        return f"{low}から{high}{ind.unit}の範囲に対して"
    target = f"{format_number(score.used_target, ind.figure_decimals)}{ind.unit}"
    if score.against is Against.FINAL_TARGET:
        year = (
            f"（{short_year(ind.final_target.year)}）" if ind.final_target.year is not None else ""
        )
        return f"最終目標{year}の{target}に対して"
    return f"目標{target}に対して"


def _not_rated(m: Material, score: IndicatorScore) -> NotRatedRow:
    code = score.indicator.code
    reason = score.reason_text
    return NotRatedRow(
        anchor=_anchor(m, code),
        code=code,
        name=score.indicator.name,
        owners=owners_of(m.plan, code),
        actual=actual_figure(score),
        reason=reason or "－",
        letter_before=indicator_letter(m.before_indicator(code)),
        counted="含む" if score.ratable else "含まない",
        note=score.actual.note,
    )


def _missing(m: Material) -> list[MissingGroup]:
    """Gather by committee what is missing, and under each sentence the indicators it is true of."""
    groups: dict[str, dict[str, list[str]]] = {}
    for finding in m.findings:
        if finding.kind in _MISSING:
            named = groups.setdefault(finding.committee, {}).setdefault(finding.text, [])
            named.append(f"{finding.indicator} {finding.name}")
    return [
        MissingGroup(
            committee=committee,
            count=f"{sum(map(len, told.values()))}件",
            rows=[Fact(name=text, text="、".join(named)) for text, named in told.items()],
        )
        for committee, told in groups.items()
    ]


# --- chapter 6 -------------------------------------------------------------------------------


def build_comparison(m: Material) -> YearComparison:
    """Build chapter 6."""
    rows = [] if m.before is None else [_indicator_change(m, code) for code in m.rows]
    moved = [row for row, changed in rows if changed]
    moved.sort(key=lambda row: _ORDER.get(row.change, 3))
    goals = (
        []
        if m.before is None
        else [_goal_change(m, goal) for goal in m.score.goals if goal.coverage.ratable]
    )
    return YearComparison(
        sentence=_sentence(m),
        note=_note(m),
        year=m.head,
        year_before=m.head_before,
        goals=goals,
        changed=moved,
    )


def _note(m: Material) -> str:
    """Say that the letters compared are the computed ones, where people gave letters as well."""
    if not judged_count(m):
        return ""
    goals = m.chapter("goals")
    where = f"人による評価は{goals}にあります。" if goals else ""
    return f"この章の判定は、計算による記号です。{where}"


_ORDER = {"下がった": 0, "上がった": 1, "同じ": 2}


def _sentence(m: Material) -> str:
    if m.before is None:
        return "比べる年度の実績がないため、年度比較はありません。"
    counts = Counter(m.change_of(row).rating for row in m.rows.values())
    compared = counts[1] + counts[0] + counts[-1]
    head = m.head_before.full if m.head_before is not None else ""
    if not compared:
        return f"{head}と{m.head.full}の両方で判定のある指標はありません。"
    return (
        f"{head}と{m.head.full}の両方で判定のある指標は{compared}件です。"
        f"判定が上がったものは{counts[1]}件、同じものは{counts[0]}件、下がったものは{counts[-1]}件でした。"
    )


def _indicator_change(m: Material, code: str) -> tuple[ChangeRow, bool]:
    row = m.rows[code]
    before, score = row.years[-2:]  # of the row: the plan of the year may have it no more
    change = m.change_of(row)
    badges = badge_words(row)
    changed = change.rating in (1, -1) or bool(badges)
    return (
        ChangeRow(
            code=code,
            name=f"{score.indicator.name}{f'（{score.indicator.unit}）' if score.indicator.unit else ''}",
            before=actual_figure(before),
            letter_before=indicator_letter(before),
            now=actual_figure(score),
            letter=indicator_letter(score),
            difference=difference_text(change.actual, score.indicator.figure_decimals),
            change=change_word(change),
            badges=badges,
        ),
        changed,
    )


def _goal_change(m: Material, goal: NodeScore) -> ChangeRow:
    plan, item = m.plan, goal.item
    change = m.change_of(m.node_rows[item.code])
    before = m.before_node(item.code)
    unit = "点" if plan.rule_set.goal is GoalRule.MEAN_OF_POINTS else "ポイント"
    return ChangeRow(
        code=f"{item.label} {item.code}",
        name=item.name,
        before=score_figure(plan, before),
        letter_before=node_letter(plan, before),
        now=score_figure(plan, goal),
        letter=node_letter(plan, goal),
        difference=difference_text(
            change.rate, plan.rule_set.decimals, unit if change.rate is not None else ""
        ),
        change=change_word(change),
        badges=[],
    )
