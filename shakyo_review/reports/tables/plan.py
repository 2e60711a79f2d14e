"""The plan, how it is judged, and how results came about, as sheets of a workbook."""

from collections.abc import Iterator, Sequence

from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.context.base import Letter
from shakyo_review.reports.context.plan import TreeItem
from shakyo_review.reports.tables import (
    Block,
    Cell,
    Column,
    Count,
    Lines,
    Page,
    Table,
    Words,
    compact,
    facts_table,
)

LETTER = Column("判定", 10, middle=True)


def plan_pages(report: ReportContext) -> Iterator[Page]:
    """Return the plan: its facts, and its tree."""
    yield Page("計画", "計画の概要", [facts_table("", report.plan.facts)])
    rows: list[list[Cell]] = [
        [
            Words(f"{item.code}　{item.name}", depth, strong=not depth),
            item.label,
            "・".join(item.flags),
            item.below,
        ]
        for depth, item in _tree(report.plan.tree, 0)
    ]
    columns = [Column("項目", 70), Column("段", 14), Column("印", 16), Column("下位の項目", 16)]
    lines = [Lines([report.plan.tree_note])] if report.plan.tree_note else []
    yield Page(
        "計画の体系", "計画の体系", [*lines, compact("", columns, rows, 2)], listed=True, fixed=1
    )


def _tree(items: Sequence[TreeItem], depth: int) -> Iterator[tuple[int, TreeItem]]:
    for item in items:
        yield depth, item
        yield from _tree(item.children, depth + 1)


def method_page(report: ReportContext) -> Page:
    """Return the scale, the rules of rates and means, and what the words mean."""
    told = report.method
    levels: list[list[Cell]] = [
        [row.letter, row.definition, row.condition, Count(row.points)] for row in told.levels
    ]
    rates: list[list[Cell]] = [[row.name, row.formula, Count(row.count)] for row in told.rate_rules]
    blocks: list[Block] = [
        Lines([told.basis]),
        compact(
            told.scale_name,
            [LETTER, Column("意味", 50), Column("基準", 40), Column("得点")],
            levels,
            3,
        ),
    ]
    blocks += [facts_table("順位のない記号", told.off_scale)] if told.off_scale else []
    if rates:
        blocks.append(
            Table("率の規則", [Column("規則", 30), Column("計算式", 60), Column("指標の数")], rates)
        )
    for caption, facts in (
        ("規則", told.rules),
        ("言葉の意味", told.terms),
        ("実績の状態", told.states),
    ):
        if facts:
            blocks.append(facts_table(caption, facts))
    return Page("評価の方法", "評価の方法と基準", blocks)


def derivations_page(report: ReportContext) -> Page:
    """Return every derivation, a step in each row."""
    rows: list[list[Cell]] = []
    for one in [*report.node_derivations, *report.derivations]:
        name: Letter | str = one.result
        for place, step in enumerate(one.steps):
            again = place > 0
            rows.append(
                [
                    Words(one.code, repeated=again),
                    Words(one.name, repeated=again),
                    name,
                    step.name,
                    step.text,
                ]
            )
    columns = [
        Column("コード", 12),
        Column("名称", 44),
        LETTER,
        Column("段取り", 24),
        Column("内容", 80),
    ]
    lines = [report.derivations_line] if report.derivations_line else []
    return Page(
        "算出の過程", "算出の過程", [Lines(lines), Table("", columns, rows)], listed=True, fixed=2
    )
