"""Several files at once: all new ones are there in the end, or every earlier one is as it was."""

import errno
import os
import signal
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from shakyo_review.services.files import CannotWrite, bundle, write_together, write_whole

NAMES = ("a.html", "b.pdf", "c.xlsx")


def files(folder: Path, text: str = "新") -> list[tuple[Path, bytes]]:
    return [(folder / name, f"{text} {name}".encode()) for name in NAMES]


def content(folder: Path) -> dict[str, str]:
    return {one.name: one.read_text(encoding="utf-8") for one in folder.iterdir()}


@pytest.fixture
def earlier(tmp_path: Path) -> dict[str, str]:
    """Two of the three files are there already."""
    write_together(files(tmp_path, "旧")[:2])
    return content(tmp_path)


def test_all_are_there_and_nothing_else(tmp_path: Path, earlier: dict[str, str]) -> None:
    write_together(files(tmp_path))
    assert content(tmp_path) == {name: f"新 {name}" for name in NAMES}


def test_nothing_to_write(tmp_path: Path) -> None:
    write_together([], make_folder=True)
    assert not content(tmp_path)


def test_a_disk_that_is_full_in_the_middle(tmp_path: Path, earlier: dict[str, str]) -> None:
    resource = pytest.importorskip("resource")
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # the system itself ends the file
    try:
        with pytest.raises(CannotWrite, match=r"c\.xlsx.*空き容量がありません"):
            write_together([*files(tmp_path)[:2], (tmp_path / "c.xlsx", b"x" * 10_000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert content(tmp_path) == earlier


@pytest.mark.parametrize("linked", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_file_that_cannot_be_replaced(
    tmp_path: Path,
    earlier: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    step: int,
    linked: bool,
) -> None:
    """As when one of them is open in Word on Windows."""
    done: list[str] = []
    real = os.replace

    def replace(source: str, target: str) -> None:
        done.append(str(target))
        if len(done) == step:
            raise PermissionError(errno.EACCES, "Permission denied", str(target))
        real(source, target)

    def link(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "replace", replace)
    if not linked:
        monkeypatch.setattr(os, "link", link)
    with pytest.raises(CannotWrite, match=f"{NAMES[step - 1]}.*権限がありません") as caught:
        write_together(files(tmp_path))
    assert "\n" not in str(caught.value)
    assert content(tmp_path) == earlier


def test_stopping_the_program_in_the_middle(
    tmp_path: Path, earlier: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, done = os.replace, []

    def replace(source: str, target: str) -> None:
        done.append(target)
        if len(done) == 2:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_together(files(tmp_path))
    assert content(tmp_path) == earlier


def test_a_name_taken_by_a_folder(tmp_path: Path, earlier: dict[str, str]) -> None:
    (tmp_path / "c.xlsx").mkdir()
    with pytest.raises(CannotWrite, match="同じ名前のフォルダがあります"):
        write_together(files(tmp_path))
    (tmp_path / "c.xlsx").rmdir()
    assert content(tmp_path) == earlier


def test_folders_made_for_nothing_are_gone_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(CannotWrite, match="空き容量"):
        write_together(files(tmp_path / "a" / "b"), make_folder=True)
    assert not content(tmp_path)


def test_one_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "x" / "a.txt"
    write_whole(path, b"1", make_folder=True)
    write_whole(path, b"2")
    assert content(path.parent) == {"a.txt": "2"}
    with pytest.raises(CannotWrite, match="その場所がありません"):
        write_whole(tmp_path / "none" / "a.txt", b"1")


def test_a_bundle_of_files() -> None:
    made = bundle([("あ.html", b"1"), ("b.pdf", b"2")])
    assert made == bundle([("あ.html", b"1"), ("b.pdf", b"2")])
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "あ.html": b"1",
            "b.pdf": b"2",
        }
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
