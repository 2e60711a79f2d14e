"""What the commands share: the book and who acts, years, output."""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from shakyo_review.domain.fiscal_year import parse_year
from shakyo_review.errors import ReviewError
from shakyo_review.services.settings import Settings, acting_name, book_path, load_settings


@dataclass(slots=True)
class Calling:
    """What stood before the command: --book and --as."""

    book: Path | None
    who: str | None
    _settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """The settings file."""
        if self._settings is None:
            self._settings = load_settings()
        return self._settings

    @property
    def path(self) -> Path:
        """The book to work on."""
        return book_path(self.book, self.settings)

    @property
    def name(self) -> str:
        """Who acts."""
        return acting_name(self.who, self.settings)

    def open(self) -> Any:
        """Open the book."""
        from shakyo_review.services.book import ReviewBook

        book = ReviewBook.open(self.path, self.name)
        with suppress(ReviewError):  # damage is told by what the command reads
            if book.person is not None:
                book.who = book.person.name  # the history has one spelling of a name
        return book


pass_calling = click.make_pass_decorator(Calling)


class Year(click.ParamType):
    """A fiscal year in any spelling."""

    name = "YEAR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read a year; ``WrongUsage`` tells what is wrong with it."""
        return value if isinstance(value, int) else parse_year(str(value))


def year_option(**extra: Any) -> Callable[[Any], Any]:
    """Return the --year option."""
    return click.option(
        "--year",
        "year",
        type=Year(),
        required=True,
        help="年度（2024、R6、令和6年度 など）。",
        **extra,
    )


json_option = click.option("--json", "as_json", is_flag=True, help="JSON で出します。")


def emit_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def tell(text: str) -> None:
    """Print a note on standard error, so that standard output stays data."""
    click.echo(text, err=True)


def in_terminal() -> bool:
    """Return whether a person sits at a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()
