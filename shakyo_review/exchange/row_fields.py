"""The single fields of a row: read alone, or refused with a sentence (``ReviewError``)."""

import re
import unicodedata

from shakyo_review.domain.cell import KIND_LABELS, Kind, check_period
from shakyo_review.domain.fiscal_year import parse_year, year_label
from shakyo_review.domain.indicator import Indicator, Parts
from shakyo_review.domain.value import STATE_LABELS, Reading, State, parse_value
from shakyo_review.errors import ValueProblem, WrongUsage
from shakyo_review.exchange.rows import MONEY, MONEY_UNIT, LongRow
from shakyo_review.exchange.sentences import shown

WHOLE_PLAN = (*MONEY, Kind.BASELINE, Kind.FINAL_TARGET)
"""Kinds of which there is one figure for the whole plan and year: no branch, no period."""

_KINDS = {
    **{kind.value: kind for kind in Kind},
    **{word: kind for kind, word in KIND_LABELS.items()},
}
_STATES = {
    **{state.value: state for state in State},
    **{word: state for state, word in STATE_LABELS.items()},
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def read_kind(row: LongRow) -> Kind:
    """Return what a row holds, from the English word or the Japanese one."""
    kind = _KINDS.get(unicodedata.normalize("NFKC", row.kind).strip().lower())
    if kind is None:
        words = "・".join(f"{kind.value}（{label}）" for kind, label in KIND_LABELS.items())
        raise WrongUsage(
            f"「{shown(row.kind)}」は読めません。", f"{words} のどれかを書いてください。"
        )
    return kind


def read_state(row: LongRow) -> State | None:
    """Return the state written, from the English code or the Japanese word; None where none is."""
    written = unicodedata.normalize("NFKC", row.state).strip()
    if not written:
        return None
    state = _STATES.get(written.lower())
    if state is None:
        words = "・".join(f"{state.value}（{label}）" for state, label in STATE_LABELS.items())
        raise WrongUsage(
            f"「{shown(row.state)}」は読めません。", f"空か、{words} のどれかを書いてください。"
        )
    return state


def read_period(row: LongRow, kind: Kind | None) -> str:
    """Return the period code, '' for the whole year."""
    if row.period.strip() and kind is not None and kind in WHOLE_PLAN:
        raise WrongUsage(f"{KIND_LABELS[kind]}には期間を書けません。", "空にしてください。")
    return check_period(row.period)


def read_measured(row: LongRow, year: int | None) -> int | None:
    """Return the fiscal year of measurement, which cannot be later than the row's ``year``."""
    if not row.measured_year.strip():
        return None
    measured = parse_year(row.measured_year)
    if year is not None and measured > year:
        raise WrongUsage(
            f"{year_label(measured)}は、この行の{year_label(year)}より後です。",
            "測った年度を確かめてください。",
        )
    return measured


def check_note(row: LongRow) -> None:
    """Refuse a note that no screen can show; line ends and tabs are fine."""
    if _CONTROL.search(row.note):
        raise WrongUsage("使えない文字（制御文字）があります。", "消してください。")


def read_reading(row: LongRow, indicator: Indicator | None) -> Reading:
    """Return what value and state say together (``indicator`` None: an amount in 千円)."""
    state = _STATES.get(unicodedata.normalize("NFKC", row.state).strip().lower())
    if state is State.TEXT:
        if not row.value.strip():
            raise ValueProblem("state が text ですが空です。", "文字を書いてください。")
        reading = parse_value(f"「{row.value}」")
    elif not row.value.strip() and state not in (None, State.VALUE):
        return Reading(state)
    else:
        reading = _value(row.value, indicator)
    if indicator is None and reading.state is State.TEXT:
        raise ValueProblem(
            f"「{shown(row.value)}」は金額として読めません。", "千円単位の整数を書いてください。"
        )
    return reading


def _value(written: str, indicator: Indicator | None) -> Reading:
    if indicator is None:
        return parse_value(written, unit=MONEY_UNIT)
    return parse_value(
        written,
        unit=indicator.unit,
        decimals=indicator.decimals,
        ratio=indicator.parts is Parts.RATIO,
    )


def check_agreement(row: LongRow, state: State, reading: Reading) -> None:
    """Refuse a state that its value contradicts."""
    if reading.state is state:
        return
    told = f"「{shown(row.state.strip())}」（{STATE_LABELS[state]}）"
    if not row.value.strip():
        raise ValueProblem(f"{told}ですが value が空です。", "値を書くか、state を直してください。")
    raise ValueProblem(
        f"{told}ですが value に「{shown(row.value)}」があります。", "どちらかを消してください。"
    )
