import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ImportRefused
from shakyo_review.exchange.long_csv import (
    COLUMNS,
    Entry,
    LongRow,
    count_blank,
    parse_rows,
    read_rows,
    understand,
    write_rows,
)

HEADER = ",".join(COLUMNS)

PLAN = Plan.model_validate(
    {
        "code": "t",
        "title": "計画",
        "body": "社協",
        "first_year": 2023,
        "last_year": 2026,
        "levels": ["目標"],
        "branches": [
            {"code": "kita", "name": "北区"},
            {"code": "minami", "name": "南区"},
            {"code": "nishi", "name": "西区"},
        ],
        "tree": [
            {
                "code": "1",
                "name": "つながる",
                "branches": ["kita", "minami"],
                "funding": [{"name": "基金"}],
                "indicators": [
                    {
                        "code": "1a",
                        "name": "回数",
                        "unit": "回",
                        "direction": "higher",
                        "measure": "annual",
                        "parts": "sum",
                    },
                    {
                        "code": "1b",
                        "name": "割合",
                        "unit": "％",
                        "direction": "higher",
                        "measure": "annual",
                        "parts": "ratio",
                        "decimals": 1,
                    },
                ],
            },
            {
                "code": "2",
                "name": "ささえる",
                "funding": [{"name": "補助金"}, {"name": "会費"}],
                "indicators": [
                    {"code": "2a", "name": "人数", "direction": "lower", "measure": "annual"}
                ],
            },
            {"code": "3", "name": "つなぐ"},
        ],
    }
)


def entries(*lines: str) -> list[Entry]:
    return understand(PLAN, parse_rows("\n".join([HEADER, *lines]) + "\n"))


def refusal(*lines: str) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        entries(*lines)
    assert "\n" not in str(caught.value)
    assert caught.value.problems
    assert caught.value.problems[0] in caught.value.message
    return caught.value


def value(text: str) -> Reading:
    return Reading(State.VALUE, Decimal(text))


def test_a_row_is_understood():
    assert entries("1a,R6,北区,4,実績,1234回,,令和5年度,聞き取り") == [
        Entry(2, CellKey("1a", 2024, Kind.ACTUAL, "kita", "04"), value("1234"), 2023, "聞き取り")
    ]


@pytest.mark.parametrize(
    ("line", "reading"),
    [
        ("1a,2024,,,actual,512,,,", value("512")),
        ("1a,2024,,,actual,512,value,,", value("512")),
        ("1a,2024,,,actual,512,入力済み,,", value("512")),
        ('1a,2024,,,actual,"1,234",,,', value("1234")),
        ("1a,2024,,,actual,△3,,,", value("-3")),
        ("1a,2024,,,actual,中止,,,", Reading(State.CANCELLED)),
        ("1a,2024,,,actual,中止,cancelled,,", Reading(State.CANCELLED)),
        ("1a,2024,,,actual,,中止,,", Reading(State.CANCELLED)),
        ("1a,2024,,,actual,,cancelled,,", Reading(State.CANCELLED)),
        ("1a,2024,,,actual,,not_entered,,", Reading(State.NOT_ENTERED)),
        ("1a,2024,,,target,随時,,,", Reading(State.TEXT, text="随時")),
        ("1a,2024,,,target,月2回,text,,", Reading(State.TEXT, text="月2回")),
        ("1a,2024,,,target,中止,text,,", Reading(State.TEXT, text="中止")),
        ("1a,2024,,,actual,512（見込み）,,,", Reading(State.VALUE, Decimal(512), forecast=True)),
        ("1b,2024,,,actual,30/100,,,", Reading(State.VALUE, Decimal(30), Decimal(100))),
        ("1a,2022,,,baseline,44,,,", value("44")),
        ("1.f1,2024,,,budget,760,,,", value("760")),
        ("1,2024,,,budget,760千円,,,", value("760")),
        ("2.f2,2024,,,決算額,760,,,", value("760")),
    ],
)
def test_values_and_states(line, reading):
    assert entries(line)[0].reading == reading


