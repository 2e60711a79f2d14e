"""The page for residents: fixed sentences around figures of the book and words that people wrote."""

from collections.abc import Mapping

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.goals import UNRATED, NodeScore
from shakyo_review.domain.indicator import Against, Direction, RateRule
from shakyo_review.domain.scale import Basis, lowest_levels
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.domain.value import State, format_number
from shakyo_review.reports.building.exceptions import standing_below
from shakyo_review.reports.building.letters import (
    judged_count,
    official_before,
    official_of,
)
from shakyo_review.reports.building.method import build_levels, unit_word
from shakyo_review.reports.context.documents import Summary, SummaryGoal, SummaryLevel, WeakPoint
from shakyo_review.reports.context.parts import Fact
from shakyo_review.reports.fitting import fit, lines, shorten
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import (
    NO_LETTER,
    actual_figure,
    day_text,
    goal_label,
    member_name,
    node_letter,
    target_figure,
)

KIND = "評価のあらまし"
PAGE = 44.0
"""Lines of the page (6 mm each)."""
HEADS = 15.5
"""Of these, the heads, the legend and the foot; the whole, the goals, what was weak and what follows share the rest."""
GOAL_SHARE, NEXT_SHARE = 0.65, 0.6
"""The most that the goals take of the rest, and that what follows takes of what the goals leave."""
LINE, GOAL_LINE, BOX_LINE = 84, 68, 60
"""Half-width characters of a line across the page, beside the letters of a goal, and in the box."""
SAID = 150
"""Half-width characters of what somebody wrote."""


def build_summary(m: Material, example_note: str) -> Summary:
    """Build the page for residents."""
    measured = [
        goal for goal in m.score.goals if goal.coverage.ratable or official_of(m, goal.item.code)
    ]
    goals = [_goal(m, goal) for goal in measured]
    whole, method = _whole(m), _method(m)
    room = PAGE - HEADS - max(3, sum(lines(text, BOX_LINE) for text in (whole, *method)))
    shown = fit(goals, _goal_lines, room * GOAL_SHARE)
    room -= sum(map(_goal_lines, shown)) + (len(goals) > len(shown))
    weak = [_weak(m, score) for score in _below(m)]
    follows = _next(m)
    shown_next = fit(follows, _next_lines, room * NEXT_SHARE)
    room -= sum(map(_next_lines, shown_next)) + (len(follows) > len(shown_next))
    shown_weak = fit(weak, _weak_lines, room - 1)
    return Summary(
        kind=KIND,
        title=m.plan.title,
        year=m.head.full,
        body=m.plan.body,
        whole_letter=node_letter(m.plan, m.score.overall),
        whole_before=NO_LETTER if m.before is None else node_letter(m.plan, m.before.overall),
        whole_sentence=whole,
        method_lines=method,
        levels=_levels(m),
        goal_label=goal_label(m.plan),
        goals=shown,
        goals_more=_goals_more(m, len(goals) - len(shown), len(m.score.goals) - len(goals)),
        word_before=m.word_before if m.before is not None else "",
        weak_line=_weak_line(m, len(weak)),
        weak=shown_weak,
        weak_more=_more(m, len(weak) - len(shown_weak)),
        next_line=_next_line(m, bool(follows)),
        next=shown_next,
        next_more=_more(m, len(follows) - len(shown_next)),
        meeting_line=_meetings(m),
        contact=m.plan.body,
        example_note=example_note,
        foot=f"{m.plan.title}　{m.head.full}　{KIND}",
    )


def _more(m: Material, left: int) -> str:
    return f"このほかの{left}件は、{m.elsewhere}" if left else ""


# --- the whole, the method, the goals ---------------------------------------------------------


def _goals_more(m: Material, left: int, unmeasured: int) -> str:
    told = _more(m, left)
    if unmeasured:
        told += f"数で確かめる項目のない{goal_label(m.plan)}が、ほかに{unmeasured}件あります。"
    return told


def _of(goal: NodeScore) -> str:
    """Return what is counted, in the plan's word; 指標 is no word for residents."""
    unit = unit_word(goal.averaged_over)
    return f"{'項目' if unit == '指標' else unit}{sum(goal.counts.values())}件"


def _counted(counts: Mapping[str, int]) -> str:
    """Return counts by letter in words: Aが3件、Bが2件、評価なしが1件."""
    told = (f"{'評価なし' if k == UNRATED else k}が{n}件" for k, n in counts.items() if n)
    return "、".join(told)


def _whole(m: Material) -> str:
    whole = m.score.overall
    told = _counted(whole.counts)
    if not told:
        return "数で確かめる項目はまだありません。"
    return f"{_of(whole)}のうち、{told}でした。{_why_none(whole)}"


def _why_none(node: NodeScore) -> str:
    """Say why something has no letter, where something has none."""
    return (
        "評価なしは、数がそろわないなどで評価できなかったものです。"
        if node.counts.get(UNRATED)
        else ""
    )


def _method(m: Material) -> list[str]:
    told = []
    if m.plan.scale.basis is Basis.JUDGED:
        told.append("どこまで進んだかを話し合い、記号で表しています。")
    else:
        told.append("目標の数と実際の数を比べて、どこまで届いたかを記号で表しています。")
    if m.plan.scale.basis is Basis.PACE:
        told.append(
            "最後の年度の目標に向けて進めるものは、今ごろ進んでいるはずの所と比べています。"
        )
    judged = judged_count(m)
    if judged:
        stages = dict.fromkeys(
            seen.official.stage.name
            for seen in m.story.evaluations.values()
            if seen.official is not None
        )
        told.append(
            f"人が話し合って付けた記号（{'・'.join(stages)}）があるものは、それを載せています。"
        )
    return told


