"""取り込み: a file is chosen, what it would change is looked through and decided, then written in one go."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.coordinate import Coordinate
from textual.widgets import DataTable, Input, OptionList, Static

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.services.incoming import Side
from shakyo_review.ui import keys
from shakyo_review.ui.incoming.arrival import Arrival, Decisions
from shakyo_review.ui.incoming.reading import SERVED
from shakyo_review.ui.incoming.rows import (
    REMARK,
    UNMATCHED,
    change_cells,
    columns,
    counts,
    detail,
    rows,
)
from shakyo_review.ui.incoming.writing import IncomingWriting
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.fixed_table import FixedTable
from shakyo_review.ui.widgets.prose import Prose

FILES = (
    "記入シート・進捗管理シート（Excel か CSV）・縦長のCSV、別々に記入した台帳の写し（.db）を取り込みます。ファイルを選ぶか、場所を打って Enter を押してください。"
    "変わるところを先に見せます。決めるまで何も変わりません。"
)


class IncomingScreen(IncomingWriting):
    """Steps: file, columns (of a council's own table), list, done."""

    where = keys.INCOMING
    tab = keys.ENTRY
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.INCOMING)  # type: ignore[assignment]
    CSS = """
    IncomingScreen #what { height: auto; padding: 0 1; background: $surface; }
    IncomingScreen #path { margin: 1 1 0 1; }
    IncomingScreen #files { height: 1fr; margin: 1; display: none; }
    IncomingScreen FixedTable { height: 1fr; display: none; }
    IncomingScreen #path { display: none; }
    IncomingScreen #detail { height: 5; padding: 0 1; background: $surface; display: none; }
    IncomingScreen.-high #detail { height: 8; }
    IncomingScreen #full { height: auto; }
    IncomingScreen #done { height: 1fr; padding: 1; display: none; }
    IncomingScreen #result { height: auto; }
    IncomingScreen.-file #files, IncomingScreen.-file #path { display: block; }
    IncomingScreen.-served #files, IncomingScreen.-served #path { display: none; }
    IncomingScreen.-columns #columns { display: block; }
    IncomingScreen.-list #list, IncomingScreen.-list #detail { display: block; }
    IncomingScreen.-done #done { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.stage = "file"

    def content(self) -> ComposeResult:
        """Yield what is asked, and the widgets of all steps, of which one is in sight."""
        yield Static("", id="what", markup=False)
        box = Input(id="path", select_on_focus=False)
        box.cursor_blink = False
        yield box
        yield OptionList(id="files")
        yield FixedTable(id="columns")
        yield FixedTable(id="list")
        with VerticalScroll(id="detail", can_focus=False):
            yield Static("", id="full", markup=False)
        with VerticalScroll(id="done"):
            yield Static("", id="result", markup=False)

    def on_mount(self) -> None:
        """Begin with the file."""
        super().on_mount()
        self.set_class(self.review.served, "-served")
        self.to_stage("file")

    def on_resize(self) -> None:
        """Fit the columns."""
        super().on_resize()
        self.set_class(self.size.height >= 34, "-high")
        self.call_after_refresh(self.reload)

    def to_stage(self, stage: str) -> None:
        """Show another step and stand in it."""
        self.stage = stage
        for one in ("file", "columns", "list", "done"):
            self.set_class(one == stage, f"-{one}")
        self.reload()
        stand = {"file": "#files", "columns": "#columns", "list": "#list", "done": "#done"}[stage]
        if not (stage == "file" and self.review.served):
            self.set_focus(self.query_one(stand))

    def show_book(self) -> None:
        """Show the step; a list is made anew where the book or the year has changed since."""
        arrived = self.review.arrived
        if arrived is not None:
            self.review.arrived = None
            self.tables, self.path = (), None
            self.show_arrival(arrived)
            return
        if self.stage == "file":
            self.show_files()
            self.say(*(SERVED if self.review.served else (FILES,)))
        elif self.stage == "columns":
            self.show_columns()
            self.say(self.columns_text())
        elif self.stage == "list":
            self._renew()
            self._show_list()

    # --- the list ----------------------------------------------------------------------------

    def show_arrival(self, arrival: Arrival) -> None:
        """Show what comes in; decisions on what is still the same stay."""
        old = self.decisions if self.stage == "list" else None
        self.decisions = Decisions(arrival) if old is None else old.renewed(arrival)
        self.seen = self._state()
        self.to_stage("list")
        table = self.query_one("#list", FixedTable)
        if old is None and table.row_count:
            table.move_cursor(row=0, animate=False)
        if not arrival.offered:
            self.tell("変わる値はありません。")

    def _state(self) -> object:
        return (self.year, self.all_years, self.book.file.data_version())

    def _renew(self) -> None:
        """Read the source again where the book or the year has changed since it was read."""
        decisions = self.decisions
        if decisions is None or self.seen == self._state() or decisions.arrival.again is None:
            return
        self.seen = self._state()
        try:
            self.decisions = decisions.renewed(decisions.arrival.again())
        except ReviewError as problem:
            self.decisions = None
            self.to_stage("file")
            self.tell(sentence(problem), error=True)

    def _show_list(self) -> None:
        decisions = self.decisions
        if decisions is None:
            return
        width = self.size.width
        table = self.query_one("#list", FixedTable)
        table.fill(columns(width), rows(decisions, width, self.tone("warn")))
        self._show_state(decisions)

    def _show_state(self, decisions: Decisions) -> None:
        """Show what stands above and below the list."""
        arrival, years = decisions.arrival, ""
        if self.tables:
            years = "　すべての年度" if self.all_years else f"　{year_label(self.year)}"
        self.say(f"「{arrival.source}」（{arrival.kind}）{years}", counts(decisions))
        self._show_detail()

    def _turn(self, decisions: Decisions, code: str) -> None:
        """Decide a line the other way, and draw that line alone."""
        one, table = decisions.turn(code), self.query_one("#list", FixedTable)
        row = table.codes.index(code)
        cells = change_cells(decisions, one, self.size.width, self.tone("warn"))
        for column, drawn in enumerate(cells):
            table.update_cell_at(Coordinate(row, column), drawn)
        self._show_state(decisions)

    def _show_detail(self) -> None:
        if self.decisions is not None:
            code = self.query_one("#list", FixedTable).code
            self.query_one("#full", Static).update(Prose(tuple(detail(self.decisions, code))))
            self.query_one("#detail").scroll_home(animate=False)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Show the marked line in full."""
        event.stop()
        self._show_detail()

    def on_fixed_table_chosen(self, event: FixedTable.Chosen) -> None:
        """Decide the line that was pressed."""
        event.stop()
        self.run_worker(self.app.run_action("decide", self))

    def action_decide(self) -> None:
        """Decide the marked line the other way; say what a column or a row is."""
        if self.stage == "columns":
            code = self.query_one("#columns", FixedTable).code
            if code is not None:
                self.ask_field(code)
            return
        if self.stage == "done":
            self.to_stage("file")
            return
        decisions = self.decisions
        code = self.query_one("#list", FixedTable).code
        if self.stage != "list" or decisions is None or code is None:
            return
        if code.startswith(UNMATCHED):
            self.ask_indicator(decisions.arrival, int(code.removeprefix(UNMATCHED)))
        elif not code.startswith(REMARK):
            self._turn(decisions, code)

    def action_take_all(self, side: str) -> None:
        """Decide all conflicts (or, where there are none, all changes) for one side."""
        if self.stage == "list" and self.decisions is not None:
            number = self.decisions.all(Side(side))
            self._show_list()
            told = "取り込む値に" if side == Side.SOURCE else "台帳のままに"
            self.tell(f"{number}件を{told}決めました。Ctrl+G で書き込みます。")

    def action_next_open(self) -> None:
        """Go to the next line that wants a decision, or an indicator."""
        if self.stage == "list" and not self.to_next_open():
            self.tell("決まっていない行はありません。Ctrl+G で書き込みます。")

    def to_next_open(self) -> bool:
        """Go to the next line that wants an answer; False where there is none."""
        decisions, table = self.decisions, self.query_one("#list", FixedTable)
        if decisions is None:
            return False
        wanted = {one.id for one in decisions.open}
        waiting = [code for code in table.codes if code in wanted or code.startswith(UNMATCHED)]
        here = table.cursor_row
        ahead = [code for code in waiting if table.codes.index(code) > here]
        if waiting:
            table.mark((ahead or waiting)[0])
        return bool(waiting)

    def action_columns(self) -> None:
        """Look at the columns again."""
        if not self.tables:
            raise WrongUsage("列の読み方があるのは、進捗管理シートだけです。")
        self.to_stage("columns")

    def action_all_years(self) -> None:
        """Read all years of the file, or again the one on screen."""
        if not self.tables:
            raise WrongUsage("年度を選べるのは、進捗管理シートだけです。")
        self.all_years = not self.all_years
        self.reload()
        only = "" if self.all_years else f"{year_label(self.year)}だけを読みます。"
        self.tell(only or "ファイルにあるすべての年度を読みます（確定した年度を除きます）。")

    # --- writing -----------------------------------------------------------------------------

    def action_go_on(self) -> None:
        """Go on: open the marked file, settle the columns, write what was decided."""
        if self.stage == "columns":
            self.settle_columns()
        elif self.stage == "list" and self.decisions is not None:
            self.write("")
        elif self.stage == "file" and not self.review.served:
            self.query_one("#files", OptionList).action_select()

    def action_step_back(self) -> None:
        """Go back a step; from the first one to where all begins."""
        if self.stage == "file":
            self.review.action_back()
            return
        left = self.stage == "list" and self.decisions is not None and self.decisions.sides
        self.decisions = None
        self.to_stage("file")
        if left:
            self.tell("取り込みをやめました。何も書き込んでいません。")
