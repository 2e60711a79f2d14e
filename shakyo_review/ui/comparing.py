"""Years side by side as rows of a table: what each column holds, newest year first."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rich.cells import cell_len
from rich.text import Text

from shakyo_review.domain.comparison import BADGE_LABELS, Change, Comparison, GoalRow, IndicatorRow
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import WHOLE_PLAN, NodeScore
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import State, format_number, format_reading
from shakyo_review.ui.goal_tree import score_text, short_coverage
from shakyo_review.ui.marks import cell, fit, letter
from shakyo_review.ui.widgets.fixed_table import Column

RANK_WORDS = {1: "上昇", 0: "同じ", -1: "低下"}
_LEVELS = "_-^"


def trend(numbers: Sequence[float | None]) -> str:
    """Return a small line: one character per year, _ low, - between, ^ high, blank without a figure."""
    known = [number for number in numbers if number is not None]
    if len(known) < 2:
        return "".join(" " if number is None else "-" for number in numbers)
    low, high = min(known), max(known)
    if low == high:
        return "".join(" " if number is None else "-" for number in numbers)
    return "".join(
        " " if number is None else _LEVELS[min(int((number - low) / (high - low) * 3), 2)]
        for number in numbers
    )


def change_text(value: Decimal | None, decimals: int) -> str:
    """Return a difference with its sign: +12, △3, ±0; － where one of the two is missing."""
    if value is None:
        return "－"
    if value == 0:
        return "±0"
    text = format_number(value, decimals)
    return text if value < 0 else f"+{text}"


def actual_text(score: IndicatorScore) -> str:
    """Return the actual of a year as it stands in a narrow column."""
    reading = score.actual.reading
    if reading.state is State.NOT_ENTERED:
        return "未入力" if score.actual.interim is None else "途中"
    return format_reading(reading, score.indicator.figure_decimals)


def fall(change: Change) -> tuple[int, Decimal]:
    """Return the order of a change when the worst fall comes first; what cannot be compared comes last."""
    if change.rating is None and change.rate is None:
        return 9, Decimal(0)
    return change.rating or 0, change.rate if change.rate is not None else Decimal(0)


def counts_line(rows: Sequence[GoalRow] | Sequence[IndicatorRow]) -> str:
    """Return how many letters rose, stayed and fell."""
    told = [
        f"{word} {sum(row.change.rating == rank for row in rows)}件"
        for rank, word in RANK_WORDS.items()
    ]
    unknown = sum(row.change.rating is None for row in rows)
    return "・".join([*told, f"比較なし {unknown}件"])


class CompareTable:
    """The columns and rows of the goals or the indicators of some years.

    First the year on screen and the one before it with what has changed, then the trend and what
    has to be known, then the years before those.
    """

    def __init__(
        self,
        plans: Mapping[int, Plan],
        comparison: Comparison,
        *,
        by_indicator: bool,
        by_fall: bool,
        width: int,
    ) -> None:
        self.years = comparison.years[::-1]
        self.plans = [plans[year] for year in comparison.years]
        """The plans of the years, oldest first."""
        self.plan = self.plans[-1]
        self.by_indicator = by_indicator
        self.indented = not by_fall
        goals = [
            row for row in comparison.goals if any(node.coverage.ratable for node in row.years)
        ]
        self.compared: Sequence[IndicatorRow] | Sequence[GoalRow]
        self.compared = comparison.indicators if by_indicator else goals
        if by_fall:
            self.compared = sorted(self.compared, key=lambda row: fall(row.change))  # type: ignore[type-var]
        self._badges = by_indicator or any(row.badges for row in goals)
        scales = [plan.scale for plan in self.plans]
        labels = [label for scale in scales for label in scale.labels]
        labels += [off.label for scale in scales for off in scale.off_scale]
        self._letter = min(max(cell_len(letter(label)) for label in labels) + 1, 11)
        whole = [] if by_indicator or by_fall else [comparison.overall]
        lines = [(row.code, self._texts(row)) for row in (*whole, *self.compared)]
        self.columns = self._columns(width, [texts for _, texts in lines])
        self._lines = lines

    def rows(self) -> list[tuple[str, list[Text]]]:
        """Return code and cells of every row."""
        name, *others = self.columns
        return [
            (
                code,
                [
                    cell(texts[0], name.width - 1).append(" "),
                    *(
                        cell(text, column.width, right=column.right)
                        for text, column in zip(texts[1:], others, strict=True)
                    ),
                ],
            )
            for code, texts in self._lines
        ]

    def _columns(self, width: int, lines: list[list[str]]) -> list[Column]:
        heads = self._heads()
        widths = [
            max([cell_len(head), *(cell_len(fit(texts[place])) for texts in lines)]) + 1
            for place, (head, _) in enumerate(heads)
        ]
        seen = self._count_first()
        room = width - 2 - sum(widths[1 : 1 + seen])
        widths[0] = min(max(room, 22), 48, max(widths[0], 22))
        return [
            Column(head, min(wide, 24) if place else wide, right=right)
            for place, ((head, right), wide) in enumerate(zip(heads, widths, strict=True))
        ]

    def _count_first(self) -> int:
        """How many columns after the name are to be in sight at once: two years and the change."""
        if len(self.years) < 2:
            return 3
        return 9 if self.by_indicator else 7

    def _heads(self) -> list[tuple[str, bool]]:
        """Return head and whether numbers stand under it, column by column."""
        names = [short_year(year) for year in self.years]
        heads: list[tuple[str, bool]] = [("指標" if self.by_indicator else "目標・取組", False)]
        number = "率" if self.by_indicator else "点"

        def of_year(name: str, first: bool) -> list[tuple[str, bool]]:
            figure = [(f"{name} 実績", True)] if self.by_indicator else []
            told = number if self.by_indicator else f"{name} {number} "
            coverage = [] if self.by_indicator or not first else [("評価済", True)]
            return [*figure, (told, True), (" 判定", False), *coverage]

        heads += of_year(names[0], True)
        if len(names) > 1:
            heads += of_year(names[1], False)
            heads += [("増減", True)] if self.by_indicator else []
            heads += [(f"{number}の差", True), (" 判定", False)]
        heads.append((" 推移", False))
        heads += [(" 注意", False)] if self._badges else []
        for name in names[2:]:
            heads += of_year(name, False)
        return heads

    def _texts(self, row: IndicatorRow | GoalRow) -> list[str]:
        """Return the texts of a row, in the order of the heads."""
        if isinstance(row, IndicatorRow):
            years = [[actual_text(s), s.display, f" {letter(s.rating)}"] for s in row.years[::-1]]
            numbers = [None if s.rate is None else float(s.rate) for s in row.years]
            decimals = row.years[-1].indicator.figure_decimals
            changes = [change_text(row.change.actual, decimals)]
            name = f"{row.name}（{row.unit}）" if row.unit else row.name
        else:
            years = [
                [self._number(plan, node), f" {letter(node.rating)}"]
                for plan, node in list(zip(self.plans, row.years, strict=True))[::-1]
            ]
            years[0].append(short_coverage(row.years[-1]))
            numbers = [None if node.score is None else float(node.score) for node in row.years]
            changes, name = [], self._goal_name(row)
        told = " " + "・".join(BADGE_LABELS[badge] for badge in row.badges)
        badges = [told] if self._badges else []
        rank = row.change.rating
        changes += [
            change_text(row.change.rate, self.plan.rule_set.decimals),
            " －" if rank is None else f" {RANK_WORDS[rank]}",
        ]
        first = years[0] + ([*years[1], *changes] if len(years) > 1 else [])
        older = [text for year in years[2:] for text in year]
        return [name, *first, f" {trend(numbers)}", *badges, *older]

    def _number(self, plan: Plan, node: NodeScore) -> str:
        text = score_text(plan, node)
        return f"{text}*" if node.example and node.score is not None else f"{text} "

    def _goal_name(self, row: GoalRow) -> str:
        if row.code == WHOLE_PLAN:
            return "計画全体"
        item = row.years[-1].item
        mark = "［再掲］" if item.node.repeats is not None else ""
        return f"{' ' * item.level if self.indented else ''}{mark}{item.name}"
