import re
import struct
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_page import read

from shakyo_review.reports import charts
from shakyo_review.reports.charts import outlines, sparkline
from shakyo_review.reports.context.base import Letter
from shakyo_review.reports.context.charts import (
    Bar,
    BarChart,
    Chart,
    CountChart,
    CountSeries,
    RadarChart,
    RadarSeries,
    Trend,
    TrendChart,
    TrendPoint,
)

TONES = ("t0", "t1", "t2", "t3", "none")


def letter(text: str = "A", tone: str = "t0", *, example: bool = False) -> Letter:
    return Letter.model_validate(
        {"text": text, "said": text, "tone": tone, "shape": "", "example": example}
    )


def bar(length: float | None, label: str = "指標", of: Letter | None = None, **more: object) -> Bar:
    return Bar.model_validate(
        {
            "label": label,
            "letter": of or letter(),
            "text": "－" if length is None else f"{length}%",
            "length": length,
            "expected": None,
            **more,
        }
    )


def bars(*drawn: Bar, chart_id: str = "a") -> BarChart:
    return BarChart(id=chart_id, title="達成", description="説明", bars=list(drawn))


def counts(*series: CountSeries, letters: int = 2) -> CountChart:
    heads = [letter(text) for text in "SABCDEF"[:letters]]
    return CountChart(
        id="c", title="件数", description="説明", letters=heads, series=list(series), narrow=False
    )


def trend(*points: tuple[float | str | None, float | None], **more: object) -> TrendChart:
    made = [
        TrendPoint(
            year=f"R{place}",
            actual=None if isinstance(actual, str) else actual,
            actual_text="" if actual is None else f"{actual}",
            target=target,
            target_text="" if target is None else f"{target}",
            example=bool(more.get("example")),
        )
        for place, (actual, target) in enumerate(points, 1)
    ]
    return TrendChart(
        id="t", title="推移", description="説明", note="低いほど良い", unit="件",
        actual_name="実績", target_name=str(more.get("target_name", "目標")), points=made,
    )  # fmt: skip


def radar(*years: list[float], full: float = 100.0, example: bool = False) -> RadarChart:
    return RadarChart(
        id="r",
        title="目標ごとの点数",
        description="説明",
        axes=[f"{place} 目標" for place in range(1, len(years[0]) + 1)],
        full=full,
        full_text=f"{full:g}%",
        series=[
            RadarSeries(
                year=f"令和{place}年度",
                values=values,
                texts=[f"{value}%" for value in values],
                example=example,
            )
            for place, values in enumerate(years, 5)
        ],
    )


ALL: list[Chart] = [
    bars(bar(50.0), bar(None), bar(-80.0), bar(1e7)),
    counts(
        CountSeries(year="令和5年度", counts=[3, 0], example=False),
        CountSeries(year="令和6年度", counts=[0, 0], example=True),
    ),
    trend((90.0, 100.0), ("中止", 100.0), (99.0, None), (None, None)),
    radar([85.0, 70.0, 0.0], [88.1, 74.0, 110.0]),
]
"""One of each kind."""


def written(chart: Chart, text: str) -> bool:
    """Whether a text is written in a chart: its outlines in this order, in one group."""
    svg = charts.svg(chart)
    names = {found[2]: found[1] for found in re.finditer(r'<path id="([^"]+)" d="([^"]+)"', svg)}
    ids = [names.get(one.path) for one in outlines.letters(text) if one.path]
    groups = re.findall(r"<g [^>]*>(.*?)</g>", svg)
    return ids in [re.findall(r'href="#([^"]+)"', group) for group in groups]


