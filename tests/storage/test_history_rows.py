"""The history: one row for every change, replayed it gives the book."""

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from books import A24, new_book, opened

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.exchange.long_csv import Entry
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import Outcome, current_cell, record, restore, understand
from shakyo_review.services.taking import take_over
from shakyo_review.storage import history
from shakyo_review.storage.cells import as_json, read_cells


@pytest.fixture
def book(tmp_path: Path) -> Iterator[ReviewBook]:
    with opened(new_book(tmp_path / "b.db")) as book:
        yield book


def test_history_is_read_by_place_and_from_the_end(book: ReviewBook) -> None:
    for typed in ("1", "2", "3"):
        record(book, A24, understand(book.plan.indicators["a"], typed), reason=f"{typed}回目")
    db = book.file.db
    assert [row.reason for row in history.read(db, newest=2)] == ["2回目", "3回目"]
    assert [row.new for row in history.read(db, "a", 2024, newest=1)] == [
        {"state": "value", "value": "3"}
    ]
    assert {row.fiscal_year for row in history.read(db, year=2023)} == {2023}
    assert history.read(db, "no such code") == []
    last = history.last_change(db, A24)
    assert last is not None
    assert (last.reason, last.number) == ("3回目", len(history.read(db)))
    assert history.last_change(db, CellKey("c", 2024, Kind.ACTUAL)) is None


def replayed(rows: list[history.Change]) -> dict[CellKey, Any]:
    """Return what the history says stands in each cell, checking that rows follow each other."""
    now: dict[CellKey, Any] = {}
    for row in rows:
        if row.entity == "cell":
            key = CellKey(
                row.code, int(str(row.fiscal_year)), Kind(row.kind), row.branch, row.period
            )
            assert row.old == now.get(key), row
            assert row.new != row.old, row
            now[key] = row.new
    return now


@pytest.mark.parametrize("seed", range(4))
def test_replaying_the_history_gives_the_book(book: ReviewBook, seed: int) -> None:
    """After any mixture of typing, undoing and importing."""
    dice = random.Random(seed)
    keys = [
        CellKey(c, y, k) for c in "ac" for y in (2024, 2025) for k in (Kind.TARGET, Kind.ACTUAL)
    ]
    keys += [CellKey("a", 2025, Kind.ACTUAL, "kita", "04")]
    typed = ["1", "2", "3見込み", "中止", "", "随時"]
    done: list[Outcome] = []

    def reading() -> Reading:
        return understand(book.plan.indicators["a"], dice.choice(typed))

    for _ in range(60):
        match dice.randrange(4):
            case 0 | 1:
                done.append(
                    record(
                        book,
                        dice.choice(keys),
                        reading(),
                        note=dice.choice([None, "", "注"]),
                        reason="理由",
                    )
                )
            case 2 if done:
                last = done[-1]
                if current_cell(book, last.cell.key).version == last.cell.version:
                    restore(book, last.before, expected_version=last.cell.version)
            case _:
                chosen = dice.sample(keys, 3)
                take_over(
                    book,
                    [Entry(n, key, reading()) for n, key in enumerate(chosen)],
                    reason="取り込み",
                )
    rows = book.history()
    cells = {cell.key: cell for cell in read_cells(book.file.db, book.editions)}
    assert replayed(rows) == {
        key: as_json(cell, book.plan.indicators[key.indicator].decimals)
        for key, cell in cells.items()
    }
    counted = dict.fromkeys(cells, 0)
    for row in rows:
        if row.entity == "cell":
            counted[
                CellKey(row.code, int(str(row.fiscal_year)), Kind(row.kind), row.branch, row.period)
            ] += 1
    assert counted == {key: cell.version for key, cell in cells.items()}
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert {row.who for row in rows} == {"事務局"}


def test_facts_are_json_with_decimals_as_text(book: ReviewBook) -> None:
    record(book, CellKey("b", 2024, Kind.ACTUAL), understand(book.plan.indicators["b"], "0.09"))
    with sqlite3.connect(book.path) as db:
        old, new = db.execute("SELECT old, new FROM history ORDER BY id DESC").fetchone()
    db.close()
    assert json.loads(old) == {"state": "value", "value": "0.08"}
    assert json.loads(new) == {"state": "value", "value": "0.09"}


def changed_targets(book: ReviewBook) -> set[tuple[str, int]]:
    return history.targets_changed_with_reason(book.file.db)


def test_a_target_changed_with_a_reason_is_known(book: ReviewBook) -> None:
    target = CellKey("a", 2024, Kind.TARGET)
    first = CellKey("c", 2024, Kind.TARGET)
    record(book, target, understand(book.plan.indicators["a"], "550"))
    record(book, first, understand(book.plan.indicators["c"], "10"), reason="はじめての目標")
    record(book, A24, understand(book.plan.indicators["a"], "481"), reason="実績の訂正")
    assert changed_targets(book) == set()
    record(book, target, understand(book.plan.indicators["a"], "600"), reason="第2回委員会で変更")
    assert changed_targets(book) == {("a", 2024)}


def test_a_target_put_back_is_not_changed(book: ReviewBook) -> None:
    """A slip and its undo (which has a reason of its own) are no 目標変更."""
    target = CellKey("a", 2024, Kind.TARGET)
    outcome = record(book, target, understand(book.plan.indicators["a"], "5000"))
    restore(book, outcome.before, expected_version=outcome.cell.version)
    assert changed_targets(book) == set()
    outcome = record(book, target, Reading(State.NOT_ENTERED), reason="押し間違い")
    restore(book, outcome.before, expected_version=outcome.cell.version)
    assert changed_targets(book) == set()
