"""Keys sent in one burst: what opens something and what is typed into it."""

from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import Input
from viewing import View, view


async def burst(seen: View, keys: list[str]) -> None:
    """Send keys as a terminal does after a stall: all at once."""
    for key in keys:
        seen.app.post_message(Key(key, key if len(key) == 1 else None))
    for _ in range(4):
        await seen.pilot.pause()


@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        (["f6", "f3", *"見守り"], "見守り"),
        (["ctrl+l", "f3", *"見守り"], "見守り"),
        (["ctrl+p", *"年度"], "年度"),
        (["ctrl+r", "f3", *"R6"], "R6"),
        (["f1", "escape", "ctrl+p", *"年度"], "年度"),
    ],
)
def test_text_of_one_burst_goes_where_the_key_before_it_leads(
    tmp_path: Path, keys: list[str], typed: str
) -> None:
    async def work(seen: View) -> None:
        await burst(seen, keys)
        assert isinstance(seen.app.focused, Input)
        assert seen.app.focused.value == typed

    view(tmp_path / "b.db", work)


def test_the_keys_go_on_after_a_question_has_been_closed(tmp_path: Path) -> None:
    async def work(seen: View) -> None:
        for _ in range(3):
            await burst(seen, ["f6", "f3", "あ", "escape", "f7", "f1", "escape", "f8", "f5"])
            assert seen.app.current_mode == "home"
            assert len(seen.app.screen_stack) == 1

    view(tmp_path / "b.db", work)
