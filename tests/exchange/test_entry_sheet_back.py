"""The 記入シート as it comes back: exactly what a committee has changed, whatever became of the sheet."""

import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from books import A24, new_book, opened
from filled_sheets import fill, given_out, head_of, rows_of, spoil
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.person import Role
from shakyo_review.domain.tree_edits import change_indicator, renumber, stop
from shakyo_review.domain.value import Reading, State, format_reading
from shakyo_review.errors import ConflictFound, ImportRefused, NotAllowed, ReviewError
from shakyo_review.exchange.rows import Entry
from shakyo_review.services import people
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record, understand
from shakyo_review.services.entry_sheets.returned import read_entry_sheet
from shakyo_review.services.incoming import Incoming, Side, apply
from shakyo_review.services.revising import revise
from shakyo_review.services.taking import take_over

C24, R24, M24 = (CellKey(code, 2024, Kind.ACTUAL) for code in "crm")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[ReviewBook]:
    with opened(new_book(tmp_path / "b.db"), "取込係") as book:
        yield book


def come_back(book: ReviewBook, path: Path) -> Incoming:
    found = read_entry_sheet(book, path)
    assert found is not None
    return found


def texts(book: ReviewBook, found: Incoming) -> dict[str, str]:
    """What would change, by place: value and what was done."""
    plan = book.plan
    told = {}
    for one in found.proposals:
        key = one.key
        decimals = plan.indicators[key.indicator].figure_decimals
        value = format_reading(one.after.reading, decimals, blank="空欄")
        name = "/".join(filter(None, (key.indicator, key.branch, key.period)))
        told[name] = f"{value} {one.after.note}".strip()
    return told


def test_only_what_was_filled_in_comes_back(book: ReviewBook) -> None:
    sheet = given_out(book.path)
    assert come_back(book, sheet).proposals == ()
    fill(
        sheet,
        {
            ("a", "実施内容"): "出張講座を\n3回ふやした",
            ("c", "実績"): "５１２件",
            ("c", "実施内容"): "=窓口をふやした",
            ("r", "実績"): "30/100",
            ("m", "状態"): "調査未実施",
        },
    )
    found = come_back(book, sheet)
    assert texts(book, found) == {
        "a": "480 出張講座を\n3回ふやした",
        "c": "512 =窓口をふやした",
        "r": "30/100",
        "m": "調査未実施",
    }
    assert (found.unchanged, found.conflicts, found.remarks) == (1, (), ())
    assert [one.where for one in found.proposals[:2]] == [
        "シート「社協」のM11",
        "シート「市（福祉課）」のK11",
    ]
    assert apply(book, found).changed == 4
    record(book, A24, book.cells(2024).get(A24).reading, note="_x0041_ = A")
    sheet.unlink()
    given_out(book.path)
    assert come_back(book, sheet).proposals == ()


VALUES: dict[str, tuple[object, str]] = {
    "a number": (512, "512"),
    "text in a number's place": ("1,234", "1,234"),
    "full width": ("　△３　", "△3"),
    "with its unit": ("512人", "512"),
    "a word for a state": ("中止", "中止"),
    "a forecast": ("500（見込み）", "500（見込み）"),
    "free words": ("随時", "随時"),
    "a number of 15 digits": ("999999999999999", "999,999,999,999,999"),
    "taken away on purpose": ("未入力", "空欄"),
}


@pytest.mark.parametrize(("typed", "read"), VALUES.values(), ids=VALUES)
def test_values_as_people_write_them(book: ReviewBook, typed: object, read: str) -> None:
    sheet = fill(given_out(book.path), {("a", "実績"): typed})
    assert texts(book, come_back(book, sheet)) == {"a": read}


def test_a_percentage_of_excel_is_what_people_see(book: ReviewBook) -> None:
    def change(_: Any, sheet: Any) -> None:
        cell = sheet.cell(rows_of(sheet)["b", "", ""], head_of(sheet)["実績"])
        cell.value, cell.number_format = 0.9525, "0.00%"

    sheet = spoil(given_out(book.path), change)
    assert texts(book, come_back(book, sheet)) == {"b": "95.25"}


