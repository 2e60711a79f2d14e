"""はじめ: how far the year has come is what the book says, and every way out leads somewhere."""

import time
from pathlib import Path

import pytest
from builders import indicator, node, plan
from textual.widgets import OptionList
from viewing import YEAR, View, demo, small, view

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.checks import FindingKind, find
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.person import Role
from shakyo_review.domain.value import parse_value
from shakyo_review.domain.year_state import YearState
from shakyo_review.errors import BookProblem
from shakyo_review.services import people
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import local_time, now
from shakyo_review.services.entry import record
from shakyo_review.services.improving import add_improvement, confirm_value
from shakyo_review.services.making import make_book
from shakyo_review.services.submitting import submit
from shakyo_review.storage.history import Change
from shakyo_review.ui.overview import change_text
from shakyo_review.ui.screens.home import MENU


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def test_the_year_is_told_in_whole_and_by_committee(path: Path) -> None:
    async def work(seen: View) -> None:
        text = seen.said("#facts")
        assert "見本計画\n社協　計画期間 令和3年度〜令和7年度" in text
        assert "令和6年度の実績　3件中 2件 入力済み" in text
        assert "67%" in text
        # a and b belong to both owners; c to 市 alone: the one with more to do first.
        rows = [
            line.split()
            for line in text.splitlines()
            if "/" in line and line.split()[0] in ("社協", "市")
        ]
        assert [(row[0], row[1], row[-1]) for row in rows] == [
            ("社協", "1/2", "あと1"),
            ("市", "2/3", "あと1"),
        ]
        assert "まだ入っていない実績　1件\n・指標b（社協・市）" in text
        assert "例示" not in text

    view(path, work, year=YEAR)


@pytest.mark.parametrize("name", ["zushi", "isesaki"])
def test_the_counts_of_a_real_plan_are_those_of_the_check(name: str) -> None:
    async def work(seen: View) -> None:
        book, year = seen.book, seen.app.year
        findings = find(book.plan, book.score(year), book.cells(year), book.score(year - 1))
        blank = [
            f for f in findings if f.kind in (FindingKind.MISSING_ACTUAL, FindingKind.MISSING_PART)
        ]
        total = len(book.plan.indicators)
        text = seen.said("#facts")
        assert f"{year_label(year)}の実績　{total}件中 {total - len(blank)}件 入力済み" in text
        assert f"まだ入っていない実績　{len(blank)}件" in text
        assert "例示（資料にない見本の値）が入っています" in text

    view(demo(name), work)


def test_a_value_that_looks_wrong_is_told_with_its_numbers(path: Path) -> None:
    slipped = plan(node("1", indicator("a", unit="人", actuals={YEAR - 1: 120, YEAR: 1200})))

    async def work(seen: View) -> None:
        assert (
            "確かめたい値　1件\n・指標a: 1,200人はR5の120人の約10倍です。桁を確かめてください"
            in seen.said("#facts")
        )

    view(path, work, made_of=slipped, year=YEAR)


def test_what_another_person_writes_appears(path: Path) -> None:
    async def work(seen: View) -> None:
        with ReviewBook.open(path, "鈴木") as other:
            record(
                other,
                CellKey("b", YEAR, Kind.ACTUAL),
                parse_value("88.5", decimals=1),
                reason="集計が届いた",
            )
        seen.screen.look_again()
        await seen.pilot.pause()
        assert "3件中 3件 入力済み" in seen.said("#facts")
        last = seen.said("#last")
        assert "鈴木" in last
        assert "「指標b」R6 実績: 空欄 → 88.5％（理由: 集計が届いた）" in last

    view(path, work, year=YEAR)


def test_the_time_of_a_change_is_that_of_the_clock_on_the_wall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert local_time("2026-11-20T18:05:00+00:00") == "2026年11月21日 03:05"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_change_of_a_part_names_branch_and_month() -> None:
    made = plan(node("1", indicator("a")), branches=[{"code": "kita", "name": "北区"}])
    change = Change(
        "",
        "",
        "cell",
        "a",
        2024,
        "actual",
        "kita",
        "04",
        {"state": "value", "value": "3"},
        None,
        "",
    )
    assert change_text(made, change) == "「指標a」R6 実績 北区 4月: 3 → 空欄"


