"""The screens of the first start that make a plan: by its names alone, or from an Excel table."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.plan import Plan
from shakyo_review.errors import ReviewError, ValueProblem
from shakyo_review.services.making import make_book
from shakyo_review.services.sheets import (
    LEVELS,
    SheetTable,
    coming_years,
    counts,
    empty_plan,
    outline,
    read_sheet,
    words_of_levels,
    write_empty_sheet,
    years_of,
)
from shakyo_review.ui.marks import fit
from shakyo_review.ui.screens.start import StartScreen, book_file, file_typed, told_of
from shakyo_review.ui.widgets.prose import Para, Prose

OWN = "own"
MOST_LINES = 400
"""Lines of a plan that are shown before the rest is only counted."""


def period_text(period: tuple[int, int]) -> str:
    """Return a period as it is typed: R7〜R11."""
    return "〜".join(map(short_year, period))


class PlanHead(StartScreen):
    """What both screens ask: title, body, years, and where the book is to lie."""

    def row(self, label: str, name: str, value: str = "", hint: str = "") -> ComposeResult:
        """Yield a field with its label."""
        with Horizontal(classes="row"):
            yield Static(label, markup=False)
            yield Input(value, id=name, placeholder=fit(hint), select_on_focus=False)

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.query_one(f"#{name}", Input).value

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field."""
        event.stop()
        self.entered(event.input)

    def entered(self, box: Input) -> None:
        """Go on from a field."""
        self.focus_next()

    def refuse(self, problem: ReviewError, fields: dict[str, str]) -> None:
        """Tell what is wrong, and go to the field it names."""
        self.failed(told_of(problem))
        for name, word in fields.items():
            if word in problem.message:
                self.set_focus(self.query_one(f"#{name}", Input))
                return

    def make(self, path: Path, plan: Plan, origin: str) -> None:
        """Make the book and open it."""
        who = self.who

        def task() -> Path:
            make_book(path, plan, who, origin=origin)
            return path

        self.work("台帳を作っています。", task)


FIELDS = {"title": "名称", "body": "団体", "years": "計画期間", "own": "段の呼び名"}


