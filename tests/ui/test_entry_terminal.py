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
from builders import indicator, node, plan
from entry_desk import YEAR, small

from shakyo_review.services.making import make_book

pexpect = pytest.importorskip("pexpect")
pyte = pytest.importorskip("pyte")

PATIENCE = 20
F4, F6, UP, ESC, CTRL_Z = "\x1bOS", "\x1b[17~", "\x1b[A", "\x1b", "\x1a"


class Terminal:
    """The program in an 80x24 terminal."""

    def __init__(
        self, book: Path, *options: str, who: str = "山田", columns: int = 80, wide: str = "0"
    ) -> None:
        self.book = book
        env = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "",
            "LANG": "C.UTF-8",
            "SHAKYO_REVIEW_WIDE": wide,
            "ESCDELAY": "30",
        }
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "shakyo_review", "--book", str(book), "--as", who, *options],
            env=env,
            dimensions=(24, columns),
            encoding=None,
        )
        self.child.delaybeforesend = None
        self.screen = pyte.Screen(columns, 24)
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

    def send_split(self, text: str, *places: int) -> None:
        """Send bytes in several writes, broken wherever: in a character, in a sequence of a key."""
        data = text.encode()
        for begin, end in zip((0, *places), (*places, len(data)), strict=True):
            self.child.send(data[begin:end])

    def ended(self) -> None:
        """Wait until the program has left."""
        end = time.monotonic() + PATIENCE
        with suppress(pexpect.EOF):
            while time.monotonic() < end:
                with suppress(pexpect.TIMEOUT):
                    self.child.read_nonblocking(65536, timeout=0.2)
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
def terminal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    made_of = getattr(request, "param", None) or small(first_year=YEAR)
    make_book(tmp_path / "b.db", made_of, "事務局")
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


MANY = 30


@pytest.mark.parametrize(
    "terminal",
    [
        plan(
            *(node(f"{n}", indicator(f"{n}a", unit="回")) for n in range(1, MANY + 1)),
            first_year=YEAR,
        )
    ],
    indirect=True,
    ids=["many"],
)
def test_what_terminals_send_in_one_write_or_in_pieces_arrives_whole(terminal: Terminal) -> None:
    terminal.send(
        "".join(f"{n}\r" for n in range(1, MANY - 1))
    )  # also how an unbracketed paste comes
    terminal.see(f"{MANY - 1}a 指標{MANY - 1}a（回）")
    terminal.send_split("４９５\r", 1, 2, 5, 7)  # in the middle of characters
    terminal.see(f"{MANY}a 指標{MANY}a（回）")
    terminal.send_split(UP + "\x1b[12~" + "6\r", 1, 2, 4, 6)  # ↑, F2 as other terminals send it
    terminal.see("4,956回")
    terminal.send(UP + "\x1bOQ\x7f\x7f\x7f\x7f\r")
    terminal.see(f"{MANY - 1}a 実績 4回")
    terminal.send(UP + "\x01")  # Ctrl+A; then the input method commits a sentence at once
    terminal.send("公民館で、健康体操を12回開いた。")
    terminal.see(
        "実施内容 ＞  公民館で、健康体操を12回開いた。", lambda _: terminal.screen.cursor.x > 40
    )
    terminal.send("\r")
    terminal.see(f"{MANY - 1}a の実施内容を書いて保存しました。")
    terminal.send("\x1b[3~")
    terminal.see("すでに空欄です。")
    terminal.send(UP + UP + "\x1b[1;2S")  # Shift+F4 as xterm sends it
    terminal.see(f" {MANY}a 指標{MANY}a（回）｜")
    terminal.send("７６\x1b[1;2A")  # Shift+↑ stores and goes up
    terminal.see(f"{MANY}a 実績 76回", f" {MANY - 1}a 指標{MANY - 1}a（回）")
    terminal.send("\x1b[3~\x1a")  # Delete, Ctrl+Z
    terminal.see("元に戻しました: 29a 指標29a 実績 空欄 → 4回")
    terminal.send("\x1b[B７７\x11")  # Ctrl+Q behind what is still being typed
    terminal.ended()
    expected = {f"{n}a": ("value", n) for n in range(1, MANY - 1)}
    assert terminal.stored() == {
        **expected,
        f"{MANY - 1}a": ("value", 4),
        f"{MANY}a": ("value", 77),
    }
    with sqlite3.connect(terminal.book) as db:
        notes = db.execute("SELECT note FROM cell WHERE note <> ''").fetchall()
    assert notes == [("公民館で、健康体操を12回開いた。",)]
