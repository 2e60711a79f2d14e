"""The derivation: why this rate, this letter, this goal score (scoring.md §8).

Printed by the screen, ``explain`` and the report's appendix alike. It only words what the score
holds; it calculates nothing.
"""

from decimal import Decimal
from fractions import Fraction

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import ACTION_RULE_LABELS, BY_PEOPLE, NodeScore, Part
from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    MEASURE_LABELS,
    PARTS_LABELS,
    RULE_LABELS,
    Against,
    RateRule,
)
from shakyo_review.domain.joining import out_of_reach
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rate import REASON_LABELS
from shakyo_review.domain.rating import display
from shakyo_review.domain.rules import (
    GOAL_RULE_LABELS,
    ActionRule,
    DecideOn,
    GoalRule,
    PaceKind,
)
from shakyo_review.domain.scale import (
    Basis,
    Position,
    level_condition,
    scale_text,
    short_percent,
)
from shakyo_review.domain.scoring import IndicatorScore, TargetSource
from shakyo_review.domain.shares import SHARE_DECIMALS, shares
from shakyo_review.domain.step import Step
from shakyo_review.domain.value import (
    STATE_LABELS,
    State,
    format_number,
    format_percent,
    format_reading,
    half_up,
)

__all__ = [
    "EXAMPLE_MARK",
    "Step",
    "counts_text",
    "coverage_text",
    "indicator_steps",
    "level_condition",
    "no_rate_text",
    "node_steps",
    "scale_text",
]

EXAMPLE_MARK = "例示"


def indicator_steps(score: IndicatorScore) -> list[Step]:
    """Return the derivation of an indicator's rate and letter."""
    steps = [*_inputs(score), _rule(score)]
    if (formula := _formula(score)) is not None:
        steps += [Step("計算式", formula), _rounding(score)]
    if score.pace is not None and score.share is not None:
        steps.append(_pace(score))
    own = f"{score.scale.name}: " if score.indicator.scale is not None else ""
    steps += [Step("判定の基準", own + scale_text(score.scale)), _verdict(score)]
    return steps


def _amount(score: IndicatorScore, value: Decimal | None) -> str:
    unit = score.indicator.unit
    return f"{format_number(value, score.indicator.decimals)}{unit if value is not None else ''}"


def _marked(text: str, example: bool) -> str:
    return f"{text}（{EXAMPLE_MARK}）" if example else text


def _inputs(score: IndicatorScore) -> list[Step]:
    ind = score.indicator
    kind = f"{DIRECTION_LABELS[ind.direction]}・{MEASURE_LABELS[ind.measure]}"
    steps = [Step("指標", _marked(f"{ind.name}（{ind.unit or '単位なし'}、{kind}）", ind.example))]
    if ind.baseline.value is not None:
        year = f"（{short_year(ind.baseline.year)}）" if ind.baseline.year is not None else ""
        steps.append(
            Step("基準値", _marked(_amount(score, ind.baseline.value) + year, ind.example))
        )
    if ind.final_target.value is not None:
        year = (
            f"（{short_year(ind.final_target.year)}）" if ind.final_target.year is not None else ""
        )
        steps.append(
            Step("最終目標", _marked(_amount(score, ind.final_target.value) + year, ind.example))
        )
    target, reached = (ind.code, Kind.TARGET), (ind.code, Kind.ACTUAL)
    steps.append(Step(f"{short_year(score.year)}の目標", _target_text(score), *target))
    steps += [Step("目標の内訳", text, *target) for text in score.target.whole.steps]
    actual = score.actual
    blank = STATE_LABELS[State.NOT_ENTERED]
    text = format_reading(actual.reading, ind.figure_decimals, blank=blank)
    if actual.reading.state is State.VALUE:
        text += ind.unit
    if actual.measured_year is not None and actual.measured_year != score.year:
        text += f"（{year_label(actual.measured_year)}の値）"
    steps.append(Step(f"{short_year(score.year)}の実績", _marked(text, actual.example), *reached))
    if actual.by_branch:
        steps.append(Step("実績のまとめ方", PARTS_LABELS[ind.parts]))
    steps += [Step("実績の内訳", text, *reached) for text in actual.steps]
    return steps


def _target_text(score: IndicatorScore) -> str:
    target = score.target
    if target.source is TargetSource.PATH:
        return _marked(
            f"{_amount(score, target.value)}（最終目標までの道筋から）", score.indicator.example
        )
    if target.value is not None:
        return _marked(_amount(score, target.value), target.whole.example)
    return _marked(
        format_reading(target.whole.reading, score.indicator.decimals, blank="設定なし"),
        target.whole.example,
    )


def _rule(score: IndicatorScore) -> Step:
    if score.rule is None:
        return Step("規則", "この指標は評価しない（方向: 評価しない）")
    used = score.result.rule if score.result is not None else score.rule
    against = (
        "最終目標" if score.against is Against.FINAL_TARGET else f"{short_year(score.year)}の目標"
    )
    text = RULE_LABELS[used]
    if used not in (RateRule.RANGE, RateRule.MILESTONE, RateRule.MANUAL):
        text += f"、{against}に対して"
    if score.result is not None and score.result.fell_back_from is not None:
        flat = score.used_target == score.indicator.baseline.value
        why = "基準値と目標が同じ" if flat else "目標が基準値より良い方向にない"
        text += f"。{why}なので、{RULE_LABELS[score.result.fell_back_from]}の代わりに用いる"
    return Step("規則", text)


