"""What stands beside the letters of a line: its money, and where a year in progress would land."""

from decimal import Decimal

from shakyo_review.domain.cell import CellTable
from shakyo_review.domain.landing import Basis, landing
from shakyo_review.domain.money import Amounts, Money, MoneyYear
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import format_number, half_up
from shakyo_review.ui.marks import letter
from shakyo_review.ui.widgets.prose import Para

RATE_DECIMALS = 1


def money_paragraphs(money: MoneyYear, code: str) -> list[Para]:
    """Return budget, settlement, rate and cost of a line; nothing where it has no money."""
    one = money.items.get(money.plan.action_of.get(code, code))
    if one is None or not one.lines or code not in money.items:
        return []
    marks = [f"予算 {_amount(one.budget)}", f"決算 {_amount(one.settlement)}"]
    rate = one.rate.value
    if rate is not None:
        marks.append(f"執行率 {format_number(half_up(rate, RATE_DECIMALS), RATE_DECIMALS)}%")
    lines = ["　".join(marks)]
    lines += [f"執行率なし（{one.rate.reason}）"] if rate is None and _both(one) else []
    cost = one.unit_cost
    if cost.value is not None and cost.indicator is not None:
        unit = f"1{cost.indicator.unit}あたり" if cost.indicator.unit else "単位あたり"
        lines.append(f"{unit} {format_number(half_up(cost.value, 0))}円（{cost.indicator.name}）")
    if one.example or cost.example:
        lines.append("例示の金額を含みます")
    if one.repeats is not None:
        lines.append("再掲元の金額です。合計には1度だけ数えます")
    return [Para(line, head="予算・決算") for line in lines]


def _both(one: Money) -> bool:
    return one.budget.total is not None and one.settlement.total is not None


def _amount(amounts: Amounts) -> str:
    if amounts.total is None:
        return "未入力"
    marks = [f"ほか未入力{amounts.missing}件"] if amounts.missing else []
    marks += ["見込み"] if amounts.forecast else []
    told = f"（{'、'.join(marks)}）" if marks else ""
    return f"{format_number(Decimal(amounts.total))}千円{told}"


def landing_paragraphs(plan: Plan, cells: CellTable, year: int, code: str) -> list[Para]:
    """Return where an indicator would land by the periods that are in, always called an estimate."""
    indicator = plan.indicators.get(code)
    if indicator is None:
        return []
    one = landing(plan, indicator, cells, year)
    if one.basis is Basis.NONE:
        return [Para(f"推計できません（{one.reason}）", head="着地見込み")]
    if one.basis is not Basis.ESTIMATE:
        return []
    unit = indicator.unit
    lines = [f"{one.months_text}から {one.text}{f'　単位 {unit}' if unit else ''}"]
    if one.score is not None:
        lines.append(f"率 {one.score.display}（推計）　判定 {letter(one.score.rating)}（推計）")
    lines += list(one.notes)
    return [Para(line, head="着地見込み") for line in lines]