def test_a_formula_counts_by_its_result(book: ReviewBook, tmp_path: Path) -> None:
    """As Excel leaves it: the formula with its last result beside it."""
    sheet = fill(given_out(book.path), {("a", "実績"): "=400+112"})
    with pytest.raises(
        ImportRefused, match=r"シート「社協」のK11: 計算式の結果が保存されていません"
    ):
        come_back(book, sheet)
    done = tmp_path / "done.xlsx"
    with zipfile.ZipFile(sheet) as parts, zipfile.ZipFile(done, "w") as out:
        for name in parts.namelist():
            content = parts.read(name)
            out.writestr(name, content.replace(b"<f>400+112</f><v/>", b"<f>400+112</f><v>512</v>")
                         .replace(b"<f>400+112</f><v></v>", b"<f>400+112</f><v>512</v>"))  # fmt: skip
    assert texts(book, come_back(book, done)) == {"a": "512"}


def test_a_blank_takes_nothing_away_and_is_told(book: ReviewBook) -> None:
    record(book, A24, understand(book.plan.indicators["a"], "480"), note="講座")
    sheet = fill(given_out(book.path), {("a", "実績"): None, ("a", "実施内容"): None})
    found = come_back(book, sheet)
    assert found.proposals == ()
    assert found.remarks == (
        "シート「社協」のK11 ほか1か所: 消されていますが、空欄では台帳の値を消しません。"
        "取り消すときは、状態で「未入力」を選んでください。",
    )
    fill(sheet, {("a", "状態"): "未入力"})
    assert texts(book, come_back(book, sheet)) == {"a": "空欄 講座"}


def test_a_forecast_made_certain_and_a_state_replaced(book: ReviewBook) -> None:
    for key, text in ((A24, "480見込み"), (C24, "中止")):
        record(book, key, understand(book.plan.indicators[key.indicator], text))
    sheet = given_out(book.path)
    fill(
        sheet,
        {
            ("a", "状態"): None,
            ("c", "実績"): 7,
            ("c", "状態"): None,
            ("m", "実績"): 0.5,
            ("m", "状態"): "見込み",
        },
    )
    assert texts(book, come_back(book, sheet)) == {"a": "480", "c": "7", "m": "0.5000（見込み）"}


def test_an_example_is_not_given_out_and_the_same_figure_makes_it_real(book: ReviewBook) -> None:
    take_over(book, [Entry(0, C24, Reading(State.VALUE, Decimal(7)))], example=True)
    sheet = given_out(book.path)
    assert come_back(book, sheet).proposals == ()
    found = come_back(book, fill(sheet, {("c", "実績"): 7}))
    assert apply(book, found).lines == ("c R6 実績: 7（例示） → 7",)
    assert not book.cells(2024).get(C24).example


# --- what becomes of sheets ----------------------------------------------------------------


def moved_columns(_: Any, sheet: Any) -> None:
    """実績 comes to stand in front, a column is put in, one is taken out."""
    sheet.insert_cols(1)
    columns = head_of(sheet)
    for row in sheet.iter_rows(min_row=columns["row"]):
        row[0].value, row[columns["実績"] - 1].value = row[columns["実績"] - 1].value, None
    sheet.delete_cols(head_of(sheet)["単位"])


def copied(book: Any, sheet: Any) -> None:
    copy = book.copy_worksheet(sheet)
    copy.title = "社協 (2)"
    book.remove(sheet)


def sorted_rows(_: Any, sheet: Any) -> None:
    first = head_of(sheet)["row"] + 1
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]
    for number, line in enumerate(reversed(lines), first):
        for column, value in enumerate(line, 1):
            sheet.cell(number, column).value = value


def lines_above(_: Any, sheet: Any) -> None:
    sheet.insert_rows(1, 3)
    sheet["A1"] = "提出版"


def to_other_workbook(book: Any, sheet: Any) -> None:
    other = book.create_sheet("まとめ")
    for row in sheet.iter_rows(min_row=head_of(sheet)["row"]):
        other.append([cell.value for cell in row])
    for one in list(book.worksheets):
        if one is not other:
            book.remove(one)


