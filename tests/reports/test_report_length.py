"""A plan of many indicators stays readable: which derivations are printed, and where the rest is."""

import io
from functools import cache
from pathlib import Path

import openpyxl
import pypdf
import pytest
import report_sample as sample
from commandline import run
from docx import Document
from report_page import read

from shakyo_review.domain.cell import Cell
from shakyo_review.domain.plan import Plan
from shakyo_review.reports.building.sheet import MOST_DERIVED
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import docx, html, md, xlsx

MANY = MOST_DERIVED + 5
LOW = ("3-1-02", "3-1-07")


@cache
def large() -> ReportContext:
    """The small plan with many more indicators, two of them far below their target."""
    data = sample.plan().model_dump(mode="json", exclude_none=True)
    codes = [f"3-1-{number:02}" for number in range(MANY)]
    data["tree"][2]["children"] = [
        {
            "code": "3-1",
            "name": "話し合い",
            "indicators": [sample.indicator(code, f"集まり{code}", "回") for code in codes],
        }
    ]
    more: list[Cell] = []
    for code in codes:
        for year in sample.YEARS:
            more.append(sample.value(code, year, "target", "10"))
            more.append(sample.value(code, year, "actual", "1" if code in LOW else "10"))
    return sample.context(Plan.model_validate(data), [*sample.figures(), *more])


def printed(report: ReportContext) -> set[str]:
    return {one.code for one in report.derivations if one.printed}


def test_a_small_plan_prints_every_derivation() -> None:
    report = sample.context()
    assert printed(report) == {one.code for one in report.derivations}
    assert report.derivations_rest == ""


def test_a_large_plan_prints_what_is_asked_about_and_tells_where_the_rest_is() -> None:
    report = large()
    below = {row.code for row in report.exceptions.below}
    assert set(LOW) <= printed(report) == below & {one.code for one in report.derivations}
    left = len(report.derivations) - len(printed(report))
    assert f"ほかの{left}件は省いています" in report.derivations_rest
    assert "シート「算出の過程」" in report.derivations_rest


@pytest.mark.parametrize("name", ["html", "md", "docx"])
def test_every_format_prints_the_same_ones(name: str) -> None:
    report = large()
    if name == "html":
        page = read(html.render(report))
        heads = [one.one("h5").text for one in page.all("div", "derivation")]
        whole = page.text
    elif name == "md":
        whole = md.render(report).decode()
        tail = whole.partition("### 算出の過程")[2].partition("### 用語")[0]
        heads = [line[2:] for line in tail.splitlines() if line.startswith("- ")]
    else:
        file = Document(io.BytesIO(docx.render(report)))
        heads = [one.text for one in file.paragraphs if one.style.name == "算出の題"]
        whole = "".join(one.text for one in file.paragraphs)
    codes = {head.split()[0] for head in heads} & {one.code for one in report.derivations}
    assert codes == printed(report)
    assert report.derivations_rest in whole


def test_the_workbook_holds_every_derivation() -> None:
    report = large()
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(report)))["算出の過程"]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {one.code for one in report.derivations} <= texts
    assert not any("省いています。省いたもの" in text for text in texts)


def test_goals_follow_on_without_a_page_of_their_own() -> None:
    file = Document(io.BytesIO(docx.render(large())))
    titles = {goal.title for goal in large().goals}
    heads = [
        one
        for one in file.paragraphs
        if one.text in titles and one.style.name.lower() == "heading 2"
    ]
    assert len(heads) == len(titles)
    assert not any(one.paragraph_format.page_break_before for one in heads)


def test_fifty_actions_take_at_most_twenty_pages(tmp_path: Path) -> None:
    assert run("demo", "okegawa", "--out", tmp_path).status == 0
    book = tmp_path / "okegawa.db"
    made = run("--book", book, "report", "--year", "R6", "--format", "pdf", "--out", tmp_path)
    assert made.status == 0, made.err
    assert 10 <= len(pypdf.PdfReader(tmp_path / "okegawa-2024.pdf").pages) <= 20
