"""Plans written as YAML that reads back equal.

Only what differs from a default is written, in the order in which the bundled plans have it;
a map is kept on one line where it fits, texts are quoted where a bare word could be taken
for something else by any YAML reader.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Branch, Funding, Node, Owner, Plan
from shakyo_review.domain.rules import RuleSet, preset_names
from shakyo_review.domain.scale import Scale
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.domain.table_text import width
from shakyo_review.exchange.yaml_tree import resolve

WIDTH = 120
"""Columns (a kanji takes two) up to which a map stays on one line."""

_ORDER: dict[type[BaseModel], tuple[str, ...]] = {
    Plan: (
        *("code", "title", "body", "kind", "first_year", "last_year", "period_note", "philosophy"),
        *("levels", "parties", "branch_word", "branches", "rule_set", "scale"),
        *("rule_sets", "scales", "evaluation", "tree"),
    ),
    Node: (
        *("code", "name", "label", "level", "owners", "flags", "repeats", "branches", "method"),
        *("formerly", "merged_from", "split_from"),
        *("weight", "example", "note", "indicators", "funding", "children"),
    ),
    Indicator: (
        *("code", "name", "unit", "direction", "low", "high", "measure", "kind", "parts"),
        *("periods", "decimals", "target_kind", "path", "pace_percent", "steps", "baseline"),
        *(
            "final_target",
            "against",
            "rule",
            "milestones",
            "rule_set",
            "scale",
            "ceiling",
            "tolerance",
            "jump",
            "cadence",
        ),
        *("weight", "main", "formerly", "comparable_from", "source", "note", "example"),
        *("targets", "actuals"),
    ),
    Funding: ("name", "sources", "budget", "settlement", "forecast"),
}

Plain = str | dict[Any, Any] | list[Any]
"""A scalar as it stands in the file, a map, or a list."""


def write_plan(plan: Plan) -> str:
    """Return a plan as YAML (LF, one line end at the end); ``parse_plan`` gives an equal plan."""
    lines: list[str] = []
    for key, value in _model(plan).items():
        lines += _field(key, value, 0)
    return "\n".join(lines) + "\n"


def field_order(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of a model in the order in which they are written."""
    return _ORDER.get(model, tuple(model.model_fields))


# --- what is written ---------------------------------------------------------------------


def _model(model: BaseModel) -> dict[str, Plain]:
    fields = type(model).model_fields
    written: dict[str, Plain] = {}
    for name in field_order(type(model)):
        value = getattr(model, name)
        if fields[name].is_required() or value != fields[name].get_default(
            call_default_factory=True
        ):
            quoted = name in ("code", "repeats", "formerly", "split_from") and not isinstance(
                model, Plan | Branch
            )
            written[name] = _quoted(value) if quoted else _plain(value)
    return written


def _plain(value: Any) -> Plain:
    match value:
        case Owner():
            return _text(value.part) if value.name == value.part else _model(value)
        case RuleSet():
            return _preset(value, {name: RuleSet.preset(name) for name in preset_names()})
        case Scale():
            return _preset(value, PRESETS)
        case BaseModel():
            return _model(value)
        case dict():
            names = ((_text(k) if isinstance(k, str) else k, item) for k, item in value.items())
            return {name: _plain(item) for name, item in names}
        case tuple() | list():
            return [_plain(item) for item in value]
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Enum():
            return _text(str(value.value))
        case Decimal():
            return f"{value:f}"
        case str():
            return _text(value)
        case _:
            return str(value)


def _preset(value: BaseModel, presets: dict[str, Any]) -> Plain:
    name = next((name for name, preset in presets.items() if preset == value), None)
    return _model(value) if name is None else name


# --- scalars -----------------------------------------------------------------------------

_SPECIAL = frozenset(":#,[]{}\"'&*!|>%@`\\?~=")
_OPENING = frozenset("「『（〔【〈《“")
_WORDS = frozenset(["true", "false", "null", "yes", "no", "on", "off", "y", "n"])
_LIKE_NUMBER = re.compile(r"[0-9][0-9A-Fa-fox._+-]*")
_UNPRINTABLE = re.compile("[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def _text(text: str) -> str:
    """Return a text as a bare word where every reader takes it for just this text, else quoted."""
    if (
        text
        and (text[0].isalnum() or text[0] in _OPENING)
        and text == text.strip()
        and all((c.isprintable() or c == "\u3000") and c not in _SPECIAL for c in text)
        and text.lower() not in _WORDS
        and not _LIKE_NUMBER.fullmatch(text)
        and isinstance(resolve(text), str)
    ):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """Return a text in double quotes: JSON's escapes, and those for what YAML cannot show."""
    shown = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)


# --- layout ------------------------------------------------------------------------------

_SPREAD = frozenset(["tree", "children", "indicators", "funding", "branches", "milestones"])
_SPREAD |= {"levels", "off_scale", "stages"}
"""Fields whose maps always stand one below the other."""


def _flow(value: Plain) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return value


def _spread(key: Any, value: Plain) -> bool:
    """Whether a field holds maps that always stand one below the other, itself or further in."""
    if isinstance(value, dict):
        return any(_spread(name, item) for name, item in value.items())
    if isinstance(value, list):
        maps = any(isinstance(item, dict) for item in value)
        return (maps and key in _SPREAD) or any(_spread(None, item) for item in value)
    return False


def _one_line(key: Any, value: Plain, indent: int) -> str | None:
    """Return a value on one line, None where it is to be spread."""
    flow = _flow(value)
    if isinstance(value, str) or not value:
        return flow
    inner = value if isinstance(value, list) else value.values()
    if not any(isinstance(item, dict | list) for item in inner):
        years = isinstance(value, list) or all(isinstance(name, int) for name in value)
        if years:  # lists of words and figures by year: never broken, however long
            return flow
    if _spread(key, value) or indent + width(flow) > WIDTH:
        return None
    return flow


def _field(key: Any, value: Plain, indent: int) -> Iterator[str]:
    head = f"{' ' * indent}{key}:"
    flow = _one_line(key, value, len(head) + 1)
    if flow is not None:
        yield f"{head} {flow}"
        return
    yield head
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _field(name, item, indent + 2)
    else:
        for item in value:
            yield from _item(item, indent + 2)


def _item(value: Plain, indent: int) -> Iterator[str]:
    flow = _one_line(None, value, indent + 2)
    if flow is not None or not isinstance(value, dict):
        yield f"{' ' * indent}- {_flow(value)}"
        return
    lead = f"{' ' * indent}- "
    for name, item in value.items():
        for line in _field(name, item, indent + 2):
            yield lead + line[indent + 2 :] if lead else line
            lead = ""
