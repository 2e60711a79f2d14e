"""A council's own 進捗管理シート by command: taken in, its reading shown, kept and forgotten."""

from pathlib import Path

import openpyxl
import pytest
from books import contents, history_length, new_book
from commandline import refusal, run

ROWS = (
    ("取組", "指標", "単位", "令和6年度実績", "令和6年度のようす"),
    ("集いの場づくり", "参加者数", "人", "５１２人", "月に2回開きました。"),
    ("相談", "相談件数の累計", "件", "集計中", ""),
    ("相談", "窓口に来た人", "人", 30, ""),
)


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    new_book(tmp_path / "review.db")
    return written(tmp_path / "進捗.xlsx", ROWS)


def written(path: Path, rows: tuple[tuple[object, ...], ...]) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "地域課"
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def test_a_dry_run_shows_and_an_import_writes(sheet: Path) -> None:
    before = contents(Path("review.db"))
    shown = run("import", sheet, "--year", "R6", "--dry-run")
    assert shown.status == 0
    assert "a R6 実績: 480 → 512" in shown.out
    assert "c R6 実績: 空欄 → 集計中" in shown.out
    assert "シート「地域課」の4行目: 指標「窓口に来た人」は計画にありません。" in shown.err
    assert "変わる予定は2件" in shown.err
    assert contents(Path("review.db")) == before
    assert "2件を取り込みました" in run("import", sheet, "--year", "R6").err
    assert "a R6 実績: 480人 → 512人" in run("history", "--year", "R6").out
    again = run("import", sheet, "--year", "R6")
    assert "0件を取り込みました（同じ値は2件）" in again.err
    assert run("verify").status == 0


def test_a_csv_that_names_its_years_needs_no_option(sheet: Path) -> None:
    table = sheet.with_name("進捗.csv")
    table.write_text("取組,指標,R6実績\n集いの場づくり,参加者数,513\n", encoding="cp932")
    assert "a R6 実績: 480 → 513" in run("import", table, "--dry-run").out


def test_a_value_nobody_can_read_refuses_the_file_unless_it_is_to_be_skipped(sheet: Path) -> None:
    written(sheet, (ROWS[0], (*ROWS[1][:3], "約５百"), *ROWS[2:]))
    before = contents(Path("review.db"))
    for more in ((), ("--dry-run",)):
        told = refusal(run("import", sheet, "--year", "R6", *more))
        assert "シート「地域課」のD2" in told
        assert "約５百" in told
        assert "--skip" in told
    assert contents(Path("review.db")) == before
    done = run("import", sheet, "--year", "R6", "--skip")
    assert "1件を取り込みました" in done.err
    assert "D2" in done.err


def test_columns_are_said_once_and_shown_and_forgotten(sheet: Path) -> None:
    told = run("tracking", "show", sheet)
    assert "シート「地域課」（見出し 1行目、見出しの言葉からの読み方" in told.out
    assert "E   令和6年度のようす  －" in told.out
    done = run("import", sheet, "--year", "R6", "--columns", "実施内容=E")
    assert done.status == 0
    kept = run("tracking", "show")
    assert "進捗.xlsx、シート「地域課」" in kept.out
    assert "実施内容＝○年度のようす" in kept.out
    # The next year's sheet, its columns in another order, is read without asking.
    heads = tuple(str(head).replace("6", "7") for head in ROWS[0])
    turned = [
        row[::-1] for row in (heads, ("集いの場づくり", "参加者数", "人", 530, "増えました。"))
    ]
    written(sheet, tuple(turned))
    shown = run("import", sheet, "--year", "R7", "--dry-run")
    assert "a R7 実績: 空欄 → 530、実施内容「増えました。」" in shown.out
    [layout] = run("tracking", "show", "--json").json["layouts"]
    assert layout["columns"]["{年}のようす"] == "note"
    rows = history_length(Path("review.db"))
    assert "1件忘れました" in run("tracking", "forget", layout["id"]).err
    assert history_length(Path("review.db")) == rows + 1
    assert "忘れました" in run("history").out
    assert "覚えている読み方はありません" in run("tracking", "show").err
    assert run("verify").status == 0
    assert run("doctor").status == 0


