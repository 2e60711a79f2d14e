"""The chapters of the full report, in the words and the order of the other formats."""

from blocks import (
    caption,
    cell,
    cells,
    centre,
    each,
    either,
    facts,
    figure_of,
    figures_of,
    head,
    heads,
    in_columns,
    mark,
    number,
    p,
    put,
    row,
    rows,
    rows_either,
    section,
    table,
    text,
    when,
)

NO_REASON = "理由の記入はありません"


def chapter_head(page=True):
    """Return the heading of a chapter."""
    return p("{{ chapter.number }}　{{ chapter.title }}", style="Heading1", page=page)


def said(name, style="TableText"):
    """Return a paragraph that is there when a text is."""
    return when(name, p("{{ " + name + " }}", style=style))


def small(name, before=""):
    """Return a small paragraph that is there when a text is."""
    return when(name, p(before + "{{ " + name + " }}", style="TableSmall"))


def named(code="row.code", name="row.name", flags="", keep=False):
    """Return code and name, and flags below them."""
    parts = ["{% if " + code + " %}{{ " + code + " }} {% endif %}{{ " + name + " }}"]
    made = p(*parts, style="TableText", keep=keep)
    if flags:  # on a line of their own: a flag behind a name would be broken over two lines
        made += when(flags, p(put(f"flags({flags})"), style="TableSmall"))
    return made


def indented(*parts, strong=False):
    """Return a name in a table, the deeper in the tree the further in."""
    made = p(*parts, style="TableDeep")
    for depth, style in ((2, "TableLowest"), (1, "TableLower"), (0, "FactName" if strong else "TableText")):  # fmt: skip
        made = when(f"row.depth == {depth}", p(*parts, style=style), otherwise=(made,))
    return made


def plan():
    """Return the chapter on the plan."""

    def tree(items, styles):
        if not styles:
            return ""
        name = f"item{len(styles)}"
        words = "{{ NAME.label }} {{ NAME.code }}　{{ NAME.name }}".replace("NAME", name)
        below = "{% if NAME.below %}（{{ NAME.below }}）{% endif %}".replace("NAME", name)
        line = p(words, put(f"flags({name}.flags)"), text(below, "Note"), style=styles[0])
        return each(f"{name} in {items}", line, tree(f"{name}.children", styles[1:]))

    return (
        p("{{ chapter.number }}　{{ chapter.title }}", style="Heading1")
        + p("計画の概要", style="Heading2")
        + facts("report.plan.facts", "計画の概要")
        + p("計画の体系", style="Heading2")
        + in_columns(
            section(),
            tree("report.plan.tree", ("Tree", "TreeLower", "TreeLowest", "TreeDeep", "TreeDeep")),
        )
        + said("report.plan.tree_note", "Remark")
    )  # fmt: skip


def method():
    """Return the chapter on how is judged."""
    part = "report.method"
    return (
        chapter_head(page=False)
        + p("評価基準", style="Heading2")
        + p("{{ " + part + ".basis }}")
        + caption("評価基準「{{ " + part + ".scale_name }}」")
        + table(
            heads(("判定", 1300), ("意味", 4400), ("基準", 3000), ("得点", 1000)),
            rows(
                f"for row in {part}.levels",
                row(centre(put("letter(row.letter)"), " {{ row.letter.shape }}", w=1300), cell("{{ row.definition }}", w=4400), cell("{{ row.condition }}", w=3000), cell("{{ row.points }}", w=1000, style="TableNumber")),
            ),
            rows(
                f"for row in {part}.off_scale",
                row(centre("{{ row.name }}", w=1300), cell("{{ row.text }}", w=4400), cell("順位なし", w=3000), cell("－", w=1000, style="TableNumber")),
            ),
            told="評価基準",
        )
        + p("言葉の意味", style="Heading2")
        + facts(f"{part}.terms", "言葉の意味")
        + when(
            f"{part}.rate_rules",
            caption("率の出し方"),
            table(
                heads(("率", 3600), ("計算式", 5200), ("指標", 1100)),
                rows(f"for row in {part}.rate_rules", row(cell("{{ row.name }}", w=3600), cell("{{ row.formula }}", w=5200), cell("{{ row.count }}", w=1100, style="TableNumber"))),
                told="率の出し方",
            ),
        )
        + p("まとめ方の規則", style="Heading2")
        + facts(f"{part}.rules", "まとめ方の規則")
        + p("実績の欄の言葉", style="Heading2")
        + p("実績がないことを0とはみなしません。実績の欄には、値のほかに次の言葉が入ります。")
        + facts(f"{part}.states", "実績の欄の言葉", share=3000)
    )  # fmt: skip


