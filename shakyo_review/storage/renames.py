"""Rows of the history under the codes of today: a revision may give what stands in a year another code."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from shakyo_review.storage.format import EDITION, Database
from shakyo_review.storage.history import targets_changed_with_reason


@dataclass(frozen=True, slots=True)
class Rename:
    """A row of the history that gives what stands in a year and those after it other codes."""

    row: int
    year: int
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Renames:
    """All renumberings, the first one first."""

    all: tuple[Rename, ...] = ()

    def code_now(self, code: str, year: int | None, row: int) -> str:
        """Return under which code that stands today of which a row of the history told.

        ``year`` is the fiscal year the row is about (None: it is about none, and keeps its code).
        """
        for one in self.all:
            if one.row > row and year is not None and year >= one.year:
                code = one.codes.get(code, code)
        return code

    @property
    def codes(self) -> set[str]:
        """Every code that was given to something else, or came from it."""
        return {code for one in self.all for pair in one.codes.items() for code in pair}

    @property
    def spans(self) -> Iterator[tuple[int, int | None]]:
        """The numbers of rows between which no code changes: from, to (None: the last one)."""
        begin = 0
        for one in self.all:
            yield begin, one.row
            begin = one.row
        yield begin, None


def read_renames(db: Database, plan_code: str) -> Renames:
    """Read the renumberings; what is no such row (the file was altered) is passed over."""
    found = []
    for number, new in db.execute(
        "SELECT id, new FROM history WHERE code = ? AND entity = ? ORDER BY id",
        [plan_code, EDITION],
    ):
        try:
            told = json.loads(new)
            codes, year = told.get("renamed"), told.get("effective_year")
        except (ValueError, TypeError, AttributeError, RecursionError):
            continue
        if isinstance(codes, dict) and type(year) is int:
            kept = {old: code for old, code in codes.items() if isinstance(code, str)}
            found.append(Rename(number, year, kept))
    return Renames(tuple(found))


def last_numbers(
    db: Database, renames: Renames, entity: str, year: int, kinds: Collection[str] | None = None
) -> dict[str, int]:
    """Return the number of the last row of an entity (and some of its kinds) in a year, by the code now."""
    found: dict[str, int] = {}
    only = "" if kinds is None else f" AND kind IN ({', '.join('?' * len(kinds))})"
    for begin, end in renames.spans:
        rows = db.execute(
            "SELECT code, max(id) FROM history WHERE entity = ? AND fiscal_year = ? AND id >= ?"  # noqa: S608
            f" AND id < coalesce(?, 9223372036854775807){only} GROUP BY code",
            [entity, year, begin, end, *(kinds or ())],
        )
        for code, number in rows:
            now = renames.code_now(str(code), year, number)
            found[now] = max(found.get(now, 0), int(number))
    return found


def targets_changed(db: Database, renames: Renames) -> set[tuple[str, int]]:
    """Return (indicator, year) of every target that replaced an earlier figure with a reason, by the code now."""
    found = targets_changed_with_reason(db)
    codes = sorted(renames.codes)
    if not codes:
        return found
    found = {place for place in found if place[0] not in renames.codes}
    places: dict[tuple[str, int, str, str], list[tuple[object, object, bool]]] = {}
    for row, code, year, branch, period, old, new, why in db.execute(
        "SELECT id, code, fiscal_year, branch, period, json_extract(old, '$.value'),"  # noqa: S608
        " json_extract(new, '$.value'), reason <> '' FROM history"
        f" WHERE entity = 'cell' AND kind = 'target' AND code IN ({', '.join('?' * len(codes))})"
        " ORDER BY id",
        codes,
    ):
        now = renames.code_now(code, year, row)
        places.setdefault((now, year, branch, period), []).append((old, new, bool(why)))
    for (code, year, _, _), rows in places.items():
        figures = [new for _, new, _ in rows if new is not None]
        told = any(why and old is not None for old, _, why in rows)
        if told and figures and figures[0] != rows[-1][1]:
            found.add((code, year))
    return found
