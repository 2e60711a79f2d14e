"""履歴: who changed what, when and why, newest first."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import Key
from textual.timer import Timer
from textual.widgets import DataTable, Input, Static

from shakyo_review.domain.derivation import Step
from shakyo_review.errors import ReviewError
from shakyo_review.services.telling import ENTITY_LABELS
from shakyo_review.services.upkeep import WHAT_AGREEING_PROVES, verify
from shakyo_review.services.year_views import seal_differences
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.bring_back import ask_bring_back
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.why import WhyDialog
from shakyo_review.ui.history_list import KIND, PAGE, PERSON, HistoryList, Line, Narrowing
from shakyo_review.ui.history_text import name_of, plan_for, row_texts, run_texts, whole_entry
from shakyo_review.ui.marks import cell, fit
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.fixed_table import Column, FixedTable
from shakyo_review.ui.widgets.prose import Para, Prose

ROOMY = 104
"""From this width on, names stand beside the codes."""
PAUSE = 0.3
"""Seconds without a key after which what is typed narrows the list."""
UNASKED = 50_000
"""Rows that are looked through at once to fill the first page, when nothing is asked for."""
PEOPLE_AMONG = 5_000
"""Rows among which the people are looked for that can be chosen."""
WIDE_SPACE = "\u3000"


class Filter(Input):
    """The line that narrows the history; down goes to the table."""

    async def _on_key(self, event: Key) -> None:
        if event.character == WIDE_SPACE:  # unprintable to Python: the line would drop it
            event.stop()
            event.prevent_default()
            self.insert_text_at_cursor(" ")
        elif event.key in ("down", "up", "pagedown", "pageup"):
            event.stop()
            event.prevent_default()
            self.screen.query_one(FixedTable).focus()


class HistoryScreen(ReviewScreen):
    """The history of the book."""

    where = keys.HISTORY
    follows = True
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.HISTORY)  # type: ignore[assignment]
    CSS = """
    HistoryScreen #narrowing { height: 1; background: $surface; }
    HistoryScreen #prompt { width: 10; padding: 0 1; text-style: bold; }
    HistoryScreen Filter { width: 1fr; }
    HistoryScreen Filter:focus { background: $panel; }
    HistoryScreen #count { width: auto; padding: 0 1; }
    HistoryScreen #changes { height: 1fr; overflow-x: hidden; }
    HistoryScreen #marked { height: 3; padding: 0 1; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.list: HistoryList | None = None
        self._wanted = PAGE
        self._typed = ""
        self._lines: list[Line] = []
        self._more = False
        """Whether there are lines beyond those shown, as far as is known."""
        self._stuck = -1
        """How many rows had been looked through when reading on brought no new line."""
        self.opened: set[str] = set()
        """The runs that are opened."""
        self._timer: Timer | None = None

    def content(self) -> ComposeResult:
        """Yield the line that narrows, and the table."""
        with Horizontal(id="narrowing"):
            yield Static("絞りこみ", id="prompt", markup=False)
            box = Filter(placeholder=fit("コード・年度・人・ことば（例: 1-1 R6 山田）"))
            box.cursor_blink = False
            yield box
            yield Static("", id="count", markup=False)
        yield FixedTable(id="changes")
        yield Static("", id="marked", markup=False)

    def on_mount(self) -> None:
        """Stand in the table."""
        self.query_one(FixedTable).focus()
        super().on_mount()

    def on_resize(self) -> None:
        """Fit the columns."""
        super().on_resize()
        if self.list is not None:
            self.reload()

    # --- reading and showing -----------------------------------------------------------------

    def show_book(self) -> None:
        """Read the newest rows anew; take over what another screen wants to see."""
        asked, self.review.history_filter = self.review.history_filter, None
        if asked is not None:
            self._typed = asked
            self.query_one(Filter).value = asked
            self._wanted = PAGE
            self.query_one(FixedTable).focus()
        self.list = HistoryList(self.book, Narrowing.of(self.book, self._typed))
        self.list.read(self._wanted, self.opened)
        self._show()
        if asked is not None and self.list.rows:
            self.query_one(FixedTable).move_cursor(row=0)

    def _show(self) -> None:
        found = self.list
        if found is None:
            return
        lines = found.lines(self.opened)
        self._lines = lines[: self._wanted]
        self._more = len(lines) > self._wanted or not found.complete
        columns = self._columns(self.size.width >= ROOMY)
        self.query_one(FixedTable).fill(
            columns, [(line.key, self._cells(self._texts(line), columns)) for line in self._lines]
        )
        looking = self._looks_on(found)
        if looking:
            self.set_timer(0.05, self._look_on)
        count = sum(len(line.run) or not line.inside for line in self._lines)
        more = "（下へ送ると続き）" if self._more else ""
        more = f"　{found.looked:,}件まで探しました…" if looking else more
        none = "" if self._lines or not found.complete else "　あてはまる変更はありません"
        self.query_one("#count", Static).update(fit(f"{count:,}件{more}{none}"))
        self._show_marked()

    def _show_marked(self) -> None:
        """Tell in full what the marked row says in its narrow columns."""
        line = self._marked()
        told = ""
        if line is not None:
            texts = self._texts(line)
            name = name_of(plan_for(self.book, line.change), line.change.code)
            place = texts[2].strip()
            place += f" {name}" if name and name not in place and not line.run else ""
            told = f"{place}: {texts[3]}" + (f"（理由: {texts[4]}）" if texts[4] else "")
        self.query_one("#marked", Static).update(Prose((Para(told),)))

    def _looks_on(self, found: HistoryList) -> bool:
        """Tell whether it goes on looking by itself: for what is asked for always, else not for long."""
        if found.complete or len(self._lines) >= self._wanted:
            return False
        return found.narrowing != Narrowing() or found.looked < UNASKED

    def _look_on(self) -> None:
        if self.list is not None and self._looks_on(self.list):
            self._read_on()

    def _texts(self, line: Line) -> list[str]:
        roomy = self.size.width >= ROOMY
        plan = plan_for(self.book, line.change)
        if line.run:
            found = self.list
            cut_off = found is not None and not found.complete and line.run[-1] is found.rows[-1]
            return run_texts(
                plan, line.run, opened=line.key in self.opened, more=cut_off, roomy=roomy
            )
        texts = row_texts(plan, line.change, roomy=roomy)
        if line.inside:
            texts[2] = f" {texts[2]}"
        return texts

    def _columns(self, roomy: bool) -> list[Column]:
        when, who = (17, 14) if roomy else (15, 10)
        left = max(self.size.width - 2 - when - who, 30)
        place, what = left * 33 // 100, left * 43 // 100
        return [
            Column("日時", when),
            Column("人", who),
            Column("どこ", place),
            Column("何から何へ", what),
            Column("理由", left - place - what),
        ]

    def _cells(self, texts: list[str], columns: list[Column]) -> list[Text]:
        return [
            cell(text, column.width - 1).append(" ")
            for text, column in zip(texts, columns, strict=True)
        ]

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Read on when the end of what is shown is reached."""
        event.stop()
        self._show_marked()
        found = self.list
        at_end = 0 < event.cursor_row == len(self._lines) - 1
        if found is None or not at_end or found.looked == self._stuck:
            return
        if self._more:
            self._wanted += max(PAGE, self._wanted)
            self.call_after_refresh(self._read_on)

    def _read_on(self) -> None:
        found, before = self.list, len(self._lines)
        if found is None:
            return
        try:
            found.read(self._wanted, self.opened)
            self._show()
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)
        self._stuck = found.looked if len(self._lines) <= before else -1

    # --- narrowing ---------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow when the person stops typing."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        if event.value != self._typed:
            self._timer = self.set_timer(PAUSE, self._narrow)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Narrow at once, and go to the rows."""
        event.stop()
        self._narrow()
        self.query_one(FixedTable).focus()

    def _narrow(self) -> None:
        typed = self.query_one(Filter).value
        if typed != self._typed:
            self._typed, self._wanted = typed, PAGE
            self.reload()
            self.query_one(FixedTable).move_cursor(row=0)

    def narrow_to(self, typed: str) -> None:
        """Put words into the line and narrow by them."""
        self.query_one(Filter).value = typed
        self._narrow()

    def action_narrow(self) -> None:
        """Go to the line that narrows."""
        self.set_focus(self.query_one(Filter))

    def action_widen(self) -> None:
        """Show everything again; where that is so, go back."""
        box = self.query_one(Filter)
        if self.review.came_from is not None and not box.has_focus:
            self.review.action_back()
        elif box.value or self._typed:
            self.narrow_to("")
            self.query_one(FixedTable).focus()
        elif box.has_focus:
            self.query_one(FixedTable).focus()
        else:
            self.review.action_back()

    def _ask_word(self, title: str, mark: str, words: list[str]) -> None:
        kept = [word for word in self._typed.split() if not word.startswith(mark)]
        choices = [("すべて", "")] + [(word, mark + "".join(word.split())) for word in words]

        def settle(chosen: str | None) -> None:
            if chosen is not None:
                self.narrow_to(" ".join([*kept, *([chosen] if chosen else [])]))

        self.app.push_screen(ChooseDialog(title, choices), settle)

    def action_choose_kind(self) -> None:
        """Show one kind of changes only."""
        self._ask_word(
            "どの種類の変更を出しますか", KIND, list(dict.fromkeys(ENTITY_LABELS.values()))
        )

    def action_choose_person(self) -> None:
        """Show the changes of one person only."""
        newest = self.book.history(newest=PEOPLE_AMONG)
        self._ask_word("だれの変更を出しますか", PERSON, sorted({c.who for c in newest if c.who}))

    # --- one row, and all of them ------------------------------------------------------------

    def on_fixed_table_chosen(self, event: FixedTable.Chosen) -> None:
        """Show the row that was pressed."""
        event.stop()
        self.action_whole()

    def _marked(self) -> Line | None:
        code = self.query_one(FixedTable).code
        return next((line for line in self._lines if line.key == code), None)

    def action_whole(self) -> None:
        """Show everything the marked row holds; open what was made in one act, or fold it again."""
        line = self._marked()
        if line is None:
            return
        if line.run:
            self.opened ^= {line.key}
            self._stuck = -1
            self._show()
        else:
            self.app.push_screen(WhyDialog("変更の内容", whole_entry(self.book, line.change)))

    def action_bring_back(self) -> None:
        """Put the figure of the marked row back to what it was, with a reason."""
        line = self._marked()
        if line is None or line.run:
            self.tell("戻したい値の行を選んでから、もう一度押してください。")
            return
        ask_bring_back(self.app, self.book, line.change, self._brought_back)

    def _brought_back(self, told: str) -> None:
        self.reload()
        self.tell(told)

    def action_verify(self) -> None:
        """See whether the history, the figures and the sealed results agree."""
        self.tell("履歴と値を調べています。しばらくお待ちください。")
        self.call_after_refresh(self._verify)

    def _verify(self) -> None:
        try:
            found = [*verify(self.book), *seal_differences(self.book)]
            count = self.book.count_history()
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)
            return
        self.stop_telling()
        if found:
            head = f"履歴と値に、一致しないところが{len(found):,}件あります。控えと比べてください。"
            steps = [Step("結果", head), *(Step("", f"・{text}") for text in found)]
        else:
            steps = [
                Step("結果", f"履歴と値は一致しています（履歴{count:,}件）。"),
                Step("分かること", WHAT_AGREEING_PROVES),
            ]
        self.app.push_screen(WhyDialog("履歴を確かめた結果", steps))
