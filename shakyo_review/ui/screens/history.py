"""履歴: being written."""

from shakyo_review.ui import keys
from shakyo_review.ui.screens.base import ReviewScreen


class HistoryScreen(ReviewScreen):
    where = keys.HISTORY
