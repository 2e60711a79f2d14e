"""Commands that show scores, their derivation, years side by side, history, reports."""

from pathlib import Path

import click

from shakyo_review.cli.common import (
    Calling,
    Year,
    emit_json,
    json_option,
    pass_calling,
    year_option,
)
from shakyo_review.cli.japanese import JapaneseCommand
from shakyo_review.cli.tables import table
from shakyo_review.domain.derivation import coverage_text, indicator_steps, node_steps
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import WHOLE_PLAN, NodeScore, YearScore
from shakyo_review.domain.value import format_number, format_percent, format_reading, half_up
from shakyo_review.errors import WrongUsage


def _score_text(score: NodeScore, year: YearScore) -> str:
    if score.score is None:
        return "－"
    d = year.plan.rule_set.decimals
    return format_number(half_up(score.score, d), d)


def goal_table(now: YearScore, before: YearScore | None = None) -> str:
    """Return the table of goals: letter, score, coverage, last year's letter."""
    plan = now.plan
    rows = []
    for score in [*now.goals, now.overall]:
        earlier = before.nodes.get(score.item.code) if before is not None else None
        if before is not None and score is now.overall:
            earlier = before.overall
        rows.append(
            (
                "計画全体" if score is now.overall else f"{score.item.label} {score.item.code}",
                "" if score is now.overall else score.item.name,
                score.rating or "－",
                _score_text(score, now),
                (earlier.rating if earlier is not None else None) or "－",
                coverage_text(score),
                "例示" if score.example else "",
            )
        )
    head = ("項目", "名前", "判定", "点数", "前年度", "評価済み", "")
    lines = [
        f"{plan.body}　{plan.title}",
        f"{year_label(now.year)}の評価（{plan.scale.name}、{now.overall.rule}、平均の対象: {now.overall.averaged_over}）",
        "",
        table(head, rows, right=(3,)),
    ]
    if now.overall.example:
        lines += ["", "「例示」は、資料にない見本の数値を含むことを示します。"]
    return "\n".join(lines)


def _indicator_table(now: YearScore) -> str:
    rows = []
    for s in now.indicators.values():
        d = s.indicator.figure_decimals
        target = s.target.value
        rows.append(
            (
                s.indicator.code,
                s.indicator.name,
                s.indicator.unit,
                format_number(target, d)
                if target is not None
                else format_reading(s.target.whole.reading, d, blank="－"),
                format_reading(s.actual.reading, d, blank="未入力"),
                s.display,
                format_percent(s.printed_pace, s.rules.decimals) if s.pace is not None else "",
                s.rating or "－",
                "例示" if s.example else "",
            )
        )
    head = ("コード", "指標", "単位", "目標", "実績", "率", "経過割合比", "判定", "")
    return table(head, rows, right=(3, 4, 5, 6), most=36)


@click.command(cls=JapaneseCommand)
@year_option()
@json_option
@pass_calling
def score(calling: Calling, year: int, as_json: bool) -> None:
    """指標ごとの率と判定、目標ごとの評価を出します。"""
    from shakyo_review.services.json_views import score_view

    with calling.open() as book:
        book.plan.check_year(year)
        now = book.score(year)
        if as_json:
            emit_json(score_view(now))
            return
        click.echo(goal_table(now, book.score(year - 1)))
        click.echo("")
        click.echo(_indicator_table(now))


@click.command(cls=JapaneseCommand)
@click.argument("code")
@year_option()
@json_option
@pass_calling
def explain(calling: Calling, code: str, year: int, as_json: bool) -> None:
    """CODE（指標・取組・施策・目標、計画全体は ALL）の率・判定・点数の算出過程を出します。"""
    from shakyo_review.services.json_views import steps_view

    with calling.open() as book:
        book.plan.check_year(year)
        now = book.score(year)
        if code in now.indicators:
            kind, steps = "indicator", indicator_steps(now.indicators[code])
        elif code in now.nodes or code == WHOLE_PLAN:
            node = now.overall if code == WHOLE_PLAN else now.nodes[code]
            kind, steps = "node", node_steps(book.plan, node)
        else:
            raise WrongUsage(
                f"コード「{code[:40]}」は計画にありません。",
                "「plan show」でコードを確かめてください。",
            )
    if as_json:
        emit_json(steps_view(code, kind, year, steps))
        return
    click.echo(f"{code}　{year_label(year)}")
    for step in steps:
        click.echo(f"  {step.title}: {step.text}")


