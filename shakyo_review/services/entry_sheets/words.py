"""The words of a 記入シート: a cell as 実績, 状態 and 実施内容, and what was written there as a reading."""

from dataclasses import replace

from shakyo_review.domain.cell import BLANK, Cell
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.value import STATE_LABELS, Reading, State, format_reading
from shakyo_review.errors import ReviewError, ValueProblem, quoted
from shakyo_review.exchange.entry_sheet import FORECAST, STATE_WORDS
from shakyo_review.exchange.workbook import check_said
from shakyo_review.services.entry import typed_again, understand


def words_of(indicator: Indicator, cell: Cell) -> tuple[str, str]:
    """Return what stands in 実績 and 状態 for a cell; an example figure is nobody's answer and stays blank."""
    reading = BLANK if cell.example else cell.reading
    if reading.state is State.VALUE:
        plain = Reading(State.VALUE, reading.value, reading.denominator)
        text = format_reading(plain, indicator.figure_decimals)
        return text, FORECAST if reading.forecast else ""
    if reading.state is State.TEXT:
        return typed_again(indicator, reading.text, reading), ""
    return "", "" if reading.state is State.NOT_ENTERED else STATE_LABELS[reading.state]


def note_of(cell: Cell) -> str:
    """Return what stands in 実施内容 for a cell."""
    return "" if cell.example else cell.note.strip()


def plain_word(state: str) -> str:
    """Return what stands in 状態 without the blanks in it."""
    return "".join(state.split())


def read_actual(indicator: Indicator, text: str) -> Reading:
    """Return what stands in 実績 as a reading; ``ValueProblem`` where it is none."""
    if text.startswith(("=", "＝")):
        raise ValueProblem(
            f"計算式{quoted(text)}が文字のまま入っています。", "計算した数を書いてください。"
        )
    check_said(text)
    return understand(indicator, text)


def read_state(indicator: Indicator, word: str) -> Reading:
    """Return the state a word of the column 状態 means; 見込み is told by a reading without a number."""
    if word == FORECAST:
        return Reading(State.VALUE, forecast=True)
    try:
        reading = understand(indicator, word)
    except ReviewError:
        reading = Reading(State.TEXT, text=word)
    if reading.state in (State.VALUE, State.TEXT):
        raise ValueProblem(
            f"状態{quoted(word)}は使えません。", f"使える状態: {'、'.join(STATE_WORDS)}。"
        )
    return reading


def agreed(value: Reading, state: Reading, word: str) -> Reading:
    """Return what a figure and a state come to together; ``ValueProblem`` where they contradict."""
    if state.forecast:
        if value.state is not State.VALUE:
            raise ValueProblem(
                "状態が「見込み」なのに、実績に数がありません。", "見込みの数を書いてください。"
            )
        return replace(value, forecast=True)
    if value in (BLANK, state):
        return state
    raise ValueProblem(
        f"実績と状態（{quoted(word)}）の両方が入っています。",
        "数が出ているなら状態を空に、出ていないなら実績を空にしてください。",
    )
