"""The command group and what stands before every command."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

import click

from shakyo_review import __version__
from shakyo_review.cli.common import Calling, in_terminal
from shakyo_review.cli.japanese import JapaneseGroup
from shakyo_review.cli.screens import SCREENS, is_served, open_screens
from shakyo_review.errors import WrongUsage

_MODULES = {
    **dict.fromkeys(("demo", "plans", "new", "plan"), "making"),
    "record": "figures",
    **dict.fromkeys(("import", "export"), "exchanging"),
    "tracking": "tracking",
    "check": "figures",
    "confirm": "improving",
    "submit": "submitting",
    **dict.fromkeys(("score", "explain"), "results"),
    "compare": "comparing",
    "report": "reporting",
    "history": "results",
    "verify": "upkeep",
    **dict.fromkeys(("landing", "budget"), "outlook"),
    **dict.fromkeys(("evaluate", "stages"), "evaluating"),
    "meeting": "meetings",
    **dict.fromkeys(("opinion", "improve"), "improving"),
    **dict.fromkeys(("year", "seal", "publish", "reopen"), "years"),
    "errata": "errata",
    "people": "people",
    **dict.fromkeys(("backup", "restore", "doctor"), "upkeep"),
    **dict.fromkeys(("merge", "opendata"), "handing_over"),
    "serve": "serving",
}
"""The module of ``cli`` in which each command stands, in the order of the work."""


class _Commands(Mapping[str, click.Command]):
    """The commands by name; the module of one is imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module = import_module(f"shakyo_review.cli.{_MODULES[name]}")
        command: click.Command = getattr(module, f"{name}_" if iskeyword(name) else name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


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
    "--screen",
    type=click.Choice(list(SCREENS)),
    metavar="NAME",
    help=f"最初に開く画面（{'、'.join(SCREENS)}）。",
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
def cli(ctx: click.Context, book: Path | None, who: str | None, screen: str | None) -> None:
    """社協レビュー: 地域福祉活動計画などの進み具合を、年度ごとに記録・評価し、報告書にします。

    コマンドを付けずに実行すると、画面を開きます。
    """
    calling = ctx.obj = Calling(book, who)
    if ctx.invoked_subcommand is not None:
        return
    if not (in_terminal() or is_served()):
        raise WrongUsage(
            "画面は端末でしか開けません。",
            "コマンドを指定してください（--help で一覧を見られます）。",
        )
    open_screens(calling, first=SCREENS.get(screen or "", ""))


cli.commands = _Commands()  # type: ignore[assignment]
