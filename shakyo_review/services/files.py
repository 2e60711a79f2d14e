"""Writing files: at every moment the old one or the new one is there, whole."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

from shakyo_review.errors import ReviewError, os_reason


class CannotWrite(ReviewError):
    """A file could not be written; an earlier one is as it was."""


def write_whole(path: Path, content: bytes, *, make_folder: bool = False) -> None:
    """Write a file so that at every moment either the old or the new one is there, whole.

    Raises ``CannotWrite`` with what is in the way.
    """
    write_together([(path, content)], make_folder=make_folder)


def write_together(files: Sequence[tuple[Path, bytes]], *, make_folder: bool = False) -> None:
    """Write files so that all new ones are there in the end, or every earlier one is as it was.

    First everything is written beside its place, then it is put in place. ``make_folder`` makes the
    folders that are missing; they are gone again where the writing fails. Raises ``CannotWrite``
    with what is in the way.
    """
    drafts = [path.with_name(f".{path.name}.{os.getpid()}.tmp") for path, _ in files]
    folders: list[Path] = []
    try:
        for draft, (path, content) in zip(drafts, files, strict=True):
            with _told(path):
                if make_folder:
                    folders += _made(path.parent)
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, "", str(path))
                with draft.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
        _put_in_place(drafts, [path for path, _ in files])
    finally:
        for draft in drafts:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        _without(folders)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell in a sentence what is in the way of a file."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(
            f"「{path}」に書き込めません（{os_reason(error)}）。",
            "場所、権限、空きを確かめてください。",
        ) from error


def _put_in_place(drafts: Sequence[Path], paths: Sequence[Path]) -> None:
    """Let the drafts take their places; where one cannot, every place is as it was before."""
    done: list[tuple[Path, Path | None]] = []
    try:
        for draft, path in zip(drafts, paths, strict=True):
            with _told(path):
                done.append((path, _kept(path) if len(paths) > 1 else None))
                draft.replace(path)
    except BaseException:  # also Ctrl+C
        _put_back(done, drafts)
        raise
    for _, earlier in done:
        if earlier is not None:
            with suppress(OSError):
                earlier.unlink(missing_ok=True)


def _made(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the ones that were not there, the outermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _without(folders: Iterable[Path]) -> None:
    """Take away what has been made and is empty: where the files are there, nothing is."""
    for folder in reversed(list(folders)):
        with suppress(OSError):
            folder.rmdir()


def _kept(path: Path) -> Path | None:
    """Return a second name of the file that is about to be replaced; nothing where there is none."""
    if not path.exists():
        return None
    earlier = path.with_name(f".{path.name}.{os.getpid()}.old")
    earlier.unlink(missing_ok=True)
    try:
        os.link(path, earlier)
    except OSError:  # a disk without links
        try:
            shutil.copyfile(path, earlier)
        except BaseException:
            earlier.unlink(missing_ok=True)
            raise
    return earlier


def _put_back(done: Sequence[tuple[Path, Path | None]], drafts: Sequence[Path]) -> None:
    """Let every place be as it was before; the last of ``done`` may or may not have been replaced."""
    for (path, earlier), draft in zip(done, drafts, strict=False):
        with suppress(OSError):
            if earlier is not None:
                earlier.replace(path)
                earlier.unlink(missing_ok=True)  # two names of one file: replacing did nothing
            elif not draft.exists():
                path.unlink(missing_ok=True)


def bundle(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files as one ZIP file; the same files give the same bytes on every day and machine."""
    import zipfile

    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()
