"""What each role may do: every act through the services, and that a refusal changes nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from books import A24, contents, new_book, opened, small_plan

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.improvement import Result
from shakyo_review.domain.person import Act, Role, acting
from shakyo_review.domain.plan import Owner, Plan
from shakyo_review.domain.tree_edits import change_node
from shakyo_review.domain.value import parse_value
from shakyo_review.errors import NotAllowed
from shakyo_review.exchange.rows import Entry
from shakyo_review.services import council, improving, people, sealing, submitting
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record, restore
from shakyo_review.services.evaluating import evaluate, recuse, send_back, withdraw
from shakyo_review.services.making import make_book
from shakyo_review.services.revising import revise
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import restore as restore_book
from shakyo_review.services.upkeep import verify

SECRETARIAT, MEMBER, COUNCIL, STRANGER = "花子", "田中", "鈴木", "通りがかり"
EVERYBODY = (SECRETARIAT, MEMBER, COUNCIL, STRANGER)
OWN, OTHERS = "社協", "市（福祉課）"


def write(book: ReviewBook, code: str, kind: Kind = Kind.ACTUAL, text: str = "77") -> None:
    record(book, CellKey(code, 2024, kind), parse_value(text, decimals=0))


def with_committee() -> Plan:
    """The small plan, which names the members of 委員会評価."""
    plan = small_plan()
    stages = tuple(
        stage.model_copy(update={"members": (MEMBER, COUNCIL, "佐藤")})
        if stage.code == "committee"
        else stage
        for stage in plan.evaluation.stages
    )
    process = plan.evaluation.model_copy(update={"stages": stages})
    return plan.model_copy(update={"evaluation": process})


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A book in each state of 2024: entry, evaluation, sealed; with the same people."""
    folder = tmp_path_factory.mktemp("roles")
    path = folder / "entry.db"
    make_book(path, with_committee(), SECRETARIAT)
    with opened(path, SECRETARIAT) as book:
        for code, value in (("c", "12"), ("r", "30"), ("m", "2")):
            write(book, code, text=value)
        people.add(book, SECRETARIAT, Role.SECRETARIAT)
        people.add(book, MEMBER, Role.MEMBER, [OWN])
        people.add(book, COUNCIL, Role.COUNCIL)
        sealing.open_year(book, 2024)
        improving.add_improvement(book, "1-1", 2024, "会場をふやす")
        improving.add_improvement(book, "2-1", 2024, "窓口をふやす")
        council.add_opinion(book, "1-1", 2024, "もっと知らせて", member=COUNCIL)
    evaluated = Path(shutil.copy(path, folder / "evaluation.db"))
    with opened(evaluated, SECRETARIAT) as book:
        sealing.start_evaluation(book, 2024)
        sealing.open_year(book, 2025)
        evaluate(book, "1-1", 2024, "self", "B", reason="話し合い")
        evaluate(book, "2-1", 2024, "self", "B", reason="話し合い")
    sealed = Path(shutil.copy(evaluated, folder / "sealed.db"))
    with opened(sealed, SECRETARIAT) as book:
        sealing.seal(book, 2024)
    with opened(path, SECRETARIAT) as book:
        write(book, "a", text="4800")  # ten times last year: to be confirmed
    return {"entry": path, "evaluation": evaluated, "sealed": sealed}


def undo(book: ReviewBook) -> None:
    cell = book.cells(2024).get(A24)
    record(book, A24, parse_value("5", decimals=0))
    restore(book, cell, expected_version=cell.version + 1)


def taken(*rows: tuple[str, Kind, str]) -> Callable[[ReviewBook], object]:
    def take(book: ReviewBook) -> object:
        entries = [
            Entry(place, CellKey(code, 2024, kind), parse_value(text, decimals=0), None, "")
            for place, (code, kind, text) in enumerate(rows, 2)
        ]
        return take_over(book, entries, reason="取り込み")

    return take


