"""Commands of the errata: figures of a sealed year corrected, and what was corrected."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from shakyo_review.cli.common import Calling, emit_json, json_option, pass_calling, year_option
from shakyo_review.cli.figures import figure_place, typed_reading
from shakyo_review.cli.japanese import JapaneseCommand, JapaneseGroup
from shakyo_review.cli.tables import table
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.funding import funding_code, funding_lines
from shakyo_review.domain.value import (
    Reading,
    State,
    format_number,
    format_reading,
    read_number,
)
from shakyo_review.errors import WrongUsage

if TYPE_CHECKING:
    from shakyo_review.domain.cell import CellKey
    from shakyo_review.domain.plan import Plan
    from shakyo_review.services.year_views import Erratum

AMOUNT_UNIT = "千円"


@click.group(cls=JapaneseGroup)
def errata() -> None:
    """確定した年度の値や金額の誤りを、正誤として残して直します。"""


@errata.command("add", cls=JapaneseCommand)
@click.argument("code")
@year_option()
@click.option("--target", metavar="V", help="正しい目標の値。")
@click.option("--actual", metavar="V", help="正しい実績の値。")
@click.option("--state", metavar="S", help="値のない実績の、正しい状態（中止 など）。")
@click.option(
    "--budget", metavar="V", help="正しい予算額（千円）。CODE は財源のコード（1-1.f1 など）。"
)
@click.option("--settlement", metavar="V", help="正しい決算額（千円）。CODE は財源のコード。")
@click.option("--branch", default="", metavar="B", help="区・支所・地区のコードか名前。")
@click.option(
    "--period", default="", metavar="P", help="月（04〜03）、四半期（Q1〜Q4）、半期（H1・H2）。"
)
@click.option("--reason", required=True, metavar="T", help="正誤の理由（報告書に載ります）。")
@json_option
@pass_calling
def add_erratum(
    calling: Calling,
    code: str,
    year: int,
    target: str | None,
    actual: str | None,
    state: str | None,
    budget: str | None,
    settlement: str | None,
    branch: str,
    period: str,
    reason: str,
    as_json: bool,
) -> None:
    """確定した年度の値や金額を直し、新しい内容で確定し直します（前の確定も残ります）。

    CODE は指標のコード、金額では財源のコードです。
    """
    from shakyo_review.domain.cell import CellKey, Kind
    from shakyo_review.services import sealing
    from shakyo_review.services.year_views import errata_of, errata_view, sealing_of

    given = [one for one in (target, actual, state, budget, settlement) if one is not None]
    if len(given) != 1:
        raise WrongUsage(
            "--target・--actual・--state・--budget・--settlement のうち1つを指定してください。",
            "「errata add 1a --year R6 --actual 495 --reason 転記の誤り」のように書きます。",
        )
    with calling.open() as book:
        book.plan.check_year(year)
        plan = book.plan_of(year)
        if budget is not None or settlement is not None:
            code, reading = _line_code(plan, code), _amount(given[0])
            kind = Kind.BUDGET if budget is not None else Kind.SETTLEMENT
        else:
            reading = typed_reading(plan.indicator(code), target, actual, state)
            kind = Kind.TARGET if target is not None else Kind.ACTUAL
        sealing.correct(book, CellKey(code, year, kind, branch, period), reading, reason)
        made = errata_of(book, year)[-1]
        told = sealing_of(book, year)
    if as_json:
        emit_json(errata_view(year, [made]))
        return
    number = "" if told is None else f"確定{told.last}回目として残しました。"
    click.echo(f"正誤{made.number}番: {_place(plan, made.key)}: {_change(plan, made)}。{number}")


def _line_code(plan: "Plan", code: str) -> str:
    """Return the code of a funding line; an item stands for the only line it has."""
    item = plan.items.get(code)
    return funding_code(code, 1) if item is not None and len(item.node.funding) == 1 else code


def _amount(typed: str) -> Reading:
    text = typed.strip().removesuffix(AMOUNT_UNIT)
    return Reading(State.VALUE, read_number(text)) if text else Reading(State.NOT_ENTERED)


def _place(plan: "Plan", key: "CellKey") -> str:
    """Return where a figure stands: 1a 参加者数（R6 実績 北区）."""
    name = ""
    if key.indicator in plan.indicators:
        name = plan.indicators[key.indicator].name
    elif known := funding_lines(plan).get(key.indicator):
        item, line = known
        name = line.name or item.name
    return (
        f"{' '.join(part for part in (key.indicator, name) if part)}（{figure_place(plan, key)}）"
    )


def _change(plan: "Plan", one: "Erratum") -> str:
    """Return the wrong and the right figure, as tables show them, with the unit."""
    indicator = plan.indicators.get(one.key.indicator)
    decimals = 0 if indicator is None else indicator.figure_decimals
    unit = AMOUNT_UNIT if indicator is None else indicator.unit
    old, new = (_figure(facts, decimals) for facts in (one.old, one.new))
    return f"{old} → {new}{unit if one.new.get('value') is not None else ''}"


def _figure(facts: Any, decimals: int) -> str:
    from shakyo_review.services.json_views import facts_text

    if facts.get("value") is None or facts.get("denominator") is not None:
        return facts_text(facts) or "空欄"
    value = Decimal(facts["value"])
    if not facts.get("forecast"):
        return format_number(value, decimals)
    return format_reading(Reading(State.VALUE, value, forecast=True), decimals)


@errata.command("list", cls=JapaneseCommand)
@year_option()
@json_option
@pass_calling
def list_errata(calling: Calling, year: int, as_json: bool) -> None:
    """その年度の正誤を出します。"""
    from shakyo_review.services.year_views import errata_of, errata_view

    with calling.open() as book:
        book.plan.check_year(year)
        found = errata_of(book, year)
        plan = book.plan_of(year)
    if as_json:
        emit_json(errata_view(year, found))
        return
    if not found:
        click.echo(f"{year_label(year)}の正誤はありません。")
        return
    rows = [
        (str(one.number), one.date, _place(plan, one.key), _change(plan, one), one.reason, one.by)
        for one in found
    ]
    head = ("番号", "日付", "どこ", "誤 → 正", "理由", "記録")
    click.echo(table(head, rows, most=160))
