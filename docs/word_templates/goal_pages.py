"""A goal: in the full report, and on a page of its own."""

from blocks import (
    caption,
    cell,
    cells,
    centre,
    each,
    facts,
    figure_of,
    head,
    mark,
    number,
    p,
    put,
    row,
    rows,
    table,
    text,
    when,
)
from chapters import NO_REASON, chapter_head, indented, said, small

INDICATOR = "{{ one.code }} {{ one.name }}{% if one.unit %}（{{ one.unit }}）{% endif %}"
BELOW = "　上が実績と判定、下が目標と率"


def goals():
    """Return the chapter of the goals."""
    return chapter_head(page=False) + each("goal in report.goals", goal())


def goal():
    """Return a goal in the full report."""
    return (
        p("{{ goal.title }}", style="Heading2")
        + when("goal.note", p("{{ goal.note }}", style="Remark", keep=True))
        + when(
            "goal.empty",
            p("{{ goal.empty }}"),
            when("goal.official", p("評価　", put("official(goal.official)"), style="Result")),
            stages(),
            otherwise=(
                result(),
                facts("goal.facts", "結果の要点", keep=True),
                each("chart in goal.charts", figure_of("chart")),
                nodes(),
                stages(),
                indicators("goal.indicators", "指標の年度ごとの値"),
            ),
        )
        + funding()
    )  # fmt: skip


def result():
    """Return the letter, the sentence, and why people departed from the computed letter."""
    return (
        p(
            "判定　", put("letter(goal.letter)"), "{% if goal.official %}　　評価　{% endif %}",
            "{% if goal.official %}", put("official(goal.official)"), "{% endif %}",
            "　　{{ report.word_before }}　", put("letter(goal.letter_before)"), style="Result",
        )
        + p("{{ goal.lead }}", style="Lead", keep=True)
        + when(
            "goal.official and goal.official.differs",
            p(text("評価が判定と異なる理由", "Strong"), '　{{ goal.official.reason or "' + NO_REASON + '" }}'),
        )
    )  # fmt: skip


def nodes():
    """Return the table of the items under a goal."""
    return when(
        "goal.nodes",
        caption("下位の項目と判定"),
        table(
            row(
                head("項目", 4000), cells("if goal.has_owners", head("担当", 1500)), head("判定", 900),
                cells("if goal.has_official", head("評価", 1300)), head("点数", 1000), head("評価済み", 1020), head("{{ report.word_before }}", 1000), head=True,
            ),
            rows(
                "for row in goal.nodes",
                row(
                    cell(
                        indented("{{ row.label }} {{ row.code }}　{{ row.name }}", put("flags(row.flags)")),
                        small("row.note"), w=4000,
                    ),
                    cells("if goal.has_owners", cell("{{ row.owners }}", w=1500)),
                    mark("letter(row.letter)", 900), cells("if goal.has_official", mark("official(row.official)", 1300)),
                    number("row.score", 1000), centre("{{ row.coverage }}", w=900),
                    cell(p(put("letter(row.letter_before)"), style="TableCentre"), when("row.official_before", p("{{ row.official_before }}", style="TableSmall")), w=1000),
                ),
            ),
            told="下位の項目と判定",
        ),
        said("goal.nodes_note", "Remark"),
    )  # fmt: skip


def stages():
    """Return the table of the stages of evaluation."""
    return when(
        "goal.stages",
        caption("段階ごとの評価{% if goal.has_directions %}と次年度の方向性{% endif %}"),
        table(
            row(
                head("項目・指標", 3600), head("{{ report.word_before }}", 900), head("判定（計算）", 1000), cells("for name in goal.stage_heads", head("{{ name }}", 1200)),
                cells("if goal.has_directions", head("方向性", 1300)), head=True,
            ),
            rows(
                "for row in goal.stages",
                row(
                    cell(
                        p("{{ row.code }} {{ row.name }}", style="TableText", keep=True),
                        when("row.official", p("評価　{{ row.official.letter.text }}（{{ row.official.stage }}）", style="TableSmall")), w=3600,
                    ),
                    mark("letter(row.before)", 900), mark("letter(row.computed)", 1000), cells("for one in row.letters", mark("letter(one)", 1200)),
                    cells("if goal.has_directions", centre("{{ row.direction }}", w=1300)),
                ),
                rows(
                    "if row.remarks",
                    row(cell(each("fact in row.remarks", p(text("{{ fact.name }}", "Strong"), "　{{ fact.text }}", style="TableText")), w=5500, span=3)),
                ),
            ),
            told="段階ごとの評価",
        ),
    )  # fmt: skip


