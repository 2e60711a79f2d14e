"""What a seal keeps: plan with rules and scale, figures, money, what people said, results, head of the history."""

import json
from collections.abc import Mapping
from typing import Any

from shakyo_review import __version__
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.services.book import YEAR, ReviewBook
from shakyo_review.services.clock import now
from shakyo_review.services.json_views import document, score_view
from shakyo_review.services.reviewing import official
from shakyo_review.storage import cells as cell_rows
from shakyo_review.storage import facts as fact_rows
from shakyo_review.storage import history as history_rows
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage import seals as seal_rows
from shakyo_review.storage.format import canonical
from shakyo_review.storage.seals import Seal


def content_of(book: ReviewBook, year: int) -> dict[str, Any]:
    """Return all that a year shows, from one state of the book."""
    edition = book.editions.of(year)
    results = score_view(book.score(year), official(book, year), sealed=True)
    return {
        "program": __version__,
        "plan": {
            "number": edition.number,
            "effective_year": edition.effective_year,
            "plan": json.loads(plan_rows.plan_text(edition.plan)),
            "ids": edition.ids.as_json(),
        },
        "cells": cells_of(book, year),
        "amounts": amounts_of(book, year, None),
        "facts": facts_of(book, year),
        "results": document(results),
        "head": head_of(book),
    }


def cells_of(book: ReviewBook, year: int) -> list[dict[str, Any]]:
    """Return the figures of a year as a seal keeps them."""
    plan = book.editions.of(year).plan
    found = sorted(
        cell_rows.read_cells(book.file.db, book.editions, [year]), key=lambda cell: cell.key
    )
    return [
        {
            "indicator": cell.key.indicator,
            "kind": cell.key.kind.value,
            "branch": cell.key.branch,
            "period": cell.key.period,
            "version": cell.version,
            **cell_rows.as_json(cell, plan.indicators[cell.key.indicator].decimals),
        }
        for cell in found
    ]


def amounts_of(book: ReviewBook, year: int, sealed: Seal | None) -> list[list[Any]]:
    """Return identity, year, kind and 千円 of every amount: other years as in the seal, if there is one."""
    amounts = plan_rows.read_amounts(book.file.db)
    if sealed is not None:
        amounts = {key: amount for key, amount in amounts.items() if key[1] == year}
        amounts |= {key: amount for key, amount in sealed.amounts.items() if key[1] != year}
    return [[*key, amount] for key, amount in sorted(amounts.items())]


def facts_of(book: ReviewBook, year: int) -> list[dict[str, Any]]:
    """Return what people have said about a year, but for its state."""
    return [
        {
            "entity": fact.key.entity,
            "code": fact.key.code,
            "kind": fact.key.kind,
            "part": fact.key.part,
            "data": fact.data,
        }
        for fact in fact_rows.read_all(book.file.db, year=year)
        if fact.key.entity != YEAR
    ]


def head_of(book: ReviewBook) -> dict[str, Any]:
    """Return where the history ended when the seal was made."""
    head = history_rows.read_head(book.file.db)
    return {} if head is None else {"count": head.count, "hash": head.hash}


def write_seal(book: ReviewBook, year: int, content: Mapping[str, Any], reason: str) -> Seal:
    """Store a seal and tell the history its hash, inside the transaction."""
    number = len(seal_rows.read_seals(book.file.db, year)) + 1
    made = seal_rows.write_seal(book.file.db, year, number, canonical(content))
    history_rows.append(
        book.file.db,
        history_rows.Change(
            at=now(),
            who=book.who,
            entity=seal_rows.SEAL,
            code=WHOLE_PLAN,
            fiscal_year=year,
            kind="",
            branch=str(number),
            period="",
            old=None,
            new={"number": number, "digest": made.digest, "head": content["head"]},
            reason=reason,
        ),
    )
    return made
