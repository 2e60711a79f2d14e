"""The plan in the book: its editions, each counting from a fiscal year on; identities; money.

A code may change with an edition, an identity (the number under which the book knows an item, an
indicator or a funding line) never does: ``ids`` of an edition says which code has which.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from shakyo_review.domain.funding import funding_code, funding_lines
from shakyo_review.domain.plan import Node, Plan, map_nodes
from shakyo_review.errors import PlanProblem
from shakyo_review.storage.format import Database, Unreadable, canonical, digest

FIRST = 0
"""The year from which the first edition counts: from the beginning."""
_INDICATOR_WITHOUT = {"targets", "actuals"}


@dataclass(frozen=True, slots=True)
class Ids:
    """The identities of an edition, by code."""

    node: Mapping[str, int] = field(default_factory=dict)
    indicator: Mapping[str, int] = field(default_factory=dict)
    funding: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return them as they are stored."""
        return {
            "node": dict(self.node),
            "indicator": dict(self.indicator),
            "funding": dict(self.funding),
        }

    def other_than(self, new: "Ids") -> bool:
        """Whether a code of these is the code of another thing in new ones."""
        return any(
            now.get(code, number) != number
            for known, now in (
                (self.node, new.node),
                (self.indicator, new.indicator),
                (self.funding, new.funding),
            )
            for code, number in known.items()
        )


@dataclass(frozen=True)
class Edition:
    """The plan as it counts from a fiscal year on (``FIRST``: from the beginning)."""

    number: int
    effective_year: int
    plan: Plan
    ids: Ids

    @cached_property
    def figures(self) -> dict[int, tuple[str, int]]:
        """Code and decimals of each indicator, by identity."""
        indicators = self.plan.indicators
        return {
            number: (code, indicators[code].decimals)
            for code, number in self.ids.indicator.items()
            if code in indicators
        }

    @cached_property
    def codes(self) -> dict[int, str]:
        """The code of each item, indicator and funding line, by identity."""
        return {
            number: code
            for known in (self.ids.node, self.ids.indicator, self.ids.funding)
            for code, number in known.items()
        }

    @cached_property
    def whole(self) -> "Edition":
        """The edition itself; ``Unreadable`` where plan and identities do not name the same (altered)."""
        for codes, ids in (
            (self.plan.items, self.ids.node),
            (self.plan.indicators, self.ids.indicator),
            (funding_lines(self.plan), self.ids.funding),
        ):
            if codes.keys() != ids.keys() or any(type(n) is not int for n in ids.values()):
                raise Unreadable(f"identities of edition {self.number}")
        return self

    def identity_of(self, code: str) -> int | None:
        """Return the identity of an item, an indicator or a funding line; None for an unknown code."""
        for known in (self.ids.node, self.ids.indicator, self.ids.funding):
            if code in known:
                return known[code]
        return None


@dataclass(frozen=True)
class Editions:
    """All editions of a plan, in the order of the years from which they count."""

    all: tuple[Edition, ...]

    @property
    def newest(self) -> Edition:
        """The edition of the last years."""
        return self.all[-1]

    def of(self, year: int) -> Edition:
        """Return the edition that counts in a year."""
        return next((one for one in reversed(self.all) if one.effective_year <= year), self.all[0])

    def figure(self, indicator_id: int, year: int) -> tuple[str, int] | None:
        """Return code and decimals of an indicator in a year; None where the plan has it no more."""
        return self.of(year).figures.get(indicator_id)

    def place(self, number: int, year: int) -> str:
        """Return the code under which something stands in a year.

        What the plan of the year has no more stands under the last code it had and its identity
        (``a#12``): that code may have become another thing's.
        """
        for edition in self._back_from(year):
            code = edition.codes.get(number)
            if code is not None:
                return code if edition is self.of(year) else f"{code}#{number}"
        return f"#{number}"

    def _back_from(self, year: int) -> tuple[Edition, ...]:
        count = sum(one.effective_year <= year for one in self.all)
        return tuple(reversed(self.all[: max(count, 1)]))

    def funding_code(self, funding_id: int, year: int) -> str:
        """Return the code under which a funding line stands in a year."""
        return self.place(funding_id, year)

    def last_known(self, indicator_id: int, year: int) -> tuple[str, int] | None:
        """Return under which code and with how many decimals figures of an indicator stand in a year.

        Where the plan of the year does not have it, the decimals are those of the last one that had.
        """
        for edition in (*self._back_from(year), *self.all):
            if indicator_id in edition.figures:
                return self.place(indicator_id, year), edition.figures[indicator_id][1]
        return None

    def same_plan(self, other: "Editions") -> bool:
        """Whether these are the same editions, whatever the amounts of their funding lines are."""
        return self is other or self._texts() == other._texts()

    def _texts(self) -> list[tuple[object, ...]]:
        return [(e.number, e.effective_year, e.ids, plan_text(e.plan)) for e in self.all]

    def replaced(self, edition: Edition) -> "Editions":
        """Return the editions with one put in the place of that of its number, else after the others."""
        return Editions((*(one for one in self.all if one.number != edition.number), edition))


