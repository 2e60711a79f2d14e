import unicodedata
from decimal import Decimal

import pytest
from builders import harmless
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shakyo_review.domain.value import (
    MAX_DIGITS,
    STATE_LABELS,
    Reading,
    State,
    format_number,
    format_percent,
    format_reading,
    parse_value,
    plain,
)
from shakyo_review.errors import ValueProblem

D = Decimal


@pytest.mark.parametrize(
    ("typed", "unit", "decimals", "value"),
    [
        ("512", "人", 0, "512"),
        ("５１２", "人", 0, "512"),
        ("1,234", "人", 0, "1234"),
        ("１，２３４", "人", 0, "1234"),
        ("1、234", "人", 0, "1234"),
        ("1,234,567", "", 0, "1234567"),
        ("12.5", "", 1, "12.5"),
        ("１２．５", "", 1, "12.5"),
        ("98.5％", "％", 1, "98.5"),
        ("98.5%", "％", 1, "98.5"),
        ("98.5％", "%", 1, "98.5"),
        ("98.5％", "", 1, "98.5"),
        ("△3", "", 0, "-3"),
        ("▲3", "", 0, "-3"),
        ("−3", "", 0, "-3"),
        ("－3", "", 0, "-3"),
        ("ー３", "", 0, "-3"),
        ("-3", "", 0, "-3"),
        ("△ 3", "", 0, "-3"),
        ("△1,234人", "人", 0, "-1234"),
        ("+3", "", 0, "3"),
        ("512人", "人", 0, "512"),
        ("512 人", "人", 0, "512"),
        ("28,274人", "人", 0, "28274"),
        ("512人", "", 0, "512"),
        ("40か所", "か所", 0, "40"),
        ("40ヶ所", "か所", 0, "40"),
        ("40カ所", "ヶ所", 0, "40"),
        ("40ヵ所", "箇所", 0, "40"),
        ("40箇所", "か所", 0, "40"),
        ("7,216千円", "千円", 0, "7216"),
        ("５㎏", "kg", 0, "5"),
        ("20㎡", "㎡", 0, "20"),
        ("  512\n", "人", 0, "512"),
        ("　512　", "人", 0, "512"),
        ("1.0", "", 0, "1"),
        ("0", "件", 0, "0"),
        ("０", "件", 0, "0"),
        ("0件", "件", 0, "0"),
        ("△0", "件", 0, "0"),
        ("007", "", 0, "7"),
        ("999999999999999", "", 0, "999999999999999"),
    ],
)
def test_numbers_in_every_spelling(typed, unit, decimals, value):
    read = parse_value(typed, unit=unit, decimals=decimals)
    assert read == Reading(State.VALUE, D(value))
    assert plain(read.value, decimals) == plain(D(value), decimals)


@pytest.mark.parametrize("typed", ["", " ", "　", "\n"])
def test_nothing_typed_is_not_entered(typed):
    assert parse_value(typed) == Reading(State.NOT_ENTERED)


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        *(
            (label, state)
            for state, label in STATE_LABELS.items()
            if label not in ("文字", "入力済み")
        ),
        ("未調査", State.NOT_SURVEYED),
        ("未実施", State.CANCELLED),
        ("（中止）", State.CANCELLED),
        ("該当なし", State.NOT_APPLICABLE),
        ("不明", State.UNKNOWN),
        *((dash, State.UNKNOWN) for dash in "-－―‐–ー─—−"),
    ],
)
def test_words_for_a_missing_value_become_its_state_never_zero(typed, state):
    read = parse_value(typed)
    assert read.state is state
    assert read.value is None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("随時", "随時"),
        (" 全地区実施 ", "全地区実施"),
        ("「512」", "512"),
        ("「中止」", "中止"),
        ("｢随時｣", "随時"),
        ("ｻﾛﾝ", "ｻﾛﾝ"),  # a text is kept as typed
        ("一部実施", "一部実施"),
    ],
)
def test_a_word_stays_the_text_it_is(typed, text):
    assert parse_value(typed) == Reading(State.TEXT, text=text)


