"""What stands between a table and the book: rows as written, entries as understood."""

from dataclasses import dataclass

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading

COLUMNS = (
    "indicator",
    "fiscal_year",
    "branch",
    "period",
    "kind",
    "value",
    "state",
    "measured_year",
    "note",
)
"""The columns of the long CSV in their order."""

MONEY = (Kind.BUDGET, Kind.SETTLEMENT)
"""Kinds that belong to a funding line, in 千円; the others belong to an indicator."""

MONEY_UNIT = "千円"


@dataclass(frozen=True, slots=True)
class LongRow:
    """A row as written: ``row`` as a spreadsheet numbers it (header = 1), and nine raw texts."""

    row: int
    indicator: str = ""
    fiscal_year: str = ""
    branch: str = ""
    period: str = ""
    kind: str = ""
    value: str = ""
    state: str = ""
    measured_year: str = ""
    note: str = ""

    @property
    def blank(self) -> bool:
        """Whether the row gives no figure: neither value nor state (a form not filled in)."""
        return not self.value.strip() and not self.state.strip()


@dataclass(frozen=True, slots=True)
class Entry:
    """A row understood: the cell, what it says, and where it was written (0: in no table).

    For money ``key.indicator`` is the code of the funding line (``funding_lines``) and the
    value is in 千円.
    """

    row: int
    key: CellKey
    reading: Reading
    measured_year: int | None = None
    note: str = ""
