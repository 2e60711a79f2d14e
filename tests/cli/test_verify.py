"""``verify``: exit status, sentences, JSON."""

import sqlite3
from pathlib import Path

import pytest
from books import new_book, opened
from commandline import japanese, refusal, run

from shakyo_review.storage.facts import FactKey


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = new_book(tmp_path / "b.db")
    assert run("--book", path, "record", "a", "--year", "R6", "--actual", "512").status == 0
    return path


def change(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as db:
        assert db.execute(sql).rowcount == 1
    db.close()


def test_a_book_that_agrees(path: Path) -> None:
    done = run("--book", path, "verify")
    assert (done.status, done.err) == (0, "")
    first, second = done.out.splitlines()
    assert first == "履歴と値は一致しています（履歴11件）。"
    assert "計算もし直さずに" in second
    assert "計画・値・金額・評価" in second
    assert "すべて計算し直した書き換え" in second
    assert japanese(done.out)
    assert run("--book", path, "verify", "--json").json == {
        "agrees": True,
        "changes": 11,
        "found": [],
    }


def test_a_book_that_does_not(path: Path) -> None:
    change(path, "UPDATE cell SET value = 600 WHERE value = 512")
    change(path, "UPDATE history SET who = '別人' WHERE id = 2")
    done = run("--book", path, "verify")
    assert done.status == 1
    head, row, figure = done.out.splitlines()
    assert "2件" in head
    assert row.startswith("× 履歴の2番目（")
    assert "別人" in row
    assert figure == "× a R6 実績: 履歴では「512」ですが、台帳では「600」です。"
    assert "控え" in done.err
    assert "エラー" not in done.err
    shown = run("--book", path, "verify", "--json")
    assert shown.status == 1
    assert shown.json["agrees"] is False
    assert [f"× {one}" for one in shown.json["found"]] == [row, figure]


def test_plan_amounts_and_letters_are_told(path: Path) -> None:
    with opened(path) as book, book.file.writing():
        book.put_fact(FactKey("rating", 2024, "1-1", "self"), {"rating": "B"})
    change(path, "UPDATE fact SET data = replace(data, 'B', 'A')")
    change(path, "UPDATE edition SET plan = replace(plan, '集いの場', '別の場')")
    change(path, "UPDATE amount SET amount = 5 WHERE kind = 'settlement'")
    done = run("--book", path, "verify")
    assert done.status == 1
    assert done.out.splitlines()[1:] == [
        "× 計画の第1版: 文面・項目の番号・始まる年度のいずれかが、履歴に残るものと違います。",
        "× 1-1.f1 R6 決算額: 履歴では「1180」ですが、台帳では「5」です。",
        "× 1-1 R6 評価 self: 履歴では「B」ですが、台帳では「A」です。",
    ]


def test_a_read_only_book(path: Path) -> None:
    path.chmod(0o444)
    before = path.read_bytes()
    assert run("--book", path, "verify").status == 0
    assert path.read_bytes() == before


def test_no_book_and_a_damaged_one(path: Path, tmp_path: Path) -> None:
    refusal(run("--book", tmp_path / "none.db", "verify"), 2)
    change(path, "UPDATE history SET new = CAST(x'ff' AS TEXT) WHERE id = 3")
    assert "壊れています" in refusal(run("--book", path, "verify"), 1)
