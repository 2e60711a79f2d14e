"""Paragraphs, tables and sections of a Word template, as WordprocessingML.

A template stays a file that Word opens: what is filled in stands as text (``{{ … }}``, ``{%p … %}``,
``{%tr … %}``, ``{%tc … %}``, ``{{r … }}``), never inside an attribute.
"""

import re
from html import escape

UPRIGHT = 9978
"""Width of the text on an upright page in twips."""
ACROSS = 14910
"""Width of the text on a page across in twips."""

_SIGN = 240
"""Width of a cell that only holds a tag."""
_FOOTER = '<w:footerReference w:type="default" r:id="rIdFooter"/>'
_MARGINS = (
    '<w:pgMar w:top="{0}" w:right="964" w:bottom="{0}" w:left="964"'
    ' w:header="510" w:footer="397" w:gutter="0"/>'
)


def text(words, style=""):
    """Return a run of text."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(words, quote=False)}</w:t></w:r>'


def put(call):
    """Return a run that a helper makes: ``put("letter(x)")``."""
    return text("{{r " + call + " }}")


def _parts(parts):
    return "".join(part if part.startswith("<w:") else text(part) for part in parts)


def p(*parts, style="", keep=False, page=False, section=""):
    """Return a paragraph of texts and runs; ``page`` begins a new page, ``keep`` holds it to the next."""
    inside = f'<w:pStyle w:val="{style}"/>' if style else ""
    inside += "<w:keepNext/>" if keep else ""
    inside += "<w:pageBreakBefore/>" if page else ""
    inside += section
    return f"<w:p>{f'<w:pPr>{inside}</w:pPr>' if inside else ''}{_parts(parts)}</w:p>"


def tag(words):
    """Return a paragraph that holds a tag and is gone after rendering."""
    return p("{%p " + words + " %}")


def when(condition, *blocks, otherwise=()):
    """Blocks that are there under a condition."""
    rest = tag("else") + "".join(otherwise) if otherwise else ""
    return tag(f"if {condition}") + "".join(blocks) + rest + tag("endif")


def each(loop, *blocks):
    """Return blocks for each of a list; ``loop`` is ``line in report.highlights``."""
    return tag(f"for {loop}") + "".join(blocks) + tag("endfor")


def section(across=False, cover=False, last=False, flows=False, columns=1, full=False):
    """Return the end of a section: upright or across, on a new page or flowing on; the cover has no foot.

    ``full`` leaves narrower margins above and below.
    """
    size = (
        '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        if across
        else '<w:pgSz w:w="11906" w:h="16838"/>'
    )
    foot = "" if cover else _FOOTER
    start = "continuous" if flows else "nextPage"
    beside = (
        f'<w:cols w:num="{columns}" w:space="425"/>' if columns > 1 else '<w:cols w:space="425"/>'
    )
    made = f'<w:sectPr>{foot}<w:type w:val="{start}"/>{size}{_MARGINS.format(851 if full else 1021)}{beside}</w:sectPr>'
    return made if last else p(style="Tiny", section=made)


def in_columns(before, *blocks):
    """Blocks in two columns between what stands in one; ``before`` ends the section above."""
    return before + "".join(blocks) + section(flows=True, columns=2) + section(flows=True)


# --- tables ----------------------------------------------------------------------------------


def cell(*parts, w=0, style="TableText", span=1, merge="", keep=False, fill=""):
    """Return a cell: texts and runs make one paragraph, paragraphs stay as they are.

    ``w`` is a share of the width; ``merge`` is "start" or "go" for cells one above the other.
    """
    inside = f'<w:tcW w:w="{w}" w:type="dxa"/>'
    inside += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    inside += {"start": '<w:vMerge w:val="restart"/>', "go": "<w:vMerge/>", "": ""}[merge]
    inside += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    if parts and all(part.startswith("<w:p>") for part in parts):
        body = "".join(parts)
    else:
        body = p(*parts, style=style, keep=keep)
    return f"<w:tc><w:tcPr>{inside}</w:tcPr>{body}</w:tc>"


def number(name, w=0, keep=False):
    """Return a cell with a figure."""
    return cell(put(f"figure({name})"), w=w, style="TableNumber", keep=keep)


def centre(*parts, w=0, span=1, merge="", keep=False):
    """Return a cell whose text stands in the middle."""
    return cell(*parts, w=w, style="TableCentre", span=span, merge=merge, keep=keep)


def mark(call, w=0, keep=False):
    """Return a cell with a letter: ``mark("letter(x)")``."""
    return centre(put(call), w=w, keep=keep)


def cells(tag_words, *inside):
    """Return cells under a condition or for each of a list."""
    end = "endfor" if tag_words.startswith("for ") else "endif"
    return _sign(tag_words) + "".join(inside) + _sign(end)


def _sign(words):
    """Return a cell that holds a tag and is gone after rendering."""
    return cell("{%tc " + words + " %}", w=_SIGN)


def either(condition, one, other):
    """Return one cell or another."""
    return _sign(f"if {condition}") + one + _sign("else") + other + _sign("endif")


def row(*parts, head=False, across=False):
    """Return a row that is never torn apart; ``head`` repeats it on every page."""
    look = "<w:cantSplit/>" + ("<w:tblHeader/>" if head else "")
    return f"<w:tr><w:trPr>{look}</w:trPr>{''.join(parts)}</w:tr>"


def rows(tag_words, *inside):
    """Rows under a condition or for each of a list."""
    end = "endfor" if tag_words.startswith("for ") else "endif"
    return _row_sign(tag_words) + "".join(inside) + _row_sign(end)


def rows_either(condition, one, other):
    """Return one row or another."""
    return _row_sign(f"if {condition}") + one + _row_sign("else") + other + _row_sign("endif")


def _row_sign(words):
    """Return a row that holds a tag and is gone after rendering."""
    return row(cell("{%tr " + words + " %}", w=2000))


def heads(*columns):
    """Return the row of column heads: pairs of words and width, or cells made already."""
    made = [column if isinstance(column, str) else head(column[0], column[1]) for column in columns]
    return row(*made, head=True)


def head(words, w=0, span=1, merge=""):
    """Return the head of a column."""
    parts = [words] if isinstance(words, str) else words
    return cell(*parts, w=w, style="TableHead", span=span, merge=merge, fill="EEF0F3")


def table(*parts, told, width=UPRIGHT, style="ReportTable", first_row=True):
    """Return a table; ``told`` describes it to a screen reader."""
    look = (
        f'<w:tblLook w:val="{"04A0" if first_row else "0480"}" w:firstRow="{int(first_row)}"'
        ' w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{width}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{look}<w:tblCaption w:val="{escape(told)}"/></w:tblPr>'
        f"{_grid(''.join(parts))}{''.join(parts)}</w:tbl>"
    )


def _grid(rows_of):
    """Return the columns of the row with the most cells: what a word processor starts from."""
    found = [re.findall(r'<w:tcW w:w="(\d+)"', one) for one in rows_of.split("</w:tr>")]
    widest = max(found, key=len)
    return "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{w}"/>' for w in widest) + "</w:tblGrid>"


def caption(*parts):
    """Return the title above a table."""
    return p(*parts, style="Caption", keep=True)


def facts(rows_of, told, width=UPRIGHT, share=2300, keep=False):
    """Names and what is said of them, side by side; ``keep`` holds them to what comes next."""
    return when(
        rows_of,
        table(
            rows(
                f"for fact in {rows_of}",
                row(
                    cell("{{ fact.name }}", w=share, style="FactName", keep=keep),
                    cell("{{ fact.text }}", w=width - share, style="TableText", keep=keep),
                ),
            ),
            told=told, width=width, style="FactTable", first_row=False,
        ),
        p(style="Gap", keep=keep),
    )  # fmt: skip


def figure_of(chart, keep=False):
    """Return a picture and its title."""
    return p(put(f"picture({chart})"), style="Picture", keep=True) + p(
        "図　{{ " + chart + ".title }}", style="FigureTitle"
    )


def figures_of(*charts):
    """Return pictures side by side, each with its title: pairs of chart and width."""
    inside = [
        cell(
            p(put(f"picture({chart})"), style="Picture", keep=True),
            p("図　{{ " + chart + ".title }}", style="FigureTitle"),
            w=w,
        )
        for chart, w in charts
    ]
    return table(row(*inside), told="図", style="TableNormal", first_row=False)


def figures_beside(charts, width):
    """Pictures two by two, each with its title."""
    inside = cell(
        p(put("picture(chart)"), style="Picture"),
        p("図　{{ chart.title }}", style="FigureTitle"),
        w=width // 2,
    )
    return when(
        charts,
        table(
            rows(f"for pair in {charts}|batch(2)", row(cells("for chart in pair", inside))),
            told="図", width=width, style="TableNormal", first_row=False,
        ),
    )  # fmt: skip
