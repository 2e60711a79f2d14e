"""From scores to the context of a report: every number worded by ``domain``, none computed anew.

The only arithmetic of its own is the counting out of shares (``shares``).
"""

from collections.abc import Collection, Sequence

from shakyo_review.domain.checks import Finding
from shakyo_review.domain.comparison import Comparison
from shakyo_review.domain.fiscal_year import full_label, year_label
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.plan import Plan
from shakyo_review.reports import texts
from shakyo_review.reports.building.committees import build_committees
from shakyo_review.reports.building.exceptions import build_comparison, build_exceptions
from shakyo_review.reports.building.goals import build_goals
from shakyo_review.reports.building.letters import judged_count
from shakyo_review.reports.building.method import build_method, build_plan
from shakyo_review.reports.building.money import build_money
from shakyo_review.reports.building.overall import build_overall
from shakyo_review.reports.building.sheet import (
    build_derivations,
    build_glossary,
    build_node_derivations,
    build_sheet,
    derivations_line,
    derivations_rest,
)
from shakyo_review.reports.building.story import (
    build_changes,
    build_improvement,
    build_proceedings,
    published_text,
    standing_text,
)
from shakyo_review.reports.building.summary import build_summary
from shakyo_review.reports.building.yearbook import build_yearbook
from shakyo_review.reports.chapters import CHAPTERS
from shakyo_review.reports.context import Chapter, Cover, ReportContext
from shakyo_review.reports.context.goals import GoalPage
from shakyo_review.reports.context.parts import TocEntry
from shakyo_review.reports.context.results import Exceptions, Overall, YearComparison
from shakyo_review.reports.context.year import PlanChanges
from shakyo_review.reports.formats import file_stem
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import goal_label
from shakyo_review.reports.story import Story


def build_context(
    plan: Plan,
    score: YearScore,
    before: YearScore | None,
    comparison: Comparison,
    findings: Sequence[Finding],
    made_by: str = "",
    story: Story | None = None,
    without: Collection[str] = (),
    all_years: Comparison | None = None,
    first_and_last: Comparison | None = None,
) -> ReportContext:
    """Build everything a template may use.

    ``comparison`` holds the years to be set side by side, oldest first, ending with the year of
    ``score``; the year just before it in the list is that of ``before``. ``story`` is what people said
    and decided. ``without`` are chapters to leave out (kinds of ``CHAPTERS``). ``all_years`` are the years of the year book, ending with the same year, and
    ``first_and_last`` the first and last of them; without them it shows the years of ``comparison``.
    The same arguments give the same context: no clock, no environment.
    """
    expected = [score.year] if before is None else [before.year, score.year]
    if list(comparison.years[-len(expected) :]) != expected:
        raise ValueError(f"comparison of {comparison.years} does not end with {expected}")
    if unknown := set(without) - set(CHAPTERS):
        raise ValueError(f"no chapters: {sorted(unknown)}")
    m = Material(
        *(plan, score, before, comparison, findings, story or Story(), frozenset(without)),
        *(all_years, first_and_last),
    )
    goals = build_goals(m)
    overall = build_overall(m)
    exceptions = build_exceptions(m)
    years = build_comparison(m)
    changes = build_changes(m)
    example = _has_example(m)
    cover = _cover(m, made_by, example)
    chapters = _chapters(m, goals, changes)
    derivations, nodes = build_derivations(m), build_node_derivations(m)
    return ReportContext(
        cover=cover,
        highlights=_highlights(m, overall, exceptions, years),
        word_before=m.word_before,
        chapters=chapters,
        plan=build_plan(m),
        method=build_method(m),
        overall=overall,
        exceptions=exceptions,
        goals=goals,
        comparison=years,
        proceedings=build_proceedings(m),
        improvement=build_improvement(m),
        changes=changes,
        money=build_money(m),
        judged=judged_count(m) > 0,
        derivations_line=derivations_line(m),
        derivations_rest=derivations_rest(derivations, nodes),
        sheet=build_sheet(m),
        node_derivations=nodes,
        derivations=derivations,
        glossary=build_glossary(m),
        summary=build_summary(m, cover.example_note),
        committees=build_committees(m),
        yearbook=build_yearbook(m),
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


def _chapters(m: Material, goals: Sequence[GoalPage], changes: PlanChanges | None) -> list[Chapter]:
    """Return the chapters of this report with what the table of contents shows of each."""
    titles = {**CHAPTERS, "goals": f"{goal_label(m.plan)}ごとの結果"}
    if changes is not None:
        titles["changes"] = changes.title
    children: dict[str, list[tuple[str, str]]] = {
        "goals": [(goal.title, goal.anchor) for goal in goals],
        "appendix": [("一覧表", "sheet"), ("算出の過程", "derivations"), ("用語", "glossary")],
    }
    return [
        Chapter(
            kind=kind,
            number=str(number),
            title=titles[kind],
            anchor=f"chapter-{kind}",
            children=[
                TocEntry(number="", title=name, anchor=anchor, children=[])
                for name, anchor in children.get(kind, ())
            ],
        )
        for kind, number in m.numbers.items()
    ]


def _highlights(
    m: Material, overall: Overall, exceptions: Exceptions, years: YearComparison
) -> list[str]:
    """Say on one page what the council should know before it turns the leaf."""
    lines = list(overall.lead)
    below, not_rated = exceptions.below_count, exceptions.not_rated_count
    lines.append(
        f"目標に届かなかった指標は{below}件、評価できなかった指標は{not_rated}件です{m.see('exceptions')}。"
    )
    judged = judged_count(m)
    if judged:
        departed = len(overall.departed)
        rest = (
            f"うち{departed}件は計算による判定と異なります{m.see('overall')}"
            if departed
            else "いずれも計算による判定と同じです"
        )
        lines.append(f"人が評価した項目は{judged}件で、{rest}。")
    if years.year_before is not None:
        lines.append(years.sentence)
    return lines
