"""The fixed sentences of the report, in one place."""

from shakyo_review.domain.indicator import IndicatorKind, RateRule
from shakyo_review.domain.plan import PlanKind
from shakyo_review.domain.rules import ActionRule, Level
from shakyo_review.domain.scale import Basis

REPORT_KIND = "評価報告書"
EXAMPLE_NOTE = "例示の数値を含みます"

LETTERS = (
    "判定は率などから計算した記号、評価は人が話し合って付けた記号です。段階ごとの評価のうち、"
    "最後の段階のものをその年度の評価とします。評価が判定と異なるときは、理由を添えます。"
)

PLAN_KINDS = {
    PlanKind.ACTIVITY: "地域福祉活動計画",
    PlanKind.MUNICIPAL: "地域福祉計画",
    PlanKind.JOINT: "地域福祉計画と地域福祉活動計画の一体計画",
    PlanKind.STRENGTHENING: "発展・強化計画",
    PlanKind.PROJECT: "単年度の事業計画",
    PlanKind.OTHER: "その他の計画",
}

INDICATOR_KINDS = {
    IndicatorKind.OUTPUT: "活動指標",
    IndicatorKind.OUTCOME: "成果指標",
    IndicatorKind.POPULATION: "対象指標",
}

BASIS = {
    Basis.RATE: "指標ごとの率を下の基準にあてはめて判定します。",
    Basis.PACE: (
        "指標ごとの率を下の基準にあてはめて判定します。最終年度の目標に向けて進める指標では、"
        "率を経過割合で割った値をあてはめます。"
    ),
    Basis.JUDGED: "判定は、率からは決めず、話し合いで決めます。",
}

RULES = {
    RateRule.SIMPLE: ("達成率", "実績 ÷ 目標 × 100"),
    RateRule.INVERSE: ("達成率（少ないほど良いもの）", "目標 ÷ 実績 × 100"),
    RateRule.BASELINE: ("進捗率", "（実績 － 基準値）÷（目標 － 基準値）× 100"),
    RateRule.KEEP_MIN: ("維持率（目標以上を保つもの）", "実績 ÷ 目標 × 100"),
    RateRule.KEEP_MAX: ("維持率（目標以下に抑えるもの）", "（2 × 目標 － 実績）÷ 目標 × 100"),
    RateRule.RANGE: ("範囲", "範囲の内は100、外れた分は近い方の境で割って引く"),
    RateRule.MET: ("達成・未達成", "率は出さず、目標に達したかどうかだけを見る"),
    RateRule.MILESTONE: ("到達段階", "到達した段階に決めてある得点"),
    RateRule.MANUAL: ("人による判定", "率は計算せず、理由を添えて人が決める"),
}
"""Name and formula of each rate rule."""

ACTION_RULES = {
    ActionRule.WEIGHTED_MEAN: "指標の率の平均（重みがあれば加重平均）",
    ActionRule.WORST: "最も低い指標の判定",
    ActionRule.MAIN: "主たる指標の判定",
}

LEVELS = {
    Level.INDICATORS: "指標",
    Level.ACTIONS: "指標を持つ項目",
    Level.CHILDREN: "すぐ下の段の項目",
}

STATES = (
    (
        "評価できなかったものに数える",
        "未入力（まだ報告がない）、集計中、未公表（もとの統計がまだ出ていない）、調査未実施、未把握、"
        "中止（実施しなかった。実績0とは区別する）",
    ),
    ("評価の対象から除く", "調査年度外（調査をしない年度）、対象外"),
    ("数に置き換えない", "「随時」「実施」など、文字で報告されたもの"),
)
"""What stands in the column of actuals instead of a number, and how it is treated."""

GLOSSARY = (
    ("指標", "取組がどこまで進んだかを見るための数値です。"),
    (
        "活動指標・成果指標・対象指標",
        "活動指標は行った量、成果指標は行った結果、対象指標は取組の背景にある人数や件数を表します。",
    ),
    ("基準値", "計画をつくったときの値です。括弧内はその年度です。"),
    ("目標・最終目標", "目標はその年度に目指す値、最終目標は計画の終わりに目指す値です。"),
    ("実績", "その年度に実際に得られた値です。「見込み」とあるものは確定していません。"),
    ("単年度・累計・時点", "単年度はその年だけの値、累計は始めからの合計、時点はある日の値です。"),
    ("率", "目標に対してどこまで届いたかを百分率で表したものです。"),
    (
        "経過割合・経過比",
        "計画の年数のうち、評価する年度までに過ぎた割合です。率を経過割合で割った値が経過比です。",
    ),
    ("判定", "率などを評価基準にあてはめた結果の記号です。"),
    ("点数", "項目の下にある率（または得点）をまとめた値です。何を平均したかをそばに示します。"),
    ("評価済み", "評価すべき指標のうち、判定まで進んだものの件数です。"),
    ("重み", "平均をとるときの軽重です。特に断りのないものはすべて1です。"),
    ("再掲", "ほかの箇所にある項目をもう一度載せたものです。件数と点数には1回だけ数えます。"),
    ("例示", "説明のために置いた架空の数値です。実際の実績ではありません。"),
    ("△", "減少、または0より小さい数を表します。"),
    ("－", "数値や判定がないことを表します。"),
)
"""Terms explained at the end of the report."""
RATE_FORMULA = "計算式は{}にあります。"
"""Where the formulas stand, beside the term 率."""
DERIVATIONS_ELSEWHERE = (
    "省いたものも同じ規則で計算しています。全件は、画面の「評価」（F7）、コマンド explain、"
    "Excelの報告書のシート「算出の過程」で確かめられます。"
)
"""Where the derivations are that a document leaves out."""
