"""Texts as Typst code: whatever a person has written stays a text and nothing else.

A text becomes a string expression (``#"…";``), never markup: it can call nothing, read nothing and
change no layout. Characters the shipped font does not have are replaced by 〓, as printers do.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from markupsafe import Markup

from shakyo_review.reports.charts.outlines import MISSING, font_file

_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_LONG_RUN = re.compile(r"[!-~]{15,}")
"""Half-width letters and digits without a blank: an address, a long number."""
_PIECES = re.compile(r".{1,10}")
_HIDDEN = frozenset({"Cf", "Cc", "Mn", "Me"})
"""Kinds of characters that take no room of their own: left out where the font lacks them."""
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "@": "\\u{40}", "\u200b": "\\u{200b}"}
TALL = 400
"""From this length on (characters) a text may be torn apart at the end of a page."""
TALL_LINES = 15


@cache
def _known() -> frozenset[str]:
    """Return the characters of the shipped font, without the private ones."""
    from fontTools.ttLib import TTFont

    codes: dict[int, str] = TTFont(font_file(), lazy=True).getBestCmap()
    return frozenset(chr(code) for code in codes if unicodedata.category(chr(code)) != "Co")


class TypstText:
    """Writes texts as Typst code; ``missing`` tells whether a character had to be replaced."""

    def __init__(self) -> None:
        self.missing = False

    def __call__(self, text: str) -> str:
        """Return code that prints a text within markup; an empty text prints nothing."""
        return f"#{self._literal(text, _breakable)};" if text else ""

    def code(self, text: str) -> Markup:
        """Return a text as a string for an argument of a Typst function, as it is."""
        return Markup(self._literal(text))  # noqa: S704 - a string literal, everything escaped

    def piece(self, text: str) -> Markup:
        """Return a text that will be printed as a string for an argument of a Typst function."""
        return Markup(self._literal(text, _breakable))  # noqa: S704 - a string literal

    def _literal(self, text: str, broken: Callable[[str], str] = str) -> str:
        shown = broken(self._shown(_BREAKS.sub("\n", text).replace("\t", " ")))
        return '"' + "".join(_ESCAPED.get(char, char) for char in shown) + '"'

    def _shown(self, text: str) -> str:
        known = _known()
        if all(char in known or char == "\n" for char in text):
            return text
        return "".join(
            char if char in known or char == "\n" else self._instead(char)
            for char in unicodedata.normalize("NFC", text)
        )

    def _instead(self, char: str) -> str:
        if unicodedata.category(char) in _HIDDEN:
            return ""
        plain = unicodedata.normalize("NFKC", char)
        if all(one in _known() for one in plain):
            return plain
        self.missing = True
        return MISSING


def _breakable(text: str) -> str:
    """Put places to break into long runs of letters, so that none runs out of its column."""
    return _LONG_RUN.sub(
        lambda run: "\u200b".join(_PIECES.findall(run[0])),
        text,
    )


def tall(*texts: str) -> Markup:
    """Return whether a row with these texts is too tall to be kept whole, as Typst code."""
    is_tall = any(len(text) > TALL or text.count("\n") > TALL_LINES for text in texts)
    return Markup("true" if is_tall else "false")  # noqa: S704 - a word of ours
