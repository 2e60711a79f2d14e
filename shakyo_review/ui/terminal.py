"""What has to be settled with the terminal before textual is imported."""

import os
import re
import select
import sys
import time
from collections.abc import Callable

from shakyo_review.ui import cover

_REPORT = re.compile(rb"\x1b\[(\d+);(\d+)R")


def prepare() -> bool:
    """Settle the keyboard protocol and ask how wide ○ is; True where it takes two columns.

    Under the Kitty keyboard protocol iTerm2, VS Code and WezTerm lose text committed by an
    input method, so it is switched off unless the user has decided otherwise.
    """
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    asked = os.environ.get("SHAKYO_REVIEW_WIDE", "")
    if asked in ("0", "1"):
        return asked == "1"
    return ambiguous_width(meanwhile=_load_textual) == 2


def told() -> str:
    """Return what the terminal answers, in a sentence for people."""
    asked = os.environ.get("SHAKYO_REVIEW_WIDE", "")
    if asked in ("0", "1"):
        return f"環境変数 SHAKYO_REVIEW_WIDE={asked} のとおり、○を{'全角' if asked == '1' else '半角'}の幅とします"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "端末で実行していないため、○の幅は調べていません"
    match ambiguous_width():
        case 1:
            return "○は半角の幅です。ふつうの画面にします"
        case 2:
            return "○は全角の幅です。ずれないよう、記号を使わない画面にします"
    return "○の幅を尋ねても答えがないため、半角とみなします（ずれるときは SHAKYO_REVIEW_WIDE=1）"


def _load_textual() -> None:
    import textual.app  # noqa: F401


def ambiguous_width(
    timeout: float = 0.3, meanwhile: Callable[[], None] = lambda: None
) -> int | None:
    """Print ○ and ask where the cursor is: 1 or 2 columns; None where the terminal does not answer.

    ``meanwhile`` is done before the answer is waited for.
    """
    try:
        import termios
        import tty
    except ImportError:  # Windows: its terminals draw such characters one column wide
        return 1
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    answer = b""
    try:
        tty.setcbreak(fd, termios.TCSANOW)
        if not cover.now.up:  # with a cover it has been asked
            os.write(sys.stdout.fileno(), "\r○\x1b[6n\r\x1b[K".encode())  # gone before it is seen
        meanwhile()
        end = time.monotonic() + timeout
        while not _REPORT.search(answer) and (left := end - time.monotonic()) > 0:
            if select.select([fd], [], [], left)[0]:
                answer += os.read(fd, 4096)
    finally:
        if cover.now.up:
            cover.now.typed = _REPORT.sub(b"", answer, count=1)
        else:
            os.write(sys.stdout.fileno(), b"\r\x1b[K")
        termios.tcsetattr(fd, termios.TCSANOW, before)
    found = _REPORT.search(answer)
    return int(found[2]) - 1 if found and found[2] in (b"2", b"3") else None
