"""The same book gives the same files: on two machines, two days, in two places, in every format."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich_book import rich_book

from shakyo_review.reports.documents import ALL, pieces

MACHINE = """
import datetime, sys, time
day = float(sys.argv[4])
clock, local, utc = time.time, time.localtime, time.gmtime
begun = clock()
time.time = lambda: day + clock() - begun
time.localtime = lambda at=None: local(time.time() if at is None else at)
time.gmtime = lambda at=None: utc(time.time() if at is None else at)
class Day(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return cls.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls): return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)
    @classmethod
    def today(cls): return cls.now()
class Date(datetime.date):
    @classmethod
    def today(cls): return cls.fromtimestamp(time.time())
datetime.datetime, datetime.date = Day, Date
from pathlib import Path
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.publishing import publish_report
with ReviewBook.open(Path(sys.argv[1]), sys.argv[3]) as book:
    publish_report(book, 2024, ["all"], Path(sys.argv[2]), templates=["all"])
"""
"""A program of its own: book, folder, who, and the clock of its machine in seconds."""


def machine(
    book: Path, out: Path, at: Path, who: str, day: str, **environment: str
) -> subprocess.Popen[bytes]:
    at.mkdir(parents=True)
    (at / "tmp").mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    places = {"HOME": str(at), "TMPDIR": str(at / "tmp"), "XDG_CONFIG_HOME": str(at / "conf")}
    return subprocess.Popen(
        [sys.executable, "-c", MACHINE, str(book), str(out), who, day],
        cwd=at,
        env={**kept, **places, **environment},
        stderr=subprocess.PIPE,
    )


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The whole pack of one book, made by two machines at the same time."""
    folder = tmp_path_factory.mktemp("machines")
    rich_book(folder / "book.db")
    (folder / "far" / "away").mkdir(parents=True)
    copy = folder / "far" / "away" / "写し.db"
    copy.write_bytes((folder / "book.db").read_bytes())
    made = folder / "報告", folder / "far" / "out"
    running = (
        machine(
            *(folder / "book.db", made[0], folder / "one", "事務局", "1750000000"),
            LANG="ja_JP.UTF-8",
            TZ="Asia/Tokyo",
            PYTHONHASHSEED="1",
        ),
        machine(
            *(copy, made[1], folder / "far" / "二つ目", "山田", "1800012345"),
            LANG="C",
            TZ="America/Lima",
            PYTHONHASHSEED="2",
            PYTHONUTF8="1",
            SOURCE_DATE_EPOCH="86400",
            COLUMNS="20",
        ),
    )
    for one in running:
        _, told = one.communicate(timeout=120)
        assert one.returncode == 0, told.decode()
    first, second = ({path.name: path.read_bytes() for path in out.iterdir()} for out in made)
    return first, second


def test_every_document_in_every_format_is_made(two: tuple[dict[str, bytes], ...]) -> None:
    names = {piece.file_name("small-2024") for piece in pieces([ALL], [ALL])}
    assert len(names) == 24
    assert set(two[0]) == set(two[1]) == names
    assert all(two[0].values())


@pytest.mark.parametrize("piece", pieces([ALL], [ALL]), ids=lambda one: one.file_name("book"))
def test_both_machines_give_the_same_bytes(two: tuple[dict[str, bytes], ...], piece) -> None:
    name = piece.file_name("small-2024")
    assert two[0][name] == two[1][name]
