"""Three people do whatever they may in three copies, and these are merged this way and that."""

import random
import shutil
from pathlib import Path

import pytest
from books import contents, new_book, opened
from test_random_years import ACTIONS, YEARS, Walk

from shakyo_review.errors import ReviewError
from shakyo_review.services.incoming import Side
from shakyo_review.services.merging import look
from shakyo_review.services.merging.writing import apply, decide
from shakyo_review.services.sealing import sealed_results
from shakyo_review.services.upkeep import verify
from shakyo_review.services.year_views import seal_differences, year_lines


def wander(path: Path, dice: random.Random, most: int) -> None:
    with opened(path, f"人{dice.randrange(3)}") as book:
        walk = Walk(book, dice)
        for _ in range(dice.randint(1, most)):
            try:
                dice.choice(ACTIONS)(walk)
            except ReviewError:
                continue


def merged(path: Path, other: Path, side: Side) -> bool:
    """Merge two copies; a refusal changes nothing, and a merge leaves a sound book, once and for all."""
    before, there = contents(path), contents(other)
    with opened(path, "合わせた人") as book:
        sealed = {year: sealed_results(book, year) for year in YEARS if book.state(year).closed}
        try:
            found = look(book, other)
            apply(book, found, decide(found, side), reason="合併")
        except ReviewError:
            assert contents(path) == before
            return False
        assert [*verify(book), *seal_differences(book)] == []
        year_lines(book)
        for year, results in sealed.items():
            whole = year in found.whole_years  # opened again or corrected there, untouched here
            assert whole or sealed_results(book, year) == results
        held = contents(path)
        again = look(book, other)
        assert again.differences == ()
        apply(book, again)
        assert contents(path) == held
    assert contents(other) == there
    assert len(before["history"]) <= len(held["history"])
    return True


@pytest.mark.parametrize("seed", [3, 8])
def test_whatever_was_done_apart(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    copies = [tmp_path / f"{name}.db" for name in "abc"]
    new_book(copies[0])
    wander(copies[0], dice, 15)
    for copy in copies[1:]:
        shutil.copy(copies[0], copy)
    done = 0
    for _ in range(4):
        path, other = dice.sample(copies, 2)
        wander(path, dice, 6)
        done += merged(path, other, dice.choice(list(Side)))
    assert done
