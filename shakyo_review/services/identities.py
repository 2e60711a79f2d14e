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
    was = {code: _called(code, thing.formerly, past) for code, thing in things.items()}
    claimed = {before: code for code, before in was.items() if before is not None}
    if len(claimed) < sum(before is not None for before in was.values()):
        twice = next(c for c, one in was.items() if one is not None and claimed[one] != c)
        raise PlanProblem(
            f"「{twice}」と「{claimed[was[twice] or '']}」の改定の前のコードが、どちらも「{was[twice]}」です。",
            "改定の前のコード（formerly）を直してください。",
            twice,
        )
    found: dict[str, int] = {}
    for code, thing in things.items():
        before = was[code]
        if before is None and code in past and code not in claimed:
            before = code
        if before is not None:
            same[code] = before
            found[code] = getattr(editions.newest.ids, kind)[before]
            continue
        number = _resumed(editions, kind, code, thing.name)
        if number is None or number in found.values():
            number = plan_rows.new_identity(book.file.db, kind, code)
        found[code] = number
    return found


def _called(
    code: str, formerly: str | None, past: Mapping[str, Node] | Mapping[str, Indicator]
) -> str | None:
    """Return the code from which something is renumbered now, None where it is not."""
    there = past.get(code)
    if formerly is None or formerly not in past or formerly == code:
        return None
    return formerly if there is None or there.formerly != formerly else None


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
