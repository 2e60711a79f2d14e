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
from shakyo_review.domain.evaluation import ItemEvaluation
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import YearScore, original
from shakyo_review.domain.money import MoneyYear, money_of
from shakyo_review.services.reviewing import evaluation, evaluations
from shakyo_review.ui import keys
from shakyo_review.ui.folding import FoldedTree, FoldingScreen
from shakyo_review.ui.goal_tree import (
    GoalTree,
    Line,
    computed_label,
    indicator_percent,
    overall_lines,
    score_percent,
    score_text,
    short_coverage,
    why_not,
)
from shakyo_review.ui.marks import bar, cell, letter
from shakyo_review.ui.screens.scores_asking import ScoresAsking
from shakyo_review.ui.screens.scores_beside import landing_paragraphs, money_paragraphs
from shakyo_review.ui.screens.scores_text import (
    judged,
    mark_of,
    side_by_side,
    unrated,
    what_is_said,
)
from shakyo_review.ui.widgets.fixed_table import Column, FixedTable
from shakyo_review.ui.widgets.prose import Para, Prose

ROOMY = 100
"""From this width on, the reasons stand beside the tree, else below it."""
BAR_ROOM = 76
"""From this width of the tree on, the bars are ten characters long, else six."""
NAME_ROOM = 28
"""Where the names would have less than this, the bars give way to the letters people gave."""
DEEP_ROOM = 46
"""From this width of the names on, each level is set in by two columns, else by one."""


_OWN = frozenset({"率 ", " 判定", "評価", "評価済"})
"""Heads of the columns about the year on screen; the other one is the year before."""


