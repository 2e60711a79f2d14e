"""The steps by which a book gets its shape."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import workers
from books import contents, new_book, opened
from older_books import LENGTH, OLDER_PLAN, UNTOLD, older_book
from sqlite_utils import Database, Migrations
from test_plan_rows import without_figures

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.scale import Scale
from shakyo_review.errors import BookProblem
from shakyo_review.exchange.plan_yaml import parse_plan
from shakyo_review.services.entry import record, understand
from shakyo_review.services.upkeep import examine, restore, verify
from shakyo_review.storage import database
from shakyo_review.storage.format import (
    HISTORY_COLUMNS,
    NEWEST,
    chained,
    digest,
    head_text,
)
from shakyo_review.storage.migrations import migrations


def facts(path: Path) -> tuple[int, int]:
    """Return user_version and the number of steps applied."""
    with sqlite3.connect(path) as db:
        found = (
            db.execute("PRAGMA user_version").fetchone()[0],
            db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0],
        )
    db.close()
    return found


def test_a_fresh_book_has_every_step(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    assert facts(path) == (NEWEST, NEWEST)
    book = database.open_book(path)
    whole = Database(book.db, execute_plugins=False)
    assert migrations.pending(whole) == []
    assert len(migrations.applied(whole)) == NEWEST
    book.close()


def test_every_table_is_strict(tmp_path: Path) -> None:
    with sqlite3.connect(new_book(tmp_path / "b.db")) as db:
        made = dict(
            db.execute(
                "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            )
        )
    db.close()
    made = {
        name: strict for name, strict in made.items() if not name.startswith(("sqlite_", "_sqlite"))
    }
    assert made
    assert set(made.values()) == {1}, made


@pytest.fixture
def one_step_more(monkeypatch: pytest.MonkeyPatch) -> Migrations:
    """A program of the future: this one's steps, and one more."""
    later = Migrations("shakyo_review")
    for step in migrations._migrations:
        later(name=step.name)(step.fn)

    @later()
    def m999_colour(db: Database) -> None:
        db.execute("ALTER TABLE identity ADD COLUMN colour TEXT NOT NULL DEFAULT ''")
        db.execute("UPDATE identity SET colour = 'blue'")

    monkeypatch.setattr("shakyo_review.storage.migrations.migrations", later)
    monkeypatch.setattr(database, "NEWEST", NEWEST + 1)
    return later


