"""A sealed year shows what was sealed, whatever changes after it; errata of figures and of money."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import workers
from books import contents, opened
from test_races import swapped
from test_sealing import ready_book

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.money import money_of
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.scale import Scale
from shakyo_review.domain.tree_edits import change_indicator, change_plan
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ImportRefused, ReviewError, ValueProblem, WrongUsage
from shakyo_review.exchange.rows import Entry
from shakyo_review.services import sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import ReasonNeeded, record
from shakyo_review.services.exchanging import import_file
from shakyo_review.services.improving import confirm_value
from shakyo_review.services.publishing import publish_report
from shakyo_review.services.revising import revise
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import verify
from shakyo_review.services.year_views import errata_of, seal_differences
from shakyo_review.storage import plans as plan_rows

BUDGET = CellKey("1-1.f1", 2024, Kind.BUDGET)
SETTLEMENT = CellKey("1-1.f1", 2024, Kind.SETTLEMENT)
BLANK = Reading(State.NOT_ENTERED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return ready_book(tmp_path / "b.db")


def money(book: ReviewBook, year: int = 2024) -> tuple[int | None, int | None]:
    found = money_of(book.plan_of(year), year, book.score(year).indicators).total
    return found.budget.total, found.settlement.total


def shown(book: ReviewBook, out: Path, year: int = 2024) -> dict[str, Any]:
    """All that a sealed year shows."""
    (report,) = publish_report(book, year, ["html"], out)
    return {
        "score": sealing.sealed_results(book, year),
        "money": money(book, year),
        "findings": book.findings(year),
        "compare": repr(book.compare([year]).indicators),
        "report": report.read_text(encoding="utf-8"),
        "plan": plan_rows.plan_text(book.plan_of(year)),
        "differs": sealing.recomputed_differs(book, year),
        "wrong": seal_differences(book),
    }


def change_all(book: ReviewBook) -> None:
    """Change all that can be changed after 2024 is sealed."""
    for number, kind in enumerate((Kind.BUDGET, Kind.SETTLEMENT), 1):
        for year in (2025, 2026):
            take_over(book, [Entry(2, CellKey("1-1.f1", year, kind), workers.number(900 + number))])
    sealing.open_year(book, 2025)
    record(book, CellKey("a", 2025, Kind.ACTUAL), workers.number(1))
    revise(
        book,
        lambda p: change_plan(
            p, title="改めた計画", scale=Scale.preset("agency"), rule_set=RuleSet.preset("gifu")
        ),
        from_year=2025,
        reason="規則を改める",
    )
    revise(book, swapped, from_year=2026, reason="番号")
    revise(
        book, lambda p: change_indicator(p, "a", unit="回", weight=3), from_year=2026, reason="単位"
    )


def test_a_sealed_year_shows_what_was_sealed(path: Path, tmp_path: Path) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
        before = shown(book, tmp_path / "1")
        change_all(book)
        assert shown(book, tmp_path / "1") == before
        assert verify(book) == []
    with opened(path) as book:
        assert shown(book, tmp_path / "1") == before


def test_money_of_a_sealed_year_is_refused_with_a_way_out(path: Path) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
        with pytest.raises(ReviewError, match="errata"):
            take_over(book, [Entry(2, BUDGET, workers.number(7))], reason="x")


def test_an_erratum_of_money(path: Path) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
        said, cells = sealing.sealed_results(book, 2024), contents(path)["cell"]
        made = sealing.correct(book, SETTLEMENT, workers.number(1190), "決算の転記の誤り")
        assert (made.key, made.reading.value) == (SETTLEMENT, 1190)
        assert money(book) == (1200, 1190)
        assert book.plan.items["1-1"].node.funding[0].settlement[2024] == 1190
        assert sealing.sealed_results(book, 2024) == said
        assert contents(path)["cell"] == cells
        (one,) = errata_of(book, 2024)
        assert (one.key, one.reason, one.number) == (SETTLEMENT, "決算の転記の誤り", 1)
        assert (one.old["value"], one.new["value"]) == ("1180", "1190")
        assert not sealing.recomputed_differs(book, 2024)
        sealing.correct(book, CellKey("a", 2024, Kind.ACTUAL), workers.number(481), "転記の誤り")
        assert money(book) == (1200, 1190), "a later erratum keeps the corrected money"
        sealing.correct(book, BUDGET, BLANK, "予算はなかった")
        assert money(book) == (None, 1190)
        assert [e.number for e in errata_of(book, 2024)] == [1, 2, 3]
        assert verify(book) == []
        rows = [r for r in book.history("1-1.f1", 2024) if r.entity == "funding"]
        assert rows[-1].reason == "予算はなかった"
    with opened(path) as book:
        assert money(book) == (None, 1190)
        sealing.reopen(book, 2024, "追加")
        assert money(book) == (None, 1190)
        sealing.seal(book, 2024)
        assert money(book) == (None, 1190)
        assert verify(book) == []


@pytest.mark.parametrize(
    ("key", "reading", "error"),
    [
        (SETTLEMENT, workers.number(1180), WrongUsage),
        (SETTLEMENT, Reading(State.VALUE, Decimal("0.5")), ValueProblem),
        (SETTLEMENT, Reading(State.VALUE, Decimal(10) ** 30), ValueProblem),
        (SETTLEMENT, Reading(State.CANCELLED), ValueProblem),
        (CellKey("1-1.f9", 2024, Kind.BUDGET), workers.number(1), WrongUsage),
        (CellKey("a", 2024, Kind.BUDGET), workers.number(1), WrongUsage),
        (CellKey("1-1.f1", 2024, Kind.BUDGET, "kita"), workers.number(1), WrongUsage),
        (CellKey("1-1.f1", 2025, Kind.BUDGET), workers.number(1), WrongUsage),
        (CellKey("1-1.f1", 2024, Kind.ACTUAL), workers.number(1), WrongUsage),
        (CellKey("a", 2024, Kind.BASELINE), workers.number(1), WrongUsage),
        (CellKey("a", 2024, Kind.FINAL_TARGET), workers.number(1), WrongUsage),
    ],
)
def test_an_erratum_that_makes_no_sense(
    path: Path, key: CellKey, reading: Reading, error: type[ReviewError]
) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
    before = contents(path)
    with opened(path) as book, pytest.raises(error):
        sealing.correct(book, key, reading, "x")
    assert contents(path) == before


def test_the_seal_after_reopening_has_the_money_of_that_day(path: Path) -> None:
    with opened(path) as book:
        first, _ = sealing.seal(book, 2024)
        take_over(book, [Entry(2, CellKey("1-1.f1", 2025, Kind.BUDGET), workers.number(5))])
        assert 2025 not in book.plan_of(2024).items["1-1"].node.funding[0].budget
        sealing.reopen(book, 2024, "追加")
        take_over(book, [Entry(2, BUDGET, workers.number(1300))], reason="補正予算")
        second, _ = sealing.seal(book, 2024)
        assert money(book) == (1300, 1180)
        (line,) = second.edition.plan.items["1-1"].node.funding
        assert line.budget == {2024: 1300, 2025: 5}
        assert first.edition.plan.items["1-1"].node.funding[0].budget == {2024: 1200}
        assert verify(book) == []
        kept = {(f["entity"], f["code"]) for f in second.facts["facts"]}
        assert kept == {("rating", "1-1")}


# --- an import while a year is evaluated ---------------------------------------------------------


def table(path: Path, *rows: str) -> Path:
    head = "indicator,fiscal_year,branch,period,kind,value,state,measured_year,note"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def test_an_import_into_a_year_under_evaluation_needs_a_reason(path: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", "a,2024,,,actual,481,,,", "1-1.f1,2024,,,budget,1300,,,")
    before = contents(path)
    with opened(path) as book:
        for dry_run in (True, False):
            with pytest.raises(ReasonNeeded, match="令和6年度"):
                import_file(book, file, dry_run=dry_run)
        assert contents(path) == before
        assert import_file(book, file, reason="補正").changed == 2
        assert {r.reason for r in book.history(year=2024)[-2:]} == {"補正"}
        assert import_file(book, file).changed == 0, "what changes nothing needs no reason"
        assert import_file(book, table(tmp_path / "u.csv", "a,2025,,,actual,1,,,")).changed == 1
        assert book.history(year=2025)[-1].reason == "取り込み（u.csv）"


def test_bad_rows_are_named_before_a_reason_is_asked_for(path: Path) -> None:
    entries = [
        Entry(2, CellKey("a", 2024, Kind.ACTUAL), workers.number(7)),
        Entry(3, BUDGET, Reading(State.CANCELLED)),
    ]
    with opened(path) as book, pytest.raises(ImportRefused, match="3行目"):
        take_over(book, entries)


def test_the_results_are_json(path: Path) -> None:
    with opened(path) as book:
        sealing.seal(book, 2024)
        assert json.loads(sealing.sealed_results(book, 2024) or "")["sealed"]


def test_a_year_sealed_right_after_a_value_was_typed(path: Path) -> None:
    """What is kept of a value just recorded is what is read back: all its decimals."""
    key = CellKey("b", 2024, Kind.ACTUAL)
    with opened(path) as book:
        book.score(2024)
        stored = record(book, key, workers.number(1), reason="訂正").cell
        with opened(path) as other:
            assert (
                str(stored.reading.value) == str(other.cells(2024).get(key).reading.value) == "1.00"
            )
        for finding in book.findings(2024):
            if finding.odd:
                confirm_value(book, "b", 2024, "確かめた")
                break
        sealing.seal(book, 2024)
        assert not sealing.recomputed_differs(book, 2024)
