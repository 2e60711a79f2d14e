"""The sheets of the report as a workbook, from the context alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from shakyo_review.reports.context import ChapterKind, ReportContext
from shakyo_review.reports.context.goals import GoalPage
from shakyo_review.reports.context.results import ChangeRow, GoalLetterRow
from shakyo_review.reports.context.year import Official
from shakyo_review.reports.tables import (
    Block,
    Cell,
    Column,
    Count,
    Lines,
    Notes,
    Page,
    Pictures,
    Table,
    Words,
    compact,
    facts_table,
)
from shakyo_review.reports.tables.plan import derivations_page, method_page, plan_pages
from shakyo_review.reports.tables.sheet import sheet_page
from shakyo_review.reports.tables.year import funding, improvement, money, plan_changes, proceedings
from shakyo_review.reports.tables.yearbook import yearbook_pages

NAME = Column("名称", 44)
CODE = Column("コード", 12)
OWNERS = Column("担当", 26)
LETTER = Column("判定", 10, middle=True)
OFFICIAL = Column("評価", 8, middle=True)
STAGE = Column("評価の段階", 14)


def annual_pages(report: ReportContext) -> list[Page]:
    """Return the sheets of the report: those of the chapters that are in it, the lists first."""
    numbers = {chapter.kind: chapter.number for chapter in report.chapters}
    made = [
        replace(page, chapter=f"{numbers[kind]}章")
        for kind, make in _MAKERS
        if kind in numbers
        for page in make(report)
    ]
    if "comparison" in numbers:
        place = max(
            at for at, page in enumerate(made) if page.chapter == f"{numbers['comparison']}章"
        )
        made[place + 1 : place + 1] = yearbook_pages(report)
    return made


def given(official: Official | None) -> tuple[str, str]:
    """Return the letter people gave and its stage; nothing where nobody has."""
    return ("", "") if official is None else (official.letter.text, official.stage)


def _overall(report: ReportContext) -> Iterator[Page]:
    whole = report.overall
    blocks: list[Block] = [Lines([f"計画全体の判定　{whole.letter.text}", *whole.lead])]
    before = whole.year_before.short if whole.year_before is not None else ""
    heads = [
        Column("意味", 50),
        LETTER,
        Column(f"{whole.year.short} 件数"),
        Column(f"{whole.year.short} 割合"),
    ]
    heads += [Column(f"{before} 件数"), Column(f"{before} 割合")] if before else []
    rows: list[list[Cell]] = []
    for row in [*whole.rows, whole.total]:
        cells: list[Cell] = [row.definition, row.letter, Count(row.count), Count(row.share)]
        cells += [Count(row.count_before), Count(row.share_before)] if before else []
        rows.append(cells)
    if whole.rows:
        blocks.append(Table(f"判定ごとの{whole.unit}の件数", heads, rows, sums=1))
    columns = [
        Column(whole.goal_label, 50), LETTER, Column("点数"), Column("評価済み", middle=True), OFFICIAL, STAGE,
        Column(f"{report.word_before}の判定", middle=True), Column(f"{report.word_before}の点数"),
        Column(f"{report.word_before}の評価", middle=True), Column("変化", middle=True),
        *(Column(f"{letter.text} 件数") for letter in whole.count_heads), Column("計"),
    ]  # fmt: skip
    goals: list[list[Cell]] = [
        [
            goal.title, goal.letter, goal.score, goal.coverage, *given(goal.official),
            goal.letter_before, goal.score_before, goal.official_before, goal.change,
            *(Count(one) for one in goal.counts or [""] * len(whole.count_heads)), Count(goal.total),
        ]
        for goal in whole.goals
    ]  # fmt: skip
    blocks.append(compact(f"{whole.goal_label}ごとの結果", columns, goals, 3))
    if whole.departed:
        departed: list[list[Cell]] = [
            [f"{one.code}　{one.name}", one.computed, *given(one.official), one.official.reason]
            for one in whole.departed
        ]
        columns = [Column("項目", 50), LETTER, OFFICIAL, STAGE, Column("理由", 60)]
        blocks.append(Table("評価が判定と異なる項目", columns, departed))
    charts = [chart for chart in (whole.chart, whole.radar) if chart is not None]
    yield Page("全体", "全体の結果", blocks)
    if charts:
        yield Page("全体の図", "全体の結果の図", [Pictures(charts)])


def _goals(report: ReportContext) -> Iterator[Page]:
    summary = {row.anchor: row for row in report.overall.goals}
    columns = [
        Column("項目", 56), Column("段", 12), OWNERS, LETTER, Column("点数"), Column("評価済み", middle=True),
        OFFICIAL, STAGE, Column(f"{report.word_before}の判定", middle=True),
        Column(f"{report.word_before}の評価", middle=True), Column("印", 14), Column("備考", 40),
    ]  # fmt: skip
    rows = [row for goal in report.goals for row in _goal_rows(goal, summary.get(goal.anchor))]
    yield Page("目標別", "目標ごとの結果", [compact("", columns, rows, 5)], listed=True, fixed=1)
    staged = [goal for goal in report.goals if goal.stages]
    if staged:
        yield _stages(staged)
    charts = [chart for goal in report.goals for chart in goal.charts]
    if charts:
        yield Page("目標別の図", "目標に対する達成", [Pictures(charts)])


def _goal_rows(goal: GoalPage, row: GoalLetterRow | None) -> Iterator[list[Cell]]:
    yield [
        Words(goal.title, strong=True), "", "", goal.letter,
        "－" if row is None else row.score, "" if row is None else row.coverage, *given(goal.official),
        goal.letter_before, "" if row is None else row.official_before, "", goal.note,
    ]  # fmt: skip
    for node in goal.nodes:
        yield [
            Words(f"{node.code}　{node.name}", node.depth + 1), node.label, node.owners, node.letter,
            node.score, node.coverage, *given(node.official), node.letter_before,
            node.official_before, "・".join(node.flags), node.note,
        ]  # fmt: skip


def _stages(goals: Sequence[GoalPage]) -> Page:
    heads = list(dict.fromkeys(head for goal in goals for head in goal.stage_heads))
    columns = [
        CODE,
        NAME,
        LETTER,
        *(Column(head, middle=True) for head in heads),
        Column("次年度の方向性"),
        Column("所見・理由", 70),
    ]
    rows: list[list[Cell]] = []
    for goal in goals:
        for row in goal.stages:
            letters = dict(zip(goal.stage_heads, row.letters, strict=True))
            rows.append(
                [
                    row.code, row.name, row.computed,
                    *(letters.get(head, "－") for head in heads), row.direction,
                    "\n".join(f"{one.name}: {one.text}" for one in row.remarks),
                ]
            )  # fmt: skip
    return Page(
        "段階ごとの評価",
        "段階ごとの評価と方向性",
        [compact("", columns, rows, 3)],
        listed=True,
        fixed=2,
    )


def _exceptions(report: ReportContext) -> Iterator[Page]:
    told = report.exceptions
    columns = [
        CODE, Column("指標", 30), Column("項目", 26), OWNERS, Column("目標"), Column("実績"), Column("率"), LETTER, OFFICIAL,
        STAGE, Column(f"{report.word_before}の判定", middle=True), Column("その判定になった理由", 40),
        Column("実施内容・注記", 36), Column("添え書き", 24),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for row in told.below:
        notes = Notes()
        rows.append(
            [
                row.code, row.name, row.action, row.owners, notes.take("目標", row.target),
                notes.take("実績", row.actual), notes.take("率", row.rate), row.letter,
                *given(row.official), row.letter_before, row.why, row.note, notes.text,
            ]
        )  # fmt: skip
    yield Page(
        "届かなかったもの",
        "目標に届かなかった指標",
        [Lines([told.line]), compact("", columns, rows, 8)],
        listed=True,
        fixed=2,
    )
    columns = [
        CODE,
        Column("指標", 40),
        OWNERS,
        Column("実績の欄"),
        Column("評価できなかった理由", 50),
        Column("分母に含むか", middle=True),
        Column("注記", 50),
    ]
    unrated: list[list[Cell]] = [
        [one.code, one.name, one.owners, one.actual, one.reason, one.counted, one.note]
        for one in told.not_rated
    ]
    lines = [line for line in (told.not_judged,) if line]
    yield Page(
        "評価できなかったもの",
        "評価できなかった指標",
        [*([Lines(lines)] if lines else []), compact("", columns, unrated, 5)],
        listed=True,
        fixed=2,
    )
    if told.missing:
        missing: list[list[Cell]] = [
            [group.committee, fact.name, fact.text] for group in told.missing for fact in group.rows
        ]
        yield Page(
            "未提出",
            "まだそろっていないもの",
            [Table("", [OWNERS, Column("足りないもの", 30), Column("指標", 80)], missing)],
            listed=True,
        )


def _comparison(report: ReportContext) -> Page:
    told = report.comparison
    lines = [line for line in (told.sentence, told.note) if line]
    blocks: list[Block] = [Lines(lines)]
    if told.year_before is not None:
        now, before = told.year.short, told.year_before.short
        for caption, found in (
            ("上位の項目の変化", told.goals),
            ("判定の変わった指標など", told.changed),
        ):
            if found:
                blocks.append(_changes(caption, found, now, before))
    return Page("年度比較", "年度比較", blocks)


def _changes(caption: str, found: Sequence[ChangeRow], now: str, before: str) -> Table:
    columns = [
        CODE, NAME, Column(f"{before} 実績・点数"), Column(f"{before} 判定", middle=True), Column(f"{now} 実績・点数"),
        Column(f"{now} 判定", middle=True), Column("増減"), Column("判定の変化", middle=True), Column("注意", 30),
        Column("添え書き", 24),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for row in found:
        notes = Notes()
        rows.append(
            [
                row.code, row.name, notes.take(before, row.before), row.letter_before,
                notes.take(now, row.now), row.letter, Count(row.difference), row.change,
                "・".join(row.badges), notes.text,
            ]
        )  # fmt: skip
    return compact(caption, columns, rows, 8)


def _terms(report: ReportContext) -> Iterator[Page]:
    yield derivations_page(report)
    yield Page("用語", "用語", [facts_table("", report.glossary, ("用語", "意味"))])


_MAKERS: tuple[tuple[ChapterKind, Callable[[ReportContext], Iterable[Page]]], ...] = (
    ("overall", _overall),
    ("goals", _goals),
    ("appendix", lambda report: [sheet_page(report)]),
    ("exceptions", _exceptions),
    ("comparison", lambda report: [_comparison(report)]),
    ("changes", lambda report: plan_changes(report.changes) if report.changes else ()),
    ("improvement", lambda report: [improvement(report.improvement)] if report.improvement else ()),
    ("money", money),
    ("goals", funding),
    ("proceedings", lambda report: proceedings(report.proceedings) if report.proceedings else ()),
    ("plan", plan_pages),
    ("method", lambda report: [method_page(report)]),
    ("appendix", _terms),
)
"""The chapters and what makes their sheets, in the order of the workbook."""
