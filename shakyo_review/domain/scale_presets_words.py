"""The scales shipped that people judge by words, with their labels that are no rank."""

from decimal import Decimal

from shakyo_review.domain.scale import Basis, OffScale, Scale, ScaleLevel
from shakyo_review.domain.value import State

CANCELLED = OffScale(label="中止", definition="実施しなかった", states=(State.CANCELLED,))
HARD = OffScale(label="評価困難", definition="判断する材料がない")


def _words(name: str, *levels: tuple[str, str], off_scale: tuple[OffScale, ...] = ()) -> Scale:
    """Build a scale of (label, definition), best first; no definition where none is published."""
    made = [
        ScaleLevel(
            label=label, definition=definition, by_hand=True, points=Decimal(len(levels) - i)
        )
        for i, (label, definition) in enumerate(levels)
    ]
    return Scale(name=name, basis=Basis.JUDGED, levels=tuple(made), off_scale=off_scale)


WORDS: dict[str, Scale] = {
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
    "kawasaki3": _words(
        "川崎市 3か年の総括（Ⅰ–Ⅲ と Ⅳ）",
        ("Ⅰ", ""),
        ("Ⅱ", ""),
        ("Ⅲ", ""),
        off_scale=(OffScale(label="Ⅳ", definition="法制度改定により比較不能"),),
    ),
    "hodatsushimizu": _words(
        "宝達志水町社協（5–1）",
        ("5", "目標を大幅に上回り実施"),
        ("4", "目標を上回り実施"),
        ("3", "目標どおり"),
        ("2", "目標に到達していない"),
        ("1", "全く実施できていない"),
    ),
    "shingu": _words(
        "新宮市 第3次（5–1）",
        ("5", "かなり進んだ"),
        ("4", ""),
        ("3", ""),
        ("2", ""),
        ("1", "見直しが必要"),
    ),
    "sasebo": _words(
        "佐世保市・社協 第2期（A–D）",
        ("A", "達成し、特筆すべき点がある"),
        ("B", "達成した"),
        ("C", "達成したが改善すべき点がある"),
        ("D", "改善が必要"),
    ),
    "sasebo3": _words(
        "佐世保市・社協 第3期（A–C）",
        ("A", "達成し、評価すべき点がある"),
        ("B", "達成した"),
        ("C", "達成できていない"),
    ),
    "maru": _words(
        "◎○△×",
        ("◎", "目標を上回った"),
        ("○", "目標どおり"),
        ("△", "一部できた"),
        ("×", "できなかった"),
        off_scale=(CANCELLED, HARD),
    ),
    "asahikawa": _words(
        "旭川市社協 第5期（○△×）",
        ("○", ""),
        ("△", ""),
        ("×", "理由と、遅れを取り戻す手だてを書く"),
    ),
    "nagasaki": _words("長崎県社協 第5次（○×）", ("○", "実施した"), ("×", "実施していない")),
    "fukuoka_goal": _words(
        "福岡市 目標の評価（A–D）",
        ("A", "順調"),
        ("B", "概ね順調"),
        ("C", "やや遅れ"),
        ("D", "遅れ"),
    ),
    "kanagawa": _words(
        "神奈川県（順調–遅れ）", ("順調", ""), ("概ね順調", ""), ("やや遅れ", ""), ("遅れ", "")
    ),
    "library_process": _words(
        "大阪府立図書館（「○○を行う」という目標）",
        ("A", "予定より早く進んだ"),
        ("B", "予定どおり"),
        ("C", "多くの段階が残っている"),
        ("D", "体制ができていない"),
    ),
    "osaka_fund": _words(
        "大阪府福祉基金（S–D）",
        ("S", ""),
        ("A", ""),
        ("B", ""),
        ("C", ""),
        ("D", "3年間、申請がない"),
    ),
}
