"""What a pasted block will change, before it is stored."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.widgets.prose import Para, Prose

HOW = "空白のセルと、今と同じ値は変えません。あとで Ctrl+Z で元に戻せます。"
NOTHING = "1件でも貼り付けられない値があると、何も書き込みません。直して写し直してください。"


class PasteDialog(Dialog[bool]):
    """Lists the changes; True stores them. Esc writes nothing."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape", "leave", "やめる", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll_list(-1)", show=False),
        Binding("down", "scroll_list(1)", show=False),
        Binding("pageup", "scroll_list(-10)", show=False),
        Binding("pagedown", "scroll_list(10)", show=False),
    ]
    AUTO_FOCUS = "Button"

    def __init__(
        self,
        lines: Sequence[str],
        refused: Sequence[str] = (),
        odd: Sequence[str] = (),
        told: str = "",
    ) -> None:
        super().__init__()
        self.lines = list(lines)
        self.refused = list(refused)
        self.odd = list(odd)
        self.told = told

    def compose(self) -> ComposeResult:
        """Yield what is refused, what looks odd, the changes, and the answers there are."""
        with Vertical(classes="dialog wide"):
            title = f"{len(self.lines)}件の値を貼り付けます"
            if self.refused:
                title = f"貼り付けられない値が{len(self.refused)}件あります"
            yield Static(title, classes="dialog-title", markup=False)
            with VerticalScroll(id="paste-lines", can_focus=False):
                yield Static(Prose(tuple(self._paragraphs())), markup=False)
            yield Static(NOTHING if self.refused else HOW, markup=False)
            with Horizontal(classes="dialog-buttons"):
                if not self.refused:
                    yield Button("貼り付ける", id="paste")
                yield Button("閉じる" if self.refused else "やめる", id="stop")
            yield Static(
                "上下キーで一覧を送り、左右キーで選び、Enter で決めます。",
                classes="dialog-hint",
                markup=False,
            )

    def _paragraphs(self) -> Iterator[Para]:
        if self.told:
            yield Para(self.told, style="bold")
        for text in self.refused:
            yield Para(f"× {text}", hang=2)
        if self.odd:
            yield Para(f"確かめてください（{len(self.odd)}件）", style="bold")
        for text in self.odd:
            yield Para(f"・{text}", hang=2)
        if self.refused and self.lines:
            yield Para(f"ほかの{len(self.lines)}件は読めています。", style="bold")
        elif self.odd:
            yield Para("変わる値", style="bold")
        for text in self.lines:
            yield Para(text, hang=2)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the answer back."""
        event.stop()
        self.dismiss(event.button.id == "paste")

    def action_scroll_list(self, lines: int) -> None:
        """Scroll the list of changes."""
        self.query_one("#paste-lines", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Close without writing."""
        self.dismiss(False)