def shape(picture: bytes) -> tuple[int, int]:
    """The size of a PNG picture."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", picture[16:24])  # type: ignore[return-value]


@pytest.mark.parametrize("chart", ALL, ids=lambda chart: type(chart).__name__)
def test_every_kind_is_drawn_the_same_in_all_forms(chart: Chart) -> None:
    page, document = charts.svg(chart), charts.svg_file(chart)
    read(page.encode())
    inside = page[page.index("</desc>") + 7 :]
    assert document.decode().endswith(inside)
    assert (charts.svg(chart), charts.svg_file(chart)) == (page, document)
    width, height = charts.size(chart)
    assert f'width="{width:g}pt" height="{height:g}pt"'.encode() in document
    picture = charts.png(chart, dpi=72)
    assert shape(picture) == pytest.approx((width, height), abs=1)
    charts._pixels.cache_clear()
    assert charts.png(chart, dpi=72) == picture


def test_only_drawing_loads_the_libraries_of_drawing() -> None:
    code = (
        "import sys, shakyo_review.reports.building, shakyo_review.reports.formats.html;"
        "assert not {m.partition('.')[0] for m in sys.modules} & {'matplotlib', 'numpy', 'fontTools', 'typst'}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_two_charts_in_one_page_share_no_id() -> None:
    one, two = (charts.svg(bars(bar(50.0), bar(120.0), chart_id=name)) for name in ("a", "b"))
    ids = [re.findall(r' id="([^"]*)"', text) for text in (one, two)]
    assert not set(ids[0]) & set(ids[1])
    for text, own in zip((one, two), ids, strict=True):
        assert set(re.findall(r'href="#([^"]+)', text)) <= set(own)


def test_a_chart_carries_title_and_description_and_nothing_from_outside() -> None:
    chart = bars(bar(50.0)).model_copy(update={"title": "<b>", "description": "</svg>&"})
    page = read(charts.svg(chart).encode()).one("svg")
    assert (page.one("title").text, page.one("desc").text) == ("<b>", "</svg>&")
    assert "://" not in charts.svg(chart)
    assert "<style" not in charts.svg(chart)


def test_rate_and_letter_stand_at_every_bar() -> None:
    chart = bars(
        bar(98.5, of=letter("おおむね達成", "t1")),
        bar(None, text="中止のため"),
        bar(1e7),
        bar(-80.0),
    )
    for text in ("98.5%　おおむね達成", "中止のため", "10000000.0%　A", "-80.0%　A"):
        assert written(chart, text)


def test_examples_are_hollow_with_a_broken_line_and_their_mark() -> None:
    for plain, example in (
        (bars(bar(50.0)), bars(bar(50.0, of=letter(example=True)))),
        (
            counts(CountSeries(year="令和6年度", counts=[3, 1], example=False)),
            counts(CountSeries(year="令和6年度", counts=[3, 1], example=True)),
        ),
    ):
        assert 'stroke-dasharray="3 1.5"' not in charts.svg(plain)
        assert 'stroke-dasharray="3 1.5"' in charts.svg(example)
    assert written(bars(bar(50.0, of=letter(example=True))), "指標（例示）")
    assert written(trend((1.0, 2.0), (2.0, 2.0), example=True), "実績（例示）")
    assert not written(trend((1.0, 2.0), (2.0, 2.0)), "実績（例示）")
    assert written(radar([1.0, 2.0, 3.0], example=True), "令和5年度（例示）")


@pytest.mark.parametrize("tone", TONES)
def test_tones_differ_without_colour(tone: str) -> None:
    def looks(of: str) -> str:
        grey = re.sub(
            r"#[0-9a-f]{6}", lambda m: _grey(m[0]), charts.svg(bars(bar(50.0, of=letter("A", of))))
        )
        return re.sub(r'id="[^"]*"', "", grey)

    assert all(looks(tone) != looks(other) for other in TONES if other != tone)


def _grey(color: str) -> str:
    """Three shades: what a fax leaves of a colour."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "DARK" if (red * 3 + green * 6 + blue) / 10 < 140 else "LIGHT"


def test_letters_of_a_long_scale_share_a_look_and_stand_together_in_the_legend() -> None:
    scale = [
        letter(text, tone)
        for text, tone in zip("SABCDEF", ("t0", "t0", "t1", "t1", "t2", "t3", "t3"), strict=True)
    ]
    chart = bars(*(bar(50.0, of=one) for one in scale))
    assert all(written(chart, text) for text in ("S・A", "B・C", "D", "E・F"))


def test_a_trend_has_a_gap_where_there_is_no_number_and_says_why() -> None:
    chart = trend((90.0, None), (99.0, None), ("中止", None), (120.0, None), (131.0, None))
    thick = re.findall(
        r'<path d="([^"]+)" fill="none" stroke="#000000" stroke-width="1.6"/>', charts.svg(chart)
    )
    assert [path.count("L") for path in thick] == [1, 1, 1]  # two runs, and the one in the legend
    assert written(chart, "中止")
    assert all(written(chart, text) for text in ("90.0", "99.0", "120.0", "131.0", "R1", "R5"))
    assert written(chart, "低いほど良い")
    assert written(chart, "（件）")