def overall():
    """Return the chapter on the whole."""
    whole = "report.overall"
    before = f"if {whole}.year_before"
    beside = f"{whole}.radar and {whole}.chart and {whole}.chart.narrow"
    return (
        chapter_head()
        + p("計画全体　", put(f"letter({whole}.letter)"), style="Result")
        + each(f"line in {whole}.lead", p("{{ line }}", style="ListBullet"))
        + caption("判定ごとの件数と割合（{{ " + whole + ".unit }}） ", put(f"mark({whole}.example)"))
        + table(
            row(
                head("判定", 1300, merge="start"), head("意味", 4200, merge="start"),
                head("{{ " + whole + ".year.full }}", 2200, 2),
                cells(before, head("{{ " + whole + ".year_before.full }}", 2200, 2)), head=True,
            ),
            row(
                head("", 1300, merge="go"), head("", 4200, merge="go"), head("件数", 1000), head("割合", 1200),
                cells(before, head("件数", 1000), head("割合", 1200)), head=True,
            ),
            rows(f"for row in {whole}.rows", _count("row", "{{ row.definition }}", mark("letter(row.letter)", 1300))),
            _count(f"{whole}.total", "", centre("計", w=1300)),
            told="判定ごとの件数と割合",
        )
        + when(
            beside,
            figures_of((f"{whole}.chart", 4460), (f"{whole}.radar", 5518)),
            otherwise=(when(f"{whole}.chart", figure_of(f"{whole}.chart")),),
        )
        + caption("{{ " + whole + ".goal_label }}ごとの判定")
        + table(
            row(
                head("{{ " + whole + ".goal_label }}", 3400, merge="start"),
                either(f"{whole}.has_official", head("{{ " + whole + ".year.full }}", 4100, 4), head("{{ " + whole + ".year.full }}", 2850, 3)),
                cells(
                    before,
                    either(f"{whole}.has_official_before", head("{{ " + whole + ".year_before.full }}", 2700, 3), head("{{ " + whole + ".year_before.full }}", 1900, 2)),
                    head("判定の変化", 1000, merge="start"),
                ), head=True,
            ),
            row(
                head("", 3400, merge="go"), head("判定", 900), cells(f"if {whole}.has_official", head("評価", 1300)),
                head("点数", 1100), head("評価済み", 850),
                cells(before, head("判定", 900), cells(f"if {whole}.has_official_before", head("評価", 800)), head("点数", 1000), head("", 1000, merge="go")),
                head=True,
            ),
            rows(
                f"for row in {whole}.goals",
                row(
                    cell("{{ row.title }}", w=3400), mark("letter(row.letter)", 900),
                    cells(f"if {whole}.has_official", mark("official(row.official)", 1300)),
                    number("row.score", 1000), centre("{{ row.coverage }}", w=900),
                    cells(
                        before, mark("letter(row.letter_before)", 900),
                        cells(f"if {whole}.has_official_before", mark("letter(row.official_before)", 800)),
                        number("row.score_before", 1000), centre("{{ row.change }}", w=1000),
                    ),
                ),
            ),
            told="項目ごとの判定",
        )
        + when(f"{whole}.radar and not ({beside})", figure_of(f"{whole}.radar"))
        + when(
            f"{whole}.departed",
            caption("評価が判定と異なるもの"),
            table(
                heads(("項目・指標", 3300), ("判定", 900), ("評価", 1500), ("理由", 4200)),
                rows(
                    f"for row in {whole}.departed",
                    row(cell(named(), w=3300), mark("letter(row.computed)", 900), mark("official(row.official)", 1500), cell('{{ row.official.reason or "' + NO_REASON + '" }}', w=4200)),
                ),
                told="評価が判定と異なるもの",
            ),
        )
        + when(
            f"{whole}.chart",
            caption("{{ " + whole + ".goal_label }}ごとの判定の内訳（{{ " + whole + ".year.full }}、件） ", put(f"mark({whole}.example)")),
            table(
                row(head("{{ " + whole + ".goal_label }}", 4000), cells(f"for one in {whole}.count_heads", head('{{ "評価なし" if one.text == "－" else one.text }}', 800)), head("計", 800), head=True),
                rows(
                    f"for row in {whole}.goals if row.counts",
                    row(cell("{{ row.title }}", w=4000), cells("for count in row.counts", cell("{{ count }}", w=800, style="TableNumber")), cell("{{ row.total }}", w=800, style="TableNumber")),
                ),
                told="判定の内訳",
            ),
        )
    )  # fmt: skip


def _count(name, meaning, first):
    before = "if report.overall.year_before"
    return row(
        first, cell(meaning, w=4200),
        *(cell("{{ " + f"{name}.{field}" + " }}", w=w, style="TableNumber") for field, w in (("count", 1000), ("share", 1200))),
        cells(before, *(cell("{{ " + f"{name}.{field}" + " }}", w=w, style="TableNumber") for field, w in (("count_before", 1000), ("share_before", 1200)))),
    )  # fmt: skip


