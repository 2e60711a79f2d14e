"""The contract with template authors: everything a template may use.

Templates print; they do not compute. Every number arrives as the text that is to stand on the
paper, written by ``domain`` exactly as the screen writes it. Only charts carry bare numbers, as
lengths of bars and heights of lines. Descriptions are Japanese: those who write templates work
in a council.
"""

from typing import Literal

from shakyo_review.reports.context_parts import (
    BarChart,
    CountChart,
    Fact,
    Figure,
    FundingTable,
    Letter,
    Part,
    TocEntry,
    Trend,
    YearHead,
    told,
)
from shakyo_review.reports.context_year import (
    DepartedRow,
    ImprovementPart,
    Official,
    PlanChanges,
    Proceedings,
    StageRow,
)


class Cover(Part):
    """The cover."""

    kind: str = told("文書の種類（評価報告書）")
    plan_title: str = told("計画の名称")
    year: str = told("年度（令和6年度）")
    year_full: str = told("年度と西暦")
    state: str = told("年度の状態（確定（2026年6月25日、1回目）、未確定 など）")
    published: str = told("公表した日。公表していなければ空")
    body: str = told("団体の名称")
    made_by: str = told("作成者。なければ空")
    example_note: str = told("例示の数値を含むときの断り。なければ空")
    foot: str = told("ページの下に刷る一行")


class TreeItem(Part):
    """An item in the tree of the plan."""

    label: str = told("段の呼び名")
    code: str = told("コード")
    name: str = told("名称")
    flags: list[str] = told("重点・新規・再掲 など")
    below: str = told("図に載せない下位の項目の数。なければ空")
    children: "list[TreeItem]" = told("下位の項目")


class PlanOverview(Part):
    """Chapter 1: the plan."""

    facts: list[Fact] = told("計画の概要（名称・期間・理念など）")
    tree: list[TreeItem] = told("体系（上位の段）")
    tree_note: str = told("体系に載せなかったものの断り。なければ空")


class ScaleRow(Part):
    """One rank of the scale."""

    letter: Letter = told("判定")
    definition: str = told("意味")
    condition: str = told("基準（80%以上100%未満 など）")
    points: str = told("得点。なければ －")


class RuleRow(Part):
    """A rate rule in use."""

    name: str = told("規則の名")
    formula: str = told("計算式")
    count: str = told("この規則による指標の数")


class Method(Part):
    """Chapter 2: how is judged."""

    scale_name: str = told("評価基準の名")
    basis: str = told("何をもって判定するかの文")
    levels: list[ScaleRow] = told("段（良い方から）")
    off_scale: list[Fact] = told("順位のない記号とその意味")
    rate_rules: list[RuleRow] = told("使った率の規則")
    rules: list[Fact] = told("規則の組（表示、平均、条件）")
    terms: list[Fact] = told("率・経過割合・評価済みの意味")
    states: list[Fact] = told("実績の状態の言葉と扱い")


class CountRow(Part):
    """How often one letter was given, this year and last."""

    letter: Letter = told("判定")
    definition: str = told("意味")
    count: str = told("件数")
    share: str = told("割合（合計は必ず100.0%）")
    count_before: str = told("前年度の件数。なければ －")
    share_before: str = told("前年度の割合。なければ －")


class GoalLetterRow(Part):
    """A goal's result, this year and last."""

    title: str = told("項目の名")
    anchor: str = told("項目のページの id")
    letter: Letter = told("今年度の判定")
    score: Figure = told("今年度の点数")
    coverage: str = told("評価済み（6/9）。指標がなければ －")
    official: Official | None = told("人による評価。だれも評価していなければ無")
    letter_before: Letter = told("前年度の判定")
    official_before: Letter = told("前年度の人による評価")
    score_before: Figure = told("前年度の点数")
    change: str = told("前年度からの変化（上がった など）")
    counts: list[str] = told("判定ごとの件数（Overall.count_heads の順）。数えるものがなければ空")
    total: str = told("件数の計")


class Overall(Part):
    """Chapter 3: the whole."""

    year: YearHead = told("今年度")
    year_before: YearHead | None = told("比べる年度。なければ無")
    letter: Letter = told("計画全体の判定")
    lead: list[str] = told("要点の文")
    unit: str = told("件数を数えた段の名")
    rows: list[CountRow] = told("判定ごとの件数と割合")
    total: CountRow = told("計")
    chart: CountChart | None = told("件数の図。数えるものがなければ無")
    goals: list[GoalLetterRow] = told("項目ごとの結果")
    count_heads: list[Letter] = told("件数の列の見出し")
    goal_label: str = told("最上位の段の呼び名")
    has_official: bool = told("項目ごとの結果に人による評価の列があるか")
    has_official_before: bool = told("前年度の、人による評価の列があるか")
    departed: list[DepartedRow] = told("評価が判定と異なる項目")
    example: bool = told("件数や点数に例示の数値が入っているか")


