"""The next step of a year: what is not done, and what may be done."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.readiness import Gap
from shakyo_review.domain.year_state import YEAR_STATE_LABELS, YearState
from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.marks import fit
from shakyo_review.ui.widgets.prose import Para, Prose

STEPS: dict[YearState, tuple[tuple[str, str], ...]] = {
    YearState.PREPARING: (("open", "記入を始める"),),
    YearState.ENTRY: (("evaluate", "記入を締め切り、評価へ"),),
    YearState.EVALUATION: (("seal", "確定する"), ("entry", "記入に戻す")),
    YearState.SEALED: (("publish", "公表する"), ("reopen", "確定を解く")),
    YearState.PUBLISHED: (("reopen", "確定を解く"),),
}
"""What may be done with a year, by its state; the first is the way ahead."""


def states_line(state: YearState) -> str:
    """Return the states in their order, the present one in brackets."""
    names = [f"［{label}］" if one is state else label for one, label in YEAR_STATE_LABELS.items()]
    return fit(" → ".join(names))


def gap_paragraphs(gaps: Sequence[Gap]) -> list[Para]:
    """Return what is not done: what blocks first, each by whose it is."""
    blocks = [gap for gap in gaps if gap.blocks]
    warns = [gap for gap in gaps if not gap.blocks]
    if not gaps:
        return [Para("確定を止めるものはありません。注意もありません。")]
    lines = [
        *(_group(f"確定までに済ませること　{len(blocks)}件", blocks) if blocks else ()),
        *(_group(f"注意（確定はできます）　{len(warns)}件", warns) if warns else ()),
    ]
    return lines if blocks else [Para("確定を止めるものはありません。"), *lines]


def _group(head: str, gaps: Iterable[Gap]) -> list[Para]:
    lines = [Para(head, style="bold")]
    by_owner = sorted(gaps, key=lambda gap: gap.committee)  # print order stays within an owner
    for owner, theirs in groupby(by_owner, key=lambda gap: gap.committee):
        lines.append(Para(f"【{owner}】"))
        lines += [Para(f"・{gap.name}: {gap.text}", hang=2) for gap in theirs]
    return lines


class YearDialog(Dialog[str]):
    """The state of a year, what is not done, and the steps there are; gives the step, None on Esc."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape,ctrl+g", "leave", "閉じる", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll_list(-1)", show=False),
        Binding("down", "scroll_list(1)", show=False),
        Binding("pageup", "scroll_list(-10)", show=False),
        Binding("pagedown", "scroll_list(10)", show=False),
    ]
    CSS = """
    YearDialog { background: $background; }
    YearDialog .dialog { width: 78; max-width: 100%; max-height: 100%; padding: 0 2; }
    YearDialog #gaps { height: auto; max-height: 14; margin: 1 0; background: $boost; padding: 0 1; }
    YearDialog #gaps Static { height: auto; }
    YearDialog.-high #gaps { max-height: 28; }
    YearDialog .dialog-buttons { height: 1; }
    """

    def __init__(self, year: int, state: YearState, gaps: Sequence[Gap]) -> None:
        super().__init__()
        self.year = year
        self.state = state
        self.gaps = list(gaps)

    def compose(self) -> ComposeResult:
        """Yield state, list and steps."""
        with Vertical(classes="dialog"):
            yield Static(f"{year_label(self.year)}の進み方", classes="dialog-title", markup=False)
            yield Static(states_line(self.state), id="states", markup=False)
            with VerticalScroll(id="gaps", can_focus=False):
                yield Static(Prose(tuple(self._paragraphs())), id="gap-list", markup=False)
            with Horizontal(classes="dialog-buttons"):
                for step, label in STEPS[self.state]:
                    yield Button(label, id=step)
                yield Button("閉じる（Esc）", id="stop")
            yield Static(
                "上下の矢印で一覧を送り、左右の矢印で選び、Enter で決めます。",
                classes="dialog-hint",
                markup=False,
            )

    def _paragraphs(self) -> list[Para]:
        told = {
            YearState.PREPARING: "まだ開いていません。記入を始めると、この年度が入力する年度になります。",
            YearState.SEALED: "確定しています。値も評価も変えられません。直すときは確定を解きます（理由が要ります）。",
            YearState.PUBLISHED: "公表しています。直すときは確定を解きます（理由が要ります）。",
        }.get(self.state)
        return gap_paragraphs(self.gaps) if told is None else [Para(told)]

    def on_mount(self) -> None:
        """Stand on the way ahead, unless something blocks it."""
        self.set_class(self.app.size.height >= 38, "-high")
        blocked = self.state is YearState.EVALUATION and any(gap.blocks for gap in self.gaps)
        self.query_one("#stop" if blocked else f"#{STEPS[self.state][0][0]}").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the step back."""
        event.stop()
        self.dismiss(None if event.button.id == "stop" else event.button.id)

    def action_scroll_list(self, lines: int) -> None:
        """Scroll what is not done."""
        self.query_one("#gaps", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)
