"""The JSON Schema of plan files, for editors and for people who make such files by program.

Generated from the models of the domain; what the reader accepts beyond them (a preset's
name, an owner in one word) is added here.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rules import preset_names
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.exchange.fields import MODELS, field_title, models_below

SCHEMA_FILE = Path(__file__).with_name("plan.schema.json")

_YEAR_KEYS = {"pattern": "^[0-9]{4}$"}


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a plan file, with Japanese titles."""
    schema = Plan.model_json_schema(mode="validation")
    definitions = schema["$defs"]
    models = models_below(Plan)
    for name, definition in definitions.items():
        definition.pop("description", None)  # docstrings, written for programmers
        definition.pop("title", None)
        if name in MODELS:
            definition["title"] = MODELS[name]
            _describe(definition, models[name])
    schema.pop("description", None)
    schema["title"] = MODELS["Plan"]
    _describe(schema, Plan)
    properties = schema["properties"]
    properties["rule_set"] = _named(properties["rule_set"], preset_names())
    properties["scale"] = _named(properties["scale"], tuple(PRESETS))
    for name, presets in (("rule_sets", preset_names()), ("scales", tuple(PRESETS))):
        field = properties[name]
        by_name = field.pop("patternProperties", None)  # so, or as the other one: by version
        full = field["additionalProperties"] if by_name is None else next(iter(by_name.values()))
        field["additionalProperties"] = _named(full, presets)
        field["propertyNames"] = {"minLength": 1, "maxLength": 200}
    owner = definitions["Owner"]
    owner["required"] = ["part"]
    definitions["Owner"] = {
        "title": owner.pop("title"),
        "anyOf": [{"type": "string", "minLength": 1}, owner],
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """Return the schema as the text of the shipped file."""
    return json.dumps(plan_schema(), ensure_ascii=False, indent=2) + "\n"


def _describe(definition: dict[str, Any], model: type[BaseModel]) -> None:
    """Give the properties of a model their Japanese titles and take generated ones away."""
    for name, field in definition["properties"].items():
        field.pop("title", None)
        field.pop("description", None)
        _tidy(field)
        title = field_title(model, name)
        if title:
            field["title"] = title
        if "additionalProperties" in field:
            field["propertyNames"] = _YEAR_KEYS


def _tidy(field: dict[str, Any]) -> None:
    """Take out what says nothing or differs between versions of pydantic (patterns of decimals)."""
    branches = field.get("anyOf", [])
    if any(branch.get("type") == "number" for branch in branches):
        texts = [branch for branch in branches if branch.get("type") == "string"]
        texts[-1].pop("pattern", None)
        field["anyOf"] = [b for b in branches if b not in texts[:-1]]
    inner = [field.get("items"), field.get("additionalProperties"), *branches]
    for schema in inner:
        if isinstance(schema, dict):
            schema.pop("description", None)
            _tidy(schema)


def _named(field: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Admit a preset's name beside the full form."""
    full = {"$ref": field.pop("$ref")}
    return {**field, "anyOf": [{"enum": list(names)}, full]}
