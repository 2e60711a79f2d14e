"""The rooms of design/architecture.md: who may import what, and what no module may hold."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from books import new_book

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "shakyo_review"

LONGEST = 350
LONGER: dict[str, str] = {}
"""Modules that may be longer, each with its reason."""

FLOATS: dict[str, str] = {
    "storage/database.py": "seconds of waiting for a lock; no amount",
}
"""Modules of domain and storage that may calculate with floats, each with its reason."""


def modules(room: str = "") -> Iterator[tuple[str, str]]:
    """Name and source of every module of a room."""
    for path in sorted((PACKAGE / room).rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")


def loaded_by(code: str) -> set[str]:
    """Return the top-level packages a fresh interpreter has loaded after ``code``."""
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    return {name.partition(".")[0] for name in ended.stdout.split()}


def test_the_domain_loads_nothing_but_pydantic():
    names = [name.removesuffix(".py").replace("/", ".") for name, _ in modules("domain")]
    assert "domain.goals" in names
    code = "; ".join(f"import shakyo_review.{name.removesuffix('.__init__')}" for name in names)
    loaded = loaded_by(code)
    assert "pydantic" in loaded
    forbidden = {"textual", "sqlite_utils", "jinja2", "matplotlib", "ruamel", "click", "sqlite3"}
    assert loaded & forbidden == set()


def test_the_command_line_starts_without_the_heavy_libraries():
    loaded = loaded_by("import shakyo_review.cli.main")
    assert "click" in loaded
    forbidden = {"textual", "matplotlib", "jinja2", "sqlite_utils", "pandas", "numpy", "aiohttp"}
    assert loaded & {*forbidden, "pydantic"} == set()


OPEN_ENTRY = """
import asyncio, sys
from pathlib import Path
from shakyo_review.services.book import ReviewBook
from shakyo_review.ui.app import ReviewApp

async def main():
    with ReviewBook.open(Path({path!r}), "山田") as book:
        app = ReviewApp(book, first="entry")
        async with app.run_test() as pilot:
            await pilot.pause()
            assert app.screen.grid.row_count

asyncio.run(main())
"""


def test_the_sheet_opens_without_what_it_does_not_show(tmp_path: Path):
    loaded = loaded_by(OPEN_ENTRY.format(path=str(new_book(tmp_path / "b.db"))))
    assert {"textual", "pydantic"} <= loaded
    forbidden = {"matplotlib", "jinja2", "sqlite_utils", "numpy", "ruamel", "aiohttp"}
    assert loaded & forbidden == set()


def test_the_contracts_of_import_linter_are_kept():
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(cache_dir=None))"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        timeout=120,
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    assert "0 broken" in ended.stdout


def test_no_module_is_long_without_a_reason():
    lengths = {name: source.count("\n") for name, source in modules()}
    too_long = {name: n for name, n in lengths.items() if n > LONGEST and name not in LONGER}
    assert too_long == {}
    no_longer = [name for name in LONGER if lengths.get(name, 0) <= LONGEST]
    assert no_longer == []  # take it off the list


def float_lines(source: str) -> list[int]:
    return [
        found.lineno
        for found in ast.walk(ast.parse(source))
        if (isinstance(found, ast.Name) and found.id == "float")
        or (isinstance(found, ast.Constant) and isinstance(found.value, float))
    ]


@pytest.mark.parametrize("room", ["domain", "storage"])
def test_amounts_are_never_floats(room):
    found = {name: lines for name, source in modules(room) if (lines := float_lines(source))}
    assert {name: lines for name, lines in found.items() if name not in FLOATS} == {}


def test_what_counts_as_a_float():
    assert float_lines("rate = 1\nrate = float(rate)\ndef f(x: float): return 0.5") == [2, 3, 3]


def test_no_input_drops_characters_by_itself():
    """``Input(type="number")`` swallows ％ and △: 98.5％ becomes 985."""
    found = [
        f"{name}:{keyword.value.lineno}"
        for name, source in modules("ui")
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "type"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value in ("number", "integer")
    ]
    assert found == []