def exceptions():
    """Return the chapter on what was not reached or could not be rated."""
    part = "report.exceptions"
    return (
        chapter_head(page=False)
        + p("目標に届かなかったもの（{{ " + part + ".below_count }}件）", style="Heading2")
        + when(
            f"{part}.below",
            p("{{ " + part + ".line }}", keep=True),
            table(
                heads(("指標と理由", 3700), ("担当", 1300), ("目標", 1050), ("実績", 1050), ("率", 1050), ("判定", 900), ("{{ report.word_before }}", 900)),
                rows(
                    f"for row in {part}.below",
                    row(
                        cell(named(keep=True), small("row.action"), w=3700), cell("{{ row.owners }}", w=1300),
                        number("row.target", 1050), number("row.actual", 1050), number("row.rate", 1050),
                        mark("letter(row.letter)", 900), mark("letter(row.letter_before)", 900),
                    ),
                    row(cell(
                        p(put("mark(row.letter.example)"), "{{ row.why }}", style="TableText"),
                        when("row.note", p("実施内容　{{ row.note }}", style="TableText")),
                        when("row.official", p("評価　{{ row.official.letter.text }}（{{ row.official.stage }}）{% if row.official.reason %}　理由　{{ row.official.reason }}{% endif %}", style="TableText")),
                        w=9950, span=7,
                    )),
                ),
                told="目標に届かなかった指標",
            ),
            otherwise=(p("この年度に挙げるものはありません。"),),
        )
        + p("評価できなかったもの（{{ " + part + ".not_rated_count }}件）", style="Heading2")
        + p("{{ " + part + ".not_rated_line }}")
        + when(
            f"{part}.not_rated",
            table(
                heads(("指標", 3300), ("担当", 1400), ("実績の欄", 1200), ("理由", 2600), ("{{ report.word_before }}", 900), ("評価済みの分母に", 1100)),
                rows(
                    f"for row in {part}.not_rated",
                    row(cell(named(), w=3300), cell("{{ row.owners }}", w=1400), number("row.actual", 1200), cell(said("row.reason"), when("row.note", p("実施内容　{{ row.note }}", style="TableText")), w=2600), mark("letter(row.letter_before)", 900), centre("{{ row.counted }}", w=1100)),
                ),
                told="評価できなかった指標とその理由",
            ),
        )
        + said(f"{part}.not_judged", "Remark")
        + when(
            f"{part}.missing",
            p("担当ごとの、まだそろっていないもの", style="Heading2"),
            table(
                heads(("担当", 2200), ("件数", 800), ("足りないものと指標", 7000)),
                rows(
                    f"for group in {part}.missing",
                    rows("for row in group.rows", rows_either("loop.first", _missing("start"), _missing("go"))),
                ),
                told="まだそろっていない実績と目標",
            ),
        )
    )  # fmt: skip


def _missing(merge):
    first = merge == "start"
    return row(
        cell("{{ group.committee }}" if first else "", w=2200, merge=merge),
        cell("{{ group.count }}" if first else "", w=800, style="TableNumber", merge=merge),
        cell(text("{{ row.name }}", "Strong"), "　{{ row.text }}", w=7000),
    )


def comparison():
    """Return the chapter that sets this year beside the last."""
    part = "report.comparison"

    def changes(rows_of, title, what, first):
        return when(
            rows_of,
            caption(title),
            table(
                row(
                    head(first, 3500, merge="start"), head("{{ " + part + ".year_before.full }}", 2050, 2),
                    head("{{ " + part + ".year.full }}", 2050, 2), head("増減", 1380, merge="start"), head("判定の変化", 1180, merge="start"), head=True,
                ),
                row(head("", 3500, merge="go"), head(what, 1150), head("判定", 900), head(what, 1150), head("判定", 900), head("", 1380, merge="go"), head("", 1180, merge="go"), head=True),
                rows(
                    f"for row in {rows_of}",
                    row(
                        cell(named(flags="row.badges"), w=3500), number("row.before", 1150), mark("letter(row.letter_before)", 900),
                        number("row.now", 1150), mark("letter(row.letter)", 900), cell("{{ row.difference }}", w=1380, style="TableNumber"), centre("{{ row.change }}", w=1180),
                    ),
                ),
                told="年度の比較",
            ),
        )  # fmt: skip

    label = "{{ report.overall.goal_label }}"
    return (
        chapter_head(page=False)
        + p("{{ " + part + ".sentence }}")
        + said(f"{part}.note", "Remark")
        + changes(f"{part}.goals", f"{label}の判定と点数", "点数", label)
        + changes(
            f"{part}.changed", "判定の変わった指標と、比べるときに注意のいる指標", "実績", "指標"
        )
    )
