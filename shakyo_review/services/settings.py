"""What a person may set once: which book, which name. One TOML file; nothing else decides a path."""

import getpass
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from shakyo_review.errors import WrongUsage

DEFAULT_BOOK = "review.db"
SERVED = "SHAKYO_REVIEW_SERVED"
"""Set to 1 in the process that shows the screens to a visitor in a browser."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings file. No pydantic model: every command reads it, and few need pydantic."""

    book: Path | None = None
    """The book opened when --book is not given."""
    name: str = ""
    """Who acts when --as is not given."""
    templates: Path | None = None
    """A folder with the user's own report templates, looked up before the shipped ones."""
    look: str = ""
    """Colours and characters of the screens; '' is what suits the terminal."""


_LOOKS = ("", "dark", "light", "contrast", "plain")


class _WrongSetting(ValueError):
    """The name of a setting that is unknown or says what it cannot say."""


def _settings(written: dict[str, Any]) -> Settings:
    """Return what a file says; ``_WrongSetting`` for what it cannot say."""
    known = {"book": Path, "name": str, "templates": Path, "look": str}
    for name, value in written.items():
        if name not in known or not isinstance(value, str):
            raise _WrongSetting(name)
        if name == "look" and value not in _LOOKS:
            raise _WrongSetting(name)
    read: dict[str, Any] = {
        name: Path(value).expanduser() if known[name] is Path else value
        for name, value in written.items()
    }
    return Settings(**read)


def is_served() -> bool:
    """Whether this process shows the screens to a visitor in a browser (see ``web``)."""
    return os.environ.get(SERVED) == "1"


def settings_path() -> Path:
    """Return where the settings file lies; SHAKYO_REVIEW_SETTINGS names another one."""
    named = os.environ.get("SHAKYO_REVIEW_SETTINGS")
    return Path(named) if named else user_config_path("shakyo-review") / "settings.toml"


def load_settings() -> Settings:
    """Read the settings; ``WrongUsage`` says what is wrong with the file."""
    path = settings_path()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError):
        raise WrongUsage(
            f"設定ファイル「{path}」を読めません。", "UTF-8 のファイルか、権限を確かめてください。"
        ) from None
    try:
        return _settings(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        raise WrongUsage(
            f"設定ファイル「{path}」の書き方が正しくありません。", "TOML の書式を確かめてください。"
        ) from None
    except _WrongSetting as wrong:
        raise WrongUsage(
            f"設定ファイル「{path}」の「{wrong}」が正しくありません。",
            "使える項目は book・name・templates・look です。",
        ) from None


def keep_look(look: str) -> None:
    """Write the look of the screens into the settings file and leave the rest of it as it is.

    ``WrongUsage`` where the file cannot be read or written.
    """
    load_settings()  # what cannot be understood is not written into
    from shakyo_review.services.files import CannotWrite, write_whole

    path, line = settings_path(), f'look = "{look}"\n'
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        kept = re.sub(r"(?m)^[ \t]*look[ \t]*=.*\n?", "", text)
        write_whole(path, (line + kept).encode(), make_folder=True)
    except (OSError, CannotWrite):
        raise WrongUsage(
            f"画面の色は変えましたが、設定ファイル「{path}」に残せませんでした。",
            "次に開くときは元の色です。フォルダの権限を確かめてください。",
        ) from None


def book_path(option: Path | None, settings: Settings) -> Path:
    """Return the book to work on: the option, the settings, or ./review.db."""
    return option or settings.book or Path(DEFAULT_BOOK)


def acting_name(option: str | None, settings: Settings) -> str:
    """Return who acts: the option, the settings, or the login name."""
    name = "".join(c for c in option or settings.name if c.isprintable()).strip()
    if name:
        return name[:60]
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return "名前なし"
