"""The making of documents while the screen stays alive, and what is done with them afterwards."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from threading import Event

from rich.text import Text
from textual.message import Message
from textual.widgets import Button, Static

from shakyo_review.errors import ReviewError
from shakyo_review.ui.marks import bar, fit
from shakyo_review.ui.opening import open_file
from shakyo_review.ui.report_choice import Choice, make
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.widgets.prose import Para, Prose

MOST_NAMES = 4
"""File names that are told; of more, the folder is looked at."""


class ReportWork(ReviewScreen):
    """What the screen 報告書 does once everything is chosen.

    The screen yields ``#make``, ``#stop``, ``#progress`` and ``#result``.
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
        self.running = False
        self.made: list[Path] = []
        self._stop = Event()

    def begin(self, choice: Choice, out: Path, *, keep: bool) -> None:
        """Work in a thread, so that the screen stays alive."""
        self._run(True)
        self._stop.clear()
        self.query_one("#result", Static).update("")
        self.show_progress("準備", 0, 1)
        book, who, year = self.book.path, self.book.who, self.year
        self.run_worker(
            lambda: self._make(book, who, year, choice, out, keep),
            thread=True,
            exit_on_error=False,
        )

    def _make(self, book: Path, who: str, year: int, choice: Choice, out: Path, keep: bool) -> None:
        """Work in the thread; what is to be shown is posted, which neither waits nor fails."""
        told, made = "", None
        try:
            made = make(book, who, year, choice, out, self._post_progress, self._stop.is_set, keep)
        except ReviewError as problem:
            told = str(problem)
        except OSError:
            told = f"「{out}」に報告書を書けませんでした。フォルダの名前と権限、空きを確かめてください。"
        except Exception as problem:  # a defect must not end the program and is told as such
            told = f"報告書を作れませんでした（{type(problem).__name__}: {problem}）。台帳には触れていません。"
        self.post_message(self.Ended(told, made))

    def _post_progress(self, step: str, done: int, total: int) -> None:
        self.post_message(self.Progressed(step, done, total))

    def on_report_work_progressed(self, event: Progressed) -> None:
        """Show how far the work has come."""
        self.show_progress(event.step, event.done, event.total)

    def on_report_work_ended(self, event: Ended) -> None:
        """Show what has come of it."""
        self._run(False)
        if event.made is None:
            self.query_one("#progress", Static).update("")
            self.show_result(event.text, error=True)
            return
        self.made = [path.absolute() for path in event.made]
        self.set_class(True, "-made")
        names = "　".join(path.name for path in self.made[:MOST_NAMES])
        if len(self.made) > MOST_NAMES:
            names += f"　ほか{len(self.made) - MOST_NAMES}個"
        if self.review.served:
            self.show_result(f"できました。ファイル: {names}", error=False)
            self.action_open()
        else:
            told = f"できました。\nフォルダ: {self.made[0].parent}\nファイル: {names}"
            self.show_result(told, error=False)

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

    def show_result(self, text: str, *, error: bool) -> None:
        """Show what has come of it, or why nothing has."""
        style = self.tone("bad") if error else ""
        lines = tuple(Para(line, style=style, hang=2) for line in text.splitlines())
        self.query_one("#result", Static).update(Prose(lines))
        if error:
            self.tell(text.partition("\n")[0], error=True)
        last = self.query_one("#result" if error else "#after")
        self.call_after_refresh(last.scroll_visible, animate=False)

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
            name, content = files[0] if len(files) == 1 else self._bundle(files)
            self.app.deliver_binary(BytesIO(content), save_filename=name)
        elif not open_file(self.made[0] if len(self.made) == 1 else self.made[0].parent):
            self.tell("この端末からは開けません。フォルダをファイルの一覧で開いてください。")

    def _bundle(self, files: list[tuple[str, bytes]]) -> tuple[str, bytes]:
        """Return several files as one, for a browser asks about every single one."""
        from shakyo_review.services.files import bundle

        return f"{self.book.plan_of(self.year).code}-{self.year}.zip", bundle(files)

    def action_copy_place(self) -> None:
        """Copy where the report lies, to be pasted elsewhere."""
        if not self.made:
            self.tell("まだ作っていません。Ctrl+G で作ります。")
            return
        self.app.copy_to_clipboard("\n".join(map(str, self.made)))
        self.tell("場所を写しました。ほかの窓に貼り付けられます（端末によっては写せません）。")
