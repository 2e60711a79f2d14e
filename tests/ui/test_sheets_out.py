"""記入シートを出す: chosen committees, one file or one each; nothing is overwritten."""

from pathlib import Path

import pytest
from viewing import YEAR, View, troubles, view

from shakyo_review.domain.person import Role
from shakyo_review.services import people
from shakyo_review.ui.dialogs.form import Form


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def test_sheets_are_written_for_the_committees_chosen(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "配布"

    async def work(seen: View) -> None:
        await seen.press("shift+f5")
        assert isinstance(seen.screen, Form)
        assert not troubles(seen.lines(), 80, str(tmp_path))
        assert seen.screen.value("folder") == str(out)
        await seen.press("space", "ctrl+s")  # without the first
        assert [one.name for one in out.iterdir()] == [f"記入シート_p_{YEAR}_市.xlsx"]
        assert "記入シートを1個出しました" in seen.foot
        await seen.press("shift+f5", "tab", "down", "ctrl+s")  # one file of all
        assert f"記入シート_p_{YEAR}.xlsx" in [one.name for one in out.iterdir()]
        await seen.press("shift+f5", "ctrl+s")
        assert isinstance(seen.screen, Form), "the earlier file may be filled in"
        assert "上書きし" in "".join(seen.lines())
        assert len(list(out.iterdir())) == 2
        await seen.press("escape", "shift+f5", "space", "down", "space", "ctrl+s")
        assert "担当が選ばれていません" in "".join(seen.lines())

    view(path, work, year=YEAR, report_folder=out)


def test_a_visitor_is_given_the_file_for_the_own_committee(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAKYO_REVIEW_SERVED", "1")
    given: list[tuple[str, bytes]] = []

    async def register(seen: View) -> None:
        people.add(seen.book, "山田", Role.SECRETARIAT)
        people.add(seen.book, "田中", Role.MEMBER, ["市"])

    async def work(seen: View) -> None:
        seen.app.deliver_binary = lambda file, save_filename: given.append(  # type: ignore[method-assign,assignment]
            (save_filename, file.read())
        )
        await seen.press("shift+f5")
        assert not seen.screen.query("#field-folder")
        await seen.press("ctrl+s")
        assert given[0][0] == f"記入シート_p_{YEAR}_市.xlsx"
        assert given[0][1].startswith(b"PK")
        assert "お使いのブラウザに渡しました" in "".join(seen.lines())

    view(path, register, year=YEAR)
    view(path, work, year=YEAR, who="田中")
