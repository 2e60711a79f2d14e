"""Commands that hand figures out to be filled in, and take them in again."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shakyo_review.cli.common import Calling, Year, pass_calling, tell, year_option
from shakyo_review.cli.japanese import JapaneseCommand
from shakyo_review.errors import ReviewError, WrongUsage

if TYPE_CHECKING:
    from shakyo_review.domain.cell import CellKey
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.services.incoming import Incoming, Side
    from shakyo_review.services.taking import ImportResult

_SIDES = ("sheet", "book")


@click.command("import", cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="変わるところを示すだけで、書き込みません。")
@click.option(
    "--take",
    type=click.Choice(_SIDES),
    help="渡した後に台帳でも変わった値を、すべてシートの値（sheet）か台帳の値（book）にします。",
)
@click.option(
    "--year",
    type=Year(),
    help="この年度の値だけを取り込みます（年度の書かれていない進捗管理シートでは要ります）。",
)
@click.option(
    "--sheet", default="", metavar="NAME", help="進捗管理シートのうち、このシートだけを読みます。"
)
@click.option(
    "--columns",
    default="",
    metavar="T",
    help="進捗管理シートの列（指標=C,実績=G,実施内容=H など）。次からは覚えています。",
)
@click.option(
    "--skip", is_flag=True, help="進捗管理シートの読めない欄をとばして、ほかを取り込みます。"
)
@click.option("--reason", default="", metavar="T", help="変更の理由（履歴に残ります）。")
@pass_calling
def import_(
    calling: Calling,
    file: Path,
    dry_run: bool,
    take: str | None,
    year: int | None,
    sheet: str,
    columns: str,
    skip: bool,
    reason: str,
) -> None:
    """記入シートか進捗管理シート（.xlsx）、縦長の CSV（.csv）を取り込みます。1か所でも誤りがあれば何も取り込みません。

    進捗管理シート（お手もとの表）では、小計や計画にない行は読まずに挙げます。--dry-run で先に確かめられます。
    """
    from shakyo_review.services.exchanging import import_file, is_long_csv, is_table, read_incoming
    from shakyo_review.services.incoming import apply
    from shakyo_review.services.tracking import columns_of, keep_mapping

    said = bool(take or year or sheet or columns or skip)
    with calling.open() as book:
        if is_table(file) and is_long_csv(file):
            if said:
                raise WrongUsage(
                    f"「{file.name}」は縦長の CSV なので、--take・--year・--sheet・--columns・--skip は使えません。",
                    "付けずに取り込んでください。",
                )
            _tell_done(
                file, import_file(book, file, reason=reason, dry_run=dry_run), dry_run=dry_run
            )
            return
        mapping = columns_of(columns) if columns else None
        found = read_incoming(book, file, year, mapping, sheet=sheet)
        if found.unread and not skip:
            raise _unread(found)
        for remark in found.remarks:
            tell(f"確認: {remark}")
        decided = _decided(found, take)
        if dry_run:
            _show(book, found, decided, reason)
            click.get_current_context().exit(1 if len(decided) < len(found.conflicts) else 0)
        result = apply(book, found, decided, reason=reason)
        if mapping:
            keep_mapping(book, file, mapping, sheet=sheet)
    _tell_done(file, result, dry_run=False)


def _unread(found: "Incoming") -> ReviewError:
    """Return the refusal that names every value nobody can read."""
    from shakyo_review.exchange.understanding import refused

    problem = refused(found.source, found.unread)
    problem.hint = (
        "何も取り込んでいません。直すか、--skip を付けると読めない欄をとばして取り込めます。"
    )
    return problem


def _decided(found: "Incoming", take: str | None) -> "dict[CellKey, Side]":
    from shakyo_review.services.incoming import Side

    if take is None:
        return {}
    side = Side.SOURCE if take == "sheet" else Side.BOOK
    return {one.key: side for one in found.conflicts}


def _show(
    book: "ReviewBook", found: "Incoming", decided: "dict[CellKey, Side]", reason: str
) -> None:
    """Print what would change, and where the book has moved on meanwhile; nothing is written."""
    from dataclasses import replace

    from shakyo_review.services.incoming import apply, conflict_text

    sure = replace(
        found, proposals=tuple(p for p in found.proposals if not p.conflict or p.key in decided)
    )
    result = apply(book, sure, decided, reason=reason, dry_run=True)
    _tell_done(Path(found.source), result, dry_run=True)
    waiting = [one for one in found.conflicts if one.key not in decided]
    if waiting:
        click.echo(f"渡した後に台帳でも変わった値（{len(waiting)}件。--take で決めてください）")
    for one in waiting:
        click.echo(f"  {conflict_text(book, one)}")


def _tell_done(file: Path, result: "ImportResult", *, dry_run: bool) -> None:
    for line in result.lines if dry_run else ():
        click.echo(line)
    done = f"変わる予定は{result.changed}件" if dry_run else f"{result.changed}件を取り込みました"
    blank = f"、空欄の{result.blank}件はそのままです" if result.blank else ""
    tell(f"「{file.name}」: {done}（同じ値は{result.unchanged}件{blank}）。")


@click.command(cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
@year_option()
@click.option("--owner", metavar="NAME", help="この担当の指標だけを書き出します。")
@click.option(
    "--each", is_flag=True, help="FILE をフォルダとして、担当ごとに1つずつの記入シートを出します。"
)
@click.option("--due", default="", metavar="T", help="記入シートに書く提出期限（6月30日 など）。")
@pass_calling
def export(
    calling: Calling, file: Path, year: int, owner: str | None, each: bool, due: str
) -> None:
    """1年度分の実績を記入する表を書き出します。記入して「import」で取り込みます。

    .xlsx なら記入シート（担当ごとに1シート、前年度つき、黄色の欄だけ記入できる）、.csv なら目標と実績の縦長の表です。
    """
    from shakyo_review.services.entry_sheets import write_each, write_entry_sheets
    from shakyo_review.services.exchanging import export_file, is_table

    with calling.open() as book:
        if each:
            for path in write_each(book, year, file, owner, due):
                tell(f"「{path}」に書き出しました。")
            return
        if is_table(file):
            if due:
                raise WrongUsage(
                    "--due は記入シート（.xlsx）に書く期限です。", ".xlsx を指定してください。"
                )
            count = export_file(book, year, file, owner)
        elif file.suffix.lower() == ".xlsx":
            count = write_entry_sheets(book, year, file, owner, due)
        else:
            raise WrongUsage(
                f"「{file.name}」の形式は扱えません。",
                "記入シート（.xlsx）か縦長の CSV（.csv）を指定してください。",
            )
    tell(f"「{file}」に{count}行を書き出しました。")
