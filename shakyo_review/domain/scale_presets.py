"""The scales shipped: our own default and published ones (field/evaluation-practice.md §1.1, §1.2).

Where a source prints bands but no letters, the band itself is the label; where it prints no
definition of a level, there is none.
"""

from decimal import Decimal
from typing import Any

from shakyo_review.domain.scale import Basis, OffScale, Position, Scale, ScaleLevel
from shakyo_review.domain.scale_presets_words import WORDS
from shakyo_review.domain.value import State

_GOOD, _FAIR, _WEAK, _POOR = ("green", "●"), ("blue", "◆"), ("yellow", "▲"), ("red", "■")
_RANKS = (_GOOD, _FAIR, _WEAK, _POOR)


def _level(
    label: str, definition: str, points: int, look: tuple[str, str], **condition: Any
) -> ScaleLevel:
    """Build one level; ``condition`` are the fields of ``ScaleLevel`` that have to hold."""
    if "cut" in condition:
        condition["cut"] = Decimal(condition["cut"])
    color, shape = look
    return ScaleLevel(
        label=label,
        definition=definition,
        points=Decimal(points),
        color=color,
        shape=shape,
        **condition,
    )


def _cuts(
    name: str,
    *levels: tuple[str, str, str | None],
    points: tuple[int, ...] = (),
    basis: Basis = Basis.PACE,
    **more: Any,
) -> Scale:
    """Build a scale of plain cut points: (label, definition, lower cut or None for the rest)."""
    count = len(levels)
    made = [
        _level(
            label,
            definition,
            points[i] if points else count - i,
            _RANKS[min(i * 4 // count, 3)],
            **({} if cut is None else {"cut": cut}),
        )
        for i, (label, definition, cut) in enumerate(levels)
    ]
    return Scale(name=name, basis=basis, levels=tuple(made), **more)


PRESETS: dict[str, Scale] = {
    "abcd": _cuts(
        "A–D（100・80・50）",
        ("A", "達成した", "100"),
        ("B", "おおむね達成した", "80"),
        ("C", "一部達成した", "50"),
        ("D", "達成できていない", None),
        when_met="A",
        when_not_met="D",
    ),
    "togo": Scale(
        name="東郷町（A–E、基準値との比較を含む）",
        basis=Basis.RATE,
        levels=(
            _level("A", "達成", 5, _GOOD, cut=100),
            _level("B", "目標値の80%以上", 4, _FAIR, cut=80),
            _level("C", "目標値の50%以上", 3, _WEAK, cut=50),
            _level(
                "D",
                "現況値より進捗",
                2,
                ("yellow", "▼"),
                position=Position.BASELINE,
                inclusive=False,
            ),
            _level("E", "現況値のまま、または下回る", 1, _POOR),
        ),
    ),
    "library2013": _cuts(
        "大阪府立図書館 2013",
        ("A", "110%以上", "110"),
        ("B", "80%以上110%未満", "80"),
        ("C", "50%以上80%未満", "50"),
        ("D", "50%未満", None),
        basis=Basis.RATE,
    ),
    "library2016": Scale(
        name="大阪府立図書館 2016",
        basis=Basis.RATE,
        levels=(
            _level(
                "A",
                "110%以上（目標が100%のときは100%）",
                4,
                _GOOD,
                cut=110,
                cut_at_ceiling=Decimal(100),
            ),
            _level("B", "90%以上", 3, _FAIR, cut=90),
            _level("C", "60%以上90%未満", 2, _WEAK, cut=60),
            _level("D", "60%未満", 1, _POOR),
        ),
    ),
    "agency": Scale(
        name="独立行政法人（S–D、Bが標準）",
        basis=Basis.RATE,
        levels=(
            _level("S", "120%以上で、質的にも特に優れる", 5, ("green", "★"), by_hand=True),
            _level("A", "120%以上", 4, _GOOD, cut=120),
            _level("B", "100%以上120%未満", 3, _FAIR, cut=100),
            _level("C", "80%以上100%未満", 2, _WEAK, cut=80),
            _level("D", "80%未満", 1, _POOR),
        ),
    ),
    "sano": _cuts(
        "佐野市（7点–1点）",
        ("7", "100%以上", "100"),
        ("6", "90%以上", "90"),
        ("5", "80%以上", "80"),
        ("4", "70%以上", "70"),
        ("3", "60%以上", "60"),
        ("2", "50%以上", "50"),
        ("1", "50%未満", None),
        basis=Basis.RATE,
    ),
    "nagoya_port": _cuts(
        "名古屋港（順調・やや遅れ・遅れ）",
        ("順調", "80%以上", "80"),
        ("やや遅れ", "60%以上80%未満", "60"),
        ("遅れ", "60%未満", None),
        basis=Basis.RATE,
    ),
    "nagayo": Scale(
        name="長与町（目標と基準値に対する位置）",
        basis=Basis.RATE,
        levels=(
            _level("S", "目標値を上回る", 4, _GOOD, position=Position.TARGET, inclusive=False),
            _level("A", "基準値を上回る", 3, _FAIR, position=Position.BASELINE, inclusive=False),
            _level(
                "B",
                "基準値の－10%以内",
                2,
                _WEAK,
                position=Position.BASELINE,
                within=Decimal(10),
            ),
            _level("C", "基準値を下回る", 1, _POOR),
        ),
        off_scale=(OffScale(label="−", definition="評価できない"),),
    ),
    "tama": _cuts(
        "多摩市 総合戦略",
        ("着実", "経過割合の100%以上", "100"),
        ("概ね", "60%以上100%未満", "60"),
        ("要改善", "60%未満", None),
    ),
    "miyagi": _cuts(
        "宮城県（A–D、経過割合に対して）",
        ("A", "100%以上", "100"),
        ("B", "80%以上100%未満", "80"),
        ("C", "60%以上80%未満", "60"),
        ("D", "60%未満", None),
    ),
    "fukushima": Scale(
        name="福島県（達成・未達成）",
        basis=Basis.RATE,
        levels=(
            _level("達成", "目標に達した", 1, _GOOD, met=True, forecast_label="達成見込み"),
            _level(
                "未達成",
                "目標に達していない",
                0,
                _POOR,
                met=False,
                forecast_label="未達成見込み",
            ),
        ),
        when_met="達成",
        when_not_met="未達成",
    ),
    "ako": _cuts(
        "赤穂市（95・80・35点）",
        ("A", "達成（見込み）", "100"),
        ("B", "おおむね達成", "80"),
        ("C", "半分程度・未達成", None),
        points=(95, 80, 35),
    ),
    # 「遅い」 needs a schedule: held against this year's target it is the path. A survey's change
    # under 3 points is 現状維持: the indicator's own tolerance.
    "fukuoka_city": Scale(
        name="福岡市 指標の評価（a–c）",
        basis=Basis.RATE,
        levels=(
            _level("a", "順調", 3, _GOOD, position=Position.TARGET),
            _level("b", "遅いが改善・現状維持", 2, _FAIR, position=Position.BASELINE),
            _level("c", "初期値より悪化", 1, _POOR),
        ),
    ),
    # The second class speaks of targets that are not met, so a target just met is in the first.
    "chiho_sosei": Scale(
        name="地方創生（目標の7割、開始前との比較）",
        basis=Basis.RATE,
        levels=(
            _level(
                "上回った", "目標値に達した、または上回った", 4, _GOOD, position=Position.TARGET
            ),
            _level("相当程度", "目標値の7割以上", 3, _FAIR, cut=70),
            _level("改善", "開始前より改善", 2, _WEAK, position=Position.BASELINE, inclusive=False),
            _level("悪化", "開始前から改善していない", 1, _POOR),
        ),
    ),
    "fuji": _cuts(
        "富士市（80・50・20%）",
        ("80%以上", "", "80"),
        ("50%以上", "", "50"),
        ("20%以上", "", "20"),
        ("20%未満", "", None),
        basis=Basis.RATE,
    ),
    "musashino": _cuts(
        "武蔵野市（達成・未達成・未実施）",
        ("達成", "目標に達した", "100"),
        ("未達成", "目標に達していない", None),
        basis=Basis.RATE,
        when_met="達成",
        when_not_met="未達成",
        off_scale=(
            OffScale(label="未実施", definition="実施しなかった", states=(State.CANCELLED,)),
        ),
    ),
    **WORDS,
}
