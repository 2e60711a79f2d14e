"""The bodies of the five documents."""

import chapters
import later_chapters
from blocks import (
    ACROSS,
    caption,
    cell,
    cells,
    each,
    facts,
    figures_beside,
    head,
    mark,
    number,
    p,
    put,
    row,
    rows,
    section,
    table,
    tag,
    text,
    when,
)
from chapters import named, said, small
from goal_pages import (
    BELOW,
    INDICATOR,
    baseline,
    facts_in_line,
    goal_sheet,
    goals,
    trend_cell,
    year_cell,
)
from later_chapters import promises

CHAPTERS = {
    "plan": chapters.plan,
    "method": chapters.method,
    "overall": chapters.overall,
    "exceptions": chapters.exceptions,
    "goals": goals,
    "comparison": chapters.comparison,
    "changes": later_chapters.changes,
    "improvement": later_chapters.improvement,
    "money": later_chapters.money,
    "proceedings": later_chapters.proceedings,
    "appendix": later_chapters.appendix,
}


def annual():
    """Return the full report: cover, contents, the chapters that are there."""
    parts = "".join(
        tag(f'if chapter.kind == "{kind}"') + made() + tag("endif")
        for kind, made in CHAPTERS.items()
    )
    return (
        cover()
        + contents()
        + section()
        + tag("for chapter in report.chapters")
        + parts
        + tag("endfor")
        + section(last=True, flows=True)
    )


def cover():
    """Return the cover."""
    return (
        p("{{ report.cover.body }}", style="CoverBody")
        + p("{{ report.cover.plan_title }}", style="Subtitle")
        + p("{{ report.cover.year }}", style="Subtitle")
        + p("{{ report.cover.kind }}", style="Title")
        + p(style="CoverBody")
        + when(
            "report.contains_example",
            p(text("{{ report.cover.example_note }}", "Strong"), style="CoverFoot"),
            p("「例示」の印のある数値は、説明のために置いた架空のものです。", style="CoverFoot"),
        )
        + when("report.cover.made_by", p("作成　{{ report.cover.made_by }}", style="CoverFoot"))
        + p("{{ report.cover.year_full }}", style="CoverFoot")
        + p("{{ report.cover.state }}", style="CoverFoot")
        + when("report.cover.published", p("{{ report.cover.published }}", style="CoverFoot"))
        + section(cover=True)
    )


def contents():
    """Return the table of contents, a field that Word keeps up to date, and the highlights."""
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        ' TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + text("（目次は、書き出すときに作られます）")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return (
        p("目次", style="ContentsHead", page=True)
        + '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        f"<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>{p(field, style='TOC1')}"
        "</w:sdtContent></w:sdt>"
        + p(
            "{{ report.cover.year }}の要点 ", put("mark(report.overall.example)"), style="BoxedHead"
        )
        + each("line in report.highlights", p("{{ line }}", style="Boxed"))
    )


