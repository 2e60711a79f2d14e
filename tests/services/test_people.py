"""People: registering them without locking anybody out; passphrases that nobody gets to see."""

import sqlite3
import unicodedata
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from books import contents, history_length, new_book, opened

from shakyo_review.domain.person import Role, acting
from shakyo_review.errors import BookProblem, ConflictFound, NotAllowed, ValueProblem, WrongUsage
from shakyo_review.services import people, sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.upkeep import back_up, examine, verify

WORD = "さくらの木のした"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_book(tmp_path / "b.db", "花子")


def staffed(path: Path) -> ReviewBook:
    """Open a book with a 事務局, a 委員 and a 懇話会, as the first."""
    book = opened(path, "花子")
    people.add(book, "花子", Role.SECRETARIAT)
    people.add(book, "田中　太郎", Role.MEMBER, ["市(福祉課)"])
    people.add(book, "鈴木", Role.COUNCIL)
    return book


def test_the_first_is_of_the_secretariat_and_the_last_stays(path: Path) -> None:
    with opened(path, "花子") as book:
        for role in (Role.MEMBER, Role.COUNCIL):
            with pytest.raises(NotAllowed, match="最初に登録するのは、事務局"):
                people.add(book, "鈴木", role)
        assert history_length(path) == len(book.history())
        people.add(book, "花子", Role.SECRETARIAT)
        people.add(book, "鈴木", Role.COUNCIL)
        for change in (
            lambda: people.remove(book, "花子"),
            lambda: people.change(book, "花子", role=Role.COUNCIL),
            lambda: people.change(book, "花子", role=Role.MEMBER, owners=["社協"]),
        ):
            with pytest.raises(NotAllowed, match="最後の事務局"):
                change()
        people.change(book, "鈴木", role=Role.SECRETARIAT)
        people.remove(book, "花子")
        assert [one.name for one in book.people] == ["鈴木"]
        with pytest.raises(NotAllowed, match="登録されていない"):
            people.add(book, "花子", Role.SECRETARIAT)


def test_two_who_leave_at_once_leave_one(path: Path) -> None:
    with staffed(path) as mine, opened(path, "次郎") as theirs:
        people.add(mine, "次郎", Role.SECRETARIAT)
        assert {one.name for one in theirs.people} >= {"花子", "次郎"}
        people.remove(mine, "次郎")
        with pytest.raises(NotAllowed):
            people.remove(theirs, "花子")
        seen = acting(mine.people, "鈴木")
        people.add(mine, "三郎", Role.SECRETARIAT)
        with opened(path, "三郎") as third:
            people.change(third, "鈴木", role=Role.MEMBER, owners=["社協"])
        with pytest.raises(ConflictFound, match="先に変えています"):
            people.change(mine, "鈴木", role=Role.SECRETARIAT, seen=seen)


@pytest.mark.parametrize(
    "name", ["", " 　", "あ" * 41, "a" * 10_000, "改\n行", "\x1b[31m赤", "右\u202e左", "\x00"]
)
def test_names_that_are_none(path: Path, name: str) -> None:
    with opened(path, "花子") as book, pytest.raises(ValueProblem, match="名前"):
        people.add(book, name, Role.SECRETARIAT)


@pytest.mark.parametrize(
    "name", ["[/]", "<script>alert(1)</script>", "{{7*7}}", "'; DROP--", "𠮷野"]
)
def test_odd_names_are_only_names(path: Path, name: str) -> None:
    with opened(path, name) as book:
        people.add(book, name, Role.SECRETARIAT)
        assert book.person is not None
        assert book.person.name == name
        sealing.open_year(book, 2025)
        assert verify(book) == []


def test_one_name_is_one_person(path: Path) -> None:
    with staffed(path) as book:
        for name in ("田中 太郎", "田中太郎", " 田中　太郎 ", unicodedata.normalize("NFD", "花子")):
            with pytest.raises(WrongUsage, match="すでに登録"):
                people.add(book, name, Role.COUNCIL)
        assert people.remove(book, "田中太郎").name == "田中　太郎"
        with pytest.raises(WrongUsage, match=r"登録されていません.*花子、鈴木"):
            people.change(book, "田中太郎", role=Role.COUNCIL)


def test_committees_are_those_of_the_plan(path: Path) -> None:
    with staffed(path) as book:
        member = acting(book.people, "田中太郎")
        assert member is not None
        assert member.owners == ("市（福祉課）",)  # as the plan spells it
        with pytest.raises(WrongUsage, match=r"「住民」は計画にありません。.*社協、市（福祉課）"):
            people.change(book, "田中太郎", owners=["住民"])
        with pytest.raises(WrongUsage, match="担当が要ります"):
            people.add(book, "次郎", Role.MEMBER)
        with pytest.raises(WrongUsage, match="委員だけ"):
            people.add(book, "次郎", Role.COUNCIL, ["社協"])
        assert people.change(book, "田中太郎", role=Role.COUNCIL).owners == ()
        before = contents(path)
        people.change(book, "田中太郎", role=Role.COUNCIL)
        assert contents(path) == before