@pytest.mark.parametrize(
    "typed",
    ["495見込み", "495（見込み）", "495見込", "495 (見込)", "495人見込み", "４９５［見込み］"],
)
def test_forecast(typed):
    assert parse_value(typed, unit="人") == Reading(State.VALUE, D(495), forecast=True)


@pytest.mark.parametrize("typed", ["30/100", "３０／１００", " 30 / 100 "])
def test_a_share_keeps_numerator_and_denominator(typed):
    assert parse_value(typed, unit="％", ratio=True) == Reading(State.VALUE, D(30), D(100))


@pytest.mark.parametrize(
    ("typed", "unit", "decimals", "ratio", "told"),
    [
        ("1,23", "", 0, False, "数として読めません"),
        ("1,2345", "", 0, False, "数として読めません"),
        ("1.2.3", "", 4, False, "数として読めません"),
        ("--3", "", 0, False, "数として読めません"),
        ("1 234", "", 0, False, "数として読めません"),
        ("職員5・地域4", "人", 0, False, "数として読めません"),
        ("29（4）", "人", 0, False, "数として読めません"),
        ("2023～27", "", 0, False, "数として読めません"),
        ("5千人", "人", 0, False, "数として読めません"),
        ("3万", "", 0, False, "数として読めません"),
        ("五百", "人", 0, False, "数として読めません"),
        ("②", "", 0, False, "数として読めません"),
        ("10²", "", 0, False, "数として読めません"),
        ("½", "", 1, False, "数として読めません"),
        ("٣", "", 0, False, "数として読めません"),
        ("1e3", "", 0, False, "数として読めません"),
        ("0x10", "", 0, False, "数として読めません"),
        ("1_000", "", 0, False, "数として読めません"),
        ("見込み", "", 0, False, "数として読めません"),
        ("30/100", "", 0, False, "数として読めません"),
        ("30/", "％", 0, True, "数として読めません"),
        ("30/x", "％", 0, True, "数として読めません"),
        ("1/2/3", "％", 0, True, "数として読めません"),
        ("30/0", "％", 0, True, "分母が0以下"),
        ("30/△5", "％", 0, True, "分母が0以下"),
        ("512回", "人", 0, False, "単位は「人」"),
        ("7,216千円", "円", 0, False, "単位は「円」"),
        ("7,216円", "千円", 0, False, "単位は「千円」"),
        ("60.0以上", "％", 1, False, "単位は「％」"),
        ("512むね", "", 0, False, "単位はありません"),
        ("12.5", "人", 0, False, "整数で入力"),
        ("12.55", "", 1, False, "小数第1位まで"),
        ("1234567890123456", "", 0, False, "桁が多すぎます"),
        ("あ" * 201, "", 0, False, "長すぎます"),
        ("\udcff" * 900, "", 0, False, "長すぎます"),
        ("随\x00時", "", 0, False, "使えない文字"),
        ("随\n時", "", 0, False, "使えない文字"),
        ("随\u2028時", "", 0, False, "使えない文字"),
        ("\ud800", "", 0, False, "使えない文字"),
    ],
)
def test_refusals_say_what_is_wrong(typed, unit, decimals, ratio, told):
    with pytest.raises(ValueProblem) as refusal:
        parse_value(typed, unit=unit, decimals=decimals, ratio=ratio)
    assert told in str(refusal.value)
    assert refusal.value.message.endswith("。")
    assert refusal.value.hint.endswith("。")
    assert harmless(str(refusal.value))


HARD = st.one_of(
    st.text(),
    st.text(
        alphabet="0123456789０１２,，.．、△▲−-－+/％%人か所千円見込み（）()「」 　\n随時中止②²½٣"
    ),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "So", "Nd", "No", "Lo"]), max_size=20),
)


@settings(max_examples=300)
@given(
    HARD, st.sampled_from(["", "人", "％", "か所", "千円", "㎡"]), st.integers(0, 4), st.booleans()
)
@example("\udcff" * 900, "", 0, False)
@example("🎌", "", 0, False)
def test_any_text_is_read_or_refused_in_a_printable_sentence(typed, unit, decimals, ratio):
    try:
        read = parse_value(typed, unit=unit, decimals=decimals, ratio=ratio)
    except ValueProblem as refusal:
        told = str(refusal)
    else:
        told = ""
        check(read, typed, decimals, ratio)
    assert harmless(told)


