"""The rows of 評価: the tree of goals with this year beside the last one, or the stages side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.text import Text

from shakyo_review.domain.comparison import goal_change, rank_change
from shakyo_review.domain.evaluation import ItemEvaluation
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import YearScore, original
from shakyo_review.domain.plan import Plan
from shakyo_review.ui.goal_tree import (
    GoalTree,
    Line,
    computed_label,
    indicator_percent,
    score_percent,
    score_text,
    short_coverage,
    why_not,
)
from shakyo_review.ui.marks import bar, cell, letter
from shakyo_review.ui.screens.scores_text import judged, mark_of
from shakyo_review.ui.widgets.fixed_table import Column

BAR_ROOM = 76
"""From this width of the tree on, the bars are ten characters long, else six."""
NAME_ROOM = 28
"""Where the names would have less than this, the bars give way to the letters people gave."""
DEEP_ROOM = 46
"""From this width of the names on, each level is set in by two columns, else by one."""
REMARK_ROOM = 24
"""From this width of the last column on, what was written stands behind how the stages differ."""
RATE, COMPUTED, GIVEN, DONE = "率 ", " 判定", "評価", "評価済"
"""Heads of the columns about the year on screen; the one more is about the year before."""
BETTER, WORSE = "上", "下"
"""Marks behind last year's letter: this year's is better, or worse."""


@dataclass(slots=True)
class TreeTable:
    """What is drawn of a year: ``last`` tells of the year before, under the codes of this one."""

    score: YearScore
    last: YearScore | None
    evaluations: Mapping[str, ItemEvaluation]
    tree: GoalTree
    width: int
    plan_before: Plan
    good: str
    quiet: str
    columns: list[Column] = field(default_factory=list)
    below: Counter[str] = field(default_factory=Counter)
    """How many lines lie under an item on which opinions differ."""

    def __post_init__(self) -> None:
        self.columns = self._columns()
        plan = self.score.plan
        for code, seen in self.evaluations.items():
            if mark_of(seen):
                path = plan.path_of(plan.action_of.get(code, code))
                self.below.update(item.code for item in path if item.code != code)

    @property
    def judged(self) -> bool:
        """Whether people have said anything in this year."""
        return any(map(judged, self.evaluations.values()))

    def _columns(self) -> list[Column]:
        wide = letter_width(self.score.plan)
        right = [
            Column("", 11 if self.width >= BAR_ROOM else 7),
            Column(RATE, 9, right=True),
            Column(COMPUTED, wide + 1),
            Column(DONE, 11),
        ]
        if self.judged:
            right.insert(3, Column(GIVEN, wide + 3))
        if self.last is not None:
            right.append(Column(short_year(self.last.year), wide + 2))
        used = sum(column.width for column in right) + 2
        if self.judged and self.width - used < NAME_ROOM:
            used -= right.pop(0).width
            if self.width - used - 7 >= NAME_ROOM:
                right.insert(0, Column("", 7))
                used += 7
        return [Column("　目標・取組・指標", max(self.width - used, 16)), *right]

    def cells(self, line: Line) -> list[Text]:
        """Return the cells of a line."""
        columns, tree = self.columns, self.tree
        sign = ("- " if line.code in tree.open else "+ ") if line.folds else "  "
        step = 2 if columns[0].width >= DEEP_ROOM else 1
        name = cell(f"{' ' * step * line.depth}{sign}{line.name}", columns[0].width - 1)
        name.append(" ")
        told, percent = self._told(line)
        name.stylize("" if line.depth or line.indicator is not None else "bold")
        if not line.bears:
            name.stylize(self.quiet)
        cells = [name]
        for column in columns[1:]:
            if not column.head:
                drawn = bar(percent, column.width - 1, self.good).append(" ")
                cells.append(drawn if line.bears else cell("", column.width))
                continue
            style = "bold" if column.head in (COMPUTED, GIVEN) else ""
            style = style if line.bears or column.head == GIVEN else self.quiet
            text = told.get(column.head, "")
            cells.append(cell(text, column.width, right=column.right, style=style))
        return cells

    def _told(self, line: Line) -> tuple[dict[str, str], float | None]:
        given = self._given(line)
        if not line.bears:  # nothing to be computed; people may still have judged it
            return {GIVEN: given if given.strip("－ ") else "", DONE: "指標なし"}, None
        before: str | None = None
        change: int | None = None
        if line.indicator is not None:
            s = line.indicator
            percent, number, label, done = indicator_percent(s), s.display, s.rating, why_not(s)
            example = s.example
            if self.last is not None and line.code in self.last.indicators:
                earlier = self.last.indicators[line.code]
                before, change = earlier.rating, rank_change(earlier, s)
        else:
            plan, node = self.score.plan, self.score.nodes[line.code]
            percent, number = score_percent(plan, node), score_text(plan, node)
            label, done, example = computed_label(node), short_coverage(node), node.example
            if self.last is not None and line.code in self.last.nodes:
                past = self.last.nodes[line.code]
                before = past.rating
                change = goal_change(self.plan_before, past, plan, node)
        mark = {1: f" {BETTER}", -1: f" {WORSE}"}.get(change or 0, "")
        return {
            RATE: f"{number}{'*' if example and number != '－' else ' '}",
            COMPUTED: f" {letter(label)}",
            GIVEN: given,
            DONE: done,
            **({short_year(self.last.year): f"{letter(before)}{mark}"} if self.last else {}),
        }, percent

    def _given(self, line: Line) -> str:
        """Return the letter people gave, how it differs, and in how many folded lines below they do."""
        seen = evaluation_of(self.score.plan, self.evaluations, line.code)
        mark = "" if seen is None else mark_of(seen)
        if line.folds and line.code not in self.tree.open and self.below[line.code]:
            mark += f"内{self.below[line.code]}"
        label = None if seen is None or not judged(seen) else seen.official_label
        return f"{letter(label)} {mark}"


def letter_width(plan: Plan) -> int:
    """Return how wide a column of letters is."""
    labels = [*plan.scale.labels, *(off.label for off in plan.scale.off_scale)]
    return min(max(max(cell_len(letter(label)) for label in labels) + 1, 5), 11)


def evaluation_of(
    plan: Plan, evaluations: Mapping[str, ItemEvaluation], code: str
) -> ItemEvaluation | None:
    """Return what people say of a line; of a 再掲, what they say where it counts."""
    item = plan.items.get(code)
    if item is not None and item.node.repeats is not None:
        code = original(plan, item).code
    return evaluations.get(code)


# --- stages side by side ---------------------------------------------------------------------


def stage_columns(plan: Plan, width: int) -> list[Column]:
    """Return the columns of the stages side by side."""
    stages = plan.evaluation.stages
    wide = letter_width(plan) + 3
    heads = [Column(stage.name, min(max(cell_len(stage.name) + 2, wide), 12)) for stage in stages]
    left = width - 8 - sum(column.width for column in heads)
    name = max(left * (45 if width >= 100 else 60) // 100, 14)
    return [
        Column("項目", name),
        Column("計算", 6),
        *heads,
        Column("違い・所見", max(left - name, 10)),
    ]


def stage_cells(
    plan: Plan, name: str, seen: ItemEvaluation, columns: Sequence[Column]
) -> list[Text]:
    """Return the cells of an item with its stages side by side."""
    differs = bool(mark_of(seen))
    letters = []
    for result in seen.stages:
        waiting = result.letter is not None and result.letter.waiting
        shown = "未定" if result.label is None and result.members else letter(result.label)
        letters.append("差し戻し" if waiting else shown)
    texts = [name, letter(seen.computed), *letters]
    texts.append(remark(seen, written=columns[-1].width >= REMARK_ROOM))
    return [
        cell(
            f"{cell(text, column.width - 1).plain} ",
            column.width,
            style="bold" if differs and at else "",
        )
        for at, (text, column) in enumerate(zip(texts, columns, strict=True))
    ]


def remark(seen: ItemEvaluation, *, written: bool) -> str:
    """Return in a phrase how an item differs, and the last thing anybody has ``written`` about it."""
    told = []
    for result in seen.stages:
        if result.letter is not None and result.letter.waiting:
            told.append("差し戻し中")
        if result.proposal is not None and result.proposal.disputed:
            counts = "・".join(f"{letter(x)}{n}" for x, n in result.proposal.counts.items())
            told.append(f"委員{counts}")
    if seen.differs:
        told.append("段階で違う")
    for result in reversed(seen.stages):
        given = result.letter
        if written and given is not None and (given.comment or given.reason):
            told.append(f"{given.by}: {given.comment or given.reason}")
            break
    return "　".join(told)
