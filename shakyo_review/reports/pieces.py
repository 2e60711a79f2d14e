"""Small pieces of a report: figures, letters, names, each worded once for all chapters."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from shakyo_review.domain.comparison import (
    BADGE_LABELS,
    Badge,
    Change,
    IndicatorRow,
)
from shakyo_review.domain.derivation import EXAMPLE_MARK
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.goals import UNRATED, NodeScore
from shakyo_review.domain.indicator import Dated, Indicator
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.domain.rating import display
from shakyo_review.domain.rollup import Whole
from shakyo_review.domain.rules import GoalRule
from shakyo_review.domain.scale import Basis, Scale
from shakyo_review.domain.scoring import IndicatorScore, TargetSource
from shakyo_review.domain.value import (
    STATE_LABELS,
    State,
    format_number,
    format_reading,
    half_up,
)
from shakyo_review.reports.context.parts import Figure, Letter

NO_LETTER = Letter(text=UNRATED, said="判定なし", tone="none", shape="", example=False)
"""What stands where there is no letter."""
NO_FIGURE = Figure(text=UNRATED, numeric=False, example=False, note="")
"""What stands where there is no figure."""
MOST_YEARS = 4
"""Years set side by side in a table of indicators: as many as A4 upright holds."""


# --- letters ---------------------------------------------------------------------------------


def _tone(scale: Scale, label: str) -> str:
    """Spread the ranks of any scale over four tones: the best t0, the lowest t3."""
    steps = max(len(scale.levels) - 1, 1)
    return f"t{min((3 * scale.rank(label) + steps // 2) // steps, 3)}"


def level_letter(scale: Scale, label: str, *, example: bool = False, text: str = "") -> Letter:
    """Return a letter of a scale; ``text`` is what is printed where it differs (達成見込み)."""
    level = scale.level(label)
    if level is None:
        return NO_LETTER.model_copy(update={"text": text or label, "said": text or label})
    return Letter.model_validate(
        {
            "text": text or label,
            "said": f"{text or label} {level.definition}".strip(),
            "tone": _tone(scale, label),
            "shape": level.shape,
            "example": example,
        }
    )


def indicator_letter(score: IndicatorScore | None) -> Letter:
    """Return the letter of an indicator."""
    if score is None or score.rating is None:
        return NO_LETTER
    if score.level is None:
        return NO_LETTER.model_copy(update={"text": score.rating, "said": score.rating})
    return level_letter(score.scale, score.level.label, example=score.example, text=score.rating)


def node_letter(plan: Plan, score: NodeScore | None) -> Letter:
    """Return the letter of an item of the plan."""
    if score is None or score.rating is None:
        return NO_LETTER
    return level_letter(plan.scale, score.rating, example=score.example)


def letter_counts(scores: Iterable[IndicatorScore]) -> str:
    """Return how often each letter was given, best first: A 5件・B 2件・判定なし 1件; '' for none."""
    counts: dict[str, int] = {}
    order: dict[str, int] = {}
    for score in scores:
        if score.rule is None:
            continue
        label = score.level.label if score.level is not None else "判定なし"
        counts[label] = counts.get(label, 0) + 1
        order[label] = score.scale.rank(label) if score.level is not None else 99
    labels = sorted(counts, key=lambda label: order[label])
    return "・".join(f"{label} {counts[label]}件" for label in labels)


# --- figures ---------------------------------------------------------------------------------


def figure(text: str, *, numeric: bool = True, example: bool = False, note: str = "") -> Figure:
    """Return a figure from its text."""
    return Figure(text=text, numeric=numeric, example=example, note=note)


def actual_figure(score: IndicatorScore | None) -> Figure:
    """Return the actual of a year: the number, or the word of its state."""
    if score is None:
        return NO_FIGURE
    whole = score.actual
    blank = STATE_LABELS[State.NOT_ENTERED]
    return figure(
        format_reading(whole.reading, score.indicator.figure_decimals, blank=blank),
        numeric=whole.reading.state is State.VALUE,
        example=whole.example and whole.reading.state is not State.NOT_ENTERED,
        note=_actual_note(score),
    )


def _actual_note(score: IndicatorScore) -> str:
    whole = score.actual
    if whole.measured_year is not None and whole.measured_year != score.year:
        return f"{short_year(whole.measured_year)}の値"
    if whole.interim is not None and whole.reading.state is State.BEING_COUNTED:
        return f"ここまで{format_number(whole.interim, score.indicator.figure_decimals)}"
    return ""


def target_figure(score: IndicatorScore | None) -> Figure:
    """Return the target of a year: entered, by the path, or a text (随時)."""
    if score is None:
        return NO_FIGURE
    target = score.target
    if target.value is not None:
        by_path = target.source is TargetSource.PATH
        example = score.indicator.example if by_path else target.whole.example
        return figure(format_number(target.value, score.indicator.figure_decimals), example=example)
    return _worded(target.whole, score.indicator.figure_decimals)


def _worded(whole: Whole, decimals: int) -> Figure:
    if whole.reading.state is State.NOT_ENTERED:
        return NO_FIGURE
    return figure(format_reading(whole.reading, decimals), numeric=False, example=whole.example)


def rate_figure(score: IndicatorScore | None) -> Figure:
    """Return the rate as the screen shows it, with what it is against the share of the period."""
    if score is None or score.rate is None:
        return NO_FIGURE
    paced = score.pace is not None and score.scale.basis is Basis.PACE
    note = f"経過比{display(score.pace, score.rules)}" if paced else ""
    return figure(score.display, example=score.example, note=note)


def dated_figure(indicator: Indicator, dated: Dated) -> Figure:
    """Return a baseline or final target with its year."""
    if dated.value is None:
        return NO_FIGURE
    return figure(
        format_number(dated.value, indicator.figure_decimals),
        example=indicator.example,
        note="" if dated.year is None else short_year(dated.year),
    )


def score_text(plan: Plan, score: NodeScore) -> str:
    """Return the score of an item with its unit: 88.1%, 3.2点, －."""
    if score.score is None:
        return UNRATED
    decimals = plan.rule_set.decimals
    unit = "点" if plan.rule_set.goal is GoalRule.MEAN_OF_POINTS else "%"
    return f"{format_number(half_up(score.score, decimals), decimals)}{unit}"


def score_figure(plan: Plan, score: NodeScore | None) -> Figure:
    """Return the score of an item of the plan."""
    if score is None or score.score is None:
        return NO_FIGURE
    return figure(score_text(plan, score), example=score.example)


def coverage_short(score: NodeScore) -> str:
    """Return the coverage for a table: 6/9, － where nothing is to be rated."""
    coverage = score.coverage
    return f"{coverage.rated}/{coverage.ratable}" if coverage.ratable else UNRATED


def difference_text(value: Decimal | None, decimals: int, unit: str = "") -> str:
    """Return a difference with its sign: +3, △3, ±0."""
    if value is None:
        return UNRATED
    sign = "+" if value > 0 else "±" if value == 0 else ""
    return f"{sign}{format_number(value, decimals)}{unit}"


# --- names and words -------------------------------------------------------------------------

CHANGE_WORDS = {1: "上がった", 0: "同じ", -1: "下がった"}


def change_word(change: Change) -> str:
    """Return how a letter moved: 上がった, 同じ, 下がった, － where it cannot be said."""
    return UNRATED if change.rating is None else CHANGE_WORDS[change.rating]


def badge_words(row: IndicatorRow) -> list[str]:
    """Return what has to be known before years are compared; 例示 stands at the figures themselves."""
    return [BADGE_LABELS[badge] for badge in row.badges if badge is not Badge.EXAMPLE]


def item_title(item: Item) -> str:
    """Return an item as a heading names it: 基本目標 1　つながる地域づくり."""
    return f"{item.label} {item.code}　{item.name}"


def goal_label(plan: Plan) -> str:
    """Return the plan's word for the items of the top level, or its words where there are several."""
    labels = dict.fromkeys(item.label for item in plan.children_of(None))
    return "・".join(labels) or plan.levels[0]


