"""What an indicator says about itself (scoring.md §1): entered by a person, never inferred."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from shakyo_review.domain.base import Model
from shakyo_review.domain.value import MAX_TEXT

Year = Annotated[int, Field(ge=1950, le=2100, description="年度（西暦。令和6年度は 2024）")]
Code = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]*$",
        description="コード（半角の英数字と . _ -）",
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Direction(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    KEEP_MIN = "keep_min"
    KEEP_MAX = "keep_max"
    RANGE = "range"
    NONE = "none"


DIRECTION_LABELS = {
    Direction.HIGHER: "高いほど良い",
    Direction.LOWER: "低いほど良い",
    Direction.KEEP_MIN: "維持以上",
    Direction.KEEP_MAX: "維持以下",
    Direction.RANGE: "範囲内",
    Direction.NONE: "評価しない",
}


class Measure(StrEnum):
    """What the values of several years are to each other."""

    ANNUAL = "annual"
    CUMULATIVE = "cumulative"
    POINT_IN_TIME = "point_in_time"


MEASURE_LABELS = {
    Measure.ANNUAL: "単年度",
    Measure.CUMULATIVE: "累計",
    Measure.POINT_IN_TIME: "時点",
}


class TargetKind(StrEnum):
    """A target to be met every year, or one at the end with a path towards it."""

    EVERY_YEAR = "every_year"
    FINAL_YEAR = "final_year"


class Path(StrEnum):
    """How the targets of the years between baseline and final target are found."""

    LINEAR = "linear"
    STEPPED = "stepped"
    EXPLICIT = "explicit"
    PACE = "pace"


class Parts(StrEnum):
    """How branches (区・支所・地区) make the whole."""

    SUM = "sum"
    MEAN = "mean"
    RATIO = "ratio"
    SEPARATE = "separate"


PARTS_LABELS = {
    Parts.SUM: "各区・支所の合計",
    Parts.MEAN: "各区・支所の平均",
    Parts.RATIO: "分子の計÷分母の計",
    Parts.SEPARATE: "全体の公表値",
}


class Periods(StrEnum):
    """How months or quarters make a year."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"
    MAX = "max"


class IndicatorKind(StrEnum):
    """活動指標, 成果指標 or 対象指標."""

    OUTPUT = "output"
    OUTCOME = "outcome"
    POPULATION = "population"


class RateRule(StrEnum):
    """The rate rules of scoring.md §3."""

    SIMPLE = "simple"
    INVERSE = "inverse"
    BASELINE = "baseline"
    KEEP_MIN = "keep_min"
    KEEP_MAX = "keep_max"
    RANGE = "range"
    MET = "met"
    MILESTONE = "milestone"
    MANUAL = "manual"


RULE_LABELS = {
    RateRule.SIMPLE: "達成率（実績÷目標）",
    RateRule.INVERSE: "達成率（目標÷実績）",
    RateRule.BASELINE: "進捗率（基準値からの伸び）",
    RateRule.KEEP_MIN: "維持以上（実績÷目標）",
    RateRule.KEEP_MAX: "維持以下（(2×目標－実績)÷目標）",
    RateRule.RANGE: "範囲内",
    RateRule.MET: "達成・未達成",
    RateRule.MILESTONE: "到達段階",
    RateRule.MANUAL: "人による判定",
}


class Against(StrEnum):
    """Which target the rate is taken against."""

    YEAR_TARGET = "year_target"
    FINAL_TARGET = "final_target"


class Dated(Model):
    """A figure and the fiscal year it belongs to; either may be missing."""

    value: Decimal | None = None
    year: Year | None = None


class Milestone(Model):
    """A step of a process indicator with the points (in %) reached with it."""

    label: Name
    points: Decimal = Field(ge=0, le=100)


Figure = Decimal | Annotated[str, Field(max_length=MAX_TEXT + 2)]
"""A figure of a plan file: a number, or what the document prints instead (随時, 中止, 30/100)."""


def _fits(figure: Decimal, decimals: int) -> bool:
    """Whether a figure is a number with at most so many decimals."""
    return figure.is_finite() and (Fraction(figure) * 10**decimals).denominator == 1


