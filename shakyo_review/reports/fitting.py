"""What fits on one sheet of paper: rows are taken in their order until the room is used up.

Nothing is cut in silence: who uses this says beside it how much is left out, and where it stands.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from shakyo_review.domain.table_text import width

Row = TypeVar("Row")
CUT = "…"


def lines(text: str, column: int) -> int:
    """Return how many lines a text takes in a column of some half-width characters."""
    return sum(max(1, -(-width(part) // column)) for part in text.split("\n"))


def shorten(text: str, most: int) -> str:
    """Return a text of at most ``most`` half-width characters, in one line; … tells that it was longer."""
    flat = "　".join(part.strip() for part in text.splitlines() if part.strip())
    if width(flat) <= most:
        return flat
    kept, room = "", most - width(CUT)
    for char in flat:
        room -= width(char)
        if room < 0:
            break
        kept += char
    return kept.rstrip("　 、") + CUT


def fit(rows: Sequence[Row], cost: Callable[[Row], float], room: float) -> list[Row]:
    """Return the first rows whose costs together stay within the room."""
    kept: list[Row] = []
    for row in rows:
        room -= cost(row)
        if room < 0:
            break
        kept.append(row)
    return kept
