"""入力: what is typed is stored, in order, and nothing of it is ever lost."""

import sqlite3
import unicodedata
from pathlib import Path

import pytest
from builders import indicator, node, plan
from entry_desk import YEAR, Desk, at_desk, small

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import parse_value
from shakyo_review.exchange.long_csv import Entry
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_book
from shakyo_review.services.taking import take_over
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.conflict import ConflictDialog
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.dialogs.paste import PasteDialog
from shakyo_review.ui.dialogs.why import WhyDialog
from shakyo_review.ui.marks import use_wide
from shakyo_review.ui.paste import block_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


class TestTyping:
    def test_a_fast_burst_lands_in_its_rows(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            assert desk.place == "a|| actual"
            await desk.burst("４９５\r８８．５\r")
            assert (desk.stored("a"), desk.stored("b")) == ("495", "88.5")
            assert (
                desk.shown("a", "actual"),
                desk.shown("a", "rate"),
                desk.shown("a", "rating"),
            ) == ("495", "99.0%", "B")
            assert desk.place == "c|| actual"
            assert "b 実績 88.5％｜率 98.3%（目標 90.0％に対して） 判定 B" in desk.info
            assert "基本目標1 の評価 B 98.7%（指標2件中2件）" in desk.info
            assert desk.app.saved_at

        at_desk(path, work)

    def test_the_reading_is_shown_before_it_is_stored(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.burst("５１２")
            assert desk.info == "５１２ → 512回"
            await desk.burst("人")
            assert desk.info.startswith(
                "まだ読めません: 「５１２人」の「人」は、この指標の単位と違います。"
            )
            await desk.press("enter")
            assert desk.typed == "５１２人"
            assert desk.place == "a|| actual"
            assert desk.stored("a") == "空欄"
            await desk.press("backspace", "enter")
            assert desk.stored("a") == "512"

        at_desk(path, work)

    def test_escape_cancels_first_and_leaves_then(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.press("7", "escape")
            assert desk.typed == ""
            assert desk.app.current_mode == "entry"
            await desk.press("escape")
            assert desk.app.current_mode == "home"
            assert desk.stored("a") == "空欄"

        at_desk(path, work)

    def test_leaving_stores_what_is_readable_and_stays_with_what_is_not(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.burst("1.5")
            await desk.press("f5")
            assert desk.app.current_mode == "entry"
            assert "この指標は整数で入力します" in desk.info
            await desk.press("backspace", "backspace", "f5")
            assert desk.app.current_mode == "home"
            assert desk.stored("a") == "1"
            await desk.press("f6")
            assert desk.place == "a|| actual"

        at_desk(path, work)

    def test_moving_confirms_and_fields_that_want_a_value_come_next(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.press("down", "7", "up")
            assert (desk.stored("b"), desk.place) == ("7.0", "a|| actual")
            await desk.press("tab")
            assert desk.place == "c|| actual"
            await desk.press("tab", "tab")
            assert desk.place == "a|| actual"
            await desk.press("shift+tab", "left", "left", "5", "enter")
            assert desk.stored("d", Kind.TARGET) == "5"
            await desk.press("right", "3", "f4")
            assert (desk.stored("d"), desk.place) == ("3", "a|| actual")
            await desk.press("1", "tab", "2", "tab", "f4")
            assert desk.info == "実績の空欄はもうありません。Ctrl+G で提出できます。"

        at_desk(path, work)

    @pytest.mark.parametrize(
        "typed", ["[/]", "[b]x", "😀👨‍👩‍👧", "%s{0}\\", "'; DROP TABLE cell; --"]
    )
    def test_odd_texts_are_kept_as_they_are(self, path: Path, typed: str) -> None:
        async def work(desk: Desk) -> None:
            await desk.paste(typed)
            await desk.press("enter")
            if not any(c.isdigit() for c in typed):
                assert desk.stored("a") == typed.replace("\u200d", "?")
            await desk.press("ctrl+w", "escape", "f2", "escape", "ctrl+c", "escape")
            assert desk.app.return_code is None

        at_desk(path, work)

    def test_what_is_no_value_stays_in_the_bar(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            for typed in ("9" * 10_000, "5\x0012", "\x1b[31m5", "五百"):
                await desk.paste(typed)
                assert desk.typed
                await desk.press("enter")
                assert desk.place == "a|| actual"
                assert desk.typed
                await desk.press("escape")
            assert desk.stored("a") == "空欄"

        at_desk(path, work)

    def test_a_read_only_book_says_so(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            for key in ("5", "f2", "delete", "ctrl+d"):
                await desk.press(key)
                assert "読み取り専用" in desk.info
                assert desk.typed == ""

        at_desk(path, lambda desk: desk.press("down"))
        path.chmod(0o444)
        at_desk(path, work)


class TestChanging:
    def test_edit_clear_copy_undo_redo(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.burst("40\r")
            await desk.press("ctrl+d")
            assert desk.stored("b") == "40.0"
            await desk.press("up", "f2", "5", "enter", "up", "delete")
            assert desk.stored("a") == "空欄"
            for expected in ("405", "40"):
                await desk.press("ctrl+z")
                assert desk.stored("a") == expected
                assert desk.shown("a", "actual").rstrip("?") == expected
            await desk.press("ctrl+z", "ctrl+z")
            assert (desk.stored("a"), desk.stored("b"), desk.place) == (
                "空欄",
                "空欄",
                "a|| actual",
            )
            await desk.press("ctrl+z")
            assert desk.info == "元に戻せる変更はありません。"
            await desk.press("ctrl+y", "ctrl+y", "ctrl+y")
            assert (desk.stored("a"), desk.stored("b")) == ("405", "40.0")

        at_desk(path, work)

    def test_undo_leaves_what_somebody_else_has_changed(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.burst("1\r2\r")
            desk.another_writes("b", "9")
            await desk.press("ctrl+z")
            assert desk.stored("b") == "9.0"
            assert "b は 鈴木 がそのあとに変えているため、そのままにしました。" in desk.info
            await desk.press("ctrl+z")
            assert (desk.stored("a"), desk.stored("b")) == ("空欄", "9.0")

        at_desk(path, work)

    @pytest.mark.parametrize(
        ("answer", "kept"),
        [
            (["escape"], "490"),
            (["right", "left", "enter"], "490"),
            (["enter", "right", "enter"], "495"),  # the first Enter was typed ahead
        ],
    )
    def test_two_people_on_one_cell(self, path: Path, answer: list[str], kept: str) -> None:
        async def work(desk: Desk) -> None:
            await desk.burst("49")
            desk.another_writes("a", "490")
            await desk.burst("5\r")
            assert isinstance(desk.app.screen, ConflictDialog)
            text = "\n".join(desk.lines())
            assert "相手の値　490回　（鈴木、" in text
            assert "自分の値　495回" in text
            await desk.press(*answer)
            assert (desk.stored("a"), desk.shown("a", "actual")) == (kept, kept)
            assert desk.typed == ""

        at_desk(path, work)

    def test_what_others_write_appears_and_the_cursor_stays(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.press("down", "down")
            desk.another_writes("a", "500")
            await desk.press("down")
            assert (desk.shown("a", "actual"), desk.shown("a", "rating"), desk.place) == (
                "500",
                "A",
                "d|| actual",
            )

        at_desk(path, work)


class TestPaste:
    @pytest.mark.parametrize(
        "text",
        ["1\t2\r\n\t3\r\n", "1\t2\r\r\t3\r\r", "1\t2\r\t3\r", '1\t"2"\n\t3', "1\t2\n\t3\n\n"],
    )
    def test_lines_end_as_terminals_end_them(self, text: str) -> None:
        assert block_of(text) == [["1", "2"], ["", "3"]]

    def test_a_block_is_shown_stored_and_undone_as_one(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.press("left")
            await desk.paste("５２０\t495\r\n\t88.5\r\n120\t中止\r\n")
            assert isinstance(desk.app.screen, PasteDialog)
            assert desk.app.screen.lines == [
                "a 指標a 目標 500回 → 520回",
                "a 指標a 実績 空欄 → 495回",
                "b 指標b 実績 空欄 → 88.5％",
                "c 指標c 目標 100人 → 120人",
                "c 指標c 実績 空欄 → 中止",
            ]
            assert desk.stored("a") == "空欄"
            await desk.press("enter")
            assert "目標を変える理由" in "\n".join(desk.lines())
            await desk.burst("計画の見直し")
            await desk.press("enter", "enter")
            assert desk.info.startswith("5件を貼り付けて保存しました。")
            assert [desk.stored(code) for code in "abc"] == ["495", "88.5", "中止"]
            assert desk.shown("a", "rate") == "95.2%"
            await desk.press("ctrl+z")
            assert [desk.stored(code) for code in "abc"] == ["空欄"] * 3
            assert desk.stored("a", Kind.TARGET) == "500"

        at_desk(path, work)

    @pytest.mark.parametrize(
        ("block", "told"),
        [
            ("1\t2\n3\t4", "2列ありますが、ここから右に入力できるのは1列（実績）です。"),
            ("1\n2\n3\n4\n5", "5行ありますが、ここから下には4行しかありません。"),
        ],
    )
    def test_a_block_that_does_not_fit_writes_nothing(
        self, path: Path, block: str, told: str
    ) -> None:
        async def work(desk: Desk) -> None:
            await desk.paste(block)
            assert told in desk.info
            assert [desk.stored(code) for code in "abcd"] == ["空欄"] * 4

        at_desk(path, work)

    def test_what_is_refused_is_shown_with_the_rest_and_nothing_is_written(
        self, path: Path
    ) -> None:
        async def work(desk: Desk) -> None:
            await desk.paste('\r\n"88.5"\r\n"100\n人"\r\n１２百\r\n\r\n')
            dialog = desk.app.screen
            assert isinstance(dialog, PasteDialog)
            assert dialog.lines == ["b 指標b 実績 空欄 → 88.5％"]
            assert [text.split(":")[0] for text in dialog.refused] == [
                "3行目（c 指標c）",
                "4行目（d 指標d）",
            ]
            text = "\n".join(desk.lines())
            assert "貼り付けられない値が2件あります" in text
            assert "「１２百」は数として読めません。" in text
            assert not dialog.query("#paste")
            await desk.press("enter")
            assert "何も書き込んでいません" in desk.info
            assert [desk.stored(code) for code in "abcd"] == ["空欄"] * 4

        at_desk(path, work)

    def test_odd_values_are_told_before_and_a_change_meanwhile_stops_the_whole_block(
        self, path: Path
    ) -> None:
        async def work(desk: Desk) -> None:
            await desk.paste("4950\n90")
            dialog = desk.app.screen
            assert isinstance(dialog, PasteDialog)
            assert "約10倍です。桁を" in dialog.odd[0]
            desk.another_writes("b", "70")
            await desk.press("enter")
            again = desk.app.screen
            assert isinstance(again, PasteDialog)
            assert again is not dialog
            assert "鈴木が" in again.told
            assert again.lines[1] == "b 指標b 実績 70.0％ → 90.0％"
            assert desk.stored("a") == "空欄"
            await desk.press("enter")
            assert (desk.stored("a"), desk.stored("b")) == ("4,950", "90.0")
            await desk.press("ctrl+z")
            assert (desk.stored("a"), desk.stored("b")) == ("空欄", "70.0")

        at_desk(path, work)

    def test_one_value_goes_into_the_bar(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.paste("1,234\n")
            assert desk.typed == "1,234"
            await desk.press("escape")
            await desk.press("5")
            await desk.paste("1\n2\n")
            assert desk.info.startswith("入力中です。")

        at_desk(path, work)


class TestRows:
    def test_branches_fold_out_and_add_up(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.press("down", "down", "ctrl+e")
            assert desk.shown("c|kita|", "name") == "・北区"
            await desk.press("left", "down", "5", "0", "escape", "4", "5", "enter")
            assert (desk.stored("c", Kind.TARGET, "kita"), desk.shown("c", "target")) == (
                "45",
                "100",
            )
            await desk.press("up", "right", "4", "0", "enter")
            assert (desk.stored("c", branch="kita"), desk.shown("c", "actual")) == ("40", "途中 40")
            assert "内訳に空欄が1件（南区）、ここまで 40人" in desk.info
            await desk.press("5", "5", "enter", "up")
            assert (desk.shown("c", "actual"), desk.shown("c", "rate")) == ("95", "95.0%")
            await desk.press("ctrl+e")
            assert desk.place == "c|| actual"
            assert desk.screen.grid.row_count == 4

        at_desk(path, work)

    def test_one_committee_and_finding(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.press("ctrl+o")
            assert isinstance(desk.app.screen, ChooseDialog)
            assert [text for text, _ in desk.app.screen.choices] == [
                "すべて（4件）",
                "社協（2件）",
                "市（1件）",
                "担当未定（1件）",
            ]
            await desk.press("down", "down", "enter")
            assert [row.indicator for row in desk.screen.sheet.rows] == ["c"]
            await desk.press("f3")
            assert isinstance(desk.app.screen, FindDialog)
            await desk.burst("指標Ｂ\r")
            assert desk.place == "b|| actual"
            assert len(desk.screen.sheet.rows) == 4
            await desk.press("f3")
            await desk.burst("どこにもない\r")
            assert "見つかりません" in "\n".join(desk.lines())
            await desk.press("escape")
            assert desk.place == "b|| actual"

        at_desk(path, work)

    def test_why_and_the_path_to_the_final_year(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.press("up")
            await desk.press(*["down"] * 3)
            assert desk.shown("d", "target") == "10"
            await desk.press("9", "enter")
            assert "率 50.0%（最終目標 14団体に対して）、経過割合に対して 83.3% 判定 B" in desk.info
            await desk.press("ctrl+w")
            assert isinstance(desk.app.screen, WhyDialog)
            assert any(
                step.title == "計算式" and "100×(9－4)÷(14－4)＝50" in step.text
                for step in desk.app.screen.steps
            )
            await desk.burst("\r\r")
            assert desk.app.screen is desk.screen

        at_desk(path, work)

    def test_a_plan_without_indicators_says_what_to_do(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            text = "\n".join(desk.lines())
            assert "数で測る指標がまだ登録されていません" in text
            assert "Ctrl+L の「計画」で加えると" in text
            await desk.press(
                "5", "enter", "f2", "f4", "ctrl+z", "ctrl+w", "ctrl+e", "delete", "ctrl+d"
            )
            await desk.paste("1\n2")
            await desk.press("escape")
            assert desk.app.current_mode == "home"

        at_desk(path, work, book_plan=plan(node("1", node("1-1"))))

    def test_other_years_have_their_own_sheet(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.burst("12")
            await desk.press("ctrl+pageup")
            assert (desk.stored("a"), desk.shown("a", "actual")) == ("12", "480")
            await desk.press("ctrl+z")
            assert (desk.app.year, desk.stored("a")) == (YEAR, "空欄")

        at_desk(path, work)


@pytest.mark.parametrize("width", [80, 120])
def test_the_grid_fits_and_every_figure_is_whole(path: Path, width: int) -> None:
    long = "地域福祉活動計画の推進に向けた住民座談会・懇談会の開催"
    figures = {YEAR: 1_234_567}
    made = plan(
        node(
            "1",
            *(
                node(
                    f"1-{n}",
                    indicator(
                        f"1-{n}-1a",
                        name=long,
                        unit="世帯",
                        targets=figures,
                        actuals={**figures, YEAR - 1: 1_200_000},
                    ),
                    name=long,
                )
                for n in range(1, 40)
            ),
        )
    )

    async def work(desk: Desk) -> None:
        grid = desk.screen.grid
        assert grid.virtual_size.width <= width - 1
        lines = desk.lines()
        row = next(line for line in lines if line.startswith("1-1-1a"))
        assert all(figure in row for figure in ("1,200,000", "1,234,567", "100.0%", "世帯"))
        assert ("基準値" in "".join(lines)) == (width == 120)
        await desk.burst("9876543\r")
        assert "9,876,543" in "\n".join(desk.lines())
        assert "注意: 9,876,543世帯はR5の1,200,000世帯の約8倍です" in desk.info

    at_desk(path, work, book_plan=made, size=(width, 24))


def test_examples_are_marked_by_a_sign(path: Path) -> None:
    make_book(path, small(), "事務局")  # type: ignore[arg-type]
    with ReviewBook.open(path, "事務局") as book:
        key = CellKey("a", YEAR, Kind.ACTUAL)
        take_over(book, [Entry(0, key, parse_value("495"), None, "")], example=True)

    async def work(desk: Desk) -> None:
        assert (desk.shown("a", "actual"), desk.shown("a", "rate")) == ("495*", "99.0%*")
        assert "*は例示" in "\n".join(desk.lines())
        await desk.press("up")
        assert "例示の値を含みます" in desk.info
        await desk.press("f2", "enter")
        assert desk.shown("a", "actual") == "495*"
        await desk.press("up")
        await desk.burst("495\r")
        assert desk.shown("a", "actual") == "495"

    at_desk(path, work)


def test_no_character_of_doubtful_width_where_they_are_wide(path: Path) -> None:
    def doubtful(desk: Desk) -> set[str]:
        return {c for line in desk.lines() for c in line if unicodedata.east_asian_width(c) == "A"}

    async def work(desk: Desk) -> None:
        assert "△3" not in "\n".join(desk.lines())
        await desk.burst("△3\r")
        assert desk.shown("a", "actual") == "-3"
        found = doubtful(desk)
        await desk.press("up", "f2")
        assert desk.typed == "-3"
        await desk.press("enter", "up", "ctrl+w")
        found |= doubtful(desk)
        await desk.press("escape", "ctrl+o")
        found |= doubtful(desk)
        await desk.press("escape", "f3")
        found |= doubtful(desk)
        await desk.press("escape")
        await desk.paste("1\n△2")
        found |= doubtful(desk)
        await desk.press("escape", "5")
        desk.another_writes("a", "△7")
        await desk.press("enter")
        found |= doubtful(desk)
        assert found == set()

    use_wide(True)
    try:
        at_desk(path, work)
    finally:
        use_wide(False)


class TestElsewhere:
    def test_a_click_stores_first_and_a_double_click_edits(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            await desk.burst("495")
            await desk.pilot.click("#grid", offset=(2, 3))
            await desk.pilot.pause()
            assert (desk.stored("a"), desk.place, desk.typed) == ("495", "c|| actual", "")
            await desk.burst("何人3")
            await desk.pilot.click("#grid", offset=(2, 1))
            assert (desk.place, desk.typed) == ("c|| actual", "何人3")
            await desk.press("escape")
            await desk.pilot.click("#grid", offset=(2, 1), times=2)
            await desk.pilot.pause()
            assert (desk.place, desk.typed) == ("a|| actual", "495")

        at_desk(path, work)

    def test_a_busy_book_keeps_what_was_typed(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            desk.app.book.file.db.execute("PRAGMA busy_timeout = 20")
            await desk.burst("495")
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN EXCLUSIVE")
            for key in ("enter", "tab", "f4", "f7", "ctrl+pagedown", "ctrl+q"):
                await desk.press(key)
                assert "別のプログラムが書き込み中です" in desk.info
                assert (desk.typed, desk.app.current_mode) == ("495", "entry")
            await desk.press("escape", "down", "ctrl+z", "delete", "ctrl+d")
            other.close()
            await desk.press("up")
            await desk.burst("495\r")
            assert desk.stored("a") == "495"

        at_desk(path, work)

    def test_a_window_of_any_size(self, path: Path) -> None:
        async def work(desk: Desk) -> None:
            for size in ((120, 40), (40, 10), (20, 5), (200, 50), (80, 24)):
                await desk.pilot.resize_terminal(*size)
                await desk.press(
                    "down", "5", "escape", "ctrl+w", "escape", "ctrl+o", "escape", "f3", "escape"
                )
            assert desk.screen.grid.virtual_size.width <= 79
            await desk.press("up", "up", "up", "ctrl+s", "7", "ctrl+s")
            assert (desk.stored("a"), desk.info[:12]) == ("7", "すべて保存されています（")

        at_desk(path, work)
