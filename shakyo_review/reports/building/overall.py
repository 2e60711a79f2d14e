"""Chapter 3: the whole, counted by letter, this year against last."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shakyo_review.domain.derivation import coverage_text
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.goals import UNRATED, NodeScore
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.shares import SHARE_DECIMALS, shares
from shakyo_review.domain.value import format_percent, half_up
from shakyo_review.reports.building.charts import radar_chart
from shakyo_review.reports.building.goals import anchor_of
from shakyo_review.reports.building.letters import departed_rows, official_before, official_of
from shakyo_review.reports.building.method import unit_word
from shakyo_review.reports.context.parts import CountChart, CountSeries, Letter
from shakyo_review.reports.context.results import CountRow, GoalLetterRow, Overall
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import (
    NO_LETTER,
    change_word,
    coverage_short,
    goal_label,
    item_title,
    level_letter,
    node_letter,
    score_figure,
    score_text,
)

MOST_BESIDE = 6
"""Letters up to which their counts can be drawn on half a page's width, beside the web of the goals."""


def build_overall(m: Material) -> Overall:
    """Build chapter 3."""
    plan, whole = m.plan, m.score.overall
    earlier = None if m.before is None else m.before.overall
    labels = count_labels(plan, [n for n in (whole, earlier, *m.score.goals) if n is not None])
    heads = [letter_head(plan, label) for label in labels]
    now = [whole.counts.get(label, 0) for label in labels]
    past = None if earlier is None else [earlier.counts.get(label, 0) for label in labels]
    rows = [
        _count_row(plan, label, *texts_)
        for label, *texts_ in zip(labels, *counted(now), *counted(past, len(labels)), strict=True)
    ]
    radar = radar_chart(m)
    narrow = radar is not None and len(heads) <= MOST_BESIDE
    goals = [_goal(m, goal, place, labels) for place, goal in enumerate(m.score.goals, 1)]
    return Overall(
        year=m.head,
        year_before=m.head_before,
        letter=node_letter(plan, whole),
        lead=_lead(m, whole, earlier),
        unit=unit_word(whole.averaged_over),
        rows=rows,
        total=_total(now, past),
        chart=_chart(m, heads, now, past, narrow=narrow),
        radar=radar,
        goals=goals,
        has_official=any(row.official is not None for row in goals),
        has_official_before=any(row.official_before.text != UNRATED for row in goals),
        departed=departed_rows(m),
        count_heads=heads,
        goal_label=goal_label(plan),
        example=whole.example or (earlier is not None and earlier.example),
    )


def count_labels(plan: Plan, nodes: Sequence[NodeScore]) -> list[str]:
    """Return all ranks, then what else occurs: labels that are no rank (中止, 完了), at last 評価なし."""
    found = {label for node in nodes for label, count in node.counts.items() if count}
    known = [off.label for off in plan.scale.off_scale]
    others = sorted(found - {*plan.scale.labels, *known, UNRATED})
    order = [*known, *others, *([] if UNRATED in known else [UNRATED])]
    return [*plan.scale.labels, *(label for label in order if label in found)]


def letter_meaning(plan: Plan, label: str) -> str:
    """Return what a label means by the plan's scale, else by that of an indicator that has it."""
    level = plan.scale.level(label)
    if level is not None:
        return level.definition or UNRATED
    own = (plan.scale_of(indicator) for indicator in plan.indicators.values())
    for off in (off for scale in (plan.scale, *own) for off in scale.off_scale):
        if off.label == label and off.definition:
            return off.definition
    return "評価なし" if label == UNRATED else UNRATED


def letter_head(plan: Plan, label: str) -> Letter:
    """Return a letter as it heads a row or column of counts."""
    if label == UNRATED:
        return NO_LETTER.model_copy(update={"said": "評価なし"})
    return level_letter(plan.scale, label)


def counted(counts: Sequence[int] | None, size: int = 0) -> tuple[list[str], list[str]]:
    """Return counts and shares as texts; － where there is nothing to count."""
    if counts is None:
        return [UNRATED] * size, [UNRATED] * size
    if not sum(counts):
        return [str(count) for count in counts], [UNRATED] * len(counts)
    return [f"{count:,}" for count in counts], [
        format_percent(share, SHARE_DECIMALS) for share in shares(counts)
    ]


