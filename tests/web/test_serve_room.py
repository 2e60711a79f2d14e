"""Two people in browsers and one in a terminal on one book, at the same time."""

import asyncio

from room_work import Worker, room_book, terminal, troubles, work_together
from served import served

ROUNDS = 2


def test_two_browsers_and_a_terminal_lose_nothing_and_see_every_conflict(tmp_path):
    path = room_book(tmp_path / "room.db", people=3)

    async def run():
        async with served(path) as server, terminal(path, "鈴木") as (shown, type_):
            workers = [Worker("鈴木", 2, shown, type_, path)]
            for number, name in enumerate(("山田", "佐藤")):
                visit = server.visit()
                await visit.enter(name)
                opened = await visit.open()
                workers.append(Worker(name, number, opened, opened.type, path))
            await asyncio.gather(*(one.begin() for one in workers))
            await work_together(workers, ROUNDS)
            return workers

    workers = asyncio.run(run())
    assert troubles(path, workers) == []
    # Of three at once one comes first, and two are asked, each at least once.
    assert sum(one.conflicts for one in workers) >= 2 * ROUNDS
    assert all(len(one.stored) + len(one.given_up) == 2 * ROUNDS for one in workers)
