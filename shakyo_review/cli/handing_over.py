"""Commands that hand a book over: two copies made one again, and the whole of it as open data."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shakyo_review.cli.common import Calling, pass_calling, tell
from shakyo_review.cli.japanese import JapaneseCommand
from shakyo_review.domain.fiscal_year import parse_year
from shakyo_review.errors import WrongUsage, quoted

if TYPE_CHECKING:
    from shakyo_review.services.book import ReviewBook
    from shakyo_review.services.incoming import Side
    from shakyo_review.services.merging import Merge

_SIDES = ("mine", "theirs")


@click.command(cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="変わるところを示すだけで、書き込みません。")
@click.option(
    "--take",
    type=click.Choice(_SIDES),
    help="両方で変わったところを、すべてこの台帳（mine）か FILE（theirs）のものにします。",
)
@click.option(
    "--cell",
    "cells",
    multiple=True,
    metavar="CODE=SIDE",
    help="このコードだけ mine か theirs に決めます（1-1a=theirs、年度も指すときは 1-1a@R7=mine。何度でも）。",
)
@click.option("--reason", default="", metavar="T", help="合わせる理由（履歴に残ります）。")
@pass_calling
def merge(
    calling: Calling,
    file: Path,
    dry_run: bool,
    take: str | None,
    cells: tuple[str, ...],
    reason: str,
) -> None:
    """同じ台帳を写して別々に記入した FILE を、この台帳に合わせます（FILE は変わりません）。

    FILE だけで変わったところを取り込みます。両方で違うように変わったところは、決めるまで合わせません。
    """
    from shakyo_review.services.merging import look
    from shakyo_review.services.merging.writing import apply, decide

    single = [_decision(text) for text in cells]
    with calling.open() as book:
        found = look(book, file)
        decided = decide(found, None if take is None else _side(take), single)
        if dry_run:
            _show(book, found)
            return
        done = apply(book, found, decided, reason=reason)
    for remark in found.remarks:
        tell(remark)
    for line in done.left:
        tell(f"取らなかったもの: {line}")
    changed = f"{done.changed}件を取り込みました" if done.changed else "変わるところはありません"
    tell(f"「{file.name}」を合わせました: {changed}（同じもの{found.unchanged}件）。")


def _side(word: str) -> "Side":
    from shakyo_review.services.incoming import Side

    return Side.BOOK if word == "mine" else Side.SOURCE


def _decision(text: str) -> "tuple[str, int | None, Side]":
    """Read 1-1a=theirs or 1-1a@R7=mine."""
    place, _, side = text.rpartition("=")
    code, _, year = place.partition("@")
    if side not in _SIDES or not code:
        raise WrongUsage(
            f"--cell の{quoted(text)}は読めません。",
            "「1-1a=theirs」のように、コードと「mine」か「theirs」を書いてください。",
        )
    return code, parse_year(year) if year else None, _side(side)


def _show(book: "ReviewBook", found: "Merge") -> None:
    from shakyo_review.services.merging.words import (
        change_text,
        conflict_text,
        left_text,
        plan_texts,
    )

    for title, texts in (
        ("計画", [f"{text}を取り入れます" for text in plan_texts(found)]),
        ("取り込むもの", [change_text(book, found, one) for one in found.changes]),
        (
            "どちらにするかを決めるもの",
            [conflict_text(book, found, one) for one in found.conflicts],
        ),
        ("合わせないもの", [left_text(book, found, one) for one in found.left]),
    ):
        if texts:
            click.echo(f"{title}（{len(texts)}件）")
        for text in texts:
            click.echo(f"  {text}")
    for remark in found.remarks:
        tell(remark)
    tell(
        f"「{found.source}」: 取り込む予定は{len(found.changes)}件、決めるものは{len(found.conflicts)}件"
        f"（同じもの{found.unchanged}件）。何も書き込んでいません。"
    )


@click.command(cls=JapaneseCommand)
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--without-names", is_flag=True, help="人の名前を「委員1」のような番号に置き換えます。"
)
@pass_calling
def opendata(calling: Calling, out: Path, without_names: bool) -> None:
    """台帳の全内容を、ほかの道具でも読める形（CSV と JSON）で書き出します。

    OUT は新しいフォルダか、名前が .zip で終わるファイルです。合言葉と利用者の登録は入りません。
    """
    from shakyo_review.services.opendata import open_data

    with calling.open() as book:
        done = open_data(book, out, without_names=without_names)
    tell(f"「{out}」に{done.tables}の表（{done.rows:,}行）と、計画・結果を書き出しました。")
    if done.left:
        tell(
            f"いまの計画に場所のない値{done.left}件は、作り直すための表（import）には入っていません。"
        )
    if not without_names:
        tell("記入した人の名前が入っています。公開するときは --without-names を付けてください。")
