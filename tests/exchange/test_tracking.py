"""A council's own 進捗管理シート: heads found, columns understood, rows matched, nothing guessed."""

import io
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import indicator, node, plan
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading, State, format_reading
from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.services import sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.incoming import Incoming, apply
from shakyo_review.services.making import make_book
from shakyo_review.services.tracking import (
    ColumnsNeeded,
    columns_of,
    keep_mapping,
    keep_rows,
    look,
    read_tracking,
)
from shakyo_review.services.tracking.kept import forget, layouts

PLAN = plan(
    node(
        "1",
        node(
            "1-1",
            indicator("1-1a", name="サロンの開催回数", unit="回", targets={2024: 20, 2025: 24}),
            indicator("1-1b", name="参加者数", unit="人", targets={2025: 500}),
            name="ふれあいサロンの推進",
            owners=["社協（地域課）"],
        ),
        node(
            "1-2",
            indicator("1-2a", name="参加者数", unit="人", targets={2025: 80}),
            name="世代間交流（子どもと高齢者）",
            owners=["社協（総務課）"],
        ),
        name="つながりを育てる",
    ),
    node(
        "2",
        node(
            "2-1",
            indicator("2-1a", name="相談に応じた割合", unit="％", decimals=1),
            name="相談支援",
        ),
        node("2-2", indicator("2-2a", name="寄附金の受入額", unit="千円"), name="財源の確保"),
        name="支える仕組みをつくる",
    ),
    first_year=2024,
    last_year=2026,
)
HEAD = (
    "取組",
    "指標名",
    "単位",
    "令和6年度実績",
    "令和7年度目標",
    "令和7年度実績",
    "達成率",
    "実施内容",
)
ROWS: tuple[tuple[object, ...], ...] = (
    ("ふれあいサロンの推進", "サロンの開催回数", "回", 22, 25, 27, 1.08, "12地区で開きました。"),
    ("", "参加者数", "人", 480, 500, "512人", 1.02, ""),
    ("世代間交流（子どもと高齢者）", "参加者数", "人", 70, 80, "７６", 0.95, ""),
    ("相談支援", "相談に応じた割合", "%", 97.5, 98, "98.5％", 1, ""),
    ("財源の確保", "寄附金の受入額", "千円", "△3", 1200, "集計中", "", ""),
)
R7 = {
    "1-1a": "27",
    "1-1b": "512",
    "1-2a": "76",
    "2-1a": "98.5",
    "2-2a": "集計中",
}
"""The actuals of 令和7年度 in ``ROWS``, as the screens write them."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A fresh book as bytes: each test copies it, which is quicker than to make one."""
    path = tmp_path_factory.mktemp("tracking") / "made.db"
    make_book(path, PLAN, "事務局")
    return path.read_bytes()


