"""Every number in every format is the one that ``score --json`` tells."""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from books import SMALL_PLAN
from commandline import run
from openpyxl.cell.cell import Cell
from report_page import Element, read

from shakyo_review.domain.value import STATE_LABELS, State
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import FORMATS
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.publishing import report_context

ODD = (
    SMALL_PLAN
    + """\
  - code: "3"
    name: 端の値
    children:
      - code: "3-1"
        name: 大きな数と小さな数
        indicators:
          - {code: n, name: 差し引き, unit: 千円, direction: higher, measure: annual, targets: {2024: 10}, actuals: {2024: -3}}
          - {code: z, name: 実績が0, unit: 件, direction: higher, measure: annual, targets: {2024: 7}, actuals: {2024: 0}}
          - {code: g, name: とても大きい, unit: 円, direction: higher, measure: annual, targets: {2024: 123456789012}, actuals: {2024: 987654321098765}}
          - {code: h, name: 半分の丸め, unit: 点, direction: higher, measure: annual, decimals: 1, targets: {2024: 300.0}, actuals: {2024: 0.2}}
          - {code: k, name: 目標なし, unit: 件, direction: higher, measure: annual, actuals: {2023: 5, 2024: 6}}
"""
)
STATES = {"c": "--state 中止", "m": "--state 調査未実施", "r": "--actual 30/100"}

Rows = list[list[str]]


def osaka(folder: Path) -> Path:
    assert run("demo", "osaka", "--out", folder).status == 0
    return folder / "osaka.db"


def small(folder: Path) -> Path:
    plan, book = folder / "odd.yaml", folder / "odd.db"
    plan.write_text(ODD, encoding="utf-8")
    assert run("new", book, "--plan", plan).status == 0
    for code, words in STATES.items():
        assert run("--book", book, "record", code, "--year", "R6", *words.split()).status == 0
    return book


BOOKS: dict[str, Callable[[Path], Path]] = {"osaka": osaka, "small": small}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Any, ReportContext]]:
    """Give what ``score --json`` tells of a book, and the context of its report."""

    @cache
    def make(name: str) -> tuple[Any, ReportContext]:
        path = BOOKS[name](tmp_path_factory.mktemp(name))
        told = {
            year: run("--book", path, "score", "--year", str(year), "--json").json
            for year in (2023, 2024)
        }
        with ReviewBook.open(path, "事務局") as book:
            return told, report_context(book, 2024)

    return make


# --- what should stand there -----------------------------------------------------------------


def shown(number: str | None) -> str:
    """A number of the JSON as people write it."""
    if number is None:
        return "－"
    value = Decimal(number)
    return f"{'△' if value < 0 else ''}{abs(value):,f}"


def expected(told: Any) -> dict[str, list[str]]:
    """Target, actual, rate and letter of every indicator, score and letter of every item."""
    made = {}
    for one in told["indicators"]:
        actual = (
            shown(one["actual"])
            if one["actual"] is not None
            else one["actual_text"] or STATE_LABELS[State(one["state"])]
        )
        made[one["code"]] = [
            one["target_text"] or shown(one["target"]),
            actual,
            one["display"] if one["rate"] is not None else "－",
            one["rating"] or "－",
        ]
    for one in told["goals"]:
        score = "－" if one["score"] is None else f"{shown(one['score'])}%"
        made[one["code"]] = ["－", "－", score, one["rating"] or "－"]
    return made


# --- what stands there -----------------------------------------------------------------------


def clean(text: str) -> str:
    """A cell without its marks."""
    return re.sub(r"（?例示）?", "", text).strip()


def of_html(content: bytes) -> Rows:
    def text(cell: Element) -> str:
        marks = [one for one in cell.all() if one.attrs.get("class", "").split()[:1] == ["example"]]
        return clean("".join(cell.text.split("\n"))) if not marks else clean(cell.text)

    table = read(content).one("table", "sheet")
    return [
        [text(c) or "－" for c in row.children if isinstance(c, Element)] for row in table.all("tr")
    ]


def written(cell: Cell) -> str:
    """What a cell of a workbook shows: a number as its format writes it."""
    if cell.data_type != "n" or cell.value is None:
        return clean(str(cell.value or "－"))
    form = cell.number_format.split(";")[0]
    digits = re.search(r"0\.(0+)", form)
    value = Decimal(repr(cell.value)) * (100 if "%" in form else 1)
    exact = value.quantize(Decimal(1).scaleb(-len(digits[1])) if digits else Decimal(1))
    assert exact == value
    return shown(str(exact)) + ("%" if "%" in form else "")


