"""What is put right in a Word document after its template has been filled in.

Tables get a grid that fits their columns, the table of contents its lines, and places where a
template printed nothing are made what Word accepts.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import pairwise
from typing import Any

from shakyo_review.reports.word_text import STYLES

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NS = {"w": W}
_HEADINGS = {"heading 1": 1, "heading 2": 2, "heading 3": 3}


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def tidy(tree: Any, styles: Mapping[str, str]) -> None:
    """Put a filled-in body right; ``styles`` gives the id of each style by its name."""
    _drop_empty(tree)
    for table in tree.iter(_w("tbl")):
        _fit(table)
    levels = {styles[name]: level for name, level in _HEADINGS.items() if name in styles}
    _fill_contents(tree, levels)
    _name_styles(tree, styles)


def _name_styles(tree: Any, styles: Mapping[str, str]) -> None:
    """Lead the styles of letters and marks to what a word processor calls them in this file."""
    known = set(styles.values())
    for style in list(tree.iter(_w("rStyle"))):
        ident = style.get(_w("val"), "")
        if ident in known:
            continue
        if STYLES.get(ident) in styles:
            style.set(_w("val"), styles[STYLES[ident]])
        else:
            style.getparent().remove(style)


# --- places where nothing was printed --------------------------------------------------------


def _drop_empty(tree: Any) -> None:
    for run in list(tree.iter(_w("r"))):
        inside = [child for child in run if child.tag != _w("rPr")]
        if all(child.tag == _w("t") and not child.text for child in inside):
            run.getparent().remove(run)
    for row in list(tree.iter(_w("tr"))):
        if row.find(_w("tc")) is None:
            row.getparent().remove(row)
    for table in list(tree.iter(_w("tbl"))):
        if table.find(_w("tr")) is None:
            table.getparent().remove(table)
    for cell in tree.iter(_w("tc")):
        if len(cell) == 0 or cell[-1].tag != _w("p"):
            _add(cell, "p")
    for table in list(tree.iter(_w("tbl"))):
        after = table.getnext()
        if after is None or after.tag in (_w("tbl"), _w("sectPr")):
            # Word runs two tables into one unless a paragraph lies between them.
            table.addnext(_new(table, "p"))


# --- tables ----------------------------------------------------------------------------------


def _fit(table: Any) -> None:
    """Give a table whose columns were made by the template a grid that adds up to its width.

    The widths written in the cells are shares; the last cell of a shorter row reaches to the end.
    """
    rows = [row.findall(_w("tc")) for row in table.findall(_w("tr"))]
    counts = [sum(_span(cell) for cell in row) for row in rows]
    columns = max(counts)
    grid = table.find(_w("tblGrid"))
    total = _table_width(table)
    if grid is not None and _fits(grid, rows, total):
        return
    for row, count in zip(rows, counts, strict=True):
        _set_span(row[-1], _span(row[-1]) + columns - count)
    widths = _widths(rows, columns, total)
    if grid is None:
        grid = _new(table, "tblGrid")
        table.find(_w("tblPr")).addnext(grid)
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        _add(grid, "gridCol", w=str(width))
    for row in rows:
        place = 0
        for cell in row:
            span = _span(cell)
            _set_width(cell, sum(widths[place : place + span]))
            place += span


def _fits(grid: Any, rows: list[list[Any]], total: int) -> bool:
    """Whether every row keeps to the grid, as in a table without columns made by the template."""
    widths = [_number(column.get(_w("w"))) for column in grid]
    if total and sum(widths) != total:
        return False
    for row in rows:
        place = 0
        for cell in row:
            span = _span(cell)
            if _cell_width(cell) != sum(widths[place : place + span]):
                return False
            place += span
        if place != len(widths):
            return False
    return True


def _widths(rows: list[list[Any]], columns: int, total: int) -> list[int]:
    """Return the widths of the columns in twips: shares of the total as the cells ask for them."""
    asked: list[int | None] = [None] * columns
    for row in rows:
        place = 0
        for cell in row:
            if _span(cell) == 1 and asked[place] is None:
                asked[place] = _cell_width(cell)
            place += _span(cell)
    known = [width for width in asked if width]
    usual = sum(known) // len(known) if known else 1
    shares = [width or usual for width in asked]
    whole = sum(shares)
    if not total:
        return shares
    edges = [sum(shares[:n]) * total // whole for n in range(columns + 1)]
    return [right - left for left, right in pairwise(edges)]


def _table_width(table: Any) -> int:
    width = table.find("w:tblPr/w:tblW", _NS)
    if width is None or width.get(_w("type")) != "dxa":
        return 0
    return _number(width.get(_w("w")))


def _cell_width(cell: Any) -> int:
    width = cell.find("w:tcPr/w:tcW", _NS)
    return 0 if width is None else _number(width.get(_w("w")))


def _span(cell: Any) -> int:
    span = cell.find("w:tcPr/w:gridSpan", _NS)
    return 1 if span is None else max(1, _number(span.get(_w("val"))))


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else 0


def _set_width(cell: Any, width: int) -> None:
    asked = cell.find("w:tcPr/w:tcW", _NS)
    if asked is None:
        _properties(cell).insert(0, _new(cell, "tcW", w=str(width), type="dxa"))
    else:
        asked.set(_w("w"), str(width))
        asked.set(_w("type"), "dxa")


def _set_span(cell: Any, span: int) -> None:
    found = cell.find("w:tcPr/w:gridSpan", _NS)
    if found is not None:
        found.getparent().remove(found)
    if span > 1:
        properties = _properties(cell)
        width = properties.find(_w("tcW"))
        made = _new(cell, "gridSpan", val=str(span))
        properties.insert(0 if width is None else properties.index(width) + 1, made)


def _properties(cell: Any) -> Any:
    found = cell.find(_w("tcPr"))
    if found is None:
        found = _new(cell, "tcPr")
        cell.insert(0, found)
    return found


# --- table of contents -----------------------------------------------------------------------


def _fill_contents(tree: Any, headings: Mapping[str, int]) -> None:
    """Write the lines of the table of contents, each with a link and the field of its page."""
    field = next(
        (f for f in tree.iter(_w("instrText")) if (f.text or "").split()[:1] == ["TOC"]), None
    )
    if field is None:
        return
    first = next(field.iterancestors(_w("p")))
    last = _field_end(first)
    entries = list(_entries(tree, headings))
    if last is None or not entries:
        return
    opening = _opening(first, field)
    holder, place = first.getparent(), first.getparent().index(first)
    for paragraph in holder[place : holder.index(last) + 1]:
        holder.remove(paragraph)
    for number, (level, text, name) in enumerate(entries):
        line = _line(tree, level, text, name)
        if number == 0:
            for run in reversed(opening):
                line.insert(1, run)
        if number == len(entries) - 1:
            line.append(_field_run(tree, "end"))
        holder.insert(place + number, line)


def _field_end(first: Any) -> Any:
    """Return the paragraph in which the field begun in ``first`` ends."""
    depth = 0
    paragraph = first
    while paragraph is not None:
        for sign in paragraph.iter(_w("fldChar")):
            kind = sign.get(_w("fldCharType"))
            depth += {"begin": 1, "end": -1}.get(kind, 0)
            if depth == 0:
                return paragraph
        paragraph = paragraph.getnext()
    return None


def _opening(first: Any, field: Any) -> list[Any]:
    """Return copies of the runs that open the field: begin, instruction, separate."""
    begin = _field_run(first, "begin")
    instruction = _new(first, "r")
    instruction.append(deepcopy(field))
    return [begin, instruction, _field_run(first, "separate")]


def _entries(tree: Any, headings: Mapping[str, int]) -> Iterator[tuple[int, str, str]]:
    """Yield level, text and bookmark of the headings of the first two levels; the bookmark is set."""
    number = 0
    for paragraph in tree.iter(_w("p")):
        style = paragraph.find("w:pPr/w:pStyle", _NS)
        level = 0 if style is None else headings.get(style.get(_w("val")), 0)
        text = "".join(
            {"t": part.text or "", "br": " ", "tab": "　"}.get(part.tag.rpartition("}")[2], "")
            for part in paragraph.iter(_w("t"), _w("br"), _w("tab"))
        ).strip()
        if level not in (1, 2) or not text:
            continue
        number += 1
        name = f"_Toc{number:08}"
        _bookmark(paragraph, name, 10_000 + number)
        yield level, text, name


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    for old in paragraph.findall(_w("bookmarkStart")):
        if old.get(_w("name"), "").startswith("_Toc"):
            for end in paragraph.findall(_w("bookmarkEnd")):
                if end.get(_w("id")) == old.get(_w("id")):
                    paragraph.remove(end)
            paragraph.remove(old)
    start = _new(paragraph, "bookmarkStart", id=str(number), name=name)
    properties = paragraph.find(_w("pPr"))
    paragraph.insert(0 if properties is None else 1, start)
    _add(paragraph, "bookmarkEnd", id=str(number))


def _line(tree: Any, level: int, text: str, name: str) -> Any:
    paragraph = _new(tree, "p")
    _add(_add(paragraph, "pPr"), "pStyle", val=f"TOC{level}")
    link = _add(paragraph, "hyperlink", anchor=name, history="1")
    _add(_add(link, "r"), "t").text = text
    _add(_add(link, "r"), "tab")
    link.append(_field_run(tree, "begin"))
    instruction = _add(_add(link, "r"), "instrText")
    instruction.text = f" PAGEREF {name} \\h "
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    link.append(_field_run(tree, "separate"))
    link.append(_field_run(tree, "end"))
    return paragraph


def _field_run(near: Any, kind: str) -> Any:
    run = _new(near, "r")
    _add(run, "fldChar", fldCharType=kind)
    return run


# --- lxml, which is imported only where a document is made -------------------------------------


def _new(near: Any, name: str, /, **attributes: str) -> Any:
    return near.makeelement(_w(name), {_w(key): value for key, value in attributes.items()})


def _add(parent: Any, name: str, /, **attributes: str) -> Any:
    made = _new(parent, name, **attributes)
    parent.append(made)
    return made
