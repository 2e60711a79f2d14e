"""What the history says stands now, gathered row by row for ``verifying``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from shakyo_review.storage import seals
from shakyo_review.storage.format import EDITION, canonical

Facts = Mapping[str, object]


class Place(NamedTuple):
    """Where a figure stands, as the history spells it: it may have been changed to anything."""

    code: str
    year: int | None = None
    kind: str = ""
    branch: str = ""
    period: str = ""


@dataclass(slots=True)
class Claims:
    """What the history says stands now: the last facts (as text) of each place."""

    cells: dict[Place, tuple[int, str | None]] = field(default_factory=dict)
    others: dict[tuple[str, Place], str | None] = field(default_factory=dict)
    facts: dict[tuple[str, Place], tuple[int, str | None]] = field(default_factory=dict)
    texts: dict[tuple[int | None, int], object] = field(default_factory=dict)

    def before(self, row: Mapping[str, Any]) -> tuple[bool, str | None]:
        """Return whether the history has told of a place before, and what it told last."""
        place, entity = place_of(row), row["entity"]
        if entity == "cell":
            return place in self.cells, self.cells.get(place, (0, None))[1]
        if entity == EDITION:
            number = _whole((facts_of(row["new"]) or {}).get("number"))
            known = self.texts.get((None, number))
            return known is not None, canonical({"digest": known, "number": number})
        if entity == "indicator":
            place = Place(place.code, None, place.kind)
        if entity in ("funding", "indicator"):
            return (entity, place) in self.others, self.others.get((entity, place))
        return (entity, place) in self.facts, self.facts.get((entity, place), (0, None))[1]

    def take(self, row: Mapping[str, Any]) -> None:
        """Take the next row of the history."""
        place = place_of(row)
        match row["entity"]:
            case "cell":
                self.cells[place] = (self.cells.get(place, (0, None))[0] + 1, row["new"])
            case "funding":
                self.others["funding", place] = row["new"]
            case "indicator":  # one baseline, one final target: the year is part of the figure
                self.others["indicator", Place(place.code, None, place.kind)] = row["new"]
            case "book":
                pass
            case entity if entity == EDITION:
                self._take_edition(facts_of(row["new"]) or {})
            case entity if entity == seals.SEAL:
                told = facts_of(row["new"]) or {}
                self.texts[place.year, _whole(told.get("number"))] = told.get("digest")
            case entity:
                changes = self.facts.get((entity, place), (0, None))[0] + 1
                self.facts[entity, place] = changes, row["new"]

    def _take_edition(self, told: Facts) -> None:
        """Take an edition: it tells all baselines and final targets anew, and may give items other codes."""
        self.texts[None, _whole(told.get("number"))] = told.get("digest")
        if "effective_year" not in told:  # an older book made anew: nobody looked at its figures
            return
        for place in [key for key in self.others if key[0] == "indicator"]:
            del self.others[place]
        renamed, year = told.get("renamed"), _whole(told.get("effective_year"))
        if not isinstance(renamed, dict):
            return

        def moved(place: Place) -> Place:
            later = type(place.year) is int and place.year >= year
            code = renamed.get(place.code) if later else None
            return place._replace(code=code) if isinstance(code, str) else place

        self.cells = {moved(place): claim for place, claim in self.cells.items()}
        self.others = {(e, moved(place)): claim for (e, place), claim in self.others.items()}
        self.facts = {(e, moved(place)): claim for (e, place), claim in self.facts.items()}


def _whole(number: object) -> int:
    return number if type(number) is int else -1


def place_of(row: Mapping[str, Any]) -> Place:
    """Return where the figure or fact of a row stands."""
    return Place(row["code"], row["fiscal_year"], row["kind"], row["branch"], row["period"])


def facts_of(text: str | None) -> Facts | None:
    """Read what a row says; what cannot be read is told as it stands."""
    if text is None:
        return None
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        facts = None
    return facts if isinstance(facts, dict) else {"text": text}


def plain(facts: Facts | None) -> Facts | None:
    """Return facts whose numbers compare as numbers."""
    if facts is None:
        return None
    return {
        key: _number(fact) if key in ("value", "denominator") else fact
        for key, fact in facts.items()
    }


def _number(fact: object) -> object:
    try:
        number = Decimal(str(fact))
    except InvalidOperation:
        return fact
    return number if number.is_finite() else fact
