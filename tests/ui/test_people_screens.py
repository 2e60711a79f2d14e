"""Who is acting is asked at the start; the 事務局 looks after people without a command."""

from pathlib import Path

import pytest
from textual.widgets import Input, OptionList
from viewing import YEAR, View, small, view

from shakyo_review.domain.person import Role, acting
from shakyo_review.services import people
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_book
from shakyo_review.ui.screens.home import MENU

WORD = "さくらの木のした"
ODD = "<script>[/]{{7*7}}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def staffed(path: Path) -> None:
    make_book(path, small(), "花子")
    with ReviewBook.open(path, "花子") as book:
        people.add(book, "花子", Role.SECRETARIAT)
        people.add(book, ODD, Role.MEMBER, ["市"])
        people.add(book, "鈴木", Role.COUNCIL)


def choices(seen: View) -> list[str]:
    return [str(one.prompt) for one in seen.screen.query_one(OptionList).options]


def title(seen: View) -> str:
    return str(seen.screen.title_text)


async def choose(seen: View, part: str) -> None:
    listed = seen.screen.query_one(OptionList)
    listed.highlighted = next(i for i, text in enumerate(choices(seen)) if part in text)
    await seen.press("enter")


def test_the_name_is_asked_where_it_is_none_of_those_registered(path: Path) -> None:
    staffed(path)

    async def work(seen: View) -> None:
        assert title(seen) == "お名前を選んでください"
        shown = choices(seen)
        assert [text.split()[0] for text in shown] == [
            "花子",
            ODD,
            "鈴木",
            "見るだけ（書き込みません）",
        ]
        assert shown[1].endswith("委員　担当: 市")
        await seen.press("escape")
        assert "見るだけです" in seen.foot
        assert seen.book.person is None
        await seen.press("f2")
        assert title(seen) == "お名前を選んでください"
        await choose(seen, ODD)
        await seen.pilot.pause()
        assert seen.app.current_mode == "entry"  # a 委員 begins with the own rows
        assert f"{ODD}さん（委員）として記録します。" in "".join(seen.lines())
        assert seen.book.who == ODD
        await seen.press("f5", "f2")
        await choose(seen, "鈴木")
        await seen.pilot.pause()
        assert seen.app.current_mode == "home"
        assert "鈴木さん（懇話会）" in seen.said("#facts")

    view(path, work, year=YEAR, who="通りがかり")


def test_a_registered_name_is_not_asked_for(path: Path) -> None:
    staffed(path)

    async def work(seen: View) -> None:
        assert seen.app.current_mode == "home"
        assert "花子さん（事務局）" in seen.said("#facts")

    view(path, work, year=YEAR, who="花　子")


def test_people_are_looked_after_without_a_command(path: Path) -> None:
    async def work(seen: View) -> None:
        place = [action for action, _ in MENU].index("app.people")
        await seen.pilot.click(OptionList, offset=(3, place))
        await seen.pilot.pause()
        assert "だれも登録されていない" in seen.said("#told")
        await seen.press("enter")  # a new one
        assert seen.screen.picked("role").option_count == 1  # the first is of the 事務局
        seen.screen.query_one(Input).value = "花子"
        await seen.press("ctrl+s")
        assert seen.book.who == "花子"
        assert "花子さん（事務局）を登録しました" in seen.said("#told")

        await seen.press("enter")
        seen.screen.query_one(Input).value = "あ" * 10_000
        await seen.press("ctrl+s")
        assert "名前が長すぎます（10,000文字）" in seen.said("#problem")
        seen.screen.query_one(Input).value = ODD
        await seen.press("tab", "tab", "down", "space", "ctrl+s")
        made = acting(seen.book.people, ODD)
        assert made is not None
        assert (made.role, made.owners) == (Role.MEMBER, ("市",))

        await choose(seen, ODD)
        await choose(seen, "合言葉を決める")
        for field in seen.screen.query(Input):
            assert field.password
        await seen.press("a", "tab", "b", "ctrl+s")
        assert "合言葉が短すぎます" in seen.said("#problem")
        for field in seen.screen.query(Input):
            field.value = WORD
        await seen.press("ctrl+s")
        assert WORD not in "".join(seen.lines())
        assert people.check_passphrase(path, ODD, WORD) == made
        assert any("合言葉あり" in text for text in choices(seen))

        await choose(seen, "花子")
        await choose(seen, "登録を外す")
        await choose(seen, "外す（")
        assert "最後の事務局" in seen.said("#told")
        await choose(seen, ODD)
        await choose(seen, "役割・担当")
        await seen.press("down", "ctrl+s")
        changed = acting(seen.book.people, ODD)
        assert changed is not None
        assert (changed.role, changed.owners) == (Role.SECRETARIAT, ())
        await choose(seen, ODD)
        await choose(seen, "登録を外す")
        await choose(seen, "外す（")
        assert [one.name for one in seen.book.people] == ["花子"]
        await seen.press("escape")
        assert "花子さん（事務局）" in seen.said("#facts")

    view(path, work, year=YEAR)


def test_in_a_browser_the_name_is_fixed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staffed(path)
    monkeypatch.setenv("SHAKYO_REVIEW_SERVED", "1")

    async def work(seen: View) -> None:
        await seen.press("f2")
        assert "利用者の登録は、事務局が行います" in seen.foot
        assert seen.book.who == "鈴木"

    view(path, work, year=YEAR, who="鈴木")

    async def secretariat(seen: View) -> None:
        await seen.press("f2")
        assert not any("別の名前" in text for text in choices(seen))

    view(path, secretariat, year=YEAR, who="花子")
