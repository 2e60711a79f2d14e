"""What a desktop can do with a finished file: show it, or take its place into the clipboard."""

import os
import sys
from pathlib import Path


def has_desktop() -> bool:
    """Whether a window can be opened from here: not over SSH, and not without a display."""
    if os.environ.get("SSH_CONNECTION"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_file(path: Path) -> bool:
    """Open a file in the browser of the desktop; tells whether there is one."""
    import webbrowser

    return has_desktop() and webbrowser.open(path.absolute().as_uri())
