"""The scales shipped: our own default and published ones (field/evaluation-practice.md §1.1, §1.2)."""

from decimal import Decimal

from shakyo_review.domain.scale import Basis, OffScale, Position, Scale, ScaleLevel
from shakyo_review.domain.value import State

_GOOD, _FAIR, _WEAK, _POOR = "green", "blue", "yellow", "red"


def _cuts(
    name: str,
    *levels: tuple[str, str, str | None],
    points: tuple[int, ...] = (),
    basis: Basis = Basis.PACE,
    met: tuple[str, str] = ("", ""),
    off_scale: tuple[OffScale, ...] = (),
) -> Scale:
    """Build a scale of plain cut points: (label, definition, lower cut or None for the rest)."""
    colors = (_GOOD, _FAIR, _WEAK, _POOR)
    shapes = "●◆▲■"
    last = len(levels) - 1
    made = [
        ScaleLevel(
            label=label,
            definition=definition,
            cut=None if cut is None else Decimal(cut),
            points=Decimal(points[i] if points else last + 1 - i),
            color=colors[min(i * 4 // (last + 1), 3)],
            shape=shapes[min(i * 4 // (last + 1), 3)],
        )
        for i, (label, definition, cut) in enumerate(levels)
    ]
    return Scale(
        name=name,
        basis=basis,
        levels=tuple(made),
        when_met=met[0],
        when_not_met=met[1],
        off_scale=off_scale,
    )


def _words(name: str, *levels: tuple[str, str], off_scale: tuple[OffScale, ...] = ()) -> Scale:
    """Build a scale that people judge by words."""
    made = [
        ScaleLevel(
            label=label, definition=definition, by_hand=True, points=Decimal(len(levels) - i)
        )
        for i, (label, definition) in enumerate(levels)
    ]
    return Scale(name=name, basis=Basis.JUDGED, levels=tuple(made), off_scale=off_scale)


_CANCELLED = OffScale(label="中止", definition="実施しなかった", states=(State.CANCELLED,))
_HARD = OffScale(label="評価困難", definition="判断する材料がない")

PRESETS: dict[str, Scale] = {
    "abcd": _cuts(
        "A–D（100・80・50）",
        ("A", "達成した", "100"),
        ("B", "おおむね達成した", "80"),
        ("C", "一部達成した", "50"),
        ("D", "達成できていない", None),
        met=("A", "D"),
    ),
    "togo": Scale(
        name="東郷町（A–E、基準値との比較を含む）",
        basis=Basis.RATE,
        levels=(
            ScaleLevel(
                label="A",
                definition="達成",
                cut=Decimal(100),
                points=Decimal(5),
                color=_GOOD,
                shape="●",
            ),
            ScaleLevel(
                label="B",
                definition="目標値の80%以上",
                cut=Decimal(80),
                points=Decimal(4),
                color=_FAIR,
                shape="◆",
            ),
            ScaleLevel(
                label="C",
                definition="目標値の50%以上",
                cut=Decimal(50),
                points=Decimal(3),
                color=_WEAK,
                shape="▲",
            ),
            ScaleLevel(
                label="D",
                definition="現況値より進捗",
                position=Position.BASELINE,
                inclusive=False,
                points=Decimal(2),
                color=_WEAK,
                shape="▼",
            ),
            ScaleLevel(
                label="E",
                definition="現況値のまま、または下回る",
                points=Decimal(1),
                color=_POOR,
                shape="■",
            ),
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
            ScaleLevel(
                label="A",
                definition="110%以上（目標が100%のときは100%）",
                cut=Decimal(110),
                cut_at_ceiling=Decimal(100),
                points=Decimal(4),
                color=_GOOD,
                shape="●",
            ),
            ScaleLevel(
                label="B",
                definition="90%以上",
                cut=Decimal(90),
                points=Decimal(3),
                color=_FAIR,
                shape="◆",
            ),
            ScaleLevel(
                label="C",
                definition="60%以上90%未満",
                cut=Decimal(60),
                points=Decimal(2),
                color=_WEAK,
                shape="▲",
            ),
            ScaleLevel(label="D", definition="60%未満", points=Decimal(1), color=_POOR, shape="■"),
        ),
    ),
    "agency": Scale(
        name="独立行政法人（S–D、Bが標準）",
        basis=Basis.RATE,
        levels=(
            ScaleLevel(
                label="S",
                definition="120%以上で、質的にも特に優れる",
                by_hand=True,
                points=Decimal(5),
                color=_GOOD,
                shape="★",
            ),
            ScaleLevel(
                label="A",
                definition="120%以上",
                cut=Decimal(120),
                points=Decimal(4),
                color=_GOOD,
                shape="●",
            ),
            ScaleLevel(
                label="B",
                definition="100%以上120%未満",
                cut=Decimal(100),
                points=Decimal(3),
                color=_FAIR,
                shape="◆",
            ),
            ScaleLevel(
                label="C",
                definition="80%以上100%未満",
                cut=Decimal(80),
                points=Decimal(2),
                color=_WEAK,
                shape="▲",
            ),
            ScaleLevel(label="D", definition="80%未満", points=Decimal(1), color=_POOR, shape="■"),
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
            ScaleLevel(
                label="S",
                definition="目標値を上回る",
                position=Position.TARGET,
                inclusive=False,
                points=Decimal(4),
                color=_GOOD,
                shape="●",
            ),
            ScaleLevel(
                label="A",
                definition="基準値を上回る",
                position=Position.BASELINE,
                inclusive=False,
                points=Decimal(3),
                color=_FAIR,
                shape="◆",
            ),
            ScaleLevel(
                label="B",
                definition="基準値の－10%以内",
                position=Position.BASELINE,
                within=Decimal(10),
                points=Decimal(2),
                color=_WEAK,
                shape="▲",
            ),
            ScaleLevel(
                label="C", definition="基準値を下回る", points=Decimal(1), color=_POOR, shape="■"
            ),
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
            ScaleLevel(
                label="達成",
                definition="目標に達した",
                met=True,
                forecast_label="達成見込み",
                points=Decimal(1),
                color=_GOOD,
                shape="●",
            ),
            ScaleLevel(
                label="未達成",
                definition="目標に達していない",
                met=False,
                forecast_label="未達成見込み",
                points=Decimal(0),
                color=_POOR,
                shape="■",
            ),
        ),
        when_met="達成",
        when_not_met="未達成",
    ),
    "akiruno": _words(
        "あきる野市（S–C と F・X・Y・Z）",
        ("S", "見込みを上回る"),
        ("A", "見込みどおり"),
        ("B", "半分程度"),
        ("C", "半分未満"),
        off_scale=(
            OffScale(label="F", definition="完了"),
            OffScale(label="X", definition="未着手"),
            OffScale(label="Y", definition="中止", states=(State.CANCELLED,)),
            OffScale(label="Z", definition="評価困難"),
        ),
    ),
    "kawasaki": _words(
        "川崎市（1が最も良い）",
        ("1", "大きく上回って達成"),
        ("2", "上回って達成"),
        ("3", "ほぼ達成"),
        ("4", "下回った"),
        ("5", "大きく下回った"),
        off_scale=(OffScale(label="Ⅳ", definition="法制度改定により比較不能"),),
    ),
    "ako": _cuts(
        "赤穂市（95・80・35点）",
        ("A", "達成（見込み）", "100"),
        ("B", "おおむね達成", "80"),
        ("C", "半分程度・未達成", None),
        points=(95, 80, 35),
    ),
    "hodatsushimizu": _words(
        "宝達志水町社協（5–1）",
        ("5", "目標を大幅に上回り実施"),
        ("4", "目標を上回り実施"),
        ("3", "目標どおり"),
        ("2", "目標に到達していない"),
        ("1", "全く実施できていない"),
    ),
    "sasebo": _words(
        "佐世保市・社協 第2期（A–D）",
        ("A", "達成し、特筆すべき点がある"),
        ("B", "達成した"),
        ("C", "達成したが改善すべき点がある"),
        ("D", "改善が必要"),
    ),
    "maru": _words(
        "◎○△×",
        ("◎", "目標を上回った"),
        ("○", "目標どおり"),
        ("△", "一部できた"),
        ("×", "できなかった"),
        off_scale=(_CANCELLED, _HARD),
    ),
}
