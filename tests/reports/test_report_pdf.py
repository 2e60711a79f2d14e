import hashlib
import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest
import report_sample as sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_structure import Pdf, plain
from pydantic import BaseModel

from shakyo_review.domain.value import format_percent, half_up
from shakyo_review.reports.context import Chapter, ReportContext
from shakyo_review.reports.context.parts import Fact
from shakyo_review.reports.context.year import (
    AskedRow,
    ErratumRow,
    ImprovementPart,
    MadeRow,
    MeetingRow,
    OpinionRow,
    PlanChanges,
    Proceedings,
    RecusalRow,
    ReturnedRow,
    RevisionBlock,
    RevisionChange,
)
from shakyo_review.reports.formats import html, pdf
from shakyo_review.reports.rendering import TemplateTrouble
from shakyo_review.reports.typst_text import TypstText

DOCUMENTS = ("annual", "summary", "goals", "committees", "yearbook")
LONG = "".join(f"{n}番目の意見です。" for n in range(1, 400))
NASTY = '#import "@preview/x:1.0.0" $x$ *b* _i_ @ref <a> // /* \\ `c` "q" ${1} [#x] ;.(y)'


@cache
def context() -> ReportContext:
    return sample.context()


@cache
def content(document: str) -> bytes:
    return pdf.render(context(), document)


@cache
def read(document: str) -> Pdf:
    return Pdf(content(document))


