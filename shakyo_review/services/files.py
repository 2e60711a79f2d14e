"""Writing files: at every moment the old one or the new one is there, whole."""

import errno
import os
from pathlib import Path

from shakyo_review.errors import ReviewError, os_reason


class CannotWrite(ReviewError):
    """A file could not be written; an earlier one is as it was."""


def write_whole(path: Path, content: bytes, *, make_folder: bool = False) -> None:
    """Write a file so that at every moment either the old or the new one is there, whole.

    Raises ``CannotWrite`` with what is in the way.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "", str(path))
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"「{path}」に書き込めません（{os_reason(error)}）。",
            "場所、権限、空きを確かめてください。",
        ) from error
