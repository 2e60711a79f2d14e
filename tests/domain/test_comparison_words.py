"""The difference in words says the numbers and the direction of the comparison, and nothing else."""

from decimal import Decimal

from builders import YEAR, actual, indicator, node, plan, score, target
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shakyo_review.domain.alignment import Identity
from shakyo_review.domain.comparison import Comparison, compare_years
from shakyo_review.domain.comparison_words import badge_words, difference_words
from shakyo_review.domain.goals import YearScore
from shakyo_review.domain.scale import Scale
from shakyo_review.domain.value import State, format_number

YEARS = (YEAR - 1, YEAR)
FIGURES = st.one_of(
    st.integers(0, 5_000), st.sampled_from([State.CANCELLED, State.NOT_SURVEYED, State.NOT_ENTERED])
)


def of(**fields: object) -> YearScore:
    """One indicator in one year: ``year``, ``t`` and ``a`` are year, target and actual."""
    year, t, a = (fields.pop(name) for name in ("year", "t", "a"))
    made = plan(node("1", indicator("a", unit="人", **fields)))
    cells = [target(t, "a", year)] if t else []  # type: ignore[arg-type]
    return score(made, *cells, actual(a, "a", year), year=year)  # type: ignore[arg-type]


def words(compared: Comparison) -> str:
    return difference_words(compared.indicators[0], compared.years)


@settings(max_examples=150, deadline=None)
@given(st.tuples(st.integers(0, 3_000), FIGURES), st.tuples(st.integers(0, 3_000), FIGURES))
@example((2_200, 2_286), (2_400, 2_305))
@example((100, 50), (100, 50))
def test_sign_and_numbers_of_the_words_are_those_of_the_change(before, now):
    compared = compare_years(
        {year: of(year=year, t=t, a=a) for year, (t, a) in zip(YEARS, (before, now), strict=True)}
    )
    row = compared.indicators[0]
    change, told = row.change, words(compared)
    assert told.endswith("。") or told == ""

    def says(amount: Decimal | None, decimals: int, unit: str, up: str, down: str) -> None:
        size = format_number(abs(amount or 0), decimals) + unit
        assert (f"{size}{up}" in told) == (amount is not None and amount > 0)
        assert (f"{size}{down}" in told) == (amount is not None and amount < 0)

    says(change.rate, 1, "ポイント", "上がり", "下がり")
    says(change.actual, 0, "人", "増え", "減り")
    assert ("前の年度と同じ" in told) == (change.rate == 0)
    assert ("に上がりました" in told, "に下がりました" in told) == (
        change.rating == 1,
        change.rating == -1,
    )
    assert (f"判定は{row.years[-1].rating}のままです" in told) == (change.rating == 0)
    old, new = before[0], now[0]
    if old and new and old != new:
        assert f"目標は{old:,}人から{new:,}人に変わりました。" in told
    else:
        assert "変わりました" not in told
    for year, (_, figure) in zip(YEARS, (before, now), strict=True):
        assert (f"令和{year - 2018}年度の実績は" in told) == isinstance(figure, State)


def test_one_row_as_a_person_reads_it():
    compared = compare_years(
        {2022: of(year=2022, t=2200, a=2286), 2023: of(year=2023, t=2400, a=2305)}
    )
    assert words(compared) == (
        "率は前の年度より7.9ポイント下がり、判定はAからBに下がりました。"
        "実績は2,286人から2,305人に、19人増えました。目標は2,200人から2,400人に変わりました。"
    )
    goal = difference_words(compared.goals[0], compared.years)
    assert goal == "点数は前の年度より4.0ポイント下がり、判定はAからBに下がりました。"
    apart = compare_years({2020: of(year=2020, t=10, a=10), 2023: of(year=2023, t=10, a=5)})
    assert words(apart).startswith("率は令和2年度より50.0ポイント下がり")
    assert difference_words(compared.goals[0], [2023]) == "くらべる年度がありません。"


def test_what_cannot_be_compared_is_said_so():
    since = compare_years(
        {2022: of(year=2022, t=9, a=9), 2023: of(year=2023, t=9, a=9, comparable_from=2023)}
    )
    assert words(since) == "定義が変わったため、令和4年度とはくらべません。"
    old = plan(node("1", indicator("a")), node("2", indicator("x")))
    new = plan(node("1", indicator("b", name="新しい名")), node("3"), scale=Scale.preset("agency"))
    identity: Identity = {
        2022: {"1": 1, "a": 2, "2": 3, "x": 4},
        2023: {"1": 1, "b": 2, "3": 5},
    }
    compared = compare_years(
        {
            2022: score(old, target(10, "a", 2022), actual(9, "a", 2022), year=2022),
            2023: score(new, target(10, "b"), actual(10, "b")),
        },
        frozenset({("b", 2023)}),
        identity,
    )
    rows = {row.code: row for row in (*compared.indicators, *compared.goals)}
    told = {code: difference_words(row, compared.years) for code, row in rows.items()}
    assert "評価基準が変わったため、判定はくらべません。" in told["b"]
    assert told["x"] == told["2"] == "令和5年度の計画にはありません。"
    assert told["3"] == "令和4年度の計画にはありません。"
    assert badge_words(rows["b"], compared.years) == [
        "目標変更: 令和5年度の目標を、理由を付けて変えています。",
        "番号変更: 番号が「a」から「b」に変わりました。",
        "改称: 名前が「指標a」から「新しい名」に変わりました。",
    ]


def test_points_are_told_in_points():
    compared = compare_years({2022: of(year=2022, t=100, a=90), 2023: of(year=2023, t=100, a=50)})
    assert "40.0点下がり" in difference_words(compared.goals[0], compared.years, point="点")