def rate(
    code: str, stage: str, label: str | None = "C", member: str = ""
) -> Callable[[ReviewBook], object]:
    return lambda book: evaluate(book, code, 2024, stage, label, member=member, reason="話し合い")


A, T = Kind.ACTUAL, Kind.TARGET
BOTH = (SECRETARIAT, MEMBER)
ONLY = (SECRETARIAT,)
ACTS: dict[str, tuple[str, tuple[str, ...], Callable[[ReviewBook], object]]] = {
    "an own actual": ("entry", BOTH, lambda b: write(b, "a")),
    "another's actual": ("entry", ONLY, lambda b: write(b, "c")),
    "a state and a note": (
        "entry",
        BOTH,
        lambda b: record(b, A24, parse_value("中止", decimals=0), note="台風のため"),
    ),
    "an own target": ("entry", ONLY, lambda b: write(b, "a", T)),
    "undo": ("entry", BOTH, undo),
    "own rows": ("entry", BOTH, taken(("a", A, "1"), ("a", T, "500"), ("b", A, "1"))),
    "own rows, a target changed": ("entry", ONLY, taken(("a", A, "1"), ("a", T, "501"))),
    "a row of another": ("entry", ONLY, taken(("a", A, "1"), ("c", A, "13"))),
    "an unchanged row of another": ("entry", ONLY, taken(("a", A, "1"), ("c", A, "12"))),
    "money": ("entry", ONLY, taken(("1-1.f1", Kind.SETTLEMENT, "1"))),
    "submit": ("entry", BOTH, lambda b: submitting.submit(b, 2024, OWN)),
    "submit for another": ("entry", ONLY, lambda b: submitting.submit(b, 2024, OTHERS)),
    "self-evaluation": ("entry", BOTH, rate("1-1", "self")),
    "by the name of the stage": ("entry", BOTH, rate("1-1", "自己評価")),
    "another's self-evaluation": ("entry", ONLY, rate("2-1", "self")),
    "the whole goal above the own item": ("entry", ONLY, rate("1", "self")),
    "a later stage": ("evaluation", ONLY, rate("1-1", "internal")),
    "a letter where the plan names no members": (
        "evaluation",
        ONLY,
        rate("2-1", "internal", "C", COUNCIL),
    ),
    "a member's letter": ("evaluation", BOTH, rate("2-1", "committee", "C", MEMBER)),
    "a council member's letter": (
        "evaluation",
        (SECRETARIAT, COUNCIL),
        rate("2-1", "committee", "C", COUNCIL),
    ),
    "a letter in another's name": ("evaluation", ONLY, rate("1-1", "committee", "C", "佐藤")),
    "own name, another's self-evaluation": ("entry", ONLY, rate("2-1", "self", "C", MEMBER)),
    "the council's name in the self-evaluation": (
        "entry",
        ONLY,
        rate("1-1", "self", "C", COUNCIL),
    ),
    "take the own letter back": (
        "evaluation",
        BOTH,
        lambda b: withdraw(b, "1-1", 2024, "self", "書き直す"),
    ),
    "take another's letter back": (
        "evaluation",
        ONLY,
        lambda b: withdraw(b, "2-1", 2024, "self", "書き直す"),
    ),
    "send back": ("evaluation", ONLY, lambda b: send_back(b, "1-1", 2024, "internal", "不足")),
    "recuse": ("evaluation", ONLY, lambda b: recuse(b, "1-1", 2024, "committee", MEMBER, "当事者")),
    "direction": ("evaluation", ONLY, lambda b: improving.set_direction(b, "1-1", 2024, "拡充")),
    "promise": ("evaluation", ONLY, lambda b: improving.add_improvement(b, "1-1", 2024, "広げる")),
    "answer the own promise": (
        "evaluation",
        BOTH,
        lambda b: improving.answer_improvement(b, "2024-1", 2025, Result.KEPT, "ふやした"),
    ),
    "answer another's promise": (
        "evaluation",
        ONLY,
        lambda b: improving.answer_improvement(b, "2024-2", 2025, Result.KEPT, "ふやした"),
    ),
    "confirm": ("entry", ONLY, lambda b: improving.confirm_value(b, "a", 2024, "会場がふえた")),
    "an opinion": (
        "entry",
        (SECRETARIAT, MEMBER, COUNCIL),
        lambda b: council.add_opinion(b, "2-1", 2024, "よい"),
    ),
    "an opinion in another's name": (
        "entry",
        ONLY,
        lambda b: council.add_opinion(b, "1-1", 2024, "よい", member="佐藤"),
    ),
    "answer an opinion": (
        "entry",
        ONLY,
        lambda b: council.answer_opinion(b, 2024, 1, "知らせます"),
    ),
    "meeting": (
        "evaluation",
        ONLY,
        lambda b: council.hold_meeting(b, 2024, "committee", present=[COUNCIL]),
    ),
    "open a year": ("entry", ONLY, lambda b: sealing.open_year(b, 2025)),
    "begin to evaluate": ("entry", ONLY, lambda b: sealing.start_evaluation(b, 2024)),
    "back to entry": ("evaluation", ONLY, lambda b: sealing.back_to_entry(b, 2024, "抜けていた")),
    "seal": ("evaluation", ONLY, lambda b: sealing.seal(b, 2024)),
    "publish": ("sealed", ONLY, lambda b: sealing.publish(b, 2024)),
    "open again": ("sealed", ONLY, lambda b: sealing.reopen(b, 2024, "誤り")),
    "erratum": (
        "sealed",
        ONLY,
        lambda b: sealing.correct(b, A24, parse_value("481", decimals=0), "数えまちがい"),
    ),
    "plan": (
        "entry",
        ONLY,
        lambda b: revise(
            b, lambda p: change_node(p, "1-1", name="集い"), from_year=2025, reason="改称"
        ),
    ),
    "add a person": ("entry", ONLY, lambda b: people.add(b, "新人", Role.COUNCIL)),
    "change oneself": ("entry", ONLY, lambda b: people.change(b, MEMBER, role=Role.SECRETARIAT)),
    "remove a person": ("entry", ONLY, lambda b: people.remove(b, COUNCIL)),
    "set a passphrase": (
        "entry",
        ONLY,
        lambda b: people.set_passphrase(b, MEMBER, "さくらの木のした"),
    ),
}