def test_the_latest_value_of_a_trend_is_always_written() -> None:
    chart = trend(*((12345.0 + step, 12345.0 + step) for step in range(15)))
    assert written(chart, "12359.0")


def test_a_target_that_stays_is_written_once() -> None:
    chart = trend((1.0, 40.0), (2.0, 40.0), (3.0, 40.0))
    at_points = [
        g for g in re.findall(r"<g [^>]*>(.*?)</g>", charts.svg(chart)) if g.count("<use") == 4
    ]
    assert len(at_points) == 1
    assert written(chart, "40.0")


def test_a_score_without_a_target_has_no_line_of_targets() -> None:
    chart = trend((1.0, None), (2.0, None), target_name="")
    assert 'stroke-dasharray="5 2.5"' not in charts.svg(chart)
    assert not written(chart, "目標")


def test_a_web_tells_the_values_of_both_years_at_each_goal() -> None:
    chart = radar([85.0, 70.0, 66.0], [88.1, 74.0, 110.0])
    assert written(chart, "88.1%（85.0%）")
    assert written(chart, "令和5年度（括弧の値）")
    assert written(chart, "令和6年度")
    assert written(radar([85.0, 70.0, 66.0]), "85.0%")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(-1e14, 1e14), st.sampled_from(["中止", "未公表"])),
            st.one_of(st.none(), st.floats(-1e14, 1e14)),
        ),
        max_size=12,
    )
)
def test_any_numbers_stay_inside_the_picture(
    points: list[tuple[float | str | None, float | None]],
) -> None:
    text = charts.svg(trend(*points))
    height = charts.size(trend())[1]
    for y in re.findall(r'cy="([^"]+)"', text):
        assert 0 <= float(y) <= height
    assert not re.search(r"nan|inf", re.sub(r"<title.*?</desc>", "", text))


def test_counts_of_many_years_and_seven_letters_are_all_written() -> None:
    years = [
        CountSeries(
            year=f"令和{year}年度", counts=[year * 10 + place for place in range(7)], example=False
        )
        for year in range(1, 10)
    ]
    chart = counts(*years, letters=7)
    assert all(written(chart, f"{count}") for one in years for count in one.counts)
    looks = set(
        re.findall(
            r'<rect x="[^"]+" y="[^"]+" width="17" height="9" fill="([^"]+)"/>(<path[^>]+>)?',
            charts.svg(chart),
        )
    )
    assert len(looks) == 9


def test_long_and_strange_names_are_drawn() -> None:
    chart = bars(bar(50.0, label="とても長い指標の名前" * 12 + "$x^2$ 𠮷😀\u200d\u0301[/]"))
    assert "<use" in charts.svg(chart)
    assert written(bars(bar(50.0, label="訪問😀回数")), "訪問〓回数")


def test_a_label_is_broken_by_the_rules_of_japanese_typesetting() -> None:
    assert outlines.wrapped("見守り・訪問。", 10, 60) == ["見守り・訪", "問。"]
    assert outlines.wrapped("支援（見守り）", 10, 30) == ["支援", "（見…"]
    assert outlines.wrapped("令和6年度から1,234人", 10, 75) == ["令和6年度から", "1,234人"]
    made = outlines.wrapped("とても長い指標の名前" * 12, 8, 180, tail="（例示）")
    assert len(made) == 2
    assert made[-1].endswith("…（例示）")
    assert all(outlines.width(line, 8) <= 180 for line in made)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.floats(20, 300), st.integers(1, 3))
def test_no_line_is_wider_than_its_room(text: str, room: float, lines: int) -> None:
    made = outlines.wrapped(text, 8, room, lines)
    assert 1 <= len(made) <= lines
    assert all(outlines.width(line, 8) <= room or len(line) <= 2 for line in made)
    if not made[-1].endswith("…"):
        assert "".join("".join(made).split()) == "".join(text.split())


def test_a_small_line_has_a_gap_where_there_is_no_value() -> None:
    made = Trend(description="<b>", points=[1.0, 2.0, None, 4.0, 4.0], example=False)
    svg = read(sparkline.trend_line(made).encode()).one("svg")
    assert (len(svg.all("path")), len(svg.all("circle"))) == (2, 4)
    assert svg.attrs["aria-label"] == "<b>"
    assert shape(charts.png(made, dpi=72)) == (64, 20)
