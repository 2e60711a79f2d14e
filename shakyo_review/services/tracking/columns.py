"""What the columns of a 進捗管理シート are read as: said by a person, kept from last time, or told by their heads."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shakyo_review.errors import WrongUsage, quoted
from shakyo_review.exchange.textfile import shown_name
from shakyo_review.exchange.tracking import Tables, lines_of, read_tables
from shakyo_review.exchange.tracking.heads import (
    Head,
    HeadColumn,
    by_pattern,
    guessed,
    patterns_of,
    too_often,
)
from shakyo_review.exchange.tracking.words import (
    FIELD_LABELS,
    FIGURES,
    Field,
    field_named,
    folded,
)
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.tracking.kept import Layout, keep_columns, keep_row, layouts

HEAD_ROW = "見出し"
"""The word under which a person says in which row the head stands."""
NOT_TAKEN = ("なし", "無し", "読まない", "-", "－")
_OF_WHAT = (Field.CODE, Field.ITEM, Field.INDICATOR)


class ColumnsNeeded(WrongUsage):
    """A table whose columns are not understood: a person has to say what they are. ``heads`` are those found."""

    def __init__(self, message: str, hint: str, heads: tuple[Head, ...]) -> None:
        super().__init__(message, hint)
        self.heads = heads


@dataclass(frozen=True, slots=True)
class Table:
    """A table and how it is read; ``settled`` tells that a person has said so, now or earlier."""

    head: Head
    reading: Mapping[int, Field]
    settled: bool = False
    rows: Mapping[str, int] | None = None


def columns_of(typed: str) -> dict[str, str]:
    """Read what a person says of the columns: 指標=C,実績=G,目標=F; several as 取組=A+B.

    Raises ``WrongUsage``.
    """
    said: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in re.split(r"[,、，]", typed))):
        label, sign, place = part.replace("＝", "=").partition("=")
        label, place = label.strip(), folded(place)
        if not sign or not label or not place:
            raise WrongUsage(
                f"列の指定{quoted(part)}は読めません。",
                "「指標=C,実績=G,目標=F」のように書いてください。",
            )
        if label != HEAD_ROW and field_named(label) is None:
            names = "、".join(FIELD_LABELS.values())
            raise WrongUsage(
                f"列の指定{quoted(label)}は使えません。", f"使える言葉は {names}、{HEAD_ROW} です。"
            )
        if label in said:
            raise WrongUsage(
                f"列の指定に{quoted(label)}が2つあります。",
                "1つにまとめてください（例 取組=A+B）。",
            )
        said[label] = place
    return said


def tables_of(
    book: ReviewBook, path: Path, mapping: Mapping[str, str] | None = None, *, sheet: str = ""
) -> tuple[Tables, list[Table]]:
    """Return the tables of a file and how each is read, whether that suffices or not."""
    said = dict(mapping or {})
    row = _head_row(said.pop(HEAD_ROW, ""))
    found, kept = read_tables(path, sheet, row), layouts(book)
    tables = [_table(head, said, kept.get(head.fingerprint)) for head in found.heads]
    if said and len(tables) > 1:
        tables = [one for one in tables if one.settled] or tables
    return found, tables


def _head_row(typed: str) -> int | None:
    if not typed:
        return None
    number = typed.removesuffix("行目").removesuffix("行")
    if not number.isdecimal() or int(number) < 1:
        raise WrongUsage(
            f"見出しの行{quoted(typed)}は読めません。",
            "「見出し=5」のように行の番号を書いてください。",
        )
    return int(number) - 1


def _table(head: Head, said: Mapping[str, str], kept: Layout | None) -> Table:
    rows = {} if kept is None else kept.rows
    reading = guessed(head) if kept is None or not kept.columns else by_pattern(head, kept.columns)
    for label, place in said.items():
        wanted = field_named(label)
        reading = {number: one for number, one in reading.items() if one is not wanted}
        for letters in () if place in NOT_TAKEN else place.split("+"):
            column = head.column(letters)
            if column is None:
                raise WrongUsage(
                    f"シート{quoted(head.sheet.name)}の{quoted(letters, 10)}列には何もありません。",
                    f"見出しのある列: {heads_text(head.columns)}。",
                )
            if wanted is not None:
                check_choice(column, wanted)
                reading[column.number] = wanted
    return Table(head, reading, bool(said) or bool(kept and kept.columns), rows)


def check_choice(column: HeadColumn, wanted: Field) -> None:
    """Refuse a column of rates as one of figures."""
    if column.rate and wanted in (Field.TARGET, Field.ACTUAL):
        raise WrongUsage(
            f"{column.letters}列「{column.text}」は率の列なので、{FIELD_LABELS[wanted]}としては読みません。",
            f"{FIELD_LABELS[wanted]}の数が書かれた列を選んでください。",
        )


def year_for(table: Table, column: HeadColumn, asked: int | None) -> int | None:
    """Return of which year a column of figures is; None where nobody has said so.

    A head without a year is of the one year the others name, and a text beside several years of the
    last of them; else of the year asked for, or of that in the lines above the table.
    """
    if column.year is not None:
        return column.year
    said = table.reading.get(column.number)
    dated = {
        one.year
        for one in table.head.columns
        if one.year is not None and table.reading.get(one.number) in FIGURES
    }
    if len(dated) == 1 or (dated and said in (Field.NOTE, Field.STATE)):
        return max(dated)
    if dated and not table.settled:
        return None
    return asked or table.head.year_above or max(dated, default=None)


def problem_of(table: Table) -> str:
    """Return why a table cannot be read yet, as the end of a sentence; '' where it can."""
    fields = set(table.reading.values())
    if fields.isdisjoint(_OF_WHAT):
        return "指標か取組の名前の列が分かりません"
    if fields.isdisjoint(FIGURES):
        return "実績や目標の列が分かりません"
    twice = too_often(table.reading)
    return f"「{FIELD_LABELS[twice]}」の列が2つあります" if twice is not None else ""


def keep_mapping(
    book: ReviewBook, path: Path, mapping: Mapping[str, str] | None = None, *, sheet: str = ""
) -> None:
    """Keep how the tables of a file are read, for the next file with the same heads."""
    for table in tables_of(book, path, mapping, sheet=sheet)[1]:
        keep_table(book, table, shown_name(path))


def keep_table(book: ReviewBook, table: Table, file: str) -> None:
    """Keep how a table is read."""
    name = f"{file}、シート「{table.head.sheet.name}」"
    keep_columns(book, table.head.fingerprint, patterns_of(table.head, table.reading), name)


def reading_text(table: Table) -> str:
    """Return by which columns a table is read whose heads alone have decided, as a sentence."""
    told = [
        f"{FIELD_LABELS[table.reading[one.number]]}＝{one.letters}"
        for one in table.head.columns
        if one.number in table.reading
    ]
    sheet = quoted(table.head.sheet.name)
    if problem_of(table):
        return f"シート{sheet}は、{problem_of(table)}。読んでいません。"
    return f"シート{sheet}は、見出しの言葉から {'・'.join(told)} と読みました。"


def keep_rows(
    book: ReviewBook, path: Path, said: Mapping[int, str], year: int, *, sheet: str = ""
) -> dict[int, str]:
    """Keep which indicator rows of a file are about, by the numbers of the rows; returns their names.

    ``said`` gives a code of the plan of ``year``, '' for a row that is not to be read. Raises
    ``WrongUsage`` for a row that says nothing, or an unknown code.
    """
    tables = tables_of(book, path, sheet=sheet)[1]
    if len(tables) > 1:
        names = "、".join(one.head.sheet.name for one in tables)
        raise WrongUsage(
            f"「{shown_name(path)}」には表のシートが{len(tables)}つあります。",
            f"--sheet でシートを選んでください: {names}。",
        )
    head = tables[0].head
    lines = {line.spot.row + 1: line for line in lines_of(head, tables[0].reading)}
    for number, code in said.items():
        if number not in lines:
            raise WrongUsage(
                f"シート{quoted(head.sheet.name)}の{number}行目には、読む値がありません。",
                "実績や目標の書かれた行の番号を指定してください。",
            )
        if code:
            book.plan_of(year).indicator(code)
    for number, code in said.items():
        keep_row(
            book,
            head.fingerprint,
            lines[number].key,
            code,
            year,
            f"{shown_name(path)}、シート「{head.sheet.name}」",
        )
    return {number: lines[number].name for number in said}


def heads_text(columns: Iterable[HeadColumn]) -> str:
    """Return letters and words of some columns: A「取組」、B「指標」."""
    told = [f"{one.letters}「{one.text}」" for one in columns if one.text]
    return "、".join(told[:12]) + (" ほか" if len(told) > 12 else "")
