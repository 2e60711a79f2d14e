"""Handing a book over by commands: as open data and back, and two copies made one again."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from books import contents, new_book
from commandline import process, refusal, run
from judged_books import does
from rich_book import rich_book

YEARS = ("R5", "R6", "R7", "R8")


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rich_book(tmp_path_factory.mktemp("rich") / "rich.db")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return new_book(tmp_path / "b.db")


def score(book: Path, year: str) -> object:
    done = run("--book", book, "score", "--year", year, "--json")
    assert done.status == 0
    return json.loads(done.out)


def test_plan_and_figures_make_the_same_book_again(book: Path, tmp_path: Path) -> None:
    """Nobody is locked in: parts, shares, texts, states and notes come back."""
    for code, more in (
        ("a", ("--year", "R6", "--branch", "kita", "--period", "Q1", "--actual", "120")),
        ("a", ("--year", "R6", "--branch", "minami", "--actual", "377")),
        ("b", ("--year", "R7", "--actual", "0.09")),
        ("c", ("--year", "R6", "--actual", "1,234", "--note", "=1+1")),
        ("c", ("--year", "R7", "--state", "中止")),
        ("r", ("--year", "R6", "--actual", "30/100", "--note", '"引用", と\nコンマ')),
        ("m", ("--year", "R6", "--actual", "△0.0512")),
        ("m", ("--year", "R6", "--target", "随時")),
    ):
        does(book, "record", code, *more)
    does(book, "opendata", tmp_path / "公開")
    again = tmp_path / "again.db"
    does(again, "new", again, "--plan", tmp_path / "公開" / "import" / "plan.yaml")
    does(again, "import", tmp_path / "公開" / "import" / "figures.csv")
    for year in YEARS:
        assert score(again, year) == score(book, year)
    assert run("--book", again, "verify").status == 0


def test_the_archive_is_the_folder_and_the_same_bytes_on_another_day(
    rich: Path, tmp_path: Path
) -> None:
    does(rich, "opendata", tmp_path / "a")
    does(rich, "opendata", tmp_path / "a.zip")
    copy = Path(shutil.copy(rich, tmp_path / "別の名前.db"))
    os.utime(copy, (0, 0))
    done = process(
        *("--book", copy, "opendata", tmp_path / "b.zip"),
        **{"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
    )
    assert done.status == 0, done
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        held = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    there = {
        str(path.relative_to(tmp_path / "a")): path.read_bytes()
        for path in (tmp_path / "a").rglob("*")
        if path.is_file()
    }
    assert held == there


def test_exporting_changes_nothing_in_the_book(rich: Path, tmp_path: Path) -> None:
    before = rich.read_bytes()
    rich.chmod(0o444)
    try:
        told = run("--book", rich, "opendata", tmp_path / "x", "--without-names")
    finally:
        rich.chmod(0o644)
    assert (told.status, told.out) == (0, "")
    assert rich.read_bytes() == before


@pytest.mark.parametrize("name", ["full", "file", "file.zip", "none/deep/x.zip"])
def test_what_stands_there_is_never_touched(book: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "old.csv").write_text("前のもの")
    (tmp_path / "file").write_text("前のもの")
    (tmp_path / "file.zip").write_text("前のもの")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    refusal(run("--book", book, "opendata", tmp_path / name))
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before


def test_an_empty_folder_is_filled(book: Path, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    does(book, "opendata", tmp_path / "空")
    assert (tmp_path / "空" / "datapackage.json").is_file()


# --- merging ---------------------------------------------------------------------------------


@pytest.fixture
def home(book: Path, tmp_path: Path) -> Path:
    """Return a copy of the book that was filled apart: one conflict, one change."""
    home = Path(shutil.copy(book, tmp_path / "持ち帰り.db"))
    does(book, "record", "a", "--year", "R6", "--actual", "490")
    does(home, "record", "a", "--year", "R6", "--actual", "512", who="佐藤")
    does(home, "record", "c", "--year", "R6", "--actual", "7", who="佐藤")
    return home


def test_a_dry_run_tells_what_would_change_and_writes_nothing(book: Path, home: Path) -> None:
    before = contents(book)
    done = run("--book", book, "merge", home, "--dry-run")
    assert done.status == 0
    assert "c 相談件数の累計 令和6年度 実績: 空欄 → 7（佐藤、" in done.out
    assert "どちらにするかを決めるもの（1件）" in done.out
    assert contents(book) == before


def test_a_conflict_is_refused_until_it_is_decided(book: Path, home: Path) -> None:
    before = contents(book)
    told = refusal(run("--book", book, "merge", home), 1)
    assert "「490」" in told
    assert "「512」" in told
    assert contents(book) == before
    for wrong in ("a", "a=他方", "c=mine", "=mine", "a@R7=mine"):
        refusal(run("--book", book, "merge", home, "--cell", wrong), 2)
    assert contents(book) == before
    done = run(
        "--book",
        book,
        "--as",
        "合わせた人",
        "merge",
        home,
        "--take",
        "mine",
        "--cell",
        "a@R6=theirs",
    )
    assert done.status == 0
    assert "2件を取り込みました" in done.err
    history = run("--book", book, "history", "a", "--year", "R6").out
    assert "490人 → 512人（「持ち帰り.db」を合わせた（佐藤、" in history
    held = contents(book)
    assert "変わるところはありません" in run("--book", book, "merge", home).err
    assert contents(book) == held
    for words in (("verify",), ("doctor",)):
        assert run("--book", book, *words).status == 0


def test_a_book_that_cannot_be_written_is_told(book: Path, home: Path) -> None:
    book.chmod(0o444)
    try:
        told = refusal(run("--book", book, "merge", home, "--take", "theirs"), 1)
    finally:
        book.chmod(0o644)
    assert "読み取り専用" in told
