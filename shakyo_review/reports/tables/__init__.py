"""What a workbook or a CSV holds: tables whose cells are texts, letters, or figures read back as numbers.

Nothing is computed: a figure's text, as ``domain`` wrote it, is read by the one parser, so that a
spreadsheet has the very number that stands on the paper.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.domain.value import read_number
from shakyo_review.reports.context.base import Letter
from shakyo_review.reports.context.charts import Chart
from shakyo_review.reports.context.parts import Fact, Figure

_AMOUNT = re.compile(r"([+±]?)(△?[\d,]+(?:\.\d+)?)(%|点|ポイント|件|人)?(（見込み）)?")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it is printed: value, decimals, the unit behind it (%, 点), a word behind that."""

    value: Decimal
    decimals: int
    unit: str = ""
    word: str = ""
    signed: bool = False


def amount(text: str) -> Amount | None:
    """Return the number a text shows (1,234、△3、98.5%、+2、120（見込み）); None where it is no number."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    sign, digits, unit, word = found.groups(default="")
    decimals = len(digits.partition(".")[2])
    return Amount(read_number(digits), decimals, unit, word, bool(sign))


@dataclass(frozen=True, slots=True)
class Count:
    """A text that is a number where it can be read as one (件数, 割合, 増減)."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its place: how deep it stands in a tree, whether it is a head, whether it repeats."""

    text: str
    depth: int = 0
    strong: bool = False
    repeated: bool = False
    short: bool = False
    """Whether its end may be hidden in one line, since it can be read elsewhere."""

    @property
    def clipped(self) -> bool:
        """Whether it stays in one line."""
        return self.short or self.repeated


Cell = str | Words | Figure | Letter | Count


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and how many half-width characters it may be wide."""

    head: str
    widest: int = 14
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table under a caption; ``sums`` of its last rows are sums."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    sums: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences one below the other, with a caption or none."""

    lines: Sequence[str]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Charts one below the other, each under its title."""

    charts: Sequence[Chart]


Block = Table | Lines | Pictures


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of a workbook; a page that is one list can be sorted out by its head (``listed``)."""

    name: str
    title: str
    blocks: Sequence[Block]
    listed: bool = False
    fixed: int = 0
    """Columns that stay in sight when the list is moved sideways."""
    chapter: str = ""
    """Where the paper report has it (4章); '' where it has it not."""

    @property
    def list_table(self) -> Table | None:
        """The table of a page that is one list."""
        tables = [block for block in self.blocks if isinstance(block, Table)]
        return tables[0] if self.listed and len(tables) == 1 else None


def marked(text: str, example: bool) -> str:
    """Return a text with 例示 behind it where it rests on examples."""
    return f"{text}（{EXAMPLE_MARK}）" if example else text


def facts_table(
    caption: str, facts: Sequence[Fact], heads: tuple[str, str] = ("項目", "内容")
) -> Table:
    """Return names and what is said of them as a table."""
    return Table(
        caption,
        [Column(heads[0], 30), Column(heads[1], 90)],
        [[fact.name, fact.text] for fact in facts],
    )


@dataclass(slots=True)
class Notes:
    """Gathers what stands beside figures (R4の値) into one column of words."""

    found: list[str] = field(default_factory=list)

    def take(self, name: str, figure: Figure) -> Figure:
        """Keep a figure's note under a name; returns the figure."""
        if figure.note:
            self.found.append(f"{name}は{figure.note}")
        return figure

    @property
    def text(self) -> str:
        """All notes in one line."""
        return "、".join(self.found)


def without_empty(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    """Return the places of the columns in which at least one row says something."""
    for place in range(len(columns)):
        if any(_says(row[place]) for row in rows):
            yield place


def _says(cell: Cell) -> bool:
    text = cell if isinstance(cell, str) else cell.text
    return text not in ("", "－")


def compact(
    caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], keep: int
) -> Table:
    """Return a table without the columns behind the first ``keep`` that are empty in every row."""
    places = [*range(keep), *(p for p in without_empty(columns, rows) if p >= keep)]
    return Table(caption, [columns[p] for p in places], [[row[p] for p in places] for row in rows])