@pytest.mark.parametrize("mode", ["entry", "scores", "improve", "compare", "report"])
def test_the_menu_leads_to_the_screens_by_key_and_by_mouse(path: Path, mode: str) -> None:
    place = [action for action, _ in MENU].index(f"go('{mode}')")

    async def work(seen: View) -> None:
        await seen.press(*["down"] * place, "enter")
        assert seen.app.current_mode == mode
        await seen.press("f5")
        await seen.pilot.click(OptionList, offset=(3, place))
        await seen.pilot.pause()
        assert seen.app.current_mode == mode

    view(path, work, year=YEAR)


def test_the_state_of_the_year_and_what_blocks_its_sealing_are_told(path: Path) -> None:
    async def work(seen: View) -> None:
        text = seen.said("#facts")
        assert "準備 → ［記入］ → 評価 → 確定 → 公表" in text
        assert "確定までに済ませること 1件" in text  # b is not in
        await seen.press("ctrl+g")
        assert type(seen.screen).__name__ == "YearDialog"
        assert "【社協・市】\n・指標b: 実績が未入力です" in seen.said("#gap-list")
        await seen.press("escape", "ctrl+pagedown")
        assert "［準備］" in seen.said("#facts")
        await seen.press("ctrl+g", "enter")
        assert "令和7年度の記入を始めました" in seen.foot
        assert seen.book.state(YEAR + 1) is YearState.ENTRY
        assert seen.book.working_year == YEAR + 1

    view(path, work, year=YEAR)


def test_a_confirmed_value_is_no_longer_asked_about(path: Path) -> None:
    slipped = plan(node("1", indicator("a", unit="人", actuals={YEAR - 1: 120, YEAR: 1200})))

    async def work(seen: View) -> None:
        assert "確かめたい値　1件" in seen.said("#facts")
        with ReviewBook.open(path, "鈴木") as other:
            confirm_value(other, "a", YEAR, "会場が増えたため")
        seen.screen.look_again()
        await seen.pilot.pause()
        assert "確かめたい値はありません。" in seen.said("#facts")

    view(path, work, made_of=slipped, year=YEAR)


def test_promises_that_wait_for_an_answer_are_told_with_a_way_there(path: Path) -> None:
    make_book(path, small(), "事務局")
    with ReviewBook.open(path, "事務局") as book:
        add_improvement(book, "1-1", YEAR - 1, "ちらしを作る")

    async def work(seen: View) -> None:
        assert "答える改善項目 1件" in seen.said("#facts")
        assert any("改善（答える項目 1件）" in line for line in seen.lines())
        await seen.press("ctrl+k")
        assert seen.app.current_mode == "improve"
        assert seen.table.codes == [f"{YEAR - 1}-1"]

    view(path, work, year=YEAR)


def test_tabs_hints_and_the_year_are_pressed_with_the_mouse(path: Path) -> None:
    async def work(seen: View) -> None:
        line = seen.lines()[1]
        await seen.pilot.click("TabLine", offset=(_column(line, "評価"), 0))
        assert seen.app.current_mode == "scores"
        await seen.press("f5")
        await seen.pilot.click("HintLine", offset=(_column(seen.lines()[-1], "年度を進める"), 0))
        assert type(seen.screen).__name__ == "YearDialog"
        await seen.press("escape")
        await seen.pilot.click("TitleLine", offset=(_column(seen.lines()[0], "令和6年度"), 0))
        await seen.pilot.pause()
        assert type(seen.screen).__name__ == "ChooseYear"

    view(path, work, year=YEAR)


def _column(line: str, text: str) -> int:
    from rich.cells import cell_len

    return cell_len(line[: line.index(text)]) + 1


