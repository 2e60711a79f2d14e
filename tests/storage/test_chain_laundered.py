"""What was altered behind the program's back stays found when the program overwrites it later."""

import sqlite3
from pathlib import Path

import pytest
from books import A24, new_book, opened
from workers import number

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.exchange.rows import Entry
from shakyo_review.services.entry import record, understand
from shakyo_review.services.evaluating import evaluate
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import verify


def alter(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as db:
        assert db.execute(sql).rowcount > 0
    db.close()


def overwrite_value(path: Path) -> None:
    with opened(path) as book:
        record(book, A24, understand(book.plan.indicators["a"], "485"))


def overwrite_letter(path: Path) -> None:
    with opened(path) as book:
        evaluate(book, "1-1", 2024, "self", "C", reason="見直し")


def overwrite_plan(path: Path) -> None:
    with opened(path) as book:
        take_over(book, [Entry(2, CellKey("a", 2026, Kind.FINAL_TARGET), number(700))])


def overwrite_amount(path: Path) -> None:
    with opened(path) as book:
        take_over(book, [Entry(2, CellKey("1-1.f1", 2024, Kind.BUDGET), number(900))])


@pytest.mark.parametrize(
    ("altered", "overwrite", "named"),
    [
        ("UPDATE cell SET value = 999 WHERE value = 480", overwrite_value, "a R6 実績"),
        (
            "UPDATE fact SET data = replace(data, '\"B\"', '\"A\"') WHERE entity = 'rating'",
            overwrite_letter,
            "1-1 R6 評価 self",
        ),
        (
            "UPDATE edition SET plan = replace(plan, '小さな計画', '大きな計画')",
            overwrite_plan,
            "計画を改める直前の文面",
        ),
        (
            "UPDATE amount SET amount = 5 WHERE kind = 'budget'",
            overwrite_amount,
            "1-1.f1 R6 予算額",
        ),
    ],
)
def test_overwriting_does_not_hide_it(tmp_path: Path, altered: str, overwrite, named: str) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path) as book:
        evaluate(book, "1-1", 2024, "self", "B", reason="協議")
        assert verify(book) == []
    alter(path, altered)
    with opened(path) as book:
        assert verify(book)
    overwrite(path)
    with opened(path) as book:
        (found,) = verify(book)
    assert named in found
    assert "書き換えられたあとで上書きされています" in found


def test_ordinary_work_is_not_suspected(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    for _ in range(2):
        overwrite_value(path)
        overwrite_letter(path)
        overwrite_plan(path)
        overwrite_amount(path)
    with opened(path) as book:
        assert verify(book) == []
