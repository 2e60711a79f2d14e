"""The server from its start to its end."""

import asyncio
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from shakyo_review.errors import BookProblem, WrongUsage, os_reason
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.visiting import read_register
from shakyo_review.web.doors import application
from shakyo_review.web.guards import is_loopback
from shakyo_review.web.house import House, Terms

IDLE_HERE, IDLE_ELSEWHERE = 2 * 3600.0, 30 * 60.0
"""Seconds without input after which a session ends: a projector shows one screen for long, and who is
at this machine can open the book anyway; a device elsewhere may be left lying."""


def agree(
    terms: Terms, certificate: Path | None, key: Path | None
) -> tuple[Terms, ssl.SSLContext | None]:
    """Check how a server is to run, before anybody can reach it.

    Beyond this machine only people with a passphrase come in: without any, ``WrongUsage``.
    """
    book = terms.book.absolute()
    ReviewBook.open(book, "").close()  # whole, of this version, or told in a sentence
    register = read_register(book)
    loopback = is_loopback(terms.host)
    if not loopback and not register.marks:
        raise WrongUsage(
            "ほかの機器から使うには、合言葉を決めた利用者の登録が要ります（だれでも入れてしまうため）。",
            "「shakyo-review people」で利用者を登録して合言葉を決めるか、--host を付けずに起動してください。",
        )
    if (certificate is None) != (key is None):
        raise WrongUsage("--certificate と --key は、両方を指定してください。")
    secure = certificate is not None and key is not None
    tls = _tls(certificate, key) if certificate is not None and key is not None else None
    folder = terms.report_folder
    if folder is not None:
        folder = folder.absolute()
        if not folder.is_dir():
            raise WrongUsage(f"フォルダ「{folder}」がありません。", "先に作ってください。")
    idle = terms.idle or (IDLE_HERE if loopback else IDLE_ELSEWHERE)
    agreed = replace(terms, book=book, loopback=loopback, secure=secure, idle=idle)
    return replace(agreed, report_folder=folder), tls


def _tls(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        # Without a password of its own OpenSSL would ask for one in English and wait.
        context.load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        why = (
            "形式か組み合わせが違います"
            if isinstance(error, ssl.SSLError | ValueError)
            else os_reason(error)
        )
        raise WrongUsage(
            f"証明書「{certificate}」と鍵「{key}」を使えません（{why}）。",
            "PEM 形式の証明書と、それに合う（パスワードなしの）鍵を指定してください。",
        ) from None
    return context


def own_address() -> str:
    """Return the address under which other machines reach this one, as far as it can be told."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # chooses a way; nothing is sent
            return str(asked.getsockname()[0])
        except OSError:
            return socket.gethostname()


def sayings(terms: Terms) -> list[str]:
    """Return what is told when the server has started."""
    scheme = "https" if terms.secure else "http"
    host = own_address() if terms.host in ("0.0.0.0", "::", "") else terms.host  # noqa: S104
    host = f"[{host}]" if ":" in host else host
    lines = [f"ブラウザで開いてください: {scheme}://{host}:{terms.port}/"]
    if terms.loopback:
        lines.append(
            "このパソコンからだけ使えます（合言葉を決めていない人は、名前だけで入れます）。"
        )
    else:
        lines.append("ほかの機器からも使えます（登録された名前と合言葉が要ります）。")
        if not terms.secure:
            lines.append(
                "注意: 通信は暗号化されません。同じネットワークにいる人に、合言葉や値を読み取られるおそれがあります。"
                "信頼できるネットワークだけで使うか、--certificate と --key で証明書を指定してください。"
            )
    lines.append("終わるときは Ctrl+C を押してください（確定した値は、そのつど保存されています）。")
    return lines


async def run(
    house: House,
    tls: ssl.SSLContext | None,
    told: Callable[[list[str]], None],
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until ``stop`` (or Ctrl+C); every process of a visitor has ended when this returns.

    Port 0 takes a free one; ``told`` is given the sentences for the person who has started it.
    """
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(one, stop.set)
    terms = house.terms
    if not os.environ.get("SHAKYO_REVIEW_DEBUG"):
        logging.getLogger("aiohttp").propagate = False  # it would tell tracebacks in English
        logging.getLogger("aiohttp").addHandler(logging.NullHandler())
    runner = web.AppRunner(
        application(house), access_log=None, shutdown_timeout=5, handle_signals=False
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, terms.host, terms.port, ssl_context=tls).start()
    except OSError as error:
        await runner.cleanup()
        raise BookProblem(
            f"{terms.host} の {terms.port} 番で受け付けられません（すでに使われているか、使えない番号です）。",
            "--port で別の番号を指定してください。",
        ) from error
    port = runner.addresses[0][1]
    house.terms = replace(terms, port=port)
    house.note = lambda line: told([line])
    watching = asyncio.create_task(house.watch())
    try:
        told(sayings(house.terms))
        await stop.wait()
    finally:
        watching.cancel()
        await house.close()
        await runner.cleanup()
        await house.close()
        told(["受付を終えました。"])


def serve(
    terms: Terms, certificate: Path | None, key: Path | None, told: Callable[[list[str]], None]
) -> None:
    """Serve a book until Ctrl+C."""
    agreed, tls = agree(terms, certificate, key)
    asyncio.run(run(House(agreed), tls, told))
