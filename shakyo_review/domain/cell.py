"""Cells: one figure of one indicator, year, branch and period, with its state."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import WrongUsage, quoted


class Kind(StrEnum):
    """What a row of the long CSV holds."""

    TARGET = "target"
    ACTUAL = "actual"
    BASELINE = "baseline"
    FINAL_TARGET = "final_target"
    BUDGET = "budget"
    SETTLEMENT = "settlement"


KIND_LABELS = {
    Kind.TARGET: "目標",
    Kind.ACTUAL: "実績",
    Kind.BASELINE: "基準値",
    Kind.FINAL_TARGET: "最終目標",
    Kind.BUDGET: "予算額",
    Kind.SETTLEMENT: "決算額",
}

MONTHS = tuple(f"{m:02}" for m in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3))
"""Months of a fiscal year in their order."""
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
HALVES = ("H1", "H2")
PERIOD_SETS = (MONTHS, QUARTERS, HALVES)

PERIOD_LABELS = {
    **{m: f"{int(m)}月" for m in MONTHS},
    **{q: f"第{i}四半期" for i, q in enumerate(QUARTERS, 1)},
    "H1": "上半期",
    "H2": "下半期",
}


_PERIOD_OF_LABEL = {label: period for period, label in PERIOD_LABELS.items()}


def check_period(period: str) -> str:
    """Return a period code as it is stored ('' is the year), from the code or its label.

    Raises ``WrongUsage`` for an unknown one.
    """
    folded = unicodedata.normalize("NFKC", period).strip().upper()
    folded = _PERIOD_OF_LABEL.get(folded, folded)
    if folded.isdecimal():
        folded = folded.zfill(2)
    if folded and folded not in PERIOD_LABELS:
        raise WrongUsage(
            f"期間{quoted(period, 20)}は読めません。",
            "月は 04〜03、四半期は Q1〜Q4、半期は H1・H2 です。",
        )
    return folded


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """Where a figure stands; branch and period are '' for the whole plan and the whole year."""

    indicator: str
    year: int
    kind: Kind
    branch: str = ""
    period: str = ""


BLANK = Reading(State.NOT_ENTERED)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as stored. ``version`` counts its changes (0: never written)."""

    key: CellKey
    reading: Reading = BLANK
    measured_year: int | None = None
    note: str = ""
    example: bool = False
    version: int = 0


def _figure(key: CellKey) -> tuple[str, int, Kind]:
    return key.indicator, key.year, key.kind


@dataclass(slots=True)
class CellTable:
    """The cells of one or more years, found by place."""

    cells: dict[CellKey, Cell] = field(default_factory=dict)
    _parts: dict[tuple[str, int, Kind], list[Cell]] = field(default_factory=dict)

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> "CellTable":
        """Build a table from cells."""
        table = cls()
        for cell in cells:
            table.cells[cell.key] = cell
            if cell.key.branch or cell.key.period:
                table._parts.setdefault(_figure(cell.key), []).append(cell)
        return table

    def put(self, cell: Cell) -> None:
        """Set one cell in the place of what stood there."""
        self.cells[cell.key] = cell
        if cell.key.branch or cell.key.period:
            others = [
                part for part in self._parts.get(_figure(cell.key), []) if part.key != cell.key
            ]
            self._parts[_figure(cell.key)] = [*others, cell]

    def get(self, key: CellKey) -> Cell:
        """Return the cell at a place; a blank one of version 0 where nothing was ever written."""
        return self.cells.get(key) or Cell(key)

    def whole(self, indicator: str, year: int, kind: Kind) -> Cell:
        """Return the cell of the whole plan and the whole year."""
        return self.get(CellKey(indicator, year, kind))

    def parts(self, indicator: str, year: int, kind: Kind) -> list[Cell]:
        """Return the cells of branches and periods of one figure."""
        return self._parts.get((indicator, year, kind), [])
