"""The cover: the first frame of the screens, kept from the last time and shown before anything is loaded.

Loading the program takes half a second, in which a terminal would stay empty. When the screens
are left, what they would show if they were opened again is drawn once more and kept as the bytes
a terminal gets. At the next start they are written before textual, pydantic or the book are
loaded; keys wait in the terminal, and the real screen then takes the place of its picture.

Why it never shows what is not true: it was drawn by the very screen that will replace it, and
is shown only while everything that screen is made of is the same. Of the book that is the file
itself (device, inode, size, both times, SQLite's change counter, which every transaction that
writes raises) with no journal beside it; of the person the words of the call, the folder, the
login, the settings and what is remembered for the book; of the terminal its size and kind; and
the program and the day. Anything else, or a file that cannot be read: no cover. (How wide the
terminal draws ○ is asked meanwhile; where that has changed, the same words are drawn otherwise.)
"""

import json
import os
import sys
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from shakyo_review import __version__

MOST = 4
"""Covers that are kept, of the calls used last."""
_NAME = "cover-"
_ALTERNATE, _ORDINARY = "\x1b[?1049h", "\x1b[?1049l\x1b[?25h\x1b[?7h"
_WIDTH_ASKED = "\x1b[H○\x1b[6n"
"""As in ``terminal.ambiguous_width``, drawn over before it is seen; the answer is read there."""
_ENVIRONMENT = frozenset(
    "TERM TERM_PROGRAM TERM_PROGRAM_VERSION COLORTERM NO_COLOR FORCE_COLOR LANG LC_ALL LC_CTYPE TZ "  # noqa: SIM905
    "HOME USER LOGNAME LNAME USERNAME TEXTUAL_COLOR_SYSTEM TEXTUAL_THEME TEXTUAL_DRIVER".split()
)


class Cover:
    """What stands on the terminal before the screens do."""

    def __init__(self) -> None:
        self.up = False
        """Whether the picture is on the terminal and the screens have not taken its place yet."""
        self.typed = b""
        """What was typed before textual read the keys."""
        self._attributes: list[Any] | None = None
        self._call: list[Any] | None = None
        self._leaving = ""

    def show(self, arguments: list[str]) -> None:
        """Show the cover of this call, if there is one and it is true."""
        with suppress(OSError, ValueError, ImportError, TypeError, KeyError, RecursionError):
            import termios

            if _is_elsewhere() or not all(os.isatty(fd) for fd in (0, 1, 2)):
                return
            self._call = [arguments, str(Path.cwd()), _environment()]
            kept = self._kept()
            if kept is None:
                return
            self._attributes = termios.tcgetattr(0)
            _hear_keys(self._attributes)
            self.up, self._leaving = True, _ORDINARY
            asked = "" if os.environ.get("SHAKYO_REVIEW_WIDE") in ("0", "1") else _WIDTH_ASKED
            _write(f"{_ALTERNATE}\x1b[?25l\x1b[?7l{asked}{kept[1]}")

    def taken_over(self) -> None:
        """Let the screens have the terminal: they leave it as they leave any."""
        self._leaving = ""

    def away(self) -> None:
        """Give the terminal back as it was before the cover; does nothing without one."""
        self.up = False
        leaving, self._leaving = self._leaving, ""
        with suppress(OSError):
            _write(leaving)
        if self._attributes is not None:
            import termios

            with suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, self._attributes)
            self._attributes = None

    def fits(self, wide: bool) -> bool:
        """Whether this call has a cover that is true in such a terminal; also where it can have none."""
        if self._call is None:
            return True
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            kept = self._kept()
            return kept is not None and kept[0] == wide
        return False

    def keep(self, seen: list[Any] | None, wide: bool, picture: str) -> None:
        """Keep a picture drawn under what ``seen_now`` told before; readable by its owner only."""
        if seen is None or seen != self.seen_now(Path(seen[0])):
            return
        with suppress(OSError, ValueError):
            path = self._path()
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            draft.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
                file.write(f"{json.dumps([_sum(picture), wide, seen])}\n{picture}")
            draft.replace(path)
            kept = sorted(path.parent.glob(f"{_NAME}*"), key=lambda one: one.stat().st_mtime)
            for old in kept[:-MOST]:
                old.unlink()

    def _kept(self) -> tuple[bool, str] | None:
        """Return the picture and whether it is for a terminal that draws ○ wide, which only it can tell."""
        path = self._path()
        if not path.exists():
            return None
        head, _, picture = path.read_bytes().decode().partition("\n")
        checked, wide, seen = json.loads(head)
        whole = checked == _sum(picture)
        return (wide, picture) if whole and seen == self.seen_now(Path(seen[0])) else None

    def _path(self) -> Path:
        from shakyo_review.services.settings import settings_path

        return settings_path().with_name(f"{_NAME}{_sum(json.dumps(self._call)):08x}")

    def seen_now(self, book: Path) -> list[Any] | None:
        """Return all that the first frame depends on, as JSON gives it back; None where it has no cover."""
        from shakyo_review.services.remembering import OWNER, remembered
        from shakyo_review.services.settings import settings_path

        state = state_of(book)
        if self._call is None or state is None:
            return None
        settings, size = settings_path(), os.get_terminal_size(2)
        return [
            *(str(book.absolute()), state),
            *(__version__, Path(__file__).stat().st_mtime_ns, time.strftime("%Y-%m-%d")),
            *(self._call, size.columns, size.lines, remembered(book, OWNER)),
            settings.read_text(encoding="utf-8") if settings.exists() else "",
        ]


now = Cover()
"""The cover of this process."""


def state_of(book: Path) -> list[Any] | None:
    """Return what changes with every change of a book; None while somebody writes into it."""
    if any(book.with_name(book.name + end).exists() for end in ("-journal", "-wal")):
        return None
    with suppress(OSError), book.open("rb") as file:
        head, seen = file.read(28), os.fstat(file.fileno())
        times = (seen.st_mtime_ns, seen.st_ctime_ns)
        return [seen.st_dev, seen.st_ino, seen.st_size, *times, head[24:28].hex()]
    return None


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(os.environ.items())
        if name in _ENVIRONMENT or name.startswith("SHAKYO_REVIEW")
    }


def _is_elsewhere() -> bool:
    from shakyo_review.services.settings import is_served

    return is_served() or sys.platform == "win32"


def _sum(text: str) -> int:
    return zlib.crc32(text.encode())


def _hear_keys(attributes: list[Any]) -> None:
    """Let the terminal keep what is typed, unseen and unchanged, until textual reads it."""
    import termios

    heard = [*attributes[:6], list(attributes[6])]
    heard[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    heard[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    heard[6][termios.VMIN] = 1
    termios.tcsetattr(0, termios.TCSANOW, heard)


def _write(text: str) -> None:
    left = text.encode()
    while left:
        left = left[os.write(2, left) :]
