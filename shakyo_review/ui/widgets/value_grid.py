"""The grid of targets and actuals: a table whose cursor stays on what can be typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text
from textual.coordinate import Coordinate
from textual.events import Click
from textual.message import Message
from textual.widgets import DataTable

from shakyo_review.domain.cell import Kind
from shakyo_review.ui.marks import cell, cut, fit
from shakyo_review.ui.row_words import EXAMPLE, NOTED, ODD, Word, words
from shakyo_review.ui.sheet import Row, Sheet

WIDE_FROM = 110
"""Columns of the terminal from which 取組・基準値・状態 are shown as well."""


ASIDE_FROM = 6
"""Columns from which the name of the action is written behind that of the indicator."""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A column: its name, whether numbers stand right, and how wide its content may make it."""

    id: str
    label: str
    right: bool
    least: int
    most: int
    wide_only: bool = False


_COLUMNS = (
    ColumnPlan("code", "コード", right=False, least=6, most=10),
    ColumnPlan("action", "取組", right=False, least=12, most=0, wide_only=True),
    ColumnPlan("name", "指標（取組）", right=False, least=14, most=0),
    ColumnPlan("unit", "単位", right=False, least=4, most=6),
    ColumnPlan("baseline", "基準値", right=True, least=6, most=14, wide_only=True),
    ColumnPlan("before", "前年度", right=True, least=6, most=14),
    ColumnPlan("target", "目標", right=True, least=6, most=14),
    ColumnPlan("actual", "実績", right=True, least=7, most=14),
    ColumnPlan("rate", "率", right=True, least=6, most=14),
    ColumnPlan("rating", " 判定", right=False, least=5, most=9),
    ColumnPlan("state", "状態", right=False, least=8, most=10, wide_only=True),
)
"""``most`` 0: takes the room that is left."""


