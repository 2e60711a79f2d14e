"""Looks to choose from, and characters that keep their place in every terminal.

Every text keeps a contrast of at least 4.5 to 1 to what is behind it (WCAG AA): many who read
this are over 65. "Plain" is a look for terminals that draw ○ and box lines two columns wide: only
ASCII and full-width characters reach such a terminal, whatever people have typed.
"""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from rich.segment import Segment
from textual.color import Color
from textual.events import DescendantFocus, Resize
from textual.filter import LineFilter
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import Theme

from shakyo_review.ui import marks
from shakyo_review.ui.key_turns import KeyTurns

DARK = Theme(
    name="shakyo-dark",
    primary="#0b5fa5",
    secondary="#004578",
    accent="#ffa62b",
    warning="#ffa62b",
    error="#a8324f",
    success="#2f8f52",
    foreground="#e8e8e8",
    dark=True,
    variables={
        "quiet": "#a8a8a8",
        "good": "#8ad4a1",
        "bad": "#ff9d9d",
        "text-muted": "#c0c0c0",
        "text-disabled": "#b0b0b0",
        "input-selection-background": "#0b5fa5",
    },
)
LIGHT = Theme(
    name="shakyo-light",
    primary="#004578",
    secondary="#0b5fa5",
    accent="#8a4b00",
    warning="#8a4b00",
    error="#a31535",
    success="#1b6e35",
    foreground="#1f1f1f",
    background="#f2f2f2",
    surface="#ffffff",
    panel="#dcdcdc",
    boost="#e6e6e6",
    dark=False,
    variables={
        "quiet": "#5c5c5c",
        "good": "#0b6b2b",
        "bad": "#a31535",
        "text-muted": "#3d3d3d",
        "text-disabled": "#5c5c5c",
        "input-selection-background": "#a9cdec",
    },
)
CONTRAST = Theme(
    name="shakyo-contrast",
    primary="#ffd700",
    secondary="#000087",
    accent="#ffd700",
    warning="#ffd700",
    error="#800000",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000087",
    boost="#000087",
    dark=True,
    variables={
        "quiet": "#d8d8d8",
        "good": "#80ff80",
        "bad": "#ffb0b0",
        "text-muted": "#ffffff",
        "text-error": "#ffb0b0",
        "text-disabled": "#d0d0d0",
        "block-cursor-background": "#ffd700",
        "block-cursor-foreground": "#000000",
        "block-cursor-text-style": "none",  # bold black is grey where there are sixteen colours
        "block-cursor-blurred-background": "#000087",
        "block-cursor-blurred-foreground": "#ffffff",
        "input-selection-background": "#0000af",
    },
)
PLAIN = Theme(
    name="shakyo-plain",
    primary="#000087",
    secondary="#000087",
    accent="#ffffff",
    warning="#ffffff",
    error="#800000",
    success="#ffffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000087",
    boost="#000087",
    dark=True,
    variables={
        "quiet": "#ffffff",
        "good": "#ffffff",
        "bad": "#ffffff",
        "text-muted": "#ffffff",
        "text-error": "#ffffff",
        "text-disabled": "#ffffff",
        "block-cursor-background": "#ffffff",
        "block-cursor-foreground": "#000000",
        "block-cursor-text-style": "none",  # bold black is grey where there are sixteen colours
        "block-cursor-blurred-background": "#000087",
        "block-cursor-blurred-foreground": "#ffffff",
        "input-selection-background": "#0000af",
    },
)
"""As ``CONTRAST`` only colours that sixteen are enough for."""
_ALL = (DARK, LIGHT, CONTRAST, PLAIN)

THEMES = (
    (DARK.name, "画面の色: 暗い", "黒い地に明るい文字にします"),
    (LIGHT.name, "画面の色: 明るい", "白い地に黒い文字にします"),
    (CONTRAST.name, "画面の色: はっきり", "黒い地に白と黄色の、はっきりした色にします"),
    (PLAIN.name, "画面の色: 白黒・記号なし", "○や罫線を使わず、英数字とかなと漢字だけで出します"),
)
"""Name, what it is called, and what it does. ``quiet``, ``good`` and ``bad`` are ours beside
Textual's variables: for texts in a table, where a colour must be a plain one."""


WHY_PLAIN = (
    "この端末は○などを全角の幅で表すため、ずれないように記号を使わない画面にしています"
    "（色は Ctrl+P の「画面の色」で変えられます）。"
)


class PlainScrollBar(ScrollBarRender):
    """A scroll bar of spaces: the usual eighth blocks are two columns wide in some terminals."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


class SafeCharacters(LineFilter):
    """Keep characters that would move the rest of the line, or command the terminal, from it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with every text made safe; the widths stay as they are."""
        return [
            segment
            if segment.control or (text := marks.safe(segment.text)) is segment.text
            else Segment(text, segment.style)
            for segment in segments
        ]


Answer = TypeVar("Answer")


class Dressed(KeyTurns[Answer]):
    """An app in one of our looks; nothing in it blinks or moves by itself."""

    terminal_is_wide = False
    """Whether this terminal draws ambiguous characters two columns wide."""
    to_tell = ""
    """A sentence for the first screen that comes to the front."""

    def dress(self, look: str = "") -> None:
        """Put on a look by the short name of the settings (dark, light, contrast, plain).

        Without one: what suits the terminal.
        """
        self.animation_level = "none"
        self.terminal_is_wide = marks.is_wide()
        self._safe = SafeCharacters()
        for theme in _ALL:
            self.register_theme(theme)
        ScrollBar.renderer = PlainScrollBar
        self.wear(f"shakyo-{look}" if look else self._suiting())
        self.to_tell = WHY_PLAIN if self.terminal_is_wide and not look else ""

    def _suiting(self) -> str:
        if self.terminal_is_wide:
            return PLAIN.name
        return CONTRAST.name if self.console.color_system == "standard" else DARK.name

    def wear(self, theme: str) -> None:
        """Change to a look; the plain one also does without ambiguous characters."""
        marks.use_wide(self.terminal_is_wide or theme == PLAIN.name)
        self.theme = theme
        self.set_class(theme == PLAIN.name, "-plain")
        self.set_class(theme in (PLAIN.name, CONTRAST.name), "-edged")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters and ours."""
        return [*super().get_line_filters(), self._safe]

    def on_resize(self, event: Resize) -> None:
        """Ask for a larger window where the screens do not fit into this one."""
        from shakyo_review.ui.dialogs.small_window import SmallWindow, too_small

        if too_small(*event.size) and not isinstance(self.screen, SmallWindow):
            self.push_screen(SmallWindow())

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Keep the cursor of a field from blinking: it makes input methods flicker."""
        if hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = False
