"""はじめ: how far the year has come, what to look at, and where to go."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.improvement import tally
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.year_state import YearState
from shakyo_review.services.reviewing import gaps, promises_asked
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.year import states_line
from shakyo_review.ui.marks import bar, cell
from shakyo_review.ui.overview import Overview, Share, change_text, local_time, overview
from shakyo_review.ui.screens.year_step import YearStepping
from shakyo_review.ui.widgets.prose import Para, Prose

MENU = (
    ("go('entry')", "入力する"),
    ("go('scores')", "評価する"),
    ("go('improve')", "改善"),
    ("go('compare')", "年度を比べる"),
    ("go('report')", "報告書を作る"),
    ("year_step", "年度を進める"),
    ("go('plan')", "計画を見る・変える"),
    ("go('history')", "履歴を見る"),
    ("choose_year", "年度を選ぶ"),
    ("show_help", "ヘルプ"),
    ("quit", "終わる"),
)
SHOWN = 5
"""Findings of a kind that are listed; of the others the number is told."""


class HomeScreen(YearStepping):
    """The first screen."""

    where = keys.HOME
    follows = True
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.HOME)  # type: ignore[assignment]
    CSS = """
    HomeScreen #home { height: 1fr; }
    HomeScreen #state { width: 1fr; padding: 1 1 0 1; }
    HomeScreen #facts { width: 1fr; height: auto; }
    HomeScreen #todo { width: 24; padding: 1 1 0 1; background: $surface; }
    HomeScreen #todo OptionList { height: auto; margin: 1 0; }
    HomeScreen #last { height: 1fr; }
    HomeScreen.-roomy #todo { width: 34; padding: 1 3 0 3; }
    """

    def content(self) -> ComposeResult:
        """Yield the state of the year on the left, the menu on the right."""
        with Horizontal(id="home"):
            with VerticalScroll(id="state"):
                yield Static("", id="facts", markup=False)
            with Vertical(id="todo"):
                yield Static("何をしますか", classes="head", markup=False)
                yield OptionList(*(Option(Text(label), id=action) for action, label in MENU))
                yield Static("", id="last", markup=False)

    def on_mount(self) -> None:
        """Stand in the menu."""
        menu = self.query_one(OptionList)
        menu.highlighted = 0
        menu.focus()
        super().on_mount()

    def on_resize(self) -> None:
        """Use the room there is."""
        super().on_resize()
        self.set_class(self.size.width >= 100, "-roomy")
        self.call_after_refresh(self.reload)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do what was chosen."""
        self.run_worker(self.app.run_action(event.option.id or "show_help"))

    def action_choose(self) -> None:
        """Do what is marked in the menu."""
        self.query_one(OptionList).action_select()

    def show_book(self) -> None:
        """Read the year and show it."""
        score = self.book.score(self.year)
        before, findings = self.book.score(self.year - 1), self.book.findings(self.year)
        seen = overview(score, self.book.cells(self.year), before, findings)
        promised = tally(promises_asked(self.book, self.year), self.year).unanswered
        paragraphs = [
            *_plan_lines(score.plan),
            *self._year_lines(promised),
            *self._state_lines(seen),
            *_findings(seen),
        ]
        self._show_menu(promised)
        self.query_one("#facts", Static).update(Prose(tuple(paragraphs)))
        self.query_one("#last", Static).update(Prose(tuple(self._last_change(score.plan))))

    @property
    def _room(self) -> int:
        """Columns of the left half."""
        return max(self.size.width - (34 if self.has_class("-roomy") else 24) - 4, 20)

    def _show_menu(self, promised: int) -> None:
        """Say in the menu how many promises wait for an answer."""
        place = [action for action, _ in MENU].index("go('improve')")
        told = f"改善（答える項目 {promised}件）" if promised else "改善"
        self.query_one(OptionList).replace_option_prompt_at_index(place, Text(told))

    def _year_lines(self, promised: int) -> list[Para | Text]:
        """Return where the year stands, and what keeps it from being sealed."""
        state = self.book.state(self.year)
        lines: list[Para | Text] = [Para(states_line(state), style="bold")]
        if state is YearState.PREPARING:
            lines.append(Para("まだ開いていません。「年度を進める」で記入を始めます。"))
        elif state.open:
            left = gaps(self.book, self.year)
            blocks = sum(gap.blocks for gap in left)
            warns = f"　注意 {len(left) - blocks}件" if len(left) > blocks else ""
            told = (
                f"確定までに済ませること {blocks}件" if blocks else "確定を止めるものはありません"
            )
            lines.append(Para(f"{told}{warns}（Ctrl+G）"))
        if promised:
            lines.append(Para(f"答える改善項目 {promised}件（Ctrl+K）"))
        return [*lines, Text("")]

    def _state_lines(self, seen: Overview) -> list[Para | Text]:
        year = year_label(self.year)
        if not seen.whole.total:
            return [
                Para(f"この計画には、まだ指標がありません。{year}に入力するものはありません。"),
                Text(""),
            ]
        lines: list[Para | Text] = [
            Para(
                f"{year}の実績　{seen.whole.total}件中 {seen.whole.entered}件 入力済み",
                style="bold",
            ),
            self._share_bar(seen.whole, min(self._room - 6, 44)),
        ]
        counts = [f"確かめたい値 {len(seen.odd)}件"] if seen.odd else []
        counts += [f"まだ入っていない実績 {len(seen.blank)}件"] if seen.blank else []
        if counts:
            lines.append(Para("　".join(counts)))
        if seen.example:
            lines.append(Para("※ 例示（資料にない見本の値）が入っています。", hang=2))
        lines += [Text(""), Para("担当ごとの入力（入力済み／件数）", style="bold")]
        lines += [self._committee(share) for share in seen.committees]
        if seen.shared:
            lines.append(Para("担当が複数の指標は、それぞれに数えています。", style="dim"))
        return [*lines, Text("")]

    def _share_bar(self, share: Share, width: int) -> Text:
        line = bar(share.percent, width, self.tone("good"))
        return line.append(f" {share.percent:.0f}%" if share.percent is not None else "")

    def _committee(self, share: Share) -> Text:
        told = f"{share.entered}/{share.total}"
        left = f" あと{share.left}" if share.left else " 済み"
        width = max(self._room - 8 - 11 - 8, 10)
        line = cell(share.name, width)
        line.append_text(cell(told, 8, right=True)).append(" ")
        return line.append_text(bar(share.percent, 10, self.tone("good"))).append(left)

    def _last_change(self, plan: Plan) -> list[Para | Text]:
        changes = self.book.history(newest=1)
        if not changes:
            return []
        last = changes[-1]
        return [
            Para("最後の変更", style="bold"),
            Para(local_time(last.at)),
            Para(last.who),
            Para(change_text(plan, last)),
        ]


