"""Commands of the meetings: who was there, and whether they may decide."""

from typing import TYPE_CHECKING

import click

from shakyo_review.cli.common import Calling, emit_json, json_option, pass_calling, year_option
from shakyo_review.cli.japanese import JapaneseCommand, JapaneseGroup
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shakyo_review.domain.evaluation import Meeting
    from shakyo_review.domain.plan import Plan
    from shakyo_review.domain.process import Stage

stage_option = click.option(
    "--stage", "stage_code", metavar="S", required=True, help="評価の段階（コードか名前）。"
)
day_option = click.option(
    "--date", "day", metavar="D", help="日付（2026-06-25 など。省略時は今日）。"
)


def quorum_text(stage: "Stage", held: "Sequence[Meeting]") -> str:
    """Return whether the members present may decide, as a sentence."""
    from shakyo_review.domain.evaluation import quorum_problem

    if stage.quorum is None:
        return "定足数の定めはありません。"
    problem = quorum_problem(stage, held)
    return (
        f"{problem}。" if problem else f"定足数（{stage.quorum.normalize():f}%）を満たしています。"
    )


def _meeting_text(held: "Meeting") -> str:
    title = f" {held.title}" if held.title else ""
    absent = f"（{'・'.join(held.absent)}）" if held.absent else ""
    return f"{held.date}{title} 出席{len(held.present)}人、欠席{len(held.absent)}人{absent}"


def meeting_lines(
    plan: "Plan", meetings: "Mapping[str, Sequence[Meeting]]", only: "Stage | None" = None
) -> list[str]:
    """Return the meetings of each stage and whether its last one could decide."""
    lines = []
    for stage in plan.evaluation.stages:
        held = meetings.get(stage.code, [])
        if (only is not None and stage.code != only.code) or not (held or stage.quorum):
            continue
        lines += [f"{stage.name}: {_meeting_text(one)}" for one in held]
        lines.append(f"{stage.name}: {quorum_text(stage, held)}")
    return lines


@click.group(cls=JapaneseGroup)
def meeting() -> None:
    """評価の会議（出席・欠席・定足数）を記録し、一覧にします。"""


@meeting.command("add", cls=JapaneseCommand)
@year_option()
@stage_option
@day_option
@click.option("--title", default="", metavar="T", help="会議の名前（第1回評価委員会 など）。")
@click.option("--present", multiple=True, metavar="M", help="出席した委員（人数分繰り返します）。")
@click.option(
    "--absent",
    multiple=True,
    metavar="M",
    help="欠席した委員（繰り返せます。計画に名前のある委員は、出席でなければ欠席です）。",
)
@json_option
@pass_calling
def add_meeting(
    calling: Calling,
    year: int,
    stage_code: str,
    day: str | None,
    title: str,
    present: tuple[str, ...],
    absent: tuple[str, ...],
    as_json: bool,
) -> None:
    """会議の出席と欠席を記録し、定足数を満たすかを出します（同じ日の会議は書き直します）。"""
    from shakyo_review.services.checked import find_stage
    from shakyo_review.services.council import hold_meeting
    from shakyo_review.services.reviewing import meetings_of
    from shakyo_review.services.stage_views import meetings_view

    if not present and not absent:
        raise WrongUsage(
            "出席した委員も欠席した委員も指定されていません。",
            "「--present 青木 --present 井上」のように書きます。",
        )
    with calling.open() as book:
        hold_meeting(book, year, stage_code, day=day, title=title, present=present, absent=absent)
        plan = book.plan_of(year)
        stage, meetings = find_stage(plan, stage_code), meetings_of(book, year)
    if as_json:
        emit_json(meetings_view(plan, year, meetings, stage))
        return
    for line in meeting_lines(plan, meetings, stage):
        click.echo(line)


@meeting.command("list", cls=JapaneseCommand)
@year_option()
@click.option("--stage", "stage_code", metavar="S", help="この段階だけ（コードか名前）。")
@json_option
@pass_calling
def list_meetings(calling: Calling, year: int, stage_code: str | None, as_json: bool) -> None:
    """会議の一覧を、定足数を満たすかとともに出します。"""
    from shakyo_review.services.checked import find_stage
    from shakyo_review.services.reviewing import meetings_of
    from shakyo_review.services.stage_views import meetings_view

    with calling.open() as book:
        book.plan.check_year(year)
        plan = book.plan_of(year)
        stage = None if stage_code is None else find_stage(plan, stage_code)
        meetings = meetings_of(book, year)
    if as_json:
        emit_json(meetings_view(plan, year, meetings, stage))
        return
    lines = meeting_lines(plan, meetings, stage)
    for line in lines or [f"{year_label(year)}の会議の記録はありません。"]:
        click.echo(line)
