import errno
import os
from pathlib import Path

import pytest
from report_page import read

from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.reports.rendering import TemplateTrouble
from shakyo_review.services import files
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_demo
from shakyo_review.services.publishing import Stopped, publish_report

DEMOS = {"osaka": 2024, "okegawa": 2024, "zushi": 2024, "isesaki": 2024, "asahi": 2021}


@pytest.fixture(scope="module")
def book_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "osaka.db"
    make_demo(path, "osaka", "試験")
    return path


@pytest.fixture
def book(book_file: Path):
    with ReviewBook.open(book_file, "試験") as book:
        yield book


@pytest.mark.parametrize("name", DEMOS)
def test_every_sample_can_be_published(name: str, tmp_path: Path) -> None:
    year = make_demo(tmp_path / "b.db", name, "試験")
    with ReviewBook.open(tmp_path / "b.db", "試験") as book:
        (path,) = publish_report(book, year, ["html"], tmp_path / "out")
        score = book.score(year)
    assert path == tmp_path / "out" / f"{name}-{DEMOS[name]}.html"
    page = read(path.read_bytes())
    for code, one in score.indicators.items():
        block = page.by_id(f"indicator-{code}")
        now = block.one("td", "now")
        assert one.display in (now.one("span", "rate").text if one.display != "－" else "－")
        assert [e.text for e in now.all("span", "letter")] == ([one.rating] if one.rating else [])
    assert "例示の数値を含みます" in page.one("header").text
    ids = [e.attrs["id"] for e in page.all() if "id" in e.attrs]
    assert len(ids) == len(set(ids))


def test_the_same_book_gives_the_same_bytes(book: ReviewBook, tmp_path: Path) -> None:
    first, second = (publish_report(book, 2024, ["html"], tmp_path / n)[0] for n in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_the_folder_is_made_and_nothing_else_is_left(book: ReviewBook, tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    publish_report(book, 2024, ["html", "html"], out)
    assert [p.name for p in out.iterdir()] == ["osaka-2024.html"]


def test_progress_is_told(book: ReviewBook, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    publish_report(book, 2024, ["html"], tmp_path, progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == [*range(7)]
    assert {total for *_, total in told} == {6}
    assert told[4][0] == "評価報告書（HTML）を作っています"


def test_a_pack_can_be_stopped_between_two_documents(book: ReviewBook, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with pytest.raises(Stopped, match="ファイルは書いていません"):
        publish_report(
            book,
            2024,
            ["all"],
            tmp_path / "out",
            templates=["all"],
            progress=lambda *step: told.append(step),
            stop=lambda: bool(told) and told[-1][0] == "評価報告書（PDF）を作っています",
        )
    assert told[-1][1:] == (5, 29)
    assert not (tmp_path / "out").exists()


def test_wrong_requests(book: ReviewBook, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for year, formats, template, without, told in (
        (2024, ["txt"], "annual", "", "使える形式: html、pdf"),
        (2024, [], "annual", "", "形式が指定されていません"),
        (1960, ["html"], "annual", "", "昭和35年度"),
        (2024, ["html"], "none", "", "使える文書: annual、summary、goals"),
        (2024, ["html"], " ", "", "文書が指定されていません"),
        (2024, ["html"], "annual", "cover", "money（予算・決算と結果）"),
        (2024, ["xlsx"], "summary", "", "作れる形式: html、pdf、docx、md"),
        (2024, ["html", "csv"], "summary", "", "csv で作れる文書: annual、yearbook"),
    ):
        chapters = [without] if without else []
        with pytest.raises(WrongUsage, match=told):
            publish_report(book, year, formats, out, templates=[template], without=chapters)
    assert not out.exists()


def test_a_broken_template_leaves_the_earlier_report(book: ReviewBook, tmp_path: Path) -> None:
    (path,) = publish_report(book, 2024, ["html"], tmp_path / "out")
    before = path.read_bytes()
    folder = tmp_path / "own" / "annual"
    folder.mkdir(parents=True)
    (folder / "report.html.j2").write_text("{{ report.x }}", encoding="utf-8")
    with pytest.raises(TemplateTrouble):
        publish_report(book, 2024, ["html"], path.parent, user_templates=folder.parent)
    assert path.read_bytes() == before


def test_a_folder_with_the_name_of_the_report(book: ReviewBook, tmp_path: Path) -> None:
    (tmp_path / "osaka-2024.html").mkdir()
    with pytest.raises(ReviewError, match="同じ名前のフォルダがあります"):
        publish_report(book, 2024, ["html"], tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["osaka-2024.html"]


def test_a_file_in_the_place_of_the_folder(book: ReviewBook, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    for out, told in (("out", "同じ名前のもの"), ("out/deeper", "フォルダではないもの")):
        with pytest.raises(ReviewError, match=told):
            publish_report(book, 2024, ["html"], tmp_path / out)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "空き容量"),
        (errno.EACCES, "権限がありません"),
        (errno.EROFS, "書き込めない場所"),
        (errno.EIO, "書き込めません"),
    ],
)
def test_trouble_while_writing_keeps_the_earlier_report(
    book: ReviewBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    (path,) = publish_report(book, 2024, ["html"], tmp_path)
    path.write_text("前の報告書", encoding="utf-8")

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(ReviewError, match=told) as caught:
        publish_report(book, 2024, ["html"], tmp_path)
    assert "\n" not in str(caught.value)
    assert path.read_text(encoding="utf-8") == "前の報告書"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder one may not write")
def test_a_folder_that_cannot_be_written(book: ReviewBook, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ReviewError, match="許可がありません"):
        publish_report(book, 2024, ["html"], tmp_path)
