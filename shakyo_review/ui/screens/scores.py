"""評価: the tree of goals with their letters, and beside it why each is what it is."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.widgets import DataTable, Static

from shakyo_review.domain.derivation import Step, indicator_steps, node_steps
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import YearScore
from shakyo_review.ui import keys
from shakyo_review.ui.goal_tree import (
    GoalTree,
    Line,
    indicator_percent,
    overall_lines,
    score_percent,
    score_text,
    short_coverage,
    why_not,
)
from shakyo_review.ui.marks import bar, cell, letter
from shakyo_review.ui.screens.base import ReviewScreen
from shakyo_review.ui.widgets.fixed_table import Column, FixedTable
from shakyo_review.ui.widgets.prose import Para, Prose

ROOMY = 100
"""From this width on, the reasons stand beside the tree, else below it."""
BAR_ROOM = 76
"""From this width of the tree on, the bars are ten characters long, else six."""
DEEP_ROOM = 46
"""From this width of the names on, each level is set in by two columns, else by one."""


class FoldingTable(FixedTable):
    """The arrows fold and unfold instead of scrolling sideways: all columns are in sight."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("left", "screen.fold_in", "たたむ", show=False),
        Binding("right", "screen.fold_out", "ひらく", show=False),
    ]


class ScoresScreen(ReviewScreen):
    """Scores of one year and their derivation."""

    where = keys.SCORES
    follows = True
    BINDINGS: ClassVar[list[Binding]] = keys.bindings_for(keys.SCORES)  # type: ignore[assignment]
    CSS = """
    ScoresScreen #overall { height: auto; max-height: 4; padding: 0 1; background: $surface; }
    ScoresScreen #halves { layout: vertical; height: 1fr; }
    ScoresScreen #tree { height: 3fr; width: 1fr; }
    ScoresScreen #why { height: 2fr; width: 1fr; padding: 0 1; background: $surface; }
    ScoresScreen #why:focus { background: $boost; }
    ScoresScreen #steps { height: auto; }
    ScoresScreen.-roomy #halves { layout: horizontal; }
    ScoresScreen.-roomy #tree { height: 1fr; width: 3fr; }
    ScoresScreen.-roomy #why { height: 1fr; width: 2fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.tree_lines: list[Line] = []
        self.goal_tree: GoalTree | None = None
        self.score: YearScore | None = None

    def content(self) -> ComposeResult:
        """Yield the overall line, the tree, and the reasons."""
        yield Static("", id="overall", markup=False)
        with Container(id="halves"):
            yield FoldingTable(id="tree")
            with VerticalScroll(id="why"):
                yield Static("", id="steps", markup=False)

    def on_mount(self) -> None:
        """Stand in the tree."""
        self.query_one(FixedTable).focus()
        super().on_mount()

    def on_resize(self) -> None:
        """Put the reasons beside or below, and fit the columns."""
        super().on_resize()
        self.set_class(self.size.width >= ROOMY, "-roomy")
        if self.score is not None:
            self._show_tree()

    def show_book(self) -> None:
        """Read the year and show it."""
        self.score = score = self.book.score(self.year)
        if self.goal_tree is None or self.goal_tree.plan is not score.plan:
            self.goal_tree = GoalTree.of(score.plan, self.goal_tree)
        self._show_tree()
        self._show_why()

    def _show_tree(self) -> None:
        score, tree = self.score, self.goal_tree
        if score is None or tree is None:
            return
        last = self.book.score(self.year - 1)
        last = last if any(s.rated for s in last.indicators.values()) else None
        self.tree_lines = tree.lines(score)
        whole = bar(score_percent(score.plan, score.overall), 12, self.tone("good"))
        self.query_one("#overall", Static).update(
            Prose(tuple(overall_lines(score, whole, letter(score.overall.rating))))
        )
        columns = self._columns(score, last)
        rows = [(line.code, self._cells(line, columns, score, last)) for line in self.tree_lines]
        self.query_one(FixedTable).fill(columns, rows)

    def _columns(self, score: YearScore, last: YearScore | None) -> list[Column]:
        labels = [*score.plan.scale.labels, *(off.label for off in score.plan.scale.off_scale)]
        wide = min(max(max(cell_len(letter(label)) for label in labels) + 1, 5), 11)
        room = self.size.width * 3 // 5 if self.size.width >= ROOMY else self.size.width
        bar_width = 11 if room >= BAR_ROOM else 7
        right = [
            Column("", bar_width),
            Column("率 ", 9, right=True),
            Column(" 判定", wide + 1),
            Column("評価済", 11),
        ]
        if last is not None:
            right.append(Column(short_year(last.year), wide))
        used = sum(column.width for column in right) + 2
        return [Column("　目標・取組・指標", max(room - used, 16)), *right]

    def _cells(
        self, line: Line, columns: list[Column], score: YearScore, last: YearScore | None
    ) -> list[Text]:
        tree = self.goal_tree
        opened = tree is not None and line.code in tree.open
        sign = ("- " if opened else "+ ") if line.folds else "  "
        step = 2 if columns[0].width >= DEEP_ROOM else 1
        name = cell(f"{' ' * step * line.depth}{sign}{line.name}", columns[0].width - 1)
        name.append(" ")
        if not line.bears:
            quiet = self.tone("quiet")
            name.stylize(quiet)
            told = ["", "", "", "指標なし", ""][: len(columns) - 1]
            return [
                name,
                *(cell(t, c.width, style=quiet) for t, c in zip(told, columns[1:], strict=True)),
            ]
        if line.indicator is not None:
            s = line.indicator
            percent, number, label, coverage = indicator_percent(s), s.display, s.rating, why_not(s)
            example = s.example
            earlier = last.indicators.get(line.code) if last is not None else None
        else:
            node = score.nodes[line.code]
            percent, number = score_percent(score.plan, node), score_text(score.plan, node)
            label, coverage, example = node.rating, short_coverage(node), node.example
            earlier = last.nodes.get(line.code) if last is not None else None
            name.stylize("bold" if line.depth == 0 else "")
        cells = [
            name,
            bar(percent, columns[1].width - 1, self.tone("good")).append(" "),
            cell(
                f"{number}{'*' if example and number != '－' else ' '}",
                columns[2].width,
                right=True,
            ),
            cell(f" {letter(label)}", columns[3].width, style="bold"),
            cell(coverage, columns[4].width),
        ]
        if last is not None:
            cells.append(
                cell(letter(earlier.rating if earlier is not None else None), columns[5].width)
            )
        return cells

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell why the marked line is what it is."""
        event.stop()
        self._show_why()

    def _show_why(self) -> None:
        code, score = self.query_one(FixedTable).code, self.score
        if score is None:
            return
        if code in score.indicators:
            steps = indicator_steps(score.indicators[code])
            whole = score.indicators[code]
            if whole.actual.note:
                steps.append(Step("注記", whole.actual.note))
        elif code in score.nodes:
            steps = node_steps(score.plan, score.nodes[code])
        else:
            steps = node_steps(score.plan, score.overall)
        paragraphs = (Para(step.text, head=step.title) for step in steps)
        self.query_one("#steps", Static).update(
            Prose((Text("理由（算出過程）", style="bold"), *paragraphs))
        )
        self.query_one("#why").scroll_home(animate=False)

    def on_fixed_table_chosen(self, event: FixedTable.Chosen) -> None:
        """Fold or unfold the line pressed."""
        self._turn(event.code)

    def _turn(self, code: str | None) -> None:
        if self.goal_tree is not None and code is not None and self.goal_tree.toggle(code):
            self._show_tree()

    def action_fold(self) -> None:
        """Fold or unfold the marked line."""
        self._turn(self.query_one(FixedTable).code)

    def action_fold_out(self) -> None:
        """Unfold the marked line."""
        code = self.query_one(FixedTable).code
        if self.goal_tree is not None and code not in self.goal_tree.open:
            self._turn(code)

    def action_fold_in(self) -> None:
        """Fold the marked line; where it is folded, go to the line above it."""
        table, tree = self.query_one(FixedTable), self.goal_tree
        code = table.code
        if tree is None or code is None:
            return
        if code in tree.open:
            self._turn(code)
        elif (above := tree.above(code)) is not None:
            table.mark(above)

    def action_fold_all(self) -> None:
        """Unfold everything, or fold everything."""
        if self.goal_tree is not None:
            self.goal_tree.toggle_all()
            self._show_tree()

    def action_reason(self) -> None:
        """Go to the reasons, or back to the tree."""
        why = self.query_one("#why")
        (self.query_one(FixedTable) if why.has_focus else why).focus()