def summary():
    """One side of A4 for residents."""
    part = "report.summary"
    return (
        p("{{ " + part + ".body }}", style="SheetHead")
        + p("{{ " + part + ".title }}", style="SummaryPlan")
        + p("{{ " + part + ".year }}　{{ " + part + ".kind }}", style="SummaryTitle")
        + p("全体の評価", style="Heading2")
        + p(
            "{{ " + part + ".year }}　", put(f"letter({part}.whole_letter)"),
            "{% if " + part + ".word_before %}　　{{ " + part + ".word_before }}　", put(f"letter({part}.whole_before)"), "{% endif %}", style="Result",
        )
        + p("{{ " + part + ".whole_sentence }}{% for line in " + part + ".method_lines %}{{ line }}{% endfor %}", style="SummaryText")
        + p("{% for row in " + part + ".levels %}", put("letter(row.letter)"), " {{ row.meaning }}{% if not loop.last %}　　{% endif %}{% endfor %}", style="SummaryText")
        + p("{{ " + part + ".goal_label }}ごとの評価", style="Heading2")
        + table(
            row(
                head("{{ " + part + ".goal_label }}", 7200), head("{{ " + part + ".year }}", 1300),
                cells(f"if {part}.word_before", head("{{ " + part + ".word_before }}", 1300)), head=True,
            ),
            rows(
                f"for goal in {part}.goals",
                row(
                    cell(p("{{ goal.title }}", style="FactName"), small("goal.sentence"), w=7200), mark("letter(goal.letter)", 1300),
                    cells(f"if {part}.word_before", mark("letter(goal.letter_before)", 1300)),
                ),
            ),
            told="目標ごとの評価",
        )
        + said(f"{part}.goals_more", "Remark")
        + p("届かなかったこと", style="Heading2")
        + p("{{ " + part + ".weak_line }}", style="SummaryText")
        + each(
            f"row in {part}.weak",
            p(text("{{ row.name }}", "Strong"), " ", put("mark(row.example)"), "　{{ row.text }}", style="SummaryItem"),
            when("row.why", p("{{ row.why }}", style="SummaryWhy")),
        )
        + said(f"{part}.weak_more", "Remark")
        + p("これからのこと", style="Heading2")
        + p("{{ " + part + ".next_line }}", style="SummaryText")
        + each(f"row in {part}.next", p(text("{{ row.name }}", "Strong"), "　{{ row.text }}", style="SummaryItem"))
        + said(f"{part}.next_more", "Remark")
        + said(f"{part}.meeting_line", "SummaryText")
        + p("お問い合わせ　{{ " + part + ".contact }}{% if " + part + ".example_note %}　{{ " + part + ".example_note }}{% endif %}", style="SummaryText")
        + section(last=True, full=True)
    )  # fmt: skip


def on_its_page(kind, title):
    """Return the head of a sheet; all but the first begin a new page."""
    line = (
        "{{ report.cover.plan_title }}　{{ report.cover.year }}　"
        + kind
        + "　　{{ report.cover.state }}"
    )
    return when("loop.first", p(line, style="SheetHead"), otherwise=(p(line, style="SheetHead", page=True),)) + p(title, style="Heading1")  # fmt: skip


def goal_sheets():
    """Return the sheets of the goals, a page for each."""
    return each(
        "goal in report.goals",
        on_its_page("{{ report.overall.goal_label }}別シート", "{{ goal.title }}"),
        goal_sheet(),
    ) + section(last=True, full=True)


def committees():
    """Return the sheets of the committees, a page for each."""
    return (
        tag("for sheet in report.committees")
        + on_its_page("担当別シート", "{{ sheet.owner }}")
        + facts_in_line("sheet.facts")
        + when(
            "sheet.rows",
            caption("受け持つ指標（判定の低いものから）"),
            table(
                row(
                    head("指標", 3300), head("目標", 1050), head("実績", 1050), head("率", 1000), head("判定", 850),
                    cells("if sheet.has_official", head("評価", 1250)), head("{{ report.word_before }}実績", 1050), head("{{ report.word_before }}判定", 950), head=True,
                ),
                rows(
                    "for row in sheet.rows",
                    row(
                        cell(named(keep=True), p("{{ row.action }}{% if row.shared %}　ほかの担当 {{ row.shared }}{% endif %}", style="TableSmall"), w=3300),
                        number("row.target", 1050), number("row.actual", 1050), number("row.rate", 1000),
                        mark("letter(row.letter)", 850), cells("if sheet.has_official", mark("official(row.official)", 1250)),
                        number("row.actual_before", 1050), mark("letter(row.letter_before)", 950),
                    ),
                    rows("if row.done", row(cell(text("実施内容", "Strong"), "　{{ row.done }}", w=3300))),
                ),
                told="受け持つ指標",
            ),
        )
        + said("sheet.rows_more", "Remark")
        + promises("sheet.asked", "sheet.made", "Heading3", owners=False)
        + said("sheet.promises_more", "Remark")
        + when("sheet.missing", p("まだそろっていないもの", style="Heading3"), facts("sheet.missing", "まだそろっていないもの", share=5200))
        + said("sheet.missing_more", "Remark")
        + tag("else")
        + p("担当のある指標がありません。")
        + tag("endfor")
        + section(last=True, full=True)
    )  # fmt: skip


