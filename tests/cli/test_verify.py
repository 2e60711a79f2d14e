"""``verify``: exit status, sentences, JSON."""

import sqlite3
from pathlib import Path

import pytest
from books import new_book
from commandline import japanese, refusal, run


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
    assert first == "履歴と値は一致しています（履歴8件）。"
    assert "計算もし直さずに" in second
    assert japanese(done.out)
    assert run("--book", path, "verify", "--json").json == {
        "agrees": True,
        "changes": 8,
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


def test_a_read_only_book(path: Path) -> None:
    path.chmod(0o444)
    before = path.read_bytes()
    assert run("--book", path, "verify").status == 0
    assert path.read_bytes() == before


def test_no_book_and_a_damaged_one(path: Path, tmp_path: Path) -> None:
    refusal(run("--book", tmp_path / "none.db", "verify"), 2)
    change(path, "UPDATE history SET new = CAST(x'ff' AS TEXT) WHERE id = 3")
    assert "壊れています" in refusal(run("--book", path, "verify"), 1)
