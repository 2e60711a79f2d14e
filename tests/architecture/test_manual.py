"""The manual and the README tell what the program really does."""

import re
from pathlib import Path

import click
import pytest

from shakyo_review.cli.main import cli
from shakyo_review.domain.rules import preset_names
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.ui.keys import manual_table

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_keys_is_the_program_s() -> None:
    """Regenerate with: python -m shakyo_review.ui.keys."""
    found = re.search(r"<!-- keys -->\n(.*?)\n<!-- /keys -->", MANUAL, re.DOTALL)
    assert found is not None
    assert found[1] == manual_table()


@pytest.mark.parametrize("name", list(cli.commands))
def test_every_command_is_in_the_manual_and_the_readme(name: str) -> None:
    assert re.search(rf"\b{name}\b", MANUAL)
    assert re.search(rf"\b{name}\b", README)


def test_no_command_is_told_of_that_does_not_exist() -> None:
    for text in (MANUAL, README):
        for line in re.findall(r"shakyo-review ((?:--\w+ \S+ )*)([a-z]+)", text):
            assert line[1] in cli.commands, line


@pytest.mark.parametrize("name", [*PRESETS, *preset_names()])
def test_every_scale_and_rule_set_is_in_the_manual(name: str) -> None:
    assert f"`{name}`" in MANUAL


def test_group_commands_are_in_the_readme() -> None:
    plan = cli.commands["plan"]
    assert isinstance(plan, click.Group)
    for name in plan.commands:
        assert name in README
