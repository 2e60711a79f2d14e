"""The chapter on money: budget beside settlement beside the result of each goal, in 千円."""

from collections.abc import Sequence
from decimal import Decimal

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import original
from shakyo_review.domain.money import Amounts, Money, MoneyYear, money_of
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.domain.value import format_number, format_percent, half_up
from shakyo_review.reports.building.funding import RATE_DECIMALS, money_columns, unit_costs
from shakyo_review.reports.building.letters import official_of
from shakyo_review.reports.context.parts import Figure
from shakyo_review.reports.context.year import MoneyPart, MoneyRow
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import (
    NO_FIGURE,
    NO_LETTER,
    figure,
    item_name,
    item_title,
    node_letter,
)

TOTAL = "計"


def build_money(m: Material) -> MoneyPart | None:
    """Build the chapter; None where no funding line has an amount in the year reported."""
    if not m.money.total.lines:
        return None
    columns = money_columns(m)
    by_year = {year: money_of(m.plan, year, {}) for year, _ in columns} | {m.score.year: m.money}
    rows = [
        _row(m, money, _of_columns(by_year, columns, money.item.code))
        for money in m.money.goals
        if money.item is not None and (money.lines or money.silent)
    ]
    settled = (m.score.year, True) in columns
    return MoneyPart(
        line=_line(m),
        year=m.head,
        heads=[f"{short_year(year)}{'決算' if settled else '予算'}" for year, settled in columns],
        rows=rows,
        total=_row(m, m.money.total, _of_columns(by_year, columns, WHOLE_PLAN)),
        has_settlement=settled,
        has_official=any(row.official is not None for row in rows),
        unit_costs=unit_costs(m, list(m.plan.items.values())),
    )


def _of_columns(
    by_year: dict[int, MoneyYear], columns: Sequence[tuple[int, bool]], code: str
) -> list[tuple[Amounts, bool]]:
    """Return what each column holds of an item or the whole, and whether an example is in it."""
    found = []
    for year, settled in columns:
        money = by_year[year].total if code == WHOLE_PLAN else by_year[year].items[code]
        found.append((money.settlement if settled else money.budget, money.example))
    return found


def _row(m: Material, money: Money, columns: Sequence[tuple[Amounts, bool]]) -> MoneyRow:
    item, plan = money.item, m.plan
    node = m.score.overall if item is None else m.score.nodes[item.code]
    earlier = None if m.before is None else m.before.overall
    if item is not None:
        earlier = m.before_node(item.code)
    difference = money.difference
    rate = money.rate.value
    return MoneyRow(
        title=TOTAL if item is None else item_title(item),
        letter=node_letter(plan, node),
        official=None if item is None else official_of(m, item.code),
        letter_before=NO_LETTER if earlier is None else node_letter(plan, earlier),
        amounts=[_amount(amounts, example) for amounts, example in columns],
        difference=NO_FIGURE
        if difference is None
        else figure(format_number(Decimal(difference)), example=money.example),
        rate=NO_FIGURE
        if rate is None
        else figure(
            format_percent(half_up(rate, RATE_DECIMALS), RATE_DECIMALS), example=money.example
        ),
        sources="・".join(money.sources) or "－",
        note=_note(m, money),
    )


def _amount(amounts: Amounts, example: bool) -> Figure:
    if amounts.total is None:
        return NO_FIGURE
    note = "見込みを含む" if amounts.forecast else ""
    return figure(format_number(Decimal(amounts.total)), example=example, note=note)


def _note(m: Material, money: Money) -> str:
    told = []
    if money.repeats is not None and money.item is not None:
        source = original(m.plan, money.item)
        told.append(f"{item_name(source)} の再掲。計には1回だけ数える")
    if money.settlement.total is not None and money.rate.reason:
        told.append(f"執行率なし（{money.rate.reason}）")
    return "。".join(told)


def _line(m: Material) -> str:
    total = m.money.total
    parts = []
    if total.budget.total is not None:
        parts.append(f"予算は{format_number(Decimal(total.budget.total))}千円")
    if total.settlement.total is not None:
        parts.append(f"決算は{format_number(Decimal(total.settlement.total))}千円")
    rate = total.rate.value
    if rate is not None:
        parts.append(f"執行率は{format_percent(half_up(rate, RATE_DECIMALS), RATE_DECIMALS)}")
    return (
        f"{m.head.full}の{'、'.join(parts)}です。金額の単位は千円です。金額は判定に使っていません。"
    )
