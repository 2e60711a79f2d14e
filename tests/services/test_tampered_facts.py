"""Facts and seals altered by other means, or written by a newer program: a sentence, never a traceback."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import workers
from books import new_book, opened

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.improvement import Result
from shakyo_review.domain.tree_edits import change_node
from shakyo_review.errors import BookProblem, ReviewError
from shakyo_review.services import council, evaluating, improving, sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.publishing import report_context
from shakyo_review.services.reviewing import directions_of, evaluations, gaps, opinions_of, promises
from shakyo_review.services.revising import revise, revisions
from shakyo_review.services.upkeep import examine, verify
from shakyo_review.services.year_views import (
    changes_of,
    errata_of,
    reference_score,
    seal_differences,
    year_lines,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A book with a fact of every kind, 2024 sealed twice."""
    path = new_book(tmp_path_factory.mktemp("whole") / "b.db")
    with opened(path) as book:
        for code, value in (("a", 9000), ("c", 12), ("r", 30), ("m", 2)):
            record(book, CellKey(code, 2024, Kind.ACTUAL), workers.number(value))
        improving.confirm_value(book, "a", 2024, "確かめた")
        evaluating.evaluate(book, "1-1", 2024, "self", "C", reason="x")
        sealing.start_evaluation(book, 2024)
        evaluating.evaluate(book, "1-1", 2024, "committee", "C", member="佐藤")
        evaluating.evaluate(book, "1-1", 2024, "committee", None, reason="x")
        evaluating.recuse(book, "2-1", 2024, "committee", "田中", "当事者")
        council.hold_meeting(book, 2024, "committee", present=["佐藤"])
        council.add_opinion(book, "ALL", 2024, "意見")
        improving.set_direction(book, "1-1", 2024, "継続")
        improving.add_improvement(book, "1-1", 2024, "改める")
        sealing.seal(book, 2024)
        sealing.correct(book, CellKey("a", 2024, Kind.ACTUAL), workers.number(9001), "転記")
        sealing.open_year(book, 2025)
        improving.answer_improvement(book, "2024-1", 2025, Result.PARTLY, "途中")
        revise(book, lambda p: change_node(p, "2-1", name="改称"), from_year=2025, reason="x")
        assert verify(book) == []
    return path.read_bytes()


READS: dict[str, Callable[[ReviewBook], object]] = {
    "score": lambda book: [book.score(year) for year in (2024, 2025)],
    "findings": lambda book: [book.findings(year) for year in (2024, 2025)],
    "compare": lambda book: book.compare([2024, 2025]),
    "evaluations": lambda book: [evaluations(book, year) for year in (2024, 2025)],
    "gaps": lambda book: [gaps(book, year) for year in (2024, 2025)],
    "lines": year_lines,
    "errata": lambda book: errata_of(book, 2024),
    "opinions": lambda book: opinions_of(book, 2024),
    "promises": promises,
    "revisions": revisions,
    "reference": lambda book: reference_score(book, 2024),
    "report": lambda book: report_context(book, 2024),
    "history": lambda book: changes_of(book, "1-1"),
    "differs": lambda book: sealing.recomputed_differs(book, 2024),
    "sealed": lambda book: sealing.sealed_results(book, 2024, 1),
    "seal": lambda book: sealing.seal(book, 2025),
    "evaluate": lambda book: evaluating.evaluate(book, "1-1", 2025, "self", "A", reason="x"),
    "record": lambda book: record(book, CellKey("a", 2025, Kind.ACTUAL), workers.number(1)),
    "correct": lambda book: sealing.correct(
        book, CellKey("a", 2024, Kind.ACTUAL), workers.number(9002), "転記"
    ),
    "revise": lambda book: revise(
        book, lambda p: change_node(p, "1-1", name="改称"), from_year=2026, reason="x"
    ),
    "directions": lambda book: directions_of(book, 2024),
    "reopen": lambda book: sealing.reopen(book, 2024, "x"),
}
ENTITIES = (
    *("rating", "recusal", "meeting", "opinion", "direction", "improvement", "answer"),
    *("confirmation", "erratum", "year", "revision"),
)
ALTERED = {
    "a new field": "data = json_set(data, '$.colour', 'red')",
    "no fields": "data = '{}'",
    "a list": "data = '[]'",
    "a number": "data = '7'",
    "no JSON": "data = '{'",
    "another type": "data = replace(replace(data, ':\"', ':7,\"x\":\"'), ':[', ':{},\"y\":[')",
    "deep": "data = replace(hex(zeroblob(50000)), '0', '[')",
}


def look(path: Path) -> dict[str, str]:
    """Read all there is to read; return what ended in a sentence."""
    found = {}
    for name, read in READS.items():
        try:
            with opened(path) as book:
                read(book)
        except ReviewError as problem:
            found[name] = f"{type(problem).__name__}: {problem}"
    with opened(path) as book:
        found["verify"] = "・".join([*verify(book), *seal_differences(book)])
    examine(path, "点検")
    return found


