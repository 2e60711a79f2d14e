"""報告書: choose formats and folder, make the report, see where it lies."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.errors import ReviewError
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.marks import bar, fit
from shakyo_review.ui.opening import open_file
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.widgets.prose import Para, Prose

Progress = Callable[[str, int, int], None]


def formats() -> list[tuple[str, str]]:
    """Return name and title of every format a report can be made in."""
    from shakyo_review.reports.formats import FORMATS

    return [(fmt.name, fmt.title) for fmt in FORMATS.values()]


def make(
    book_path: Path,
    who: str,
    year: int,
    names: list[str],
    out: Path,
    progress: Progress,
    stop: Callable[[], bool],
    keep: bool,
) -> list[Path]:
    """Make the report from a connection of its own: SQLite's cannot be shared between threads.

    Raises ``ReviewError``.
    """
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.services.publishing import publish_report

    with ReviewBook.open(book_path, who) as book:
        return publish_report(book, year, names, out, progress=progress, stop=stop, keep=keep)


class ReportScreen(ReviewScreen):
    """Making the report of the year on screen."""

    where = keys.REPORT
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.REPORT)  # type: ignore[assignment]
    CSS = """
    ReportScreen #report { height: 1fr; padding: 1 2; }
    ReportScreen Static { height: auto; }
    ReportScreen #formats { height: auto; max-height: 8; width: 60; max-width: 100%; margin-bottom: 1; }
    ReportScreen #folder { width: 100%; margin-bottom: 1; }
    ReportScreen .buttons { height: 1; margin-bottom: 1; }
    ReportScreen .buttons Button { margin-right: 2; }
    ReportScreen #make { width: 18; }
    ReportScreen #after { display: none; }
    ReportScreen.-made #after { display: block; }
    """

    class Progressed(Message):
        """The thread has come further."""

        def __init__(self, step: str, done: int, total: int) -> None:
            super().__init__()
            self.step, self.done, self.total = step, done, total

    class Ended(Message):
        """The thread has ended: with files, or with a sentence."""

        def __init__(self, text: str, made: list[Path] | None = None) -> None:
            super().__init__()
            self.text, self.made = text, made

    def __init__(self) -> None:
        super().__init__()
        self.offered = formats()
        self.chosen = {self.offered[0][0]}
        self.running = False
        self.made: list[Path] = []
        self._stop = Event()

    def content(self) -> ComposeResult:
        """Yield formats, folder, button, progress and result."""
        with VerticalScroll(id="report", can_focus=False):
            yield Static("", id="about", markup=False)
            yield Static("形式（Enter かクリックで選ぶ・外す）", classes="head", markup=False)
            yield OptionList(id="formats")
            if not self.review.served:
                yield Static("出力先のフォルダ", classes="head", markup=False)
                yield Input(id="folder", type="text", select_on_focus=False)
            with Horizontal(classes="buttons"):
                yield Button("作成する", id="make", variant="primary")
                yield Button("やめる（Esc）", id="stop", disabled=True)
            yield Static("", id="progress", markup=False)
            yield Static("", id="result", markup=False)
            with Horizontal(id="after", classes="buttons"):
                if self.review.served:
                    yield Button("もう一度受け取る", id="open")
                else:
                    yield Button("ひらく（Ctrl+O）", id="open")
                    yield Button("場所を写す（Ctrl+C）", id="copy")

    def on_mount(self) -> None:
        """Show the choices."""
        for box in self.query("#folder").results(Input):
            box.value = str(self.review.report_folder)
        self._show_formats()
        self.query_one("#make").focus()
        super().on_mount()

    def show_book(self) -> None:
        """Tell which year the report is about."""
        about = f"{year_label(self.year)}の評価報告書を作ります。画面と同じ数字になります。"
        if self.review.served:
            about += "できたファイルは、お使いのブラウザに渡します。"
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

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        acts = {
            "make": self.action_make,
            "stop": self.action_leave_report,
            "open": self.action_open,
            "copy": self.action_copy_place,
        }
        acts[event.button.id or "make"]()

    def on_input_submitted(self) -> None:
        """Go on to the button."""
        self.set_focus(self.query_one("#make"))

    # --- making ------------------------------------------------------------------------------

    def _folder(self) -> Path | None:
        """Return where the report goes; a visitor of a served book names no place on the server."""
        if self.review.served:
            return self.review.report_folder
        typed = self.query_one("#folder", Input).value.strip()
        return Path(typed).expanduser() if typed else None

    def action_make(self) -> None:
        """Make the report; an earlier one of the name is overwritten only if a person says so."""
        if self.running:
            return
        out = self._folder()
        names = [name for name, _ in self.offered if name in self.chosen]
        if not names:
            self._show_result("形式を1つ以上選んでください。", error=True)
            return
        if out is None:
            self._show_result("出力先のフォルダを入れてください。", error=True)
            return
        self.review.report_folder = out
        taken = [] if self.review.served else self._taken(names, out)
        if not taken:
            self._begin(names, out, keep=self.review.served)
            return
        many = f" ほか{len(taken) - 1}件" if len(taken) > 1 else ""
        choices = [
            ("前のものを残して、番号を付けた別の名前で作る", True),
            ("前のものを上書きする", False),
        ]
        self.app.push_screen(
            ChooseDialog(f"{taken[0].name}{many} がすでにあります", choices),
            lambda keep: None if keep is None else self._begin(names, out, keep=keep),
        )

    def _taken(self, names: list[str], out: Path) -> list[Path]:
        """Return the files that would be overwritten."""
        from shakyo_review.reports.formats import file_stem, find_format

        stem = file_stem(self.book.plan_of(self.year).code, self.year)
        paths = [out / find_format(name).file_name(stem) for name in names]
        try:
            return [path for path in paths if path.exists()]
        except (OSError, ValueError):
            return []  # a place that cannot be looked at is told when it is written to

    def _begin(self, names: list[str], out: Path, *, keep: bool) -> None:
        """Work in a thread, so that the screen stays alive."""
        self._run(True)
        self._stop.clear()
        self.query_one("#result", Static).update("")
        self.show_progress("準備", 0, 1)
        book, who, year = self.book.path, self.book.who, self.year
        self.run_worker(
            lambda: self._make(book, who, year, names, out, keep),
            thread=True,
            exit_on_error=False,
        )

    def _make(
        self, book: Path, who: str, year: int, names: list[str], out: Path, keep: bool
    ) -> None:
        """Work in the thread; what is to be shown is posted, which neither waits nor fails."""
        told, made = "", None
        try:
            made = make(book, who, year, names, out, self._post_progress, self._stop.is_set, keep)
        except ReviewError as problem:
            told = str(problem)
        except OSError:
            told = f"「{out}」に報告書を書けませんでした。フォルダの名前と権限、空きを確かめてください。"
        except Exception as problem:  # a defect must not end the program and is told as such
            told = f"報告書を作れませんでした（{type(problem).__name__}: {problem}）。台帳には触れていません。"
        self.post_message(self.Ended(told, made))

    def _post_progress(self, step: str, done: int, total: int) -> None:
        self.post_message(self.Progressed(step, done, total))

    def on_report_screen_progressed(self, event: Progressed) -> None:
        """Show how far the work has come."""
        self.show_progress(event.step, event.done, event.total)

    def on_report_screen_ended(self, event: Ended) -> None:
        """Show what has come of it."""
        self._run(False)
        if event.made is None:
            self.query_one("#progress", Static).update("")
            self._show_result(event.text, error=True)
            return
        self.made = [path.absolute() for path in event.made]
        self.set_class(True, "-made")
        names = "　".join(path.name for path in self.made)
        if self.review.served:
            self._show_result(f"できました。ファイル: {names}", error=False)
            self.action_open()
        else:
            told = f"できました。\nフォルダ: {self.made[0].parent}\nファイル: {names}"
            self._show_result(told, error=False)

    def show_progress(self, step: str, done: int, total: int) -> None:
        """Show how far the work has come."""
        percent = 100 * done / total if total else 0
        line = Text.assemble(bar(percent, 30, self.tone("good")), fit(f" {done}/{total}　{step}"))
        self.query_one("#progress", Static).update(line)

    def _run(self, running: bool) -> None:
        self.running = running
        button = self.query_one("#make", Button)
        button.label = "作成しています" if running else "作成する"
        self.query_one("#stop", Button).disabled = not running
        self.set_class(False, "-made")

    def action_leave_report(self) -> None:
        """Stop the work; where none is going on, go back."""
        if self.running:
            self._stop.set()
            self.tell("やめています。いまの段階が終わるまで少しお待ちください。")
        else:
            self.review.action_back()

    def _show_result(self, text: str, *, error: bool) -> None:
        style = self.tone("bad") if error else ""
        lines = tuple(Para(line, style=style, hang=2) for line in text.splitlines())
        self.query_one("#result", Static).update(Prose(lines))
        if error:
            self.tell(text.partition("\n")[0], error=True)
        self.query_one("#result").scroll_visible(animate=False)

    # --- what is done with it ----------------------------------------------------------------

    def action_open(self) -> None:
        """Open the report; a visitor of a served book is given the file."""
        if not self.made:
            self.tell("まだ作っていません。Ctrl+G で作ります。")
        elif self.review.served:
            try:
                files = [(path.name, path.read_bytes()) for path in self.made]
            except OSError:
                self.tell(
                    "報告書のファイルがなくなっています。Ctrl+G で作り直してください。", error=True
                )
                return
            for name, content in files:
                self.app.deliver_binary(BytesIO(content), save_filename=name)
        elif not open_file(self.made[0]):
            self.tell("この端末からは開けません。フォルダをファイルの一覧で開いてください。")

    def action_copy_place(self) -> None:
        """Copy where the report lies, to be pasted elsewhere."""
        if not self.made:
            self.tell("まだ作っていません。Ctrl+G で作ります。")
            return
        self.app.copy_to_clipboard("\n".join(map(str, self.made)))
        self.tell("場所を写しました。ほかの窓に貼り付けられます（端末によっては写せません）。")
