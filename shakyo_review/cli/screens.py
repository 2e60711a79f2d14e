"""Opening the terminal screens; textual is imported here and only now."""

from pathlib import Path

from shakyo_review.cli.common import Calling


def open_screens(
    calling: Calling, *, year: int | None = None, report_folder: Path | None = None
) -> None:
    """Open the screens on the book; without one, offer new, open and sample."""
    from shakyo_review.ui.terminal import prepare

    wide = prepare()
    from shakyo_review.ui.marks import use_wide

    use_wide(wide)
    path = calling.path
    if not path.exists() and calling.book is None:
        from shakyo_review.ui.start import run_start

        chosen = run_start(path, calling.name)
        if chosen is None:
            return
        calling.book = chosen
    from shakyo_review.ui.app import run_screens

    with calling.open() as book:
        run_screens(book, year=year, report_folder=report_folder)
