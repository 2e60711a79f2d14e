"""Changing a plan one thing at a time: each returns a new plan, consistent in itself, or refuses.

Identity is kept by code; a renumbered item says what it was called before (``formerly``), so that
the book can go on counting it as the same. Edits may be combined: they start from a plan of which
``without_past`` has taken what earlier revisions said of its codes.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Item, Node, Owner, Plan
from shakyo_review.domain.process import Process
from shakyo_review.errors import WrongUsage, quoted


def _unknown(code: str) -> WrongUsage:
    return WrongUsage(
        f"コード{quoted(code)}は計画にありません。", "「plan show」でコードを確かめてください。"
    )


def _rebuilt(plan: Plan, tree: Sequence[Node], **fields: Any) -> Plan:
    kept = {name: getattr(plan, name) for name in Plan.model_fields}
    return Plan.model_validate({**kept, **fields, "tree": tuple(tree)})


def _map(nodes: Sequence[Node], change: Callable[[Node], Sequence[Node]]) -> tuple[Node, ...]:
    """Replace every node by what ``change`` makes of it (none, one or several), children first."""
    return tuple(
        made
        for node in nodes
        for made in change(node.model_copy(update={"children": _map(node.children, change)}))
    )


def without_past(plan: Plan) -> Plan:
    """Return a plan that says nothing of the codes its items had in earlier editions."""

    def changed(node: Node) -> list[Node]:
        own = tuple(one.model_copy(update={"formerly": None}) for one in node.indicators)
        return [node.model_copy(update={"formerly": None, "indicators": own})]

    return _rebuilt(plan, _map(plan.tree, changed))


def _with_stages(plan: Plan, now: Mapping[str, Sequence[str]]) -> dict[str, Process]:
    """Return the stages with the codes of the items that go to them brought up to date."""
    stages = tuple(
        stage.model_copy(
            update={
                "items": tuple(
                    dict.fromkeys(code for one in stage.items for code in now.get(one, (one,)))
                )
            }
        )
        for stage in plan.evaluation.stages
    )
    if stages == plan.evaluation.stages:
        return {}
    for before, after in zip(plan.evaluation.stages, stages, strict=True):
        if before.chosen and not after.chosen:
            raise WrongUsage(
                f"評価の段階「{before.name}」にかける項目がなくなります。",
                "先に、計画ファイルで評価の段階を改めてください。",
            )
    return {"evaluation": plan.evaluation.model_copy(update={"stages": stages})}


def change_plan(plan: Plan, **fields: Any) -> Plan:
    """Change fields of the plan itself: title, last_year, rule_set, scale, evaluation."""
    return _rebuilt(plan, plan.tree, **fields)


def change_node(plan: Plan, code: str, /, **fields: Any) -> Plan:
    """Change fields of an item: name, owners, flags, weight, note."""
    if code not in plan.items:
        raise _unknown(code)

    def changed(node: Node) -> list[Node]:
        if node.code != code:
            return [node]
        kept = {name: getattr(node, name) for name in Node.model_fields}
        return [Node.model_validate({**kept, **fields})]

    return _rebuilt(plan, _map(plan.tree, changed))


def change_indicator(plan: Plan, code: str, /, **fields: Any) -> Plan:
    """Change fields of an indicator: name, unit, final_target, weight, comparable_from."""
    indicator = plan.indicator(code)
    kept = {name: getattr(indicator, name) for name in Indicator.model_fields}
    made = Indicator.model_validate({**kept, **fields})

    def changed(node: Node) -> list[Node]:
        own = tuple(made if one.code == code else one for one in node.indicators)
        return [node.model_copy(update={"indicators": own})]

    return _rebuilt(plan, _map(plan.tree, changed))


def renumber(plan: Plan, code: str, new: str) -> Plan:
    """Give an item or an indicator another code; 再掲 and stages of the evaluation follow."""
    if code in plan.indicators:
        before = plan.indicators[code].formerly or code
        return change_indicator(plan, code, code=new, formerly=None if before == new else before)
    if code not in plan.items:
        raise _unknown(code)

    def changed(node: Node) -> list[Node]:
        if node.code == code:
            before = node.formerly or code
            kept = {name: getattr(node, name) for name in Node.model_fields}
            past = None if before == new else before
            return [Node.model_validate({**kept, "code": new, "formerly": past})]
        again = node.repeats == code
        return [node.model_copy(update={"repeats": new}) if again else node]

    return _rebuilt(plan, _map(plan.tree, changed), **_with_stages(plan, {code: (new,)}))


def add_node(plan: Plan, parent: str | None, node: Node, *, after: str | None = None) -> Plan:
    """Add an item under another one (None: at the top), at the end or after a sibling."""
    return _rebuilt(plan, _inserted(plan, plan.tree, parent, node, after))


def _inserted(
    plan: Plan, tree: Sequence[Node], parent: str | None, node: Node, after: str | None
) -> tuple[Node, ...]:
    def placed(siblings: Sequence[Node]) -> tuple[Node, ...]:
        codes = [one.code for one in siblings]
        if after is not None and after not in codes:
            raise WrongUsage(
                f"{quoted(after)}は、置き場所の項目と並んでいません。",
                f"並んでいる項目: {'、'.join(codes) or 'なし'}。",
            )
        place = len(codes) if after is None else codes.index(after) + 1
        return (*siblings[:place], node, *siblings[place:])

    if parent is None:
        return placed(tree)
    if parent not in plan.items:
        raise _unknown(parent)

    def changed(one: Node) -> list[Node]:
        here = one.code == parent
        return [one.model_copy(update={"children": placed(one.children)}) if here else one]

    return _map(tree, changed)


def add_indicator(plan: Plan, code: str, indicator: Indicator) -> Plan:
    """Add an indicator to an item, after those it has."""
    if code not in plan.items:
        raise _unknown(code)
    return change_node(plan, code, indicators=(*plan.items[code].node.indicators, indicator))


def stop(plan: Plan, code: str) -> Plan:
    """Take an item (with what is under it) or an indicator out of the plan."""
    if code in plan.indicators:

        def without(node: Node) -> list[Node]:
            left = tuple(one for one in node.indicators if one.code != code)
            return [node.model_copy(update={"indicators": left})]

        return _rebuilt(plan, _map(plan.tree, without))
    if code not in plan.items:
        raise _unknown(code)
    gone = {one for one in plan.items if code in [above.code for above in plan.path_of(one)]}
    _check_not_repeated(plan, gone)
    left = _map(plan.tree, lambda node: [] if node.code == code else [node])
    return _rebuilt(plan, left, **_with_stages(plan, dict.fromkeys(gone, ())))


def _check_not_repeated(plan: Plan, gone: AbstractSet[str]) -> None:
    for item in plan.items.values():
        target = item.node.repeats
        if target in gone and item.code not in gone:
            raise WrongUsage(
                f"{target}は{item.code} {item.name}に再掲されています。",
                f"先に{item.code}をやめるか、再掲元を改めてください。",
            )


def move(plan: Plan, code: str, parent: str | None, *, after: str | None = None) -> Plan:
    """Put an item, with all that is under it, under another one (None: to the top)."""
    if code not in plan.items:
        raise _unknown(code)
    if parent is not None:
        if parent not in plan.items:
            raise _unknown(parent)
        if code in [item.code for item in plan.path_of(parent)]:
            raise WrongUsage(
                f"{code}を、その下にある{parent}へは移せません。",
                "ほかの移り先を指定してください。",
            )
    left = _map(plan.tree, lambda node: [] if node.code == code else [node])
    return _rebuilt(plan, _inserted(plan, left, parent, plan.items[code].node, after))


def merge(plan: Plan, codes: Sequence[str], code: str, name: str) -> Plan:
    """Merge items into one, in the place of the first; their indicators, money and children go on in it."""
    missing = [one for one in codes if one not in plan.items]
    if missing:
        raise _unknown(missing[0])
    if len(set(codes)) < 2:
        raise WrongUsage("統合する項目を2つ以上指定してください。", "コードを確かめてください。")
    items = [plan.items[one] for one in dict.fromkeys(codes)]
    _check_mergeable(plan, items)
    nodes = [item.node for item in items]
    inherited = not any(node.owners for node in nodes) and len({i.owners for i in items}) == 1
    owners: list[Owner] = [] if inherited else [one for item in items for one in item.owners]
    notes = dict.fromkeys(node.note for node in nodes if node.note)
    whole = Node(
        code=code,
        name=name,
        merged_from=tuple(node.code for node in nodes),
        level=nodes[0].level,
        label=nodes[0].label,
        owners=tuple(dict.fromkeys(owners)),
        flags=tuple(dict.fromkeys(flag for node in nodes for flag in node.flags)),
        branches=nodes[0].branches,
        method=next((node.method for node in nodes if node.method), ""),
        note="／".join(notes),
        weight=nodes[0].weight,
        example=all(node.example for node in nodes),
        indicators=tuple(one for node in nodes for one in node.indicators),
        funding=tuple(line for node in nodes for line in node.funding),
        children=tuple(child for node in nodes for child in node.children),
    )
    gone = {node.code for node in nodes}

    def changed(node: Node) -> list[Node]:
        if node.code == nodes[0].code:
            return [whole]
        if node.repeats in gone and node.code not in gone:
            return [node.model_copy(update={"repeats": code})]
        return [] if node.code in gone else [node]

    # 再掲 of what is merged may stand in the items merged: they go through the same change.
    inner = _map(whole.children, changed)
    whole = whole.model_copy(update={"children": inner})
    stages = _with_stages(plan, dict.fromkeys(gone, (code,)))
    return _rebuilt(plan, _map(plan.tree, changed), **stages)


def _check_mergeable(plan: Plan, items: Sequence[Item]) -> None:
    codes = {item.code for item in items}
    for item in items:
        above = [one.code for one in plan.path_of(item.code)[:-1] if one.code in codes]
        if above:
            raise WrongUsage(
                f"{item.code}は{above[-1]}の下にあるため、統合できません。",
                "上と下の関係にない項目を指定してください。",
            )
        if item.node.repeats is not None:
            raise WrongUsage(
                f"{item.code}は再掲です。", f"再掲元の{item.node.repeats}を指定してください。"
            )
        if item.level != items[0].level:
            raise WrongUsage(
                f"{items[0].code}（{items[0].label}）と{item.code}（{item.label}）は段が違うため、統合できません。",
                "同じ段の項目を指定してください。",
            )
    if len({item.node.branches for item in items}) > 1:
        raise WrongUsage(
            f"{'と'.join(item.code for item in items)}は、取り組む{plan.branch_word}が違うため、統合できません。",
            f"先に、計画ファイルで{plan.branch_word}をそろえてください。",
        )


def split(plan: Plan, code: str, into: Sequence[tuple[str, str]]) -> Plan:
    """Split an item into several (code, name) in its place; indicators, money and children go to the first."""
    if code not in plan.items:
        raise _unknown(code)
    if len(into) < 2:
        raise WrongUsage(
            "分割した後の項目を2つ以上指定してください。", "「コード=名前」を並べてください。"
        )
    whole = plan.items[code].node
    if whole.repeats is not None:
        raise WrongUsage(f"{code}は再掲です。", f"再掲元の{whole.repeats}を指定してください。")
    if code not in [new for new, _ in into]:
        _check_not_repeated(plan, {code})
    bare = {"indicators": (), "funding": (), "children": ()}
    made = [
        Node.model_validate(
            {
                **{name: getattr(whole, name) for name in Node.model_fields},
                **({} if place == 0 else bare),
                "code": new,
                "name": name,
                "formerly": None,
                "merged_from": (),
                "split_from": code,
            }
        )
        for place, (new, name) in enumerate(into)
    ]
    parts = _map(plan.tree, lambda node: made if node.code == code else [node])
    return _rebuilt(plan, parts, **_with_stages(plan, {code: [new for new, _ in into]}))
