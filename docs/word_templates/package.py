"""The parts of a Word template that are the same in all: styles, settings, fonts, foot."""

from shakyo_review.reports.word_file import packed

_W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml"
GOTHIC, MINCHO = "游ゴシック", "游明朝"

# Not at the start of a line: also ー and small kana. Not at its end: opening brackets.
_NOT_FIRST = (
    "!%),.:;?]}¢°’”‰′″℃、。々〉》」』】〕ぁぃぅぇぉっゃゅょゎ゛゜ゝゞ"
    "ァィゥェォッャュョヮヵヶ・ーヽヾ！％），．：；？］｝｡｣､･ｧｨｩｪｫｬｭｮｯｰﾞﾟ￠"
)
_NOT_LAST = "$([{£¥‘“〈《「『【〔＄（［｛｢￡￥"


def _fonts(name):
    return f'<w:rFonts w:ascii="{name}" w:eastAsia="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


def _look(size=0.0, bold=False, font="", more=""):
    """Character properties; ``size`` in points."""
    half = round(size * 2)
    return (
        (_fonts(font) if font else "")
        + ("<w:b/><w:bCs/>" if bold else "")
        + more
        + (f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>' if size else "")
    )


def _lines(line, before=0.0, after=0.0, exact=True):
    """Spacing in points; an exact line keeps pages alike whichever font a machine has."""
    rule = (
        f'w:line="{round(line * 20)}" w:lineRule="exact"'
        if exact
        else 'w:line="240" w:lineRule="auto"'
    )
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" {rule}/>'


def _style(kind, ident, name, paragraph="", run="", based="", follow="", more=""):
    """Return a style; names that Word knows are shown by it in Japanese."""
    own = "" if name.isascii() else ' w:customStyle="1"'
    default = ' w:default="1"' if ident in ("Normal", "DefaultFont", "TableNormal") else ""
    return (
        f'<w:style w:type="{kind}"{default}{own} w:styleId="{ident}"><w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{based}"/>' if based else "")
        + (f'<w:next w:val="{follow}"/>' if follow else "")
        + ("" if ident in ("DefaultFont", "TableNormal") else "<w:qFormat/>")
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + more
        + "</w:style>"
    )


def _para(ident, name, paragraph, run="", based="Normal", follow=""):
    return _style("paragraph", ident, name, paragraph, run, based, follow)


def _char(ident, name, run):
    return _style("character", ident, name, run=run, based="DefaultFont")


def _edge(side, kind="single", size=4, color="8A8F98", space=0):
    return f'<w:{side} w:val="{kind}" w:sz="{size}" w:space="{space}" w:color="{color}"/>'


def _borders(tag, kind="single", sides=("top", "left", "bottom", "right", "insideH", "insideV")):
    return f"<w:{tag}>{''.join(_edge(side, kind) for side in sides)}</w:{tag}>"