def _formula(score: IndicatorScore) -> str | None:
    """Return the formula with the numbers put in."""
    result = score.result
    if result is None or result.value is None:
        return None
    d = score.indicator.decimals
    a = _exact(score.actual.amount, d)
    t = format_number(score.used_target, d)
    b = format_number(score.indicator.baseline.value, d)
    if result.rule in (RateRule.SIMPLE, RateRule.KEEP_MIN):
        return f"100×{a}÷{t}＝{_exact(result.value, 4)}"
    if result.rule is RateRule.INVERSE:
        return f"100×{t}÷{a}＝{_exact(result.value, 4)}"
    if result.rule is RateRule.KEEP_MAX:
        return f"100×(2×{t}－{a})÷{t}＝{_exact(result.value, 4)}"
    if result.rule is RateRule.BASELINE:
        return f"100×({a}－{b})÷({t}－{b})＝{_exact(result.value, 4)}"
    if result.rule is RateRule.RANGE:
        low, high = format_number(score.indicator.low, d), format_number(score.indicator.high, d)
        return f"{low}から{high}までを100とし、外れた分を近い方の境で割って引く: {a} → {_exact(result.value, 4)}"
    if result.rule is RateRule.MILESTONE:
        return f"段階「{score.actual.reading.text}」の得点＝{_exact(result.value, 4)}"
    return f"人が入れた割合＝{_exact(result.value, 4)}"


def _exact(value: Fraction | None, decimals: int) -> str:
    """Write an exact number: in full where that is short, else with … after a few decimals."""
    if value is None:
        return "－"
    for places in range(decimals + 1):
        rounded = half_up(value, places)
        if Fraction(rounded) == value:
            return format_number(rounded, places)
    whole = int(abs(value) * 10**decimals)
    cut = Decimal(whole).scaleb(-decimals)
    return f"{'△' if value < 0 else ''}{format_number(cut, decimals)}…"


def _rounding(score: IndicatorScore) -> Step:
    rules = score.rules
    shown = score.display
    text = f"小数第{rules.decimals}位" if rules.decimals else "整数"
    own = f"、規則の組「{rules.name}」" if score.indicator.rule_set is not None else ""
    return Step("率", f"{shown}（{text}まで、四捨五入{own}）")


def _pace(score: IndicatorScore) -> Step:
    ind, rules, share = score.indicator, score.rules, score.share
    expected = _exact(100 * share if share is not None else None, 2)
    span = ""
    if (
        rules.pace is PaceKind.LINEAR
        and ind.baseline.year is not None
        and ind.final_target.year is not None
    ):
        gone, all_years = score.year - ind.baseline.year, ind.final_target.year - ind.baseline.year
        span = f"（{short_year(ind.baseline.year)}から{short_year(ind.final_target.year)}までの{all_years}年のうち{min(gone, all_years)}年）"
    return Step(
        "経過割合に対して",
        f"{_exact(score.rate, 4)}÷{expected}%{span}＝{display(score.pace, rules)}",
    )


def _verdict(score: IndicatorScore) -> Step:
    level, scale = score.level, score.scale
    if level is None:
        return Step("判定", f"{score.rating or 'なし'}（{score.reason_text}）")
    places = dict.fromkeys(lv.position for lv in scale.levels if lv.position is not None)
    if level.position is not None or (places and not level.conditional):
        marks = "と".join("目標" if p is Position.TARGET else "基準値" for p in places)
        by_rate = score.number is not None and any(lv.cut is not None for lv in scale.levels)
        rate = f"率 {_exact(score.number, 4)}%、" if by_rate else ""
        return Step("判定", f"{rate}{marks}に対する位置で判定 → {score.rating}")
    if level.met is not None or score.number is None:
        word = "目標を達成しているので" if score.met else "目標に届かないので"
        return Step("判定", f"{word} {score.rating}{no_rate_text(score)}")
    paced = score.pace is not None and scale.basis is Basis.PACE
    by = "経過割合に対する率" if paced else "率"
    on = "表示の値" if score.rules.decide_on is DecideOn.PRINTED else "丸める前の値"
    return Step("判定", f"{by} {_exact(score.number, 4)}%（{on}で判定）→ {score.rating}")


def no_rate_text(score: IndicatorScore) -> str:
    """Return, in brackets, why no rate could be taken; empty where none is missing."""
    reason = score.result.reason if score.result is not None else None
    return "" if reason is None else f"（率は出せない: {REASON_LABELS[reason]}）"


# --- items of the plan ---------------------------------------------------------------------


_MEANS = (
    ACTION_RULE_LABELS[ActionRule.WEIGHTED_MEAN],
    GOAL_RULE_LABELS[GoalRule.MEAN_OF_RATES],
    GOAL_RULE_LABELS[GoalRule.MEAN_OF_POINTS],
)


