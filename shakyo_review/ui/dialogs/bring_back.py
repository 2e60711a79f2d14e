"""Putting a figure back to what a row of the history tells: which of the two values, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App

from shakyo_review.domain.value import format_reading
from shakyo_review.services.bringing_back import bring_back, earlier, place_now
from shakyo_review.services.entry import current_cell
from shakyo_review.services.telling_figures import value_text
from shakyo_review.ui.dialogs.form import REASON, Form, Line, Pick
from shakyo_review.ui.history_text import place_text, plan_for

if TYPE_CHECKING:
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.storage.history import Change

NOTHING = "いまの値と同じなので、戻すものはありません。"


def ask_bring_back(
    app: App[None], book: ReviewBook, change: Change, then: Callable[[str], None]
) -> None:
    """Ask for value and reason and store it; ``then`` is told what was done, or that there is nothing to do.

    Raises ``ReviewError`` where the row is about no figure that could be put back.
    """
    key, plan = place_now(book, change), plan_for(book, change)
    now = current_cell(book, key)
    found = {}
    for name, word, facts in (("old", "変更の前", change.old), ("new", "変更の後", change.new)):
        cell = replace(earlier(key, facts), version=now.version)
        if cell != now:
            found[name] = (cell, f"{value_text(plan, change, facts)}（この{word}）")
    if not found:
        then(NOTHING)
        return
    indicator = book.editions.of(key.year).plan.indicators[key.indicator]
    held = format_reading(now.reading, indicator.figure_decimals, blank="空欄")
    told: list[str] = []

    def take(values: Mapping[str, str]) -> None:
        cell, text = found[values["value"]]
        bring_back(book, cell, expected_version=now.version, reason=values[REASON])
        told.append(f"{place_text(plan, change)}を{text.partition('（この')[0]}に戻しました。")

    choices = [(name, text) for name, (_, text) in found.items()]
    fields = [
        Pick("value", "戻す値", choices, height=2),
        Line(REASON, "理由", hint="なぜ戻すか（履歴に残ります）"),
    ]
    about = [f"{place_text(plan, change)}　{indicator.name}", f"いまの値: {held}"]
    form = Form("前の値に戻す", fields, take, about=about, ok="戻す")
    app.push_screen(form, lambda stored: then(told[-1]) if stored else None)