def _letter(ident, name, fill, kind="single", size=4):
    frame = _edge("bdr", kind, size, "222222")
    return _char(
        ident, name, f'<w:b/><w:bCs/>{frame}<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    )


def _list(depth):
    indent = '<w:ind w:left="284" w:hanging="284"/>'
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>', indent


def _styles(dense, large):
    cell, letters, padding = (11.5, 9, 14) if dense else (11.5, 8.5, 14)
    cell, letters, padding = (14, 10, 28) if large else (cell, letters, padding)
    bullet, indent = _list(0)
    keep = "<w:keepNext/><w:keepLines/>"
    right_tab = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9976"/></w:tabs>'
    margins = (
        "<w:tblCellMar>"
        f'<w:top w:w="{padding}" w:type="dxa"/>'
        '<w:left w:w="71" w:type="dxa"/>'
        f'<w:bottom w:w="{padding}" w:type="dxa"/>'
        '<w:right w:w="71" w:type="dxa"/></w:tblCellMar>'
    )
    plain_margins = (
        '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
        '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
    )
    first_row = (
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>'
        '<w:shd w:val="clear" w:color="auto" w:fill="EEF0F3"/></w:tcPr></w:tblStylePr>'
    )
    heading_line = f"<w:pBdr>{_edge('bottom', 'single', 18, '222222', 2)}</w:pBdr>"
    heading_bar = f"<w:pBdr>{_edge('left', 'single', 36, '222222', 6)}</w:pBdr>"
    heading_thin = f"<w:pBdr>{_edge('bottom', 'single', 4, '8A8F98', 1)}</w:pBdr>"
    outline = '<w:outlineLvl w:val="{}"/>'.format
    box = "".join(
        _edge(side, "single", 8, "222222", 6) for side in ("top", "left", "bottom", "right")
    )
    return "".join((
        '<w:docDefaults><w:rPrDefault><w:rPr>', _fonts(MINCHO),
        '<w:kern w:val="2"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
        '<w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:kinsoku/><w:overflowPunct/><w:autoSpaceDE/><w:autoSpaceDN/>'
        '<w:snapToGrid w:val="0"/></w:pPr></w:pPrDefault></w:docDefaults>',
        _style("paragraph", "Normal", "Normal", _lines(16, after=4), _look(10.5)),
        _style("character", "DefaultFont", "Default Paragraph Font"),
        _style("table", "TableNormal", "Normal Table", more=f"<w:tblPr>{plain_margins}</w:tblPr>"),
        _para("Heading1", "heading 1", keep + heading_line + _lines(22, 0 if dense else 10, 6) + outline(0), _look(16, True, GOTHIC), follow="Normal"),
        _para("Heading2", "heading 2", keep + heading_bar + _lines(18, 9, 4) + '<w:ind w:left="170"/>' + outline(1), _look(12.5, True, GOTHIC), follow="Normal"),
        _para("Heading3", "heading 3", keep + heading_thin + (_lines(15, 6, 2) if dense else _lines(16, 10, 4)) + outline(2), _look(11, True, GOTHIC), follow="Normal"),
        _para("Title", "Title", _lines(44, 6, 6) + '<w:jc w:val="center"/>', _look(30, True, GOTHIC, '<w:spacing w:val="60"/>')),
        _para("Subtitle", "Subtitle", _lines(30, 4, 10) + '<w:jc w:val="center"/>', _look(17, False, GOTHIC)),
        _para("CoverBody", "表紙の団体名", _lines(20, 40, 150) + '<w:jc w:val="right"/>', _look(13, False, GOTHIC)),
        _para("CoverFoot", "表紙の下", _lines(20, 0, 4) + '<w:jc w:val="center"/>', _look(11, False, GOTHIC)),
        _para("ContentsHead", "目次の題", keep + heading_line + _lines(22, 6, 8), _look(16, True, GOTHIC)),
        _para("TOC1", "toc 1", right_tab + _lines(19, 3, 0), _look(11, False, GOTHIC), follow="Normal"),
        _para("TOC2", "toc 2", right_tab + _lines(14.5) + '<w:ind w:left="420"/>', _look(9.5, False, GOTHIC), follow="Normal"),
        _para("Caption", "caption", _lines(14, 8, 3) + '<w:jc w:val="left"/>', _look(9.5, True, GOTHIC), follow="Normal"),
        _para("FigureTitle", "図の題", _lines(12, 1, 3) + '<w:jc w:val="center"/>', _look(9, False, GOTHIC), "Caption", "Normal"),
        _para("Footer", "footer", _lines(11) + '<w:jc w:val="center"/>', _look(8, False, GOTHIC)),
        _para("ListBullet", "List Bullet", bullet + _lines(15.5, 0, 1) + indent),
        _para("BoxedHead", "囲みの題", f"<w:keepNext/><w:pBdr>{box}</w:pBdr>" + _lines(18, 14, 0) + '<w:ind w:left="170" w:right="170"/>', _look(12.5, True, GOTHIC)),
        _para("Boxed", "囲み", f"<w:pBdr>{box}</w:pBdr>" + _lines(16.5) + '<w:ind w:left="454" w:right="170" w:hanging="284"/>', _look(10.5), "ListBullet"),
        _para("Remark", "断り", _lines(11 if dense else 13, 2, 1 if dense else 4), _look(8.5, False, GOTHIC)),
        _para("Lead", "要点の文", _lines(17, 0, 4), _look(11, False, GOTHIC)),
        _para("Result", "結果", "<w:keepNext/>" + _lines(22, 2, 3), _look(12, False, GOTHIC)),
        _para("SummaryPlan", "概要版の計画名", _lines(17) + '<w:jc w:val="center"/>', _look(12, False, GOTHIC)),
        _para("SummaryTitle", "概要版の題", _lines(26, 0, 4) + '<w:jc w:val="center"/>', _look(18, True, GOTHIC)),
        _para("SummaryText", "概要版の文", _lines(15, 0, 2), _look(10.5, False, GOTHIC)),
        _para("SummaryItem", "概要版の項目", _lines(15, 0, 1), _look(10.5, False, GOTHIC), "ListBullet"),
        _para("SummaryWhy", "概要版の理由", _lines(13, 0, 1) + '<w:ind w:left="454"/>', _look(9.5, False, GOTHIC)),
        _para("SheetHead", "シートの上", _lines(12, 0, 2) + '<w:jc w:val="right"/>', _look(8.5, False, GOTHIC)),
        _para("StepHead", "算出の題", "<w:keepNext/>" + _lines(12.5, 3, 0), _look(8.5, True, GOTHIC)),
        _para("Step", "算出の過程", _lines(11.5, 0, 1) + '<w:ind w:left="170"/>', _look(8, False, GOTHIC)),
        _para("Tree", "体系の1段目", "<w:keepNext/>" + _lines(13, 3, 1), _look(9.5, True, GOTHIC)),
        _para("TreeLower", "体系の2段目", _lines(12, 0.5, 0) + '<w:ind w:left="210"/>', _look(9, False, GOTHIC)),
        _para("TreeLowest", "体系の3段目", _lines(11.5) + '<w:ind w:left="420"/>', _look(8.5, False, GOTHIC)),
        _para("TreeDeep", "体系の4段目から", _lines(11.5) + '<w:ind w:left="630"/>', _look(8.5, False, GOTHIC)),
        _para("TableText", "表の文字", _lines(cell), _look(letters, False, GOTHIC)),
        _para("TableNumber", "表の数", '<w:jc w:val="right"/>', "", "TableText"),
        _para("TableCentre", "表の中央", '<w:jc w:val="center"/>', "", "TableText"),
        _para("TableHead", "表の見出し", '<w:keepNext/><w:jc w:val="center"/>', _look(bold=True), "TableText"),
        _para("TableSmall", "表の添え書き", _lines(12.5 if large else 10), _look(9 if large else 8), "TableText"),
        _para("TableAgainst", "表の目標と率", _lines(10) + '<w:jc w:val="right"/>', _look(8), "TableText"),
        _para("TableBelow", "表の下の段", _lines(10 if dense else 11) + '<w:jc w:val="center"/>', _look(8), "TableText"),
        _para("TablePicture", "表の図", _lines(0, exact=False) + '<w:jc w:val="center"/>', "", "TableText"),
        _para("TableLower", "表の2段目", '<w:ind w:left="120"/>', "", "TableText"),
        _para("TableLowest", "表の3段目", '<w:ind w:left="240"/>', "", "TableText"),
        _para("TableDeep", "表の4段目から", '<w:ind w:left="340"/>', "", "TableText"),
        _para("FactName", "名前", "", _look(bold=True), "TableText"),
        _para("Picture", "図", _lines(0, 2, 1, exact=False) + '<w:jc w:val="center"/>'),
        _para("Gap", "すき間", _lines(6)),
        _para("Tiny", "区切り", _lines(1), _look(1)),
        _char("Example", "例示の印", f'<w:sz w:val="13"/><w:szCs w:val="13"/>{_edge("bdr", "single", 4, "222222")}'),
        _char("Flag", "重点などの印", f'<w:sz w:val="16"/><w:szCs w:val="16"/>{_edge("bdr", "dotted", 4, "555555")}'),
        _char("Code", "コード", '<w:noProof/>'),
        _char("Note", "小さな添え書き", '<w:sz w:val="16"/><w:szCs w:val="16"/>'),
        _char("Strong", "Strong", "<w:b/><w:bCs/>"),
        _char("Big", "大きな記号", '<w:b/><w:bCs/><w:sz w:val="40"/><w:szCs w:val="40"/>'),
        _letter("LetterT0", "判定1", "DCEFE6"),
        _letter("LetterT1", "判定2", "E3EDF8"),
        _letter("LetterT2", "判定3", "FDF1D6"),
        _letter("LetterT3", "判定4", "F8D9D6", "single", 12),
        _letter("LetterNONE", "判定なし", "FFFFFF", "dotted"),
        _style("table", "ReportTable", "報告書の表", based="TableNormal", more=f"<w:tblPr>{_borders('tblBorders')}{margins}</w:tblPr>{first_row}"),
        _style("table", "DenseTable", "詰めた表", based="ReportTable", more='<w:tblPr><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'),
        _style("table", "FactTable", "名前と内容の表", based="TableNormal", more=f"<w:tblPr>{_borders('tblBorders', 'single', ('bottom', 'insideH'))}{margins}</w:tblPr>"),
    ))  # fmt: skip


def _settings(contents):
    # The order is that of the schema.
    return (
        '<w:zoom w:percent="100"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        "<w:strictFirstAndLastChars/>"
        f'<w:noLineBreaksAfter w:lang="ja-JP" w:val="{_NOT_LAST}"/>'
        f'<w:noLineBreaksBefore w:lang="ja-JP" w:val="{_NOT_FIRST}"/>'
        + ('<w:updateFields w:val="true"/>' if contents else "")
        + '<w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="ja-JP"/>'
    )


def _font(name, other, family, alternatives):
    panose = {"roman": "02020400000000000000", "swiss": "020B0400000000000000"}[family]
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{",".join([other, *alternatives])}"/>'
        f'<w:panose1 w:val="{panose}"/><w:charset w:val="80"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="variable"/></w:font>'
    )


