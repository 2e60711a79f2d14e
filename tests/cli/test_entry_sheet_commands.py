"""記入シート by commands: given out, filled in, taken in; and every spoilt sheet refused in one sentence."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from books import new_book, opened
from commandline import refusal, run
from filled_sheets import fill, given_out, head_of, rows_of, spoil

from shakyo_review.exchange.entry_sheet import is_row_mark, is_sheet_mark

Put = Callable[[str, object], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a book and its sheets of R6, and those of another book."""
    folder = tmp_path_factory.mktemp("sheets")
    book = new_book(folder / "b.db")
    given_out(book, 2024)
    given_out(new_book(folder / "other.db", "別の社協"), 2024, name="other.xlsx")
    return folder


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    shutil.copy(made / "s.xlsx", tmp_path / "s.xlsx")
    return Path(shutil.copy(made / "b.db", tmp_path / "b.db"))


def does(book: Path, *words: object, who: str = "事務局", status: int = 0) -> tuple[str, str]:
    done = run("--book", book, "--as", who, *words)
    assert done.status == status, done
    return done.out, done.err


def test_out_and_back(book: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "o.xlsx"
    _, told = does(book, "export", "--year", "R6", sheet, "--owner", "社協", "--due", "6月30日")
    assert told == f"「{sheet}」に2行を書き出しました。\n"
    fill(sheet, {("a", "実績"): "５１２人", ("b", "実績"): None})
    before = book.read_bytes()
    out, told = does(book, "import", sheet, "--dry-run")
    assert out == "a R6 実績: 480 → 512\n"
    assert told.splitlines() == [
        "確認: シート「社協」のK12: 消されていますが、空欄では台帳の値を消しません。"
        "取り消すときは、状態で「未入力」を選んでください。",
        "「o.xlsx」: 変わる予定は1件（同じ値は1件）。",
    ]
    assert book.read_bytes() == before
    out, told = does(book, "import", sheet)
    assert (out, told.splitlines()[-1]) == ("", "「o.xlsx」: 1件を取り込みました（同じ値は1件）。")
    out, _ = does(book, "history", "a", "--year", "R6")
    assert "取り込み（o.xlsx）" in out


def test_one_file_for_each_committee(book: Path, tmp_path: Path) -> None:
    _, told = does(book, "export", "--year", "R6", tmp_path / "配布", "--each")
    assert told.count("に書き出しました。") == 2
    text = refusal(run("--book", book, "export", "--year", "R6", tmp_path / "配布", "--each"), 2)
    assert "上書きしません" in text
    for sheet in (tmp_path / "配布").iterdir():
        assert "取り込みました（同じ値は" in does(book, "import", sheet)[1]


def test_what_has_changed_in_the_book_meanwhile(book: Path, tmp_path: Path) -> None:
    sheet = fill(tmp_path / "s.xlsx", {("a", "実績"): 512, ("c", "実績"): 7})
    does(book, "record", "a", "--year", "R6", "--actual", "500", who="田中")
    before = book.read_bytes()
    out, _ = does(book, "import", sheet, "--dry-run", status=1)
    lines = out.splitlines()
    assert lines[0] == "c R6 実績: 空欄 → 7"
    assert lines[1].startswith("渡した後に台帳でも変わった値（1件")
    assert lines[2].startswith(
        "  シート「社協」のK11（a 参加者数 令和6年度 実績）: 台帳は「500」（田中、"
    )
    text = refusal(run("--book", book, "import", sheet), 1)
    assert "取り込む値は「512」" in text
    assert book.read_bytes() == before
    assert "1件を取り込みました" in does(book, "import", sheet, "--take", "book")[1]
    assert "1件を取り込みました" in does(book, "import", sheet, "--take", "sheet")[1]
    with opened(book) as one:
        assert {c.key.indicator: str(c.reading.value) for c in one.cells(2024).cells.values()
                if c.key.kind == "actual"} == {"a": "512", "b": "0.08", "c": "7"}  # fmt: skip


def test_a_year_under_evaluation_wants_a_reason(book: Path, tmp_path: Path) -> None:
    sheet = fill(tmp_path / "s.xlsx", {("a", "実績"): 512})
    for code in "crm":
        does(book, "record", code, "--year", "R6", "--actual", "1")
    does(book, "year", "evaluate", "--year", "R6")
    assert "理由" in refusal(run("--book", book, "import", sheet), 1)
    assert "1件" in does(book, "import", sheet, "--reason", "集計の誤り")[1]
    does(book, "seal", "--year", "R6")
    fill(sheet, {("a", "実績"): 513})
    text = refusal(run("--book", book, "import", sheet, "--reason", "あとから"), 2)
    assert text.startswith(
        "「s.xlsx」は取り込めません。令和6年度は確定しています（シート「社協」のK11"
    )
    assert "出せません" in refusal(run("--book", book, "export", "--year", "R6", "o.xlsx"), 2)


# --- spoilt sheets ---------------------------------------------------------------------------


def typed(code: str, heading: str, value: object, style: str = "") -> Callable[[Path], object]:
    """A cell with something in it, perhaps with another format."""

    def change(_: Any, sheet: Any) -> None:
        cell = sheet.cell(rows_of(sheet)[code, "", ""], head_of(sheet)[heading])
        cell.value = value
        if style:
            cell.number_format = style

    return lambda path: spoil(path, change)


def with_marks(
    edit: Callable[[str], str | None], test: Callable[[object], bool]
) -> Callable[[Path], object]:
    def change(book: Any, _: Any) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if test(cell.value):
                        cell.value = edit(cell.value)

    return lambda path: spoil(path, change)


def any_mark(value: object) -> bool:
    return is_row_mark(value) or is_sheet_mark(value)


def headless(_: Any, sheet: Any) -> None:
    sheet.delete_rows(head_of(sheet)["row"])


def twice(_: Any, sheet: Any) -> None:
    columns = head_of(sheet)
    sheet.cell(columns["row"], columns["単位"]).value = "実績"


def renamed(_: Any, sheet: Any) -> None:
    columns = head_of(sheet)
    sheet.cell(columns["row"], columns["実績"]).value = "実績（人）"


def keys_twice(_: Any, sheet: Any) -> None:
    row = rows_of(sheet)["a", "", ""]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(20, column).value = sheet.cell(row, column).value
    sheet.cell(row, head_of(sheet)["実績"]).value = 1
    sheet.cell(20, head_of(sheet)["実績"]).value = 2


def shifted(_: Any, sheet: Any) -> None:
    """The codes of two rows change places, the marks do not."""
    rows, code = rows_of(sheet), head_of(sheet)["指標コード"]
    sheet.cell(rows["a", "", ""], code).value = "b"


def error_value(path: Path) -> None:
    spoil(path, lambda _, sheet: _put_raw(sheet, "a", "=1/0"))
    content = _parts(path)
    for name, part in content.items():
        content[name] = part.replace(b"<f>1/0</f><v/>", b"<f>1/0</f><v>#REF!</v>").replace(
            b"<f>1/0</f><v></v>", b"<f>1/0</f><v>#REF!</v>"
        )
        if b"<v>#REF!</v>" in content[name]:
            at = content[name].rindex(b"<c ", 0, content[name].index(b"<f>1/0"))
            content[name] = content[name][:at] + content[name][at:].replace(b"<c ", b'<c t="e" ', 1)
    _write(path, content)


def _put_raw(sheet: Any, code: str, value: str) -> None:
    sheet.cell(rows_of(sheet)[code, "", ""], head_of(sheet)["実績"]).value = value


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def _write(path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, part in content.items():
            out.writestr(name, part)


def with_part(name: str, part: bytes) -> Callable[[Path], object]:
    return lambda path: _write(path, {**_parts(path), name: part})


def far_out(path: Path) -> None:
    spoil(path, lambda _, sheet: sheet.cell(1_048_576, 16_384, "x"))


def chart_only(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=グラフ!$A$1:$A$2"})
        book.add_chartsheet("グラフ").set_chart(chart)


def no_sheets(path: Path) -> None:
    content = _parts(path)
    book = content["xl/workbook.xml"]
    begin, end = book.index(b"<sheets>"), book.index(b"</sheets>")
    kept = {n: p for n, p in content.items() if not n.startswith("xl/worksheets/")}
    _write(path, {**kept, "xl/workbook.xml": book[: begin + 8] + book[end:]})


def replaced(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
A = "シート「社協」のK11: "
SPOILT: dict[str, tuple[Callable[[Path], object], int, list[str]]] = {
    "of another book": (
        lambda path: shutil.copy(path.with_name("other.xlsx"), path),
        1,
        [A + "別の台帳から出した記入シートの行です"],
    ),
    "no headings": (
        lambda path: spoil(path, headless),
        1,
        ["シート「社協」: 見出しの行（実績・状態・実施内容）がありません"],
    ),
    "the heading 実績 renamed": (
        lambda path: spoil(path, renamed),
        1,
        ["シート「社協」: 見出し「実績」の列がありません"],
    ),
    "no marks": (
        with_marks(lambda _: None, any_mark),
        1,
        ["シート「社協」: 行を見分ける隠れた列がありません"],
    ),
    "marks edited": (
        with_marks(lambda text: text.replace("480", "481"), is_row_mark),
        1,
        ["シート「社協」のJ11: 見分けの記録（隠れた列）が書き換えられています"],
    ),
    "marks of another version": (
        with_marks(lambda text: text[:30], is_row_mark),
        1,
        ["シート「社協」のJ11: ", "隠れた列", "ほか 4 件"],
    ),
    "a heading twice": (
        lambda path: spoil(path, twice),
        1,
        ["シート「社協」のK10: 見出し「実績」がシート「社協」のD10にもあります"],
    ),
    "a row twice": (
        lambda path: spoil(path, keys_twice),
        1,
        ["シート「社協」のK20: 同じ欄がシート「社協」のK11にもあり、内容が違います"],
    ),
    "codes moved": (
        lambda path: spoil(path, shifted),
        1,
        ["シート「社協」のB11: 指標コード「b」が、この行の記録（a）と合いません"],
    ),
    "no value": (
        typed("a", "実績", "およそ５００"),
        1,
        [A + "「およそ５００」は数として読めません"],
    ),
    "another unit": (
        typed("a", "実績", "512回"),
        1,
        [A + "「512回」の「回」は、この指標の単位と違います"],
    ),
    "too many decimals": (typed("a", "実績", 512.25), 1, [A + "「512.25」は小数の桁が多すぎます"]),
    "too many digits": (typed("a", "実績", "1234567890123456"), 1, [A, "桁が多すぎます"]),
    "a date": (
        typed("a", "実績", datetime(2025, 6, 25), "m/d"),
        1,
        [A + "Excel が日付（06/25）に変えています"],
    ),
    "an error of Excel": (error_value, 1, [A + "計算の誤り「#REF!」"]),
    "a formula never calculated": (
        typed("a", "実績", "=SUM(A1:A3)"),
        1,
        [A + "計算式の結果が保存されていません"],
    ),
    "a formula as text": (
        typed("a", "実績", "＝３＋４"),
        1,
        [A + "計算式「＝３＋４」が文字のまま"],
    ),
    "a word for the cell above": (
        typed("a", "実績", "〃"),
        1,
        [A + "「〃」は上の欄のことで、値ではありません"],
    ),
    "words for the cell above": (
        typed("a", "実施内容", "同上"),
        1,
        ["シート「社協」のM11: 「同上」は上の欄のことで"],
    ),
    "an unknown state": (
        typed("a", "状態", "たぶん"),
        1,
        ["シート「社協」のL11: 状態「たぶん」は使えません", "調査未実施"],
    ),
    "figure and state": (
        typed("a", "状態", "中止"),
        1,
        ["シート「社協」のL11: 実績と状態（「中止」）の両方"],
    ),
    "a forecast of nothing": (
        lambda path: fill(path, {("a", "実績"): None, ("a", "状態"): "見込み"}),
        1,
        ["シート「社協」のL11: 状態が「見込み」なのに、実績に数がありません"],
    ),
    "a long sentence": (
        typed("a", "実施内容", "長" * 2001),
        1,
        ["シート「社協」のM11: 実施内容が長すぎます"],
    ),
    "a control character": (
        lambda path: _write(
            path,
            {
                n: p.replace(b"QQQ", b"_x0007_")
                for n, p in _parts(fill(path, {("a", "実施内容"): "QQQ"})).items()
            },
        ),
        1,
        ["シート「社協」のM11: 実施内容に使えない文字"],
    ),
    "macros": (with_part("xl/vbaProject.bin", b"x"), 1, ["マクロ"]),
    "a password": (replaced(OLE + "EncryptedPackage".encode("utf-16-le")), 1, ["パスワード"]),
    "an .xls": (replaced(OLE), 1, ["古い形式"]),
    "a CSV": (replaced("指標,実績\na,1\n".encode()), 1, ["CSV などのテキスト"]),
    "a page": (replaced(b"<html><table><tr><td>1</td></tr></table></html>"), 1, ["テキスト"]),
    "nothing": (replaced(b""), 1, ["空のファイル"]),
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:4000]), 1, ["壊れて"]),
    "of 50 MB": (lambda path: _stretch(path), 1, ["大きすぎます", "10MB"]),
    "a bomb": (with_part("xl/media/x.bin", bytes(70_000_000)), 1, ["大きすぎます"]),
    "the last cell of all": (far_out, 1, ["シート「社協」の「XFD1048576」", "大きすぎます"]),
    "no sheets": (no_sheets, 1, ["シートがありません"]),
    "a chart alone": (chart_only, 1, ["見えている表のシートがありません"]),
    "another kind of book": (
        lambda path: _write(path, {"content.xml": b"<x/>", "mimetype": b"application/vnd.oasis"}),
        1,
        ["Excel のブック（.xlsx）ではありません"],
    ),
}


def _stretch(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(50_000_000)


@pytest.mark.parametrize(("change", "status", "told"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_sheet(
    book: Path, made: Path, change: Callable[[Path], object], status: int, told: list[str]
) -> None:
    sheet = book.with_name("s.xlsx")
    shutil.copy(made / "other.xlsx", book.with_name("other.xlsx"))
    change(sheet)
    before = book.read_bytes()
    for more in ([], ["--dry-run"]):
        text = refusal(run("--book", book, "import", sheet, *more), status)
        for part in ["s.xlsx", *told]:
            assert part in text
    assert book.read_bytes() == before


def test_a_sheet_of_another_year(book: Path) -> None:
    sheet = fill(book.with_name("s.xlsx"), {("a", "実績"): 512})
    done = run("--book", book, "import", sheet, "--year", "R7")
    assert "シート「社協」のK11: 令和6年度の記入シートです" in refusal(done, 1)
    assert (
        done.err.count("シート「社協」のK") == 2
    )  # told once of each sheet: in the list, and at the end


@pytest.mark.parametrize(
    "words", [("--sheet", "社協"), ("--columns", "指標=C,実績=K"), ("--columns", "実績=G")]
)
def test_a_sheet_given_out_is_never_read_as_a_table_of_their_own(
    book: Path, words: tuple[str, str]
) -> None:
    """It would be read without its marks: last year's column too, and over what the book has become."""
    sheet = fill(book.with_name("s.xlsx"), {("a", "実績"): 512})
    text = refusal(run("--book", book, "import", sheet, "--year", "R6", *words))
    assert "は記入シートです。" in text
    assert "--columns・--sheet を付けずに" in text


def test_what_cannot_be_given_out(book: Path, tmp_path: Path) -> None:
    for words, told in (
        (["o.pdf"], "記入シート（.xlsx）か縦長の CSV（.csv）"),
        ([tmp_path / "s.xlsx"], "上書きしません"),
        ([tmp_path / "o.xlsx", "--owner", "県"], "担当: 社協、市（福祉課）"),
        ([tmp_path / "o.csv", "--due", "6月"], "期限"),
        ([tmp_path / "no" / "o.xlsx"], "書き込めません"),
    ):
        assert told in refusal(run("--book", book, "export", "--year", "R6", *words))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b.db", "s.xlsx"]
