"""A DataTable of fixed columns that keeps its place, and in which a click is not a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.events import Click
from textual.message import Message
from textual.widgets import DataTable

from shakyo_review.ui.marks import cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its width in columns of the terminal, and whether it holds numbers."""

    head: str
    width: int
    right: bool = False


class FixedTable(DataTable[Text]):
    """Rows by code; Enter or a click on the line that is marked already posts ``Chosen``."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("enter", "select_cursor", "選ぶ", show=False)
    ]

    class Chosen(Message):
        """The marked line was pressed."""

        def __init__(self, code: str) -> None:
            super().__init__()
            self.code = code

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, cursor_type="row", cell_padding=0, zebra_stripes=False)
        self.codes: list[str] = []

    @property
    def code(self) -> str | None:
        """The code of the marked line."""
        return self.codes[self.cursor_row] if 0 <= self.cursor_row < len(self.codes) else None

    def fill(
        self,
        columns: Sequence[Column],
        rows: Sequence[tuple[str, Sequence[Text]]],
        *,
        fixed: int = 0,
    ) -> None:
        """Show rows (code, cells); the marked line and the scrolling stay where they were."""
        kept, x, y = self.code, self.scroll_x, self.scroll_y
        self.clear(columns=True)
        for column in columns:
            self.add_column(cell(column.head, column.width, right=column.right), width=column.width)
        self.fixed_columns = min(fixed, len(columns))
        self.codes = [code for code, _ in rows]
        for code, cells in rows:
            self.add_row(*cells, key=code)
        if kept in self.codes:
            self.move_cursor(row=self.codes.index(kept), animate=False, scroll=False)
            self.scroll_to(x, y, animate=False, force=True, immediate=True)

    def mark(self, code: str) -> None:
        """Mark the line of a code."""
        if code in self.codes:
            self.move_cursor(row=self.codes.index(code), animate=False)

    def action_select_cursor(self) -> None:
        """Press the marked line."""
        if self.code is not None:
            self.post_message(self.Chosen(self.code))

    def on_click(self, event: Click) -> None:
        """Press the line if it is marked already; else the click only marks it."""
        if event.style.meta.get("row") == self.cursor_row:
            self.action_select_cursor()
