"""What an open book keeps after its own changes equals what a book opened anew reads."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Branch, Node, Plan
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record, restore, understand
from shakyo_review.services.making import make_book

_FIELDS = {"unit": "件", "direction": "higher", "measure": "annual"}
PLAN = Plan(
    code="p",
    title="計画",
    body="社協",
    first_year=2023,
    last_year=2024,
    levels=("目標", "取組"),
    branches=(Branch(code="n", name="北"), Branch(code="s", name="南")),
    tree=(
        Node(
            code="1",
            name="目標",
            children=(
                Node(
                    code="1-1", name="取組", indicators=(Indicator(code="a", name="甲", **_FIELDS),)
                ),
                Node(
                    code="1-2",
                    name="取組",
                    indicators=(Indicator(code="b", name="乙", parts="sum", **_FIELDS),),
                ),
                Node(code="1-3", name="再掲", repeats="1-2"),
            ),
        ),
    ),
)
STEP = st.tuples(
    st.sampled_from(["a", "b"]),
    st.sampled_from([2023, 2024]),
    st.sampled_from([Kind.TARGET, Kind.ACTUAL]),
    st.sampled_from(["", "n", "s"]),
    st.sampled_from(["", "0", "7", "40", "中止", "随時"]),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=25)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_kept_scores_equal_those_of_a_book_opened_anew(tmp_path_factory, steps) -> None:
    path = Path(tmp_path_factory.mktemp("kept")) / "b.db"
    make_book(path, PLAN, "甲")
    with ReviewBook.open(path, "甲") as book:
        for code, year, kind, branch, typed, undo, look in steps:
            key = CellKey(code, year, kind, branch if code == "b" else "")
            outcome = record(book, key, understand(PLAN.indicators[code], typed))
            if look:
                book.score(year)
            if undo:
                restore(book, outcome.before, expected_version=outcome.cell.version)
        kept = [book.score(year) for year in (2023, 2024)]
        with ReviewBook.open(path, "乙") as anew:
            assert kept == [anew.score(year) for year in (2023, 2024)]
