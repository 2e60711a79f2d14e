"""Figures that come in from elsewhere: three-way comparison, decisions, and all or nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from books import A24, contents, new_book, opened
from workers import number

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.person import Role
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ConflictFound, ImportRefused, NotAllowed
from shakyo_review.exchange.rows import COLUMNS
from shakyo_review.services import people, sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import ReasonNeeded, record
from shakyo_review.services.exchanging import import_file, is_long_csv, read_incoming
from shakyo_review.services.incoming import (
    Incoming,
    Proposed,
    Side,
    Undecided,
    apply,
    place,
    shown,
    standing,
)

C24 = CellKey("c", 2024, Kind.ACTUAL)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[ReviewBook]:
    with opened(new_book(tmp_path / "b.db"), "取込係") as book:
        yield book


def proposed(
    book: ReviewBook,
    key: CellKey,
    value: int,
    *,
    given: Cell | None = None,
    note: str | None = None,
) -> Proposed:
    """What a source says about a cell it got as ``given`` (None: as it stands now)."""
    now = book.cells(key.year).get(key)
    after = replace(now, reading=number(value), note=now.note if note is None else note)
    return Proposed(key, f"シート「社協」の{key.indicator}1", now, after, given or now)


def incoming(*proposals: Proposed, unchanged: int = 0) -> Incoming:
    return Incoming("記入シート.xlsx", proposals, unchanged)


def test_changes_are_written_with_the_source_in_the_history(book: ReviewBook) -> None:
    both = incoming(
        proposed(book, A24, 512, note="出張講座を加えた"), proposed(book, C24, 7), unchanged=3
    )
    looked = apply(book, both, dry_run=True)
    assert book.cells(2024).get(A24).reading == number(480)
    done = apply(book, both)
    assert (done.changed, done.unchanged) == (looked.changed, looked.unchanged) == (2, 3)
    assert (
        looked.lines
        == done.lines
        == (
            "a R6 実績: 480 → 512、実施内容「出張講座を加えた」",
            "c R6 実績: 空欄 → 7",
        )
    )
    cell = book.cells(2024).get(A24)
    assert (cell.reading, cell.note) == (number(512), "出張講座を加えた")
    assert book.history(newest=1)[0].reason == "取り込み（記入シート.xlsx）"
    assert (
        apply(book, incoming(replace(both.proposals[1], before=book.cells(2024).get(C24)))).changed
        == 0
    )


def test_a_conflict_waits_for_a_decision(book: ReviewBook) -> None:
    given = book.cells(2024).get(A24)
    record(book, A24, number(490))
    one = proposed(book, A24, 512, given=given)
    both = incoming(one, proposed(book, C24, 7))
    assert (both.conflicts, len(both.changes)) == ((one,), 1)
    before = contents(book.path)
    with pytest.raises(Undecided) as told:
        apply(book, both)
    (problem,) = told.value.problems
    assert problem.startswith(
        "シート「社協」のa1（a 参加者数 令和6年度 実績）: 台帳は「490」（取込係、"
    )
    assert problem.endswith("取り込む値は「512」です。")
    assert contents(book.path) == before
    assert apply(book, both, {A24: Side.BOOK}).lines == ("c R6 実績: 空欄 → 7",)
    assert book.cells(2024).get(A24).reading == number(490)
    assert apply(book, incoming(one), {A24: Side.SOURCE}).changed == 1
    assert book.cells(2024).get(A24).reading == number(512)


def test_figure_and_sentence_move_on_apart(book: ReviewBook) -> None:
    """The book has got a sentence, the source another figure: nothing to decide."""
    given = book.cells(2024).get(A24)
    record(book, A24, given.reading, note="会場が増えた")
    one = proposed(book, A24, 512, given=given)
    assert not one.conflict
    assert proposed(book, A24, 512, given=given, note="講座").conflict
    assert not proposed(book, A24, 480, given=book.cells(2024).get(A24), note="講座").conflict


def test_a_figure_changed_while_it_was_looked_at_is_told(book: ReviewBook) -> None:
    both = incoming(proposed(book, A24, 512), proposed(book, C24, 7))
    with opened(book.path, "田中") as other:
        record(other, A24, number(500))
    with pytest.raises(ConflictFound, match=r"台帳は「500」（田中、.*取り込む値は「512」"):
        apply(book, both)
    assert book.cells(2024).get(C24).version == 0


def test_places_and_values_are_written_as_on_the_screens(book: ReviewBook) -> None:
    key = CellKey("a", 2024, Kind.ACTUAL, "kita", "Q1")
    assert place(book, proposed(book, key, 5)) == "a 参加者数 令和6年度 北区 第1四半期 実績"
    assert shown(book, Cell(A24, number(-1234))) == "△1,234"
    assert shown(book, Cell(A24)) == "空欄"
    assert shown(book, Cell(A24, number(3), measured_year=2023)) == "3（R5測定）"
    assert shown(book, Cell(A24, Reading(State.CANCELLED))) == "中止"


def test_rules_of_the_year_and_of_the_people_hold(book: ReviewBook) -> None:
    with pytest.raises(ImportRefused, match=r"シート「社協」のm1: .*桁が多すぎ"):
        apply(book, incoming(proposed(book, CellKey("m", 2024, Kind.ACTUAL), 999_999_999_999_999)))
    change = incoming(proposed(book, A24, 512))
    for code in "crm":
        record(book, CellKey(code, 2024, Kind.ACTUAL), number(3))
    sealing.start_evaluation(book, 2024)
    with pytest.raises(ReasonNeeded):
        apply(book, change)
    assert apply(book, change, reason="集計の誤り").changed == 1
    sealing.seal(book, 2024)
    with pytest.raises(ImportRefused, match=r"令和6年度は確定している"):
        apply(book, incoming(proposed(book, A24, 99)), reason="あとから")


def test_a_member_takes_in_only_what_is_own(book: ReviewBook) -> None:
    people.add(book, "取込係", Role.SECRETARIAT)
    people.add(book, "田中", Role.MEMBER, ["社協"])
    with opened(book.path, "田中") as hers:
        assert apply(hers, incoming(proposed(hers, A24, 512))).changed == 1
        with pytest.raises(NotAllowed, match=r"シート「社協」のc1: .*担当ではありません"):
            apply(hers, incoming(proposed(hers, A24, 513), proposed(hers, C24, 7)))
    assert book.cells(2024).get(A24).reading == number(512)


def test_a_long_csv_is_looked_at_before_it_is_taken_in(book: ReviewBook, tmp_path: Path) -> None:
    """Figures, amounts and dated figures; with the same outcome as taking it in at once."""
    table = tmp_path / "in.csv"
    rows = (
        "a,2024,,,actual,512,,,会場をふやした",
        "b,2024,,,actual,0.08,,,",
        "c,2024,,,actual,,,,",
        "1-1.f1,2024,,,settlement,1190,,,",
        "a,2023,,,baseline,410,,,",
    )
    table.write_text("\n".join([",".join(COLUMNS), *rows, ""]), encoding="utf-8")
    assert is_long_csv(table)
    found = read_incoming(book, table)
    assert [(one.where, one.key.kind.value) for one in found.proposals] == [
        ("2行目", "actual"),
        ("5行目", "settlement"),
        ("6行目", "baseline"),
    ]
    assert (found.unchanged, found.remarks) == (1, ("空欄の1行は、そのままです。",))
    before = book.path.read_bytes()
    looked = import_file(book, table, dry_run=True)
    assert book.path.read_bytes() == before
    assert apply(book, found).lines == looked.lines
    assert import_file(book, table).changed == 0


def test_an_amount_changed_meanwhile_is_told(book: ReviewBook) -> None:
    key = CellKey("1-1.f1", 2024, Kind.SETTLEMENT)
    before = standing(book, key)
    one = Incoming("x.csv", (Proposed(key, "2行目", before, Cell(key, number(1190))),), 0)
    apply(book, one)
    with pytest.raises(ConflictFound, match=r"2行目.*台帳は「1,190」"):
        apply(book, one)
