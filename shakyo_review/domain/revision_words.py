"""The fields of a plan and what stands in them, in the words of a secretary: for sentences on changes."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from shakyo_review.domain.base import Model
from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    MEASURE_LABELS,
    PARTS_LABELS,
    RULE_LABELS,
    Against,
    IndicatorKind,
    Milestone,
    Path,
    Periods,
    TargetKind,
)
from shakyo_review.domain.joining import ACTION_RULE_LABELS
from shakyo_review.domain.plan import Branch, PlanKind
from shakyo_review.domain.rules import GOAL_RULE_LABELS, DecideOn, Letters, Level, PaceKind
from shakyo_review.domain.value import format_number

PLAN_WORDS = {
    "code": "計画のコード",
    "body": "策定・実施主体",
    "kind": "計画の種類",
    "period_note": "計画期間の注記",
    "philosophy": "基本理念",
    "levels": "段の呼び名",
    "parties": "主体の呼び名",
    "branches": "区・支所・地区",
    "branch_word": "区・支所・地区の呼び名",
}
NODE_WORDS = {
    "level": "段",
    "label": "段の呼び名",
    "flags": "印",
    "repeats": "再掲元",
    "branches": "取り組む区・支所・地区",
    "method": "実施方法",
    "note": "注記",
    "example": "例示か",
    "weight": "重み",
    "split_from": "分割前のコード",
}
INDICATOR_WORDS = {
    "unit": "単位",
    "direction": "良い方向",
    "measure": "年度の値の意味",
    "kind": "指標の種類",
    "target_kind": "目標の種類",
    "path": "最終目標までの道筋",
    "pace_percent": "毎年の伸び（％）",
    "steps": "段階ごとの目標",
    "parts": "区・支所の値のまとめ方",
    "periods": "月・四半期の値のまとめ方",
    "decimals": "小数の桁数",
    "ceiling": "自然な上限",
    "low": "範囲の下限",
    "high": "範囲の上限",
    "tolerance": "調査の誤差（±ポイント）",
    "jump": "確かめる増減（％）",
    "cadence": "何年ごとに測るか",
    "weight": "重み",
    "main": "取組の主たる指標か",
    "rule": "率の規則",
    "against": "率を取る目標",
    "milestones": "到達段階",
    "rule_set": "この指標の規則の組",
    "scale": "この指標の評価基準",
    "comparable_from": "定義を変えた年度",
    "source": "出典",
    "note": "注記",
    "example": "例示か",
}
RULE_SET_WORDS = {
    "name": "名前",
    "decimals": "率の小数の桁数",
    "decide_on": "判定に使う率",
    "floor": "率の下限",
    "floor_text": "下限を下回るときの表示",
    "ceiling": "率の上限",
    "ceiling_text": "上限を上回るときの表示",
    "pace": "期待される進み方",
    "pace_steps": "期待される割合（％）",
    "action": "取組の採点",
    "goal": "目標の採点",
    "letters": "目標に数える判定",
    "average_over": "平均を取る単位",
    "cap": "平均に入れる率の上限（％）",
    "mean_floor": "平均に入れる率の下限（％）",
    "minimum_coverage": "採点に要る評価済みの割合（％）",
    "jump": "確かめる増減（％）",
}

_LABELS: tuple[Mapping[Any, str], ...] = (
    *(DIRECTION_LABELS, MEASURE_LABELS, PARTS_LABELS, RULE_LABELS),
    *(ACTION_RULE_LABELS, GOAL_RULE_LABELS),
    {TargetKind.EVERY_YEAR: "毎年の目標", TargetKind.FINAL_YEAR: "最終年の目標"},
    {
        Path.LINEAR: "直線",
        Path.STEPPED: "段階",
        Path.EXPLICIT: "年度ごとに定める",
        Path.PACE: "一定の伸び",
    },
    {
        Periods.SUM: "合計",
        Periods.LAST: "最後の値",
        Periods.MEAN: "平均",
        Periods.MAX: "最大",
    },
    {
        IndicatorKind.OUTPUT: "活動指標",
        IndicatorKind.OUTCOME: "成果指標",
        IndicatorKind.POPULATION: "対象指標",
    },
    {Against.YEAR_TARGET: "年度の目標", Against.FINAL_TARGET: "最終目標"},
    {DecideOn.EXACT: "端数処理の前", DecideOn.PRINTED: "端数処理の後"},
    {PaceKind.LINEAR: "直線", PaceKind.LISTED: "年ごとの割合"},
    {Letters.COMPUTED: "率による判定", Letters.GIVEN: "人による評価を優先"},
    {Level.INDICATORS: "指標", Level.ACTIONS: "取組", Level.CHILDREN: "すぐ下の項目"},
    {
        PlanKind.ACTIVITY: "地域福祉活動計画",
        PlanKind.MUNICIPAL: "地域福祉計画",
        PlanKind.JOINT: "一体の計画",
        PlanKind.STRENGTHENING: "発展・強化計画",
        PlanKind.PROJECT: "年度の事業計画",
        PlanKind.OTHER: "その他",
    },
)
# Members of different enums may be equal as texts ("sum"): the class is part of the key.
_WORDS = {(type(word), word.value): label for labels in _LABELS for word, label in labels.items()}


def shown(value: Any) -> str:
    """Return what stands in a field, as a person reads it."""
    match value:
        case None | "" | ():
            return "なし"
        case bool():
            return "はい" if value else "いいえ"
        case Enum():
            return _WORDS.get((type(value), value.value), str(value.value))
        case Decimal():
            return format_number(value, max(0, -int(value.normalize().as_tuple().exponent)))
        case tuple():
            return "・".join(map(shown, value))
        case Mapping():
            return (
                "・".join(f"{key}年度 {shown(one)}" for key, one in sorted(value.items())) or "なし"
            )
        case Branch():
            return value.name
        case Milestone():
            return f"{value.label} {shown(value.points)}%"
        case "all":
            return "すべて"
        case _:
            return str(value)


def differences(
    old: Model, new: Model, names: Mapping[str, str], only: tuple[str, ...] | None = None
) -> list[str]:
    """Return the fields in which two things differ: 単位 人 → 回."""
    return [
        f"{names[name]} {shown(getattr(old, name))} → {shown(getattr(new, name))}"
        for name in (names if only is None else only)
        if getattr(old, name) != getattr(new, name)
    ]
