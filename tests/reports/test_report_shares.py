from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.domain.shares import shares


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=12))
def test_shares_add_up_to_exactly_100(counts: list[int]) -> None:
    made = shares(counts)
    assert sum(made) == (100 if sum(counts) else 0)
    for count, share in zip(counts, made, strict=True):
        exact = Decimal(100 * count) / sum(counts) if sum(counts) else Decimal(0)
        assert abs(share - exact) < Decimal("0.1")
        assert count or share == 0


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([1, 1, 1], ["33.4", "33.3", "33.3"]),  # the unit left over goes to the first of equals
        (
            [2, 3, 2, 0],
            ["28.6", "42.8", "28.6", "0.0"],
        ),  # 28.57, 42.86, 28.57: 42.8 has the smaller remainder
        ([1, 2], ["33.3", "66.7"]),
        ([0, 5], ["0.0", "100.0"]),
        ([], []),
    ],
)
def test_largest_remainder(counts: list[int], expected: list[str]) -> None:
    assert [str(share) for share in shares(counts)] == expected