def test_an_older_book_is_brought_up_to_date(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = new_book(tmp_path / "b.db")
    before = contents(path)
    request.getfixturevalue("one_step_more")
    database.open_book(path).close()
    assert facts(path) == (NEWEST + 1, NEWEST + 1)
    after = contents(path)
    assert {row[-1] for row in after["identity"]} == {"blue"}
    assert [row[:-1] for row in after["identity"]] == before["identity"]
    same = set(before) - {"identity", "_sqlite_migrations"}
    assert {t: after[t] for t in same} == {t: before[t] for t in same}
    database.open_book(path).close()
    assert contents(path) == after


def test_two_who_open_an_older_book_at_once(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The second waits, then finds nothing left to do."""
    path = new_book(tmp_path / "b.db")
    request.getfixturevalue("one_step_more")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BookProblem, match="書き込み中"):
        database.open_book(path)
    assert facts(path) == (NEWEST, NEWEST)
    other.execute("COMMIT")
    other.close()
    database.open_book(path).close()
    assert facts(path) == (NEWEST + 1, NEWEST + 1)


def test_a_step_that_fails_changes_nothing(
    tmp_path: Path, one_step_more: Migrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("SHAKYO_REVIEW_BUSY_SECONDS", "0.3")
    path = new_book(tmp_path / "b.db")
    before = path.read_bytes()

    @one_step_more()
    def m999_wrong(db: Database) -> None:
        db.execute("UPDATE no_such_table SET x = 1")

    monkeypatch.setattr("shakyo_review.storage.migrations.migrations", one_step_more)
    monkeypatch.setattr(database, "NEWEST", NEWEST + 2)
    with pytest.raises(BookProblem):
        database.open_book(path)
    assert path.read_bytes() == before


def test_an_older_book_that_may_not_be_written(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = new_book(tmp_path / "b.db")
    path.chmod(0o444)
    before = path.read_bytes()
    request.getfixturevalue("one_step_more")
    with pytest.raises(BookProblem, match=r"古い版.*読み取り専用"):
        database.open_book(path)
    assert path.read_bytes() == before


def test_a_newer_book_is_refused(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {NEWEST + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(BookProblem, match="新しい版"):
        database.open_book(path)
    assert path.read_bytes() == before


def test_an_older_backup_is_restored_and_stays_as_it_is(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    saved = new_book(tmp_path / "saved.db")
    before = saved.read_bytes()
    request.getfixturevalue("one_step_more")
    restore(saved, tmp_path / "b.db", "事務局")
    assert facts(tmp_path / "b.db") == (NEWEST + 1, NEWEST + 1)
    assert saved.read_bytes() == before


# --- a book of steps 1 and 2: real rows of an earlier version ------------------------------


@pytest.fixture(params=[1, 2])
def older(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return older_book(tmp_path / "older.db", request.param)


def history(path: Path) -> list[dict[str, Any]]:
    """Return the rows of the history, with their hash where they have one."""
    names = (*HISTORY_COLUMNS, "hash")
    return [dict(zip(names, row, strict=False)) for row in sorted(contents(path)["history"])]


def test_the_plan_of_an_older_book_is_kept(older: Path) -> None:
    header = json.loads(dict(contents(older)["book"])["plan"])
    kept = {
        "rule_set": RuleSet.model_validate(header["rule_set"]),
        "scale": Scale.model_validate(header["scale"]),
    }
    with opened(older) as book:
        assert without_figures(book.plan) == without_figures(
            parse_plan(OLDER_PLAN, "older.yaml").model_copy(update=kept)
        )
        (edition,) = book.editions.all
    assert (edition.number, edition.effective_year) == (1, 0)


def test_the_figures_of_an_older_book_are_kept(older: Path) -> None:
    before = contents(older)
    with opened(older) as book:
        after = contents(older)
        assert sorted(after["cell"]) == sorted(before["cell"])
        assert len(after["cell"]) == 11
        codes = {row[0]: row[1] for row in before["indicator"]}
        ids = book.editions.newest.ids
        assert {number: code for code, number in ids.indicator.items()} == codes
        assert set(ids.node) == {row[1] for row in before["node"]}
        lines = {row[0]: row[1] for row in before["funding"]}
        assert {(lines[n], *rest) for n, *rest, _ in before["funding_amount"]} == {
            (book.editions.funding_code(number, year), year, kind, amount)
            for number, year, kind, amount in after["amount"]
        }
        cell = book.cells(2023).get(CellKey("r", 2023, Kind.ACTUAL, "kita"))
        assert (str(cell.reading.value), str(cell.reading.denominator)) == ("30", "100")
        assert (cell.reading.forecast, cell.measured_year, cell.note) == (True, 2022, "速報値")
    assert not {"node", "indicator", "funding", "funding_amount"} & set(after)
    assert set(after) == set(contents(new_book(older.with_name("new.db"))))


def test_the_history_of_an_older_book_is_kept_and_goes_on(older: Path) -> None:
    before = history(older)
    with opened(older) as book:
        assert verify(book) == []
        assert all(line.well for line in examine(older, "点検"))
        record(book, CellKey("0", 2024, Kind.ACTUAL), understand(book.plan.indicators["0"], "0.1"))
        assert verify(book) == []
    after = history(older)
    assert len(before) == LENGTH
    for old, new in zip(before, after, strict=False):
        assert {**new, **old} == new
    last = ""
    for row in after:
        last = chained(last, {name: row[name] for name in HISTORY_COLUMNS})
        assert row["hash"] == last
    assert dict(contents(older)["book"])["history_head"] == head_text(len(after), last)


def test_the_history_tells_that_an_older_book_was_converted(older: Path) -> None:
    database.open_book(older).close()
    edition, *amounts = history(older)[LENGTH:]
    ((number, year, plan, ids),) = contents(older)["edition"]
    assert json.loads(edition["new"]) == {"number": number, "digest": digest(plan, ids, str(year))}
    assert (edition["entity"], edition["code"], edition["old"]) == ("edition", "furui", None)
    assert (edition["who"], edition["reason"]) == ("社協レビュー", "台帳を新しい形に改めた")
    assert {row["entity"] for row in amounts} == {"funding"}
    assert [(r["code"], r["fiscal_year"], r["kind"], r["new"]) for r in amounts] == UNTOLD


def test_a_converted_book_is_converted_once(older: Path) -> None:
    database.open_book(older).close()
    after = older.read_bytes()
    with opened(older) as book:
        assert verify(book) == []
    assert older.read_bytes() == after
    assert facts(older) == (NEWEST, NEWEST)


def test_what_was_changed_before_the_conversion_stays_found(tmp_path: Path) -> None:
    for sql, told in (
        ("UPDATE cell SET value = 999 WHERE value = 480", "1-1.f1 R5 実績: 履歴では「480」"),
        ("UPDATE funding_amount SET amount = 1 WHERE amount = 1300", "1-1.f1 R5 予算額: "),
        ("DELETE FROM funding_amount WHERE amount = 1300", "1-1.f1 R5 予算額: "),
        (
            "UPDATE indicator SET definition = replace(definition, '\"410\"', '\"1\"')"
            " WHERE definition LIKE '%410%'",
            "1-1.f1 基準値: ",
        ),
        ("UPDATE history SET who = '別人' WHERE id = 5", "履歴の5番目（"),
        ("DELETE FROM history WHERE id = 5", "履歴の5番目がありません"),
        ("DELETE FROM history WHERE id = 19", "履歴の19番目がありません"),
        (
            "INSERT INTO history (at, who, entity, code) VALUES ('', 'x', 'book', 'y')",
            "履歴の20番目（",
        ),
        ("DELETE FROM book WHERE key = 'history_head'", "履歴の20番目（"),
        ("UPDATE book SET value = '[1]' WHERE key = 'history_head'", "履歴の20番目（"),
    ):
        path = older_book(tmp_path / "changed.db")
        with sqlite3.connect(path) as db:
            assert db.execute(sql).rowcount == 1, sql
        db.close()
        with opened(path) as book:
            found = verify(book)
        assert any(one.startswith(told) for one in found), (sql, found)
        path.unlink()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE node SET definition = '{' WHERE code = '2'",
        "UPDATE node SET definition = '[]' WHERE code = '2'",
        "UPDATE indicator SET definition = '{' WHERE code = 'm'",
        "UPDATE funding SET definition = CAST(x'ff' AS TEXT)",
        "UPDATE node SET parent_id = 99 WHERE code = '10-1'",
        "UPDATE book SET value = '{' WHERE key = 'plan'",
        "UPDATE book SET value = '[]' WHERE key = 'plan'",
        "UPDATE book SET value = '{}' WHERE key = 'plan'",
        "DELETE FROM book WHERE key = 'plan'",
        "DELETE FROM book",
        "UPDATE cell SET indicator_id = 99 WHERE value = 480",
        "UPDATE history SET at = CAST(x'ff' AS TEXT) WHERE id = 19",
    ],
)
def test_an_older_book_that_makes_no_sense_stays_as_it_is(older: Path, sql: str) -> None:
    """It fails in the middle of the conversion: the older book is still there, whole."""
    with sqlite3.connect(older) as db:
        assert db.execute(sql).rowcount
    db.close()
    before = older.read_bytes()
    with pytest.raises(BookProblem, match="older"):
        opened(older)
    assert older.read_bytes() == before
    assert [line.well for line in examine(older, "点検")][:1] == [False]


def test_a_conversion_killed_before_its_end_leaves_the_older_book(older: Path) -> None:
    before, version = contents(older), facts(older)
    process, pipe = workers.start(workers.die_while_converting, older)
    assert pipe.recv() == "half"
    process.kill()
    process.join()
    assert older.with_name("older.db-journal").stat().st_size > 0
    with sqlite3.connect(older) as db:  # whoever opens it next rolls it back
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM history").fetchone() == (LENGTH,)
    db.close()
    assert contents(older) == before
    assert facts(older) == version
    with opened(older) as book:
        assert verify(book) == []


def test_an_older_book_that_is_locked_or_read_only_stays_as_it_is(older: Path) -> None:
    before = older.read_bytes()
    other = sqlite3.connect(older, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BookProblem, match="書き込み中"):
        database.open_book(older)
    other.close()
    older.chmod(0o444)
    with pytest.raises(BookProblem, match=r"古い版.*読み取り専用"):
        database.open_book(older)
    assert older.read_bytes() == before


def test_an_older_backup_is_converted_on_its_way_back(older: Path) -> None:
    before = older.read_bytes()
    restore(older, older.with_name("b.db"), "事務局")
    assert older.read_bytes() == before
    with opened(older.with_name("b.db")) as book:
        assert verify(book) == []
        assert book.plan.title == "第2次 地域福祉活動計画「ふるい」"
