"""``people``: who may write, from the command line; what is never printed."""

import io
import sqlite3
import sys
from pathlib import Path

import pytest
from books import new_book
from commandline import Done, command, environment, refusal, run

WORD = "さくらの木のした"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_book(tmp_path / "b.db")


def people(path: Path, *arguments: object, who: str = "花子") -> Done:
    return run("--book", path, "--as", who, "people", *arguments)


def staff(path: Path) -> None:
    assert people(path, "add", "花子", "--role", "事務局").status == 0
    assert people(path, "add", "田中 太郎", "--role", "委員", "--owner", "社協").status == 0
    assert people(path, "add", "鈴木", "--role", "懇話会").status == 0


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_registering_changing_removing(path: Path) -> None:
    assert "だれも登録されていません" in people(path, "list").out
    told = refusal(people(path, "add", "田中", "--role", "委員", "--owner", "社協"), 1)
    assert told.startswith("最初に登録するのは、事務局")
    done = people(path, "add", "花子", "--role", "事務局", who="別の人")
    assert done.out == "花子さん（事務局）を登録しました。\n"
    assert "--as 花子" in done.err
    staffed = people(path, "add", "田中 太郎", "--role", "委員", "--owner", "社協")
    assert (staffed.out, staffed.err) == (
        "田中 太郎さん（委員）を登録しました（担当: 社協）。\n",
        "",
    )
    assert people(path, "add", "鈴木", "--role", "council").status == 0
    assert [line.split() for line in people(path, "list").out.splitlines()][2:] == [
        ["花子", "事務局", "なし"],
        ["田中", "太郎", "委員", "社協", "なし"],
        ["鈴木", "懇話会", "なし"],
    ]
    changed = people(path, "change", "鈴木", "--role", "委員", "--owner", "市(福祉課)", "--json")
    assert changed.json == {
        "name": "鈴木",
        "role": "member",
        "owners": ["市（福祉課）"],
        "passphrase": False,
    }
    assert "書いたものは残っています" in people(path, "remove", "鈴木").out
    history = run("--book", path, "history", "--entity", "利用者").out.splitlines()
    assert [line.partition("利用者 ")[2] for line in history] == [
        "花子: なし → 事務局",
        "田中 太郎: なし → 委員（担当: 社協）",
        "鈴木: なし → 懇話会",
        "鈴木: 懇話会 → 委員（担当: 市（福祉課））",
        "鈴木: 委員（担当: 市（福祉課）） → なし",
    ]
    assert run("--book", path, "verify").status == 0


def test_refusals_are_one_sentence(path: Path) -> None:
    staff(path)
    for arguments, status, part in (
        (("add", "花子", "--role", "懇話会"), 2, "すでに登録"),
        (("add", "次郎", "--role", "会長"), 2, "委員、事務局、懇話会"),
        (("add", "次郎", "--role", "委員", "--owner", "住民"), 2, "社協、市（福祉課）"),
        (("add", "あ" * 10_000, "--role", "懇話会"), 1, "40文字"),
        (("change", "だれか", "--role", "懇話会"), 2, "登録されている人: 花子"),
        (("remove", "花子"), 1, "最後の事務局"),
        (("passphrase", "だれか"), 2, "登録されていません"),
    ):
        assert part in refusal(people(path, *arguments), status)
    for who, part in (("鈴木", "事務局だけ"), ("通りがかり", "--as 名前")):
        assert part in refusal(people(path, "remove", "田中太郎", who=who), 1)
        assert part in refusal(people(path, "passphrase", "鈴木", who=who), 1)
    record = ("record", "c", "--year", "R6", "--actual", "3")
    assert "担当ではありません" in refusal(run("--book", path, "--as", "田中太郎", *record), 1)
    own = ("record", "a", "--year", "R6", "--actual", "3")
    assert run("--book", path, "--as", "田中　太郎", *own).status == 0
    last = run("--book", path, "history", "a", "--json").json["changes"][-1]
    assert last["who"] == "田中 太郎"  # as registered


def test_who_works_for_a_renamed_committee_is_told(path: Path) -> None:
    staff(path)
    rename = ("plan", "owner", "1-1", "地域課", "--from", "R7", "--reason", "改組")
    note = "担当「社協」が「地域課」に変わるため、田中 太郎さんの担当に「地域課」を加えます"
    seen = run("--book", path, "--as", "花子", *rename, "--dry-run", "--json")
    assert seen.json["notes"] == [note]
    done = run("--book", path, "--as", "花子", *rename)
    assert done.status == 0, done
    assert f"{note}。" in done.err
    assert people(path, "list", "--json").json["people"][1]["owners"] == ["社協", "地域課"]
    assert run("--book", path, "verify").status == 0


def test_a_passphrase_is_read_from_a_pipe_and_told_to_nobody(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff(path)
    typed(monkeypatch, "みじかい\n")
    assert "8文字以上" in refusal(people(path, "passphrase", "鈴木"), 1)
    typed(monkeypatch, f"{WORD}\n次の行は読まない\n")
    done = people(path, "passphrase", "鈴木")
    assert (done.out, done.err) == ("鈴木さん（懇話会）の合言葉を決めました。\n", "")
    with sqlite3.connect(path) as db:
        (stored,) = db.execute("SELECT hash FROM passphrase").fetchone()
    db.close()
    assert stored.startswith("$argon2id$")
    for code, value in (("c", "12"), ("r", "3"), ("m", "2")):
        done = run(
            "--book", path, "--as", "花子", "record", code, "--year", "R6", "--actual", value
        )
        assert done.status == 0, done
    for step in (("year", "evaluate", "--year", "R6"), ("seal", "--year", "R6")):
        done = run("--book", path, "--as", "花子", *step)
        assert done.status == 0, done
    assert run("--book", path, "export", tmp_path / "r6.csv", "--year", "R6").status == 0
    assert run("--book", path, "plan", "export", tmp_path / "p.yaml").status == 0
    printed = [
        run("--book", path, *arguments)
        for arguments in (
            ("people", "list"),
            ("people", "list", "--json"),
            ("history",),
            ("history", "--json"),
            ("score", "--year", "R6", "--json"),
            ("verify", "--json"),
            ("doctor",),
        )
    ]
    told = "".join(done.out + done.err for done in printed)
    told += "".join(one.read_text("utf-8-sig") for one in tmp_path.iterdir() if one != path)
    with sqlite3.connect(path) as db:
        tables = ("history", "seal", "fact", "person", "book", "edition")
        told += "".join(str(db.execute(f"SELECT * FROM {one}").fetchall()) for one in tables)
    db.close()
    assert "合言葉を決めた" in told
    assert '"passphrase": true' in told
    for secret in ("argon2", stored, stored.rpartition("$")[2], WORD):
        assert secret not in told


def test_a_passphrase_is_asked_twice_at_a_terminal_and_not_shown(path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    staff(path)
    name, *arguments = command("--book", path, "--as", "花子", "people", "passphrase", "鈴木")
    for again, told in (
        ("ちがう合言葉です", "2回の合言葉が違います"),
        (WORD, "合言葉を決めました"),
    ):
        child = pexpect.spawn(name, arguments, env=environment(), encoding="utf-8", timeout=20)
        child.expect("8文字以上")
        child.sendline(WORD)
        child.expect("もう一度")
        child.sendline(again)
        child.expect(told)
        shown = (child.before or "") + child.read()
        assert WORD not in shown
        child.close()
    assert people(path, "list", "--json").json["people"][2]["passphrase"] is True
