"""Pictures of the real screens for the manual: ``python docs/pictures.py`` draws them all anew.

The screens are opened on bundled plans with a fixed clock and fixed names, so the same program
gives the same bytes. ``tests/architecture/test_pictures.py`` draws some of them again.
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from xml.sax.saxutils import escape

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from textual.pilot import Pilot

from shakyo_review.domain.person import Role
from shakyo_review.services import checked, clock, people
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.evaluating import evaluate
from shakyo_review.services.making import make_demo
from shakyo_review.services.sealing import start_evaluation
from shakyo_review.storage import migrations
from shakyo_review.ui import marks
from shakyo_review.ui.app import ReviewApp

FOLDER = Path(__file__).parent / "pictures"
FONTS = (
    "'BIZ UDGothic','MS Gothic','Osaka-Mono','Noto Sans Mono CJK JP','IPAGothic','TakaoGothic',"
    "monospace"
)
"""Japanese fonts of Windows, macOS and Linux whose kana are exactly two letters wide."""
WIDE, HIGH = 8, 18
"""Pixels of a cell."""
NOW = "2026-05-20T09:05:00+09:00"

Work = Callable[[Pilot[None]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, whose screen it is, and what is done before it is taken."""

    name: str
    who: str
    work: Work
    plan: str = "okegawa"
    year: int = 2025
    size: tuple[int, int] = (80, 24)
    look: str = "light"
    first: str = "home"


# --- the scenes -----------------------------------------------------------------------------


def keys(*pressed: str) -> Work:
    """Return what presses keys, one after the other, as a person would."""

    async def work(pilot: Pilot[None]) -> None:
        for one in pressed:
            if one.startswith("type:"):
                await pilot.press(*one.removeprefix("type:"))
            else:
                await pilot.press(one)
            await pilot.pause()

    return work


LETTERS = (("2-1-1-3", "B", "C"), ("1-1-1-2", "A", "B"), ("1-2-1-2", "A", "A"))
"""What is given in the sample: item, self-evaluation, evaluation inside the council."""
SECRETARIAT, MEMBER, COUNCIL = "山田 花子", "田中 一郎", "佐藤 恵子"

PICTURES = (
    # 委員
    Picture("member-home", MEMBER, keys("f5"), "isesaki", 2024),
    Picture("member-entry", MEMBER, keys("f6", "f4", "type:１０"), "isesaki", 2024),
    Picture("member-reason", MEMBER, keys("f6", "f4", "ctrl+x"), "isesaki", 2024),
    Picture("member-odd", MEMBER, keys("f6", "f4", "type:８０", "enter"), "isesaki", 2024),
    Picture("member-submit", MEMBER, keys("f6", "ctrl+g"), "isesaki", 2024),
    # 事務局
    Picture("secretariat-home", SECRETARIAT, keys("f5"), "isesaki", 2024),
    Picture("secretariat-ready", SECRETARIAT, keys("f5", "ctrl+g"), "isesaki", 2024),
    Picture("secretariat-scores", SECRETARIAT, keys("f7", "down"), size=(100, 30)),
    Picture("secretariat-compare", SECRETARIAT, keys("f8"), size=(100, 30)),
    Picture(
        "secretariat-plan", SECRETARIAT, keys("ctrl+l", "ctrl+e", "down", "down"), size=(100, 30)
    ),
    Picture("secretariat-report", SECRETARIAT, keys("f9")),
    Picture("secretariat-people", SECRETARIAT, keys("f5", "f2")),
    # 懇話会
    Picture("council-home", COUNCIL, keys("f5")),
    Picture("council-scores", COUNCIL, keys("f7", "down", "ctrl+w"), size=(100, 30)),
    Picture("council-meeting", COUNCIL, keys("f7", "ctrl+a"), size=(100, 30)),
    Picture(
        "council-opinion", COUNCIL, keys("f7", "down", "ctrl+o", "enter", "type:若い人への声かけを")
    ),
)


# --- drawing --------------------------------------------------------------------------------


def prepare(path: Path, plan: str) -> None:
    """Make the sample book of a plan with somebody of every role."""
    make_demo(path, plan, SECRETARIAT)
    with ReviewBook.open(path, SECRETARIAT) as book:
        owners = people.owners_known(book)
        people.add(book, SECRETARIAT, Role.SECRETARIAT)
        people.add(book, MEMBER, Role.MEMBER, owners[:1])
        people.add(book, COUNCIL, Role.COUNCIL)
        if plan == "okegawa":
            start_evaluation(book, 2025)
            for code, own, inner in LETTERS:
                evaluate(book, code, 2025, "self", own, reason="年度の後半に参加が増えた")
                evaluate(book, code, 2025, "internal", inner, reason="目標の人数に届いていない")


