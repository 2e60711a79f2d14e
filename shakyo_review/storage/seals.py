"""Sealed years: what was published, kept as text; the history tells its hash."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import PlanProblem
from shakyo_review.storage.format import Database, Unreadable, canonical, digest
from shakyo_review.storage.plans import Edition, make_edition

SEAL = "seal"
"""The entity of history rows that tell the hash of a seal."""


@dataclass(frozen=True)
class Seal:
    """A sealed year: ``content`` holds plan, identities, cells, facts, results and the history's head."""

    year: int
    number: int
    content: str

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The content, read."""
        try:
            found = json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"seal {self.year}: {error}") from error
        if not isinstance(found, dict):
            raise Unreadable(f"seal {self.year}")
        return found

    @property
    def digest(self) -> str:
        """The hash of the content."""
        return digest(self.content)

    @property
    def amounts(self) -> dict[tuple[int, int, str], int]:
        """The amounts in 千円 by funding line (identity), year and kind, as they were."""
        try:
            found = {(line, year, kind): held for line, year, kind, held in self.facts["amounts"]}
            if any(type(amount) is not int for amount in found.values()):
                raise ValueError("an amount that is no number")
        except (ValueError, LookupError, TypeError) as error:
            raise Unreadable(f"seal {self.year}: {error}") from error
        return found

    @cached_property
    def edition(self) -> Edition:
        """The plan of the sealed year, with rules, scale and money as they were."""
        try:
            held = self.facts["plan"]
            amounts: dict[int, dict[str, dict[int, int]]] = {}
            for (number, year, kind), amount in self.amounts.items():
                amounts.setdefault(number, {}).setdefault(kind, {})[year] = amount
            return make_edition(
                held["number"], self.year, canonical(held["plan"]), held["ids"], amounts
            )
        except (ValueError, LookupError, TypeError, AttributeError, PlanProblem) as error:
            raise Unreadable(f"seal {self.year}: {error}") from error

    def cells(self) -> list[Cell]:
        """Return the figures of the sealed year."""
        try:
            return [_cell(self.year, held) for held in self.facts["cells"]]
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise Unreadable(f"seal {self.year}: {error}") from error


def _cell(year: int, held: dict[str, Any]) -> Cell:
    def number(name: str) -> Decimal | None:
        if held.get(name) is None:
            return None
        found = Decimal(held[name])
        if not found.is_finite():
            raise ValueError(f"{name} {found}")
        return found

    return Cell(
        CellKey(held["indicator"], year, Kind(held["kind"]), held["branch"], held["period"]),
        Reading(
            State(held["state"]),
            number("value"),
            number("denominator"),
            held.get("text", ""),
            held.get("forecast", False),
        ),
        held.get("measured_year"),
        held.get("note", ""),
        held.get("example", False),
        held["version"],
    )


def read_seals(db: Database, year: int) -> list[Seal]:
    """Return every seal of a year, the first one first."""
    rows = db.execute(
        "SELECT fiscal_year, number, content FROM seal WHERE fiscal_year = ? ORDER BY number",
        [year],
    )
    return [Seal(*row) for row in rows]


def read_digests(db: Database) -> dict[tuple[int, int], str]:
    """Return the hash of every seal as it stands, by year and number."""
    rows = db.execute("SELECT fiscal_year, number, content FROM seal")
    return {(year, number): digest(content) for year, number, content in rows}


def write_seal(db: Database, year: int, number: int, content: str) -> Seal:
    """Store a seal, inside the transaction that tells the history of it."""
    db.execute(
        "INSERT INTO seal (fiscal_year, number, content) VALUES (?, ?, ?)", [year, number, content]
    )
    return Seal(year, number, content)
