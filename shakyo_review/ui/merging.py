"""Another copy of the book, as the screen 取り込み shows it: what it would change, and what is to be decided."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shakyo_review.errors import WrongUsage
from shakyo_review.services.incoming import Side
from shakyo_review.ui.incoming.arrival import Arrival, Offered

if TYPE_CHECKING:
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.services.merging import Merge
    from shakyo_review.services.merging.compare import Difference
    from shakyo_review.services.taking import ImportResult

BOOK_ENDINGS = (".db", ".sqlite", ".sqlite3")
"""Ends of the names of books."""


def is_book(path: Path) -> bool:
    """Whether a file is meant to be a book, by its name."""
    return path.suffix.lower() in BOOK_ENDINGS


def arrival_of_copy(book: ReviewBook, path: Path) -> Arrival:
    """Return what a copy of the book would change; raises as ``services.merging.look``."""
    from shakyo_review.services.merging import key_of, look
    from shakyo_review.services.merging.words import left_text, plan_texts

    merge = look(book, path)
    plans = plan_texts(merge)
    keys = {_id(one): key_of(one) for one in merge.differences}

    def write(sides: Mapping[str, Side], reason: str) -> ImportResult:
        from shakyo_review.services.merging.writing import apply
        from shakyo_review.services.taking import ImportResult

        if any(sides.get(text) is Side.BOOK for text in plans):
            raise WrongUsage(
                "計画は台帳のままにできません（値や評価が、改められた計画のものだからです）。",
                "計画の行も「取り込む」にするか、Esc でやめてください。",
            )
        taken = {keys[name]: side for name, side in sides.items() if name in keys}
        done = apply(book, merge, taken, reason=reason)
        left = tuple(f"取らなかったもの: {line}" for line in done.left)
        return ImportResult(done.changed, merge.unchanged + len(left), (*done.lines, *left))

    left = [f"合わせないもの: {left_text(book, merge, one)}" for one in merge.left]
    return Arrival(
        merge.source,
        "台帳の写し",
        (
            *(Offered(text, text, "いまの計画", "改められた計画") for text in plans),
            *(_offered(book, merge, one) for one in merge.differences),
        ),
        merge.unchanged,
        (*merge.remarks, *left),
        write,
        lambda: arrival_of_copy(book, path),
        remembers=True,
    )


def _id(one: Difference) -> str:
    return repr(one.thing)


def _offered(book: ReviewBook, merge: Merge, one: Difference) -> Offered:
    from shakyo_review.services.merging.words import aside, place, shown, whose

    return Offered(
        _id(one),
        place(book, merge, one),
        shown(one, one.mine),
        shown(one, one.after),
        whose(one.there),
        one.conflict,
        whose(one.here) if one.conflict else "",
        aside(one),
    )
