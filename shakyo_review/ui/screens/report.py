"""報告書: choose formats and folder, make the report, see where it lies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.errors import ReviewError
from shakyo_review.ui import keys
from shakyo_review.ui.marks import bar, fit
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.widgets.prose import Para, Prose

Progress = Callable[[str, int, int], None]


def formats() -> list[tuple[str, str]]:
    """Return name and title of every format a report can be made in."""
    from shakyo_review.reports.formats import FORMATS

    return [(fmt.name, fmt.title) for fmt in FORMATS.values()]


def make(
    book_path: Path, who: str, year: int, names: list[str], out: Path, progress: Progress
) -> list[Path]:
    """Make the report from a connection of its own: SQLite's cannot be shared between threads.

    Raises ``ReviewError``.
    """
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.services.publishing import publish_report

    with ReviewBook.open(book_path, who) as book:
        return publish_report(book, year, names, out, progress=progress)


class ReportScreen(ReviewScreen):
    """Making the report of the year on screen."""

    where = keys.REPORT
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.REPORT)  # type: ignore[assignment]
    CSS = """
    ReportScreen #report { height: 1fr; padding: 1 2; }
    ReportScreen Static { height: auto; }
    ReportScreen #formats { height: auto; max-height: 8; width: 60; max-width: 100%; margin-bottom: 1; }
    ReportScreen #folder { width: 100%; margin-bottom: 1; }
    ReportScreen #make { width: 20; margin-bottom: 1; }
    """

    class Progressed(Message):
        """The thread has come further."""

        def __init__(self, step: str, done: int, total: int) -> None:
            super().__init__()
            self.step, self.done, self.total = step, done, total

    class Ended(Message):
        """The thread has ended, with a sentence."""

        def __init__(self, text: str, *, error: bool) -> None:
            super().__init__()
            self.text, self.error = text, error

    def __init__(self) -> None:
        super().__init__()
        self.offered = formats()
        self.chosen = {self.offered[0][0]}
        self.running = False

    def content(self) -> ComposeResult:
        """Yield formats, folder, button, progress and result."""
        with VerticalScroll(id="report", can_focus=False):
            yield Static("", id="about", markup=False)
            yield Static("形式（Enter かクリックで選ぶ・外す）", classes="head", markup=False)
            yield OptionList(id="formats")
            yield Static("出力先のフォルダ", classes="head", markup=False)
            yield Input(id="folder", type="text", select_on_focus=False)
            yield Button("作成する", id="make", variant="primary")
            yield Static("", id="progress", markup=False)
            yield Static("", id="result", markup=False)

    def on_mount(self) -> None:
        """Show the choices."""
        self.query_one("#folder", Input).value = str(self.review.report_folder)
        self._show_formats()
        self.query_one("#make").focus()
        super().on_mount()

    def show_book(self) -> None:
        """Tell which year the report is about."""
        about = f"{year_label(self.year)}の評価報告書を作ります。画面と同じ数字になります。"
        self.query_one("#about", Static).update(Prose((Para(about), Text(""))))

    def _show_formats(self) -> None:
        choices = self.query_one("#formats", OptionList)
        place = choices.highlighted or 0
        choices.clear_options()
        for name, title in self.offered:
            mark = "[x]" if name in self.chosen else "[ ]"
            choices.add_option(Option(Text(fit(f"{mark} {title}")), id=name))
        choices.highlighted = place

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose a format, or leave it out."""
        self.chosen ^= {event.option.id or ""}
        self._show_formats()

    def on_button_pressed(self) -> None:
        """Make the report."""
        self.action_make()

    def on_input_submitted(self) -> None:
        """Go on to the button."""
        self.query_one("#make").focus()

    def action_make(self) -> None:
        """Make the report in a thread, so that the screen stays alive."""
        if self.running:
            return
        typed = self.query_one("#folder", Input).value.strip()
        names = [name for name, _ in self.offered if name in self.chosen]
        if not names:
            self._show_result("形式を1つ以上選んでください。", error=True)
            return
        if not typed:
            self._show_result("出力先のフォルダを入れてください。", error=True)
            return
        out = Path(typed).expanduser()
        self.review.report_folder = out
        self._run(True)
        self.query_one("#result", Static).update("")
        self.show_progress("準備", 0, 1)
        book, who, year = self.book.path, self.book.who, self.year
        self.run_worker(
            lambda: self._make(book, who, year, names, out), thread=True, exit_on_error=False
        )

    def _make(self, book: Path, who: str, year: int, names: list[str], out: Path) -> None:
        """Work in the thread; what is to be shown is posted, which neither waits nor fails."""
        try:
            made = make(book, who, year, names, out, self._post_progress)
        except ReviewError as problem:
            self.post_message(self.Ended(str(problem), error=True))
        except OSError:
            told = f"「{out}」に報告書を書けませんでした。フォルダの名前と権限、空きを確かめてください。"
            self.post_message(self.Ended(told, error=True))
        except Exception as problem:  # a defect must not end the program and is told as such
            told = f"報告書を作れませんでした（{type(problem).__name__}: {problem}）。台帳には触れていません。"
            self.post_message(self.Ended(told, error=True))
        else:
            places = "\n".join(str(path.absolute()) for path in made)
            self.post_message(
                self.Ended(f"できました。次の場所にあります。\n{places}", error=False)
            )

    def _post_progress(self, step: str, done: int, total: int) -> None:
        self.post_message(self.Progressed(step, done, total))

    def on_report_screen_progressed(self, event: Progressed) -> None:
        """Show how far the work has come."""
        self.show_progress(event.step, event.done, event.total)

    def on_report_screen_ended(self, event: Ended) -> None:
        """Show what has come of it."""
        self._run(False)
        if event.error:
            self.query_one("#progress", Static).update("")
        self._show_result(event.text, error=event.error)

    def show_progress(self, step: str, done: int, total: int) -> None:
        """Show how far the work has come."""
        percent = 100 * done / total if total else 0
        line = Text(fit(f"{step}　"))
        line.append_text(bar(percent, 30, self.tone("good"))).append(f" {done}/{total}")
        self.query_one("#progress", Static).update(line)

    def _run(self, running: bool) -> None:
        self.running = running
        button = self.query_one("#make", Button)
        button.label = "作成しています" if running else "作成する"

    def _show_result(self, text: str, *, error: bool) -> None:
        style = self.tone("bad") if error else ""
        self.query_one("#result", Static).update(Prose((Para(text, style=style),)))
        if error:
            self.tell(text.partition("\n")[0], error=True)
        self.query_one("#result").scroll_visible(animate=False)
