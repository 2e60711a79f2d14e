"""Who is registered, in the rows of a book; passphrases stand apart and never leave it.

A person who was removed leaves a row without data, so that the changes can be counted. The history
tells of every change, and that a passphrase was set, but nothing of what the passphrase is.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from shakyo_review.domain.person import Person, Role
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.errors import ReviewError
from shakyo_review.storage import history
from shakyo_review.storage.database import open_book
from shakyo_review.storage.format import Database, Unreadable, canonical

PERSON = "person"
"""The entity of people in the history; ``branch`` is the name."""


def read_people(db: Database) -> tuple[Person, ...]:
    """Read everybody registered, in the order in which they were."""
    rows = db.execute("SELECT name, data FROM person WHERE data IS NOT NULL ORDER BY id")
    return tuple(_person(name, data) for name, data in rows)


def _person(name: str, data: str) -> Person:
    try:
        told = json.loads(data)
        return Person(name, Role(told["role"]), tuple(map(str, told.get("owners", ()))))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"person {name}: {error!r}") from error


def as_json(person: Person) -> dict[str, Any]:
    """Return what the book and its history keep of a person beside the name."""
    owners = {"owners": list(person.owners)} if person.owners else {}
    return {"role": person.role.value, **owners}


def put_person(
    db: Database, name: str, data: dict[str, Any] | None, who: str, at: str, reason: str = ""
) -> None:
    """Store a person (None: removed, with the passphrase) and the history row, inside a transaction."""
    row = db.execute("SELECT data, version FROM person WHERE name = ?", [name]).fetchone()
    old, version = row if row is not None else (None, 0)
    db.execute(
        "INSERT INTO person (name, data, version) VALUES (?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET data = excluded.data, version = excluded.version",
        [name, None if data is None else canonical(data), version + 1],
    )
    if data is None:
        db.execute("DELETE FROM passphrase WHERE name = ?", [name])
    change = history.Change(
        at=at,
        who=who,
        entity=PERSON,
        code=WHOLE_PLAN,
        fiscal_year=None,
        kind="",
        branch=name,
        period="",
        old=None if old is None else json.loads(old),
        new=data,
        reason=reason,
    )
    history.append(db, change)


def read_hash(db: Database, name: str) -> str | None:
    """Return the hash of a person's passphrase, None where there is none."""
    row = db.execute("SELECT hash FROM passphrase WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def put_hash(db: Database, name: str, hashed: str) -> None:
    """Store the hash of a passphrase, inside a transaction."""
    db.execute(
        "INSERT INTO passphrase (name, hash) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET hash = excluded.hash",
        [name, hashed],
    )


def names_with_hash(db: Database) -> frozenset[str]:
    """Return the names of those who have a passphrase."""
    return frozenset(str(row[0]) for row in db.execute("SELECT name FROM passphrase"))


def are_kept(db: Database) -> bool:
    """Whether the book is new enough to keep people (one opened to read only may not be)."""
    return db.has_table("passphrase")


def renew_hash(path: Path, name: str, old: str, new: str) -> None:
    """Store the same passphrase hashed anew, unless it was changed or the book cannot be written."""
    with suppress(ReviewError):
        book = open_book(path)
        try:
            with book.writing():
                book.db.execute(
                    "UPDATE passphrase SET hash = ? WHERE name = ? AND hash = ?", [new, name, old]
                )
        finally:
            book.close()
