"""Another copy of the book on the screen 取り込み: found, looked through, decided, written."""

import shutil
from pathlib import Path

from builders import reading
from textual.widgets import OptionList
from viewing import YEAR, View, small, troubles, view

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.services import council
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.making import make_book
from shakyo_review.services.merging import look
from shakyo_review.services.upkeep import verify
from shakyo_review.ui.widgets.fixed_table import FixedTable


def put(path: Path, code: str, typed: str, who: str, note: str | None = None) -> None:
    with ReviewBook.open(path, who) as book:
        record(book, CellKey(code, YEAR, Kind.ACTUAL), reading(typed), note=note)


def copies(tmp_path: Path) -> tuple[Path, Path]:
    """Return two copies filled apart: one conflict, one figure with a note, one opinion."""
    mine, theirs = tmp_path / "b.db", tmp_path / "持ち帰り.db"
    make_book(mine, small(), "事務局")
    shutil.copy(mine, theirs)
    put(mine, "a", "70", "事務局")
    put(theirs, "a", "75", "佐藤")
    put(theirs, "c", "60", "佐藤", "[/]出張")
    with ReviewBook.open(theirs, "佐藤") as book:
        council.add_opinion(book, "ALL", YEAR, "字を[/b]大きくして")
    return mine, theirs


def test_a_copy_is_looked_through_decided_and_written(tmp_path: Path) -> None:
    mine, _ = copies(tmp_path)

    async def work(seen: View) -> None:
        await seen.press("ctrl+b")
        assert seen.app.current_mode == "incoming"
        files = seen.screen.query_one("#files", OptionList)
        assert "持ち帰り" in str(
            files.get_option_at_index(0).prompt
        )  # the book itself is not offered
        await seen.press("enter")
        text = "\n".join(seen.lines())
        for told in ("台帳の写し", "要決定 1件", "取り込む 2件", "70", "75", "（事務局、"):
            assert told in text
        assert "なし  字を[/b]" in text  # the two values do not touch
        assert troubles(seen.lines(), 80, "b.db db [/] [/b]") == []
        await seen.press("ctrl+g")  # not yet: a conflict is open
        assert "決まっていない" in seen.foot
        await seen.press("f2", "ctrl+g")
        assert "から3件を取り込みました" in "\n".join(seen.lines())
        assert verify(seen.book) == []
        cells = seen.book.cells(YEAR)
        found = {code: cells.whole(code, YEAR, Kind.ACTUAL) for code in "ac"}
        assert (found["a"].reading, found["c"].reading) == (reading("75"), reading("60"))
        assert found["c"].note == "[/]出張"

    view(mine, work, year=YEAR)


def test_deciding_for_the_own_figures_alone_is_remembered(tmp_path: Path) -> None:
    mine, theirs = copies(tmp_path)
    put(mine, "c", "61", "事務局")

    async def work(seen: View) -> None:
        await seen.press("ctrl+b", "enter", "f3")
        table = seen.screen.query_one("#list", FixedTable)
        table.mark(next(code for code in table.codes if "opinion" in code))
        await seen.press("enter", "ctrl+g")
        assert "取らなかったもの" in "\n".join(seen.lines())
        assert look(seen.book, theirs).nothing_new

    view(mine, work, year=YEAR)
