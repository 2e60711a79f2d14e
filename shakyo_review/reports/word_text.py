"""Texts and small pieces as WordprocessingML: what a template prints, and what helpers put beside it.

A text can only ever become text: nothing in it is read as markup of Word, as a tag of a template or
as a sign the file format does not know.
"""

import re
from collections.abc import Iterable
from html import escape

from markupsafe import Markup

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.reports.context.base import Letter
from shakyo_review.reports.context.parts import Figure
from shakyo_review.reports.context.year import Official

NOTHING = "－"
STYLES = {
    "LetterT0": "判定1",
    "LetterT1": "判定2",
    "LetterT2": "判定3",
    "LetterT3": "判定4",
    "LetterNONE": "判定なし",
    "Example": "例示の印",
    "Flag": "重点などの印",
    "Note": "小さな添え書き",
}
"""The character styles helpers use, with the names by which people find and change them in Word."""
_ILLEGAL = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_TAGS = {ord(sign): f"&#{ord(sign)};" for sign in "{}"}
"""Signs of template tags; docxtpl looks for them once more after rendering."""


def plain(text: str) -> str:
    """Return a text without the characters an XML file cannot hold; every line end is a line feed."""
    return _ILLEGAL.sub("", _BREAKS.sub("\n", text))


def word_text(text: str) -> str:
    """Return a text as the inside of ``w:t``; a line end becomes a line break."""
    safe = escape(plain(text)).translate(_TAGS)
    return safe.replace("\t", " ").replace("\n", _BREAK)


def run(text: str, style: str = "") -> Markup:
    """Return a run of text; ``style`` is the id of a character style."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return Markup(f'<w:r>{look}<w:t xml:space="preserve">{word_text(text)}</w:t></w:r>')  # noqa: S704


def _runs(*parts: Markup) -> Markup:
    return Markup().join(parts)


def mark(example: bool) -> Markup:
    """Return the mark of an example, or nothing."""
    return _runs(run(EXAMPLE_MARK, "Example"), run(" ")) if example else Markup()


def letter(value: Letter) -> Markup:
    """Return a letter in its frame; a missing one is a dash."""
    if value.tone == "none" and value.text == NOTHING:
        return run(NOTHING)
    shown = run(f" {value.text} ", f"Letter{value.tone.upper()}")
    return _runs(shown, run(" "), mark(True)) if value.example else shown


def figure(value: Figure) -> Markup:
    """Return a figure or the word in its place, with its mark and note."""
    note = run(f"（{value.note}）", "Note") if value.note else Markup()
    return _runs(mark(value.example), run(value.text), note)


def official(value: Official | None) -> Markup:
    """Return the letter people gave and the stage at which they did."""
    if value is None:
        return run(NOTHING)
    return _runs(letter(value.letter), run(f" {value.stage}", "Note"))


def flags(words: Iterable[str]) -> Markup:
    """Return the flags behind a name (重点, 新規 …)."""
    return _runs(*(part for word in words for part in (run(" "), run(word, "Flag"))))


HELPERS = {"letter": letter, "figure": figure, "official": official, "flags": flags, "mark": mark}
"""What a Word template may call in ``{{r …}}``."""
