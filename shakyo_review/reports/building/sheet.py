"""Chapter 7: the full sheet, the derivations, the terms."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from shakyo_review.domain.derivation import Step, indicator_steps, node_steps
from shakyo_review.domain.goals import NodeScore
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.domain.scale import lowest_levels
from shakyo_review.domain.scoring import IndicatorScore
from shakyo_review.reports import texts
from shakyo_review.reports.building.letters import before_words, official_of
from shakyo_review.reports.context import Derivation, SheetRow
from shakyo_review.reports.context.parts import Fact
from shakyo_review.reports.material import Material
from shakyo_review.reports.pieces import (
    NO_FIGURE,
    actual_figure,
    indicator_letter,
    item_flags,
    member_name,
    node_letter,
    owners_text,
    rate_figure,
    score_figure,
    target_figure,
)

SCALE_STEP = "判定の基準"
"""The step that is the same for all; chapter 2 prints it once."""


TABLED = ("基準値", "最終目標", "率")
"""Steps that the tables of the goals print beside each indicator."""
COUNTS = "判定の内訳"
"""The step that chapter 3 prints for the whole and the goals; lower items go without it."""


def build_sheet(m: Material) -> list[SheetRow]:
    """Build the full sheet: every item of the plan with its indicators under it."""
    return list(_rows(m))


def _rows(m: Material) -> Iterator[SheetRow]:
    plan = m.plan
    for item in plan.items.values():
        depth = len(plan.path_of(item.code)) - 1
        score = m.score.nodes[item.code]
        yield SheetRow(
            kind="node",
            depth=depth,
            code=item.code,
            name=item.name,
            flags=item_flags(plan, item),
            owners=_owners(plan, item),
            target=NO_FIGURE,
            actual=NO_FIGURE,
            rate=score_figure(plan, score),
            letter=node_letter(plan, score),
            official=official_of(m, item.code),
            letter_before=node_letter(plan, m.before_node(item.code)),
            official_before=before_words(m, item.code),
        )
        for indicator in item.node.indicators:
            one = m.score.indicators[indicator.code]
            unit = f"（{indicator.unit}）" if indicator.unit else ""
            yield SheetRow(
                kind="indicator",
                depth=depth + 1,
                code=indicator.code,
                name=f"{indicator.name}{unit}",
                flags=[],
                owners="",
                target=target_figure(one),
                actual=actual_figure(one),
                rate=rate_figure(one),
                letter=indicator_letter(one),
                official=official_of(m, indicator.code),
                letter_before=indicator_letter(m.before_indicator(indicator.code)),
                official_before=before_words(m, indicator.code),
            )


def _owners(plan: Plan, item: Item) -> str:
    """Return the owners of an item; nothing where they are those of the item above."""
    same = item.parent is not None and plan.items[item.parent].owners == item.owners
    return "" if same else owners_text(item)


MOST_DERIVED = 20
"""Derivations of indicators, or of items, that are printed; of more of them only a part is."""


def build_derivations(m: Material) -> list[Derivation]:
    """Build the derivation of every indicator with a rate or letter; chapter 4 tells of the others."""
    derived = _derived(m)
    few = len(derived) <= MOST_DERIVED
    return [
        Derivation(
            printed=few or _asked_about(m, score),
            code=code,
            name=score.indicator.name,
            result=indicator_letter(score),
            steps=_facts(s for s in indicator_steps(score)[1:] if s.title not in TABLED),
        )
        for code, score in derived
    ]


def _asked_about(m: Material, score: IndicatorScore) -> bool:
    """Whether a council asks how it came about: below the line, or judged other than computed."""
    judged = official_of(m, score.indicator.code)
    return score.level in lowest_levels(score.scale) or (judged is not None and judged.differs)


def _derived(m: Material) -> list[tuple[str, IndicatorScore]]:
    scores = m.score.indicators.items()
    return [(code, s) for code, s in scores if s.rate is not None or s.rating is not None]


def _facts(steps: Iterable[Step]) -> list[Fact]:
    return [Fact(name=s.title, text=s.text) for s in steps if s.title != SCALE_STEP]


def build_node_derivations(m: Material) -> list[Derivation]:
    """Build the derivation of the whole and of the items that join more than one part."""
    joined = [n for n in m.score.nodes.values() if n.repeats is None and len(n.parts) > 1]
    few = len(joined) <= MOST_DERIVED
    return [
        _node(m, m.score.overall, printed=True),
        *(_node(m, n, printed=few or len(m.plan.path_of(n.item.code)) <= 2) for n in joined),
    ]


def _node(m: Material, score: NodeScore, *, printed: bool) -> Derivation:
    whole = score is m.score.overall
    return Derivation(
        printed=printed,
        code="" if whole else score.item.code,
        name=score.item.name,
        result=node_letter(m.plan, score),
        steps=_facts(_gathered(m, node_steps(m.plan, score)[1:])),
    )


PARTS, NOT_RATED = "内訳", "未評価"
"""Steps of which there is one for each part."""


def _gathered(m: Material, steps: Sequence[Step]) -> Iterator[Step]:
    """Gather the parts of a score that come to the same: 100.0% A（1-1、1-3）、96.0% B（1-2）.

    What has not been rated stands with its reason in the chapter on exceptions, where that is there.
    """
    for title, group in groupby(steps, key=lambda step: step.title):
        if title == COUNTS or (title == NOT_RATED and m.chapter("exceptions")):
            continue
        if title not in (PARTS, NOT_RATED):
            yield from group
            continue
        said: dict[str, list[str]] = {}
        for step in group:
            named = f"{step.code} {member_name(m.plan, step.code)}: "
            said.setdefault(step.text.removeprefix(named), []).append(step.code)
        yield Step(title, "、".join(f"{text}（{'、'.join(c)}）" for text, c in said.items()))


def derivations_line(m: Material) -> str:
    """Say what is not repeated in each derivation, and which indicators have none."""
    method = m.chapter("method")
    line = f"判定の基準は{method}のとおりです。" if method else ""
    left = len(m.score.indicators) - len(_derived(m))
    if left:
        line += f"率も判定もない指標{left}件は省いています{m.see('exceptions')}。"
    return line


def derivations_rest(indicators: Sequence[Derivation], nodes: Sequence[Derivation]) -> str:
    """Say which derivations are not printed, and where they are to be seen; nothing if all are."""
    left, lower = (sum(not one.printed for one in group) for group in (indicators, nodes))
    line = ""
    if left:
        line += f"指標は、目標に届かなかったものと評価が判定と異なるものを載せ、ほかの{left}件は省いています。"
    if lower:
        line += f"項目は上の2段を載せ、その下の{lower}件は省いています。"
    return line + texts.DERIVATIONS_ELSEWHERE if line else ""


def build_glossary(m: Material) -> list[Fact]:
    """Build the list of terms."""
    where = m.chapter("method")
    formula = texts.RATE_FORMULA.format(where) if where else ""
    return [
        Fact(name=name, text=text + (formula if name == "率" else ""))
        for name, text in texts.GLOSSARY
    ]
