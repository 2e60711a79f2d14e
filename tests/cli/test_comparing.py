"""compare: rows by whose they are, goal, letter, badge and fall; put in order; told in words."""

from pathlib import Path

import pytest
from books import new_book
from commandline import Done, run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """a fell from A to B and has another target than before, b has no figure before, c r m are blank."""
    book = new_book(tmp_path / "b.db")
    for year, figures in (("R5", ("--target", "450")), ("R6", ("--target", "490"))):
        run("--book", book, "record", "a", "--year", year, *figures, "--reason", "第2回委員会")
    return book


def compare(path: Path, *words: object) -> Done:
    return run("--book", path, "compare", "R5", "R6", *words)


def codes(done: Done) -> tuple[list[str], list[str]]:
    return tuple([row["code"] for row in done.json[part]] for part in ("indicators", "goals"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("wishes", "indicators", "goals"),
    [
        ((), ["a", "b", "c", "r", "m"], ["1", "1-1", "1-2", "2", "2-1"]),
        (("--owner", "社協"), ["a", "b"], ["1-1"]),
        (("--owner", "市（福祉課）", "--goal", "2"), ["c", "r", "m"], ["2-1"]),
        (("--rating", "B"), ["a", "b"], ["1", "1-1", "1-2"]),
        (("--rating", "D"), [], []),
        (("--target-changed",), ["a"], []),
        (("--badge", "新規"), ["b"], []),
        (("--fell", "--goal", "1-1"), ["a"], ["1-1"]),
        (("--fell", "--target-changed", "--rating", "判定なし"), [], []),
    ],
)
def test_wishes_are_added_to_each_other(
    path: Path, wishes: tuple[str, ...], indicators: list[str], goals: list[str]
) -> None:
    done = compare(path, *wishes, "--json")
    assert (done.status, *codes(done)) == (0, indicators, goals)


def test_words_are_those_of_the_document(path: Path) -> None:
    row = compare(path, "--fell", "--json").json["indicators"][0]
    assert row["change"] == {"actual": "30", "rate": "-2.0", "rating": -1}
    assert row["words"] == (
        "率は前の年度より2.0ポイント下がり、判定はAからBに下がりました。"
        "実績は450人から480人に、30人増えました。目標は450人から490人に変わりました。"
    )
    assert row["notes"] == ["目標変更: 令和6年度の目標を、理由を付けて変えています。"]
    told = compare(path, "--fell", "--words").out
    assert told.startswith("絞りこみ: 下がった（指標5件のうち1件）\n")
    assert f"a 参加者数\n  {row['words']}\n  {row['notes'][0]}\n" in told
    table = compare(path, "--sort", "fall", "--owner", "社協").out
    assert table.index("\na ") < table.index("\nb ")
    assert "計画全体" not in table
    assert compare(path, "--rating", "C").out.endswith("あてはまる行はありません。\n")


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        (
            ("--owner", "誰か"),
            "担当「誰か」は、この比較にありません。使えるもの: 社協、市（福祉課）",
        ),
        (("--goal", "9"), "目標「9」は、この比較にありません。"),
        (("--rating", "秀"), "判定「秀」は、この比較にありません。"),
        (("--badge", "謎"), "印「謎」は、この比較にありません。"),
        (
            ("--badge", "新規", "--target-changed"),
            "--target-changed と --badge は一緒には使えません。",
        ),
    ],
)
def test_what_the_comparison_does_not_know_is_refused(
    path: Path, wishes: tuple[str, ...], told: str
) -> None:
    done = compare(path, *wishes)
    assert done.status == 2
    assert told in done.error


def test_the_history_tells_figures_with_commas_and_unit(path: Path) -> None:
    run("--book", path, "record", "a", "--year", "R6", "--actual", "2286", "--reason", "数えなおし")
    run("--book", path, "--as", "山田", "record", "a", "--year", "R6", "--actual", "2300")
    told = run("--book", path, "history", "a", "--year", "R6", "--who", "山田").out.splitlines()
    assert [line.partition("  ")[2] for line in told] == ["山田  a R6 実績: 2,286人 → 2,300人"]
    told = run("--book", path, "history", "a", "--year", "R6").out.splitlines()[-2]
    assert told.endswith("a R6 実績: 480人 → 2,286人（数えなおし）")
