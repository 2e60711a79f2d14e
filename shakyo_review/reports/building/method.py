"""Chapters 1 and 2: the plan, and how it is judged."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from shakyo_review.domain.derivation import level_condition
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.indicator import RateRule, TargetKind
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.domain.rules import (
    GOAL_RULE_LABELS,
    DecideOn,
    GoalRule,
    Level,
    PaceKind,
    RuleSet,
)
from shakyo_review.domain.scale import Basis, ScaleLevel, scale_text
from shakyo_review.domain.value import format_number, format_percent
from shakyo_review.reports import texts
from shakyo_review.reports.building.letters import judged_count
from shakyo_review.reports.context.parts import Fact
from shakyo_review.reports.context.plan import Method, PlanOverview, RuleRow, ScaleRow, TreeItem
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import item_flags, level_letter

PACE_RATIO = "率を経過割合で割った値を経過比といい、100%なら予定どおりの進み方です。"

MOST_CODES = 10
"""Codes of indicators named in a fact; the others are counted."""

MOST_IN_TREE = 70
"""Items the tree of chapter 1 may hold: in two columns, about a page with the facts above it."""


def build_plan(m: Material) -> PlanOverview:
    """Build chapter 1."""
    plan = m.plan
    depth = _tree_depth(plan)
    hidden = sum(_depth(plan, item) > depth for item in plan.items.values())
    note = _hidden(m, hidden)
    return PlanOverview(
        facts=_facts(m),
        tree=[_tree_item(plan, item, 0, depth) for item in plan.children_of(None)],
        tree_note=note,
    )


def _hidden(m: Material, count: int) -> str:
    if not count:
        return ""
    rest = "資料の一覧表に載せています" if m.chapter("appendix") else "省いています"
    return f"これより下の段の{count}件は、{rest}。"


def _facts(m: Material) -> list[Fact]:
    plan = m.plan
    years = plan.last_year - plan.first_year + 1
    if years == 1:
        period = year_label(plan.first_year)
    else:
        period = f"{year_label(plan.first_year)}から{year_label(plan.last_year)}まで（{years}年間）"
    if plan.period_note:
        period += f"。{plan.period_note}"
    labels = Counter(item.label for item in plan.items.values() if item.node.repeats is None)
    repeats = sum(item.node.repeats is not None for item in plan.items.values())
    structure = "、".join(f"{label} {count}件" for label, count in labels.items())
    judged = sum(score.rule is not None for score in m.score.indicators.values())
    total = len(plan.indicators)
    facts = [
        ("計画の名称", plan.title),
        ("団体", plan.body),
        ("計画の種類", texts.PLAN_KINDS[plan.kind]),
        ("計画期間", period),
        ("基本理念", plan.philosophy),
        ("実施主体", "・".join(plan.parties)),
        (plan.branch_word, f"{len(plan.branches)}か所" if plan.branches else ""),
        ("構成", structure + (f"（ほかに再掲 {repeats}件）" if repeats else "")),
        ("指標", f"{total}件（うち評価する指標 {judged}件）" if total else "設定なし"),
    ]
    return [Fact(name=name, text=text) for name, text in facts if text]


def _depth(plan: Plan, item: Item) -> int:
    return len(plan.path_of(item.code)) - 1


def _tree_depth(plan: Plan) -> int:
    """Return the deepest step at which the tree still fits."""
    counts = Counter(_depth(plan, item) for item in plan.items.values())
    shown, depth = counts[0], 0
    while counts[depth + 1] and shown + counts[depth + 1] <= MOST_IN_TREE:
        depth += 1
        shown += counts[depth]
    return depth


def _tree_item(plan: Plan, item: Item, here: int, deepest: int) -> TreeItem:
    children = plan.children_of(item.code)
    open_here = here < deepest
    return TreeItem(
        label=item.label,
        code=item.code,
        name=item.name,
        flags=item_flags(plan, item),
        below="" if open_here or not children else f"ほか{_count_below(plan, item)}件",
        children=[_tree_item(plan, child, here + 1, deepest) for child in children]
        if open_here
        else [],
    )


def _count_below(plan: Plan, item: Item) -> int:
    return sum(1 + _count_below(plan, child) for child in plan.children_of(item.code))


# --- chapter 2 -------------------------------------------------------------------------------


def build_method(m: Material) -> Method:
    """Build chapter 2."""
    plan = m.plan
    return Method(
        scale_name=plan.scale.name,
        basis=texts.BASIS[plan.scale.basis],
        levels=build_levels(plan),
        off_scale=[
            Fact(name=off.label, text=off.definition or "順位のない記号")
            for off in plan.scale.off_scale
        ],
        rate_rules=_rate_rules(m),
        rules=_rules(m),
        terms=_terms(m),
        states=[Fact(name=name, text=text) for name, text in texts.STATES],
    )


def build_levels(plan: Plan) -> list[ScaleRow]:
    """Return the ranks of the plan's scale with their meaning and condition, best first."""
    rows: list[ScaleRow] = []
    previous: ScaleLevel | None = None
    for level in plan.scale.levels:
        rows.append(
            ScaleRow(
                letter=level_letter(plan.scale, level.label),
                definition=level.definition or "－",
                condition=level_condition(level, previous),
                points="－" if level.points is None else _short(level.points),
            )
        )
        previous = level
    return rows


