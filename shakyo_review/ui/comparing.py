"""Years side by side as rows of a table: what each column holds, newest year first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from shakyo_review.domain.comparison import BADGE_LABELS, Badge, Comparison, GoalRow, IndicatorRow
from shakyo_review.domain.comparison_filter import Order, Wanted, chosen, goals_shown
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import WHOLE_PLAN
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rules import GoalRule
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import State, format_number, format_reading
from shakyo_review.ui.goal_tree import score_text, short_coverage
from shakyo_review.ui.marks import cell, fit, letter, spark
from shakyo_review.ui.widgets.fixed_table import Column

ROOMY = 104
"""From this width on, changes and badges stand in whole words, and the change of the actual too."""
NAME, NAME_ROOMY, LONG = 18, 30, 48
"""Columns of a name: at least, at least where there is room, and at most."""
FIGURE = 9
"""Columns of a figure that is a word, where there is little room; a number is never cut."""
LEAST_POINTS, LEAST_SHARE = 10.0, 0.1
"""Differences a trend is drawn against at least: of rates in points, of other figures as a share."""

RANK_WORDS = {1: "上昇", 0: "同じ", -1: "低下"}
_RANK_SHORT = {1: "上", 0: "同", -1: "下"}
_SHORT_BADGES = {
    **{badge: label[0] for badge, label in BADGE_LABELS.items()},
    Badge.RENAMED: "名",
}

Row = IndicatorRow | GoalRow


def trend(
    years: Sequence[int], numbers: Sequence[float | None], least: float = LEAST_POINTS
) -> str:
    """Return a small line, a character per year from the oldest on; a year without a figure is a gap.

    Small differences stay small: heights are drawn against ``least`` at the least.
    """
    known = {year: n for year, n in zip(years, numbers, strict=True) if n is not None}
    if not known:
        return ""
    low, high = min(known.values()), max(known.values())
    span = max(high - low, least) or 1.0
    floor = (low + high - span) / 2
    heights = [
        None if year not in known else (known[year] - floor) / span
        for year in range(min(years), max(years) + 1)
    ]
    return spark(heights)


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


def counts_line(rows: Sequence[Row]) -> str:
    """Return how many letters rose, stayed and fell."""
    told = [
        f"{word} {sum(row.change.rating == rank for row in rows)}件"
        for rank, word in RANK_WORDS.items()
    ]
    unknown = sum(row.change.rating is None for row in rows)
    return "・".join([*told, f"比較なし {unknown}件"])


@dataclass(frozen=True, slots=True)
class _Part:
    """A column: its head, how a row fills it, where it stands, and how wide it may get."""

    head: str
    text: Callable[[Any], str]
    right: bool = False
    most: int = 24
    number: bool = False
    """Whether it holds figures of which a number must not be cut."""


class CompareTable:
    """The columns and rows of the goals or the indicators of some years.

    First the newest year and the one before it with what has changed in between, then the trend
    and what has to be known, then the years before those.
    """

    def __init__(
        self,
        plans: Mapping[int, Plan],
        comparison: Comparison,
        *,
        by_indicator: bool,
        width: int,
        order: Order = Order.PLAN,
        wanted: Wanted | None = None,
    ) -> None:
        wanted = wanted or Wanted()
        self.years = comparison.years
        self.plans = [plans[year] for year in comparison.years]
        """The plans of the years, oldest first."""
        answered = (row.years[-1].actual.reading.state for row in comparison.indicators)
        self.begun = any(state is not State.NOT_ENTERED for state in answered)
        """Whether anything has been entered in the newest year."""
        self.by_indicator = by_indicator
        self.roomy = width >= ROOMY
        self.indented = order is Order.PLAN and wanted.all
        self.all: Sequence[Row]
        """Every row of the table, wanted or not."""
        self.compared: Sequence[Row]
        if by_indicator:
            self.all = comparison.indicators
            self.compared = chosen(comparison.indicators, wanted, order, plans)
        else:
            goals = goals_shown(comparison)
            self.all, self.compared = goals, chosen(goals, wanted, order, plans)
        whole = [] if by_indicator or not self.indented else [comparison.overall]
        self.rows_by_code = {row.code: row for row in (*whole, *self.compared)}
        parts = self._parts()
        texts = [[part.text(row) for part in parts] for row in self.rows_by_code.values()]
        self.columns = self._columns(width, parts, texts)
        self._texts = texts

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
            for code, texts in zip(self.rows_by_code, self._texts, strict=True)
        ]

    def _columns(self, width: int, parts: list[_Part], lines: list[list[str]]) -> list[Column]:
        widths = []
        for place, part in enumerate(parts):
            shown = [fit(texts[place]) for texts in lines]
            gap = 0 if part.head.startswith(" ") else 1  # a blank before a number, after a word
            wide = max([cell_len(part.head), *map(cell_len, shown)], default=0) + gap
            if place and wide > part.most:
                kept = [cell_len(text) + 1 for text in shown if part.number and text[-1:].isdigit()]
                wide = max([part.most, cell_len(part.head) + gap, *kept])
            widths.append(wide)
        first = next((i for i, part in enumerate(parts) if part.head.strip() == "推移"), 0)
        room = width - 2 - sum(widths[1 : first + 1])
        least = NAME_ROOMY if self.roomy else NAME
        widths[0] = min(max(room, least), LONG, max(widths[0], least))
        return [
            Column(part.head, wide, right=part.right)
            for part, wide in zip(parts, widths, strict=True)
        ]

    # --- columns -----------------------------------------------------------------------------

    def _parts(self) -> list[_Part]:
        places = range(len(self.years) - 1, -1, -1)
        badged = any(row.badges for row in self.rows_by_code.values())
        parts = [_Part("指標" if self.by_indicator else "目標・取組", self._name)]
        if badged and not self.roomy:
            parts.append(_Part("注", self._short_badges))
        for number, place in enumerate(places):
            parts += self._of_year(place, newest=number == 0)
            if number == 0 and len(places) > 1:
                parts += self._changes()
            if number == 1 or len(places) == 1:
                parts.append(_Part(" 推移", lambda row: f" {self._trend(row)}"))
                if badged and self.roomy:
                    parts.append(_Part(" 注意", lambda row: f" {badges_text(row)}"))
        return parts

    def _of_year(self, place: int, *, newest: bool) -> list[_Part]:
        name = short_year(self.years[place])
        judged = _Part(" 判定", lambda row: f" {letter(row.years[place].rating)}", most=11)
        if self.by_indicator:
            most = 24 if self.roomy else FIGURE
            return [
                _Part(
                    f"{name} 実績",
                    lambda row: actual_text(row.years[place]),
                    right=True,
                    most=most,
                    number=True,
                ),
                _Part("率", lambda row: row.years[place].display, right=True),
                judged,
            ]
        score = _Part(f"{name} 点 ", lambda row: self._number(row, place), right=True)
        rated = _Part(
            "評価済",
            lambda row: short_coverage(row.years[place]),
            right=True,
        )
        return [score, judged, *([rated] if newest else [])]

    def _changes(self) -> list[_Part]:
        """Return what stands between the newest year and the one before it."""
        word, number = (
            RANK_WORDS if self.roomy else _RANK_SHORT,
            "率" if self.by_indicator else "点",
        )
        decimals = self.plans[-1].rule_set.decimals

        def actual(row: IndicatorRow) -> str:
            return change_text(row.change.actual, row.years[-1].indicator.figure_decimals)

        def rank(row: Row) -> str:
            return f" {'－' if row.change.rating is None else word[row.change.rating]}"

        return [
            *([_Part("増減", actual, right=True)] if self.by_indicator and self.roomy else []),
            _Part(f"{number}の差", lambda row: change_text(row.change.rate, decimals), right=True),
            _Part(" 判定" if self.roomy else " ", rank),
        ]

    # --- cells -------------------------------------------------------------------------------

    def _name(self, row: Row) -> str:
        if isinstance(row, IndicatorRow):
            return f"{row.name}（{row.unit}）" if row.unit else row.name
        if row.code == WHOLE_PLAN:
            return "計画全体"
        item = row.years[-1].item
        mark = "［再掲］" if item.node.repeats is not None else ""
        return f"{' ' * item.level if self.indented else ''}{mark}{item.name}"

    def _number(self, row: GoalRow, place: int) -> str:
        node = row.years[place]
        text = score_text(self.plans[place], node)
        return f"{text}*" if node.example and node.score is not None else f"{text} "

    @staticmethod
    def _short_badges(row: Row) -> str:
        """Return the badges a character each, example last; at most one and + where there are more."""
        badges = [badge for badge in row.badges if badge is not Badge.EXAMPLE] or list(row.badges)
        return "".join(_SHORT_BADGES[badge] for badge in badges[:1]) + "+" * (len(badges) > 1)

    def _trend(self, row: Row) -> str:
        if isinstance(row, GoalRow):
            scores = [None if node.score is None else float(node.score) for node in row.years]
            points = self.plans[-1].rule_set.goal is GoalRule.MEAN_OF_POINTS
            return trend(self.years, scores, 1.0 if points else LEAST_POINTS)
        rates = [None if score.rate is None else float(score.rate) for score in row.years]
        if any(rate is not None for rate in rates):
            return trend(self.years, rates)
        amounts = [score.actual.amount for score in row.years]
        figures = [None if amount is None else float(amount) for amount in amounts]
        most = max((abs(figure) for figure in figures if figure is not None), default=0.0)
        return trend(self.years, figures, most * LEAST_SHARE)


def badges_text(row: Row) -> str:
    """Return the badges of a row in one phrase."""
    return "・".join(BADGE_LABELS[badge] for badge in row.badges)
