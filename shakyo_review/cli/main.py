"""The command group and what stands before every command."""

from pathlib import Path

import click

from shakyo_review import __version__
from shakyo_review.cli.common import Calling, in_terminal
from shakyo_review.cli.errata import errata
from shakyo_review.cli.evaluating import evaluate, stages
from shakyo_review.cli.figures import check, export, import_, record
from shakyo_review.cli.improving import confirm, improve, opinion
from shakyo_review.cli.japanese import JapaneseGroup
from shakyo_review.cli.making import demo, new, plan, plans
from shakyo_review.cli.meetings import meeting
from shakyo_review.cli.outlook import budget, landing
from shakyo_review.cli.results import compare, explain, history, report, score
from shakyo_review.cli.upkeep import backup, doctor, restore, verify
from shakyo_review.cli.years import publish, reopen, seal, year
from shakyo_review.errors import WrongUsage


def _show_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"社協レビュー {__version__}")
        ctx.exit()


@click.group(
    cls=JapaneseGroup, invoke_without_command=True, context_settings={"max_content_width": 100}
)
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="台帳のファイル（省略時は設定、または ./review.db）。",
)
@click.option(
    "--as", "who", metavar="NAME", help="操作する人の名前（省略時は設定、またはログイン名）。"
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="版を出して終わります。",
)
@click.pass_context
def cli(ctx: click.Context, book: Path | None, who: str | None) -> None:
    """社協レビュー: 地域福祉活動計画などの進み具合を、年度ごとに記録・評価し、報告書にします。

    コマンドを付けずに実行すると、画面を開きます。
    """
    calling = ctx.obj = Calling(book, who)
    if ctx.invoked_subcommand is not None:
        return
    if not in_terminal():
        raise WrongUsage(
            "画面は端末でしか開けません。",
            "コマンドを指定してください（--help で一覧を見られます）。",
        )
    from shakyo_review.cli.screens import open_screens

    open_screens(calling)


for command in (
    *(demo, plans, new, plan),
    *(record, import_, export, check, confirm),
    *(score, explain, compare, report, history, verify),
    *(landing, budget),
    *(evaluate, stages, meeting, opinion, improve),
    *(year, seal, publish, reopen, errata),
    *(backup, restore, doctor),
):
    cli.add_command(command)
