"""The small parts of which the context of a report is made: letters, figures, charts."""

from shakyo_review.reports.context.base import Letter, Part, Tone, told
from shakyo_review.reports.context.charts import (
    Bar,
    BarChart,
    CountChart,
    CountSeries,
    RadarChart,
    RadarSeries,
    Trend,
    TrendChart,
    TrendPoint,
)

__all__ = [
    "Bar",
    "BarChart",
    "CountChart",
    "CountSeries",
    "Fact",
    "Figure",
    "FundingRow",
    "FundingTable",
    "Letter",
    "Part",
    "RadarChart",
    "RadarSeries",
    "TocEntry",
    "Tone",
    "Trend",
    "TrendChart",
    "TrendPoint",
    "YearHead",
    "told",
]


class Figure(Part):
    """A figure, or the word that stands in its place."""

    text: str = told("表示する文字（1,234、△3、未入力 など）")
    numeric: bool = told("数か（右寄せにする）")
    example: bool = told("例示の数値か")
    note: str = told("添え書き（R4の値 など）。なければ空")


class Fact(Part):
    """A name and what is said of it."""

    name: str = told("名前")
    text: str = told("内容")


class YearHead(Part):
    """The head of a year's column."""

    short: str = told("短い年度（R6）")
    full: str = told("年度（令和6年度）")


class TocEntry(Part):
    """A line of the table of contents."""

    number: str = told("章の番号")
    title: str = told("題")
    anchor: str = told("行き先の id")
    children: "list[TocEntry]" = told("下位の行")


class FundingRow(Part):
    """A funding line."""

    item: str = told("項目のコードと名称")
    name: str = told("財源の名称")
    sources: str = told("財源の種類")
    amounts: list[Figure] = told("金額（FundingTable.heads の順、千円）")
    rate: Figure = told("執行率")


class FundingTable(Part):
    """The money of a goal."""

    heads: list[str] = told("金額の列の見出し（R3予算 など）")
    rows: list[FundingRow] = told("財源の行")
    totals: list[Figure] = told("計（千円）")
    has_rates: bool = told("執行率の列があるか")
    rate: Figure = told("計の執行率")
    facts: list[Fact] = told("執行率がない理由、単位あたりの費用")
