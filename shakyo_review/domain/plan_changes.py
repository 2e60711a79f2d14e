"""What is different between two editions of a plan, in sentences."""

from collections.abc import Iterator, Mapping

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.indicator import Dated, Indicator
from shakyo_review.domain.plan import WHOLE_PLAN, Funding, Item, Plan
from shakyo_review.domain.process import Process
from shakyo_review.domain.revision import ChangeKind, PlanChange
from shakyo_review.domain.revision_words import (
    INDICATOR_WORDS,
    NODE_WORDS,
    PLAN_WORDS,
    RULE_SET_WORDS,
    differences,
    shown,
)
from shakyo_review.domain.scale import Scale, scale_text
from shakyo_review.domain.value import format_number


def plan_changes(old: Plan, new: Plan, same: Mapping[str, str]) -> list[PlanChange]:
    """Return what is different; ``same`` tells the old code of everything that goes on.

    Every difference is told, but for what a plan file says of the past (``formerly``) and figures.
    """
    return [
        *_of_plan(old, new),
        *_of_items(old, new, same),
        *_of_indicators(old, new, same),
        *_of_order(old, new, same),
        *_gone(old, new, same),
    ]


def _of_plan(old: Plan, new: Plan) -> Iterator[PlanChange]:
    def told(kind: ChangeKind, text: str) -> PlanChange:
        return PlanChange(kind=kind, code=WHOLE_PLAN, name=new.title, text=text)

    if old.title != new.title:
        yield told(ChangeKind.RENAMED, f"計画の名称: {old.title} → {new.title}")
    if (old.first_year, old.last_year) != (new.first_year, new.last_year):
        spans = (f"{short_year(p.first_year)}〜{short_year(p.last_year)}" for p in (old, new))
        yield told(ChangeKind.OTHER, f"計画期間: {' → '.join(spans)}")
    if old.rule_set != new.rule_set:
        found = differences(old.rule_set, new.rule_set, RULE_SET_WORDS)
        yield told(ChangeKind.RULES, f"規則の組: {'、'.join(found)}")
    if old.scale != new.scale:
        yield told(ChangeKind.RULES, _of_scale(old.scale, new.scale))
    for what, before, after in (
        ("指標ごとの規則の組", old.rule_sets, new.rule_sets),
        ("指標ごとの評価基準", old.scales, new.scales),
    ):
        names = [
            name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)
        ]
        if names:
            yield told(ChangeKind.RULES, f"{what}（{'・'.join(names)}）が変わります")
    if old.evaluation != new.evaluation:
        yield told(ChangeKind.RULES, _of_process(old.evaluation, new.evaluation))
    others = differences(old, new, PLAN_WORDS)
    if others:
        yield told(ChangeKind.OTHER, "、".join(others))


def _of_scale(old: Scale, new: Scale) -> str:
    before, after = (f"{scale.name}（{scale_text(scale)}）" for scale in (old, new))
    if before == after:
        return f"評価基準: {new.name}の言葉・得点・記号が変わります"
    return f"評価基準: {before} → {after}"


def _of_process(old: Process, new: Process) -> str:
    before, after = ("→".join(stage.name for stage in p.stages) for p in (old, new))
    if before != after:
        return f"評価の段階: {before} ⇒ {after}"
    if old.directions != new.directions:
        return f"今後の方向性の言葉: {shown(old.directions)} → {shown(new.directions)}"
    names = [now.name for was, now in zip(old.stages, new.stages, strict=True) if was != now]
    return f"評価の進め方（{'・'.join(names)}）が変わります"


def _of_items(old: Plan, new: Plan, same: Mapping[str, str]) -> Iterator[PlanChange]:
    now = {before: code for code, before in same.items()}
    for code, item in new.items.items():
        before = old.items.get(same.get(code, ""))
        if before is None:
            yield _new_item(old, item)
        else:
            yield from _of_item(old, new, before, item, now)


def _new_item(old: Plan, item: Item) -> PlanChange:
    node = item.node
    if node.merged_from:
        names = "・".join(_named(old, code) for code in node.merged_from)
        return _told(ChangeKind.MERGED, item, f"{names} を統合")
    if node.split_from is not None:
        return _told(ChangeKind.SPLIT, item, f"{_named(old, node.split_from)} から分割")
    return _told(ChangeKind.ADDED, item, f"{item.label}を追加")


