"""計画: the plan itself, what is known of each line, and its changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.widgets import DataTable, Static

from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.errors import ReviewError
from shakyo_review.services.revising import revisions
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.dialogs.revise import Decision, Edit, PreviewDialog, WhenAndWhy, decide
from shakyo_review.ui.folding import FoldedTree, FoldingScreen
from shakyo_review.ui.marks import cell
from shakyo_review.ui.plan_edits import ask_title, rules_offered
from shakyo_review.ui.plan_indicator_edits import IndicatorEdits
from shakyo_review.ui.plan_item_edits import ItemEdits
from shakyo_review.ui.plan_tree import (
    PlanLine,
    PlanTree,
    details,
    final_text,
    owners_text,
    target_text,
)
from shakyo_review.ui.told import sentence
from shakyo_review.ui.widgets.fixed_table import Column, FixedTable
from shakyo_review.ui.widgets.prose import Para, Prose

ROOMY = 100
"""From this width on, the details stand beside the tree, else below it."""


class PlanTable(FixedTable):
    """The arrows fold and unfold instead of scrolling sideways: all columns are in sight."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("left", "screen.fold_in", "たたむ", show=False),
        Binding("right", "screen.fold_out", "ひらく", show=False),
    ]


class PlanScreen(FoldingScreen):
    """The plan of the year on screen; the newest edition can be changed."""

    where = keys.PLAN
    follows = True
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.PLAN)  # type: ignore[assignment]
    CSS = """
    PlanScreen #edition { height: auto; max-height: 3; padding: 0 1; background: $surface; }
    PlanScreen #halves { layout: vertical; height: 1fr; }
    PlanScreen #lines { height: 1fr; width: 1fr; }
    PlanScreen #about { height: 8; width: 1fr; padding: 0 1; background: $surface; }
    PlanScreen #about:focus { background: $boost; }
    PlanScreen #details { height: auto; }
    PlanScreen.-roomy #halves { layout: horizontal; }
    PlanScreen.-roomy #lines { width: 2fr; }
    PlanScreen.-roomy #about { height: 1fr; width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.plan_tree: PlanTree | None = None

    def content(self) -> ComposeResult:
        """Yield the line about the edition, the tree, the details."""
        yield Static("", id="edition", markup=False)
        with Container(id="halves"):
            yield PlanTable(id="lines")
            with VerticalScroll(id="about"):
                yield Static("", id="details", markup=False)

    def on_mount(self) -> None:
        """Stand in the tree."""
        self.query_one(FixedTable).focus()
        super().on_mount()

    def on_resize(self) -> None:
        """Put the details beside or below, and fit the columns."""
        super().on_resize()
        self.set_class(self.size.width >= ROOMY, "-roomy")
        if self.plan_tree is not None:
            self.reload()

    # --- showing -----------------------------------------------------------------------------

    def show_book(self) -> None:
        """Read the plan of the year and show it."""
        plan = self.book.plan_of(self.year)
        if self.plan_tree is None or self.plan_tree.plan is not plan:
            self.plan_tree = PlanTree.of(plan, self.plan_tree)
        self.query_one("#edition", Static).update(Prose(tuple(self._edition_lines())))
        self._show_tree()
        self._show_details()

    def _edition_lines(self) -> list[Para | Text]:
        edition, newest = self.book.edition_of(self.year), self.book.editions.newest
        plan = edition.plan
        since = max(edition.effective_year, plan.first_year)
        period = f"{short_year(plan.first_year)}〜{short_year(plan.last_year)}"
        told = (
            f"計画期間 {period}　{short_year(since)}からの版　"
            f"項目 {len(plan.items)}件・指標 {len(plan.indicators)}件　改定 {len(revisions(self.book))}回"
        )
        if self.size.width >= ROOMY:
            told += f"　規則 {plan.rule_set.name}　基準 {plan.scale.name}"
        lines: list[Para | Text] = [Para(told)]
        if edition.number != newest.number:
            later = year_label(newest.effective_year)
            text = f"{later}から改定されています。変えるときは、{later}より後の年度に切り替えます。"
            lines.append(Para(text, style="bold"))
        return lines

    def _show_tree(self) -> None:
        tree = self.plan_tree
        if tree is None:
            return
        lines = tree.lines()
        columns = self._columns(lines)
        rows = [(line.code, self._cells(line, columns)) for line in lines]
        self.query_one(FixedTable).fill(columns, rows)

    def _columns(self, lines: list[PlanLine]) -> list[Column]:
        room = self.size.width * 2 // 3 if self.size.width >= ROOMY else self.size.width
        code = min(max((len(line.code) for line in lines), default=4), 10) + 1
        right = [
            Column("担当・単位", 13),
            Column(f"{short_year(self.year)}目標", 10, right=True),
            Column("最終目標", 10, right=True),
        ]
        used = code + 2 + sum(column.width for column in right)
        return [Column("番号", code), Column("　項目・指標", max(room - used, 16)), *right]

    def _cells(self, line: PlanLine, columns: list[Column]) -> list[Text]:
        opened = self.plan_tree is not None and line.code in self.plan_tree.open
        sign = ("- " if opened else "+ ") if line.folds else "  "
        name = cell(f"{' ' * line.depth}{sign}{line.name}", columns[1].width - 1).append(" ")
        name.stylize("bold" if line.depth == 0 else "")
        if line.indicator is None:
            told = [owners_text(line.item) if line.item.owners else "", "", ""]
        else:
            target = self.book.score(self.year).indicators[line.code].target
            told = [
                line.indicator.unit,
                target_text(line.indicator, target),
                final_text(line.indicator),
            ]
        return [
            cell(line.code, columns[0].width - 1).append(" "),
            name,
            *(
                cell(text, column.width - (0 if column.right else 1), right=column.right).append(
                    "" if column.right else " "
                )
                for text, column in zip(told, columns[2:], strict=True)
            ),
        ]

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell what is known of the marked line."""
        event.stop()
        self._show_details()

    def _show_details(self) -> None:
        code = self.query_one(FixedTable).code
        try:
            lines = [] if code is None else details(self.book, self.year, code)
        except ReviewError as problem:
            lines = [Para(sentence(problem))]
        self.query_one("#details", Static).update(Prose(tuple(lines)))
        self.query_one("#about").scroll_home(animate=False)

    # --- moving about ------------------------------------------------------------------------

    @property
    def folded(self) -> FoldedTree | None:
        """The tree on screen."""
        return self.plan_tree

    def action_read(self) -> None:
        """Go to the details, or back to the tree."""
        about = self.query_one("#about")
        (self.query_one(FixedTable) if about.has_focus else about).focus()

    def action_find(self) -> None:
        """Find a line by its name or code."""
        plan = self.book.plan_of(self.year)
        choices = [(f"{code} {item.name}", code) for code, item in plan.items.items()]
        choices += [(f"{code} {one.name}（指標）", code) for code, one in plan.indicators.items()]
        dialog = FindDialog("項目・指標を探す", choices, [text for text, _ in choices])
        self.app.push_screen(dialog, lambda code: None if code is None else self.show_line(code))

    def show_line(self, code: str) -> None:
        """Mark a line, unfolding what is above it."""
        if self.plan_tree is None or (
            self.plan_tree.above(code) is None and code not in self.plan_tree.plan.items
        ):
            return
        self.plan_tree.reveal(code)
        self._show_tree()
        self.query_one(FixedTable).mark(code)

    # --- changing ----------------------------------------------------------------------------

    def _may_change(self) -> bool:
        newest = self.book.editions.newest
        if self.book.edition_of(self.year).number == newest.number:
            return True
        later = year_label(newest.effective_year)
        self.tell(
            f"{year_label(self.year)}の計画は改定の前のものです。{later}以降の年度に切り替えて（Ctrl+PgDn）変えてください。",
            error=True,
        )
        return False

    def action_change(self) -> None:
        """Offer what can be changed in the marked line."""
        code = self.query_one(FixedTable).code
        plan = self.book.plan
        if not self._may_change() or code is None:
            return
        if code not in plan.items and code not in plan.indicators:
            self.tell("この行は、いちばん新しい計画にありません。", error=True)
            return
        kind = IndicatorEdits if code in plan.indicators else ItemEdits
        edits = kind(self.app, self.book, code, self.go_on)
        name = plan.indicators[code].name if code in plan.indicators else plan.items[code].name

        def settle(place: int | None) -> None:
            if place is not None:
                self.doing(offered[place][1])

        offered = edits.offered()
        choices = [(label, place) for place, (label, _) in enumerate(offered)]
        self.app.push_screen(ChooseDialog(f"何を変えますか　{code} {name}", choices), settle)

    def action_change_rules(self) -> None:
        """Offer the rules, the scales and the title of the plan."""
        if not self._may_change():
            return
        offered = rules_offered(self.book)

        def settle(place: int | None) -> None:
            if place is None:
                return
            edit = offered[place][1]
            if edit is None:
                ask_title(self.app, self.book, self.go_on)
            else:
                self.go_on(edit)

        choices = [(label, place) for place, (label, _) in enumerate(offered)]
        self.app.push_screen(ChooseDialog("計画の規則・評価基準を変える", choices), settle)

    def doing(self, step: Callable[[], None]) -> None:
        """Take a step of a change; what cannot be done is told."""
        try:
            step()
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)

    def go_on(self, edit: Edit) -> None:
        """Ask from when and why, then show what would change, then do it."""
        self.doing(lambda: self._ask_when(edit))

    def _ask_when(self, edit: Edit) -> None:
        form = WhenAndWhy(self.book, edit, self.year)

        def asked(tried_out: bool | None) -> None:
            decision = form.decision
            if tried_out and decision is not None:
                self.app.push_screen(
                    PreviewDialog(decision), lambda yes: self._settle(decision, yes)
                )
            else:
                self.tell("計画は変えていません。")

        self.app.push_screen(form, asked)

    def _settle(self, decision: Decision, yes: bool | None) -> None:
        if not yes:
            self.tell("計画は変えていません。")
            return
        try:
            found = decide(
                self.book,
                decision.edit,
                decision.from_year,
                decision.reason,
                decision.meeting,
                dry_run=False,
            )
        except ReviewError as problem:
            self.tell(sentence(problem), error=True)
            return
        if decision.from_year is not None and self.year < decision.from_year:
            self.review.choose_year(decision.from_year)
        self.reload()
        changed = found.revision.changes
        for one in changed:
            if self.plan_tree is not None and (
                one.code in self.plan_tree.plan.items or one.code in self.plan_tree.plan.indicators
            ):
                self.show_line(one.code)
                break
        since = (
            "修正しました"
            if decision.from_year is None
            else f"{year_label(decision.from_year)}から改定しました"
        )
        more = f"　ほか{len(changed) - 1}件" if len(changed) > 1 else ""
        self.tell(f"計画を{since}（{changed[0].text}{more}）。")
