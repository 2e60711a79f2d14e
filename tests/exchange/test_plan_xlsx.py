"""A plan as an Excel table: written and read back, as councils write it, and every bad workbook refused."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from shakyo_review.domain.indicator import Direction, Measure, TargetKind
from shakyo_review.domain.plan import Plan
from shakyo_review.errors import ReviewError
from shakyo_review.exchange.plan_sheet import empty_sheet, left_out, plan_sheet
from shakyo_review.exchange.plan_xlsx import read_sheet
from shakyo_review.exchange.workbook import SheetProblem

Rows = list[list[Any]]


def book(path: Path, *sheets: tuple[str, Rows], merged: tuple[str, ...] = ()) -> Path:
    """Write a workbook cell by cell, as a person would have it."""
    with xlsxwriter.Workbook(path) as made:
        for name, rows in sheets:
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value not in ("", None):
                        sheet.write(number, column, value)
            for place in merged:
                sheet.merge_range(place, None)
    return path


AS_WRITTEN: Rows = [
    ["第６期　地域福祉活動計画　進行管理表"],
    ["団体名：", "見本市社会福祉協議会", "", "計画の名称", "第6期地域福祉活動計画"],
    ["計画期間", "令和５年度〜令和７年度"],
    [],
    ["めざす姿", "施策", "具体的な取組", "実施主体", "評価指標", "単位", "現状値（R4）", "目標", "", "", "方向", "予算科目"],
    ["", "", "", "", "", "", "", "令和5年度", "Ｒ６", 2025],
    ["1 つながる", "1-1 集いの場", "サロンを開く", "社協（地域課）、市", "参加者数", "人", 480, "５００", "520人", 540, "増加", "x"],
    ["", "", "", "", "満足した人の割合", "％", 81.5, 82, "随時", "―", "", ""],
    ["", "", "見守り", "", "", "", "", "", "", "", "", ""],
    ["2 支える", "2-1 相談", "相談を受ける", "社協", "相談件数", "件", "", 10, 20, 30, "高いほど良い", ""],
]  # fmt: skip


def test_a_table_as_a_council_writes_it(tmp_path: Path) -> None:
    rows = [("はじめに", [["この表は…"]]), ("進行管理", AS_WRITTEN)]
    plan, notes = read_sheet(book(tmp_path / "a.xlsx", *rows)).plan()
    assert (plan.title, plan.body) == ("第6期地域福祉活動計画", "見本市社会福祉協議会")
    assert (plan.first_year, plan.last_year) == (2023, 2025)
    assert plan.levels == ("めざす姿", "施策", "具体的な取組")
    assert [(c, i.name) for c, i in plan.items.items()] == [
        ("1", "つながる"),
        ("1-1", "集いの場"),
        ("1-1-1", "サロンを開く"),
        ("1-1-2", "見守り"),
        ("2", "支える"),
        ("2-1", "相談"),
        ("2-1-1", "相談を受ける"),
    ]
    assert [o.label for o in plan.items["1-1-1"].owners] == ["社協（地域課）", "市"]
    people, share, _ = plan.indicators.values()
    assert (people.code, people.direction, people.baseline.year) == ("1-1-1a", "higher", 2022)
    assert people.targets == {2023: 500, 2024: 520, 2025: 540}
    assert (share.direction, share.decimals) == (Direction.NONE, 1)
    assert share.targets == {2023: 82, 2024: "「随時」"}
    assert any("良い方向の書かれていない指標が1件" in note for note in notes)
    assert any("読まなかった列: 予算科目" in note for note in notes)


def test_merged_cells_a_level_column_and_sheets_of_one_head(tmp_path: Path) -> None:
    head = ["階層", "番号", "項目", "担当", "指標", "最終目標（R9）", "単位"]
    one = [head, ["基本目標", 1, "つながる"], ["取組", "１－１", "集う", "社協", "回数", 12, "回"]]
    two = [head, ["基本目標", 2, "支える"], ["取組", "2-1", "聴く", "市", "件数", "1,200", "件"]]
    path = book(tmp_path / "a.xlsx", ("目標1", one), ("目標2", two), ("記入例", one))
    plan, _ = read_sheet(path).plan(title="計画", body="社協", period=(2023, 2027))
    assert plan.levels == ("基本目標", "取組")
    assert [*plan.items] == ["1", "1-1", "2", "2-1"]
    last = plan.indicators["2-1a"]
    assert (last.final_target.value, last.final_target.year) == (1200, 2027)
    assert last.target_kind is TargetKind.FINAL_YEAR
    rows = [
        ["基本目標", "取組", "指標", "R7"],
        ["つながる", "集う", "回数", 1],
        ["", "", "人数", 2],
    ]
    path = book(tmp_path / "m.xlsx", ("表", rows))
    plan, _ = read_sheet(path).plan(title="計画", body="社協")
    assert [len(i.node.indicators) for i in plan.items.values()] == [0, 2]
    assert plan.indicators["1-1b"].measure is Measure.ANNUAL


def test_every_problem_is_told_with_its_cell(tmp_path: Path) -> None:
    rows: Rows = [
        ["番号", "取組", "担当", "指標", "単位", "良い方向", "基準値", "R7", "最終目標"],
        ["1", "つどう", "社協", "参加者", "人", "たくさん", "約五百", "512件", ""],
        ["1", "みまもる", "", "", "", "", "", 3, ""],
    ]
    with pytest.raises(SheetProblem) as refused:
        read_sheet(book(tmp_path / "a.xlsx", ("計画", rows))).plan(title="計画", body="社協")
    told = refused.value.problems
    assert any("シート「計画」の F2: 「たくさん」は読めません。" in one for one in told)
    assert any("シート「計画」の H2: " in one for one in told)
    assert any(
        "シート「計画」の D3: 数値がありますが、指標の名前がありません。" in one for one in told
    )
    rows = [["番号", "取組", "担当"], ["1", "つどう", "社協"], ["1", "みまもる", ""]]
    with pytest.raises(SheetProblem, match=r"A3: コード「1」が2回使われています"):
        read_sheet(book(tmp_path / "b.xlsx", ("計画", rows))).plan(
            title="計画", body="社協", period=(2025, 2026)
        )


def test_what_is_told_nowhere_is_asked_for(tmp_path: Path) -> None:
    rows: Rows = [["取組", "担当"], ["つどう", "社協"]]
    table = read_sheet(book(tmp_path / "a.xlsx", ("計画", rows)))
    with pytest.raises(ReviewError, match="計画の名称」が書かれていません"):
        table.plan()
    with pytest.raises(ReviewError, match="計画期間」が書かれていません"):
        table.plan(title="計画", body="社協")


# --- bad files -------------------------------------------------------------------------------


def _zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


_CELLS = b"<worksheet><sheetData><row>%s</row></sheetData></worksheet>"
_BOOK = b'<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>'
_RELS = b'<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'


def _with_cells(cells: bytes) -> bytes:
    return _zipped(
        **{
            "xl__workbook.xml": _BOOK,
            "xl___rels__workbook.xml.rels": _RELS,
            "xl__worksheets__sheet1.xml": _CELLS % cells,
        }
    )


def _damaged() -> bytes:
    whole = bytearray(_with_cells(b'<c r="A1"><v>1</v></c>' * 200))
    whole[60] ^= 0xFF
    return bytes(whole)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "空のファイル"),
        ("取組,担当\nつどう,社協\n".encode("cp932"), "CSV などのテキスト"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "古い形式（.xls）"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
        (b"PK\x03\x04 and no more", "壊れています"),
        (_zipped(mimetype=b"application/vnd.oasis"), "Excel のブック（.xlsx）ではありません"),
        (_zipped(**{"xl__workbook.xml": _BOOK, "xl__vbaProject.bin": b"x"}), "マクロ"),
        (_zipped(**{"xl__workbook.xml": _BOOK, "xl__big": b"\0" * 61_000_000}), "大きすぎます"),
        (_with_cells(b'<c r="XFD1048576"><v>1</v></c>'), "「XFD1048576」まで書かれています"),
        (_with_cells(b"<c><v>1</v></c>" * 99), "位置の書かれていないセル"),
        (_with_cells(b'<c r="A1"><v>1</v></c>' * 300_001), "300,000個を超えています"),
        (_damaged(), "壊れています"),
        (b"\x89PNG\r\n\x1a\n\0\0", "Excel のブック（.xlsx）ではありません"),
    ],
)  # fmt: skip
def test_a_bad_workbook_is_refused_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "計画.xlsx"
    path.write_bytes(content)
    with pytest.raises(SheetProblem) as refused:
        read_sheet(path)
    assert told in str(refused.value)
    assert "計画.xlsx" in str(refused.value)


def test_dates_and_errors_of_excel_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("計画")
        for column, head in enumerate(["番号", "取組", "指標", "R7"]):
            sheet.write(0, column, head)
        sheet.write_datetime(1, 0, datetime(2025, 1, 2), made.add_format({"num_format": "m/d"}))
        sheet.write(1, 1, "つどう")
        sheet.write(1, 2, "人数")
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        sheet.write(2, 2, "回数")
        sheet.write_formula(2, 3, "=1+1", None, "")
    with pytest.raises(SheetProblem) as refused:
        read_sheet(path).plan(title="計画", body="社協")
    assert any("A2: Excel が日付（01/02）に変えています" in one for one in refused.value.problems)
    assert any("D2: 計算の誤り「#DIV/0!」" in one for one in refused.value.problems)
    assert any("D3: 計算式の結果が保存されていません" in one for one in refused.value.problems)


# --- round trip ------------------------------------------------------------------------------

_LETTERS = st.characters(
    categories=["L", "N", "P", "S"], exclude_characters="「」『』、，,・（）()\\"
)
NAMES = st.text(_LETTERS, min_size=1, max_size=12).filter(lambda text: not text.startswith("#"))
FIGURES = st.decimals(-99_999, 99_999, places=2, allow_nan=False) | st.sampled_from(
    ["「随時」", "中止"]
)


def same(figure: Any) -> Any:
    return figure.normalize() if isinstance(figure, Decimal) else figure


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    depth = draw(st.integers(1, 4))
    levels = ["基本目標", "基本計画", "実施計画", "具体的な取組"][:depth]

    def figures() -> dict[int, Any]:
        years = draw(st.lists(st.integers(2023, 2027), unique=True, max_size=3))
        return {year: draw(FIGURES) for year in sorted(years)}

    def indicator(code: str) -> dict[str, Any]:
        baseline = draw(st.none() | st.decimals(0, 999, places=1, allow_nan=False))
        final = draw(st.none() | st.decimals(0, 999, places=1, allow_nan=False))
        return {
            "code": code,
            "name": draw(NAMES),
            "unit": draw(st.sampled_from(["", "人", "％", "か所"])),
            "direction": draw(st.sampled_from(["higher", "lower", "keep_min", "keep_max", "none"])),
            "measure": draw(st.sampled_from(list(Measure))),
            "target_kind": draw(st.sampled_from(list(TargetKind))),
            "decimals": 2,
            "baseline": {"value": baseline, "year": draw(st.sampled_from([None, 2021, 2022]))},
            "final_target": {"value": final, "year": None if final is None else 2027},
            "targets": figures(),
            "note": draw(st.sampled_from(["", "数え方は要綱による"])),
        }

    def item(code: str, level: int) -> dict[str, Any]:
        below = draw(st.integers(0, 2)) if level + 1 < depth else 0
        return {
            "code": code,
            "name": draw(NAMES),
            "owners": draw(
                st.sampled_from([[], ["社協"], [{"part": "市", "name": "福祉課"}, "社協"]])
            ),
            "flags": draw(st.sampled_from([[], ["重点", "新規"]])),
            "note": draw(st.sampled_from(["", "備考"])),
            "indicators": [indicator(f"{code}.{n}") for n in range(draw(st.integers(0, 2)))],
            "children": [item(f"{code}-{n}", level + 1) for n in range(below)],
        }

    top = [item(str(n), 0) for n in range(1, draw(st.integers(2, 4)))]
    fields = {"code": "p", "title": draw(NAMES), "body": draw(NAMES), "first_year": 2023}
    return Plan.model_validate({**fields, "last_year": 2027, "levels": levels, "tree": top})


@given(plans())
@settings(max_examples=40, deadline=None)
def test_a_plan_written_as_a_sheet_is_the_same_plan(plan: Plan) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "p.xlsx"
        path.write_bytes(plan_sheet(plan))
        again, _ = read_sheet(path).plan()
    assert again == plan


def test_the_empty_sheet_is_a_plan_as_soon_as_it_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "ひな形.xlsx"
    path.write_bytes(empty_sheet(["基本目標", "取組"], (2025, 2029)))
    table = read_sheet(path)
    assert table.period == (2025, 2029)
    with pytest.raises(SheetProblem, match="項目が1つも書かれていません"):
        table.plan(title="計画", body="社協")


def test_a_bundled_plan_keeps_all_a_table_holds(tmp_path: Path) -> None:
    from shakyo_review.exchange.bundled import bundled_plan

    plan = bundled_plan("okegawa")
    path = tmp_path / "p.xlsx"
    path.write_bytes(plan_sheet(plan))
    again, _ = read_sheet(path).plan()
    assert [(c, i.name, i.owners) for c, i in again.items.items()] == [
        (c, i.name, i.owners) for c, i in plan.items.items()
    ]
    assert [one.targets for one in again.indicators.values()] == [
        one.targets for one in plan.indicators.values()
    ]
    assert left_out(plan) == ()
    assert left_out(bundled_plan("osaka")) == ("区", "指標のくわしい定義")
