"""A book as an earlier version left it: real rows of step 2, dumped; and what they say.

Its codes are odd on purpose: an indicator is called as a funding line is, another ``0``.
"""

import sqlite3
from pathlib import Path

from shakyo_review.storage.database import APPLICATION_ID

OLDER_PLAN = """\
code: furui
title: 第2次 地域福祉活動計画「ふるい」
body: 見本町社会福祉協議会
kind: activity
first_year: 2023
last_year: 2027
levels: [基本目標, 取組]
parties: [社協, 町]
branch_word: 地区
branches:
  - {code: kita, name: 北地区}
  - {code: "02", name: 南地区}
tree:
  - code: "1"
    name: つながる
    children:
      - code: "1-1"
        name: 集いの場づくり
        owners: [社協]
        indicators:
          - code: "1-1.f1"
            name: 参加者数
            unit: 人
            direction: higher
            measure: annual
            parts: sum
            baseline: {value: 410, year: 2020}
          - code: "0"
            name: 利用率
            unit: ％
            direction: higher
            measure: point_in_time
            decimals: 2
            baseline: {value: 0.08, year: 2021}
            final_target: {value: 0.12, year: 2027}
        funding:
          - {name: 補助金, sources: [町補助金], budget: {2023: 1300, 2024: 1250}, settlement: {2023: 1180}}
          - {name: 会費, sources: [会費, 寄付金]}
      - code: Z_9.a-b
        name: 再掲の取組
        repeats: "1-1"
  - code: "10"
    name: 支える
    children:
      - code: "10-1"
        name: 相談
        owners: [{part: 町, name: 福祉課}]
        flags: [重点]
        indicators:
          - {code: x.Y_z-0, name: 相談件数の累計, unit: 件, direction: higher, measure: cumulative}
          - {code: r, name: 解決した割合, direction: higher, measure: annual, parts: ratio}
          - {code: m, name: 測定値, direction: lower, measure: point_in_time, decimals: 4}
  - code: "2"
    name: 取組のない目標
"""
"""The plan of the older book, with the baseline, final target and amounts as they were changed."""

LENGTH = 19
"""How many rows its history has."""
UNTOLD = [
    ("1-1.f1", 2023, "settlement", '{"value":"1180"}'),
    ("1-1.f1", 2024, "budget", '{"value":"1250"}'),
]
"""The amounts it was made with and that never changed: its history has no rows of them."""

_TO_STEP_1 = (
    "DELETE FROM book WHERE key = 'history_head'",
    "ALTER TABLE history DROP COLUMN hash",
    "DELETE FROM _sqlite_migrations WHERE name = 'm002_history_chain'",
)


def older_book(path: Path, step: int = 2) -> Path:
    """Make the older book as step 1 or 2 left it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(Path(__file__).with_name("older_book.sql").read_text(encoding="utf-8"))
    for sql in _TO_STEP_1 if step == 1 else ():
        db.execute(sql)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {step}")
    db.close()
    return path