def test_a_nodes_only_funding_line_needs_no_number():
    assert entries("1,2024,,,budget,760,,,")[0].key.indicator == "1.f1"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("9z,2024,,,actual,5,,,", "2行目 indicator: コード「9z」は計画にありません。"),
        (",2024,,,actual,5,,,", "2行目 indicator: コードが空です。"),
        (
            "1,2024,,,actual,5,,,",
            "「1」は項目のコードで、指標ではありません。指標のコード（1a・1b）",
        ),
        ("1月1日,2024,,,actual,5,,,", "日付に変わったようです。"),
        ("1.f1,2024,,,actual,5,,,", "「1.f1」は財源のコードです。"),
        ("1a,2024,,,budget,5,,,", "「1a」は指標のコードです。"),
        ("2,2024,,,budget,5,,,", "2行目 indicator: 項目「2」には財源が2つあります。2.f1・2.f2"),
        ("3,2024,,,budget,5,,,", "項目「3」に財源がありません。"),
        ("1.f2,2024,,,budget,5,,,", "コード「1.f2」は計画にありません。"),
        ("1.f1,2024,,,budget,1.5,,,", "2行目 value: 「1.5」は小数の桁が多すぎます。"),
        ("1.f1,2024,,,budget,随時,,,", "2行目 value: 「随時」は金額として読めません。"),
        ("1.f1,2024,北区,,budget,5,,,", "2行目 branch: 予算額には区・支所を書けません。"),
        ("1.f1,2024,,Q1,budget,5,,,", "2行目 period: 予算額には期間を書けません。"),
        ("1a,ことし,,,actual,5,,,", "2行目 fiscal_year: 「ことし」は年度として読めません。"),
        ("1a,2027,,,actual,5,,,", "2行目 fiscal_year: 令和9年度は計画の期間"),
        ("1a,2012,,,actual,5,,,", "2行目 fiscal_year: 平成24年度は"),
        ("1a,2024,東区,,actual,5,,,", "2行目 branch: 区・支所「東区」は計画にありません。"),
        (
            "1a,2024,西区,,actual,5,,,",
            "この指標は「西区」では取り組んでいません。北区・南区 のどれか",
        ),
        ("1a,2024,,13,actual,5,,,", "2行目 period: 期間「13」は読めません。"),
        ("1a,2024,,,actuals,5,,,", "2行目 kind: 「actuals」は読めません。target（目標）"),
        ("1a,2024,,,actual,5人,,,", "2行目 value: 「5人」の「人」は、この指標の単位と違います。"),
        ("1a,2024,,,actual,30/100,,,", "2行目 value: 「30/100」は数として読めません。"),
        ("1a,2024,,,actual,1.5,,,", "2行目 value: 「1.5」は小数の桁が多すぎます。"),
        ("1a,2024,,,actual,,cancel,,", "2行目 state: 「cancel」は読めません。"),
        (
            "1a,2024,,,actual,5,cancelled,,",
            "2行目 state: 「cancelled」（中止）ですが value に「5」が",
        ),
        ("1a,2024,,,actual,5,not_entered,,", "2行目 state: 「not_entered」（未入力）ですが"),
        ("1a,2024,,,actual,,value,,", "2行目 state: 「value」（入力済み）ですが value が空です。"),
        ("1a,2024,,,actual,中止,value,,", "ですが value に「中止」があります。"),
        ("1a,2024,,,actual,,text,,", "2行目 value: state が text ですが空です。"),
        ("1a,2024,,,actual,5,,2025,", "2行目 measured_year: 令和7年度は、この行の令和6年度より後"),
        ("1a,2024,,,actual,5,,x,", "2行目 measured_year: 「x」は年度として"),
        ("1a,2024,,,actual,5,,,\x1b[2J", "2行目 note: 使えない文字"),
        ("1a,2024,,,actual,,,,後で聞く", "2行目 note: 注記だけの行です。"),
        ("1a,2022,北区,,baseline,5,,,", "2行目 branch: 基準値には"),
        ("1a,2026,,Q1,final_target,5,,,", "2行目 period: 最終目標には"),
        ('"1\n2",2024,,,actual,5,,,', "コード「1?2」は計画にありません。"),
    ],
)
def test_a_bad_field_is_named(line, told):
    assert told in refusal(line).problems[0]


def test_every_bad_row_is_named():
    found = refusal(
        "1a,2024,,,actual,5,,,",
        "1a,2024,,,actual,6,,,",
        "9z,1900,,,actual,x1,,,",
        "1a,2025,,,actual,7,,,",
        "1a,2026,,,actual,多い1,,,",
    )
    assert [p.split(":")[0] for p in found.problems] == [
        "3行目",
        "4行目 fiscal_year",
        "4行目 indicator",
        "6行目 value",
    ]
    assert found.problems[0] == "3行目: 2行目と同じ欄です。どちらかの行を消してください。"
    assert found.message.startswith("「CSV」は取り込めません。3行目: ")
    assert found.message.endswith("（ほか 3 件）")


