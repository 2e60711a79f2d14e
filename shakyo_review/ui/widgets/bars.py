"""The lines around every screen: title, tabs, hints."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.events import Click
from textual.widgets import Static

from shakyo_review.ui import keys
from shakyo_review.ui.doing import perform
from shakyo_review.ui.marks import cut, fit
from shakyo_review.ui.widgets.prose import Para, Prose

TABS = (
    ("home", keys.HOME, "F5"),
    ("entry", keys.ENTRY, "F6"),
    ("scores", keys.SCORES, "F7"),
    ("compare", keys.COMPARE, "F8"),
    ("report", keys.REPORT, "F9"),
    ("improve", keys.IMPROVE, "^K"),
    ("plan", keys.PLAN, "^L"),
    ("history", keys.HISTORY, "^R"),
)
ROOMY = 104
"""From this width on the tabs have room around them, and ^K is written Ctrl+K."""


class TitleLine(Static):
    """Plan, who works, when it was saved last, and the year; a click on the last two tells more."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._spans: list[tuple[int, int, str]] = []  # from, to, action

    def show(self, title: str, parts: Sequence[tuple[str, str]]) -> None:
        """Show the plan on the left, and on the right texts with what a click on each does."""
        right = sum(cell_len(text) + 2 for text, _ in parts) - 2
        title = cut(title, max(self.app.size.width - right - 4, 0))
        gap = max(self.app.size.width - cell_len(title) - right - 2, 1)
        line, self._spans = Text(title + " " * gap, no_wrap=True), []
        for text, action in parts:
            start = line.cell_len
            line.append(f"{text}  ")
            self._spans.append((start, start + cell_len(text), action))
        self.update(line)

    async def on_click(self, event: Click) -> None:
        """Do what belongs to the text that was clicked."""
        for start, end, action in self._spans:
            if action and start <= event.x - 1 < end:
                await self.app.run_action(action)


class TabLine(Static):
    """The screens, the present one marked; a click goes there."""

    def __init__(self, where: str) -> None:
        super().__init__("", markup=False)
        self.where = where
        self._spans: list[tuple[int, int, str]] = []  # from, to, action

    def on_resize(self) -> None:
        """Draw the tabs anew."""
        self.show()

    def show(self) -> None:
        """Draw the tabs as wide as there is room."""
        self._spans = []
        roomy = self.app.size.width >= ROOMY
        line = Text(no_wrap=True)
        for name, label, key in (*TABS, ("", "ヘルプ", "F1")):
            here = label == self.where
            text = f"[{label}]" if here else f" {label} " if roomy else label
            start = line.cell_len
            line.append(key.replace("^", "Ctrl+") if roomy else key)
            line.append(text, style="bold reverse" if here else "")
            line.append(" ")
            self._spans.append((start, line.cell_len, f"go('{name}')" if name else "show_help"))
        self.update(line)

    async def on_click(self, event: Click) -> None:
        """Go to the tab under the mouse."""
        for start, end, action in self._spans:
            if start <= event.x - 1 < end:
                await self.app.run_action(action)


class HintLine(Static):
    """The keys of this screen in one line; a message takes its place until the next key.

    With ``where`` given, a click on a hint does what its key does.
    """

    def __init__(self, hints: str, where: str = "") -> None:
        super().__init__("", markup=False)
        self.hints = hints
        self.where = where
        self.telling = False

    def on_mount(self) -> None:
        """Show the hints."""
        self.show()

    def show(self) -> None:
        """Show the hints, unless something is being told."""
        if not self.telling:
            self.rest()

    def rest(self) -> None:
        """Go back to the hints."""
        self.telling = False
        self.remove_class("error", "told")
        self.update(Text(fit(self.hints), no_wrap=True, overflow="crop"))

    def tell(self, text: str, *, error: bool = False) -> None:
        """Show one sentence."""
        self.telling = True
        self.set_class(error, "error")
        self.set_class(not error, "told")
        self.update(Prose((Para(text),)))

    async def on_click(self, event: Click) -> None:
        """Do what the key under the mouse does; a message is put away first."""
        if self.telling:
            self.rest()
            return
        start = 0
        for key in (key for key in keys.keys_of(self.where) if key.hint):
            end = start + cell_len(fit(f"{key.shown} {key.label}"))
            if self.where and start <= event.x - 1 < end:
                await perform(self.app, key)
            start = end + 2
