"""Charts as SVG text: readable in black and white, the same bytes for the same numbers.

matplotlib is imported only when a chart is drawn. Letters of the alphabet and kanji alike become
outlines of the shipped IPAexGothic, so that a chart looks the same on every machine.
"""

import importlib.util
import io
import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.errors import ReviewError
from shakyo_review.reports.context_parts import Bar, BarChart, CountChart, Letter

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

WIDTH = 504.0
"""Width of a chart in points: the type area of A4 with its margins."""
ROW = 21.0
"""Height of a bar's row in points."""
LABEL_WIDTH = 40
"""Half-width characters in a line of a label; longer names take a second line."""
FULL = 100.0
FURTHEST, LOWEST = 200.0, -50.0
"""Bars are cut here (%); the number beside the bar tells the whole."""

_COLORS = {"t0": "#1b6e53", "t1": "#2b6cb0", "t2": "#a66f00", "t3": "#a8201a", "none": "#555555"}
_FILLS = {"t0": "#1b6e53", "t1": "#d4e4f4", "t2": "#fdf0d0", "t3": "#f9dad7", "none": "#eeeeee"}
_HATCHES = {"t0": "", "t1": "////", "t2": "----", "t3": "xxxx", "none": ""}
_EXAMPLE = f"（{EXAMPLE_MARK}）"


def font_file() -> Path:
    """Return the file of the Japanese font that comes with matplotlib-fontja."""
    spec = importlib.util.find_spec("matplotlib_fontja")
    # Importing the package would change the settings of the whole process; only its file is used.
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        path = Path(folder) / "fonts" / "ipaexg.ttf"
        if path.is_file():
            return path
    raise ReviewError(
        "図に使う日本語の書体が見つかりません。", "matplotlib-fontja を入れ直してください。"
    )


def bar_chart(chart: BarChart) -> str:
    """Draw achievement against target: a bar for each indicator and the line of 100%."""
    height = ROW * len(chart.bars) + 58
    with _drawing(WIDTH, height) as (figure, font):
        axes = figure.add_axes((0.37, 46 / height, 0.49, 1 - 56 / height))
        lengths = [bar.length for bar in chart.bars if bar.length is not None]
        low = max(LOWEST, min([0.0, *lengths]))
        high = min(FURTHEST, max([120.0, *lengths]))
        for place, bar in enumerate(chart.bars):
            _draw_bar(axes, place, bar, low, high, font)
        axes.set_xlim(low, high)
        axes.set_ylim(len(chart.bars) - 0.4, -0.6)
        axes.axvline(0, color="#000000", linewidth=0.6)
        axes.axvline(FULL, color="#000000", linewidth=1.4, zorder=4)
        ticks = [tick for tick in (-50, 0, 50, 100, 150, 200) if low <= tick <= high]
        axes.set_xticks(ticks, [_percent(tick) for tick in ticks], fontproperties=font(8))
        labels = [
            _wrapped(bar.label, tail=_EXAMPLE if bar.letter.example else "") for bar in chart.bars
        ]
        axes.set_yticks(range(len(labels)), labels, fontproperties=font(8), linespacing=1.05)
        axes.tick_params(axis="y", length=0)
        _frame(axes)
        _legend(figure, chart, font)
        return _svg(figure, chart.id, chart.title, chart.description)


def _percent(value: float) -> str:
    return f"△{-value:.0f}%" if value < 0 else f"{value:.0f}%"


def _style(letter: Letter) -> dict[str, Any]:
    """Return colour, hatch and line of a bar; examples are hollow with a broken line."""
    color = _COLORS[letter.tone]
    return {
        "facecolor": "#ffffff" if letter.example else _FILLS[letter.tone],
        "edgecolor": color,
        "hatch": _HATCHES[letter.tone],
        "linestyle": (0, (3, 1.5)) if letter.example else "-",
        "linewidth": 1.0,
    }


def _draw_bar(axes: "Axes", place: int, bar: Bar, low: float, high: float, font: Any) -> None:
    text, at, cut = bar.text, 0.0, False
    if bar.length is not None:
        end = min(max(bar.length, low), high)
        axes.barh(place, end, height=0.62, zorder=2, **_style(bar.letter))
        text = f"{bar.text}　{bar.letter.text}"
        at = max(end, 0.0)
        cut = bar.length > high  # a long number stands inside its bar, where there is room
        if cut:
            axes.plot(
                [end], [place], marker=">", color="#000000", markersize=5, clip_on=False, zorder=5
            )
    if bar.expected is not None and bar.expected <= high:
        axes.plot(
            [bar.expected], [place], marker="D", markersize=5, markerfacecolor="#ffffff",
            markeredgecolor="#000000", linestyle="none", zorder=6,
        )  # fmt: skip
        if bar.length is not None and at <= bar.expected < at + (high - low) * 0.22:
            at = bar.expected + (high - low) * 0.01
    axes.annotate(
        text,
        (at, place),
        xytext=(-8, 0) if cut else (6, 0),
        textcoords="offset points",
        ha="right" if cut else "left",
        va="center",
        fontproperties=font(8.5 if bar.length is not None else 7.5),
        annotation_clip=False,
        zorder=7,
        bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 0.8},
    )


def _frame(axes: "Axes") -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_linewidth(0.6)


