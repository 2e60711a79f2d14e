"""Commands about plans and new books."""

from pathlib import Path

import click

from shakyo_review.cli.common import (
    Calling,
    Year,
    emit_json,
    in_terminal,
    json_option,
    pass_calling,
    tell,
)
from shakyo_review.cli.japanese import JapaneseCommand, JapaneseGroup
from shakyo_review.cli.revising import COMMANDS
from shakyo_review.domain.fiscal_year import year_label
from shakyo_review.errors import WrongUsage


@click.command(cls=JapaneseCommand)
def plans() -> None:
    """同梱の計画を一覧にします。"""
    from shakyo_review.cli.tables import table
    from shakyo_review.services.making import bundled_titles

    click.echo(table(("名前", "団体", "計画"), bundled_titles(), most=60))


@click.command(cls=JapaneseCommand)
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "--plan",
    "name",
    required=True,
    metavar="NAME|FILE",
    help="同梱の計画の名前か、計画ファイル（.yaml）か、Excel の表（.xlsx）。",
)
@click.option(
    "--title", default="", metavar="T", help="計画の名称（Excel の表に書いていないとき）。"
)
@click.option("--body", default="", metavar="T", help="団体の名前（同上）。")
@click.option("--years", default="", metavar="R7-R11", help="計画期間（同上）。")
@click.option("--dry-run", is_flag=True, help="読み取った計画を示すだけで、台帳は作りません。")
@pass_calling
def new(
    calling: Calling, book: Path, name: str, title: str, body: str, years: str, dry_run: bool
) -> None:
    """計画から新しい台帳 BOOK を作ります。"""
    from shakyo_review.services.making import make_book, plan_named
    from shakyo_review.services.sheets import counts, is_workbook, outline, read_sheet, years_of

    if is_workbook(Path(name)):
        period = years_of(years) if years else None
        made, notes = read_sheet(Path(name)).plan(title=title, body=body, period=period)
        origin = "Excel の表"
    elif title or body or years:
        raise WrongUsage(
            "--title・--body・--years は、Excel の表から作るときだけ使えます。",
            "消すか、--plan に .xlsx を指定してください。",
        )
    else:
        made, notes, origin = plan_named(name), (), "計画ファイル"
    if dry_run:
        click.echo(f"{made.body}　{made.title}")
        click.echo(f"計画期間: {year_label(made.first_year)}〜{year_label(made.last_year)}")
        for line in outline(made):
            click.echo(line)
    for note in notes:
        tell(note)
    if dry_run:
        tell(f"{counts(made)}。試しただけで、台帳は作っていません。")
        return
    make_book(book, made, calling.name, origin=origin)
    tell(
        f"台帳「{book}」を作りました（{made.title}、項目{len(made.items)}件、指標{len(made.indicators)}件）。"
        f"「shakyo-review --book {book}」で開けます。"
    )


@click.command(cls=JapaneseCommand)
@click.argument("name", default="osaka")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("shakyo-demo"),
    show_default=True,
    help="見本の台帳と報告書を置くフォルダ。",
)
@pass_calling
def demo(calling: Calling, name: str, out: Path) -> None:
    """同梱の計画 NAME で見本の台帳を作って開きます（例示の数値には「例示」と付きます）。

    端末でないときは、目標ごとの表を出し、報告書を作って終わります。
    """
    from shakyo_review.services.making import make_demo

    calling.book = _free(out / f"{name}.db")
    report_year = make_demo(calling.book, name, calling.name)
    if in_terminal():
        from shakyo_review.cli.screens import open_screens

        open_screens(calling, report_folder=out)
        tell(f"見本の台帳は「{calling.book}」にあります。")
        return
    from shakyo_review.cli.results import goal_table
    from shakyo_review.services.publishing import publish_report

    with calling.open() as book:
        click.echo(goal_table(book.score(report_year), book.score(report_year - 1)))
        written = publish_report(book, report_year, ["html"], out)
    for path in written:
        click.echo(f"報告書: {path}")


def _free(path: Path) -> Path:
    """Return the path, or the first numbered one that is free: an earlier sample is never overwritten."""
    number, candidate = 1, path
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return candidate


@click.group(cls=JapaneseGroup)
def plan() -> None:
    """計画を表示・書き出し・点検し、改定します。"""