def test_names_that_look_like_markup_are_only_names(path: Path) -> None:
    odd = plan(
        node(
            "1",
            indicator("a", name="[/]", unit="[b]", targets={YEAR: 1}),
            name="[red]目標[/red]",
            owners=["[/b]"],
        ),
        title="計画[/]",
        body="社協[bold]",
    )

    async def work(seen: View) -> None:
        for mode in ("home", "entry", "scores", "improve", "compare", "report"):
            await seen.go(mode)
            assert "社協[bold]　計画[/]" in seen.lines()[0]
        await seen.go("home")
        assert "・[/]（[/b]）" in seen.said("#facts")
        await seen.go("scores")
        assert "[red]目標[/red]" in seen.row("1")[0]
        assert "・[/]（[b]）" in seen.row("a")[0]
        await seen.press("f1")
        await seen.press("escape", "ctrl+p")
        await seen.press("escape", "ctrl+n")

    view(path, work, made_of=odd, year=YEAR)


def test_a_book_that_cannot_be_read_is_told_in_a_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(self: ReviewBook, year: int) -> None:
        raise BookProblem("「b.db」は壊れています。", "控えを使ってください。")

    async def work(seen: View) -> None:
        monkeypatch.setattr(ReviewBook, "score", damaged)
        await seen.go("scores")
        assert "「b.db」は壊れています。控えを使ってください。" in seen.foot
        await seen.press("f5")
        assert "壊れています" in seen.foot

    view(path, work, year=YEAR)


def test_an_empty_plan_is_no_trouble(path: Path) -> None:
    async def work(seen: View) -> None:
        assert "まだ指標がありません" in seen.said("#facts")
        assert "Ctrl+L の「計画」で、取組に指標を加えます" in seen.said("#facts")
        for mode in ("scores", "improve", "compare", "report"):
            await seen.go(mode)

    view(path, work, made_of=plan())


def test_a_message_stays_until_the_next_key(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+c")
        assert "終わるときは Ctrl+Q" in seen.foot
        await seen.press("down")
        assert "F1 ヘルプ" in seen.foot
        assert "終わるときは" not in seen.foot

    view(path, work, made_of=small())


def test_everybody_is_told_what_to_do_next(path: Path) -> None:
    make_book(path, small(), "事務局")
    with ReviewBook.open(path, "事務局") as book:
        people.add(book, "事務局", Role.SECRETARIAT)
        people.add(book, "山田", Role.MEMBER, ["社協"])
        people.add(book, "佐藤", Role.COUNCIL)

    def next_line(seen: View) -> str:
        return seen.said("#facts").partition("次にすること")[2].partition("\n\n")[0]

    async def member(seen: View) -> None:
        await seen.press("f5")
        assert "山田" in next_line(seen)
        assert "担当の実績があと1件です" in next_line(seen)
        text = seen.said("#facts")
        assert "あなたの担当（入力済み／件数、提出）\n社協" in text
        assert text.index("あなたの担当") < text.index("担当ごとの入力")
        assert "保存" not in seen.lines()[0]
        record(seen.book, CellKey("b", YEAR, Kind.ACTUAL), parse_value("88.5", decimals=1))
        await seen.pilot.pause()
        assert f"保存 {local_time(now()).rpartition(' ')[2][:3]}" in seen.lines()[0]
        await seen.press("f7", "f5")
        assert "担当の実績がそろいました。F6 を押し、Ctrl+G で提出してください。" in next_line(seen)
        submit(seen.book, YEAR, "社協")
        await seen.press("f7", "f5")
        assert "お願いすることはありません" in next_line(seen)
        assert "提出済み" in seen.said("#facts")

    view(path, member, year=YEAR)

    async def council(seen: View) -> None:
        seen.book.who = "佐藤"
        await seen.press("f7", "f5")
        assert "佐藤" in next_line(seen)
        assert "評価が始まるまで" in next_line(seen)
        seen.book.who = "事務局"
        await seen.press("f7", "f5")
        assert "F7 で自己評価を付け、Ctrl+G で評価へ進めます" in next_line(seen)

    view(path, council, year=YEAR)
