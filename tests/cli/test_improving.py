"""Opinions and answers, directions, promises and what became of them, odd values confirmed."""

from pathlib import Path
from typing import Any

import pytest
from commandline import run
from judged_books import YEAR, document, does, judged_book, refused

NEXT = ("--year", "R7")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return judged_book(tmp_path / "b.db")


@pytest.fixture
def odd(book: Path) -> Path:
    """R7 is open, and a figure of it is ten times last year's."""
    does(book, "year", "open", *NEXT)
    does(book, "record", "a", *NEXT, "--actual", "4800")
    return book


def test_opinions_and_answers(book: Path) -> None:
    assert "ありません" in does(book, "opinion", "list", *YEAR)
    told = does(book, "opinion", "add", "ALL", *YEAR, "--text", "数字が多い", "--member", "田中")
    assert "意見1番" in told
    does(book, "opinion", "add", "1-1", *YEAR, "--text", "回数を増やせないか")
    does(book, "opinion", "answer", "1", *YEAR, "--text", "図を増やします")
    shown: Any = document(book, "opinion", "list", *YEAR)
    first, second = shown["opinions"]
    assert (first["code"], first["member"], first["answer"]) == ("ALL", "田中", "図を増やします")
    assert (second["name"], second["answer"]) == ("集いの場づくり", None)
    left: Any = document(book, "opinion", "list", *YEAR, "--open")
    assert [one["number"] for one in left["opinions"]] == [2]
    lines = does(book, "opinion", "list", *YEAR).splitlines()
    assert lines[1].startswith("  回答: 図を増やします（事務局、")
    assert lines[3] == "  回答: まだ"
    assert "意見 計画全体 R6 1番: なし → 数字が多い" in does(book, "history", "--entity", "意見")


def test_an_answer_replaced_is_told(book: Path) -> None:
    does(book, "opinion", "add", "ALL", *YEAR, "--text", "数字が多い")
    does(book, "opinion", "answer", "1", *YEAR, "--text", "検討します")
    done = run("--book", book, "opinion", "answer", "1", *YEAR, "--text", "図を増やします")
    assert "「検討します」" in done.err


def test_promises_are_carried_on_until_they_are_kept(book: Path) -> None:
    assert "1-1 集いの場づくり: 方向性 なし → 改善" in does(
        book, "improve", "direction", "1-1", *YEAR, "--word", "改善", "--note", "周知が足りない"
    )
    told = does(book, "improve", "add", "1-1", *YEAR, "--text", "ちらしを配る", "--due", "R8")
    assert told == "改善項目2024-1を記録しました（担当: 社協、期限: 令和8年度）。\n"
    does(book, "year", "open", *NEXT)
    shown: Any = document(book, "improve", "list", *NEXT)
    assert [one["number"] for one in shown["asked"]] == ["2024-1"]
    assert shown["tally"]["unanswered"] == 1
    answer = ("--result", "一部できた", "--text", "半分に配った")
    does(book, "improve", "answer", "2024-1", *NEXT, *answer)
    shown = document(book, "improve", "list", *NEXT)
    assert shown["tally"] == {"asked": 1, "kept": 0, "partly": 1, "not": 0, "unanswered": 0}
    does(book, "year", "open", "--year", "R8")
    answer = ("--result", "kept", "--text", "全戸に配った")
    does(book, "improve", "answer", "2024-1", "--year", "R8", *answer)
    listed = does(book, "improve", "list", *YEAR)
    assert "R8 できた: 全戸に配った" in listed
    assert "周知が足りない" in listed
    made: Any = document(book, "improve", "list", *YEAR)
    assert made["made"][0]["answers"]["2025"]["result"] == "partly"
    assert made["directions"][0]["word"] == "改善"


