"""The command that makes the documents of a year."""

from pathlib import Path

import click

from shakyo_review.cli.common import Calling, pass_calling, year_option
from shakyo_review.cli.japanese import JapaneseCommand
from shakyo_review.errors import WrongUsage


@click.command(cls=JapaneseCommand)
@year_option()
@click.option(
    "--template",
    "templates",
    default="annual",
    metavar="LIST",
    show_default=True,
    help="文書。コンマ区切り。 annual（評価報告書） summary（概要版） goals（目標別シート） "
    "committees（担当別シート） yearbook（年度一覧） all（すべて） または自分のひな型の名前。",
)
@click.option(
    "--format",
    "formats",
    default="html",
    metavar="LIST",
    show_default=True,
    help="形式。コンマ区切り。 html pdf docx（Word） xlsx（Excel） csv md all（すべて）。",
)
@click.option("--pack", is_flag=True, help="すべての文書を、すべての形式で作ります。")
@click.option(
    "--without",
    "without",
    default="",
    metavar="LIST",
    help="評価報告書から省く章。コンマ区切り。 plan（体系） method（方法と基準） overall（全体） "
    "exceptions（届かなかったもの） goals（目標ごと） comparison（年度比較） changes（計画の変更） "
    "improvement（改善） money（予算・決算） proceedings（経過と意見） appendix（資料）。",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    required=True,
    help="書き出すフォルダ。",
)
@click.option("--keep", is_flag=True, help="同じ名前のファイルを残し、番号を付けた名前で作ります。")
@click.pass_context
@pass_calling
def report(
    calling: Calling,
    ctx: click.Context,
    year: int,
    templates: str,
    formats: str,
    pack: bool,
    without: str,
    out: Path,
    keep: bool,
) -> None:
    """評価報告書などの文書を作ります。すべて作れてから書き、途中で失敗したときは前のファイルを残します。"""
    from shakyo_review.services.publishing import publish_report

    if pack:
        given = click.core.ParameterSource.COMMANDLINE
        if given in (ctx.get_parameter_source("templates"), ctx.get_parameter_source("formats")):
            raise WrongUsage(
                "--pack は、--template や --format と一緒には使えません。",
                "どちらかにしてください。",
            )
        templates = formats = "all"
    with calling.open() as book:
        book.plan.check_year(year)
        written = publish_report(
            book,
            year,
            formats.split(","),
            out,
            templates=templates.split(","),
            without=[name for name in without.split(",") if name.strip()],
            user_templates=calling.settings.templates,
            keep=keep,
        )
    for path in written:
        click.echo(f"報告書: {path}")
    if len(written) > 1:
        click.echo(f"{len(written)}個のファイルを作りました。")