def test_branch_name_and_code_are_the_same_cell():
    assert (
        "2行目と同じ欄"
        in refusal("1a,2024,kita,,actual,5,,,", "1a,2024,北区,,actual,6,,,").problems[0]
    )


def test_rows_not_filled_in_are_skipped():
    lines = ["1a,2024,,,actual,,,,", "1a,2025,,,actual,5,,,", "typo,2025,,,actual, ,,,"]
    assert len(entries(*lines)) == 1
    assert count_blank(parse_rows("\n".join([HEADER, *lines]))) == 2


def test_years_admitted_can_be_set():
    row = LongRow(2, "1a", "2040", kind="target", value="5")
    assert understand(PLAN, [row], year_ok=lambda year: year == 2040)[0].key.year == 2040
    with pytest.raises(ImportRefused, match="取り込める年度の外です"):
        understand(PLAN, [row], year_ok=lambda year: False)


# --- the table ---------------------------------------------------------------------------


def test_row_numbers_are_those_of_a_spreadsheet():
    text = f'{HEADER}\r\n\r\n1a,2024,,,actual,5,,,"二行の\r\n注記"\r\n,,,,,,,,\r\n1a,2025,,,actual,6,,,\r\n'
    rows = parse_rows(text)
    assert [row.row for row in rows] == [3, 5]
    assert rows[0].note == "二行の\r\n注記"


def test_columns_may_stand_in_another_order():
    rows = parse_rows(
        "note,value,state,measured_year,kind,period,branch,fiscal_year,indicator,,\nn,5,,,actual,,,2024,1a,,\n"
    )
    assert rows == [LongRow(2, "1a", "2024", "", "", "actual", "5", "", "", "n")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "「CSV」は空です。"),
        ("\n\n", "「CSV」は空です。"),
        (HEADER.replace(",note", "") + "\n", "見出し（1行目）に「note」の列がありません。"),
        (HEADER + ",memo\n", "見出し（1行目）の「memo」という列は使えません。"),
        (HEADER + ",note\n", "見出し（1行目）に「note」が2つあります。"),
        ("1a,2024,,,actual,5,,,\n", "見出し（1行目）が読めません。1行目に indicator,fiscal_year"),
        (HEADER.replace(",", "\t") + "\n", "区切りがコンマではありません。"),
        (HEADER.replace(",", ";") + "\n", "区切りがコンマではありません。"),
        (f"{HEADER}\n1a,2024,5\n", "2行目: 欄が3個あります（見出しは9個）。"),
        (f"{HEADER}\n1a,2024,,,actual,5,,,,,x\n", "2行目: 欄が11個あります"),
        (f'{HEADER}\n1a,2024,,,actual,5,,,\n1a,2025,,,"actual,5\n', "3行目: ここから始まる引用符"),
        (f'{HEADER}\n1a,2024,,,"a"b,5,,,\n', '2行目: 引用符（"）の使い方が読めません。'),
        (f"{HEADER}\n1a,2024,,,actual,{'5' * 140_000},,,\n", "2行目: 1つの欄が長すぎます。"),
    ],
)
def test_what_is_no_such_table(text, told):
    with pytest.raises(ImportRefused) as caught:
        parse_rows(text)
    assert told in str(caught.value)
    assert caught.value.problems


def test_files(tmp_path: Path):
    path = tmp_path / "in.csv"
    text = f"{HEADER}\n1a,2024,北区,,actual,5,,,聞き取り\n"
    for encoding in ("utf-8", "utf-8-sig", "cp932"):
        path.write_bytes(text.encode(encoding))
        assert read_rows(path)[0].note == "聞き取り"

    def told(target: Path) -> str:
        with pytest.raises(ImportRefused) as caught:
            read_rows(target)
        return str(caught.value)

    for data, words in (
        (b"", "「in.csv」は空です。"),
        (text.encode("utf-16"), "UTF-16"),
        (text.encode("euc_jp"), "EUC-JP"),
        (text.encode() + b"\x00", "テキストファイルではありません。"),
        (b"PK\x03\x04", "表計算のファイル"),
    ):
        path.write_bytes(data)
        assert words in told(path)
    assert "がありません。" in told(tmp_path / "nai.csv")
    assert "はフォルダです。" in told(tmp_path)
    with path.open("wb") as file:
        file.truncate(50_000_001)
    assert "50MB までのファイル" in told(path)


# --- there and back ----------------------------------------------------------------------

