"""Whatever a file holds, the answer is data or one of our sentences, never a traceback."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from shakyo_review.errors import ReviewError
from shakyo_review.exchange.bundled import bundled_plan
from shakyo_review.exchange.long_csv import parse_rows, understand
from shakyo_review.exchange.plan_writer import write_plan
from shakyo_review.exchange.plan_yaml import parse_plan
from shakyo_review.exchange.textfile import decode

BITS = [":", " ", "\n", "- ", "{", "}", "[", "]", '"', "'", "#", "&", "*", "!", "|", ">", "%", "\t"]
BITS += [
    "1e999999",
    "null",
    "true",
    "2024",
    "0.1",
    "-",
    "あ",
    "，",
    "\x00",
    "\ud7ff",
    "code",
    "tree:",
]
BITS += ["9" * 40, "name: ", "  ", "nan", "inf", "1_0", "０", "\\", "---\n", "? ", "<<: "]


def ours(work) -> None:
    told = "済"
    try:
        work()
    except ReviewError as refusal:
        told = str(refusal)
    assert "\n" not in told
    assert not told.isascii()


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(BITS), max_size=40).map("".join)))
def test_any_text(text):
    ours(lambda: parse_plan(text, "p"))
    ours(lambda: understand(bundled_plan("osaka"), parse_rows(text)))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_a_plan_with_something_wrong_in_it(seed, wounds):
    dice = random.Random(seed)
    text = write_plan(bundled_plan("osaka"))[:6000]
    for _ in range(wounds):
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice(BITS) + text[at + dice.randrange(6) :]
    ours(lambda: parse_plan(text, "p"))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from([*BITS, "1a", "actual", "target", "text"]), min_size=9, max_size=9
        ),
        max_size=5,
    )
)
def test_rows_with_anything_in_them(rows):
    text = "indicator,fiscal_year,branch,period,kind,value,state,measured_year,note\n"
    text += "\n".join(",".join(row) for row in rows)
    ours(lambda: understand(bundled_plan("osaka"), parse_rows(text)))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes(data):
    ours(lambda: decode(data, "名前", refuse=ReviewError))
