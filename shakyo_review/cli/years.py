"""Commands of the states of a year: open, evaluate, seal, publish, open a seal again."""

from typing import TYPE_CHECKING

import click

from shakyo_review.cli.common import (
    Calling,
    emit_json,
    json_option,
    pass_calling,
    tell,
    year_option,
)
from shakyo_review.cli.japanese import JapaneseCommand, JapaneseGroup
from shakyo_review.cli.tables import table
from shakyo_review.domain.fiscal_year import short_year, year_label
from shakyo_review.errors import ConflictFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shakyo_review.domain.readiness import Gap
    from shakyo_review.services.year_views import Sealing


def gap_lines(gaps: "Iterable[Gap]") -> list[str]:
    """Return gaps under the committee they belong to."""
    from shakyo_review.services.year_views import gaps_by_committee

    lines = []
    for committee, group in gaps_by_committee(gaps).items():
        lines.append(f"  {committee}（{len(group)}件）")
        lines += [f"    {gap.code} {gap.name}: {gap.text}" for gap in group]
    return lines


def sealing_text(sealing: "Sealing | None") -> str:
    """Return when and by whom a year was sealed: 確定（2026年6月25日 09:05、事務局、1回目）."""
    from shakyo_review.services.clock import local_time

    if sealing is None:
        return ""
    parts = [local_time(sealing.at), sealing.who] if sealing.at else []
    parts.append(f"{sealing.number}回目")
    if sealing.errata:
        parts.append(f"そのあとの正誤{sealing.errata}件")
    return f"確定（{'、'.join(parts)}）"


# --- year -------------------------------------------------------------------------------------


@click.group(cls=JapaneseGroup)
def year() -> None:
    """年度の状態（準備・記入・評価・確定・公表）を見て、進めます。"""


@year.command("list", cls=JapaneseCommand)
@json_option
@pass_calling
def list_years(calling: Calling, as_json: bool) -> None:
    """すべての年度の状態、確定した人と日時、入力と評価の進み具合を出します。"""
    from shakyo_review.domain.year_state import YEAR_STATE_LABELS
    from shakyo_review.services.clock import local_time
    from shakyo_review.services.year_views import year_lines, years_view

    with calling.open() as book:
        lines = year_lines(book)
    if as_json:
        emit_json(years_view(lines))
        return
    rows = []
    for line in lines:
        sealed = line.sealing
        rows.append(
            (
                f"{short_year(line.year)}{'（作業中）' if line.working else ''}",
                YEAR_STATE_LABELS[line.state],
                f"{line.seals}回" if line.seals else "－",
                "－"
                if sealed is None or not sealed.at
                else f"{local_time(sealed.at)} {sealed.who}",
                line.published or "－",
                f"指標{line.indicators}件中{line.entered}件",
                f"項目{line.items}件中{line.judged}件",
            )
        )
    head = ("年度", "状態", "確定の回数", "確定した日時と人", "公表", "入力", "評価")
    click.echo(table(head, rows))


@year.command(cls=JapaneseCommand)
@year_option()
@json_option
@pass_calling
def ready(calling: Calling, year: int, as_json: bool) -> None:
    """確定できるかを、担当ごとに出します。まだ確定できなければ終了コードは1です。"""
    from shakyo_review.domain.year_state import YEAR_STATE_LABELS, YearState
    from shakyo_review.services.reviewing import gaps as gaps_of
    from shakyo_review.services.year_views import ready_view

    with calling.open() as book:
        book.plan.check_year(year)
        state = book.state(year)
        gaps = gaps_of(book, year) if state.open else []
    blocking = [gap for gap in gaps if gap.blocks]
    blocked = bool(blocking) or state is YearState.PREPARING
    if as_json:
        emit_json(ready_view(year, state, gaps))
    else:
        warning = [gap for gap in gaps if not gap.blocks]
        label = f"{year_label(year)}（{YEAR_STATE_LABELS[state]}）"
        if state.closed:
            click.echo(f"{label}: すでに確定しています。")
        elif state is YearState.PREPARING:
            click.echo(f"{label}: まだ開いていません。「year open」で記入を始めてください。")
        elif not blocking:
            click.echo(f"{label}: 確定を妨げるものはありません。")
            if state is YearState.ENTRY:
                click.echo("確定の前に「year evaluate」で記入を締め切ってください。")
        else:
            click.echo(f"{label}: 確定を妨げるもの（{len(blocking)}件）")
        for line in gap_lines(blocking):
            click.echo(line)
        if warning:
            click.echo(f"確かめておきたいもの（{len(warning)}件、確定はできます）")
            for line in gap_lines(warning):
                click.echo(line)
    click.get_current_context().exit(1 if blocked else 0)


