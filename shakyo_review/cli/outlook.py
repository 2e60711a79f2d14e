"""Commands that look ahead and beside: the half-year check, and budget beside result."""

from typing import TYPE_CHECKING

import click

from shakyo_review.cli.common import Calling, emit_json, json_option, pass_calling, year_option
from shakyo_review.cli.japanese import JapaneseCommand
from shakyo_review.cli.tables import table
from shakyo_review.domain.cell import PERIOD_LABELS, check_period
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.value import format_number, format_percent, format_reading, half_up

if TYPE_CHECKING:
    from shakyo_review.domain.landing import Landing
    from shakyo_review.domain.money import Money, MoneyYear
    from shakyo_review.domain.plan import Plan
    from shakyo_review.domain.rollup import Whole

REMARK_WIDTH = 160
"""Names, sources and remarks are told in full, within reason."""
EXAMPLE_LINE = "「例示」は、資料にない見本の数値を含むことを示します。"


def _figure(one: "Landing", whole: "Whole | None", blank: str = "－") -> str:
    """Return a figure for a table: the value, what there is of it, or its state."""
    d = one.indicator.figure_decimals
    if whole is None:
        return blank
    if whole.reading.value is None and whole.interim is not None:
        return format_number(whole.interim, d)
    return format_reading(whole.reading, d, blank=blank)


def _target(one: "Landing") -> str:
    d = one.indicator.figure_decimals
    if one.target.value is not None:
        return format_number(one.target.value, d)
    return format_reading(one.target.whole.reading, d, blank="－")


def _so_far(one: "Landing") -> str:
    months = f"（{one.months_text}）"
    return f"{_figure(one, one.so_far)}{months}" if one.months[1] else "－"


def landing_table(plan: "Plan", year: int, until: str, checked: "list[Landing]") -> str:
    """Return the half-year check as a person reads it."""
    from shakyo_review.domain.landing import Basis
    from shakyo_review.services.outlook_views import landing_note

    as_of = f"{PERIOD_LABELS[until]}まで" if until else "入力済みの期間まで"
    lines = [
        f"{plan.body}　{plan.title}",
        f"{year_label(year)}の点検（{as_of}）",
        landing_note(year),
    ]
    rows = []
    for one in checked:
        if one.basis is Basis.YEARLY:
            continue
        s = one.score
        rows.append(
            (
                one.indicator.code,
                one.indicator.name,
                one.indicator.unit,
                _target(one),
                _so_far(one),
                "－"
                if one.typed is None
                else format_number(one.typed.reading.value, one.indicator.figure_decimals),
                one.text or "－",
                "－" if s is None else s.display,
                "－" if s is None else s.rating or "－",
                "、".join(
                    [
                        *([one.reason] if one.reason else []),
                        *(note for note in one.notes if note != one.reason),
                        *(["例示"] if one.example else []),
                    ]
                ),
            )
        )
    if rows:
        head = (
            *("コード", "指標", "単位", "目標", "ここまで", "見込み（入力）"),
            *("着地見込み（推計）", "率（推計）", "判定（推計）", "備考"),
        )
        lines += ["", table(head, rows, right=(3, 4, 5, 6, 7), most=REMARK_WIDTH)]
        if any(one.basis is Basis.FIGURE for one in checked):
            lines += [
                "",
                "（実績）は、年度の値が入力済みか全期間の値がそろっていて、推計ではないことを示します。",
            ]
    else:
        lines += ["", "月・四半期・半期の値が入力された指標はありません。"]
    yearly = [
        (
            one.indicator.code,
            one.indicator.name,
            one.indicator.unit,
            _target(one),
            _figure(one, one.yearly, "未入力"),
            "例示" if one.example else "",
        )
        for one in checked
        if one.basis is Basis.YEARLY
    ]
    if yearly:
        head = ("コード", "指標", "単位", "目標", "年度の値", "")
        lines += ["", "期間ごとの値がない指標（推計しません）", ""]
        lines.append(table(head, yearly, right=(3, 4), most=REMARK_WIDTH))
    if any(one.example for one in checked):
        lines += ["", EXAMPLE_LINE]
    return "\n".join(lines)


