"""入力 for a member: the own rows, what was done, why there is no value, and 提出 at the end."""

from pathlib import Path

import pytest
from entry_desk import YEAR, Desk, at_desk, small

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.person import Role
from shakyo_review.domain.value import Reading, State
from shakyo_review.services.blocks import annotate
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.making import make_book
from shakyo_review.services.people import add
from shakyo_review.services.submitting import submissions
from shakyo_review.ui.dialogs.conflict import ConflictDialog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def note(desk: Desk, code: str) -> str:
    with ReviewBook.open(desk.path, "別の人") as book:
        return book.cells(YEAR).get(CellKey(code, YEAR, Kind.ACTUAL)).note


def submitted(desk: Desk) -> dict[str, str]:
    with ReviewBook.open(desk.path, "別の人") as book:
        return {one.owner: one.submitted_text for one in submissions(book, YEAR)}


def codes(desk: Desk) -> list[str]:
    return [row.indicator for row in desk.screen.sheet.rows]


def on_screen(desk: Desk) -> str:
    return "\n".join(desk.lines())


def test_a_member_begins_with_the_own_rows_and_submits_them(path: Path) -> None:
    make_book(path, small(first_year=YEAR), "事務局")  # type: ignore[arg-type]
    with ReviewBook.open(path, "事務局") as book:
        add(book, "事務局", Role.SECRETARIAT)
        add(book, "山田", Role.MEMBER, ["社協"])
        record(book, CellKey("b", YEAR, Kind.TARGET), Reading(State.NOT_ENTERED), reason="未定")

    async def work(desk: Desk) -> None:
        assert desk.app.DEFAULT_MODE == "entry"
        assert (codes(desk), desk.place) == (["a", "b"], "a|| actual")
        assert "担当 社協　---------- 0/2 入力済み" in on_screen(desk)
        await desk.press("left", "5")
        assert "目標の変更は、事務局だけができます" in desk.info
        assert desk.typed == ""
        await desk.press("right")
        await desk.burst("480\r")
        await desk.press("ctrl+f", "tab", "tab", "tab")
        assert desk.place == "b|| actual"  # not its missing target: that is not for a member
        assert codes(desk) == ["a", "b", "c", "d"]
        await desk.press("down", "7")
        assert "cは担当ではありません" in desk.info.replace("（市）", "")
        await desk.burst("77\r")
        assert "cは担当ではありません" in desk.info.replace("（市）", "")  # still to be read
        assert desk.place == "c|| actual"  # and what follows is not for the next row
        await desk.press("enter", "up")
        assert desk.place == "c|| actual"
        await desk.press("delete", "ctrl+x", "ctrl+a", "ctrl+d")
        assert desk.app.screen is desk.screen
        await desk.paste("7\n8")
        assert desk.app.screen is desk.screen
        assert desk.stored("c") == "空欄"
        await desk.press("ctrl+f", "ctrl+g")
        assert "入っていない実績が1件あります" in on_screen(desk)
        assert "・b 指標b" in on_screen(desk)
        await desk.press("enter")
        assert "空欄のまま提出する理由を書いてください" in on_screen(desk)
        await desk.press("escape")
        assert submitted(desk) == {"社協": "未提出", "市": "未提出", "担当未定": "未提出"}
        await desk.press("f4")
        await desk.burst("９０\r")
        assert "実績の空欄はもうありません。Ctrl+G で提出できます。" in desk.info
        await desk.press("ctrl+g")
        await desk.press("enter")
        assert "提出しました。ありがとうございました。" in desk.info
        assert submitted(desk)["社協"] == "提出済み"
        assert "========== 2/2 提出済み" in on_screen(desk)
        await desk.burst("91\r")
        assert "2/2 提出後に1件変更" in on_screen(desk)
        await desk.press("ctrl+g")
        assert "山田 が提出しています（そのあと1件変更）" in on_screen(desk)
        await desk.press("enter")
        await desk.press("enter")
        assert submitted(desk)["社協"] == "提出済み"
        await desk.press("ctrl+g")
        await desk.press("down", "down", "enter")
        assert submitted(desk)["社協"] == "未提出"

    at_desk(path, work)


