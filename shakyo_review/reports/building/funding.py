"""The money of a goal: budget and settlement in 千円, this year beside the last year known."""

from collections.abc import Sequence
from decimal import Decimal

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.money import Quotient, amounts, execution_rate
from shakyo_review.domain.plan import Funding, Item
from shakyo_review.domain.value import format_number, format_percent, half_up
from shakyo_review.reports.context.parts import Fact, Figure, FundingRow, FundingTable
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import NO_FIGURE, figure, item_name

RATE_DECIMALS = 1


def build_funding(m: Material, items: Sequence[Item]) -> FundingTable | None:
    """Build the table of the money of some items; None where there is none."""
    lines = [(item, line) for item in items for line in item.node.funding]
    if not lines:
        return None
    columns = money_columns(m)
    rows = [
        FundingRow(
            item=item_name(item),
            name=line.name,
            sources="・".join(line.sources) or "－",
            amounts=[_amount(item, line, year, settled) for year, settled in columns],
            rate=_rate([(item, line)], m.score.year),
        )
        for item, line in lines
    ]
    totals = [_total(lines, year, settled) for year, settled in columns]
    heads = [f"{short_year(year)}{'決算' if settled else '予算'}" for year, settled in columns]
    has_rates = any(m.score.year in line.settlement for _, line in lines)
    return FundingTable(
        heads=heads,
        rows=rows,
        totals=totals,
        has_rates=has_rates,
        rate=_rate(lines, m.score.year),
        facts=_money_facts(m, items, lines, has_rates),
    )


def _quotient(lines: Sequence[tuple[Item, Funding]], year: int) -> Quotient:
    held = [line for _, line in lines]
    return execution_rate(amounts(held, year, settled=False), amounts(held, year, settled=True))


def _rate(lines: Sequence[tuple[Item, Funding]], year: int) -> Figure:
    """Return 執行率 of some lines: settlement against budget."""
    rate = _quotient(lines, year).value
    if rate is None:
        return NO_FIGURE
    text = format_percent(half_up(rate, RATE_DECIMALS), RATE_DECIMALS)
    given = (item for item, line in lines if year in line.budget or year in line.settlement)
    return figure(text, example=any(item.node.example for item in given))


def _money_facts(
    m: Material, items: Sequence[Item], lines: Sequence[tuple[Item, Funding]], has_rates: bool
) -> list[Fact]:
    """Tell why there is no rate for all, and what one unit of an action's main indicator costs."""
    facts = []
    why = _quotient(lines, m.score.year).reason
    if has_rates and why:
        facts.append(Fact(name="計の執行率", text=f"なし（{why}）"))
    return facts + unit_costs(m, items)


def unit_costs(m: Material, items: Sequence[Item]) -> list[Fact]:
    """Tell what one unit of an action's main indicator costs, where that says anything."""
    facts = []
    for item in items:
        cost = m.money.items[item.code].unit_cost
        if item.node.repeats is None and cost.value is not None and cost.indicator is not None:
            unit = f"1{cost.indicator.unit}あたり" if cost.indicator.unit else "単位あたり"
            mark = f"（{EXAMPLE_MARK}）" if cost.example else ""
            told = (
                f"{unit} {format_number(half_up(cost.value, 0))}円（{cost.indicator.name}）{mark}"
            )
            facts.append(Fact(name=f"単位あたり　{item_name(item)}", text=told))
    return facts


def money_columns(m: Material) -> list[tuple[int, bool]]:
    """Return (year, settled?) of this year and the latest earlier one with money, oldest first."""
    lines = [line for item in m.plan.items.values() for line in item.node.funding]
    years = {year for line in lines for year in (*line.budget, *line.settlement)}
    earlier = [year for year in years if year < m.score.year]
    columns: list[tuple[int, bool]] = []
    for year in [*([max(earlier)] if earlier else []), m.score.year]:
        if any(year in line.budget for line in lines) or year == m.score.year:
            columns.append((year, False))
        if any(year in line.settlement for line in lines):
            columns.append((year, True))
    return columns


def _amount(item: Item, line: Funding, year: int, settled: bool) -> Figure:
    amount = (line.settlement if settled else line.budget).get(year)
    if amount is None:
        return NO_FIGURE
    note = "見込み" if year in line.forecast and not settled else ""
    return figure(format_number(Decimal(amount)), example=item.node.example, note=note)


def _total(lines: Sequence[tuple[Item, Funding]], year: int, settled: bool) -> Figure:
    """Add up what is given; a line without an amount adds nothing and is no zero."""
    total = amounts((line for _, line in lines), year, settled=settled).total
    if total is None:
        return NO_FIGURE
    given = (item for item, line in lines if year in (line.settlement if settled else line.budget))
    return figure(format_number(Decimal(total)), example=any(item.node.example for item in given))