def read_editions(db: Database) -> Editions:
    """Read all editions, without the figures that are cells."""
    try:
        amounts = _read_amounts_by_id(db)
        rows = db.execute(
            "SELECT number, effective_year, plan, ids FROM edition ORDER BY effective_year, number"
        ).fetchall()
        if not rows:
            raise Unreadable("no edition of the plan")
        return Editions(tuple(make_edition(n, y, p, json.loads(i), amounts) for n, y, p, i in rows))
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        PlanProblem,
    ) as error:
        raise Unreadable(f"plan: {error}") from error


def make_edition(
    number: int,
    effective_year: int,
    plan: str,
    ids: Mapping[str, Any],
    amounts: Mapping[int, dict[str, dict[int, int]]],
) -> Edition:
    """Return an edition from its stored texts; ``amounts`` are put into its funding lines.

    Raises ``Unreadable`` for identities no program wrote, or that are not those of the plan.
    """
    bare = _understood(plan)
    known = _ids(ids, bare)

    def with_amounts(node: Node) -> dict[str, Any]:
        lines = (
            line.model_copy(
                update=amounts.get(known.funding.get(funding_code(node.code, n), -1), {})
            )
            for n, line in enumerate(node.funding, 1)
        )
        return {"funding": tuple(lines)} if node.funding else {}

    filled = map_nodes(bare, with_amounts) if known.funding else bare
    return Edition(number, effective_year, filled, known)


@lru_cache(maxsize=8)
def _understood(text: str) -> Plan:
    """Return the plan of a stored text; sealed years and editions often hold the very same one."""
    return Plan.model_validate_json(text)


def _ids(written: object, plan: Plan) -> Ids:
    kinds = written if isinstance(written, dict) else {}
    codes = {kind: kinds.get(kind) for kind in ("node", "indicator", "funding")}
    numbers = [n for found in codes.values() if isinstance(found, dict) for n in found.values()]
    whole = all(isinstance(found, dict) for found in codes.values())
    if not whole or any(type(number) is not int for number in numbers):
        raise Unreadable("identities of the plan")
    known = Ids(**codes)  # type: ignore[arg-type]
    if set(known.node) != set(plan.items) or set(known.indicator) != set(plan.indicators):
        raise Unreadable("identities and plan differ")
    return known


def plan_text(plan: Plan) -> str:
    """Return a plan as it is stored: rules, scale and stages in full, no figures that are cells."""

    def node(one: Node) -> dict[str, Any]:
        facts = one.model_dump(
            mode="json", exclude_defaults=True, exclude={"children", "indicators", "funding"}
        )
        facts["indicators"] = [
            ind.model_dump(mode="json", exclude_defaults=True, exclude=_INDICATOR_WITHOUT)
            for ind in one.indicators
        ]
        facts["funding"] = [
            line.model_dump(mode="json", exclude_defaults=True, exclude={"budget", "settlement"})
            for line in one.funding
        ]
        facts["children"] = [node(child) for child in one.children]
        return facts

    header = plan.model_dump(mode="json", exclude={"tree"})
    return canonical({**header, "tree": [node(one) for one in plan.tree]})