def _levels(m: Material) -> list[SummaryLevel]:
    return [
        SummaryLevel(
            letter=row.letter,
            meaning=row.definition if row.definition != UNRATED else row.condition,
        )
        for row in build_levels(m.plan)
    ]


def _goal(m: Material, goal: NodeScore) -> SummaryGoal:
    code = goal.item.code
    official, before = official_of(m, code), official_before(m, code)
    earlier = node_letter(m.plan, m.before_node(code))
    return SummaryGoal(
        title=f"{goal.item.code}　{goal.item.name}",
        letter=node_letter(m.plan, goal) if official is None else official.letter,
        letter_before=earlier if official is None or before.text == UNRATED else before,
        sentence=_goal_sentence(goal),
    )


def _goal_sentence(goal: NodeScore) -> str:
    told = _counted(goal.counts)
    if not told or not goal.coverage.ratable:
        return "数で確かめる項目はありません。"
    return f"{_of(goal)}のうち、{told}です。"


def _goal_lines(goal: SummaryGoal) -> float:
    return lines(goal.title, GOAL_LINE) + lines(goal.sentence, GOAL_LINE + 8) * 0.85 + 0.3


# --- what was not reached ---------------------------------------------------------------------


def _below(m: Material) -> list[IndicatorScore]:
    below = [
        s
        for s in m.score.indicators.values()
        if s.level is not None and s.level in lowest_levels(s.scale)
    ]
    return sorted(below, key=standing_below)


def _weak_line(m: Material, count: int) -> str:
    scores = m.score.indicators.values()
    missing = sum(score.ratable and not score.rated for score in scores)
    if count:
        text = f"目標に届かなかったものは{count}件です。"
    elif any(score.rated for score in scores):
        text = "目標に大きく届かなかったものはありませんでした。"
    else:
        text = ""
    if missing:
        text += f"中止や集計中などで評価できなかったものが{missing}件あります。"
    return text or "数で確かめたものはまだありません。"


def _weak(m: Material, score: IndicatorScore) -> WeakPoint:
    code = score.indicator.code
    official = official_of(m, code) or official_of(m, m.plan.action_of[code])
    why = score.actual.note or (official.reason if official is not None else "")
    return WeakPoint(
        name=score.indicator.name,
        text=weak_sentence(score),
        why=shorten(why, SAID),
        example=score.example,
    )


def weak_sentence(score: IndicatorScore) -> str:
    """Return target and actual in plain words, without a rate."""
    ind = score.indicator
    numeric = score.actual.reading.state is State.VALUE
    actual = f"{actual_figure(score).text}{ind.unit if numeric else ''}"
    if score.rule is RateRule.RANGE:
        low, high = (format_number(one, ind.figure_decimals) for one in (ind.low, ind.high))
        return f"{low}から{high}{ind.unit}が目標のところ、{actual}でした。"
    if score.used_target is None:
        target = target_figure(score).text
        return (
            f"{actual}でした。" if target == UNRATED else f"目標は{target}、結果は{actual}でした。"
        )
    target = f"{format_number(score.used_target, ind.figure_decimals)}{ind.unit}"
    if ind.direction in (Direction.LOWER, Direction.KEEP_MAX):
        target += "以下"
    if score.against is Against.FINAL_TARGET and ind.final_target.year is not None:
        year = year_label(ind.final_target.year)
        return f"{year}までに{target}が目標で、今は{actual}です。"
    return f"{target}が目標のところ、{actual}でした。"


def _weak_lines(row: WeakPoint) -> float:
    return (
        lines(f"{row.name}　{row.text}", LINE - 6)
        + (lines(row.why, LINE - 6) if row.why else 0)
        + 0.3
    )


def _next_lines(fact: Fact) -> float:
    return lines(f"{fact.name}　{fact.text}", LINE - 6) + 0.2


# --- what follows -----------------------------------------------------------------------------


def _next(m: Material) -> list[Fact]:
    promised = [
        Fact(
            name=member_name(m.plan, promise.code) or "計画全体",
            text=f"{shorten(promise.improvement.text, SAID)}（{year_label(promise.improvement.due)}まで）",
        )
        for promise in m.story.made
    ]
    directed = [
        Fact(
            name=member_name(m.plan, code),
            text=f"{direction.word}　{shorten(direction.note, SAID)}",
        )
        for code, direction in m.story.directions.items()
        if direction.note and code in m.plan.items
    ]
    return promised + directed


def _next_line(m: Material, some: bool) -> str:
    if some:
        return "評価を受けて、次のことに取り組みます。"
    return f"{m.head.full}の評価を受けて決めたことは、まだ記録されていません。"


def _meetings(m: Material) -> str:
    held = sorted(
        (meeting.date, meeting.title or stage.name)
        for stage in m.plan.evaluation.stages
        for meeting in m.story.meetings.get(stage.code, ())
    )
    opinions = len(m.story.opinions)
    told = f"寄せられた意見は{opinions}件です。" if opinions else ""
    if not held:
        return told
    day, title = held[-1]
    rest = f"など{len(held)}回の会議" if len(held) > 1 else ""
    return f"{day_text(day)}の{title}{rest}で話し合いました。{told}"