def item_name(item: Item) -> str:
    """Return an item's code and name."""
    return f"{item.code} {item.name}"


def member_name(plan: Plan, code: str) -> str:
    """Return the name of an item or indicator; '' where the plan of the year has it no more."""
    if code in plan.indicators:
        return plan.indicators[code].name
    return plan.items[code].name if code in plan.items else ""


def day_text(day: str) -> str:
    """Return a day for people: 2026年6月25日; what is no day stays as it is."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{found.year}年{found.month}月{found.day}日"


def item_flags(plan: Plan, item: Item) -> list[str]:
    """Return the flags of an item, with 再掲 where it repeats another and 例示 where it is invented."""
    own = dict.fromkeys(item.node.flags)
    if item.node.repeats is not None:
        own.setdefault("再掲")
    if item.node.example:
        own.setdefault(EXAMPLE_MARK)
    return list(own)


def owners_text(item: Item) -> str:
    """Return who carries an item, departments gathered under their part: 社協（総務課・地域課）."""
    parts: dict[str, list[str]] = {}
    for owner in item.owners:
        parts.setdefault(owner.part, []).extend([owner.name] if owner.name != owner.part else [])
    told = (f"{part}（{'・'.join(names)}）" if names else part for part, names in parts.items())
    return "・".join(told) or UNRATED


def owners_of(plan: Plan, indicator: str) -> str:
    """Return who answers for an indicator."""
    return owners_text(plan.items[plan.action_of[indicator]])
