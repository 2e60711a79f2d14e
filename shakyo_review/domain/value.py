"""The only parser and the only formatter of values.

What a person types (５１２, 1,234, 98.5％, △3, 512人, 中止) becomes a ``Reading``; what is
shown on screen, by a command or on paper is made by the functions at the end. Names and
sentences are never normalised, only the text of a value is.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from shakyo_review.errors import ValueProblem, quoted

MAX_DIGITS = 15
"""Digits of a value, decimals included: what an SQLite integer holds with room for sums."""
MAX_TEXT = 200
"""Characters of a text value."""


class State(StrEnum):
    """What a cell says; never a bare blank (scoring.md §2)."""

    VALUE = "value"
    NOT_ENTERED = "not_entered"
    NOT_DUE = "not_due"
    NOT_SURVEYED = "not_surveyed"
    NOT_PUBLISHED = "not_published"
    BEING_COUNTED = "being_counted"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    NOT_APPLICABLE = "not_applicable"
    TEXT = "text"


STATE_LABELS = {
    State.VALUE: "入力済み",
    State.NOT_ENTERED: "未入力",
    State.NOT_DUE: "調査年度外",
    State.NOT_SURVEYED: "調査未実施",
    State.NOT_PUBLISHED: "未公表",
    State.BEING_COUNTED: "集計中",
    State.UNKNOWN: "未把握",
    State.CANCELLED: "中止",
    State.NOT_APPLICABLE: "対象外",
    State.TEXT: "文字",
}
"""The word printed for each state (glossary of the field)."""

ANSWERED = frozenset(
    {
        State.VALUE,
        State.TEXT,
        State.CANCELLED,
        State.NOT_APPLICABLE,
        State.NOT_DUE,
        State.NOT_SURVEYED,
    }
)
"""States after which nobody has to be asked again this year."""

_STATE_WORDS = {
    **{
        label: state
        for state, label in STATE_LABELS.items()
        if state not in (State.VALUE, State.TEXT)
    },
    "未調査": State.NOT_SURVEYED,
    "未実施": State.CANCELLED,
    "実施せず": State.CANCELLED,
    "次回調査": State.NOT_DUE,
    "不明": State.UNKNOWN,
    "該当なし": State.NOT_APPLICABLE,
    "設定なし": State.NOT_APPLICABLE,
    "目標なし": State.NOT_APPLICABLE,
}
_DASHES = frozenset("-－―‐‑–—ー─−ｰ")
_MINUS = "△▲−－-‐‑–—―ー─"
_LEADING_NUMBER = re.compile(rf"[{re.escape(_MINUS)}+]?\s*[\d,、.]*\d")
_NUMBER = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?")
_FORECAST = re.compile(r"[(\[]?見込み?[)\]]?$")
_COUNTERS = frozenset(
    "人 名 回 件 世帯 団体 か所 校 枚 部 冊 台 日 時間 組 チーム グループ 地区 区 % ポイント 点".split()  # noqa: SIM905
)
"""What may be typed behind a number where the indicator has no unit. No money: 円 and 千円 differ in size."""
_MONEY = frozenset({"円", "千円", "百万円"})
_KANJI_DIGITS = frozenset("〇一二三四五六七八九十百千万億兆零壱弐参")
_UNUSABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of characters no cell holds: control, half a character, line ends."""
_KASHO = re.compile(r"[かカヵケヶ個箇]所")


@dataclass(frozen=True, slots=True)
class Reading:
    """A typed text, understood.

    ``value`` is set for ``State.VALUE`` only; ``denominator`` for a share typed as 30/100;
    ``text`` for ``State.TEXT``. ``forecast`` marks 見込み.
    """

    state: State
    value: Decimal | None = None
    denominator: Decimal | None = None
    text: str = ""
    forecast: bool = False


def fold_unit(unit: str) -> str:
    """Return a unit in the form in which two spellings of it compare equal."""
    return _KASHO.sub("か所", unicodedata.normalize("NFKC", unit)).strip().lower()


def read_number(text: str) -> Decimal:
    """Read a number without unit: sign (also △ ▲), thousands commas, decimals, full width.

    Raises ``ValueProblem`` when the text is no such number.
    """
    folded = unicodedata.normalize("NFKC", text).strip().replace("、", ",")
    sign = ""
    if folded and folded[0] in _MINUS:
        sign, folded = "-", folded[1:].lstrip()
    elif folded.startswith("+"):
        folded = folded[1:]
    if not _NUMBER.fullmatch(folded) or not folded.isascii():
        raise _no_number(text, "512、1,234、12.5、△3 のように入力してください。")
    number = Decimal(sign + folded.replace(",", ""))
    if len(number.as_tuple().digits) > MAX_DIGITS:
        raise ValueProblem(
            f"{quoted(text)}は桁が多すぎます。", f"{MAX_DIGITS}桁までで入力してください。"
        )
    return number or Decimal(0)  # also for △0


def _no_number(typed: str, hint: str) -> ValueProblem:
    return ValueProblem(f"{quoted(typed)}は数として読めません。", hint)


def _too_long(typed: str) -> ValueProblem:
    return ValueProblem(
        f"{quoted(typed, 20)}は長すぎます。", f"{MAX_TEXT}文字までで入力してください。"
    )


def _check_unit(suffix: str, unit: str, typed: str) -> None:
    """Accept the indicator's own unit, or a usual counter where it has none."""
    suffix = fold_unit(suffix)
    if not suffix or suffix == fold_unit(unit) or (not unit and suffix in _COUNTERS):
        return
    if any(c.isdigit() or c in _KANJI_DIGITS for c in suffix) and suffix not in _MONEY:
        raise _no_number(typed, "数字だけを入力してください。")
    told = f"単位は「{unit}」です。" if unit else "この指標に単位はありません。"
    raise ValueProblem(
        f"{quoted(typed)}の{quoted(suffix)}は、この指標の単位と違います。",
        f"{told}数字だけを入力してください。",
    )


