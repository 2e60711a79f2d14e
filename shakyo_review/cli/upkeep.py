"""Commands that look after the book."""

from pathlib import Path

import click

from shakyo_review.cli.common import Calling, emit_json, json_option, pass_calling, tell
from shakyo_review.cli.japanese import JapaneseCommand


@click.command(cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
@pass_calling
def backup(calling: Calling, file: Path) -> None:
    """台帳の控えを FILE に作ります。"""
    from shakyo_review.services.upkeep import back_up

    with calling.open() as book:
        back_up(book, file)
    tell(f"控えを「{file}」に作りました。")


@click.command(cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
@pass_calling
def restore(calling: Calling, file: Path) -> None:
    """控え FILE を台帳に戻します（いまの台帳は別の名前で残します）。"""
    from shakyo_review.services.upkeep import restore as put_back

    kept = put_back(file, calling.path, calling.name)
    told = f"以前の台帳は「{kept}」に残しました。" if kept is not None else ""
    tell(f"「{file}」を「{calling.path}」に戻しました。{told}")


@click.command(cls=JapaneseCommand)
@pass_calling
def doctor(calling: Calling) -> None:
    """台帳と環境に異常がないかを調べます。異常があれば終了コードは1です。"""
    import platform

    from shakyo_review import __version__
    from shakyo_review.services.upkeep import examine
    from shakyo_review.ui.terminal import told

    lines = examine(calling.path, calling.name)
    click.echo(f"社協レビュー {__version__}（Python {platform.python_version()}）")
    for line in lines:
        click.echo(f"{'良' if line.well else '×'} {line.title}: {line.text}")
    click.echo(f"良 端末: {told()}")
    click.get_current_context().exit(0 if all(line.well for line in lines) else 1)


@click.command(cls=JapaneseCommand)
@json_option
@pass_calling
def verify(calling: Calling, as_json: bool) -> None:
    """履歴が書き換えられていないか、値や確定した結果が履歴・計算と一致するかを調べます。

    一致しなければ終了コードは1です。
    """
    from shakyo_review.services.upkeep import WHAT_AGREEING_PROVES
    from shakyo_review.services.upkeep import verify as find_differences
    from shakyo_review.services.year_views import seal_differences

    with calling.open() as book:
        found = [*find_differences(book), *seal_differences(book)]
        count = book.count_history()
    if as_json:
        emit_json({"agrees": not found, "changes": count, "found": found})
    elif found:
        click.echo(f"履歴と値に、一致しないところが{len(found):,}件あります。")
        for sentence in found:
            click.echo(f"× {sentence}")
        tell("控え（「backup」で作ったファイル）と比べてください。")
    else:
        click.echo(f"履歴と値は一致しています（履歴{count:,}件）。")
        click.echo(WHAT_AGREEING_PROVES)
    click.get_current_context().exit(1 if found else 0)
