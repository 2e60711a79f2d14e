"""``landing`` and ``budget``: what they print and the documents they give."""

from pathlib import Path

import pytest
from books import SMALL_PLAN, new_book
from commandline import english, refusal, run

from shakyo_review.exchange.plan_yaml import parse_plan
from shakyo_review.services.making import make_book

WITH_MAIN = SMALL_PLAN.replace("parts: sum\n", "parts: sum\n            main: true\n")
"""The small plan, in which the participants are what the money of 1-1 is for."""
MONTHS = ("04", "05", "06", "07", "08", "09")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book whose year 2025 is under way: 40 participants a month, a forecast, one cancelled month."""
    path = new_book(tmp_path / "b.db")
    for month in MONTHS:
        for branch in ("kita", "minami"):
            done = run(
                *("--book", path, "record", "a", "--year", "R7", "--actual", 20),
                *("--period", month, "--branch", branch),
            )
            assert done.status == 0, done.err
    run("--book", path, "record", "a", "--year", "R7", "--actual", 500, "--forecast")
    run("--book", path, "record", "b", "--year", "R7", "--actual", "0.09", "--period", "H1")
    run("--book", path, "record", "c", "--year", "R7", "--state", "調査未実施")
    return path


def lines_of(out: str, code: str) -> list[str]:
    return [line for line in out.splitlines() if line.split("  ")[0] == code]


def test_the_half_year_check_as_printed(book: Path) -> None:
    done = run("--book", book, "landing", "--year", "R7", "--until", "上半期")
    assert (done.status, done.err) == (0, "")
    head = done.out.splitlines()[:3]
    assert head[1] == "令和7年度の点検（上半期まで）"
    assert "途中までの実績から計算した推計" in head[2]
    assert "年度の実績ではなく" in head[2]
    for word in (
        "目標",
        "ここまで",
        "見込み（入力）",
        "着地見込み（推計）",
        "率（推計）",
        "判定（推計）",
    ):
        assert word in done.out
    (row,) = lines_of(done.out, "a")
    for cell in ("520", "240（6か月分）", "500", "480（推計）", "92.3%", "B"):
        assert cell in row.split(), row
    (row,) = lines_of(done.out, "b")
    assert "0.09（推計）" in row
    (row,) = lines_of(done.out, "c")
    assert "調査未実施" in row
    assert done.out.index("期間ごとの値がない指標") < done.out.index(row)
    assert english(done.out) == set()


def test_the_check_until_an_earlier_month(book: Path) -> None:
    found = run("--book", book, "landing", "--year", "R7", "--until", "5月", "--json").json
    assert found["until"] == "05"
    one, two = found["indicators"]
    assert one["months"] == {"entered": 2, "entered_most": 2, "due": 2, "of": 12}
    assert one["so_far"]["value"] == "80"
    assert one["landing"] == {
        "basis": "estimate", "word": "推計", "value": "480", "text": None, "reason": None,
    }  # fmt: skip
    assert two["landing"]["reason"] == "この時点までに終わる期間がない"
    assert two["rating"] is None


def test_the_document_of_the_check(book: Path) -> None:
    found = run("--book", book, "landing", "--year", "R7", "--json").json
    assert (found["plan"], found["fiscal_year"], found["until"]) == ("small", 2025, None)
    assert found["word"] == "推計"
    one = found["indicators"][0]
    assert (one["code"], one["action"], one["target"]) == ("a", "1-1", "520")
    assert one["typed_forecast"] == "500"
    assert (one["rate"], one["display"], one["rating"]) == ("92.3", "92.3%", "B")
    assert [row["code"] for row in found["without_periods"]] == ["c", "r", "m"]
    assert found["without_periods"][0]["actual"]["state"] == "not_surveyed"


def test_the_check_changes_no_score(book: Path) -> None:
    before = run("--book", book, "score", "--year", "R7", "--json").out
    run("--book", book, "landing", "--year", "R7")
    run("--book", book, "budget", "--year", "R7")
    assert run("--book", book, "score", "--year", "R7", "--json").out == before


def test_a_year_without_any_period(book: Path) -> None:
    done = run("--book", book, "landing", "--year", "R6")
    assert "月・四半期・半期の値が入力された指標はありません。" in done.out
    (row,) = lines_of(done.out, "a")
    assert "480" in row


@pytest.mark.parametrize(("option", "told"), [("13", "「13」"), ("前期", "「前期」")])
def test_an_unknown_period(book: Path, option: str, told: str) -> None:
    assert told in refusal(run("--book", book, "landing", "--year", "R7", "--until", option), 2)


def test_the_budget_as_printed(tmp_path: Path) -> None:
    make_book(tmp_path / "m.db", parse_plan(WITH_MAIN, "main.yaml"), "事務局")
    done = run("--book", tmp_path / "m.db", "budget", "--year", "R6")
    assert (done.status, done.err) == (0, "")
    assert "単位: 千円" in done.out
    (row,) = lines_of(done.out, "1-1")
    for cell in ("1,200", "1,180", "98.3%", "市補助金", "2,458／人"):
        assert cell in row.split(), row
    (row,) = lines_of(done.out, "1-2")
    assert "再掲（1-1、合計に含めない）" in row
    (row,) = lines_of(done.out, "計画全体")
    assert row.split() == ["計画全体", "1,200", "1,180", "98.3%", "－"]
    assert english(done.out) == set()


def test_why_there_is_no_cost_of_a_unit(book: Path) -> None:
    (row,) = lines_of(run("--book", book, "budget", "--year", "R6").out, "1-1")
    assert "単位あたりなし: 主たる指標が決まっていない" in row


def test_the_document_of_the_budget(tmp_path: Path) -> None:
    make_book(tmp_path / "m.db", parse_plan(WITH_MAIN, "main.yaml"), "事務局")
    found = run("--book", tmp_path / "m.db", "budget", "--year", "R6", "--json").json
    assert found["total"]["budget"] == {"total": "1200", "missing": 0, "forecast": False}
    assert (found["total"]["execution_rate"], found["total"]["difference"]) == ("98.3", "20")
    items = {item["code"]: item for item in found["items"]}
    cost = {"indicator": "a", "unit": "人", "value": "2458", "reason": None}
    assert items["1-1"]["unit_cost"] == items["1-2"]["unit_cost"] == cost
    assert items["1-2"]["repeats"] == "1-1"
    assert items["2"]["execution_reason"] == "予算額がない"
    assert items["2"]["budget"]["total"] is None


def test_years_and_plans_without_money(tmp_path: Path, book: Path) -> None:
    done = run("--book", book, "budget", "--year", "R7")
    assert done.status == 0
    assert "令和7年度の予算額・決算額はありません。" in done.out
    assert run("new", tmp_path / "o.db", "--plan", "okegawa").status == 0
    done = run("--book", tmp_path / "o.db", "budget", "--year", "R6")
    assert done.status == 0
    assert "財源（予算額・決算額）がありません" in done.out


@pytest.mark.parametrize("name", ["landing", "budget"])
def test_a_year_outside_the_plan(book: Path, name: str) -> None:
    assert "計画の期間" in refusal(run("--book", book, name, "--year", "1990"), 2)
