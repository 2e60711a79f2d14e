"""YAML read into a tree that remembers its lines.

Built from ruamel.yaml's events, not its constructors: numbers stay exact (``Decimal``, never
``float``), every value keeps its line and its text, and what a plan file has no use for
(anchors, tags, several documents, duplicate keys, bottomless nesting) is refused by line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_DEPTH = 60
MAX_NODES = 400_000
MAX_NUMBER = 28
"""Digits up to which a bare word is a number; longer ones stay text."""

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

Key = str | int


@dataclass(slots=True)
class Scalar:
    """A single value: what it means and how it is written."""

    line: int
    text: str
    value: bool | int | Decimal | str | None


@dataclass(slots=True)
class Listing:
    """A list."""

    line: int
    items: list["Tree"] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """A mapping; ``lines`` are those of its keys, ``blank`` holds dropped keys without a value."""

    line: int
    entries: dict[Key, "Tree"] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)
    blank: set[Key] = field(default_factory=set)


Tree = Scalar | Listing | Mapping


class TreeError(Exception):
    """A text that is no YAML of ours: the line (1-based, 0 where there is none) and a sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence


def resolve(text: str) -> bool | int | Decimal | str | None:
    """Return what a bare word means (YAML 1.2 core, decimals exact): null, bool, number or text."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= MAX_NUMBER:
        if _INT.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
    return text


def parse_tree(text: str) -> Tree:
    """Return the one document of a YAML text; raises ``TreeError``."""
    try:
        return _build(YAML(typ="safe", pure=True).parse(text))
    except TreeError:
        raise
    except ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise TreeError(line, "使えない文字（制御文字）があります。消してください。") from None
    except (YAMLError, MarkedYAMLError) as problem:
        raise _syntax(problem, text) from None
    except Exception:  # the parser stumbled: whatever the text is, it is no YAML
        raise TreeError(0, "YAML として読めません。書き方を確かめてください。") from None


def to_data(tree: Tree) -> Any:
    """Return a tree as plain dicts, lists and values."""
    if isinstance(tree, Mapping):
        return {key: to_data(value) for key, value in tree.entries.items()}
    if isinstance(tree, Listing):
        return [to_data(item) for item in tree.items]
    return tree.value


def scalars(tree: Tree) -> Iterator[Scalar]:
    """Yield every single value of a tree in the order of the file."""
    if isinstance(tree, Scalar):
        yield tree
        return
    for child in tree.items if isinstance(tree, Listing) else tree.entries.values():
        yield from scalars(child)


@dataclass(slots=True)
class _Open:
    """A list or mapping not closed yet, and the key waiting for its value."""

    tree: Listing | Mapping
    key: ScalarEvent | None = None


def _build(events: Iterator[Any]) -> Tree:
    root: Tree | None = None
    stack: list[_Open] = []
    documents = nodes = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise TreeError(
                    line, "文書が2つあります（「---」）。1つのファイルに1つにしてください。"
                )
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            stack.pop()
        elif isinstance(event, NodeEvent):
            nodes += 1
            if nodes > MAX_NODES:
                raise TreeError(
                    line, f"項目が多すぎます（{MAX_NODES:,}まで）。計画を分けてください。"
                )
            _refuse_specials(event, line)
            tree = _tree_of(event, line)
            if not stack:
                root = tree
            elif not _attach(stack[-1], event, tree):
                continue
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                if len(stack) >= MAX_DEPTH:
                    raise TreeError(line, f"入れ子が深すぎます（{MAX_DEPTH}段まで）。")
                stack.append(_Open(tree))  # type: ignore[arg-type]
    return Scalar(1, "", None) if root is None else root


def _tree_of(event: Any, line: int) -> Tree:
    if isinstance(event, MappingStartEvent):
        return Mapping(line)
    if isinstance(event, SequenceStartEvent):
        return Listing(line)
    plain = event.implicit[0] and event.style is None
    return Scalar(line, event.value, resolve(event.value) if plain else event.value)


def _attach(parent: _Open, event: Any, tree: Tree) -> bool:
    """Put a node where it belongs; False where it was a key."""
    if isinstance(parent.tree, Listing):
        parent.tree.items.append(tree)
        return True
    if parent.key is None:
        if not isinstance(tree, Scalar):
            raise TreeError(tree.line, "「欄: 値」の欄の名前に、一覧や組は使えません。")
        key = _key(tree)
        if key in parent.tree.entries:
            first = parent.tree.lines[key]
            raise TreeError(
                tree.line,
                f"「{tree.text[:40]}」が2回書かれています（はじめは{first}行目）。片方を消してください。",
            )
        parent.tree.lines[key] = tree.line
        parent.key = event
        return False
    parent.tree.entries[_key_of_event(parent.key)] = tree
    parent.key = None
    return True


def _key(scalar: Scalar) -> Key:
    """Return a key; years are numbers however they are written, so that 2024 and "2024" collide."""
    value = resolve(scalar.text)
    return value if isinstance(value, int) and not isinstance(value, bool) else scalar.text


def _key_of_event(event: ScalarEvent) -> Key:
    return _key(Scalar(0, event.value, None))


def _refuse_specials(event: Any, line: int) -> None:
    if isinstance(event, AliasEvent) or event.anchor is not None:
        raise TreeError(
            line, '「&」や「*」で始まる値（参照）は使えません。文字なら引用符 " で囲んでください。'
        )
    if getattr(event, "ctag", None) is not None:
        raise TreeError(
            line, '「!」で始まる値（タグ）は使えません。文字なら引用符 " で囲んでください。'
        )


_SYNTAX = (
    ("'\\t'", "字下げにタブが使われています。半角の空白にしてください。"),
    ("that cannot start", '値が記号で始まっています。値を引用符 " で囲んでください。'),
    ("mapping values", "「: 」の位置か字下げがおかしくなっています。前の行とそろえてください。"),
    ("could not find expected ':'", "「欄: 値」の「: 」（半角）がありません。"),
    ("expected ',' or", "この行から始まるかっこの中がおかしいか、閉じていません。"),
    ("end of stream", "この行から始まる引用符かかっこが閉じていません。"),
    ("block end", "字下げが前の行とそろっていません。"),
    ("block sequence", "字下げが前の行とそろっていません。"),
    ("alphabetic or numeric", '「&」や「*」で始まる値は引用符 " で囲んでください。'),
)


_OPENED = ("expected ',' or", "end of stream", "could not find expected ':'")


def _syntax(problem: YAMLError, text: str) -> TreeError:
    """Translate an error of the parser."""
    told = str(getattr(problem, "problem", "") or "")
    mark = getattr(problem, "problem_mark", None)
    opened = getattr(problem, "context_mark", None)
    # where something was opened and never closed, the opening is the place to look at
    if opened is not None and any(part in told for part in _OPENED):
        mark = opened
    sentence = next((said for part, said in _SYNTAX if part in told), "書き方を確かめてください。")
    if mark is None:
        return TreeError(0, f"YAML として読めません。{sentence}")
    lines = text.splitlines()
    written = lines[mark.line] if mark.line < len(lines) else ""
    if "：" in written and ":" not in written:
        sentence = "「：」が全角です。半角の「: 」にしてください。"
    elif written.startswith("　"):
        sentence = "字下げに全角の空白が使われています。半角の空白にしてください。"
    return TreeError(mark.line + 1, f"YAML として読めません。{sentence}")
