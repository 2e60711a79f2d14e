"""What is cut for a sheet is cut within its room, and says so."""

from hypothesis import given
from hypothesis import strategies as st

from shakyo_review.reports.fitting import CUT, fit, lines, shorten, width

WORDS = st.text(st.sampled_from("あいう漢字。、abc12 　\n△"), max_size=60)


@given(WORDS, st.integers(2, 80))
def test_a_shortened_text_stays_within_its_width(text: str, most: int) -> None:
    made = shorten(text, most)
    assert width(made) <= most
    assert "\n" not in made
    whole = "　".join(part.strip() for part in text.splitlines() if part.strip())
    if made != whole:
        assert made.endswith(CUT)
        assert whole.startswith(made.removesuffix(CUT))


@given(st.lists(st.floats(0.1, 20), max_size=20), st.floats(0, 60))
def test_rows_are_taken_in_order_while_there_is_room(costs: list[float], room: float) -> None:
    kept = fit(costs, lambda cost: cost, room)
    assert kept == costs[: len(kept)]
    assert sum(kept) <= room + 1e-9
    if len(kept) < len(costs):
        assert sum(costs[: len(kept) + 1]) > room - 1e-9


def test_lines_of_a_column() -> None:
    assert lines("", 10) == 1
    assert lines("あいうえお", 10) == 1
    assert lines("あいうえおか", 10) == 2
    assert lines("あ\nい", 10) == 2
