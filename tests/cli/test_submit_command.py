"""The commands submit and check: who has submitted, in words and as JSON."""

from pathlib import Path

from books import new_book
from commandline import run

CITY = "市（福祉課）"


def test_submitting_by_command_and_what_check_tells(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    new_book(tmp_path / "review.db")
    assert "提出" not in run("check", "--year", "R6").out
    assert "どの担当の提出かを --owner で" in run("submit", "--year", "R6").err
    assert "入っていない実績が3件あります" in run("submit", "--year", "R6", "--owner", CITY).err
    assert run("submit", "--year", "R6", "--owner", "社協").status == 0
    done = run(
        "--as", "佐藤", "submit", "--year", "R6", "--owner", CITY, "--reason", "集計待ち", "--json"
    )
    [share] = done.json["submissions"]
    assert share["submission"] | {"at": ""} == {
        **{"by": "佐藤", "at": "", "number": 1, "blanks": 3, "reason": "集計待ち"},
        "changed_since": 0,
    }
    run("record", "c", "--year", "R6", "--actual", "5")
    told = run("check", "--year", "R6").out
    assert "提出\n  社協 2/2件 入力済み 提出済み" in told
    assert f"  {CITY} 1/3件 入力済み 提出後に1件変更" in told
    assert [one["owner"] for one in run("check", "--year", "R6", "--json").json["submissions"]] == [
        "社協",
        CITY,
    ]
    assert "提出（空欄3件、集計待ち）" in run("history", "--entity", "提出").out
    run("submit", "--year", "R6", "--owner", CITY, "--withdraw")
    assert "まだ提出していません" in run("year", "ready", "--year", "R6").out
