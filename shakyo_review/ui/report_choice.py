"""What a person wants made on the screen 報告書, and the making of it in a thread of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from shakyo_review.errors import ReviewError

Progress = Callable[[str, int, int], None]
REMEMBERED = "report"


@dataclass(frozen=True, slots=True)
class Choice:
    """Documents, formats, the chapters left out, and the folder; names as ``publish_report`` takes them."""

    documents: tuple[str, ...] = ("annual",)
    formats: tuple[str, ...] = ("html",)
    without: tuple[str, ...] = ()
    folder: str = ""


def own_templates() -> Path | None:
    """Return the folder of one's own templates; one that is named but missing is told when making."""
    from shakyo_review.services.settings import load_settings

    return load_settings().templates


def documents() -> list[tuple[str, str]]:
    """Return name and title of every document, those of one's own templates at the end."""
    from shakyo_review.reports.documents import DOCUMENTS, all_documents

    try:
        known = all_documents(own_templates())
    except ReviewError:  # settings or a folder that cannot be read are told when making
        known = DOCUMENTS
    return [(one.name, one.title) for one in known.values()]


def formats() -> list[tuple[str, str]]:
    """Return name and title of every format a document can be made in."""
    from shakyo_review.reports.formats import FORMATS

    return [(fmt.name, fmt.title) for fmt in FORMATS.values()]


def chapters() -> dict[str, str]:
    """Return the kind and title of every chapter that can be left out."""
    from shakyo_review.reports.documents import CHAPTERS

    return dict(CHAPTERS)


def last_choice(book: Path) -> Choice:
    """Return what was made last from a book on this machine; what is no longer known is left out."""
    from shakyo_review.services.remembering import remembered

    try:
        kept = json.loads(remembered(book, REMEMBERED) or "{}")
    except (ValueError, RecursionError):
        kept = {}
    if not isinstance(kept, dict):
        return Choice()
    first = Choice()
    folder = kept.get("folder")
    return Choice(
        _known(kept.get("documents"), dict(documents())) or first.documents,
        _known(kept.get("formats"), dict(formats())) or first.formats,
        _known(kept.get("without"), chapters()),
        folder if isinstance(folder, str) and folder.isprintable() else "",
    )


def _known(names: object, known: dict[str, str]) -> tuple[str, ...]:
    asked = names if isinstance(names, list) else []
    return tuple(name for name in known if name in asked)


def remember_choice(book: Path, choice: Choice) -> None:
    """Keep a choice for the next time."""
    from shakyo_review.services.remembering import remember

    remember(book, REMEMBERED, json.dumps(asdict(choice), ensure_ascii=False))


def taken_files(plan_code: str, year: int, choice: Choice, out: Path) -> list[Path]:
    """Return the files that would be written over; raises ``WrongUsage`` where nothing can be made."""
    from shakyo_review.reports.documents import pieces, report_files
    from shakyo_review.reports.formats import file_stem

    wanted = pieces(choice.documents, choice.formats, own_templates())
    try:
        return [
            one for one in report_files(out, file_stem(plan_code, year), wanted) if one.exists()
        ]
    except (OSError, ValueError):
        return []  # a place that cannot be looked at is told when it is written to


def make(
    book_path: Path,
    who: str,
    year: int,
    choice: Choice,
    out: Path,
    progress: Progress,
    stop: Callable[[], bool],
    keep: bool,
) -> list[Path]:
    """Make the documents from a connection of its own: SQLite's cannot be shared between threads.

    Raises ``ReviewError``.
    """
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.services.publishing import publish_report

    with ReviewBook.open(book_path, who) as book:
        return publish_report(
            book,
            year,
            choice.formats,
            out,
            templates=choice.documents,
            without=choice.without,
            user_templates=own_templates(),
            progress=progress,
            stop=stop,
            keep=keep,
        )
