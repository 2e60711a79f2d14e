"""Charts as templates see them: lengths and heights as bare numbers, everything written as text.

``charts`` draws them; each has an id, a title and a description that stands in for the picture.
"""

from shakyo_review.reports.context.base import Letter, Part, told


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
    narrow: bool = told("ほかの図と並べるため、半分の幅に描くか")


class Trend(Part):
    """A small line over the years, as it stands in a table."""

    description: str = told("推移を言葉で")
    points: list[float | None] = told("各年度の値（古い方から）。値のない年は無")
    example: bool = told("例示の数値を含むか")


class TrendPoint(Part):
    """One year of a trend."""

    year: str = told("年度（R6）")
    actual: float | None = told("実績の高さ。数でなければ無")
    actual_text: str = told("実績の点に書く文字（1,234、中止 など）。まだない年は空")
    target: float | None = told("目標の高さ。数でなければ無")
    target_text: str = told("目標の点に書く文字。書かないときは空")
    example: bool = told("例示の実績か")


class TrendChart(Part):
    """Actuals over the years against the path of the targets."""

    id: str = told("図の id")
    title: str = told("図の題")
    description: str = told("図の内容を言葉で")
    note: str = told("図の右上に書く断り（低いほど良い、累計 など）。なければ空")
    unit: str = told("図の左上に書く単位。なければ空")
    actual_name: str = told("実績の線の名（実績、点数 など）")
    target_name: str = told("目標の線の名（目標 など）。目標の線がなければ空")
    points: list[TrendPoint] = told("年度ごとの点（古い方から）")


class RadarSeries(Part):
    """One year of a radar chart."""

    year: str = told("年度（令和6年度）")
    values: list[float] = told("軸ごとの値（RadarChart.axes の順）")
    texts: list[str] = told("軸ごとの値の文字（88.1% など）")
    example: bool = told("例示の数値を含むか")


class RadarChart(Part):
    """The goals' scores as a web, this year and last; only for 3 to 8 goals that all have a score."""

    id: str = told("図の id")
    title: str = told("図の題")
    description: str = told("図の内容を言葉で")
    axes: list[str] = told("軸の名（目標のコードと名称）")
    full: float = told("外の輪の値（100、得点の満点 など）")
    full_text: str = told("外の輪に書く文字（100% など）")
    series: list[RadarSeries] = told("年度ごとの値（古い方から）")


Chart = BarChart | CountChart | TrendChart | RadarChart
"""A picture of its own, with id, title and description."""
