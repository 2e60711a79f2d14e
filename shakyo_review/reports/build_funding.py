"""The money of a goal: budget and settlement in 千円, this year beside the last year known."""

from collections.abc import Sequence
from decimal import Decimal

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.money import amounts
from shakyo_review.domain.plan import Funding, Item
from shakyo_review.domain.value import format_number
from shakyo_review.reports.context import (
    FundingRow,
    FundingTable,
)
from shakyo_review.reports.context_parts import Figure
from shakyo_review.reports.pieces import (
    NO_FIGURE,
    Material,
    figure,
    item_name,
)


def build_funding(m: Material, items: Sequence[Item]) -> FundingTable | None:
    """Build the table of the money of some items; None where there is none."""
    lines = [(item, line) for item in items for line in item.node.funding]
    if not lines:
        return None
    columns = _columns(m)
    rows = [
        FundingRow(
            item=item_name(item),
            name=line.name,
            sources="・".join(line.sources) or "－",
            amounts=[_amount(item, line, year, settled) for year, settled in columns],
        )
        for item, line in lines
    ]
    totals = [_total(lines, year, settled) for year, settled in columns]
    heads = [f"{short_year(year)}{'決算' if settled else '予算'}" for year, settled in columns]
    return FundingTable(heads=heads, rows=rows, totals=totals)


def _columns(m: Material) -> list[tuple[int, bool]]:
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
