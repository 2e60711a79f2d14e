import pytest
from builders import harmless
from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.domain.fiscal_year import (
    FIRST,
    LAST,
    full_label,
    parse_year,
    short_year,
    year_label,
)
from shakyo_review.errors import WrongUsage


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("2024", 2024),
        ("２０２４", 2024),
        ("2024年度", 2024),
        ("2024年", 2024),
        ("FY2024", 2024),
        ("R6", 2024),
        ("r6", 2024),
        ("Ｒ６", 2024),
        ("R06", 2024),
        ("R.6", 2024),
        ("R6年度", 2024),
        ("令和6", 2024),
        ("令和6年度", 2024),
        ("令和６年度", 2024),
        (" 令和 6 年度 ", 2024),
        ("令和六年度", 2024),
        ("令和十年度", 2028),
        ("令和元年度", 2019),
        ("令和1年度", 2019),
        ("R元", 2019),
        ("平成31年度", 2019),
        ("平成三十一年度", 2019),
        ("平成32年度", 2020),  # never existed, printed all the same
        ("H30", 2018),
        ("平成二十年度", 2008),
        ("平成元年度", 1989),
        ("昭和63年度", 1988),
    ],
)
def test_every_usual_spelling(typed, year):
    assert parse_year(typed) == year


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "6",
        "24",
        "令和",
        "令和0年度",
        "R0",
        "R100",
        "1949",
        "2101",
        "20245",
        "2023～27",
        "2024-2025",
        "令和六七年度",
        "令和〇年度",
        "大正10年度",
        "昨年度",
        "2024年度末",
        "x" * 500,
        "R6\x00",
        "\udcff",
    ],
)
def test_what_is_no_year_is_refused_with_an_example(typed):
    with pytest.raises(WrongUsage) as refusal:
        parse_year(typed)
    assert "年度として読めません" in refusal.value.message
    assert "令和6年度" in refusal.value.hint
    assert refusal.value.exit_status == 2
    assert harmless(str(refusal.value))
    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize(
    ("year", "long", "short"),
    [
        (2024, "令和6年度", "R6"),
        (2019, "令和元年度", "R元"),
        (2018, "平成30年度", "H30"),
        (1989, "平成元年度", "H元"),
        (1988, "昭和63年度", "S63"),
    ],
)
def test_labels(year, long, short):
    assert year_label(year) == long
    assert short_year(year) == short
    assert full_label(year) == f"{long}（{year}年度）"


@given(st.integers(FIRST, LAST))
def test_every_label_reads_back_as_its_year(year):
    for label in (str(year), year_label(year), short_year(year)):
        assert parse_year(label) == year


@given(st.text())
def test_any_text_is_a_year_in_range_or_refused(typed):
    year, told = FIRST, ""
    try:
        year = parse_year(typed)
    except WrongUsage as refusal:
        told = str(refusal)
    assert FIRST <= year <= LAST
    assert harmless(told)