def _named(plan: Plan, code: str) -> str:
    item = plan.items.get(code)
    return code if item is None else f"{code} {item.name}"


def _told(kind: ChangeKind, item: Item, text: str) -> PlanChange:
    return PlanChange(kind=kind, code=item.code, name=item.name, text=text)


def _of_item(
    old: Plan, new: Plan, before: Item, item: Item, now: Mapping[str, str]
) -> Iterator[PlanChange]:
    if before.code != item.code:
        yield _told(ChangeKind.RENUMBERED, item, f"番号: {before.code} → {item.code}")
    if before.name != item.name:
        yield _told(ChangeKind.RENAMED, item, f"名前: {before.name} → {item.name}")
    if now.get(before.parent or "", before.parent) != item.parent:
        there = "計画の先頭" if item.parent is None else _named(new, item.parent)
        here = "計画の先頭" if before.parent is None else _named(old, before.parent)
        yield _told(ChangeKind.MOVED, item, f"場所: {here} → {there}")
    if before.owners != item.owners:
        names = ("・".join(o.label for o in one.owners) or "なし" for one in (before, item))
        yield _told(ChangeKind.OWNERS, item, f"担当: {' → '.join(names)}")
    yield from _of_node(old, before, item, now)


def _of_node(old: Plan, before: Item, item: Item, now: Mapping[str, str]) -> Iterator[PlanChange]:
    if item.node.merged_from != before.node.merged_from and item.node.merged_from:
        names = "・".join(_named(old, code) for code in item.node.merged_from)
        yield _told(ChangeKind.MERGED, item, f"{names} を統合")
    if item.node.split_from == before.code and before.node.split_from != before.code:
        yield _told(ChangeKind.SPLIT, item, f"{_named(old, before.code)} から分割")
    if before.node.weight != item.node.weight:
        yield _told(
            ChangeKind.RULES, item, differences(before.node, item.node, NODE_WORDS, ("weight",))[0]
        )
    fields: tuple[str, ...] = (
        "level",
        "label",
        "flags",
        "repeats",
        "branches",
        "method",
        "note",
        "example",
    )
    if now.get(before.node.repeats or "") == item.node.repeats:
        fields = tuple(name for name in fields if name != "repeats")
    others = differences(before.node, item.node, NODE_WORDS, fields)
    if before.node.owners != item.node.owners and before.owners == item.owners:
        others.append("担当の書き方")
    if [_line(one) for one in before.node.funding] != [_line(one) for one in item.node.funding]:
        lines = ("・".join(map(_line, one.node.funding)) or "なし" for one in (before, item))
        others.append(f"財源 {' → '.join(lines)}")
    if others:
        yield _told(ChangeKind.OTHER, item, "、".join(others))


def _line(funding: Funding) -> str:
    sources = f"（{'・'.join(funding.sources)}）" if funding.sources else ""
    forecast = "・".join(short_year(year) for year in funding.forecast)
    return f"{funding.name}{sources}{f' 見込み{forecast}' if forecast else ''}"


_TARGETS = ("steps", "path", "pace_percent", "target_kind", "low", "high")
_DEFINITIONS = ("unit", "direction", "measure", "kind", "parts", "periods", "decimals", "ceiling")
_RULES = (
    *("rule", "against", "milestones", "weight", "main", "tolerance", "jump", "cadence"),
    *("rule_set", "scale"),
)
_REMARKS = ("source", "note", "example")


def _of_indicators(old: Plan, new: Plan, same: Mapping[str, str]) -> Iterator[PlanChange]:
    now = {before: code for code, before in same.items()}
    for code, indicator in new.indicators.items():
        before = old.indicators.get(same.get(code, ""))
        if before is None:
            yield _about(
                ChangeKind.ADDED, indicator, f"指標を追加（{indicator.unit or '単位なし'}）"
            )
            continue
        if before.code != code:
            yield _about(ChangeKind.RENUMBERED, indicator, f"番号: {before.code} → {code}")
        if before.name != indicator.name:
            yield _about(ChangeKind.RENAMED, indicator, f"名前: {before.name} → {indicator.name}")
        here, there = old.action_of[before.code], new.action_of[code]
        if now.get(here, here) != there and not _goes_on_in(new, there, here):
            text = f"場所: {_named(old, here)} → {_named(new, there)}"
            yield _about(ChangeKind.MOVED, indicator, text)
        yield from _of_indicator(before, indicator)


