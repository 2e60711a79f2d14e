"""Figures and letters drawn large, to be read from the back of a room.

Drawn of # signs on their own colour, so that they are blocks on a screen, need no character whose
width a terminal decides, and still stand there where a terminal has no colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from shakyo_review.ui.marks import cell, cut, letter

HEIGHT = 5
_GAP = 3
"""Columns between two figures; more where the figures themselves are wider."""

TEXT_MOST = 24
"""Columns of a value that has no large form."""

_GLYPHS = {
    "0": "### # # # # # # ###",
    "1": " #  ##   #   #  ###",
    "2": "###   # ### #   ###",
    "3": "###   # ###   # ###",
    "4": "# # # # ###   #   #",
    "5": "### #   ###   # ###",
    "6": "### #   ### # # ###",
    "7": "###   #   #   #   #",
    "8": "### # # ### # # ###",
    "9": "### # # ###   # ###",
    "A": "### # # ### # # # #",
    "B": "##  # # ##  # # ## ",
    "C": "### #   #   #   ###",
    "D": "##  # # # # # # ## ",
    "E": "### #   ##  #   ###",
    "F": "### #   ##  #   #  ",
    "S": "### #   ###   # ###",
    "-": "        ###        ",
}
"""Three columns and a blank, five rows one after the other."""
_SHAPES = {
    "○": (" ### ", "#   #", "#   #", "#   #", " ### "),
    "◎": (" ### ", "# # #", "# # #", "# # #", " ### "),
    "△": ("  #  ", " # # ", " # # ", "#   #", "#####"),
    "▲": ("  #  ", " ### ", " ### ", "#####", "#####"),
    "×": ("#   #", " # # ", "  #  ", " # # ", "#   #"),
}
_POINTS = {".": ("    #"), ",": ("   ##"), " ": ("     ")}
_SAME = {"－": "-", "−": "-", "―": "-", "〇": "○", "◯": "○", "X": "×"}
SIZES = ((2, 2, 2), (2, 1, 2), (1, 1, 1))
"""How wide the three columns of a glyph are drawn, the largest first."""
TALL_SIZES = ((4, 4, 4), (4, 2, 4), (3, 2, 3))
"""The same where every row is drawn twice."""


def drawn(text: str, size: tuple[int, int, int]) -> list[str] | None:
    """Return five lines of # signs and blanks; None where a character has no large form.

    △ before a digit is a minus, as it is printed.
    """
    minus = len(text) > 1 and text[0] in "△▲"
    columns: list[list[str]] = []
    for place, typed in enumerate(text):
        char = "-" if minus and place == 0 else _SAME.get(typed, typed.upper())
        if char in _POINTS:
            columns.append([mark * max(size[1], 1) for mark in _POINTS[char]])
        elif char in _SHAPES:
            wide = 2 if size[0] > 1 else 1
            columns.append(["".join(c * wide for c in row) for row in _SHAPES[char]])
        elif char in _GLYPHS:
            flat = _GLYPHS[char].ljust(4 * HEIGHT)
            rows = [flat[4 * row : 4 * row + 3] for row in range(HEIGHT)]
            columns.append(["".join(c * n for c, n in zip(row, size, strict=True)) for row in rows])
        else:
            return None
    between = " " * max(size[0] // 2, 1)
    return [between.join(parts[row] for parts in columns) for row in range(HEIGHT)]


def spaced(text: str, width: int) -> str:
    """Return a text with a blank between its characters where that fits, else as it is, cut."""
    wide = "　".join(text)
    if cell_len(wide) <= width:
        return wide
    wide = " ".join(text)
    return wide if cell_len(wide) <= width else cut(text, width)


@dataclass(frozen=True, slots=True)
class _Block:
    """A caption, five lines, and whether their # are blocks."""

    caption: str
    rows: list[str]
    inked: bool

    @classmethod
    def of(cls, caption: str, value: str, size: tuple[int, int, int]) -> "_Block":
        rows = drawn(value, size)
        if rows is not None:
            return cls(caption, rows, inked=True)
        return cls(caption, ["", "", spaced(letter(value), TEXT_MOST), "", ""], inked=False)

    @property
    def width(self) -> int:
        return max(cell_len(self.caption), *map(cell_len, self.rows))

    def line(self, row: int, style: str) -> Text:
        text = Text(cell(self.rows[row], self.width).plain, style="bold")
        if self.inked:
            text.highlight_regex("#+", style)
        return text


def figures_in_row(
    figures: Sequence[tuple[str, str]], width: int, ink: str, *, tall: bool = False
) -> list[Text]:
    """Return captions and large figures side by side, as large as they fit into ``width``.

    ``figures`` are (caption, value); a value without a large form is written spaced. ``ink`` is a
    colour (#rrggbb) for the blocks; '' draws them in reverse. ``tall`` allows ten rows instead of
    five.
    """
    for size in (*(TALL_SIZES if tall else ()), *SIZES):
        blocks = [_Block.of(caption, value, size) for caption, value in figures]
        gap = max(_GAP, 2 * size[0])
        used = sum(block.width for block in blocks) + gap * (len(blocks) - 1)
        if used <= width:
            break
    else:  # what comes last is what a meeting talks about: the first figures are only written
        first = figures[: 2 if len(figures) > 2 else 1]
        written = "　".join(f"{caption} {letter(value)}" for caption, value in first)
        rest = figures[len(first) :]
        below = figures_in_row(rest, width, ink, tall=tall) if rest else []
        return [Text(cut(written, width), style="bold", no_wrap=True), *below]
    style = f"{ink} on {ink}" if ink else "reverse"
    left, between = " " * ((width - used) // 2), " " * gap
    captions = between.join(cell(block.caption, block.width).plain for block in blocks)
    lines = [Text(left + captions, style="bold", no_wrap=True)]
    for row in range(HEIGHT):
        joined = Text(between).join(block.line(row, style) for block in blocks)
        lines += [Text.assemble(left, joined, no_wrap=True)] * (2 if size in TALL_SIZES else 1)
    return lines
