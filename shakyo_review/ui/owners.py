"""Who answers for which indicator, for the choice of whose rows are shown."""

from shakyo_review.domain.plan import Plan

NO_OWNER = "担当未定"
"""Stands for the indicators nobody answers for."""


def owners_in(plan: Plan) -> list[str]:
    """Return who answers for indicators, in print order; ``NO_OWNER`` last where some have nobody."""
    names: dict[str, None] = {}
    nobody = False
    for code in plan.indicators:
        owners = plan.owners_of(code)
        nobody = nobody or not owners
        names.update(dict.fromkeys(owner.label for owner in owners))
    return [*names, *([NO_OWNER] if nobody else [])]


def owned_by(plan: Plan, indicator: str, owner: str | None) -> bool:
    """Tell whether an indicator belongs to an owner (None: to everybody)."""
    if owner is None:
        return True
    owners = plan.owners_of(indicator)
    return any(o.label == owner for o in owners) if owners else owner == NO_OWNER