def check(read: Reading, typed: str, decimals: int, ratio: bool) -> None:
    assert (read.value is not None) is (read.state is State.VALUE)
    assert bool(read.text) is (read.state is State.TEXT)
    if read.value is not None:
        assert read.value == round(read.value, decimals)
        assert any(c.isdecimal() for c in unicodedata.normalize("NFKC", typed))
    if read.denominator is not None:
        assert ratio
        assert read.denominator > 0
    if read.text:
        assert read.text in typed
        assert len(read.text.splitlines()) == 1


NUMBERS = st.integers(0, 4).flatmap(
    lambda d: st.tuples(
        st.integers(-(10**MAX_DIGITS) + 1, 10**MAX_DIGITS - 1).map(lambda n: D(n).scaleb(-d)),
        st.just(d),
    )
)


@given(NUMBERS)
def test_a_formatted_number_reads_back_as_itself(number):
    value, decimals = number
    for text in (format_number(value, decimals), plain(value, decimals)):
        assert parse_value(text, decimals=decimals).value == value


@given(NUMBERS)
def test_full_width_is_read_like_half_width(number):
    value, decimals = number
    half = f"{value:,f}人"
    full = half.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)})
    assert parse_value(full, unit="人", decimals=decimals) == parse_value(
        half, unit="人", decimals=decimals
    )


@given(NUMBERS, st.integers(0, 3))
def test_more_decimals_than_the_indicator_has_are_refused_never_rounded(number, decimals):
    value, _ = number
    if value == round(value, decimals):
        assert parse_value(f"{value:f}", decimals=decimals).value == value
    else:
        with pytest.raises(ValueProblem, match="小数の桁が多すぎます"):
            parse_value(f"{value:f}", decimals=decimals)


@given(
    st.one_of(
        st.builds(
            Reading, st.just(State.VALUE), st.integers(-999, 9999999).map(D), forecast=st.booleans()
        ),
        st.builds(
            Reading, st.just(State.VALUE), st.integers(0, 999).map(D), st.integers(1, 999).map(D)
        ),
        st.builds(Reading, st.sampled_from(sorted(set(State) - {State.VALUE, State.TEXT}))),
        st.builds(
            Reading, st.just(State.TEXT), text=st.sampled_from(["随時", "一部実施", "全地区実施"])
        ),
    )
)
def test_what_a_cell_shows_can_be_typed_again(read):
    assert parse_value(format_reading(read), ratio=True) == read


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        ("28274", 0, "28,274"),
        ("-3", 0, "△3"),
        ("-0.04", 1, "0.0"),
        ("1234.5", 1, "1,234.5"),
        ("7", 2, "7.00"),
    ],
)
def test_numbers_for_people(number, decimals, text):
    assert format_number(D(number), decimals) == text


def test_no_number_is_a_dash_never_zero():
    assert format_number(None) == "－"
    assert format_percent(None) == "－"
    assert plain(None) is None
    assert format_percent(D("-20")) == "△20.0%"


def test_a_cell_shows_its_state_in_words():
    assert format_reading(Reading(State.CANCELLED)) == "中止"
    assert format_reading(Reading(State.NOT_ENTERED), blank="未入力") == "未入力"
    assert format_reading(Reading(State.NOT_ENTERED)) == ""
    assert format_reading(Reading(State.VALUE, D(495), forecast=True)) == "495（見込み）"


@pytest.mark.parametrize("typed", ["7,216千円", "7,216円"])
def test_money_is_not_taken_where_no_unit_tells_its_size(typed):
    with pytest.raises(ValueProblem, match="この指標に単位はありません"):
        parse_value(typed)


def test_a_share_is_shown_with_the_digits_it_was_given():
    assert format_reading(parse_value("30/100", ratio=True), 1) == "30/100"
    assert format_reading(parse_value("1.5/2", ratio=True, decimals=1), 1) == "1.5/2"
