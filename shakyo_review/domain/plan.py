"""The plan: a tree of any depth with the plan's own words, its indicators and its money."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from shakyo_review.domain.base import Model
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.indicator import Code, Indicator, Name, Year
from shakyo_review.domain.process import Process
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.scale import Scale
from shakyo_review.errors import WrongUsage, quoted

WHOLE_PLAN = "ALL"
"""The code under which the score of the whole plan is asked for; no item may have it."""
YEARS_BEFORE = 10
"""Figures may be kept for so many years before the plan begins (baselines, earlier results)."""


class PlanKind(StrEnum):
    """地域福祉活動計画, 地域福祉計画, both in one document, 発展・強化計画, or the plan of one year."""

    ACTIVITY = "activity"
    MUNICIPAL = "municipal"
    JOINT = "joint"
    STRENGTHENING = "strengthening"
    PROJECT = "project"
    OTHER = "other"


class Owner(Model):
    """Who carries an item: the part (社協・市・住民・区 …) and, where known, the department."""

    part: Name
    name: Name

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        if isinstance(data, str):
            return {"part": data, "name": data}
        if isinstance(data, dict) and "name" not in data and "part" in data:
            return {**data, "name": data["part"]}
        return data

    @property
    def label(self) -> str:
        """The owner in one phrase: 社協（総務企画課), or 社協 alone."""
        return self.name if self.name == self.part else f"{self.part}（{self.name}）"


class Branch(Model):
    """A ward, branch office or district."""

    code: Code
    name: Name


class Funding(Model):
    """A funding line (財源) of an item; all amounts in 千円, by fiscal year."""

    name: Name
    sources: tuple[Name, ...] = ()
    budget: dict[Year, int] = Field(default_factory=dict)
    settlement: dict[Year, int] = Field(default_factory=dict)
    forecast: tuple[Year, ...] = Field((), description="見込みの年度")


class Node(Model):
    """An item of the plan at any level, as the plan file holds it."""

    code: Code
    name: Name
    level: int | None = Field(None, ge=0, description="段（0から。段を飛ばすときだけ書く）")
    label: Name | None = Field(None, description="段の呼び名（levels と違うときだけ書く）")
    owners: tuple[Owner, ...] = ()
    flags: tuple[Name, ...] = Field((), description="重点・新規 など")
    repeats: Code | None = Field(None, description="再掲元のコード")
    formerly: Code | None = Field(None, description="改定の前のコード（番号を変えたとき）")
    merged_from: tuple[Code, ...] = Field((), description="統合する前の項目のコード")
    split_from: Code | None = Field(None, description="分割する前の項目のコード")
    branches: tuple[Code, ...] | Literal["all"] = ()
    method: str = Field("", max_length=100, description="実施方法")
    note: str = Field("", max_length=400)
    weight: Decimal = Field(Decimal(1), ge=0)
    example: bool = False
    indicators: tuple[Indicator, ...] = ()
    funding: tuple[Funding, ...] = ()
    children: tuple["Node", ...] = ()


class Item(Model):
    """A node in its place: parent, level, level word and owners resolved."""

    node: Node
    parent: str | None
    level: int
    label: str
    owners: tuple[Owner, ...]

    @property
    def code(self) -> str:
        """The node's code."""
        return self.node.code

    @property
    def name(self) -> str:
        """The node's name."""
        return self.node.name


