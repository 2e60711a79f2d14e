"""pydantic's error types as Japanese sentences: what was written, and what to write instead."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from shakyo_review.domain.fiscal_year import parse_year
from shakyo_review.domain.indicator import DIRECTION_LABELS, MEASURE_LABELS, PARTS_LABELS
from shakyo_review.errors import WrongUsage
from shakyo_review.exchange.textfile import printable

Error = Mapping[str, Any]
"""One entry of ``ValidationError.errors()``."""


def shown(value: Any) -> str:
    """Return a value for a message: short, one line, printable."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "空"
    if isinstance(value, (dict, list, tuple)):
        return "一覧" if not isinstance(value, dict) else "組"
    text = str(value)
    cut = text[:40] + ("…" if len(text) > 40 else "")
    return printable(cut)


_LABELS = {
    label: member.value
    for labels in (DIRECTION_LABELS, MEASURE_LABELS, PARTS_LABELS)
    for member, label in labels.items()
}


def _choice(error: Error) -> str:
    choices = re.findall(r"'([^']*)'", error["ctx"]["expected"])
    given = error["input"]
    if error["type"] == "literal_error" and choices == ["all"]:
        return f"「{shown(given)}」は使えません。コードの一覧（[a, b]）か all を書いてください。"
    near: list[str] = []
    if isinstance(given, str):
        meant = _LABELS.get(given.strip(), given.strip().lower())
        near = [meant] if meant in choices else difflib.get_close_matches(meant, choices, 1, 0.6)
    guess = f"「{near[0]}」ではありませんか。" if near else ""
    return f"「{shown(given)}」は使えません。{guess}{'・'.join(choices)} のどれかを書いてください。"


def _whole(error: Error) -> str:
    given = error["input"]
    told = f"「{shown(given)}」は整数として読めません。"
    if isinstance(given, str):
        try:
            year = parse_year(given)
        except WrongUsage:
            pass
        else:
            return f"{told}年度なら西暦で {year} と書いてください。"
    return f"{told}半角の数字だけを書いてください（例 2024）。"


def _number(error: Error) -> str:
    told = f"「{shown(error['input'])}」は数として読めません。"
    return f"{told}半角の数字だけを書いてください（例 12.5）。"


def _text(error: Error) -> str:
    given = error["input"]
    if isinstance(given, (dict, list)):
        return "ここに書けるのは1つの値です。一覧や組は書けません。"
    return f'「{shown(given)}」は文字として読めません。引用符 " で囲んでください。'


def _pattern(error: Error) -> str:
    given = shown(error["input"])
    if "A-Za-z" in error["ctx"]["pattern"]:
        return (
            f"「{given}」はコードに使えません。"
            "半角の英数字で始め、英数字と . _ - だけで書いてください。"
        )
    if not error["input"]:
        return "空です。文字を書いてください。"
    return f"「{given}」に改行か制御文字があります。1行の文字で書いてください。"


def _too_short(error: Error) -> str:
    return "空です。1つ以上書いてください。"


def _too_long(error: Error) -> str:
    limit = error["ctx"]["max_length"]
    return f"「{shown(error['input'])}」は長すぎます。{limit}文字までで書いてください。"


def _bound(error: Error) -> str:
    words = {"ge": "以上", "gt": "より大きい数", "le": "以下", "lt": "より小さい数"}
    name, limit = next(iter(error["ctx"].items()))
    number = f"{limit} {words[name]}" + ("の数" if name in ("ge", "le") else "")
    return f"「{shown(error['input'])}」は使えません。{number}を書いてください。"


def _listing(error: Error) -> str:
    told = f"「{shown(error['input'])}」は一覧ではありません。"
    return f"{told}[a, b] の形か、「- 」で始まる行で書いてください。"


def _mapping(error: Error) -> str:
    name = error.get("ctx", {}).get("class_name", "")
    also = "決まった名前か、" if name in ("Scale", "RuleSet") else ""
    return f"「{shown(error['input'])}」は使えません。{also}「欄: 値」の組で書いてください。"


def _flag(error: Error) -> str:
    return f"「{shown(error['input'])}」は使えません。true か false を書いてください。"


def _key(error: Error) -> str:
    return f"「{shown(error['input'])}」という欄はありません。欄の名前を確かめてください。"


def _unicode(error: Error) -> str:
    return "文字にできない文字コードがあります。書き直してください。"


def _other(error: Error) -> str:
    return f"「{shown(error.get('input'))}」は使えません。書き方を確かめてください。"


_TEXTS = {
    **dict.fromkeys(("enum", "literal_error"), _choice),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _whole),
    **dict.fromkeys(("decimal_type", "decimal_parsing", "finite_number"), _number),
    **dict.fromkeys(("greater_than_equal", "greater_than", "less_than_equal", "less_than"), _bound),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type", "mapping_type"), _mapping),
    **dict.fromkeys(("tuple_type", "list_type"), _listing),
    **dict.fromkeys(("bool_type", "bool_parsing"), _flag),
    **dict.fromkeys(("too_short", "string_too_short"), _too_short),
    "string_type": _text,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _pattern,
    "invalid_key": _key,
    "string_unicode": _unicode,
}


def sentence(error: Error) -> str:
    """Return the sentence for an error: always Japanese, also for a type not foreseen."""
    return _TEXTS.get(error["type"], _other)(error)