@pytest.mark.parametrize("what", ACTS)
def test_who_may(stages: dict[str, Path], tmp_path: Path, what: str) -> None:
    state, allowed, do = ACTS[what]
    for who in EVERYBODY:
        path = Path(shutil.copy(stages[state], tmp_path / f"{who}.db"))
        before = contents(path)
        with opened(path, who) as book:
            if who in allowed:
                do(book)
                assert verify(book) == []
            else:
                with pytest.raises(NotAllowed) as told:
                    do(book)
                assert told.value.message.endswith("。")
                assert told.value.exit_status == 1
                assert (who in told.value.message) == (who not in (SECRETARIAT,))
        assert (contents(path) != before) == (who in allowed), who


def test_what_may_says_is_what_happens(stages: dict[str, Path]) -> None:
    """Screens ask ``may``: the same answers as the services give."""
    asked: list[tuple[Act, str | None, dict[str, str], str]] = [
        (Act.ACTUAL, "a", {}, "SM"),
        (Act.ACTUAL, "c", {}, "S"),
        (Act.ACTUAL, None, {}, "SM"),
        (Act.TARGET, "a", {}, "S"),
        (Act.RATE, "1-1", {"stage": "self"}, "SM"),
        (Act.RATE, "1-1", {"stage": "internal"}, "S"),
        (Act.RATE, "1-1", {"stage": "committee", "under": COUNCIL}, "SC"),
        (Act.OPINION, "2-1", {"under": MEMBER}, "SM"),
        (Act.SEAL, None, {}, "S"),
        (Act.PEOPLE, None, {}, "S"),
    ]
    letters = {SECRETARIAT: "S", MEMBER: "M", COUNCIL: "C", STRANGER: "X"}
    for who, letter in letters.items():
        with opened(stages["entry"], who) as book:
            for act, code, more, allowed in asked:
                assert book.may(act, code, 2024, **more) == (letter in allowed), (who, act, code)  # type: ignore[arg-type]
            assert (book.person is None) == (who == STRANGER)


