"""はじめ: how far the year has come, what to look at, and where to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.improvement import tally
from shakyo_review.domain.owners import Share
from shakyo_review.domain.person import Person, Role, folded
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.readiness import Gap
from shakyo_review.services.clock import local_time
from shakyo_review.services.reviewing import gaps, promises_asked
from shakyo_review.services.submitted import submissions
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.year import states_line
from shakyo_review.ui.marks import bar, cell
from shakyo_review.ui.next_step import Standing, next_step
from shakyo_review.ui.overview import Overview, change_text, overview
from shakyo_review.ui.screens.year_step import YearStepping
from shakyo_review.ui.widgets.prose import Para, Prose

if TYPE_CHECKING:
    from shakyo_review.domain.agenda import AgendaItem

MENU = (
    ("go('entry')", "入力する"),
    ("go('scores')", "評価する"),
    ("go('improve')", "改善"),
    ("go('compare')", "年度を比べる"),
    ("go('report')", "報告書を作る"),
    ("app.sheets_out", "記入シートを出す"),
    ("go('incoming')", "取り込む（表・CSV）"),
    ("year_step", "年度を進める"),
    ("go('plan')", "計画を見る・変える"),
    ("go('history')", "履歴を見る"),
    ("choose_year", "年度を選ぶ"),
    ("app.people", "利用者（名前・役割）"),
    ("show_help", "ヘルプ"),
    ("quit", "終わる"),
)
SHOWN = 5
"""Findings of a kind that are listed; of the others the number is told."""


class HomeScreen(YearStepping):
    """The first screen."""

    where = keys.HOME
    follows = True
    complete = False
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.HOME)  # type: ignore[assignment]
    _left: tuple[object, list[Gap]] | None = None
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
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self.reload()
        self.complete = True

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
        person, shares = self.book.person, submissions(self.book, self.year)
        asked = tally(promises_asked(self.book, self.year), self.year).unanswered
        reads = person is not None and person.role is Role.COUNCIL
        talk = self._talk() if reads else []
        standing = self._standing(person, seen, shares, asked, len(talk))
        paragraphs = [
            *_plan_lines(score.plan),
            Para(f"次にすること　{self._acting(person)}", style="bold"),
            Para(f"▶ {next_step(standing)}", hang=2),
            Text(""),
            *self._year_lines(standing, asked),
            *(self._to_read(talk) if reads else ()),
            *self._state_lines(seen),
            *self._committee_lines(person, shares),
            *(() if reads else _findings(seen)),
        ]
        self._show_menu(asked)
        self.query_one("#facts", Static).update(Prose(tuple(paragraphs)))
        self.query_one("#last", Static).update(Prose(tuple(self._last_change(score.plan))))

    def _acting(self, person: Person | None) -> str:
        return self.book.who if person is None else person.label

    def _standing(
        self, person: Person | None, seen: Overview, shares: list[Share], asked: int, talk: int
    ) -> Standing:
        state, role = self.book.state(self.year), None if person is None else person.role
        blocks = sum(gap.blocks for gap in self._gaps()) if state.open else 0
        plan = self.book.plan_of(self.year)
        if person is None or role is not Role.MEMBER:
            return Standing(
                *(state, role, len(seen.blank), len(seen.odd), asked),
                blocks=blocks,
                talk=talk,
                measured=bool(plan.indicators),
            )
        own = _own(person, shares)
        mine = [one for one in promises_asked(self.book, self.year) if person.owns(plan, one.code)]
        return Standing(
            state,
            role,
            len({code for share in own for code in share.blanks}),
            sum(person.owns(plan, finding.indicator) for finding in seen.odd),
            tally(mine, self.year).unanswered,
            tuple(share.owner for share in own if share.submission is None),
            blocks,
        )

    def _talk(self) -> list[AgendaItem]:
        from shakyo_review.services.agenda import agenda

        return [one for one in agenda(self.book, self.year) if not one.settled]

    def _to_read(self, talk: list[AgendaItem]) -> list[Para | Text]:
        """Return what a meeting is to talk about, for those who prepare for it by reading."""
        items = self.book.plan_of(self.year).items
        lines: list[Para | Text] = [Para(f"話し合っていただく項目　{len(talk)}件", style="bold")]
        for one in talk[:SHOWN]:
            name = items[one.code].name if one.code in items else one.code
            lines.append(Para(f"・{name}: {one.points[0].text}", hang=2))
        return [*lines, *_more(len(talk)), Text("")] if talk else []

    def _gaps(self) -> list[Gap]:
        """Return what is not done, looked for once for each state of the book."""
        state = (self.year, self.book.file.data_version())
        if self._left is None or self._left[0] != state:
            self._left = state, gaps(self.book, self.year)
        return self._left[1]

    @property
    def _room(self) -> int:
        """Columns of the left half."""
        return max(self.size.width - (34 if self.has_class("-roomy") else 24) - 4, 20)

    def _show_menu(self, asked: int) -> None:
        """Say in the menu how many promises wait for an answer."""
        place = [action for action, _ in MENU].index("go('improve')")
        told = f"改善（答える項目 {asked}件）" if asked else "改善"
        self.query_one(OptionList).replace_option_prompt_at_index(place, Text(told))

    def _year_lines(self, standing: Standing, asked: int) -> list[Para | Text]:
        """Return where the year stands, and what keeps it from being sealed."""
        lines: list[Para | Text] = [Para(states_line(standing.state), style="bold")]
        if standing.state.open and standing.role in (None, Role.SECRETARIAT):
            warned = len(self._gaps()) - standing.blocks
            warns = f"　注意 {warned}件" if warned else ""
            told = (
                f"確定までに済ませること {standing.blocks}件"
                if standing.blocks
                else "確定を止めるものはありません"
            )
            lines.append(Para(f"{told}{warns}（Ctrl+G）"))
        if asked:
            lines.append(Para(f"答える改善項目 {asked}件（Ctrl+K）"))
        return [*lines, Text("")]

    def _state_lines(self, seen: Overview) -> list[Para | Text]:
        year = year_label(self.year)
        if not seen.total:
            return [
                Para(f"この計画には、まだ指標がありません。{year}に入力するものはありません。"),
                Text(""),
            ]
        lines: list[Para | Text] = [
            Para(f"{year}の実績　{seen.total}件中 {seen.entered}件 入力済み", style="bold"),
            self._share_bar(seen.entered, seen.total, min(self._room - 6, 44)),
        ]
        counts = [f"確かめたい値 {len(seen.odd)}件"] if seen.odd else []
        counts += [f"まだ入っていない実績 {len(seen.blank)}件"] if seen.blank else []
        if counts:
            lines.append(Para("　".join(counts)))
        if seen.example:
            lines.append(Para("※ 例示（資料にない見本の値）が入っています。", hang=2))
        return [*lines, Text("")]

    def _share_bar(self, entered: int, total: int, width: int) -> Text:
        percent = 100 * entered / total
        return bar(percent, width, self.tone("good")).append(f" {percent:.0f}%")

    def _committee_lines(self, person: Person | None, shares: list[Share]) -> list[Para | Text]:
        """Return how far each committee has come, the own ones first, then those with most to do."""
        own = [] if person is None else _own(person, shares)
        others = sorted(
            (share for share in shares if share not in own), key=lambda share: -len(share.blanks)
        )
        told = bool(own) or any(share.submission for share in shares)
        what = "（入力済み／件数、提出）" if told else "（入力済み／件数）"
        lines: list[Para | Text] = []
        for head, some in ((f"あなたの担当{what}", own), (f"担当ごとの入力{what}", others)):
            if some:
                lines += [Para(head, style="bold"), *(self._committee(one, told) for one in some)]
                lines.append(Text(""))
        if sum(share.total for share in shares) > len(self.book.plan_of(self.year).indicators):
            lines[-1] = Para("担当が複数の指標は、それぞれに数えています。", style="dim")
            lines.append(Text(""))
        return lines

    def _committee(self, share: Share, told: bool) -> Text:
        left = f"あと{len(share.blanks)}" if share.blanks else "済み"
        if told and (share.submission is not None or not share.blanks):
            left = share.submitted_text
        wide = 16 if told else 8
        line = cell(share.owner, max(self._room - 8 - 11 - wide, 10))
        line.append_text(cell(f"{share.entered}/{share.total}", 8, right=True)).append(" ")
        percent = 100 * share.entered / share.total if share.total else None
        return line.append_text(bar(percent, 10, self.tone("good"))).append(f" {left}")

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


def _own(person: Person, shares: list[Share]) -> list[Share]:
    mine = set(map(folded, person.owners))
    return [share for share in shares if folded(share.owner) in mine]


def _plan_lines(plan: Plan) -> list[Para | Text]:
    period = f"{year_label(plan.first_year)}〜{year_label(plan.last_year)}"
    if plan.first_year == plan.last_year:
        period = year_label(plan.first_year)
    return [Para(plan.title, style="bold"), Para(f"{plan.body}　計画期間 {period}"), Text("")]


def _findings(seen: Overview) -> list[Para | Text]:
    lines: list[Para | Text] = []
    if seen.odd:
        lines.append(Para(f"確かめたい値　{len(seen.odd)}件", style="bold"))
        lines += [Para(f"・{finding.name}: {finding.text}", hang=2) for finding in seen.odd[:SHOWN]]
        lines += _more(len(seen.odd))
    elif seen.entered:
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