def _short(value: Decimal) -> str:
    """Write a setting without needless decimals: 100, 2.5."""
    return format_number(value, _places(value))


def _percent(value: Decimal) -> str:
    return format_percent(value, _places(value))


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _rate_rules(m: Material) -> list[RuleRow]:
    used: Counter[RateRule] = Counter()
    for score in m.score.indicators.values():
        rule = score.rule if score.result is None else score.result.rule
        if rule is not None:
            used[rule] += 1
    return [
        RuleRow(name=name, formula=formula, count=f"{used[rule]}件")
        for rule, (name, formula) in texts.RULES.items()
        if used[rule]
    ]


def unit_word(averaged_over: str) -> str:
    """Return the word in a count: 具体的な取組48件 → 具体的な取組."""
    return averaged_over.rstrip("件").rstrip("0123456789")


def _rules(m: Material) -> list[Fact]:
    rules = m.plan.rule_set
    facts = [
        ("規則の組", rules.name),
        ("率の表示", _shown(rules)),
        ("判定に使う値", _decided(rules)),
        ("指標から項目へ", texts.ACTION_RULES[rules.action]),
        ("上位の項目の点数", GOAL_RULE_LABELS[rules.goal]),
    ]
    if rules.goal not in (GoalRule.DISTRIBUTION, GoalRule.JUDGEMENT):
        facts.append(("点数をまとめる段", _averaged(m)))
    if rules.goal is GoalRule.MEAN_OF_RATES and rules.mean_text:
        facts.append(("平均に入れる率", f"{rules.mean_text}する"))
    if rules.minimum_coverage:
        facts.append(
            ("点数を出す条件", f"評価済みが{_percent(rules.minimum_coverage)}以上であること")
        )
    facts += _own_rule_sets(m) + _own_scales(m)
    return [Fact(name=name, text=text) for name, text in facts]


def _shown(rules: RuleSet) -> str:
    text = f"小数第{rules.decimals}位まで（四捨五入）" if rules.decimals else "整数（四捨五入）"
    return text + "".join(f"。{limit}" for limit in _limits(rules))


def _decided(rules: RuleSet) -> str:
    return "表示した率" if rules.decide_on is DecideOn.PRINTED else "丸める前の率"


def _own_rule_sets(m: Material) -> list[tuple[str, str]]:
    """Tell of the rule sets that indicators have of their own, each with the codes."""
    own = {s.indicator.rule_set: s.rules for s in m.score.indicators.values()}
    told = []
    for name, rules in own.items():
        if name is not None:
            text = f"率の表示は{_shown(rules)}。判定に使う値は{_decided(rules)}"
            if rules.pace is PaceKind.LISTED:
                text += f"。経過割合は{_pace_steps(rules)}"
            codes = [i.code for i in m.plan.indicators.values() if i.rule_set == name]
            told.append((f"指標ごとの規則の組「{rules.name}」", f"{text}。{_whose(codes)}"))
    return told


