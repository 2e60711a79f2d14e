"""Glyphs whose width the terminal decides: what is shown instead where they take two columns.

A mark is stored by its label; only what is drawn changes. Text for a DataTable is always a
``Text``, because a ``str`` would be read as markup ("[/]" ends the program).
"""

import unicodedata

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
            **{"△": "-", "▲": "-", "○": "〇", "◎": "優", "●": "〇", "×": "x", "→": ">", "…": "."},
            **{"÷": "/", "−": "-", "―": "-", "—": "-", "–": "-", "‐": "-", "※": "*"},
            **{"“": '"', "”": '"', "‘": "'", "’": "'", "℃": "度", "°": "度", "±": "+-", "·": "・"},
            **{"■": "#", "□": "#", "◆": "*", "◇": "*", "★": "*", "☆": "*", "▼": "v", "▽": "v"},
            **{"←": "<", "↑": "^", "↓": "v", "≧": ">=", "≦": "<=", "≠": "!=", "§": "S"},
        }.items()
    }
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


def bar(percent: float | None, width: int, style: str) -> Text:
    """Return a progress bar of plain characters, so that it survives any terminal and a printout."""
    if percent is None:
        return Text("-" * width)
    filled = round(min(max(percent, 0), 100) * width / 100)
    return Text.assemble(("=" * filled, style), "-" * (width - filled))
