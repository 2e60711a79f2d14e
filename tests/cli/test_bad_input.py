"""Bad values, tables and plans: one Japanese sentence, and the book row for row as it was."""

import time
from pathlib import Path

import pytest
from books import SMALL_PLAN, new_book
from commandline import refusal, run

from shakyo_review.exchange.rows import COLUMNS

HEADER = ",".join(COLUMNS)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return new_book(tmp_path / "b.db")


def refused(book: Path, *words: object, status: int) -> str:
    """Run a command that has to refuse; the book and its folder are as they were."""
    before, there = book.read_bytes(), sorted(p.name for p in book.parent.iterdir())
    text = refusal(run("--book", book, *words), status)
    assert book.read_bytes() == before
    assert sorted(p.name for p in book.parent.iterdir()) == there
    return text


ACTUAL = ["record", "a", "--year", "R6", "--actual"]
VALUES = {
    "words and digits": ([*ACTUAL, "512人ほど"], 1, ["512人ほど"]),
    "kanji digits": ([*ACTUAL, "五百"], 1, ["五百"]),
    "another unit": ([*ACTUAL, "512回"], 1, ["人"]),
    "decimals": ([*ACTUAL, "12.5"], 1, ["12.5", "整数"]),
    "more decimals": (
        ["record", "b", "--year", "R6", "--actual", "0.085"],
        1,
        ["0.085", "小数第2位"],
    ),
    "two signs": ([*ACTUAL, "△△3"], 1, ["△△3"]),
    "too many digits": ([*ACTUAL, "1234567890123456"], 1, ["桁"]),
    "too many digits for the decimals": (
        ["record", "m", "--year", "R6", "--actual", "999999999999999"],
        1,
        ["桁"],
    ),
    "a share where one number is wanted": ([*ACTUAL, "1/2"], 1, ["1/2"]),
    "a share of nothing": (["record", "r", "--year", "R6", "--actual", "1/0"], 1, ["分母"]),
    "an escape sequence": ([*ACTUAL, "5\x1b[2J"], 1, ["使えない文字"]),
    "a very long text": ([*ACTUAL, "長" * 300], 1, ["長すぎます"]),
    "an endless text": ([*ACTUAL, "9" * 5000], 1, ["長すぎます"]),
    "a bad target": (["record", "a", "--year", "R6", "--target", "1,23"], 1, ["1,23"]),
    "an unknown state": (["record", "a", "--year", "R6", "--state", "延期"], 1, ["延期", "中止"]),
    "a state that is a value": (["record", "a", "--year", "R6", "--state", "value"], 1, ["value"]),
    "a forecast of no number": ([*ACTUAL, "中止", "--forecast"], 2, ["--forecast"]),
    "a bad expectation": ([*ACTUAL, "1", "--expect", "x1"], 1, ["x1"]),
    "an unknown code": (["record", "1a", "--year", "R6", "--actual", "1"], 2, ["1a", "plan show"]),
    "a code of an item": (["record", "1-1", "--year", "R6", "--actual", "1"], 2, ["1-1"]),
    "a year outside": (
        ["record", "a", "--year", "R20", "--actual", "1"],
        2,
        ["令和20年度", "令和6年度"],
    ),
    "a year long before": (["record", "a", "--year", "H20", "--actual", "1"], 2, ["平成20年度"]),
    "an unknown branch": ([*ACTUAL, "1", "--branch", "東区"], 2, ["東区", "kita"]),
    "an unknown period": ([*ACTUAL, "1", "--period", "Q5"], 2, ["Q5", "Q1"]),
    "a month there is not": ([*ACTUAL, "1", "--period", "13"], 2, ["13"]),
    "measured later": ([*ACTUAL, "1", "--measured-year", "R7"], 2, ["令和7年度"]),
    "a long note": ([*ACTUAL, "1", "--note", "長" * 2001], 1, ["注記", "2001"]),
    "a control character": ([*ACTUAL, "1", "--reason", "\x07"], 1, ["理由"]),
    "a byte that is no text": ([*ACTUAL, "1", "--note", "\udcff"], 1, ["注記"]),
    "score of another year": (["score", "--year", "R20"], 2, ["令和20年度"]),
    "check of another year": (["check", "--year", "R20"], 2, ["令和20年度"]),
    "compare with another year": (["compare", "R6", "R20"], 2, ["令和20年度"]),
    "explain of an unknown code": (["explain", "zz", "--year", "R6"], 2, ["zz"]),
    "history of an unknown code": (["history", "zz"], 2, ["zz"]),
    "export of another year": (["export", "--year", "R20", "o.csv"], 2, ["令和20年度"]),
    "export to an unknown format": (["export", "--year", "R6", "o.pdf"], 2, ["o.pdf", "CSV"]),
    "export of an unknown owner": (
        ["export", "--year", "R6", "--owner", "県", "o.csv"],
        2,
        ["県", "福祉課"],
    ),
    "export into no folder": (["export", "--year", "R6", "/no/such/o.csv"], 1, ["/no/such/o.csv"]),
    "import of an unknown format": (["import", "o.docx"], 2, ["o.docx"]),
    "import of no file": (["import", "/no/such/o.csv"], 1, ["o.csv"]),
    "report in an unknown format": (
        ["report", "--year", "R6", "--format", "odt", "--out", "o"],
        2,
        ["odt"],
    ),
    "report of another year": (["report", "--year", "R20", "--out", "o"], 2, ["令和20年度"]),
    "backup into no folder": (["backup", "/no/such/b.db"], 2, ["/no/such"]),
    "restore of no file": (["restore", "/no/such/b.db"], 2, ["b.db"]),
    "plan export into no folder": (["plan", "export", "/no/such/p.yaml"], 1, ["p.yaml"]),
    "a new book of no plan": (["new", "x.db", "--plan", "/no/such/plan.yaml"], 1, ["plan.yaml"]),
    "a new book in no folder": (["new", "/no/such/x.db", "--plan", "osaka"], 2, ["/no/such"]),
    "a name no file can have": (["backup", "/tmp/" + "x" * 300], 1, ["長すぎます"]),
}


