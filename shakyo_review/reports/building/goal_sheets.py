"""What the sheet of a goal says on its one page: lowest first, as much as the page holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.plan import Item
from shakyo_review.domain.scale import lowest_levels
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.reports.building.charts import bar_charts
from shakyo_review.reports.building.exceptions import standing_below, why_sentence
from shakyo_review.reports.building.indicators import indicator_block
from shakyo_review.reports.charts import size
from shakyo_review.reports.context.goals import IndicatorBlock
from shakyo_review.reports.context.parts import BarChart, Fact
from shakyo_review.reports.context.year import StageRow
from shakyo_review.reports.fitting import fit, lines, shorten
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import item_name, member_name

ROOM = 188.0
"""Millimetres of a sheet below its head and the box with the result."""
TEXT_ROOM = 30.0
"""Millimetres that each of the three texts may have even where there are many indicators."""
TEXT_COLUMN, TEXT_NAME = 70, 30
"""Half-width characters of a line of a text and of its name."""
PAGE_COLUMN = 84
"""Half-width characters of a line above the table."""
TEXT = 136
"""Half-width characters of one text on a sheet."""
HEAD, TABLE_HEAD, LINE_ABOVE, LEFT_OUT = 12.0, 18.5, 5.5, 7.0
"""Millimetres of the head of a text, that of the table, a line above it, and the line on what is left out."""
CAPTION, POINT = 10.0, 25.4 / 72
"""Millimetres of the line below a chart, and of a point."""
FACT_LINE, FACT_EDGE, ROW_LINE, ROW_EDGE = 4.6, 1.3, 3.1, 3.6
"""Millimetres of a line of a text and of its edge, of a line in the table and of its edge."""
NAME_COLUMN = {1: 70, 2: 54, 3: 38}
"""Half-width characters of the column of names beside so many years; beside more of them, the least."""
LEAST_COLUMN = 34


@dataclass(frozen=True, slots=True)
class Sheet:
    """What goes on the sheet of a goal; ``more`` tells what does not, in sentences."""

    done: list[Fact]
    issues: list[Fact]
    directions: list[Fact]
    charts: list[BarChart]
    indicators: list[IndicatorBlock]
    more: list[str]


def build_goal_sheet(
    m: Material,
    under: Sequence[Item],
    indicators: Sequence[IndicatorScore],
    stages: Sequence[StageRow],
    place: int,
    title: str,
    above: Sequence[str],
) -> Sheet:
    """Choose what the sheet of a goal holds; ``above`` are texts that stand there before it."""
    ordered = sorted(indicators, key=standing_below)
    page = ROOM - sum(LINE_ABOVE * lines(text, PAGE_COLUMN) for text in above if text)
    told = [_done(ordered), _issues(ordered, stages), _directions(m, under)]
    blocks = [indicator_block(m, score) for score in ordered]
    room = page - TABLE_HEAD - HEAD * sum(bool(facts) for facts in told) - LEFT_OUT
    least = sum(min(TEXT_ROOM, _height(facts, _fact_height)) for facts in told)
    spare = room - least - _height(blocks, _row_height)
    charts = bar_charts(ordered, place, title, "sheet")
    height = sum(CAPTION + POINT * size(chart)[1] for chart in charts)
    if len(charts) == 1 and height <= spare:
        room, spare = room - height, spare - height
    else:
        charts = []
    text_room = TEXT_ROOM + max(0.0, spare) / len(told)
    shown = [fit(facts, _fact_height, text_room) for facts in told]
    room -= sum(_height(facts, _fact_height) for facts in shown)
    blocks = fit(blocks, _row_height, room)
    done, issues, directions = shown
    left = [len(ordered) - len(blocks)]
    left += [len(facts) - len(kept) for facts, kept in zip(told, shown, strict=True)]
    words = ("指標", "実施したこと", "課題", "これからのこと")
    return Sheet(
        done=done,
        issues=issues,
        directions=directions,
        charts=charts,
        indicators=blocks,
        more=_more(m, [f"{word}{n}件" for word, n in zip(words, left, strict=True) if n]),
    )


Row = TypeVar("Row")


def _height(rows: Sequence[Row], cost: Callable[[Row], float]) -> float:
    return sum(map(cost, rows))


def _more(m: Material, left: Sequence[str]) -> list[str]:
    return [f"紙面に載らないもの（{'、'.join(left)}）は、{m.elsewhere}"] if left else []


def _fact_height(fact: Fact) -> float:
    return FACT_EDGE + FACT_LINE * max(lines(fact.name, TEXT_NAME), lines(fact.text, TEXT_COLUMN))


def _row_height(block: IndicatorBlock) -> float:
    column = NAME_COLUMN.get(len(block.years), LEAST_COLUMN)
    name = f"{block.code} {block.name}（{block.unit}）　{block.nature}"
    of_years = 2 if len(block.years) <= 2 else 3
    return ROW_EDGE + ROW_LINE * max(of_years, lines(name, column))


def _named(score: IndicatorScore) -> str:
    return f"{score.indicator.code} {score.indicator.name}"


def _done(scores: Sequence[IndicatorScore]) -> list[Fact]:
    """Return what was done: the sentences that came with the actuals."""
    return [
        Fact(name=_named(score), text=shorten(score.actual.note, TEXT))
        for score in scores
        if score.actual.note
    ]


def _issues(scores: Sequence[IndicatorScore], stages: Sequence[StageRow]) -> list[Fact]:
    """Return what is wanting: why a letter is low or missing, then what people said at the stages."""
    facts = []
    for score in scores:
        if score.level in lowest_levels(score.scale) and score.level is not None:
            facts.append(Fact(name=_named(score), text=why_sentence(score)))
        elif score.ratable and not score.rated and score.reason_text:
            facts.append(
                Fact(name=_named(score), text=f"評価できませんでした（{score.reason_text}）。")
            )
    for row in stages:
        for remark in row.remarks:
            if remark.name != "方向性":
                name = f"{row.code} {row.name}（{remark.name}）"
                facts.append(Fact(name=name, text=shorten(remark.text, TEXT)))
    return facts


def _directions(m: Material, under: Sequence[Item]) -> list[Fact]:
    """Return what follows: the directions with their sentences, then the promises made."""
    codes = {item.code for item in under}
    codes |= {indicator.code for item in under for indicator in item.node.indicators}
    facts = []
    for item in under:
        direction = m.story.directions.get(item.code)
        if direction is not None:
            text = f"{direction.word}　{direction.note}" if direction.note else direction.word
            facts.append(Fact(name=item_name(item), text=shorten(text, TEXT)))
    for promise in m.story.made:
        if promise.code in codes:
            made = promise.improvement
            text = f"{shorten(made.text, TEXT)}（{made.owner}、{year_label(made.due)}まで）"
            name = f"改善項目　{promise.code} {member_name(m.plan, promise.code)}".rstrip()
            facts.append(Fact(name=name, text=text))
    return facts
