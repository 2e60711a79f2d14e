"""What is wrong with a plan file, in Japanese and by line.

pydantic says in English what it expected and where; here it becomes a sentence a council can
act on, with the line of the file and the path of the field.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from shakyo_review.domain.plan import Owner
from shakyo_review.errors import PlanProblem
from shakyo_review.exchange.fields import Loc, choices, field_title, model_at
from shakyo_review.exchange.sentences import Error, sentence, shown
from shakyo_review.exchange.textfile import printable
from shakyo_review.exchange.yaml_tree import Listing, Mapping, Scalar, Tree

MOST = 10
"""Problems told at once."""


class PlanFileProblem(PlanProblem):
    """A plan file that cannot be read; ``problems`` are sentences with line and field, by line."""

    def __init__(
        self, message: str, hint: str = "", code: str = "", problems: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, hint, code)
        self.problems = problems


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem: line (0 where there is none), path of the field, sentence."""

    line: int
    path: str
    text: str

    def __str__(self) -> str:
        place = " ".join(p for p in (f"{self.line}行目" if self.line else "", self.path) if p)
        return printable(f"{place}: {self.text}" if place else self.text)


def refusal(source: str, problems: Sequence[Problem], code: str = "") -> PlanFileProblem:
    """Return the error that tells the first problem and how many more there are."""
    ordered = sorted(problems)
    first, more = ordered[0], len(ordered) - 1
    start = f"{source} の " if first.line or first.path else f"{source}: "
    message = f"{start}{first}{f'（ほか {more} 件）' if more else ''}"
    return PlanFileProblem(message, "", code, tuple(str(p) for p in ordered[:MOST]))


def locate(root: Tree, loc: Loc) -> tuple[int, str, Tree]:
    """Return line, path and value of a place, as deep as the file has it."""
    node, line, path = root, root.line, ""
    for part in loc:
        if isinstance(node, Mapping) and part in node.entries:
            line, node = node.lines[part], node.entries[part]
            path += f".{part}" if path else str(part)
        elif isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            line = node.line
            path += f"[{part}]"
        # whatever else pydantic puts into a place names a branch of a union, no field
    return line, path, node


def repair(errors: Sequence[Error], root: Tree) -> bool:
    """Mend in the tree what is harmless: a bare number as text, a key without value.

    Returns whether anything was mended, so that the tree is worth another try.
    """
    mended = False
    for error in errors:
        loc = error["loc"]
        _, _, node = locate(root, loc)
        if not isinstance(node, Scalar):
            continue
        if error["type"] == "string_type" and isinstance(node.value, (int, Decimal)):
            if not isinstance(node.value, bool):
                node.value, mended = node.text, True
        elif node.value is None and error["input"] is None:
            mended = _drop(root, loc, node) or mended
    return mended


def _drop(root: Tree, loc: Loc, node: Scalar) -> bool:
    for end in range(len(loc), 0, -1):
        parent = locate(root, loc[: end - 1])[2]
        key = loc[end - 1]
        if isinstance(parent, Mapping) and parent.entries.get(key) is node:
            del parent.entries[key]
            parent.blank.add(key)
            return True
    return False


def translate(errors: Sequence[Error], root: Tree, model: type[BaseModel]) -> list[Problem]:
    """Return pydantic's errors as located Japanese problems, one for each place."""
    found: dict[str, Problem] = {}
    unions: set[str] = set()
    for error in errors:
        problem = _problem(error, root, model)
        if error["type"] == "missing" and _implied(error, model):
            continue
        if error["type"] == "literal_error":
            unions.add(problem.path)
        # of a union the last branch speaks: text beside number, `all` beside a list of codes
        found[problem.path] = problem
    for path in unions:  # the list was meant, and an entry of it is already named
        if any(other.startswith(f"{path}[") for other in found):
            del found[path]
    for error in errors:  # pydantic leaves a faulty entry out and then finds the list too short
        if error["type"] == "too_short":
            path = locate(root, error["loc"])[1]
            if any(other.startswith((f"{path}[", f"{path}.")) for other in found):
                found.pop(path, None)
    return list(found.values())


def _problem(error: Error, root: Tree, model: type[BaseModel]) -> Problem:
    kind, loc = error["type"], tuple(error["loc"])
    line, path, node = locate(root, loc)
    if kind == "missing":
        name = str(loc[-1])
        owner = locate(root, loc[:-1])[2]
        if isinstance(owner, Mapping) and name in owner.blank:
            line = owner.lines[name]
        text = _missing(model_at(model, loc[:-1]), name)
        return Problem(line, f"{path}.{name}" if path else name, text)
    if kind == "value_error":
        text = _sentence(str(error["ctx"]["error"]))
        line = _line_of_named(node, text) or line
        return Problem(line, path, text)
    if kind == "extra_forbidden":
        return Problem(line, path, _unknown(model_at(model, loc[:-1]), str(loc[-1])))
    return Problem(line, path, sentence(error))


def _implied(error: Error, model: type[BaseModel]) -> bool:
    """Whether a missing field need not be written: an owner's name follows from the part."""
    return error["loc"][-1] == "name" and model_at(model, error["loc"][:-1]) is Owner


def _sentence(text: str) -> str:
    return text if text.endswith("。") else f"{text}。"


def _line_of_named(node: Tree, text: str) -> int:
    """Return the line of the first field a sentence names, 0 where it names none."""
    if not isinstance(node, Mapping):
        return 0
    named = [key for key in node.entries if re.search(rf"\b{re.escape(str(key))}\b", text, re.A)]
    return node.lines[min(named, key=lambda key: text.index(str(key)))] if named else 0


# --- sentences ---------------------------------------------------------------------------


def _missing(model: type[BaseModel], name: str) -> str:
    title = field_title(model, name)
    told = f"（{title}）" if title else ""
    words = choices(model.model_fields.get(name))
    if words:
        return f"欄がありません。「{name}: 」{told}に {'・'.join(words)} のどれかを書いてください。"
    return f"欄がありません。「{name}: …」{told}を書いてください。"


def _unknown(model: type[BaseModel], name: str) -> str:
    fields = list(model.model_fields)
    told = f"「{shown(name)}」という欄はありません。"
    near = difflib.get_close_matches(name.strip().lower(), fields, 1, 0.6)
    if near:
        return f"{told}「{near[0]}」の書き間違いではありませんか。"
    if len(fields) <= 12:
        return f"{told}使える欄は {'・'.join(fields)} です。"
    return f"{told}欄の名前と字下げを確かめてください。"
