"""計画: the plan itself, what is known of each line, and its changes."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.widgets import DataTable, Static

from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.indicator import Direction
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.scoring import TargetSource
from shakyo_review.errors import ReviewError
from shakyo_review.services.planning import being_set_up
from shakyo_review.services.revising import revisions
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.folding import FoldedTree
from shakyo_review.ui.marks import cell
from shakyo_review.ui.plan_changing import ChangingPlan
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


class PlanScreen(ChangingPlan):
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
        if not plan.items:
            lines.append(
                Para("計画はまだ空です。Ctrl+G で、いちばん上の段から順に加えます。", style="bold")
            )
        elif being_set_up(self.book):
            lines.append(
                Para("作成中です（実績が入るまでは、理由なしで変えられ、Ctrl+Z で戻せます）。")
            )
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
        code = max(code, 5)  # its own heading
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

    def action_next_wanted(self) -> None:
        """Go to the next line in which something is still to be settled, going round."""
        plan = self.book.plan_of(self.year)
        codes = [
            one
            for code, item in plan.items.items()
            for one in (code, *(own.code for own in item.node.indicators))
        ]
        marked = self.query_one(FixedTable).code
        start = codes.index(marked) + 1 if marked in codes else 0
        for code in [*codes[start:], *codes[:start]]:
            wanted = self._wanted(plan, code)
            if wanted:
                self.show_line(code)
                self.tell(f"{code}: {wanted}（F2 で決めます）。")
                return
        self.tell("担当と目標は、すべて決まっています。" if codes else "計画はまだ空です。")

    def _wanted(self, plan: Plan, code: str) -> str:
        """Return what is still to be settled in a line, '' where there is nothing."""
        if code in plan.items:
            item = plan.items[code]
            ends = not plan.children_of(code) and item.node.repeats is None
            return "担当が決まっていません" if ends and not item.owners else ""
        one = plan.indicators[code]
        target = self.book.score(self.year).indicators[code].target
        without = target.source is TargetSource.NONE and one.final_target.value is None
        judged = one.direction is not Direction.NONE
        return "目標が決まっていません" if without and judged else ""

    def show_line(self, code: str) -> None:
        """Mark a line, unfolding what is above it."""
        if self.plan_tree is None or (
            self.plan_tree.above(code) is None and code not in self.plan_tree.plan.items
        ):
            return
        self.plan_tree.reveal(code)
        self._show_tree()
        self.query_one(FixedTable).mark(code)
