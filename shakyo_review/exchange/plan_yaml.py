"""Plan files: YAML in and out, and the JSON Schema of them.

``python -m shakyo_review.exchange.plan_yaml`` writes ``plan.schema.json`` anew.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Funding, Node, Plan
from shakyo_review.domain.rules import preset_names
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.domain.value import MAX_DIGITS
from shakyo_review.errors import PlanProblem, ReviewError, ValueProblem
from shakyo_review.exchange.fields import Loc
from shakyo_review.exchange.figures import figure_reading
from shakyo_review.exchange.plan_problems import (
    PlanFileProblem,
    Problem,
    locate,
    refusal,
    repair,
    translate,
)
from shakyo_review.exchange.plan_schema import SCHEMA_FILE, plan_schema, schema_text
from shakyo_review.exchange.plan_writer import write_plan
from shakyo_review.exchange.textfile import read_text_file, shown_name
from shakyo_review.exchange.yaml_tree import (
    Listing,
    Mapping,
    Scalar,
    Tree,
    TreeError,
    parse_tree,
    scalars,
    to_data,
)

__all__ = ["PlanFileProblem", "load_model", "parse_plan", "plan_schema", "read_plan", "write_plan"]

MAX_BYTES = 2_000_000

M = TypeVar("M", bound=BaseModel)


def read_plan(path: Path) -> Plan:
    """Return the plan of a YAML file (UTF-8, or Shift_JIS); raises ``PlanFileProblem``."""
    text = read_text_file(path, limit=MAX_BYTES, refuse=_refuse)
    return parse_plan(text, shown_name(path))


def _refuse(message: str, hint: str) -> ReviewError:
    return PlanFileProblem(message, hint, problems=(f"{message}{hint}",))


def parse_plan(text: str, source: str) -> Plan:
    """Return the plan of a YAML text; ``source`` names it in messages.

    Raises ``PlanFileProblem`` with every problem (ten at most), each with line and field.
    """
    plan, root = _load(Plan, text, source)
    problems = list(_figure_problems(plan))
    if problems:
        raise refusal(source, [_at(root, loc, said) for loc, said in problems])
    return plan


def load_model(model: type[M], text: str, source: str) -> M:
    """Return a model read from YAML; raises ``PlanFileProblem`` as ``parse_plan`` does."""
    return _load(model, text, source)[0]


def _load(model: type[M], text: str, source: str) -> tuple[M, Tree]:
    if len(text) > MAX_BYTES:
        raise _refuse(
            f"{source} は大きすぎます。", f"{MAX_BYTES // 1_000_000}MB までにしてください。"
        )
    try:
        root = parse_tree(text)
    except TreeError as problem:
        raise refusal(source, [Problem(problem.line, "", problem.sentence)]) from None
    if isinstance(root, Scalar) and root.value is None:
        what = "計画" if model is Plan else "内容"
        raise refusal(source, [Problem(0, "", f"空です。{what}を書いてください。")])
    if not isinstance(root, Mapping):
        said = (
            "いちばん外側が「欄: 値」の形になっていません。"
            "「title: …」のように、半角の「: 」で書いてください。"
        )
        raise refusal(source, [Problem(root.line, "", said)])
    return _validate(model, root, source), root


def _validate(model: type[M], root: Mapping, source: str) -> M:
    errors = []
    for _ in range(3):  # mending may bring the next harmless thing to light
        try:
            made = model.model_validate(to_data(root))
        except ValidationError as problem:
            errors = problem.errors(include_url=False)
            if not repair(errors, root):
                break
        except PlanProblem as problem:
            raise _contradiction(problem, root, source) from None
        except ArithmeticError:  # a number too long to be calculated with
            raise refusal(source, [_endless(root)]) from None
        else:
            big = [_at(root, loc, _DIGITS) for loc in _out_of_size(made)]
            if big:
                raise refusal(source, big)
            return made
    raise refusal(source, translate(errors, root, model))


def _at(root: Tree, loc: Loc, text: str) -> Problem:
    line, path, _ = locate(root, loc)
    return Problem(line, path, text)


# --- numbers -----------------------------------------------------------------------------

_DIGITS = f"桁が多すぎます。{MAX_DIGITS}桁までで書いてください。"


def _too_long(number: Decimal) -> bool:
    return len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS


def _endless(root: Tree) -> Problem:
    for scalar in scalars(root):
        try:
            number = Decimal(scalar.text)
        except ArithmeticError:
            continue
        if number.is_finite() and _too_long(number):
            return Problem(scalar.line, "", _DIGITS)
    return Problem(0, "", _DIGITS)


def _out_of_size(value: object, loc: tuple[str | int, ...] = ()) -> Iterator[Loc]:
    """Yield the places of numbers no book can hold."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name in value.model_fields_set:
                yield from _out_of_size(getattr(value, name), (*loc, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _out_of_size(item, (*loc, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _out_of_size(item, (*loc, key))
    elif isinstance(value, (int, Decimal)) and _too_long(Decimal(value)):
        yield loc


# --- figures -----------------------------------------------------------------------------


def _figure_problems(plan: Plan) -> Iterator[tuple[Loc, str]]:
    """Yield targets, actuals and amounts that no cell of this plan can hold."""
    for loc, node in _nodes(plan.tree, ("tree",)):
        yield from _name_problem(node.name, loc)
        yield from _weight_problem("indicators", node.indicators, loc)
        own = tuple(one for one in node.children if one.repeats is None)
        yield from _weight_problem("children", own, loc)
        for number, indicator in enumerate(node.indicators):
            yield from _name_problem(indicator.name, (*loc, "indicators", number))
            yield from _indicator_problems(plan, indicator, (*loc, "indicators", number))
        for number, line in enumerate(node.funding):
            yield from _funding_problems(plan, line, (*loc, "funding", number))


def _nodes(nodes: tuple[Node, ...], loc: tuple[str | int, ...]) -> Iterator[tuple[Loc, Node]]:
    for number, node in enumerate(nodes):
        here = (*loc, number)
        yield here, node
        yield from _nodes(node.children, (*here, "children"))


def _name_problem(name: str, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if not name.strip():
        yield (*loc, "name"), "名前が空白だけです。名前を書いてください。"


def _weight_problem(
    field: str, things: tuple[Indicator, ...] | tuple[Node, ...], loc: Loc
) -> Iterator[tuple[Loc, str]]:
    """Refuse what leaves no weight to an average: a revision refuses it as well."""
    if things and not any(one.weight for one in things):
        text = "並んでいるものの重みが、すべて0です。どれか1つは0より大きくしてください。"
        yield (*loc, field, 0, "weight"), text


def _indicator_problems(plan: Plan, indicator: Indicator, loc: Loc) -> Iterator[tuple[Loc, str]]:
    for name, figures in (("targets", indicator.targets), ("actuals", indicator.actuals)):
        for year, figure in figures.items():
            try:
                figure_reading(indicator, figure)
            except ValueProblem as problem:
                yield (*loc, name, year), str(problem)
            else:
                yield from _year_problem(plan, year, (*loc, name, year))


def _funding_problems(plan: Plan, line: Funding, loc: Loc) -> Iterator[tuple[Loc, str]]:
    for name, amounts in (("budget", line.budget), ("settlement", line.settlement)):
        for year in amounts:
            yield from _year_problem(plan, year, (*loc, name, year))


def _year_problem(plan: Plan, year: int, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if not plan.accepts_year(year):
        period = f"{year_label(plan.first_year)}〜{year_label(plan.last_year)}"
        yield (
            loc,
            f"{year_label(year)}は計画の期間（{period}）とその前10年の外です。年度を直してください。",
        )


# --- contradictions ----------------------------------------------------------------------


def _contradiction(problem: PlanProblem, root: Mapping, source: str) -> PlanFileProblem:
    """Give a contradiction the domain found its line: of a code used twice, the second."""
    loc = _place_of(problem, root)
    return refusal(source, [_at(root, loc, str(problem))], problem.code)


def _place_of(problem: PlanProblem, root: Mapping) -> Loc:
    if not problem.code:
        return _place_without_code(root)
    places = [loc for code, loc in _codes(root) if code == problem.code]
    if len(places) != 1:
        return places[1] if places else ()
    item = places[0][:-1]
    written = locate(root, item)[2]
    fields = written.entries if isinstance(written, Mapping) else {}
    for name, word in _NAMED_IN.items():
        if name in fields and word in problem.message:
            return (*item, name)
    return places[0]


_NAMED_IN = {
    "rule_set": " rule_set に",
    "scale": " scale に",
    "repeats": "再掲",
    "branches": "branches",
    "level": "段目",
}
"""The word by which a contradiction tells the field it lies in."""


def _place_without_code(root: Mapping) -> Loc:
    for field, presets in (("rule_set", preset_names()), ("scale", tuple(PRESETS))):
        written, named = root.entries.get(field), root.entries.get(f"{field}s")
        if isinstance(written, Scalar) and written.value not in presets:
            return (field,)
        for name, entry in named.entries.items() if isinstance(named, Mapping) else ():
            if isinstance(entry, Scalar) and entry.value not in presets:
                return (f"{field}s", name)
    branches = root.entries.get("branches")
    seen: set[str] = set()
    for number, branch in enumerate(branches.items if isinstance(branches, Listing) else ()):
        code = branch.entries.get("code") if isinstance(branch, Mapping) else None
        if isinstance(code, Scalar):
            if code.text in seen:
                return ("branches", number, "code")
            seen.add(code.text)
    return ("scale",)


def _codes(tree: Tree, loc: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Loc]]:
    """Yield every code of nodes and indicators with its place, in the order of the file."""
    if isinstance(tree, Listing):
        for index, item in enumerate(tree.items):
            yield from _codes(item, (*loc, index))
    elif isinstance(tree, Mapping):
        for key, value in tree.entries.items():
            if key == "code" and isinstance(value, Scalar) and len(loc) > 1:
                yield value.text, (*loc, key)
            elif key in ("tree", "children", "indicators"):
                yield from _codes(value, (*loc, key))


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
