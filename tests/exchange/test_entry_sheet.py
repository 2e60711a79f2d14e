"""The 記入シート as it is given out: its marks, its names, and what a committee may change in it."""

import hashlib
import io
import json
import string
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books import new_book, opened
from filled_sheets import head_of, rows_of
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from shakyo_review.domain.cell import Cell, CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import WrongUsage
from shakyo_review.exchange.entry_sheet import (
    FILLED,
    STATE_WORDS,
    Definition,
    MarkDamaged,
    RowMark,
    read_row_mark,
)
from shakyo_review.exchange.entry_sheet.writing import entry_workbook, file_name, sheet_name
from shakyo_review.services.entry import record, understand
from shakyo_review.services.entry_sheets import entry_sheets, find_owners, write_each
from shakyo_review.services.improving import add_improvement

FORMULA = '=HYPERLINK("http://x","_x0041_")'


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with months, branches, a forecast, a word and a sentence that looks like a formula."""
    path = new_book(tmp_path_factory.mktemp("sheet") / "b.db")
    with opened(path) as book:
        for code, year, branch, period, text, note in (
            ("a", 2023, "kita", "", "200", ""),
            ("c", 2023, "", "04", "3", ""),
            ("c", 2024, "", "04", "4", ""),
            ("b", 2024, "", "", "0.09見込み", FORMULA),
            ("r", 2024, "", "", "30/100", ""),
            ("m", 2024, "", "", "「12人ほど」", ""),
        ):
            key = CellKey(code, year, Kind.ACTUAL, branch, period)
            record(book, key, understand(book.plan.indicators[code], text), note=note)
        add_improvement(book, "2-1", 2023, "夜の窓口を設ける", due=2024)
    return path


def workbook(path: Path, owner: str | None = None, due: str = "") -> bytes:
    with opened(path) as book:
        return entry_workbook(entry_sheets(book, 2024, find_owners(book, 2024, owner), due))


@pytest.fixture(scope="module")
def made(path: Path) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(path, due="6月30日")))


def row(sheet: Worksheet, *place: str) -> list[str]:
    """The texts of a row, without its mark."""
    code, branch, period = (*place, "", "")[:3]
    number, marks = rows_of(sheet)[code, branch, period], head_of(sheet)[""]
    return [cell.value or "" for cell in sheet[number] if cell.column != marks]


def test_each_owner_has_a_sheet_with_last_year_beside(made: Any) -> None:
    assert made.sheetnames == ["社協", "市（福祉課）"]
    ours, city = made.worksheets
    assert ours["A1"].value == "令和6年度　実績の記入シート　担当: 社協"
    texts = [str(cell.value) for line in ours.iter_rows(max_row=9) for cell in line if cell.value]
    assert "6月30日" in texts
    assert "見本市社会福祉協議会 事務局" in texts
    assert "1. 黄色の欄だけに記入してください。ほかの欄は変えられないようにしてあります。" in texts
    assert row(ours, "a") == [
        *("【1 つながる】\n1-1 集いの場づくり", "a", "参加者数", "人", "400\n（R4）"),
        *("－", "450", "－", "500", "480", "", ""),
    ]
    assert row(ours, "a", "kita")[2:8] == ["　・北区", "人", "", "", "200", ""]
    assert row(ours, "b")[8:] == ["0.10", "0.09", "見込み", FORMULA]
    assert row(city, "r")[9] == "30/100"
    assert row(city, "m")[9] == "「12人ほど」"


def test_what_was_promised_stands_below(made: Any) -> None:
    ours, city = (
        [cell.value for cell in sheet["A"] if cell.value][-2:] for sheet in made.worksheets
    )
    assert "約束した改善" not in "".join(ours)
    assert city == [
        "前の評価で約束した改善（1件）。どうなったかを、その取組の「実施内容」に書いてください。",
        "2-1 相談",
    ]
    told = [cell.value for cell in made.worksheets[1]["C"]][-1]
    assert told == "夜の窓口を設ける（期限 令和6年度）"


def test_what_is_added_up_is_not_to_be_filled_in(made: Any) -> None:
    city = made.worksheets[1]
    columns, rows = head_of(city), rows_of(city)
    assert [place for place in rows if place[0] == "c"] == [
        ("c", "", ""),
        *(("c", "", f"{month:02}") for month in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)),
    ]
    whole, april = (rows["c", "", period] for period in ("", "04"))
    assert city.cell(whole, columns["実績"]).protection.locked
    assert not city.cell(whole, columns["実施内容"]).protection.locked
    assert (city.cell(april, columns["実績"]).value, row(city, "c", "", "05")[9]) == ("4", "")


def test_only_yellow_cells_are_open_and_nothing_is_a_formula(made: Any) -> None:
    for sheet in made.worksheets:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        columns, rows = head_of(sheet), rows_of(sheet)
        assert sheet.column_dimensions[sheet.cell(1, columns[""]).column_letter].hidden
        for number in rows.values():
            for cell in sheet[number]:
                named = next(name for name, place in columns.items() if place == cell.column)
                yellow = cell.fill.start_color.rgb == "FFFFF2CC"
                assert cell.protection.locked is not yellow
                assert not yellow or (named in FILLED and cell.number_format == "@")
                assert cell.data_type in "sn"
                assert cell.data_type == "s" or cell.value is None
        (choice,) = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
        assert choice.formula1.strip('"').split(",") == list(STATE_WORDS)
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
            9,
            True,
        )
        assert sheet.freeze_panes == f"D{columns['row'] + 1}"


def test_the_same_book_gives_the_same_bytes(path: Path) -> None:
    assert workbook(path) == workbook(path)


def test_one_file_each_and_no_file_is_overwritten(path: Path, tmp_path: Path) -> None:
    with opened(path) as book:
        made = write_each(book, 2024, tmp_path / "out")
        assert [one.name for one in made] == [
            "記入シート_small_2024_社協.xlsx",
            "記入シート_small_2024_市（福祉課）.xlsx",
        ]
        made[1].write_bytes(b"filled in")
        made[0].unlink()
        with pytest.raises(WrongUsage, match="上書きしません"):
            write_each(book, 2024, tmp_path / "out")
    assert [one.name for one in (tmp_path / "out").iterdir()] == [made[1].name]
    assert made[1].read_bytes() == b"filled in"


TEXTS = st.text(max_size=30) | st.sampled_from(["_x0041_", "a\nb", "=1", "\u3000", '"'])


@given(
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from(State),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
)
def test_a_mark_reads_back_as_it_was(
    book: str, note: str, text: str, state: State, value: Decimal
) -> None:
    reading = Reading(state, value, None, text, True)
    key = CellKey("1-1a", 2024, Kind.ACTUAL, "kita", "Q1")
    mark = RowMark(
        book, Definition(7, "人", 1, "sum"), Cell(key, reading, 2023, note, True, 4), open=False
    )
    written = mark.written()
    assert written.isascii()
    assert "_" not in written
    assert read_row_mark(written) == mark


@given(st.integers(4, 60), st.sampled_from(string.printable[:94]))
def test_an_edited_mark_is_noticed(at: int, other: str) -> None:
    key = CellKey("1-1a", 2024, Kind.ACTUAL)
    written = RowMark("b" * 30, Definition(7, "人", 1, "sum"), Cell(key)).written()
    edited = written[:at] + other + written[at + 1 :]
    if edited != written:
        with pytest.raises(MarkDamaged):
            read_row_mark(edited)


@pytest.mark.parametrize(
    ("about", "key", "value"),
    [
        (Definition(7, "人", 10**6, "sum"), {}, "3"),
        (Definition(7, "人", 1, "？"), {}, "3"),
        (Definition(7, "人", 1, "sum"), {"year": 10**30}, "3"),
        (Definition(7, "人", 1, "sum"), {"period": "13"}, "3"),
        (Definition(7, "人", 1, "sum"), {}, "NaN"),
        (Definition(7, "人", 1, "sum"), {}, "1E+99999999"),
        (Definition(7, "人", 1, "sum"), {}, None),
    ],
)
def test_a_forged_mark_is_damaged_and_no_more(
    about: Definition, key: dict[str, object], value: str | None
) -> None:
    """Whoever can calculate the check writes into the mark what no book has."""
    place = replace(CellKey("1-1a", 2024, Kind.ACTUAL), **key)
    facts = [
        *("b", about.indicator_id, about.unit, about.decimals, about.parts),
        *(place.indicator, place.year, place.branch, place.period, 1),
        *("value", value, None, "", False, None, "", False, True),
    ]
    text = json.dumps(facts)
    with pytest.raises(MarkDamaged):
        read_row_mark(f"SR1:{hashlib.sha256(text.encode()).hexdigest()[:12]}{text}")


def test_a_mark_of_brackets_is_damaged_and_no_more() -> None:
    text = "[" * 20_000
    with pytest.raises(MarkDamaged):
        read_row_mark(f"SR1:{hashlib.sha256(text.encode()).hexdigest()[:12]}{text}")


@given(st.lists(TEXTS, max_size=5))
def test_any_owner_has_a_name_a_sheet_and_a_file_may_have(owners: list[str]) -> None:
    taken: set[str] = set()
    for owner in owners:
        name = sheet_name(owner, taken)
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.casefold() not in taken
        taken.add(name.casefold())
        file = file_name("p", 2024, owner)
        assert len(file.encode()) < 250
        assert not set(file) & set('\\/:*?"<>|\0\n')


def test_names_a_workbook_refuses() -> None:
    assert sheet_name("History", set()) == "History_"
    assert sheet_name("市/福祉[課]" + "長" * 40, set()).startswith("市・福祉・課・長")
    assert sheet_name("A課", {"a課"}) == "A課～2"
