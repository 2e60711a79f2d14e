"""Which numbers of a workbook people see as percentages: 0.985 in a cell of the format 0.0% is 98.5%."""

import html
import re
from decimal import Decimal, InvalidOperation

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^<>]*)>")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\s([^<>]*)>")
_NUMBER = re.compile(rb"numFmtId\s*=\s*[\"'](\d+)[\"']")
_CODE = re.compile(rb"formatCode\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_QUOTED = re.compile(r'"[^"]*"|\\.')
_BUILT_IN = frozenset({"9", "10"})
"""Formats every workbook has without saying so: 0% and 0.00%."""


def percent_styles(content: bytes) -> frozenset[str]:
    """Return the numbers of the cell styles that show percentages, from the part ``xl/styles.xml``."""
    formats = set(_BUILT_IN)
    for facts in _FORMAT.findall(content):
        number, code = _NUMBER.search(facts), _CODE.search(facts)
        if number is not None and code is not None:
            text = html.unescape((code[1] or code[2] or b"").decode("utf-8", "replace"))
            if "%" in _QUOTED.sub("", text):
                formats.add(number[1].decode())
    table = _STYLES.search(content)
    found = set()
    for place, facts in enumerate(_STYLE.findall(table[0]) if table is not None else ()):
        number = _NUMBER.search(facts)
        if number is not None and number[1].decode() in formats:
            found.add(str(place))
    return frozenset(found)


def as_percent(number: bytes) -> str:
    """Return a stored number as people see it: 0.985 is 98.5%; '' for what is no number."""
    try:
        value = Decimal(number.decode("ascii").strip())
    except (InvalidOperation, UnicodeDecodeError):
        return ""
    if not value.is_finite() or abs(value.adjusted()) > 20:
        return ""
    # Fifteen digits, as many as Excel keeps: 0.07*100 is 7, not 7.000000000000001.
    percent = Decimal(f"{value:.15g}") * 100
    whole = percent.to_integral_value()
    return f"{whole if percent == whole else percent.normalize():f}%"
