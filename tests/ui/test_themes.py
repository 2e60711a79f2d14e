"""The looks: every text stands out, nothing moves the frame, and the choice is kept."""

import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import indicator, node, plan
from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.widgets import Input
from viewing import YEAR, View, view

from shakyo_review.services.settings import load_settings, settings_path
from shakyo_review.ui import marks
from shakyo_review.ui.dialogs.small_window import SmallWindow
from shakyo_review.ui.themes import CONTRAST, PLAIN, THEMES

MODES = ("home", "entry", "scores", "improve", "meeting", "compare", "plan", "history", "report")
KEYS_THAT_OPEN = ("f1", "ctrl+p", "f2")


@pytest.fixture(autouse=True)
def _narrow_again() -> Iterator[None]:
    yield
    marks.use_wide(False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


async def everywhere(
    seen: View, look: Callable[[str], None], modes: tuple[str, ...] = MODES
) -> None:
    """Look at every screen, and at what opens in front of it."""
    for mode in modes:
        await seen.go(mode)
        look(mode)
    for key in KEYS_THAT_OPEN:
        await seen.go("scores")
        await seen.press(key)
        look(key)
        await seen.press("escape")


@pytest.mark.parametrize("theme", [name for name, _, _ in THEMES])
def test_every_text_stands_out_from_its_ground(path: Path, theme: str) -> None:
    async def work(seen: View) -> None:
        seen.app.wear(theme)
        few = theme in (CONTRAST.name, PLAIN.name)  # sixteen colours are enough for these

        def look(where: str) -> None:
            assert faint(seen) == [], where
            assert not few or faint(seen, few=True) == [], where

        await everywhere(seen, look, ("home", "entry", "meeting", "compare", "history", "report"))

    view(path, work, year=YEAR)


def test_nothing_ambiguous_reaches_a_terminal_that_draws_it_wide(path: Path) -> None:
    """Also not in what people have typed: ○ in a name, in a field, in a reason."""
    named = plan(
        node(
            "1",
            node(
                "1-1",
                indicator(
                    "a",
                    name="○△×①→…α±",
                    unit="㎡",
                    targets={YEAR: 9},
                    actuals={YEAR: 3, YEAR - 1: 8},
                ),
                owners=["社協（■課）"],
            ),
            name="目標◎─│┌█",
        ),
        title="第Ⅳ次◆計画",
        body="○○市社協",
    )
    marks.use_wide(True)

    async def work(seen: View) -> None:
        assert seen.app.theme == PLAIN.name
        assert "記号を使わない画面にしています" in seen.foot

        def look(where: str) -> None:
            for line in seen.lines():
                assert cell_len(line) == 80, (where, line)
                wide = [c for c in line if unicodedata.east_asian_width(c) == "A"]
                assert not [c for c in wide if not unicodedata.combining(c)], (where, line)

        await everywhere(seen, look)
        await seen.go("scores")
        await seen.press("ctrl+p")
        for _ in range(100):  # the escape before it may still be on its way
            if seen.screen.query(Input):
                break
            await seen.pilot.pause()
        seen.screen.query_one(Input).value = "○①─x"
        await seen.pilot.pause()
        look("typed")
        assert seen.screen.query_one(Input).value == "○①─x"  # only what is drawn is another
        seen.app.wear("shakyo-light")  # colours are one thing, what the terminal can draw another
        await seen.pilot.pause()
        look("light")

    view(path, work, made_of=named, year=YEAR)


def test_the_look_is_chosen_by_name_and_kept(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAKYO_REVIEW_SETTINGS", str(tmp_path / "s" / "settings.toml"))
    (tmp_path / "s").mkdir()
    settings_path().write_text('name = "山田"\nlook = "light"\n', encoding="utf-8")

    async def work(seen: View) -> None:
        await seen.press("ctrl+p")
        seen.screen.query_one(Input).value = "がめんのいろ しろくろ"
        await seen.press("enter")
        assert seen.app.theme == PLAIN.name
        assert "準備 > ［記入］" in "".join(seen.lines())
        assert (load_settings().look, load_settings().name) == ("plain", "山田")
        seen.app.change_look("shakyo-dark")
        await seen.pilot.pause()
        assert "準備 → ［記入］" in "".join(seen.lines())
        assert settings_path().read_text(encoding="utf-8").count("look") == 1

    view(path, work, year=YEAR)


def test_a_window_too_small_asks_for_a_larger_one_and_loses_nothing(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f6", "5")
        await seen.resize(60, 20)
        assert isinstance(seen.screen, SmallWindow)
        assert "窓を広げてください" in "".join(line.strip() for line in seen.lines())
        await seen.press("9", "f7", "escape")
        await seen.resize(80, 24)
        assert seen.app.current_mode == "entry"
        await seen.press("2", "enter")
        assert seen.book.score(YEAR).indicators["b"].actual.reading.value == 52
        await seen.resize(60, 20)
        await seen.press("ctrl+q")
        assert seen.app._exit

    view(path, work, year=YEAR)


def faint(seen: View, *, few: bool = False) -> list[str]:
    """Texts whose contrast is below 4.5 to 1 (WCAG AA); of what is behind a dialog nothing is read."""
    found = []
    front = seen.screen.query(".dialog")
    region = front.first().region if front else seen.screen.region
    for y, strip in enumerate(seen.screen._compositor.render_strips()):
        x = 0
        for text, style, _ in strip:
            inside, x = region.contains(x, y), x + cell_len(text)
            if not inside or not text.strip(" #") or style is None:
                continue
            if style.color is None or style.bgcolor is None:
                continue
            one, other = drawn(style.color, few), drawn(style.bgcolor, few)
            if contrast(one, other) < 4.5:
                found.append(text)
    return found


SIXTEEN = (
    *((0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205)),
    *((0, 205, 205), (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0)),
    *((92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255)),
)
"""As xterm draws them."""


def drawn(color: RichColor, few: bool) -> Color:
    """A colour as a terminal draws it."""
    if few:
        return Color(*SIXTEEN[color.downgrade(ColorSystem.STANDARD).number or 0])
    return Color(*color.get_truecolor())


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    parts = [c / 255 for c in (color.r, color.g, color.b)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("answer", "told"),
    [("\x1b[5;3R", "全角の幅"), ("\x1b[5;2R", "半角の幅です"), ("", "答えがない")],
)
def test_the_terminal_is_asked_how_wide_a_circle_is(answer: str, told: str) -> None:
    pexpect = pytest.importorskip("pexpect")
    asks = "from shakyo_review.ui.terminal import told; print(told())"
    env = {key: value for key, value in os.environ.items() if key != "SHAKYO_REVIEW_WIDE"}
    child = pexpect.spawn(sys.executable, ["-c", asks], env=env, encoding="utf-8", echo=False)
    child.delaybeforesend = None
    child.expect_exact("○\x1b[6n")
    child.send(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert told in child.before
