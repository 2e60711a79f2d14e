"""Shares that add up: the only arithmetic of the reports, taken from the domain."""

from shakyo_review.domain.shares import SHARE_DECIMALS, shares

__all__ = ["SHARE_DECIMALS", "shares"]
