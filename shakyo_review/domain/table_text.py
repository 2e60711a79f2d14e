"""Texts in tables: how wide one is, and what keeps a spreadsheet from running it as a formula."""

import re
from unicodedata import east_asian_width

_RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_PLAIN = re.compile(r"-?\d+(\.\d+)?|－")


def width(text: str) -> int:
    """Return the width of a text on paper or in a cell, in half-width characters."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs; numbers and the dash for nothing stay as they are."""
    return f"'{text}" if _RUNS.match(text) and not _PLAIN.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return a text as it was before ``guarded``."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