@pytest.mark.parametrize(("words", "status", "told"), VALUES.values(), ids=VALUES)
def test_a_bad_value(
    book: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], status: int, told: list[str]
) -> None:
    monkeypatch.chdir(book.parent)
    text = refused(book, *words, status=status)
    for part in told:
        assert part in text


def test_a_file_in_the_place(book: Path) -> None:
    taken = book.with_name("taken.db")
    taken.write_text("mine")
    for words in (["backup", taken], ["new", taken, "--plan", "osaka"], ["backup", book]):
        assert "すでにあります" in refused(book, *words, status=2)
    assert taken.read_text() == "mine"


def test_export_and_plan_export_onto_a_folder(book: Path) -> None:
    for name, words in (("o.csv", ["export", "--year", "R6"]), ("p.yaml", ["plan", "export"])):
        (book.parent / name).mkdir()
        assert "フォルダ" in refused(book, *words, book.parent / name, status=1)


# --- tables ------------------------------------------------------------------------------

GOOD = "c,2024,,,actual,3,,,"
TABLES: dict[str, tuple[bytes, list[str]]] = {
    "no header": (b"a,2024,,,actual,500,,,\n", ["見出し"]),
    "a header that lacks a column": (
        f"{HEADER.replace(',note', '')}\n{GOOD[:-1]}\n".encode(),
        ["note"],
    ),
    "a header with a strange column": (f"{HEADER},memo\n{GOOD},\n".encode(), ["memo"]),
    "a column twice": (f"{HEADER},note\n{GOOD},\n".encode(), ["note"]),
    "tabs": (f"{HEADER}\n{GOOD}\n".replace(",", "\t").encode(), ["コンマ"]),
    "nothing": (b"", ["何も書かれていません"]),
    "a row too short": (f"{HEADER}\n{GOOD}\na,2024,,actual\n".encode(), ["3行目"]),
    "a row too long": (f"{HEADER}\na,2024,,,actual,1,,,,,x\n".encode(), ["2行目"]),
    "an open quotation": (f'{HEADER}\n{GOOD}\na,2024,,,actual,"5,,,\n'.encode(), ["3行目"]),
    "an unknown code": (f"{HEADER}\n{GOOD}\n1a,2024,,,actual,1,,,\n".encode(), ["3行目", "1a"]),
    "an unknown year": (f"{HEADER}\nc,R99年,,,actual,1,,,\n".encode(), ["2行目"]),
    "a year outside": (f"{HEADER}\nc,2040,,,actual,1,,,\n".encode(), ["2行目", "令和22年度"]),
    "an unknown branch": (f"{HEADER}\na,2024,東区,,actual,1,,,\n".encode(), ["2行目", "東区"]),
    "an unknown period": (f"{HEADER}\na,2024,,Q9,actual,1,,,\n".encode(), ["2行目", "Q9"]),
    "an unknown kind": (f"{HEADER}\na,2024,,,plan,1,,,\n".encode(), ["2行目", "plan"]),
    "an unknown state": (f"{HEADER}\na,2024,,,actual,,延期,,\n".encode(), ["2行目", "延期"]),
    "no number": (f"{HEADER}\na,2024,,,actual,12人ほど,,,\n".encode(), ["2行目", "12人ほど"]),
    "too many digits": (
        f"{HEADER}\nm,2024,,,actual,999999999999999,,,\n".encode(),
        ["2行目", "桁"],
    ),
    "measured later": (f"{HEADER}\na,2024,,,actual,1,,2025,\n".encode(), ["2行目"]),
    "the same cell twice": (f"{HEADER}\n{GOOD}\n{GOOD}\n".encode(), ["3行目", "2行目"]),
    "a control character": (f"{HEADER}\na,2024,,,actual,1,,,x\x07y\n".encode(), ["2行目"]),
    "UTF-16": (f"{HEADER}\n{GOOD}\n".encode("utf-16"), ["UTF-16"]),
    "EUC-JP": (f"{HEADER}\na,2024,,,actual,1,,,速報の値です\n".encode("euc_jp"), ["EUC-JP"]),
    "a workbook": (b"PK\x03\x04" + bytes(100), ["表計算"]),
    "random bytes": (bytes(range(256)) * 20, []),
}