class BelowRow(Part):
    """An indicator below the line."""

    code: str = told("指標のコード")
    name: str = told("指標名")
    action: str = told("項目のコードと名称")
    owners: str = told("担当")
    target: Figure = told("目標")
    actual: Figure = told("実績")
    rate: Figure = told("率")
    letter: Letter = told("今年度の判定")
    official: Official | None = told("人による評価。だれも評価していなければ無")
    letter_before: Letter = told("前年度の判定")
    why: str = told("その判定になった理由の文")
    note: str = told("実績に添えられた注記。なければ空")


class NotRatedRow(Part):
    """An indicator without a letter."""

    code: str = told("指標のコード")
    name: str = told("指標名")
    owners: str = told("担当")
    actual: Figure = told("実績の欄の内容")
    reason: str = told("評価できなかった理由")
    counted: str = told("評価済みの割合の分母に含むか（含む・含まない）")
    note: str = told("注記。なければ空")


class MissingGroup(Part):
    """What one committee has not handed in."""

    committee: str = told("担当")
    count: str = told("件数")
    rows: list[Fact] = told("指標と、足りないもの")


class Exceptions(Part):
    """Chapter 4: what is to be looked at first."""

    line: str = told("どの判定を挙げるかの文")
    below: list[BelowRow] = told("目標に届かなかった指標（低い方から）")
    not_rated: list[NotRatedRow] = told("評価できなかった指標")
    not_judged: str = told("評価しないと決めている指標の断り。なければ空")
    missing: list[MissingGroup] = told("担当ごとの未提出")


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
    """Chapter 5: one goal."""

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
    new_page: bool = told("新しいページから始めるか")


class ChangeRow(Part):
    """An indicator or item that changed, or that carries a badge."""

    code: str = told("コード")
    name: str = told("名称")
    before: Figure = told("比べる年度の実績または点数")
    letter_before: Letter = told("比べる年度の判定")
    now: Figure = told("今年度の実績または点数")
    letter: Letter = told("今年度の判定")
    difference: str = told("実績または点数の増減（△は減）")
    change: str = told("判定の変化（上がった など）")
    badges: list[str] = told("新規・休止・目標変更 など")


class YearComparison(Part):
    """Chapter 6: this year against last."""

    sentence: str = told("比べた結果の文。比べる年度がなければその旨")
    year: YearHead = told("今年度")
    year_before: YearHead | None = told("比べる年度。なければ無")
    goals: list[ChangeRow] = told("上位の項目の変化")
    changed: list[ChangeRow] = told("判定の変わった指標と、比べるときに注意のいる指標")


class SheetRow(Part):
    """A row of the full sheet: an item of the plan or an indicator."""

    kind: Literal["node", "indicator"] = told("項目の行か、指標の行か")
    depth: int = told("段の深さ（0から）")
    code: str = told("コード")
    name: str = told("名称")
    flags: list[str] = told("重点・再掲 など")
    owners: str = told("担当。上位の項目と同じなら空")
    target: Figure = told("目標")
    actual: Figure = told("実績")
    rate: Figure = told("率または点数")
    letter: Letter = told("判定")
    official: Official | None = told("人による評価。だれも評価していなければ無")
    letter_before: Letter = told("前年度の判定")
    official_before: str = told("前年度の人による評価（評価 A）。なければ空")


class Derivation(Part):
    """How one rate, letter or score came about."""

    code: str = told("コード")
    name: str = told("名称")
    result: Letter = told("判定")
    steps: list[Fact] = told("算出の段取り（画面の説明と同じ）")


class ReportContext(Part):
    """Everything a template may use, under the name ``report``."""

    cover: Cover = told("表紙")
    highlights: list[str] = told("この年度の要点の文")
    word_before: str = told("比べる年度の呼び名（前年度、または令和4年度 など）")
    toc: list[TocEntry] = told("目次")
    plan: PlanOverview = told("1 計画の概要・体系")
    method: Method = told("2 評価の方法と基準")
    overall: Overall = told("3 全体の結果")
    exceptions: Exceptions = told("4 目標に届かなかったもの・評価できなかったもの")
    goals: list[GoalPage] = told("5 目標ごとの結果")
    comparison: YearComparison = told("6 年度比較")
    proceedings: Proceedings | None = told("評価の経過と意見。記録がなければ無")
    improvement: ImprovementPart | None = told("改善。方向性も改善項目もなければ無")
    changes: PlanChanges | None = told("計画の変更と正誤。なければ無")
    judged: bool = told("人による評価が1つでもあるか")
    appendix_number: str = told("資料の章の番号")
    sheet: list[SheetRow] = told("資料: 一覧表")
    node_derivations: list[Derivation] = told("資料: 項目の算出過程")
    derivations: list[Derivation] = told("資料: 指標の算出過程")
    glossary: list[Fact] = told("資料: 用語")
    contains_example: bool = told("例示の数値を含むか")
    file_stem: str = told("書き出すファイル名の幹（osaka-2024）")
