import re
import subprocess
import sys

from report_page import read

from shakyo_review.reports import charts, sparkline
from shakyo_review.reports.context_parts import (
    Bar,
    BarChart,
    CountChart,
    CountSeries,
    Letter,
    Trend,
)


def letter(text: str = "A", tone: str = "t0", *, example: bool = False) -> Letter:
    return Letter.model_validate(
        {"text": text, "said": text, "tone": tone, "shape": "", "example": example}
    )


def bars(chart_id: str, *lengths: float | None, **more: object) -> BarChart:
    made = [
        Bar(
            label=f"指標{i}",
            letter=letter(example=bool(more.get("example"))),
            text="－" if length is None else f"{length}%",
            length=length,
            expected=None,
        )
        for i, length in enumerate(lengths)
    ]
    return BarChart(id=chart_id, title="達成", description="説明", bars=made)


def test_matplotlib_is_imported_only_for_a_chart() -> None:
    code = (
        "import sys, shakyo_review.reports.build, shakyo_review.reports.formats.html;"
        "assert not any(m.partition('.')[0] in ('matplotlib', 'numpy') for m in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_chart_leaves_the_settings_of_the_process_alone() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    charts.bar_chart(bars("a", 50.0))
    assert dict(matplotlib.rcParams) == before


def test_two_charts_in_one_page_share_no_id() -> None:
    one, two = (charts.bar_chart(bars(name, 50.0, 120.0)) for name in ("a", "b"))
    ids = [re.findall(r' id="([^"]*)"', text) for text in (one, two)]
    assert not set(ids[0]) & set(ids[1])
    for text, own in zip((one, two), ids, strict=True):
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', text)) <= set(own)


def test_a_chart_carries_no_date_no_address_no_style_for_the_page() -> None:
    text = charts.bar_chart(bars("a", 50.0))
    assert "://" not in text
    assert "<style" not in text
    assert "metadata" not in text
    read(text.encode())


def test_the_same_numbers_give_the_same_chart() -> None:
    chart = bars("a", 50.0, None, -80.0, 1e7)
    assert charts.bar_chart(chart) == charts.bar_chart(chart)


def test_examples_are_hollow_with_a_broken_line() -> None:
    plain, example = (
        charts.bar_chart(bars("a", 50.0)),
        charts.bar_chart(bars("a", 50.0, example=True)),
    )
    assert "stroke-dasharray" not in plain
    assert "stroke-dasharray" in example
    assert "fill: #1b6e53" in plain
    assert "fill: #1b6e53" not in example


def test_letters_differ_without_colour() -> None:
    assert len({charts._HATCHES[t] + charts._FILLS[t] for t in ("t0", "t1", "t2", "t3")}) == 4
    assert len({charts._HATCHES[t] for t in ("t1", "t2", "t3")}) == 3


def test_long_and_strange_names_are_drawn() -> None:
    bar = (
        bars("a", 50.0)
        .bars[0]
        .model_copy(update={"label": "とても長い指標の名前" * 12 + "$x^2$ 𠮷😀"})
    )
    chart = bars("a", 50.0).model_copy(update={"bars": [bar]})
    assert "<svg" in charts.bar_chart(chart)


def test_a_long_label_keeps_its_example_mark() -> None:
    made = charts._wrapped("とても長い指標の名前" * 12, tail="（例示）")
    assert made.endswith("…（例示）")
    assert len(made.split("\n")) == 2


def test_counts_of_two_years() -> None:
    chart = CountChart(
        id="c",
        title="件数",
        description="説明",
        letters=[letter("A"), letter("－", "none")],
        series=[
            CountSeries(year="令和5年度", counts=[3, 0], example=False),
            CountSeries(year="令和6年度", counts=[0, 0], example=True),
        ],
    )
    read(charts.count_chart(chart).encode())


def test_a_trend_has_a_gap_where_there_is_no_value() -> None:
    made = sparkline.trend_line(
        Trend(description="<b>", points=[1.0, 2.0, None, 4.0, 4.0], example=False)
    )
    svg = read(made.encode()).one("svg")
    assert len(svg.all("polyline")) == 2
    assert len(svg.all("circle")) == 4
    assert svg.attrs["aria-label"] == "<b>"