@pytest.fixture
def book(made: bytes, tmp_path: Path) -> Iterable[ReviewBook]:
    (tmp_path / "book.db").write_bytes(made)
    with ReviewBook.open(tmp_path / "book.db", "事務局") as opened:
        yield opened


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]], merge: Any = ()) -> Path:
    """Write a workbook of tables; ``merge`` are ranges of the first sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        for place in merge if name == next(iter(sheets)) else ():
            sheet.merge_cells(place)
    made.save(path)
    return path


def sheet_of(folder: Path, rows: Sequence[Sequence[object]], merge: Any = ()) -> Path:
    return workbook(folder / "進捗.xlsx", {"進捗管理": rows}, merge)


def actuals(book: ReviewBook, found: Incoming, year: int = 2025) -> dict[str, str]:
    """The actuals that are proposed for a year."""
    indicators = book.plan.indicators
    return {
        one.key.indicator: format_reading(one.after.reading, indicators[one.key.indicator].decimals)
        for one in found.proposals
        if one.key.kind is Kind.ACTUAL and one.key.year == year
    }


def test_a_plain_table_is_read_by_its_words(book: ReviewBook, tmp_path: Path) -> None:
    found = read_tracking(book, sheet_of(tmp_path, [HEAD, *ROWS]), 2025)
    assert actuals(book, found) == R7
    by_key = {one.key: one for one in found.proposals}
    first = by_key[CellKey("1-1a", 2025, Kind.ACTUAL)]
    assert first.where == "シート「進捗管理」のF2"
    assert first.after.note == "12地区で開きました。"
    assert first.given is None
    assert not found.conflicts
    targets = {
        k.indicator: str(p.after.reading.value) for k, p in by_key.items() if k.kind == "target"
    }
    assert targets == {"1-1a": "25", "2-1a": "98", "2-2a": "1200"}
    assert found.unchanged == 2  # the targets of 1-1b and 1-2a
    assert found.remarks == (
        "シート「進捗管理」は、見出しの言葉から 取組＝A・指標＝B・単位＝C・実績＝D・目標＝E・実績＝F・実施内容＝H と読みました。",
        "読まなかった列: 達成率。",
    )


def test_all_years_side_by_side_are_read_where_none_is_named(
    book: ReviewBook, tmp_path: Path
) -> None:
    found = read_tracking(book, sheet_of(tmp_path, [HEAD, *ROWS]))
    assert actuals(book, found) == R7
    assert actuals(book, found, 2024) == {
        "1-1a": "22",
        "1-1b": "480",
        "1-2a": "70",
        "2-1a": "97.5",
        "2-2a": "△3",
    }


def test_what_a_council_puts_around_a_table_does_not_matter(
    book: ReviewBook, tmp_path: Path
) -> None:
    """Title lines, a head of two rows with merged cells, empty columns, merged items, totals, notes, a head again."""
    upper = (
        "No",
        "基本目標",
        "取組名",
        "担当課",
        "指標",
        "単位",
        "",
        "令和６年度",
        "",
        "",
        "令和７年度",
        "",
        "",
        "備考",
    )
    lower = (
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "目標値",
        "実績値",
        "達成率",
        "目標値",
        "実績値",
        "達成率",
        "",
    )
    rows: list[tuple[object, ...]] = [
        ("見本市社会福祉協議会　進捗管理シート",),
        ("（令和8年4月1日現在）",),
        (),
        upper,
        lower,
        (
            1,
            "つながりを育てる",
            "ふれあいサロンの推進",
            "地域課",
            "サロンの開催回数（回）",
            "回",
            "",
            20,
            22,
            1.1,
            25,
            27,
            1.08,
            "",
        ),
        (2, "", "", "", "参加者数", "人", "", "", 480, "", 500, 512, 1.02, ""),
        ("", "", "", "", "小計", "", "", "", 502, "", "", 539, "", ""),
        upper,
        lower,
        (
            3,
            "",
            "②世代間交流【子どもと高齢者】",
            "総務課",
            "参加者数",
            "人",
            "",
            "",
            70,
            "",
            80,
            76,
            0.95,
            "",
        ),
        (
            4,
            "支える仕組みをつくる",
            "相談支援",
            "",
            "相談に応じた割合",
            "%",
            "",
            "",
            "",
            "",
            "－",
            98.5,
            "",
            "",
        ),
        (5, "", "財源の確保", "", "寄附金の受入額", "千円", "", "", "", "", "", "集計中", "", ""),
        (),
        ("※ 実績は3月末の数です。",),
        ("", "", "", "", "合計", "", "", "", "", "", "", 9999, "", ""),
    ]
    merge = ("H4:J4", "K4:M4", "A4:A5", "B6:B7", "C6:C7", "D6:D7")
    found = read_tracking(book, sheet_of(tmp_path, rows, merge), 2025)
    assert actuals(book, found) == R7
    assert all("読まなかった列" in text for text in found.remarks[1:]), found.remarks


def test_rows_of_targets_and_actuals_by_turns(book: ReviewBook, tmp_path: Path) -> None:
    rows = [
        ("取組", "指標", "単位", "", "R6", "R7", "R8"),
        ("ふれあいサロンの推進", "サロンの開催回数", "回", "目標", 20, 25, 30),
        ("", "", "", "実績", 22, 27, ""),
        ("", "", "", "達成率", 1.1, 1.08, ""),
        ("", "参加者数", "人", "目標", "", 500, ""),
        ("", "", "", "実績", 480, 512, ""),
        ("", "", "", "達成率", "", 1.02, ""),
    ]
    found = read_tracking(book, sheet_of(tmp_path, rows, ["A2:A7", "B2:B4", "B5:B7"]))
    assert actuals(book, found) == {"1-1a": "27", "1-1b": "512"}
    assert actuals(book, found, 2024) == {"1-1a": "22", "1-1b": "480"}
    targets = {
        (p.key.indicator, p.key.year): str(p.after.reading.value)
        for p in found.proposals
        if p.key.kind is Kind.TARGET
    }
    assert targets == {("1-1a", 2025): "25", ("1-1a", 2026): "30"}


def test_codes_come_before_names(book: ReviewBook, tmp_path: Path) -> None:
    rows = [
        ("指標番号", "指標", "R7実績"),
        ("１－１ｂ", "参加した人（延べ）", 512),
        ("1-1a", "寄附金の受入額", 27),
    ]
    found = read_tracking(book, sheet_of(tmp_path, rows), 2025)
    assert actuals(book, found) == {"1-1b": "512"}
    assert found.remarks[1].startswith(
        "シート「進捗管理」の3行目: 番号は「1-1a」、指標名は「2-2a」を指しています。"
    )


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("", "参加者数", 5), "名前が「参加者数」の指標は2件あります（1-1b、1-2a）"),
        (
            ("知らない取組", "参加者数", 5),
            "取組「知らない取組」は計画になく、同じ名前の指標が2件あります",
        ),
        (("知らない取組", "寄附金の受入額", 5), "取組「知らない取組」は計画にありません"),
        (
            ("相談支援", "サロンの開催回数", 5),
            "指標「サロンの開催回数」は、取組「相談支援」にはありません",
        ),
        (("相談支援", "参加者数（女性）", 5), "指標「参加者数（女性）」は計画にありません"),
        (
            ("ふれあいサロンの推進", "", 5),
            "取組「ふれあいサロンの推進」の指標は2件あります（1-1a、1-1b）",
        ),
    ],
)
def test_an_unsure_row_is_told_and_not_guessed(
    book: ReviewBook, tmp_path: Path, row: tuple[object, ...], why: str
) -> None:
    rows = [("取組", "指標", "R7実績"), ("財源の確保", "寄附金の受入額", 1), row]
    if row[0] == "":
        rows = [rows[0], row]
    found = look(book, sheet_of(tmp_path, rows), 2025)
    assert found.unmatched[0].why == why
    assert "5" not in actuals(book, found.incoming).values()


def test_an_item_with_one_indicator_needs_no_name_of_it(book: ReviewBook, tmp_path: Path) -> None:
    rows = [
        ("事業名", "担当課", "令和7年度実績"),
        ("財源の確保", "", 900),
        ("相談に応じた割合", "", 97),
    ]
    found = read_tracking(book, sheet_of(tmp_path, rows), 2025)
    assert actuals(book, found) == {"2-2a": "900", "2-1a": "97.0"}


def test_the_owner_decides_between_alike_names(book: ReviewBook, tmp_path: Path) -> None:
    rows = [("指標", "担当課", "R7実績"), ("参加者数", "社協（総務課）", 76)]
    found = read_tracking(book, sheet_of(tmp_path, rows), 2025)
    assert actuals(book, found) == {"1-2a": "76"}


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("約500人", "F2: 「約500人」は数として読めません。"),
        ("職員5・地域4", "F2: 「職員5・地域4」は数として読めません。"),
        ("同上", "F2: 「同上」は上の欄のことで、値ではありません。"),
        (27.5, "F2: 「27.5」は小数の桁が多すぎます。"),
        ("27人", "F2: 「27人」の「人」は、この指標の単位と違います。"),
        ("12地区で開き、子どもから高齢の方まで大勢の皆さんに参加していただいた", "F2: 実績に文章"),
        ("=1/0", "F2: 計算式の結果が保存されていません。"),
    ],
)
def test_a_spoilt_cell_is_told_with_its_place_and_left_out(
    book: ReviewBook, tmp_path: Path, cell: object, told: str
) -> None:
    rows = [list(row) for row in ROWS]
    rows[0][5] = cell
    found = read_tracking(book, sheet_of(tmp_path, [HEAD, *rows]), 2025)
    assert any(text.startswith(f"シート「進捗管理」の{told}") for text in found.remarks), (
        found.remarks
    )
    first = [p for p in found.proposals if p.key == CellKey("1-1a", 2025, Kind.ACTUAL)]
    assert all(p.after.reading.state is State.NOT_ENTERED for p in first), (
        "only what was done is taken"
    )
    assert {k: v for k, v in actuals(book, found).items() if k != "1-1a"} == {
        k: v for k, v in R7.items() if k != "1-1a"
    }


def test_a_date_a_share_another_unit_and_two_values_are_told(
    book: ReviewBook, tmp_path: Path
) -> None:
    import datetime

    rows = [
        ("取組", "指標", "単位", "R7実績"),
        ("ふれあいサロンの推進", "サロンの開催回数", "回", datetime.date(2025, 10, 12)),
        ("相談支援", "相談に応じた割合", "%", 0.985),
        ("財源の確保", "寄附金の受入額", "円", 900000),
        ("世代間交流（子どもと高齢者）", "参加者数", "人", 70),
        ("世代間交流 子どもと高齢者", "参加者数", "人", 76),
    ]
    found = read_tracking(book, sheet_of(tmp_path, rows), 2025)
    assert not found.proposals
    told = "\n".join(found.remarks)
    assert "D2: Excel が日付（10/12）に変えています。" in told
    assert "D3: 単位が％で、値が0.985です。98.5％なら 98.5 と書いてください。" in told
    assert "4行目: 単位が「円」で、計画の単位「千円」と違うため" in told
    assert "D5とシート「進捗管理」のD6に、1-2a R7 実績の違う値があるため" in told


def test_state_and_actual_together(book: ReviewBook, tmp_path: Path) -> None:
    rows = [
        ("取組", "指標", "R7実績", "状態"),
        ("ふれあいサロンの推進", "サロンの開催回数", "", "中止"),
        ("ふれあいサロンの推進", "参加者数", 512, "済"),
        ("相談支援", "相談に応じた割合", 98, "中止"),
        ("財源の確保", "寄附金の受入額", "", "たぶん"),
    ]
    found = read_tracking(book, sheet_of(tmp_path, rows), 2025)
    assert actuals(book, found) == {"1-1a": "中止", "1-1b": "512"}
    told = "\n".join(found.remarks)
    assert "C4: 実績「98.0」と状態「中止」（D4）が食い違うため" in told
    assert "D5: 状態「たぶん」は分かりません。" in told


def test_blanks_and_dashes_take_nothing_away(book: ReviewBook, tmp_path: Path) -> None:
    apply(book, read_tracking(book, sheet_of(tmp_path, [HEAD, *ROWS]), 2025))
    rows = [list(row) for row in ROWS]
    rows[0][5], rows[1][5], rows[1][4] = "－", "", "―"
    found = read_tracking(book, sheet_of(tmp_path, [HEAD, *rows]), 2025)
    assert not found.proposals
    assert found.unchanged >= 5
    assert any("F2: 横棒は値ではないため" in text for text in found.remarks)


def test_dashes_for_what_is_not_there_yet_say_nothing(book: ReviewBook, tmp_path: Path) -> None:
    rows = [
        ("取組", "指標", "R7実績", "R7 状態", "R8実績", "R7 実施内容"),
        ("ふれあいサロンの推進", "サロンの開催回数", 27, "－", "－", "同上"),
        ("ふれあいサロンの推進", "参加者数", "－", "未把握", "-", ""),
    ]
    found = read_tracking(book, sheet_of(tmp_path, rows))
    assert actuals(book, found) == {"1-1a": "27", "1-1b": "未把握"}
    assert {one.key.year for one in found.proposals} == {2025}
    assert [text.partition(": ")[2] for text in found.unread] == [
        "「同上」は上の欄のことで、値ではありません。値や文を書いてください。"
    ]


def test_a_rate_is_never_an_actual(book: ReviewBook, tmp_path: Path) -> None:
    path = sheet_of(tmp_path, [HEAD, *ROWS])
    with pytest.raises(WrongUsage, match="G列「達成率」は率の列なので、実績としては読みません"):
        read_tracking(book, path, 2025, columns_of("実績=G"))
    rows = [("取組", "指標", "R7 実績 達成率"), ("財源の確保", "寄附金の受入額", 90)]
    with pytest.raises(ColumnsNeeded, match="実績や目標の列が分かりません"):
        read_tracking(book, sheet_of(tmp_path, rows), 2025)


@pytest.mark.parametrize(
    "head",
    [
        "上半期実績",
        "R7.9月末時点の実績",
        "R7.3.31実績",  # a day of the year before
        "2025/3/31 実績",
        "前年度実績",
        "R5〜R7実績",
        "R7見込実績",
    ],
)
def test_a_part_of_the_year_is_not_taken_for_the_year(
    book: ReviewBook, tmp_path: Path, head: str
) -> None:
    rows = [("取組", "指標", head), ("財源の確保", "寄附金の受入額", 90)]
    with pytest.raises(ColumnsNeeded):
        read_tracking(book, sheet_of(tmp_path, rows), 2025)


def test_columns_are_said_once_and_kept_for_the_next_year(book: ReviewBook, tmp_path: Path) -> None:
    rows = [
        ("実施すること", "数えるもの", "令和7年度の結果", "令和7年度のようす"),
        ("財源の確保", "寄附金の受入額", 900, "呼びかけました。"),
    ]
    path = sheet_of(tmp_path, rows)
    with pytest.raises(ReviewError):
        read_tracking(book, path, 2025)
    said = columns_of("見出し=1、取組=A、指標＝B, 実績=Ｃ, 実施内容=d")
    found = read_tracking(book, path, 2025, said)
    assert actuals(book, found) == {"2-2a": "900"}
    keep_mapping(book, path, said)
    assert layouts(book)
    rows[0] = ("実施すること", "令和8年度のようす", "令和8年度の結果", "数えるもの")
    rows[1] = ("財源の確保", "", 950, "寄附金の受入額")
    path = sheet_of(tmp_path, rows)
    with pytest.raises(ReviewError):  # nothing in its words says that it is the head
        read_tracking(book, path, 2026)
    again = read_tracking(book, path, 2026, columns_of("見出し=1"))
    assert actuals(book, again, 2026) == {"2-2a": "950"}
    assert forget(book) == 1
    assert not layouts(book)


def test_a_row_is_given_its_indicator_once(book: ReviewBook, tmp_path: Path) -> None:
    rows = [("取組", "指標", "R7実績"), ("サロン", "来た人", 512), ("その他", "会議の数", 3)]
    path = sheet_of(tmp_path, rows)
    assert len(look(book, path, 2025).unmatched) == 2
    assert keep_rows(book, path, {2: "1-1b", 3: ""}, 2025) == {2: "来た人", 3: "会議の数"}
    rows = [("R8実績", "取組", "指標"), (3, "その他", "会議の数"), (520, "ｻﾛﾝ", "来た　人")]
    found = look(book, sheet_of(tmp_path, rows), 2026)
    assert not found.unmatched
    assert actuals(book, found.incoming, 2026) == {"1-1b": "520"}


def test_the_year_of_a_head_without_one(book: ReviewBook, tmp_path: Path) -> None:
    plain = [("取組", "指標", "実績値"), ("財源の確保", "寄附金の受入額", 900)]
    with pytest.raises(WrongUsage, match="何年度の値かが書かれていません"):
        read_tracking(book, sheet_of(tmp_path, plain))
    assert actuals(book, read_tracking(book, sheet_of(tmp_path, plain), 2025)) == {"2-2a": "900"}
    for day in ("令和7年3月31日現在", "R7.3.31 作成"):  # a day of 令和6年度
        with pytest.raises(WrongUsage, match="何年度の値かが書かれていません"):
            read_tracking(book, sheet_of(tmp_path, [(day,), *plain]))
    ended = sheet_of(tmp_path, [("令和6年度末（令和7年3月31日）",), *plain])
    assert actuals(book, read_tracking(book, ended), 2024) == {"2-2a": "900"}
    titled = [("令和6年度 進捗管理シート",), *plain]
    found = read_tracking(book, sheet_of(tmp_path, titled))
    assert actuals(book, found, 2024) == {"2-2a": "900"}
    found = read_tracking(book, sheet_of(tmp_path, titled), 2025)
    assert any(
        "表の上には「令和6年度」とあります。令和7年度の値として読みました。" in r
        for r in found.remarks
    )
    with pytest.raises(WrongUsage, match="令和8年度の列がありません。書かれている年度: R6、R7"):
        read_tracking(book, sheet_of(tmp_path, [HEAD, *ROWS]), 2026)


def test_a_sealed_year_is_not_read(book: ReviewBook, tmp_path: Path) -> None:
    for code in PLAN.indicators:
        record(book, CellKey(code, 2024, Kind.ACTUAL), Reading(State.CANCELLED))
    sealing.start_evaluation(book, 2024)
    sealing.seal(book, 2024)
    path = sheet_of(tmp_path, [HEAD, *ROWS])
    with pytest.raises(WrongUsage, match="令和6年度は確定しているため"):
        read_tracking(book, path, 2024)
    found = read_tracking(book, path)
    assert actuals(book, found) == R7
    assert not actuals(book, found, 2024)
    assert any(text.startswith("R6は、確定しているか") for text in found.remarks)


def test_several_sheets_and_one_of_them(book: ReviewBook, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "課別.xlsx",
        {
            "地域課": [("取組", "指標", "R7実績"), ("ふれあいサロンの推進", "参加者数", 512)],
            "総務課": [("指標", "R7実績", "取組"), ("寄附金の受入額", 900, "財源の確保")],
            "記入例": [("ここに書きます",)],
        },
    )
    assert actuals(book, read_tracking(book, path, 2025)) == {"1-1b": "512", "2-2a": "900"}
    assert actuals(book, read_tracking(book, path, 2025, sheet="総務課")) == {"2-2a": "900"}
    with pytest.raises(
        ReviewError, match="シート「人事課」がありません。あるシート: 地域課、総務課、記入例"
    ):
        read_tracking(book, path, 2025, sheet="人事課")


def test_a_csv_with_other_heads_is_a_tracking_sheet_too(book: ReviewBook, tmp_path: Path) -> None:
    path = tmp_path / "実績.csv"
    lines = ["取組,指標名,単位,令和7年度実績", '財源の確保,寄附金の受入額,千円,"1,234"']
    path.write_bytes("\r\n".join(lines).encode("cp932"))
    found = read_tracking(book, path, 2025)
    assert actuals(book, found) == {"2-2a": "1,234"}
    assert found.proposals[0].where == "シート「実績」のD2"


def test_no_table_and_wrong_columns_are_told(book: ReviewBook, tmp_path: Path) -> None:
    path = sheet_of(tmp_path, [("会議のお知らせ",), ("6月25日 午後2時",)])
    with pytest.raises(ReviewError, match="進捗管理の表が見つかりません"):
        read_tracking(book, path, 2025)
    path = sheet_of(tmp_path, [HEAD, *ROWS])
    with pytest.raises(WrongUsage, match="「ZZ」列には何もありません"):
        read_tracking(book, path, 2025, columns_of("実績=ZZ"))
    for typed in ("実績", "売上=C", "実績=C,実績=D", "=C"):
        with pytest.raises(WrongUsage):
            columns_of(typed)


_FULL = str.maketrans("0123456789", "０１２３４５６７８９")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**6), wide=st.booleans(), extra=st.integers(0, 3), title=st.booleans())
def test_order_and_spelling_change_nothing(
    book: ReviewBook, tmp_path: Path, seed: int, wide: bool, extra: int, title: bool
) -> None:
    """Shuffled columns and rows, extra columns, full-width digits: the same figures come in."""
    chance = random.Random(seed)
    names = [*HEAD, *(f"資料{n}" for n in range(extra))]
    order = chance.sample(range(len(names)), len(names))
    filled = [(ROWS[0][0] if row[0] == "" else row[0], *row[1:]) for row in ROWS]
    rows = [[*row, *("参考" for _ in range(extra))] for row in filled]
    chance.shuffle(rows)

    def spelled(cell: object, number: int) -> str:
        text = str(cell)
        if wide and 3 <= number < 7:
            return text.translate(_FULL)
        return f" {text[:2]}　{text[2:]} " if wide and number < 2 and text else text

    lines = [[names[n] for n in order], *([spelled(row[n], n) for n in order] for row in rows)]
    if title:
        lines = [["進捗管理シート"], [], *lines]
    text = io.StringIO()
    for line in lines:
        text.write(",".join(f'"{cell}"' for cell in line) + "\n")
    path = tmp_path / "混ぜた.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    found = read_tracking(book, path, 2025)
    assert actuals(book, found) == R7
    assert {p.after.note for p in found.proposals if p.after.note} == {"12地区で開きました。"}
    assert [p.key for p in found.proposals] == sorted(
        (p.key for p in found.proposals),
        key=lambda k: (list(book.plan.indicators).index(k.indicator), k.kind != Kind.TARGET),
    )


def test_years_under_one_word_and_the_last_target(book: ReviewBook, tmp_path: Path) -> None:
    rows = [
        ("", "", "", "", "実績値", "", "", "", "目標値"),
        ("取組", "指標", "単位", "基準値", "R4", "R5", "R6", "R7", "R8"),
        ("ふれあいサロンの推進", "サロンの開催回数（回／年）", "回", 10, 14, 16, 22, 25, 30),
    ]
    found = read_tracking(book, sheet_of(tmp_path, rows))
    assert actuals(book, found, 2023) == {"1-1a": "16"}
    assert actuals(book, found, 2025) == {"1-1a": "25"}
    [target] = [one for one in found.proposals if one.key.kind is Kind.TARGET]
    assert (target.key.year, str(target.after.reading.value)) == (2026, "30")


def test_a_row_for_each_branch(tmp_path: Path) -> None:
    path = tmp_path / "wards.db"
    branches = [{"code": "kita", "name": "北区"}, {"code": "minami", "name": "南区"}]
    visits = indicator("v", name="訪問回数", unit="回", parts="sum")
    item = node("1", visits, name="見守り", branches="all")
    make_book(path, plan(item, branches=branches, first_year=2024, last_year=2026), "事務局")
    rows = [
        ("取組", "指標", "区", "R7実績", "取組内容"),
        ("見守り", "訪問回数", "北区", 120, ""),
        ("", "", "南　区", "８０回", "地区ごとに班を作りました。"),
        ("", "", "西区", 5, ""),
        ("", "", "合計", 205, ""),
    ]
    with ReviewBook.open(path, "事務局") as opened:
        found = read_tracking(opened, sheet_of(tmp_path, rows, ["A2:A5", "B2:B5"]), 2025)
    got = {p.key.branch: str(p.after.reading.value) for p in found.proposals}
    assert got == {"kita": "120", "minami": "80"}
    assert found.remarks[1:] == (
        "シート「進捗管理」の4行目: 「西区」は、指標「v」の区・支所にありません。この行は読んでいません。",
    )
