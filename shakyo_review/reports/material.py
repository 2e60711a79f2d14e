"""What a report is made of, and which chapters it has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shakyo_review.domain.checks import Finding
from shakyo_review.domain.comparison import Change, Comparison, GoalRow, IndicatorRow
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import NodeScore, YearScore
from shakyo_review.domain.money import MoneyYear, money_of
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.reports.chapters import CHAPTERS
from shakyo_review.reports.context import ChapterKind
from shakyo_review.reports.context.parts import YearHead
from shakyo_review.reports.story import Story


@dataclass(frozen=True)
class Material:
    """What a report is made of.

    ``without`` are the chapters switched off; ``all_years`` holds the years of the year book,
    ``first_and_last`` the first and the last of them.
    """

    plan: Plan
    score: YearScore
    before: YearScore | None
    comparison: Comparison
    findings: Sequence[Finding]
    story: Story = field(default_factory=Story)
    without: frozenset[str] = frozenset()
    all_years: Comparison | None = None
    first_and_last: Comparison | None = None

    @cached_property
    def rows(self) -> dict[str, IndicatorRow]:
        """The years of each indicator."""
        return {row.code: row for row in self.comparison.indicators}

    @cached_property
    def node_rows(self) -> dict[str, GoalRow]:
        """The years of each item of the plan."""
        return {row.code: row for row in self.comparison.goals}

    @cached_property
    def money(self) -> MoneyYear:
        """The money of every item in the year reported."""
        return money_of(self.plan, self.score.year, self.score.indicators)

    @property
    def head(self) -> YearHead:
        """The year reported."""
        return year_head(self.score.year)

    @property
    def head_before(self) -> YearHead | None:
        """The year it is compared with."""
        return None if self.before is None else year_head(self.before.year)

    @property
    def word_before(self) -> str:
        """The word for the year it is compared with: 前年度, or the year itself where it is older."""
        if self.before is None or self.before.year == self.score.year - 1:
            return "前年度"
        return year_label(self.before.year)

    def before_indicator(self, code: str) -> IndicatorScore | None:
        """Return an indicator's score in the year it is compared with."""
        return None if self.before is None else self.before.indicators.get(code)

    def before_node(self, code: str) -> NodeScore | None:
        """Return an item's score in the year it is compared with."""
        return None if self.before is None else self.before.nodes.get(code)

    def change_of(self, row: IndicatorRow | GoalRow) -> Change:
        """Return what changed since the year it is compared with; nothing where there is none."""
        return Change(None, None, None) if self.before is None else row.change

    @cached_property
    def numbers(self) -> dict[ChapterKind, int]:
        """The chapters of this report in their order, with their numbers."""
        there = [kind for kind in CHAPTERS if kind not in self.without and self._has(kind)]
        return {kind: number for number, kind in enumerate(there, 1)}

    def _has(self, kind: ChapterKind) -> bool:
        """Whether a chapter has something to say."""
        story = self.story
        match kind:
            case "goals":
                return bool(self.score.goals)
            case "comparison":
                return self.before is not None
            case "changes":
                return bool(story.revisions or story.corrections)
            case "improvement":
                return bool(story.asked or story.made or story.directions)
            case "money":
                return self.money.total.lines > 0
            case "proceedings":
                return bool(story.meetings or story.recusals or story.opinions or story.returned)
            case _:
                return True

    def chapter(self, kind: ChapterKind) -> str:
        """Return how a chapter is named in a sentence (4章); '' where it is not in this report."""
        return f"{self.numbers[kind]}章" if kind in self.numbers else ""

    @property
    def elsewhere(self) -> str:
        """Return the end of a sentence about what a sheet does not hold: where it stands, or that it does not."""
        there = "goals" in self.numbers or "appendix" in self.numbers
        return "評価報告書に載せています。" if there else "この紙面には載せていません。"

    def see(self, kind: ChapterKind) -> str:
        """Return where to look, for the end of a sentence: （4章）, or '' where it is not there."""
        return f"（{self.chapter(kind)}）" if kind in self.numbers else ""


def year_head(year: int) -> YearHead:
    """Return the head of a year's column."""
    return YearHead(short=short_year(year), full=year_label(year))
