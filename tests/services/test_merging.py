"""Two copies of one book, filled apart: nothing lost, nothing decided for people, quiet the second time."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from books import A24, contents, new_book, opened
from builders import indicator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workers import number

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.improvement import Result
from shakyo_review.domain.person import Role
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.tree_edits import add_indicator, change_indicator, renumber
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import BookProblem, ConflictFound, ImportRefused, NotAllowed, WrongUsage
from shakyo_review.exchange.rows import Entry
from shakyo_review.services import council, evaluating, improving, people, sealing, submitting
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import ReasonNeeded, record
from shakyo_review.services.incoming import Side, Undecided
from shakyo_review.services.json_views import document, score_view
from shakyo_review.services.merging import Merge, look
from shakyo_review.services.merging.compare import meaning
from shakyo_review.services.merging.words import conflict_text
from shakyo_review.services.merging.writing import Merged, apply, decide
from shakyo_review.services.reviewing import opinions_of, promises
from shakyo_review.services.revising import revise
from shakyo_review.services.sealing import sealed_results
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import examine, verify
from shakyo_review.services.year_views import seal_differences
from shakyo_review.storage import facts as fact_rows

C24 = CellKey("c", 2024, Kind.ACTUAL)
MONEY24 = CellKey("1-1.f1", 2024, Kind.SETTLEMENT)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_book(tmp_path_factory.mktemp("merging") / "book.db")


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "事務局.db"))


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "持ち帰り.db"))


def at(path: Path, work: Callable[[ReviewBook], object], who: str = "事務局") -> Any:
    with opened(path, who) as book:
        return work(book)


def types(path: Path, key: CellKey, value: int, who: str = "事務局", **more: Any) -> None:
    at(path, lambda book: record(book, key, number(value), **more), who)


def joins(
    path: Path, other: Path, side: Side | None = None, *, reason: str = "", dry_run: bool = False
) -> Merged:
    """Merge, and see that the book is sound and that a second time changes nothing."""
    before = contents(other)
    with opened(path, "合わせた人") as book:
        found = look(book, other)
        done = apply(book, found, decide(found, side), reason=reason, dry_run=dry_run)
        if not dry_run:
            assert verify(book) == seal_differences(book) == []
            held = contents(path)
            again = look(book, other)
            assert again.differences == ()
            apply(book, again)
            assert contents(path) == held
    assert contents(other) == before
    assert all(line.well for line in examine(path, "事務局"))
    return done


def looked(path: Path, other: Path) -> Merge:
    return at(path, lambda book: look(book, other))  # type: ignore[no-any-return]


def value(path: Path, key: CellKey) -> Decimal | None:
    return at(path, lambda book: book.cells(key.year).get(key).reading.value)  # type: ignore[no-any-return]


def test_what_only_the_other_changed_is_taken_with_whose_it_was(office: Path, home: Path) -> None:
    types(home, A24, 512, "佐藤", reason="数え直し")
    types(home, C24, 7, "佐藤", note="出張講座")
    types(office, CellKey("a", 2025, Kind.ACTUAL), 530)
    looked_at = joins(office, home, dry_run=True)
    assert value(office, A24) == 480
    assert joins(office, home).lines == looked_at.lines
    assert (value(office, A24), value(office, C24)) == (512, 7)
    assert value(office, CellKey("a", 2025, Kind.ACTUAL)) == 530
    with opened(office) as book:
        taken = [one for one in book.history() if one.entity == "cell" and "持ち帰り" in one.reason]
    assert {one.who for one in taken} == {"合わせた人"}
    assert "佐藤、" in taken[0].reason
    assert "数え直し" in taken[0].reason


def test_the_same_change_in_both_is_quiet(office: Path, home: Path) -> None:
    for path, who in ((office, "事務局"), (home, "佐藤")):
        types(path, A24, 512, who)
        at(path, lambda b: evaluating.evaluate(b, "1-1", 2024, "self", "B", comment="良い"), who)
    before = contents(office)
    assert joins(office, home).changed == 0
    assert contents(office) == before


def test_different_changes_wait_for_a_decision(office: Path, home: Path) -> None:
    types(office, A24, 490)
    types(home, A24, 512, "佐藤")
    types(home, C24, 7, "佐藤")
    before = contents(office)
    with opened(office) as book:
        found = look(book, home)
        assert (len(found.changes), len(found.conflicts)) == (1, 1)
        told = conflict_text(book, found, found.conflicts[0])
        assert "令和6年度 実績" in told
        assert "「490」（事務局、" in told
        assert "「512」（佐藤、" in told
        with pytest.raises(Undecided) as refused:
            apply(book, found)
    assert refused.value.problems == (told,)
    assert contents(office) == before
    done = joins(office, home, Side.BOOK)
    assert (value(office, A24), value(office, C24)) == (490, 7)
    assert "512（佐藤、" in done.left[0]
    with opened(office) as book:
        assert done.left[0] in book.history(newest=1)[0].reason  # what was not taken is not lost
    # the other way round the same decision has been made already
    assert joins(home, office).changed == 1
    assert value(home, A24) == 490
    # and a later change of the other is not decided by it
    types(home, A24, 520, "佐藤")
    assert joins(office, home).changed == 1
    assert value(office, A24) == 520


def test_figure_and_note_of_a_cell_are_merged_apart(office: Path, home: Path) -> None:
    with opened(office) as book:
        record(book, A24, number(480), note="会場を増やした")
    types(home, A24, 512, "佐藤")
    joins(office, home)
    with opened(office) as book:
        cell = book.cells(2024).get(A24)
        assert (cell.reading, cell.note) == (number(512), "会場を増やした")


def test_new_opinions_and_promises_of_both_are_kept_and_answers_follow(
    office: Path, home: Path
) -> None:
    for path, word in ((office, "事務局の"), (home, "自宅の")):
        with opened(path) as book:
            council.add_opinion(book, "ALL", 2024, f"{word}意見")
            improving.add_improvement(book, "1-1", 2024, f"{word}約束")
            sealing.open_year(book, 2025)
            improving.answer_improvement(book, "2024-1", 2025, Result.KEPT, f"{word}答え")
    with opened(home) as book:
        council.answer_opinion(book, 2024, 1, "検討します")
    found = looked(office, home)
    assert any("1番は、この台帳では2番" in remark for remark in found.remarks)
    for path, other in ((office, home), (home, office)):
        joins(path, other)
        with opened(path) as book:
            said = {one.opinion.text: one.opinion.answer for one in opinions_of(book, 2024)}
            assert said == {"事務局の意見": "", "自宅の意見": "検討します"}
            kept = {one.improvement.text: one.answers[2025].text for one in promises(book)}
            assert kept == {"事務局の約束": "事務局の答え", "自宅の約束": "自宅の答え"}


def test_an_opinion_answered_here_after_a_merge_is_the_same_opinion(
    office: Path, home: Path
) -> None:
    at(office, lambda b: council.add_opinion(b, "ALL", 2024, "図を"))
    at(home, lambda b: council.add_opinion(b, "ALL", 2024, "字を"))
    joins(office, home)
    at(office, lambda b: council.answer_opinion(b, 2024, 2, "大きくします"))
    joins(office, home)
    joins(home, office)
    with opened(home) as book:
        told = {one.opinion.text: one.opinion.answer for one in opinions_of(book, 2024)}
    assert told == {"字を": "大きくします", "図を": ""}


def test_letters_meetings_and_directions_given_differently_are_conflicts(
    office: Path, home: Path
) -> None:
    for path, letter, word, there in ((office, "B", "継続", "青木"), (home, "C", "改善", "井上")):
        with opened(path) as book:
            evaluating.evaluate(book, "1-1", 2024, "self", letter, reason="見た")
            improving.set_direction(book, "1-1", 2024, word)
            stage = book.plan.evaluation.stages[-1].code
            council.hold_meeting(book, 2024, stage, day="2025-06-02", present=[there])
    found = looked(office, home)
    assert {one.thing.entity for one in found.conflicts} == {"rating", "direction", "meeting"}
    with opened(office) as book:
        single = [("1-1", 2024, Side.SOURCE), ("ALL", None, Side.BOOK)]
        apply(book, found, decide(found, None, single))
        assert verify(book) == []
        letters = {fact.key.code: fact.data["rating"] for fact in book.facts("rating", 2024)}  # type: ignore[index]
        assert letters == {"1-1": "C"}
        assert book.facts("meeting", 2024)[0].data["present"] == ["青木"]  # type: ignore[index]
        with pytest.raises(WrongUsage, match="決めるところがありません"):
            decide(found, None, [("2-1", None, Side.BOOK)])


def test_money_is_merged(office: Path, home: Path) -> None:
    at(home, lambda b: take_over(b, [Entry(0, MONEY24, number(1500))]))
    joins(office, home)
    with opened(office) as book:
        line = book.plan.items["1-1"].node.funding[0]
        assert line.settlement[2024] == 1500
    at(office, lambda b: take_over(b, [Entry(0, MONEY24, Reading(State.NOT_ENTERED))]))
    at(home, lambda b: take_over(b, [Entry(0, MONEY24, number(1600))]))
    assert len(looked(office, home).conflicts) == 1


def fill(book: ReviewBook) -> None:
    for code in ("c", "r", "m"):
        record(book, CellKey(code, 2024, Kind.ACTUAL), Reading(State.CANCELLED))


def seal(book: ReviewBook) -> None:
    fill(book)
    sealing.open_year(book, 2024)
    sealing.start_evaluation(book, 2024)
    sealing.seal(book, 2024)


def test_a_year_sealed_here_stays_as_it_is_until_it_is_opened_again(
    office: Path, home: Path
) -> None:
    at(office, seal)
    types(home, A24, 512, "佐藤")
    types(home, CellKey("a", 2025, Kind.ACTUAL), 530, "佐藤")
    done = joins(office, home)
    assert (done.changed, len(done.left)) == (1, 1)
    assert value(office, A24) == 480
    assert "確定しているため" in looked(office, home).remarks[0]
    at(office, lambda b: sealing.reopen(b, 2024, "数え直し"))
    joins(office, home, reason="数え直し")
    assert value(office, A24) == 512


def test_a_year_sealed_there_is_taken_as_it_was_sealed(office: Path, home: Path) -> None:
    types(home, A24, 512, "佐藤")
    at(home, seal)
    at(home, lambda b: council.add_opinion(b, "ALL", 2025, "来年へ"))
    joins(office, home)
    with opened(office) as here, opened(home) as there:
        assert here.state(2024).closed
        assert sealed_results(here, 2024) == sealed_results(there, 2024) is not None
    at(home, lambda b: sealing.correct(b, A24, number(515), "転記の誤り"))
    at(home, lambda b: sealing.publish(b, 2024, "2025-08-01"))
    joins(office, home)
    with opened(office) as here, opened(home) as there:
        assert sealed_results(here, 2024) == sealed_results(there, 2024)
        assert here.state(2024) == there.state(2024)


def test_a_year_sealed_there_and_changed_here_is_refused(office: Path, home: Path) -> None:
    at(home, seal)
    types(office, A24, 490)
    before = contents(office)
    with pytest.raises(ImportRefused, match=r"元の台帳にして（--book）"):
        looked(office, home)
    assert contents(office) == before
    assert len(joins(home, office).left) == 1


def test_a_year_sealed_there_under_a_plan_changed_here_is_refused(office: Path, home: Path) -> None:
    at(home, seal)
    at(office, lambda b: revise(b, lambda p: renumber(p, "b", "b9"), from_year=2024, reason="改定"))
    with pytest.raises(ImportRefused, match="その年度の計画を改めています"):
        looked(office, home)
    with pytest.raises(ImportRefused, match="確定しています"):
        looked(home, office)


def test_a_letter_over_figures_changed_here_is_pointed_out(office: Path, home: Path) -> None:
    at(home, lambda b: evaluating.evaluate(b, "1-1", 2024, "self", "B"))
    types(office, A24, 490)
    assert "1-1の評価は、この台帳で変えた値を見ずに" in looked(office, home).remarks[0]


def test_a_year_under_evaluation_asks_for_a_reason(office: Path, home: Path) -> None:
    at(office, fill)
    at(office, lambda b: sealing.start_evaluation(b, 2024))
    types(home, A24, 512, "佐藤")
    with opened(office) as book:
        found = look(book, home)
        with pytest.raises(ReasonNeeded, match="理由が要ります"):
            apply(book, found)
    joins(office, home, reason="持ち帰り分")
    with opened(office) as book:
        assert any("持ち帰り分" in one.reason for one in book.history("a"))


def wider(plan: Plan) -> Plan:
    plan = renumber(renumber(plan, "c", "c2"), "2-1", "2-9")
    return add_indicator(
        change_indicator(plan, "b", decimals=3), "2-9", indicator("n", measure="annual")
    )


def test_a_plan_changed_in_one_copy_is_taken_with_everything_in_its_place(
    office: Path, home: Path
) -> None:
    types(office, CellKey("c", 2025, Kind.ACTUAL), 9)
    at(office, lambda b: council.add_opinion(b, "2-1", 2025, "相談を"))
    at(home, lambda b: revise(b, wider, from_year=2025, reason="中間見直し", day="2025-04-01"))
    types(home, CellKey("n", 2025, Kind.ACTUAL), 3)
    types(home, CellKey("b", 2024, Kind.ACTUAL), 1)
    joins(office, home)
    with opened(office) as here, opened(home) as there:
        assert here.editions.same_plan(there.editions)
        assert here.cells(2025).get(CellKey("c2", 2025, Kind.ACTUAL)).reading == number(9)
        assert here.cells(2025).get(CellKey("n", 2025, Kind.ACTUAL)).reading == number(3)
        assert [one.code for one in opinions_of(here, 2025)] == ["2-9"]
    joins(home, office)
    assert figures(office) == figures(home)


def test_a_baseline_corrected_in_one_copy_comes_with_the_plan(office: Path, home: Path) -> None:
    key = CellKey("a", 2022, Kind.BASELINE)
    at(home, lambda b: take_over(b, [Entry(0, key, number(410))]))
    assert joins(office, home).lines == (
        "計画の第1版（計画の初めから）: 「持ち帰り.db」のものにする",
    )
    with opened(office) as book:
        assert book.plan.indicators["a"].baseline.value == 410
    assert joins(home, office).changed == 0


def test_codes_of_the_newer_plan_here_are_those_the_other_gets(office: Path, home: Path) -> None:
    at(office, lambda b: revise(b, wider, from_year=2025, reason="中間見直し"))
    types(home, CellKey("c", 2025, Kind.ACTUAL), 9)
    at(home, lambda b: council.add_opinion(b, "2-1", 2025, "相談を"))
    joins(office, home)
    with opened(office) as book:
        assert book.cells(2025).get(CellKey("c2", 2025, Kind.ACTUAL)).reading == number(9)
        assert [one.code for one in opinions_of(book, 2025)] == ["2-9"]


def test_plans_changed_in_both_or_against_what_was_done_are_refused(
    office: Path, home: Path
) -> None:
    at(home, lambda b: revise(b, wider, from_year=2025, reason="中間見直し"))
    types(office, CellKey("b", 2025, Kind.ACTUAL), 1)  # b has other decimals there
    with pytest.raises(ImportRefused, match="合わなくなっています"):
        looked(office, home)
    at(office, lambda b: revise(b, lambda p: renumber(p, "c", "c3"), from_year=2025, reason="別"))
    with pytest.raises(ImportRefused, match="両方で改められている"):
        looked(office, home)


def test_people_and_passphrases_stay(office: Path, home: Path) -> None:
    at(home, lambda b: people.add(b, "事務局", Role.SECRETARIAT))
    at(home, lambda b: people.set_passphrase(b, "事務局", "さくらの木のした"))
    types(home, A24, 512)
    assert "利用者" in looked(office, home).remarks[0]
    joins(office, home)
    held = contents(office)
    assert (held["person"], held["passphrase"]) == ([], [])
    at(office, lambda b: people.add(b, "花子", Role.SECRETARIAT), "花子")
    at(office, lambda b: people.add(b, "田中", Role.MEMBER, ["社協"]), "花子")
    with pytest.raises(NotAllowed, match="別の台帳を合わせること"):
        at(office, lambda b: look(b, home), "田中")


def test_somebody_writes_while_it_is_looked_at(office: Path, home: Path) -> None:
    types(home, A24, 512)
    with opened(office) as book:
        found = look(book, home)
        types(office, C24, 1)
        with pytest.raises(ConflictFound, match="ほかの人に変えられました"):
            apply(book, found)
    assert value(office, A24) == 480


# --- files that are no copy ------------------------------------------------------------------


def text_file(path: Path, _: Path) -> None:
    path.write_text("これは台帳ではありません" * 100, encoding="utf-8")


def stranger(path: Path, _: Path) -> None:
    new_book(path, "よその社協")


def loop(path: Path, _: Path) -> None:
    path.symlink_to(path)


def same(path: Path, office: Path) -> None:
    path.symlink_to(office)


def newer(path: Path, office: Path) -> None:
    shutil.copy(office, path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()


def altered(path: Path, office: Path) -> None:
    shutil.copy(office, path)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE cell SET value = 999 WHERE value = 480")
    db.close()


def torn(path: Path, office: Path) -> None:
    content = bytearray(office.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    path.write_bytes(content)


def locked(path: Path, office: Path) -> None:
    shutil.copy(office, path)
    _holders.append(db := sqlite3.connect(path, isolation_level=None))
    db.execute("BEGIN EXCLUSIVE")


_holders: list[sqlite3.Connection] = []

BAD = {
    text_file: "社協レビューの台帳ではありません",
    stranger: "この台帳の写しではありません",
    loop: "写し.db",
    same: "同じファイルです",
    newer: "新しい版",
    altered: "履歴と値が一致しません",
    torn: "壊れています",
    locked: "別のプログラムが書き込み中です",
    (lambda path, _: path.mkdir()): "フォルダです",
    (lambda path, _: None): "がありません",
}


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_file_that_is_no_copy_is_refused_in_a_sentence(
    office: Path,
    tmp_path: Path,
    make: Callable[[Path, Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHAKYO_REVIEW_BUSY_SECONDS", "0")
    other = tmp_path / "写し.db"
    make(other, office)
    before = contents(office)
    with pytest.raises((WrongUsage, BookProblem, ImportRefused), match=BAD[make]) as told:
        looked(office, other)
    assert str(told.value).endswith("。")
    assert contents(office) == before
    while _holders:
        _holders.pop().close()


def test_a_write_protected_copy_in_a_write_protected_folder_is_read(
    office: Path, home: Path, tmp_path: Path
) -> None:
    types(home, A24, 512, "佐藤")
    stick = tmp_path / "USB"
    stick.mkdir()
    copy = Path(shutil.move(home, stick / "b.db"))
    copy.chmod(0o444)
    stick.chmod(0o555)
    try:
        assert joins(office, copy).changed == 1
    finally:
        stick.chmod(0o755)


# --- at random -------------------------------------------------------------------------------

YEARS = (2024, 2025)
ITEMS = ("1", "1-1", "2-1")
LETTERS = ("A", "B", "C")


def wander(path: Path, seed: int, who: str) -> None:
    """Do a dozen things a person may do, as the dice say."""
    dice = random.Random(seed)
    with opened(path, who) as book:
        for _ in range(dice.randint(3, 9)):
            year, item = dice.choice(YEARS), dice.choice(ITEMS)
            word = dice.choice(("あ", "い"))
            match dice.randrange(8):
                case 0 | 1 | 2:
                    key = CellKey(dice.choice("abc"), year, dice.choice((Kind.ACTUAL, Kind.TARGET)))
                    typed = dice.choice((number(dice.randint(1, 3)), Reading(State.CANCELLED)))
                    record(book, key, typed, note=dice.choice((None, word)))
                case 3:
                    council.add_opinion(book, item, year, word, day="2025-06-01")
                case 4:
                    improving.add_improvement(book, item, 2024, word)
                    first = promises(book)[0]
                    sealing.open_year(book, 2025)
                    improving.answer_improvement(book, first.number, 2025, Result.NOT, word)
                case 5:
                    evaluating.evaluate(book, item, 2024, "self", dice.choice(LETTERS), reason=word)
                case 6:
                    improving.set_direction(
                        book, item, year if year == 2024 else 2024, "継続", word
                    )
                case 7:
                    submitting.submit(book, 2024, "社協", word)


def figures(path: Path) -> dict[Any, Any]:
    with opened(path) as book:
        return {
            year: [
                (cell.key, cell.reading, cell.note)
                for _, cell in sorted(book.cells(year).cells.items())
            ]
            for year in YEARS
        }


def said(path: Path) -> list[str]:
    """Return what people said by what it means; promises stand for their numbers."""
    with opened(path) as book:
        texts = {one.number: f"{one.code}{one.improvement.text}" for one in promises(book)}
        found = []
        for fact in fact_rows.read_all(book.file.db):
            key = fact.key
            part = "" if key.part.isdecimal() else texts.get(key.part, key.part)
            found.append(
                repr((key.entity, key.year, key.code, part, meaning(key.entity, fact.data)))
            )
    return sorted(found)


def remembered(path: Path) -> str:
    """Return all that stands or stood in a book, and what a merge did not take."""
    return repr(contents(path))


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.tuples(*[st.integers(0, 10**6)] * 4), st.booleans())
def test_either_way_the_same_book_comes_of_it(
    template: Path, tmp_path: Path, seeds: tuple[int, ...], here: bool
) -> None:
    a, b, x, y = (Path(shutil.copy(template, tmp_path / f"{name}.db")) for name in "abxy")
    wander(a, seeds[0], "事務局")
    wander(b, seeds[1], "佐藤")
    shutil.copy(a, x)
    shutil.copy(b, y)
    keep, give = (Side.BOOK, Side.SOURCE) if here else (Side.SOURCE, Side.BOOK)
    joins(a, b, keep)
    joins(y, x, give)
    assert figures(a) == figures(y)
    assert said(a) == said(y)
    for path in (b, x):  # every value of both is in the result, or in its history
        for line in facts_of(path):
            assert line in remembered(a)
    # both go on apart, and meet again
    wander(a, seeds[2], "事務局")
    wander(y, seeds[3], "佐藤")
    joins(a, y, keep)
    joins(y, a)
    assert figures(a) == figures(y)
    assert said(a) == said(y)
    with opened(a) as one, opened(y) as other:
        scores = [document(score_view(book.score(2024), {}, sealed=False)) for book in (one, other)]
    assert scores[0] == scores[1]


def facts_of(path: Path) -> list[str]:
    """Return the texts and numbers that people wrote into a copy."""
    with opened(path) as book:
        found = [
            str(fact.data[name])
            for fact in fact_rows.read_all(book.file.db)
            for name in ("text", "rating", "word", "reason")
            if fact.data and fact.data.get(name)
        ]
        for year in YEARS:
            for cell in book.cells(year).cells.values():
                found += [str(cell.reading.value)] if cell.reading.value is not None else []
    return found


def test_the_row_of_a_merge_names_the_end_it_took_in(office: Path, home: Path) -> None:
    types(home, A24, 512, "佐藤")
    joins(office, home)
    last = max(contents(office)["history"])
    told = json.loads(next(text for text in last if isinstance(text, str) and "heads" in text))
    assert told["heads"][0]["hash"] in max(contents(home)["history"])