@pytest.mark.parametrize(("content", "told"), TABLES.values(), ids=TABLES)
def test_a_bad_table(book: Path, content: bytes, told: list[str]) -> None:
    table = book.with_name("in.csv")
    table.write_bytes(content)
    for more in ([], ["--dry-run"]):
        text = refused(book, "import", table, *more, status=1)
        for part in ["in.csv", *told]:
            assert part in text


def test_every_bad_row_is_named_and_nothing_is_taken(book: Path) -> None:
    table = book.with_name("in.csv")
    rows = [GOOD, "1a,2024,,,actual,1,,,", "a,2024,,,actual,x1,,,", "b,2024,,,actual,0.001,,,"]
    table.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    before = book.read_bytes()
    done = run("--book", book, "import", table)
    listed = done.err.splitlines()[:-1]
    assert [line.split()[0] for line in listed] == ["3行目", "4行目", "5行目"]
    assert "ほか 2 件" in refusal(done, 1)
    assert book.read_bytes() == before


def test_5000_rows_with_one_that_is_bad(tmp_path: Path) -> None:
    indicators = "".join(
        f"      - {{code: i{n}, name: 指標{n}, unit: 人, direction: higher, measure: annual}}\n"
        for n in range(1000)
    )
    (tmp_path / "big.yaml").write_text(
        "code: big\ntitle: 大きな計画\nbody: 見本市社協\nkind: activity\nfirst_year: 2020\nlast_year: 2024\n"
        f"levels: [取組]\ntree:\n  - code: '1'\n    name: 取組\n    indicators:\n{indicators}",
        encoding="utf-8",
    )
    book = tmp_path / "big.db"
    assert run("new", book, "--plan", tmp_path / "big.yaml").status == 0
    rows = [f"i{n},{year},,,actual,{n + 1},,," for year in range(2020, 2025) for n in range(1000)]
    rows[3210] = rows[3210].replace("actual,", "actual,およそ")
    (tmp_path / "in.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    begun = time.monotonic()
    text = refused(book, "import", tmp_path / "in.csv", status=1)
    assert time.monotonic() - begun < 10
    assert "3212行目" in text
    rows[3210] = rows[3210].replace("およそ", "")
    (tmp_path / "in.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    begun = time.monotonic()
    done = run("--book", book, "import", tmp_path / "in.csv")
    assert time.monotonic() - begun < 10
    assert "5000件を取り込みました" in done.err


# --- plans -------------------------------------------------------------------------------

PLANS: dict[str, tuple[str, list[str]]] = {
    "a code twice": (SMALL_PLAN.replace("{code: c,", "{code: a,"), ["「a」", "行目"]),
    "再掲 in a circle": (
        SMALL_PLAN.replace('repeats: "1-1"', 'repeats: "1-2"'),
        ["1-2", "めぐって"],
    ),
    "再掲 of nothing": (SMALL_PLAN.replace('repeats: "1-1"', 'repeats: "9-9"'), ["9-9"]),
    "a level without a word": (SMALL_PLAN.replace("[基本目標, 取組]", "[基本目標]"), ["levels"]),
    "an unknown branch": (SMALL_PLAN.replace("flags: [重点]", "branches: [higashi]"), ["higashi"]),
    "years the wrong way round": (
        SMALL_PLAN.replace("first_year: 2024", "first_year: 2030"),
        ["first_year"],
    ),
    "an unknown field": (SMALL_PLAN.replace("title:", "titel:"), ["titel", "title"]),
    "an unknown direction": (SMALL_PLAN.replace("direction: lower", "direction: down"), ["down"]),
    "a figure that is none": (
        SMALL_PLAN.replace("2024: 480}", "2024: 480人ほど}"),
        ["480人ほど", "行目"],
    ),
    "too many decimals": (SMALL_PLAN.replace("2024: 0.08}", "2024: 0.085}"), ["0.085", "行目"]),
    "no YAML": ("code: [", ["YAML"]),
    "a tab": (SMALL_PLAN.replace('  - code: "1"', '\t- code: "1"', 1), ["タブ"]),
    "nothing": ("", ["空"]),
    "a list": ("- 1\n- 2\n", ["行目"]),
}


@pytest.mark.parametrize(("text", "told"), PLANS.values(), ids=PLANS)
def test_a_bad_plan(tmp_path: Path, text: str, told: list[str]) -> None:
    assert text != SMALL_PLAN
    plan = tmp_path / "計画.yaml"
    plan.write_text(text, encoding="utf-8")
    for words in (
        ["plan", "check", plan],
        ["new", tmp_path / "n.db", "--plan", plan],
        ["plan", "show", plan],
    ):
        done = run(*words)
        said = done.error
        assert done.status == 1
        assert done.out == ""
        assert "不具合" not in said
        for part in ["計画.yaml", *told]:
            assert part in done.err
    assert [p.name for p in tmp_path.iterdir()] == ["計画.yaml"]


def test_a_plan_that_is_no_text(tmp_path: Path) -> None:
    for content in (bytes(range(256)), b"PK\x03\x04" + bytes(50), SMALL_PLAN.encode("utf-16")):
        (tmp_path / "p.yaml").write_bytes(content)
        refusal(run("plan", "check", tmp_path / "p.yaml"), 1)
    (tmp_path / "d.yaml").mkdir()
    refusal(run("plan", "check", tmp_path / "d.yaml"), 1)


# --- settings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [("book = ", "TOML"), ('colour = "red"', "「colour」"), ("name = 1", "「name」")],
)
def test_bad_settings(book: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str) -> None:
    settings = book.with_name("settings.toml")
    settings.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SHAKYO_REVIEW_SETTINGS", str(settings))
    said = refusal(run("score", "--year", "R6"), 2)
    assert told in said
    assert "settings.toml" in said
