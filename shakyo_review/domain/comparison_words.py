"""What changed between the last two years compared, in sentences: for screen, command and report.

Numbers are those of ``Change``, written by the one formatter; the direction is said in words, so
that no sign has to be understood.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from shakyo_review.domain.alignment import NOT_IN_PLAN
from shakyo_review.domain.comparison import BADGE_LABELS, Badge, GoalRow, IndicatorRow, redefined
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import NodeScore
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rules import GoalRule
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import State, fold_unit, format_number, format_reading

POINT = "ポイント"


def point_word(plan: Plan) -> str:
    """Return what the score of an item is counted in: 点 where the plan averages points."""
    return "点" if plan.rule_set.goal is GoalRule.MEAN_OF_POINTS else POINT


def difference_words(
    row: IndicatorRow | GoalRow, years: Sequence[int], *, point: str = POINT
) -> str:
    """Return how the last year differs from the one before it, in sentences.

    ``years`` are the years compared, oldest first; ``point`` is what a goal's number is counted in
    (点 where the plan averages points).
    """
    if len(years) < 2:
        return "くらべる年度がありません。"
    if isinstance(row, IndicatorRow):
        return "".join(_of_indicator(row, years))
    return "".join(_of_goal(row, years, point))


def badge_words(row: IndicatorRow | GoalRow, years: Sequence[int]) -> list[str]:
    """Return a sentence for every badge of a row: what has to be known before its years are compared."""
    return [f"{BADGE_LABELS[badge]}: {_badge(badge, row, years)}" for badge in row.badges]


def _badge(badge: Badge, row: IndicatorRow | GoalRow, years: Sequence[int]) -> str:
    if isinstance(row, IndicatorRow):
        return _badges_of_indicator(badge, row, years)
    return _badges_of_goal(badge, row, years)


def amount_text(score: IndicatorScore, value: Decimal | Fraction | None) -> str:
    """Return a figure with its unit: 2,305人; － where there is none."""
    if value is None:
        return "－"
    number = value if isinstance(value, Decimal) else Decimal(value.numerator) / value.denominator
    unit = score.indicator.unit
    return f"{format_number(number, score.indicator.figure_decimals)}{unit}"


def target_text(score: IndicatorScore) -> str:
    """Return the target of a year with its unit; － where there is none."""
    if score.target.value is not None:
        return (
            f"{format_number(score.target.value, score.indicator.decimals)}{score.indicator.unit}"
        )
    return format_reading(score.target.whole.reading, score.indicator.decimals, blank="－")


def actual_text(score: IndicatorScore) -> str:
    """Return the actual of a year with its unit, or the word of its state."""
    reading = score.actual.reading
    if reading.state is State.NOT_ENTERED:
        return "未入力" if score.actual.interim is None else "途中（一部が未入力）"
    text = format_reading(reading, score.indicator.figure_decimals)
    return f"{text}{score.indicator.unit}" if _plain(score) else text


def _plain(score: IndicatorScore) -> bool:
    reading = score.actual.reading
    counted = reading.state is State.VALUE and reading.denominator is None
    return counted and not reading.forecast


# --- one row -----------------------------------------------------------------------------------


def _before(years: Sequence[int]) -> str:
    return "前の年度" if years[-1] - years[-2] == 1 else year_label(years[-2])


def _letter(label: str | None) -> str:
    return label if label and len(label) == 1 else f"「{label}」"


def _moved(amount: Decimal, decimals: int, what: str, up: str, down: str) -> str:
    """Return 4.0ポイント下がり: the size of a change and its direction."""
    return f"{format_number(abs(amount), decimals)}{what}{up if amount > 0 else down}"


def _number_and_letter(
    what: str,
    since: str,
    number: str,
    rank: int | None,
    letters: tuple[str | None, str | None],
) -> list[str]:
    """Join what became of number and letter; ``number`` is 4.0ポイント下がり, 同じ for none, '' for unknown."""
    old, new = letters
    turn = ""
    if rank == 0:
        turn = f"判定は{_letter(new)}のままです。" if old == new else "判定の段は同じです。"
    elif rank is not None:
        turn = (
            f"判定は{_letter(old)}から{_letter(new)}に{'上がり' if rank > 0 else '下がり'}ました。"
        )
    if not number:
        return [turn]
    if number == "同じ":
        return [f"{what}は{since}と同じで、{turn}" if turn else f"{what}は{since}と同じです。"]
    return [f"{what}は{since}より{number}{'、' + turn if turn else 'ました。'}"]


def _of_indicator(row: IndicatorRow, years: Sequence[int]) -> list[str]:
    before, last = row.years[-2], row.years[-1]
    absent = [year for year, own in zip(years[-2:], row.own[-2:], strict=True) if own is None]
    if absent:
        return [f"{year_label(year)}の計画にはありません。" for year in absent]
    if redefined(before, last):
        return [f"定義が変わったため、{year_label(before.year)}とはくらべません。"]
    told = [
        f"{year_label(score.year)}の実績は{actual_text(score)}です。"
        for score in (before, last)
        if score.actual.amount is None
    ]
    change, since = row.change, _before(years)
    number = ""
    if change.rate is not None:
        number = "同じ"
        if change.rate:
            number = _moved(change.rate, last.rules.decimals, POINT, "上がり", "下がり")
    told += _number_and_letter("率", since, number, change.rating, (before.rating, last.rating))
    if before.rated and last.rated and change.rating is None:
        told.append("評価基準が変わったため、判定はくらべません。")
    return [*told, *_actual(row, since, said=bool(number)), *_target(before, last)]


def _actual(row: IndicatorRow, since: str, *, said: bool) -> list[str]:
    before, last = row.years[-2:]
    change = row.change.actual
    if change is None:
        return []
    if not change:
        return [f"実績は{amount_text(last, last.actual.amount)}のままです。"]
    percent = fold_unit(last.indicator.unit) in ("%", "パーセント")
    what = POINT if percent else last.indicator.unit
    words = ("上がり", "下がり") if percent else ("増え", "減り")
    size = _moved(change, last.indicator.figure_decimals, what, *words)
    old, new = (amount_text(one, one.actual.amount) for one in (before, last))
    return [f"実績は{'' if said else since + 'の'}{old}から{new}に、{size}ました。"]


def _target(before: IndicatorScore, last: IndicatorScore) -> list[str]:
    old, new = target_text(before), target_text(last)
    if old == new:
        return []
    if new == "－":
        return [f"{year_label(last.year)}の目標はありません（{year_label(before.year)}は{old}）。"]
    if old == "－":
        return [f"{year_label(before.year)}には目標がなく、{year_label(last.year)}は{new}です。"]
    return [f"目標は{old}から{new}に変わりました。"]


def _of_goal(row: GoalRow, years: Sequence[int], point: str) -> list[str]:
    before, last = row.years[-2:]
    absent = [
        year
        for year, node in zip(years[-2:], (before, last), strict=True)
        if node.problem == NOT_IN_PLAN
    ]
    if absent:
        return [f"{year_label(year)}の計画にはありません。" for year in absent]
    told = [
        f"{year_label(year)}は評価がありません（{node.problem or '評価済みがない'}）。"
        for year, node in zip(years[-2:], (before, last), strict=True)
        if node.score is None and node.rating is None
    ]
    change, number = row.change, ""
    if change.rate is not None:
        decimals = max(0, -int(change.rate.as_tuple().exponent))
        number = _moved(change.rate, decimals, point, "上がり", "下がり") if change.rate else "同じ"
    letters = (before.rating, last.rating)
    told += _number_and_letter("点数", _before(years), number, change.rating, letters)
    if before.level and last.level and change.rating is None:
        told.append("評価基準が変わったため、判定はくらべません。")
    if before.score is not None and last.score is not None and change.rate is None:
        told.append("計算の規則が変わったため、点数はくらべません。")
    if (before.coverage.rated, before.coverage.ratable) != (
        last.coverage.rated,
        last.coverage.ratable,
    ):
        told.append(
            f"評価済みの数が違います（{short_year(years[-2])} {before.coverage.text}・"
            f"{short_year(years[-1])} {last.coverage.text}）。"
        )
    return told


# --- badges ------------------------------------------------------------------------------------


def _first(
    row: IndicatorRow, there: Sequence[IndicatorScore]
) -> tuple[IndicatorScore, IndicatorScore]:
    return there[0], row.years[-1] if row.own[-1] is not None else there[-1]


def _years(years: Sequence[int]) -> str:
    return "・".join(year_label(year) for year in years)


def _from_to(old: str, new: str) -> str:
    return f"「{old}」から「{new}」に変わりました。"


def _badges_of_indicator(badge: Badge, row: IndicatorRow, years: Sequence[int]) -> str:
    there = [score for score, own in zip(row.years, row.own, strict=True) if own is not None]
    first, last = _first(row, there)
    states = {score.year: score.actual.reading.state for score in row.years}
    since = f"{year_label(years[0])}より後に"
    match badge:
        case Badge.NEW:
            return f"{year_label(years[-1])}から値があります。"
        case Badge.STOPPED:
            return f"{year_label(years[-1])}は対象外です。"
        case Badge.TARGET_CHANGED:
            return _target_changed(row, first, last)
        case Badge.DEFINITION_CHANGED:
            return "定義（単位・数え方）が変わったため、変わる前の年度とはくらべません。"
        case Badge.RENAMED:
            return f"名前が{_from_to(first.indicator.name, last.indicator.name)}"
        case Badge.RENUMBERED:
            return f"番号が{_from_to(first.indicator.code, last.indicator.code)}"
        case Badge.CANCELLED:
            return f"{_years([y for y, state in states.items() if state is State.CANCELLED])}は中止です。"
        case Badge.EXAMPLE:
            told = [score.year for score in row.years if score.example]
            where = _years(told) if len(told) < len(years) else "並べたすべての年度"
            return f"{where}に、資料にない見本の値があります。"
        case _:
            return f"{since}{BADGE_LABELS[badge]}がありました。"


def _target_changed(row: IndicatorRow, first: IndicatorScore, last: IndicatorScore) -> str:
    told = (
        [f"{_years(row.retargeted)}の目標を、理由を付けて変えています。"] if row.retargeted else []
    )
    old, new = (
        f"{format_number(one.indicator.final_target.value, one.indicator.decimals)}{one.indicator.unit}"
        for one in (first, last)
    )
    if first.indicator.final_target.value != last.indicator.final_target.value:
        told.append(f"最終目標が{_from_to(old, new)}")
    return "".join(told) or "目標の決め方（最終目標・道筋・範囲）が変わりました。"


def _badges_of_goal(badge: Badge, row: GoalRow, years: Sequence[int]) -> str:
    there = [node for node in row.years if node.problem != NOT_IN_PLAN]
    first, last = there[0], there[-1]
    year = next(
        (y for y, node in zip(years, row.years, strict=True) if node.problem != NOT_IN_PLAN),
        years[-1],
    )
    node = last.item.node
    match badge:
        case Badge.NEW:
            return f"{year_label(year)}の計画から加わりました。"
        case Badge.STOPPED:
            return f"{year_label(years[-1])}の計画にはありません。"
        case Badge.MERGED if node.merged_from:
            return f"{'・'.join(node.merged_from)} を統合しました。"
        case Badge.MERGED:
            return "ほかの項目に統合されました。"
        case Badge.SPLIT if node.split_from is not None:
            return f"{node.split_from} を分割しました。"
        case Badge.SPLIT:
            return "ほかの項目に分割されました。"
        case Badge.MOVED:
            return f"置き場所が {_place(first)} から {_place(last)} に変わりました。"
        case Badge.RENAMED:
            return f"名前が{_from_to(first.item.name, last.item.name)}"
        case Badge.RENUMBERED:
            return f"番号が{_from_to(first.item.code, last.item.code)}"
        case _:
            return "年度の間に変わりました。"


def _place(node: NodeScore) -> str:
    return node.item.parent or "先頭の段"
