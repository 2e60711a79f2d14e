"""Colours to choose from, and scroll bars that keep their width in every terminal.

Every text keeps a contrast of at least 4.5 to 1 to what is behind it (WCAG AA): many who read
this are over 65.
"""

from typing import ClassVar

from textual.app import App
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import Theme

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
    secondary="#00e5ff",
    accent="#ffd700",
    warning="#ffd700",
    error="#ff8080",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#303030",
    boost="#303030",
    dark=True,
    variables={
        "quiet": "#d8d8d8",
        "good": "#80ff80",
        "bad": "#ffb0b0",
        "text-muted": "#ffffff",
        "text-disabled": "#d0d0d0",
        "block-cursor-background": "#ffd700",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#505050",
        "block-cursor-blurred-foreground": "#ffffff",
        "input-selection-background": "#0060c0",
    },
)

THEMES = (
    (DARK.name, "画面の色: 暗い", "黒い地に明るい文字にします"),
    (LIGHT.name, "画面の色: 明るい", "白い地に黒い文字にします"),
    (CONTRAST.name, "画面の色: はっきり", "黒い地に白と黄色の、はっきりした色にします"),
)
"""Name, what it is called, and what it does. ``quiet``, ``good`` and ``bad`` are ours beside
Textual's variables: for texts in a table, where a colour must be a plain one."""


class PlainScrollBar(ScrollBarRender):
    """A scroll bar of spaces: the usual eighth blocks are two columns wide in some terminals."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


def dress(app: App[object]) -> None:
    """Give an app our colours and scroll bars."""
    for theme in (DARK, LIGHT, CONTRAST):
        app.register_theme(theme)
    app.theme = DARK.name
    ScrollBar.renderer = PlainScrollBar
