"""The cover on a real terminal: what is shown before the program is loaded is what it will show."""

import os
import stat
from pathlib import Path

import pytest
from entry_desk import YEAR, small
from test_entry_terminal import Terminal

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import parse_value
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.making import make_book

CTRL_Q, F6 = "\x11", "\x1b[17~"
FIRST = b"\x1b[?1049h\x1b[?25l\x1b[?7l"
"""What a cover begins with; textual begins otherwise."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A new book, not opened yet."""
    path = tmp_path / "b.db"
    make_book(path, small(first_year=YEAR), "事務局")  # type: ignore[arg-type]
    return path


def once(path: Path, screen: str = "入力", wide: str = "0") -> None:
    """Open the screens and leave them: the cover of the next start is kept."""
    terminal = Terminal(path, "--screen", screen, wide=wide)
    terminal.see("終わる", lambda text: "ここに実績を入力" in text or "何をしますか" in text)
    terminal.send(CTRL_Q)
    terminal.ended()


def covers() -> list[Path]:
    return sorted(Path(os.environ["SHAKYO_REVIEW_SETTINGS"]).parent.glob("cover-*"))


def begins_with_cover(path: Path, *, who: str = "山田", columns: int = 80) -> bool:
    """Start once more, look at the first output, and end the program."""
    terminal = Terminal(path, "--screen", "入力", who=who, columns=columns)
    first: bytes = terminal.child.read_nonblocking(65536, timeout=20)
    terminal.kill()
    return first.startswith(FIRST)


@pytest.mark.parametrize("screen", ["入力", "はじめ"])
def test_the_screen_takes_the_place_of_its_picture_and_no_cell_changes(
    book: Path, screen: str
) -> None:
    once(book, screen)
    terminal = Terminal(book, "--screen", screen)
    output, pictures = b"", []
    while output.count(b"\x1b[24;1H") < 2:  # the last line: of the cover, then of the screen
        chunk = terminal.child.read_nonblocking(65536, timeout=20)
        output += chunk
        terminal.stream.feed(chunk)
        if b"\x1b[24;1H" in output:
            pictures.append([[line[x] for x in range(80)] for line in _buffer(terminal)])
    terminal.send(CTRL_Q)
    terminal.ended()
    assert output.startswith(FIRST)
    assert output.count(b"\x1b[?1049h") == 1
    assert f"F6[{screen}]" in "\n".join(terminal.lines()) or screen == "はじめ"
    # The last chunk may have been cut in the middle of a line; the picture is whole all the same.
    assert all(picture == pictures[0] for picture in pictures)


def _buffer(terminal: Terminal) -> list[object]:
    return [terminal.screen.buffer[line] for line in range(24)]  # type: ignore[misc]


def test_what_is_typed_at_the_cover_is_stored(book: Path) -> None:
    once(book, wide="")
    terminal = Terminal(book, "--screen", "入力", wide="")
    output = b""
    while b"\x1b[24;1H" not in output:
        output += terminal.child.read_nonblocking(65536, timeout=20)
    assert b"\x1b[6n" in output
    terminal.send("\x1b[1;2R４９５\r８８．５\r" + CTRL_Q)
    terminal.ended()
    assert output.startswith(FIRST)
    assert terminal.child.exitstatus == 0
    assert terminal.stored() == {"a": ("value", 495), "b": ("value", 885)}


def test_a_cover_that_may_not_be_true_is_not_shown(book: Path) -> None:
    once(book)
    (kept,) = covers()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert begins_with_cover(book)
    assert not begins_with_cover(book, who="田中")
    assert not begins_with_cover(book, columns=100)
    settings = Path(os.environ["SHAKYO_REVIEW_SETTINGS"])
    settings.write_text('look = "light"\n', encoding="utf-8")
    assert not begins_with_cover(book)
    settings.unlink()
    journal = book.with_name(f"{book.name}-journal")
    journal.write_bytes(b"")
    assert not begins_with_cover(book)
    journal.unlink()
    whole = kept.read_bytes()
    kept.write_bytes(whole.replace("指標a".encode(), "指標z".encode()))
    assert not begins_with_cover(book)
    kept.write_bytes(whole)
    assert begins_with_cover(book)
    with ReviewBook.open(book, "別の人") as other:
        record(other, CellKey("a", YEAR, Kind.ACTUAL), parse_value("7", decimals=4))
    assert not begins_with_cover(book)
