"""Fiscal years (4月-3月), named by the western year in which they begin.

令和6年度 = R6 = 2024年度; 令和元年度 = 平成31年度 = 2019. Printed plans also contain era years
that never existed (平成32年度 for 2020); they are read for what they mean.
"""

import re
import unicodedata

from shakyo_review.errors import WrongUsage, quoted

FIRST, LAST = 1950, 2100
"""Fiscal years outside these are typing errors."""

_ERAS = (("令和", "R", 2018), ("平成", "H", 1988), ("昭和", "S", 1925))
_OFFSET = {name: offset for long, short, offset in _ERAS for name in (long, short)}
_ERA_YEAR = re.compile(
    r"(令和|平成|昭和|R|H|S)\.?(元|\d{1,2}|[一二三四五六七八九十]{1,3})(?:年度?)?"
)
_WESTERN = re.compile(r"(?:FY)?(\d{4})(?:年度?)?")
_KANJI = {c: i for i, c in enumerate("〇一二三四五六七八九")}


def _kanji_number(text: str) -> int | None:
    """Read 一 … 九十九; None for anything else."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _KANJI.get(text)
    if (tens and tens not in _KANJI) or (ones and ones not in _KANJI):
        return None
    return (_KANJI[tens] if tens else 1) * 10 + (_KANJI[ones] if ones else 0)


def parse_year(text: str) -> int:
    """Read a fiscal year in any usual spelling.

    Raises ``WrongUsage`` when the text is no year or a year no plan can have.
    """
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    year: int | None = None
    if western := _WESTERN.fullmatch(folded):
        year = int(western[1])
    elif era := _ERA_YEAR.fullmatch(folded):
        digits = era[2]
        number = (
            1 if digits == "元" else int(digits) if digits.isdecimal() else _kanji_number(digits)
        )
        if number:
            year = _OFFSET[era[1]] + number
    if year is None or not FIRST <= year <= LAST:
        raise WrongUsage(
            f"{quoted(text)}は年度として読めません。",
            "2024、R6、令和6年度 のように指定してください。",
        )
    return year


def _era(year: int) -> tuple[str, str, int]:
    return next((era for era in _ERAS if year > era[2]), _ERAS[-1])


def year_label(year: int) -> str:
    """Return the year as a council writes it: 令和6年度."""
    name, _, offset = _era(year)
    number = year - offset
    return f"{name}{'元' if number == 1 else number}年度"


def short_year(year: int) -> str:
    """Return the short form for table heads: R6, R元, H30."""
    _, letter, offset = _era(year)
    number = year - offset
    return f"{letter}{'元' if number == 1 else number}"


def full_label(year: int) -> str:
    """Return era and western year together: 令和6年度（2024年度）."""
    return f"{year_label(year)}（{year}年度）"
