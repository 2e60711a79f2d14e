"""From scores to the context of a report: every number worded by ``domain``, none computed anew.

The only arithmetic of its own is the counting out of shares (``shares``).
"""

from collections.abc import Sequence

from shakyo_review.domain.checks import Finding
from shakyo_review.domain.comparison import Comparison
from shakyo_review.domain.fiscal_year import full_label, year_label
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.plan import Plan
from shakyo_review.reports import texts
from shakyo_review.reports.build_exceptions import build_comparison, build_exceptions
from shakyo_review.reports.build_goals import build_goals
from shakyo_review.reports.build_letters import judged_count
from shakyo_review.reports.build_method import build_method, build_plan
from shakyo_review.reports.build_overall import build_overall
from shakyo_review.reports.build_sheet import (
    build_derivations,
    build_glossary,
    build_node_derivations,
    build_sheet,
)
from shakyo_review.reports.build_story import (
    build_changes,
    build_improvement,
    build_proceedings,
    published_text,
    standing_text,
)
from shakyo_review.reports.context import (
    Cover,
    Exceptions,
    GoalPage,
    Overall,
    ReportContext,
    YearComparison,
)
from shakyo_review.reports.context_parts import TocEntry
from shakyo_review.reports.formats import file_stem
from shakyo_review.reports.pieces import (
    Material,
    goal_label,
)
from shakyo_review.reports.story import Story

FIRST_OPEN = 7
"""The number of the first chapter that is only there where it has something to say."""
PROCEEDINGS = "評価の経過と意見"
IMPROVEMENT = "改善"


def build_context(
    plan: Plan,
    score: YearScore,
    before: YearScore | None,
    comparison: Comparison,
    findings: Sequence[Finding],
    made_by: str = "",
    story: Story | None = None,
) -> ReportContext:
    """Build everything a template may use.

    ``comparison`` holds the years to be set side by side, oldest first, ending with the year of
    ``score``; the year just before it in the list is that of ``before``. ``story`` is what people said
    and decided. The same arguments give the same context: no clock, no environment.
    """
    expected = [score.year] if before is None else [before.year, score.year]
    if list(comparison.years[-len(expected) :]) != expected:
        raise ValueError(f"comparison of {comparison.years} does not end with {expected}")
    material = Material(plan, score, before, comparison, findings, story or Story())
    goals = build_goals(material)
    overall = build_overall(material)
    exceptions = build_exceptions(material)
    comparison_chapter = build_comparison(material)
    example = _has_example(material)
    proceedings = build_proceedings(material, FIRST_OPEN)
    number = FIRST_OPEN + (proceedings is not None)
    improvement = build_improvement(material, number)
    number += improvement is not None
    changes = build_changes(material, number)
    number += changes is not None
    told = [
        title
        for part, title in (
            (proceedings, PROCEEDINGS),
            (improvement, IMPROVEMENT),
            (changes, changes.title if changes is not None else ""),
        )
        if part is not None
    ]
    return ReportContext(
        cover=_cover(material, made_by, example),
        highlights=_highlights(material, overall, exceptions, comparison_chapter),
        word_before=material.word_before,
        toc=_toc(plan, goals, told),
        plan=build_plan(material),
        method=build_method(material),
        overall=overall,
        exceptions=exceptions,
        goals=goals,
        comparison=comparison_chapter,
        proceedings=proceedings,
        improvement=improvement,
        changes=changes,
        judged=judged_count(material) > 0,
        appendix_number=str(number),
        sheet=build_sheet(material),
        node_derivations=build_node_derivations(material),
        derivations=build_derivations(material),
        glossary=build_glossary(),
        contains_example=example,
        file_stem=file_stem(plan.code, score.year),
    )


def _has_example(m: Material) -> bool:
    """Whether anything printed is an example, in any of the years shown."""
    scores = (score for row in m.comparison.indicators for score in row.years)
    items = m.plan.items.values()
    return any(score.example for score in scores) or any(item.node.example for item in items)


def _cover(m: Material, made_by: str, example: bool) -> Cover:
    plan, year, standing = m.plan, m.score.year, m.story.standing
    # A plan of one year has its year in the title already.
    named = year_label(year) in plan.title
    foot = " ".join([plan.title, *([] if named else [year_label(year)]), texts.REPORT_KIND])
    if not standing.number:
        foot += "（未確定）"
    return Cover(
        kind=texts.REPORT_KIND,
        plan_title=plan.title,
        year=year_label(year),
        year_full=full_label(year),
        state=standing_text(standing),
        published=published_text(standing),
        body=plan.body,
        made_by=made_by,
        example_note=texts.EXAMPLE_NOTE if example else "",
        foot=foot,
    )


def _toc(plan: Plan, goals: Sequence[GoalPage], told: Sequence[str]) -> list[TocEntry]:
    titles: list[tuple[str, list[tuple[str, str]]]] = [
        ("計画の概要・体系", []),
        ("評価の方法と基準", []),
        ("全体の結果", []),
        ("目標に届かなかったもの・評価できなかったもの", []),
        (f"{goal_label(plan)}ごとの結果", [(goal.title, goal.anchor) for goal in goals]),
        ("年度比較", []),
        *((title, []) for title in told),
        ("資料", [("一覧表", "sheet"), ("算出の過程", "derivations"), ("用語", "glossary")]),
    ]
    return [
        TocEntry(
            number=str(number),
            title=title,
            anchor=f"chapter-{number}",
            children=[
                TocEntry(number="", title=name, anchor=anchor, children=[])
                for name, anchor in children
            ],
        )
        for number, (title, children) in enumerate(titles, 1)
    ]


def _highlights(
    m: Material, overall: Overall, exceptions: Exceptions, years: YearComparison
) -> list[str]:
    """Say on one page what the council should know before it turns the leaf."""
    lines = list(overall.lead)
    below, not_rated = len(exceptions.below), len(exceptions.not_rated)
    lines.append(
        f"目標に届かなかった指標は{below}件、評価できなかった指標は{not_rated}件です（4章）。"
    )
    judged = judged_count(m)
    if judged:
        departed = len(overall.departed)
        rest = (
            f"うち{departed}件は計算による判定と異なります（3章）"
            if departed
            else "いずれも計算による判定と同じです"
        )
        lines.append(f"人が評価した項目は{judged}件で、{rest}。")
    if years.year_before is not None:
        lines.append(years.sentence)
    return lines
