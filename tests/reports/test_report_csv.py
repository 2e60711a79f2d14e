import csv
import io
import re

import pytest
import report_sample as sample
from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.errors import WrongUsage
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import csv as format_csv


def records(content: bytes) -> list[dict[str, str]]:
    """The rows of a table, read as RFC 4180 says."""
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.fixture(scope="module")
def report() -> ReportContext:
    """The small plan, with names that look like formulas."""
    text = sample.context().model_dump_json()
    for name, new in (
        ("訪問回数", "=1+1"),
        ("受講者", "@SUM(A1)"),
        ("地区の数", "-1"),
        ("苦情の件数", "－3件"),
    ):
        text = text.replace(name, new)
    return ReportContext.model_validate_json(text)


@pytest.fixture(scope="module")
def sheet(report: ReportContext) -> dict[str, dict[str, str]]:
    """The rows of the full sheet by code."""
    return {row["コード"]: row for row in records(format_csv.render(report))}


def test_the_table_is_utf8_with_bom_and_ends_its_lines_with_crlf(report: ReportContext) -> None:
    content = format_csv.render(report)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    assert len(set(rows[0])) == len(rows[0])
    assert len(rows) == 1 + len(report.sheet)


def test_numbers_are_plain_and_words_stay(sheet: dict[str, dict[str, str]]) -> None:
    assert [sheet["1-1-1a"][name] for name in ("目標", "実績", "率・点数", "率・点数の単位")] == [
        "120",
        "1256",
        "1046.7",
        "%",
    ]
    assert sheet["1-1-1b"]["率・点数"] == "-25.0"
    assert sheet["2-1a"]["目標"] == "12.0"
    assert (sheet["2-1b"]["目標"], sheet["2-1b"]["実績"]) == ("随時", "中止")
    assert (sheet["2-1c"]["目標"], sheet["2-1c"]["率・点数"], sheet["2-1c"]["判定"]) == ("", "", "")


def test_examples_and_notes_stand_in_a_column_of_their_own(
    sheet: dict[str, dict[str, str]],
) -> None:
    assert sheet["2-1d"]["実績"] == "64"
    assert "実績は例示" in sheet["2-1d"]["添え書き"]
    assert sheet["2-1b"]["実施内容"].startswith("荒天。")


def test_everybody_who_answers_is_named_in_every_row(sheet: dict[str, dict[str, str]]) -> None:
    assert sheet["1-1-1a"]["担当"] == sheet["1"]["担当"] == "社協（地域課・総務課）"
    assert sheet["2-1a"]["担当"] == "住民"


def test_no_text_runs_as_a_formula(sheet: dict[str, dict[str, str]]) -> None:
    assert sheet["1-1-1a"]["名称"] == "'=1+1"
    assert sheet["2-1a"]["名称"] == "'@SUM(A1)"
    assert sheet["1-1-2b"]["名称"] == "-1"  # a number, whoever typed it
    assert sheet["1-1-1b"]["名称"] == "'－3件"


def test_the_year_book_has_a_row_for_every_indicator_and_year(report: ReportContext) -> None:
    rows = records(format_csv.render(report, "yearbook"))
    years = len(report.yearbook.years)
    assert len(rows) == years * sum(len(group.rows) for group in report.yearbook.groups)
    (row,) = [one for one in rows if (one["コード"], one["年度"]) == ("1-1-1a", "令和6年度")]
    assert (row["目標"], row["実績"], row["率"], row["率の単位"]) == ("120", "1256", "1046.7", "%")


def test_the_same_report_gives_the_same_bytes(report: ReportContext) -> None:
    again = ReportContext.model_validate_json(report.model_dump_json())
    for name in ("annual", "yearbook"):
        assert format_csv.render(report, name) == format_csv.render(again, name)


def test_other_documents_are_refused_in_a_sentence(report: ReportContext) -> None:
    with pytest.raises(WrongUsage, match="CSV では作れません"):
        format_csv.render(report, "summary")


@given(st.text())
def test_any_text_comes_back_and_does_not_run(text: str) -> None:
    made = format_csv.guarded(text)
    assert made in (text, "'" + text)
    if re.match(r"[=+@\t\r]", made):
        pytest.fail(made)
    if made.startswith("-"):
        assert re.fullmatch(r"-\d+(\.\d+)?", made)