def new_identity(db: Database, kind: str, code: str) -> int:
    """Give an item, an indicator or a funding line the number under which the book knows it."""
    found = db.execute("INSERT INTO identity (kind, code) VALUES (?, ?)", [kind, code])
    return int(found.lastrowid or 0)


def first_ids(db: Database, plan: Plan) -> Ids:
    """Give everything in a plan a new identity."""
    return Ids(
        node={code: new_identity(db, "node", code) for code in plan.items},
        indicator={code: new_identity(db, "indicator", code) for code in plan.indicators},
        funding={code: new_identity(db, "funding", code) for code in funding_lines(plan)},
    )


def write_edition(db: Database, plan: Plan, ids: Ids, number: int, effective_year: int) -> str:
    """Store an edition; returns its hash, which the history has to tell."""
    content, known = plan_text(plan), canonical(ids.as_json())
    db.execute(
        "INSERT OR REPLACE INTO edition (number, effective_year, plan, ids) VALUES (?, ?, ?, ?)",
        [number, effective_year, content, known],
    )
    return digest(content, known, str(effective_year))


def read_digests(db: Database) -> dict[int, str]:
    """Return the hash of every edition as it stands."""
    rows = db.execute("SELECT number, effective_year, plan, ids FROM edition")
    return {number: digest(plan, ids, str(year)) for number, year, plan, ids in rows}


def stands_nowhere(db: Database, number: int, code: str, year: int) -> bool:
    """Whether nothing is said of an identity: no figure, no amount, no fact under its code from a year on."""
    return not any(
        db.execute(sql, values).fetchone()
        for sql, values in (
            (
                "SELECT 1 FROM cell WHERE indicator_id = ? AND state <> 'not_entered' LIMIT 1",
                [number],
            ),
            ("SELECT 1 FROM amount WHERE funding_id = ? LIMIT 1", [number]),
            (
                "SELECT 1 FROM fact WHERE code = ? AND fiscal_year >= ? AND data IS NOT NULL LIMIT 1",
                [code, year],
            ),
        )
    )


def years_beyond(db: Database, year: int) -> list[int]:
    """Return the years after one in which there are figures."""
    rows = db.execute(
        "SELECT fiscal_year FROM cell WHERE fiscal_year > ? AND state <> 'not_entered'"
        " UNION SELECT fiscal_year FROM amount WHERE fiscal_year > ? ORDER BY 1",
        [year, year],
    )
    return [int(row[0]) for row in rows]


# --- money ---------------------------------------------------------------------------------


def _read_amounts_by_id(db: Database) -> dict[int, dict[str, dict[int, int]]]:
    amounts: dict[int, dict[str, dict[int, int]]] = {}
    for number, year, kind, amount in db.execute(
        "SELECT funding_id, fiscal_year, kind, amount FROM amount ORDER BY fiscal_year DESC"
    ):
        amounts.setdefault(number, {}).setdefault(kind, {})[year] = amount
    return amounts


def funding_amount(db: Database, funding_id: int, year: int, kind: str) -> int | None:
    """Return an amount of a funding line in 千円, None where there is none."""
    row = db.execute(
        "SELECT amount FROM amount WHERE funding_id = ? AND fiscal_year = ? AND kind = ?",
        [funding_id, year, kind],
    ).fetchone()
    return None if row is None else int(row[0])


def read_amounts(db: Database) -> dict[tuple[int, int, str], int]:
    """Return every amount of the funding lines, by line (identity), year and kind."""
    rows = db.execute("SELECT funding_id, fiscal_year, kind, amount FROM amount")
    return {(number, year, kind): amount for number, year, kind, amount in rows}


def write_funding_amount(
    db: Database, funding_id: int, year: int, kind: str, amount: int | None
) -> None:
    """Store an amount of a funding line in 千円; None takes it away."""
    if amount is None:
        sql = "DELETE FROM amount WHERE funding_id = ? AND fiscal_year = ? AND kind = ?"
        db.execute(sql, [funding_id, year, kind])
    else:
        db.execute(
            "INSERT OR REPLACE INTO amount (funding_id, fiscal_year, kind, amount) VALUES (?, ?, ?, ?)",
            [funding_id, year, kind, amount],
        )
