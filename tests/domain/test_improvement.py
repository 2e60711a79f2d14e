"""Promises to improve: in what years they are asked about, and how they are counted."""

import pytest

from shakyo_review.domain.improvement import Answer, Improvement, Promise, Result, tally

DAY = "2026-06-25"


def promise(number: str = "2024-1", due: int = 2025, **answers: Answer) -> Promise:
    made = Improvement(text="声かけを増やす", owner="社協", due=due, by="事務局", date=DAY)
    given = {int(year.removeprefix("y")): answer for year, answer in answers.items()}
    return Promise(number, "1-1", int(number[:4]), made, given)


def answer(result: Result, *, closed: bool = False) -> Answer:
    return Answer(result=result, text="…", by="社協", date=DAY, closed=closed)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, [2025, 2026, 2027]),
        ({"y2025": answer(Result.KEPT)}, [2025]),
        ({"y2025": answer(Result.PARTLY)}, [2025, 2026, 2027]),
        ({"y2025": answer(Result.NOT), "y2026": answer(Result.KEPT)}, [2025, 2026]),
        ({"y2025": answer(Result.NOT, closed=True)}, [2025]),
    ],
)
def test_the_years_that_ask(given: dict[str, Answer], asked: list[int]) -> None:
    made = promise(**given)
    assert [year for year in range(2023, 2028) if made.asked_in(year)] == asked


def test_a_promise_is_due_with_its_year() -> None:
    assert [promise(due=2026).is_due(year) for year in (2025, 2026, 2027)] == [False, True, True]


def test_what_became_of_them_is_counted() -> None:
    found = tally(
        [
            promise("2024-1", y2025=answer(Result.KEPT)),
            promise("2024-2", y2025=answer(Result.PARTLY)),
            promise("2024-3", y2025=answer(Result.NOT)),
            promise("2024-4"),
            promise("2023-1", y2024=answer(Result.KEPT)),  # ended before
            promise("2025-1"),  # made in this year
        ],
        2025,
    )
    assert (found.asked, found.kept, found.partly, found.not_kept) == (4, 1, 1, 1)
    assert found.unanswered == 1
