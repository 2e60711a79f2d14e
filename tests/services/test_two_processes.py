"""Two processes on one book: nothing is lost, nobody is told "locked" while waiting helps."""

from pathlib import Path

import pytest
import workers
from books import history_length, new_book, opened
from test_sealing import ready_book

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.errors import BookProblem
from shakyo_review.services.entry import current_cell
from shakyo_review.services.sealing import recomputed_differs
from shakyo_review.services.upkeep import verify
from shakyo_review.storage.seals import read_seals


def together(*started: tuple[workers.BaseProcess, workers.Connection]) -> list[list[object]]:
    said = [workers.heard(pipe) for _, pipe in started]
    for process, _ in started:
        process.join()
    return said


def test_different_cells_at_once(tmp_path: Path) -> None:
    path, count = new_book(tmp_path / "b.db"), 60
    before = history_length(path)
    said = together(
        workers.start(workers.record_own_cells, path, "kita", count),
        workers.start(workers.record_own_cells, path, "minami", count),
    )
    assert said == [["ready"], ["ready"]]
    assert history_length(path) == before + 2 * count
    with opened(path) as book:
        for branch in ("kita", "minami"):
            last = CellKey("a", 2025, Kind.ACTUAL, branch, "03")
            assert book.cells(2025).get(last).reading.value == count - 1
            assert current_cell(book, last).version == count // 12


def test_the_same_cell_at_once_counts_every_step(tmp_path: Path) -> None:
    """Last-wins would lose some: each process adds 1 to what it has read."""
    path, count = new_book(tmp_path / "b.db"), 40
    said = together(
        workers.start(workers.add_one, path, "山田", count),
        workers.start(workers.add_one, path, "鈴木", count),
    )
    assert all(isinstance(refused, int) for _, refused in said), said
    with opened(path) as book:
        cell = book.cells(2025).get(CellKey("c", 2025, Kind.ACTUAL))
        assert cell.reading.value == 2 * count
        rows = [row for row in book.history("c", 2025) if row.kind == "actual"]
    assert [row.new for row in rows] == [
        {"state": "value", "value": str(n + 1)} for n in range(2 * count)
    ]
    assert {row.who for row in rows} == {"山田", "鈴木"}


def test_letters_and_seals_at_once(tmp_path: Path) -> None:
    path, count = ready_book(tmp_path / "b.db"), 40
    with opened(path) as book:
        before = book.count_history()
    said = together(
        workers.start(workers.evaluate_and_seal, path, "山田", count),
        workers.start(workers.evaluate_and_seal, path, "鈴木", count),
    )
    with opened(path) as book:
        assert verify(book) == []
        rows = book.history()[before:]
        letters = [row for row in rows if row.entity == "rating"]
        told = [(row.who, (row.new or {})["comment"]) for row in letters]
        given = [text for _, *texts in said for text in texts]
        assert sorted(text for _, text in told) == sorted(given), "a letter is lost"
        assert all(str(text).startswith(who) for who, text in told)
        assert len(given) > count, "hardly anybody came to work"
        # every seal holds the letter that stood when it was made
        sealed = [row.number for row in rows if row.entity == "seal"]
        for seal, number in zip(read_seals(book.file.db, 2024), sealed, strict=True):
            last = [row for row in letters if row.number < number][-1].new or {}
            kept = [f["data"] for f in seal.facts["facts"] if f["entity"] == "rating"]
            assert kept == [last]
        assert not recomputed_differs(book, 2024)


def test_a_lock_that_is_held_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAKYO_REVIEW_BUSY_SECONDS", "0.2")
    path = new_book(tmp_path / "b.db")
    process, pipe = workers.start(workers.hold_lock, path)
    assert pipe.recv() == "locked"
    before = path.read_bytes()
    with pytest.raises(BookProblem, match="書き込み中"):
        opened(path)
    process.kill()
    process.join()
    assert path.read_bytes() == before
    with opened(path) as book:
        assert book.score(2024)
