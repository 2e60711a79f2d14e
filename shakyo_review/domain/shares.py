"""Shares that add up to 100, the same on screen, in ``explain`` and in the report."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

SHARE_DECIMALS = 1
"""Decimals of a printed share."""


def shares(counts: Sequence[int], decimals: int = SHARE_DECIMALS) -> list[Decimal]:
    """Return the shares of counts in %, adding up to exactly 100 by the largest remainder.

    Every share is rounded down first; the units still missing go to the largest remainders, the
    earlier ones where remainders are equal. Without anything to count all shares are 0.
    """
    total = sum(counts)
    if not total:
        return [Decimal(0) for _ in counts]
    whole = 100 * 10**decimals
    exact = [Fraction(count * whole, total) for count in counts]
    units = [int(share) for share in exact]
    order = sorted(range(len(counts)), key=lambda i: (units[i] - exact[i], i))
    for place in order[: whole - sum(units)]:
        units[place] += 1
    return [Decimal(unit).scaleb(-decimals) for unit in units]
