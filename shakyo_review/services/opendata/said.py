"""The rows of the open data: what people said, seals and the history."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shakyo_review.domain.improvement import RESULT_LABELS
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.exchange.open_data import Table
from shakyo_review.exchange.open_data.schema import SCHEMAS
from shakyo_review.services.book import CONFIRMATION, YEAR, ReviewBook
from shakyo_review.services.kept import RATING
from shakyo_review.services.opendata.names import Names
from shakyo_review.services.opendata.rows import Told, table
from shakyo_review.services.reviewing import (
    ANSWER,
    DIRECTION,
    ERRATUM,
    IMPROVEMENT,
    MEETING,
    OPINION,
    RECUSAL,
)
from shakyo_review.services.revising import REVISION
from shakyo_review.services.submitted import SUBMISSION
from shakyo_review.services.telling import ENTITY_LABELS
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage import seals as seal_rows
from shakyo_review.storage import whole
from shakyo_review.storage.claims import facts_of
from shakyo_review.storage.facts import Fact
from shakyo_review.storage.people import PERSON

_RESULTS = {result.value: label for result, label in RESULT_LABELS.items()}


def said_tables(book: ReviewBook, names: Names) -> Iterator[Table]:
    """Yield a table for each sort of fact, and one for those this program does not know."""
    found: dict[str, list[Told]] = {}
    for fact in fact_rows.read_all(book.file.db):
        if fact.key.entity == YEAR:
            continue  # stands in the table of years
        name, told = _TABLES.get(fact.key.entity, ("other_records", _other))
        key = fact.key
        row = {
            "fiscal_year": key.year,
            "code": key.code,
            "about_id": _identity(book, fact),
            **names.within(told(fact)),
        }
        if key.entity in (RATING, RECUSAL):
            row["member"] = names.name(key.part)
        found.setdefault(name, []).append(row)
    for name in (*dict.fromkeys(name for name, _ in _TABLES.values()), "other_records"):
        yield table(name, sorted(found.get(name, ()), key=_key_of(name)))


def _key_of(name: str) -> Callable[[Told], list[str]]:
    schema = SCHEMAS[name]

    def key(row: Told) -> list[str]:
        return [str(row.get(part) or "").zfill(6) for part in schema.key]

    return key


def _identity(book: ReviewBook, fact: Fact) -> int | None:
    if fact.key.code == WHOLE_PLAN:
        return None
    return book.edition_of(fact.key.year).identity_of(fact.key.code)


def _data(fact: Fact) -> dict[str, Any]:
    return dict(fact.data or {})


def _number(fact: Fact) -> int | None:
    return int(fact.key.part) if fact.key.part.isdecimal() else None


def _rating(fact: Fact) -> Told:
    data = _data(fact)
    returned = data.get("returned") or None
    return {
        **data,
        "stage": fact.key.kind,
        "waiting": data.get("waiting", False),
        "returned": returned,
    }


def _staged(fact: Fact) -> Told:
    return {**_data(fact), "stage": fact.key.kind}


def _meeting(fact: Fact) -> Told:
    data = _data(fact)
    lists = {name: list(data.get(name, ())) for name in ("present", "absent")}
    return {**data, **lists, "stage": fact.key.kind, "date": fact.key.part}


def _numbered(fact: Fact) -> Told:
    return {**_data(fact), "number": _number(fact)}


def _revision(fact: Fact) -> Told:
    data = _data(fact)
    return {**data, "number": _number(fact), "corrects": data.get("corrects", False)}


def _answer(fact: Fact) -> Told:
    data, (year, _, number) = _data(fact), fact.key.part.partition("-")
    return {
        **data,
        "promise_year": int(year) if year.isdecimal() else None,
        "promise_number": int(number) if number.isdecimal() else None,
        "result_label": _RESULTS.get(str(data.get("result")), ""),
        "closed": data.get("closed", False),
    }


def _confirmation(fact: Fact) -> Told:
    return {**_data(fact), "kind": fact.key.kind}


def _submission(fact: Fact) -> Told:
    return {"number": 1, "blanks": 0, **_data(fact), "owner": fact.key.part}


def _other(fact: Fact) -> Told:
    key = fact.key
    return {"entity": key.entity, "kind": key.kind, "part": key.part, "data": _data(fact)}


_TABLES: Mapping[str, tuple[str, Callable[[Fact], Told]]] = {
    RATING: ("ratings", _rating),
    MEETING: ("meetings", _meeting),
    RECUSAL: ("recusals", _staged),
    OPINION: ("opinions", _numbered),
    DIRECTION: ("directions", _data),
    IMPROVEMENT: ("improvements", _numbered),
    ANSWER: ("improvement_answers", _answer),
    CONFIRMATION: ("confirmations", _confirmation),
    ERRATUM: ("errata", _numbered),
    SUBMISSION: ("submissions", _submission),
    REVISION: ("revisions", _revision),
}


def record_tables(book: ReviewBook, names: Names) -> Iterator[Table]:
    """Yield seals, settings and the history. Whoever is registered is no part of it."""
    yield table("seals", _seals(book))
    held = whole.every_setting(book.file.db)
    yield table("settings", ({"key": key, "value": names.text(value)} for key, value in held))
    yield table("history", _history(book, names))


def seal_path(year: int, number: int) -> str:
    """Return where the content of a seal stands in the package."""
    return f"seals/{year}-{number}.json"


def _seals(book: ReviewBook) -> Iterator[Told]:
    for (year, number), digest in sorted(seal_rows.read_digests(book.file.db).items()):
        told = {"digest": digest, "path": seal_path(year, number)}
        yield {"fiscal_year": year, "number": number, **told}


def _history(book: ReviewBook, names: Names) -> Iterator[Told]:
    for row in whole.every_row(book.file.db):
        entity = row["entity"]
        registered = entity == PERSON  # who is registered is told to nobody
        part = row["branch"]
        if entity in (RATING, RECUSAL):
            part = names.name(part)
        yield {
            "number": row["id"],
            "at": row["at"],
            "who": names.name(row["who"]),
            "entity": entity,
            "entity_label": ENTITY_LABELS.get(entity, entity),
            "code": row["code"],
            "fiscal_year": row["fiscal_year"],
            "kind": row["kind"],
            "part": None if registered else part,
            "period": row["period"],
            "old": None if registered else names.within(facts_of(row["old"])),
            "new": None if registered else names.within(facts_of(row["new"])),
            "reason": None if registered else names.text(row["reason"]),
            "hash": row["hash"],
        }
