"""How a plan is evaluated: the stages, who sits in them, the words for the next year. Data of the plan."""

from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from shakyo_review.domain.base import Model
from shakyo_review.domain.indicator import Code, Name


class Join(StrEnum):
    """How the ratings of several members make a proposal for one (field notes §1.6)."""

    JUDGEMENT = "judgement"
    MODE = "mode"
    MEAN = "mean"


JOIN_LABELS = {
    Join.JUDGEMENT: "話し合い",
    Join.MODE: "最頻値",
    Join.MEAN: "得点の平均",
}


class When(StrEnum):
    """What a stage looks at: the year that has ended, its first half, or the plan so far."""

    YEAR = "year"
    HALF = "half"
    MIDTERM = "midterm"


class Stage(Model):
    """A stage of the evaluation (自己評価, 内部評価, 委員会評価 …).

    ``items``, ``flags`` and ``levels`` say which items of the plan go to it: those must have its
    letter before the year is sealed. Without any of them every item may be rated and none must.
    Only stages of the year make the official letter; half-year and mid-term checks stand apart.
    """

    code: Code
    name: Name
    when: When = Field(When.YEAR, description="年度評価・上半期点検・中間評価の別")
    join: Join = Field(Join.JUDGEMENT, description="委員の評価のまとめ方")
    members: tuple[Name, ...] = Field((), description="委員の名前")
    quorum: Decimal | None = Field(
        None, gt=0, le=100, description="定足数（委員のうち出席が要る割合、％）"
    )
    items: tuple[Code, ...] = Field((), description="この段階にかける項目のコード")
    flags: tuple[Name, ...] = Field((), description="この段階にかける項目の印（重点 など）")
    levels: tuple[int, ...] = Field((), description="この段階にかける段（0から）")

    @property
    def chosen(self) -> bool:
        """Whether only some items go to this stage."""
        return bool(self.items or self.flags or self.levels)


DIRECTIONS = ("拡充", "継続", "改善", "縮小", "統合", "休止", "廃止", "完了")
"""今後の方向性: the words seen most often (field notes §1.7); a plan picks its own."""


class Process(Model):
    """The stages in their order and the plan's own words for the direction of the next year."""

    stages: tuple[Stage, ...] = Field(
        (
            Stage(code="self", name="自己評価"),
            Stage(code="internal", name="内部評価"),
            Stage(code="committee", name="委員会評価"),
        ),
        min_length=1,
        description="評価の段階（順に）",
    )
    directions: tuple[Name, ...] = Field(DIRECTIONS, min_length=1, description="今後の方向性の言葉")

    @model_validator(mode="after")
    def _different(self) -> Self:
        for what, words in (
            ("stages の code", [stage.code for stage in self.stages]),
            ("stages の name", [stage.name for stage in self.stages]),
            ("directions", list(self.directions)),
            *((f"{stage.name}の members", list(stage.members)) for stage in self.stages),
        ):
            if len(set(words)) < len(words):
                raise ValueError(f"{what} に同じものが2つあります")
        return self

    def stage(self, code: str) -> Stage | None:
        """Return a stage by its code or name."""
        return next((stage for stage in self.stages if code in (stage.code, stage.name)), None)

    @property
    def of_year(self) -> tuple[Stage, ...]:
        """The stages whose last letter is the official one."""
        return tuple(stage for stage in self.stages if stage.when is When.YEAR)