def test_the_history_tells_and_verify_finds_what_was_altered(path: Path) -> None:
    with staffed(path) as book:
        people.set_passphrase(book, "鈴木", WORD)
        people.remove(book, "鈴木")
        people.add(book, "鈴木", Role.SECRETARIAT)
        told = [
            (one.branch, one.old, one.new, one.reason)
            for one in book.history()
            if one.entity == "person" and one.branch == "鈴木"
        ]
        council = {"role": "council"}
        assert told == [
            ("鈴木", None, council, ""),
            ("鈴木", council, council, "合言葉を決めた"),
            ("鈴木", council, None, ""),
            ("鈴木", None, {"role": "secretariat"}, ""),
        ]
        assert people.has_passphrases(book) == frozenset()  # gone with the person
        assert verify(book) == []
        assert all(line.well for line in examine(path, "花子"))
    with sqlite3.connect(path) as db:
        role = '{"role":"secretariat"}'
        db.execute("UPDATE person SET data = ? WHERE name = '田中　太郎'", [role])
    db.close()
    with opened(path, "花子") as book:
        assert verify(book) == [
            "利用者 田中　太郎: 履歴では「委員（担当: 市（福祉課））」ですが、台帳では「事務局」です。"
        ]
    with sqlite3.connect(path) as db:
        db.execute("UPDATE person SET data = '{\"role\":\"king\"}' WHERE name = '鈴木'")
    db.close()
    with pytest.raises(BookProblem, match="壊れています"), opened(path, "花子") as book:
        _ = book.people


def test_a_passphrase_is_the_same_word_however_it_is_typed(path: Path, tmp_path: Path) -> None:
    with staffed(path) as book:
        people.set_passphrase(book, "鈴木", "ﾊﾝｶｸが１２３４")
        back_up(book, tmp_path / "copy.db")
    for typed in (
        "ハンカクが1234",
        " ハンカクが１２３４　",
        unicodedata.normalize("NFD", "ハンカクが1234"),
    ):
        found = people.check_passphrase(path, "鈴 木", typed)
        assert found is not None
        assert found.name == "鈴木"
    assert people.check_passphrase(tmp_path / "copy.db", "鈴木", "ハンカクが1234") is not None
    for name, typed in (
        ("鈴木", "ハンカクが12345"),
        ("鈴木", ""),
        ("鈴木", "ハンカクが1234" + " " * 300),
        ("鈴木", "\x00\ud800" * 9),
        ("花子", "ハンカクが1234"),  # has none
        ("だれか", "ハンカクが1234"),
        ("", ""),
    ):
        assert people.check_passphrase(path, name, typed) is None, (name, typed)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("１２３４５６７", "短すぎます（7文字）"),
        ("あ" * 201, "長すぎ"),
        ("a\x07bcdefghi", "使えない"),
    ],
)
def test_passphrases_that_are_none(path: Path, word: str, why: str) -> None:
    with staffed(path) as book, pytest.raises(ValueProblem, match=why) as told:
        people.set_passphrase(book, "鈴木", word)
    assert word not in str(told.value)


def test_a_weaker_hash_is_renewed_at_the_next_entry(path: Path) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(WORD)
    with staffed(path) as book:
        people.set_passphrase(book, "鈴木", WORD)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE passphrase SET hash = ?", [weak])
    db.close()
    rows = history_length(path)
    assert people.check_passphrase(path, "鈴木", WORD + "よ") is None
    assert contents(path)["passphrase"] == [("鈴木", weak)]
    assert people.check_passphrase(path, "鈴木", WORD) is not None
    ((_, renewed),) = contents(path)["passphrase"]
    assert not PasswordHasher().check_needs_rehash(renewed)
    assert people.check_passphrase(path, "鈴木", WORD) is not None
    assert history_length(path) == rows
    path.chmod(0o444)
    assert people.check_passphrase(path, "鈴木", WORD) is not None


def test_an_older_book_opened_to_read_knows_nobody(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE passphrase")
        db.execute("DROP TABLE person")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_people'")
        db.execute("PRAGMA user_version = 3")
    db.close()
    before = path.read_bytes()
    assert people.check_passphrase(path, "花子", WORD) is None
    assert path.read_bytes() == before
    with sqlite3.connect(path) as db:  # the step fails at its second table: nothing of it is left
        db.execute("CREATE TABLE passphrase (x)")
    db.close()
    held = contents(path)
    with pytest.raises(BookProblem):
        opened(path, "花子")
    assert contents(path) == held
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE passphrase")
    db.close()
    with staffed(path) as book:
        assert len(book.people) == 3
        assert verify(book) == []
