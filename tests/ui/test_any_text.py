"""Whatever is typed into any field: nothing breaks, and it is stored as it is or refused in a sentence."""

import contextlib
import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from builders import indicator, node, plan
from commandline import run
from test_start import started
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, TextArea
from viewing import YEAR, View, view

from shakyo_review.services.making import make_book
from shakyo_review.ui import keys
from shakyo_review.ui.screens.base import ReviewScreen

ODD = (
    "[/] [b]x {{7*7}} {% x %} <script>alert(1)</script> ../../etc/passwd \u3099\u202eabc\u202c '\"&"
)
COMMANDS = f"{ODD}\x1b[31m\x07"
ENDLESS = "長" * 10_000
PASSED_OVER = {
    *("fold", "fold_in", "fold_out", "fold_all", "go", "quit"),
    *("choose_years", "choose_kind", "choose_person", "choose_committee", "no_value", "verify"),
}
"""What opens no field, or only lists."""


class Hand:
    """Opens what can be opened on a screen and types into every field, each kind of form once."""

    def __init__(self, seen: View) -> None:
        self.seen, self.app = seen, seen.app
        self.known: set[tuple[str, ...]] = set()

    async def press(self, *names: str) -> None:
        for name in names:
            self.app.post_message(Key(name, None))
        await self.seen.pilot.pause()

    async def settle(self) -> None:
        """Close whatever is in front."""
        for _ in range(12):
            if isinstance(self.app.screen, ReviewScreen):
                return
            await self.press("escape")
        raise AssertionError(f"{self.app.screen} does not close")

    async def everything(self, mode: str, where: str, row: str = "", only: str = "") -> None:
        await self.seen.go(mode)
        if row:
            await self.press("ctrl+e")
        for key in keys.KEYS:
            name = key.action.partition("(")[0]
            if key.where == where and name not in PASSED_OVER and only in ("", name):
                await self.open(mode, key, row)

    async def open(self, mode: str, key: keys.Key, row: str, *chosen: int) -> bool:
        """Press a key, choose in the lists that come, fill the form; then the same for the other choices.

        Tells whether a field was there that had not been filled before.
        """
        if self.app.current_mode != mode:
            await self.seen.go(mode)
        if row and row in self.seen.table.codes:
            self.seen.table.move_cursor(row=self.seen.table.get_row_index(row))
        await self.press(key.keys.split(",")[0])
        for place in chosen:
            if lists := self.app.screen.query(OptionList):
                lists.first().highlighted = place
                await self.press("enter")
        new = await self.fill()
        front = self.app.screen
        lists = front.query(OptionList) if isinstance(front, ModalScreen) else []
        last = front.query(Input) or front.query(TextArea) or len(chosen) > 1 or len(lists) != 1
        offered = 0 if last else lists[0].option_count
        await self.settle()
        dull = 0
        for place in range(offered):
            dull = 0 if await self.open(mode, key, row, *chosen, place) else dull + 1
            if dull > 1:
                break
        return new

    async def fill(self) -> bool:
        """Type into every field in front, store, and do so again with what comes then."""
        found = False
        for _ in range(3):
            front = self.app.screen
            fields = [*front.query(Input), *front.query(TextArea)]
            kind = (type(front).__name__, *(str(field.id) for field in fields))
            if not fields or kind in self.known:
                return found
            found = True
            self.known.add(kind)
            for field in fields:
                front.set_focus(field)
                field.clear()
                self.app.post_message(Paste(ODD))
                await self.seen.pilot.pause()
                there = field.value if isinstance(field, Input) else field.text
                assert (ODD if kind[0] != "EntryScreen" else ODD[:60]) in there, kind
            if isinstance(front, ModalScreen):
                await self.press("ctrl+s")
                if self.app.screen is front:
                    await self.press("enter")
        return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = plan(
        node(
            "1",
            node(
                "1-1",
                indicator("a", unit="回", targets={YEAR: 100}, actuals={YEAR: 60}),
                owners=["社協"],
            ),
        ),
    )
    make_book(tmp_path / "b.db", made, "事務局")
    return tmp_path / "b.db"


