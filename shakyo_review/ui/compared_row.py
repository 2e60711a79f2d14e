"""Everything about one row of the comparison: the lines below the table, and the whole of it."""

from collections.abc import Mapping

from rich.cells import cell_len
from rich.text import Text

from shakyo_review.domain.comparison import GoalRow, IndicatorRow
from shakyo_review.domain.comparison_filter import home
from shakyo_review.domain.comparison_words import (
    actual_text,
    badge_words,
    difference_words,
    point_word,
    target_text,
)
from shakyo_review.domain.derivation import Step, coverage_text, indicator_steps, node_steps
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import WHOLE_PLAN
from shakyo_review.domain.plan import Plan
from shakyo_review.ui.comparing import Row
from shakyo_review.ui.goal_tree import score_text
from shakyo_review.ui.marks import fit, letter
from shakyo_review.ui.widgets.prose import Para

GAP = "　"


def row_lines(row: Row, plans: Mapping[int, Plan], width: int) -> list[Para | Text]:
    """Return the name in full, every year in short, what changed and what has to be known."""
    years = sorted(plans)
    plan = plans[years[-1]]
    lines: list[Para | Text] = [Para(_title(row, plans), style="bold", hang=2)]
    lines += _flowing(
        [_year_text(row, plans, place) for place in reversed(range(len(years)))], width
    )
    lines.append(Para(difference_words(row, years, point=point_word(plan))))
    if badges := badge_words(row, years):
        lines.append(Para("　".join(badges)))
    return lines


def row_steps(row: Row, plans: Mapping[int, Plan]) -> list[Step]:
    """Return all there is to a row: its place, its years, the difference, and how the newest came about."""
    years = sorted(plans)
    item, plan = home(row, plans)
    steps = [Step("名前", _title(row, plans))]
    if row.code != WHOLE_PLAN:
        path = [f"{one.label} {one.code} {one.name}" for one in plan.path_of(item.code)]
        steps.append(Step("場所", "　＞　".join(path)))
    steps += [
        Step(year_label(years[place]), _year_text(row, plans, place, named=False))
        for place in reversed(range(len(years)))
    ]
    steps.append(Step("違い", difference_words(row, years, point=point_word(plans[years[-1]]))))
    for told in badge_words(row, years):
        label, _, text = told.partition(": ")
        steps.append(Step(label, text))
    steps.append(Step("", ""))
    if isinstance(row, GoalRow):
        derived, year = node_steps(plan, row.years[-1]), years[-1]
    else:
        derived, year = indicator_steps(row.years[-1]), row.years[-1].year
    steps.append(Step("算出のしかた", f"{year_label(year)}の率と判定は、次のように決まります。"))
    return [*steps, *derived]


def _title(row: Row, plans: Mapping[int, Plan]) -> str:
    if row.code == WHOLE_PLAN:
        return "計画全体"
    item, _ = home(row, plans)
    owners = "・".join(owner.label for owner in item.owners)
    unit = f"（{row.unit}）" if isinstance(row, IndicatorRow) and row.unit else ""
    name = row.name if isinstance(row, IndicatorRow) else item.name
    return f"{row.code} {name}{unit}{f'　担当 {owners}' if owners else ''}"


def _year_text(row: Row, plans: Mapping[int, Plan], place: int, *, named: bool = True) -> str:
    """Return one year of a row: R7 目標 2,400人 実績 2,305人 96.0% B."""
    year = sorted(plans)[place]
    head = f"{short_year(year)} " if named else ""
    if isinstance(row, IndicatorRow):
        if row.own[place] is None:
            return f"{head}計画にない"
        score = row.years[place]
        told = f"目標 {target_text(score)}　実績 {actual_text(score)}"
        return f"{head}{told}　{score.display} {letter(score.rating)}"
    node = row.years[place]
    if node.problem and node.score is None and node.rating is None:
        return f"{head}－（{node.problem}）"
    return f"{head}{score_text(plans[year], node)} {letter(node.rating)}（評価済み {coverage_text(node)}）"


def _flowing(parts: list[str], width: int) -> list[Para | Text]:
    """Set parts one after the other, as many on a line as there is room for."""
    lines: list[str] = []
    for part in map(fit, parts):
        joined = f"{lines[-1]}{GAP}{GAP}{part}" if lines else part
        if lines and cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(part)
    return [Text(line, no_wrap=True, overflow="ellipsis") for line in lines]