def test_without_people_the_committee_chosen_last_is_remembered(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAKYO_REVIEW_SETTINGS", str(path.with_name("settings.toml")))

    async def choose(desk: Desk) -> None:
        await desk.press("ctrl+o")
        await desk.press("down", "down", "enter")
        assert codes(desk) == ["c"]
        await desk.press("ctrl+f")
        assert codes(desk) == ["a", "b", "c", "d"]
        await desk.press("ctrl+f")
        assert codes(desk) == ["c"]

    async def again(desk: Desk) -> None:
        assert codes(desk) == ["c"]
        await desk.pilot.click("#place", offset=(60, 0))
        await desk.press("home", "enter")
        assert len(codes(desk)) == 4

    at_desk(path, choose)
    at_desk(path, again)


def test_a_sentence_is_typed_in_the_same_place_and_taken_back(path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.burst("480")
        await desk.press("ctrl+a")
        assert desk.stored("a") == "480"
        await desk.burst("公民館で12回開いた。")
        assert "実績 ＞ 480回" in on_screen(desk)
        await desk.paste("1行目\r\n2行目")
        assert desk.typed.endswith("開いた。1行目↵2行目")
        await desk.press("enter")
        assert (note(desk, "a"), desk.place) == ("公民館で12回開いた。1行目\n2行目", "b|| actual")
        assert desk.shown("a", "actual") == "文  480"
        await desk.press("up")
        assert "実施内容 ＞ 公民館で12回開いた。" in on_screen(desk)
        await desk.press("ctrl+a", "escape", "ctrl+z")
        assert (note(desk, "a"), desk.stored("a")) == ("", "480")
        assert "a 実施内容 公民館で" in desk.info
        await desk.press("ctrl+y")
        assert note(desk, "a").startswith("公民館")
        await desk.pilot.click("#bar-note")
        await desk.press("end")
        await desk.burst("！")
        desk.another_writes("a", "490")
        await desk.press("f5")
        assert (note(desk, "a")[-1], desk.stored("a"), desk.app.current_mode) == (
            "！",
            "490",
            "home",
        )
        await desk.press("f6", "ctrl+a")
        await desk.burst("？")
        with ReviewBook.open(path, "鈴木") as book:
            version = book.cells(YEAR).get(CellKey("a", YEAR, Kind.ACTUAL)).version
            annotate(book, CellKey("a", YEAR, Kind.ACTUAL), "相手の文", expected_version=version)
        await desk.press("enter")
        assert isinstance(desk.app.screen, ConflictDialog)
        assert "相手の文　「相手の文」　（鈴木、" in on_screen(desk)
        await desk.press("right", "enter")
        assert note(desk, "a").endswith("！？")

    at_desk(path, work)


def test_reasons_for_no_value_months_and_moving_with_shift(path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.press("ctrl+x")
        await desk.press("down", "down", "down", "enter")
        assert (desk.stored("a"), desk.place) == ("集計中", "b|| actual")
        await desk.burst("88")
        await desk.press("shift+left")
        assert (desk.stored("b"), desk.place) == ("88.0", "b|| target")
        await desk.press("9", "1", "shift+right", "shift+up")
        assert "目標を変える理由" in on_screen(desk)
        await desk.press("escape", "right", "up")
        await desk.pilot.click("#bar-none")
        await desk.press("enter")
        assert desk.stored("a") == "集計中"
        await desk.press("up", "delete", "ctrl+e")
        await desk.press("down", "enter")
        assert desk.place == "a||Q1 actual"
        await desk.burst("100\r120\r")
        assert desk.shown("a", "actual") == "途中 220"
        assert "内訳に空欄が2件（第3四半期・第4四半期）、ここまで 220回" in desk.info
        await desk.burst("130\r140\r")
        assert desk.shown("a", "actual") == "490"
        await desk.press("ctrl+z", "ctrl+e", "home", "ctrl+e")
        assert desk.shown("a||Q4", "actual") == "____"

    at_desk(path, work)
