"""報告書: made in a thread while the screen stays alive; where it lies, or why there is none."""

import re
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any
from zipfile import ZipFile

import pytest
from textual.widgets import Input
from viewing import YEAR, View, troubles, view

from shakyo_review.errors import WrongUsage
from shakyo_review.services.remembering import remember
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.form import Form
from shakyo_review.ui.report_choice import REMEMBERED, Choice, Progress, last_choice
from shakyo_review.ui.screens import report_work


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
        assert "令和6年度の文書を作ります" in seen.said("#about")
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
        choice: Choice,
        out: Path,
        progress: Progress,
        *_: Any,
    ) -> list[Path]:
        begun.append((book, who, year, choice.formats, out))
        progress("集計しています", 1, 3)
        assert go_on.wait(10)
        return [out / "x.html"]

    monkeypatch.setattr(report_work, "make", slow)

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
        assert begun == [(path, "山田", YEAR, ("html",), tmp_path)]

    view(path, work, year=YEAR)


def test_escape_stops_the_work_and_no_file_is_there(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "報告"
    steps: list[tuple[str, int, int]] = []

    def stopped_after(screen: report_work.ReportWork, step: str, done: int, total: int) -> None:
        steps.append((step, done, total))
        if "HTML" in step:
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

    monkeypatch.setattr(report_work, "make", fail)

    async def work(seen: View) -> None:
        await seen.press("f9", "ctrl+g")
        await settled(seen)
        assert told in seen.said("#result")
        assert "Permission denied" not in "".join(seen.lines())
        assert not seen.screen.running
        assert any("作成する" in line for line in seen.lines())

    view(path, work, year=YEAR, report_folder=tmp_path)


def test_documents_and_formats_are_chosen_and_at_least_one_of_each_is_needed(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f9")
        assert any("[x] 評価報告書" in line and "[x] HTML" in line for line in seen.lines())
        assert not troubles(seen.lines(), 80, str(path))
        await seen.pilot.click("#formats", offset=(3, 0))
        await seen.pilot.click("#documents", offset=(3, 1))
        await seen.pilot.pause()
        assert any("[x] 概要版" in line and "[ ] PDF" in line for line in seen.lines())
        assert any("[x] 評価報告書" in line and "[ ] HTML" in line for line in seen.lines())
        await seen.press("ctrl+g")
        assert "形式を1つ以上選んでください" in seen.foot
        seen.screen.query_one("#folder", Input).value = " "
        seen.screen.query_one("#formats").focus()
        await seen.press("home", "space")  # the space bar marks as well
        await seen.press("ctrl+g")
        assert "出力先のフォルダを入れてください" in seen.foot
        seen.screen.query_one("#documents").focus()
        await seen.press("home", "enter", "down", "enter", "ctrl+g")
        assert "文書を1つ以上選んでください" in seen.foot

    view(path, work, year=YEAR)


def test_everything_is_chosen_with_one_key(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f9", "ctrl+a")
        assert "".join(seen.lines()).count("[x]") == 11
        assert not any("[ ]" in line for line in seen.lines())
        await seen.press("ctrl+a")
        assert "".join(seen.lines()).count("[x]") == 2

    view(path, work, year=YEAR)


def test_what_was_made_last_is_offered_again(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "報告"

    async def work(seen: View) -> None:
        await seen.press("f9")
        await seen.pilot.click("#documents", offset=(3, 1))
        await seen.press("f2")
        assert isinstance(seen.screen, Form)
        await seen.press("down", "down", "space", "ctrl+s")
        assert "省く章: 全体の結果" in "".join(seen.lines())
        await seen.press("ctrl+g")
        await settled(seen)
        assert sorted(one.name for one in out.iterdir()) == ["p-2024-summary.html", "p-2024.html"]
        assert "全体の結果" not in chapter_titles((out / "p-2024.html").read_bytes())

    async def again(seen: View) -> None:
        await seen.press("f9")
        lines = "".join(seen.lines())
        assert "[x] 概要版" in lines
        assert "省く章: 全体の結果" in lines
        assert seen.screen.query_one("#folder", Input).value == str(out)

    view(path, work, year=YEAR, report_folder=out)
    view(path, again, year=YEAR, report_folder=tmp_path)


def test_own_templates_are_offered_as_documents(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own" / "理事会[x]"
    own.mkdir(parents=True)
    (own / "report.html.j2").write_text("{{ report.cover.year }}", encoding="utf-8")
    settings = tmp_path / "settings.toml"
    settings.write_text(f'templates = "{own.parent.as_posix()}"', encoding="utf-8")
    monkeypatch.setenv("SHAKYO_REVIEW_SETTINGS", str(settings))
    out = tmp_path / "報告"

    async def work(seen: View) -> None:
        await seen.press("f9")
        assert any("[ ] 理事会[x]" in line for line in seen.lines())
        await seen.pilot.click("#documents", offset=(3, 0))
        await seen.pilot.click("#documents", offset=(3, 5))
        await seen.press("ctrl+g")
        await settled(seen)
        assert [one.name for one in out.iterdir()] == ["p-2024-理事会[x].html"]
        settings.write_text('templates = "/none"', encoding="utf-8")
        await seen.press("ctrl+g")
        await settled(seen)
        assert "ひな型のフォルダ" in seen.said("#result")

    view(path, work, year=YEAR, report_folder=out)
    view(path, lambda seen: seen.press("f9"), year=YEAR)  # a folder that is missing, from the start


def chapter_titles(page: bytes) -> str:
    return " ".join(re.findall(r"<h2.*?</h2>", page.decode()))


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", '{"documents": 3}', '{"documents": ["none"], "folder": "\\u0000"}']
)
def test_a_spoilt_memory_harms_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    remember(path, REMEMBERED, kept)
    assert last_choice(path) == Choice()


def test_a_visitor_is_given_several_files_as_one(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAKYO_REVIEW_SERVED", "1")
    given: list[tuple[str, bytes]] = []

    async def work(seen: View) -> None:
        seen.app.deliver_binary = lambda file, save_filename: given.append(
            (save_filename, file.read())
        )
        await seen.press("f9")
        await seen.pilot.click("#documents", offset=(3, 1))
        await seen.press("ctrl+g")
        await settled(seen)
        await seen.press("ctrl+o")

    view(path, work, year=YEAR, report_folder=tmp_path / "reports")
    assert [name for name, _ in given] == ["p-2024.zip"] * 2
    assert given[0] == given[1]
    with ZipFile(BytesIO(given[0][1])) as bundle:
        assert bundle.namelist() == ["p-2024.html", "p-2024-summary.html"]
        assert b"<html" in bundle.read("p-2024-summary.html")
    assert last_choice(path) == Choice()  # one visitor's choice is not offered to the next
