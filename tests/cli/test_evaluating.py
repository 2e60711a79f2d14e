"""Letters by stage: given, joined, sent back, taken back; meetings, recusals; two people at once."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from books import contents
from commandline import command, environment, run
from judged_books import (
    YEAR,
    document,
    does,
    evaluate,
    fill_in,
    judged_book,
    meet,
    refused,
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return judged_book(tmp_path / "b.db")


@pytest.fixture
def open_book(book: Path) -> Path:
    """R6 is being evaluated, and the committee has met."""
    fill_in(book)
    meet(book, "田中", "鈴木", "高橋")
    return book


def item(book: Path, code: str, *words: str) -> dict[str, Any]:
    shown: Any = document(book, "stages", *YEAR, *words)
    return next(one for one in shown["items"] if one["code"] == code)


def test_a_letter_is_shown_beside_the_computed_one(book: Path) -> None:
    shown = evaluate(book, "1-1", "self", "--rating", "ｂ", "--comment", "概ね順調")
    head, _, row = shown.splitlines()
    assert head.split() == [
        *("コード", "名前", "計算", "自己評価", "内部評価", "委員会評価", "評価", "備考")
    ]
    assert row.split() == ["1-1", "集いの場づくり", "B", "B", "－", "－", "B"]


def test_a_stage_by_its_name_and_the_outcome_as_json(book: Path) -> None:
    words = ("evaluate", "1-1", *YEAR, "--stage", "自己評価", "--rating", "A", "--reason", "見込み")
    told: Any = document(book, *words, "--date", "2025/4/30")
    assert (told["computed"], told["official"], told["official_stage"]) == ("B", "A", "自己評価")
    assert told["differs"] is True
    given = told["stages"][0]["given"]
    assert (given["rating"], given["reason"], given["date"]) == ("A", "見込み", "2025-04-30")
    assert given["comment"] is None


def test_a_changed_letter_tells_which_it_replaced(book: Path) -> None:
    evaluate(book, "1-1", "self", "--rating", "B", who="山田")
    words = ("evaluate", "1-1", *YEAR, "--stage", "self", "--rating", "C", "--reason", "精査")
    done = run("--book", book, "--as", "鈴木", *words)
    assert done.status == 0
    assert "「B」（山田）" in done.err
    assert "「C」（鈴木）" in done.err
    assert "評価 1-1 R6 自己評価: B → C（精査）" in does(book, "history", "1-1")


def test_a_letter_expected(book: Path) -> None:
    evaluate(book, "1-1", "self", "--rating", "B", "--expect", "")
    words = ("evaluate", "1-1", *YEAR, "--stage", "self", "--rating", "B", "--comment", "x")
    assert "「B」" in refused(book, *words, "--expect", "A", status=1)
    assert "「B」" in refused(book, *words, "--expect", "", status=1)
    evaluate(book, "1-1", "self", "--rating", "B", "--comment", "x", "--expect", "B")


def test_members_are_joined_and_a_tie_is_told(open_book: Path) -> None:
    for member, letter in (("田中", "A"), ("鈴木", "B")):
        evaluate(open_book, "2-1", "committee", "--member", member, "--rating", letter)
    assert "並んでいます" in refused(
        open_book, "evaluate", "2-1", *YEAR, "--stage", "committee", "--joined", status=1
    )
    row = item(open_book, "2-1", "--differ")
    committee = row["stages"][2]
    assert (committee["rating"], committee["joined"], committee["counts"]) == (
        None,
        None,
        {"A": 1, "B": 1},
    )
    assert "並んでいます" in committee["problem"]
    evaluate(open_book, "2-1", "committee", "--member", "高橋", "--rating", "B")
    evaluate(open_book, "2-1", "committee", "--joined")
    assert item(open_book, "2-1")["official"] == "B"


def test_absent_and_recused_members_do_not_count(open_book: Path) -> None:
    for member, letter in (("田中", "A"), ("鈴木", "B"), ("佐藤", "B")):
        evaluate(open_book, "2-1", "committee", "--member", member, "--rating", letter)
    words = ("--recuse", "鈴木", "--reason", "事業の当事者")
    told = evaluate(open_book, "2-1", "committee", *words)
    assert "除斥の鈴木は数えない" in told
    assert "欠席の佐藤は数えない" in told
    evaluate(open_book, "2-1", "committee", "--joined")
    assert item(open_book, "2-1")["official"] == "A"
    explained = does(open_book, "explain", "2-1", *YEAR)
    assert "委員会評価の除斥: 鈴木（事業の当事者）" in explained
    assert "評価: A（委員会評価）" in explained


def test_sent_back_and_given_anew(open_book: Path) -> None:
    evaluate(open_book, "1-1", "self", "--rating", "B")
    shown = evaluate(open_book, "1-1", "internal", "--send-back", "--reason", "根拠が弱い")
    assert "差し戻し中（B）" in shown
    assert "根拠が弱い" in shown
    assert item(open_book, "1-1")["official"] is None
    listed = does(open_book, "stages", *YEAR).splitlines()
    first = listed[listed.index(next(line for line in listed if line.startswith("----"))) + 1]
    assert first.startswith("1-1"), "what was sent back comes first"
    evaluate(open_book, "1-1", "self", "--rating", "C", "--reason", "見直し")
    row = item(open_book, "1-1")
    assert (row["official"], row["sent_back"]) == ("C", True)
    steps = does(open_book, "explain", "1-1", *YEAR)
    assert "自己評価の差し戻し: 内部評価から B を差し戻し" in steps
    assert "自己評価: C" in steps
    evaluate(open_book, "1-1", "self", "--withdraw", "--reason", "誤入力")
    assert item(open_book, "1-1")["official"] is None


def test_stages_of_one_stage_and_those_that_differ(open_book: Path) -> None:
    assert "ありません" in does(open_book, "stages", *YEAR, "--differ")
    evaluate(open_book, "1-1", "self", "--rating", "A", "--reason", "努力")
    shown: Any = document(open_book, "stages", *YEAR, "--differ")
    assert [one["code"] for one in shown["items"]] == ["1-1"]
    shown = document(open_book, "stages", *YEAR, "--stage", "committee")
    assert [one["code"] for one in shown["items"]] == ["2-1"]
    assert [one["stage"] for one in shown["items"][0]["stages"]] == ["committee"]
    committee = shown["stages"][0]
    assert (committee["quorum"], committee["quorum_problem"]) == ("50", None)
    assert committee["meetings"][0]["absent"] == ["佐藤"]


def test_the_agenda_of_a_meeting_says_why_each_item_is_there(open_book: Path) -> None:
    before: Any = document(open_book, "stages", *YEAR, "--agenda")
    codes = {one["code"] for one in before["items"]}
    other = next(c for c in ("1-1", "2-1") if c not in codes) if len(codes) < 2 else "1-1"
    evaluate(open_book, other, "self", "--rating", "D", "--reason", "協議の結果")
    shown: Any = document(open_book, "stages", *YEAR, "--agenda")
    row = next(one for one in shown["items"] if one["code"] == other)
    assert (shown["open"], shown["settled"]) == (len(shown["items"]), 0)
    assert {"computed", "missed"} <= {reason["topic"] for reason in row["reasons"]}
    assert row["stages"][0]["rating"] == "D"
    told = does(open_book, "stages", *YEAR, "--agenda")
    assert "計算と評価が違う（計算" in told
    assert "判定が低い（評価 D" in told
    assert "一緒には使えません" in refused(
        open_book, "stages", *YEAR, "--agenda", "--differ", status=2
    )


def test_meetings(book: Path) -> None:
    assert "記録されていない" in does(book, "meeting", "list", *YEAR)
    told = meet(book, "田中")
    assert "4人中1人で、定足数（50%）に足りません" in told
    assert "満たしています" in meet(book, "田中", "鈴木")
    listed: Any = document(book, "meeting", "list", *YEAR, "--stage", "委員会評価")
    assert [len(one["present"]) for one in listed["stages"][0]["meetings"]] == [2]
    assert "定めはありません" in does(
        book, "meeting", "add", *YEAR, "--stage", "self", "--present", "山田"
    )


SELF = ("--stage", "self")
COMMITTEE = ("--stage", "committee")
BAD: dict[str, tuple[list[str], int, list[str]]] = {
    "a year not open": (
        ["evaluate", "1-1", "--year", "R7", *SELF, "--rating", "B"],
        2,
        ["令和7年度", "year open"],
    ),
    "a year outside the plan": (
        ["evaluate", "1-1", "--year", "R20", *SELF, "--rating", "B"],
        2,
        ["令和20年度"],
    ),
    "a letter not of the scale": (
        ["evaluate", "1-1", *YEAR, *SELF, "--rating", "特A"],
        1,
        ["特A", "A、B、C、D"],
    ),
    "an empty letter": (["evaluate", "1-1", *YEAR, *SELF, "--rating", ""], 1, ["A、B、C、D"]),
    "a later stage while entry is open": (
        ["evaluate", "2-1", *YEAR, *COMMITTEE, "--rating", "A"],
        2,
        ["記入", "委員会評価", "year evaluate"],
    ),
    "a departure without a reason": (
        ["evaluate", "1-1", *YEAR, *SELF, "--rating", "A"],
        1,
        ["計算による判定「B」", "理由"],
    ),
    "a 再掲": (["evaluate", "1-2", *YEAR, *SELF, "--rating", "B"], 2, ["1-1"]),
    "an unknown item": (["evaluate", "9-9", *YEAR, *SELF, "--rating", "B"], 2, ["9-9"]),
    "nothing to do": (["evaluate", "1-1", *YEAR, *SELF], 2, ["--rating"]),
    "two things to do": (
        ["evaluate", "1-1", *YEAR, *SELF, "--rating", "B", "--withdraw"],
        2,
        ["--rating"],
    ),
    "a comment that would be lost": (
        ["evaluate", "1-1", *YEAR, *SELF, "--withdraw", "--comment", "x"],
        2,
        ["--comment", "--withdraw"],
    ),
    "a day that is none": (
        ["evaluate", "1-1", *YEAR, *SELF, "--rating", "B", "--date", "2月30日"],
        2,
        ["2月30日"],
    ),
    "a reason of blanks": (
        ["evaluate", "1-1", *YEAR, *SELF, "--rating", "A", "--reason", "　"],
        1,
        ["計算による判定「B」"],
    ),
    "a member without a name": (
        ["evaluate", "1-1", *YEAR, *SELF, "--rating", "B", "--member", " "],
        1,
        ["委員の名前"],
    ),
    "a name no terminal can show": (
        ["evaluate", "1-1", *YEAR, *SELF, "--rating", "B", "--member", "田\x1b[2J中"],
        1,
        ["委員の名前"],
    ),
    "nothing to send back": (
        ["evaluate", "1-1", *YEAR, *SELF, "--send-back", "--reason", "x"],
        2,
        ["差し戻せる評価"],
    ),
    "sending back without a reason": (
        ["evaluate", "1-1", *YEAR, *SELF, "--send-back"],
        1,
        ["差し戻しの理由"],
    ),
    "nothing to take back": (
        ["evaluate", "1-1", *YEAR, *SELF, "--withdraw", "--reason", "x"],
        2,
        ["取り下げる評価"],
    ),
    "a present and absent member": (
        ["meeting", "add", *YEAR, *COMMITTEE, "--present", "田中", "--absent", "田中"],
        2,
        ["田中"],
    ),
    "a stranger at a meeting": (
        ["meeting", "add", *YEAR, *COMMITTEE, "--present", "山本"],
        2,
        ["山本", "鈴木"],
    ),
    "a meeting of a year not open": (
        ["meeting", "add", "--year", "R7", *COMMITTEE, "--present", "田中"],
        2,
        ["令和7年度"],
    ),
    "stages of another year": (["stages", "--year", "R20"], 2, ["令和20年度"]),
}


@pytest.mark.parametrize(("words", "status", "told"), BAD.values(), ids=BAD)
def test_a_bad_evaluation(book: Path, words: list[str], status: int, told: list[str]) -> None:
    text = refused(book, *words, status=status)
    for part in told:
        assert part in text


def test_an_unknown_stage_names_those_there_are(book: Path) -> None:
    before = book.read_bytes()
    done = run("--book", book, "evaluate", "1-1", *YEAR, "--stage", "最終", "--rating", "B")
    assert done.status == 2
    assert "「最終」" in done.error
    assert "committee（委員会評価）" in done.error
    assert book.read_bytes() == before


def test_bad_ratings_of_the_committee(book: Path) -> None:
    fill_in(book)
    words = ("evaluate", "2-1", *YEAR, *COMMITTEE)
    assert "定足数" in refused(book, *words, "--rating", "A", status=2)
    meet(book, "田中")
    assert "定足数（50%）に足りません" in refused(book, *words, "--rating", "A", status=2)
    meet(book, "田中", "鈴木")
    evaluate(book, "2-1", "committee", "--recuse", "田中", "--reason", "当事者")
    told = refused(book, *words, "--member", "田中", "--rating", "A", status=2)
    assert "除斥" in told
    assert "当事者" in told
    assert "山本" in refused(book, *words, "--member", "山本", "--rating", "A", status=2)
    assert "対象ではありません" in refused(
        book, "evaluate", "1-1", *YEAR, *COMMITTEE, "--rating", "B", status=2
    )
    evaluate(book, "2-1", "committee", "--member", "鈴木", "--rating", "B")
    assert "まとめ「B」" in refused(book, *words, "--rating", "A", status=1)
    evaluate(book, "2-1", "committee", "--rating", "A", "--reason", "話し合い")


# --- two processes ----------------------------------------------------------------------------


def at_once(*started: list[str]) -> list[tuple[int, str, str]]:
    """Run commands at the same moment; returns status, output and errors of each."""
    running = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
        for words in started
    ]
    ended = []
    for one in running:
        out, err = one.communicate(timeout=120)
        ended.append((one.returncode, out.decode("utf-8"), err.decode("utf-8")))
    return ended


def test_two_people_rate_the_same_item_at_once(book: Path) -> None:
    """Who expects no letter and finds one is refused; nobody's letter is lost."""
    who = [f"担当{n}" for n in range(4)]
    words = ("evaluate", "1-1", *YEAR, *SELF, "--rating", "B", "--expect", "")
    ended = at_once(*(command("--book", book, "--as", name, *words) for name in who))
    assert sorted(status for status, _, _ in ended) == [0, 1, 1, 1], ended
    for status, out, err in ended:
        assert (status == 0) == bool(out)
        assert "Traceback" not in err
        if status:
            assert "上書きはしていません" in err
    rows = [row for row in contents(book)["history"] if "rating" in row]
    assert len(rows) == 1


def test_members_rate_at_once_and_all_count(open_book: Path) -> None:
    words = ("evaluate", "2-1", *YEAR, *COMMITTEE, "--rating", "B", "--member")
    ended = at_once(
        *(command("--book", open_book, *words, name) for name in ("田中", "鈴木", "高橋"))
    )
    assert [status for status, _, _ in ended] == [0, 0, 0], ended
    assert item(open_book, "2-1")["stages"][2]["counts"] == {"B": 3}
