"""改善: what earlier years promised and this year has to answer; what this year decides for the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import DataTable, Static

from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.improvement import RESULT_LABELS, Direction, Promise, tally
from shakyo_review.domain.person import Act
from shakyo_review.domain.plan import Plan
from shakyo_review.errors import WrongUsage
from shakyo_review.services.checked import check_evaluable
from shakyo_review.services.reviewing import directions_of, promises, promises_asked
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.evaluate import item_name
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.dialogs.promise import answer_of, direction_of, new_promise
from shakyo_review.ui.marks import cell
from shakyo_review.ui.screens.year_step import YearStepping
from shakyo_review.ui.widgets.fixed_table import Column, FixedTable
from shakyo_review.ui.widgets.prose import Para, Prose

_DIRECTION = "direction:"
"""What the code of a row of a direction begins with; promises have their numbers."""


NEXT = "F2 で次の年度に向けた改善項目を、Ctrl+D で方向性を足します。"
"""What can be done where nothing is asked."""


class ImproveScreen(YearStepping):
    """Promises asked above, the year's own promises and directions below, one of them in full."""

    where = keys.IMPROVE
    follows = True
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.IMPROVE)  # type: ignore[assignment]
    CSS = """
    ImproveScreen #counts { height: auto; padding: 0 1; background: $surface; }
    ImproveScreen .over { height: 1; padding: 0 1; text-style: bold; }
    ImproveScreen .none { height: auto; padding: 0 3; color: $text-muted; }
    ImproveScreen FixedTable { height: 1fr; }
    ImproveScreen #detail { height: 6; padding: 0 1; background: $surface; }
    ImproveScreen.-high #detail { height: 10; }
    ImproveScreen #full { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Promise] = []
        self.made: list[Promise] = []
        self.directions: dict[str, Direction] = {}

    def content(self) -> ComposeResult:
        """Yield the counts, both tables with what is said where they are empty, and the detail."""
        yield Static("", id="counts", markup=False)
        yield Static("前の年度までの改善項目（結果を答えます）", classes="over", markup=False)
        yield Static("", id="none-asked", classes="none", markup=False)
        yield FixedTable(id="asked")
        yield Static("", id="made-head", classes="over", markup=False)
        yield Static("", id="none-made", classes="none", markup=False)
        yield FixedTable(id="made")
        with VerticalScroll(id="detail", can_focus=False):
            yield Static("", id="full", markup=False)

    def on_mount(self) -> None:
        """Stand in the table that has something in it."""
        super().on_mount()
        self.call_after_refresh(self._stand)

    def _stand(self) -> None:
        self._table("asked" if self.asked or not self._made_rows() else "made").focus()

    def on_resize(self) -> None:
        """Fit the columns."""
        super().on_resize()
        self.set_class(self.size.height >= 34, "-high")
        self.call_after_refresh(self.reload)

    def _table(self, name: str) -> FixedTable:
        return self.query_one(f"#{name}", FixedTable)

    @property
    def plan(self) -> Plan:
        """The plan of the year on screen."""
        return self.book.plan_of(self.year)

    def show_book(self) -> None:
        """Read the year and show it."""
        year = self.year
        self.asked = promises_asked(self.book, year)
        self.made = [promise for promise in promises(self.book) if promise.year == year]
        self.directions = directions_of(self.book, year)
        self.query_one("#counts", Static).update(Prose((Para(self._counts()),)))
        self._fill("asked", self._asked_columns(), self._asked_rows())
        self._fill("made", self._made_columns(), self._made_rows())
        self.query_one("#made-head", Static).update(
            f"{year_label(year)}に決めたこと（改善項目・方向性）"
        )
        self._say(
            "none-asked",
            self.asked,
            "答える改善項目はありません。前の年度に約束した項目が、ここに並びます。",
        )
        self._say(
            "none-made",
            self._made_rows(),
            self._how_to_begin(),
        )
        self._show_detail()

    def _how_to_begin(self) -> str:
        """Return what an empty year is told."""
        if self.book.state(self.year).closed:
            return "この年度には決めたことがありません（年度は確定しています）。"
        return f"まだありません。{NEXT}"

    def _say(self, name: str, rows: object, text: str) -> None:
        line = self.query_one(f"#{name}", Static)
        line.update(Prose((Para(text),)))
        line.display = not rows

    def _fill(self, name: str, columns: list[Column], rows: list[tuple[str, list[Text]]]) -> None:
        table = self._table(name)
        table.fill(columns, rows)
        table.display = bool(rows)

    def _counts(self) -> str:
        count = tally(self.asked, self.year)
        if not count.asked:
            return f"{year_label(self.year)}に答える改善項目はありません。"
        return (
            f"答える改善項目 {count.asked}件　"
            f"できた {count.kept}・一部できた {count.partly}・できなかった {count.not_kept}・"
            f"未回答 {count.unanswered}"
        )

    def _asked_columns(self) -> list[Column]:
        item, owner = self._widths()
        fixed = [Column("番号", 8), Column("項目", item)]
        last = [Column("担当", owner), Column("期限", 5), Column("結果", 12)]
        used = sum(column.width for column in (*fixed, *last)) + 2
        return [*fixed, Column("改善の内容", max(self.size.width - used, 16)), *last]

    def _made_columns(self) -> list[Column]:
        item, owner = self._widths()
        fixed = [Column("番号", 8), Column("項目", item)]
        last = [Column("担当", owner), Column("期限", 5)]
        used = sum(column.width for column in (*fixed, *last)) + 2
        return [*fixed, Column("内容", max(self.size.width - used, 16)), *last]

    def _widths(self) -> tuple[int, int]:
        return (30, 18) if self.size.width >= 100 else (16, 11)

    def _asked_rows(self) -> list[tuple[str, list[Text]]]:
        columns = self._asked_columns()
        rows = []
        for promise in self.asked:
            answer = promise.answer_in(self.year)
            result = "未回答" if answer is None else RESULT_LABELS[answer.result]
            late = " 期限" if answer is None and promise.is_due(self.year) else ""
            rows.append((promise.number, self._row(columns, promise, f"{result}{late}")))
        return rows

    def _row(self, columns: list[Column], promise: Promise, result: str = "") -> list[Text]:
        told = promise.improvement
        name = item_name(self.plan, promise.code)
        texts = [promise.number, name, told.text, told.owner, short_year(told.due), result]
        return [
            cell(f"{cell(text, column.width - 1).plain} ", column.width)
            for text, column in zip(texts, columns, strict=False)
        ]

    def _made_rows(self) -> list[tuple[str, list[Text]]]:
        columns = self._made_columns()
        rows = [(promise.number, self._row(columns, promise)) for promise in self.made]
        for code, direction in self.directions.items():
            note = f"{direction.word}　{direction.note}" if direction.note else direction.word
            texts = ["方向性", item_name(self.plan, code), note, direction.by, ""]
            drawn = [
                cell(f"{cell(text, column.width - 1).plain} ", column.width)
                for text, column in zip(texts, columns, strict=True)
            ]
            rows.append((f"{_DIRECTION}{code}", drawn))
        return rows

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Show the marked row in full."""
        event.stop()
        self._show_detail()

    def on_descendant_focus(self) -> None:
        """Show the row of the table that has the cursor."""
        self._show_detail()

    def _in_front(self) -> FixedTable:
        """Return the table that has the cursor; the one with rows where none has."""
        made = self._table("made")
        return made if made.has_focus or not self.asked else self._table("asked")

    def _show_detail(self) -> None:
        table = self._in_front()
        lines = self._detail(table.code) if table.code is not None else []
        self.query_one("#full", Static).update(Prose(tuple(lines)))
        self.query_one("#detail").scroll_home(animate=False)

    def _detail(self, code: str) -> list[Para]:
        if code.startswith(_DIRECTION):
            item = code.removeprefix(_DIRECTION)
            told = self.directions.get(item)
            if told is None:
                return []
            return [
                Para(item_name(self.plan, item), style="bold"),
                Para(f"{told.word}　{told.note}", head="方向性"),
                Para(f"{told.by}　{told.date}", head="決めた人"),
            ]
        promise = next((p for p in (*self.asked, *self.made) if p.number == code), None)
        if promise is None:
            return []
        said = promise.improvement
        lines = [
            Para(f"{promise.number}　{item_name(self.plan, promise.code)}", style="bold"),
            Para(said.text, head="改善の内容"),
            Para(f"{said.owner}　{short_year(said.due)}まで", head="担当と期限"),
        ]
        if promise in self.asked and promise.answer_in(self.year) is None:
            due = "。この年度が期限です" if promise.is_due(self.year) else ""
            lines.append(Para(f"まだ答えていません{due}。Enter で答えます", head="結果"))
        for year, answer in sorted(promise.answers.items(), reverse=True):
            end = "　（これで終わり）" if answer.closed else ""
            told_text = (
                f"{RESULT_LABELS[answer.result]}　{answer.text}{end}（{answer.by}　{answer.date}）"
            )
            lines.append(Para(told_text, head=f"{short_year(year)}の答え"))
        return lines

    def on_fixed_table_chosen(self, event: FixedTable.Chosen) -> None:
        """Answer the promise pressed, or look at the direction again."""
        self.run_worker(self.app.run_action("answer", self))

    def action_answer(self) -> None:
        """Answer the marked promise; change the marked direction."""
        table = self._in_front()
        code = table.code
        if code is None:
            raise WrongUsage(f"{year_label(self.year)}に答える改善項目はありません。", NEXT)
        check_evaluable(self.book, self.year)
        if code.startswith(_DIRECTION):
            item = code.removeprefix(_DIRECTION)
            self.book.check(Act.DIRECTION, item, year=self.year)
            self.ask(direction_of(self.book, item, self.year), "方向性を保存しました。")
            return
        promise = next((p for p in self.asked if p.number == code), None)
        if promise is None:
            raise WrongUsage("この改善項目の結果は、次の年度に答えます。")
        if not self.book.may(Act.ANSWER, year=self.year, owners=(promise.improvement.owner,)):
            self.book.check(Act.ANSWER, promise.code, year=self.year)
        self.ask(answer_of(self.book, self.year, promise), "結果を保存しました。")

    def action_next_unanswered(self) -> None:
        """Go to the next promise without an answer."""
        waiting = [p.number for p in self.asked if p.answer_in(self.year) is None]
        if not waiting:
            self.tell("まだ答えていない改善項目はありません。")
            return
        table = self._table("asked")
        every = [p.number for p in self.asked]
        here = every.index(table.code) if table.has_focus and table.code in every else -1
        ahead = [number for number in waiting if every.index(number) > here]
        table.focus()
        table.mark((ahead or waiting)[0])

    def action_promise(self) -> None:
        """Choose an item, then promise an improvement."""
        self._for_item(
            Act.PROMISE,
            lambda code: self.ask(
                new_promise(self.book, code, self.year), "改善項目を保存しました。"
            ),
        )

    def action_direction(self) -> None:
        """Choose an item, then set its direction."""
        self._for_item(
            Act.DIRECTION,
            lambda code: self.ask(
                direction_of(self.book, code, self.year), "方向性を保存しました。"
            ),
        )

    def _for_item(self, act: Act, work: Callable[[str], None]) -> None:
        self.book.check(act, year=self.year)
        check_evaluable(self.book, self.year)
        items = [item for item in self.plan.items.values() if item.node.repeats is None]
        if not items:
            raise WrongUsage("この計画には、まだ項目がありません。")
        choices = [(f"{'　' * item.level}{item.name}", item.code) for item in items]

        def settle(code: str | None) -> None:
            if code is not None:
                work(code)

        searched = [f"{item.code} {item.name}" for item in items]
        self.app.push_screen(FindDialog("どの項目についてですか", choices, searched), settle)
