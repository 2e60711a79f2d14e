"""The later chapters of the full report: what was said, decided, changed and spent, and the appendix."""

from blocks import (
    caption,
    cell,
    cells,
    centre,
    each,
    facts,
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
from chapters import chapter_head, indented, said, small


def proceedings():
    """Return the chapter on meetings, recusals, what was sent back, opinions."""
    part = "report.proceedings"
    return (
        chapter_head()
        + when(
            f"{part}.meetings",
            p("会議", style="Heading2"),
            table(
                heads(("期日", 1750), ("段階", 1200), ("会議", 1900), ("出席数", 1500), ("出席", 2500), ("欠席", 1400)),
                rows(
                    f"for row in {part}.meetings",
                    row(cell("{{ row.date }}", w=1750), cell("{{ row.stage }}", w=1200), cell("{{ row.title }}", w=1900), cell("{{ row.attendance }}", w=1500), cell("{{ row.present }}", w=2500), cell("{{ row.absent }}", w=1400)),
                ),
                told="会議と出席者",
            ),
        )
        + when(
            f"{part}.recusals",
            p("評価に加わらなかった委員（除斥）", style="Heading2"),
            table(
                heads(("項目", 3600), ("段階", 1400), ("委員", 1400), ("理由", 3600)),
                rows(f"for row in {part}.recusals", row(cell("{{ row.item }}", w=3600), cell("{{ row.stage }}", w=1400), cell("{{ row.member }}", w=1400), cell("{{ row.reason }}", w=3600))),
                told="除斥した委員と理由",
            ),
        )
        + when(
            f"{part}.returned",
            p("差し戻し", style="Heading2"),
            table(
                heads(("項目", 2700), ("日付", 1750), ("差し戻した評価", 1200), ("差し戻した段階", 1300), ("理由", 2200), ("その後", 1200)),
                rows(f"for row in {part}.returned", row(cell("{{ row.item }}", w=2700), cell("{{ row.date }}", w=1750), cell("{{ row.stage }}", w=1200), cell("{{ row.sender }}", w=1300), cell("{{ row.reason }}", w=2200), cell("{{ row.after }}", w=1200))),
                told="差し戻した評価と理由",
            ),
        )
        + when(
            f"{part}.opinions",
            p("意見と回答", style="Heading2"),
            p("{{ " + part + ".opinions_line }}", keep=True),
            table(
                heads(("番号", 700), ("意見", 4600), ("回答", 4600)),
                rows(
                    f"for row in {part}.opinions",
                    row(
                        centre("{{ row.number }}", w=700),
                        cell(small("row.about"), said("row.text"), small("row.source"), w=4600),
                        cell(said("row.answer"), small("row.answer_source"), w=4600),
                    ),
                ),
                told="意見と回答",
            ),
        )
    )  # fmt: skip


def promises(asked, made, title_style="Heading2", line="", owners=True):
    """Return the tables of the promises asked for and made; on a committee's own sheet without the owner."""
    whose = (cell("{{ row.owner }}", w=1300),) if owners else ()
    whose_head = (("担当", 1300),) if owners else ()
    what = cell(small("row.item"), said("row.text"), w=4300)
    return when(
        asked,
        p("これまでの改善項目への答え", style=title_style),
        *([said(line, "Normal")] if line else []),
        table(
            heads(("番号", 900), ("改善の内容", 4300), *whose_head, ("期限", 1200), ("結果", 1100), ("説明", 2600)),
            rows(
                f"for row in {asked}",
                row(cell("{{ row.number }}", w=900), what, *whose, cell("{{ row.due }}", w=1200), cell("{{ row.result }}", w=1100), cell('{{ row.answer or "－" }}', w=2600)),
            ),
            told="これまでの改善項目と答え",
        ),
    ) + when(
        made,
        p("この年度に決めた改善項目", style=title_style),
        table(
            heads(("番号", 700), ("改善の内容", 4300), *whose_head, ("期限", 900)),
            rows(f"for row in {made}", row(cell("{{ row.number }}", w=700), what, *whose, cell("{{ row.due }}", w=900))),
            told="この年度に決めた改善項目",
        ),
    )  # fmt: skip


def improvement():
    """Return the chapter on directions and promises."""
    part = "report.improvement"
    return (
        chapter_head(page=False)
        + said(f"{part}.directions_line", "Normal")
        + promises(f"{part}.asked", f"{part}.made", line=f"{part}.asked_line")
    )


def changes():
    """Return the chapter on changes of the plan and errata."""
    part = "report.changes"
    return (
        chapter_head(page=False)
        + when(
            f"{part}.revisions",
            when(f"{part}.errata", p("計画の変更", style="Heading2")),
            table(
                heads(("いつから・決めた会議", 2200), ("種類", 1200), ("項目・指標", 2600), ("変更の内容（旧 → 新）", 4000)),
                rows(
                    f"for block in {part}.revisions",
                    rows("for row in block.changes", rows_either("loop.first", _revision("start"), _revision("go"))),
                    rows_either("block.changes", _reason("go"), _reason("start")),
                ),
                told="計画の変更とその理由",
            ),
        )
        + when(
            f"{part}.errata",
            when(f"{part}.revisions", p("正誤", style="Heading2")),
            p("年度を確定した後に見つかり、直した値です。この報告書の値は、直した後のものです。"),
            table(
                heads(("番号", 700), ("どの値か", 3000), ("誤", 1200), ("正", 1200), ("理由", 2600), ("日付", 1750)),
                rows(f"for row in {part}.errata", row(centre("{{ row.number }}", w=700), cell("{{ row.place }}", w=3000), cell("{{ row.old }}", w=1200, style="TableNumber"), cell("{{ row.new }}", w=1200, style="TableNumber"), cell("{{ row.reason }}", w=2600), cell("{{ row.date }}", w=1750))),
                told="確定の後に直した値",
            ),
        )
    )  # fmt: skip


def _since(merge):
    shown = (
        () if merge == "go" else (p("{{ block.since }}", style="TableText"), small("block.decided"))
    )
    return cell(*(shown or ("",)), w=2200, merge=merge)


def _revision(merge):
    return row(_since(merge), centre("{{ row.label }}", w=1200), cell("{{ row.item }}", w=2600), cell("{{ row.text }}", w=4000))  # fmt: skip


def _reason(merge):
    return row(_since(merge), cell(text("理由", "Strong"), "　{{ block.reason }}", w=7800, span=3))


def money():
    """Return the chapter on budget, settlement and result."""
    part = "report.money"
    label = "{{ report.overall.goal_label }}"

    def line(name):
        return row(
            cell(p("{{ " + name + ".title }}", style="FactName"), small(f"{name}.sources"), small(f"{name}.note"), w=3000),
            cells(f"for amount in {name}.amounts", number("amount", 1150)),
            cells(f"if {part}.has_settlement", number(f"{name}.difference", 1150), number(f"{name}.rate", 950)),
            mark(f"letter({name}.letter)", 900),
            cells(f"if {part}.has_official", mark(f"official({name}.official)", 1300)),
            mark(f"letter({name}.letter_before)", 900),
        )  # fmt: skip

    return (
        chapter_head(page=False)
        + p("{{ " + part + ".line }}")
        + caption(f"{label}ごとの予算・決算と結果（千円）")
        + table(
            row(
                head(label, 3000), cells(f"for one in {part}.heads", head("{{ one }}", 1150)),
                cells(f"if {part}.has_settlement", head("差異", 1150), head("執行率", 950)),
                head("判定", 900), cells(f"if {part}.has_official", head("評価", 1300)), head("{{ report.word_before }}", 900), head=True,
            ),
            rows(f"for row in {part}.rows", line("row")),
            line(f"{part}.total"),
            told="予算・決算と結果",
        )
        + when(f"{part}.has_settlement", p("差異は{{ " + part + ".year.full }}の予算から決算を引いたものです。", style="Remark"))
        + when(f"{part}.unit_costs", p("単位あたりの費用", style="Heading2"), facts(f"{part}.unit_costs", "単位あたりの費用", share=4000))
    )  # fmt: skip


def appendix():
    """Return the full sheet, the derivations that are printed, and the terms."""
    node = "F2F3F5"

    def line(fill):
        figures = (
            (cell("", w=820, fill=fill), cell("", w=820, fill=fill))
            if fill
            else (number("row.target", 820), number("row.actual", 820))
        )
        return row(
            cell("{{ row.code }}", w=1100, fill=fill),
            cell(indented("{{ row.name }}", put("flags(row.flags)"), strong=bool(fill)), w=3200, fill=fill),
            cell("{{ row.owners }}", w=1150, fill=fill), *figures,
            cell(put("figure(row.rate)"), w=1160, style="TableNumber", fill=fill),
            cell(put("letter(row.letter)"), w=860, style="TableCentre", fill=fill),
            cells("if report.judged", cell(put("official(row.official)"), w=1000, style="TableCentre", fill=fill)),
            cell(p(put("letter(row.letter_before)"), style="TableCentre"), when("row.official_before", p("{{ row.official_before }}", style="TableSmall")), w=860, fill=fill),
        )  # fmt: skip

    return (
        chapter_head(page=False)
        + p("一覧表", style="Heading2")
        + p("担当は、上位の項目と異なるときだけ記しています。", style="Remark")
        + caption("計画の全項目と指標（{{ report.overall.year.full }}）")
        + table(
            row(
                head("コード", 1100), head("項目・指標", 3200), head("担当", 1150), head("目標", 820), head("実績", 820), head("率・点数", 1160),
                head("判定", 860), cells("if report.judged", head("評価", 1000)), head("{{ report.word_before }}", 860), head=True,
            ),
            rows("for row in report.sheet", rows_either('row.kind == "node"', line(node), line(""))),
            told="計画の全項目と指標", style="DenseTable",
        )
        + p("算出の過程", style="Heading2")
        + when("report.derivations_line or report.derivations_rest", p("{{ report.derivations_line }}{{ report.derivations_rest }}"))
        + in_columns(
            section(flows=True),
            when("report.derivations|selectattr('printed')|list", p("指標の率と判定", style="Heading3"), each("one in report.derivations if one.printed", _derivation())),
            p("項目の点数と判定", style="Heading3"),
            each("one in report.node_derivations if one.printed", _derivation()),
        )
        + p("用語", style="Heading2")
        + facts("report.glossary", "用語")
    )  # fmt: skip


def _derivation():
    """Return what came out, and how."""
    return p(
        "{% if one.code %}{{ one.code }} {% endif %}{{ one.name }}　", put("letter(one.result)"), style="StepHead"
    ) + p(
        "{% for step in one.steps %}",
        text("{{ step.name }}", "Strong"),
        " {{ step.text }}{% if not loop.last %}　{% endif %}{% endfor %}",
        style="Step",
    )  # fmt: skip
