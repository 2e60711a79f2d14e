"""Letters as outlines of the shipped IPAexGothic, so that a picture looks the same on every machine."""

import importlib.util
import unicodedata
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from shakyo_review.errors import ReviewError

MISSING = "〓"
"""Printed, as printers do, for a character the font does not have."""

_NOT_FIRST = frozenset(
    "、。，．・：；？！ー々ゝゞ）］｝〉》」』】”’ぁぃぅぇぉっゃゅょァィゥェォッャュョヵヶ,.)]}%％…‥〜～"
)
_NOT_LAST = frozenset("（［｛〈《「『【“‘([{△")
_lock = Lock()


class Glyph(NamedTuple):
    """A letter: the number of its outline, the outline (units of the em, y upwards), its width in em."""

    number: int
    path: str
    advance: float


def font_file() -> Path:
    """Return the file of the Japanese font that comes with matplotlib-fontja."""
    spec = importlib.util.find_spec("matplotlib_fontja")
    # Only its file is used: importing the package would load and change matplotlib.
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        path = Path(folder) / "fonts" / "ipaexg.ttf"
        if path.is_file():
            return path
    raise ReviewError(
        "図に使う日本語の書体が見つかりません。", "matplotlib-fontja を入れ直してください。"
    )


@cache
def _font() -> tuple[Any, dict[int, str], Any, int]:
    from fontTools.ttLib import TTFont

    font = TTFont(font_file(), lazy=True)
    return font, font.getBestCmap(), font.getGlyphSet(), font["head"].unitsPerEm


@cache
def units_per_em() -> int:
    """Return how many units of the outlines make one em."""
    with _lock:
        return _font()[3]


@cache
def glyph(char: str) -> Glyph | None:
    """Return a character's letter; None for what takes no room of its own and is not in the font."""
    from fontTools.pens.svgPathPen import SVGPathPen

    with _lock:
        font, names, glyphs, em = _font()
        name = names.get(ord(char))
        if name is None:
            if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
                return None
            name = names[ord(MISSING)]
        pen = SVGPathPen(glyphs, ntos=lambda value: str(round(value)))
        glyphs[name].draw(pen)
        return Glyph(font.getGlyphID(name), pen.getCommands(), glyphs[name].width / em)


def letters(text: str) -> list[Glyph]:
    """Return the letters of a text."""
    return [found for char in text if (found := glyph(char)) is not None]


def width(text: str, size: float) -> float:
    """Return how wide a line is at a size, in points."""
    return sum(one.advance for one in letters(text)) * size


def wrapped(text: str, size: float, room: float, lines: int = 2, tail: str = "") -> list[str]:
    """Break a text into at most so many lines of a width in points.

    What does not fit ends in …; ``tail`` (（例示）) always stays whole, at the end. No line starts
    with 、。ー or a closing bracket, none ends with an opening one, no number or word is broken.
    """
    made: list[str] = []
    while len(made) < lines - 1:
        fitting = _fitting(text, size, room)
        if fitting == len(text):
            break
        at = _break(text, fitting)
        made.append(text[:at].rstrip())
        text = text[at:].lstrip()
    if width(text + tail, size) > room:
        if len(made) < lines - 1:
            return [*made, text, tail]
        text = text[: _fitting(text, size, room - width("…" + tail, size))] + "…"
    return [*made, text + tail]


def _fitting(text: str, size: float, room: float) -> int:
    """Return how many characters fit into a width; at least one."""
    used = 0.0
    for place, char in enumerate(text):
        used += width(char, size)
        if used > room:
            return max(place, 1)
    return len(text)


def _break(text: str, fitting: int) -> int:
    """Return the last place up to which a line may go."""
    at = fitting
    while at > 1 and (
        text[at] in _NOT_FIRST or text[at - 1] in _NOT_LAST or _one_word(text[at - 1], text[at])
    ):
        at -= 1
    return at if at > 1 else fitting


def _one_word(before: str, after: str) -> bool:
    return all(char.isascii() and (char.isalnum() or char in ".,-") for char in (before, after))