def _check_decimals(number: Decimal, decimals: int, typed: str) -> Decimal:
    if number != number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP):
        told = f"小数第{decimals}位まで" if decimals else "整数"
        raise ValueProblem(
            f"{quoted(typed)}は小数の桁が多すぎます。", f"この指標は{told}で入力します。"
        )
    return number


def _split_suffix(folded: str) -> tuple[str, str]:
    """Split 28,274人 into number and what follows it."""
    match = _LEADING_NUMBER.match(folded)
    end = match.end() if match else 0
    return folded[:end], folded[end:].strip()


def parse_value(typed: str, *, unit: str = "", decimals: int = 0, ratio: bool = False) -> Reading:
    """Read what a person typed into a cell.

    ``unit`` and ``decimals`` are those of the indicator; a value with another unit or with
    more decimals is refused, never converted or rounded. ``ratio`` admits 30/100, kept as
    numerator and denominator. A word without digits stays text (随時); 「…」 keeps any text.
    A lone dash is "no value, reason not told" and is kept as 未把握.

    Raises ``ValueProblem`` with a Japanese sentence.
    """
    if len(typed) > 4 * MAX_TEXT:
        raise _too_long(typed)
    shown = typed.strip()
    folded = unicodedata.normalize("NFKC", typed).strip()
    if not folded:
        return Reading(State.NOT_ENTERED)
    if any(unicodedata.category(c) in _UNUSABLE for c in folded):
        raise ValueProblem(
            f"{quoted(shown)}に使えない文字があります。", "1行の文字で入力してください。"
        )
    if len(folded) == 1 and folded in _DASHES:
        return Reading(State.UNKNOWN)
    word = folded.strip("()[]")
    if word in _STATE_WORDS:
        return Reading(_STATE_WORDS[word])
    if len(folded) > 2 and folded[0] == "「" and folded[-1] == "」":
        return _text(typed.strip()[1:-1])
    forecast = bool(_FORECAST.search(folded))
    body = _FORECAST.sub("", folded).strip() if forecast else folded
    if ratio and "/" in body:
        upper, lower = (part.strip() for part in body.split("/", 1))
        value = _check_decimals(read_number(upper), decimals, shown)
        denominator = _check_decimals(read_number(lower), decimals, shown)
        if denominator <= 0:
            raise ValueProblem(
                f"{quoted(shown)}の分母が0以下です。", "分子/分母（例 30/100）で入力してください。"
            )
        return Reading(State.VALUE, value, denominator, forecast=forecast)
    number, suffix = _split_suffix(body)
    if any(c.isdigit() and not c.isdecimal() for c in typed):  # ① and ² are no digits of a value
        number, suffix = "", body
    if not number:
        if all(c in _KANJI_DIGITS for c in body) or any(c.isdigit() for c in body):
            raise _no_number(
                shown,
                "512、1,234、12.5、△3 のように入力してください。文字のまま残すときは「」で囲みます。",
            )
        return _text(typed.strip())
    value = read_number(number)
    if suffix.startswith("/"):
        raise _no_number(shown, "この指標は1つの数で入力します。")
    _check_unit(suffix, unit, shown)
    return Reading(State.VALUE, _check_decimals(value, decimals, shown), forecast=forecast)


def _text(text: str) -> Reading:
    if len(text) > MAX_TEXT:
        raise _too_long(text)
    return Reading(State.TEXT, text=text)


# --- rounding and formatting -------------------------------------------------------------


def half_up(number: Decimal | Fraction, decimals: int) -> Decimal:
    """Round half up, away from zero: 66.65 -> 66.7, 0.5 -> 1, -0.5 -> -1 (scoring.md §9, 18)."""
    exact = Fraction(number)
    scaled = abs(exact) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    # Written, not calculated: arithmetic would cut to the 28 digits of the context.
    return Decimal(f"{'-' if exact < 0 and whole else ''}{whole}E-{decimals}")


def plain(number: Decimal | None, decimals: int = 0) -> str | None:
    """Return a number for JSON and CSV: "28274", "99.0", "-3"; None stays None."""
    return None if number is None else f"{half_up(number, decimals):f}"


def format_number(number: Decimal | None, decimals: int = 0, *, none: str = "－") -> str:
    """Return a number for people: 28,274 and △3; ``none`` where there is none."""
    if number is None:
        return none
    rounded = half_up(number, decimals)
    return f"△{rounded.copy_abs():,f}" if rounded < 0 else f"{rounded:,f}"


def format_percent(number: Decimal | None, decimals: int = 1) -> str:
    """Return a rate for people: 99.0%, △20.0%, － when there is none."""
    return "－" if number is None else f"{format_number(number, decimals)}%"


def _as_given(number: Decimal | None) -> str:
    """Return a number with the decimals it needs."""
    if number is None:
        return "－"
    return format_number(number, max(0, -int(number.normalize().as_tuple().exponent)))


def format_reading(reading: Reading, decimals: int = 0, *, blank: str = "") -> str:
    """Return the text of a cell: the number, its state's word, or ``blank`` where nothing was entered."""
    if reading.state is State.VALUE:
        if reading.denominator is None:
            text = format_number(reading.value, decimals)
        else:  # the two counts of a share, with the digits they have
            text = "/".join(_as_given(part) for part in (reading.value, reading.denominator))
        return f"{text}（見込み）" if reading.forecast else text
    if reading.state is State.TEXT:
        return reading.text
    return blank if reading.state is State.NOT_ENTERED else STATE_LABELS[reading.state]