@year.command("open", cls=JapaneseCommand)
@year_option()
@pass_calling
def open_year(calling: Calling, year: int) -> None:
    """年度を開いて記入を始めます（作業中の年度になります）。"""
    from shakyo_review.services import sealing

    with calling.open() as book:
        asked = sealing.open_year(book, year)
    promised = f"結果を答える改善項目が{asked}件あります。" if asked else ""
    click.echo(f"{year_label(year)}の記入を始めました。{promised}")


@year.command("evaluate", cls=JapaneseCommand)
@year_option()
@pass_calling
def start_evaluation(calling: Calling, year: int) -> None:
    """記入を締め切り、評価を始めます（このあと値を変えるには理由が要ります）。"""
    from shakyo_review.services import sealing

    with calling.open() as book:
        sealing.start_evaluation(book, year)
    click.echo(f"{year_label(year)}の記入を締め切り、評価を始めました。")


@year.command("entry", cls=JapaneseCommand)
@year_option()
@click.option("--reason", required=True, metavar="T", help="記入に戻す理由。")
@pass_calling
def back_to_entry(calling: Calling, year: int, reason: str) -> None:
    """評価を始めた年度を、理由を付けて記入に戻します。"""
    from shakyo_review.services import sealing

    with calling.open() as book:
        book.plan.check_year(year)
        sealing.back_to_entry(book, year, reason)
    click.echo(f"{year_label(year)}を記入に戻しました（理由: {reason}）。")


# --- seal -------------------------------------------------------------------------------------


@click.command(cls=JapaneseCommand)
@year_option()
@click.option("--dry-run", is_flag=True, help="確定できるかを確かめるだけで、書き込みません。")
@json_option
@pass_calling
def seal(calling: Calling, year: int, dry_run: bool, as_json: bool) -> None:
    """年度を確定します。計画・規則・値・評価・結果がそのまま残り、あとの変更では変わりません。"""
    from shakyo_review.services import sealing
    from shakyo_review.services.year_views import sealing_of

    label = year_label(year)
    with calling.open() as book:
        try:
            if dry_run:
                can = sealing.check_ready(book, year)
                made = False
            else:
                _, made = sealing.seal(book, year)
                can = made
        except sealing.NotReady as problem:
            if len(problem.gaps) > 1:  # the one there is stands in the sentence
                for line in gap_lines(problem.gaps):
                    tell(line)
            raise
        told = sealing_of(book, year)
        if told is not None and not can and told.who != book.who:
            raise ConflictFound(
                f"{label}は、{told.who}が先に{sealing_text(told)}しています。",
                "「score」で確定した結果を見られます。何も変わっていません。",
            )
    if as_json:
        emit_json(
            {
                "fiscal_year": year,
                "sealed": told is not None,
                "made": made,
                "ready": can,
                "number": None if told is None else told.last,
                "sealed_at": None if told is None else told.at,
                "sealed_by": None if told is None else told.who,
            }
        )
    elif made:
        click.echo(f"{label}を{sealing_text(told)}しました。")
    elif can:
        click.echo(f"{label}は確定できます（何も書き込んでいません）。")
    else:
        click.echo(f"{label}は、すでに{sealing_text(told)}しています。")


@click.command(cls=JapaneseCommand)
@year_option()
@click.option("--date", "day", metavar="D", help="公表した日（2026-07-01 など。省略時は今日）。")
@pass_calling
def publish(calling: Calling, year: int, day: str | None) -> None:
    """確定した年度を公表したことと、その日を記録します。"""
    from shakyo_review.services import sealing
    from shakyo_review.services.checked import checked_day

    with calling.open() as book:
        book.plan.check_year(year)
        sealing.publish(book, year, day)
    click.echo(f"{year_label(year)}を公表としました（{checked_day(day)}）。")


@click.command(cls=JapaneseCommand)
@year_option()
@click.option("--reason", required=True, metavar="T", help="確定を解く理由。")
@pass_calling
def reopen(calling: Calling, year: int, reason: str) -> None:
    """確定した年度を、理由を付けて評価に戻します（確定した内容は残ります）。"""
    from shakyo_review.services import sealing

    with calling.open() as book:
        book.plan.check_year(year)
        sealing.reopen(book, year, reason)
    click.echo(
        f"{year_label(year)}の確定を解き、評価に戻しました（理由: {reason}）。"
        "確定した内容は「score --seal」で見られます。"
    )