class Plan(Model):
    """A whole plan, consistent in itself: codes unique, levels named, 再掲 without a cycle."""

    code: Code
    title: Name
    body: Name
    kind: PlanKind = PlanKind.ACTIVITY
    first_year: Year
    last_year: Year
    period_note: str = Field("", max_length=200)
    philosophy: str = Field("", max_length=200)
    levels: tuple[Name, ...] = Field(min_length=1, description="段の呼び名（上から）")
    parties: tuple[Name, ...] = ()
    branches: tuple[Branch, ...] = ()
    branch_word: str = Field("区・支所", max_length=20, description="区・支所・地区の呼び名")
    rule_set: RuleSet = Field(default_factory=RuleSet)
    scale: Scale = Field(default_factory=lambda: Scale.preset("abcd"))
    rule_sets: dict[Name, RuleSet] = Field(
        default_factory=dict, description="指標ごとに選べる規則の組（名前: 全文か、用意された名前）"
    )
    scales: dict[Name, Scale] = Field(
        default_factory=dict, description="指標ごとに選べる評価基準（名前: 全文か、用意された名前）"
    )
    evaluation: Process = Field(
        default_factory=Process, description="評価の進め方（段階、今後の方向性の言葉）"
    )
    tree: tuple[Node, ...] = ()

    @field_validator("rule_set", mode="before")
    @classmethod
    def _rule_set_by_name(cls, data: Any) -> Any:
        return RuleSet.preset(data) if isinstance(data, str) else data

    @field_validator("scale", mode="before")
    @classmethod
    def _scale_by_name(cls, data: Any) -> Any:
        return Scale.preset(data) if isinstance(data, str) else data

    @field_validator("rule_sets", "scales", mode="before")
    @classmethod
    def _sets_by_name(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, dict):
            return data
        made: Callable[[str], Any] = (
            RuleSet.preset if info.field_name == "rule_sets" else Scale.preset
        )
        # keys of digits are numbers to a plan file, as years are: +1 would be the same as 1
        signed = next((k for k in data if str(k).startswith(("+", "-"))), None)
        if signed is not None:
            raise ValueError(f"名前「{signed}」を、+ や - で始まらないものに変えてください")
        named = {str(k) if type(k) is int else k: one for k, one in data.items()}
        return {name: made(one) if isinstance(one, str) else one for name, one in named.items()}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.first_year > self.last_year:
            raise ValueError("first_year が last_year より後になっています")
        from shakyo_review.domain.contradictions import find_contradictions

        find_contradictions(self)
        return self

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every node by code, in print order."""
        return {item.code: item for item in _walk(self, self.tree, None, -1, ())}

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by code, in print order."""
        return {ind.code: ind for item in self.items.values() for ind in item.node.indicators}

    @cached_property
    def action_of(self) -> dict[str, str]:
        """The code of the node each indicator belongs to."""
        return {ind.code: item.code for item in self.items.values() for ind in item.node.indicators}

    @cached_property
    def branch_codes(self) -> tuple[str, ...]:
        """All branches in print order."""
        return tuple(branch.code for branch in self.branches)

    @cached_property
    def branch_names(self) -> dict[str, str]:
        """Branch names by code."""
        return {branch.code: branch.name for branch in self.branches}

    def branches_of(self, indicator_code: str) -> tuple[str, ...]:
        """Return the branches in which the indicator's item runs (all of the plan's if it names none)."""
        named = self.items[self.action_of[indicator_code]].node.branches
        return self.branch_codes if named in ("all", ()) else tuple(named)

    def children_of(self, code: str | None) -> list[Item]:
        """Return the items directly under ``code`` (None: the top ones) in print order."""
        return self._children.get(code, [])

    @cached_property
    def _children(self) -> dict[str | None, list[Item]]:
        children: dict[str | None, list[Item]] = {}
        for item in self.items.values():
            children.setdefault(item.parent, []).append(item)
        return children

    def path_of(self, code: str) -> list[Item]:
        """Return the item and everything above it, top first."""
        path: list[Item] = []
        current: str | None = code
        while current is not None:
            item = self.items[current]
            path.append(item)
            current = item.parent
        return path[::-1]

    def accepts_year(self, year: int) -> bool:
        """Whether figures of a year belong into this plan: its period and ten years before it."""
        return self.first_year - YEARS_BEFORE <= year <= self.last_year

    def check_year(self, year: int) -> int:
        """Return the year; ``WrongUsage`` for one outside the plan."""
        if not self.accepts_year(year):
            raise WrongUsage(
                f"{year_label(year)}は計画の期間（{year_label(self.first_year)}〜{year_label(self.last_year)}）と"
                f"その前{YEARS_BEFORE}年の外です。",
                "年度を確かめてください。",
            )
        return year

    def rules_of(self, indicator: Indicator) -> RuleSet:
        """Return by which rules an indicator's rate is taken and shown: those it names, else the plan's."""
        name = indicator.rule_set
        if name is None:
            return self.rule_set
        return self.rule_sets.get(name) or RuleSet.preset(name)

    def scale_of(self, indicator: Indicator) -> Scale:
        """Return the scale of an indicator's letter: the one it names, else the plan's."""
        name = indicator.scale
        if name is None:
            return self.scale
        return self.scales.get(name) or Scale.preset(name)

    def owners_of(self, indicator_code: str) -> tuple[Owner, ...]:
        """Return who answers for an indicator."""
        return self.items[self.action_of[indicator_code]].owners

    def indicator(self, code: str) -> Indicator:
        """Return an indicator; ``WrongUsage`` names an unknown code."""
        try:
            return self.indicators[code]
        except KeyError:
            raise WrongUsage(
                f"指標{quoted(code)}は計画「{self.title}」にありません。",
                "「plan show」でコードを確かめてください。",
            ) from None


def _walk(
    plan: Plan, nodes: tuple[Node, ...], parent: str | None, level: int, owners: tuple[Owner, ...]
) -> Iterator[Item]:
    for node in nodes:
        here = level + 1 if node.level is None else node.level
        held = node.owners or owners
        label = node.label or plan.levels[here]
        yield Item(node=node, parent=parent, level=here, label=label, owners=held)
        yield from _walk(plan, node.children, node.code, here, held)


def map_nodes(plan: Plan, change: Callable[[Node], dict[str, Any]]) -> Plan:
    """Return the plan with the fields of every node replaced that ``change`` gives for it."""

    def mapped(node: Node) -> Node:
        children = tuple(mapped(child) for child in node.children)
        return node.model_copy(update={"children": children, **change(node)})

    fields = {name: getattr(plan, name) for name in Plan.model_fields}
    return Plan.model_validate({**fields, "tree": tuple(mapped(node) for node in plan.tree)})


def map_indicators(plan: Plan, change: Callable[[Indicator], Indicator]) -> Plan:
    """Return the plan with every indicator replaced by what ``change`` makes of it."""
    return map_nodes(
        plan, lambda node: {"indicators": tuple(change(one) for one in node.indicators)}
    )
