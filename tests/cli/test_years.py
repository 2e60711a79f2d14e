"""A year from opening to publication: readiness, seals, errata; two people sealing at once."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from books import contents, opened
from commandline import command, run
from judged_books import (
    YEAR,
    document,
    does,
    evaluate,
    fill_in,
    judged_book,
    make_ready,
    refused,
    seal,
)
from test_evaluating import at_once

from shakyo_review.domain.plan import Node, map_nodes
from shakyo_review.exchange.rows import COLUMNS
from shakyo_review.services.revising import revise


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return judged_book(tmp_path / "b.db")


@pytest.fixture
def sealed(book: Path) -> Path:
    seal(book)
    return book


def year_line(book: Path, year: int = 2024) -> dict[str, Any]:
    listed: Any = document(book, "year", "list")
    return next(line for line in listed["years"] if line["fiscal_year"] == year)


def score(book: Path, *words: str) -> str:
    return does(book, "score", *YEAR, *words)


# --- the way of a year ----------------------------------------------------------------------


def test_every_year_is_listed_with_its_state(book: Path) -> None:
    lines = does(book, "year", "list").splitlines()
    assert [line.split()[:2] for line in lines[2:]] == [
        ["R5", "記入"],
        ["R6（作業中）", "記入"],
        ["R7", "準備"],
        ["R8", "準備"],
    ]
    line = year_line(book)
    assert (line["state"], line["entered"], line["indicators"], line["judged"]) == (
        "entry",
        2,
        5,
        0,
    )
    assert (line["sealed_at"], line["sealed_by"], line["published_on"]) == (None, None, None)


def test_what_blocks_a_seal_by_committee(book: Path) -> None:
    done = run("--book", book, "year", "ready", *YEAR)
    assert (done.status, done.err) == (1, "")
    lines = done.out.splitlines()
    assert lines[0] == "令和6年度（記入）: 確定を妨げるもの（4件）"
    assert lines[1] == "  市（福祉課）（4件）"
    assert "    c 相談件数の累計: 実績が未入力です" in lines
    assert "    2-1 相談: 委員会評価がまだです" in lines
    assert any(line.startswith("確かめておきたいもの") for line in lines)
    told: Any = document(book, "year", "ready", *YEAR, status=1)
    assert (told["ready"], told["state"]) == (False, "entry")
    blocking = [gap["blocks"] for gap in told["gaps"]]
    assert blocking == sorted(blocking, reverse=True)
    make_ready(book)
    told = document(book, "year", "ready", *YEAR)
    assert told["ready"] is True


def test_a_year_is_sealed_published_opened_again_and_sealed_again(book: Path) -> None:
    make_ready(book)
    before = contents(book)
    assert "確定できます" in does(book, "seal", *YEAR, "--dry-run")
    assert contents(book) == before
    told: Any = document(book, "seal", *YEAR)
    assert (told["made"], told["number"]) == (True, 1)
    assert year_line(book)["state"] == "sealed"
    assert "公表としました（2025-07-01）" in does(book, "publish", *YEAR, "--date", "2025.7.1")
    line = year_line(book)
    assert (line["state"], line["published_on"], line["seals"]) == ("published", "2025-07-01", 1)
    first = score(book, "--json")
    does(book, "reopen", *YEAR, "--reason", "集計漏れ")
    assert year_line(book)["state"] == "evaluation"
    does(book, "record", "a", *YEAR, "--actual", "495", "--reason", "集計漏れ")
    does(book, "seal", *YEAR)
    assert score(book, "--json", "--seal", "1") == first
    assert json.loads(score(book, "--json"))["indicators"][0]["actual"] == "495"
    assert "2回目" in score(book)
    told = does(book, "history", "--entity", "年度の状態")
    assert "公表 → 評価（集計漏れ）" in told


def test_entry_is_opened_again_with_a_reason(book: Path) -> None:
    fill_in(book)
    does(book, "year", "entry", *YEAR, "--reason", "未回答の担当がある")
    assert year_line(book)["state"] == "entry"
    does(book, "record", "a", *YEAR, "--actual", "481")


def test_next_year_is_opened_and_becomes_the_working_year(book: Path) -> None:
    does(book, "improve", "add", "1-1", *YEAR, "--text", "周知する")
    assert "改善項目が1件" in does(book, "year", "open", "--year", "R7")
    assert year_line(book, 2025)["working"] is True
    assert year_line(book)["state"] == "entry"


# --- what a seal keeps ----------------------------------------------------------------------


def test_a_sealed_year_is_printed_word_for_word(sealed: Path) -> None:
    printed = score(sealed, "--json")
    assert json.loads(printed)["sealed"] is True
    assert json.loads(printed)["goals"][1]["official"] == "B"
    with sqlite3.connect(sealed) as db:
        kept = json.loads(db.execute("SELECT content FROM seal").fetchone()[0])
    db.close()
    assert printed == kept["results"] + "\n"
    assert "確定（20" in score(sealed)
    assert does(sealed, "verify").startswith("履歴と値は一致しています")


def test_the_official_letter_stands_beside_the_computed_one(book: Path) -> None:
    assert "計算" not in score(book)
    evaluate(book, "1", "self", "--rating", "A", "--reason", "全体として順調")
    shown = score(book)
    assert [word for word in shown.splitlines()[3].split() if word in ("判定", "評価")] == [
        "判定",
        "評価",
    ]
    assert "A（自己評価）" in shown


def test_todays_rules_are_for_reference_only(sealed: Path) -> None:
    words = "いまの規則で計算し直した参考値（確定した評価ではありません）"
    assert words in score(sealed, "--rules", "current")
    told = json.loads(score(sealed, "--rules", "current", "--json"))
    assert (told["reference"], told["sealed"]) == (True, False)
    assert "一緒には使えません" in refused(
        sealed, "score", *YEAR, "--rules", "current", "--seal", "1", status=2
    )


def test_an_erratum_seals_again_and_keeps_the_first(sealed: Path) -> None:
    first = score(sealed, "--json")
    told = does(sealed, "errata", "add", "a", *YEAR, "--actual", "490", "--reason", "集計の誤り")
    assert "480 → 490" in told
    assert "確定2回目" in told
    listed: Any = document(sealed, "errata", "list", *YEAR)
    (one,) = listed["errata"]
    assert (one["indicator"], one["old"]["value"], one["new"]["value"], one["reason"]) == (
        "a",
        "480",
        "490",
        "集計の誤り",
    )
    assert score(sealed, "--json", "--seal", "1") == first
    assert "480" in score(sealed, "--seal", "1")
    assert json.loads(score(sealed, "--json"))["indicators"][0]["actual"] == "490"
    assert "そのあとの正誤1件" in score(sealed)
    assert does(sealed, "verify").startswith("履歴と値は一致しています")
    assert "集計の誤り" in does(sealed, "errata", "list", *YEAR)


def test_verify_tells_a_seal_that_says_something_else(sealed: Path) -> None:
    with sqlite3.connect(sealed) as db:
        content = json.loads(db.execute("SELECT content FROM seal").fetchone()[0])
        cell = next(one for one in content["cells"] if one["value"] == "480")
        cell["value"] = "100"
        db.execute("UPDATE seal SET content = ?", [json.dumps(content, ensure_ascii=False)])
    db.close()
    done = run("--book", sealed, "verify")
    assert done.status == 1
    assert "令和6年度: 確定した結果が" in done.out
    with sqlite3.connect(sealed) as db:
        db.execute("UPDATE seal SET content = '{}'")
    db.close()
    done = run("--book", sealed, "verify")
    assert done.status == 1
    assert "令和6年度: 確定した内容を読めません" in done.out
    for words in (["score", *YEAR], ["score", *YEAR, "--seal", "1", "--json"], ["stages", *YEAR]):
        assert "壊れています" in refused(sealed, *words, status=1)


# --- who sealed it --------------------------------------------------------------------------


def test_sealing_again(sealed: Path) -> None:
    before = contents(sealed)
    assert "すでに確定" in does(sealed, "seal", *YEAR)
    assert "すでに確定" in does(sealed, "seal", *YEAR, "--dry-run")
    assert contents(sealed) == before
    told = refused(sealed, "seal", *YEAR, status=1, who="山田")
    assert "事務局" in told
    assert "何も変わっていません" in told
    does(sealed, "publish", *YEAR, who="山田")
    assert "事務局" in refused(sealed, "seal", *YEAR, status=1, who="山田")


def test_two_people_seal_at_once(book: Path) -> None:
    make_ready(book)
    who = ["山田", "鈴木", "佐藤"]
    ended = at_once(*(command("--book", book, "--as", name, "seal", *YEAR) for name in who))
    assert sorted(status for status, _, _ in ended) == [0, 1, 1], ended
    winner = next(name for name, (status, _, _) in zip(who, ended, strict=True) if status == 0)
    for status, out, err in ended:
        assert (status == 0) == bool(out)
        if status:
            assert err.startswith(f"エラー: 令和6年度は、{winner}が先に確定"), err
    held = contents(book)
    assert len(held["seal"]) == 1
    assert does(book, "verify").startswith("履歴と値は一致しています")


# --- refused ----------------------------------------------------------------------------------

OPEN: dict[str, tuple[list[str], int, list[str]]] = {
    "sealing a year that is being filled in": (["seal", *YEAR], 2, ["記入", "year evaluate"]),
    "sealing a year in preparation": (["seal", "--year", "R7"], 2, ["令和7年度", "準備"]),
    "opening the seal of an open year": (
        ["reopen", *YEAR, "--reason", "x"],
        2,
        ["令和6年度", "記入"],
    ),
    "a seal opened without a reason": (["reopen", *YEAR], 2, ["--reason"]),
    "publishing an open year": (["publish", *YEAR], 2, ["記入", "公表"]),
    "errata in an open year": (
        ["errata", "add", "a", *YEAR, "--actual", "1", "--reason", "x"],
        2,
        ["記入", "確定していない年度"],
    ),
    "evaluating a year in preparation": (["year", "evaluate", "--year", "R7"], 2, ["準備"]),
    "going back to entry from entry": (["year", "entry", *YEAR, "--reason", "x"], 2, ["記入"]),
    "opening a year outside the plan": (["year", "open", "--year", "R20"], 2, ["令和20年度"]),
    "a seal there is none of": (["score", *YEAR, "--seal", "1"], 2, ["1回目"]),
    "a seal that is no number": (["score", *YEAR, "--seal", "x"], 2, ["--seal"]),
    "rules of another day": (["score", *YEAR, "--rules", "old"], 2, ["--rules", "current"]),
    "history of an unknown kind": (["history", "--entity", "天気"], 2, ["天気", "評価"]),
}


@pytest.mark.parametrize(("words", "status", "told"), OPEN.values(), ids=OPEN)
def test_refused_in_an_open_year(
    book: Path, words: list[str], status: int, told: list[str]
) -> None:
    text = refused(book, *words, status=status)
    for part in told:
        assert part in text


def test_sealing_with_gaps_tells_every_one_of_them(book: Path) -> None:
    does(book, "year", "evaluate", *YEAR)
    before = book.read_bytes()
    for words in (["seal", *YEAR], ["seal", *YEAR, "--dry-run"]):
        done = run("--book", book, *words)
        assert done.status == 1
        assert "まだ確定できません" in done.error
        for part in ("市（福祉課）（4件）", "c 相談", "r 解決", "m 測定値", "2-1 相談"):
            assert part in done.err
    assert book.read_bytes() == before


def test_a_figure_of_an_evaluated_year_needs_a_reason(book: Path) -> None:
    fill_in(book)
    words = ("record", "a", *YEAR, "--actual", "481")
    assert "--reason" in refused(book, *words, status=1)
    assert "--reason" in refused(book, *words, "--reason", "　", status=1)
    does(book, *words, "--reason", "集計漏れ")


SEALED: dict[str, tuple[list[str], int, list[str]]] = {
    "a figure": (["record", "a", *YEAR, "--actual", "1", "--reason", "x"], 2, ["確定", "errata"]),
    "a letter": (
        ["evaluate", "1-1", *YEAR, "--stage", "self", "--rating", "C", "--reason", "x"],
        2,
        ["確定", "reopen"],
    ),
    "a meeting": (
        ["meeting", "add", *YEAR, "--stage", "committee", "--present", "田中"],
        2,
        ["確定"],
    ),
    "a promise": (["improve", "add", "1-1", *YEAR, "--text", "x"], 2, ["確定"]),
    "opening it for entry": (["year", "open", *YEAR], 2, ["確定", "reopen"]),
    "an erratum that changes nothing": (
        ["errata", "add", "a", *YEAR, "--actual", "480", "--reason", "x"],
        2,
        ["すでにその値です"],
    ),
    "an erratum without a reason": (
        ["errata", "add", "a", *YEAR, "--actual", "1"],
        2,
        ["--reason"],
    ),
    "an erratum without a figure": (
        ["errata", "add", "a", *YEAR, "--reason", "x"],
        2,
        ["--actual"],
    ),
    "a bad figure": (
        ["errata", "add", "a", *YEAR, "--actual", "五百", "--reason", "x"],
        1,
        ["五百"],
    ),
    "another seal": (["score", *YEAR, "--seal", "2"], 2, ["2回目"]),
    "a bad day of publication": (["publish", *YEAR, "--date", "来月"], 2, ["来月"]),
}


@pytest.mark.parametrize(("words", "status", "told"), SEALED.values(), ids=SEALED)
def test_refused_in_a_sealed_year(
    sealed: Path, words: list[str], status: int, told: list[str]
) -> None:
    text = refused(sealed, *words, status=status)
    for part in told:
        assert part in text


def test_an_import_into_a_sealed_year(sealed: Path) -> None:
    table = sealed.with_name("in.csv")
    table.write_text(
        f"{','.join(COLUMNS)}\na,2024,,,actual,1,,,\na,2025,,,actual,2,,,\n", encoding="utf-8"
    )
    text = refused(sealed, "import", table, status=1)
    assert "2行目" in text
    assert "確定" in text


# --- after a revision of the plan ---------------------------------------------------------------


@pytest.fixture
def renumbered(sealed: Path) -> Path:
    """From R7 on 2-1 is called 2-5, with another flag; R6 was sealed before."""

    def renumber(node: Node) -> dict[str, Any]:
        return (
            {"code": "2-5", "formerly": "2-1", "name": "相談と支援"} if node.code == "2-1" else {}
        )

    does(sealed, "year", "open", "--year", "R7")
    does(sealed, "opinion", "add", "2-1", "--year", "R7", "--text", "早めに始めては")
    with opened(sealed) as book:
        revise(book, lambda plan: map_nodes(plan, renumber), from_year=2025, reason="番号の整理")
    does(sealed, "opinion", "add", "2-5", "--year", "R7", "--text", "改定のあとの意見")
    return sealed


def test_a_sealed_year_keeps_its_codes(renumbered: Path) -> None:
    assert "2-1 " in does(renumbered, "explain", "2-1", *YEAR)
    assert "2-5" in refused(renumbered, "explain", "2-5", *YEAR, status=2)
    assert json.loads(score(renumbered, "--json"))["goals"][-1]["code"] == "2-1"
    row = [line for line in does(renumbered, "stages", *YEAR).splitlines() if "2-1" in line]
    assert len(row) == 1
    assert does(renumbered, "verify").startswith("履歴と値は一致しています")


def test_history_follows_an_item_through_a_renumbering(renumbered: Path) -> None:
    by_old, by_new = (does(renumbered, "history", code) for code in ("2-1", "2-5"))
    assert by_old == by_new
    for part in ("評価 2-1 R6 委員会評価", "早めに始めては", "改定のあとの意見"):
        assert part in by_new


def test_compare_tells_what_is_called_otherwise_now(renumbered: Path) -> None:
    told: Any = document(renumbered, "compare", "R6", "R7")
    row = next(one for one in told["goals"] if one["code"] == "2-5")
    assert set(row["badges"]) >= {"renamed", "renumbered"}
    assert row["years"]["2024"]["counts"].keys() == row["years"]["2025"]["counts"].keys()
    assert "相談と支援" in does(renumbered, "explain", "2-5", "--year", "R7")
    assert does(renumbered, "compare", "R6", "R7")
    assert does(renumbered, "score", "--year", "R7")