def notes_beside_chart(part):
    """Return the notes and, where there is one, the chart of the whole beside them."""
    notes = each(f"line in {part}.notes", p("{{ line }}", style="ListBullet"))
    chart = p(put(f"picture({part}.chart)"), style="Picture") + p(
        "図　{{ " + part + ".chart.title }}", style="FigureTitle"
    )
    beside = table(
        row(cell(notes, w=8000), cell(chart, w=6900)),
        told="読み方と図", width=ACROSS, style="TableNormal", first_row=False,
    )  # fmt: skip
    return p(style="Gap") + when(f"{part}.chart", beside, otherwise=(notes,))


def yearbook():
    """All years of the plan side by side, across."""
    part = "report.yearbook"
    year = 1300

    def line(name):
        return row(
            cell("{{ " + name + ".title }}", w=3400, style="FactName"),
            cells(f"for one in {name}.years", cell(
                p(put("letter(one.letter)"), "{% if " + part + '.has_official and one.official.text != "－" %}', text(" 評価 {{ one.official.text }}", "Note"), "{% endif %}", style="TableCentre"),
                p(put("figure(one.score)"), '{% if one.coverage != "－" %}　評価済み {{ one.coverage }}{% endif %}', style="TableBelow"), w=1900,
            )),
            cell("{{ " + name + ".change }}", w=1500, style="TableCentre"),
        )  # fmt: skip

    def year_heads():
        return cells(f"for year in {part}.years", head("{{ year.short }}", year))

    return (
        p("{{ report.cover.body }}", style="SheetHead")
        + p("{{ report.cover.plan_title }}　{{ " + part + ".kind }}", style="Heading1")
        + p("{{ " + part + ".period }}", style="Lead")
        + p("全体と{{ " + part + ".goal_label }}ごとの結果", style="Heading2")
        + table(
            row(head("項目", 3400), cells(f"for year in {part}.years", head("{{ year.full }}", 1900)), head("変化", 1500), head=True),
            line(f"{part}.whole"),
            rows(f"for goal in {part}.goals", line("goal")),
            told="年度ごとの判定と点数", width=ACROSS,
        )
        + when(
            f"{part}.counts",
            caption("判定ごとの件数と割合（{{ " + part + ".unit }}）"),
            table(
                row(head("判定", 1300), head("意味", 3600), year_heads(), head=True),
                rows(
                    f"for row in {part}.counts",
                    row(cell(when("loop.last", p("{{ row.letter.text }}", style="TableCentre"), otherwise=(p(put("letter(row.letter)"), style="TableCentre"),)), w=1300), cell("{{ row.definition }}", w=3600), cells("for count in row.counts", cell("{{ count }}", text("（{{ row.shares[loop.index0] }}）", "Note"), w=year, style="TableNumber"))),
                ),
                told="判定ごとの件数と割合", width=ACROSS,
            ),
        )
        + notes_beside_chart(part)
        + each(
            f"group in {part}.groups",
            when("loop.first", p("{{ group.title }}", style="Heading2"), otherwise=(p("{{ group.title }}", style="Heading2", page=True),)),
            caption("指標の年度ごとの値", text(BELOW, "Note")),
            table(
                row(head("指標", 3700), head("基準値・最終目標", 1200), year_heads(), head("推移", 1100), head("変化", 1400), head=True),
                rows(
                    "for one in group.rows",
                    row(
                        cell(
                            p(INDICATOR, style="TableText"),
                            p(put("mark(one.example)"), put("flags(one.badges)"), "{% if one.example or one.badges %}　{% endif %}{{ one.action }}　{{ one.owners }}", style="TableSmall"), w=3700,
                        ),
                        baseline(1200),
                        cells("for year in one.years", year_cell(year)),
                        trend_cell("one.trend", 1100),
                        cell("{{ one.change }}", w=1400, style="TableBelow"),
                    ),
                ),
                told="指標の年度ごとの値", width=ACROSS,
            ),
            p(style="Gap"),
            figures_beside("group.charts", ACROSS),
        )
        + section(across=True, last=True, full=True)
    )  # fmt: skip
