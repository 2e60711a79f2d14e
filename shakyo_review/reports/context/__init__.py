"""The contract with template authors: everything a template may use.

Templates print; they do not compute. Every number arrives as the text that is to stand on the
paper, written by ``domain`` exactly as the screen writes it. Only charts carry bare numbers, as
lengths of bars and heights of lines. Descriptions are Japanese: those who write templates work
in a council.
"""

from typing import Literal

from shakyo_review.reports.context.documents import CommitteeSheet, Summary, YearBook
from shakyo_review.reports.context.goals import GoalPage
from shakyo_review.reports.context.parts import Fact, Figure, Letter, Part, TocEntry, told
from shakyo_review.reports.context.plan import Method, PlanOverview
from shakyo_review.reports.context.results import Exceptions, Overall, YearComparison
from shakyo_review.reports.context.year import (
    ImprovementPart,
    MoneyPart,
    Official,
    PlanChanges,
    Proceedings,
)

ChapterKind = Literal[
    "plan",
    "method",
    "overall",
    "exceptions",
    "goals",
    "comparison",
    "changes",
    "improvement",
    "money",
    "proceedings",
    "appendix",
]
"""The chapters of the full report, in their order."""


class Chapter(Part):
    """A chapter that is in this report: switched on, and with something to say."""

    kind: ChapterKind = told("章の種類（部品のひな型の名）")
    number: str = told("章の番号")
    title: str = told("章の題")
    anchor: str = told("章の id")
    children: list[TocEntry] = told("目次に載せる下位の行")


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

    printed: bool = told("文書に載せるか（載せないものは、Excelのシート「算出の過程」にある）")
    code: str = told("コード")
    name: str = told("名称")
    result: Letter = told("判定")
    steps: list[Fact] = told("算出の段取り（画面の説明と同じ）")


class ReportContext(Part):
    """Everything a template may use, under the name ``report``."""

    cover: Cover = told("表紙")
    highlights: list[str] = told("この年度の要点の文")
    word_before: str = told("比べる年度の呼び名（前年度、または令和4年度 など）")
    chapters: list[Chapter] = told(
        "この報告書にある章（順に）。切ってある章、書くことのない章は無い"
    )
    plan: PlanOverview = told("章「計画の概要・体系」")
    method: Method = told("章「評価の方法と基準」")
    overall: Overall = told("章「全体の結果」")
    exceptions: Exceptions = told("章「目標に届かなかったもの・評価できなかったもの」")
    goals: list[GoalPage] = told("章「目標ごとの結果」と目標別シート。目標ごとに1つ")
    comparison: YearComparison = told("章「年度比較」")
    proceedings: Proceedings | None = told("章「評価の経過と意見」。記録がなければ無")
    improvement: ImprovementPart | None = told("章「改善」。方向性も改善項目もなければ無")
    changes: PlanChanges | None = told("章「計画の変更・正誤」。なければ無")
    money: MoneyPart | None = told("章「予算・決算と結果」。財源の記入がなければ無")
    judged: bool = told("人による評価が1つでもあるか")
    derivations_line: str = told("算出の過程の前に書く文")
    derivations_rest: str = told("文書に載せない算出過程があれば、それを見る場所")
    sheet: list[SheetRow] = told("資料: 一覧表")
    node_derivations: list[Derivation] = told("資料: 項目の算出過程")
    derivations: list[Derivation] = told("資料: 指標の算出過程")
    glossary: list[Fact] = told("資料: 用語")
    summary: Summary = told("概要版（住民向け、A4 1枚）")
    committees: list[CommitteeSheet] = told("担当別シート（担当ごとに1ページ）")
    yearbook: YearBook = told("年度一覧（計画の全年度を並べた表）")
    contains_example: bool = told("例示の数値を含むか")
    file_stem: str = told("書き出すファイル名の幹（osaka-2024）")
