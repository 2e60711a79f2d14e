"""The command line as a test calls it: in this process, or as a process of its own.

Both go through ``shakyo_review.__main__.main``, so that a failure arrives as a user meets it.
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shakyo_review.__main__ import main
from shakyo_review.domain.cell import Kind
from shakyo_review.domain.value import State
from shakyo_review.exchange.rows import COLUMNS

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Done:
    """What a command left: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output; anything beside it is an error."""
        assert self.err == "" or not self.err.startswith("エラー"), self.err
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line a refusal tells, without its beginning."""
        lines = [line for line in self.err.splitlines() if line.startswith("エラー: ")]
        assert len(lines) == 1, f"not one error line: {self.err!r}"
        assert self.err.endswith(f"{lines[0]}\n"), "the error line is the last"
        others = self.err.splitlines()[:-1]
        assert all(line.startswith("  ") for line in others), "only rows are listed before it"
        return lines[0].removeprefix("エラー: ")


def run(*arguments: object) -> Done:
    """Run a command in this process."""
    out, err = _Stream(), _Stream()
    status = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
    return Done(status, out.text(), err.text())


class _Stream(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n")

    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def command(*arguments: object) -> list[str]:
    """Return the words that start a command as a process."""
    return [sys.executable, "-m", "shakyo_review", *(str(a) for a in arguments)]


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a process: this one's, with the package on its path."""
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path), **more}


def process(*arguments: object, cwd: Path | None = None, **env: str) -> Done:
    """Run a command as a process to its end."""
    ended = subprocess.run(
        command(*arguments),
        capture_output=True,
        cwd=cwd,
        env=environment(**env),
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Done(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))


def refusal(done: Done, status: int | None = None) -> str:
    """Return the sentence of a command that refused as it should: Japanese, one line, no output."""
    text = done.error
    assert done.status in (1, 2), done
    assert status is None or done.status == status, done
    assert done.out == "", done
    assert "Traceback" not in done.err, done.err
    assert "不具合" not in text, text
    assert text.endswith("。"), text
    assert japanese(text), f"not Japanese: {text}"
    return text


_QUOTED = re.compile(r"「[^」]*」|[\w/.-]+\.(?:csv|db|yaml|toml|xlsx)\b")
_WORD = re.compile(r"(?<![-\w./])[A-Za-z][A-Za-z_]+")
_KNOWN = frozenset(
    [
        "CSV",
        "JSON",
        "UTF",
        "BOM",
        "EUC",
        "JP",
        "ZIP",
        "Shift_JIS",
        "Excel",
        "SQLite",
        "TOML",
        "YAML",
        "FILE",
        "BOOK",
        "CODE",
        "NAME",
        "YEAR",
        "YEARS",
        "NUMBER",
        "current",
        "db",
        "book",
        "name",
        "look",
        "templates",
        "demo",
        "plans",
        "new",
        "plan",
        "record",
        "import",
        "export",
        "check",
        "sheet",
        "score",
        "explain",
        "compare",
        "history",
        "report",
        "backup",
        "restore",
        "doctor",
        *("update", "rename", "renumber", "move", "stop", "add", "merge", "split"),
        *("target", "define", "owner", "rules", "revisions"),
        "show",
        *("tracking", "match", "forget", "import"),
        "shakyo",
        "review",
        "osaka",
        "okegawa",
        "zushi",
        "isesaki",
        "asahi",
        "html",
        *("pdf", "docx", "xlsx", "csv", "md"),
        *("annual", "summary", "goals", "committees", "yearbook", "council"),
        *("plan", "method", "overall", "exceptions", "comparison", "changes", "improvement"),
        *("money", "proceedings", "appendix"),
        "kita",
        "minami",
    ]
)
_TYPED = frozenset({*COLUMNS, *(kind.value for kind in Kind), *(state.value for state in State)})
"""What a person types into a table or after an option."""


def english(text: str, known: frozenset[str] = _KNOWN) -> set[str]:
    """Return the English words of a text: no names of commands, options and plans, no quotations."""
    return set(_WORD.findall(_QUOTED.sub("", text))) - known - _TYPED


def japanese(text: str) -> bool:
    """Whether a sentence is Japanese throughout."""
    return not english(text) and any("ぁ" <= c <= "ヿ" for c in text)