def _foot(words, numbered):
    from blocks import p, text

    def field(code):
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            f'{text("1")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    pages = p(field("PAGE"), text(" / "), field("NUMPAGES"), style="Footer") if numbered else ""
    return pages + p(words, style="Footer")


def _numbering():
    return (
        '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="・"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="284" w:hanging="284"/></w:pPr>'
        f"<w:rPr>{_fonts(GOTHIC)}</w:rPr></w:lvl></w:abstractNum>"
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )


def package(body, title, foot, dense=False, numbered=True):
    """Return the bytes of a template: its body, its title as a property, the line at its foot.

    ``dense`` sets tables closer, for sheets that have to fit one page.
    """
    parts = {
        "document": ("document.main", f"<w:document {_W}><w:body>{body}</w:body></w:document>"),
        "styles": ("styles", f"<w:styles {_W}>{_styles(dense, not numbered)}</w:styles>"),
        "settings": ("settings", f"<w:settings {_W}>{_settings('TOC ' in body)}</w:settings>"),
        "numbering": ("numbering", f"<w:numbering {_W}>{_numbering()}</w:numbering>"),
        "fontTable": (
            "fontTable",
            f"<w:fonts {_W}>"
            + _font(MINCHO, "Yu Mincho", "roman", ["ヒラギノ明朝 ProN", "IPAex明朝", "ＭＳ 明朝"])
            + _font(GOTHIC, "Yu Gothic", "swiss", ["BIZ UDPゴシック", "ヒラギノ角ゴ ProN", "IPAexゴシック", "ＭＳ ゴシック"])
            + "</w:fonts>",
        ),
        "footer1": ("footer", f"<w:ftr {_W}>{_foot(foot, numbered)}</w:ftr>"),
    }  # fmt: skip
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_MIME}.{kind}+xml"/>'
        for name, (kind, _) in parts.items()
    )
    inner = "".join(
        f'<Relationship Id="{"rIdFooter" if name == "footer1" else f"rId{number}"}"'
        f' Type="{_REL}/{"footer" if name == "footer1" else name}" Target="{name}.xml"/>'
        for number, name in enumerate(parts)
        if name != "document"
    )
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    files = {f"word/{name}.xml": xml for name, (_, xml) in parts.items()}
    files["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{rels}">{inner}</Relationships>'
    files["_rels/.rels"] = (
        f'<Relationships xmlns="{rels}"><Relationship Id="rId1" Type="{_REL}/officeDocument"'
        ' Target="word/document.xml"/><Relationship Id="rId2" Target="docProps/core.xml" Type='
        '"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"/>'
        "</Relationships>"
    )
    files["docProps/core.xml"] = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>{{{{ report.cover.body }}}}</dc:creator>"
        "<dc:language>ja-JP</dc:language></cp:coreProperties>"
    )
    files["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Override PartName="/docProps/core.xml" ContentType='
        f'"application/vnd.openxmlformats-package.core-properties+xml"/>{types}</Types>'
    )
    return packed({name: (_HEAD + xml).encode() for name, xml in files.items()})
