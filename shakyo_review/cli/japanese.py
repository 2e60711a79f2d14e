"""Click in Japanese: help pages and usage errors. Nothing of click's English reaches a user."""

import re
from difflib import get_close_matches
from typing import Any

import click
from click import exceptions as x

USAGE, OPTIONS, COMMANDS = "使い方: ", "オプション", "コマンド"
HELP_TEXT = "この説明を出して終わります。"


class _Japanese(click.Command):
    """Headings of the help page."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        usage = " ".join(self.collect_usage_pieces(ctx)).replace("[OPTIONS]", f"[{OPTIONS}]")
        for metavar, ours in (
            ("[COMMAND] [ARGS]...", f"[{COMMANDS} …]"),
            ("COMMAND [ARGS]...", f"{COMMANDS} …"),
        ):
            usage = usage.replace(metavar, ours)
        formatter.write_usage(ctx.command_path, usage, prefix=USAGE)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [
            record
            for param in self.get_params(ctx)
            if isinstance(param, click.Option) and (record := _help_record(param, ctx))
        ]
        if records:
            with formatter.section(OPTIONS):
                formatter.write_dl(records)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP_TEXT
        return option


def _help_record(option: click.Option, ctx: click.Context) -> tuple[str, str] | None:
    """Return option and help text; what click adds to it in English is added in Japanese."""
    record = option.get_help_record(ctx)
    if record is None:
        return None
    extra = option.get_help_extra(ctx)
    text = option.help or ""
    if extra.get("required"):
        text += "（必須）"
    if "default" in extra:
        text += f"（省略時は {extra['default']}）"
    return record[0], text


class JapaneseCommand(_Japanese):
    """A command whose help page is Japanese."""


class JapaneseGroup(_Japanese, click.Group):
    """A group of commands whose help page is Japanese."""

    command_class = JapaneseCommand
    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their first sentence."""
        rows = [
            (name, command.get_short_help_str(200))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        if rows:
            with formatter.section(COMMANDS):
                formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the work, not of the alphabet."""
        return list(self.commands)


def _hint(options: Any) -> str:
    return (
        "「--help」で使い方を見られます。" if not options else f"もしかして: {'、'.join(options)}。"
    )


def _param(error: x.BadParameter) -> str:
    if error.param is not None:
        return (
            error.param.opts[-1]
            if isinstance(error.param, click.Option)
            else str(error.param.human_readable_name)
        )
    return str(error.param_hint or "")


def sentence(error: click.ClickException) -> str:
    """Return a usage error of click as one Japanese line."""
    if isinstance(error, x.NoSuchCommand):
        near = get_close_matches(error.command_name, list(error.possibilities or ()), n=3)
        return f"「{error.command_name}」というコマンドはありません。{_hint(near)}"
    if isinstance(error, x.NoSuchOption):
        near = get_close_matches(error.option_name, list(error.possibilities or ()), n=3)
        return f"「{error.option_name}」というオプションはありません。{_hint(near)}"
    if isinstance(error, x.NoArgsIsHelpError):
        names = (
            error.ctx.command.list_commands(error.ctx)
            if isinstance(error.ctx.command, click.Group)
            else ()
        )
        return f"{error.ctx.command_path} のあとにコマンドが要ります。使えるコマンド: {'、'.join(names)}。"
    if isinstance(error, x.MissingParameter):
        return f"{_param(error)} が指定されていません。{_hint(None)}"
    if isinstance(error, x.BadParameter):
        return f"{_param(error)} の値が正しくありません。{_wanted(error)}{_hint(None)}"
    if isinstance(error, x.BadOptionUsage):
        return f"{error.option_name} の使い方が正しくありません（値が要るか、値を取りません）。{_hint(None)}"
    if isinstance(error, x.FileError):
        return f"ファイル「{error.ui_filename}」を開けません。"
    if isinstance(error, x.UsageError):
        extra = re.search(r"extra arguments? \((.*)\)", error.message, re.DOTALL)
        told = (
            f"余分な引数「{extra[1]}」があります。"
            if extra
            else "引数の数か書き方が正しくありません。"
        )
        return f"{told}{_hint(None)}"
    return "コマンドを実行できませんでした。"


def _wanted(error: x.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return f"使える値: {'、'.join(str(choice) for choice in kind.choices)}。"
    if isinstance(kind, click.types.IntParamType):
        return "半角の数字だけで書いてください。"
    if isinstance(kind, click.Path) and not kind.file_okay:
        return "そこにはファイルがあります。フォルダを指定してください。"
    return ""
