"""report: documents, formats, chapters; every wrong request is one sentence and leaves no file."""

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from commandline import refusal, run

from shakyo_review.reports.chapters import CHAPTERS
from shakyo_review.reports.documents import DOCUMENTS
from shakyo_review.reports.formats import FORMATS
from shakyo_review.services.making import make_demo

YEAR = ("--year", "R6")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "osaka.db"
    make_demo(path, "osaka", "試験")
    return path


def made(book: Path, out: Path, *words: str) -> list[str]:
    done = run("--book", book, "report", *YEAR, "--out", out, *words)
    assert (done.status, done.err) == (0, ""), done
    told = re.findall(r"^報告書: (.*)$", done.out, re.M)
    assert {Path(path) for path in told} <= set(out.iterdir())
    assert (f"{len(told)}個のファイルを作りました。" in done.out) == (len(told) > 1)
    return [Path(path).name for path in told]


def titles(path: Path) -> str:
    return " ".join(re.findall(r"<h2.*?</h2>", path.read_text(encoding="utf-8"), re.S))


def test_the_report_alone_is_made_where_nothing_is_said(book: Path, tmp_path: Path) -> None:
    assert made(book, tmp_path) == ["osaka-2024.html"]
    assert "年度比較" in titles(tmp_path / "osaka-2024.html")


def test_documents_and_formats_are_chosen(book: Path, tmp_path: Path) -> None:
    chosen = ("--template", "annual, summary", "--format", "html,csv")
    assert made(book, tmp_path, *chosen) == [
        "osaka-2024.html",
        "osaka-2024.csv",
        "osaka-2024-summary.html",
    ]
    (tmp_path / "osaka-2024.csv").write_text("前のもの")
    assert made(book, tmp_path, *chosen, "--keep") == [
        "osaka-2024-2.html",
        "osaka-2024-2.csv",
        "osaka-2024-summary-2.html",
    ]
    assert (tmp_path / "osaka-2024.csv").read_text() == "前のもの"


def test_chapters_are_left_out_and_the_others_numbered_on(book: Path, tmp_path: Path) -> None:
    made(book, tmp_path, "--without", "comparison, 評価の方法と基準,appendix")
    told = titles(tmp_path / "osaka-2024.html")
    assert "年度比較" not in told
    assert "評価の方法" not in told
    numbers = re.findall(r'class="chapter-number">(\d+)<', told)
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


def test_an_own_template_is_a_document_too(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own" / "council"
    own.mkdir(parents=True)
    (own / "report.html.j2").write_text("{{ report.cover.year }}", encoding="utf-8")
    settings = tmp_path / "settings.toml"
    settings.write_text(f'templates = "{own.parent.as_posix()}"', encoding="utf-8")
    monkeypatch.setenv("SHAKYO_REVIEW_SETTINGS", str(settings))
    out = tmp_path / "out"
    assert made(book, out, "--template", "council") == ["osaka-2024-council.html"]
    assert (out / "osaka-2024-council.html").read_text(encoding="utf-8") == "令和6年度"
    text = refusal(run("--book", book, "report", *YEAR, "--out", out, "--template", "no"), 2)
    assert "yearbook、council" in text


def word(text: str) -> bytes:
    document, made = docx.Document(), BytesIO()
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("format_name", "content", "told"),
    [
        ("html", "<p>\n{{ report.nope }}", "2行目.*「nope」"),
        ("html", "{{ 1 + 1 }}", "1行目.*計算"),
        ("html", '{% extends "default:annual/none.j2" %}', "none.j2"),
        (
            "md",
            "{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}",
            "",
        ),
        ("pdf", "\n\n{{ report.cover.nope }}", "3行目.*「nope」"),
        ("pdf", "\n#nothing()", "2行目.*nothing"),
        ("docx", "{{ report.nope }}", "「nope」"),
        ("docx", "{{ 1 + 1 }}", "計算"),
        ("docx", "", "読めません"),
    ],
)
def test_a_broken_template_of_ones_own_is_told_and_every_earlier_file_kept(
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    format_name: str,
    content: str,
    told: str,
) -> None:
    suffix = {"pdf": ".typ.j2", "docx": ".docx"}.get(format_name, f".{format_name}.j2")
    own = tmp_path / "own" / "annual" / f"report{suffix}"
    own.parent.mkdir(parents=True)
    own.write_bytes(word(content) if content and format_name == "docx" else content.encode())
    (tmp_path / "settings.toml").write_text(f'templates = "{(tmp_path / "own").as_posix()}"')
    monkeypatch.setenv("SHAKYO_REVIEW_SETTINGS", str(tmp_path / "settings.toml"))
    out = tmp_path / "out"
    out.mkdir()
    (out / "osaka-2024.csv").write_text("前のもの")
    words = ("report", *YEAR, "--out", out, "--format", f"csv,{format_name}")
    done = run("--book", book, *words)
    assert (done.status, done.out) == (1, "")
    assert f"ひな型「annual/report{suffix}」" in done.error
    assert re.search(told, done.error)
    assert [one.name for one in out.iterdir()] == ["osaka-2024.csv"]
    assert (out / "osaka-2024.csv").read_text() == "前のもの"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "wordperfect"), list(FORMATS)),
        (("--format", ","), ["形式が指定されていません", *FORMATS]),
        (("--template", "monthly"), ["「monthly」", *DOCUMENTS]),
        (("--template", "../annual"), ["「../annual」", *DOCUMENTS]),
        (("--without", "cover"), ["「cover」", *CHAPTERS]),
        (("--template", "summary", "--format", "xlsx"), ["概要版", "html、pdf、docx、md"]),
        (("--pack", "--format", "html"), ["--pack", "--format"]),
        (("--pack", "--template", "annual"), ["--pack", "--template"]),
        (("--year", "1960"), ["昭和35年度"]),
    ],
)
def test_a_wrong_request_lists_what_there_is(
    book: Path, tmp_path: Path, words: tuple[str, ...], told: list[str]
) -> None:
    text = refusal(run("--book", book, "report", *YEAR, "--out", tmp_path / "out", *words), 2)
    assert all(one in text for one in told)
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_keeps_every_earlier_file(
    book: Path, tmp_path: Path
) -> None:
    made(book, tmp_path, "--format", "html")
    before = (tmp_path / "osaka-2024.html").read_bytes()
    (tmp_path / "osaka-2024.csv").mkdir()
    words = ("--format", "html,csv", "--without", "plan", "--out", tmp_path)
    text = refusal(run("--book", book, "report", *YEAR, *words), 1)
    assert "osaka-2024.csv" in text
    assert "同じ名前のフォルダがあります" in text
    assert (tmp_path / "osaka-2024.html").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["osaka-2024.csv", "osaka-2024.html"]


def test_the_help_names_every_document_format_and_chapter() -> None:
    text = run("report", "--help").out
    for name in (*DOCUMENTS, *FORMATS, *CHAPTERS):
        assert re.search(rf"\b{name}\b", text), name
