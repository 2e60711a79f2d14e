"""Commands about how a council's own 進捗管理シート is read: what is kept, and the rows nobody could match."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shakyo_review.cli.common import Calling, Year, emit_json, json_option, pass_calling, tell
from shakyo_review.cli.japanese import JapaneseCommand, JapaneseGroup
from shakyo_review.errors import WrongUsage, quoted

if TYPE_CHECKING:
    from shakyo_review.services.tracking.columns import Table

_NONE = ("なし", "読まない", "-")


@click.group(cls=JapaneseGroup)
def tracking() -> None:
    """お手もとの進捗管理シートの読み方（列と行の対応）を見て、覚えさせ、忘れさせます。

    取り込みは「import」です。
    """


@tracking.command(cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--sheet", default="", metavar="NAME", help="このシートだけを見ます。")
@json_option
@pass_calling
def show(calling: Calling, file: Path | None, sheet: str, as_json: bool) -> None:
    """覚えている読み方を出します。FILE（.xlsx か .csv）を付ければ、その表をどう読むかを出します。"""
    from shakyo_review.exchange.textfile import printable
    from shakyo_review.services.tracking.columns import problem_of, tables_of
    from shakyo_review.services.tracking.kept import layouts

    with calling.open() as book:
        if file is None:
            if sheet:
                raise WrongUsage("--sheet は FILE と一緒に使います。", "FILE を指定してください。")
            kept = layouts(book)
            if as_json:
                listed = [{"id": name, **one.model_dump(mode="json")} for name, one in kept.items()]
                emit_json({"layouts": listed})
                return
            for name, one in kept.items():
                click.echo(printable(f"{name}　{one.name}　行の対応 {len(one.rows)}件"))
                click.echo(f"  {printable(one.text) or '列は見出しの言葉どおりに読みます'}")
            if not kept:
                tell("覚えている読み方はありません。")
            return
        tables = tables_of(book, file, sheet=sheet)[1]
        if as_json:
            emit_json({"tables": [_as_json(one) for one in tables]})
            return
        for one in tables:
            _print(one)
            if problem_of(one):
                tell(f"確認: シート「{one.head.sheet.name}」は、{problem_of(one)}。")


def _as_json(table: "Table") -> dict[str, object]:
    return {
        "sheet": table.head.sheet.name,
        "id": table.head.fingerprint,
        "head_rows": [table.head.top + 1, table.head.first],
        "settled": table.settled,
        "columns": [
            {
                "column": column.letters,
                "head": column.text,
                "fiscal_year": column.year,
                "read_as": table.reading.get(column.number),
            }
            for column in table.head.columns
        ],
    }


def _print(table: "Table") -> None:
    from shakyo_review.cli.tables import table as drawn
    from shakyo_review.domain.fiscal_year import short_year
    from shakyo_review.exchange.tracking.words import FIELD_LABELS, FIGURES

    head = table.head
    told = "覚えている読み方" if table.settled else "見出しの言葉からの読み方"
    rows = f"{head.top + 1}行目" + ("" if head.first - head.top == 1 else f"〜{head.first}行目")
    click.echo(f"シート「{head.sheet.name}」（見出し {rows}、{told}、{head.fingerprint}）")
    lines = []
    for column in head.columns:
        said = table.reading.get(column.number)
        label = "－" if said is None else FIELD_LABELS[said]
        year = "" if said not in FIGURES or column.year is None else short_year(column.year)
        lines.append((column.letters, column.text, label, year, "／".join(column.values)))
    click.echo(drawn(("列", "見出し", "読み方", "年度", "下に書かれている値"), lines, most=30))


@tracking.command(cls=JapaneseCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("rows", nargs=-1, required=True, metavar="ROW=CODE…")
@click.option("--year", type=Year(), help="この年度の計画のコードです（省略時は記入中の年度）。")
@click.option("--sheet", default="", metavar="NAME", help="このシートの行です。")
@pass_calling
def match(
    calling: Calling, file: Path, rows: tuple[str, ...], year: int | None, sheet: str
) -> None:
    """FILE の行がどの指標のことかを覚えさせます。「12=1-1a 15=なし」のように、行の番号とコードを書きます。

    名前だけでは決まらなかった行のためのものです。「なし」の行は、次から読みません。
    """
    from shakyo_review.services.tracking import keep_rows

    said: dict[int, str] = {}
    for part in rows:
        number, sign, code = part.replace("＝", "=").partition("=")
        if not sign or not number.strip().isdecimal() or not code.strip():
            raise WrongUsage(
                f"行の指定{quoted(part)}は読めません。", "「12=1-1a」のように書いてください。"
            )
        said[int(number)] = "" if code.strip() in _NONE else code.strip()
    with calling.open() as book:
        names = keep_rows(book, file, said, year or book.working_year, sheet=sheet)
    for number, name in names.items():
        click.echo(f"{number}行目「{name}」: {said[number] or '読まない'}")
    tell(f"{len(names)}行の対応を覚えました。")


@tracking.command(cls=JapaneseCommand)
@click.argument("name", required=False, metavar="NUMBER")
@click.option("--all", "everything", is_flag=True, help="すべての読み方を忘れます。")
@pass_calling
def forget(calling: Calling, name: str | None, everything: bool) -> None:
    """覚えている読み方を忘れます。NUMBER は「tracking show」の行の初めにある番号です。"""
    from shakyo_review.services.tracking.kept import forget as forget_layout

    if (name is None) == (not everything):
        raise WrongUsage(
            "番号か --all のどちらかを指定してください。", "番号は「tracking show」で分かります。"
        )
    with calling.open() as book:
        count = forget_layout(book, name or "")
    tell(f"読み方を{count}件忘れました。")
