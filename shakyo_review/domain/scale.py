"""Rating scales: ordered levels and the labels that are no rank. Data of the plan."""

from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from shakyo_review.domain.base import Model
from shakyo_review.domain.indicator import Name
from shakyo_review.domain.value import State, format_percent
from shakyo_review.errors import PlanProblem, quoted


class Basis(StrEnum):
    """The number a scale cuts on.

    ``pace`` takes rate ÷ pace where the target is one of the final year, the rate elsewhere.
    """

    RATE = "rate"
    PACE = "pace"
    JUDGED = "judged"


class Position(StrEnum):
    """Where an actual stands, for levels that are no cut of a rate."""

    TARGET = "target"
    BASELINE = "baseline"


class ScaleLevel(Model):
    """One rank. The first level (from the best) whose condition holds is the letter.

    Conditions: ``cut`` on the basis, ``met`` (target met or not), ``position`` (better than
    target or baseline, ``within`` a share of it in %). A level without one takes what is left;
    ``by_hand`` levels are given by people only.
    """

    label: Name
    definition: str = Field("", max_length=200)
    points: Decimal | None = None
    cut: Decimal | None = Field(None, description="下限（％）")
    inclusive: bool = Field(True, description="下限の値そのものを含むか")
    cut_at_ceiling: Decimal | None = Field(None, description="目標が自然な上限のときの下限（％）")
    met: bool | None = None
    forecast_label: str = Field("", max_length=20, description="見込みの値のときの表示")
    position: Position | None = None
    within: Decimal = Field(Decimal(0), ge=0, description="position から許す隔たり（％）")
    by_hand: bool = False
    color: str = Field("", max_length=20)
    shape: str = Field("", max_length=4)

    @property
    def conditional(self) -> bool:
        """Whether something has to hold for this level."""
        return self.cut is not None or self.met is not None or self.position is not None


class OffScale(Model):
    """A label that is no rank (完了・未着手・中止・評価困難・比較不能), and the states it stands for."""

    label: Name
    definition: str = Field("", max_length=200)
    states: tuple[State, ...] = ()


class Scale(Model):
    """A rating scale (scoring.md §4); ``levels`` run from the best to the worst."""

    name: Name
    basis: Basis = Basis.PACE
    levels: tuple[ScaleLevel, ...] = Field(min_length=1)
    off_scale: tuple[OffScale, ...] = ()
    when_met: str = Field("", max_length=20, description="率が出せず達成だけが分かるときの判定")
    when_not_met: str = Field(
        "", max_length=20, description="率が出せず未達成だけが分かるときの判定"
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        labels = [level.label for level in self.levels] + [label.label for label in self.off_scale]
        twice = next((label for at, label in enumerate(labels) if label in labels[:at]), None)
        if twice is not None:
            raise ValueError(f"評価基準に同じ記号「{twice}」が2つあります")
        cut = [(level.label, level.cut) for level in self.levels if level.cut is not None]
        for (better, high), (worse, low) in pairwise(cut):
            if high <= low:
                raise ValueError(
                    f"levels の下限は、良い段から順に小さくなるように書きます"
                    f"（「{better}」{high:f} の次が「{worse}」{low:f} になっています）"
                )
        for field in ("when_met", "when_not_met"):
            label = getattr(self, field)
            if label and label not in labels:
                raise ValueError(f"{field} の「{label}」が評価基準の段にありません")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """The ranks, best first."""
        return tuple(level.label for level in self.levels)

    def level(self, label: str) -> ScaleLevel | None:
        """Return the rank with this label (or forecast label), None where it is no rank."""
        place = self._ranks.get(label)
        return None if place is None else self.levels[place]

    def rank(self, label: str) -> int:
        """Return the place of a label from the best (0); labels that are no rank come last."""
        return self._ranks.get(label, len(self.levels))

    @cached_property
    def _ranks(self) -> dict[str, int]:
        """The place of every label and forecast label; of two alike the better one's."""
        places: dict[str, int] = {}
        for place, level in enumerate(self.levels):
            for label in filter(None, (level.label, level.forecast_label)):
                places.setdefault(label, place)
        return places

    @classmethod
    def preset(cls, name: str) -> "Scale":
        """Return a scale shipped under ``name``; ``PlanProblem`` for an unknown one."""
        from shakyo_review.domain.scale_presets import PRESETS

        if name in PRESETS:
            return PRESETS[name]
        near = get_close_matches(name, PRESETS, 1)
        hint = (
            f"「{near[0]}」の書き間違いではありませんか。"
            if near
            else f"使える名前: {'、'.join(PRESETS)}。"
        )
        raise PlanProblem(f"評価基準{quoted(name)}はありません。", hint)


def lowest_levels(scale: Scale) -> tuple[ScaleLevel, ...]:
    """Return the lower half of a scale, what lies below the line: C and D of four, the last of two or three."""
    return scale.levels[(len(scale.levels) + 1) // 2 :] or scale.levels[-1:]


# --- in words ---------------------------------------------------------------


def level_condition(level: ScaleLevel, previous: ScaleLevel | None = None) -> str:
    """Return the condition of a level in words: 80%以上100%未満."""
    if level.by_hand:
        return "人が判定"
    if level.cut is not None:
        word = "以上" if level.inclusive else "超"
        text = f"{short_percent(level.cut)}{word}"
        if previous is not None and previous.cut is not None:
            text += f"{short_percent(previous.cut)}{'未満' if previous.inclusive else '以下'}"
        if level.cut_at_ceiling is not None:
            text += f"（目標が上限のときは{short_percent(level.cut_at_ceiling)}以上）"
        return text
    if level.met is not None:
        return "目標を達成" if level.met else "目標に届かない"
    if level.position is not None:
        mark = "目標" if level.position is Position.TARGET else "基準値"
        if level.within:
            return f"{mark}から{short_percent(level.within)}以内"
        return f"{mark}{'以上' if level.inclusive else 'より良い'}"
    if previous is not None and previous.cut is not None:
        return f"{short_percent(previous.cut)}{'未満' if previous.inclusive else '以下'}"
    return "それ以外"


def short_percent(value: Decimal) -> str:
    """Return a percentage with no more decimals than it has: 80%, 66.5%."""
    return format_percent(value, max(0, -int(value.normalize().as_tuple().exponent)))


def scale_text(scale: Scale) -> str:
    """Return all cut points of a scale in one line."""
    parts = []
    previous: ScaleLevel | None = None
    for level in scale.levels:
        parts.append(f"{level.label} {level_condition(level, previous)}")
        previous = level
    return " ／ ".join(parts)
