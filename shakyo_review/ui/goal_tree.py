"""The tree of goals down to indicators as lines of a table: what is folded, and what each line says."""

from dataclasses import dataclass, field

from rich.text import Text

from shakyo_review.domain.derivation import coverage_text
from shakyo_review.domain.goals import NodeScore, YearScore, original
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.domain.rules import GoalRule
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import format_number, format_percent, half_up
from shakyo_review.ui.folding import FoldedTree
from shakyo_review.ui.widgets.prose import Para


@dataclass(frozen=True, slots=True)
class Line:
    """One line: an item of the plan or an indicator (``indicator`` set), and where it stands."""

    code: str
    depth: int
    name: str
    folds: bool
    item: Item | None = None
    indicator: IndicatorScore | None = None
    bears: bool = True
    """Whether it is an indicator, or carries or contains one."""


@dataclass(slots=True)
class GoalTree(FoldedTree):
    """Which items are unfolded. Codes of items and indicators never coincide (the plan sees to it)."""

    bearing: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, plan: Plan, before: "GoalTree | None" = None) -> "GoalTree":
        """Return the tree of a plan; what was unfolded before stays so, else the top level is.

        What bears no indicator stays folded: there is nothing to be judged in it.
        """
        tree = cls(plan)
        for indicator in plan.indicators:
            tree.bearing |= {item.code for item in plan.path_of(plan.action_of[indicator])}
        tree.bearing |= {
            code
            for code, item in plan.items.items()
            if item.node.repeats is not None and original(plan, item).code in tree.bearing
        }
        tops = {item.code for item in plan.children_of(None)} & tree.bearing
        kept = tops if before is None else before.open
        tree.open = {code for code in kept if code in plan.items and tree.folds(code)}
        return tree

    def lines(self, score: YearScore) -> list[Line]:
        """Return the lines that are to be seen, in print order."""
        lines: list[Line] = []
        self._add(lines, score, None, 0)
        return lines

    def _add(self, lines: list[Line], score: YearScore, parent: str | None, depth: int) -> None:
        for item in self.plan.children_of(parent):
            name = f"［再掲］{item.name}" if item.node.repeats is not None else item.name
            folds = self.folds(item.code)
            lines.append(
                Line(item.code, depth, name, folds, item=item, bears=item.code in self.bearing)
            )
            if item.code not in self.open:
                continue
            for indicator in item.node.indicators:
                unit = f"（{indicator.unit}）" if indicator.unit else ""
                lines.append(
                    Line(
                        indicator.code,
                        depth + 1,
                        f"・{indicator.name}{unit}",
                        folds=False,
                        indicator=score.indicators[indicator.code],
                    )
                )
            self._add(lines, score, item.code, depth + 1)


def score_text(plan: Plan, node: NodeScore) -> str:
    """Return the number of an item as printed: 75.3%, or 3.2点 where points are averaged."""
    if node.score is None:
        return "－"
    decimals = plan.rule_set.decimals
    shown = half_up(node.score, decimals)
    if plan.rule_set.goal is GoalRule.MEAN_OF_POINTS:
        return f"{format_number(shown, decimals)}点"
    return format_percent(shown, decimals)


def score_percent(plan: Plan, node: NodeScore) -> float | None:
    """Return how long the bar of an item is, in %: its rate, or its points of the most there are."""
    if node.score is None:
        return None
    if plan.rule_set.goal is GoalRule.MEAN_OF_POINTS:
        most = max((level.points or 0 for level in plan.scale.levels), default=0)
        return float(node.score) / float(most) * 100 if most else None
    return float(node.score)


def indicator_percent(score: IndicatorScore) -> float | None:
    """Return how long the bar of an indicator is, in %."""
    return None if score.rate is None else float(score.rate)


def short_coverage(node: NodeScore) -> str:
    """Return the coverage as 6/9; 対象なし where all indicators are only to be shown."""
    if not node.coverage.ratable:
        return "対象なし"
    return f"{node.coverage.rated}/{node.coverage.ratable}"


def why_not(score: IndicatorScore) -> str:
    """Return in a word why an indicator has no letter."""
    return "" if score.rated else score.reason_text


def computed_label(node: NodeScore) -> str | None:
    """Return the letter of the figures, also where the plan lets people's letters stand."""
    return node.computed if node.given else node.rating


def overall_lines(score: YearScore, bar: Text, letter: str, legend: str = "") -> list[Para | Text]:
    """Return the lines about the whole plan, with what marks in the table mean."""
    node, plan = score.overall, score.plan
    head = Text.assemble(
        ("計画全体　", "bold"), (f"判定 {letter}", "bold"), f"　{score_text(plan, node)}　"
    )
    head.append_text(bar).append(f"　{coverage_text(node)}を評価")
    counts = "・".join(f"{label} {count}件" for label, count in node.counts.items())
    problem = f"　判定なし: {node.problem}" if node.rating is None and node.problem else ""
    example = "　* は例示を含む" if node.example else ""
    return [
        head,
        Para(f"{node.rule}（{node.averaged_over}）　{counts}{problem}{example}{legend}", hang=2),
    ]