def test_any_text_in_any_field_of_the_screens(path: Path) -> None:
    async def work(seen: View) -> None:
        hand = Hand(seen)
        await hand.everything("scores", keys.SCORES, "1-1")
        await hand.everything("improve", keys.IMPROVE)
        await hand.everything("plan", keys.PLAN, "1-1")
        await hand.everything("history", keys.HISTORY)
        await hand.everything("report", keys.REPORT)
        await hand.everything("entry", keys.ENTRY)
        await hand.everything("home", keys.HOME)  # last: from the first person on roles count
        assert len(hand.known) > 15
        seen.app.report_folder = path.parent / "out"
        for mode in ("home", "scores", "improve", "meeting", "compare", "plan", "history", "entry"):
            await seen.go(mode)
            assert not any(char in "".join(seen.lines()) for char in "\x1b\x07\u202e\u202c")
        await seen.go("history")
        await seen.resize(120, 40)
        assert ODD[:20] in "".join(seen.lines())

    view(path, work, year=YEAR)
    stored = [text for text in texts(path) if "7*7" in text]
    assert len(stored) > 10
    assert all(ODD in text for text in stored)
    assert_harmless(path)


def test_any_text_in_any_field_of_the_first_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths among them: what is typed names a file here at most, and nothing above this folder."""
    folder = tmp_path / "a" / "b" / "c"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)

    def typing(place: int) -> Callable[[Pilot[Path]], Awaitable[None]]:
        async def work(pilot: Pilot[Path]) -> None:
            app = pilot.app
            await pilot.press(*["down"] * place, "enter")
            await pilot.pause()
            fields = list(app.screen.query(Input))
            assert fields
            for field in fields:
                app.screen.set_focus(field)
                field.value = ""
                app.post_message(Paste(ODD))
                await pilot.pause()
                assert "<script>" in field.value
            app.screen.query(Button).first().press()

        return work

    for place in range(5):
        made = started(folder, typing(place))
        assert made is None or folder in made.resolve().parents
    assert {one.name for one in tmp_path.iterdir()} == {"a"}
    assert {one.suffix for one in folder.rglob("*.*") if one.is_file()} <= {".db"}


def texts(path: Path) -> Iterator[str]:
    """Every text in the book, also those inside JSON."""
    with sqlite3.connect(path) as db:
        for (table,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        ).fetchall():
            for row in db.execute(f"SELECT * FROM {table}"):
                for value in row:
                    if isinstance(value, str):
                        yield from leaves(value)
    db.close()


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, str) and value[:1] in "{[":
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)
    elif isinstance(value, str):
        yield value


def assert_harmless(path: Path) -> None:
    """The report shows what was typed as text, and nothing in it runs."""
    out = path.parent / "report"
    done = run("--book", path, "report", "--year", str(YEAR), "--out", out)
    assert done.status == 0, done.err
    page = Page()
    for file in out.glob("*.html"):
        page.feed(file.read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert "alert(1)" in page.text
    assert "{{7*7}}" in page.text
    assert not [name for name in page.attributes if name.startswith("on")]


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


AT = ("--year", str(YEAR))
TEXTS = {
    "note": ["record", "a", *AT, "--actual", "61", "--note"],
    "reason": ["record", "a", *AT, "--actual", "62", "--reason"],
    "text for a figure": ["record", "a", *AT, "--actual"],
    "comment": [
        "evaluate",
        "1-1",
        *AT,
        "--stage",
        "self",
        "--rating",
        "B",
        "--reason",
        "理由",
        "--comment",
    ],
    "reason of a letter": ["evaluate", "1-1", *AT, "--stage", "self", "--rating", "C", "--reason"],
    "opinion": ["opinion", "add", "1-1", *AT, "--text"],
    "who said it": ["opinion", "add", "1-1", *AT, "--text", "よい", "--member"],
    "direction": ["improve", "direction", "1-1", *AT, "--word", "継続", "--note"],
    "promise": ["improve", "add", "1-1", *AT, "--text"],
    "owner": ["improve", "add", "1-1", *AT, "--text", "やる", "--owner"],
    "title of a meeting": [
        "meeting",
        "add",
        *AT,
        "--stage",
        "committee",
        "--date",
        "2025-06-01",
        "--title",
    ],
    "name": ["plan", "rename", "1-1", "--reason", "誤り", "--name"],
    "name of a person": ["people", "add", "--role", "事務局"],
    "words of the history": ["history"],
    "a plan": ["new", "x.db", "--plan"],
    "a year": ["score", "--year"],
}


@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS)
def test_any_text_in_any_command(
    path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(path.parent)
    for typed in (ODD, COMMANDS, ENDLESS):
        done = run("--book", path, *words, typed)
        assert done.status in (0, 1, 2)
        if done.status:
            assert len(done.error) < 1000
            assert "\x1b" not in done.err
    assert all(ODD in text for text in texts(path) if "7*7" in text)
    assert not any("\x1b" in text or len(text) >= 10_000 for text in texts(path))