class ValueGrid(DataTable[Text]):
    """The sheet as a table. It never has the focus: keys and the input method belong to the entry bar."""

    class Pointed(Message):
        """A cell was clicked, once or twice."""

        def __init__(self, twice: bool) -> None:
            super().__init__()
            self.twice = twice

    def __init__(self, may_move: Callable[[], bool]) -> None:
        super().__init__(cursor_type="cell", zebra_stripes=True, cell_padding=0, id="grid")
        self.can_focus = False
        self._may_move = may_move
        self.sheet: Sheet | None = None
        self.laid_out_for = 0
        self._wide = False
        self._shown: list[ColumnPlan] = []
        self._widths: dict[str, int] = {}
        self._lines: list[dict[str, Word]] = []
        self._target = self._actual = 0

    # --- filling -----------------------------------------------------------------------------

    def show(self, sheet: Sheet) -> None:
        """Show a sheet anew, the cursor staying on its row where that is still there."""
        place, kind, top = self.place, self.kind, self.scroll_y
        self.sheet = sheet
        self.laid_out_for = self.app.size.width
        self._wide = self.laid_out_for >= WIDE_FROM
        self._shown = [column for column in _COLUMNS if self._wide or not column.wide_only]
        self._target, self._actual = (
            next(i for i, column in enumerate(self._shown) if column.id == name)
            for name in ("target", "actual")
        )
        self._lines = self._all_words(sheet)
        self._widths = self._fitted(self._lines)
        with self.app.batch_update():
            self.clear(columns=True)
            for column in self._shown:
                width = self._widths[column.id]
                label = "指標" if column.id == "name" and self._wide else column.label
                self.add_column(self._cell(column, Word(label)), width=width, key=column.id)
            for row, line in zip(sheet.rows, self._lines, strict=True):
                self.add_row(*self._cells(line), key=row.key)
        if sheet.rows:
            self.call_after_refresh(self.scroll_to, y=top, animate=False, force=True)
            self.go(place if place in sheet.rows else self._near(sheet, place), kind)

    def _near(self, sheet: Sheet, place: Row | None) -> Row:
        """Return the row to stand on: the indicator of a branch that was folded in, else the first."""
        whole = None if place is None else Row(place.indicator)
        return whole if whole in sheet.rows else sheet.rows[0]

    def refresh_rows(self, indicator: str | None = None) -> bool:
        """Show what has changed in some rows (None: in all); False where it no longer fits its column."""
        sheet = self.sheet
        if sheet is None:
            return True
        above: Row | None = None
        for place, row in enumerate(sheet.rows):
            if indicator is None or row.indicator == indicator:
                line = words(sheet, row, above, self._wide)
                if line != self._lines[place]:
                    if not self._fits(line):
                        return False
                    self._update_line(row, self._lines[place], line)
                    self._lines[place] = line
            above = row
        return True

    def _fits(self, line: dict[str, Word]) -> bool:
        return all(_width(line[c.id]) <= self._widths[c.id] - 2 for c in self._shown if c.right)

    def _update_line(self, row: Row, before: dict[str, Word], line: dict[str, Word]) -> None:
        for column in self._shown:
            if line[column.id] != before[column.id]:
                self.update_cell(row.key, column.id, self._cell(column, line[column.id]))

    def _all_words(self, sheet: Sheet) -> list[dict[str, Word]]:
        above: Row | None = None
        lines = []
        for row in sheet.rows:
            lines.append(words(sheet, row, above, self._wide))
            above = row
        return lines

    def _fitted(self, lines: Sequence[dict[str, Word]]) -> dict[str, int]:
        """Return the widths: what the content needs, between bounds; names share the rest."""
        widths: dict[str, int] = {}
        for column in self._shown:
            if column.most:
                content = max((_width(line[column.id]) for line in lines), default=0)
                widths[column.id] = min(max(content, column.least), column.most) + (
                    2 if column.right else 1
                )
        open_ended = [column for column in self._shown if not column.most]
        figures = [column for column in self._shown if column.right]
        while (left := self.laid_out_for - 1 - sum(widths.values())) < sum(
            c.least for c in open_ended
        ):
            widest = max(figures, key=lambda column: widths[column.id])
            if widths[widest.id] <= widest.least:
                break
            widths[widest.id] -= 1
        for place, column in enumerate(open_ended, 1):
            width = max(
                left * place // len(open_ended) - left * (place - 1) // len(open_ended),
                column.least,
            )
            widths[column.id] = width
        return widths

    def _cells(self, line: dict[str, Word]) -> list[Text]:
        return [self._cell(column, line[column.id]) for column in self._shown]

    def _cell(self, column: ColumnPlan, word: Word) -> Text:
        """Draw a cell in the width of its column: figures with a mark or a blank behind them.

        A figure that has no room is cut with dots; the bar below shows it whole.
        """
        width = self._widths[column.id]
        style = f"{word.style} italic".strip() if word.example else word.style
        if column.right:
            mark = f" {NOTED}" if word.noted else ""
            text = cut(word.text, width - 2 - cell_len(mark))
            blank = " " * (width - 1 - cell_len(text) - cell_len(mark))
            behind = ODD if word.odd else EXAMPLE if word.example else " "
            return Text(f"{mark}{blank}{text}{behind}", style=style, no_wrap=True)
        return cell(_with_aside(word, width - 1), width, style=style)

    def _update_dimensions(self, new_rows: object) -> None:
        """Measure no cell: all columns have fixed widths (5,000 rows: 0.8 s saved)."""
        super()._update_dimensions(())

    # --- the cursor ----------------------------------------------------------------------------

    @property
    def place(self) -> Row | None:
        """The row under the cursor."""
        if self.sheet is None or not 0 <= self.cursor_row < min(
            self.row_count, len(self.sheet.rows)
        ):
            return None
        return self.sheet.rows[self.cursor_row]

    @property
    def kind(self) -> Kind:
        """The column under the cursor: target or actual."""
        at_target = self.sheet is not None and self.cursor_column == self._target
        return Kind.TARGET if at_target else Kind.ACTUAL

    def validate_cursor_coordinate(self, value: Coordinate) -> Coordinate:
        """Keep the cursor on 目標 and 実績."""
        row, column = super().validate_cursor_coordinate(value)
        if column not in (self._target, self._actual) and self.columns:
            leaves_left = column == self._target - 1 and self.cursor_column == self._target
            column = self._target if leaves_left else self._actual
        return Coordinate(row, column)

    def go(self, row: Row, kind: Kind) -> None:
        """Move the cursor to a row and column."""
        if self.sheet is not None and row in self.sheet.rows:
            column = self._target if kind is Kind.TARGET else self._actual
            self.move_cursor(row=self.get_row_index(row.key), column=column)

    def step(self, rows: int = 0, columns: int = 0) -> None:
        """Move the cursor by rows and columns; it stops at the edges."""
        self.move_cursor(row=self.cursor_row + rows, column=self.cursor_column + columns)

    def bring_up(self, rows: int) -> None:
        """Scroll until the rows under the cursor are seen as well, the cursor's own row staying in sight."""
        room = max(self.scrollable_content_region.height - self.header_height, 1)
        below = min(self.cursor_row + rows, self.row_count - 1) - room + 1
        if below > self.scroll_y:
            self.scroll_to(y=min(below, self.cursor_row), animate=False, force=True)

    async def _on_click(self, event: Click) -> None:
        event.prevent_default()
        if self._may_move():  # what is being typed belongs to the cell the cursor leaves
            await super()._on_click(event)
            self.post_message(self.Pointed(event.chain == 2))


def _width(word: Word) -> int:
    return cell_len(fit(word.text)) + (cell_len(NOTED) + 1 if word.noted else 0)


def _with_aside(word: Word, width: int) -> str:
    """Return a text with its aside in brackets as far as there is room for a few letters of it."""
    text = cut(word.text, width)
    room = width - cell_len(text) - 4
    if not word.aside or room < ASIDE_FROM:
        return text
    return f"{text}（{cut(word.aside, room)}）"
