"""Commands that put figures in and take them out."""

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
from shakyo_review.cli.submitting import submission_lines
from shakyo_review.domain.value import STATE_LABELS, State
from shakyo_review.errors import ValueProblem, WrongUsage

if TYPE_CHECKING:
    from shakyo_review.domain.cell import CellKey
    from shakyo_review.domain.checks import Finding
    from shakyo_review.domain.indicator import Indicator
    from shakyo_review.domain.plan import Plan
    from shakyo_review.domain.value import Reading

_STATES = {state.value: state for state in State if state not in (State.VALUE, State.TEXT)}


@click.command(cls=JapaneseCommand)
@click.argument("code")
@year_option()
@click.option("--target", metavar="V", help="目標の値。")
@click.option("--actual", metavar="V", help="実績の値（512、1,234、98.5％、△3、中止 など）。")
@click.option(
    "--state",
    metavar="S",
    help="値のない実績の状態（cancelled または 中止、not_surveyed または 調査未実施 など）。",
)
@click.option("--branch", default="", metavar="B", help="区・支所・地区のコードか名前。")
@click.option(
    "--period", default="", metavar="P", help="月（04〜03）、四半期（Q1〜Q4）、半期（H1・H2）。"
)
@click.option("--measured-year", type=Year(), help="測定した年度（報告年度より前の値のとき）。")
@click.option("--forecast", is_flag=True, help="見込みの値です。")
@click.option("--note", metavar="T", help="実施内容などの注記。")
@click.option("--reason", default="", metavar="T", help="変更の理由（履歴に残ります）。")
@click.option("--expect", metavar="V", help="いまの値が V のときだけ書きます（空欄は ''）。")
@json_option
@pass_calling
def record(
    calling: Calling,
    code: str,
    year: int,
    target: str | None,
    actual: str | None,
    state: str | None,
    branch: str,
    period: str,
    measured_year: int | None,
    forecast: bool,
    note: str | None,
    reason: str,
    expect: str | None,
    as_json: bool,
) -> None:
    """指標 CODE の目標・実績・状態を1つ記録します。"""
    from dataclasses import replace

    from shakyo_review.domain.cell import CellKey, Kind
    from shakyo_review.domain.value import format_reading
    from shakyo_review.services import entry
    from shakyo_review.services.json_views import outcome_view

    given = [value for value in (target, actual, state) if value is not None]
    if len(given) != 1:
        raise WrongUsage(
            "--target・--actual・--state のうち1つを指定してください。",
            "「record 1a --year R6 --actual 495」のように書きます。",
        )
    with calling.open() as book:
        kind = Kind.TARGET if target is not None else Kind.ACTUAL
        plan = book.plan_of(year)
        key = entry.check_key(plan, CellKey(code, year, kind, branch, period))
        indicator = plan.indicators[code]
        reading = typed_reading(indicator, target, actual, state)
        if forecast:
            if reading.value is None:
                raise WrongUsage(
                    "--forecast は数値のときだけ付けられます。", "値を指定してください。"
                )
            reading = replace(reading, forecast=True)
        expected = None
        if expect is not None:
            current = book.cells(year).get(key)
            if entry.understand(indicator, expect) != current.reading:
                raise entry.conflict_of(book, current)
            expected = current.version
        outcome = entry.record(
            book,
            key,
            reading,
            measured_year=measured_year,
            note=note,
            reason=reason,
            expected_version=expected,
        )
        if as_json:
            emit_json(outcome_view(key, outcome.cell.version, outcome.changed, outcome.warnings))
            return
        before = format_reading(outcome.before.reading, indicator.figure_decimals, blank="空欄")
        after = format_reading(outcome.cell.reading, indicator.figure_decimals, blank="空欄")
        unit = indicator.unit if outcome.cell.reading.value is not None else ""
        click.echo(
            f"{code} {indicator.name}（{figure_place(plan, key)}）: {before} → {after}{unit}"
            if outcome.changed
            else f"{code}: 変わりません（{after}{unit}）"
        )
        for warning in outcome.warnings:
            tell(f"確認: {warning}。")


