"""The processes behind the browsers: how many, and that none stays behind."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from books import new_book
from served import Server, Visit, eventually, served


def is_alive(pid: int) -> bool:
    """Whether a process runs (one that has ended and is not yet waited for does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    ended = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return not ended.stdout.strip().startswith("Z") and bool(ended.stdout.strip())


def test_a_terminal_that_goes_away_leaves_no_process_and_a_full_house_says_so(tmp_path):
    path = new_book(tmp_path / "book.db")

    async def run():
        async with served(path, most=1) as server:
            assert isinstance(server, Server)
            first, second = server.visit(), server.visit()
            await first.enter("山田")
            await second.enter("鈴木")
            terminal = await first.open()
            await terminal.until("小さな計画")
            page = await second.get("/")
            assert page.status == 503
            assert "満員" in await page.text()
            assert await (await second.open()).ended() == 4003
            (visitor,) = server.house.terminals
            pid = visitor._process.pid
            terminal.socket._response.connection.transport.abort()  # the machine is switched off
            await eventually(lambda: not is_alive(pid), "the end of the process")
            await eventually(lambda: not server.house.terminals, "the free place")
            assert (await first.get("/")).status == 200  # the session goes on
            await (await first.open()).until("小さな計画")

    asyncio.run(run())


@contextmanager
def command(path):
    """The command itself, on a free port; yields its process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "shakyo_review", "--book", str(path), "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        line = process.stderr.readline()
        yield process, re.search(r"http://[^/\s]+", line)[0]
    finally:
        process.kill()
        process.communicate()


def children_of(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True
    )
    return [int(one) for one in listed.stdout.split()]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_when_the_server_ends_so_does_everything(tmp_path, how):
    path = new_book(tmp_path / "book.db")
    with command(path) as (process, address):

        async def run():
            visit = Visit(address)
            await visit.enter("山田")
            terminal = await visit.open()
            await terminal.until("小さな計画")
            (child,) = children_of(process.pid)
            process.send_signal(how)
            code = await terminal.ended()
            await eventually(lambda: not is_alive(child), "the end of the child")
            await visit.client.close()
            return code

        code = asyncio.run(run())
        ended = process.wait(timeout=20)
    if how is signal.SIGINT:
        assert (code, ended) == (4006, 0)
