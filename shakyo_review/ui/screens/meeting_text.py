"""What stands on a page of the meeting: the large figures, and what has been said so far."""

from rich.text import Text

from shakyo_review.domain.agenda import AgendaItem
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import NodeScore, YearScore
from shakyo_review.domain.improvement import RESULT_LABELS
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import format_number, format_reading
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.reviewing import promises_asked
from shakyo_review.ui.goal_tree import computed_label, score_text
from shakyo_review.ui.marks import fit, letter
from shakyo_review.ui.screens.scores_text import what_is_said
from shakyo_review.ui.widgets.prose import Para

Figures = list[tuple[str, str]]


def indicators_of(score: YearScore, code: str) -> list[IndicatorScore]:
    """Return the indicators of an item, or the one indicator a code is of."""
    if code in score.indicators:
        return [score.indicators[code]]
    item = score.plan.items[code]
    return [score.indicators[indicator.code] for indicator in item.node.indicators]


def figures_of(score: YearScore, one: AgendaItem) -> Figures:
    """Return what is drawn large: target and actual where there is one indicator, rate and letters."""
    own = indicators_of(score, one.code)
    figures: Figures = []
    if len(own) == 1:
        unit = f"（{own[0].indicator.unit}）" if own[0].indicator.unit else ""
        figures += [(f"目標{unit}", target_text(own[0])), (f"実績{unit}", actual_text(own[0]))]
    if one.code in score.indicators:
        figures.append(("率", own[0].display))
    else:
        figures.append(("率", score_text(score.plan, score.nodes[one.code])))
    figures = [*figures[:-1], _without_unit(*figures[-1])]
    figures.append(("計算の判定", one.seen.computed or "－"))
    if one.seen.official is not None:
        figures.append((one.seen.official.stage.name, one.seen.official_label or "－"))
    return [(fit(caption), value) for caption, value in figures]


def _without_unit(caption: str, shown: str) -> tuple[str, str]:
    """Put ％ and 点 behind the caption: there is no large form of them."""
    for unit in ("%", "点"):
        if shown.endswith(unit):
            return f"{caption}（{'％' if unit == '%' else unit}）", shown.removesuffix(unit)
    return caption, shown


def target_text(score: IndicatorScore) -> str:
    """Return the target of the year without its unit."""
    if score.target.value is not None:
        return format_number(score.target.value, score.indicator.decimals)
    return format_reading(score.target.whole.reading, score.indicator.decimals, blank="－")


def actual_text(score: IndicatorScore) -> str:
    """Return the actual of the year without its unit."""
    return format_reading(score.actual.reading, score.indicator.figure_decimals, blank="未入力")


def page(
    book: ReviewBook, score: YearScore, last: YearScore | None, one: AgendaItem
) -> list[Para | Text]:
    """Return what stands below the figures, what opens the discussion first."""
    own = indicators_of(score, one.code)
    lines: list[Para | Text] = [Para(p.text, head="話し合うこと") for p in one.points]
    if len(own) > 1:
        lines += [Para(_indicator_text(s), head="指標") for s in own]
    if last is not None and (text := _last_year(score, last, one.code)):
        lines.append(Para(text, head="前の年度"))
    named = len(own) > 1
    lines += [
        Para(f"{s.indicator.name}: {s.actual.note}" if named else s.actual.note, head="行ったこと")
        for s in own
        if s.actual.note
    ]
    lines += _promised(book, score.year, one.code)
    lines += what_is_said(book, score.year, one.seen)
    return lines


def _indicator_text(score: IndicatorScore) -> str:
    unit = score.indicator.unit
    return (
        f"{score.indicator.name}　目標 {target_text(score)}{unit}　実績 {actual_text(score)}{unit}　"
        f"率 {score.display}　判定 {letter(score.rating)}"
    )


def _last_year(score: YearScore, last: YearScore, code: str) -> str:
    """Return last year's figures; '' where it had none."""
    year = short_year(last.year)
    if code in last.indicators:
        s = last.indicators[code]
        return f"{year}　実績 {actual_text(s)}　率 {s.display}　判定 {letter(s.rating)}"
    node: NodeScore | None = last.nodes.get(code)
    if node is None or node.score is None:
        return ""
    told = f"{year}　率 {score_text(last.plan, node)}　判定 {letter(computed_label(node))}"
    own = [s for s in indicators_of(score, code) if s.indicator.code in last.indicators]
    if len(own) == 1:
        before = last.indicators[own[0].indicator.code]
        told = f"{year}　目標 {target_text(before)}　実績 {actual_text(before)}{told.removeprefix(year)}"
    return told


def _promised(book: ReviewBook, year: int, code: str) -> list[Para | Text]:
    lines: list[Para | Text] = []
    for promise in promises_asked(book, year):
        if promise.code != code:
            continue
        answer = promise.answer_in(year)
        came = "まだ答えていません"
        if answer is not None:
            came = f"{RESULT_LABELS[answer.result]}　{answer.text}"
        lines.append(Para(f"{promise.improvement.text} → {came}", head="前の年度の約束"))
    return lines
