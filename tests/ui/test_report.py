"""報告書: made in a thread while the screen stays alive; where it lies, or why there is none."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.widgets import Input, OptionList
from viewing import YEAR, View, view

from shakyo_review.errors import WrongUsage
from shakyo_review.ui.screens import report


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


async def settled(seen: View) -> None:
    await seen.app.workers.wait_for_complete()
    await seen.pilot.pause()


def test_the_report_is_written_and_its_place_told(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "報告"

    async def work(seen: View) -> None:
        await seen.press("f9")
        assert "令和6年度の評価報告書" in seen.said("#about")
        await seen.press("enter")  # the button has the focus
        await settled(seen)
        [made] = out.iterdir()
        assert made.stat().st_size > 0
        assert str(made) in seen.said("#result")
        assert "できました" in seen.said("#result")
        assert not seen.screen.running

    view(path, work, year=YEAR, report_folder=out)


def test_the_screen_stays_alive_and_makes_one_at_a_time(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[Any, ...]] = []
    go_on = Event()

    def slow(
        book: Path, who: str, year: int, names: list[str], out: Path, progress: report.Progress
    ) -> list[Path]:
        begun.append((book, who, year, names, out))
        progress("集計しています", 1, 3)
        assert go_on.wait(10)
        return [out / "x.html"]

    monkeypatch.setattr(report, "make", slow)

    async def work(seen: View) -> None:
        await seen.press("f9")
        seen.screen.query_one("#folder", Input).value = str(tmp_path)
        await seen.press("ctrl+g", "ctrl+g")
        assert seen.screen.running
        assert any("集計しています" in line and "1/3" in line for line in seen.lines())
        assert any("作成しています" in line for line in seen.lines())
        await seen.press("f7")  # another screen is used meanwhile
        assert seen.row("1")[0].endswith("つながる")
        go_on.set()
        await settled(seen)
        await seen.press("f9")
        assert "x.html" in seen.said("#result")
        assert begun == [(path, "山田", YEAR, ["html"], tmp_path)]

    view(path, work, year=YEAR)


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (
            WrongUsage("その年度はありません。", "年度を確かめてください。"),
            "その年度はありません。年度を確かめてください。",
        ),
        (
            PermissionError(13, "Permission denied"),
            "書けませんでした。フォルダの名前と権限、空きを確かめてください。",
        ),
        (KeyError("x"), "報告書を作れませんでした（KeyError"),
    ],
)
def test_trouble_is_told_in_a_sentence_and_can_be_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception, told: str
) -> None:
    def fail(*_: object) -> list[Path]:
        raise trouble

    monkeypatch.setattr(report, "make", fail)

    async def work(seen: View) -> None:
        await seen.press("f9", "ctrl+g")
        await settled(seen)
        assert told in seen.said("#result")
        assert "Permission denied" not in "".join(seen.lines())
        assert not seen.screen.running
        assert any("作成する" in line for line in seen.lines())

    view(path, work, year=YEAR)


def test_formats_are_chosen_and_at_least_one_is_needed(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f9")
        assert any("[x] HTML" in line for line in seen.lines())
        await seen.pilot.click(OptionList, offset=(3, 0))
        await seen.pilot.pause()
        assert any("[ ] HTML" in line for line in seen.lines())
        await seen.press("ctrl+g")
        assert "形式を1つ以上選んでください" in seen.foot
        seen.screen.query_one("#folder", Input).value = " "
        await seen.pilot.click(OptionList, offset=(3, 0))
        await seen.press("ctrl+g")
        assert "出力先のフォルダを入れてください" in seen.foot

    view(path, work, year=YEAR)
