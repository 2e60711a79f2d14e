"""報告書: choose documents, formats, chapters and folder, make them, see where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Static

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.errors import ReviewError
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.marks import cut
from shakyo_review.ui.report_choice import (
    Choice,
    chapters,
    documents,
    formats,
    last_choice,
    remember_choice,
    taken_files,
)
from shakyo_review.ui.screens.report_work import ReportWork
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.checks import Checks
from shakyo_review.ui.widgets.prose import Para, Prose


class ReportScreen(ReportWork):
    """Making the report of the year on screen."""

    where = keys.REPORT
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.REPORT)  # type: ignore[assignment]
    CSS = """
    ReportScreen #report { height: 1fr; padding: 1 2 0 2; }
    ReportScreen Static { height: auto; }
    ReportScreen .lists { height: auto; margin-bottom: 1; }
    ReportScreen .lists Vertical { height: auto; width: 42; }
    ReportScreen .lists .formats { width: 34; }
    ReportScreen Checks { height: auto; max-height: 8; }
    ReportScreen .line { height: 1; }
    ReportScreen .line .head { width: 22; }
    ReportScreen #folder { width: 1fr; }
    ReportScreen #chapters { width: 22; margin-right: 2; }
    ReportScreen #left-out { width: 1fr; }
    ReportScreen .buttons { height: 1; margin-top: 1; }
    ReportScreen .buttons Button { margin-right: 2; }
    ReportScreen #make { width: 18; }
    ReportScreen #after { display: none; height: 1; }
    ReportScreen #after Button { margin-right: 2; }
    ReportScreen.-made #after { display: block; }
    """

    LEFT_OUT: ClassVar[int] = 50
    """Columns for the chapters left out."""

    def __init__(self) -> None:
        super().__init__()
        self.without: tuple[str, ...] = ()

    def content(self) -> ComposeResult:
        """Yield documents, formats, chapters, folder, button, progress and result."""
        served = self.review.served
        last = Choice() if served else last_choice(self.book.path)
        self.without = last.without
        with VerticalScroll(id="report", can_focus=False):
            yield Static("", id="about", markup=False)
            with Horizontal(classes="lists"):
                with Vertical():
                    yield Static(
                        "文書（Enter かクリックで選ぶ・外す）", classes="head", markup=False
                    )
                    yield Checks(documents(), last.documents, name="documents")
                with Vertical(classes="formats"):
                    yield Static("形式", classes="head", markup=False)
                    yield Checks(formats(), last.formats, name="formats")
            with Horizontal(classes="line"):
                yield Button("省く章を選ぶ（F2）", id="chapters")
                yield Static("", id="left-out", markup=False)
            if not served:
                with Horizontal(classes="line"):
                    yield Static("出力先のフォルダ", classes="head", markup=False)
                    folder = last.folder or str(self.review.report_folder)
                    yield Input(folder, id="folder", type="text", select_on_focus=False)
            with Horizontal(classes="buttons"):
                yield Button("作成する", id="make", variant="primary")
                yield Button("やめる（Esc）", id="stop", disabled=True)
            yield Static("", id="progress", markup=False)
            yield Static("", id="result", markup=False)
            with Horizontal(id="after"):
                if served:
                    yield Button("もう一度受け取る", id="open")
                else:
                    yield Button("ひらく（Ctrl+O）", id="open")
                    yield Button("場所を写す（Ctrl+C）", id="copy")

    def on_mount(self) -> None:
        """Stand on the button."""
        self._show_left_out()
        self.query_one("#make").focus()
        super().on_mount()

    def show_book(self) -> None:
        """Tell which year the report is about."""
        about = f"{year_label(self.year)}の文書を作ります。画面と同じ数字になります。"
        if self.review.served:
            about += "できたファイルは、お使いのブラウザに渡します。"
        self.query_one("#about", Static).update(Prose((Para(about), Text(""))))

    def _show_left_out(self) -> None:
        titles = [
            title.partition("（")[0] for kind, title in chapters().items() if kind in self.without
        ]
        told = f"省く章: {'、'.join(titles)}" if titles else "評価報告書に、すべての章を載せます。"
        self.query_one("#left-out", Static).update(cut(told, self.LEFT_OUT))

    def action_choose_all(self) -> None:
        """Choose every document in every format; where all are chosen, the report alone again."""
        lists = list(self.query(Checks))
        all_chosen = all(len(one.chosen) == len(one.offered) for one in lists)
        for one in lists:
            one.mark(list(one.offered)[: 1 if all_chosen else None])

    def action_chapters(self) -> None:
        """Ask which chapters are left out of the report."""
        from shakyo_review.ui.dialogs.form import Form, Ticks

        known = chapters()
        off = [title for kind, title in known.items() if kind in self.without]

        def take(values: Mapping[str, str]) -> None:
            kept = values["chapters"].splitlines()
            self.without = tuple(kind for kind, title in known.items() if title not in kept)

        words = ("載せる", "省く")
        ticks = Ticks("chapters", "章", list(known.values()), off, words=words, height=11)
        about = "書くことのない章は、載せるとしても載りません。概要版などは変わりません。"
        form = Form("評価報告書に、どの章を載せますか", [ticks], take, about=[about])
        self.app.push_screen(form, lambda stored: self._show_left_out() if stored else None)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        acts = {
            "make": self.action_make,
            "chapters": self.action_chapters,
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

    def _choice(self) -> Choice:
        """Return what is chosen on screen."""
        listed = {one.id: one.chosen for one in self.query(Checks)}
        return Choice(listed["documents"], listed["formats"], self.without)

    def action_make(self) -> None:
        """Make the documents; earlier ones of the names are overwritten only if a person says so."""
        if self.running:
            return
        out, choice = self._folder(), self._choice()
        for chosen, told in ((choice.documents, "文書"), (choice.formats, "形式")):
            if not chosen:
                self.show_result(f"{told}を1つ以上選んでください。", error=True)
                return
        if out is None:
            self.show_result("出力先のフォルダを入れてください。", error=True)
            return
        self.review.report_folder = out
        try:
            taken = taken_files(self.book.plan_of(self.year).code, self.year, choice, out)
        except ReviewError as problem:
            self.show_result(sentence(problem), error=True)
            return
        if not self.review.served:
            remember_choice(self.book.path, replace(choice, folder=str(out)))
        if self.review.served or not taken:
            self.begin(choice, out, keep=self.review.served)
            return
        many = f" ほか{len(taken) - 1}件" if len(taken) > 1 else ""
        choices = [
            ("前のものを残して、番号を付けた別の名前で作る", True),
            ("前のものを上書きする", False),
        ]
        self.app.push_screen(
            ChooseDialog(f"{taken[0].name}{many} がすでにあります", choices),
            lambda keep: None if keep is None else self.begin(choice, out, keep=keep),
        )