def test_a_value_confirmed_is_listed_apart_and_asks_no_more(odd: Path) -> None:
    done = run("--book", odd, "check", *NEXT)
    assert (done.status, done.err) == (1, "")
    assert done.out.startswith("確かめたい値（1件）\n  a 参加者数［桁違い］")
    assert "確認済み" not in done.out
    told = does(odd, "confirm", "a", *NEXT, "--reason", "大会を開いた", "--kind", "桁違い")
    assert "大会を開いた" in told
    done = run("--book", odd, "check", *NEXT)
    assert "確かめたい値（" not in done.out
    assert "確認済みの値（1件）" in done.out
    assert "（確認済み: 大会を開いた）" in done.out
    does(odd, "record", "a", *NEXT, "--actual", "4801")
    assert run("--book", odd, "check", *NEXT).out.startswith("確かめたい値（")


def findings(book: Path) -> list[dict[str, Any]]:
    done = run("--book", book, "check", *NEXT, "--json")
    return done.json["findings"]


def test_only_confirmed_values_end_well(odd: Path) -> None:
    for code in ("b", "c", "r", "m"):
        does(odd, "record", code, *NEXT, "--state", "中止")
        does(odd, "record", code, *NEXT, "--target", "1/2" if code == "r" else "1")
    assert run("--book", odd, "check", *NEXT).status == 1
    does(odd, "confirm", "a", *NEXT, "--reason", "大会を開いた")
    done = run("--book", odd, "check", *NEXT)
    assert (done.status, [f["kind"] for f in findings(odd)]) == (0, ["digit_slip"])
    assert done.out.startswith("令和7年度: 足りない値も、確かめたい値もありません。\n確認済み")


BAD: dict[str, tuple[list[str], int, list[str]]] = {
    "an answer to a promise that is not asked": (
        ["improve", "answer", "2024-1", *NEXT, "--result", "kept", "--text", "x"],
        2,
        ["2024-1", "なし"],
    ),
    "a word the plan has not": (
        ["improve", "direction", "1-1", *NEXT, "--word", "がんばる"],
        1,
        ["がんばる", "拡充"],
    ),
    "a promise for a year gone by": (
        ["improve", "add", "1-1", *NEXT, "--text", "x", "--due", "R6"],
        2,
        ["令和6年度"],
    ),
    "a promise of nothing": (["improve", "add", "1-1", *NEXT, "--text", " "], 1, ["改善の内容"]),
    "a promise in a year not open": (
        ["improve", "add", "1-1", "--year", "R8", "--text", "x"],
        2,
        ["令和8年度", "準備"],
    ),
    "an answer to no opinion": (
        ["opinion", "answer", "7", *NEXT, "--text", "x"],
        2,
        ["7番", "opinion list"],
    ),
    "an opinion about nothing": (["opinion", "add", "9-9", *NEXT, "--text", "x"], 2, ["9-9"]),
    "an opinion of another year": (
        ["opinion", "add", "ALL", "--year", "R20", "--text", "x"],
        2,
        ["令和20年度"],
    ),
    "confirming nothing": (
        ["confirm", "b", *NEXT, "--reason", "x"],
        2,
        ["確かめたい値はありません"],
    ),
    "confirming another kind": (
        ["confirm", "a", *NEXT, "--reason", "x", "--kind", "単位違い"],
        2,
        ["確かめたい値はありません"],
    ),
    "confirming an unknown kind": (
        ["confirm", "a", *NEXT, "--reason", "x", "--kind", "変な値"],
        2,
        ["変な値", "桁違い"],
    ),
    "confirming without a reason": (["confirm", "a", *NEXT], 2, ["--reason"]),
    "confirming for an empty reason": (["confirm", "a", *NEXT, "--reason", " "], 1, ["理由"]),
    "confirming an unknown indicator": (["confirm", "zz", *NEXT, "--reason", "x"], 2, ["zz"]),
}


@pytest.mark.parametrize(("words", "status", "told"), BAD.values(), ids=BAD)
def test_refused(odd: Path, words: list[str], status: int, told: list[str]) -> None:
    text = refused(odd, *words, status=status)
    for part in told:
        assert part in text


def test_an_unknown_result_names_those_there_are(odd: Path) -> None:
    before = odd.read_bytes()
    words = ("improve", "answer", "2024-1", *NEXT, "--result", "たぶん", "--text", "x")
    done = run("--book", odd, *words)
    assert done.status == 1
    assert "partly（一部できた）" in done.error
    assert odd.read_bytes() == before
