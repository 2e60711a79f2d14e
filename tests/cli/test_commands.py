"""Every command does what it says; what it prints is data on standard output, notes on standard error."""

import os
import subprocess
from pathlib import Path

import pytest
from books import SMALL_PLAN, contents, history_length, new_book
from commandline import ROOT, command, environment, process, run

from shakyo_review.exchange.bundled import bundled_names


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return new_book(tmp_path / "b.db")


def test_plans() -> None:
    done = run("plans")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == list(bundled_names())
    assert "逗子" in done.out


def test_new_from_a_bundled_plan_and_from_a_file(tmp_path: Path) -> None:
    done = run("new", tmp_path / "z.db", "--plan", "zushi")
    assert (done.status, done.out) == (0, "")
    assert str(tmp_path / "z.db") in done.err
    (tmp_path / "small.yaml").write_text(SMALL_PLAN, encoding="utf-8")
    assert run("new", tmp_path / "s.db", "--plan", tmp_path / "small.yaml").status == 0
    assert "参加者数" in run("--book", tmp_path / "s.db", "plan", "show").out


def test_the_book_of_the_settings_and_of_the_folder(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(f'book = "{book}"\nname = "設定の人"\n', encoding="utf-8")
    monkeypatch.setenv("SHAKYO_REVIEW_SETTINGS", str(settings))
    assert run("record", "a", "--year", "R6", "--actual", "1").status == 0
    assert run("--as", "別の人", "record", "a", "--year", "R6", "--actual", "2").status == 0
    told = run("history", "a", "--json").json["changes"]
    assert [change["who"] for change in told[-2:]] == ["設定の人", "別の人"]
    monkeypatch.delenv("SHAKYO_REVIEW_SETTINGS")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    book.rename(tmp_path / "review.db")
    assert "480人 → 1人" in run("history", "a").out


def test_plan_show_export_check(tmp_path: Path, book: Path) -> None:
    shown = run("--book", book, "plan", "show").out
    assert "基本目標 1 つながる" in shown
    assert "相談［重点］" in shown
    assert "（再掲: 1-1）" in shown
    done = run("--book", book, "plan", "export", tmp_path / "p.yaml")
    assert (done.status, done.out) == (0, "")
    done = run("plan", "check", tmp_path / "p.yaml")
    assert (done.status, done.out) == (0, "")
    assert "項目5件、指標5件" in done.err


@pytest.mark.parametrize("name", bundled_names())
def test_a_plan_exported_and_made_anew_shows_the_same(tmp_path: Path, name: str) -> None:
    run("new", tmp_path / "1.db", "--plan", name)
    assert run("--book", tmp_path / "1.db", "plan", "export", tmp_path / "p.yaml").status == 0
    assert run("new", tmp_path / "2.db", "--plan", tmp_path / "p.yaml").status == 0
    shown = [run("--book", tmp_path / f"{n}.db", "plan", "show", "--json").out for n in (1, 2)]
    assert shown[0] == shown[1] == run("plan", "show", name, "--json").out


def test_record_says_what_has_become_of_the_cell(book: Path) -> None:
    done = run(
        "--book", book, "record", "a", "--year", "2024", "--actual", "５１２人", "--note", "速報"
    )
    assert (done.status, done.out, done.err) == (0, "a 参加者数（R6 実績）: 480 → 512人\n", "")
    done = run("--book", book, "record", "a", "--year", "令和6年度", "--actual", "512")
    assert done.out == "a: 変わりません（512人）\n"
    done = run("--book", book, "record", "a", "--year", "R6", "--state", "中止")
    assert done.out == "a 参加者数（R6 実績）: 512 → 中止\n"
    done = run("--book", book, "record", "a", "--year", "R6", "--state", "not_surveyed")
    assert done.out == "a 参加者数（R6 実績）: 中止 → 調査未実施\n"
    done = run("--book", book, "record", "a", "--year", "R6", "--actual", "4800", "--forecast")
    assert "（見込み）" in done.out
    assert done.err.startswith("確認: ")
    done = run("--book", book, "record", "a", "--year", "R6", "--target", "△3")
    assert done.out == "a 参加者数（R6 目標）: 500 → △3人\n"
    done = run("--book", book, "record", "a", "--year", "R6", "--actual", "")
    assert done.out == "a 参加者数（R6 実績）: 4,800（見込み） → 空欄\n"


def test_record_with_the_value_expected(book: Path) -> None:
    words = ("--book", book, "record", "a", "--year", "R6")
    assert run(*words, "--actual", "500", "--expect", "480").status == 0
    assert (
        run("--book", book, "record", "c", "--year", "R6", "--actual", "1", "--expect", "").status
        == 0
    )
    before = book.read_bytes()
    done = run(*words, "--actual", "501", "--expect", "480")
    assert done.status == 1
    assert "「500」" in done.error
    done = run("--book", book, "record", "r", "--year", "R6", "--actual", "1", "--expect", "3")
    assert "いま「空欄」です" in done.error
    assert book.read_bytes() == before


def test_export_import_and_dry_run(tmp_path: Path, book: Path) -> None:
    done = run("--book", book, "export", "--year", "R6", tmp_path / "o.csv")
    assert (done.status, done.out) == (0, "")
    assert "10行" in done.err
    text = (tmp_path / "o.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "i.csv").write_text(text.replace("actual,480,", "actual,490,"), encoding="utf-8")
    before = book.read_bytes()
    done = run("--book", book, "import", "--dry-run", tmp_path / "i.csv")
    assert (done.status, done.out) == (0, "a R6 実績: 480 → 490\n")
    assert "1件を変わる予定" not in done.err
    assert "変わる予定は1件" in done.err
    assert book.read_bytes() == before
    length = history_length(book)
    done = run("--book", book, "--as", "山田", "import", tmp_path / "i.csv", "--reason", "回答")
    assert (done.status, done.out) == (0, "")
    assert "1件を取り込みました" in done.err
    assert "空欄" in done.err
    assert history_length(book) == length + 1
    row = run("--book", book, "history", "a", "--json").json["changes"][-1]
    assert (row["who"], row["reason"], row["new"]) == (
        "山田",
        "回答",
        {"state": "value", "value": "490"},
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_import_knows_the_encodings_of_a_spreadsheet(
    tmp_path: Path, book: Path, encoding: str
) -> None:
    run("--book", book, "export", "--year", "R6", tmp_path / "o.csv")
    text = (
        (tmp_path / "o.csv")
        .read_text(encoding="utf-8-sig")
        .replace("actual,480,,,", "actual,490,,,速報です")
    )
    (tmp_path / "i.csv").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert run("--book", book, "import", tmp_path / "i.csv").status == 0
    scored = run("--book", book, "score", "--year", "R6", "--json").json["indicators"][0]
    assert (scored["actual"], scored["note"]) == ("490", "速報です")


def test_score_explain_compare_check_history(book: Path) -> None:
    for words in (
        ["score", "--year", "R6"],
        ["explain", "a", "--year", "R6"],
        ["compare", "R5", "R6"],
        ["history"],
    ):
        done = run("--book", book, *words)
        assert (done.status, done.err) == (0, ""), words
        assert "Decimal" not in done.out
        assert "None" not in done.out
    assert "100×480÷500" in run("--book", book, "explain", "a", "--year", "R6").out
    done = run("--book", book, "check", "--year", "R6")
    assert done.status == 1
    assert "市（福祉課）" in done.out


def test_history_tells_local_time(book: Path) -> None:
    done = process("--book", book, "history", "a", TZ="Asia/Tokyo")
    assert "年" in done.out.splitlines()[0]
    assert "+00:00" not in done.out


def test_backup_restore_doctor(tmp_path: Path, book: Path) -> None:
    assert run("--book", book, "backup", tmp_path / "s.db").status == 0
    assert contents(tmp_path / "s.db") == contents(book)
    run("--book", book, "record", "a", "--year", "R6", "--actual", "1")
    changed = contents(book)
    done = run("--book", book, "restore", tmp_path / "s.db")
    assert done.status == 0
    assert "b.以前1.db" in done.err
    assert contents(book) == contents(tmp_path / "s.db")
    assert contents(tmp_path / "b.以前1.db") == changed
    done = run("--book", book, "doctor")
    assert (done.status, done.err) == (0, "")
    assert "×" not in done.out
    assert run("--book", tmp_path / "none.db", "doctor").status == 1


def test_report(tmp_path: Path, book: Path) -> None:
    done = run("--book", book, "report", "--year", "R6", "--out", tmp_path / "out")
    assert (done.status, done.err) == (0, "")
    path = Path(done.out.removeprefix("報告書: ").rstrip("\n"))
    assert path.parent == tmp_path / "out"
    assert "小さな計画" in path.read_text(encoding="utf-8")
    assert (
        run("--book", book, "report", "--year", "R6", "--out", tmp_path, "--format", "doc").status
        == 2
    )
    assert run("--book", book, "report", "--year", "R30", "--out", tmp_path).status == 2


@pytest.mark.parametrize("name", bundled_names())
def test_demo_without_a_terminal(tmp_path: Path, name: str) -> None:
    done = run("demo", name, "--out", tmp_path / "d")
    assert (done.status, done.err) == (0, "")
    assert "計画全体" in done.out
    report = Path(done.out.splitlines()[-1].removeprefix("報告書: "))
    assert report.parent == tmp_path / "d"
    assert "例示" in report.read_text(encoding="utf-8")
    assert run("--book", tmp_path / "d" / f"{name}.db", "doctor").status == 0
    assert run("demo", name, "--out", tmp_path / "d").status == 0
    assert (tmp_path / "d" / f"{name}-2.db").exists(), "an earlier sample is never overwritten"


def test_a_process_of_its_own_prints_and_ends(tmp_path: Path) -> None:
    done = process("demo", "--out", "d", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert (tmp_path / "d" / "osaka.db").exists()


def test_a_reader_that_has_seen_enough_is_no_error(book: Path) -> None:
    shell = " ".join(command("--book", book, "history"))
    done = subprocess.run(
        f"{shell} | head -n 1; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        env=environment(),
        check=False,
    )
    assert done.stderr == b""
    assert done.stdout.decode().splitlines()[-1] == "0"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_that_takes_nothing_more() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command("plans"), stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )
    assert done.returncode == 1
    text = done.stderr.decode()
    assert text.startswith("エラー: ")
    assert text.count("\n") == 1
    assert "空き容量" in text


def test_an_unforeseen_failure_is_a_sentence_and_debug_tells_more(book: Path) -> None:
    """The installation is broken: no part of the program may answer with a traceback."""
    broken = {"PYTHONPATH": f"{book.parent}{os.pathsep}{ROOT}"}
    (book.parent / "pydantic_core").mkdir()
    (book.parent / "pydantic_core" / "__init__.py").write_text("raise RuntimeError('broken')")
    done = process("--book", book, "score", "--year", "R6", **broken)
    assert done.status == 1
    assert "RuntimeError" in done.error
    assert "Traceback" not in done.err
    done = process("--book", book, "score", "--year", "R6", SHAKYO_REVIEW_DEBUG="1", **broken)
    assert "Traceback" in done.err