def typed_reading(
    indicator: "Indicator", target: str | None, actual: str | None, state: str | None
) -> "Reading":
    """Return what --state says, or the one of --target and --actual that was given."""
    from shakyo_review.domain.value import Reading
    from shakyo_review.services.entry import understand

    if state is not None:
        return Reading(_state(state))
    return understand(indicator, target if target is not None else actual or "")


def figure_place(plan: "Plan", key: "CellKey") -> str:
    """Return where a figure of an indicator stands, in a council's words: R6 実績 北区 4月."""
    from shakyo_review.domain.cell import KIND_LABELS, PERIOD_LABELS
    from shakyo_review.domain.fiscal_year import short_year

    branch = plan.branch_names.get(key.branch, key.branch)
    period = PERIOD_LABELS.get(key.period, key.period)
    return " ".join(
        part for part in (short_year(key.year), KIND_LABELS[key.kind], branch, period) if part
    )


def _state(text: str) -> State:
    labels = {STATE_LABELS[state]: state for state in _STATES.values()}
    found = _STATES.get(text) or labels.get(text)
    if found is None:
        words = "、".join(f"{code}（{STATE_LABELS[state]}）" for code, state in _STATES.items())
        raise ValueProblem(f"状態「{text[:40]}」はありません。", f"使える状態: {words}。")
    return found


@click.command(cls=JapaneseCommand)
@year_option()
@json_option
@pass_calling
def check(calling: Calling, year: int, as_json: bool) -> None:
    """足りない値を担当と理由ごとに、あわせて確かめたい値と、担当ごとの提出を挙げます。

    足りない値か確かめたい値があれば終了コードは1です。理由を付けて確認済みにした値は別に挙げ、数えません。
    """
    from shakyo_review.domain.fiscal_year import year_label
    from shakyo_review.services.json_views import findings_view
    from shakyo_review.services.submitted import submissions, submissions_view

    with calling.open() as book:
        book.plan.check_year(year)
        findings, shares = book.findings(year), submissions(book, year)
    if as_json:
        emit_json({**findings_view(year, findings), "submissions": submissions_view(shares)})
    else:
        _print_findings(year_label(year), findings)
        if any(share.submission is not None for share in shares):
            click.echo("提出")
            for line in submission_lines(shares):
                click.echo(line)
    click.get_current_context().exit(1 if any(map(_to_do, findings)) else 0)


def _to_do(finding: "Finding") -> bool:
    """Whether somebody has to act: a value is not there, or looks wrong and is not confirmed."""
    return finding.open or not finding.odd


def _print_findings(year: str, findings: "list[Finding]") -> None:
    from shakyo_review.domain.checks import FINDING_LABELS

    if not any(map(_to_do, findings)):
        click.echo(f"{year}: 足りない値も、確かめたい値もありません。")
    unsure = [finding for finding in findings if finding.open]
    if unsure:
        click.echo(f"確かめたい値（{len(unsure)}件）")
        for finding in unsure:
            kind = FINDING_LABELS[finding.kind]
            click.echo(f"  {finding.indicator} {finding.name}［{kind}］: {finding.text}")
    by_committee: dict[str, list[Finding]] = {}
    for finding in findings:
        if not finding.odd:
            by_committee.setdefault(finding.committee, []).append(finding)
    for committee, group in by_committee.items():
        click.echo(f"{committee}（{len(group)}件）")
        for finding in group:
            click.echo(f"  {finding.indicator} {finding.name}: {finding.text}")
    confirmed = [finding for finding in findings if finding.confirmed]
    if confirmed:
        click.echo(f"確認済みの値（{len(confirmed)}件）")
        for finding in confirmed:
            kind = FINDING_LABELS[finding.kind]
            click.echo(
                f"  {finding.indicator} {finding.name}［{kind}］: {finding.text}"
                f"（確認済み: {finding.confirmed}）"
            )
