"""Texts in a CSV: one that a spreadsheet would run as a formula gets an apostrophe in front."""

import re

_RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_PLAIN = re.compile(r"-?\d+(\.\d+)?|－")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs; numbers and the dash for nothing stay as they are."""
    return f"'{text}" if _RUNS.match(text) and not _PLAIN.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return a text as it was before ``guarded``."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
