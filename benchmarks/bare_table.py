"""The bare program of ``screens.py``: a Textual DataTable with the same rows, and nothing else.

Started as ``python -m bare_table ROWS.json``: the first row of the file is the head. Enter puts
the next number of a count into the cell under the cursor.
"""

import json
import sys
from itertools import count
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class BareTable(App[None]):
    """One table."""

    def compose(self) -> ComposeResult:
        self.counted = count(7000)
        yield DataTable()

    def on_mount(self) -> None:
        head, *rows = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        table = self.query_one(DataTable)
        table.add_columns(*head)
        table.add_rows(rows)

    def on_data_table_cell_selected(self, event: DataTable.CellSelected) -> None:
        event.data_table.update_cell_at(event.coordinate, str(next(self.counted)))


if __name__ == "__main__":
    BareTable().run()
