"""Two open books on one file: one changes the plan or a year between the other's reading and writing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import workers
from books import A24, SMALL_PLAN, contents, new_book, opened

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.improvement import Result
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.process import When
from shakyo_review.domain.tree_edits import (
    change_indicator,
    change_plan,
    renumber,
)
from shakyo_review.domain.value import Reading
from shakyo_review.errors import ConflictFound, ImportRefused, ReviewError, WrongUsage
from shakyo_review.exchange.rows import Entry
from shakyo_review.services import improving, sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.council import add_opinion, answer_opinion
from shakyo_review.services.editions import known_elsewhere
from shakyo_review.services.entry import record, restore, understand
from shakyo_review.services.evaluating import evaluate, withdraw
from shakyo_review.services.reviewing import (
    answer_version,
    direction_version,
    opinion_version,
    stale_items,
)
from shakyo_review.services.revising import revise, update_from_file
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import verify
from shakyo_review.storage.plans import Editions, read_editions

A25 = CellKey("a", 2025, Kind.ACTUAL)
C25 = CellKey("c", 2025, Kind.ACTUAL)


@pytest.fixture
def books(tmp_path: Path) -> Iterator[tuple[ReviewBook, ReviewBook]]:
    path = new_book(tmp_path / "b.db")
    with opened(path, "山田") as mine, opened(path, "鈴木") as theirs:
        mine.score(2024), mine.score(2025)
        yield mine, theirs


def swapped(plan: Plan) -> Plan:
    return renumber(renumber(renumber(plan, "a", "x"), "c", "a"), "x", "c")


def swap(book: ReviewBook, year: int = 2025) -> None:
    """Let a and c change their codes."""
    revise(book, swapped, from_year=year, reason="番号の整理")


def gone(book: ReviewBook) -> None:
    revise(book, lambda p: renumber(p, "a", "a2"), from_year=2025, reason="番号の整理")


def decimals(book: ReviewBook) -> None:
    revise(
        book, lambda p: change_indicator(p, "a", decimals=2), from_year=2025, reason="小数で測る"
    )


def sound(mine: ReviewBook, theirs: ReviewBook) -> None:
    assert verify(mine) == []
    assert mine.score(2025).indicators.keys() == theirs.score(2025).indicators.keys()
    for year in (2024, 2025):
        assert mine.cells(year).cells == theirs.cells(year).cells


@pytest.mark.parametrize("change", [swap, gone, decimals])
def test_a_value_typed_for_another_definition_is_refused(
    books: tuple[ReviewBook, ReviewBook], change: Callable[[ReviewBook], None]
) -> None:
    mine, theirs = books
    change(theirs)
    before = contents(mine.path)
    with pytest.raises(ReviewError) as refused:
        record(mine, A25, workers.number(7))
    assert refused.type is (WrongUsage if change is gone else ConflictFound)
    assert contents(mine.path) == before
    sound(mine, theirs)
    if change is not gone:  # seen and typed again, it counts
        record(mine, A25, workers.number(7))
        assert theirs.cells(2025).get(A25).reading.value == 7
        sound(mine, theirs)


def test_another_change_of_the_plan_is_no_hindrance(books: tuple[ReviewBook, ReviewBook]) -> None:
    mine, theirs = books
    revise(theirs, lambda p: change_plan(p, title="改めた計画"), from_year=None, reason="誤字")
    record(mine, A25, workers.number(7))
    assert mine.plan.title == "改めた計画"
    sound(mine, theirs)


def test_a_sealed_year_is_seen_at_once(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path) as mine, opened(path) as theirs:
        for code in "crm":
            record(theirs, CellKey(code, 2024, Kind.ACTUAL), workers.number(2))
        mine.score(2024)
        sealing.start_evaluation(theirs, 2024)
        sealing.seal(theirs, 2024)
        before = contents(path)
        with pytest.raises(WrongUsage, match="確定"):
            record(mine, A24, workers.number(7), reason="x")
        with pytest.raises(ImportRefused, match="確定"):
            take_over(mine, [Entry(2, A24, workers.number(7))], reason="x")
        assert contents(path) == before


@pytest.mark.parametrize("change", [swap, gone, decimals])
def test_undo_after_a_revision_elsewhere(
    books: tuple[ReviewBook, ReviewBook], change: Callable[[ReviewBook], None]
) -> None:
    mine, theirs = books
    before = record(mine, A25, workers.number(7)).before
    record(mine, C25, workers.number(9))
    change(theirs)
    held = contents(mine.path)
    with pytest.raises(ReviewError):
        restore(mine, before, expected_version=1)
    assert contents(mine.path) == held
    sound(mine, theirs)


@pytest.mark.parametrize("change", [swap, gone, decimals])
def test_a_table_understood_under_the_older_plan_is_refused(
    books: tuple[ReviewBook, ReviewBook], change: Callable[[ReviewBook], None]
) -> None:
    mine, theirs = books
    change(theirs)
    held = contents(mine.path)
    entries = [Entry(2, A25, workers.number(7)), Entry(3, A24, workers.number(8))]
    with pytest.raises(ConflictFound, match="計画"):
        take_over(mine, entries)
    assert contents(mine.path) == held
    if change is not gone:
        take_over(mine, entries)
    sound(mine, theirs)


def test_a_table_goes_on_when_only_figures_changed_elsewhere(
    books: tuple[ReviewBook, ReviewBook],
) -> None:
    mine, theirs = books
    record(theirs, A25, workers.number(7))
    money = CellKey("1-1.f1", 2024, Kind.BUDGET)
    take_over(theirs, [Entry(2, money, workers.number(1300))])
    assert take_over(mine, [Entry(2, A25, workers.number(8))]).changed == 1
    sound(mine, theirs)


# --- what was seen and has moved on ---------------------------------------------------------------


def test_a_direction_that_moved_on_is_refused(books: tuple[ReviewBook, ReviewBook]) -> None:
    mine, theirs = books
    seen = direction_version(mine, "1-1", 2024)
    assert seen == 0
    improving.set_direction(theirs, "1-1", 2024, "拡充")
    with pytest.raises(ConflictFound):
        improving.set_direction(mine, "1-1", 2024, "縮小", expected_version=seen)
    improving.set_direction(
        mine, "1-1", 2024, "縮小", expected_version=direction_version(mine, "1-1", 2024)
    )
    improving.set_direction(mine, "1-1", 2024, "継続")


def test_an_answer_to_a_promise_that_moved_on_is_refused(
    books: tuple[ReviewBook, ReviewBook],
) -> None:
    mine, theirs = books
    number = improving.add_improvement(mine, "1-1", 2024, "回数を増やす")
    sealing.open_year(mine, 2025)
    seen = answer_version(mine, number, 2025)
    assert seen == 0
    improving.answer_improvement(theirs, number, 2025, Result.KEPT, "増やした")
    with pytest.raises(ConflictFound):
        improving.answer_improvement(mine, number, 2025, Result.NOT, "まだ", expected_version=seen)
    assert answer_version(mine, number, 2025) == 1
    improving.answer_improvement(mine, number, 2025, Result.NOT, "まだ", expected_version=1)


def test_an_answer_to_an_opinion_that_moved_on_is_refused(
    books: tuple[ReviewBook, ReviewBook],
) -> None:
    mine, theirs = books
    number = add_opinion(mine, "1-1", 2024, "どうか")
    seen = opinion_version(mine, 2024, number)
    assert seen == 1
    answer_opinion(theirs, 2024, number, "こうです")
    with pytest.raises(ConflictFound):
        answer_opinion(mine, 2024, number, "ちがいます", expected_version=seen)
    answer_opinion(mine, 2024, number, "ちがいます", expected_version=2)


# --- codes of another year, letters that make stale -----------------------------------------------


def test_a_code_of_another_year_is_named(books: tuple[ReviewBook, ReviewBook]) -> None:
    mine, _ = books
    gone(mine)
    with pytest.raises(WrongUsage, match="令和7年度からのコードで、この年度では「a」"):
        record(mine, CellKey("a2", 2024, Kind.ACTUAL), workers.number(1))
    with pytest.raises(WrongUsage, match="「a2」"):
        record(mine, A25, workers.number(1))
    with pytest.raises(WrongUsage, match="計画「小さな計画」にありません"):
        record(mine, CellKey("zz", 2025, Kind.ACTUAL), workers.number(1))


def with_half_year(book: ReviewBook) -> None:
    """Put a half-year check before the stages of the year."""
    stages = book.plan.evaluation.stages
    half = stages[0].model_copy(update={"code": "half", "name": "上半期点検", "when": When.HALF})
    process = book.plan.evaluation.model_copy(update={"stages": (half, *stages)})
    revise(book, lambda p: change_plan(p, evaluation=process), from_year=None, reason="点検")


def test_letters_of_the_half_year_make_nothing_stale(
    books: tuple[ReviewBook, ReviewBook],
) -> None:
    mine, _ = books
    with_half_year(mine)
    evaluate(mine, "1-1", 2024, "half", "A", reason="見込み")
    record(mine, A24, workers.number(481))
    assert stale_items(mine, 2024) == set()
    evaluate(mine, "1-1", 2024, "self", "C", reason="x")
    record(mine, A24, workers.number(482))
    assert stale_items(mine, 2024) == {"1-1"}
    evaluate(mine, "1-1", 2024, "half", "B", reason="直した")
    assert stale_items(mine, 2024) == {"1-1"}, (
        "a half-year check does not look at the year's figure"
    )
    evaluate(mine, "1-1", 2024, "self", "B", reason="x")
    assert stale_items(mine, 2024) == set()


def test_a_letter_taken_back_is_not_stale(books: tuple[ReviewBook, ReviewBook]) -> None:
    mine, _ = books
    evaluate(mine, "1-1", 2024, "self", "C", reason="x")
    withdraw(mine, "1-1", 2024, "self", "まだ早い")
    record(mine, A24, workers.number(481))
    assert stale_items(mine, 2024) == set()


def test_stale_follows_the_identity_when_codes_change_places(
    books: tuple[ReviewBook, ReviewBook],
) -> None:
    mine, _ = books
    sealing.open_year(mine, 2025)
    evaluate(mine, "1-1", 2025, "self", "C", reason="x")
    evaluate(mine, "2-1", 2025, "self", "C", reason="x")
    record(mine, A25, workers.number(7))  # of 1-1
    assert stale_items(mine, 2025) == {"1-1"}
    swap(mine)
    assert stale_items(mine, 2025) == {"1-1"}
    record(mine, A25, workers.number(9))  # c of old, of 2-1
    assert stale_items(mine, 2025) == {"1-1", "2-1"}


def test_the_badge_of_a_changed_target_follows_the_identity(
    books: tuple[ReviewBook, ReviewBook],
) -> None:
    mine, _ = books
    target = CellKey("a", 2025, Kind.TARGET)
    record(mine, target, understand(mine.plan.indicators["a"], "600"), reason="委員会の決定")
    record(mine, A25, workers.number(500))
    record(mine, C25, workers.number(5))

    def badges() -> dict[str, set[str]]:
        rows = mine.compare([2024, 2025]).indicators
        return {row.code: {badge.value for badge in row.badges} for row in rows}

    assert "target_changed" in badges()["a"]
    assert "target_changed" not in badges()["c"]
    swap(mine)
    assert "target_changed" in badges()["c"]
    assert "target_changed" not in badges()["a"]


def test_a_reading_is_kept(books: tuple[ReviewBook, ReviewBook]) -> None:
    """Refreshing inside the transaction does not cost the scores that are kept."""
    mine, _ = books
    other = mine.score(2024).indicators["b"]
    record(mine, A24, Reading(workers.State.VALUE, workers.Decimal(490)))
    assert mine.score(2024).indicators["b"] is other


# --- a revision of a plan that somebody else has revised; a file that says more ---------------------


def test_a_revision_decided_on_an_older_plan_is_refused(
    books: tuple[ReviewBook, ReviewBook],
) -> None:
    mine, theirs = books
    swap(theirs)
    held = contents(mine.path)
    with pytest.raises(ConflictFound, match="計画"):
        revise(mine, lambda p: change_indicator(p, "a", unit="回"), from_year=2025, reason="単位")
    assert contents(mine.path) == held
    revise(mine, lambda p: change_indicator(p, "a", unit="回"), from_year=2025, reason="単位")
    sound(mine, theirs)


def test_a_letter_for_what_has_another_code_now_is_refused(
    books: tuple[ReviewBook, ReviewBook],
) -> None:
    mine, theirs = books
    sealing.open_year(mine, 2025)
    mine.score(2025)
    revise(
        theirs,
        lambda p: renumber(renumber(renumber(p, "1-1", "x"), "2-1", "1-1"), "x", "2-1"),
        from_year=2025,
        reason="番号の整理",
    )
    held = contents(mine.path)
    for change in (
        lambda: evaluate(mine, "1-1", 2025, "self", "C", reason="x"),
        lambda: improving.set_direction(mine, "1-1", 2025, "継続"),
        lambda: improving.add_improvement(mine, "1-1", 2025, "x"),
        lambda: add_opinion(mine, "1-1", 2025, "x"),
    ):
        mine.editions = before_swap(mine)
        with pytest.raises(ConflictFound, match="1-1"):
            change()
    assert contents(mine.path) == held
    evaluate(mine, "1-1", 2025, "self", "C", reason="x")
    assert verify(mine) == []


def before_swap(book: ReviewBook) -> Editions:
    """Let a book know only what it knew before the other one's revision."""
    book.kept.state = (0, 0)
    return Editions(read_editions(book.file.db).all[:1])


