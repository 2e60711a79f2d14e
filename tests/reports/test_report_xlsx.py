import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import report_sample as sample
from commandline import run
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from test_report_story import LONG, first_year, second_year

from shakyo_review.errors import WrongUsage
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import xlsx
from shakyo_review.reports.xlsx_book import CREATED
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.publishing import report_context

FORMULAS = {
    "訪問回数": "=1+1",
    "苦情の件数": "+1",
    "地区の数": "-1",
    "受講者": "@SUM(A1:A9)",
    "話し合い": "=HYPERLINK(A1)",
    "満足度": "https://example.invalid/",
}


@pytest.fixture(scope="module")
def report() -> ReportContext:
    """The small plan, with names that look like formulas."""
    text = sample.context().model_dump_json()
    for name, new in FORMULAS.items():
        text = text.replace(name, new)
    return ReportContext.model_validate_json(text)


@pytest.fixture(scope="module")
def content(report: ReportContext) -> bytes:
    return xlsx.render(report)


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def head_row(sheet: Worksheet) -> int:
    """The row of the head of a list."""
    return int(re.sub(r"\D", "", sheet.auto_filter.ref.partition(":")[0]))


def listed(sheet: Worksheet, key: str = "コード") -> dict[str, dict[str, Cell]]:
    """The rows of a list by their key."""
    head = head_row(sheet)
    names = [cell.value for cell in sheet[head]]
    rows = (dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=head + 1))
    return {row[key].value: row for row in rows}


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def test_no_cell_is_a_formula_or_a_link_outwards(content: bytes, book: Workbook) -> None:
    for name, data in parts(content).items():
        assert b"<f>" not in data, name
        assert b'TargetMode="External"' not in data, name
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = {cell.value: cell for cell in cells if cell.data_type == "s" and cell.value is not None}
    for text in FORMULAS.values():
        assert text in texts
    assert texts["=1+1"].quotePrefix  # stays text also when somebody edits the cell


def test_numbers_are_numbers_and_look_as_printed(book: Workbook) -> None:
    row = listed(book["指標一覧"])["1-1-1a"]
    assert (row["目標"].value, row["実績"].value) == (120, 1256)
    assert row["実績"].number_format == '#,##0;"△"#,##0'
    assert Decimal(str(row["率・点数"].value)) == Decimal("10.467")
    assert row["率・点数"].number_format == '#,##0.0%;"△"#,##0.0%'
    assert listed(book["指標一覧"])["1-1-1b"]["率・点数"].value == -0.25
    assert listed(book["指標一覧"])["2-1a"]["目標"].number_format == '#,##0.0;"△"#,##0.0'


def test_words_stay_words_and_nothing_becomes_zero(book: Workbook) -> None:
    rows = listed(book["指標一覧"])
    assert (rows["2-1b"]["目標"].value, rows["2-1b"]["実績"].value) == ("随時", "中止")
    assert rows["2-1c"]["率・点数"].value == "－"
    assert rows["1"]["コード"].data_type == "s"


def test_examples_carry_their_mark_and_stay_numbers(book: Workbook) -> None:
    row = listed(book["指標一覧"])["2-1d"]
    assert row["実績"].value == 64
    assert "（例示）" in row["実績"].number_format
    assert row["判定"].value.endswith("（例示）")


def test_lists_have_a_fixed_head_a_filter_and_repeat_their_head_in_print(book: Workbook) -> None:
    for name in ("目標別", "指標一覧", "届かなかったもの", "年度一覧（指標）", "算出の過程"):
        sheet = book[name]
        head = head_row(sheet)
        assert sheet.freeze_panes.endswith(str(head + 1))
        assert sheet.print_title_rows == f"${head}:${head}"


def test_every_sheet_is_printed_on_a4_with_plan_and_page_at_its_foot(
    book: Workbook, report: ReportContext
) -> None:
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_area
        pages = sheet.sheet_properties.pageSetUpPr
        assert (pages is not None and pages.fitToPage) or sheet.row_breaks.brk
        assert report.cover.foot in sheet.oddFooter.left.text
        assert sheet.oddFooter.right.text.endswith("&P / &N")


def test_the_cover_leads_to_every_sheet(report: ReportContext, book: Workbook) -> None:
    names = [row[0].value for row in book["表紙"].iter_rows() if row[0].hyperlink]
    assert names == book.sheetnames[1:]
    told = {row[0]: row[1] for row in book["表紙"].iter_rows(values_only=True)}
    numbers = {chapter.kind: chapter.number for chapter in report.chapters}
    assert told["届かなかったもの"] == f"目標に届かなかった指標（{numbers['exceptions']}章）"


def test_sheets_follow_the_chapters(report: ReportContext, book: Workbook) -> None:
    assert {
        "全体",
        "目標別",
        "指標一覧",
        "届かなかったもの",
        "年度比較",
        "年度一覧",
        "財源",
        "算出の過程",
        "用語",
    } <= set(book.sheetnames)
    kept = [chapter for chapter in report.chapters if chapter.kind in ("overall", "goals")]
    short = xlsx.render(report.model_copy(update={"chapters": kept}))
    names = openpyxl.load_workbook(io.BytesIO(short), read_only=True).sheetnames
    assert names[:3] == ["表紙", "全体", "全体の図"]
    assert not {"指標一覧", "届かなかったもの", "年度比較", "財源", "算出の過程"} & set(names)


