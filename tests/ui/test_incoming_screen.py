"""取り込み: a file is chosen, its changes looked through and decided, then written."""

from pathlib import Path

import openpyxl
import pytest
from books import A24, contents, new_book, opened
from filled_sheets import fill, given_out
from rich.cells import cell_len
from textual.widgets import Input, OptionList
from viewing import View, view

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.services import sealing
from shakyo_review.services.entry import record, understand
from shakyo_review.services.tracking.kept import layouts
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.dialogs.form import Form
from shakyo_review.ui.widgets.fixed_table import FixedTable

ROWS = (
    ("取組", "指標", "単位", "令和6年度実績", "令和6年度達成率", "令和6年度のようす"),
    ("集いの場づくり", "参加者数", "人", "５１２人", 1.02, "月に[/]2回"),
    ("相談", "相談件数の累計", "件", "集計中", "", ""),
    ("相談", "窓口に来た人", "人", 30, "", ""),
    ("相談", "測定値", "", "およそ3", "", ""),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_book(tmp_path / "a.db")
    made = openpyxl.Workbook()
    made.active.title = "地域課"
    for row in ROWS:
        made.active.append(row)
    made.save(tmp_path / "進捗[b].xlsx")
    return tmp_path


def list_of(seen: View) -> FixedTable:
    return seen.screen.query_one("#list", FixedTable)


def rows_of(seen: View) -> list[list[str]]:
    table = list_of(seen)
    return [[cell.plain.strip() for cell in table.get_row(code)] for code in table.codes]


async def choose_file(seen: View, name: str) -> None:
    """Choose a file of the folder from the list, as a person does."""
    await seen.go("incoming")
    files = seen.screen.query_one("#files", OptionList)
    place = [files.get_option_at_index(n).prompt.plain for n in range(files.option_count)]
    files.highlighted = place.index(name)
    await seen.press("enter")


def test_a_tracking_sheet_from_the_file_to_the_book(folder: Path) -> None:
    async def work(seen: View) -> None:
        await choose_file(seen, "進捗[b].xlsx")
        columns = seen.screen.query_one("#columns", FixedTable)
        read = [columns.get_row(code)[2].plain.strip() for code in columns.codes]
        assert read == ["取組", "指標", "単位", "実績（令和6年度）", "率（読まない）", "－"]
        columns.mark("5")
        await seen.press("enter")
        assert isinstance(seen.screen, ChooseDialog)
        await seen.press(*["up"], "enter")  # from 読まない to 実施内容
        assert columns.get_row("5")[2].plain.strip() == "実施内容（令和6年度）"
        columns.mark("4")
        await seen.press("enter", *["up"] * 3, "enter")  # 実績 is no way to read a rate
        assert "率の列なので、実績としては読みません" in seen.foot
        await seen.press("ctrl+g")
        assert [row[:4] for row in rows_of(seen)] == [
            ["取り込む", "a R6 実績 参加者数", "480", "512"],
            ["取り込む", "c R6 実績 相談件数の累計", "空欄", "集計中"],
            ["指標は？", "窓口に来た人", "", ""],
            ["読めない", rows_of(seen)[3][1], "", ""],
            ["知らせ", rows_of(seen)[4][1], "", ""],
        ]
        assert "取り込む 2件　読めない値 1件　指標の分からない行 1件　知らせ 1件" in seen.said(
            "#what"
        )
        assert "実施内容: 空欄 → 月に[/]2回" in seen.said("#full")
        assert "シート「地域課」のD2" in seen.said("#full")
        await seen.press("f4", "enter")
        assert isinstance(seen.screen, FindDialog)
        await seen.press(*"解決", "enter")
        assert "覚えました" in seen.foot
        assert rows_of(seen)[2][:2] == ["取り込む", "r R6 実績 解決した割合"]
        list_of(seen).mark(list_of(seen).codes[1])
        await seen.press("enter")
        assert rows_of(seen)[1][0] == "台帳のまま"
        assert all(cell_len(line) <= 80 for line in seen.lines())
        await seen.press("ctrl+g")
        assert "「進捗[b].xlsx」から2件を取り込みました（変えなかったもの1件）。" in seen.said(
            "#what"
        )
        assert "読めない値1件は取り込んでいません。" in seen.said("#what")
        assert "a R6 実績: 480 → 512" in seen.said("#result")
        assert seen.book.cells(2024).get(A24).note == "月に[/]2回"
        assert seen.book.cells(2024).get(CellKey("c", 2024, Kind.ACTUAL)).version == 0
        assert layouts(seen.book)
        await seen.press("escape")
        await choose_file(seen, "進捗[b].xlsx")  # known heads: not asked again
        assert [row[0] for row in rows_of(seen)] == ["取り込む", "読めない", "知らせ"]
        await seen.press("ctrl+t")
        assert seen.screen.query_one("#columns", FixedTable).display
        await seen.press("escape", "escape")
        assert seen.app.current_mode == "home"

    view(folder / "a.db", work, year=2024)


def test_values_that_moved_on_wait_for_a_decision(folder: Path) -> None:
    path = given_out(folder / "a.db")
    fill(path, {("a", "実績"): 5120, ("c", "実績"): 30})
    with opened(folder / "a.db", "田中") as book:
        indicator = book.plan.indicators["a"]
        record(book, A24, understand(indicator, "490"))

    async def work(seen: View) -> None:
        await choose_file(seen, "s.xlsx")
        first, second = rows_of(seen)[:2]
        assert first == ["要決定", "a R6 実績 参加者数", "490", "? 5,120"]
        assert second[:2] == ["取り込む", "c R6 実績 相談件数の累計"]
        assert "490　（田中、" in seen.said("#full")
        assert "確かめてください: " in seen.said("#full")
        assert "確かめたい値 1件（?）" in seen.said("#what")
        before = contents(folder / "a.db")
        await seen.press("ctrl+g")
        assert "まだ決まっていない値が1件あります" in seen.foot
        assert contents(folder / "a.db") == before
        await seen.press("f3")
        assert rows_of(seen)[0][0] == "台帳のまま"
        await seen.press("f2")
        assert rows_of(seen)[0][0] == "取り込む"
        await seen.pilot.click("#list", offset=(3, 1))
        await seen.pilot.pause()
        assert rows_of(seen)[0][0] == "台帳のまま"
        await seen.press("enter", "ctrl+g")
        assert "2件を取り込みました" in seen.said("#what")
        assert str(seen.book.cells(2024).get(A24).reading.value) == "5120"

    view(folder / "a.db", work, year=2024)


def test_what_changed_while_the_list_was_looked_at_is_shown_anew(folder: Path) -> None:
    (folder / "figures.csv").write_text(
        "indicator,fiscal_year,branch,period,kind,value,state,measured_year,note\n"
        "a,2024,,,actual,512,,,\nm,2024,,,actual,1.5,,,\n",
        encoding="utf-8",
    )

    async def work(seen: View) -> None:
        await choose_file(seen, "figures.csv")
        assert [row[2:4] for row in rows_of(seen)] == [["480", "512"], ["空欄", "1.5000"]]
        assert "（縦長のCSV）" in seen.said("#what")
        with opened(folder / "a.db", "田中") as other:
            record(other, A24, understand(other.plan.indicators["a"], "499"))
        await seen.press("ctrl+g")
        assert "台帳で変わった値があり" in seen.foot
        assert rows_of(seen)[0][2:4] == ["499", "512"]
        await seen.press("ctrl+g")
        assert "2件を取り込みました" in seen.said("#what")

    view(folder / "a.db", work, year=2024)


def test_a_year_under_evaluation_asks_for_a_reason(folder: Path) -> None:
    (folder / "figures.csv").write_text(
        "indicator,fiscal_year,branch,period,kind,value,state,measured_year,note\n"
        "a,2024,,,actual,512,,,\n",
        encoding="utf-8",
    )
    with opened(folder / "a.db") as book:
        for code in ("c", "r", "m"):
            record(book, CellKey(code, 2024, Kind.ACTUAL), Reading(State.CANCELLED))
        sealing.start_evaluation(book, 2024)

    async def work(seen: View) -> None:
        await choose_file(seen, "figures.csv")
        await seen.press("ctrl+g")
        assert isinstance(seen.screen, Form)
        await seen.press("escape")
        assert "取り込みをやめました" in seen.foot
        await seen.press("ctrl+g", *"数え直した", "ctrl+s")
        assert "1件を取り込みました" in seen.said("#what")
        assert seen.book.history()[-1].reason == "数え直した"

    view(folder / "a.db", work, year=2024)


def test_what_cannot_be_read_is_told_where_the_file_is_chosen(folder: Path) -> None:
    (folder / "にせ.xlsx").write_bytes(b"a,b\n1,2\n")

    async def work(seen: View) -> None:
        await choose_file(seen, "にせ.xlsx")
        assert "CSV などのテキスト" in seen.foot
        box = seen.screen.query_one("#path", Input)
        for typed, told in (
            (str(folder / "ない.xlsx"), "がありません"),
            (str(folder / "a.pdf"), "形式は取り込めません"),
        ):
            box.value = typed
            box.focus()
            await seen.press("enter")
            assert told in seen.foot
        (folder / "中").mkdir()
        box.value = str(folder / "中")
        await seen.press("enter")
        files = seen.screen.query_one("#files", OptionList)
        assert files.get_option_at_index(0).prompt.plain == "［上のフォルダ］"
        await seen.press("enter")
        assert seen.screen.query_one("#files", OptionList).option_count >= 3
        (folder / "月別.xlsx").mkdir()  # a folder by such a name is a folder
        box.value = str(folder / "中" / "..")
        box.focus()
        await seen.press("enter")
        assert box.value == str(folder)
        shown = [files.get_option_at_index(n).prompt.plain for n in range(files.option_count)]
        assert {"［フォルダ］月別.xlsx", "［フォルダ］中", "にせ.xlsx"} < set(shown)
        assert "月別.xlsx" not in shown
        await seen.press("f1")
        assert "ヘルプ: 取り込み" in "".join(seen.lines())

    view(folder / "a.db", work, year=2024)


def test_a_visitor_in_a_browser_names_no_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAKYO_REVIEW_SERVED", "1")

    async def work(seen: View) -> None:
        await seen.go("incoming")
        assert not seen.screen.query_one("#path").display
        assert not seen.screen.query_one("#files").display
        assert "ブラウザの画面では、ファイルを取り込めません。" in seen.said("#what")
        await seen.press("ctrl+g", "enter", "escape")
        assert seen.app.current_mode == "home"

    view(folder / "a.db", work, year=2024)
