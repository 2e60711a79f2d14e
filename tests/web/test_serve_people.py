"""Who comes in where people are registered: passphrases, limited tries, sessions that end."""

import asyncio
from shutil import copyfile

import pytest
from books import new_book, opened
from served import Server, eventually, served

from shakyo_review.domain.person import Role
from shakyo_review.services import people
from shakyo_review.web.sessions import Sessions
from shakyo_review.web.tries import (
    FAILURES_A_MINUTE,
    FREE_FOR_ADDRESS,
    FREE_FOR_NAME,
    LONGEST_WAIT,
    MOST_KEPT,
    Tries,
)

RIGHT = "春の桜と秋の紅葉"


def staffed(path):
    """A book with a secretary and a member who have a passphrase, and a council member without."""
    new_book(path)
    with opened(path, "局長") as book:
        people.add(book, "局長", Role.SECRETARIAT)
        people.add(book, "田中　一郎", Role.MEMBER, ["社協"])
        people.add(book, "<b>佐藤", Role.COUNCIL)
        people.set_passphrase(book, "局長", "kyoku-no-aikotoba")
        people.set_passphrase(book, "田中　一郎", RIGHT)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return staffed(tmp_path_factory.mktemp("people") / "book.db")


@pytest.fixture
def path(made, tmp_path):
    return copyfile(made, tmp_path / "book.db")


def on_server(path, work, **terms):
    async def run():
        async with served(path, **terms) as server:
            await work(server)

    asyncio.run(run())


def test_beyond_loopback_a_name_and_its_passphrase_are_typed(path):
    async def work(server: Server):
        visit = server.visit()
        page = await (await visit.get("/enter")).text()
        assert "田中" not in page
        assert 'type="password"' in page
        for name, passphrase in (
            ("田中　一郎", ""),
            ("田中　一郎", "違う合言葉です"),
            ("<b>佐藤", ""),  # registered, but without a passphrase
            ("だれでもない", RIGHT),
        ):
            answer = await visit.enter(name, passphrase)
            assert answer.status == 401
            assert "名前か合言葉が違います" in await answer.text()
            assert "Set-Cookie" not in answer.headers
        assert (await visit.enter("田中一郎", "春の桜と秋の紅葉 ")).status == 303
        assert [one.name for one in server.house.sessions] == ["田中　一郎"]

    on_server(path, work, beyond=True)


def test_guessing_is_stopped_and_tells_nothing(path):
    async def work(server: Server):
        now = 0.0
        server.house.tries.clock = lambda: now
        visit, told = server.visit(), {}
        for name in ("局長", "だれでもない"):
            answers = [await visit.enter(name, f"推測 その{n}") for n in range(8)]
            assert [one.status for one in answers] == [401] * 5 + [429] * 3
            told[name] = [(await one.text()).replace(name, "") for one in answers]
        assert told["局長"] == told["だれでもない"]
        assert "約1分待って" in told["局長"][-1]
        right = await visit.enter("局長", "kyoku-no-aikotoba")
        assert right.status == 429  # nor does the right one help while waiting
        assert (await visit.enter("田中一郎", RIGHT)).status == 303  # others are not kept out
        now = 31.0
        assert (await visit.enter("局長", "kyoku-no-aikotoba")).status == 303

    on_server(path, work, beyond=True)


def test_on_loopback_one_chooses_and_who_has_a_passphrase_is_asked(path):
    async def work(server: Server):
        visit = server.visit()
        page = await (await visit.get("/enter")).text()
        assert page.count('type="radio"') == 3
        assert "&lt;b&gt;佐藤" in page
        assert "<b>佐藤" not in page
        assert (await visit.enter("局長")).status == 401
        assert (await visit.enter("だれでもない")).status == 401
        assert (await visit.enter("<b>佐藤")).status == 303
        assert (await visit.enter("田中　一郎", RIGHT)).status == 303
        assert [one.name for one in server.house.sessions] == [
            "田中　一郎"
        ]  # one browser, one person

    on_server(path, work)


def test_a_session_ends_with_its_person_its_passphrase_and_its_time(path):
    async def work(server: Server):
        visits = {}
        for name, passphrase in (
            ("局長", "kyoku-no-aikotoba"),
            ("田中　一郎", RIGHT),
            ("<b>佐藤", ""),
        ):
            visits[name] = server.visit()
            await visits[name].enter(name, passphrase)
        terminal = await visits["田中　一郎"].open()
        with opened(path, "局長") as book:
            people.set_passphrase(book, "田中　一郎", "あたらしい合言葉")
            people.remove(book, "<b>佐藤")
        assert await terminal.ended() == 4005  # the watch has seen it
        for name in ("田中　一郎", "<b>佐藤"):
            assert (await visits[name].get("/")).status == 303
        assert (await visits["局長"].get("/")).status == 200

        terminal = await visits["局長"].open()
        began = server.house.sessions.clock()
        server.house.sessions.clock = lambda: began + server.house.terms.idle + 1
        assert (await visits["局長"].get("/")).status == 303
        assert await terminal.ended() == 4001
        await eventually(lambda: not server.house.terminals, "the end of the processes")

    on_server(path, work, watch=0.05)


def test_how_long_sessions_last():
    now = 0.0
    sessions = Sessions(idle=60, longest=600, clock=lambda: now)
    token = sessions.begin("山田", "nobody")
    kept = vars(sessions)["_kept"]
    assert token not in repr(kept)  # only the hash is kept
    for now in range(0, 600, 59):  # noqa: B007
        found = sessions.find(token)
        assert found is not None
        sessions.use(found)
    now = 600.0
    assert sessions.find(token) is None
    assert sessions.find(None) is None
    assert sessions.find("") is None


def test_how_long_one_waits():
    now = 0.0
    tries = Tries(clock=lambda: now)
    waits = []
    for _ in range(12):
        while wait := tries.begin("山田", "192.0.2.1"):
            waits.append(wait)
            now += wait
    assert waits[:6] == [30, 60, 120, 240, 480, LONGEST_WAIT]
    assert set(waits[6:]) == {LONGEST_WAIT}
    now += 1
    assert tries.begin("山 田", "192.0.2.9") > 0  # the same name by another spelling and address
    assert tries.begin("鈴木", "192.0.2.9") == 0
    now += 7200
    assert tries.begin("山田", "192.0.2.1") == 0  # forgotten

    for n in range(FREE_FOR_ADDRESS):
        assert tries.begin(f"だれか{n}", f"2001:db8::{n + 1:x}") == 0
    assert tries.begin("ほか", "2001:db8::ffff") > 0  # the whole network counts as one
    now += 61
    for n in range(FAILURES_A_MINUTE):
        assert tries.begin(f"別{n}", f"198.51.100.{n}") == 0
    assert 0 < tries.begin("まだ", "203.0.113.1") <= 60  # the ceiling for everybody


def test_many_invented_names_make_nobody_forget_the_failures_of_one():
    now = 0.0
    tries = Tries(clock=lambda: now)
    for _ in range(FREE_FOR_NAME):
        assert tries.begin("局長", "192.0.2.1") == 0
    now = 1.0
    for n in range(FREE_FOR_ADDRESS, MOST_KEPT + FREE_FOR_ADDRESS):
        tries.begin(f"だれか{n}", "192.0.2.2")
    assert tries.begin("局長", "192.0.2.3") > 0
