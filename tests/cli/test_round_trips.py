"""Out and in again by commands: the same plan, the same figures, the same scores."""

import json
from pathlib import Path
from typing import Any

import pytest
from books import contents, history_length
from commandline import run

from shakyo_review.exchange.bundled import bundled_names, bundled_plan
from shakyo_review.services.making import make_demo


def without_example(value: Any) -> Any:
    """Return a document without the marks 例示: a plan file and a table carry none."""
    if isinstance(value, dict):
        return {key: without_example(item) for key, item in value.items() if key != "example"}
    return [without_example(item) for item in value] if isinstance(value, list) else value


def scores(book: Path, years: range) -> list[Any]:
    return [run("--book", book, "score", "--year", year, "--json").json for year in years]


@pytest.mark.parametrize("name", bundled_names())
def test_figures_there_and_back(tmp_path: Path, name: str) -> None:
    """A sample book with branches, shares, states and texts: its tables make an equal book."""
    years = range(bundled_plan(name).first_year - 2, bundled_plan(name).last_year + 1)
    make_demo(tmp_path / "demo.db", name, "見本")
    assert run("--book", tmp_path / "demo.db", "plan", "export", tmp_path / "p.yaml").status == 0
    books = [tmp_path / "demo.db"]
    for turn in ("one", "two"):
        book = tmp_path / f"{turn}.db"
        assert run("new", book, "--plan", tmp_path / "p.yaml").status == 0
        for year in years:
            table = tmp_path / f"{turn}-{year}.csv"
            assert run("--book", books[-1], "export", "--year", year, table).status == 0
            done = run("--book", book, "import", table)
            assert done.status == 0, done
        books.append(book)
    demo, one, two = (scores(book, years) for book in books)
    assert one == two
    assert without_example(one) == without_example(demo)
    assert any(i["actual"] is not None for year in one for i in year["indicators"])
    for year in years:
        assert (tmp_path / f"one-{year}.csv").read_bytes() == (
            tmp_path / f"two-{year}.csv"
        ).read_bytes()
        length = history_length(two_book := tmp_path / "two.db")
        assert (
            "0件を取り込みました"
            in run("--book", two_book, "import", tmp_path / f"two-{year}.csv").err
        )
        assert history_length(two_book) == length


@pytest.mark.parametrize("name", bundled_names())
def test_a_backup_restored_is_the_book(tmp_path: Path, name: str) -> None:
    make_demo(tmp_path / "demo.db", name, "見本")
    before = contents(tmp_path / "demo.db")
    assert run("--book", tmp_path / "demo.db", "backup", tmp_path / "saved.db").status == 0
    assert contents(tmp_path / "saved.db") == before
    assert run("--book", tmp_path / "again.db", "restore", tmp_path / "saved.db").status == 0
    assert contents(tmp_path / "again.db") == before


@pytest.mark.parametrize(
    "words", [["plan", "show"], ["score", "--year", "2020"], ["compare", "2019", "2020"]]
)
def test_every_decimal_is_text(tmp_path: Path, words: list[str]) -> None:
    """No float on the way: 0.1 would come out as 0.1000000000000000055."""
    make_demo(tmp_path / "demo.db", "asahi", "見本")
    text = run("--book", tmp_path / "demo.db", *words, "--json").out
    json.loads(text, parse_float=lambda found: pytest.fail(found))