@contextmanager
def fixed() -> Iterator[None]:
    """Let it be the same minute everywhere."""

    class Fixed(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Fixed":
            return cls.fromisoformat(NOW).astimezone(tz)

    zone = os.environ.get("TZ")
    os.environ["TZ"] = "Asia/Tokyo"
    time.tzset()
    try:
        with ExitStack() as patches:
            for module in (clock, checked, migrations):
                patches.enter_context(patch.object(module, "datetime", Fixed))
            yield
    finally:
        os.environ.pop("TZ") if zone is None else os.environ.update(TZ=zone)
        time.tzset()


def lines_of(picture: Picture, folder: Path) -> list[list[Segment]]:
    """Open the screens on the book of a plan (made where it is not there) and take the picture."""
    path = folder / f"{picture.plan}.db"
    if not path.exists():
        with fixed():
            prepare(path, picture.plan)
    taken = folder / f"{picture.name}.db"
    taken.write_bytes(path.read_bytes())

    async def run() -> list[list[Segment]]:
        with ReviewBook.open(taken, picture.who) as book:
            app = ReviewApp(
                book,
                year=picture.year,
                report_folder=Path("報告書"),
                look=picture.look,
                first=picture.first,
            )
            async with app.run_test(size=picture.size) as pilot:
                await pilot.pause()
                await picture.work(pilot)
                await pilot.pause()
                return [list(strip) for strip in app.screen._compositor.render_strips()]

    wide = marks.is_wide()
    marks.use_wide(False)
    try:
        with fixed():
            return asyncio.run(run())
    finally:
        marks.use_wide(wide)


def draw(lines: list[list[Segment]], title: str) -> str:
    """Return the SVG of a screen: every run of letters of one width is as wide as its cells."""
    columns = max(sum(segment.cell_length for segment in line) for line in lines)
    width, height = columns * WIDE, len(lines) * HIGH
    grounds, texts = [], []
    for row, line in enumerate(lines):
        x, y = 0, row * HIGH
        for segment in line:
            front, ground, bold = _colours(segment)
            cells = segment.cell_length
            grounds.append((ground, x, y, cells * WIDE))
            texts += _runs(segment.text, x, y, front, bold)
            x += cells * WIDE
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" font-family="{FONTS}" font-size="{2 * WIDE}">',
        f"<title>{escape(title)}</title>",
    ]
    for (ground, y), some in groupby(grounds, key=lambda one: (one[0], one[2])):
        parts = list(some)
        out.append(
            f'<rect x="{parts[0][1]}" y="{y}" width="{sum(part[3] for part in parts)}" '
            f'height="{HIGH}" fill="{ground}"/>'
        )
    return "\n".join([*out, *texts, "</svg>", ""])


def _runs(text: str, x: int, y: int, front: str, bold: bool) -> Iterable[str]:
    for wide, some in groupby(text, key=lambda char: 0 if char.isspace() else cell_len(char)):
        run = "".join(some)
        length = cell_len(run) * WIDE
        if wide:
            weight = ' font-weight="bold"' if bold else ""
            yield (
                f'<text x="{x}" y="{y + HIGH - 4}" fill="{front}"{weight} textLength="{length}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(run)}</text>'
            )
        x += length


def _colours(segment: Segment) -> tuple[str, str, bool]:
    style = segment.style
    front, ground = "#000000", "#ffffff"
    if style is None:
        return front, ground, False
    front, ground = _hex(style.color, front), _hex(style.bgcolor, ground)
    if style.reverse:
        front, ground = ground, front
    return front, ground, bool(style.bold)


def _hex(color: Color | None, otherwise: str) -> str:
    return otherwise if color is None or color.is_default else color.get_truecolor().hex


def text_of(lines: list[list[Segment]]) -> str:
    """Return what stands on a screen."""
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines)


def text_in(svg: str) -> str:
    """Return what stands in a drawn picture, line by line, without blanks."""
    import xml.etree.ElementTree as ElementTree

    rows: dict[str, list[str]] = {}
    for one in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314  # ours
        rows.setdefault(one.get("y", ""), []).append((one.text or "").strip())
    return "\n".join("".join("".join(row).split()) for row in rows.values())


def main(names: list[str]) -> None:
    """Draw all pictures, or those named."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as made:
        for picture in PICTURES:
            if not names or picture.name in names:
                svg = draw(lines_of(picture, Path(made)), picture.name)
                (FOLDER / f"{picture.name}.svg").write_text(svg, encoding="utf-8")
                print(picture.name)


if __name__ == "__main__":
    main(sys.argv[1:])