def _goes_on_in(new: Plan, code: str, before: str) -> bool:
    """Whether an item is what another one has been merged or split into."""
    node = new.items[code].node
    return before in (*node.merged_from, node.split_from)


def _about(kind: ChangeKind, indicator: Indicator, text: str) -> PlanChange:
    return PlanChange(kind=kind, code=indicator.code, name=indicator.name, text=text)


def _of_indicator(before: Indicator, now: Indicator) -> Iterator[PlanChange]:
    if now.comparable_from != before.comparable_from:
        since = now.comparable_from
        text = (
            "定義の変更の印を消す"
            if since is None
            else f"{short_year(since)}から定義を変える（それより前とは比べない）"
        )
        yield _about(ChangeKind.DEFINITION, now, text)
    if before.final_target != now.final_target:
        text = f"最終目標: {_dated(before, before.final_target)} → {_dated(now, now.final_target)}"
        yield _about(ChangeKind.TARGET, now, text)
    if before.baseline != now.baseline:
        text = f"基準値: {_dated(before, before.baseline)} → {_dated(now, now.baseline)}"
        yield _about(ChangeKind.OTHER, now, text)
    for kind, fields in (
        (ChangeKind.TARGET, _TARGETS),
        (ChangeKind.DEFINITION, _DEFINITIONS),
        (ChangeKind.RULES, _RULES),
        (ChangeKind.OTHER, _REMARKS),
    ):
        found = differences(before, now, INDICATOR_WORDS, fields)
        if found:
            yield _about(kind, now, "、".join(found))


def _dated(indicator: Indicator, dated: Dated) -> str:
    if dated.value is None:
        return "なし" if dated.year is None else f"なし（{short_year(dated.year)}）"
    year = "" if dated.year is None else f"（{short_year(dated.year)}）"
    return f"{format_number(dated.value, indicator.decimals)}{indicator.unit}{year}"


def _of_order(old: Plan, new: Plan, same: Mapping[str, str]) -> Iterator[PlanChange]:
    """Tell where things that stay together change places."""
    for code in (None, *new.items):
        now = [same[one.code] for one in new.children_of(code) if one.code in same]
        own = () if code is None else new.items[code].node.indicators
        figures = [same[one.code] for one in own if one.code in same]
        for after, before in (
            (now, [one for one in old.items if one in now]),
            (figures, [one for one in old.indicators if one in figures]),
        ):
            together = {
                old.items[one].parent if after is now else old.action_of[one] for one in after
            }
            if after != before and len(together) == 1:
                what = "下位の項目" if after is now else "指標"
                name = new.title if code is None else new.items[code].name
                yield PlanChange(
                    kind=ChangeKind.OTHER,
                    code=code or WHOLE_PLAN,
                    name=name,
                    text=f"{what}の並び順: {'・'.join(before)} → {'・'.join(after)}",
                )


def _gone(old: Plan, new: Plan, same: Mapping[str, str]) -> Iterator[PlanChange]:
    kept = set(same.values())
    into: dict[str, list[str]] = {}
    for code, item in new.items.items():
        before = old.items.get(same.get(code, ""))
        # What the item before said already is an old story: another thing may have that code today.
        if before is None or before.node.merged_from != item.node.merged_from:
            for one in item.node.merged_from:
                into.setdefault(one, []).append(code)
        if item.node.split_from and (
            before is None or before.node.split_from != item.node.split_from
        ):
            into.setdefault(item.node.split_from, []).append(code)
    for code, item in old.items.items():
        if code not in kept and code not in into:
            yield _told(ChangeKind.STOPPED, item, f"{item.label}を休止・廃止")
    for code, indicator in old.indicators.items():
        if code not in kept:
            yield _about(ChangeKind.STOPPED, indicator, "指標をやめる")
