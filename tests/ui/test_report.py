"""報告書: made in a thread while the screen stays alive; where it lies, or why there is none."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.widgets import Input, OptionList
from viewing import YEAR, View, view

from shakyo_review.errors import WrongUsage
from shakyo_review.ui.dialogs.choose import ChooseDialog
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
        assert f"フォルダ: {out}" in seen.said("#result")
        assert f"ファイル: {made.name}" in seen.said("#result")
        assert not seen.screen.running
        await seen.press("ctrl+c")
        assert seen.app.clipboard == str(made)
        assert "場所を写しました" in seen.foot
        before = made.read_bytes()
        made.write_bytes(b"mine")  # an earlier file of that name is kept unless a person says else
        await seen.press("ctrl+g")
        assert isinstance(seen.screen, ChooseDialog)
        await seen.press("escape", "ctrl+g", "enter")
        await settled(seen)
        assert sorted(path.name for path in out.iterdir()) == ["p-2024-2.html", "p-2024.html"]
        assert made.read_bytes() == b"mine"
        await seen.press("ctrl+g", "down", "enter")
        await settled(seen)
        assert made.read_bytes() == before

    view(path, work, year=YEAR, report_folder=out)


def test_the_screen_stays_alive_and_makes_one_at_a_time(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[Any, ...]] = []
    go_on = Event()

    def slow(
        book: Path,
        who: str,
        year: int,
        names: list[str],
        out: Path,
        progress: report.Progress,
        *_: Any,
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


def test_escape_stops_the_work_and_no_file_is_there(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "報告"
    steps: list[tuple[str, int, int]] = []

    def stopped_after(screen: report.ReportScreen, step: str, done: int, total: int) -> None:
        steps.append((step, done, total))
        if step.startswith("HTML"):
            screen._stop.set()

    async def work(seen: View) -> None:
        await seen.press("f9")
        screen = seen.screen
        screen._post_progress = lambda *step: stopped_after(
            screen, *step
        )  # the person is slow here
        await seen.press("ctrl+g")
        await settled(seen)
        assert "ファイルは書いていません" in seen.said("#result")
        assert not out.exists()
        assert [total for _, _, total in steps] == [6] * 5
        await seen.press("escape")  # nothing is being made: back
        assert seen.app.current_mode == "home"

    view(path, work, year=YEAR, report_folder=out)


def test_a_visitor_names_no_place_and_is_given_the_file(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAKYO_REVIEW_SERVED", "1")
    given: list[tuple[str, bytes]] = []

    async def work(seen: View) -> None:
        seen.app.deliver_binary = lambda file, save_filename: given.append(
            (save_filename, file.read())
        )
        await seen.press("f9")
        assert not seen.screen.query("#folder")
        await seen.press("ctrl+g")
        await settled(seen)
        assert given[0][0] == "p-2024.html"
        assert b"<html" in given[0][1]
        assert str(tmp_path) not in "".join(seen.lines())
        for made in (tmp_path / "reports").iterdir():
            made.unlink()
        await seen.press("ctrl+o")
        assert "報告書のファイルがなくなっています" in "".join(seen.lines())
        assert len(given) == 1

    view(path, work, year=YEAR, report_folder=tmp_path / "reports")


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
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception, told: str
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

    view(path, work, year=YEAR, report_folder=tmp_path)


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