def hidden_rows(_: Any, sheet: Any) -> None:
    for number in rows_of(sheet).values():
        sheet.row_dimensions[number].hidden = True


def merged(_: Any, sheet: Any) -> None:
    rows, note = rows_of(sheet), head_of(sheet)["実施内容"]
    sheet.merge_cells(
        start_row=rows["a", "", ""], end_row=rows["b", "", ""], start_column=note, end_column=note
    )


@pytest.mark.parametrize(
    "change",
    [moved_columns, copied, sorted_rows, lines_above, to_other_workbook, hidden_rows, merged],
)
def test_a_sheet_survives(book: ReviewBook, change: Callable[[Any, Any], None]) -> None:
    sheet = fill(
        given_out(book.path, owner="社協"),
        {("a", "実績"): 512, ("a", "実施内容"): "講座", ("b", "実績"): "0.09"},
    )
    found = come_back(book, spoil(sheet, change))
    assert texts(book, found) == {"a": "512 講座", "b": "0.09"}
    assert found.remarks == ()


def test_texts_that_stand_in_the_cells_themselves(book: ReviewBook, tmp_path: Path) -> None:
    """As other programs write a workbook: no table of texts, numbers as numbers."""
    sheet = fill(given_out(book.path, owner="社協"), {("a", "実績"): 512})
    done = tmp_path / "inline.xlsx"
    with xlsxwriter.Workbook(done, {"constant_memory": True}) as made:
        other = made.add_worksheet("社協")
        rows = openpyxl.load_workbook(sheet).worksheets[0].iter_rows(values_only=True)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    other.write_string(number, column, value)
                elif value is not None:
                    other.write_number(number, column, value)
    with zipfile.ZipFile(done) as parts:
        assert b't="inlineStr"' in parts.read("xl/worksheets/sheet1.xml")
    assert texts(book, come_back(book, done)) == {"a": "512"}


def test_rows_and_columns_taken_out_or_added_are_told(book: ReviewBook) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet.delete_rows(rows_of(sheet)["b", "", ""])
        sheet.delete_cols(head_of(sheet)["状態"])
        columns = head_of(sheet)
        sheet.cell(20, columns["実績"]).value = 9

    sheet = spoil(fill(given_out(book.path), {("a", "実績"): 512}), change)
    found = come_back(book, sheet)
    assert texts(book, found) == {"a": "512"}
    assert found.remarks == (
        "シート「社協」: 「状態」の列がないので、状態は変えません。",
        "シート「社協」: 渡した2行のうち1行がありません。その行の値は変えません。",
        "シート「社協」のK20: 渡した表にない行なので、読んでいません。",
    )


def test_other_sheets_are_left_alone(book: ReviewBook) -> None:
    def change(work: Any, _: Any) -> None:
        work.create_sheet("集計")["A1"] = "合計"

    found = come_back(book, spoil(fill(given_out(book.path), {("a", "実績"): 512}), change))
    assert texts(book, found) == {"a": "512"}
    assert found.remarks == ("シート「集計」は記入シートではないので、読んでいません。",)

    def hide(work: Any, sheet: Any) -> None:
        sheet.sheet_state = work["集計"].sheet_state = "hidden"

    found = come_back(book, spoil(book.path.with_name("s.xlsx"), hide))
    assert found.proposals == ()
    assert found.remarks == (
        "シート「社協」は隠れているので、読んでいません。読むときは、表示して保存し直してください。",
    )
    plain = book.path.with_name("plain.xlsx")
    openpyxl.Workbook().save(plain)
    spoil(plain, change)
    assert read_entry_sheet(book, plain) is None


