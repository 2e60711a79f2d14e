"""No room left: a sentence, earlier files whole, nothing half-written, and the next try works.

On a file system of 200 KB where we may mount one (root on Linux), and everywhere with a limit to
the size of files, which a process meets in the same calls.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from books import contents, new_book
from commandline import Done, command, environment, refusal, run

from shakyo_review.exchange.rows import COLUMNS

MONTHS = ("04", "05", "06", "07", "08", "09", "10", "11", "12", "01", "02", "03")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root may mount")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def free(place: Path) -> int:
    told = os.statvfs(place)
    return told.f_bavail * told.f_frsize


def fill(place: Path, leave: int) -> None:
    """Fill a disk up to so many bytes."""
    filler = place / "filler"
    filler.unlink(missing_ok=True)
    filler.write_bytes(bytes(max(0, free(place) - leave)))


def big_table(path: Path) -> Path:
    """A table of 600 rows with long notes: more than the book has room for."""
    rows = [
        f"a,{year},{branch},{month},actual,{n},,,{'長い注記' * 40}"
        for n, (year, branch, month) in enumerate(
            (year, branch, month)
            for year in range(2014, 2027)
            for branch in ("kita", "minami")
            for month in MONTHS
        )
    ]
    path.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    return path


def no_room(done: Done) -> None:
    text = refusal(done, 1)
    assert "空き" in text, text


@pytest.mark.parametrize("pages", [0, 1, 2])
def test_record(small_disk: Path, pages: int) -> None:
    path = new_book(small_disk / "b.db")
    before = contents(path)
    fill(small_disk, pages * 4096)
    no_room(
        run("--book", path, "record", "a", "--year", "R6", "--actual", "1", "--note", "長" * 2000)
    )
    assert contents(path) == before
    (small_disk / "filler").unlink()
    assert run("--book", path, "doctor").status == 0
    assert contents(path) == before
    assert run("--book", path, "record", "a", "--year", "R6", "--actual", "1").status == 0


@pytest.mark.parametrize("pages", [0, 3, 10])
def test_import(small_disk: Path, tmp_path: Path, pages: int) -> None:
    path = new_book(small_disk / "b.db")
    before = contents(path)
    fill(small_disk, pages * 4096)
    no_room(run("--book", path, "import", big_table(tmp_path / "in.csv")))
    assert contents(path) == before
    (small_disk / "filler").unlink()
    assert run("--book", path, "doctor").status == 0
    assert contents(path) == before


@pytest.mark.parametrize("pages", [0, 1, 5, 12])
def test_new_and_demo(small_disk: Path, pages: int) -> None:
    fill(small_disk, pages * 4096)
    no_room(run("new", small_disk / "n.db", "--plan", "okegawa"))
    assert [p.name for p in small_disk.iterdir()] == ["filler"]
    no_room(run("demo", "okegawa", "--out", small_disk))
    assert [p.name for p in small_disk.iterdir()] == ["filler"]


@pytest.mark.parametrize("pages", [0, 1, 8])
def test_backup_and_exports(small_disk: Path, tmp_path: Path, pages: int) -> None:
    path = new_book(tmp_path / "b.db")
    run("--book", path, "import", big_table(tmp_path / "in.csv"))
    (small_disk / "o.csv").write_text("an earlier file")
    (small_disk / "p.yaml").write_text("an earlier file")
    fill(small_disk, pages * 4096)
    before = path.read_bytes()
    no_room(run("--book", path, "backup", small_disk / "s.db"))
    if pages == 0:
        no_room(run("--book", path, "export", "--year", "R6", small_disk / "o.csv"))
        no_room(run("--book", path, "plan", "export", small_disk / "p.yaml"))
        refusal(run("--book", path, "report", "--year", "R6", "--out", small_disk / "r"), 1)
        assert (small_disk / "o.csv").read_text() == "an earlier file"
        assert (small_disk / "p.yaml").read_text() == "an earlier file"
    assert {p.name for p in small_disk.iterdir()} - {"r"} == {"filler", "o.csv", "p.yaml"}
    assert path.read_bytes() == before


def test_restore(small_disk: Path, tmp_path: Path) -> None:
    saved = new_book(tmp_path / "saved.db")
    run("--book", saved, "import", big_table(tmp_path / "in.csv"))
    path = new_book(small_disk / "b.db")
    before = path.read_bytes()
    no_room(run("--book", path, "restore", saved))
    assert path.read_bytes() == before
    assert [p.name for p in small_disk.iterdir()] == ["b.db"]


# --- the same wherever no disk can be mounted --------------------------------------------


def limited(size: int, *words: object) -> Done:
    """Run a command whose files may not grow beyond ``size`` bytes."""
    ended = subprocess.run(
        command(*words),
        env=environment(),
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        check=False,
    )
    return Done(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def test_files_that_may_not_grow(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    size, before = path.stat().st_size, contents(path)
    table = big_table(tmp_path / "in.csv")
    there = {p.name for p in tmp_path.iterdir()}
    no_room(limited(size, "--book", path, "import", table))
    no_room(limited(8192, "new", tmp_path / "n.db", "--plan", "osaka"))
    no_room(limited(8192, "--book", path, "backup", tmp_path / "s.db"))
    no_room(limited(100, "--book", path, "export", "--year", "R6", tmp_path / "o.csv"))
    done = limited(600, "--book", path, "record", "a", "--year", "R6", "--actual", "1")
    no_room(done)
    assert contents(path) == before
    assert {p.name for p in tmp_path.iterdir()} - {"b.db-journal"} == there
    assert run("--book", path, "doctor").status == 0
    assert contents(path) == before
