"""The smaller documents as templates see them: page for residents, committee sheets, year book."""

from shakyo_review.reports.context.goals import YearFigures
from shakyo_review.reports.context.parts import (
    Fact,
    Figure,
    Letter,
    Part,
    Trend,
    TrendChart,
    YearHead,
    told,
)
from shakyo_review.reports.context.year import AskedRow, MadeRow, Official

# --- 概要版 -----------------------------------------------------------------------------------


class SummaryLevel(Part):
    """A letter and what it means, for residents."""

    letter: Letter = told("記号")
    meaning: str = told("意味")


class SummaryGoal(Part):
    """A goal with one letter."""

    title: str = told("目標のコードと名称")
    letter: Letter = told("今年度の評価（人による評価があればそれ、なければ計算による判定）")
    letter_before: Letter = told(
        "前年度の評価（今年度が計算による判定なら、前年度も計算による判定）"
    )
    sentence: str = told("結果をやさしく述べた一文")


class WeakPoint(Part):
    """Something that was not reached, and why."""

    name: str = told("数えたものの名")
    text: str = told("目標と実績をやさしく述べた文")
    why: str = told("記録された理由や実施内容の言葉。長いものは末尾を … とする。なければ空")
    example: bool = told("例示の数値か")


class Summary(Part):
    """The page for residents: one side of A4, plain Japanese."""

    kind: str = told("文書の種類（評価のあらまし）")
    title: str = told("計画の名称")
    year: str = told("年度（令和6年度）")
    body: str = told("団体の名称")
    whole_letter: Letter = told("計画全体の評価")
    whole_before: Letter = told("計画全体の前年度の評価")
    whole_sentence: str = told("計画全体の結果を述べた文")
    method_lines: list[str] = told("評価のしかた（2、3の文）")
    levels: list[SummaryLevel] = told("記号の意味（良い方から）")
    goal_label: str = told("最上位の段の呼び名")
    goals: list[SummaryGoal] = told("目標ごとの評価")
    goals_more: str = told("紙面に載らない目標の断り。なければ空")
    word_before: str = told("比べる年度の呼び名。比べる年度がなければ空")
    weak_line: str = told("届かなかったものの件数の文")
    weak: list[WeakPoint] = told("届かなかったもの（低い方から、紙面に載る数だけ）")
    weak_more: str = told("紙面に載らないものの断り。なければ空")
    next_line: str = told("これからのことの文。次に何も決まっていなければその旨")
    next: list[Fact] = told("これから行うこと（改善項目など。記録の言葉そのまま）")
    next_more: str = told("紙面に載らないものの断り。なければ空")
    meeting_line: str = told("評価した会議と意見の件数の文。記録がなければ空")
    contact: str = told("問い合わせ先（団体の名称）")
    example_note: str = told("例示の数値を含むときの断り。なければ空")
    foot: str = told("紙面の下に刷る一行")


# --- 担当別シート -----------------------------------------------------------------------------


class CommitteeRow(Part):
    """An indicator one committee answers for."""

    code: str = told("指標のコード")
    name: str = told("指標名と単位")
    action: str = told("項目のコードと名称")
    target: Figure = told("目標")
    actual: Figure = told("実績")
    rate: Figure = told("率")
    letter: Letter = told("今年度の判定")
    official: Official | None = told("人による評価。だれも評価していなければ無")
    actual_before: Figure = told("前年度の実績")
    letter_before: Letter = told("前年度の判定")
    done: str = told("実施内容や理由（実績に添えた文）。なければ空")
    shared: str = told("一緒に受け持つ担当。なければ空")


class CommitteeSheet(Part):
    """One committee on one page."""

    anchor: str = told("id")
    owner: str = told("担当の名")
    facts: list[Fact] = told("指標の数、判定ごとの件数 など")
    rows: list[CommitteeRow] = told("担当の指標（低いものから、紙面に載る数だけ）")
    rows_more: str = told("紙面に載らない指標の断り。なければ空")
    has_official: bool = told("人による評価の列があるか")
    asked: list[AskedRow] = told("これまでの改善項目への答え")
    made: list[MadeRow] = told("この年度に決めた改善項目")
    promises_more: str = told("紙面に載らない改善項目の断り。なければ空")
    missing: list[Fact] = told("まだそろっていないもの")
    missing_more: str = told("紙面に載らないものの断り。なければ空")


# --- 年度一覧 ---------------------------------------------------------------------------------


class YearResult(Part):
    """The result of an item in one year."""

    letter: Letter = told("判定")
    official: Letter = told("人による評価の記号。なければ －")
    score: Figure = told("点数")
    coverage: str = told("評価済み（6/9）。指標がなければ －")


class YearBookGoal(Part):
    """An item of the top level, or the whole plan, over all years."""

    title: str = told("項目の名。計画全体は 計画全体")
    years: list[YearResult] = told("年度ごとの結果（YearBook.years の順）")
    change: str = told("始めと終わりをくらべた言葉。くらべられなければ －")


class YearBookRow(Part):
    """An indicator over all years."""

    code: str = told("指標のコード")
    name: str = told("指標名")
    unit: str = told("単位。なければ空")
    action: str = told("項目のコードと名称")
    owners: str = told("担当")
    baseline: Figure = told("基準値")
    final_target: Figure = told("最終目標")
    years: list[YearFigures] = told("年度ごとの値（YearBook.years の順）")
    trend: Trend | None = told("推移。実績が3年に満たなければ無")
    change: str = told("最初の実績から今年度までの増減の言葉。くらべられなければ －")
    badges: list[str] = told("新規・休止・目標変更 など")
    example: bool = told("指標そのものが例示か")


class YearBookGroup(Part):
    """The indicators under one goal over all years."""

    title: str = told("項目の名")
    anchor: str = told("id")
    rows: list[YearBookRow] = told("指標")
    charts: list[TrendChart] = told("図（目標の点数と、重点の指標の推移）")


class YearBookCount(Part):
    """How often a letter was given in each year."""

    letter: Letter = told("判定。計の行では 計")
    definition: str = told("意味")
    counts: list[str] = told("年度ごとの件数（YearBook.years の順）")
    shares: list[str] = told("年度ごとの割合（YearBook.years の順）")


class YearBook(Part):
    """All years of the plan side by side, for the mid-term and the final evaluation."""

    kind: str = told("文書の種類（年度一覧）")
    years: list[YearHead] = told("年度（古い方から）")
    period: str = told("計画期間と、どこまで進んだかの文")
    notes: list[str] = told("読み方と断りの文")
    unit: str = told("件数を数えた段の名")
    counts: list[YearBookCount] = told("判定ごとの件数（最後の行は計）")
    whole: YearBookGoal = told("計画全体")
    goals: list[YearBookGoal] = told("目標ごとの結果")
    goal_label: str = told("最上位の段の呼び名")
    has_official: bool = told("人による評価のある年度があるか")
    has_trends: bool = told("推移の列があるか")
    chart: TrendChart | None = told("計画全体の点数の推移。点数のある年度が2年に満たなければ無")
    groups: list[YearBookGroup] = told("目標ごとの指標")
