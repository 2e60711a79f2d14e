"""Reads a tagged PDF back the way a screen reader does: the tree of its tags with their texts."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, NumberObject


def plain(text: str) -> str:
    """A text without blanks, line breaks and places to break: how it is set is of no matter."""
    return "".join(text.replace("\u200b", "").split())


@dataclass
class Tag:
    """An element of the structure tree."""

    kind: str
    alt: str = ""
    span: tuple[int, int] = (1, 1)
    """Columns and rows that a cell of a table takes."""
    children: "list[Tag | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    def all(self, *kinds: str) -> "Iterator[Tag]":
        for child in self.children:
            if isinstance(child, Tag):
                if child.kind in kinds:
                    yield child
                yield from child.all(*kinds)

    @property
    def plain(self) -> str:
        """Its text without blanks and line breaks."""
        return plain(self.text)

    def rows(self, kind: str = "TD") -> list[list[str]]:
        """The rows of a table that have cells of a kind, as texts without blanks."""
        rows = [[cell.plain for cell in row.all(kind)] for row in self.all("TR")]
        return [row for row in rows if row]

    def widths(self) -> set[int]:
        """How many columns the rows of a table have, with what reaches down from rows above."""
        found, over = set(), [0] * 1000
        for row in self.all("TR"):
            width = sum(1 for left in over if left)
            over = [max(left - 1, 0) for left in over]
            for cell in row.all("TH", "TD"):
                columns, rows = cell.span
                width += columns
                over += [rows - 1] * columns
            found.add(width)
        return found


@dataclass(frozen=True)
class Run:
    """A piece of text on a page: where it starts (points from the lower left corner)."""

    page: int
    x: float
    y: float
    text: str
    told: bool
    """Whether it belongs to a tag, or is marked as ornament (running heads, page numbers)."""


class Pdf:
    """A PDF file, its tags and its texts."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content))
        self.root: Any = self.reader.trailer["/Root"]
        self.runs: list[Run] = []
        self._marked: dict[tuple[int, int], str] = {}
        for number, page in enumerate(self.reader.pages):
            self._read(number, page)
        ids = {page.indirect_reference.idnum: n for n, page in enumerate(self.reader.pages)}
        self._pages: dict[int, int] = ids
        self.tree = Tag("Root", children=list(self._children(self.root["/StructTreeRoot"], -1)))

    @property
    def text(self) -> str:
        """All that is read out, without blanks and line breaks."""
        return plain(self.tree.text)

    def page_text(self, number: int) -> str:
        """All that stands on a page, without blanks and line breaks."""
        return plain("".join(run.text for run in self.runs if run.page == number))

    def _read(self, number: int, page: PageObject) -> None:
        marks: list[int | None] = []

        def before(operator: bytes, operands: list[Any], cm: Any, tm: Any) -> None:
            if operator in (b"BDC", b"BMC"):
                facts = operands[1] if len(operands) > 1 else None
                mcid = facts.get("/MCID") if isinstance(facts, DictionaryObject) else None
                marks.append(None if mcid is None else int(mcid))
            elif operator == b"EMC":
                marks.pop()

        def said(text: str, cm: Any, tm: Any, *_: Any) -> None:
            text = text.replace("\n", "")
            if not text:
                return
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            mark = next((m for m in reversed(marks) if m is not None), None)
            self.runs.append(Run(number, float(x), float(y), text, bool(marks)))
            if mark is not None:
                key = (number, mark)
                self._marked[key] = self._marked.get(key, "") + text

        page.extract_text(visitor_operand_before=before, visitor_text=said)

    def _children(self, node: Any, page: int) -> "Iterator[Tag | str]":
        node = node.get_object() if hasattr(node, "get_object") else node
        if "/Pg" in node:
            page = self._pages[node.raw_get("/Pg").idnum]
        below = node.get("/K", [])
        for child in below if isinstance(below, ArrayObject) else [below]:
            one = child.get_object()
            if isinstance(one, NumberObject | int):
                yield self._marked.get((page, int(one)), "")
            elif one.get("/Type") == "/MCR":
                where = self._pages[one.raw_get("/Pg").idnum] if "/Pg" in one else page
                yield self._marked.get((where, int(one["/MCID"])), "")
            elif "/S" in one:
                kind = str(one["/S"]).lstrip("/")
                below = list(self._children(one, page))
                yield Tag(kind, str(one.get("/Alt", "")), _span(one), below)


def _span(node: Any) -> tuple[int, int]:
    told = node.get("/A", ArrayObject())
    facts = [one.get_object() for one in (told if isinstance(told, ArrayObject) else [told])]
    columns, rows = (
        next((int(f[name]) for f in facts if name in f), 1) for name in ("/ColSpan", "/RowSpan")
    )
    return columns, rows
