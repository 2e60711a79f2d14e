"""Paragraphs of Japanese text, broken where Japanese is broken, and never read as markup."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from shakyo_review.ui.marks import cut, fit

_PIECE = re.compile(r"[0-9A-Za-z.,%:/+_~-]+|\s|.", re.DOTALL)
_NOT_FIRST = frozenset(
    ":、。，．・：；？！」』）］｝〉》〕】ー％々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]}゛゜"
)
_NOT_LAST = frozenset("「『（［｛〈《〔【([{")
_WIDE_ENOUGH = 56
"""From this width on, the head of a paragraph has a column of its own."""
_HEAD = 18


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """Break a text into lines of at most ``width`` columns, with the usual 禁則.

    No line begins with 。 or ）, none ends with （; numbers and words stay in one piece. Lines after
    the first are narrower by ``hang``.
    """
    width = max(width, 2 + hang)
    lines: list[str] = []
    for paragraph in fit(text).split("\n"):
        lines += _lines(paragraph, width, hang)
    return lines


def _lines(text: str, width: int, hang: int) -> list[str]:
    lines: list[list[str]] = [[]]
    used = 0
    for piece in _pieces(text, width - hang):
        wide = cell_len(piece)
        limit = width if len(lines) == 1 else width - hang
        if used + wide > limit and lines[-1]:
            carried: list[str] = []
            line = lines[-1]
            while len(line) > 1 and (
                line[-1] in _NOT_LAST or (carried or [piece])[0] in _NOT_FIRST
            ):
                carried.insert(0, line.pop())
                if len(carried) > 3:  # a row of brackets: rather break it than push it ever further
                    line += carried
                    carried = []
                    break
            lines.append(carried)
            used = sum(map(cell_len, carried))
            if piece.isspace() and not carried:
                continue
        lines[-1].append(piece)
        used += wide
    return ["".join(line).rstrip() for line in lines]


def _pieces(text: str, width: int) -> Iterable[str]:
    """Cut a text into what stays together: a number, a word, or one character."""
    for match in _PIECE.finditer(text):
        piece = match[0]
        if cell_len(piece) <= width:
            yield piece
        else:
            yield from piece


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph: an optional head (what it is about), the text, and how it is drawn."""

    text: str
    head: str = ""
    style: str = ""
    hang: int = 0
    """Columns by which lines after the first are set in."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs that fill the width they are given."""

    paragraphs: tuple[Para | Text, ...]

    def height(self, width: int) -> int:
        """Return how many lines the paragraphs have at a width."""
        lines, before = 0, ""
        for paragraph in self.paragraphs:
            if isinstance(paragraph, Text):
                lines, before = lines + 1, ""
            else:
                lines += sum(1 for _ in _drawn(paragraph, width, before))
                before = paragraph.head
        return lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines; a ``Text`` among the paragraphs is one line as it stands."""
        width = options.max_width
        before = ""
        for paragraph in self.paragraphs:
            if isinstance(paragraph, Text):
                yield paragraph
                before = ""
            else:
                yield from _drawn(paragraph, width, before)
                before = paragraph.head


def _drawn(paragraph: Para, width: int, head_before: str) -> Iterable[Text]:
    head = "" if paragraph.head == head_before else fit(paragraph.head)
    if paragraph.head and width >= _WIDE_ENOUGH:
        for place, line in enumerate(wrapped(paragraph.text, width - _HEAD)):
            shown = cut(head, _HEAD - 1) if place == 0 else ""
            pad = " " * (_HEAD - cell_len(shown))
            yield Text.assemble(
                (shown, "bold"), pad, (line, paragraph.style), no_wrap=True, overflow="crop"
            )
        return
    if head:
        yield Text(head, style="bold", no_wrap=True)
    indent = 2 if paragraph.head else 0
    for place, line in enumerate(wrapped(paragraph.text, width - indent, paragraph.hang)):
        pad = " " * (indent + (paragraph.hang if place else 0))
        yield Text(pad + line, style=paragraph.style, no_wrap=True, overflow="crop")
