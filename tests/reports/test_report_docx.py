"""The Word files, opened again: structure, texts, tables, pictures, and what a broken template is told."""

import importlib.util
import io
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import report_sample as sample
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.reports.formats import find_format
from shakyo_review.reports.rendering import TemplateTrouble, shipped_templates
from shakyo_review.reports.word_file import packed
from shakyo_review.reports.word_text import plain, word_text

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("annual", "summary", "goals", "committees", "yearbook")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def context() -> Any:
    return sample.context()


@cache
def content(name: str = "annual") -> bytes:
    return find_format("docx").render(context(), name)


@cache
def document(name: str = "annual") -> Any:
    return Document(io.BytesIO(content(name)))


def parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(name: str = "annual") -> Any:
    return document(name).element.body


def text_of(element: Any) -> str:
    marks = {f"{W}t": None, f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(
        marks[part.tag] or part.text or "" for part in element.iter() if part.tag in marks
    )


def headings(name: str, level: int) -> list[str]:
    style = f"Heading {level}"
    return [text_of(p._p) for p in document(name).paragraphs if p.style.name == style]


def table(name: str, told: str) -> Any:
    """The rows of the table that is described to a screen reader in these words."""
    found = [
        one
        for one in body(name).iter(f"{W}tbl")
        if one.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val") == told
    ]
    assert found, told
    return found[0]


def cells(row: Any) -> list[str]:
    return [text_of(cell) for cell in row.findall(f"{W}tc")]


# --- structure -------------------------------------------------------------------------------


def test_chapters_are_headings_of_the_first_level_in_their_order() -> None:
    assert headings("annual", 1) == [f"{c.number}　{c.title}" for c in context().chapters]
    assert [g.title for g in context().goals] == [
        title for title in headings("annual", 2) if title in {g.title for g in context().goals}
    ]


def test_contents_are_filled_in_and_each_line_leads_to_its_heading() -> None:
    lines = [p for p in body().iter(f"{W}p") if p.find(f"{W}hyperlink") is not None]
    levels = {f"TOC{level}": f"Heading {level}" for level in (1, 2)}
    expected = [
        (p.style.name, text_of(p._p))
        for p in document().paragraphs
        if p.style.name in levels.values()
    ]
    shown = [
        (levels[p.find(f"{W}pPr/{W}pStyle").get(f"{W}val")], text_of(p).rstrip("\t")) for p in lines
    ]
    assert shown == expected
    marks = [mark.get(f"{W}name") for mark in body().iter(f"{W}bookmarkStart")]
    assert [line.find(f"{W}hyperlink").get(f"{W}anchor") for line in lines] == marks
    fields = [f.text.split() for f in body().iter(f"{W}instrText")]
    assert fields[0][0] == "TOC"
    assert [field[1] for field in fields[1:]] == marks
    depth = 0
    for sign in body().iter(f"{W}fldChar"):
        depth += {"begin": 1, "separate": 0, "end": -1}[sign.get(f"{W}fldCharType")]
    assert depth == 0


@pytest.mark.parametrize("name", NAMES)
def test_tables_have_styles_repeated_heads_whole_rows_and_a_grid_that_fits(name: str) -> None:
    styles = {style.style_id for style in document(name).styles}
    for one in body(name).iter(f"{W}tbl"):
        properties = one.find(f"{W}tblPr")
        style = properties.find(f"{W}tblStyle").get(f"{W}val")
        assert style in styles
        rows = one.findall(f"{W}tr")
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        if properties.find(f"{W}tblLook").get(f"{W}firstRow") == "1":
            assert heads[0]
            assert heads == sorted(heads, reverse=True)
        grid = [int(column.get(f"{W}w")) for column in one.find(f"{W}tblGrid")]
        assert sum(grid) == int(properties.find(f"{W}tblW").get(f"{W}w"))
        for row in rows:
            assert row.find(f"{W}trPr/{W}cantSplit") is not None
            place = 0
            for cell in row.findall(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                wide = 1 if span is None else int(span.get(f"{W}val"))
                width = cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")
                assert int(width) == sum(grid[place : place + wide])
                assert cell[-1].tag == f"{W}p"
                place += wide
            assert place == len(grid)


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_a4_with_numbers_at_the_foot_and_japanese_fonts(name: str) -> None:
    for page in document(name).sections:
        assert {page.page_width.mm.__round__(), page.page_height.mm.__round__()} == {210, 297}
    foot = document(name).sections[-1].footer._element
    fields = [f.text.strip() for f in foot.iter(f"{W}instrText")]
    assert fields == ([] if name == "summary" else ["PAGE", "NUMPAGES"])
    assert context().cover.plan_title in text_of(foot)
    assert "例示の数値を含みます" in text_of(foot)
    styles = parts(content(name))["word/styles.xml"].decode()
    assert 'w:eastAsia="游明朝"' in styles
    assert 'w:eastAsia="ja-JP"' in styles
    assert "<w:kinsoku/>" in styles
    not_first = parts(content(name))["word/settings.xml"].decode()
    assert "ーヽ" in not_first.partition("noLineBreaksBefore")[2]


def test_only_the_year_book_lies_across() -> None:
    assert all(page.orientation is WD_ORIENT.PORTRAIT for page in document().sections)
    assert all(page.orientation is WD_ORIENT.LANDSCAPE for page in document("yearbook").sections)


def test_each_goal_and_committee_begins_a_page() -> None:
    for name, expected in (
        ("goals", [goal.title for goal in context().goals]),
        ("committees", [sheet.owner for sheet in context().committees]),
    ):
        assert headings(name, 1) == expected
        breaks = list(body(name).iter(f"{W}pageBreakBefore"))
        assert len(breaks) == len(expected) - 1


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_told_in_words(name: str) -> None:
    pictures = list(body(name).iter(qn("wp:docPr")))
    assert all(one.get("descr") for one in pictures)
    ids = [one.get("id") for one in pictures]
    assert len(ids) == len(set(ids))
    if name == "annual":
        told = {one.get("descr") for one in pictures}
        assert {chart.description for goal in context().goals for chart in goal.charts} <= told
        assert context().overall.chart.description in told


ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr pBdr tabs spacing ind jc outlineLvl sectPr",
    "tcPr": "tcW gridSpan vMerge shd",
    "tblPr": "tblStyle tblW tblLayout tblLook tblCaption",
    "sectPr": "footerReference type pgSz pgMar cols",
    "trPr": "cantSplit tblHeader",
}
"""The order the standard asks for: Word refuses a file that keeps to another."""


@pytest.mark.parametrize("name", NAMES)
def test_properties_stand_in_the_order_word_asks_for(name: str) -> None:
    for tag, order in ORDER.items():
        known = order.split()
        for properties in body(name).iter(f"{W}{tag}"):
            places = [known.index(child.tag.removeprefix(W)) for child in properties]
            assert places == sorted(places)


# --- what it says ----------------------------------------------------------------------------


def test_the_sheet_shows_every_item_and_indicator_with_its_letter() -> None:
    score = sample.scores(sample.plan())[2024]
    rows = table("annual", "計画の全項目と指標").findall(f"{W}tr")[1:]
    shown = {cells(row)[0]: cells(row)[6].split()[0] for row in rows}
    expected = {code: s.rating or "－" for code, s in score.indicators.items()}
    expected |= {code: node.rating or "－" for code, node in score.nodes.items()}
    assert shown == expected


@pytest.mark.parametrize("name", ["annual", "goals"])
def test_the_years_of_an_indicator_stand_side_by_side(name: str) -> None:
    scores = sample.scores(sample.plan())
    years = {
        cells(row)[0]: cells(row)[2:5]
        for one in body(name).iter(f"{W}tbl")
        if one.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val") == "指標の年度ごとの値"
        for row in one.findall(f"{W}tr")[1:]
    }
    row = next(row for told, row in years.items() if told.startswith("2-1a 受講者（人）"))
    for year, cell in zip(sample.YEARS, row, strict=True):
        done = scores[year].indicators["2-1a"]
        assert f" {done.rating} " in cell
        assert done.display in cell
    assert row[-1].startswith("8.0")
    assert "目標 12.0" in row[-1]
    example = next(row for told, row in years.items() if told.startswith("2-1d"))
    assert example[-1].count("例示") == 3


def test_texts_of_the_book_stay_texts() -> None:
    shown = text_of(body())
    assert sample.NASTY in shown
    assert f"荒天。\n{sample.NASTY}" in shown
    assert sample.NASTY in text_of(body("goals"))


NAUGHTY = "&<>\"'{{7*7}}{%p x %}{_{ {_% %_} ]]> &#65; \x00\x07\x0c\ud800\ufffe\t終\r\n次"


def test_a_title_of_any_signs_is_printed_as_it_is() -> None:
    cover = context().cover.model_copy(update={"plan_title": NAUGHTY, "body": NAUGHTY})
    made = find_format("docx").render(context().model_copy(update={"cover": cover}))
    opened = Document(io.BytesIO(made))
    expected = "&<>\"'{{7*7}}{%p x %}{_{ {_% %_} ]]> &#65; \n 終\n次"
    assert opened.paragraphs[0].text == expected
    assert opened.core_properties.author == expected.replace("\n", " ")
    assert "49" not in opened.core_properties.title


@given(st.text(st.characters(), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_comes_back_from_its_run(text: str) -> None:
    xml = f'<w:r xmlns:w="{W[1:-1]}"><w:t xml:space="preserve">{word_text(text)}</w:t></w:r>'
    assert text_of(etree.fromstring(xml)) == plain(text).replace("\t", " ")


# --- the same bytes --------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_same_report_is_the_same_file(name: str) -> None:
    assert find_format("docx").render(context(), name) == content(name)
    with zipfile.ZipFile(io.BytesIO(content(name))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
    core = parts(content(name))["docProps/core.xml"].decode()
    assert "dcterms" not in core
    assert document(name).core_properties.author == "まち社会福祉協議会"
    assert document(name).core_properties.title.startswith("まち地域福祉活動計画")


def test_shipped_templates_are_what_their_script_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    place = ROOT / "docs" / "word_templates"
    monkeypatch.syspath_prepend(str(place))
    for module in place.glob("*.py"):
        monkeypatch.delitem(sys.modules, module.stem, raising=False)
    spec = importlib.util.spec_from_file_location("word_templates", place / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.templates()
    assert set(made) == set(NAMES)
    for name, file in made.items():
        shipped = shipped_templates() / name / "report.docx"
        assert parts(file) == parts(shipped.read_bytes()), "python docs/word_templates"


# --- a council's own template ----------------------------------------------------------------


def own(folder: Path, *lines: str, rows: tuple[tuple[str, ...], ...] = ()) -> Path:
    """An own template as a person makes one: a plain Word file with marks in it."""
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    if rows:
        grid = made.add_table(len(rows), len(rows[0]))
        for row, texts in zip(grid.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    path = folder / "annual" / "report.docx"
    path.parent.mkdir(exist_ok=True)
    made.save(str(path))
    return path


def test_an_own_template_goes_before_the_shipped_one(tmp_path: Path) -> None:
    own(
        tmp_path,
        "{{ report.cover.year }}の{{ report.cover.kind }}",
        "{%p for line in report.highlights %}",
        "・{{ line }}",
        "{%p endfor %}",
        rows=(
            ("目標", "判定"),
            ("{%tr for row in report.overall.goals %}", ""),
            ("{{ row.title }}", "{{r letter(row.letter) }}"),
            ("{%tr endfor %}", ""),
        ),
    )
    made = Document(io.BytesIO(find_format("docx").render(context(), "annual", tmp_path)))
    lines = [f"・{line}" for line in context().highlights]
    assert [p.text for p in made.paragraphs][: len(lines) + 1] == ["令和6年度の評価報告書", *lines]
    goals = context().overall.goals
    assert [row.cells[0].text for row in made.tables[0].rows] == ["目標", *(g.title for g in goals)]
    assert made.tables[0].rows[1].cells[1].text.split()[0] == goals[0].letter.text
    assert find_format("docx").render(context(), "summary", tmp_path) == content("summary")


def test_a_template_saved_by_another_word_processor_keeps_its_styles(tmp_path: Path) -> None:
    """Japanese Word calls the first heading 1, others number the styles: the names stay."""
    inside = parts((shipped_templates() / "annual" / "report.docx").read_bytes())
    for old, new in ((b'"LetterT', b'"a'), (b'"Example"', b'"af3"'), (b'"Heading', b'"')):
        inside = {name: part.replace(old, new) for name, part in inside.items()}
    path = own(tmp_path)
    path.write_bytes(packed(inside))
    made = Document(io.BytesIO(find_format("docx").render(context(), "annual", tmp_path)))
    names = [style.name for style in made.styles]
    used = {
        run.style.name for one in made.tables for p in one._cells for run in p.paragraphs[0].runs
    }
    assert {"判定1", "例示の印"} <= used <= set(names)
    lines = [p for p in made.element.body.iter(f"{W}p") if p.find(f"{W}hyperlink") is not None]
    assert len(lines) == len(headings("annual", 1)) + len(headings("annual", 2))


def refusal(folder: Path) -> str:
    with pytest.raises(TemplateTrouble) as caught:
        find_format("docx").render(context(), "annual", folder)
    assert "Traceback" not in str(caught.value)
    assert caught.value.hint
    assert caught.value.message.startswith("ひな型「annual/report.docx」")
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("{{ report.cover.titel }}",), ("report.cover.titel", "欄「titel」はありません")),
        (("{{ report.cover.year", "次の段落"), ("書き方に誤りがあります",)),
        (("{%p for line in report.highlights %}", "{{ line }}"), ("書き方に誤りがあります",)),
        (("{{ nothing.here }}",), ("「nothing」という名前の値はありません",)),
        (("{{ report.cover.year * 3 }}",), ("計算",)),
        (("{{ report.__class__ }}",), ("annual",)),
    ],
)
def test_a_wrong_mark_is_told_in_one_sentence(
    tmp_path: Path, lines: tuple[str, ...], words: tuple[str, ...]
) -> None:
    own(tmp_path, *lines)
    message = refusal(tmp_path)
    assert all(word in message for word in words), message


def test_marks_that_cross_a_table_are_told_in_one_sentence(tmp_path: Path) -> None:
    own(tmp_path, "{% if report.judged %}", rows=(("{% endif %}",),))
    assert "差し込みの印" in refusal(tmp_path)


def broken(file: bytes) -> Iterator[tuple[str, bytes, str]]:
    inside = parts(file)
    types = inside["[Content_Types].xml"]
    macros = types.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    yield "text", b"{{ report.cover.year }}", "読めません"
    yield "cut", file[: len(file) // 2], "読めません"
    yield "old", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "パスワード"
    yield "macros", packed({**inside, "[Content_Types].xml": macros}), "マクロ"
    yield (
        "sheet",
        packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b""}),
        "読めません",
    )
    yield "torn", packed({**inside, "word/document.xml": b"<w:document>"}), "読めません"
    yield "bomb", packed({**inside, "word/media/a.bmp": bytes(60_000_000)}), "大きすぎ"
    yield "empty", b"", "読めません"


@pytest.mark.parametrize("kind", ["text", "cut", "old", "macros", "sheet", "torn", "bomb", "empty"])
def test_a_file_that_is_no_word_template_is_told_in_one_sentence(tmp_path: Path, kind: str) -> None:
    path = own(tmp_path, "{{ report.cover.year }}")
    file, words = next((f, w) for k, f, w in broken(path.read_bytes()) if k == kind)
    path.write_bytes(file)
    assert words in refusal(tmp_path)


def test_unknown_documents_are_refused() -> None:
    with pytest.raises(WrongUsage, match="annual"):
        find_format("docx").render(context(), "nothing")
    assert issubclass(TemplateTrouble, ReviewError)