class Indicator(Model):
    """One figure by which an action is judged, with all that its arithmetic needs."""

    code: Code
    name: Name = Field(description="指標名")
    unit: str = Field(
        "",
        max_length=20,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="単位（人、回、％、千円 など）",
    )
    direction: Direction = Field(description="良い方向")
    measure: Measure = Field(description="単年度・累計・時点の別")
    kind: IndicatorKind = Field(
        IndicatorKind.OUTPUT, description="活動指標・成果指標・対象指標の別"
    )
    target_kind: TargetKind = Field(
        TargetKind.EVERY_YEAR, description="毎年の目標か、最終年の目標か"
    )
    path: Path = Field(Path.LINEAR, description="最終目標までの道筋")
    pace_percent: Decimal | None = Field(None, description="path: pace のときの毎年の伸び（％）")
    steps: dict[Year, Decimal] = Field(
        default_factory=dict, description="path: stepped のとき、その年度から有効な目標値"
    )
    baseline: Dated = Field(default_factory=Dated, description="基準値とその年度")
    final_target: Dated = Field(default_factory=Dated, description="最終目標とその年度")
    parts: Parts = Field(Parts.SEPARATE, description="区・支所の値のまとめ方")
    periods: Periods | None = Field(None, description="月・四半期の値のまとめ方")
    decimals: int = Field(0, ge=0, le=4, description="小数の桁数")
    ceiling: Decimal | None = Field(None, description="自然な上限（割合なら 100）")
    low: Decimal | None = Field(None, description="direction: range の下限")
    high: Decimal | None = Field(None, description="direction: range の上限")
    tolerance: Decimal | None = Field(None, ge=0, description="調査の誤差（±ポイント）")
    jump: Decimal | None = Field(
        None,
        gt=0,
        description="前年度からの増減がこれ（％）を超えたら確かめる（省略時は規則の jump）",
    )
    cadence: int = Field(1, ge=1, le=20, description="何年ごとに測るか")
    weight: Decimal = Field(Decimal(1), ge=0, description="重み")
    main: bool = Field(False, description="取組の主たる指標か")
    rule: RateRule | None = Field(None, description="率の規則（省略時は方向から決まる）")
    against: Against | None = Field(
        None, description="率を年度の目標に対して取るか、最終目標に対して取るか"
    )
    rule_set: Name | None = Field(
        None, description="この指標の規則の組（計画の rule_sets か、用意されたものの名前）"
    )
    scale: Name | None = Field(
        None, description="この指標の評価基準（計画の scales か、用意されたものの名前）"
    )
    milestones: tuple[Milestone, ...] = Field((), description="rule: milestone の段階と得点")
    formerly: Code | None = Field(None, description="改定の前のコード（番号を変えたとき）")
    comparable_from: Year | None = Field(
        None, description="定義を変えた年度（これより前の値とは比べない）"
    )
    source: str = Field("", max_length=200, description="出典")
    note: str = Field("", max_length=400, description="注記")
    example: bool = Field(False, description="例示の指標か")
    targets: dict[Year, Figure] = Field(default_factory=dict, description="年度ごとの目標")
    actuals: dict[Year, Figure] = Field(default_factory=dict, description="年度ごとの実績")

    @property
    def period_rule(self) -> Periods:
        """How periods make the year: the sum of an annual count, the last figure otherwise."""
        if self.periods is not None:
            return self.periods
        return Periods.SUM if self.measure is Measure.ANNUAL else Periods.LAST

    @property
    def figure_decimals(self) -> int:
        """Decimals of the year's figure: a share of branches has at least one."""
        return max(self.decimals, 1) if self.parts is Parts.RATIO else self.decimals

    @property
    def rate_rule(self) -> RateRule | None:
        """The rule in force; None where the indicator is not judged (scoring.md §3).

        Without a direction only people and steps can rate: no arithmetic knows what is good.
        """
        if self.direction is Direction.NONE:
            return self.rule if self.rule in (RateRule.MANUAL, RateRule.MILESTONE) else None
        if self.rule is not None:
            return self.rule
        if self.direction in (Direction.KEEP_MIN, Direction.KEEP_MAX, Direction.RANGE):
            return RateRule(self.direction.value)
        if self.direction is Direction.LOWER:
            return RateRule.BASELINE
        from_baseline = (
            self.target_kind is TargetKind.FINAL_YEAR and self.baseline.value is not None
        )
        return RateRule.BASELINE if from_baseline else RateRule.SIMPLE

    @property
    def judged_against(self) -> Against:
        """The target in force for the rate: the final one where the promise is for the final year."""
        if self.against is not None:
            return self.against
        final = self.target_kind is TargetKind.FINAL_YEAR and self.final_target.value is not None
        return Against.FINAL_TARGET if final else Against.YEAR_TARGET

    @model_validator(mode="after")
    def _fields_agree(self) -> Self:
        if self.direction is Direction.RANGE:
            if self.low is None or self.high is None:
                raise ValueError("direction: range には low と high が要ります")
            if self.low > self.high:
                raise ValueError("low が high より大きくなっています")
        if self.target_kind is TargetKind.FINAL_YEAR:
            if self.path is Path.PACE and self.pace_percent is None:
                raise ValueError("path: pace には pace_percent が要ります")
            if self.path is Path.STEPPED and not self.steps:
                raise ValueError("path: stepped には steps が要ります")
        if self.rule is RateRule.MILESTONE and not self.milestones:
            raise ValueError("rule: milestone には milestones が要ります")
        first, last = self.baseline.year, self.final_target.year
        if first is not None and last is not None and first >= last:
            raise ValueError("最終目標の年度は、基準値の年度より後でなければなりません")
        for label, figure in (
            ("baseline", self.baseline.value),
            ("final_target", self.final_target.value),
            ("low", self.low),
            ("high", self.high),
            ("ceiling", self.ceiling),
            *(("steps", value) for value in self.steps.values()),
        ):
            if figure is not None and not _fits(figure, self.decimals):
                raise ValueError(
                    f"{label} の {figure} は decimals: {self.decimals} より桁が多くなっています"
                )
        return self
