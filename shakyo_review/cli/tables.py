"""Plain tables for a terminal or a file: columns line up with double-width characters."""

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Return the columns a text takes (wide and full-width characters take two)."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
        for c in text
    )


def cut(text: str, most: int) -> str:
    """Return a text of at most so many columns, with … where something is missing."""
    if width(text) <= most:
        return text
    kept = ""
    for c in text:
        if width(kept + c) > most - 2:
            break
        kept += c
    return kept + "…"


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = (), most: int = 44
) -> str:
    """Return lines of a table; ``right`` names the columns that are aligned right."""
    lines = [[cut(cell, most) for cell in row] for row in [head, *rows]]
    widths = [max(width(line[i]) for line in lines) for i in range(len(head))]
    made = []
    for number, line in enumerate(lines):
        cells = []
        for i, cell in enumerate(line):
            pad = " " * (widths[i] - width(cell))
            cells.append(pad + cell if i in right and number else cell + pad)
        made.append("  ".join(cells).rstrip())
        if number == 0:
            made.append("  ".join("-" * w for w in widths).rstrip())
    return "\n".join(made)
