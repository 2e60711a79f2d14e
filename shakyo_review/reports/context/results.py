"""The chapters on the whole, on the exceptions and on the years, as templates see them."""

from shakyo_review.reports.context.parts import (
    CountChart,
    Fact,
    Figure,
    Letter,
    Part,
    RadarChart,
    YearHead,
    told,
)
from shakyo_review.reports.context.year import DepartedRow, Official


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
    anchor: str = told("項目のページの id。目標ごとの章がなければ空")
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
    """The chapter on the whole."""

    year: YearHead = told("今年度")
    year_before: YearHead | None = told("比べる年度。なければ無")
    letter: Letter = told("計画全体の判定")
    lead: list[str] = told("要点の文")
    unit: str = told("件数を数えた段の名")
    rows: list[CountRow] = told("判定ごとの件数と割合")
    total: CountRow = told("計")
    chart: CountChart | None = told("件数の図。数えるものがなければ無")
    radar: RadarChart | None = told("目標の点数の図。3〜8の目標すべてに点数があるときだけ")
    goals: list[GoalLetterRow] = told("項目ごとの結果")
    count_heads: list[Letter] = told("件数の列の見出し")
    goal_label: str = told("最上位の段の呼び名")
    has_official: bool = told("項目ごとの結果に人による評価の列があるか")
    has_official_before: bool = told("前年度の、人による評価の列があるか")
    departed: list[DepartedRow] = told("評価が判定と異なる項目")
    example: bool = told("件数や点数に例示の数値が入っているか")


class BelowRow(Part):
    """An indicator below the line."""

    anchor: str = told("目標ごとの章の、指標の id。章がなければ空")
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

    anchor: str = told("目標ごとの章の、指標の id。章がなければ空")
    code: str = told("指標のコード")
    name: str = told("指標名")
    owners: str = told("担当")
    actual: Figure = told("実績の欄の内容")
    reason: str = told("評価できなかった理由")
    letter_before: Letter = told("前年度の判定")
    counted: str = told("評価済みの割合の分母に含むか（含む・含まない）")
    note: str = told("注記。なければ空")


class MissingGroup(Part):
    """What one committee has not handed in."""

    committee: str = told("担当")
    count: str = told("件数")
    rows: list[Fact] = told("足りないもの（実績が未入力です など）と、その指標")


class Exceptions(Part):
    """The chapter on what is to be looked at first."""

    line: str = told("どの判定を挙げるかの文")
    below: list[BelowRow] = told("目標に届かなかった指標（低い方から）")
    below_count: str = told("目標に届かなかった指標の件数")
    not_rated_count: str = told("評価できなかった指標の件数（実績が未入力のものを含む）")
    not_rated_line: str = told("評価できなかった指標の件数と、未入力のものがどこにあるかの文")
    not_rated: list[NotRatedRow] = told(
        "評価できなかった指標（実績が未入力のものは missing にあり、ここには無い）"
    )
    not_judged: str = told("評価しないと決めている指標の断り。なければ空")
    missing: list[MissingGroup] = told("担当ごとの未提出")


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
    """The chapter on this year against last."""

    sentence: str = told("比べた結果の文。比べる年度がなければその旨")
    note: str = told("判定と評価の違いの断り。なければ空")
    year: YearHead = told("今年度")
    year_before: YearHead | None = told("比べる年度。なければ無")
    goals: list[ChangeRow] = told("上位の項目の変化")
    changed: list[ChangeRow] = told("判定の変わった指標と、比べるときに注意のいる指標")
