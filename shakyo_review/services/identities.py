"""What goes on in a new edition of the plan, and what is new: by code, and by the code it had before."""

from collections.abc import Iterator, Mapping

from shakyo_review.domain.funding import funding_code
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Node, Plan
from shakyo_review.errors import PlanProblem
from shakyo_review.services.book import ReviewBook
from shakyo_review.storage import plans as plan_rows
from shakyo_review.storage.plans import Edition, Editions, Ids


def identities(
    book: ReviewBook, editions: Editions, new: Plan, past: Plan
) -> tuple[Ids, dict[str, str]]:
    """Return the identities of a new plan, and the old code of everything that goes on.

    What ``past`` said already of earlier codes (``formerly``) is an old story; all else of that
    sort in the new plan renumbers. New identities are stored.
    """
    base = editions.newest
    same: dict[str, str] = {}
    nodes = _known(book, editions, "node", _nodes(new), _nodes(past), same)
    figures = _known(book, editions, "indicator", new.indicators, past.indicators, same)
    money: dict[str, int] = {}
    for code, item in new.items.items():
        lines = {funding_code(code, n): line.name for n, line in enumerate(item.node.funding, 1)}
        before = [same[code]] if code in same else []
        before += [*item.node.merged_from, *filter(None, [item.node.split_from])]
        old = {
            line: name
            for line, name in _lines(base, before)
            if base.ids.funding[line] not in money.values()
        }
        for line, number in _matched(lines, old, base).items():
            money[line] = number or plan_rows.new_identity(book.file.db, "funding", line)
    return Ids(nodes, figures, money), same


def _nodes(plan: Plan) -> dict[str, Node]:
    return {code: item.node for code, item in plan.items.items()}


def _known(
    book: ReviewBook,
    editions: Editions,
    kind: str,
    things: Mapping[str, Node] | Mapping[str, Indicator],
    past: Mapping[str, Node] | Mapping[str, Indicator],
    same: dict[str, str],
) -> dict[str, int]:
    """Return the identity of each item or indicator; what goes on is noted in ``same``."""
    found: dict[str, int] = {}
    for code, thing in things.items():
        before = _old_code(code, thing.formerly, past)
        if before is None:
            number = _resumed(editions, kind, code, thing.name)
            if number is None or number in found.values():
                number = plan_rows.new_identity(book.file.db, kind, code)
        else:
            same[code] = before
            number = getattr(editions.newest.ids, kind)[before]
        if number in found.values():
            raise PlanProblem(
                f"「{code}」の改定の前のコード「{before}」が、ほかの項目と重なっています。",
                "改定の前のコード（formerly）を直してください。",
                code,
            )
        found[code] = number
    return found


def _old_code(
    code: str, formerly: str | None, past: Mapping[str, Node] | Mapping[str, Indicator]
) -> str | None:
    """Return what something was called before, None where it is new."""
    there = past.get(code)
    if formerly is not None and formerly in past and (there is None or there.formerly != formerly):
        return formerly
    return None if there is None else code


def _resumed(editions: Editions, kind: str, code: str, name: str) -> int | None:
    """Return the identity of something that is taken up again: an earlier edition had it, the newest has not.

    It has the code and the name it had; a freed code may also be given to another thing.
    """
    taken = set(getattr(editions.newest.ids, kind).values())
    for edition in reversed(editions.all[:-1]):
        number = getattr(edition.ids, kind).get(code)
        things = edition.plan.items if kind == "node" else edition.plan.indicators
        if number is not None and number not in taken and things[code].name == name:
            return int(number)
    return None


def _lines(base: Edition, codes: list[str]) -> Iterator[tuple[str, str]]:
    """Yield code and name of the funding lines of some items."""
    for code in dict.fromkeys(codes):
        item = base.plan.items.get(code)
        for number, line in enumerate(item.node.funding if item is not None else (), 1):
            yield funding_code(code, number), line.name


def _matched(
    lines: Mapping[str, str], old: Mapping[str, str], base: Edition
) -> dict[str, int | None]:
    """Return the identity of each funding line: that of the same name, else of the same place."""
    left = dict(old)
    found: dict[str, int | None] = {}
    for line, name in lines.items():
        same_name = next((code for code, known in left.items() if known == name), None)
        if same_name is not None:
            del left[same_name]
            found[line] = base.ids.funding[same_name]
    places = {code.rpartition(".f")[2]: code for code in reversed(left)}
    for line in lines:
        if line not in found:
            renamed = places.pop(line.rpartition(".f")[2], None)
            found[line] = None if renamed is None else base.ids.funding[renamed]
    return {line: found[line] for line in lines}
