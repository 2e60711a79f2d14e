"""Budget beside result: the money of every item in 千円, how much of it was used, cost per unit.

It stands beside the letters and is never part of one. Missing is never zero: a line without a
settlement adds nothing, and a sum or rate over it says so. A 再掲 shows the money of the item it
repeats and counts only there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from shakyo_review.domain.goals import original
from shakyo_review.domain.indicator import (
    Direction,
    Indicator,
    IndicatorKind,
    Measure,
    Parts,
    Periods,
)
from shakyo_review.domain.plan import Funding, Item, Plan
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import STATE_LABELS, State

THOUSAND = 1000
"""Amounts are in 千円, the cost of a unit in 円."""
MONEY_UNITS = ("円", "千円", "万円", "百万円", "億円")
SHARE_MARKS = ("％", "%", "‰", "割", "率", "ポイント")


@dataclass(frozen=True, slots=True)
class Amounts:
    """Budgets or settlements of one year added up.

    ``total`` is None where no line has one; ``missing`` counts the lines of the year that have
    none; ``forecast`` says that one of those added is 見込み.
    """

    total: int | None = None
    missing: int = 0
    forecast: bool = False

    @property
    def complete(self) -> bool:
        """Whether every line of the year has given its amount."""
        return self.total is not None and not self.missing


def amounts(lines: Iterable[Funding], year: int, *, settled: bool) -> Amounts:
    """Add up the budgets, or the settlements, of a year.

    A line with neither in that year is no line of the year: a new one, or one that has ended.
    A forecast (見込み) is a matter of the budget; a settlement is what was spent.
    """
    total: int | None = None
    missing, forecast = 0, False
    for line in lines:
        amount = (line.settlement if settled else line.budget).get(year)
        if amount is not None:
            total = amount + (total or 0)
            forecast = forecast or (year in line.forecast and not settled)
        elif year in line.budget or year in line.settlement:
            missing += 1
    return Amounts(total, missing, forecast)


@dataclass(frozen=True, slots=True)
class Quotient:
    """A rate or a cost, exact; or in a phrase why there is none."""

    value: Fraction | None = None
    reason: str = ""


def execution_rate(budget: Amounts, settlement: Amounts) -> Quotient:
    """Return 執行率, settlement ÷ budget in %; a part of the lines is not held against all."""
    for word, amount in (("予算額", budget), ("決算額", settlement)):
        if amount.total is None:
            return Quotient(reason=f"{word}がない")
        if amount.missing:
            return Quotient(reason=f"{word}のない財源が{amount.missing}件ある")
    if not budget.total or budget.total < 0:
        return Quotient(reason="予算額が0以下")
    return Quotient(Fraction(100 * (settlement.total or 0), budget.total))


@dataclass(frozen=True, slots=True)
class UnitCost:
    """円 for one unit of the main indicator, exact; or in a phrase why there is none."""

    indicator: Indicator | None = None
    value: Fraction | None = None
    reason: str = ""
    example: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """The money of an item with all that lies under it, or of the whole plan (``item`` None).

    ``lines`` counts the funding lines with an amount in the year, ``silent`` those without any.
    ``repeats`` is the code of the item whose money a 再掲 shows.
    """

    item: Item | None
    budget: Amounts
    settlement: Amounts
    sources: tuple[str, ...] = ()
    lines: int = 0
    silent: int = 0
    unit_cost: UnitCost = UnitCost()
    repeats: str | None = None
    example: bool = False

    @property
    def rate(self) -> Quotient:
        """執行率."""
        return execution_rate(self.budget, self.settlement)

    @property
    def difference(self) -> int | None:
        """差異, budget less settlement; None where either is not complete."""
        if not (self.budget.complete and self.settlement.complete):
            return None
        return (self.budget.total or 0) - (self.settlement.total or 0)


@dataclass(frozen=True, slots=True)
class MoneyYear:
    """The money of every item and of the plan in one year."""

    plan: Plan
    year: int
    items: dict[str, Money]
    total: Money

    @property
    def goals(self) -> list[Money]:
        """The items of the top level, in print order."""
        return [self.items[item.code] for item in self.plan.children_of(None)]


def money_of(plan: Plan, year: int, scores: Mapping[str, IndicatorScore]) -> MoneyYear:
    """Return the money of a plan in a year beside its results (``scores`` by indicator)."""
    own: dict[str, Money] = {}
    every: list[tuple[Item, Funding]] = []
    for item in plan.children_of(None):
        every += _gather(plan, item, year, scores, own)
    items = {}
    for code, item in plan.items.items():
        source = original(plan, item)
        shown = own[source.code]
        items[code] = shown if source is item else replace(shown, item=item, repeats=source.code)
    return MoneyYear(plan, year, items, _money(None, every, year))


def _gather(
    plan: Plan,
    item: Item,
    year: int,
    scores: Mapping[str, IndicatorScore],
    made: dict[str, Money],
) -> list[tuple[Item, Funding]]:
    """Return the lines of an item and of all under it; puts the money of each into ``made``."""
    if item.node.repeats is not None:
        return []
    lines = [(item, line) for line in item.node.funding]
    for child in plan.children_of(item.code):
        lines += _gather(plan, child, year, scores, made)
    money = _money(item, lines, year)
    made[item.code] = replace(money, unit_cost=_unit_cost(plan, item, money, year, scores))
    return lines


def _money(item: Item | None, lines: list[tuple[Item, Funding]], year: int) -> Money:
    held = [line for _, line in lines]
    of_year = [
        (owner, line) for owner, line in lines if year in line.budget or year in line.settlement
    ]
    return Money(
        item=item,
        budget=amounts(held, year, settled=False),
        settlement=amounts(held, year, settled=True),
        sources=tuple(dict.fromkeys(name for _, line in of_year for name in line.sources)),
        lines=len(of_year),
        silent=len(lines) - len(of_year),
        example=any(owner.node.example for owner, _ in of_year),
    )


def _unit_cost(
    plan: Plan, item: Item, money: Money, year: int, scores: Mapping[str, IndicatorScore]
) -> UnitCost:
    """Return settlement × 1000 ÷ actual of an action, where that says anything."""
    indicators = item.node.indicators
    if not indicators:
        return UnitCost(reason="指標のない項目")
    if any(_has_indicators(plan, child) for child in plan.children_of(item.code)):
        return UnitCost(reason="下位の項目にも指標がある")
    named = [indicator for indicator in indicators if indicator.main]
    if not named and len(indicators) > 1:
        return UnitCost(reason="主たる指標が決まっていない")
    main = (named or list(indicators))[0]
    score = scores.get(main.code)
    reason = (
        _no_settlement(money) or _no_quantity(main) or (_no_amount(score, year) if score else "")
    )
    if reason or score is None or score.actual.amount is None:
        return UnitCost(main, reason=reason or "実績がない")
    cost = Fraction((money.settlement.total or 0) * THOUSAND) / score.actual.amount
    return UnitCost(main, cost, example=score.actual.example or main.example or money.example)


def _has_indicators(plan: Plan, item: Item) -> bool:
    return bool(item.node.indicators) or any(
        _has_indicators(plan, child) for child in plan.children_of(item.code)
    )


def _no_settlement(money: Money) -> str:
    if money.settlement.total is None:
        return "決算額がない"
    missing = money.settlement.missing
    return f"決算額のない財源が{missing}件ある" if missing else ""


def _no_quantity(indicator: Indicator) -> str:
    """Why money cannot be divided by such a figure; empty where it can.

    What is bought with the money of a year is a number of things done in that year: no running
    total, no share, no mean, no sum of money, nothing that is meant to become less. An indicator
    that is not judged serves where it is a plain count.
    """
    if indicator.kind is not IndicatorKind.OUTPUT:
        return "活動指標ではない"
    if indicator.measure is not Measure.ANNUAL:
        return "単年度の指標ではない"
    unit = indicator.unit.strip()
    if indicator.parts in (Parts.RATIO, Parts.MEAN) or unit.endswith(SHARE_MARKS):
        return "割合・平均の指標"
    if indicator.period_rule in (Periods.MEAN, Periods.MAX):
        return "平均・最大の指標"
    if unit in MONEY_UNITS:
        return "金額の指標"
    if indicator.direction in (Direction.LOWER, Direction.KEEP_MAX):
        return "少ないほど良い指標"
    if indicator.direction is Direction.NONE and indicator.decimals:
        return "評価しない指標で、数を数えるものではない"
    return ""


def _no_amount(score: IndicatorScore, year: int) -> str:
    """Why an actual is no divisor; empty where it is one."""
    actual = score.actual
    if actual.reading.state is not State.VALUE or actual.amount is None:
        return f"実績が{STATE_LABELS[actual.reading.state]}"
    if actual.reading.forecast:
        return "実績が見込み"
    if actual.measured_year not in (None, year):
        return "実績が別の年度のもの"
    return "" if actual.amount > 0 else "実績が0以下"
