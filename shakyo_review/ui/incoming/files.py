"""Choosing the file that is taken in, and what its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.exchange.tracking.words import FIELD_LABELS, FIGURES, SEVERAL, Field
from shakyo_review.services.tracking.columns import check_choice, year_for
from shakyo_review.ui.marks import cell
from shakyo_review.ui.merging import BOOK_ENDINGS
from shakyo_review.ui.widgets.fixed_table import Column

if TYPE_CHECKING:
    from rich.text import Text

    from shakyo_review.exchange.tracking.heads import HeadColumn
    from shakyo_review.services.tracking.columns import Table

ENDINGS = (".xlsx", ".csv", *BOOK_ENDINGS)
"""Ends of the names of files that are offered."""
MOST = 300
"""Files of a folder that are listed."""


def listed(folder: Path) -> list[tuple[str, str]]:
    """Return what may be opened in a folder: (path, how it is shown), the folder above first."""
    try:
        inside = sorted(folder.iterdir(), key=lambda one: one.name.casefold())
    except OSError:
        return [(str(folder.parent), "［上のフォルダ］")]
    folders = [one for one in inside if _is_folder(one) and not one.name.startswith(".")]
    files = [
        one
        for one in inside
        if one.suffix.lower() in ENDINGS
        and one not in folders
        and not one.name.startswith((".", "~$"))
    ]
    above = [(str(folder.parent), "［上のフォルダ］")] if folder.parent != folder else []
    shown = [(str(one), one.name) for one in files[:MOST]]
    return [*shown, *above, *((str(one), f"［フォルダ］{one.name}") for one in folders[:MOST])]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def column_columns(width: int) -> list[Column]:
    """Return the columns of the table of columns for a width of the screen."""
    head = 34 if width >= 100 else 24
    read = 22
    return [
        Column("列", 5),
        Column("見出し", head),
        Column("読み方", read),
        Column("下に書かれている値", max(width - 5 - head - read - 2, 16)),
    ]


def column_rows(table: Table, year: int, width: int) -> list[tuple[str, Sequence[Text]]]:
    """Return a line for each column of a table: letters, head, what it is read as, values below."""
    wide = column_columns(width)
    found = []
    for column in table.head.columns:
        values = "／".join(column.values) or "（空）"
        texts = (column.letters, column.text or "（なし）", read_as(table, column, year), values)
        cells = [
            cell(f"{cell(text, one.width - 1).plain} ", one.width)
            for text, one in zip(texts, wide, strict=True)
        ]
        found.append((str(column.number), cells))
    return found


def read_as(table: Table, column: HeadColumn, year: int) -> str:
    """Return what a column is read as, with its year."""
    said = table.reading.get(column.number)
    if said is None:
        return "率（読まない）" if column.rate else "－"
    label = FIELD_LABELS[said]
    if said not in FIGURES:
        return label
    if Field.KIND in table.reading.values() and said is Field.ACTUAL:
        label = "目標・実績"
    found = year_for(table, column, year)
    return f"{label}（{'年度？' if found is None else year_label(found)}）"


def field_choices() -> list[tuple[str, str]]:
    """Return what a column may be read as: (how it is shown, the field; '' for none)."""
    told = {
        Field.CODE: "番号（指標か取組のコード）",
        Field.ITEM: "取組（目標・施策・事業の名前）",
        Field.INDICATOR: "指標の名前",
        Field.UNIT: "単位",
        Field.OWNER: "担当",
        Field.BRANCH: "区・支所・地区の名前",
        Field.KIND: "「目標」「実績」と書き分けた列",
        Field.TARGET: "目標の数",
        Field.ACTUAL: "実績の数",
        Field.STATE: "状態（中止・集計中など）",
        Field.NOTE: "実施内容（行ったことの文章）",
    }
    choices = [(told.get(one, FIELD_LABELS[one]), one.value) for one in Field]
    return [*choices, ("読まない", "")]


def chosen(table: Table, column: HeadColumn, wanted: str) -> Table:
    """Return a table with a column (and those of the same head in other years) read as something else.

    Raises ``WrongUsage`` for a column of rates taken for figures.
    """
    alike = {one.number for one in table.head.columns if one.pattern == column.pattern}
    reading = {number: said for number, said in table.reading.items() if number not in alike}
    if wanted:
        said = Field(wanted)
        check_choice(column, said)
        if said not in SEVERAL:
            reading = {number: one for number, one in reading.items() if one is not said}
        reading |= dict.fromkeys(alike, said)
    return replace(table, reading=dict(sorted(reading.items())))
