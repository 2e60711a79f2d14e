"""Facts in the book: versions, one history row for each change, codes that change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from books import contents, history_length, new_book, opened

from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.errors import BookProblem
from shakyo_review.services.book import ReviewBook
from shakyo_review.storage import facts
from shakyo_review.storage.facts import Fact, FactKey

SELF = FactKey("direction", 2024, "1-1", "self")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[ReviewBook]:
    with opened(new_book(tmp_path / "b.db"), "山田") as book:
        yield book


def put(book: ReviewBook, key: FactKey, data: dict[str, Any] | None, reason: str = "") -> Fact:
    with book.file.writing():
        return book.put_fact(key, data, reason)


def test_what_was_never_written_has_version_0(book: ReviewBook) -> None:
    assert facts.read(book.file.db, SELF) == Fact(SELF, None, 0)
    assert book.facts("direction") == []


def test_versions_count_changes_and_each_has_its_history_row(book: ReviewBook) -> None:
    before = history_length(book.path)
    first, second = {"word": "継続"}, {"word": "改善", "note": "一行\n二行"}
    assert put(book, SELF, first).version == 1
    assert put(book, SELF, second, "話し合い") == Fact(SELF, second, 2)
    assert put(book, SELF, None, "取り下げ") == Fact(SELF, None, 3)
    assert put(book, SELF, first) == Fact(SELF, first, 4)
    assert facts.read(book.file.db, SELF) == Fact(SELF, first, 4)
    rows = book.history()[before:]
    assert [(row.old, row.new, row.reason) for row in rows] == [
        (None, first, ""),
        (first, second, "話し合い"),
        (second, None, "取り下げ"),
        (None, first, ""),
    ]
    assert {(r.who, r.entity, r.fiscal_year, r.code, r.kind, r.branch, r.period) for r in rows} == {
        ("山田", "direction", 2024, "1-1", "self", "", "")
    }


@pytest.mark.parametrize("data", [{"word": "継続", "rows": [1, {"a": None}]}, {}, None])
def test_the_same_content_writes_nothing(book: ReviewBook, data: dict[str, Any] | None) -> None:
    stored = put(book, SELF, data)
    before = contents(book.path)
    same = None if data is None else dict(reversed(data.items()))
    assert put(book, SELF, same, "もう一度") == stored
    assert contents(book.path) == before


def test_what_was_taken_back_is_not_read_with_the_others(book: ReviewBook) -> None:
    other = FactKey("direction", 2025, "2-1")
    put(book, SELF, {"word": "継続"})
    put(book, other, {"word": "廃止"})
    put(book, other, None)
    db = book.file.db
    assert [fact.key for fact in facts.read_all(db)] == [SELF]
    assert facts.read_all(db, "direction", 2025) == facts.read_all(db, "opinion") == []
    assert facts.read(db, other) == Fact(other, None, 2)
    assert book.facts("direction", 2024) == [Fact(SELF, {"word": "継続"}, 1)]


def test_a_change_that_fails_leaves_neither_fact_nor_row(book: ReviewBook) -> None:
    before = contents(book.path)
    with pytest.raises(BookProblem), book.file.writing():  # noqa: PT012
        book.put_fact(SELF, {"word": "継続"})
        book.file.db.execute("UPDATE nowhere SET x = 1")
    assert contents(book.path) == before


def rename(book: ReviewBook, renamed: dict[str, str], year: int) -> dict[tuple[int, str], str]:
    """Rename, and return the word of each fact by year and code."""
    with book.file.writing():
        facts.rename_codes(book.file.db, renamed, year)
    return {
        (fact.key.year, fact.key.code): fact.data["word"]
        for fact in facts.read_all(book.file.db)
        if fact.data
    }


def test_codes_are_renamed_from_a_year_on(book: ReviewBook) -> None:
    for year in (2023, 2024, 2025):
        put(book, FactKey("direction", year, "a"), {"word": f"a{year}"})
    put(book, FactKey("direction", 2024, WHOLE_PLAN), {"word": "全体"})
    length = history_length(book.path)
    assert rename(book, {"a": "b", "no such code": "c"}, 2024) == {
        (2023, "a"): "a2023",
        (2024, "b"): "a2024",
        (2025, "b"): "a2025",
        (2024, WHOLE_PLAN): "全体",
    }
    assert history_length(book.path) == length


@pytest.mark.parametrize(
    "renamed",
    [
        {"a": "b", "b": "a"},
        {"a": "b", "b": "c", "c": "a"},
        {"c": "a", "b": "c", "a": "b"},
        {"a": "b", "b": "c", "c": "d"},
        {"c": "d", "b": "c", "a": "b"},
        {"a": "A.0_-", "b": "a", "c": "c"},
    ],
)
def test_codes_may_change_places(book: ReviewBook, renamed: dict[str, str]) -> None:
    """No two rows meet on the way, whatever the order; versions and taken back ones go along."""
    for code in "abc":
        put(book, FactKey("direction", 2024, code), {"word": "先"})
        put(book, FactKey("direction", 2024, code), {"word": code})
        put(book, FactKey("opinion", 2024, code, part="1"), {"text": code})
        put(book, FactKey("opinion", 2024, code, part="1"), None)
    assert rename(book, renamed, 2024) == {(2024, renamed.get(c, c)): c for c in "abc"}
    for code in "abc":
        now = renamed.get(code, code)
        assert facts.read(book.file.db, FactKey("direction", 2024, now)).version == 2
        assert facts.read(book.file.db, FactKey("opinion", 2024, now, part="1")).version == 2
    back = {after: before for before, after in renamed.items()}
    assert rename(book, back, 2024) == {(2024, c): c for c in "abc"}


def test_a_code_that_is_taken_is_refused_and_nothing_renamed(book: ReviewBook) -> None:
    for code in "ab":
        put(book, FactKey("direction", 2024, code), {"word": code})
    before = contents(book.path)
    with pytest.raises(BookProblem):
        rename(book, {"a": "b"}, 2024)
    assert contents(book.path) == before


def test_numbers_go_on_after_what_was_taken_back(book: ReviewBook) -> None:
    db = book.file.db
    assert facts.next_number(db, "opinion", 2024) == 1
    for number in ("1", "9", "10"):
        put(book, FactKey("opinion", 2024, "1-1", part=number), {"text": number})
    put(book, FactKey("opinion", 2024, "1-1", part="10"), None)
    assert facts.next_number(db, "opinion", 2024) == 11
    assert facts.next_number(db, "opinion", 2025) == 1
