"""The fields of a plan file as a person knows them: Japanese names and admitted words."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Loc = Sequence[str | int]
"""A place as pydantic tells it: field names, list positions, dict keys, names of union branches."""

_FIELDS = {
    "action": "指標を置く項目のコード",
    "average_over": "平均を取る単位",
    "basis": "判定に使う数",
    "body": "策定・実施主体",
    "branch_word": "区・支所・地区の呼び名",
    "branches": "区・支所・地区",
    "budget": "予算額（千円、年度ごと）",
    "by_hand": "人だけが付ける段か",
    "children": "下位の項目",
    "code": "コード",
    "color": "色",
    "decide_on": "判定に使う率（端数処理の前か後か）",
    "definition": "意味",
    "example": "例示か",
    "first_year": "最初の年度",
    "funding": "財源",
    "goal": "目標の採点方法",
    "indicators": "指標",
    "kind": "種類",
    "label": "呼び名",
    "last_year": "最後の年度",
    "levels": "段",
    "met": "目標を達成したときか",
    "name": "名前",
    "note": "注記",
    "off_scale": "段に入らない記号",
    "open_year": "最初に開く年度",
    "owners": "担い手",
    "pace": "期待される進み方",
    "part": "主体",
    "parties": "主体の呼び名",
    "period_note": "計画期間の注記",
    "philosophy": "基本理念",
    "points": "得点",
    "position": "実績の位置",
    "report_year": "印刷する年度",
    "rule_set": "規則の組（名前か全文）",
    "scale": "評価基準（名前か全文）",
    "settlement": "決算額（千円、年度ごと）",
    "shape": "形",
    "sources": "財源の種類",
    "states": "当てはまる状態",
    "title": "計画の名称",
    "tree": "項目",
    "value": "値",
    "weight": "重み",
    "year": "年度",
}
_IN_RULE_SET = {"action": "取組の採点方法"}

MODELS = {
    "Branch": "区・支所・地区",
    "Dated": "値とその年度",
    "Funding": "財源",
    "Indicator": "指標",
    "Milestone": "到達段階",
    "Node": "項目",
    "OffScale": "段に入らない記号",
    "Owner": "担い手",
    "Plan": "計画",
    "Process": "評価の進め方",
    "RuleSet": "規則の組",
    "Scale": "評価基準",
    "ScaleLevel": "評価の段",
    "Stage": "評価の段階",
}


def field_title(model: type[BaseModel], name: str) -> str:
    """Return the Japanese name of a field: its own description, else ours; '' without either."""
    info = model.model_fields.get(name)
    if info is not None and info.description:
        return info.description
    if model.__name__ == "RuleSet" and name in _IN_RULE_SET:
        return _IN_RULE_SET[name]
    return _FIELDS.get(name, "")


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model a field holds, itself or in a list; None for plain values."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for m in map(model_in, get_args(annotation)) if m is not None), None)


def model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """Return the model at a place."""
    in_map = False
    for part in loc:
        if in_map:  # a name the plan gives, whatever field has the same
            in_map = False
        elif isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            model, in_map = model_in(annotation) or model, get_origin(annotation) is dict
    return model


def models_below(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Return a model and every model its fields hold, by class name."""
    found: dict[str, type[BaseModel]] = {}
    waiting = [model]
    while waiting:
        current = waiting.pop()
        if current.__name__ not in found:
            found[current.__name__] = current
            inner = (model_in(info.annotation) for info in current.model_fields.values())
            waiting += [one for one in inner if one is not None]
    return found


def choices(info: FieldInfo | None) -> tuple[str, ...]:
    """Return the words a field admits; empty where any text or number may stand."""
    return () if info is None else _choices(info.annotation)


def _choices(annotation: Any) -> tuple[str, ...]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(member.value) for member in annotation)
    return next((c for c in map(_choices, get_args(annotation)) if c), ())
