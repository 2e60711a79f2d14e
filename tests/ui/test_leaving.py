"""Ctrl+Q at any moment, on a real terminal: what was typed is stored or asked about, never lost in silence."""

from pathlib import Path

import pytest
from entry_desk import YEAR, small
from test_entry_terminal import F6, PATIENCE, Terminal

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import format_reading
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_book
from shakyo_review.services.reviewing import directions_of

pexpect = pytest.importorskip("pexpect")

CTRL_D, CTRL_G, CTRL_P, CTRL_Q, F7, F9 = "\x04", "\x07", "\x10", "\x11", "\x1b[18~", "\x1b[20~"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    make_book(tmp_path / "b.db", small(first_year=YEAR), "事務局")  # type: ignore[arg-type]
    return tmp_path / "b.db"


def ended(terminal: Terminal) -> int:
    """Read to the end; the exit status."""
    terminal.child.expect(pexpect.EOF, timeout=PATIENCE)
    terminal.child.close()
    return int(terminal.child.exitstatus)


def test_a_value_that_is_being_typed_is_stored(book: Path) -> None:
    terminal = Terminal(book)
    terminal.see("はじめ", "終わる")
    terminal.send(F6)
    terminal.see("F6[入力]", "＞")
    terminal.send("４９５" + CTRL_Q)
    assert ended(terminal) == 0
    with ReviewBook.open(book, "別の人") as after:
        cell = after.cells(YEAR).get(CellKey("a", YEAR, Kind.ACTUAL))
        assert format_reading(cell.reading, 0, blank="") == "495"


def test_a_form_with_words_in_it_is_asked_about_and_a_list_is_not(book: Path) -> None:
    terminal = Terminal(book)
    terminal.see("はじめ", "終わる")
    terminal.send(F7)
    terminal.see("F7[評価]", "目標・取組・指標")
    terminal.send(CTRL_D)
    terminal.see("今後の方向性", "やめる（Esc）")
    terminal.send("\t委員会の指摘" + CTRL_Q)
    terminal.see("まだ保存していません")
    terminal.send("\x13")  # Ctrl+S: it is all still there
    terminal.see("方向性を保存しました")
    terminal.send(CTRL_P)
    terminal.see("操作を探す")
    terminal.send(CTRL_Q)
    assert ended(terminal) == 0
    with ReviewBook.open(book, "別の人") as after:
        (direction,) = directions_of(after, YEAR).values()
    assert direction.note == "委員会の指摘"


def test_a_report_that_is_being_made_leaves_no_half_file(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(book.parent)
    terminal = Terminal(book)
    terminal.see("はじめ", "終わる")
    terminal.send(F9)
    terminal.see("F9[報告書]")
    terminal.send(CTRL_G + CTRL_Q)
    assert ended(terminal) == 0
    made = [one for one in book.parent.rglob("*") if one.is_file() and one.name != "b.db"]
    assert all(one.suffix == ".html" for one in made)
    assert all(one.read_text(encoding="utf-8").rstrip().endswith("</html>") for one in made)
