"""The screens of the first start: make a book, open one, or try a sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.errors import ReviewError
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import bundled_titles, make_book, make_demo, plan_named
from shakyo_review.ui.marks import cut
from shakyo_review.ui.widgets.bars import HintLine
from shakyo_review.ui.widgets.prose import Para, Prose

FROM_FILE = "file"
"""The choice of a plan file instead of a bundled plan."""


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
        """Go back."""
        self.app.pop_screen()

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
            self.post_message(self.Worked(None, _sentence(problem)))
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


def _sentence(problem: Exception) -> str:
    """Return what a person is told; the system's own words are in English and stay out."""
    if isinstance(problem, ReviewError):
        return str(problem)
    if not isinstance(problem, OSError):
        return f"できませんでした（{type(problem).__name__}: {problem}）。"
    return "この場所では読み書きできませんでした。場所の名前と権限、空きを確かめてください。"


def _book_file(typed: str) -> Path:
    """Return the path of a book from what was typed; the ending .db may be left out."""
    path = Path(typed.strip()).expanduser()
    return path if path.suffix or path.is_dir() else path.with_suffix(".db")


class FirstScreen(StartScreen):
    """New, open or sample."""

    hints = "上下の矢印で選んで Enter  Ctrl+Q 終わる"
    BINDINGS: ClassVar[list[Binding]] = [Binding("escape", "stay", "", show=False)]  # type: ignore[assignment]

    def content(self) -> ComposeResult:
        """Yield the choices."""
        yield self.prose(
            "社協レビューは、計画の1年ごとの評価を、入力から報告書まで行う道具です。",
            "計画と入力した値は「台帳」という1つのファイルに入ります。台帳がまだないので、はじめに選んでください。",
            "",
        )
        yield OptionList(
            Option(
                Text("見本を試す　　　実際の計画に見本の値を入れた台帳で、ひととおり試します"),
                id="sample",
            ),
            Option(Text("新しく作る　　　計画を選んで、空の台帳を作ります"), id="new"),
            Option(Text("台帳を開く　　　前に作った台帳や、受け取った台帳を開きます"), id="open"),
            Option(Text("終わる"), id="quit"),
        )

    def on_mount(self) -> None:
        """Stand in the list."""
        choices = self.query_one(OptionList)
        choices.highlighted = 0
        choices.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on with what was chosen."""
        screens = {"sample": SampleScreen, "new": NewScreen, "open": OpenScreen}
        if event.option.id in screens:
            self.app.push_screen(screens[event.option.id](self.default_path, self.who))
        else:
            self.app.exit(None)

    def action_stay(self) -> None:
        """Stay: there is nothing to go back to."""


class OpenScreen(StartScreen):
    """Open a book by its path."""

    title_text = "台帳を開く"

    def content(self) -> ComposeResult:
        """Yield the path and the button."""
        yield self.prose("台帳のファイル（例: 台帳/review.db）")
        yield Input(str(self.default_path), id="path", select_on_focus=False)
        yield Button("開く", variant="primary")

    def on_input_submitted(self) -> None:
        """Open it."""
        self.on_button_pressed()

    def on_button_pressed(self) -> None:
        """Open it, and say what is wrong if it cannot be opened."""
        path = _book_file(self.query_one("#path", Input).value)
        if not path.exists():
            self.failed(f"「{path}」がありません。場所と名前を確かめてください。")
            return
        try:
            ReviewBook.open(path, "").close()
        except (ReviewError, OSError) as problem:
            self.failed(_sentence(problem))
        else:
            self.app.exit(path)


class PlanChoice(OptionList):
    """Plans to choose from; the one that is marked is taken."""

    def __init__(self, *extra: tuple[str, str]) -> None:
        self.offered = [
            (name, f"{body}　{title}") for name, body, title in bundled_titles()
        ] + list(extra)
        super().__init__(*(Option(Text(""), id=name) for name, _ in self.offered))

    @property
    def chosen(self) -> str:
        """The name of the plan that is marked."""
        return self.offered[self.highlighted or 0][0]

    def on_mount(self) -> None:
        """Mark the first."""
        self.highlighted = 0

    def on_option_list_option_highlighted(self) -> None:
        """Show by a mark which one is taken."""
        for place, (_, told) in enumerate(self.offered):
            mark = "(*)" if place == (self.highlighted or 0) else "( )"
            self.replace_option_prompt_at_index(
                place, Text(cut(f"{mark} {told}", 74), no_wrap=True)
            )


class SampleScreen(StartScreen):
    """Make the sample book of a bundled plan."""

    title_text = "見本を試す"

    def content(self) -> ComposeResult:
        """Yield plans, folder and button."""
        yield self.prose(
            "計画（実際に公開されている計画です。資料にない値は見本（例示）で補います）"
        )
        yield PlanChoice()
        yield self.prose("見本の台帳を入れるフォルダ")
        yield Input(str(self.default_path.parent), id="folder", select_on_focus=False)
        yield Button("見本を作って開く", variant="primary")

    def on_option_list_option_selected(self) -> None:
        """Go on to the button."""
        self.query_one(Button).focus()

    def on_input_submitted(self) -> None:
        """Go on to the button."""
        self.query_one(Button).focus()

    def on_button_pressed(self) -> None:
        """Make it; a sample made before is opened again."""
        name = self.query_one(PlanChoice).chosen
        folder = Path(self.query_one("#folder", Input).value.strip() or ".").expanduser()
        who = self.who

        def task() -> Path:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{name}-demo.db"
            if path.exists():
                ReviewBook.open(path, who).close()
            else:
                make_demo(path, name, who)
            return path

        self.work("見本を作っています。", task)


class NewScreen(StartScreen):
    """Make an empty book of a bundled plan or a plan file."""

    title_text = "新しく作る"

    def content(self) -> ComposeResult:
        """Yield plans, plan file, name of the book, and the button."""
        yield self.prose("計画")
        yield PlanChoice((FROM_FILE, "計画ファイル（YAML）から作る（下の欄に場所を入れます）"))
        yield self.prose("計画ファイル（上で選んだときだけ）")
        yield Input(id="plan", placeholder="例: keikaku.yaml", select_on_focus=False)
        yield self.prose("作る台帳のファイル")
        yield Input(str(self.default_path), id="path", select_on_focus=False)
        yield Button("作って開く", variant="primary")

    def on_option_list_option_selected(self) -> None:
        """Go on to the next field."""
        named = self.query_one(PlanChoice).chosen == FROM_FILE
        self.query_one("#plan" if named else "#path").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field."""
        self.query_one("#path" if event.input.id == "plan" else "Button").focus()

    def on_button_pressed(self) -> None:
        """Make it."""
        chosen = self.query_one(PlanChoice).chosen
        typed = self.query_one("#plan", Input).value.strip()
        if chosen == FROM_FILE and not typed:
            self.failed("計画ファイルの場所を入れてください。")
            return
        path = _book_file(self.query_one("#path", Input).value)
        who = self.who

        def task() -> Path:
            if chosen == FROM_FILE:
                plan = plan_named(str(Path(typed).expanduser()))
                make_book(path, plan, who)
            else:
                make_book(path, plan_named(chosen), who, origin=f"同梱の計画 {chosen}")
            return path

        self.work("台帳を作っています。", task)