class NewPlanScreen(PlanHead):
    """Begin a plan with nothing but its names; everything else is added on the screen of the plan."""

    title_text = "新しい計画を作る"

    def content(self) -> ComposeResult:
        """Yield the names, the years, the levels and the book."""
        yield from self.row("計画の名称", "title", hint="例: 第7期地域福祉活動計画")
        yield from self.row("団体", "body", hint="例: ○○市社会福祉協議会")
        yield from self.row("計画期間", "years", period_text(coming_years()), "例: R7〜R11")
        yield Static(
            "段の呼び名（上から。あとで項目を加えるときの見出しになります）",
            classes="gap",
            markup=False,
        )
        yield OptionList(
            *(Option(Text("・".join(words)), id=str(n)) for n, words in enumerate(LEVELS)),
            Option(Text("ほかの呼び名にする（下の欄に書きます）"), id=OWN),
            classes="tight",
        )
        yield from self.row("ほかの呼び名", "own", hint="例: 基本目標・基本施策・事業")
        with Horizontal(classes="row gap"):
            yield Static("台帳のファイル", markup=False)
            yield Input(str(self.default_path), id="path", select_on_focus=False)
        with Horizontal(classes="row gap"):
            yield Button("作って計画を打ち込む", id="make", variant="primary")

    def on_mount(self) -> None:
        """Stand in the first field."""
        self.query_one(OptionList).highlighted = 0
        self.set_focus(self.query_one("#title"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on from the words of the levels."""
        self.set_focus(self.query_one("#own" if event.option.id == OWN else "#path"))

    def _levels(self) -> tuple[str, ...]:
        listed, own = self.query_one(OptionList), self.value("own").strip()
        option = listed.highlighted_option
        if option is None or option.id == OWN or own:
            return words_of_levels(own)
        return LEVELS[int(option.id or 0)]

    def on_button_pressed(self) -> None:
        """Make the book; it opens on the plan, where the tree is typed."""
        try:
            plan = empty_plan(
                self.value("title"),
                self.value("body"),
                years_of(self.value("years")),
                self._levels(),
            )
        except ReviewError as problem:
            self.refuse(problem, FIELDS)
            return
        self.make(book_file(self.value("path")), plan, "新しい計画")


class ExcelScreen(PlanHead):
    """Read a table, look at what has been understood, then make the book."""

    title_text = "Excelの表から作る"
    hints = "Tab 次の欄  Enter 決める  Esc 戻る  Ctrl+Q 終わる"

    def __init__(self, default_path: Path, who: str) -> None:
        super().__init__(default_path, who)
        self.table: SheetTable | None = None
        self.read_from = ""

    def content(self) -> ComposeResult:
        """Yield the workbook, what is read of it, the names, and the book."""
        yield from self.row("Excelの表", "sheet", hint="例: 進行管理表.xlsx（場所と名前）")
        with Horizontal(classes="row"):
            yield Static("", markup=False)
            yield Button("読み取る", id="read", variant="primary")
            yield Button("ひな形を出す", id="template")
        with VerticalScroll(classes="preview", id="preview"):
            yield Static("", id="read-text", markup=False)
        yield from self.row(
            "計画の名称", "title", hint="表に書いてあれば、読み取ったものが入ります"
        )
        yield from self.row("団体", "body")
        yield from self.row("計画期間", "years", hint="例: R7〜R11")
        yield from self.row("台帳のファイル", "path", str(self.default_path))
        with Horizontal(classes="row gap"):
            yield Button("この計画で台帳を作る", id="make")

    def on_mount(self) -> None:
        """Stand in the first field, and say what is going to happen."""
        self.set_focus(self.query_one("#sheet"))
        self.show(
            "見出しの行（基本目標・取組・担当・指標・単位・基準値・年度ごとの目標・最終目標）は、どこにあっても探します。",
            "読み取ると、ここに計画が出ます。確かめてから台帳を作ります。それまで何も作りません。",
            "表がなければ「ひな形を出す」で、書きこむための表を出せます（上の欄に名前を書きます）。",
        )

    def show(self, *lines: str) -> None:
        """Show lines where the plan is looked at."""
        self.query_one("#read-text", Static).update(Prose(tuple(Para(line) for line in lines)))
        self.query_one("#preview").scroll_home(animate=False)

    def entered(self, box: Input) -> None:
        """Read the workbook from its field; else go on."""
        if box.id == "sheet":
            self._read()
        else:
            super().entered(box)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Read, make the book, or write the empty table."""
        event.stop()
        acts = {"read": self._read, "template": self._template, "make": self._make}
        acts[event.button.id or "read"]()

    def _read(self) -> Plan | None:
        """Read the table and show the plan; None where there is none yet."""
        typed = self.value("sheet")
        if not typed.strip():
            self.failed("Excelの表の場所と名前を入れてください。")
            self.set_focus(self.query_one("#sheet"))
            return None
        try:
            self.table = read_sheet(file_typed(typed))
            if typed != self.read_from:
                self._take_heads(self.table)
            self.read_from = typed
            period = years_of(self.value("years")) if self.value("years").strip() else None
            plan, notes = self.table.plan(
                title=self.value("title").strip() or "（名称はまだありません）",
                body=self.value("body").strip() or "（団体はまだありません）",
                period=period,
            )
        except ReviewError as problem:
            problems = getattr(problem, "problems", ())
            self.show(*(problems if len(problems) > 1 else (str(problem),)))
            self.refuse(problem, FIELDS)
            return None
        lines = outline(plan)
        more = [f"ほか{len(lines) - MOST_LINES}件"] if len(lines) > MOST_LINES else []
        self.show(
            f"{counts(plan)}　{period_text((plan.first_year, plan.last_year))}",
            *notes,
            *lines[:MOST_LINES],
            *more,
        )
        self.tell(
            "読み取りました。確かめて「この計画で台帳を作る」を選びます。まだ何も作っていません。"
        )
        self.set_focus(self.query_one("#make"))
        return plan

    def _take_heads(self, table: SheetTable) -> None:
        """Put into the fields what the workbook says, and leave what a person has typed."""
        period = table.period
        told = {**table.heads, "years": "" if period is None else period_text(period)}
        for name in ("title", "body", "years"):
            box = self.query_one(f"#{name}", Input)
            if told.get(name) and (not box.value.strip() or self.read_from):
                box.value = told[name]

    def _make(self) -> None:
        plan = self._read()
        if plan is None:
            return
        for name, what in (("title", "計画の名称"), ("body", "団体")):
            if not self.value(name).strip():
                self.refuse(
                    ValueProblem(f"{what}が空欄です。", f"{what}を書いてください。"), FIELDS
                )
                return
        self.make(book_file(self.value("path")), plan, "Excel の表")

    def _template(self) -> None:
        typed = self.value("sheet").strip() or "計画のひな形.xlsx"
        path = file_typed(typed)
        try:
            period = (
                years_of(self.value("years")) if self.value("years").strip() else coming_years()
            )
            write_empty_sheet(path if path.suffix else path.with_suffix(".xlsx"), LEVELS[0], period)
        except ReviewError as problem:
            self.refuse(problem, FIELDS)
            return
        self.query_one("#sheet", Input).value = str(path)
        self.show(
            f"ひな形を「{path.absolute()}」に出しました。",
            "Excel で開いて書きこみ、保存してから「読み取る」を選んでください。",
        )
        self.tell("ひな形を出しました。")