def year_cell(w):
    """Return a year of an indicator: actual and letter above, target and rate below."""
    return cell(
        p(put("figure(year.actual)"), '{% if year.letter.text != "－" %} {% endif %}',
          '{% if year.letter.text != "－" %}', put("letter(year.letter)"), "{% endif %}", style="TableNumber"),
        when('year.target.text != "－" or year.rate.text != "－"', p(
            put("mark(year.target.example)"),
            '{% if year.target.text != "－" %}目標 {{ year.target.text }}{% if year.target.note %}（{{ year.target.note }}）{% endif %}{% endif %}',
            '{% if year.rate.text != "－" %}　{{ year.rate.text }}{% if year.rate.note %}（{{ year.rate.note }}）{% endif %}{% endif %}',
            style="TableAgainst",
        )),
        w=w,
    )  # fmt: skip


def trend_cell(name, w):
    """Return the small line over the years."""
    return cell(when(name, p(put(f"trend({name})"), style="TablePicture"), otherwise=(p("－", style="TableCentre"),)), w=w)  # fmt: skip


def indicators(rows_of, title):
    """Return the years side by side, an indicator in a row."""
    name, base, year, trend = 2650, 1050, 1480, 800
    whose = ("評価　", put("letter(one.official.letter)"), "　{{ one.official.stage }}")
    marks = put("mark(one.example)"), put("flags(one.badges)")
    return when(
        rows_of,
        caption(title, text(BELOW, "Note")),
        table(
            row(
                head("指標", name), head("基準値・最終目標", base), cells("for year in goal.years", head("{{ year.short }}", year)),
                cells("if goal.has_trends", head("推移", trend)), head=True,
            ),
            rows(
                f"for one in {rows_of}",
                row(
                    cell(p(INDICATOR, style="TableText"), when("one.official", p(*whose, style="TableSmall")), p("{{ one.nature }}{% if one.example or one.badges %}　{% endif %}", *marks, style="TableSmall"), w=name),
                    baseline(base),
                    cells("for year in one.years", year_cell(year)),
                    cells("if goal.has_trends", trend_cell("one.trend", trend)),
                ),
                rows("if one.done", row(cell(text("実施内容", "Strong"), "　{{ one.done }}", w=name))),
                rows("if one.note", row(cell(text("注記", "Strong"), "　{{ one.note }}", w=name))),
            ),
            told="指標の年度ごとの値",
        ),
    )  # fmt: skip


def baseline(w):
    """Baseline above final target."""
    return cell(
        p(put("figure(one.baseline)"), style="TableAgainst"),
        when("one.final_target.numeric", p(put("figure(one.final_target)"), style="TableAgainst")),
        w=w,
    )


def funding():
    """Return the table of the money of a goal."""
    return when(
        "goal.funding",
        caption("財源・予算と決算（千円）"),
        table(
            row(
                head("財源の名称", 2400), head("項目", 2400), head("財源の種類", 1700), cells("for one in goal.funding.heads", head("{{ one }}", 1050)),
                cells("if goal.funding.has_rates", head("執行率", 950)), head=True,
            ),
            rows(
                "for row in goal.funding.rows",
                row(
                    cell("{{ row.name }}", w=2400), cell("{{ row.item }}", w=2400), cell("{{ row.sources }}", w=1700), cells("for amount in row.amounts", number("amount", 1050)),
                    cells("if goal.funding.has_rates", number("row.rate", 950)),
                ),
            ),
            row(
                cell("計", w=6500, span=3), cells("for amount in goal.funding.totals", number("amount", 1050)),
                cells("if goal.funding.has_rates", number("goal.funding.rate", 950)),
            ),
            told="財源・予算と決算",
        ),
        facts("goal.funding.facts", "財源の断り", share=3600),
    )  # fmt: skip


def goal_sheet():
    """Return a goal on one page."""
    return (
        said("goal.note", "Remark")
        + when(
            "goal.empty",
            p("{{ goal.empty }}"),
            when("goal.official", p("評価　", put("official(goal.official)"), style="Result")),
            otherwise=(
                result(),
                facts_in_line("goal.facts"),
                each("chart in goal.sheet_charts", figure_of("chart")),
                indicators("goal.sheet_indicators", "指標（判定の低いものから）"),
            ),
        )
        + told("goal.done", "実施したこと")
        + told("goal.issues", "課題")
        + told("goal.directions", "これからのこと")
        + each("line in goal.sheet_more", p("{{ line }}", style="Remark"))
    )  # fmt: skip


def facts_in_line(rows_of):
    """Names and what is said of them, one after the other."""
    return when(rows_of, p(
        f"{{% for fact in {rows_of} %}}", text("{{ fact.name }}", "Strong"), " {{ fact.text }}　{% endfor %}", style="TableText",
    ))  # fmt: skip


def told(rows_of, title):
    """Return what is said under a title, line by line; nothing is said of what nobody wrote."""
    return when(rows_of, p(title, style="Heading3"), facts(rows_of, title, share=4300))
