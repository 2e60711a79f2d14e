"""What people said and decided, and the money, as sheets of a workbook."""

from collections.abc import Iterator

from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.context.year import (
    ImprovementPart,
    MoneyPart,
    MoneyRow,
    PlanChanges,
    Proceedings,
)
from shakyo_review.reports.tables import (
    Block,
    Cell,
    Column,
    Lines,
    Notes,
    Page,
    Table,
    Words,
    compact,
)

ITEM = Column("項目", 40)
NUMBER = Column("番号", 10, middle=True)
TEXT = 60


def proceedings(told: Proceedings) -> Iterator[Page]:
    """Return meetings, recusals, what was sent back, opinions and answers."""
    blocks: list[Block] = []
    if told.meetings:
        columns = [
            Column("期日", 18),
            Column("評価の段階", 16),
            Column("会議", 30),
            Column("出席した委員", 40),
            Column("欠席した委員", 30),
            Column("出席の数と定足数", 30),
        ]
        meetings: list[list[Cell]] = [
            [one.date, one.stage, one.title, one.present, one.absent, one.attendance]
            for one in told.meetings
        ]
        blocks.append(compact("会議", columns, meetings, 4))
    if told.recusals:
        columns = [Column("評価の段階", 16), ITEM, Column("委員", 16), Column("除斥の理由", TEXT)]
        blocks.append(
            Table("除斥", columns, [[r.stage, r.item, r.member, r.reason] for r in told.recusals])
        )
    if told.returned:
        columns = [
            ITEM,
            Column("差し戻した日", 18),
            Column("差し戻された評価", 20),
            Column("差し戻した段階", 16),
            Column("理由", TEXT),
            Column("その後", 20),
        ]
        blocks.append(
            Table(
                "差し戻し",
                columns,
                [[r.item, r.date, r.stage, r.sender, r.reason, r.after] for r in told.returned],
            )
        )
    if blocks:
        yield Page("評価の経過", "評価の経過", blocks)
    if told.opinions:
        columns = [
            NUMBER, Column("何についての意見か", 30), Column("意見", TEXT), Column("委員・日付", 24),
            Column("回答", TEXT), Column("回答者・日付", 24),
        ]  # fmt: skip
        opinions: list[list[Cell]] = [
            [o.number, o.about, o.text, o.source, o.answer, o.answer_source] for o in told.opinions
        ]
        lines = [told.opinions_line] if told.opinions_line else []
        yield Page(
            "意見", "意見と回答", [Lines(lines), Table("", columns, opinions)], listed=True, fixed=1
        )


def improvement(told: ImprovementPart) -> Page:
    """Return promises of earlier years with their answers, and those made this year."""
    blocks: list[Block] = [
        Lines([line for line in (told.directions_line, told.asked_line) if line])
    ]
    if told.asked:
        columns = [
            NUMBER,
            ITEM,
            Column("改善の内容", TEXT),
            Column("担当", 20),
            Column("期限", 14),
            Column("結果", 14, middle=True),
            Column("結果の説明", TEXT),
        ]
        blocks.append(
            Table(
                "これまでの改善項目への答え",
                columns,
                [
                    [a.number, a.item, a.text, a.owner, a.due, a.result, a.answer]
                    for a in told.asked
                ],
            )
        )
    if told.made:
        columns = [NUMBER, ITEM, Column("改善の内容", TEXT), Column("担当", 20), Column("期限", 14)]
        blocks.append(
            Table(
                "この年度に決めた改善項目",
                columns,
                [[m.number, m.item, m.text, m.owner, m.due] for m in told.made],
            )
        )
    return Page("改善", "改善", blocks)


def plan_changes(told: PlanChanges) -> Iterator[Page]:
    """Return the revisions of the plan and the errata."""
    rows: list[list[Cell]] = []
    for block in told.revisions:
        head = (block.since, block.decided, block.reason)
        listed = [(one.label, one.item, one.text) for one in block.changes] or [("", "", "")]
        for place, one in enumerate(listed):
            rows.append([*(Words(text, repeated=place > 0) for text in head), *one])
    if rows:
        columns = [
            Column("いつから", 16),
            Column("決めた会議・日付", 26),
            Column("理由", 40),
            Column("種類", 14, middle=True),
            Column("項目・指標", 36),
            Column("変更の内容", 40),
        ]
        yield Page("計画の変更", "計画の変更", [Table("", columns, rows)], listed=True)
    if told.errata:
        columns = [
            NUMBER, Column("どの値か", 50), Column("誤", 14), Column("正", 14), Column("理由", TEXT), Column("日付", 18),
        ]  # fmt: skip
        errata: list[list[Cell]] = [
            [e.number, e.place, e.old, e.new, e.reason, e.date] for e in told.errata
        ]
        yield Page("正誤", "確定の後の正誤", [Table("", columns, errata)], listed=True)


def money(report: ReportContext) -> Iterator[Page]:
    """Return budget, settlement and result by goal."""
    part = report.money
    if part is None:
        return
    blocks: list[Block] = [Lines([part.line]), _by_goal(report, part)]
    if part.unit_costs:
        columns = [Column("項目", 44), Column("費用", TEXT)]
        costs: list[list[Cell]] = [[fact.name, fact.text] for fact in part.unit_costs]
        blocks.append(Table("単位あたりの費用", columns, costs))
    yield Page("財源", "予算・決算と結果", blocks)


def funding(report: ReportContext) -> Iterator[Page]:
    """Return the lines of money under each goal."""
    blocks: list[Block] = []
    for goal in report.goals:
        told = goal.funding
        if told is None:
            continue
        columns = [ITEM, Column("財源", 30), Column("種類", 26)]
        columns += [Column(f"{head}（千円）") for head in told.heads]
        columns += [Column("執行率")] if told.has_rates else []
        rows: list[list[Cell]] = [
            [row.item, row.name, row.sources, *row.amounts, *([row.rate] if told.has_rates else [])]
            for row in told.rows
        ]
        rows.append(["計", "", "", *told.totals, *([told.rate] if told.has_rates else [])])
        blocks.append(Table(f"{goal.title} の財源", columns, rows, sums=1))
    if blocks:
        yield Page("財源の内訳", "目標ごとの財源の内訳", blocks)


def _by_goal(report: ReportContext, part: MoneyPart) -> Table:
    columns = [
        Column("項目", 44), *(Column(f"{head}（千円）") for head in part.heads),
        Column(f"{part.year.short}差（予算－決算、千円）"), Column(f"{part.year.short}執行率"),
        Column("判定", 10, middle=True), Column("評価", 8, middle=True),
        Column(f"{report.word_before}の判定", middle=True), Column("財源の種類", 30), Column("備考", 40),
    ]  # fmt: skip
    rows = [_money_row(row, part) for row in [*part.rows, part.total]]
    found = compact("目標ごとの予算・決算と結果", columns, rows, 1 + len(part.heads))
    return Table(found.caption, found.columns, found.rows, sums=1)


def _money_row(row: MoneyRow, part: MoneyPart) -> list[Cell]:
    notes = Notes()
    amounts = [notes.take(head, one) for head, one in zip(part.heads, row.amounts, strict=True)]
    said = "。".join(text for text in (row.note, notes.text) if text)
    return [
        row.title, *amounts, row.difference, row.rate, row.letter,
        "" if row.official is None else row.official.letter, row.letter_before, row.sources, said,
    ]  # fmt: skip
