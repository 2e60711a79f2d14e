"""The lines around every screen: title, tabs, hints."""

from rich.cells import cell_len
from rich.text import Text
from textual.events import Click
from textual.widgets import Static

from shakyo_review.ui import keys
from shakyo_review.ui.doing import perform
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
    """Plan and year, at the very top; a click on the year offers the others."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._year_from = 0

    def show(self, title: str, year: str) -> None:
        """Show the plan on the left and the year on the right."""
        gap = max(self.app.size.width - cell_len(title) - cell_len(year) - 2, 1)
        self._year_from = cell_len(title) + gap
        self.update(Text(f"{title}{' ' * gap}{year}", no_wrap=True))

    async def on_click(self, event: Click) -> None:
        """Offer the years where the year was clicked."""
        if event.x - 1 >= self._year_from:
            await self.app.run_action("choose_year")


class TabLine(Static):
    """The screens, the present one marked; a click goes there."""

    def __init__(self, where: str) -> None:
        super().__init__("", markup=False)
        self.where = where
        self._spans: list[tuple[int, int, str]] = []  # from, to, action

    def on_resize(self) -> None:
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
        """Show the hints, unless something has been told already."""
        if not self.telling:
            self.rest()

    def rest(self) -> None:
        """Go back to the hints."""
        self.telling = False
        self.remove_class("error", "told")
        self.update(Text(self.hints, no_wrap=True, overflow="crop"))

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
            end = start + cell_len(f"{key.shown} {key.label}")
            if self.where and start <= event.x - 1 < end:
                await perform(self.app, key)
            start = end + 2
