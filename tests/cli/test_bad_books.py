"""Books that cannot be used as they are: what, where and what to do; the file byte for byte as it was."""

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import workers
from books import contents, new_book
from commandline import command, environment, refusal, run

from shakyo_review.exchange.rows import COLUMNS
from shakyo_review.storage.format import NEWEST


def text_file(path: Path) -> None:
    path.write_text("これは台帳ではありません" * 100, encoding="utf-8")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE cell (x)")
        db.execute("CREATE TABLE history (x)")
    db.close()


def newer(path: Path) -> None:
    new_book(path)
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {NEWEST + 1}")
    db.close()


def header_only(path: Path) -> None:
    new_book(path)
    path.write_bytes(path.read_bytes()[:100])


def truncated(path: Path) -> None:
    new_book(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def torn(path: Path) -> None:
    new_book(path)
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    path.write_bytes(content)


def no_tables(path: Path) -> None:
    new_book(path)
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE history")
    db.close()


def folder(path: Path) -> None:
    path.mkdir()


def missing(path: Path) -> None:
    pass


BAD: dict[Callable[[Path], None], str] = {
    text_file: "社協レビューの台帳ではありません",
    empty: "社協レビューの台帳ではありません",
    other: "別の SQLite ファイル",
    newer: "新しい版",
    header_only: "壊れています",
    truncated: "壊れています",
    torn: "壊れています",
    no_tables: "壊れています",
    folder: "フォルダです",
    missing: "がありません",
}


def every_command(path: Path, out: Path) -> list[list[object]]:
    table = out / "in.csv"
    table.write_text(f"{','.join(COLUMNS)}\na,2024,,,actual,1,,,\n")
    return [
        ["plan", "show"],
        ["plan", "export", out / "p.yaml"],
        ["record", "a", "--year", "R6", "--actual", "1"],
        ["import", table],
        ["export", "--year", "R6", out / "o.csv"],
        ["check", "--year", "R6"],
        ["score", "--year", "R6"],
        ["explain", "a", "--year", "R6"],
        ["compare", "R5", "R6"],
        ["history"],
        ["report", "--year", "R6", "--out", out / "r"],
        ["backup", out / "s.db"],
    ]


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_every_command_refuses_it(tmp_path: Path, make: Callable[[Path], None]) -> None:
    (tmp_path / "at").mkdir()
    (tmp_path / "out").mkdir()
    path = tmp_path / "at" / "b.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    for words in every_command(path, tmp_path / "out"):
        text = refusal(run("--book", path, *words))
        assert "b.db" in text
        assert BAD[make] in text
    done = run("--book", path, "doctor")
    assert (done.status, done.err) == (1, "")
    assert "×" in done.out
    assert BAD[make] in done.out
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["in.csv"]
    assert [p.name for p in (tmp_path / "at").iterdir()] == ([] if make is missing else ["b.db"])
    if before is not None:
        assert path.read_bytes() == before


@pytest.mark.parametrize("width", [40, 400])
def test_bytes_flipped_anywhere_end_in_a_sentence(tmp_path: Path, width: int) -> None:
    """Wherever the damage lies: an answer, or a sentence; never a traceback, never a changed file."""
    sound = new_book(tmp_path / "sound.db").read_bytes()
    path = tmp_path / "b.db"
    told = 0
    for place in range(16, len(sound) - width, len(sound) // 25):
        damaged = bytearray(sound)
        for offset in range(place, place + width):
            damaged[offset] ^= 0xFF
        path.write_bytes(damaged)
        for words in (
            ["score", "--year", "R6"],
            ["history"],
            ["plan", "show", "--json"],
            ["compare", "R5", "R6"],
        ):
            done = run("--book", path, *words)
            if done.status != 0:
                refusal(done)
                told += 1
        done = run("--book", path, "doctor")
        assert done.err == ""
        assert path.read_bytes() == bytes(damaged)
    assert told > 10


def test_flipped_bytes_and_a_record(tmp_path: Path) -> None:
    """What is recorded into a damaged book is refused, or there afterwards."""
    sound = new_book(tmp_path / "sound.db").read_bytes()
    path = tmp_path / "b.db"
    for place in range(100, len(sound), len(sound) // 25):
        damaged = bytearray(sound)
        for offset in range(place, min(place + 200, len(sound))):
            damaged[offset] ^= 0xFF
        path.write_bytes(damaged)
        done = run("--book", path, "record", "a", "--year", "R7", "--actual", "7")
        if done.status == 0:
            run("--book", path, "export", "--year", "R7", tmp_path / "o.csv")
            assert "a,2025,,,actual,7,," in (tmp_path / "o.csv").read_text(encoding="utf-8-sig")
        else:
            refusal(done)
            path.with_name("b.db-journal").unlink(missing_ok=True)


def test_a_protected_book_can_be_read_and_copied(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    (tmp_path / "out").mkdir()
    path.chmod(0o444)
    before = path.read_bytes()
    for words in every_command(path, tmp_path / "out"):
        done = run("--book", path, *words)
        if words[0] in ("record", "import"):
            text = refusal(done, 1)
            assert "b.db" in text
            assert "読み取り専用" in text
        else:
            assert "エラー" not in done.err
    assert contents(tmp_path / "out" / "s.db") == contents(path)
    done = run("--book", path, "doctor")
    assert done.status == 1
    assert "読み取り専用" in done.out
    assert path.read_bytes() == before


def test_a_book_another_process_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAKYO_REVIEW_BUSY_SECONDS", "0.05")
    path = new_book(tmp_path / "b.db")
    (tmp_path / "out").mkdir()
    process, pipe = workers.start(workers.hold_lock, path)
    assert pipe.recv() == "locked"
    before = path.read_bytes()
    for words in every_command(path, tmp_path / "out"):
        text = refusal(run("--book", path, *words), 1)
        assert "b.db" in text
        assert "書き込み中" in text
    assert run("--book", path, "doctor").status == 1
    assert path.read_bytes() == before
    process.kill()
    process.join()
    assert run("--book", path, "record", "a", "--year", "R6", "--actual", "1").status == 0


def test_ctrl_c_while_waiting_is_a_sentence(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    holder, pipe = workers.start(workers.hold_lock, path)
    assert pipe.recv() == "locked"
    process = subprocess.Popen(
        command("--book", path, "score", "--year", "R6"),
        env=environment(SHAKYO_REVIEW_BUSY_SECONDS="1.5"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(0.9)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    holder.kill()
    holder.join()
    assert (process.returncode, out) == (1, b"")
    assert "Traceback" not in err.decode()
    assert err.decode().startswith("エラー: ")