@click.command(cls=JapaneseCommand)
@year_option()
@click.option(
    "--until",
    metavar="P",
    default="",
    help="この期間まで（月 04〜03、Q1〜Q4、H1・H2。省略時は入力済みのすべて）。",
)
@json_option
@pass_calling
def landing(calling: Calling, year: int, until: str, as_json: bool) -> None:
    """年度の途中の点検: ここまでの実績と、年度末の着地見込み（推計）を出します。"""
    from shakyo_review.domain.landing import landings
    from shakyo_review.services.outlook_views import landing_view

    period = check_period(until)
    with calling.open() as book:
        book.plan.check_year(year)
        plan = book.score(year).plan
        checked = landings(plan, book.cells(year), year, period)
    if as_json:
        emit_json(landing_view(plan, year, period, checked))
        return
    click.echo(landing_table(plan, year, period, checked))


def _remarks(money: "Money") -> str:
    """Return what has to be known of a row's amounts."""
    marks = []
    if money.repeats is not None:
        marks.append(f"再掲（{money.repeats}、合計に含めない）")
    if money.budget.forecast:
        marks.append("予算額は見込み" if money.lines == 1 else "予算額に見込みを含む")
    for word, amounts in (("予算額", money.budget), ("決算額", money.settlement)):
        if amounts.missing and amounts.total is not None:
            marks.append(f"{word}の未入力{amounts.missing}件")
    cost = money.unit_cost
    action = money.item is not None and money.item.node.indicators
    if action and cost.value is None and money.settlement.total is not None:
        marks.append(f"単位あたりなし: {cost.reason}")
    if money.example or cost.example:
        marks.append("例示")
    return "、".join(marks)


def _amount(amount: int | None) -> str:
    from decimal import Decimal

    return "－" if amount is None else format_number(Decimal(amount))


def _money_row(money: "Money", name: str, code: str) -> tuple[str, ...]:
    from shakyo_review.services.outlook_views import RATE_DECIMALS

    rate, cost = money.rate.value, money.unit_cost
    per_unit = "－"
    if cost.value is not None and cost.indicator is not None:
        unit = f"／{cost.indicator.unit}" if cost.indicator.unit else ""
        per_unit = f"{format_number(half_up(cost.value, 0))}{unit}"
    return (
        code,
        name,
        _amount(money.budget.total),
        _amount(money.settlement.total),
        format_percent(None if rate is None else half_up(rate, RATE_DECIMALS), RATE_DECIMALS),
        per_unit,
        _remarks(money),
        "・".join(money.sources) or "－",
    )


def money_table(money: "MoneyYear") -> str:
    """Return the money of a plan as a person reads it."""
    plan = money.plan
    rows = [
        _money_row(one, "　" * one.item.level + one.item.name, one.item.code)
        for one in money.items.values()
        if one.item is not None and one.lines
    ]
    lines = [
        f"{plan.body}　{plan.title}",
        f"{year_label(money.year)}の予算と決算（単位: 千円。点数・判定には使いません）",
        "",
    ]
    if not rows:
        told = f"{year_label(money.year)}の予算額・決算額はありません。"
        if not money.total.silent:
            told = "この計画には財源（予算額・決算額）がありません。"
        return "\n".join([*lines, told])
    total = _money_row(money.total, "", "計画全体")
    rows.append((*total[:7], ""))
    head = ("項目", "名前", "予算額", "決算額", "執行率", "単位あたり（円）", "備考", "財源")
    lines.append(table(head, rows, right=(2, 3, 4, 5), most=REMARK_WIDTH))
    if money.total.silent:
        lines += [
            "",
            f"この年度に予算額も決算額もない財源が{money.total.silent}件あります（合計に含みません）。",
        ]
    if any(one.example or one.unit_cost.example for one in money.items.values()):
        lines += ["", EXAMPLE_LINE]
    return "\n".join(lines)


@click.command(cls=JapaneseCommand)
@year_option()
@json_option
@pass_calling
def budget(calling: Calling, year: int, as_json: bool) -> None:
    """項目ごとの予算額・決算額・執行率・財源と、単位あたりの費用を出します。"""
    from shakyo_review.domain.money import money_of
    from shakyo_review.services.outlook_views import money_view

    with calling.open() as book:
        book.plan.check_year(year)
        now = book.score(year)
    money = money_of(now.plan, year, now.indicators)
    if as_json:
        emit_json(money_view(money))
        return
    click.echo(money_table(money))
