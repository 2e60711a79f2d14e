"""What the server lets through: nothing without a session, and nothing a session should not reach."""

import asyncio
import json
import shutil
import socket
import subprocess

import aiohttp
import pytest
from books import new_book
from served import Server, Visit, served
from yarl import URL

from shakyo_review.errors import ReviewError
from shakyo_review.services.book import ReviewBook
from shakyo_review.web import pages
from shakyo_review.web.guards import is_loopback
from shakyo_review.web.house import House, Terms
from shakyo_review.web.serving import agree, run, sayings

SHELL_NAME = """--as=$(touch pwned);'"`id`<script>[/] {{7*7}} 山田"""


def on_server(path, work, **terms):
    """Run a server on a new book (or the one that is there) and visit it."""
    if not path.exists():
        new_book(path)

    async def visited():
        async with served(path, **terms) as server:
            await work(server)

    asyncio.run(visited())


def token_of(visit: Visit, server: Server) -> str:
    cookies = visit.client.cookie_jar.filter_cookies(URL(server.address))
    return cookies[server.house.terms.cookie].value


async def refused(visit: Visit, query: str = "", **headers: str) -> int:
    with pytest.raises(aiohttp.WSServerHandshakeError) as problem:
        await visit.open(query, **headers)
    return problem.value.status


def test_nothing_opens_without_a_session_or_from_elsewhere(tmp_path):
    async def work(server: Server):
        stranger, known = server.visit(), server.visit()
        entered = await known.enter("山田 花子")
        assert (entered.status, entered.headers["Location"]) == (303, "/")
        cookie = entered.headers["Set-Cookie"]
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        token, name = token_of(known, server), server.house.terms.cookie
        assert len(token) >= 40
        assert token not in str(entered.url) + await (await known.get("/")).text()

        for address in ("/", f"/?{name}={token}", f"/?token={token}"):
            answer = await stranger.get(address)
            assert (answer.status, answer.headers["Location"]) == (303, "/enter")
        for query in ("", f"?{name}={token}", f"?token={token}"):
            assert await refused(stranger, query) == 403
        assert await refused(stranger, Cookie=f"{name}=guess") == 403
        assert await refused(known, Origin="http://evil.example") == 403
        assert await refused(known, Origin="null") == 403
        assert await refused(known, Host=f"evil.example:{server.house.terms.port}") == 403
        rebound = await known.get("/", headers={"Host": "evil.example"})
        assert rebound.status == 403
        bare = aiohttp.ClientSession(cookies={name: token})
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await bare.ws_connect(f"{server.address}/ws")  # no Origin: no browser of ours
        await bare.close()
        for visit in (stranger, known):
            for path in ("/download/x", "/download/../x", "/nothing"):
                assert (await visit.get(path)).status == 404
        assert server.house.terminals == {}

        out = await known.post("/leave", {})
        assert "退出しました" in await out.text()
        assert (await stranger.get("/", headers={"Cookie": f"{name}={token}"})).status == 303

    on_server(tmp_path / "book.db", work)


def test_the_entrance_takes_forms_of_its_own_only_and_in_measure(tmp_path):
    async def work(server: Server):
        visit = server.visit()
        page = await (await visit.get("/enter")).text()
        assert 'lang="ja"' in page
        assert '<label for="name">' in page
        for origin in (
            "http://evil.example",
            "null",
            f"https://127.0.0.1:{server.house.terms.port}",
        ):
            answer = await visit.post("/enter", {"name": "山田"}, Origin=origin)
            assert answer.status == 403
            assert "Set-Cookie" not in answer.headers
        assert (await visit.enter("あ" * 4000)).status == 413
        for name, told in (
            ("", "名前を入れて"),
            ("あ" * 61, "60文字まで"),
            ("\x1b[2J", "60文字まで"),
        ):
            answer = await visit.enter(name)
            assert answer.status == 400
            assert told in await answer.text()
        assert "\x1b" not in await (await visit.enter("\x1b[2J")).text()
        assert (await visit.get("/enter?name=山田")).status == 200
        assert list(server.house.sessions) == []
        answer = await visit.client.put(f"{server.address}/enter")
        assert answer.status == 405
        server.house.terms.book.unlink()
        answer = await visit.get("/enter")
        assert answer.status == 503
        assert "台帳を開けません" in await answer.text()

    on_server(tmp_path / "book.db", work)


