"""What the cells of the sheet show, in the words and figures people know."""

from dataclasses import dataclass

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.scoring import IndicatorScore, TargetSource
from shakyo_review.domain.value import STATE_LABELS, Reading, State, format_number, format_reading
from shakyo_review.ui.marks import letter
from shakyo_review.ui.sheet import Row, Sheet

BLANK = "____"
"""What an empty cell shows, so that a person sees where to type."""
EXAMPLE = "*"
"""The mark behind a figure that is an example (例示)."""
PARTLY = "途中"
"""Stands before the sum of those parts that are in, while others are missing."""
ODD = "?"
"""The mark behind an actual that looks wrong and that nobody has confirmed."""
NOTED = "文"
"""The mark before an actual beside which a sentence stands (実施内容)."""
_SHORT = {State.NOT_SURVEYED: "未調査", State.NOT_DUE: "年度外"}
"""Shorter words for last year's column in a narrow terminal."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a cell of the grid shows; ``aside`` is put in brackets behind it where there is room."""

    text: str
    style: str = ""
    example: bool = False
    aside: str = ""
    noted: bool = False
    odd: bool = False


def words(sheet: Sheet, row: Row, above: Row | None, wide: bool) -> dict[str, Word]:
    """Return what the cells of a row show; ``above`` tells whether the action has to be named again."""
    if row.part:
        return _part_words(sheet, row)
    indicator, score = sheet.indicator(row), sheet.scored(row)
    earlier = sheet.before.indicators[row.indicator]
    action = sheet.action(row)
    fresh = above is None or sheet.plan.action_of[above.indicator] != action.code
    sign = "" if not sheet.folds(row.indicator) else "－" if row.indicator in sheet.opened else "＋"
    return {
        "code": Word(row.indicator),
        "action": Word(action.name if fresh else "〃" if wide else ""),
        "name": Word(f"{sign}{indicator.name}", aside=action.name if fresh and not wide else ""),
        "unit": Word(indicator.unit),
        "baseline": _baseline(indicator),
        "before": Word(
            _before(earlier.actual.reading, indicator.figure_decimals, wide),
            example=earlier.actual.example,
        ),
        "target": _target(sheet, score),
        "actual": _actual(sheet, score),
        "rate": Word(score.display, example=score.example and score.rate is not None),
        "rating": Word(f" {letter(score.rating)}", "bold" if score.rating else ""),
        "state": Word(state_word(score)),
    }


def _baseline(indicator: Indicator) -> Word:
    value = indicator.baseline.value
    return Word(
        format_number(value, indicator.figure_decimals),
        example=indicator.example and value is not None,
    )


def _target(sheet: Sheet, score: IndicatorScore) -> Word:
    target, decimals = score.target, score.indicator.figure_decimals
    if target.source is TargetSource.PATH:
        return Word(format_number(target.value, decimals), "dim", score.indicator.example)
    if target.source is TargetSource.NONE:
        return Word(BLANK if sheet.wants(Row(score.indicator.code), Kind.TARGET) else "－", "dim")
    return Word(format_reading(target.whole.reading, decimals), example=target.whole.example)


def _actual(sheet: Sheet, score: IndicatorScore) -> Word:
    actual, decimals = score.actual, score.indicator.figure_decimals
    noted = bool(sheet.note(Row(score.indicator.code)))
    if actual.reading.state is State.NOT_ENTERED:
        return Word(BLANK, noted=noted)
    partly = actual.reading.state is State.BEING_COUNTED and actual.interim is not None
    told = f"{PARTLY} {format_number(actual.interim, decimals)}" if partly else ""
    return Word(
        told or format_reading(actual.reading, decimals),
        "bold",
        actual.example,
        noted=noted,
        odd=sheet.odd(score.indicator.code),
    )


def _part_words(sheet: Sheet, row: Row) -> dict[str, Word]:
    indicator = sheet.indicator(row)
    decimals = indicator.figure_decimals
    target, actual = sheet.cell(row, Kind.TARGET), sheet.cell(row, Kind.ACTUAL)
    earlier = sheet.cell_before(row)
    entered = actual.reading.state is not State.NOT_ENTERED
    return {
        "code": Word(""),
        "action": Word(""),
        "name": Word(f"{'　' if row.branch and row.period else ''}・{sheet.part_name(row)}"),
        "unit": Word(indicator.unit),
        "baseline": Word(""),
        "before": Word(
            format_reading(earlier.reading, decimals, blank="－"), example=earlier.example
        ),
        "target": Word(format_reading(target.reading, decimals, blank="－"), "dim", target.example),
        "actual": Word(
            format_reading(actual.reading, decimals, blank=BLANK),
            "bold" if entered else "",
            actual.example,
            noted=bool(actual.note),
        ),
        "rate": Word(""),
        "rating": Word(""),
        "state": Word("" if not entered else STATE_LABELS[actual.reading.state]),
    }


def _before(reading: Reading, decimals: int, wide: bool) -> str:
    short = None if wide else _SHORT.get(reading.state)
    return short or format_reading(reading, decimals, blank="－")


def state_word(score: IndicatorScore) -> str:
    """Return how an actual stands, in one word."""
    actual = score.actual
    if actual.example:
        return "例示"
    if actual.missing:
        return "内訳に空欄"
    if actual.reading.forecast:
        return "見込み"
    if actual.measured_year is not None and actual.measured_year != score.year:
        return f"{short_year(actual.measured_year)}の値"
    return STATE_LABELS[actual.reading.state]
