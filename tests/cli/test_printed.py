"""What the commands print for people: whole, said once, the same figures everywhere."""

from pathlib import Path

import pytest
from books import SMALL_PLAN, new_book
from commandline import refusal, run
from judged_books import does, judged_book

from shakyo_review.cli.tables import width

WIDE_PLAN = SMALL_PLAN.replace(
    "name: 参加者数",
    "name: 集いの場とサロンに参加した人の数（累計ではなく、その年度だけの数）",
).replace("actuals: {2023: 450, 2024: 480}", "actuals: {2023: 450, 2024: 48000}")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The small plan; R6 is being filled in."""
    return new_book(tmp_path / "b.db")


def close(book: Path, year: str = "R6") -> None:
    """Enter what is missing in a year, and seal it."""
    for code in ("c", "r", "m"):
        does(book, "record", code, "--year", year, "--state", "中止")
    run("--book", book, "confirm", "a", "--year", year, "--reason", "確かめた")
    does(book, "year", "evaluate", "--year", year)
    does(book, "seal", "--year", year)


def line(text: str, code: str) -> list[str]:
    """Return the cells of the one row that begins with a code."""
    (found,) = [one for one in text.splitlines() if one.startswith(f"{code}  ")]
    return found.split()


def test_a_seal_prints_the_figures_as_the_sealed_year_does(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(WIDE_PLAN, encoding="utf-8")
    book = tmp_path / "b.db"
    does(book, "new", book, "--plan", tmp_path / "p.yaml")
    close(book)
    now, first = (does(book, "score", "--year", "R6", *more) for more in ((), ("--seal", "1")))
    for code in ("a", "b", "c", "r", "m"):
        assert line(now, code) == line(first, code)
    assert "48,000" in first
    for name in ("つながる", "計画全体"):
        here, there = (
            next(one.split() for one in text.splitlines() if name in one) for text in (now, first)
        )
        assert here[-1] == there[-1], "the coverage"


def test_names_are_printed_in_full(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(WIDE_PLAN, encoding="utf-8")
    book = tmp_path / "b.db"
    does(book, "new", book, "--plan", tmp_path / "p.yaml")
    name = "集いの場とサロンに参加した人の数（累計ではなく、その年度だけの数）"
    assert 44 < width(name) <= 80
    run("--book", book, "record", "a", "--year", "R6", "--actual", "40", "--period", "04")
    for words in (
        ("score", "--year", "R6"),
        ("compare", "R5", "R6"),
        ("landing", "--year", "R6"),
    ):
        out = does(book, *words)
        assert name in out, words


def test_a_plan_without_indicators_has_no_empty_table(tmp_path: Path) -> None:
    book = tmp_path / "k.db"
    does(book, "new", book, "--plan", "okegawa")
    for words in (("score", "--year", "R5"), ("compare", "R5", "R6")):
        out = does(book, *words)
        assert "指標  単位" not in out, words
        assert not out.endswith("\n\n"), words


def test_the_column_of_letters_is_there_only_where_a_goal_has_one(book: Path) -> None:
    does(book, "year", "evaluate", "--year", "R6")
    does(book, "evaluate", "1-1", "--year", "R6", "--stage", "self", "--rating", "B")
    head = does(book, "score", "--year", "R6").splitlines()[3]
    assert "評価済み" in head
    assert "評価" not in head.split()
    does(book, "evaluate", "1", "--year", "R6", "--stage", "self", "--rating", "B")
    assert "評価" in does(book, "score", "--year", "R6").splitlines()[3].split()


@pytest.mark.parametrize(
    ("goal", "word"),
    [("mean_of_rates", "平均の対象: "), ("worst", "、対象: "), ("mode", "、対象: ")],
)
def test_only_a_mean_is_called_one(tmp_path: Path, goal: str, word: str) -> None:
    plan = f"rule_set: {{name: 試し, goal: {goal}}}\n" + SMALL_PLAN
    (tmp_path / "p.yaml").write_text(plan, encoding="utf-8")
    book = tmp_path / "b.db"
    does(book, "new", book, "--plan", tmp_path / "p.yaml")
    head = does(book, "score", "--year", "R6").splitlines()[1]
    assert word in head
    assert ("平均の対象" in head) is (goal == "mean_of_rates")


def test_compare_tells_where_other_things_were_rated(book: Path) -> None:
    does(book, "year", "open", "--year", "R7")
    does(book, "record", "a", "--year", "R7", "--actual", "500")
    out = does(book, "compare", "R6", "R7")
    (goal,) = [one for one in out.splitlines() if one.startswith("基本目標 1  ")]
    assert goal.endswith("評価済みが違う（R6 指標2件中2件・R7 指標2件中1件）")
    assert "計画全体  " in out
    assert "ALL" not in out
    for kind, value in (("--target", "0.1"), ("--actual", "0.09")):
        does(book, "record", "b", "--year", "R7", kind, value)
    out = does(book, "compare", "R6", "R7")
    (goal,) = [one for one in out.splitlines() if one.startswith("基本目標 1  ")]
    assert "評価済み" not in goal


def test_record_and_errata_say_where_in_words(book: Path) -> None:
    words = ("record", "a", "--year", "R6", "--actual", "20", "--branch", "kita", "--period", "4月")
    assert does(book, *words) == "a 参加者数（R6 実績 北区 4月）: 空欄 → 20人\n"
    does(book, "record", "a", "--year", "R6", "--state", "not_entered", *words[6:])
    close(book)
    told = does(book, "errata", "add", "a", "--year", "R6", "--actual", "1480", "--reason", "転記")
    assert told == "正誤1番: a 参加者数（R6 実績）: 480 → 1,480人。確定2回目として残しました。\n"
    assert "a 参加者数（R6 実績）  480 → 1,480人" in does(book, "errata", "list", "--year", "R6")


def test_errata_of_amounts(book: Path) -> None:
    close(book)
    before = run("--book", book, "budget", "--year", "R6", "--json").json["total"]
    told = does(
        *(book, "errata", "add", "1-1.f1", "--year", "R6", "--settlement", "1,080千円"),
        *("--reason", "決算の転記もれ"),
    )
    assert told == (
        "正誤1番: 1-1.f1 補助金（R6 決算額）: 1,180 → 1,080千円。確定2回目として残しました。\n"
    )
    does(book, "errata", "add", "1-1", "--year", "R6", "--budget", "1300", "--reason", "誤記")
    total = run("--book", book, "budget", "--year", "R6", "--json").json["total"]
    assert before["settlement"]["total"] == "1180"
    assert (total["budget"]["total"], total["settlement"]["total"]) == ("1300", "1080")
    listed = run("--book", book, "errata", "list", "--year", "R6", "--json").json["errata"]
    assert [one["kind"] for one in listed] == ["settlement", "budget"]
    assert run("--book", book, "verify").status == 0


@pytest.mark.parametrize(
    "words",
    [
        ("1-1.f9", "--budget", "1"),
        ("1-1.f1", "--budget", "12.5"),
        ("1-1.f1", "--settlement", "中止"),
        ("1-1.f1", "--settlement", "1180"),
        ("1-1.f1", "--budget", "1", "--actual", "2"),
        ("1-1.f1", "--budget", "1", "--branch", "kita"),
        ("a",),
    ],
)
def test_errata_of_amounts_refused(book: Path, words: tuple[str, ...]) -> None:
    close(book)
    before = book.read_bytes()
    refusal(run("--book", book, "errata", "add", *words, "--year", "R6", "--reason", "x"))
    assert book.read_bytes() == before


def test_a_gap_that_is_the_only_one_is_said_once(tmp_path: Path) -> None:
    book = judged_book(tmp_path / "j.db")
    for code in ("c", "r"):
        does(book, "record", code, "--year", "R6", "--state", "中止")
    does(book, "year", "evaluate", "--year", "R6")
    several = run("--book", book, "seal", "--year", "R6")
    assert several.err.count("\n") > 1
    does(book, "record", "m", "--year", "R6", "--state", "中止", "--reason", "報告")
    only = run("--book", book, "seal", "--year", "R6")
    assert (only.status, only.err.count("\n")) == (1, 1)


def test_a_stage_without_quorum(book: Path) -> None:
    words = ("meeting", "add", "--year", "R6", "--stage", "committee", "--date", "2025-06-02")
    out = does(book, *words, "--present", "田中")
    assert out.splitlines()[-1] == "委員会評価: 定足数の定めはありません。"


@pytest.mark.parametrize(
    "words",
    [
        ("meeting", "add", "--year", "R6", "--stage", "committee"),
        ("plan", "rename", "1", "　", "--reason", "x"),
        ("plan", "rename", "1", "", "--reason", "x"),
        ("plan", "add", "1", "1-9", " ", "--reason", "x"),
        ("plan", "merge", "1-1", "1-2", "--code", "1-9", "--name", "　", "--reason", "x"),
        ("opinion", "answer", "一", "--year", "R6", "--text", "x"),
    ],
)
def test_nothing_said_is_refused(book: Path, words: tuple[str, ...]) -> None:
    before = book.read_bytes()
    text = refusal(run("--book", book, *words))
    assert "出席" in text or "名前が空です" in text or "数字だけ" in text
    assert book.read_bytes() == before


def test_the_history_of_a_revision_names_what_it_is_about(book: Path) -> None:
    does(
        *(book, "plan", "split", "1-1", "--into", "1-1=集い", "--into", "1-3=サロン"),
        *("--from", "R7", "--reason", "担当の分離"),
    )
    (row,) = does(book, "history", "--entity", "改定").splitlines()
    assert "1-3 サロン: 1-1 集いの場づくり から分割" in row
    edition = does(book, "history", "--entity", "計画").splitlines()[-1]
    assert " 計画 計画全体 R7: " in edition


def test_commands_of_the_plan_begin_with_looking_at_it() -> None:
    names = [one.split()[0] for one in run("plan", "--help").out.splitlines() if one[:2] == "  "]
    assert names.index("show") < names.index("check") < names.index("update")