def test_a_row_in_two_sheets(book: ReviewBook) -> None:
    """A sheet and its copy: one of them filled in is enough, both alike as well, but not otherwise."""

    def change(work: Any, sheet: Any) -> None:
        work.copy_worksheet(sheet).title = "控え"
        sheet.cell(rows_of(sheet)["a", "", ""], head_of(sheet)["実績"]).value = 512

    sheet = spoil(given_out(book.path, owner="社協"), change)
    assert texts(book, come_back(book, sheet)) == {"a": "512"}

    def differently(work: Any, _: Any) -> None:
        copy = work["控え"]
        copy.cell(rows_of(copy)["a", "", ""], head_of(copy)["実績"]).value = 513

    with pytest.raises(
        ImportRefused,
        match="シート「控え」のK11: 同じ欄がシート「社協」のK11にもあり、内容が違います",
    ):
        come_back(book, spoil(sheet, differently))


# --- the book has moved on ---------------------------------------------------------------------


def test_conflicts_are_told_cell_by_cell(book: ReviewBook) -> None:
    sheet = fill(given_out(book.path), {("a", "実績"): 512, ("c", "実績"): 7})
    with opened(book.path, "田中") as other:
        record(other, A24, understand(other.plan.indicators["a"], "500"))
        record(other, M24, understand(other.plan.indicators["m"], "3"))
    found = come_back(book, sheet)
    assert [one.key for one in found.conflicts] == [A24]
    with pytest.raises(ConflictFound, match=r"台帳は「500」（田中、.*取り込む値は「512」"):
        apply(book, found)
    assert apply(book, found, {A24: Side.SOURCE}).changed == 2
    assert texts(book, come_back(book, sheet)) == {}


def test_an_older_sheet_beside_a_newer_one(book: ReviewBook) -> None:
    """What a change is compared with is what its own row was given out with."""
    old = openpyxl.load_workbook(fill(given_out(book.path, owner="社協"), {("a", "実績"): 512}))
    record(book, A24, understand(book.plan.indicators["a"], "500"))

    def add_older(work: Any, _: Any) -> None:
        sheet = work.create_sheet("前の分")
        for row in old.worksheets[0].iter_rows(values_only=True):
            sheet.append(row)

    found = come_back(book, spoil(given_out(book.path, owner="社協", name="new.xlsx"), add_older))
    assert texts(book, found) == {"a": "512"}
    assert [one.key for one in found.conflicts] == [A24]


def test_the_plan_has_changed_meanwhile(book: ReviewBook) -> None:
    """An indicator with another code is known; one of another unit, or gone, is not taken for another."""
    sheet = fill(given_out(book.path, 2025), {("a", "実績"): 512, ("r", "実績"): "3/10"})
    revise(book, lambda plan: renumber(plan, "a", "a9"), from_year=2025, reason="整理")
    assert texts(book, come_back(book, sheet)) == {"a9": "512", "r": "3/10"}
    revise(
        book,
        lambda plan: stop(change_indicator(plan, "r", unit="％"), "b"),
        from_year=2025,
        reason="見直し",
    )
    with pytest.raises(ImportRefused, match="指標「r」の単位か桁が、渡した後に変わりました"):
        come_back(book, sheet)
    found = come_back(book, fill(sheet, {("r", "実績"): None}))
    assert texts(book, found) == {"a9": "512"}
    assert found.remarks[0].startswith(
        "シート「社協」のK12: 指標「b」は、いまの計画の令和7年度にありません"
    )
    with pytest.raises(ImportRefused, match="シート「社協」のK12: 指標「b」は"):
        come_back(book, fill(sheet, {("b", "実施内容"): "何か"}))


def test_a_member_takes_in_the_own_sheet_only(book: ReviewBook) -> None:
    sheet = fill(given_out(book.path), {("a", "実績"): 512})
    both = fill(sheet, {("c", "実績"): 7}, book.path.with_name("both.xlsx"))
    people.add(book, "取込係", Role.SECRETARIAT)
    people.add(book, "田中", Role.MEMBER, ["社協"])
    with opened(book.path, "田中") as hers:
        with pytest.raises(NotAllowed, match="シート「市（福祉課）」のK11"):
            apply(hers, come_back(hers, both))
        assert apply(hers, come_back(hers, sheet)).changed == 1


# --- any filling in ------------------------------------------------------------------------------

