"""Help pages and usage errors: Japanese throughout, however the words are wrong."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from books import new_book
from commandline import english, process, refusal, run

from shakyo_review.cli.main import cli
from shakyo_review.reports.chapters import CHAPTERS
from shakyo_review.reports.documents import DOCUMENTS
from shakyo_review.reports.formats import FORMATS


def commands(
    group: click.Group = cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands())
LITERALS = frozenset(
    [
        "CSV",
        "JSON",
        "UTF",
        "BOM",
        "Excel",
        "xlsx",
        "ALL",
        "yaml",
        "html",
        "db",
        "review",
        "indicator",
        "fiscal_year",
        "cancelled",
        "not_surveyed",
        "all",
        "Word",
        *FORMATS,
        *CHAPTERS,
        *DOCUMENTS,
    ]
)
"""What help texts quote as it is typed."""


def own_words(command: click.Command, path: tuple[str, ...]) -> frozenset[str]:
    """Return names of commands and options, and metavars."""
    words = {"shakyo", "review", *path}
    if isinstance(command, click.Group):
        words |= set(command.commands)
    ctx = click.Context(command)
    for param in command.get_params(ctx):
        for text in (param.make_metavar(ctx), *param.opts):
            words |= set(re.findall(r"[A-Za-z_]+", text))
    if isinstance(command, click.Group):
        # arguments of the commands listed
        words |= {"BOOK", "CODE", "FILE", "NAME", "NUMBER", "YEAR"}
    return frozenset(words)


def test_every_command_of_the_contract_that_exists_is_there() -> None:
    contract = (
        "demo plans new plan record import export check score explain compare history report backup"
        " restore doctor verify evaluate improve seal reopen"
    )
    assert set(contract.split()) <= set(cli.commands)
    assert set(ALL[("plan",)].commands) >= {"show", "export", "check"}  # type: ignore[attr-defined]
    assert set(ALL[("improve",)].commands) >= {"add", "answer", "list"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_a_help_page_is_japanese(path: tuple[str, ...]) -> None:
    done = run(*path, "--help")
    assert done.status == 0
    assert done.err == ""
    assert done.out.startswith("使い方: shakyo-review")
    assert english(done.out, own_words(ALL[path], path) | LITERALS) == set()
    assert "[required]" not in done.out
    assert "default" not in done.out
    for param in ALL[path].params:
        if isinstance(param, click.Option):
            assert param.help, f"{param.name} has no help"
            assert param.help.endswith("。")


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_a_help_page_fits_a_terminal(path: tuple[str, ...]) -> None:
    for line in (
        process(*path, "--help", COLUMNS="80").out.splitlines()
        if path == ()
        else run(*path, "--help").out.splitlines()
    ):
        assert len(line) <= 100


def test_required_options_and_defaults_are_marked() -> None:
    assert re.search(r"--year YEAR .*必須", run("score", "--help").out)
    assert re.search(r"--out DIRECTORY .*省略時.*shakyo-demo", run("demo", "--help").out)


def test_the_version() -> None:
    done = run("--version")
    assert (done.status, done.err) == (0, "")
    assert re.fullmatch(r"社協レビュー \d+\.\d+\.\d+\n", done.out)


WRONG = {
    "an unknown command": (["nonsense"], "「nonsense」"),
    "a slip in a command": (["scor", "--year", "R6"], "score"),
    "an unknown command of a group": (["plan", "shw"], "show"),
    "a group without command": (["plan"], "show"),
    "an unknown option": (["plans", "--colour"], "「--colour」"),
    "a slip in an option": (["score", "--yaer", "R6"], "--year"),
    "an option before the command": (["--bok", "x", "plans"], "--book"),
    "a missing option": (["score"], "--year"),
    "a missing option value": (["score", "--year"], "--year"),
    "a value for a flag": (["score", "--year", "R6", "--json=yes"], "--json"),
    "a missing argument": (["record", "--year", "R6", "--actual", "1"], "CODE"),
    "a missing file": (["backup"], "FILE"),
    "missing years": (["compare"], "YEAR"),
    "too many arguments": (["plans", "one", "two"], "one"),
    "too many codes": (["explain", "1a", "1b", "--year", "R6"], "1b"),
    "no year": (["score", "--year", "abc"], "「abc」"),
    "an empty year": (["score", "--year", ""], "「」"),
    "a year no plan has": (["score", "--year", "1900"], "「1900」"),
    "a year of no era": (["compare", "R6", "X9"], "「X9」"),
    "no value at all": (["record", "1a", "--year", "R6"], "--target"),
    "two values": (["record", "1a", "--year", "R6", "--target", "1", "--actual", "2"], "--target"),
    "a plan without name": (["new", "x.db"], "--plan"),
    "an unknown bundled plan": (["new", "x.db", "--plan", "kyoto"], "「kyoto」"),
    "an unknown demo": (["demo", "kyoto"], "「kyoto」"),
    "no terminal": ([], "--help"),
    "one year to compare": (["compare", "R6"], "compare R5 R6"),
}


@pytest.mark.parametrize(("arguments", "told"), WRONG.values(), ids=WRONG)
def test_a_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    new_book(tmp_path / "review.db")
    before = sorted(p.name for p in tmp_path.iterdir())
    text = refusal(run(*arguments), 2)
    assert told in text
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_a_file_where_a_folder_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "--out" in refusal(run("demo", "--out", tmp_path / "file"), 2)
    book = new_book(tmp_path / "b.db")
    assert "--out" in refusal(
        run("--book", book, "report", "--year", "R6", "--out", tmp_path / "file"), 2
    )


def test_every_command_refuses_an_unknown_option_and_one_argument_too_many() -> None:
    for path, command in ALL.items():
        if isinstance(command, click.Group):
            continue
        refusal(run(*path, "--no-such-option"), 2)
        refusal(run(*path, *["x"] * 9), 2)