def test_targets_of_earlier_years_in_a_plan_file_are_told(
    books: tuple[ReviewBook, ReviewBook], tmp_path: Path
) -> None:
    mine, _ = books
    text = SMALL_PLAN.replace("2024: 500, 2025: 520", "2024: 510, 2025: 530").replace(
        "小さな計画", "改めた計画"
    )
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    made = update_from_file(mine, file, from_year=2025, reason="改定")
    assert len(made.notes) == 1
    assert "令和6年度" in made.notes[0]
    assert "a" in made.notes[0]
    assert mine.cells(2024).get(CellKey("a", 2024, Kind.TARGET)).reading.value == 500
    assert mine.cells(2025).get(CellKey("a", 2025, Kind.TARGET)).reading.value == 530
    file.write_text(SMALL_PLAN.replace("小さな計画", "また改めた計画"), encoding="utf-8")
    assert update_from_file(mine, file, from_year=2025, reason="改定").notes == ()
    assert verify(mine) == []


def test_a_code_that_comes_back_in_a_later_year(books: tuple[ReviewBook, ReviewBook]) -> None:
    mine, _ = books
    gone(mine)
    revise(mine, lambda p: renumber(p, "a2", "a"), from_year=2026, reason="元に戻す")
    assert known_elsewhere(mine, "a", 2025) == "令和8年度からのコードで、この年度では「a2」"