def alter(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as db:
        assert db.execute(sql).rowcount > 0
    db.close()


def test_the_book_is_sound(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "b.db"
    path.write_bytes(whole)
    found = look(path)
    assert set(found) == {"seal", "verify"}, "2025 is not in evaluation"


@pytest.mark.parametrize("what", ALTERED)
@pytest.mark.parametrize("entity", ENTITIES)
def test_an_altered_fact_ends_in_a_sentence(
    tmp_path: Path, whole: bytes, entity: str, what: str
) -> None:
    path = tmp_path / "b.db"
    path.write_bytes(whole)
    alter(path, f"UPDATE fact SET {ALTERED[what]} WHERE entity = '{entity}'")
    found = look(path)
    assert found["verify"]
    told = [text for name, text in found.items() if name not in ("verify", "seal")]
    if entity not in ("year", "erratum") or what != "a new field":  # read field by field
        assert any(BookProblem.__name__ in one for one in told), told


@pytest.mark.parametrize("part", ["x", "１", "", "-1", "99999999999999999999999"])
@pytest.mark.parametrize("entity", ["opinion", "improvement", "erratum", "revision"])
def test_a_number_that_is_none(tmp_path: Path, whole: bytes, entity: str, part: str) -> None:
    path = tmp_path / "b.db"
    path.write_bytes(whole)
    alter(path, f"UPDATE fact SET part = '{part}' WHERE entity = '{entity}'")
    assert look(path)["verify"]


@pytest.mark.parametrize(
    "place", ["code = 'gone'", "kind = 'gone'", "code = ''", "fiscal_year = 9"]
)
@pytest.mark.parametrize("entity", ENTITIES)
def test_a_fact_about_nothing(tmp_path: Path, whole: bytes, entity: str, place: str) -> None:
    path = tmp_path / "b.db"
    path.write_bytes(whole)
    alter(path, f"UPDATE OR IGNORE fact SET {place} WHERE entity = '{entity}'")
    assert look(path)["verify"]


def seal_edit(change: str) -> str:
    return f"UPDATE seal SET content = {change}"


@pytest.mark.parametrize(
    "sql",
    [
        *(
            seal_edit(f"json_remove(content, '$.{part}')")
            for part in (
                *("plan", "plan.plan", "plan.ids", "plan.number", "plan.ids.node"),
                *("plan.ids.indicator", "plan.ids.funding", 'plan.ids.node."1-1"'),
                *("plan.ids.indicator.a", "plan.plan.tree", "plan.plan.scale"),
                *("cells", "amounts", "facts", "results", "head", "program"),
                *("cells[0].kind", "cells[0].version", "amounts[0][3]"),
            )
        ),
        *(
            seal_edit(f"json_set(content, '$.{part}', json('{value}'))")
            for part in ("plan", "cells", "amounts", "results", "facts", "head", "plan.ids")
            for value in ("null", "7", "[]", "[7]", '{"a":7}', '"x"')
        ),
        seal_edit("json_set(content, '$.colour', 'red')"),
        seal_edit("json_set(content, '$.program', '99.0')"),
        seal_edit("json_set(content, '$.plan.plan.colour', 'red')"),
        seal_edit("json_set(content, '$.plan.ids.colour', json('{}'))"),
        seal_edit("json_set(content, '$.plan.ids.node.\"1-1\"', 'x')"),
        seal_edit("json_set(content, '$.cells[0].colour', 'red')"),
        seal_edit("json_set(content, '$.cells[0].value', 'NaN')"),
        seal_edit("json_set(content, '$.cells[0].indicator', 'gone')"),
        seal_edit("json_set(content, '$.cells[0].version', 'x')"),
        seal_edit("json_set(content, '$.amounts[0][3]', 'x')"),
        seal_edit("replace(hex(zeroblob(50000)), '0', '[')"),
        seal_edit("'null'"),
        seal_edit("''"),
        "DELETE FROM seal",
        "DELETE FROM seal WHERE number = 1",
        "UPDATE seal SET number = number + 5",
        "UPDATE edition SET ids = '{}'",
        "UPDATE edition SET ids = '[]'",
        "UPDATE edition SET ids = json_remove(ids, '$.node.\"1-1\"')",
        "UPDATE edition SET ids = json_remove(ids, '$.indicator.a')",
        "UPDATE edition SET ids = json_remove(ids, '$.funding.\"1-1.f1\"')",
        "UPDATE edition SET ids = json_set(ids, '$.indicator.a', 'x')",
        "UPDATE edition SET ids = json_set(ids, '$.colour', json('{}'))",
        "UPDATE edition SET plan = json_set(plan, '$.colour', 'red')",
        "UPDATE edition SET plan = replace(hex(zeroblob(50000)), '0', '[')",
        "UPDATE history SET new = '[]' WHERE entity = 'edition'",
        "UPDATE history SET new = 'x' WHERE entity = 'edition'",
        "UPDATE history SET new = NULL WHERE entity IN ('edition', 'seal', 'year')",
        'UPDATE history SET new = \'{"renamed":[],"effective_year":"x"}\' WHERE entity = \'edition\'',
        'UPDATE history SET new = \'{"renamed":{"a":1},"effective_year":1}\' WHERE entity = \'edition\'',
        "UPDATE history SET new = '7', old = '[]' WHERE entity IN ('seal', 'year', 'cell')",
        "UPDATE history SET new = 'x', old = 'y' WHERE kind = 'target'",
        "UPDATE cell SET indicator_id = 1 WHERE 0 OR version = 1 AND fiscal_year = 2023",
        "UPDATE cell SET measured_year = -9, branch = 'gone' WHERE kind = 'actual'",
        "UPDATE book SET value = 'x' WHERE key = 'working_year'",
    ],
)
def test_an_altered_seal_edition_or_history_ends_in_a_sentence(
    tmp_path: Path, whole: bytes, sql: str
) -> None:
    path = tmp_path / "b.db"
    path.write_bytes(whole)
    try:
        alter(path, sql)
    except sqlite3.IntegrityError:
        pytest.skip("the file itself refuses")
    try:
        with opened(path):
            pass
    except BookProblem:
        return
    look(path)
