"""The funding lines of a plan by their codes."""

from shakyo_review.domain.plan import Funding, Item, Plan


def funding_code(node: str, number: int) -> str:
    """Return the code of a node's funding line, counted from 1: ``1-4.f2``."""
    return f"{node}.f{number}"


def funding_lines(plan: Plan) -> dict[str, tuple[Item, Funding]]:
    """Return every funding line of a plan by its code, in print order."""
    return {
        funding_code(item.code, number): (item, line)
        for item in plan.items.values()
        for number, line in enumerate(item.node.funding, 1)
    }