# --- the standard ----------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_says_that_it_is_accessible_and_made_for_keeping(document: str) -> None:
    root = read(document).root
    told = root["/Metadata"].get_data().decode()
    assert re.search(r"<pdfuaid:part>1<", told)
    assert re.search(r"<pdfaid:part>2<.*<pdfaid:conformance>A<", told, re.DOTALL)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "まち地域福祉活動計画" in (read(document).reader.metadata.title or "")
    assert read(document).reader.metadata.author == "まち社会福祉協議会"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_its_fonts_are_inside(document: str) -> None:
    fonts = set()
    for page in read(document).reader.pages:
        for font in page["/Resources"]["/Font"].values():
            (below,) = font["/DescendantFonts"]
            fonts.add(str(font["/BaseFont"]).partition("+")[2])
            assert "/ToUnicode" in font
            assert {"/FontFile2", "/FontFile3"} & set(below["/FontDescriptor"])
    assert {name.partition("-")[0] for name in fonts} == {"IPAexGothic"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_can_be_heard(document: str) -> None:
    tree = read(document).tree
    assert all(figure.alt for figure in tree.all("Figure"))
    for table in tree.all("Table"):
        assert table.rows("TH")
        assert len(table.widths()) == 1
    levels = [int(tag.kind[1]) for tag in tree.all("H1", "H2", "H3")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(run.told for run in read(document).runs)
    for page in read(document).reader.pages:
        assert page["/Tabs"] == "/S"
        for note in page.get("/Annots", []):
            assert note.get_object()["/Contents"]


def test_bookmarks_are_chapters_and_goals() -> None:
    def titles(outline: list[object]) -> Iterator[str]:
        for one in outline:
            if isinstance(one, list):
                yield from titles(one)
            else:
                yield plain(str(one["/Title"]))  # type: ignore[index]

    found = list(titles(read("annual").reader.outline))
    for chapter in context().chapters:
        assert plain(f"{chapter.number}{chapter.title}") in found
        assert {plain(child.title) for child in chapter.children} <= set(found)


def test_the_contents_tell_the_page_of_every_chapter() -> None:
    made = read("annual")
    lines = [tag.plain for tag in made.tree.all("TOCI")]
    for entry in (*context().chapters, *(c for one in context().chapters for c in one.children)):
        title = plain(entry.number + entry.title)
        (page,) = [line.removeprefix(title) for line in lines if line.startswith(title)]
        assert title in made.page_text(int(page) - 1)
    count = len(made.reader.pages)
    assert f"2/{count}" in made.page_text(1)
    assert f"/{count}" not in made.page_text(0)
    links = [note for page in made.reader.pages for note in page.get("/Annots", [])]
    assert len(links) >= len(context().chapters) + len(context().exceptions.below)


# --- what is printed -------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["annual", "yearbook"])
def test_every_rate_and_letter_is_that_of_the_score(document: str) -> None:
    plan, scores = sample.plan(), sample.scores(sample.plan())
    tables = [table for table in read(document).tree.all("Table") if "基準値" in table.plain[:9]]
    rows = [row for table in tables for row in table.rows()]
    for code in plan.indicators:
        name = plain(f"{code} {plan.indicators[code].name}")
        (row,) = [row for row in rows if row[0].startswith(name)]
        for year, cell in zip(sample.YEARS, row[2:], strict=False):
            score = scores[year].indicators[code]
            text = cell.replace("例示", "")
            if score.display != "－":
                assert re.search(re.escape(score.display) + r"(（.*）)?$", text)
            if score.rating:
                assert re.match(rf"[\d,.]+{re.escape(score.rating)}", text)
            else:
                assert not set("ABCD") & set(text)


def test_the_sheet_shows_every_item_and_indicator_with_its_letter() -> None:
    score = sample.scores(sample.plan())[2024]
    (sheet,) = [t for t in read("annual").tree.all("Table") if t.plain.startswith("コード")]
    letters = {row[0]: row[6].replace("例示", "") for row in sheet.rows()}
    expected = {code: s.rating or "－" for code, s in score.indicators.items()}
    expected |= {code: node.rating or "－" for code, node in score.nodes.items()}
    assert letters == expected


@pytest.mark.parametrize("document", ["annual", "goals", "yearbook"])
def test_goal_scores_are_those_of_the_score(document: str) -> None:
    for goal in sample.scores(sample.plan())[2024].goals:
        if goal.score is not None:
            assert format_percent(half_up(goal.score, 1)) in read(document).text


@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_says_all_that_the_page_for_the_browser_says(document: str) -> None:
    page = html.render(context(), document).decode()
    main = page[page.index("<main") : page.index("</main>")]
    unseen = r'<svg.*?</svg>|<caption class="quiet">.*?</caption>'
    texts = re.split(r"<[^>]+>", re.sub(unseen, "", main, flags=re.DOTALL))
    printed = read(document).text + read(document).page_text(0)  # the running head as well
    for text in dict.fromkeys(plain(unescape(text)) for text in texts):
        assert text in printed


def test_charts_are_pictures_with_words() -> None:
    report = context()
    alts = [figure.alt for figure in read("annual").tree.all("Figure")]
    for goal in report.goals:
        assert all(chart.description in alts for chart in goal.charts)
        assert all(one.trend.description in alts for one in goal.indicators if one.trend)
    assert report.overall.chart is not None
    assert report.overall.chart.description in alts


@pytest.mark.parametrize("document", DOCUMENTS)
def test_nothing_stands_outside_the_paper(document: str) -> None:
    made = read(document)
    box = made.reader.pages[0].mediabox
    for run in made.runs:
        assert 30 <= run.x <= float(box.width) - 30
        assert 15 <= run.y <= float(box.height) - 15


def test_one_page_each() -> None:
    assert len(read("summary").reader.pages) == 1
    assert len(read("goals").reader.pages) == len(context().goals)
    assert len(read("committees").reader.pages) == len(context().committees)
    for n, goal in enumerate(context().goals):
        assert plain(goal.title) in read("goals").page_text(n)
    for n, sheet in enumerate(context().committees):
        assert plain(sheet.owner) in read("committees").page_text(n)


def test_paper_lies_upright_and_the_year_book_across() -> None:
    for document in DOCUMENTS:
        box = read(document).reader.pages[0].mediabox
        assert (box.width > box.height) == (document == "yearbook")


def test_a_goal_with_too_much_still_takes_one_page() -> None:
    goal = context().goals[0]
    facts = [Fact(name=f"{n}", text=LONG[:300]) for n in range(9)]
    full = goal.model_copy(update={"done": facts, "issues": facts, "directions": facts})
    made = Pdf(pdf.render(context().model_copy(update={"goals": [full]}), "goals"))
    assert len(made.reader.pages) == 1
    assert made.text.count(plain(LONG[:300])) == 27


def test_a_report_without_some_chapters_keeps_its_links() -> None:
    kept = [one for one in context().chapters if one.kind in ("overall", "exceptions")]
    made = Pdf(pdf.render(context().model_copy(update={"chapters": kept})))
    assert [tag.plain for tag in made.tree.all("H1")][1:] == [
        plain(one.number + one.title) for one in kept
    ]


# --- what people said ------------------------------------------------------------------------


def judged() -> ReportContext:
    """A report in which everything is said once, with words that occur nowhere else."""
    report = context()
    meeting = MeetingRow(
        **{name: f"会議{name}" for name in MeetingRow.model_fields if name != "date"}, date="6月3日"
    )
    parts = {
        "proceedings": Proceedings(
            meetings=[meeting],
            recusals=[RecusalRow(**{name: f"除斥{name}" for name in RecusalRow.model_fields})],
            returned=[ReturnedRow(**{name: f"戻し{name}" for name in ReturnedRow.model_fields})],
            opinions_line="意見は2件です。",
            opinions=[
                OpinionRow(
                    number="1", about="全体", text=LONG, source="青木", answered=False,
                    answer="未回答", answer_source="",
                ),
                OpinionRow(
                    number="2", about="目標1", text="短い意見", source="井上", answered=True,
                    answer="答え", answer_source="事務局",
                ),
            ],
        ),
        "improvement": ImprovementPart(
            directions_line="継続2件。",
            asked_line="答えは1件です。",
            asked=[AskedRow(**{name: f"求め{name}" for name in AskedRow.model_fields})],
            made=[MadeRow(**{name: f"約束{name}" for name in MadeRow.model_fields})],
        ),
        "changes": PlanChanges(
            title="計画の変更と正誤",
            revisions=[
                RevisionBlock(
                    since="令和6年度から", reason="見直し", decided="理事会", span="2",
                    changes=[RevisionChange(label="目標変更", item="1-1", text="3 → 4")],
                )
            ],
            errata=[ErratumRow(**{name: f"正誤{name}" for name in ErratumRow.model_fields})],
        ),
    }  # fmt: skip
    chapters = [
        Chapter(kind=kind, number=str(n), title=f"{kind}の章", anchor=f"chapter-{n}", children=[])
        for n, kind in enumerate(parts, 1)
    ]
    return report.model_copy(update={**parts, "chapters": chapters})


def texts(part: object) -> Iterator[str]:
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            if name not in ("span", "title"):
                yield from texts(getattr(part, name))
    elif isinstance(part, list):
        for one in part:
            yield from texts(one)
    elif isinstance(part, str):
        yield part


def test_all_that_people_said_is_printed_word_for_word() -> None:
    report = judged()
    made = Pdf(pdf.render(report))
    for part in (report.proceedings, report.improvement, report.changes):
        for text in texts(part):
            assert plain(text) in made.text
    # a long opinion goes on over the page; nothing of it falls off the paper
    pages = [n for n in range(len(made.reader.pages)) if "番目の意見です" in made.page_text(n)]
    assert len(pages) > 1
    below = [run for run in made.runs if run.y < 45]
    assert {run.page for run in below} == set(range(1, len(made.reader.pages)))
    assert re.fullmatch(r"[0-9 /]+", "".join(run.text for run in below))


# --- texts stay texts ------------------------------------------------------------------------


def own(folder: Path, text: str, name: str = "own") -> Path:
    path = folder / name / "report.typ.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def saying(text: str) -> ReportContext:
    cover = context().cover.model_copy(update={"made_by": text})
    return context().model_copy(update={"cover": cover})


SAYING = (
    "= 題\n\n[{{ report.cover.made_by }}](x)\n#align(center)[{{ report.cover.made_by ~ '、' }}]"
)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own(tmp_path_factory.mktemp("own"), SAYING)


@given(st.text(st.sampled_from("#$*_@<>/\\`\"'[](){};:.,=-+~&% \n\tabcn0u{}あ漢。ー"), max_size=40))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_printed_as_it_is(said: Path, text: str) -> None:
    made = Pdf(pdf.render(saying(text), "own", said)).text
    assert made == plain(f"題[{text}](x){text}、")


def test_nasty_texts_everywhere() -> None:
    plan = sample.plan(title=NASTY, body=NASTY)
    made = Pdf(pdf.render(sample.context(plan), "summary"))
    assert made.text.count(plain(NASTY)) == 3
    assert plain(sample.NASTY) in made.text
    assert NASTY in (made.reader.metadata.title or "")


def test_a_character_the_font_lacks_is_replaced_and_that_is_told(said: Path) -> None:
    made = Pdf(pdf.render(saying("𠮷野\U0001f600㏊\u200d\u202e\x00が\ue000"), "own", said))
    assert made.text == "題[〓野〓haが〓](x)〓野〓haが〓、"
    page = context().summary.model_copy(update={"whole_sentence": "𠮷野"})
    told = "「〓」は、この書体にない文字です。"
    missing = pdf.render(context().model_copy(update={"summary": page}), "summary")
    assert told in Pdf(missing).page_text(0)
    assert told not in read("summary").page_text(0)


def test_a_text_without_blanks_can_be_broken() -> None:
    assert TypstText()("https://www.example.jp/") == '#"https://ww\\u{200b}w.example.\\u{200b}jp/";'
    assert TypstText()("1,234,567") == '#"1,234,567";'


# --- templates of one's own ------------------------------------------------------------------


def refused(folder: Path, text: str) -> TemplateTrouble:
    with pytest.raises(TemplateTrouble) as caught:
        pdf.render(context(), "own", own(folder, text))
    assert "own/report.typ.j2" in caught.value.message
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("= 題\n\n{{ report.cover.body }}\n#nothing", "4行目", "nothing"),
        ("= 題\n{% for goal in report.goals %}\n\n#text({{ code(goal.title) }}\n{% endfor %}", "4行目", ""),
        ('= 題\n#image("logo.png")', "2行目", "logo.png"),
        ("= 題\n=== 飛んだ見出し", "2行目", "level"),
        ("= 題\n😀", "2行目", "font"),
        ('= 題\n#import "@preview/cetz:0.3.0"', "2行目", "フォルダ"),
        ("= 題\n{{ report.cover.nothing }}", "2行目", "欄"),
        ("= 題\n#panic({{ code(report.cover.year) }})", "2行目", "令和6年度"),
    ],
)  # fmt: skip
def test_a_broken_template_is_named_with_its_line(
    tmp_path: Path, text: str, line: str, hint: str
) -> None:
    error = refused(tmp_path, text)
    assert line in error.message
    assert hint in error.hint


