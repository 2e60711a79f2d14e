"""The chain over the history: what is changed without the program is found and named."""

import os
import random
import signal
import sqlite3
import time
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import workers
from books import A24, contents, new_book, opened
from older_books import older_book

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ImportRefused
from shakyo_review.exchange.rows import Entry
from shakyo_review.services.entry import record
from shakyo_review.services.entry import restore as put_back
from shakyo_review.services.making import make_demo
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import back_up, restore, verify
from shakyo_review.storage.format import HISTORY_COLUMNS, chained, digest, head_text

BUDGET = CellKey("1-1.f1", 2024, Kind.BUDGET)
SETTLEMENT = CellKey("1-1.f1", 2024, Kind.SETTLEMENT)
BASELINE = CellKey("a", 2021, Kind.BASELINE)
FINAL = CellKey("b", 2026, Kind.FINAL_TARGET)
OLD_CELL = CellKey("x.Y_z-0", 2024, Kind.ACTUAL)
A24_ROW = "value = 480 AND kind = 'actual'"
BLANK = Reading(State.NOT_ENTERED)


LAST = 22
"""How many rows the history of ``path`` has."""


def number(value: object) -> Reading:
    return Reading(State.VALUE, Decimal(str(value)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A book with changes of every sort: the history has LAST rows, the last of the cell r 2024."""
    path = new_book(tmp_path / "b.db")
    with opened(path, "山田") as book:
        outcome = record(book, A24, number(512), reason="速報")
        put_back(book, outcome.before, expected_version=outcome.cell.version)
        record(book, CellKey("c", 2024, Kind.ACTUAL), Reading(State.CANCELLED), note="台風")
        record(book, CellKey("c", 2024, Kind.ACTUAL), BLANK)
        take_over(
            book,
            [
                Entry(2, BUDGET, number(1300)),
                Entry(3, SETTLEMENT, BLANK),
                Entry(4, BASELINE, number(410)),
                Entry(5, FINAL, number("0.12")),
                Entry(6, CellKey("a", 2025, Kind.ACTUAL, "kita", "Q1"), number(30)),
            ],
            reason="第2回委員会",
        )
        share = Reading(State.VALUE, Decimal(30), Decimal(100), forecast=True)
        record(book, CellKey("r", 2024, Kind.ACTUAL), share, measured_year=2023, note="速報値")
    return path


def found(path: Path) -> list[str]:
    with opened(path) as book:
        return verify(book)


def change(path: Path, *statements: str) -> None:
    """Change the file as any other program can."""
    with sqlite3.connect(path) as db:
        for sql in statements:
            assert db.execute(sql).rowcount > 0, sql
    db.close()


def length(path: Path) -> int:
    return len(contents(path)["history"])


# --- an untouched book agrees ------------------------------------------------------------


def test_an_untouched_book_agrees(path: Path) -> None:
    before = path.read_bytes()
    assert found(path) == []
    assert path.read_bytes() == before


def test_every_row_follows_the_one_before(path: Path) -> None:
    with sqlite3.connect(path) as db:
        rows = db.execute(f"SELECT {', '.join(HISTORY_COLUMNS)}, hash FROM history").fetchall()
        (kept,) = db.execute("SELECT value FROM book WHERE key = 'history_head'").fetchone()
    db.close()
    last = ""
    for place, row in enumerate(rows, 1):
        assert row[0] == place
        last = chained(last, dict(zip(HISTORY_COLUMNS, row, strict=False)))
        assert row[-1] == last
    assert len(last) == 64
    assert kept == head_text(len(rows), last)


def test_the_hash_is_over_canonical_json() -> None:
    """Known beforehand: what goes into the hash, written by hand."""
    row = {"new": None, "id": 1, "code": "あ"}
    by_hand = '前{"code":"あ","id":1,"new":null}'
    assert chained("前", row) == sha256(by_hand.encode("utf-8")).hexdigest()


def test_numbers_agree_however_they_are_spelt(path: Path) -> None:
    """A zero below zero is stored as zero."""
    with opened(path) as book:
        record(book, CellKey("m", 2024, Kind.ACTUAL), number("-0.0"))
        take_over(book, [Entry(2, BASELINE, number("410.0")), Entry(3, BUDGET, number("1E+3"))])
        assert verify(book) == []


def test_demo_books_agree(tmp_path: Path) -> None:
    make_demo(tmp_path / "d.db", "osaka", "事務局")
    assert found(tmp_path / "d.db") == []


def test_restored_books_agree(path: Path) -> None:
    saved = path.with_name("saved.db")
    with opened(path) as book:
        back_up(book, saved)
        record(book, A24, number(600))
    restore(saved, path, "事務局")
    assert found(path) == []
    with opened(path) as book:
        record(book, A24, number(700))
    assert found(path) == []


def test_a_dry_run_and_a_refused_import_leave_no_trace(path: Path) -> None:
    before = contents(path)
    with opened(path) as book:
        take_over(book, [Entry(2, A24, number(1)), Entry(3, BUDGET, number(2))], dry_run=True)
        with pytest.raises(ImportRefused):
            take_over(book, [Entry(2, A24, number(1)), Entry(3, BUDGET, Reading(State.UNKNOWN))])
        assert verify(book) == []
        assert contents(path) == before
        record(book, A24, number(513))
        assert verify(book) == []


def test_two_who_write_in_turns(path: Path) -> None:
    with opened(path, "山田") as one, opened(path, "鈴木") as other:
        for value in range(5):
            record(one, A24, number(value))
            record(other, CellKey("c", 2025, Kind.ACTUAL), number(value))
        assert verify(one) == verify(other) == []


@pytest.mark.parametrize("work", [workers.import_for_ever, workers.record_for_ever])
def test_a_killed_process_leaves_it_whole(path: Path, work: Any) -> None:
    dice, told = random.Random(3), 1000
    for turn in range(5):
        process, pipe = workers.start(work, path, told)
        assert pipe.recv() == "ready"
        if turn == 2:  # on a slow machine too, one change at least is stored
            told = pipe.recv()
        time.sleep(dice.uniform(0.02, 0.12))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        told = max([told, *(said for said in workers.heard(pipe) if isinstance(said, int))]) + 1
        assert found(path) == []
    assert length(path) > LAST


# --- books of step 1 ---------------------------------------------------------------------


def test_a_book_of_step_1_is_chained_as_it_stands(tmp_path: Path) -> None:
    old, other = (older_book(tmp_path / f"step{step}.db", step) for step in (1, 2))
    assert "history_head" not in {row[0] for row in contents(old)["book"]}
    assert found(old) == found(other) == []
    assert contents(old)["history"] == contents(other)["history"]
    assert sorted(contents(old)["book"]) == sorted(contents(other)["book"])
    with opened(old) as book:
        record(book, OLD_CELL, number(9))
    assert found(old) == []
    change(old, "UPDATE history SET who = '別人' WHERE id = 4")
    assert len(found(old)) == 1


def test_what_was_changed_before_step_2_shows_where_history_and_figure_differ(
    tmp_path: Path,
) -> None:
    old = older_book(tmp_path / "old.db", 1)
    change(old, "DELETE FROM history WHERE id = 3", "UPDATE cell SET value = 1 WHERE value = 480")
    told = found(old)
    assert any("履歴の3番目がありません" in one for one in told), told
    assert any("1-1.f1 R5 実績: 履歴では「480」ですが、台帳では「1」" in one for one in told), told


def test_an_empty_history_is_chained(tmp_path: Path) -> None:
    old = older_book(tmp_path / "old.db", 1)
    change(old, "DELETE FROM history", "DELETE FROM cell")
    assert found(old) == []
    with opened(old) as book:
        assert [datetime.fromisoformat(row.at).year >= 2024 for row in book.history()]
        record(book, OLD_CELL, number(9))
    assert found(old) == []


# --- what was changed without the program ------------------------------------------------

CELL_CHANGES = {
    "value": ("value = 999", "480", "999"),
    "state": ("state = 'cancelled', value = NULL", "480", "中止"),
    "no state at all": ("state = 'nonsense', value = NULL", "480", "nonsense"),
    "share": ("denominator = 7", "480", "480/7"),
    "text": ("text = '別'", '"value": "480"', "別"),
    "forecast": ("forecast = 1", "480", "480（見込み）"),
    "measured year": ("measured_year = 2001", '"value": "480"', "2001"),
    "note": ("note = '後から'", "480", "480 注記「後から」"),
    "example": ("example = 1", "480", "480（例示）"),
}


@pytest.mark.parametrize(("sql", "told", "stands"), CELL_CHANGES.values(), ids=CELL_CHANGES)
def test_a_changed_figure_is_named(path: Path, sql: str, told: str, stands: str) -> None:
    change(path, f"UPDATE cell SET {sql} WHERE {A24_ROW}")
    (one,) = found(path)
    assert one.startswith("a R6 実績: 履歴では「")
    assert told in one.split("台帳では")[0]
    assert stands in one.split("台帳では")[1]


def test_a_changed_version_is_named(path: Path) -> None:
    change(path, f"UPDATE cell SET version = 9 WHERE {A24_ROW}")
    (one,) = found(path)
    assert one.startswith("a R6 実績: ")
    assert "9回" in one
    assert "3回" in one


@pytest.mark.parametrize("sql", ["fiscal_year = 2023", "kind = 'target'", "branch = 'minami'"])
def test_a_moved_figure_is_named_at_both_places(path: Path, sql: str) -> None:
    change(path, f"UPDATE cell SET {sql} WHERE value = 30 AND branch = 'kita'")
    told = found(path)
    assert len(told) == 2, told
    assert any("台帳には「30」とありますが、履歴がありません" in one for one in told)
    assert any(one.startswith("a R7 実績 kita Q1: ") and "値がありません" in one for one in told)


def test_a_figure_without_history_is_named(path: Path) -> None:
    change(
        path,
        "INSERT INTO cell (fiscal_year, indicator_id, kind, branch, state, value, version)"
        " SELECT 2025, id, 'actual', 'minami', 'value', 77, 1 FROM identity WHERE code = 'c'",
    )
    assert found(path) == ["c R7 実績 minami: 台帳には「77」とありますが、履歴がありません。"]


def test_a_figure_that_is_gone_is_named(path: Path) -> None:
    change(path, f"DELETE FROM cell WHERE {A24_ROW}")
    assert found(path) == ["a R6 実績: 履歴では「480」ですが、台帳に値がありません。"]


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        (
            "UPDATE amount SET amount = 5 WHERE kind = 'budget'",
            "1-1.f1 R6 予算額: 履歴では「1300」ですが、台帳では「5」です。",
        ),
        (
            "DELETE FROM amount WHERE kind = 'budget'",
            "1-1.f1 R6 予算額: 履歴では「1300」ですが、台帳に値がありません。",
        ),
        (
            "INSERT INTO amount SELECT funding_id, 2024, 'settlement', 4 FROM amount",
            "1-1.f1 R6 決算額: 履歴では「空欄」ですが、台帳では「4」です。",
        ),
        (
            "INSERT INTO amount SELECT funding_id, 2025, 'settlement', 4 FROM amount",
            "1-1.f1 R7 決算額: 台帳には「4」とありますが、履歴がありません。",
        ),
    ],
)
def test_a_changed_amount_is_named(path: Path, sql: str, name: str) -> None:
    change(path, sql)
    assert found(path) == [name]


@pytest.mark.parametrize("kind", ["budget", "settlement"])
def test_an_amount_as_the_book_was_made_with_it_is_proved(tmp_path: Path, kind: str) -> None:
    path = new_book(tmp_path / "b.db")
    assert found(path) == []
    change(path, f"UPDATE amount SET amount = 5 WHERE kind = '{kind}'")
    (one,) = found(path)
    assert one.startswith("1-1.f1 R6 ")
    assert "台帳では「5」です。" in one


FIRST_ITEM = "$.tree[0].children[0]"


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        (
            f"plan = json_set(plan, '{FIRST_ITEM}.indicators[0].baseline.value', '1')",
            "a 基準値: 履歴では「411（R3）」ですが、台帳では「1（R3）」です。",
        ),
        (
            f"plan = json_set(plan, '{FIRST_ITEM}.indicators[0].baseline.year', 2020)",
            "a 基準値: 履歴では「411（R3）」ですが、台帳では「411（R2）」です。",
        ),
        (
            f"plan = json_set(plan, '{FIRST_ITEM}.indicators[1].final_target.value', '9')",
            "b 最終目標: 履歴では",
        ),
        (f"plan = json_set(plan, '{FIRST_ITEM}.indicators[1].baseline.value', '9')", ""),
        (f"plan = json_set(plan, '{FIRST_ITEM}.name', '別の名前')", ""),
        ("plan = json_set(plan, '$.title', '別の題')", ""),
        ("plan = json_set(plan, '$.scale.levels[0].cut', '99')", ""),
        ("plan = json_set(plan, '$.rule_set.cap', '90')", ""),
        ("plan = plan || ' '", ""),
        ("ids = ids || ' '", ""),
        ("effective_year = -1", ""),
    ],
)
def test_a_changed_plan_is_named(path: Path, sql: str, name: str) -> None:
    """Any word of it; a figure told after the plan was stored for the last time is named besides."""
    if name.startswith("a"):
        with opened(path) as book:
            take_over(book, [Entry(2, BASELINE, number(411))])
    change(path, f"UPDATE edition SET {sql}")
    plan, *figures = found(path)
    assert plan == PLAN_DIFFERS
    assert len(figures) == bool(name), figures
    assert all(one.startswith(name) for one in figures), figures


PLAN_DIFFERS = "計画の第1版: 文面・項目の番号・始まる年度のいずれかが、履歴に残るものと違います。"


ROW_CHANGES = {
    "id": "id = 40",
    "at": "at = '2001-01-01T00:00:00+00:00'",
    "at, no time": "at = 'いつか'",
    "who": "who = '別人'",
    "entity": "entity = 'funding'",
    "code": "code = 'zz'",
    "fiscal_year": "fiscal_year = 2020",
    "no year": "fiscal_year = iif(id < 3, 2024, NULL)",
    "kind": "kind = 'target'",
    "no kind": "kind = 'nonsense'",
    "branch": "branch = 'kita'",
    "period": "period = 'Q3'",
    "old": "old = '{}'",
    "new": """new = '{"state": "value", "value": "1"}'""",
    "new, no JSON": "new = '{'",
    "new, no facts": "new = '[1]'",
    "reason": "reason = '別の理由'",
    "hash": "hash = 'ff'",
}


def test_every_column_is_tried(path: Path) -> None:
    with sqlite3.connect(path) as db:
        columns = {row[1] for row in db.execute("PRAGMA table_info(history)")}
    db.close()
    assert columns == {sql.split(" =")[0] for sql in ROW_CHANGES.values()}
    assert columns == {*HISTORY_COLUMNS, "hash"}


@pytest.mark.parametrize("row", [1, 2, 12, LAST])
@pytest.mark.parametrize("sql", ROW_CHANGES.values(), ids=ROW_CHANGES)
def test_a_changed_row_is_named(path: Path, sql: str, row: int) -> None:
    assert length(path) == LAST
    change(path, f"UPDATE history SET {sql} WHERE id = {row}")
    told = found(path)
    if sql.startswith("id"):
        assert any(f"の{row}番目がありません" in one for one in told), told
        assert any("の40番目は、この道具が書いたもの" in one for one in told), told
        return
    altered = [one for one in told if "つながりが合いません" in one]
    assert len(altered) == 1, told
    assert altered[0].startswith(f"履歴の{row}番目（")
    if sql.startswith("reason"):
        (values,) = (held for held in contents(path)["history"] if held[0] == row)
        assert values[2] in altered[0]
        assert values[4] in altered[0]
        assert told == altered


def test_a_row_changed_with_its_own_hash_shows_in_the_next(path: Path) -> None:
    rehash(path, 5, "who = '別人'")
    (one,) = found(path)
    assert one.startswith("履歴の6番目（")
    assert "この行か、すぐ前の行" in one


def test_the_last_row_changed_with_its_own_hash_shows_at_the_end(path: Path) -> None:
    rehash(path, LAST, "who = '別人'")
    (one,) = found(path)
    assert "最後の行" in one


def rehash(path: Path, row: int, sql: str) -> None:
    """Change a row and compute its hash anew, but no other."""
    change(path, f"UPDATE history SET {sql} WHERE id = {row}")
    rows = {held[0]: held for held in contents(path)["history"]}
    facts = dict(zip(HISTORY_COLUMNS, rows[row], strict=False))
    change(
        path,
        f"UPDATE history SET hash = '{chained(rows[row - 1][-1], facts)}' WHERE id = {row}",
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("id = 3", "履歴の3番目がありません"),
        ("id = 1", "履歴の1番目がありません"),
        ("id IN (5, 6, 7)", "履歴の5番目から7番目までがありません"),
        (f"id = {LAST}", f"履歴の最後の{LAST}番目がありません"),
        ("id > 13", f"履歴の最後の14番目から{LAST}番目までがありません"),
        ("id > 0", f"履歴の最後の1番目から{LAST}番目までがありません"),
    ],
)
@pytest.mark.parametrize("then", ["nothing", "a record"])
def test_removed_rows_are_named(path: Path, rows: str, told: str, then: str) -> None:
    change(path, f"DELETE FROM history WHERE {rows}")
    if then == "a record":  # the next change does not heal it
        with opened(path) as book:
            record(book, CellKey("m", 2024, Kind.ACTUAL), number("0.5"))
        told = told.replace("履歴の最後の", "履歴の")
    assert any(told in one for one in found(path)), found(path)
    assert not any("つながりが合いません" in one for one in found(path))


def test_an_added_row_is_named(path: Path) -> None:
    change(
        path,
        "INSERT INTO history (at, who, entity, code, new) VALUES ('2026-01-01', 'x', 'book', 'y', '{}')",
    )
    told = found(path)
    assert any(f"{LAST + 1}番目は、この道具が書いたものではありません" in one for one in told), told
    with opened(path) as book:
        record(book, CellKey("m", 2024, Kind.ACTUAL), number("0.5"))
    assert any(f"{LAST + 1}番目（" in one for one in found(path))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM book WHERE key = 'history_head'",
        "UPDATE book SET value = '{' WHERE key = 'history_head'",
        "UPDATE book SET value = '[]' WHERE key = 'history_head'",
        f"""UPDATE book SET value = '{{"count":"{LAST}","hash":""}}' WHERE key = 'history_head'""",
        f"""UPDATE book SET value = '{{"count":{LAST},"hash":""}}' WHERE key = 'history_head'""",
    ],
)
def test_a_changed_end_is_named(path: Path, sql: str) -> None:
    change(path, sql)
    (one,) = found(path)
    assert "控え" in one
    with opened(path) as book:
        record(book, A24, number(3))
    assert any(f"{LAST + 1}番目（" in one for one in found(path))


def test_a_row_before_the_first_is_named(path: Path) -> None:
    change(
        path,
        "INSERT INTO history (id, at, who, entity, code, hash) VALUES (0, '2026-01-01', 'x', 'book', 'y', 'ff')",
    )
    (one,) = found(path)
    assert one.startswith("履歴の0番目（y、x、")


def test_what_verify_does_not_prove(path: Path) -> None:
    """It says so itself: with figure, row and every hash after it computed anew nothing is found.

    Nor is a plan whose hash was put into the history in the same way.
    """
    change(
        path,
        f"UPDATE cell SET value = 999 WHERE {A24_ROW}",
        "UPDATE history SET new = replace(new, '480', '999'), old = replace(old, '480', '999')"
        " WHERE code = 'a' AND kind = 'actual'",
        "UPDATE edition SET plan = replace(plan, '集いの場', '別の場')",
    )
    ((_, year, plan, ids),) = contents(path)["edition"]
    change(
        path,
        f"UPDATE history SET new = json_set(new, '$.digest', '{digest(plan, ids, str(year))}'),"
        f" old = json_set(old, '$.digest', '{digest(plan, ids, str(year))}')"
        " WHERE entity = 'edition'",
    )
    assert found(path)
    assert not any("計画の" in one for one in found(path))
    last = ""
    for row in sorted(contents(path)["history"]):
        last = chained(last, dict(zip(HISTORY_COLUMNS, row, strict=False)))
        change(path, f"UPDATE history SET hash = '{last}' WHERE id = {row[0]}")
    change(path, f"UPDATE book SET value = '{head_text(LAST, last)}' WHERE key = 'history_head'")
    assert found(path) == []
