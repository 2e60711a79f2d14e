"""Rule sets: how rates are shown and rolled up. Data of the plan, frozen with a sealed year."""

from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from shakyo_review.domain.base import Model
from shakyo_review.domain.scale import short_percent
from shakyo_review.errors import PlanProblem, quoted


class DecideOn(StrEnum):
    """Whether letters are decided on the exact rate or on the printed one."""

    EXACT = "exact"
    PRINTED = "printed"


class PaceKind(StrEnum):
    """Which share of the way is expected by a year: a straight line, or a list."""

    LINEAR = "linear"
    LISTED = "listed"


class ActionRule(StrEnum):
    """How an action gets one rate from its indicators."""

    WEIGHTED_MEAN = "weighted_mean"
    WORST = "worst"
    MAIN = "main"


class GoalRule(StrEnum):
    """How a goal gets its letter from what lies under it."""

    MEAN_OF_RATES = "mean_of_rates"
    MEAN_OF_POINTS = "mean_of_points"
    MODE = "mode"
    WORST = "worst"
    ALL_MET = "all_met"
    DISTRIBUTION = "distribution"
    JUDGEMENT = "judgement"


GOAL_RULE_LABELS = {
    GoalRule.MEAN_OF_RATES: "率の加重平均",
    GoalRule.MEAN_OF_POINTS: "得点の加重平均",
    GoalRule.MODE: "最頻値",
    GoalRule.WORST: "最も低い判定",
    GoalRule.ALL_MET: "すべて達成か",
    GoalRule.DISTRIBUTION: "内訳のみ（目標の判定なし）",
    GoalRule.JUDGEMENT: "話し合いによる判定",
}


class Level(StrEnum):
    """What is averaged; named wherever the score is shown (one city's 87.7 fits none of three)."""

    INDICATORS = "indicators"
    ACTIONS = "actions"
    CHILDREN = "children"


class Letters(StrEnum):
    """Which letters a goal counts: the computed ones, or first those that people gave.

    ``given`` is for plans whose items are judged by words: the letter of the last confirmed
    stage, and the computed one only where nobody has judged.
    """

    COMPUTED = "computed"
    GIVEN = "given"


class RuleSet(Model):
    """The arithmetic of a plan beside its scale (scoring.md §3, §5)."""

    name: str = Field("標準", max_length=60)
    decimals: int = Field(1, ge=0, le=4, description="率の小数の桁数")
    decide_on: DecideOn = DecideOn.EXACT
    floor: Decimal | None = Field(None, description="率の下限")
    floor_text: str = Field("", max_length=20, description="下限を下回るときの表示（例 0%未満）")
    ceiling: Decimal | None = Field(None, description="率の上限")
    ceiling_text: str = Field("", max_length=20, description="上限を上回るときの表示（例 100%超）")
    pace: PaceKind = PaceKind.LINEAR
    pace_steps: tuple[Decimal | None, ...] = Field(
        (),
        description="pace: listed のとき、基準年度の翌年から順に、期待される割合（％、null はその年の判定なし）",
    )
    action: ActionRule = ActionRule.WEIGHTED_MEAN
    goal: GoalRule = GoalRule.MEAN_OF_RATES
    letters: Letters = Field(
        Letters.COMPUTED,
        description="目標に数える判定（computed 率による、given 人による評価を優先）",
    )
    average_over: Level = Level.ACTIONS
    cap: Decimal | None = Field(Decimal(100), description="平均に入れる率の上限（％）")
    mean_floor: Decimal | None = Field(Decimal(0), description="平均に入れる率の下限（％）")
    minimum_coverage: Decimal = Field(
        Decimal(0), ge=0, le=100, description="目標を採点するのに要る評価済みの割合（％）"
    )

    jump: Decimal | None = Field(
        None,
        gt=0,
        description="前年度からの増減がこれ（％）を超えたら確かめる（なければ確かめない）",
    )

    @model_validator(mode="after")
    def _fields_agree(self) -> Self:
        if self.pace is PaceKind.LISTED and not self.pace_steps:
            raise ValueError("pace: listed には pace_steps が要ります")
        if any(step is not None and step <= 0 for step in self.pace_steps):
            raise ValueError("pace_steps の割合は0より大きくなければなりません")
        if self.floor is not None and self.ceiling is not None and self.floor >= self.ceiling:
            raise ValueError("floor が ceiling 以上になっています")
        if self.cap is not None and self.mean_floor is not None and self.mean_floor >= self.cap:
            raise ValueError("mean_floor が cap 以上になっています")
        return self

    @classmethod
    def preset(cls, name: str) -> "RuleSet":
        """Return a rule set shipped under ``name``; ``PlanProblem`` for an unknown one."""
        try:
            return _PRESETS[name]
        except KeyError:
            raise PlanProblem(
                f"規則の組{quoted(name)}はありません。", f"使える名前: {'、'.join(_PRESETS)}。"
            ) from None

    @property
    def mean_text(self) -> str:
        """How rates outside cap and floor enter a mean; empty where all enter as they are."""
        parts = []
        if self.cap is not None:
            parts.append(f"{short_percent(self.cap)}を超える率は{short_percent(self.cap)}")
        if self.mean_floor is not None:
            floor = short_percent(self.mean_floor)
            parts.append(f"{floor}を下回る率は{floor}")
        return f"{'、'.join(parts)}として平均" if parts else ""


_PRESETS = {
    "standard": RuleSet(),
    "gifu": RuleSet(name="岐阜型（0を下限、整数）", decimals=0, floor=Decimal(0)),
    "shiga": RuleSet(name="滋賀型（0から100まで）", floor=Decimal(0), ceiling=Decimal(100)),
    "miyagi": RuleSet(
        name="宮城型（0%未満・100%超、経過割合 50/75/100）",
        floor=Decimal(0),
        floor_text="0%未満",
        ceiling=Decimal(100),
        ceiling_text="100%超",
        pace=PaceKind.LISTED,
        pace_steps=(None, Decimal(50), Decimal(75), Decimal(100)),
    ),
    "distribution": RuleSet(name="内訳のみ", goal=GoalRule.DISTRIBUTION),
}
"""Conventions published by prefectures (field/evaluation-practice.md §1.2, §1.3)."""


def preset_names() -> tuple[str, ...]:
    """Return the names of the rule sets that can be written in a plan file."""
    return tuple(_PRESETS)
