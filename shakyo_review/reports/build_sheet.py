"""Chapter 7: the full sheet, the derivations, the terms."""

from collections.abc import Iterator

from shakyo_review.domain.derivation import Step, indicator_steps, node_steps
from shakyo_review.domain.goals import NodeScore
from shakyo_review.domain.plan import Item, Plan
from shakyo_review.reports import texts
from shakyo_review.reports.build_letters import before_words, official_of
from shakyo_review.reports.context import Derivation, SheetRow
from shakyo_review.reports.context_parts import Fact
from shakyo_review.reports.pieces import (
    NO_FIGURE,
    Material,
    actual_figure,
    indicator_letter,
    item_flags,
    node_letter,
    owners_text,
    rate_figure,
    score_figure,
    target_figure,
)

SCALE_STEP = "判定の基準"
"""The step that is the same for all; chapter 2 prints it once."""


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


def _facts(steps: list[Step], skip: int = 0) -> list[Fact]:
    return [Fact(name=s.title, text=s.text) for s in steps[skip:] if s.title != SCALE_STEP]


def build_derivations(m: Material) -> list[Derivation]:
    """Build the derivation of every indicator."""
    return [
        Derivation(
            code=code,
            name=score.indicator.name,
            result=indicator_letter(score),
            steps=_facts(indicator_steps(score)),
        )
        for code, score in m.score.indicators.items()
    ]


def build_node_derivations(m: Material) -> list[Derivation]:
    """Build the derivation of the whole and of every item that joins more than one part."""
    joined = [n for n in m.score.nodes.values() if n.repeats is None and len(n.parts) > 1]
    return [_node(m, score) for score in (m.score.overall, *joined)]


def _node(m: Material, score: NodeScore) -> Derivation:
    whole = score is m.score.overall
    return Derivation(
        code="" if whole else score.item.code,
        name=score.item.name,
        result=node_letter(m.plan, score),
        steps=_facts(node_steps(m.plan, score), skip=1),
    )


def build_glossary() -> list[Fact]:
    """Build the list of terms."""
    return [Fact(name=name, text=text) for name, text in texts.GLOSSARY]
