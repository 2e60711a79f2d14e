"""The states a year goes through: 準備 → 記入 → 評価 → 確定 → 公表 (product.md, The year)."""

from enum import StrEnum


class YearState(StrEnum):
    """Where a year stands. Only a sealed or published one is closed."""

    PREPARING = "preparing"
    ENTRY = "entry"
    EVALUATION = "evaluation"
    SEALED = "sealed"
    PUBLISHED = "published"

    @property
    def closed(self) -> bool:
        """Whether the year stands as it was sealed."""
        return self in (YearState.SEALED, YearState.PUBLISHED)

    @property
    def open(self) -> bool:
        """Whether people may evaluate."""
        return self in (YearState.ENTRY, YearState.EVALUATION)


YEAR_STATE_LABELS = {
    YearState.PREPARING: "準備",
    YearState.ENTRY: "記入",
    YearState.EVALUATION: "評価",
    YearState.SEALED: "確定",
    YearState.PUBLISHED: "公表",
}
