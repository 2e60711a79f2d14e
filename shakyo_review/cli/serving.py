"""The command that opens the screens in browsers; the server is imported here and only now."""

from pathlib import Path

import click

from shakyo_review.cli.common import Calling, pass_calling, tell
from shakyo_review.cli.japanese import JapaneseCommand


@click.command(cls=JapaneseCommand)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="受け付けるアドレス。ほかの機器から使うときは、このパソコンのアドレスか 0.0.0.0。",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8620,
    show_default=True,
    metavar="NUMBER",
    help="受け付ける番号（0 は空いている番号）。",
)
@click.option(
    "--report-folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="作った報告書を残すフォルダ（省略時は、ブラウザへ渡すだけ）。",
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="通信を暗号化するための証明書のファイル。",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="証明書の鍵のファイル。",
)
@pass_calling
def serve(
    calling: Calling,
    host: str,
    port: int,
    report_folder: Path | None,
    certificate: Path | None,
    key: Path | None,
) -> None:
    """会議室などで、同じ画面をブラウザから使えるようにします（省略時はこのパソコンからだけ）。

    ほかの機器から使えるのは、合言葉を決めた利用者だけです。
    """
    from shakyo_review.web.house import Terms
    from shakyo_review.web.serving import serve as run

    terms = Terms(calling.path, host=host, port=port, report_folder=report_folder)
    run(terms, certificate, key, lambda lines: [tell(line) for line in lines] and None)
