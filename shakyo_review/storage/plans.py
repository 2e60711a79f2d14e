"""Plans in the book: rows <-> domain objects."""

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import NotFoundError

from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Funding, Node, Plan
from shakyo_review.errors import PlanProblem
from shakyo_review.storage.migrations import Unreadable

_HEADER_WITHOUT = {"tree"}
_NODE_WITHOUT = {"children", "indicators", "funding"}
_INDICATOR_WITHOUT = {"targets", "actuals"}
_FUNDING_WITHOUT = {"budget", "settlement"}


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as the book holds it, with the row ids of its indicators."""

    plan: Plan
    indicator_ids: dict[str, int]


def write_plan(db: Database, plan: Plan) -> None:
    """Write a plan into an empty book; its figures are written as cells by the caller."""
    header = plan.model_dump_json(exclude=_HEADER_WITHOUT)
    db.table("book").insert({"key": "plan", "value": header})
    parents: dict[str | None, int | None] = {None: None}
    for position, item in enumerate(plan.items.values()):
        node = item.node
        parents[node.code] = node_id = _insert(
            db,
            "node",
            code=node.code,
            parent_id=parents[item.parent],
            position=position,
            name=node.name,
            definition=node.model_dump_json(exclude=_NODE_WITHOUT, exclude_defaults=True),
        )
        for place, indicator in enumerate(node.indicators):
            _insert(
                db,
                "indicator",
                code=indicator.code,
                node_id=node_id,
                position=place,
                name=indicator.name,
                unit=indicator.unit,
                decimals=indicator.decimals,
                definition=indicator.model_dump_json(
                    exclude=_INDICATOR_WITHOUT, exclude_defaults=True
                ),
            )
        for place, funding in enumerate(node.funding):
            funding_id = _insert(
                db,
                "funding",
                code=f"{node.code}.f{place + 1}",
                node_id=node_id,
                position=place,
                definition=funding.model_dump_json(exclude=_FUNDING_WITHOUT, exclude_defaults=True),
            )
            for kind, amounts in (("budget", funding.budget), ("settlement", funding.settlement)):
                for year, amount in amounts.items():
                    _insert(
                        db,
                        "funding_amount",
                        funding_id=funding_id,
                        fiscal_year=year,
                        kind=kind,
                        amount=amount,
                        version=1,
                    )


def _insert(db: Database, table: str, **row: Any) -> int:
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    return int(db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row).lastrowid or 0)  # noqa: S608


def read_plan(db: Database) -> StoredPlan:
    """Read the plan of a book, without the figures that are cells."""
    try:
        return _read_plan(db)
    except (ValueError, KeyError, TypeError, NotFoundError, PlanProblem) as error:
        raise Unreadable(f"plan: {error}") from error


def _read_plan(db: Database) -> StoredPlan:
    header = json.loads(db.table("book").get("plan")["value"])
    indicators: dict[int, list[Indicator]] = {}
    ids: dict[str, int] = {}
    for row in db.query(
        "SELECT id, code, node_id, definition FROM indicator ORDER BY node_id, position"
    ):
        indicators.setdefault(row["node_id"], []).append(
            Indicator.model_validate_json(row["definition"])
        )
        ids[row["code"]] = row["id"]
    funding = _read_funding(db)
    children: dict[int | None, list[dict[str, Any]]] = {}
    for row in db.query("SELECT id, parent_id, definition FROM node ORDER BY position"):
        children.setdefault(row["parent_id"], []).append(row)

    def build(row: dict[str, Any]) -> Node:
        node = Node.model_validate_json(row["definition"])
        return node.model_copy(
            update={
                "indicators": tuple(indicators.get(row["id"], ())),
                "funding": tuple(funding.get(row["id"], ())),
                "children": tuple(build(child) for child in children.get(row["id"], ())),
            }
        )

    tree = tuple(build(row) for row in children.get(None, ()))
    return StoredPlan(Plan.model_validate({**header, "tree": tree}), ids)


def _read_funding(db: Database) -> dict[int, list[Funding]]:
    amounts: dict[int, dict[str, dict[int, int]]] = {}
    for row in db.query(
        "SELECT funding_id, fiscal_year, kind, amount FROM funding_amount ORDER BY fiscal_year DESC"
    ):
        amounts.setdefault(row["funding_id"], {}).setdefault(row["kind"], {})[
            row["fiscal_year"]
        ] = row["amount"]
    lines: dict[int, list[Funding]] = {}
    for row in db.query("SELECT id, node_id, definition FROM funding ORDER BY node_id, position"):
        line = Funding.model_validate_json(row["definition"])
        lines.setdefault(row["node_id"], []).append(
            line.model_copy(update=amounts.get(row["id"], {}))
        )
    return lines


def read_indicator(db: Database, code: str) -> Indicator:
    """Read the definition of one indicator as it stands."""
    row = db.execute("SELECT definition FROM indicator WHERE code = ?", [code]).fetchone()
    try:
        return Indicator.model_validate_json(row[0])
    except (ValueError, TypeError) as error:
        raise Unreadable(f"indicator {code}: {error}") from error


def update_indicator(db: Database, indicator: Indicator) -> None:
    """Store a changed definition of an indicator (its baseline or final target)."""
    db.execute(
        "UPDATE indicator SET definition = ? WHERE code = ?",
        [
            indicator.model_dump_json(exclude=_INDICATOR_WITHOUT, exclude_defaults=True),
            indicator.code,
        ],
    )


def funding_amount(db: Database, code: str, year: int, kind: str) -> int | None:
    """Return an amount of a funding line in 千円, None where there is none."""
    row = db.execute(
        "SELECT amount FROM funding_amount JOIN funding ON funding.id = funding_id"
        " WHERE code = ? AND fiscal_year = ? AND kind = ?",
        [code, year, kind],
    ).fetchone()
    return None if row is None else int(row[0])


def read_amounts(db: Database) -> dict[tuple[str, int | None, str], int]:
    """Return every amount of the funding lines, by line, year and kind."""
    rows = db.execute(
        "SELECT code, fiscal_year, kind, amount FROM funding_amount JOIN funding ON funding.id = funding_id"
    )
    return {(code, year, kind): amount for code, year, kind, amount in rows}


def write_funding_amount(db: Database, code: str, year: int, kind: str, amount: int) -> None:
    """Store an amount of a funding line in 千円."""
    db.execute(
        "INSERT INTO funding_amount (funding_id, fiscal_year, kind, amount, version)"
        " SELECT id, ?, ?, ?, 1 FROM funding WHERE code = ?"
        " ON CONFLICT (funding_id, fiscal_year, kind)"
        " DO UPDATE SET amount = excluded.amount, version = version + 1",
        [year, kind, amount, code],
    )


def remove_funding_amount(db: Database, code: str, year: int, kind: str) -> None:
    """Take an amount of a funding line away."""
    db.execute(
        "DELETE FROM funding_amount WHERE fiscal_year = ? AND kind = ?"
        " AND funding_id = (SELECT id FROM funding WHERE code = ?)",
        [year, kind, code],
    )


def get_setting(db: Database, key: str) -> str | None:
    """Return a fact kept with the book (such as the working year)."""
    row = db.execute("SELECT value FROM book WHERE key = ?", [key]).fetchone()
    return None if row is None else str(row[0])


def put_setting(db: Database, key: str, value: str) -> None:
    """Keep a fact with the book."""
    db.table("book").upsert({"key": key, "value": value}, pk="key")