def test_every_answer_is_dressed_and_nothing_comes_from_elsewhere(tmp_path):
    async def work(server: Server):
        visit = server.visit()
        await visit.enter("山田")
        names = pages.static_files()
        addresses = ["/", "/enter", "/nothing", "/ws", *(f"/static/{name}" for name in names)]
        for address in addresses:
            answer = await visit.get(address)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-inline" not in policy or address == "/"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert "aiohttp" not in answer.headers["Server"]
            body = await answer.text()
            assert "googleapis" not in body
            assert "http://" not in body.replace("http://www.w3.org/", "") or "/static/" in address
        for sly in (
            "../pages.py",
            "..%2fpages.py",
            "%2e%2e/%2e%2e/etc/passwd",
            "",
            "terminal.html",
        ):
            assert (await visit.get(f"/static/{sly}")).status == 404
        script = names["terminal.js"][1].decode()
        assert pages.FONTS in script  # textual-serve is still as its changes expect
        assert "loadAddon(this.webglAddon)" not in script
        assert "loadAddon(this.weblinksAddon)" not in script
        assert "loadAddon(this.canvasAddon)" in script

    on_server(tmp_path / "book.db", work)


def test_a_name_is_a_name_whatever_it_contains(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "it's $(a) book;.db"

    async def work(server: Server):
        visit = server.visit()
        assert (await visit.enter(SHELL_NAME)).status == 303
        page = await (await visit.get("/")).text()
        assert "<script>[/]" not in page
        assert "&lt;script&gt;[/] {{7*7}}" in page
        terminal = await visit.open()
        await terminal.until("小さな計画")
        await terminal.type("\x1b[17~")  # F6 入力
        await terminal.until("実績 ＞")
        await terminal.type("４９５件\r")
        await terminal.until("495")
        for junk in (
            "",
            "[",
            "[]",
            "{}",
            '["stdin"]',
            '["stdin", 5]',
            '["resize", {"width": "x"}]',
        ):
            await terminal.socket.send_str(junk)
        await terminal.socket.send_json(["resize", {"width": 10**9, "height": -4}])
        await terminal.type("\x11")  # Ctrl+Q 終わる
        assert await terminal.ended() == 4000
        assert (await visit.get("/")).status == 303  # the next person enters an own name
        assert server.house.terminals == {}

    on_server(path, work)
    with ReviewBook.open(path, "x") as book:
        history = book.file.db.query("SELECT who, new FROM history ORDER BY id DESC LIMIT 1")
        last = next(iter(history))
    assert last["who"] == SHELL_NAME
    assert "495" in json.dumps(json.loads(last["new"]))
    assert not (tmp_path / "pwned").exists()


def test_beyond_this_machine_only_with_people_who_have_a_passphrase(tmp_path):
    path = new_book(tmp_path / "book.db")
    with pytest.raises(ReviewError, match="合言葉を決めた利用者の登録が要ります"):
        agree(Terms(path, host="0.0.0.0"), None, None)
    assert [is_loopback(one) for one in ("127.0.0.1", "::1", "localhost")] == [True] * 3
    assert [is_loopback(one) for one in ("0.0.0.0", "::", "192.0.2.1", "")] == [False] * 4
    with pytest.raises(ReviewError, match="両方"):
        agree(Terms(path), tmp_path / "cert.pem", None)
    (tmp_path / "cert.pem").write_text("nothing")
    with pytest.raises(ReviewError, match="証明書"):
        agree(Terms(path), tmp_path / "cert.pem", tmp_path / "cert.pem")
    with pytest.raises(ReviewError, match="フォルダ"):
        agree(Terms(path, report_folder=tmp_path / "none"), None, None)
    with pytest.raises(ReviewError):
        agree(Terms(tmp_path / "none.db"), None, None)
    assert agree(Terms(path), None, None)[0].idle > 3600
    assert "暗号化されません" in "".join(sayings(Terms(path, host="0.0.0.0", loopback=False)))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate")
def test_with_a_certificate_the_cookie_keeps_to_https(tmp_path):
    both = tmp_path / "both.pem"
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    places = ["-keyout", both, "-out", tmp_path / "cert.pem", "-days", "1", "-subj", "/CN=x"]
    subprocess.run(["openssl", *made, *places], check=True, capture_output=True)
    both.write_text(both.read_text() + (tmp_path / "cert.pem").read_text())

    async def work(server: Server):
        visit = server.visit()
        cookie = (await visit.enter("山田")).headers["Set-Cookie"]
        assert cookie.startswith(f"__Host-shakyo_review_{server.house.terms.port}=")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        assert 'data-session-websocket-url="wss://127' in await (await visit.get("/")).text()
        assert await refused(visit, Origin=server.address.replace("https", "http")) == 403

    on_server(tmp_path / "book.db", work, certificate=both)


def test_a_port_in_use_is_told_in_a_sentence(tmp_path):
    path = new_book(tmp_path / "book.db")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        house = House(Terms(path, port=taken.getsockname()[1]))
        with pytest.raises(ReviewError, match="受け付けられません"):
            asyncio.run(run(house, None, lambda lines: None))
