"""A change of the plan: from when and why, what it would do, and whether it is to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import ValidationError
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.revision import CHANGE_LABELS
from shakyo_review.domain.value import Reading
from shakyo_review.errors import PlanProblem
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import ReasonNeeded
from shakyo_review.services.revising import Outcome, revise
from shakyo_review.ui.dialogs.ask_reason import MEETING
from shakyo_review.ui.dialogs.base import Dialog
from shakyo_review.ui.dialogs.form import REASON, Form, Line, Pick
from shakyo_review.ui.marks import fit, letter
from shakyo_review.ui.widgets.prose import Para, Prose

CORRECTION = "0"
"""The choice that corrects a slip instead of revising from a year on."""
MOST_LINES = 200
"""Changes of the plan, and of letters, that are listed before the rest is only counted."""

Change = Callable[[Plan, int | None], Plan]


@dataclass(frozen=True)
class Edit:
    """A change of the plan as a person asked for it: what it is called and what it does.

    ``change`` is given the plan and the year from which it counts (None: a correction).
    """

    title: str
    change: Change
    targets: Mapping[tuple[str, int], Reading] = field(default_factory=dict)
    year: int | None = None
    """The year from which it is most likely meant; None: that on screen."""
    quick: bool = False
    """Whether it needs no look at what would change while the plan is still being set up."""


@dataclass(slots=True)
class Decision:
    """From when, why and where a change is decided, and what it would do."""

    edit: Edit
    from_year: int | None
    reason: str
    meeting: str
    outcome: Outcome
    setting_up: bool = False


def tried(change: Change, plan: Plan) -> Plan:
    """Return the plan as changed; ``PlanProblem`` where the models refuse it."""
    try:
        return change(plan, None)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        why = first.get("ctx", {}).get("error")
        told = str(why) if why is not None else "使えない文字があるか、長すぎるか、空欄です"
        raise PlanProblem(
            f"そのようには変えられません（{told}）。", "書き直してください。"
        ) from None


def years_to_begin(book: ReviewBook) -> list[int]:
    """Return the years from which a revision may count: not before another one, nor before a sealed year."""
    plan = book.plan
    years = range(max(plan.first_year, book.editions.newest.effective_year), plan.last_year + 1)
    sealed = [year for year in years if book.state(year).closed]
    return [year for year in years if not sealed or year > sealed[-1]]


class WhenAndWhy(Form):
    """Asks from which year, why and by whom a change is decided; tries it out before it closes."""

    def __init__(self, book: ReviewBook, edit: Edit, year: int) -> None:
        self.book, self.edit = book, edit
        self.decision: Decision | None = None
        years = years_to_begin(book)
        choices = [(str(one), f"{year_label(one)}から（改定）") for one in years]
        choices.append((CORRECTION, "書きまちがいを正す（この版の始まりにさかのぼる）"))
        wanted = year if edit.year is None else edit.year
        chosen = years.index(wanted) if wanted in years else 0
        super().__init__(
            f"計画を変える　{edit.title}",
            [
                Pick("year", "いつから", choices, chosen, height=9),
                Line(REASON, "理由", hint="なぜ変えるのか。履歴と報告書に残ります"),
                Line(MEETING, "決めた会議", hint="あれば書きます（例: 第2回懇話会）"),
            ],
            self._try,
            about=("まだ何も変わりません。次に、変わるところを確かめてから決めます。",),
            ok="変わるところを見る",
        )

    def _try(self, values: Mapping[str, str]) -> None:
        if not values[REASON].strip():
            raise ReasonNeeded("計画を変えるには理由が要ります。", "理由を書いてください。")
        year = None if values["year"] == CORRECTION else int(values["year"])
        found = decide(self.book, self.edit, year, values[REASON], values[MEETING], dry_run=True)
        self.decision = Decision(self.edit, year, values[REASON], values[MEETING], found)


def decide(
    book: ReviewBook, edit: Edit, year: int | None, reason: str, meeting: str, *, dry_run: bool
) -> Outcome:
    """Change the plan, or (dry run) tell what would change."""
    return revise(
        book,
        lambda plan: edit.change(plan, year),
        from_year=year,
        reason=reason,
        meeting=meeting,
        targets=edit.targets,
        dry_run=dry_run,
    )


def preview(decision: Decision) -> list[Para | Text]:
    """Return in sentences what a change would do: to the plan, and to letters of open years."""
    since = decision.from_year
    when = "書きまちがいの修正" if since is None else f"{year_label(since)}から"
    revision, letters = decision.outcome.revision, decision.outcome.letters
    lines: list[Para | Text] = [Para(when, head="いつから"), Para(decision.reason, head="理由")]
    if decision.setting_up:
        lines = [Para("計画はまだ作成中です（実績が入っていません）。理由なしで変えられます。")]
    if decision.meeting.strip():
        lines.append(Para(decision.meeting, head="決めた会議"))
    lines += _some(
        [
            Para(f"{CHANGE_LABELS[one.kind]}　{one.code} {one.name}　{one.text}", head="計画の変更")
            for one in revision.changes
        ]
    )
    lines += [Para(f"{note}。", head="ほかに") for note in decision.outcome.notes]
    if not letters:
        return [*lines, Para("確定していない年度の判定は変わりません。", head="判定の変化")]
    return lines + _some(
        [
            Para(
                f"{short_year(one.year)} {'' if one.code == WHOLE_PLAN else one.code + ' '}{one.name}　"
                f"{letter(one.before)} → {letter(one.after)}",
                head="判定の変化",
            )
            for one in letters
        ]
    )


def _some(lines: Sequence[Para]) -> list[Para | Text]:
    more = (
        [Para(f"ほか{len(lines) - MOST_LINES}件", head=lines[0].head)]
        if len(lines) > MOST_LINES
        else []
    )
    return [*lines[:MOST_LINES], *more]


class PreviewDialog(Dialog[bool]):
    """What a change would do; True decides it. Esc changes nothing."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape", "leave", "やめる", show=False),
        Binding("ctrl+s", "decide", "決定する", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll_list(-1)", show=False),
        Binding("down", "scroll_list(1)", show=False),
        Binding("pageup", "scroll_list(-10)", show=False),
        Binding("pagedown", "scroll_list(10)", show=False),
    ]
    AUTO_FOCUS = "#leave"  # an Enter too many decides nothing
    CSS = """
    PreviewDialog { background: $background; }
    PreviewDialog .dialog { width: 96; max-width: 100%; max-height: 100%; }
    PreviewDialog #will { height: auto; max-height: 14; margin-bottom: 1; scrollbar-size-vertical: 1; }
    PreviewDialog #will-text { height: auto; }
    PreviewDialog.-tall #will { max-height: 28; }
    """

    def __init__(self, decision: Decision) -> None:
        super().__init__()
        self.decision = decision

    def compose(self) -> ComposeResult:
        """Yield the changes and the two answers."""
        with Vertical(classes="dialog"):
            title = f"計画の変わるところ　{self.decision.edit.title}"
            yield Static(fit(title), classes="dialog-title", markup=False)
            with VerticalScroll(id="will", can_focus=False):
                yield Static(Prose(tuple(preview(self.decision))), id="will-text", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("やめる（Esc）", id="leave")
                yield Button("決定する（Ctrl+S）", id="decide")
            yield Static(
                "上下キーで送って読み、左右キーで選び、Enter で決めます。",
                classes="dialog-hint",
                markup=False,
            )

    def on_resize(self) -> None:
        """Use the room there is."""
        self.set_class(self.app.size.height >= 36, "-tall")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the answer back."""
        event.stop()
        self.dismiss(event.button.id == "decide")

    def action_scroll_list(self, lines: int) -> None:
        """Scroll the list of changes."""
        self.query_one("#will", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_decide(self) -> None:
        """Decide it."""
        self.dismiss(True)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(False)
