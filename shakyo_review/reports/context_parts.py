"""The small parts of which the context of a report is made: letters, figures, charts."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Tone = Literal["t0", "t1", "t2", "t3", "none"]
"""How good a letter is, for colour, hatch and frame: t0 best … t3 lowest, none without a rank."""


def told(text: str) -> Any:
    """Return a required field with its description."""
    return Field(description=text)


class Part(BaseModel):
    """The base of everything in a report: no unknown field, no silent conversion, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Letter(Part):
    """A letter of the plan's scale as it is printed."""

    text: str = told("判定の記号。判定がないときは －")
    said: str = told("読み上げ用の文（例: B おおむね達成した）")
    tone: Tone = told("良い方から t0〜t3、順位がなければ none")
    shape: str = told("白黒でも分かる形（●◆▲■）。ないこともある")
    example: bool = told("例示の数値による判定か")


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


class Bar(Part):
    """One bar of a chart."""

    label: str = told("指標の名")
    letter: Letter = told("判定")
    text: str = told("棒の先に書く率、または率のない理由")
    length: float | None = told("棒の長さ（％）。率がなければ無")
    expected: float | None = told("今年度までに進んでいるはずの位置（％）。なければ無")


class BarChart(Part):
    """Achievement against target, one bar for each indicator."""

    id: str = told("図の id")
    title: str = told("図の題")
    description: str = told("図の内容を言葉で")
    bars: list[Bar] = told("棒")


class CountSeries(Part):
    """The counts of one year in a chart of letters."""

    year: str = told("年度（令和6年度）")
    counts: list[int] = told("判定ごとの件数")
    example: bool = told("例示の数値を含むか")


class CountChart(Part):
    """Counts by letter, this year beside last year."""

    id: str = told("図の id")
    title: str = told("図の題")
    description: str = told("図の内容を言葉で")
    letters: list[Letter] = told("判定（良い方から）")
    series: list[CountSeries] = told("年度ごとの件数（古い方から）")


class Trend(Part):
    """A small line over the years."""

    description: str = told("推移を言葉で")
    points: list[float | None] = told("各年度の値（古い方から）。値のない年は無")
    example: bool = told("例示の数値を含むか")


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
