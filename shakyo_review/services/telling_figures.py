"""What a row of the history says, with its figures written as everywhere: 2,286人 → 2,305人."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import format_number
from shakyo_review.services.telling import fact_text
from shakyo_review.storage.history import Change

_MONEY_UNIT = "千円"


def change_texts(plan: Plan, change: Change) -> tuple[str, str]:
    """Return what stood there before a change and what stands there after it, in a short phrase each."""
    return value_text(plan, change, change.old), value_text(plan, change, change.new)


def value_text(plan: Plan, change: Change, facts: Mapping[str, object] | None) -> str:
    """Return facts of a row in one line; figures with commas and the unit of their indicator."""
    unit = _unit(plan, change)
    if change.entity == "erratum" and isinstance(facts, Mapping):
        parts = {name: _figure(facts[name], unit) for name in ("old", "new") if name in facts}
        return fact_text(change.entity, {**facts, **parts})
    if change.entity in ("cell", "funding", "indicator"):
        return fact_text(change.entity, _figure(facts, unit))
    return fact_text(change.entity, facts)


def _unit(plan: Plan, change: Change) -> str:
    indicator = plan.indicators.get(change.code)
    if change.entity == "funding" or indicator is None:
        return _MONEY_UNIT if change.entity == "funding" else ""
    return indicator.unit


def _figure(facts: object, unit: str) -> object:
    """Return facts whose number is written for people; what is no number stays as it is."""
    if not isinstance(facts, Mapping) or not isinstance(facts.get("value"), str):
        return facts
    share = isinstance(facts.get("denominator"), str)
    written = {"value": _number(facts["value"]) + ("" if share else unit)}
    if share:
        written["denominator"] = _number(facts["denominator"]) + unit
    return {**facts, **written}


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 40:  # nothing this program has written
        return text
    return format_number(number, max(0, -int(number.as_tuple().exponent)))
