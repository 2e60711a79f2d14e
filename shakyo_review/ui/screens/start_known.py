"""The screens of the first start for what there is already: a book, a sample, a plan file."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Button, Input, OptionList
from textual.widgets.option_list import Option

from shakyo_review.errors import ReviewError
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import bundled_titles, make_book, make_demo, plan_named
from shakyo_review.services.remembering import recent_books
from shakyo_review.ui.marks import cut
from shakyo_review.ui.screens.start import StartScreen, book_file, file_typed, told_of

FROM_FILE = "file"
"""The choice of a plan file instead of a bundled plan."""


class OpenScreen(StartScreen):
    """Open a book used before, or by its path."""

    title_text = "台帳を開く"

    def content(self) -> ComposeResult:
        """Yield the books used here, the path and the button."""
        self.recent = recent_books()
        if self.recent:
            yield self.prose("前に使った台帳")
            yield OptionList(
                *(Option(Text(cut(str(path), 74), no_wrap=True)) for path in self.recent),
                id="recent",
            )
        yield self.prose("台帳のファイル（例: 台帳/review.db）")
        yield Input(str(self.default_path), id="path", select_on_focus=False)
        yield Button("開く", variant="primary")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the book that was chosen."""
        self._open(self.recent[event.option_index])

    def on_input_submitted(self) -> None:
        """Open it."""
        self.on_button_pressed()

    def on_button_pressed(self) -> None:
        """Open it, and say what is wrong if it cannot be opened."""
        self._open(book_file(self.query_one("#path", Input).value))

    def _open(self, path: Path) -> None:
        if not path.exists():
            self.failed(f"「{path}」がありません。場所と名前を確かめてください。")
            return
        try:
            ReviewBook.open(path, "").close()
        except (ReviewError, OSError) as problem:
            self.failed(told_of(problem))
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
        self.set_focus(self.query_one(Button))

    def on_input_submitted(self) -> None:
        """Go on to the button."""
        self.set_focus(self.query_one(Button))

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

    title_text = "計画ファイルから作る"

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
        self.set_focus(self.query_one("#plan" if named else "#path"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field."""
        self.set_focus(self.query_one("#path" if event.input.id == "plan" else "Button"))

    def on_button_pressed(self) -> None:
        """Make it."""
        chosen = self.query_one(PlanChoice).chosen
        typed = self.query_one("#plan", Input).value.strip()
        if chosen == FROM_FILE and not typed:
            self.failed("計画ファイルの場所を入れてください。")
            return
        path = book_file(self.query_one("#path", Input).value)
        who = self.who

        def task() -> Path:
            if chosen == FROM_FILE:
                plan = plan_named(str(file_typed(typed)))
                make_book(path, plan, who)
            else:
                make_book(path, plan_named(chosen), who, origin=f"同梱の計画 {chosen}")
            return path

        self.work("台帳を作っています。", task)
