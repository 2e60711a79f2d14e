"""What every request has to pass and every answer carries."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from aiohttp import web

_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether a server on this host can be reached from this machine only."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(
        ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_loopback for one in found
    )


def known_host(request: web.Request, host: str, port: int, *, loopback: bool) -> bool:
    """Whether the Host header names this server.

    On loopback only its own names count: a foreign name that leads here (DNS rebinding) does not.
    """
    named = request.headers.get("Host", "")
    if not _HOST.fullmatch(named):
        return False
    if not loopback:
        return True
    own = {"127.0.0.1", "localhost", "[::1]", host, f"[{host}]"}
    standard = {"http": 80, "https": 443}[request.scheme]
    return named in {f"{one}:{port}" for one in own} or (port == standard and named in own)


def same_origin(request: web.Request) -> bool:
    """Whether a browser sends this from a page of this server (Origin, or Referer without one)."""
    own = f"{request.scheme}://{request.headers.get('Host', '')}"
    origin = request.headers.get("Origin")
    if origin is None and request.method == "POST":
        referer = urlsplit(request.headers.get("Referer", ""))
        origin = f"{referer.scheme}://{referer.netloc}"
    return origin == own


def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Put on the headers: nothing from elsewhere, in no frame, kept nowhere, told to nobody."""
    host = request.headers.get("Host", "")
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    # The terminal (xterm.js) writes its own style elements; no other page has a style in itself.
    style = " 'unsafe-inline'" if request.path == "/" else ""
    response.headers.update(
        {
            "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
            f"style-src 'self'{style}; connect-src 'self'{sockets}; img-src 'self' data:; "
            "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cache-Control": "no-store",
            # To other hosts nothing; with "no-referrer" browsers would send forms with Origin: null.
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Server": "shakyo-review",
        }
    )
    if request.secure:  # browsers complain of it elsewhere
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