def _own_scales(m: Material) -> list[tuple[str, str]]:
    """Tell of the scales that indicators have of their own, with the meaning of each letter."""
    own = {s.indicator.scale: s.scale for s in m.score.indicators.values()}
    told = []
    for name, scale in own.items():
        if name is not None:
            meant = [f"{lv.label}は{lv.definition}" for lv in scale.levels if lv.definition]
            meant += [f"{off.label}は{off.definition or '順位なし'}" for off in scale.off_scale]
            codes = [i.code for i in m.plan.indicators.values() if i.scale == name]
            parts = [scale_text(scale), "、".join(meant), _whose(codes)]
            if scale != m.plan.scale:
                parts.append("上の段には、計画の評価基準で判定し直して数えます")
            told.append((f"指標ごとの評価基準「{scale.name}」", "。".join(filter(None, parts))))
    return told


def _whose(codes: Sequence[str]) -> str:
    shown = "・".join(codes[:MOST_CODES])
    return f"対象の指標は{shown}{f'ほか{len(codes) - MOST_CODES}件' if len(codes) > MOST_CODES else ''}"


def _averaged(m: Material) -> str:
    over = m.plan.rule_set.average_over
    word = unit_word(m.score.overall.averaged_over)
    text = texts.LEVELS[over]
    return text if over is Level.INDICATORS else f"{text}（この計画では{word}）"


def _limits(rules: RuleSet) -> list[str]:
    texts_: list[str] = []
    if rules.floor is not None:
        shown = (
            f"「{rules.floor_text}」と表示"
            if rules.floor_text
            else f"{_percent(rules.floor)}とする"
        )
        texts_.append(f"{_percent(rules.floor)}を下回るときは{shown}")
    if rules.ceiling is not None:
        shown = (
            f"「{rules.ceiling_text}」と表示"
            if rules.ceiling_text
            else f"{_percent(rules.ceiling)}とする"
        )
        texts_.append(f"{_percent(rules.ceiling)}を上回るときは{shown}")
    return texts_


def _terms(m: Material) -> list[Fact]:
    terms = [
        (
            "率",
            "目標に対してどこまで届いたかを百分率で表したものです。指標の性質によって次の式を使い分けます。",
        ),
        (
            "評価済み",
            "評価すべき指標のうち、判定まで進んだ件数です。点数のそばに必ず示します。調査をしない年度の指標、対象外の指標、評価しないと決めた指標は数えません。",
        ),
    ]
    if judged_count(m):
        terms.append(("判定と評価", texts.LETTERS))
    paced = any(s.scale.basis is Basis.PACE for s in m.score.indicators.values())
    if paced and _has_final_years(m.plan):
        terms.insert(1, ("経過割合・経過比", _pace(m) + PACE_RATIO))
    return [Fact(name=name, text=text) for name, text in terms]


def _has_final_years(plan: Plan) -> bool:
    return any(ind.target_kind is TargetKind.FINAL_YEAR for ind in plan.indicators.values())


def _pace_steps(rules: RuleSet) -> str:
    return "・".join("なし" if step is None else _percent(step) for step in rules.pace_steps)


def _pace(m: Material) -> str:
    rules = m.plan.rule_set
    if rules.pace is PaceKind.LISTED:
        return f"最終年度の目標に向けて、各年度までに進んでいるはずの割合です。基準値の翌年度から順に {_pace_steps(rules)} とします。"
    text = (
        "基準値の年度から最終目標の年度までの年数のうち、評価する年度までに過ぎた年数の割合です。"
    )
    for score in m.score.indicators.values():
        start, end = score.indicator.baseline.year, score.indicator.final_target.year
        if score.share is not None and start is not None and end is not None and score.year <= end:
            example = f"例えば{short_year(start)}から{short_year(end)}まで{end - start}年間の指標は、{short_year(score.year)}では"
            return f"{text}{example}{score.year - start}年が過ぎています。"
    return text
