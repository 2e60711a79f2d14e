"""The settings file: which book, which name."""

from pathlib import Path

import pytest

from shakyo_review.errors import WrongUsage
from shakyo_review.services.settings import Settings, acting_name, book_path, load_settings


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("SHAKYO_REVIEW_SETTINGS", str(path))
    return path


def test_without_a_file(settings_file: Path) -> None:
    assert load_settings() == Settings()
    assert book_path(None, Settings()) == Path("review.db")


def test_book_and_name(settings_file: Path) -> None:
    settings_file.write_text('book = "/data/計画.db"\nname = "事務局 山田"\n', encoding="utf-8")
    settings = load_settings()
    assert book_path(None, settings) == Path("/data/計画.db")
    assert book_path(Path("other.db"), settings) == Path("other.db")
    assert acting_name(None, settings) == "事務局 山田"
    assert acting_name(" 鈴木 ", settings) == "鈴木"


def test_the_home_folder(settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/council")
    settings_file.write_text('book = "~/plan.db"\n', encoding="utf-8")
    assert book_path(None, load_settings()) == Path("/home/council/plan.db")


def test_a_name_is_one_line(settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert acting_name("山\n田\x1b[2J\udcff", Settings()) == "山田[2J"
    assert len(acting_name("長" * 100, Settings())) == 60
    monkeypatch.setenv("LOGNAME", "login")
    assert acting_name("\n", Settings()) == "login"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"book = ", "TOML"),
        (b"name = 3\n", "「name」"),
        (b'colour = "red"\n', "「colour」"),
        ("name = 'あ'".encode("cp932"), "UTF-8"),
    ],
)
def test_what_is_wrong_with_the_file(settings_file: Path, content: bytes, told: str) -> None:
    settings_file.write_bytes(content)
    with pytest.raises(WrongUsage, match=told) as error:
        load_settings()
    assert str(settings_file) in str(error.value)


def test_a_folder_in_its_place(settings_file: Path) -> None:
    settings_file.mkdir()
    with pytest.raises(WrongUsage, match="読めません"):
        load_settings()