decimals = st.decimals(Decimal(-(10**9)), Decimal(10**9), places=1)
integers = st.integers(-(10**14), 10**14).map(Decimal)
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=40
).filter(lambda t: t.strip() != "")
notes = st.text(
    st.one_of(st.characters(exclude_categories=("Cs", "Cc")), st.sampled_from("\n\r\t,\"=+-@'")),
    max_size=30,
)
states = st.sampled_from([s for s in State if s not in (State.VALUE, State.TEXT)])


def readings(numbers, *, ratio: bool = False):
    made = [
        st.builds(Reading, st.just(State.VALUE), numbers, forecast=st.booleans()),
        states.map(Reading),
        texts.map(lambda t: Reading(State.TEXT, text=t)),
    ]
    if ratio:
        parts = st.decimals(1, 10**6, places=1)
        made.append(
            st.builds(Reading, st.just(State.VALUE), numbers, parts, forecast=st.booleans())
        )
    return st.one_of(made)


@st.composite
def one_entry(draw) -> Entry:
    kind = draw(st.sampled_from(list(Kind)))
    year = draw(st.integers(2013, 2026))
    branch = period = ""
    if kind in (Kind.BUDGET, Kind.SETTLEMENT):
        code = draw(st.sampled_from(["1.f1", "2.f1", "2.f2"]))
        reading = draw(readings(integers).filter(lambda r: r.state is not State.TEXT))
    else:
        code = draw(st.sampled_from(["1a", "1b", "2a"]))
        reading = draw(readings(decimals, ratio=True) if code == "1b" else readings(integers))
        if kind in (Kind.TARGET, Kind.ACTUAL):
            branch = draw(st.sampled_from(["", "kita", "minami"]))
            period = draw(st.sampled_from(["", "04", "03", "Q1", "H2"]))
    measured = draw(st.none() | st.integers(1990, year))
    return Entry(0, CellKey(code, year, kind, branch, period), reading, measured, draw(notes))


@settings(max_examples=200, deadline=None)
@given(st.lists(one_entry(), max_size=8, unique_by=lambda entry: entry.key), st.booleans())
def test_entries_read_back_equal(written, bom):
    text = write_rows(written, bom=bom)
    assert "\r" not in "".join(text.split('"')[::2])
    read = understand(PLAN, parse_rows(text.encode().decode("utf-8-sig")))
    assert [(e.key, e.reading, e.measured_year, e.note) for e in read] == [
        (e.key, e.reading, e.measured_year, e.note) for e in written
    ]
    assert [e.row for e in read] == list(range(2, len(written) + 2))


def test_what_a_table_looks_like():
    key = CellKey("1a", 2024, Kind.ACTUAL)
    text = write_rows(
        [
            Entry(0, key, value("1234")),
            Entry(
                0,
                CellKey("1b", 2024, Kind.ACTUAL),
                Reading(State.VALUE, Decimal("30"), Decimal(100)),
            ),
            Entry(
                0,
                CellKey("1a", 2024, Kind.TARGET),
                Reading(State.VALUE, Decimal(512), forecast=True),
            ),
            Entry(
                0, CellKey("1a", 2023, Kind.TARGET), Reading(State.TEXT, text="随時"), 2022, "a,b"
            ),
            Entry(0, CellKey("1a", 2023, Kind.ACTUAL), Reading(State.CANCELLED)),
            CellKey("1a", 2025, Kind.ACTUAL, "kita", "04"),
        ]
    )
    assert text.splitlines() == [
        HEADER,
        "1a,2024,,,actual,1234,,,",
        "1b,2024,,,actual,30/100,,,",
        "1a,2024,,,target,512（見込み）,,,",
        '1a,2023,,,target,随時,text,2022,"a,b"',
        "1a,2023,,,actual,,cancelled,,",
        "1a,2025,kita,04,actual,,,,",
    ]
    assert write_rows([], bom=True) == f"\ufeff{HEADER}\n"


def test_five_thousand_rows_in_no_time():
    indicators = [
        {"code": f"1-{n}", "name": "n", "unit": "人", "direction": "higher", "measure": "annual"}
        for n in range(500)
    ]
    node = {"code": "1", "name": "n", "indicators": indicators}
    plan = Plan.model_validate({**PLAN.model_dump(), "tree": [node]})
    lines = [
        f'1-{n},{year},北区,04,actual,"2,{n:03}人",,{year},聞き取り'
        for n in range(500)
        for year in range(2015, 2025)
    ]
    text = "\n".join([HEADER, *lines])
    before = time.perf_counter()
    assert len(understand(plan, parse_rows(text))) == 5000
    assert time.perf_counter() - before < 2
