"""ヘルプ, 操作を探す, 年度を選ぶ and the table of keys they all come from."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Input, OptionList
from viewing import YEAR, View, demo, troubles, view

from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.palette import operations
from shakyo_review.ui.readings import reading
from shakyo_review.ui.screens.help import HOW_TO, HelpScreen
from shakyo_review.ui.themes import THEMES

MODES = {
    "home": keys.HOME,
    "entry": keys.ENTRY,
    "scores": keys.SCORES,
    "improve": keys.IMPROVE,
    "compare": keys.COMPARE,
    "plan": keys.PLAN,
    "history": keys.HISTORY,
    "meeting": keys.MEETING,
    "report": keys.REPORT,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


@pytest.mark.parametrize("mode", MODES)
def test_the_help_lists_exactly_the_keys_of_its_screen(path: Path, mode: str) -> None:
    async def work(seen: View) -> None:
        await seen.go(mode)
        front = seen.screen
        active = front.active_bindings.values()
        bound = {one.binding.id for one in active}
        unlisted = {
            one.binding.key
            for one in active
            if one.node in (front, seen.app) and not one.binding.id
        }
        assert unlisted <= {"tab", "shift+tab", "ctrl+c", "super+c", "ctrl+q", "alt+up", "alt+down"}
        await seen.press("f1")
        assert isinstance(seen.screen, HelpScreen)
        listed = seen.said("#text").partition("キーの一覧\n")[2].splitlines()
        own = keys.keys_of(MODES[mode])
        assert [line.split()[0] for line in listed] == [key.shown.split()[0] for key in own]
        assert all(key.help in line for key, line in zip(own, listed, strict=True))
        assert all(text in seen.said("#text") for text in HOW_TO[MODES[mode]])
        # What is bound here is listed, and what is listed can be done.
        assert {one for one in bound if one} <= {key.id for key in own}
        names = {key.action.partition("(")[0].removeprefix("app.") for key in own}
        assert all(
            hasattr(front, f"action_{name}") or hasattr(seen.app, f"action_{name}")
            for name in names
        )
        # A listed key is bound here, unless the widget in focus has it for itself (Enter in a list).
        missing = [
            key.shown
            for key in own
            if key.id not in bound and key.keys not in ("enter", "left", "right")
        ]
        assert mode == "entry" or not missing
        await seen.press("pagedown", "f1")
        assert not isinstance(seen.screen, HelpScreen)
        await seen.press("f1", "escape")
        assert seen.app.current_mode == mode

    view(path, work, year=YEAR)


def test_no_key_is_one_that_terminals_or_kana_mode_swallow() -> None:
    swallowed = {
        "ctrl+h",
        "ctrl+i",
        "ctrl+j",
        "ctrl+m",
        "ctrl+enter",
        "shift+enter",
        "f10",
        "f11",
        "f12",
    }
    for where in MODES.values():
        bound = [name for key in keys.keys_of(where) for name in key.keys.split(",")]
        assert not swallowed & set(bound)
        assert all(len(name) > 1 for name in bound)
        own = [name for key in keys.KEYS if key.where == where for name in key.keys.split(",")]
        assert len(own) == len(set(own))


def test_the_hints_fit_into_one_line_of_the_smallest_screen() -> None:
    assert [where for where in MODES.values() if cell_len(keys.hint_line(where)) > 78] == []


def test_operations_are_found_by_a_part_of_their_name_and_done(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.go("scores")
        await seen.press("ctrl+p")
        line = seen.screen.query_one(Input)
        line.value = "ぞうきん"  # no such word: nothing is offered, and that is said in Japanese
        await seen.pilot.pause()
        assert any("あてはまる操作はありません" in text for text in seen.lines())
        await seen.press("enter")
        line.value = "ｃｔｒｌ＋ｅ"
        await seen.press("enter")
        assert "・指標a" in "".join(seen.lines())
        await seen.press("ctrl+p")
        seen.screen.query_one(Input).value = "ひらく もう一度"
        await seen.press("down", "up", "enter")  # 「ひらく」, a key the table has for itself
        assert seen.table.codes[:2] == ["1", "2"]
        await seen.press("ctrl+p")
        seen.screen.query_one(Input).value = "画面の色 明るい"
        await seen.press("enter")
        assert seen.app.theme == "shakyo-light"
        await seen.press("ctrl+p", "escape")
        assert seen.app.current_mode == "scores"

    view(path, work, year=YEAR)


def test_the_palette_offers_the_keys_of_the_screen_and_the_colours() -> None:
    for where in MODES.values():
        labels = [operation.label for operation in operations(where)]
        assert labels[-len(THEMES) :] == [label for _, label, _ in THEMES]
        assert {key.label for key in keys.KEYS if key.where == where} <= set(labels)


def test_every_operation_is_found_by_typing_kana_alone() -> None:
    for where in MODES.values():
        for operation in operations(where):
            kana = reading(operation.label)
            assert not re.search("[一-鿿]", kana), f"no reading: {kana}"
            assert operation.matches(kana)


def test_a_year_is_chosen_from_the_list_by_key_and_mouse(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7", "ctrl+n")
        offered = [option.id for option in seen.screen.query_one(OptionList).options]
        assert offered == [str(year) for year in seen.book.years()]
        assert any(
            "令和6年度（2024年度）" in line and "いま表示中" in line for line in seen.lines()
        )
        await seen.press("up", "enter")
        assert seen.app.year == YEAR - 1
        assert "令和5年度" in seen.lines()[0]
        await seen.press("ctrl+n", "escape", "ctrl+n")
        await seen.pilot.click(OptionList, offset=(3, offered.index("2025")))
        await seen.pilot.pause()
        assert seen.app.year == 2025
        await seen.press("ctrl+pageup")
        assert seen.app.year == YEAR

    view(path, work, year=YEAR)


LOOKS = [(name, size) for name in ("zushi", "isesaki") for size in ((80, 24), (120, 40))]


@pytest.mark.parametrize(("name", "size"), LOOKS)
def test_nothing_foreign_and_nothing_too_wide_is_on_any_screen(
    name: str, size: tuple[int, int]
) -> None:
    async def work(seen: View) -> None:
        plan = seen.book.plan
        names = " ".join(
            [
                plan.title,
                *(i.name for i in plan.items.values()),
                *(i.name + i.unit for i in plan.indicators.values()),
            ]
        )
        own_words = f"{names} {seen.app.report_folder}"
        for mode in ("home", "scores", "compare", "report"):
            await seen.go(mode)
            assert troubles(seen.lines(), size[0], own_words) == []
            if mode == "scores":
                await seen.press("ctrl+e")
                assert troubles(seen.lines(), size[0], own_words) == []
            if mode == "compare":
                await seen.press("ctrl+t")
                assert troubles(seen.lines(), size[0], own_words) == []
        for key in ("f1", "ctrl+p", "ctrl+n"):
            await seen.press(key)
            assert troubles(seen.lines(), size[0], own_words) == []
            await seen.press("escape")

    view(demo(name), work, size=size)
