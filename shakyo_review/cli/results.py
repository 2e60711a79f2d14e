"""Commands that show scores, their derivation, years side by side, history."""

from typing import TYPE_CHECKING

import click

from shakyo_review.cli.common import (
    Calling,
    Year,
    emit_json,
    json_option,
    pass_calling,
    tell,
    year_option,
)
from shakyo_review.cli.japanese import JapaneseCommand
from shakyo_review.cli.score_tables import (
    goal_table,
    indicator_table,
    item_table,
    sealed_text,
)
from shakyo_review.domain.derivation import indicator_steps, node_steps
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.domain.goals import WHOLE_PLAN
from shakyo_review.errors import WrongUsage, quoted

if TYPE_CHECKING:
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.storage.history import Change


@click.command(cls=JapaneseCommand)
@year_option()
@click.option(
    "--seal", "number", type=int, metavar="N", help="N 回目に確定したときの内容を出します。"
)
@click.option(
    "--rules",
    type=click.Choice(["current"]),
    help="current で、いまの規則で計算し直した参考値を出します。",
)
@json_option
@pass_calling
def score(
    calling: Calling, year: int, number: int | None, rules: str | None, as_json: bool
) -> None:
    """指標ごとの率と判定、目標ごとの評価を出します（確定した年度は、確定した内容を出します）。"""
    import json

    from shakyo_review.cli.years import sealing_text
    from shakyo_review.services.json_views import score_view
    from shakyo_review.services.reviewing import official as official_of
    from shakyo_review.services.sealing import sealed_results
    from shakyo_review.services.year_views import (
        REFERENCE_NOTE,
        plan_of_seal,
        reference_score,
        sealing_of,
    )

    if number is not None and rules is not None:
        raise WrongUsage("--seal と --rules は一緒には使えません。", "どちらかにしてください。")
    with calling.open() as book:
        book.plan.check_year(year)
        if number is not None:
            kept = sealed_results(book, year, number) or ""
            if as_json:
                click.echo(kept)
            else:
                plan = plan_of_seal(book, year, number)
                click.echo(sealed_text(json.loads(kept), number, plan))
            return
        official = official_of(book, year)
        sealing = sealing_of(book, year)
        now = book.score(year) if rules is None else reference_score(book, year)
        if as_json:
            kept = None if rules is not None else sealed_results(book, year)
            if kept is not None:
                click.echo(kept)
                return
            view = score_view(now, official, sealed=False)
            if rules is not None:
                view = {"reference": True, "note": REFERENCE_NOTE, **view}
            emit_json(view)
            return
        before = book.score_beside(year - 1, year)
    head = [sealing_text(sealing)] if sealing is not None and rules is None else []
    head += [REFERENCE_NOTE] if rules is not None else []
    click.echo(goal_table(now, before, official, head))
    for told in (item_table(now, official), indicator_table(now, official)):
        if told:
            click.echo(f"\n{told}")


@click.command(cls=JapaneseCommand)
@click.argument("code")
@year_option()
@json_option
@pass_calling
def explain(calling: Calling, code: str, year: int, as_json: bool) -> None:
    """CODE（指標・取組・施策・目標、計画全体は ALL）の率・判定・点数の算出過程と、段階ごとの評価を出します。"""
    from shakyo_review.services.json_views import steps_view
    from shakyo_review.services.stage_views import stage_steps

    with calling.open() as book:
        book.plan.check_year(year)
        now = book.score(year)
        if code in now.indicators:
            kind, steps = "indicator", indicator_steps(now.indicators[code])
        elif code in now.nodes or code == WHOLE_PLAN:
            node = now.overall if code == WHOLE_PLAN else now.nodes[code]
            kind, steps = "node", node_steps(now.plan, node)
        else:
            raise WrongUsage(
                f"コード「{code[:40]}」は計画にありません。",
                "「plan show」でコードを確かめてください。",
            )
        steps = [*steps, *stage_steps(book, code, year)]
    if as_json:
        emit_json(steps_view(code, kind, year, steps))
        return
    click.echo(f"{code}　{year_label(year)}")
    for step in steps:
        click.echo(f"  {step.title}: {step.text}")