@plan.command(cls=JapaneseCommand)
@click.argument("name", required=False)
@click.option("--year", type=Year(), help="この年度の計画（省略時は最新の計画）。")
@json_option
@pass_calling
def show(calling: Calling, name: str | None, year: int | None, as_json: bool) -> None:
    """台帳の計画を表示します（NAME に同梱の計画か計画ファイルを指定すれば、それを表示します）。"""
    from shakyo_review.services.json_views import plan_view
    from shakyo_review.services.making import plan_named

    if name is not None and year is not None:
        raise WrongUsage(
            "--year は、台帳の計画を表示するときだけ使えます。", "NAME を消してください。"
        )
    if name is None:
        with calling.open() as book:
            shown = book.plan if year is None else book.plan_of(book.plan.check_year(year))
    else:
        shown = plan_named(name)
    if as_json:
        emit_json(plan_view(shown))
        return
    click.echo(f"{shown.body}　{shown.title}")
    click.echo(f"計画期間: {year_label(shown.first_year)}〜{year_label(shown.last_year)}")
    if shown.period_note:
        click.echo(shown.period_note)
    for item in shown.items.values():
        depth = len(shown.path_of(item.code)) - 1
        marks = "".join(f"［{flag}］" for flag in item.node.flags)
        again = f"（再掲: {item.node.repeats}）" if item.node.repeats else ""
        click.echo(f"{'　' * depth}{item.label} {item.code} {item.name}{marks}{again}")
        for indicator in item.node.indicators:
            mark = "（例示）" if indicator.example else ""
            click.echo(
                f"{'　' * (depth + 1)}・{indicator.code} {indicator.name}（{indicator.unit or '単位なし'}）{mark}"
            )


@plan.command("export", cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
@pass_calling
def export_plan(calling: Calling, file: Path) -> None:
    """台帳の計画を計画ファイル FILE（.yaml か .xlsx）に書き出します。例示の数値は書き出しません。"""
    from shakyo_review.services import sheets
    from shakyo_review.services.making import export_plan_file

    with calling.open() as book:
        count = export_plan_file(book, file)
        missing = sheets.left_out(book.plan) if sheets.is_workbook(file) else ()
    aside = f"いまの定義に合わない値{count}件は書き出していません。" if count else ""
    aside += f"{'・'.join(missing)}は、表にはありません。" if missing else ""
    tell(f"計画を「{file}」に書き出しました。{aside}")


@plan.command("check", cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
def check_plan(file: Path) -> None:
    """計画ファイル FILE（.yaml か .xlsx）を点検し、行やセルを挙げて知らせます。"""
    from shakyo_review.services.making import check_plan_file

    checked = check_plan_file(file)
    tell(
        f"「{file.name}」に問題はありません（項目{len(checked.items)}件、指標{len(checked.indicators)}件）。"
    )


@plan.command("sheet", cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--plan", "name", metavar="NAME|FILE", help="この計画を表にします（省略時は空のひな形）。"
)
@click.option(
    "--levels", metavar="W・W・W", help="ひな形の段の呼び名（省略時は 基本目標・施策・取組）。"
)
@click.option("--years", metavar="R7-R11", help="ひな形の計画期間（省略時は来年度から5年）。")
def plan_sheet(file: Path, name: str | None, levels: str | None, years: str | None) -> None:
    """計画を書くための Excel の表 FILE（.xlsx）を出します。書きこんだ表から台帳を作れます。"""
    from shakyo_review.services import sheets
    from shakyo_review.services.making import plan_named

    if name is not None:
        missing = sheets.write_plan_sheet(file, plan_named(name))
        aside = f"{'・'.join(missing)}は、表にはありません。" if missing else ""
        tell(f"計画を「{file}」に書き出しました。{aside}")
        return
    words = sheets.LEVELS[0] if levels is None else sheets.words_of_levels(levels)
    period = sheets.coming_years() if years is None else sheets.years_of(years)
    sheets.write_empty_sheet(file, words, period)
    tell(
        f"ひな形を「{file}」に出しました。「new 台帳.db --plan {file}」で、書いた計画の台帳を作れます。"
    )


for _command in COMMANDS:
    plan.add_command(_command)
