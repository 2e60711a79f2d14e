"""Two people have given the same cell a value: which one is to stand."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.marks import fit


class ConflictDialog(Dialog[bool]):
    """Shows both values; True takes one's own. Esc keeps the other's."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape", "leave", "相手の値を残す", show=False),
        Binding("left,up", "pick('keep')", show=False),
        Binding("right,down", "pick('take')", show=False),
    ]
    AUTO_FOCUS = ""
    """No answer is marked at first: an Enter typed ahead for the next cell decides nothing."""

    def __init__(
        self, place: str, mine: str, theirs: str, who: str, at: str, *, what: str = "値"
    ) -> None:
        super().__init__()
        self.what = what
        self.place = place
        self.mine = mine
        self.theirs = theirs
        self.who = who
        self.at = at

    def compose(self) -> ComposeResult:
        """Yield both values and the two answers."""
        with Vertical(classes="dialog"):
            yield Static(
                f"ほかの人が、先にこの{self.what}を変えています",
                classes="dialog-title",
                markup=False,
            )
            yield Static(fit(self.place), markup=False)
            yield Static("", markup=False)
            yield Static(
                fit(
                    f"相手の{self.what}　{self.theirs}　（{self.who or '別の人'}、{self.at or '先ほど'}）"
                ),
                id="theirs",
                markup=False,
            )
            yield Static(
                fit(f"自分の{self.what}　{self.mine}　（まだ保存していません）"),
                id="mine",
                markup=False,
            )
            yield Static("", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(f"相手の{self.what}を残す", id="keep")
                yield Button(f"自分の{self.what}に変える", id="take")
            yield Static(
                f"左右キーで選び、Enter で決めます。Esc は「相手の{self.what}を残す」です。",
                classes="dialog-hint",
                markup=False,
            )

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the answer back."""
        event.stop()
        self.dismiss(event.button.id == "take")

    def action_pick(self, answer: str) -> None:
        """Mark an answer."""
        self.set_focus(self.query_one(f"#{answer}", Button))

    def action_leave(self) -> None:
        """Keep the other's value."""
        self.dismiss(False)