@click.command(cls=JapaneseCommand)
@click.argument("code", required=False)
@click.option("--year", "year", type=Year(), help="この年度についての変更だけ。")
@click.option("--entity", metavar="E", help="この種類だけ（値・評価・会議・意見・改善項目 など）。")
@click.option("--who", metavar="NAME", help="この人の変更だけ。")
@json_option
@pass_calling
def history(
    calling: Calling,
    code: str | None,
    year: int | None,
    entity: str | None,
    who: str | None,
    as_json: bool,
) -> None:
    """いつ・だれが・何を・何から何へ・なぜ変えたかを出します（番号が変わる前のコードの分も出します）。"""
    from shakyo_review.services.json_views import history_view
    from shakyo_review.services.year_views import changes_of

    wanted = None if entity is None else _entity(entity)
    with calling.open() as book:
        changes = book.history(year=year) if code is None else changes_of(book, code, year)
        if changes is None:
            raise WrongUsage(
                f"コード「{(code or '')[:40]}」は計画にありません。",
                "「plan show」でコードを確かめてください。",
            )
        if wanted is not None:
            changes = [change for change in changes if change.entity == wanted]
        if who is not None:
            changes = [change for change in changes if change.who == who]
        if as_json:
            emit_json(history_view(changes))
            return
        for change in changes:
            click.echo(_change_line(book, change))
    if not changes:
        tell("あてはまる履歴はありません。")


def _entity(typed: str) -> str:
    from shakyo_review.services.telling import ENTITY_LABELS

    codes = {label: code for code, label in ENTITY_LABELS.items()}
    if typed not in ENTITY_LABELS and typed not in codes:
        raise WrongUsage(
            f"履歴の種類{quoted(typed)}はありません。", f"使える種類: {'、'.join(codes)}。"
        )
    return codes.get(typed, typed)


def _change_line(book: "ReviewBook", change: "Change") -> str:
    """Return a row of the history for people; the file may hold what no program wrote."""
    from shakyo_review.domain.cell import KIND_LABELS, PERIOD_LABELS
    from shakyo_review.domain.checks import FINDING_LABELS
    from shakyo_review.services.clock import local_time
    from shakyo_review.services.telling import ENTITY_LABELS
    from shakyo_review.services.telling_figures import change_texts
    from shakyo_review.services.year_views import SEAL

    year = change.fiscal_year
    plan = book.plan if year is None else book.plan_of(year)
    labels = {kind.value: label for kind, label in KIND_LABELS.items()}
    labels |= {kind.value: label for kind, label in FINDING_LABELS.items()}
    kind = labels.get(change.kind, change.kind)
    figure = change.entity in ("cell", "funding", "indicator")
    if not figure and (stage := plan.evaluation.stage(change.kind)) is not None:
        kind = stage.name
    part = plan.branch_names.get(change.branch, change.branch)
    if not figure and part.isdecimal():
        part = "" if change.entity == SEAL else f"{part}番"
    period = PERIOD_LABELS.get(change.period, change.period)
    whole = change.code in (WHOLE_PLAN, book.plan.code)
    code = "計画全体" if whole else change.code
    if change.entity == "person":
        code = ""
    place = [code, "" if year is None else short_year(year), kind, part, period]
    word = "" if change.entity == "cell" else ENTITY_LABELS.get(change.entity, change.entity)
    where = " ".join(one for one in (word, *place) if one)
    old, new = change_texts(plan, change)
    told = change.reason and change.reason in new
    why = f"（{change.reason}）" if change.reason and not told else ""
    return f"{local_time(change.at)}  {change.who}  {where}: {old} → {new}{why}"