def test_the_first_row_of_another_is_named_and_nothing_is_taken(
    stages: dict[str, Path], tmp_path: Path
) -> None:
    path = Path(shutil.copy(stages["entry"], tmp_path / "b.db"))
    with opened(path, MEMBER) as book:
        with pytest.raises(
            NotAllowed, match=r"^3行目: .*c（市（福祉課））は担当ではありません.*社協"
        ):
            taken(("a", A, "1"), ("c", A, "13"), ("r", A, "31"))(book)
        with pytest.raises(NotAllowed, match="--as 名前"):
            opened(path, STRANGER).check(Act.ACTUAL, "a")
    with opened(path, "田　中") as book:  # widths and spaces make no other person
        write(book, "a")


def test_a_restored_backup_replaces_a_book_only_by_the_secretariat(
    stages: dict[str, Path], tmp_path: Path
) -> None:
    path = Path(shutil.copy(stages["entry"], tmp_path / "b.db"))
    for who in (MEMBER, COUNCIL, STRANGER):
        with pytest.raises(NotAllowed, match="事務局だけ"):
            restore_book(stages["sealed"], path, who)
    assert contents(path) == contents(stages["entry"])
    assert restore_book(stages["sealed"], path, SECRETARIAT) is not None
    path.write_bytes(b"SQLite format 3\x00 broken")
    restore_book(stages["sealed"], path, STRANGER)  # a broken book tells nobody who may
    assert contents(path) == contents(stages["sealed"])


def test_where_nobody_is_registered_everybody_may_do_everything(tmp_path: Path) -> None:
    with opened(new_book(tmp_path / "b.db"), STRANGER) as book:
        assert book.person is None
        assert all(book.may(act, "a", 2024) for act in Act)
        write(book, "a", T)


def test_permission_is_that_of_the_moment(stages: dict[str, Path], tmp_path: Path) -> None:
    """Removed, given another committee, or the item given to another one: by somebody else, meanwhile."""
    path = Path(shutil.copy(stages["entry"], tmp_path / "b.db"))
    with opened(path, MEMBER) as mine, opened(path, SECRETARIAT) as theirs:
        write(mine, "a")
        people.change(theirs, MEMBER, owners=[OTHERS])
        with pytest.raises(NotAllowed, match="担当ではありません"):
            write(mine, "a", text="78")
        write(mine, "c")
        people.remove(theirs, MEMBER)
        with pytest.raises(NotAllowed, match="登録されていない"):
            write(mine, "c", text="78")
        assert mine.person is None
        assert not mine.may(Act.ACTUAL, "c", 2024)


def test_a_renamed_committee_is_followed(stages: dict[str, Path], tmp_path: Path) -> None:
    path = Path(shutil.copy(stages["entry"], tmp_path / "b.db"))

    def given_to(name: str) -> Callable[[Plan], Plan]:
        return lambda plan: change_node(plan, "1-1", owners=(Owner(part=name, name=name),))

    with opened(path, SECRETARIAT) as book:
        outcome = revise(book, given_to("地域課"), from_year=2025, reason="機構の改革")
        assert outcome.notes == (
            "担当「社協」が「地域課」に変わるため、田中さんの担当に「地域課」を加えます",
        )
        member = acting(book.people, MEMBER)
        assert member is not None
        assert member.owners == ("社協", "地域課")
        merged = revise(book, given_to("福祉課"), from_year=2026, reason="統合", dry_run=True)
        assert merged.notes[0].startswith("担当「地域課」が「福祉課」に変わるため")
        assert acting(book.people, MEMBER) == member
        assert verify(book) == []
    with opened(path, MEMBER) as book:
        write(book, "a")
        record(book, CellKey("a", 2025, A), parse_value("5", decimals=0))
