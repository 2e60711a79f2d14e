"""Opening the terminal screens; textual is imported here and only now."""

import os
from contextlib import ExitStack
from pathlib import Path

from shakyo_review.cli.common import Calling
from shakyo_review.services.settings import is_served
from shakyo_review.ui import cover

SCREENS = {
    "はじめ": "home",
    "入力": "entry",
    "評価": "scores",
    "改善": "improve",
    "年度比較": "compare",
    "報告書": "report",
    "計画": "plan",
    "履歴": "history",
}
"""The screens that can be opened first, by what they are called."""


def open_screens(
    calling: Calling,
    *,
    year: int | None = None,
    report_folder: Path | None = None,
    first: str = "",
) -> None:
    """Open the screens on the book; without one, offer new, open and sample."""
    from shakyo_review.ui.terminal import prepare

    wide = prepare()
    from shakyo_review.ui.marks import use_wide

    use_wide(wide)
    path = calling.path
    if not path.exists() and calling.book is None:
        cover.now.away()
        from shakyo_review.ui.start import run_start

        chosen = run_start(path, calling.name, calling.settings.look)
        if chosen is None:
            return
        calling.book = chosen
    from shakyo_review.ui.app import run_screens

    with ExitStack() as stack, calling.open() as book:
        if is_served():
            report_folder = _folder_of_visitor(stack)
        look = calling.settings.look
        if not first and not book.plan.items:
            first = "plan"  # a plan just begun is typed first
        run_screens(book, year=year, report_folder=report_folder, look=look, first=first)
    if not is_served():
        from shakyo_review.services.remembering import OPENED, remember

        remember(calling.path, OPENED, calling.name)


def _folder_of_visitor(stack: ExitStack) -> Path:
    """Return where a visitor's reports are made: the folder the server was given, else one for this visit."""
    kept = os.environ.get("SHAKYO_REVIEW_REPORTS")
    if kept:
        return Path(kept)
    from tempfile import TemporaryDirectory

    return Path(stack.enter_context(TemporaryDirectory(prefix="shakyo-review-")))