def _plan_lines(plan: Plan) -> list[Para | Text]:
    period = f"計画期間 {year_label(plan.first_year)}〜{year_label(plan.last_year)}"
    if plan.first_year == plan.last_year:
        period = f"計画期間 {year_label(plan.first_year)}"
    return [Para(plan.title, style="bold"), Para(plan.body), Para(period), Text("")]


def _findings(seen: Overview) -> list[Para | Text]:
    lines: list[Para | Text] = []
    if seen.odd:
        lines.append(Para(f"確かめたい値　{len(seen.odd)}件", style="bold"))
        lines += [Para(f"・{finding.name}: {finding.text}", hang=2) for finding in seen.odd[:SHOWN]]
        lines += _more(len(seen.odd))
    elif seen.whole.entered:
        lines.append(Para("確かめたい値はありません。"))
    if seen.blank:
        lines += [Text(""), Para(f"まだ入っていない実績　{len(seen.blank)}件", style="bold")]
        lines += [
            Para(f"・{finding.name}（{finding.committee}）", hang=2)
            for finding in seen.blank[:SHOWN]
        ]
        lines += _more(len(seen.blank))
    if seen.unrated:
        lines += [Text(""), Para(f"目標がない・判定できない　{len(seen.unrated)}件", style="bold")]
        lines += [
            Para(f"・{finding.name}: {finding.text}", hang=2) for finding in seen.unrated[:SHOWN]
        ]
        lines += _more(len(seen.unrated))
    return [*lines, Text("")] if lines else []


def _more(count: int) -> list[Para | Text]:
    return [Para(f"　ほか{count - SHOWN}件")] if count > SHOWN else []
