"""The JSON documents of ``landing`` and ``budget``. Decimals are strings, absent ones null."""

from decimal import Decimal
from typing import Any

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.landing import ESTIMATE_WORD, YEAR_MONTHS, Basis, Landing
from shakyo_review.domain.money import Amounts, Money, MoneyYear
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rollup import Whole
from shakyo_review.domain.value import half_up, plain

Json = dict[str, Any]

RATE_DECIMALS = 1
"""Decimals of 執行率, on screen and in JSON."""


def landing_note(year: int) -> str:
    """Return the sentence that stands above every check of a year under way."""
    return (
        f"着地見込み・率・判定は、{year_label(year)}の途中までの実績から計算した{ESTIMATE_WORD}です。"
        "年度の実績ではなく、記録もされません。"
    )


def landing_view(plan: Plan, year: int, until: str, checked: list[Landing]) -> Json:
    """Return ``landing --json``."""
    return {
        "plan": plan.code,
        "fiscal_year": year,
        "until": until or None,
        "word": ESTIMATE_WORD,
        "note": landing_note(year),
        "indicators": [_landing(plan, one) for one in checked if one.basis is not Basis.YEARLY],
        "without_periods": [
            {**_indicator(plan, one), "actual": _whole(one, one.yearly)}
            for one in checked
            if one.basis is Basis.YEARLY
        ],
    }


def _indicator(plan: Plan, one: Landing) -> Json:
    d = one.indicator.figure_decimals
    return {
        "code": one.indicator.code,
        "action": plan.action_of[one.indicator.code],
        "name": one.indicator.name,
        "unit": one.indicator.unit,
        "target": plain(one.target.value, d),
        "target_text": one.target.whole.reading.text or None,
        "example": one.example,
    }


def _whole(one: Landing, whole: Whole | None) -> Json | None:
    """Return a figure: what is known of it, also where it is only a part (``interim``)."""
    if whole is None:
        return None
    reading = whole.reading
    value = whole.interim if reading.value is None else reading.value
    return {
        "value": plain(value, one.indicator.figure_decimals),
        "text": reading.text or None,
        "state": reading.state.value,
        "forecast": reading.forecast,
        "missing": list(whole.missing),
    }


def _landing(plan: Plan, one: Landing) -> Json:
    s = one.score
    d = one.indicator.figure_decimals
    whole = None if one.whole is None else one.whole.reading
    return {
        **_indicator(plan, one),
        "months": {
            "entered": one.months[0],
            "entered_most": one.months[1],
            "due": one.due,
            "of": YEAR_MONTHS,
        },
        "so_far": _whole(one, one.so_far),
        "typed_forecast": None if one.typed is None else plain(one.typed.reading.value, d),
        "landing": {
            "basis": one.basis.value,
            "word": one.word or None,
            "value": None if whole is None else plain(whole.value, d),
            "text": None if whole is None else whole.text or None,
            "reason": one.reason or None,
        },
        "rate": None if s is None else plain(s.printed_rate, s.rules.decimals),
        "display": None if s is None else s.display,
        "pace": None if s is None else plain(s.printed_pace, s.rules.decimals),
        "rating": None if s is None else s.rating,
        "reason_text": None if s is None else s.reason_text,
        "notes": list(one.notes),
    }


def money_view(money: MoneyYear) -> Json:
    """Return ``budget --json``; amounts in 千円, cost per unit in 円."""
    return {
        "plan": money.plan.code,
        "fiscal_year": money.year,
        "amounts_in": "千円",
        "total": _money(money.total),
        "items": [_item(one) for one in money.items.values()],
    }


def _item(money: Money) -> Json:
    item = money.item
    placed = {}
    if item is not None:
        placed = {
            "code": item.code,
            "parent": item.parent,
            "level": item.level,
            "label": item.label,
            "name": item.name,
        }
    cost = money.unit_cost
    return {
        **placed,
        "repeats": money.repeats,
        **_money(money),
        "unit_cost": {
            "indicator": None if cost.indicator is None else cost.indicator.code,
            "unit": None if cost.indicator is None else cost.indicator.unit,
            "value": None if cost.value is None else plain(half_up(cost.value, 0)),
            "reason": cost.reason or None,
        },
    }


def _money(money: Money) -> Json:
    rate = money.rate
    return {
        "lines": money.lines,
        "lines_without_amount": money.silent,
        "budget": _amounts(money.budget),
        "settlement": _amounts(money.settlement),
        "execution_rate": None
        if rate.value is None
        else plain(half_up(rate.value, RATE_DECIMALS), RATE_DECIMALS),
        "execution_reason": rate.reason or None,
        "difference": _thousands(money.difference),
        "sources": list(money.sources),
        "example": money.example,
    }


def _amounts(amounts: Amounts) -> Json:
    return {
        "total": _thousands(amounts.total),
        "missing": amounts.missing,
        "forecast": amounts.forecast,
    }


def _thousands(amount: int | None) -> str | None:
    return None if amount is None else plain(Decimal(amount))
