"""提出: who has submitted, what was left, and what has changed since."""

from pathlib import Path

import pytest
from books import A24, new_book, opened

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.person import Role
from shakyo_review.domain.value import State, parse_value
from shakyo_review.errors import NotAllowed, WrongUsage
from shakyo_review.services.blocks import Wish, annotate, odd_before, record_block
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import CellConflict, ReasonNeeded, record
from shakyo_review.services.people import add
from shakyo_review.services.reviewing import gaps
from shakyo_review.services.sealing import start_evaluation
from shakyo_review.services.submitting import submissions, submit, withdraw
from shakyo_review.services.telling import fact_text
from shakyo_review.storage.history import Change

YEAR = 2024
CITY = "市（福祉課）"


@pytest.fixture
def book(tmp_path: Path) -> ReviewBook:
    with opened(new_book(tmp_path / "b.db"), "山田") as book:
        yield book


def state(book: ReviewBook) -> dict[str, tuple[int, int, str]]:
    return {
        one.owner: (one.entered, one.total, one.submitted_text) for one in submissions(book, YEAR)
    }


def last(book: ReviewBook) -> Change:
    return book.history(newest=1)[0]


def test_blanks_are_named_and_need_a_reason_and_later_changes_are_counted(book: ReviewBook) -> None:
    assert state(book) == {"社協": (2, 2, "未提出"), CITY: (0, 3, "未提出")}
    assert not [gap for gap in gaps(book, YEAR) if "提出" in gap.text]
    submit(book, YEAR, "社協")
    with pytest.raises(
        ReasonNeeded, match="入っていない実績が3件あります（相談件数の累計、解決した割合、測定値）"
    ):
        submit(book, YEAR, CITY)
    assert [(g.blocks, g.committee) for g in gaps(book, YEAR) if "提出して" in g.text] == [
        (False, CITY)
    ]
    made = submit(book, YEAR, CITY, "集計待ち")
    assert (made.by, made.blanks, made.reason) == ("山田", 3, "集計待ち")
    assert fact_text("submission", last(book).new) == "提出（空欄3件、集計待ち）"
    record(book, A24, parse_value("470"))
    record(book, A24, parse_value("475"))
    annotate(book, CellKey("b", YEAR, Kind.ACTUAL), "窓口で数えた", expected_version=1)
    assert state(book)["社協"] == (2, 2, "提出後に2件変更")
    assert state(book)[CITY] == (0, 3, "提出済み")
    submit(book, YEAR, "社協", "数え直した")
    assert state(book)["社協"][2] == "提出済み"
    withdraw(book, YEAR, "社協")
    assert state(book)["社協"][2] == "未提出"
    with pytest.raises(WrongUsage, match="まだ提出していません"):
        withdraw(book, YEAR, "社協")
    with pytest.raises(WrongUsage, match="担当「総務」は計画にありません"):
        submit(book, YEAR, "総務")
    with pytest.raises(WrongUsage, match="まだ開いていません"):
        submit(book, YEAR + 1, "社協", "早めに")


def test_members_submit_for_their_own_committee_only(book: ReviewBook) -> None:
    add(book, "山田", Role.SECRETARIAT)
    add(book, "佐藤", Role.MEMBER, ["社協"])
    assert len([gap for gap in gaps(book, YEAR) if "提出して" in gap.text]) == 2
    with opened(book.path, "佐藤") as mine:
        submit(mine, YEAR, "社協")
        with pytest.raises(NotAllowed, match="担当ではありません"):
            submit(mine, YEAR, CITY, "代わりに")
        wish = Wish(CellKey("c", YEAR, Kind.ACTUAL), parse_value("5"), 0)
        with pytest.raises(NotAllowed):
            record_block(mine, [wish])
        with pytest.raises(NotAllowed):
            annotate(mine, wish.key, "代わりに書く", expected_version=0)
    assert state(book) == {"社協": (2, 2, "提出済み"), CITY: (0, 3, "未提出")}


def test_a_block_is_stored_whole_or_not_at_all(book: ReviewBook) -> None:
    b, c = CellKey("b", YEAR, Kind.ACTUAL), CellKey("c", YEAR, Kind.ACTUAL)
    wishes = [
        Wish(A24, parse_value("4800"), 1),
        Wish(b, parse_value("0.09", decimals=2), 1),
        Wish(c, parse_value("中止"), 0),
    ]
    assert list(odd_before(book, wishes)) == [A24]
    before = len(book.history())
    with pytest.raises(CellConflict, match=r"^b R6 実績は、事務局が"):
        record_block(book, [wishes[0], Wish(b, wishes[1].reading, 0)])
    assert len(book.history()) == before
    outcomes = record_block(book, wishes)
    assert len(outcomes[0].warnings) == 1
    assert book.cells(YEAR).get(c).reading.state is State.CANCELLED
    assert str(book.score(YEAR).indicators["a"].actual.reading.value) == "4800"
    start_evaluation(book, YEAR)
    with pytest.raises(ReasonNeeded):
        record_block(book, [Wish(A24, parse_value("480"), 2)])


def test_a_sentence_leaves_the_figure_as_it_is(book: ReviewBook) -> None:
    key = CellKey("a", YEAR, Kind.ACTUAL)
    record(book, key, parse_value("480"), measured_year=2023)
    outcome = annotate(book, key, " 12回開いた\r\n参加は480人 ", expected_version=2)
    cell = book.cells(YEAR).get(key)
    assert (cell.note, cell.measured_year, cell.version) == ("12回開いた\n参加は480人", 2023, 3)
    assert outcome.changed
    with pytest.raises(CellConflict):
        annotate(book, key, "あとから", expected_version=2)


def test_wards_are_named_in_a_conflict(book: ReviewBook) -> None:
    key = CellKey("a", YEAR, Kind.ACTUAL, "kita", "Q1")
    record(book, key, parse_value("5"))
    with pytest.raises(CellConflict, match=r"^a R6 実績 北区 第1四半期は、山田が"):
        record(book, key, parse_value("6"), expected_version=0)
