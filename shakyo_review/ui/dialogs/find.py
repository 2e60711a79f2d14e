"""Finding a row by what is written in it."""

import unicodedata
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Input, OptionList, Static

from shakyo_review.ui.dialogs.choose import Choice, ChooseDialog

MOST = 100
"""Hits that are listed."""


def folded(text: str) -> str:
    """Return a text in the form in which it is searched: width and case do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


class FindInput(Input):
    """The words searched for; up and down walk in the list below."""

    async def _on_key(self, event: Key) -> None:
        hits = self.screen.query_one(OptionList)
        if event.key in ("up", "down", "pageup", "pagedown"):
            event.stop()
            event.prevent_default()
            {
                "up": hits.action_cursor_up,
                "down": hits.action_cursor_down,
                "pageup": hits.action_page_up,
                "pagedown": hits.action_page_down,
            }[event.key]()
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            if isinstance(self.screen, FindDialog):
                self.screen.find(self.value)
                if hits.highlighted_option is not None:
                    self.screen.choose(hits.highlighted_option)


class FindDialog(ChooseDialog[Choice]):
    """A list narrowed by what is typed. Each choice comes with the text that is searched."""

    AUTO_FOCUS = "FindInput"

    def __init__(
        self, title: str, choices: Sequence[tuple[str, Choice]], searched: Sequence[str]
    ) -> None:
        super().__init__(title, choices)
        self._searched = [folded(text) for text in searched]
        self._words = ""

    def above_list(self) -> ComposeResult:
        """Yield the input and the number of hits."""
        box = FindInput(placeholder="取組や指標の名前、コードの一部")
        box.cursor_blink = False
        yield box
        yield Static("", id="find-count", markup=False)

    def on_mount(self) -> None:
        """Start with everything."""
        self._list(list(range(len(self.choices))))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self.find(event.value)

    def find(self, typed: str) -> None:
        """Show the choices that contain every word typed."""
        words = [folded(word) for word in typed.split()]
        if (key := " ".join(words)) == self._words:
            return
        self._words = key
        self._list(
            [i for i, text in enumerate(self._searched) if all(word in text for word in words)]
        )

    def _list(self, hits: list[int]) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(map(self.option, hits[:MOST]))
        options.highlighted = 0 if hits else None
        more = f"（先頭の{MOST}件）" if len(hits) > MOST else ""
        count = f"{len(hits)}件{more}" if hits else "見つかりません。別の言葉で探してください。"
        self.query_one("#find-count", Static).update(count)