def _legend(figure: "Drawing", chart: BarChart, font: Any) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    letters = {bar.letter.text: bar.letter for bar in chart.bars if bar.length is not None}
    ordered = sorted(letters.values(), key=lambda letter: (letter.tone == "none", letter.tone))
    handles: list[Any] = [Patch(label=letter.text, **_style(letter)) for letter in ordered]
    handles.append(Line2D([], [], color="#000000", linewidth=1.4, label="目標（100%）"))
    if any(bar.expected is not None for bar in chart.bars):
        handles.append(
            Line2D(
                [], [], marker="D", linestyle="none", markersize=5, markerfacecolor="#ffffff",
                markeredgecolor="#000000", label="経過割合（進んでいるはずの位置）",
            )
        )  # fmt: skip
    figure.legend(
        handles=handles, loc="lower center", ncols=len(handles), frameon=False, prop=font(8),
        handlelength=1.8, columnspacing=1.4, borderaxespad=0.2,
    )  # fmt: skip


def count_chart(chart: CountChart) -> str:
    """Draw the counts by letter, the years side by side, with their numbers."""
    height = 150.0
    with _drawing(WIDTH, height) as (figure, font):
        axes = figure.add_axes((0.04, 0.17, 0.92, 0.66))
        width = 0.8 / len(chart.series)
        most = max(count for series in chart.series for count in series.counts)
        for number, series in enumerate(chart.series):
            latest = number == len(chart.series) - 1
            shift = (number - (len(chart.series) - 1) / 2) * width
            label = series.year + (_EXAMPLE if series.example else "")
            style = _series_style(latest, series.example)
            places = [place + shift for place in range(len(series.counts))]
            axes.bar(places, series.counts, width * 0.92, label=label, **style)
            for place, count in zip(places, series.counts, strict=True):
                axes.annotate(
                    f"{count}", (place, count), xytext=(0, 2), textcoords="offset points",
                    ha="center", fontproperties=font(8.5),
                )  # fmt: skip
        labels = [
            "評価なし" if letter.text == "－" else _wrapped(letter.text, 14)
            for letter in chart.letters
        ]
        axes.set_xticks(range(len(labels)), labels, fontproperties=font(9.5))
        axes.set_ylim(0, most * 1.12 or 1)
        axes.set_yticks([])
        axes.tick_params(axis="x", length=0)
        _frame(axes)
        figure.legend(
            loc="upper center",
            ncols=len(chart.series),
            frameon=False,
            prop=font(9),
            handlelength=1.8,
        )
        return _svg(figure, chart.id, chart.title, chart.description)


def _series_style(latest: bool, example: bool) -> dict[str, Any]:
    """Return the style of a year: the latest dark, earlier ones light, examples hollow."""
    fill = "#ffffff" if example else "#3d4f63" if latest else "#e6e9ed"
    hatch = "////" if latest and example else ""
    line: Any = (0, (3, 1.5)) if example else "-"
    return {
        "facecolor": fill,
        "edgecolor": "#22303c",
        "hatch": hatch,
        "linewidth": 0.9,
        "linestyle": line,
    }


# --- matplotlib ------------------------------------------------------------------------------


@contextmanager
def _drawing(width: float, height: float) -> Iterator[tuple["Drawing", Any]]:
    """Give a figure (size in points) and a maker of fonts, under settings of our own."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    path = str(font_file())
    with warnings.catch_warnings(), matplotlib.rc_context():
        warnings.simplefilter("ignore")  # a character the font lacks is drawn as a box
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "svg.fonttype": "path",
                "svg.hashsalt": "shakyo-review",
                "hatch.linewidth": 0.7,
                "text.parse_math": False,  # a name may hold a $
            }
        )
        yield (
            Figure(figsize=(width / 72, height / 72)),
            lambda size: FontProperties(fname=path, size=size),
        )


def _svg(figure: "Drawing", chart_id: str, title: str, description: str) -> str:
    """Return the drawing as SVG for the inside of a page: ids of its own, nothing external."""
    buffer = io.BytesIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(buffer, format="svg", metadata=nothing, transparent=True)
    text = buffer.getvalue().decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    # Its style element would reach the whole page; the root carries the same instead.
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", text, flags=re.DOTALL)
    text = text.replace("xlink:href=", "href=")
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    text = re.sub(
        r' id="([^"]*)"', lambda m: f' id="{chart_id}-{m[1]}"' if m[1] in used else "", text
    )
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{chart_id}-", text)
    text = re.sub(r"\s*\n\s*", " ", text).replace("> <", "><")
    size = re.search(r'viewBox="[^"]*"', text)
    head = (
        f'<svg id="{chart_id}" class="chart" role="img" aria-labelledby="{chart_id}-title {chart_id}-desc"'
        f' {size[0] if size else ""} style="stroke-linejoin:round;stroke-linecap:butt">'
        f'<title id="{chart_id}-title">{escape(title)}</title>'
        f'<desc id="{chart_id}-desc">{escape(description)}</desc>'
    )
    return head + text[text.index(">") + 1 :].strip()


def _wrapped(text: str, width: int = LABEL_WIDTH, tail: str = "") -> str:
    """Break a label into at most two lines of a width in half-width characters; the tail stays whole."""
    lines = [""]
    for char in text:
        room = width - (_width(tail) + 2 if len(lines) == 2 else 0)
        if _width(lines[-1] + char) > room:
            if len(lines) == 2:
                lines[-1] += "…"
                break
            lines.append("")
        lines[-1] += char
    if _width(lines[-1] + tail) > width:
        lines.append("")
    lines[-1] += tail
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