def _count_row(
    plan: Plan, label: str, count: str, share: str, past: str, past_share: str
) -> CountRow:
    return CountRow(
        letter=letter_head(plan, label),
        definition=letter_meaning(plan, label),
        count=count,
        share=share,
        count_before=past,
        share_before=past_share,
    )


def _total(now: Sequence[int], past: Sequence[int] | None) -> CountRow:
    def texts_(counts: Sequence[int] | None) -> tuple[str, str]:
        if counts is None:
            return UNRATED, UNRATED
        total = sum(counts)
        whole = format_percent(sum(shares(counts), Decimal(0)), SHARE_DECIMALS)
        return f"{total:,}", whole if total else UNRATED

    count, share = texts_(now)
    count_before, share_before = texts_(past)
    return CountRow(
        letter=NO_LETTER.model_copy(update={"text": "計", "said": "計"}),
        definition="",
        count=count,
        share=share,
        count_before=count_before,
        share_before=share_before,
    )


def _lead(m: Material, whole: NodeScore, earlier: NodeScore | None) -> list[str]:
    plan = m.plan
    score = f"、点数は{score_text(plan, whole)}（{whole.rule}、{whole.averaged_over}）"
    if whole.level is not None:
        meaning = f"（{whole.level.definition}）" if whole.level.definition else ""
        first = f"計画全体の判定は {whole.level.label}{meaning}"
    else:
        why = whole.problem or ("" if whole.coverage.ratable else "評価する指標がない")
        first = f"計画全体の判定は「なし」{f'（{why}）' if why else ''}"
    lead = [f"{first}{'' if whole.score is None else score}です。"]
    if earlier is not None and earlier.rating is not None:
        past = f"、点数は{score_text(plan, earlier)}" if earlier.score is not None else ""
        lead.append(f"{m.word_before}の判定は {earlier.rating}{past}でした。")
    percent = whole.coverage.percent
    if percent is not None:
        share = format_percent(half_up(percent, SHARE_DECIMALS), SHARE_DECIMALS)
        lead.append(f"評価すべき{coverage_text(whole)}を評価しました（{share}）。")
    if whole.worst is not None and whole.worst.level is not None:
        worst = whole.worst
        lead.append(
            f"最も低かったのは「{worst.code} {worst.name}」（{whole.worst.level.label}）です。"
        )
    return lead


def _chart(
    m: Material,
    heads: Sequence[Letter],
    now: Sequence[int],
    past: Sequence[int] | None,
    *,
    narrow: bool,
) -> CountChart | None:
    if not sum(now):
        return None
    series = [CountSeries(year=m.head.full, counts=list(now), example=m.score.overall.example)]
    if m.before is not None and past is not None:
        example = m.before.overall.example
        series.insert(
            0, CountSeries(year=year_label(m.before.year), counts=list(past), example=example)
        )
    told = "。".join(
        f"{one.year}は"
        + "、".join(f"{h.text} {c}件" for h, c in zip(heads, one.counts, strict=True))
        for one in series
    )
    return CountChart(
        id="chart-letters",
        title="判定ごとの件数",
        description=f"判定ごとの件数の縦棒グラフ。{told}。",
        letters=list(heads),
        series=series,
        narrow=narrow,
    )


def _goal(m: Material, goal: NodeScore, place: int, labels: Sequence[str]) -> GoalLetterRow:
    code = goal.item.code
    earlier = m.before_node(code)
    counts: Mapping[str, int] = goal.counts
    total = sum(counts.values())
    return GoalLetterRow(
        title=item_title(goal.item),
        anchor=anchor_of(place) if m.chapter("goals") else "",
        letter=node_letter(m.plan, goal),
        score=score_figure(m.plan, goal),
        coverage=coverage_short(goal),
        official=official_of(m, code),
        letter_before=node_letter(m.plan, earlier),
        official_before=official_before(m, code),
        score_before=score_figure(m.plan, earlier),
        change=change_word(m.change_of(m.node_rows[code])),
        counts=[f"{counts.get(label, 0):,}" for label in labels] if total else [],
        total=f"{total:,}",
    )