def test_an_own_template_may_change_one_block_and_show_a_picture(tmp_path: Path) -> None:
    (tmp_path / "annual").mkdir()
    (tmp_path / "annual" / "logo.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
    )
    own(
        tmp_path,
        '{% extends "default:summary/report.typ.j2" %}'
        '{% block page %}#image("/annual/logo.svg", alt: "紋")\n{{ super() }}{% endblock %}',
        "summary",
    )
    made = Pdf(pdf.render(context(), "summary", tmp_path))
    assert next(made.tree.all("Figure")).alt == "紋"
    assert read("summary").text in made.text


# --- the same bytes --------------------------------------------------------------------------


def test_another_process_day_and_place_give_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import hashlib, report_sample as s; from shakyo_review.reports.formats import pdf;"
        "c = s.context();"
        "print(hashlib.sha256(pdf.render(c, 'yearbook') + pdf.render(c)).hexdigest())"
    )
    elsewhere = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTHONHASHSEED": "7",
        "TZ": "America/Lima",
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": "86400",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=elsewhere, capture_output=True, text=True
    )
    expected = hashlib.sha256(content("yearbook") + content("annual")).hexdigest()
    assert done.stdout.strip() == expected, done.stderr


def test_nothing_tells_of_the_machine() -> None:
    dates = read("annual").reader.metadata
    assert dates.creation_date_raw == dates.modification_date_raw == "D:20250331000000Z"
    for document in DOCUMENTS:
        assert str(Path.home()).encode() not in content(document)
        assert b"/tmp" not in content(document)
