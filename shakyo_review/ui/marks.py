"""Glyphs whose width the terminal decides: what is shown instead where they take two columns.

A mark is stored by its label; only what is drawn changes. Text for a DataTable is always a
``Text``, because a ``str`` would be read as markup ("[/]" ends the program).
"""

import re
import unicodedata
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text


class _Narrow(dict[int, str]):
    """What stands in for each ambiguous character; looked up once, then kept."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = char if unicodedata.east_asian_width(char) != "A" else self._stand_in(char)
        return self[code]

    @staticmethod
    def _stand_in(char: str) -> str:
        plain = unicodedata.normalize("NFKC", char)
        if any(unicodedata.east_asian_width(c) == "A" for c in plain):
            return "〓"
        return f"({plain})" if unicodedata.name(char, "").startswith("CIRCLED") else plain


_WIDE = _Narrow(
    {
        ord(char): plain
        for char, plain in {
            **{
                "△": "-",
                "▲": "-",
                "○": "〇",
                "◎": "優",
                "●": "〇",
                "×": "x",
                "→": ">",
                "▶": ">",
                "…": ".",
            },
            **{"÷": "/", "−": "-", "―": "-", "—": "-", "–": "-", "‐": "-", "※": "*"},
            **{"“": '"', "”": '"', "‘": "'", "’": "'", "℃": "度", "°": "度", "±": "+-", "·": "・"},
            **{"■": "#", "□": "#", "◆": "*", "◇": "*", "★": "*", "☆": "*", "▼": "v", "▽": "v"},
            **{"←": "<", "↑": "^", "↓": "v", "≧": ">=", "≦": "<=", "≠": "!=", "§": "S"},
        }.items()
    }
)
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Commands to the terminal, and what turns the direction of writing: neither has a width."""


class _One(dict[int, str]):
    """What is drawn in one column for each ambiguous character that is still there."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = char
        if unicodedata.east_asian_width(char) == "A" and not unicodedata.combining(char):
            plain = unicodedata.normalize("NFKD", _WIDE[code])
            self[code] = plain[0] if plain[:1].isascii() and cell_len(char) == 1 else "?"
            if "\ufe00" <= char <= "\ufe0f":
                self[code] = char
        return self[code]


_IN_ONE = _One(
    {ord("○"): "o", ord("●"): "o", ord("◎"): "O", **dict.fromkeys((0x2500, 0x2501), "-")}
)
_LETTERS = {"◎": "二重丸", "○": "丸", "●": "黒丸", "△": "三角", "▲": "三角", "×": "ばつ"}
"""A mark that is the whole letter of a rating keeps its meaning in words."""
_state = {"wide": False}


def use_wide(wide: bool) -> None:
    """Say once, at start, whether ambiguous characters take two columns."""
    _state["wide"] = wide


def is_wide() -> bool:
    """Return whether ambiguous characters take two columns here."""
    return _state["wide"]


def fit(text: str) -> str:
    """Return a text that keeps its width in this terminal."""
    return text.translate(_WIDE) if _state["wide"] else text


def safe(text: str) -> str:
    """Return a text as it may reach the terminal; the width that is counted stays the same.

    Nothing commands the terminal or turns the direction of writing, and where ambiguous characters
    take two columns, one that is still there is drawn as something of one column.
    """
    if _UNSAFE.search(text):
        text = _UNSAFE.sub("", text)
    return text.translate(_IN_ONE) if _state["wide"] and not text.isascii() else text


def letter(label: str | None) -> str:
    """Return the letter of a rating as it is drawn here; － where there is none."""
    if not label:
        return fit("－")
    return _LETTERS.get(label, fit(label)) if _state["wide"] else label


def cut(text: str, width: int) -> str:
    """Return a text cut to a width in columns, with an ellipsis where something is missing."""
    text = fit(text.replace("\n", " "))
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 2, 0)).rstrip() + ".."[: max(width, 0)]


def cell(text: str, width: int, *, right: bool = False, style: str = "") -> Text:
    """Return a table cell of exactly ``width`` columns."""
    shown = cut(text, width)
    pad = " " * max(width - cell_len(shown), 0)
    return Text(pad + shown if right else shown + pad, style=style, no_wrap=True)


def spark(heights: Sequence[float | None]) -> str:
    """Return a small line, a character for each height (0 lowest, 1 highest); blank where there is none.

    Blocks where they are one column wide; else _ low, - between, ^ high.
    """
    levels = "_-^" if _state["wide"] else "▁▂▃▄▅▆▇█"
    return "".join(
        " " if height is None else levels[min(int(height * len(levels)), len(levels) - 1)]
        for height in heights
    )


def bar(percent: float | None, width: int, style: str) -> Text:
    """Return a progress bar of plain characters, so that it survives any terminal and a printout."""
    if percent is None:
        return Text("-" * width)
    filled = round(min(max(percent, 0), 100) * width / 100)
    return Text.assemble(("=" * filled, style), "-" * (width - filled))
