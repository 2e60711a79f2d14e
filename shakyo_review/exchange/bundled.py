"""The plans shipped with the product: five real ones, each with example figures for the demo."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import Field

from shakyo_review.domain.base import Model
from shakyo_review.domain.indicator import Code, Indicator, Year
from shakyo_review.domain.plan import Node, Plan
from shakyo_review.errors import PlanProblem, WrongUsage
from shakyo_review.exchange.long_csv import parse_rows
from shakyo_review.exchange.plan_yaml import load_model, parse_plan
from shakyo_review.exchange.rows import LongRow

_NAMES = ("osaka", "okegawa", "zushi", "isesaki", "asahi")


class _Placed(Indicator):
    """An example indicator with the item it is put under."""

    action: Code


class _ExampleFile(Model):
    """What ``example.yaml`` holds."""

    open_year: Year
    report_year: Year
    last_year: Year | None = None
    indicators: tuple[_Placed, ...] = ()


class Example(Model):
    """Invented indicators and figures that show a bundled plan at work (例示).

    ``open_year`` is the year being filled in, ``report_year`` the one to print; ``last_year``
    is set where the demo goes beyond the plan. ``indicators`` are (code of the item, indicator).
    """

    open_year: Year
    report_year: Year
    last_year: Year | None = None
    indicators: tuple[tuple[Code, Indicator], ...] = ()
    rows: tuple[LongRow, ...] = Field((), description="例示の値")


def bundled_names() -> tuple[str, ...]:
    """Return the names of the bundled plans in the order in which they are offered."""
    return _NAMES


@cache
def bundled_plan(name: str) -> Plan:
    """Return a bundled plan; ``WrongUsage`` names those there are."""
    return parse_plan(_text(name, "plan.yaml"), f"{name}/plan.yaml")


@cache
def bundled_example(name: str) -> Example:
    """Return the example figures of a bundled plan; ``WrongUsage`` for an unknown name."""
    read = load_model(_ExampleFile, _text(name, "example.yaml"), f"{name}/example.yaml")
    rows = parse_rows(_text(name, "example.csv"), f"{name}/example.csv")
    return Example(
        open_year=read.open_year,
        report_year=read.report_year,
        last_year=read.last_year,
        indicators=tuple((placed.action, _as_example(placed)) for placed in read.indicators),
        rows=tuple(rows),
    )


def with_example(plan: Plan, example: Example) -> Plan:
    """Return a plan with example indicators after the plan's own, and its last year extended.

    Raises ``PlanProblem`` where an example belongs to no item of the plan.
    """
    added: dict[str, list[Indicator]] = {}
    for action, indicator in example.indicators:
        if action not in plan.items:
            raise PlanProblem(
                f"例示の指標「{indicator.code}」の項目「{action}」が計画「{plan.title}」にありません。",
                "例示のファイルを直してください。",
                action,
            )
        added.setdefault(action, []).append(indicator)
    fields: dict[str, Any] = {name: getattr(plan, name) for name in Plan.model_fields}
    fields["tree"] = tuple(_with_indicators(plan.tree, added))
    fields["last_year"] = max(plan.last_year, example.last_year or plan.last_year)
    return Plan(**fields)


def _as_example(placed: _Placed) -> Indicator:
    fields = {name: getattr(placed, name) for name in placed.model_fields_set - {"action"}}
    return Indicator(**{**fields, "example": True})


def _with_indicators(nodes: tuple[Node, ...], added: dict[str, list[Indicator]]) -> Iterator[Node]:
    for node in nodes:
        yield node.model_copy(
            update={
                "indicators": (*node.indicators, *added.get(node.code, ())),
                "children": tuple(_with_indicators(node.children, added)),
            }
        )


def _text(name: str, file: str) -> str:
    if name not in _NAMES:
        raise WrongUsage(
            f"「{name[:40]}」という計画は入っていません。", f"使える名前: {'、'.join(_NAMES)}。"
        )
    return files("shakyo_review").joinpath("plans", name, file).read_text(encoding="utf-8")
