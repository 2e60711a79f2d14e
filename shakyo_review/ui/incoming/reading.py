"""The first steps of the screen 取り込み: which file, and how the columns of a council's own table are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.text import Text
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.services.exchanging import is_long_csv, is_table, read_long_csv
from shakyo_review.services.remembering import remember, remembered
from shakyo_review.services.sheets import is_workbook
from shakyo_review.services.tracking import Tracking, understand_tables
from shakyo_review.services.tracking.columns import Table, keep_table, problem_of, tables_of
from shakyo_review.services.tracking.kept import keep_row
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.incoming.arrival import Arrival, arrival_of
from shakyo_review.ui.incoming.files import (
    chosen,
    column_columns,
    column_rows,
    field_choices,
    listed,
)
from shakyo_review.ui.marks import cut
from shakyo_review.ui.merging import arrival_of_copy, is_book
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.screens.start import file_typed
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.fixed_table import FixedTable

NOT_READ = "この行は読まない"
FOLDER = "incoming"
"""Under this name the last folder is remembered."""
SERVED = (
    "ブラウザの画面では、ファイルを取り込めません。",
    "記入シートや進捗管理シートは、台帳のあるパソコンで取り込んでください。数字は「入力」の画面に貼り付けることもできます。",
)


class IncomingReading(ReviewScreen):
    """What the screen does until there is a list of changes."""

    tables: Sequence[Table] = ()
    path: Path | None = None
    all_years = False
    _asked: int = 0
    _offered: Sequence[tuple[str, str]] = ()
    _folder_text = ""

    def to_stage(self, stage: str) -> None:
        """Show another step."""
        raise NotImplementedError

    def show_arrival(self, arrival: Arrival) -> None:
        """Show what comes in."""
        raise NotImplementedError

    def to_next_open(self) -> bool:
        """Go to the next line that wants an answer; False where there is none."""
        raise NotImplementedError

    # --- the file ----------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """The folder whose files are offered: the last one, else that of the book."""
        kept = remembered(self.book.path, FOLDER)
        return Path(kept) if kept and Path(kept).is_dir() else self.book.path.resolve().parent

    def show_files(self, *, anew: bool = False) -> None:
        """Offer the files of the folder; what is typed and marked stays, unless another folder is shown."""
        if self.review.served:
            return
        here = str(self.book.path.resolve())
        found = [one for one in listed(self.folder) if one[0] != here]
        options, box = self.query_one("#files", OptionList), self.query_one("#path", Input)
        if anew or found != self._offered:
            self._offered = found
            options.clear_options()
            options.add_options(
                Option(Text(cut(shown, self.size.width - 6), no_wrap=True), id=path)
                for path, shown in found
            )
            options.highlighted = 0 if found else None
        if anew or box.value == self._folder_text:
            self._folder_text = box.value = str(self.folder)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open what was typed."""
        event.stop()
        self.open_path(file_typed(event.value))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what was chosen."""
        event.stop()
        if event.option.id:
            self.open_path(Path(event.option.id))

    def open_path(self, path: Path) -> None:
        """Read a file; go into a folder. What cannot be read is told."""
        if self.review.served:
            return
        try:
            if path.is_dir():
                remember(self.book.path, FOLDER, str(path.resolve()))
                self.show_files(anew=True)
                self.set_focus(self.query_one("#files"))
                return
            self.read_file(path)
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)
        except (OSError, ValueError):
            self.tell("このファイルは読めません。名前と場所を確かめてください。", error=True)

    def read_file(self, path: Path) -> None:
        """Read a file by its kind; a table whose columns nobody has settled asks for them first."""
        self.path, self.tables = path, ()
        arrival = self._whole_file(path)
        if arrival is None:
            self.tables = tuple(tables_of(self.book, path)[1])
            self.go_on_reading()
        else:
            self.show_arrival(arrival)
        remember(self.book.path, FOLDER, str(path.resolve().parent))

    def _whole_file(self, path: Path) -> Arrival | None:
        """Return what a long CSV, a 記入シート or a copy of the book would change; None for anything else."""
        if is_book(path):
            return arrival_of_copy(self.book, path)
        if is_table(path):
            incoming = read_long_csv(self.book, path) if is_long_csv(path) else None
            kind = "縦長のCSV"
        elif is_workbook(path):
            from shakyo_review.services.entry_sheets.returned import read_entry_sheet

            incoming, kind = read_entry_sheet(self.book, path), "記入シート"
        else:
            raise WrongUsage(
                f"「{path.name}」の形式は取り込めません。",
                "Excel のブック（.xlsx）か CSV（.csv）、または台帳の写し（.db）を選んでください。",
            )
        if incoming is None:
            return None
        return arrival_of(self.book, incoming, kind, lambda: self._again(path))

    def _again(self, path: Path) -> Arrival:
        arrival = self._whole_file(path)
        if arrival is None:
            raise WrongUsage(
                f"「{path.name}」は別のファイルになっています。", "選び直してください。"
            )
        return arrival

    # --- the columns -------------------------------------------------------------------------

    @property
    def table_asked(self) -> Table:
        """The table whose columns are shown."""
        return self.tables[self._asked]

    def go_on_reading(self) -> None:
        """Ask for the columns of the next table nobody has settled; else read them all."""
        waiting = [n for n, one in enumerate(self.tables) if not one.settled or problem_of(one)]
        if waiting:
            self._asked = waiting[0]
            self.to_stage("columns")
            return
        self.show_arrival(self.read_tables())

    def read_tables(self) -> Arrival:
        """Read the tables as they are settled."""
        year = None if self.all_years else self.year
        name = "" if self.path is None else self.path.name
        found: Tracking = understand_tables(self.book, name, self.tables, year)
        return arrival_of(
            self.book,
            found.incoming,
            "進捗管理シート",
            self.read_again,
            found.unmatched,
        )

    def read_again(self) -> Arrival:
        """Read the file anew, with what is kept of its columns and rows by now."""
        if self.path is not None:
            self.tables = tuple(tables_of(self.book, self.path)[1])
        return self.read_tables()

    def show_columns(self) -> None:
        """Show the columns of a table and what they are read as."""
        width = self.size.width
        table = self.query_one("#columns", FixedTable)
        table.fill(column_columns(width), column_rows(self.table_asked, self.year, width))

    def columns_text(self) -> str:
        """Return what is asked about the columns."""
        head = self.table_asked.head
        rows = (
            f"{head.top + 1}行目"
            if head.first - head.top == 1
            else f"{head.top + 1}〜{head.first}行目"
        )
        return (
            f"シート「{head.sheet.name}」（見出しは{rows}）の列を、次のように読みます。違う列は Enter で選び直し、"
            "よければ Ctrl+G で進みます。同じ見出しの表では、次から尋ねません。"
        )

    def ask_field(self, number: str) -> None:
        """Ask what a column is to be read as."""
        table = self.table_asked
        column = next(one for one in table.head.columns if str(one.number) == number)
        choices = field_choices()
        now = table.reading.get(column.number)
        values = [value for _, value in choices]
        place = values.index("" if now is None else now.value)

        def settle(wanted: str | None) -> None:
            if wanted is None:
                return
            try:
                made = chosen(table, column, wanted)
            except ReviewError as problem:
                self.tell(sentence(problem), error=True)
                return
            self._put_table(made)
            self.show_columns()

        title = f"{column.letters}列「{column.text or '見出しなし'}」を何として読みますか"
        self.app.push_screen(ChooseDialog(title, choices, chosen=place), settle)

    def _put_table(self, made: Table) -> None:
        """Read all tables of the same heads alike."""
        alike = made.head.fingerprint
        by_pattern = {one.pattern: made.reading.get(one.number) for one in made.head.columns}
        tables = []
        for one in self.tables:
            if one.head.fingerprint == alike:
                reading = {
                    column.number: said
                    for column in one.head.columns
                    if (said := by_pattern.get(column.pattern)) is not None
                }
                one = replace(one, reading=reading, settled=made.settled)
            tables.append(one)
        self.tables = tuple(tables)

    def settle_columns(self) -> None:
        """Keep how the table is read and go on."""
        table = self.table_asked
        problem = problem_of(table)
        if problem:
            raise WrongUsage(f"{problem}。", "その列で Enter を押し、読み方を選んでください。")
        keep_table(self.book, table, self.path.name if self.path is not None else "")
        self._put_table(replace(table, settled=True))
        self.go_on_reading()

    # --- rows without an indicator -----------------------------------------------------------

    def ask_indicator(self, arrival: Arrival, number: int) -> None:
        """Ask which indicator a row is about; the answer is kept for the next file."""
        row = arrival.unmatched[number]
        plan = self.book.plan_of(row.year)
        choices, searched = [], []
        for code, one in plan.indicators.items():
            item = plan.items[plan.action_of[code]]
            choices.append((f"{code} {one.name}（{item.name}）", code))
            searched.append(f"{code} {one.name} {item.name}")
        choices.append((NOT_READ, ""))
        searched.append(f"{NOT_READ} {row.name}")

        def settle(code: str | None) -> None:
            if code is None:
                return
            try:
                keep_row(self.book, row.fingerprint, row.key, code, row.year, arrival.source)
                self.show_arrival(self.read_again())
            except ReviewError as problem:
                self.tell(sentence(problem), error=True)
                return
            self.to_next_open()
            self.tell("覚えました。次のファイルでも同じに読みます。")

        title = f"「{row.name}」（{year_label(row.year)}）は、どの指標の行ですか"
        self.app.push_screen(FindDialog(title, choices, searched), settle)
