"""The reference of everything a template may use, written from the models: docs/report-fields.md.

``python -m shakyo_review.reports.reference`` writes it to standard output.
"""

import sys
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from shakyo_review.reports.chapters import CHAPTERS
from shakyo_review.reports.context import ReportContext

INTRODUCTION = """\
# 報告書のひな型で使える欄

この文書は `python -m shakyo_review.reports.reference` が作ります。手で直さないでください。

ひな型では `report` だけを使えます。`{{ report.cover.year }}` のように、下の表の名前を「.」でつないで書きます。
数値はすべて、画面と同じ書き方に整えた文字です。ひな型は印刷するだけで、計算はできません。
数のまま渡すのは図の長さや高さだけで、図は `{{ chart(…) }}`（HTML・PDF）で描きます。

ない名前を書くと、ひな型の名前・行・欄の名前を示して作成をやめます。
「無いことがある」の付いた欄は、`{% if … %}` で確かめてから使ってください。
「の並び」の付いた欄は、`{% for … in … %}` で1つずつ取り出します。
"""
WORDS: dict[Any, str] = {str: "文字", bool: "はい・いいえ", int: "数", float: "数"}
"""What a field holds, in the words of those who write templates."""


def models() -> Iterator[type[BaseModel]]:
    """Return every model that can be reached from the context, in the order it is first met."""
    seen: dict[type[BaseModel], None] = {}

    def walk(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            if annotation in seen:
                return
            seen[annotation] = None
            for field in annotation.model_fields.values():
                walk(field.annotation)
        for inner in get_args(annotation):
            walk(inner)

    walk(ReportContext)
    yield from seen


def kind_of(annotation: Any) -> str:
    """Return in words what a field holds: 文字, Letter の並び, Trend（無いことがある）."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        (held,) = (one for one in inner if one is not NoneType)
        return f"{kind_of(held)}（無いことがある）"
    if origin is list:
        return f"{kind_of(inner[0])} の並び"
    if origin is Literal:
        return "・".join(f"`{one}`" for one in inner)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return WORDS[annotation]


def reference() -> str:
    """Return the reference as Markdown."""
    parts = [INTRODUCTION, _chapters()]
    for model in models():
        lines = [f"## {model.__name__}", "", "| 欄 | 中身 | 意味 |", "|---|---|---|"]
        for name, field in model.model_fields.items():
            lines.append(f"| `{name}` | {kind_of(field.annotation)} | {field.description} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _chapters() -> str:
    lines = [
        "## 章の種類",
        "",
        "`report.chapters` にある章だけを、順に載せます。部品のひな型は `annual/parts/` の種類と同じ名前のファイルです。",
        "",
        "| 種類 | 題 |",
        "|---|---|",
    ]
    lines += [f"| `{kind}` | {title} |" for kind, title in CHAPTERS.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(reference().encode())
