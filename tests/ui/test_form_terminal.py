"""A form on a real terminal: what is sent in one burst arrives where it was meant, in its order."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from entry_desk import YEAR, small
from test_entry_terminal import F6, Terminal

from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_book
from shakyo_review.services.reviewing import directions_of, opinions_of

F7, CTRL_D, CTRL_S, CTRL_O = "\x1b[18~", "\x04", "\x13", "\x0f"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    make_book(tmp_path / "b.db", small(first_year=YEAR), "事務局")  # type: ignore[arg-type]
    made = Terminal(tmp_path / "b.db")
    try:
        made.see("はじめ", "終わる")
        made.send(F7)
        made.see("F7[評価]", "目標・取組・指標")
        yield made
    finally:
        made.child.close(force=True)


def test_the_store_key_does_not_overtake_what_was_typed(terminal: Terminal) -> None:
    terminal.send(CTRL_D)
    terminal.see("今後の方向性", "やめる（Esc）")
    terminal.send("\t委員会　の指摘\tで直す\x1b[Z\x1b[Z" + CTRL_S)
    terminal.see("方向性を保存しました")
    with ReviewBook.open(terminal.book, "別の人") as book:
        (direction,) = directions_of(book, YEAR).values()
    assert direction.note == "委員会　の指摘"


def test_text_behind_a_tab_goes_into_the_next_field(terminal: Terminal) -> None:
    terminal.send(CTRL_O)
    terminal.see("意見と回答")
    terminal.send("\r")
    terminal.see("出された意見")
    terminal.send("参加者が　少ない\r若い人も\t佐藤　花子" + CTRL_S)
    terminal.see("意見を保存しました")
    with ReviewBook.open(terminal.book, "別の人") as book:
        (one,) = opinions_of(book, YEAR)
    assert (one.opinion.text, one.opinion.member) == ("参加者が　少ない\n若い人も", "佐藤　花子")


def test_a_pasted_block_keeps_its_words(terminal: Terminal) -> None:
    terminal.send(CTRL_O)
    terminal.see("意見と回答")
    terminal.send("\r")
    terminal.see("出された意見")
    terminal.send("あ\x1b[200~一行目\r二行目\x1b[201~い\t\x1b[200~佐藤\r花子\x1b[201~" + CTRL_S)
    terminal.see("意見を保存しました")
    with ReviewBook.open(terminal.book, "別の人") as book:
        (one,) = opinions_of(book, YEAR)
    assert (one.opinion.text, one.opinion.member) == ("あ一行目\n二行目い", "佐藤 花子")
    with sqlite3.connect(terminal.book) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    terminal.send(F6)
    terminal.see("F6[入力]")
