"""What has to be settled with the terminal before textual is imported."""

import os
import re
import select
import sys
import time

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
    return ambiguous_width() == 2


def ambiguous_width(timeout: float = 0.3) -> int:
    """Print ○ and ask where the cursor is: 1 or 2 columns; 1 where the terminal does not answer."""
    try:
        import termios
        import tty
    except ImportError:  # Windows: its terminals draw such characters one column wide
        return 1
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return 1
    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    answer = b""
    try:
        tty.setcbreak(fd, termios.TCSANOW)
        os.write(sys.stdout.fileno(), "\r○\x1b[6n".encode())
        end = time.monotonic() + timeout
        while not _REPORT.search(answer) and (left := end - time.monotonic()) > 0:
            if select.select([fd], [], [], left)[0]:
                answer += os.read(fd, 64)
    finally:
        os.write(sys.stdout.fileno(), b"\r\x1b[K")
        termios.tcsetattr(fd, termios.TCSANOW, before)
    found = _REPORT.search(answer)
    return 2 if found and int(found[2]) == 3 else 1