@click.command(cls=JapaneseCommand)
@click.argument("years", nargs=-1, required=True, type=Year())
@json_option
@pass_calling
def compare(calling: Calling, years: tuple[int, ...], as_json: bool) -> None:
    """年度を並べて比べます（2つ以上）。"""
    from shakyo_review.domain.comparison import BADGE_LABELS
    from shakyo_review.services.json_views import comparison_view

    if len(set(years)) < 2:
        raise WrongUsage(
            "比べる年度を2つ以上指定してください。", "「compare R5 R6」のように書きます。"
        )
    with calling.open() as book:
        for year in years:
            book.plan.check_year(year)
        result = book.compare(years)
        plan = book.plan
    if as_json:
        emit_json(comparison_view(plan, result))
        return
    head = ["項目", "名前", *(f"{short_year(y)} 点数・判定" for y in result.years), "増減"]
    d = plan.rule_set.decimals
    goals = [row for row in result.goals if plan.items[row.code].parent is None]
    rows = [
        [
            row.code,
            row.years[-1].item.name,
            *(
                f"{'－' if n.score is None else format_number(half_up(n.score, d), d)} {n.rating or '－'}"
                for n in row.years
            ),
            format_number(row.change.rate, d),
        ]
        for row in [*goals, result.overall]
    ]
    click.echo(table(head, rows, right=range(2, len(head)), most=40))
    click.echo("")
    head = [
        "コード",
        "指標",
        "単位",
        *(f"{short_year(y)} 実績・率・判定" for y in result.years),
        "実績の増減",
        "備考",
    ]
    rows = [
        [
            row.code,
            row.name,
            row.unit,
            *(
                f"{format_reading(s.actual.reading, s.indicator.figure_decimals, blank='未入力')} {s.display} {s.rating or '－'}"
                for s in row.years
            ),
            format_number(row.change.actual, row.years[-1].indicator.figure_decimals),
            "・".join(BADGE_LABELS[badge] for badge in row.badges),
        ]
        for row in result.indicators
    ]
    click.echo(table(head, rows, right=range(3, len(head) - 1), most=36))


@click.command(cls=JapaneseCommand)
@click.argument("code", required=False)
@click.option("--year", "year", type=Year(), help="この年度のセルだけ。")
@json_option
@pass_calling
def history(calling: Calling, code: str | None, year: int | None, as_json: bool) -> None:
    """いつ・だれが・何を・何から何へ・なぜ変えたかを出します。"""
    from shakyo_review.domain.cell import KIND_LABELS, PERIOD_LABELS, Kind
    from shakyo_review.services.book import local_time
    from shakyo_review.services.json_views import facts_text, history_view

    with calling.open() as book:
        known = {*book.plan.indicators, *book.plan.items, book.plan.code}
        changes = book.history(code, year)
        if code is not None and not changes and code not in known:
            raise WrongUsage(
                f"コード「{code[:40]}」は計画にありません。",
                "「plan show」でコードを確かめてください。",
            )
        names = book.plan.branch_names
    if as_json:
        emit_json(history_view(changes))
        return
    for change in changes:
        place = [
            "" if change.fiscal_year is None else short_year(change.fiscal_year),
            KIND_LABELS[Kind(change.kind)] if change.kind else "",
            names.get(change.branch, change.branch),
            PERIOD_LABELS.get(change.period, change.period),
        ]
        where = " ".join(part for part in (change.code, *place) if part)
        why = f"（{change.reason}）" if change.reason else ""
        click.echo(
            f"{local_time(change.at)}  {change.who}  {where}: {facts_text(change.old)} → {facts_text(change.new)}{why}"
        )


@click.command(cls=JapaneseCommand)
@year_option()
@click.option(
    "--format",
    "formats",
    default="html",
    metavar="LIST",
    help="形式（コンマ区切り。いまは html）。",
)
@click.option("--template", metavar="NAME", help="ひな型の名前。")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="書き出すフォルダ。",
)
@pass_calling
def report(calling: Calling, year: int, formats: str, template: str | None, out: Path) -> None:
    """評価報告書を作ります。"""
    from shakyo_review.services.publishing import publish_report

    names = [name.strip() for name in formats.split(",") if name.strip()]
    with calling.open() as book:
        book.plan.check_year(year)
        written = publish_report(
            book, year, names, out, template=template, user_templates=calling.settings.templates
        )
    for path in written:
        click.echo(f"報告書: {path}")
