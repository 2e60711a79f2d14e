"""入力 on a real terminal: the bytes a terminal sends, the screen it shows, the file that is left."""

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from entry_desk import YEAR, small

from shakyo_review.services.making import make_book

pexpect = pytest.importorskip("pexpect")
pyte = pytest.importorskip("pyte")

PATIENCE = 20
F4, F6, UP, ESC, CTRL_Z = "\x1bOS", "\x1b[17~", "\x1b[A", "\x1b", "\x1a"


class Terminal:
    """The program in an 80x24 terminal."""

    def __init__(self, book: Path) -> None:
        self.book = book
        env = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "",
            "LANG": "C.UTF-8",
            "SHAKYO_REVIEW_WIDE": "0",
            "ESCDELAY": "30",
        }
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "shakyo_review", "--book", str(book), "--as", "山田"],
            env=env,
            dimensions=(24, 80),
            encoding=None,
        )
        self.child.delaybeforesend = None
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)

    def see(self, *wanted: str | Callable[[str], bool]) -> str:
        """Read frames until everything wanted is on the screen."""
        end = time.monotonic() + PATIENCE
        while True:
            text = "\n".join(self.lines())
            if all(want in text if isinstance(want, str) else want(text) for want in wanted):
                return text
            assert time.monotonic() < end, f"{wanted} not seen in\n{text}"
            try:
                self.stream.feed(self.child.read_nonblocking(65536, timeout=0.2))
            except pexpect.TIMEOUT:
                pass
            except pexpect.EOF:
                pytest.fail(f"ended while waiting for {wanted}:\n{text}")

    def lines(self) -> list[str]:
        """The lines shown (pyte's own ``display`` fails on half-overwritten wide characters)."""
        return [
            "".join(line[x].data for x in range(80))
            for line in map(self.screen.buffer.__getitem__, range(24))
        ]

    def send(self, text: str) -> None:
        self.child.send(text.encode())

    def leave(self) -> None:
        """Press Esc until the first screen is there, whatever stands before it."""
        end = time.monotonic() + PATIENCE
        while "何をしますか" not in "\n".join(self.lines()):
            assert time.monotonic() < end
            self.send(ESC)
            with suppress(pexpect.TIMEOUT):
                self.stream.feed(self.child.read_nonblocking(65536, timeout=0.2))

    def to_sheet(self) -> None:
        """Go to the sheet, whatever late keys still put before it."""
        end = time.monotonic() + PATIENCE
        while "F6[入力]" not in "\n".join(self.lines()):
            assert time.monotonic() < end
            self.leave()
            self.send(F6)
            with suppress(pexpect.TIMEOUT):
                self.stream.feed(self.child.read_nonblocking(65536, timeout=0.5))

    def kill(self) -> None:
        self.child.kill(signal.SIGKILL)
        self.child.wait()

    def stored(self) -> dict[str, tuple[str, int | None]]:
        """The actuals of the year in the file, straight from SQLite."""
        with sqlite3.connect(self.book) as db:
            rows = db.execute(
                "SELECT code, state, value FROM cell JOIN identity ON identity.id = indicator_id"
                " WHERE fiscal_year = ? AND cell.kind = 'actual' AND branch = ''",
                [YEAR],
            ).fetchall()
        return {code: (state, value) for code, state, value in rows}


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    make_book(tmp_path / "b.db", small(first_year=YEAR), "事務局")  # type: ignore[arg-type]
    made = Terminal(tmp_path / "b.db")
    try:
        made.see("はじめ", "終わる")
        made.send(F6)
        made.see("ここに実績を入力")
        yield made
    finally:
        made.child.close(force=True)


def test_a_confirmed_value_survives_the_end_of_the_process(terminal: Terminal) -> None:
    terminal.send("４９５\r")
    terminal.see("b 指標b")
    terminal.kill()
    assert terminal.stored() == {"a": ("value", 495)}


def test_many_values_in_one_burst(terminal: Terminal) -> None:
    terminal.send("４９５\r８８．５\t△３\t調査未実施\r")
    terminal.see("d 実績 調査未実施")
    terminal.kill()
    assert terminal.stored() == {
        "a": ("value", 495),
        "b": ("value", 885),
        "c": ("value", -3),
        "d": ("not_surveyed", None),
    }


def test_paste_escape_undo_and_the_place_of_the_input_method(terminal: Terminal) -> None:
    line = next(n for n, text in enumerate(terminal.lines()) if text.startswith(" 実績 ＞"))
    terminal.see(lambda _: (terminal.screen.cursor.y, terminal.screen.cursor.x) == (line, 10))
    terminal.send("４９")
    terminal.see(
        "49回", lambda _: (terminal.screen.cursor.y, terminal.screen.cursor.x) == (line, 14)
    )
    terminal.send(ESC)
    terminal.see("ここに実績を入力", lambda _: terminal.screen.cursor.x == 10)
    terminal.send("\x1b[200~495\r88.5\r[/]\x1b[201~")
    terminal.see("3件の値を貼り付けます", "a 指標a 実績 空欄 → 495回")
    assert terminal.stored() == {}
    terminal.send("\r")
    terminal.see("3件を貼り付けて保存しました。")
    assert terminal.stored() == {"a": ("value", 495), "b": ("value", 885), "c": ("text", None)}
    terminal.send(CTRL_Z)
    terminal.see("元に戻しました（3件）。")
    assert {state for state, _ in terminal.stored().values()} == {"not_entered"}
    terminal.send(ESC)
    terminal.see("何をしますか")


def test_keys_typed_before_the_sheet_stands_do_no_harm(terminal: Terminal) -> None:
    for _ in range(3):
        terminal.leave()
        terminal.send(F6 + "12\r\t" + F4 + CTRL_Z + "\x13\x0e\x17\x1b[200~1\r2\x1b[201~")
    terminal.to_sheet()