def of_xlsx(content: bytes) -> Rows:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["指標一覧"]
    return [[written(cell) for cell in row] for row in sheet.iter_rows()]


def plain(value: str, unit: str = "") -> str:
    """A field of a CSV as it is shown."""
    return shown(value) + unit if re.fullmatch(r"-?\d+(\.\d+)?", value) else value or "－"


def of_csv(content: bytes) -> Rows:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [
        [
            row["コード"], plain(row["目標"]), plain(row["実績"]), plain(row["率・点数"], row["率・点数の単位"]),
            row["判定"] or "－",
        ]
        for row in rows
    ]  # fmt: skip


def of_docx(content: bytes) -> Rows:
    made: Rows = []
    for table in docx.Document(io.BytesIO(content)).tables:
        cells = table._cells
        width = len(table.columns)
        texts = [clean(cell.text) or "－" for cell in cells]
        made += [texts[at : at + width] for at in range(0, len(texts), width)]
    return made


def of_md(content: bytes) -> Rows:
    lines = [line for line in content.decode().splitlines() if line.startswith("|")]
    return [[clean(cell) or "－" for cell in line.strip("|").split("|")] for line in lines]


READ = {"html": of_html, "xlsx": of_xlsx, "csv": of_csv, "docx": of_docx, "md": of_md}


@pytest.mark.parametrize("book", BOOKS)
@pytest.mark.parametrize("name", READ)
def test_every_number_is_that_of_score(
    name: str, book: str, made: Callable[[str], tuple[Any, ReportContext]]
) -> None:
    told, context = made(book)
    rows = READ[name](FORMATS[name].render(context))
    wanted = expected(told[2024])
    assert len(wanted) > 10
    for code, figures in wanted.items():
        mine = [row for row in rows if code in row[:3]]
        assert any(stands(figures, row) for row in mine), (code, figures, mine)


def stands(figures: list[str], row: list[str]) -> bool:
    """Whether figures stand in a row one after the other; a word may be written behind them."""
    return any(
        all(
            re.match(re.escape(figure) + r"(?![\d.,%])", cell)
            for figure, cell in zip(figures, row[at:], strict=False)
        )
        for at in range(len(row) - len(figures) + 1)
    )


@pytest.mark.parametrize("book", BOOKS)
def test_every_number_of_the_pdf_is_that_of_score(
    book: str, made: Callable[[str], tuple[Any, ReportContext]]
) -> None:
    told, context = made(book)
    appendix = [chapter for chapter in context.chapters if chapter.kind == "appendix"]
    context = context.model_copy(update={"chapters": appendix})
    pages = pypdf.PdfReader(io.BytesIO(FORMATS["pdf"].render(context))).pages
    text = " ".join(re.sub(r"（?例示）?", " ", page.extract_text()) for page in pages)
    text = re.sub(r"\s+", " ", text)
    for code, figures in expected(told[2024]).items():
        there = r"\s*".join(re.escape(one) for one in figures if one != "－")
        assert re.search(rf"(?<![\w-]){re.escape(code)} [^|]{{0,200}}?{there}", text), (
            code,
            figures,
        )


@pytest.mark.parametrize("book", BOOKS)
def test_every_year_of_the_year_book_is_that_of_its_score(
    book: str, made: Callable[[str], tuple[Any, ReportContext]]
) -> None:
    told, context = made(book)
    wanted = {f"令和{year - 2018}年度": expected(told[year]) for year in told}
    rows = list(
        csv.DictReader(
            io.StringIO(FORMATS["csv"].render(context, "yearbook").decode("utf-8-sig"), newline="")
        )
    )
    seen = 0
    for row in rows:
        if row["年度"] in wanted:
            figures = [
                plain(row["目標"]),
                plain(row["実績"]),
                plain(row["率"], row["率の単位"]),
                row["判定"] or "－",
            ]
            assert figures == wanted[row["年度"]][row["コード"]], row
            seen += 1
    assert seen >= sum(len(one["indicators"]) for one in told.values()) - 1
    workbook = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].render(context, "yearbook")))
    sheet = [[written(cell) for cell in row] for row in workbook["年度一覧（指標）"].iter_rows()]
    head = next(row for row in sheet if "コード" in row)
    for year, figures in wanted.items():
        column = head.index("R" + re.sub(r"\D", "", year))
        for code, four in figures.items():
            mine = [row[column] for row in sheet if code == row[1]]
            assert mine in ([], four), (year, code)
