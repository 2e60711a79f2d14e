"""The door: runs a command and turns every failure into one Japanese line and an exit status."""

import gc
import os
import sys

from shakyo_review.ui import cover  # light: shown before anything else is loaded


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; never shows a traceback (SHAKYO_REVIEW_DEBUG=1 lets it through)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace", encoding="utf-8")
    _start_lightly()
    cover.now.show(sys.argv[1:] if arguments is None else list(arguments))
    try:
        _run(arguments)
    except KeyboardInterrupt:
        _fail("中断しました。", 1)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("SHAKYO_REVIEW_DEBUG"):
            raise
        _fail(_unforeseen(error), 1)
    finally:
        cover.now.away()


def _start_lightly() -> None:
    """Spare what starting does in vain.

    What is loaded at the start stays: looking through it for garbage takes a tenth of the time.
    No package extends pydantic here: looking for one reads the facts of every package installed.
    """
    gc.set_threshold(100_000, 50, 50)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _run(arguments: list[str] | None) -> None:
    import click

    from shakyo_review.cli.japanese import sentence
    from shakyo_review.cli.main import cli
    from shakyo_review.errors import ReviewError

    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        # Not cli.main(): it ends with 1 where the reader of the output has seen enough.
        with cli.make_context("shakyo-review", given) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        sys.stdout.flush()
        sys.exit(end.exit_code)
    except click.ClickException as error:
        _fail(sentence(error), 2)
    except ReviewError as error:
        problems = getattr(error, "problems", ())
        if len(problems) > 1:  # a single one stands in the message
            for problem in problems[:100]:
                click.echo(f"  {problem}", err=True)
        _fail(str(error), error.exit_status)
    except click.Abort:
        _fail("中断しました。", 1)


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError):
        from shakyo_review.errors import os_reason, quoted

        name = quoted(str(error.filename), 300) if error.filename else "ファイル"
        return f"{name}を読み書きできませんでした（{os_reason(error)}）。場所、権限、ディスクの空きを確かめてください。"
    return (
        f"思わぬ不具合で止まりました（{type(error).__name__}）。確定した値は保存されています。"
        "SHAKYO_REVIEW_DEBUG=1 を付けて実行すると詳しい記録が出ます。"
    )


def _fail(text: str, status: int) -> None:
    cover.now.away()
    line = text.replace("\n", " ")
    print(f"エラー: {line}", file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    main()
