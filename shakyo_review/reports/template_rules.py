"""What a template may do: print, choose, repeat and arrange. It may not compute, and it must end.

The rules are held for the templates shipped and for a council's own alike: a number on paper is the
one of the report context, worded by ``domain``, and no template can make another of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any

from jinja2 import TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape
from pydantic import BaseModel

MOST_STEPS = 500_000
"""Turns of all loops of one document; the report of 150 indicators and 10 years needs 3,400."""
MOST_TEXT = 20_000_000
"""Characters of a text that a template may put together."""

Escape = Callable[[str], str]
"""Turns a text into the code of a format that prints exactly this text."""

_KNOWN = """
batch capitalize count d default dictsort e escape first groupby indent items join last length list
lower map reject rejectattr reverse select selectattr slice sort string trim unique upper
"""
FILTERS = frozenset(_KNOWN.split())
"""The filters that arrange or choose; those that compute, guess, roll dice or undo escaping are not there."""

_GLOBALS = frozenset({"range", "dict", "cycler", "joiner", "namespace"})
_SIGNS = {
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Pow: "**",
    nodes.Neg: "-",
    nodes.Pos: "+",
}


class TooMuch(Exception):
    """A template that repeats without end."""


class ReportEnvironment(ImmutableSandboxedEnvironment):
    """Jinja without access to Python, without computing, and with the escaping of a format.

    ``escaper`` says how a text is written in the format; it is applied to everything a template
    prints, also where macros and texts are put together by ``~`` or ``join``. What an escaper returns,
    and what helper functions return as ``Markup``, is taken as code of the format.
    """

    def __init__(self, escaper: Escape | None = None, **options: Any) -> None:
        self.escaper = escaper
        self.steps = 0
        self._models: dict[type, bool] = {}
        super().__init__(
            finalize=None if escaper is None else _finalized, autoescape=True, **options
        )
        for name in set(self.filters) - FILTERS:
            del self.filters[name]
        for name in set(self.globals) - _GLOBALS:
            del self.globals[name]
        self.filters["e"] = self.filters["escape"] = self.written
        self.filters["join"] = self.join

    def written(self, value: Any) -> Markup:
        """Return a value as code of the format; what is code already stays as it is."""
        if self.escaper is None or hasattr(value, "__html__"):
            return escape(value)
        return Markup(self.escaper(str(value)))  # noqa: S704 - the format's own escaping

    def joined(self, *parts: Any) -> str:
        """Join texts; where one of them is code, the others become code as well."""
        if any(hasattr(part, "__html__") for part in parts):
            made: str = Markup("").join(self.written(part) for part in parts)
        else:
            made = "".join(map(str, parts))
        if len(made) > MOST_TEXT:
            raise TooMuch
        return made

    def join(self, values: Iterable[Any], between: str = "", attribute: str | None = None) -> str:
        """Join the values of a list; with ``attribute``, that field of each."""
        parts: list[Any] = []
        for value in self.counted(values):
            parts += [between] if parts else []
            parts.append(value if attribute is None else self.getattr(value, attribute))
        return self.joined(*parts)

    def counted(self, values: Any) -> Any:
        """Return what a loop goes through; raises ``TooMuch`` where all loops turn too often."""
        if isinstance(values, Sized):
            self._count(len(values))
            return values
        return self._one_by_one(values) if isinstance(values, Iterator) else values

    def _one_by_one(self, values: Iterator[Any]) -> Iterator[Any]:
        for value in values:
            self._count(1)
            yield value

    def _count(self, turns: int) -> None:
        self.steps += turns
        if self.steps > MOST_STEPS:
            raise TooMuch

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a field of a report model at once; anything else only as the sandbox allows."""
        kind = type(obj)
        if kind not in self._models:
            self._models[kind] = issubclass(kind, BaseModel)
        if self._models[kind] and attribute in obj.__dict__:
            return obj.__dict__[attribute]
        return super().getattr(obj, attribute)

    def is_safe_callable(self, obj: Any) -> bool:
        """Let helpers, macros and loops be called, but no method of a text or number."""
        owner = getattr(obj, "__self__", None)
        return not isinstance(owner, str | bytes | int | float) and super().is_safe_callable(obj)

    def wrap_str_format(self, value: Any) -> None:
        """Let ``format`` be a method of a text like the others."""

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, **options: Any
    ) -> str:
        _rule(source, name, filename)
        made: str = super()._generate(source, name, filename, **options)
        return made


@pass_context
def _finalized(context: Context, value: Any) -> Any:
    environment = context.environment
    assert isinstance(environment, ReportEnvironment)  # noqa: S101 - made nowhere else
    return environment.written(value)


def _rule(node: nodes.Node, name: str | None, filename: str | None) -> None:
    """Let loops be counted and texts be joined by the environment, all the way down.

    Raises ``TemplateSyntaxError`` where a template computes.
    """
    for child in list(node.iter_child_nodes()):
        _rule(child, name, filename)
        told = _forbidden(child)
        if told:
            raise TemplateSyntaxError(told, child.lineno, name, filename)
        if isinstance(child, nodes.For):
            child.iter = _call("counted", [child.iter], child)
    for field, value in node.iter_fields():
        if isinstance(value, list):
            value[:] = map(_own_join, value)
        elif isinstance(value, nodes.Concat):
            setattr(node, field, _own_join(value))


def _forbidden(node: nodes.Node) -> str:
    """Say what a template may not do here; '' where it may."""
    if type(node) in _SIGNS and not (
        isinstance(node, nodes.UnaryExpr) and isinstance(node.node, nodes.Const)
    ):
        return f"ひな型では計算（{_SIGNS[type(node)]}）はできません"
    known = node.environment
    if isinstance(node, nodes.Filter) and known is not None and node.name not in known.filters:
        return f"ひな型では「{node.name}」（フィルタ）は使えません"
    return ""


def _own_join(node: Any) -> Any:
    return _call("joined", node.nodes, node) if isinstance(node, nodes.Concat) else node


def _call(name: str, arguments: list[nodes.Expr], where: nodes.Node) -> nodes.Call:
    function = nodes.EnvironmentAttribute(name, lineno=where.lineno)
    made = nodes.Call(function, arguments, [], None, None, lineno=where.lineno)
    made.set_environment(where.environment)
    return made
