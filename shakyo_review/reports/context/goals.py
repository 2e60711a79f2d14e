"""The pages of the goals, as templates see them."""

from shakyo_review.reports.context.parts import (
    BarChart,
    Fact,
    Figure,
    FundingTable,
    Letter,
    Part,
    Trend,
    YearHead,
    told,
)
from shakyo_review.reports.context.year import Official, StageRow


class NodeRow(Part):
    """A measure or action with its letter."""

    depth: int = told("段の深さ（0から）")
    label: str = told("段の呼び名")
    code: str = told("コード")
    name: str = told("名称")
    owners: str = told("担当")
    flags: list[str] = told("重点・新規・再掲 など")
    letter: Letter = told("判定")
    score: Figure = told("点数")
    coverage: str = told("評価済み（6/9）。指標がなければ －")
    official: Official | None = told("人による評価。だれも評価していなければ無")
    letter_before: Letter = told("前年度の判定")
    official_before: str = told("前年度の人による評価（評価 A）。なければ空")
    note: str = told("再掲元、判定のない理由 など。なければ空")


class YearFigures(Part):
    """One indicator in one year."""

    year: YearHead = told("年度")
    target: Figure = told("目標")
    actual: Figure = told("実績")
    rate: Figure = told("率")
    letter: Letter = told("判定")


class IndicatorBlock(Part):
    """One indicator over the years shown."""

    code: str = told("指標のコード")
    name: str = told("指標名")
    unit: str = told("単位。なければ空")
    nature: str = told("種類・方向・測り方（活動指標・高いほど良い・単年度）")
    action: str = told("項目のコードと名称")
    baseline: Figure = told("基準値")
    final_target: Figure = told("最終目標")
    years: list[YearFigures] = told("年度ごとの値（古い方から）")
    trend: Trend | None = told("推移。実績が3年に満たなければ無")
    badges: list[str] = told("新規・休止・目標変更 など")
    done: str = told("実施内容（実績に添えた文）。なければ空")
    note: str = told("注記。なければ空")
    span: str = told("注記の欄がまたぐ列の数")
    official: Official | None = told("人による評価。だれも評価していなければ無")
    example: bool = told("指標そのものが例示か")


class GoalPage(Part):
    """One goal: its pages in the report, and its sheet."""

    anchor: str = told("id")
    title: str = told("段の呼び名・コード・名称")
    letter: Letter = told("判定")
    official: Official | None = told("人による評価。だれも評価していなければ無")
    letter_before: Letter = told("前年度の判定")
    facts: list[Fact] = told("点数・平均の対象・評価済み・最も低い項目 など")
    lead: str = told("要点の文")
    note: str = told("計画に書かれた注記。なければ空")
    empty: str = told("指標がないときの文。あれば空")
    charts: list[BarChart] = told("目標に対する達成の図")
    nodes: list[NodeRow] = told("下位の項目と判定")
    has_owners: bool = told("下位の項目の表に担当の列があるか（すべて上位と同じなら無い）")
    has_official: bool = told("下位の項目の表に人による評価の列があるか")
    nodes_note: str = told("表に載せない項目の断り。なければ空")
    stage_heads: list[str] = told("評価の段階の名（段階ごとの評価の列）")
    has_directions: bool = told("次年度の方向性の列があるか")
    stages_span: str = told("所見の欄がまたぐ列の数")
    stages: list[StageRow] = told("段階ごとの評価と方向性。なければ空")
    years: list[YearHead] = told("指標の表の年度")
    has_trends: bool = told("推移の列があるか")
    indicators: list[IndicatorBlock] = told("指標の表")
    funding: FundingTable | None = told("財源。なければ無")
    done: list[Fact] = told("実施したこと（指標と、実績に添えた文。目標別シートに載る数だけ）")
    issues: list[Fact] = told("課題（届かなかった理由、所見。目標別シートに載る数だけ）")
    directions: list[Fact] = told("これから（方向性と改善項目。目標別シートに載る数だけ）")
    sheet_charts: list[BarChart] = told("目標別シートの図。紙面に載らなければ空")
    sheet_indicators: list[IndicatorBlock] = told(
        "目標別シートの指標（低いものから、紙面に載る数だけ）"
    )
    sheet_more: list[str] = told("目標別シートに載らないものの断り。なければ空")