TYPED = st.one_of(
    st.tuples(st.just("実績"), st.integers(-(10**9), 10**9)),
    st.tuples(
        st.just("実績"), st.sampled_from(["５１２", "1,234", "△3", "中止", "随時", "12見込み"])
    ),
    st.tuples(st.just("状態"), st.sampled_from(["調査未実施", "集計中", "対象外"])),
)
NOTES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=40
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose year 2025 is empty, with branches and months as the year before; its sheets beside it."""
    path = new_book(tmp_path_factory.mktemp("fills") / "b.db")
    with opened(path) as book:
        for key in (replace(A24, branch="kita"), replace(C24, period="04")):
            record(book, key, understand(book.plan.indicators[key.indicator], "3"))
    given_out(path, 2025)
    return path


OPEN = ["a/kita", "a/minami", "b", "c//04", "c//03", "m"]


@settings(max_examples=12, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*OPEN, "a", "c"]), st.tuples(TYPED | st.none(), NOTES), max_size=5
    )
)
def test_any_filling_in_comes_back_as_it_was_meant(
    blank: Path, filled: dict[str, tuple[tuple[str, object] | None, str]]
) -> None:
    changes: dict[tuple[str, str], object] = {}
    meant: dict[str, tuple[Reading, str]] = {}
    with TemporaryDirectory() as folder, opened(blank) as book:
        for place, (typed, note) in filled.items():
            reading = Reading(State.NOT_ENTERED)
            if typed is not None:
                changes[place, typed[0]] = typed[1]
                if place in OPEN:  # what is added up by the tool is not read
                    indicator = book.plan.indicators[place.split("/")[0]]
                    reading = understand(indicator, str(typed[1]))
            if note.strip():
                changes[place, "実施内容"] = note
            if reading.state is not State.NOT_ENTERED or note.strip():
                meant[place] = (reading, note.strip())
        sheet = fill(blank.with_name("s.xlsx"), changes, Path(folder) / "f.xlsx")
        found = come_back(book, sheet)
        told = {}
        for one in found.proposals:
            key = one.key
            name = "/".join((key.indicator, key.branch, key.period)).rstrip("/")
            told[name] = (one.after.reading, one.after.note)
        assert told == meant
        assert found.unchanged == 19 - len(meant)


ANYTHING: list[object] = [
    *(None, "", 0, -1.5, 1e300, True, datetime(2025, 6, 25), time(12, 30), timedelta(hours=30)),
    *(
        "#REF!",
        "=1+1",
        "実績",
        "状態",
        "記入シート",
        "SR1:",
        "SR1:abc",
        "SRS1:",
        "中止",
        "[/]",
        "あ" * 5000,
    ),
]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 30), st.integers(1, 16), st.sampled_from(ANYTHING) | st.text(max_size=5)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_scribbled_into_a_sheet_is_read_or_refused(
    blank: Path, scribbles: list[tuple[int, int, object]]
) -> None:
    """In a sentence, with the place, or as a change of a figure the sheet has; never as anything else."""

    def change(_: Any, sheet: Any) -> None:
        for row, column, value in scribbles:
            with suppress(IllegalCharacterError, AttributeError):  # the latter: inside merged cells
                sheet.cell(row, column).value = value

    with TemporaryDirectory() as folder, opened(blank) as book:
        sheet = Path(shutil.copy(blank.with_name("s.xlsx"), Path(folder) / "f.xlsx"))
        told, found = "f.xlsx", None
        try:
            found = read_entry_sheet(book, spoil(sheet, change))
        except ReviewError as refusal:
            told = str(refusal)
        assert "f.xlsx" in told
        for one in () if found is None else found.proposals:
            assert one.key.year == 2025
            assert one.where.startswith("シート「")
            assert one.after != one.before


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
def test_a_sheet_saved_by_libreoffice(book: ReviewBook, tmp_path: Path) -> None:
    sheet = fill(
        given_out(book.path), {("a", "実績"): "512", ("m", "状態"): "中止", ("c", "実績"): 7}
    )
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "out"), str(sheet)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert texts(book, come_back(book, tmp_path / "out" / sheet.name)) == {
        "a": "512",
        "m": "中止",
        "c": "7",
    }
