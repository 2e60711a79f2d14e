"""Processes killed at any moment: what was reported as stored is stored, the book is sound."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
import workers
from books import A24, history_length, new_book, opened
from commandline import command, environment

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.services.entry import record
from shakyo_review.services.kept import RATING
from shakyo_review.services.sealing import recomputed_differs, sealed_results, start_evaluation
from shakyo_review.services.upkeep import examine, verify
from shakyo_review.storage.history import last_change

KILLS = 30


def kill(process: workers.BaseProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def well(path: Path) -> bool:
    """Neither the health check nor the check of the history finds anything."""
    with opened(path) as book:
        return all(line.well for line in examine(path, "点検")) and verify(book) == []


@pytest.mark.parametrize("part", range(3))
def test_killed_while_recording(tmp_path: Path, part: int) -> None:
    path, dice = new_book(tmp_path / "b.db"), random.Random(part)
    value = 1000
    for _ in range(KILLS // 3):
        process, pipe = workers.start(workers.record_for_ever, path, value)
        assert pipe.recv() == "ready"
        time.sleep(dice.uniform(0, 0.06))
        kill(process)
        told = [said for said in workers.heard(pipe) if isinstance(said, int)]
        last = told[-1] if told else value - 1
        assert well(path), examine(path, "点検")
        with opened(path) as book:
            cell = book.cells(2024).get(A24)
            stands = int(cell.reading.value or 0)
            # the one after the last may have been stored without there being time to say so
            assert stands in ((last, last + 1) if value > 1000 or told else (480, 1000)), (
                stands,
                last,
            )
            change = last_change(book.file.db, A24)
            assert change is not None
            assert change.new == {"state": "value", "value": str(stands)}
        value = max(last, stands) + 1
    assert value > 1003, "the processes hardly came to work"


@pytest.mark.parametrize("part", range(3))
def test_killed_while_importing(tmp_path: Path, part: int) -> None:
    path, dice = new_book(tmp_path / "b.db"), random.Random(100 + part)
    value, caught = 1, 0
    for _ in range(KILLS // 3):
        process, pipe = workers.start(workers.import_for_ever, path, value)
        assert pipe.recv() == "ready"
        time.sleep(dice.uniform(0, 0.12))
        kill(process)
        told = [said for said in workers.heard(pipe) if isinstance(said, int)]
        caught += path.with_name("b.db-journal").exists()
        assert well(path), examine(path, "点検")
        with opened(path) as book:
            found = {
                book.cells(year).get(CellKey("a", year, Kind.ACTUAL, branch, period)).reading.value
                for year in range(2014, 2027)
                for branch in ("kita", "minami")
                for period in ("04", "03")
            }
            assert len(found) == 1, "half an import"
            (stands,) = found
        last = told[-1] if told else value - 1
        stands = int(stands or 0)
        assert stands in (last, last + 1), (stands, last)
        value = max(last, stands) + 1
    assert caught or value > 1, "the processes hardly came to work"


@pytest.mark.parametrize("part", range(4))
def test_killed_while_evaluating(tmp_path: Path, part: int) -> None:
    path, dice = new_book(tmp_path / "b.db"), random.Random(200 + part)
    turn = 1
    for _ in range(20):
        process, pipe = workers.start(workers.evaluate_for_ever, path, turn)
        assert pipe.recv() == "ready"
        time.sleep(dice.uniform(0, 0.06))
        kill(process)
        told = [said for said in workers.heard(pipe) if isinstance(said, int)]
        last = told[-1] if told else turn - 1
        assert well(path), examine(path, "点検")
        with opened(path) as book:
            (stands,) = [f.data for f in book.facts(RATING, 2024)] or [{"comment": "0"}]
        assert stands is not None
        comment = int(stands["comment"])
        assert comment in (last, last + 1), (comment, last)
        if comment:
            assert stands["rating"] == "ABCD"[comment % 4], "half a letter"
        turn = comment + 1
    assert turn > 10, "the processes hardly came to work"


@pytest.mark.parametrize("part", range(4))
def test_killed_while_sealing(tmp_path: Path, part: int) -> None:
    """A year is sealed, corrected and opened again; the process dies at any point of it."""
    path, dice = new_book(tmp_path / "b.db"), random.Random(300 + part)
    with opened(path) as book:
        for code, value in (("c", 12), ("r", 30), ("m", 2)):
            record(book, CellKey(code, 2024, Kind.ACTUAL), workers.number(value))
        start_evaluation(book, 2024)
    steps, value, figure = 0, 0, 480
    for _ in range(20):
        process, pipe = workers.start(workers.seal_for_ever, path, value)
        assert pipe.recv() == "ready"
        time.sleep(dice.uniform(0, 0.15))
        kill(process)
        told = [said for said in workers.heard(pipe) if isinstance(said, tuple)]
        assert well(path), examine(path, "点検")
        figures = [said[1] for said in told if said[1] is not None]
        figure = figures[-1] if figures else figure
        with opened(path) as book:
            stands = int(book.cells(2024).get(A24).reading.value or 0)
            closed = book.state(2024).closed
            kept = sealed_results(book, 2024)
            assert not recomputed_differs(book, 2024)
        assert closed == (kept is not None), "half a seal"
        if kept is not None:
            assert f'"actual": "{stands}"' in kept
        # the step after the last may have been stored without there being time to say so
        assert stands in (figure, 470 + (value + len(figures)) % 20), (stands, told)
        steps, figure = steps + len(told), stands
        value += len(figures) + 1
    assert steps > 10, "the processes hardly came to work"


def test_a_book_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    """Killed while a book is made: nothing that looks like one."""
    dice = random.Random(7)
    for turn in range(4):
        place = tmp_path / f"{turn}.db"
        process = subprocess.Popen(
            command("new", place, "--plan", "okegawa"), env=environment(), stderr=-3
        )
        time.sleep(dice.uniform(0.3, 0.7))
        process.kill()
        process.wait()
        assert not place.exists() or well(place)


def test_killed_right_after_the_command_has_spoken(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    before = history_length(path)
    process = subprocess.Popen(
        command(
            "--book",
            path,
            "--as",
            "山田",
            "record",
            "a",
            "--year",
            "R6",
            "--actual",
            "512",
            "--reason",
            "速報",
        ),
        env=environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert "480 → 512人" in process.stdout.readline().decode()
    process.kill()
    process.wait()
    process.stdout.close()
    with opened(path) as book:
        assert book.cells(2024).get(A24).reading.value == 512
        row = book.history(newest=1)[0]
    assert history_length(path) == before + 1
    assert (row.who, row.reason, row.new) == ("山田", "速報", {"state": "value", "value": "512"})