def node_steps(plan: Plan, score: NodeScore) -> list[Step]:
    """Return the derivation of the score of an action, measure, goal or the whole plan."""
    item, worst = score.item, score.worst
    steps = [Step(item.label, f"{item.code} {item.name}")]
    if score.repeats is not None:
        source = plan.items[score.repeats]
        steps.append(Step("再掲", f"{source.code} {source.name} の再掲。数えるのは再掲元だけ"))
    joined = "平均の対象" if score.rule in _MEANS else "対象"
    steps.append(Step("規則", f"{score.rule}（{joined}: {score.averaged_over}）"))
    steps += [Step("内訳", _part_text(plan, score, part), part.code) for part in score.parts]
    steps += [Step("評価基準の違い", _own_text(plan, part)) for part in score.parts if part.own]
    steps.append(Step("評価済み", coverage_text(score)))
    coverage = score.coverage
    for code, reason in zip(coverage.missing, coverage.reasons, strict=True):
        name = plan.items[code].name if code in plan.items else plan.indicators[code].name
        steps.append(Step("未評価", f"{code} {name}: {reason}", code))
    steps.append(Step("判定の内訳", counts_text(score)))
    if worst is not None and worst.level is not None:
        steps.append(Step("最も低い項目", f"{worst.code} {worst.name}（{worst.level.label}）"))
    steps.append(Step("点数", _score_text(plan, score)))
    steps.append(Step("判定の基準", scale_text(plan.scale)))
    beyond = out_of_reach(plan.rule_set, plan.scale) if score.rule in _MEANS[:2] else ()
    if beyond and score.weights is not None and plan.rule_set.cap is not None:
        labels, cap = "・".join(level.label for level in beyond), short_percent(plan.rule_set.cap)
        steps.append(Step("届かない段", f"平均に入れる率は{cap}までなので、{labels} にはならない"))
    verdict = score.rating or f"なし（{score.problem or '対象なし'}）"
    if score.given:
        computed = f"。計算による判定は {score.computed}" if score.computed else ""
        verdict += f"（{BY_PEOPLE}{computed}）"
    steps.append(Step("判定", _marked(verdict, score.example)))
    return steps


def _part_text(plan: Plan, score: NodeScore, part: Part) -> str:
    name, averaged = f"{part.code} {part.name}", score.rule in _MEANS
    own = part.own and part.level is not None  # what people gave is a letter of another scale
    by_people = f"（{BY_PEOPLE}）" if part.given and not own else ""
    if not part.rated:
        label = f"{part.off_scale}{by_people}" if part.off_scale else "評価なし"
        return f"{name}: {label}{'（平均に入れない）' if averaged else ''}"
    in_points = score.rule == GOAL_RULE_LABELS[GoalRule.MEAN_OF_POINTS]
    words = []
    if in_points and part.points is not None:
        words.append(f"{_exact(part.points, 2)}点")
    elif not in_points and part.number is not None:
        words.append(format_percent(half_up(part.number, plan.rule_set.decimals)))
    words.append(f"{part.level.label}{by_people}" if part.level is not None else "判定なし")
    left_out = averaged and not in_points and part.number is None
    note = "（率がないので平均に入れない）" if left_out else ""
    weight = "" if part.weight == 1 else f"、重み{_exact(part.weight, 2)}"
    return f"{name}: {' '.join(words)}{note}{weight}"


def _own_text(plan: Plan, part: Part) -> str:
    """Tell that an indicator has a scale of its own, and with what letter it goes up."""
    here = part.level.label if part.level is not None else part.off_scale or "なし"
    by = f"評価基準「{plan.scale_of(plan.indicators[part.code]).name}」"
    given = f"（{BY_PEOPLE}）" if part.given else ""
    return (
        f"{part.code} は{by}では {part.own}{given}、計画の評価基準「{plan.scale.name}」では {here}"
    )


def coverage_text(score: NodeScore) -> str:
    """Return the coverage: 指標9件中6件."""
    coverage = score.coverage
    return coverage.text if coverage.ratable else f"評価する{coverage.what}がない"


def counts_text(score: NodeScore) -> str:
    """Return the distribution of letters in one line, with shares that add up to 100."""
    told = []
    for (label, count), share in zip(
        score.counts.items(), shares(list(score.counts.values())), strict=True
    ):
        told.append(
            f"{label} {count}{f'（{format_percent(share, SHARE_DECIMALS)}）' if count else ''}"
        )
    return "　".join(told)


def _score_text(plan: Plan, score: NodeScore) -> str:
    if score.score is None:
        return f"なし（{score.problem}）" if score.problem else "なし"
    rules = plan.rule_set
    in_points = rules.goal is GoalRule.MEAN_OF_POINTS
    number = half_up(score.score, rules.decimals)
    shown = f"{format_number(number, rules.decimals)}{'点' if in_points else '%'}"
    if score.weights is None:
        return shown
    total = _exact(score.score * score.weights, 4)
    note = "" if in_points or not rules.mean_text else f"（{rules.mean_text}）"
    return f"{total}÷{_exact(score.weights, 2)}＝{shown}{note}"