class FoldingTable(FixedTable):
    """The arrows fold and unfold instead of scrolling sideways: all columns are in sight."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("left", "screen.fold_in", "たたむ", show=False),
        Binding("right", "screen.fold_out", "ひらく", show=False),
    ]


class ScoresScreen(ScoresAsking, FoldingScreen):
    """Scores of one year, their derivation, and what people say about them."""

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
        self.evaluations: dict[str, ItemEvaluation] = {}
        self.money: MoneyYear | None = None
        self.only_differing = False

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
        self.evaluations = evaluations(self.book, self.year)
        self.money = money_of(score.plan, self.year, score.indicators)
        if self.goal_tree is None or self.goal_tree.plan is not score.plan:
            self.goal_tree = GoalTree.of(score.plan, self.goal_tree)
        self._show_tree()
        self._show_why()

    def _evaluation_of(self, code: str) -> ItemEvaluation | None:
        """Return what people say of a line; of a 再掲, what they say where it counts."""
        score = self.score
        item = None if score is None else score.plan.items.get(code)
        if score is not None and item is not None and item.node.repeats is not None:
            code = original(score.plan, item).code
        return self.evaluations.get(code)

    def _differing(self) -> list[str]:
        return [code for code, seen in self.evaluations.items() if mark_of(seen)]

    def _show_tree(self) -> None:
        score, tree = self.score, self.goal_tree
        if score is None or tree is None:
            return
        before = self.book.score_beside(self.year - 1, self.year)
        last = before if any(s.rated for s in before.indicators.values()) else None
        self.tree_lines = tree.lines(score, self._differing() if self.only_differing else None)
        whole = bar(score_percent(score.plan, score.overall), 12, self.tone("good"))
        legend = ""
        if any(map(judged, self.evaluations.values())):
            legend = "　評価の 戻 は差し戻し中、違 は段階で違う"
        if self.only_differing:
            legend += "　【食い違いだけ】"
        lines = overall_lines(score, whole, letter(score.overall.rating), legend)
        self.query_one("#overall", Static).update(Prose(tuple(lines)))
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
        if any(map(judged, self.evaluations.values())):
            right.insert(3, Column("評価", wide + 3))
        if last is not None:
            right.append(Column(short_year(last.year), wide))
        used = sum(column.width for column in right) + 2
        if len(right) > 4 and room - used < NAME_ROOM and right[3].head == "評価":
            used -= right.pop(0).width
        return [Column("　目標・取組・指標", max(room - used, 16)), *right]

    def _cells(
        self, line: Line, columns: list[Column], score: YearScore, last: YearScore | None
    ) -> list[Text]:
        tree = self.goal_tree
        opened = self.only_differing or (tree is not None and line.code in tree.open)
        sign = ("- " if opened else "+ ") if line.folds else "  "
        step = 2 if columns[0].width >= DEEP_ROOM else 1
        name = cell(f"{' ' * step * line.depth}{sign}{line.name}", columns[0].width - 1)
        name.append(" ")
        seen = self._evaluation_of(line.code)
        given = "" if seen is None else f"{letter(seen.official_label)} {mark_of(seen)}"
        earlier: str | None = None
        if line.indicator is not None:
            s = line.indicator
            percent, number, label, coverage = indicator_percent(s), s.display, s.rating, why_not(s)
            example = s.example
            if last is not None and line.code in last.indicators:
                earlier = last.indicators[line.code].rating
        else:
            node = score.nodes[line.code]
            percent, number = score_percent(score.plan, node), score_text(score.plan, node)
            label, coverage, example = computed_label(node), short_coverage(node), node.example
            if last is not None and line.code in last.nodes:
                earlier = last.nodes[line.code].rating
            name.stylize("bold" if line.depth == 0 else "")
        figure = f"{number}{'*' if example and number != '－' else ' '}"
        told = {"率 ": figure, " 判定": f" {letter(label)}", "評価": given, "評価済": coverage}
        if not line.bears:  # nothing to be computed; people may still have judged it
            name.stylize(self.tone("quiet"))
            told = {
                "評価": given if seen is not None and judged(seen) else "",
                "評価済": "指標なし",
            }
        cells = [name]
        for column in columns[1:]:
            if not column.head:
                drawn = bar(percent, column.width - 1, self.tone("good")).append(" ")
                cells.append(drawn if line.bears else cell("", column.width))
                continue
            before = letter(earlier) if line.bears else ""
            style = "bold" if column.head in (" 判定", "評価") else ""
            style = style if line.bears or column.head == "評価" else self.tone("quiet")
            text = told.get(column.head, before if column.head not in _OWN else "")
            cells.append(cell(text, column.width, right=column.right, style=style))
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
        paragraphs = [Para(step.text, head=step.title) for step in steps]
        above: list[Para | Text] = []
        if code is not None:
            paragraphs += landing_paragraphs(
                score.plan, self.book.cells(self.year), self.year, code
            )
            if self.money is not None:
                paragraphs += money_paragraphs(self.money, code)
            above, said = self._said_of(code)
            paragraphs += said
        title = Text("理由（算出過程）", style="bold")
        self.query_one("#steps", Static).update(Prose((*above, title, *paragraphs)))
        self.query_one("#why").scroll_home(animate=False)

    def _said_of(self, code: str) -> tuple[list[Para | Text], list[Para]]:
        """Return the letters of the stages in one line, and all that people have said of a line."""
        seen = self._evaluation_of(code) or evaluation(self.book, code, self.year)
        above: list[Para | Text] = []
        if judged(seen):
            above.append(Para(side_by_side(seen), style="bold"))
        return above, what_is_said(self.book, self.year, seen)

    @property
    def folded(self) -> FoldedTree | None:
        """The tree on screen."""
        return self.goal_tree

    def action_reason(self) -> None:
        """Go to the reasons, or back to the tree."""
        why = self.query_one("#why")
        (self.query_one(FixedTable) if why.has_focus else why).focus()

    def action_differing(self) -> None:
        """Leave the lines on which the stages do not say the same, or show all again."""
        differing = self._differing()
        if not self.only_differing and not differing:
            self.tell("段階で評価が違う行も、差し戻し中の行もありません。")
            return
        self.only_differing = not self.only_differing
        self._show_tree()
        if self.only_differing:
            self.query_one(FixedTable).mark(differing[0])
            self.tell(
                f"食い違いや差し戻しのある行は{len(differing)}件です。Ctrl+F ですべてに戻ります。"
            )
        self._show_why()

    def action_next_unrated(self) -> None:
        """Go to the next line that waits for a letter of people."""
        tree, score = self.goal_tree, self.score
        if tree is None or score is None:
            return
        waiting = unrated(score.plan, self.evaluations)
        if not waiting:
            self.tell("評価が付いていない行はありません。")
            return
        self.only_differing = False
        every = [code for code in score.plan.items if code in self.evaluations]
        here = self.query_one(FixedTable).code
        here = score.plan.action_of.get(here or "", here or "")
        place = every.index(here) if here in every else -1
        ahead = [code for code in waiting if every.index(code) > place]
        found = (ahead or waiting)[0]
        tree.reveal(found)
        self._show_tree()
        self.query_one(FixedTable).mark(found)
        self.tell(f"評価が付いていない行は、あと{len(waiting)}件です。")