def test_every_chart_is_in_it_with_its_words(report: ReportContext, content: bytes) -> None:
    drawings = [
        data.decode() for name, data in parts(content).items() if "/drawings/drawing" in name
    ]
    told = re.findall(r'descr="([^"]*)"', "".join(drawings))
    charts = [
        report.overall.chart,
        report.overall.radar,
        *(c for goal in report.goals for c in goal.charts),
    ]
    charts += [
        report.yearbook.chart,
        *(c for group in report.yearbook.groups for c in group.charts),
    ]
    assert len(told) == len([chart for chart in charts if chart is not None])
    assert all("グラフ" in text or "チャート" in text for text in told)


def test_what_people_wrote_is_there_word_for_word(book: Workbook) -> None:
    row = listed(book["指標一覧"])["2-1b"]
    assert row["実施内容"].value == f"荒天。\n{sample.NASTY}"
    assert sample.NASTY in {one["指標"].value for one in listed(book["年度一覧（指標）"]).values()}


def test_the_same_report_gives_the_same_bytes_and_tells_no_day(
    report: ReportContext, content: bytes
) -> None:
    again = ReportContext.model_validate_json(report.model_dump_json())
    assert xlsx.render(again) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.properties.created == CREATED
    assert book.properties.title == "まち地域福祉活動計画 令和6年度 評価報告書"
    assert book.properties.creator == "まち社会福祉協議会"


def test_the_year_book_alone_has_its_own_sheets(report: ReportContext) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(report, "yearbook")))
    assert book.sheetnames[:3] == ["表紙", "年度一覧", "年度一覧（指標）"]
    rows = [
        row for row in book["年度一覧（指標）"].iter_rows(values_only=True) if row[1] == "1-1-1a"
    ]
    assert [row[6] for row in rows] == ["目標", "実績", "率", "判定"]
    last = 6 + len(report.yearbook.years)
    assert [row[last] for row in rows[:2]] == [120, 1256]


def test_other_documents_are_refused_in_a_sentence(report: ReportContext) -> None:
    with pytest.raises(WrongUsage, match="Excel では作れません"):
        xlsx.render(report, "goals")


def test_a_text_too_long_for_a_cell_says_so(report: ReportContext) -> None:
    first = report.glossary[0].model_copy(update={"text": "長" * 40_000})
    made = xlsx.render(report.model_copy(update={"glossary": [first]}))
    texts = [
        cell.value
        for row in openpyxl.load_workbook(io.BytesIO(made))["用語"].iter_rows()
        for cell in row
    ]
    (cut,) = [text for text in texts if text and len(text) > 1000]
    assert cut.endswith("…（長いため、ここまで）")


# --- a year that people have judged ----------------------------------------------------------


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Workbook]:
    """The workbooks of a sealed year, with a correction, and of the year after it."""
    path: Path = tmp_path_factory.mktemp("judged") / "zushi.db"
    assert run("new", path, "--plan", "zushi").status == 0
    first_year(path)
    second_year(path)
    with ReviewBook.open(path, "事務局") as book:
        made = {year: xlsx.render(report_context(book, year)) for year in (2023, 2024)}
    return {year: openpyxl.load_workbook(io.BytesIO(content)) for year, content in made.items()}


def texts(sheet: Worksheet) -> list[tuple[str, ...]]:
    """The rows of a sheet as texts, without what is empty."""
    rows = (
        [str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)
    )
    return [tuple(row) for row in rows if row]


def test_opinions_and_answers_stand_side_by_side_word_for_word(judged: dict[int, Workbook]) -> None:
    rows = listed(judged[2023]["意見"], "意見")
    assert rows["若い人へ"]["回答"].value == "大学と話し合います"
    assert rows[LONG]["回答"].value == "未回答"


def test_a_long_opinion_is_seen_whole_in_print(judged: dict[int, Workbook]) -> None:
    sheet = judged[2023]["意見"]
    cell = listed(sheet, "意見")[LONG]["意見"]
    wide = sheet.column_dimensions[cell.column_letter].width
    lines = 2 * len(LONG) / (wide - 2)  # a kanji takes two
    high = sheet.row_dimensions[cell.row].height
    assert lines * 15 < high <= 409


def test_meeting_absence_recusal_and_what_was_sent_back_are_told(
    judged: dict[int, Workbook],
) -> None:
    told = ["／".join(row) for row in texts(judged[2023]["評価の経過"])]
    assert any("2024年6月25日" in row and "青木" in row and "太田" in row for row in told)
    assert any("井上" in row and "センターの運営委員" in row for row in told)
    assert any("減った理由を書いてください" in row for row in told)


def test_letters_of_the_stages_and_the_direction_stand_in_one_row(
    judged: dict[int, Workbook],
) -> None:
    row = listed(judged[2023]["段階ごとの評価"])["1"]
    assert [row[name].value for name in ("自己評価", "内部評価", "委員会評価")] == ["B", "B", "A"]
    assert listed(judged[2023]["段階ごとの評価"])["2-1-1-s1"]["次年度の方向性"].value == "改善"
    listed_row = listed(judged[2023]["指標一覧"])["1"]
    assert (listed_row["評価"].value, listed_row["評価の段階"].value) == ("A", "委員会評価")
    assert any("地区の広がりを評価した" in row for row in texts(judged[2023]["全体"]))


def test_promises_changes_of_the_plan_and_errata_have_their_sheets(
    judged: dict[int, Workbook],
) -> None:
    promises = ["／".join(row) for row in texts(judged[2024]["改善"])]
    assert any("説明会を年2回開く" in row and "1回開いた" in row for row in promises)
    changes = ["／".join(row) for row in texts(judged[2024]["計画の変更"])]
    assert any("第2回懇話会" in row and "80 → 70" in row for row in changes)
    errata = ["／".join(row) for row in texts(judged[2023]["正誤"])]
    assert any("38" in row and "83" in row and "転記の誤り" in row for row in errata)
