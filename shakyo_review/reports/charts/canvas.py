"""A sheet to draw on, in points from the top left, kept as SVG: lines, boxes, marks and letters.

Nothing here depends on a machine: letters are outlines, hatches are lines, numbers have two
decimals. What is drawn is black and white first; colour only repeats what hatch and shape say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shakyo_review.reports.charts import outlines

Point = tuple[float, float]
Hatch = Literal["", "/", "\\", "-", "|", "x", "+", "."]
Anchor = Literal["start", "middle", "end"]
Mark = Literal["circle", "square", "diamond", "triangle"]

BLACK = "#000000"
WHITE = "#ffffff"
DASHED = "3 1.5"
"""The broken line of examples."""
LINE_HEIGHT = 1.12
_MIDDLE = 0.38
"""How far the middle of a letter is above its foot, in em."""
_SPACING = {"/": 5.0, "\\": 5.0, "x": 6.0, "-": 3.6, "|": 3.6, "+": 5.0, ".": 4.0}


@dataclass(frozen=True, slots=True)
class Style:
    """How a box is filled and framed."""

    fill: str = WHITE
    stroke: str = BLACK
    line: float = 0.9
    hatch: Hatch = ""
    dash: str = ""


@dataclass(slots=True)
class Canvas:
    """A drawing of a width and a height; ``name`` stands before every id in it."""

    name: str
    width: float
    height: float
    _body: list[str] = field(default_factory=list)
    _glyphs: dict[int, str] = field(default_factory=dict)

    def line(
        self, points: Sequence[Point], width: float = 1.0, color: str = BLACK, dash: str = ""
    ) -> None:
        """Draw a line through points."""
        self._body.append(f'<path d="{_path(points)}" fill="none" {_stroke(color, width, dash)}/>')

    def polygon(
        self, points: Sequence[Point], width: float = 1.0, color: str = BLACK, dash: str = ""
    ) -> None:
        """Draw a closed line through points, not filled."""
        self._body.append(f'<path d="{_path(points)}Z" fill="none" {_stroke(color, width, dash)}/>')

    def box(self, x: float, y: float, width: float, height: float, style: Style) -> None:
        """Draw a box with its hatch."""
        place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self._body.append(f'<rect {place} fill="{style.fill}"/>')
        if style.hatch:
            lines = "".join(_path(one) for one in _hatch(style.hatch, x, y, width, height))
            self._body.append(f'<path d="{lines}" fill="none" {_stroke(style.stroke, 0.7)}/>')
        frame = _stroke(style.stroke, style.line, style.dash)
        self._body.append(f'<rect {place} fill="none" {frame}/>')

    def mark(self, x: float, y: float, kind: Mark, size: float = 3.0, fill: str = BLACK) -> None:
        """Draw a mark around a point; ``size`` is half its width."""
        look = f'fill="{fill}" {_stroke(BLACK, 1.0)}'
        if kind == "circle":
            self._body.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(size)}" {look}/>')
            return
        around = {
            "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            "diamond": [(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)],
            "triangle": [(-0.8, -1.1), (1.1, 0.0), (-0.8, 1.1)],
        }[kind]
        points = [(x + size * dx, y + size * dy) for dx, dy in around]
        self._body.append(f'<path d="{_path(points)}Z" {look}/>')

    def text(
        self,
        x: float,
        y: float,
        text: str | Sequence[str],
        size: float = 8.0,
        anchor: Anchor = "start",
        *,
        clear: bool = False,
        bold: bool = False,
    ) -> None:
        """Write a line, or several around the same middle; ``clear`` wipes what lies behind."""
        lines = [text] if isinstance(text, str) else list(text)
        step = size * LINE_HEIGHT
        for number, one in enumerate(lines):
            middle = y + (number - (len(lines) - 1) / 2) * step
            self._write(x, middle, one, size, anchor, clear=clear, bold=bold)

    def _write(
        self, x: float, y: float, text: str, size: float, anchor: Anchor, *, clear: bool, bold: bool
    ) -> None:
        found = outlines.letters(text)
        em = outlines.units_per_em()
        width = sum(one.advance for one in found) * size
        left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
        if clear and width:
            self._body.append(
                f'<rect x="{_n(left - 1)}" y="{_n(y - size * 0.55)}" width="{_n(width + 2)}"'
                f' height="{_n(size * 1.1)}" fill="{WHITE}"/>'
            )
        uses, at = [], 0.0
        for one in found:
            if one.path:
                self._glyphs.setdefault(one.number, one.path)
                uses.append(f'<use href="#{self.name}-g{one.number}" x="{round(at * em)}"/>')
            at += one.advance
        if uses:
            scale = f"{size / em:.6f}"
            heavy = f' stroke="{BLACK}" stroke-width="{round(em * 0.035)}"' if bold else ""
            self._body.append(
                f'<g transform="translate({_n(left)} {_n(y + _MIDDLE * size)})'
                f' scale({scale} -{scale})"{heavy}>{"".join(uses)}</g>'
            )

    def inside(self) -> str:
        """Return what stands between ``<svg>`` and ``</svg>``."""
        outlined = "".join(
            f'<path id="{self.name}-g{number}" d="{path}"/>'
            for number, path in sorted(self._glyphs.items())
        )
        return f"{outlined and f'<defs>{outlined}</defs>'}{''.join(self._body)}"


def runs(spots: Sequence[Point | None]) -> Iterator[list[Point]]:
    """Return the points that a line joins: a year without a value leaves a gap."""
    run: list[Point] = []
    for spot in [*spots, None]:
        if spot is not None:
            run.append(spot)
        elif run:
            if len(run) > 1:
                yield run
            run = []


def _n(value: float) -> str:
    """Return a coordinate with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _path(points: Iterable[Point]) -> str:
    return "".join(f"{'L' if place else 'M'}{_n(x)} {_n(y)}" for place, (x, y) in enumerate(points))


def _stroke(color: str, width: float, dash: str = "") -> str:
    broken = f' stroke-dasharray="{dash}"' if dash else ""
    return f'stroke="{color}" stroke-width="{_n(width)}"{broken}'


def _hatch(kind: Hatch, x: float, y: float, width: float, height: float) -> Iterable[list[Point]]:
    """Return the lines of a hatch, cut at the box; they lie on one grid for the whole drawing."""
    right, foot, step = x + width, y + height, _SPACING[kind]
    if kind in ("-", "+"):
        for at in _grid(y, foot, step):
            yield [(x, at), (right, at)]
    if kind in ("|", "+"):
        for at in _grid(x, right, step):
            yield [(at, y), (at, foot)]
    if kind in ("/", "x"):
        for at in _grid(x + y, right + foot, step):
            a, b = max(x, at - foot), min(right, at - y)
            yield [(a, at - a), (b, at - b)]
    if kind in ("\\", "x"):
        for at in _grid(x - foot, right - y, step):
            a, b = max(x, at + y), min(right, at + foot)
            yield [(a, a - at), (b, b - at)]
    if kind == ".":
        for down in _grid(y, foot, step):
            for across in _grid(x, right, step):
                yield [(across - 0.4, down), (across + 0.4, down)]


def _grid(low: float, high: float, step: float) -> Iterable[float]:
    """Return the multiples of a step between two ends."""
    number = int(low // step) + 1
    while number * step < high:
        yield number * step
        number += 1
