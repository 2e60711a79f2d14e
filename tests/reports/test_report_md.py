"""The Markdown files, read by a Markdown reader: structure, tables, texts that stay texts."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import report_sample as sample
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from shakyo_review.reports.formats import find_format
from shakyo_review.reports.formats.md import md_text
from shakyo_review.reports.rendering import TemplateTrouble
from shakyo_review.reports.word_text import plain

NAMES = ("annual", "summary", "goals", "committees", "yearbook")
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@cache
def context() -> Any:
    return sample.context()


@cache
def text(name: str = "annual") -> str:
    return find_format("md").render(context(), name).decode()


@cache
def page(name: str = "annual") -> str:
    made = READER.render(text(name))
    assert isinstance(made, str)
    return made


def inside(html: str) -> str:
    """What a reader shows of some HTML."""
    return unescape(re.sub(r"<[^>]+>", "", html.replace("<br>", "\n")))


def headings(name: str, level: int) -> list[str]:
    return [inside(found) for found in re.findall(rf"<h{level}>(.*?)</h{level}>", page(name))]


def tables(name: str) -> list[list[list[str]]]:
    """The cells of every table, row by row."""
    return [
        [
            [inside(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        ]
        for table in re.findall(r"<table>(.*?)</table>", page(name), re.DOTALL)
    ]


def found(name: str, first: str) -> list[list[str]]:
    """The table whose first column is headed so."""
    return next(rows for rows in tables(name) if rows[0][0] == first)


def test_chapters_are_headings_in_their_order() -> None:
    assert len(headings("annual", 1)) == 1
    expected = [f"{c.number}　{c.title}" for c in context().chapters]
    assert [one for one in headings("annual", 2) if one in expected] == expected
    assert headings("goals", 2) == [goal.title for goal in context().goals]
    assert headings("committees", 2) == [sheet.owner for sheet in context().committees]


def test_the_sheet_shows_every_item_and_indicator_with_its_letter() -> None:
    score = sample.scores(sample.plan())[2024]
    shown = {row[0]: row[6].removesuffix("（例示）") for row in found("annual", "コード")[1:]}
    expected = {code: s.rating or "－" for code, s in score.indicators.items()}
    expected |= {code: node.rating or "－" for code, node in score.nodes.items()}
    assert shown == expected


@pytest.mark.parametrize("name", ["annual", "goals", "yearbook"])
def test_rates_and_letters_of_all_years_are_those_of_the_score(name: str) -> None:
    scores = sample.scores(sample.plan())
    rows = {
        row[0].split()[0]: row
        for table in tables(name)
        if table[0][:2] == ["指標", "基準値"]
        for row in table[1:]
    }
    assert set(rows) == set(sample.plan().indicators)
    for code, row in rows.items():
        for year, cell in zip(sample.YEARS, row[3:6], strict=True):
            done = scores[year].indicators[code]
            assert f"率 {done.display}" in cell if done.rate is not None else "率 " not in cell
            letter = cell.splitlines()[0].partition(" ")[2].removesuffix("（例示）")
            assert letter == (done.rating or "")


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_read_as_one_and_has_the_same_columns_in_all_rows(name: str) -> None:
    for block in re.findall(r"(?:^\|.*\n)+", text(name), re.MULTILINE):
        lines = block.splitlines()
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
        assert len(counts) == 1, lines[0]
        assert re.fullmatch(r"\|(?: :?---:? \|)+", lines[1])
    assert page(name).count("<table>") == len(re.findall(r"^\|(?: :?---:? \|)+$", text(name), re.M))
    assert "|" not in re.sub(r"<[^>]+>", "", page(name))


@pytest.mark.parametrize("name", NAMES)
def test_there_is_no_html_but_line_breaks_and_no_loose_space(name: str) -> None:
    assert set(re.findall(r"(?<!\\)<[^>]*>", text(name))) <= {"<br>"}
    assert "<a " not in page(name)
    assert "<code" not in page(name)
    assert "<pre" not in page(name)
    assert not re.search(r"[ \t]$", text(name), re.MULTILINE)
    assert "\n\n\n" not in text(name)
    assert text(name).endswith("\n")
    assert find_format("md").render(context(), name).decode() == text(name)


def test_charts_are_told_in_words() -> None:
    shown = inside(page())
    for goal in context().goals:
        assert all(plain(chart.description) in shown for chart in goal.charts)
    assert context().overall.chart.description in shown


def test_texts_of_the_book_stay_texts() -> None:
    assert sample.NASTY in inside(page())
    assert f"荒天。\n{sample.NASTY}" in inside(page())


NAUGHTY = st.one_of(
    st.text(st.characters(), max_size=40),
    st.text("#+-=*_`~[](){}<>|\\&!:@$^. \n\t1あー。aw/", max_size=40),
)


def shown_as(value: str) -> str:
    """A text on one line each: blanks run together, as a reader shows them."""
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip(" ") for line in plain(value).split("\n"))


def places(value: str) -> Iterator[tuple[str, str]]:
    made = md_text(value)
    yield f"前　{made}　後", "<p>前　{}　後</p>\n"
    yield made, "<p>{}</p>\n"
    yield f"- {made}", "<ul>\n<li>{}</li>\n</ul>\n"
    yield f"- **名**　{made}", "<ul>\n<li><strong>名</strong>　{}</li>\n</ul>\n"


@given(NAUGHTY)
@settings(max_examples=200, deadline=None)
def test_any_text_is_shown_as_it_is_wherever_it_stands(value: str) -> None:
    expected = shown_as(value)
    for source, around in places(value):
        if not expected.strip("\n \u00a0\u3000\x1f\u2028") or expected != expected.strip():
            continue
        html = READER.render(source).replace("<br>", "\n")
        start, _, end = around.partition("{}")
        assert html.startswith(start)
        assert html.endswith(end)
        assert unescape(html[len(start) : len(html) - len(end)]) == expected
    row = READER.render(f"| a | b |\n| --- | --- |\n| {md_text(value)} | 終 |\n")
    assert len(re.findall(r"<td>", row)) == 2
    assert "<td>終</td>" in row


def test_an_own_template_is_told_what_is_wrong_with_template_and_line(tmp_path: Path) -> None:
    (tmp_path / "annual").mkdir()
    path = tmp_path / "annual" / "report.md.j2"
    path.write_text(
        '{% extends "default:annual/report.md.j2" %}\n{% block cover %}\n# {{ report.cover.body }}\n'
        "{% endblock %}\n",
        encoding="utf-8",
    )
    made = find_format("md").render(context(), "annual", tmp_path).decode()
    assert made.startswith("# まち社会福祉協議会\n")
    path.write_text("# 題\n{{ report.cover.titel }}\n", encoding="utf-8")
    with pytest.raises(TemplateTrouble, match=r"ひな型「annual/report.md.j2」の2行目.*titel"):
        find_format("md").render(context(), "annual", tmp_path)
