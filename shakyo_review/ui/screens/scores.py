"""評価: the tree of goals with their letters, and beside it why each is what it is."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.events import DescendantBlur, DescendantFocus
from textual.widgets import DataTable, Static

from shakyo_review.domain.cell import KIND_LABELS
from shakyo_review.domain.evaluation import ItemEvaluation
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.money import MoneyYear, money_of
from shakyo_review.services.reviewing import evaluations
from shakyo_review.services.stage_views import name_of, stage_rows
from shakyo_review.ui import keys
from shakyo_review.ui.folding import FoldedTree, FoldingScreen
from shakyo_review.ui.goal_tree import GoalTree, Line, overall_lines, score_percent
from shakyo_review.ui.marks import bar, letter
from shakyo_review.ui.screens.scores_asking import ScoresAsking
from shakyo_review.ui.screens.scores_table import TreeTable, stage_cells, stage_columns
from shakyo_review.ui.screens.scores_text import judged, mark_of, unrated
from shakyo_review.ui.screens.scores_why import why_lines
from shakyo_review.ui.widgets.fixed_table import FixedTable
from shakyo_review.ui.widgets.linked_prose import LinkedProse
from shakyo_review.ui.widgets.prose import Prose

ROOMY = 100
"""From this width on, the reasons stand beside the tree, else below it."""


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
    ScoresScreen.-reading #tree { height: 1fr; }
    ScoresScreen.-reading #why { height: 3fr; }
    ScoresScreen.-roomy #halves { layout: horizontal; }
    ScoresScreen.-roomy #tree { height: 1fr; width: 3fr; }
    ScoresScreen.-roomy #why { height: 1fr; width: 2fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.tree_lines: list[Line] = []
        self.goal_tree: GoalTree | None = None
        self.score: YearScore | None = None
        self.last: YearScore | None = None
        self.evaluations: dict[str, ItemEvaluation] = {}
        self.money: MoneyYear | None = None
        self.staged = False
        """Whether the stages stand side by side, instead of the tree."""
        self.trail: list[tuple[str, int | None]] = []
        """The lines whose reasons led to the present one, and the paragraph that was followed."""

    def content(self) -> ComposeResult:
        """Yield the overall line, the tree, and the reasons."""
        yield Static("", id="overall", markup=False)
        with Container(id="halves"):
            yield FoldingTable(id="tree")
            yield LinkedProse("steps", id="why")

    def on_mount(self) -> None:
        """Stand in the tree."""
        self.query_one(FixedTable).focus()
        super().on_mount()

    def on_resize(self) -> None:
        """Put the reasons beside or below, and fit the columns."""
        super().on_resize()
        self._arrange()
        if self.score is not None:
            self._show_tree()

    def _arrange(self) -> None:
        self.set_class(self._beside, "-roomy")

    @property
    def _beside(self) -> bool:
        """Whether the reasons stand beside the table; the stages want the whole width."""
        return self.size.width >= ROOMY and not self.staged

    def show_book(self) -> None:
        """Read the year and show it."""
        self.score = score = self.book.score(self.year)
        before = self.book.score_beside(self.year - 1, self.year)
        self.last = before if any(s.rated for s in before.indicators.values()) else None
        self.evaluations = evaluations(self.book, self.year)
        self.money = money_of(score.plan, self.year, score.indicators)
        if self.goal_tree is None or self.goal_tree.plan is not score.plan:
            self.goal_tree = GoalTree.of(score.plan, self.goal_tree)
        wanted, self.review.line_wanted = self.review.line_wanted, None
        self._show_at(wanted)

    def _show_at(self, code: str | None) -> None:
        """Show the tree and the reasons, standing on a line where it is one."""
        tree = self.goal_tree
        known = tree is not None and (code in tree.plan.items or code in tree.plan.indicators)
        if tree is not None and code is not None and known:
            tree.reveal(code)
        self._show_tree()
        if code is not None and known:
            self.query_one(FixedTable).mark(code)
        self._show_why()

    def _differing(self) -> list[str]:
        return [code for code, seen in self.evaluations.items() if mark_of(seen)]

    def _show_tree(self) -> None:
        score, tree = self.score, self.goal_tree
        if score is None or tree is None:
            return
        table = self.query_one(FixedTable)
        if self.staged:
            columns = stage_columns(score.plan, self.size.width)
            rows = [seen for seen in stage_rows(self.book, self.year) if judged(seen)]
            table.fill(
                columns,
                [
                    (s.code, stage_cells(score.plan, name_of(score.plan, s.code), s, columns))
                    for s in rows
                ],
            )
        else:
            self.tree_lines = tree.lines(score)
            room = self.size.width * 3 // 5 if self._beside else self.size.width
            drawn = TreeTable(
                *(score, self.last, self.evaluations, tree, room),
                plan_before=self.book.plan_of(self.year - 1),
                good=self.tone("good"),
                quiet=self.tone("quiet"),
            )
            table.fill(drawn.columns, [(line.code, drawn.cells(line)) for line in self.tree_lines])
        whole = bar(score_percent(score.plan, score.overall), 12, self.tone("good"))
        lines = overall_lines(score, whole, letter(score.overall.rating), self._legend())
        self.query_one("#overall", Static).update(Prose(tuple(lines)))

    def _legend(self) -> str:
        """Return what the marks in the table mean, as far as they occur."""
        if self.staged:
            return "　【段階を並べる　違うものが先】"
        told = []
        marks = {mark for seen in self.evaluations.values() for mark in mark_of(seen)}
        meaning = {"戻": "差し戻し中", "違": "段階で違う", "割": "委員で違う"}
        told += [f"{mark} {text}" for mark, text in meaning.items() if mark in marks]
        told += ["内 たたんだ中の数"] if marks else []
        told += [f"上・下 {short_year(self.last.year)}比"] if self.last is not None else []
        return "　".join(["", *told])

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell why the marked line is what it is."""
        event.stop()
        if self.query_one(FixedTable).has_focus:
            self.trail.clear()
        self._show_why()

    def _show_why(self) -> None:
        code, score = self.query_one(FixedTable).code, self.score
        if score is not None:
            lines = why_lines(self.book, score, self.money, code, said_first=self.staged)
            self.query_one(LinkedProse).show(f"{self.year} {code}", lines)

    @property
    def folded(self) -> FoldedTree | None:
        """The tree on screen."""
        return None if self.staged else self.goal_tree

    # --- the reasons -------------------------------------------------------------------------

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Give the reasons more room while they are read."""
        self.set_class(isinstance(event.widget, LinkedProse), "-reading")

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Give the table its room back."""
        if isinstance(event.widget, LinkedProse):
            self.set_class(False, "-reading")

    def action_reason(self) -> None:
        """Go to the reasons, or back to the tree."""
        why = self.query_one(LinkedProse)
        if why.has_focus:
            self.query_one(FixedTable).focus()
        else:
            why.focus()
            self.tell("上下の矢印で数値を選び、Enter で内訳や履歴へ進みます。Esc で戻ります。")

    def on_linked_prose_followed(self, event: LinkedProse.Followed) -> None:
        """Go on to the reasons of a part, or to the history of a figure."""
        link, here = event.link, self.query_one(FixedTable).code
        if link.kind is None and link.code != here and here is not None:
            self.staged = False
            self._arrange()
            self.trail.append((here, self.query_one(LinkedProse).place))
            self._show_at(link.code)
            return
        words = [link.code, short_year(self.year)]
        words += [] if link.kind is None else [KIND_LABELS[link.kind]]
        self.review.show_history(" ".join([*words, *link.words.split()]))

    def action_leave(self) -> None:
        """Go back a step: to the line before, to the table, to the tree, to the first screen."""
        why = self.query_one(LinkedProse)
        if why.has_focus and self.trail:
            code, place = self.trail.pop()
            self._show_at(code)
            why.stand(place)
        elif why.has_focus:
            self.query_one(FixedTable).focus()
        elif self.staged:
            self.action_differing()
        else:
            self.review.action_back()

    # --- the table ---------------------------------------------------------------------------

    def action_differing(self) -> None:
        """Set the stages side by side, what differs first, or show the tree again."""
        here = self.query_one(FixedTable).code
        if not self.staged and not any(map(judged, self.evaluations.values())):
            self.tell("まだ評価が付いていません。F2 で付けると、段階ごとに並びます。")
            return
        self.staged = not self.staged
        self._arrange()
        self._show_at(here)
        if self.staged:
            differing = self._differing()
            self.query_one(FixedTable).move_cursor(row=0, animate=False)
            count = f"違うものは{len(differing)}件です。" if differing else "違うものはありません。"
            self.tell(f"{count}Ctrl+F か Esc で目標の表に戻ります。")

    def action_agenda(self) -> None:
        """Go to the meeting in large type, to the marked line where it is talked about."""
        self.review.line_wanted = self.query_one(FixedTable).code
        self.review.action_go("meeting")

    def action_next_unrated(self) -> None:
        """Go to the next line that waits for a letter of people."""
        tree, score = self.goal_tree, self.score
        if tree is None or score is None:
            return
        waiting = unrated(score.plan, self.evaluations)
        if not waiting:
            self.tell("評価が付いていない行はありません。")
            return
        every = [code for code in score.plan.items if code in self.evaluations]
        here = self.query_one(FixedTable).code
        here = score.plan.action_of.get(here or "", here or "")
        place = every.index(here) if here in every else -1
        ahead = [code for code in waiting if every.index(code) > place]
        self.staged = False
        self._arrange()
        self._show_at((ahead or waiting)[0])
        self.tell(f"評価が付いていない行は、あと{len(waiting)}件です。")