def test_a_row_is_given_its_indicator(sheet: Path) -> None:
    done = run("tracking", "match", sheet, "4=m", "--year", "R6")
    assert done.status == 0, done.err
    assert "4行目「窓口に来た人」: m" in done.out
    shown = run("import", sheet, "--year", "R6", "--dry-run")
    assert "窓口に来た人" not in shown.err
    assert "m R6 実績: 空欄 → 30" in shown.out
    run("tracking", "match", sheet, "4=なし", "--year", "R6")
    shown = run("import", sheet, "--year", "R6", "--dry-run")
    assert "m R6" not in shown.out
    assert "窓口に来た人" not in shown.err
    columns = run("tracking", "show", sheet, "--json").json["tables"][0]["columns"]
    assert columns[3] == {
        "column": "D",
        "head": "令和6年度実績",
        "fiscal_year": 2024,
        "read_as": "actual",
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "進捗.xlsx", "--year", "R5"), "令和5年度の列がありません"),
        (
            ("import", "進捗.xlsx", "--year", "R6", "--columns", "実績"),
            "列の指定「実績」は読めません",
        ),
        (
            ("import", "進捗.xlsx", "--year", "R6", "--columns", "実績=Q"),
            "「Q」列には何もありません",
        ),
        (
            ("import", "進捗.xlsx", "--year", "R6", "--columns", "売上=D"),
            "列の指定「売上」は使えません",
        ),
        (
            ("import", "進捗.xlsx", "--year", "R6", "--sheet", "総務課"),
            "シート「総務課」がありません",
        ),
        (("tracking", "match", "進捗.xlsx", "9=a"), "9行目には、読む値がありません"),
        (("tracking", "match", "進捗.xlsx", "4=zz"), "指標「zz」は計画"),
        (("tracking", "match", "進捗.xlsx", "四=a"), "行の指定「四=a」は読めません"),
        (
            (
                "tracking",
                "forget",
            ),
            "番号か --all のどちらか",
        ),
        (("tracking", "forget", "nothing"), "読み方「nothing」は覚えていません"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    sheet: Path, arguments: tuple[str, ...], told: str
) -> None:
    before = contents(Path("review.db"))
    assert told in refusal(run(*arguments))
    assert contents(Path("review.db")) == before


def test_nothing_of_a_file_commands_the_terminal(sheet: Path) -> None:
    bad = "\x1b]0;x\x07"
    lines = [
        f"取組{bad},指標,R6実績,備考{bad}",
        f"集い{bad},来た人{bad},5,x",
        "相談,測定値,\x1b[2J5,",
    ]
    table = sheet.with_name("表.csv")
    table.write_text("\n".join(lines), encoding="utf-8")
    told = [
        run("tracking", "show", table),
        run("import", table, "--year", "R6", "--dry-run"),
        run("tracking", "match", table, "2=m", "--year", "R6"),
        run("import", table, "--year", "R6", "--columns", "実施内容=D"),
        run("tracking", "show"),
        run("history"),
    ]
    assert any("来た人" in one.out + one.err for one in told)
    assert all("\x1b" not in one.out + one.err for one in told)
    assert all("\x07" not in one.out + one.err for one in told)


def test_a_member_takes_in_only_what_is_their_own(sheet: Path) -> None:
    run("people", "add", "事務局長", "--role", "事務局")
    run("--as", "事務局長", "people", "add", "田中", "--role", "委員", "--owner", "社協")
    shown = run("--as", "田中", "import", sheet, "--year", "R6")
    assert "1件を取り込みました" in shown.err, shown.err
    assert "田中さんには変えられない値" in shown.err
    assert "480人 → 512人" in run("history", "--year", "R6").out
