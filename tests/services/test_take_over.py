"""Many figures at once: all or none, each with its history row."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from books import contents, history_length, new_book, opened, small_plan

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ImportRefused, ReviewError, ValueProblem
from shakyo_review.exchange.rows import COLUMNS, Entry
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record, understand
from shakyo_review.services.exchanging import export_file, import_file
from shakyo_review.services.taking import take_over
from shakyo_review.storage import plans


@pytest.fixture
def book(tmp_path: Path) -> Iterator[ReviewBook]:
    with opened(new_book(tmp_path / "b.db"), "取込係") as book:
        yield book


def csv(folder: Path, *rows: str) -> Path:
    path = folder / "in.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows, ""]), encoding="utf-8")
    return path


def entry(
    code: str,
    text: str,
    *,
    year: int = 2025,
    kind: Kind = Kind.ACTUAL,
    note: str = "",
    row: int = 2,
) -> Entry:
    if text.startswith("「"):
        reading = Reading(State.TEXT, text=text[1:])
    else:
        reading = understand(small_plan().indicators[code], text)
    return Entry(row, CellKey(code, year, kind), reading, None, note)


def test_every_changed_row_has_one_history_row(book: ReviewBook) -> None:
    before = history_length(book.path)
    result = take_over(
        book,
        [
            entry("a", "510"),
            entry("c", "7"),
            entry("a", "480", year=2024),
            entry("b", "0.09", year=2024),
        ],
        reason="委員会からの回答",
    )
    assert (result.changed, result.unchanged) == (3, 1)
    assert result.lines == (
        "a R7 実績: 空欄 → 510",
        "c R7 実績: 空欄 → 7",
        "b R6 実績: 0.08 → 0.09",
    )
    rows = book.history()[before:]
    assert [(row.who, row.code, row.fiscal_year, row.reason) for row in rows] == [
        ("取込係", "a", 2025, "委員会からの回答"),
        ("取込係", "c", 2025, "委員会からの回答"),
        ("取込係", "b", 2024, "委員会からの回答"),
    ]
    assert rows[2].old == {"state": "value", "value": "0.08"}
    assert rows[2].new == {"state": "value", "value": "0.09"}


def test_a_dry_run_tells_and_changes_nothing(book: ReviewBook) -> None:
    before = book.path.read_bytes()
    result = take_over(book, [entry("a", "510")], dry_run=True)
    assert result.lines == ("a R7 実績: 空欄 → 510",)
    assert book.path.read_bytes() == before
    assert book.cells(2025).get(CellKey("a", 2025, Kind.ACTUAL)).version == 0


def test_every_figure_the_book_cannot_hold_is_named_and_none_is_taken(book: ReviewBook) -> None:
    before = book.path.read_bytes()
    entries = [
        entry("a", "510", row=2),
        entry("m", "999999999999999", row=3),
        entry("c", "7", note="長" * 2001, row=4),
        entry("1-1.f1", "「未定", kind=Kind.BUDGET, row=5),
        entry("a", "「未定", kind=Kind.BASELINE, row=6),
    ]
    with pytest.raises(ImportRefused) as told:
        take_over(book, entries)
    assert [problem.split(":")[0] for problem in told.value.problems] == [
        "3行目",
        "4行目",
        "5行目",
        "6行目",
    ]
    assert "ほか 3 件" in str(told.value)
    assert book.path.read_bytes() == before


def test_a_reason_no_one_can_keep(book: ReviewBook) -> None:
    before = book.path.read_bytes()
    with pytest.raises(ValueProblem, match="理由"):
        take_over(book, [entry("a", "510")], reason="\x07")
    assert book.path.read_bytes() == before


def test_a_form_handed_back_does_not_make_examples_real(book: ReviewBook, tmp_path: Path) -> None:
    key = CellKey("a", 2026, Kind.TARGET)
    take_over(book, [entry("a", "540", year=2026, kind=Kind.TARGET)], example=True)
    export_file(book, 2026, tmp_path / "form.csv")
    before = book.path.read_bytes()
    result = import_file(book, tmp_path / "form.csv")
    assert (result.changed, result.unchanged, result.blank) == (0, 1, 9)
    assert book.path.read_bytes() == before
    assert book.cells(2026).get(key).example
    record(book, key, understand(book.plan.indicators["a"], "540"))
    assert not book.cells(2026).get(key).example


# --- figures that are no cells -----------------------------------------------------------


def test_a_baseline_keeps_its_year_in_the_history(book: ReviewBook, tmp_path: Path) -> None:
    import_file(book, csv(tmp_path, "a,2023,,,baseline,400,,,"), reason="基準年度の訂正")
    with opened(book.path) as other:
        dated = other.plan.indicators["a"].baseline
        assert (dated.value, dated.year) == (400, 2023)
        row = other.history(newest=1)[0]
    assert (row.entity, row.code, row.kind, row.fiscal_year) == ("indicator", "a", "baseline", 2023)
    assert (row.old, row.new) == ({"value": "400", "year": 2022}, {"value": "400", "year": 2023})
    assert (row.who, row.reason) == ("取込係", "基準年度の訂正")
    length = history_length(book.path)
    assert import_file(book, csv(tmp_path, "a,2023,,,baseline,400,,,")).changed == 0
    assert history_length(book.path) == length


def test_a_plan_change_counts_at_once(book: ReviewBook, tmp_path: Path) -> None:
    assert book.score(2024).indicators["b"].indicator.final_target.value is not None
    import_file(book, csv(tmp_path, "b,2026,,,final_target,0.12,,,"))
    assert str(book.score(2024).indicators["b"].indicator.final_target.value) == "0.12"


def test_a_baseline_that_contradicts_the_plan(book: ReviewBook, tmp_path: Path) -> None:
    before = book.path.read_bytes()
    with pytest.raises(
        ImportRefused, match=r"「in.csv」は取り込めません。2行目: 基準値を変えられません.*年度"
    ):
        import_file(book, csv(tmp_path, "b,2026,,,baseline,0.09,,,", "a,2025,,,actual,5,,,"))
    assert book.path.read_bytes() == before


def test_a_share_or_a_forecast_is_no_baseline(book: ReviewBook, tmp_path: Path) -> None:
    """Half of 30/100 would be an invented number."""
    before = book.path.read_bytes()
    for value in ("30/100", "30見込み"):
        with pytest.raises(ImportRefused, match="2行目"):
            import_file(book, csv(tmp_path, f"r,2023,,,baseline,{value},,,"))
    assert book.path.read_bytes() == before


def test_amounts_change_are_taken_away_and_kept_in_the_history(
    book: ReviewBook, tmp_path: Path
) -> None:
    before = history_length(book.path)
    import_file(
        book, csv(tmp_path, "1-1.f1,2024,,,settlement,1150,,,", "1-1.f1,2025,,,budget,1300,,,")
    )
    import_file(book, csv(tmp_path, "1-1.f1,2024,,,budget,,not_entered,,"))
    db, line = book.file.db, book.editions.newest.ids.funding["1-1.f1"]
    assert plans.funding_amount(db, line, 2024, "settlement") == 1150
    assert plans.funding_amount(db, line, 2025, "budget") == 1300
    assert plans.funding_amount(db, line, 2024, "budget") is None
    rows = book.history()[before:]
    assert [(row.entity, row.kind, row.old, row.new) for row in rows] == [
        ("funding", "settlement", {"value": "1180"}, {"value": "1150"}),
        ("funding", "budget", None, {"value": "1300"}),
        ("funding", "budget", {"value": "1200"}, None),
    ]


# --- from and to files -------------------------------------------------------------------


def test_what_is_exported_is_taken_back_unchanged(book: ReviewBook, tmp_path: Path) -> None:
    cells = {
        CellKey("a", 2024, Kind.ACTUAL, "kita"): "12",
        CellKey("a", 2024, Kind.ACTUAL, "minami", "Q1"): "3見込み",
        CellKey("c", 2024, Kind.ACTUAL): '「未定、"秋"に決める」',
        CellKey("r", 2024, Kind.ACTUAL, "kita"): "1/2",
        CellKey("m", 2024, Kind.ACTUAL): "△0.0001",
        CellKey("m", 2024, Kind.TARGET): "調査年度外",
    }
    for key, text in cells.items():
        record(
            book, key, understand(book.plan.indicators[key.indicator], text), note="改行\nと,コンマ"
        )
    export_file(book, 2024, tmp_path / "out.csv")
    before = book.path.read_bytes()
    assert import_file(book, tmp_path / "out.csv").changed == 0
    assert book.path.read_bytes() == before
    with opened(new_book(tmp_path / "new.db")) as other:
        import_file(other, tmp_path / "out.csv")
        assert other.score(2024) == book.score(2024)
        for key in cells:
            mine, theirs = book.cells(2024).get(key), other.cells(2024).get(key)
            assert (mine.reading, mine.note) == (theirs.reading, theirs.note)


def test_an_export_of_one_owner(book: ReviewBook, tmp_path: Path) -> None:
    assert export_file(book, 2024, tmp_path / "o.csv", "福祉課") == 6
    text = (tmp_path / "o.csv").read_text(encoding="utf-8-sig")
    assert {line.split(",")[0] for line in text.splitlines()[1:]} == {"c", "r", "m"}


def test_an_export_that_fails_leaves_the_earlier_file(book: ReviewBook, tmp_path: Path) -> None:
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(ReviewError, match=r"d\.csv.*同じ名前のフォルダ"):
        export_file(book, 2024, tmp_path / "d.csv")
    with pytest.raises(ReviewError, match="その場所がありません"):
        export_file(book, 2024, tmp_path / "no" / "x.csv")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.db", "d.csv"]
    assert contents(book.path)
