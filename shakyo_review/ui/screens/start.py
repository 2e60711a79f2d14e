"""The screens of the first start: make a book, open one, or try a sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.errors import ReviewError
from shakyo_review.ui.widgets.bars import HintLine
from shakyo_review.ui.widgets.prose import Para, Prose


class StartScreen(Screen[None]):
    """What all screens of the first start share: a title, content, a line for messages.

    ``default_path`` is the book that is offered first, ``who`` is acting. The app is left with the
    path of the book to open.
    """

    title_text: ClassVar[str] = "社協レビュー"
    hints: ClassVar[str] = "Tab 次の欄  Esc 戻る  Ctrl+Q 終わる"
    BINDINGS: ClassVar[list[Binding]] = [Binding("escape", "leave", "戻る")]  # type: ignore[assignment]

    class Worked(Message):
        """The thread has ended: with a book, or with the reason why there is none."""

        def __init__(self, path: Path | None, text: str = "") -> None:
            super().__init__()
            self.path, self.text = path, text

    def __init__(self, default_path: Path, who: str) -> None:
        super().__init__()
        self.default_path = default_path.absolute()
        self.who = who
        self.typed = self.warned = False
        self.first: dict[Input, str] = {}

    def compose(self) -> ComposeResult:
        """Yield the frame around the content."""
        yield Static(self.title_text, classes="start-title", markup=False)
        with VerticalScroll(classes="start", can_focus=False):
            yield from self.content()
        yield HintLine(self.hints)

    def content(self) -> ComposeResult:
        """Yield what is between title and hints."""
        yield Static("")

    def prose(self, *texts: str) -> Static:
        """Return paragraphs."""
        return Static(
            Prose(tuple(Para(text) if text else Text("") for text in texts)), markup=False
        )

    def tell(self, text: str, *, error: bool = False) -> None:
        """Show one sentence at the foot."""
        self.query_one(HintLine).tell(text, error=error)

    def action_leave(self) -> None:
        """Go back; where something has been typed, only when asked twice."""
        if self.typed and not self.warned:
            self.warned = True
            self.tell("打ったものは残りません。もう一度 Esc を押すと、捨てて戻ります。")
            return
        self.app.pop_screen()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take note that something is typed; the first values are none."""
        self.warned = False
        self.typed = any(box.value != self.first.get(box, box.value) for box in self.query(Input))

    def on_screen_resume(self) -> None:
        """Remember what stands in the fields at first."""
        for box in self.query(Input):
            self.first.setdefault(box, box.value)

    def work(self, told: str, task: Callable[[], Path]) -> None:
        """Do something that may take a moment in a thread; its path is the book to open."""
        self.tell(told)
        for button in self.query(Button):
            button.disabled = True
        self.run_worker(lambda: self._work(task), thread=True, exit_on_error=False)

    def _work(self, task: Callable[[], Path]) -> None:
        try:
            path = task()
        except Exception as problem:  # a defect must not leave the person before dead buttons
            self.post_message(self.Worked(None, told_of(problem)))
        else:
            self.post_message(self.Worked(path))

    def on_start_screen_worked(self, event: Worked) -> None:
        """Leave with the book, or tell why there is none."""
        if event.path is None:
            self.failed(event.text)
        else:
            self.app.exit(event.path)

    def failed(self, text: str) -> None:
        """Tell why nothing came of it; everything can be tried again."""
        for button in self.query(Button):
            button.disabled = False
        self.tell(text, error=True)


def told_of(problem: Exception) -> str:
    """Return what a person is told; the system's own words are in English and stay out."""
    if isinstance(problem, ReviewError):
        return str(problem)
    if not isinstance(problem, OSError):
        return f"できませんでした（{type(problem).__name__}: {problem}）。"
    return "この場所では読み書きできませんでした。場所の名前と権限、空きを確かめてください。"


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - cell_len(text), 1)


def file_typed(typed: str) -> Path:
    """Return the path that was typed, or dragged into the terminal, which may put it into quotes."""
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return Path(text).expanduser()


def book_file(typed: str) -> Path:
    """Return the path of a book from what was typed; the ending .db may be left out."""
    path = file_typed(typed)
    return path if path.suffix or path.is_dir() else path.with_suffix(".db")


class FirstScreen(StartScreen):
    """What there is to begin with."""

    hints = "上下の矢印で選んで Enter  Ctrl+Q 終わる"
    BINDINGS: ClassVar[list[Binding]] = [Binding("escape", "stay", "", show=False)]  # type: ignore[assignment]
    OFFERED: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("sample", "見本を試す", "公開されている計画に見本の値を入れた台帳で試します"),
        ("new", "新しい計画を作る", "名称・年度・段を決め、画面で計画を打ち込みます"),
        ("excel", "Excelの表から作る", "計画の表（.xlsx）を読み取ります。ひな形も出せます"),
        ("file", "計画ファイルから作る", "公開されている計画か、計画ファイル（.yaml）を使います"),
        ("open", "台帳を開く", "前に使った台帳や、受け取った台帳を開きます"),
        ("quit", "終わる", ""),
    )

    def content(self) -> ComposeResult:
        """Yield the choices."""
        yield self.prose(
            "社協レビューは、計画の1年ごとの評価を、入力から報告書まで行う道具です。",
            "計画と入力した値は「台帳」という1つのファイルに入ります。台帳がまだないので、はじめに選んでください。",
            "",
        )
        yield OptionList(
            *(
                Option(Text(f"{_padded(name, 22)}{told}", no_wrap=True), id=key)
                for key, name, told in self.OFFERED
            )
        )

    def on_mount(self) -> None:
        """Stand in the list."""
        choices = self.query_one(OptionList)
        choices.highlighted = 0
        choices.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on with what was chosen."""
        from shakyo_review.ui.screens.start_known import NewScreen, OpenScreen, SampleScreen
        from shakyo_review.ui.screens.start_new import ExcelScreen, NewPlanScreen

        screens: dict[str, type[StartScreen]] = {
            "sample": SampleScreen,
            "new": NewPlanScreen,
            "excel": ExcelScreen,
            "file": NewScreen,
            "open": OpenScreen,
        }
        chosen = screens.get(event.option.id or "")
        if chosen is not None:
            self.app.push_screen(chosen(self.default_path, self.who))
        else:
            self.app.exit(None)

    def action_stay(self) -> None:
        """Stay: there is nothing to go back to."""
