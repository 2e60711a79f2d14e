"""What a person may set once: which book, which name. One TOML file; nothing else decides a path."""

import getpass
import os
import tomllib
from pathlib import Path

from platformdirs import user_config_path
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from shakyo_review.errors import WrongUsage

DEFAULT_BOOK = "review.db"


class Settings(BaseModel):
    """The settings file."""

    model_config = ConfigDict(extra="forbid")

    book: Path | None = None
    """The book opened when --book is not given."""
    name: str = ""
    """Who acts when --as is not given."""
    templates: Path | None = None
    """A folder with the user's own report templates, looked up before the shipped ones."""

    @field_validator("book", "templates")
    @classmethod
    def _at_home(cls, path: Path | None) -> Path | None:
        return path and path.expanduser()


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
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        raise WrongUsage(
            f"設定ファイル「{path}」の書き方が正しくありません。", "TOML の書式を確かめてください。"
        ) from None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise WrongUsage(
            f"設定ファイル「{path}」の「{where}」が正しくありません。",
            "使える項目は book・name・templates です。",
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
