"""Books for tests of storage, services and commands: a small plan, and what a file holds."""

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.exchange.plan_yaml import parse_plan
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_book

SMALL_PLAN = """\
code: small
title: 小さな計画
body: 見本市社会福祉協議会
kind: activity
first_year: 2024
last_year: 2026
levels: [基本目標, 取組]
parties: [社協, 市]
branch_word: 区
branches:
  - {code: kita, name: 北区}
  - {code: minami, name: 南区}
tree:
  - code: "1"
    name: つながる
    children:
      - code: "1-1"
        name: 集いの場づくり
        owners: [社協]
        indicators:
          - code: a
            name: 参加者数
            unit: 人
            direction: higher
            measure: annual
            parts: sum
            baseline: {value: 400, year: 2022}
            targets: {2024: 500, 2025: 520}
            actuals: {2023: 450, 2024: 480}
          - code: b
            name: 利用率
            unit: ％
            direction: higher
            measure: point_in_time
            decimals: 2
            baseline: {value: 0.08, year: 2022}
            final_target: {value: 0.1, year: 2026}
            targets: {2024: 0.1}
            actuals: {2024: 0.08}
        funding:
          - {name: 補助金, sources: [市補助金], budget: {2024: 1200}, settlement: {2024: 1180}}
      - code: "1-2"
        name: 集いの場づくり（再掲）
        repeats: "1-1"
  - code: "2"
    name: 支える
    children:
      - code: "2-1"
        name: 相談
        owners: [{part: 市, name: 福祉課}]
        flags: [重点]
        indicators:
          - {code: c, name: 相談件数の累計, unit: 件, direction: higher, measure: cumulative}
          - {code: r, name: 解決した割合, direction: higher, measure: annual, parts: ratio}
          - {code: m, name: 測定値, direction: lower, measure: point_in_time, decimals: 4}
"""
"""Five indicators: whole numbers (a), two decimals (b), cumulative (c), a share (r), four decimals (m)."""

A24 = CellKey("a", 2024, Kind.ACTUAL)
"""The actual of ``a`` in 2024: 480 in a fresh book, version 1."""


@cache
def small_plan() -> Any:
    """Return the small plan."""
    return parse_plan(SMALL_PLAN, "small.yaml")


def new_book(path: Path, who: str = "事務局") -> Path:
    """Make a book of the small plan."""
    make_book(path, small_plan(), who)
    return path


def opened(path: Path, who: str = "事務局") -> ReviewBook:
    """Open a book."""
    return ReviewBook.open(path, who)


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, as SQLite holds it; nothing is written, nothing locked."""
    with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True) as db:
        tables = [
            row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        held = {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}
    db.close()
    return held


def history_length(path: Path) -> int:
    """Return how many rows the history has."""
    return len(contents(path)["history"])
