"""計画: being written."""

from shakyo_review.ui import keys
from shakyo_review.ui.screens.base import ReviewScreen


class PlanScreen(ReviewScreen):
    where = keys.PLAN
