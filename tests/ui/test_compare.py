"""年度比較: each cell is that of the comparison, the newest two years first."""

from pathlib import Path

import pytest
from builders import indicator, node, plan
from viewing import YEAR, View, demo, view

from shakyo_review.domain.comparison import BADGE_LABELS
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.ui.comparing import change_text, trend


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def heads(seen: View) -> list[str]:
    return [column.label.plain.strip() for column in seen.table.ordered_columns]


def test_goals_come_with_the_change_of_points_and_letter(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f8")
        assert heads(seen) == [
            "目標・取組",
            "R6 点",
            "判定",
            "評価済",
            "R5 点",
            "判定",
            "点の差",
            "判定",
            "推移",
        ]
        assert seen.row("1-1") == [
            "項目1-1",
            "60.0%",
            "C",
            "1/2",
            "100.0%",
            "A",
            "△40.0",
            "低下",
            "^_",
        ]
        assert seen.row("2-1") == [
            "項目2-1",
            "100.0%",
            "A",
            "1/1",
            "90.0%",
            "B",
            "+10.0",
            "上昇",
            "_^",
        ]
        assert seen.row("2-2")[0] == "［再掲］項目2-2"
        assert "2-3" not in seen.table.codes  # bears no indicator
        assert seen.table.codes[0] == "ALL"
        assert "令和6年度と令和5年度の判定: 上昇 2件・同じ 0件・低下 3件" in seen.said("#about")

    view(path, work, year=YEAR)


def test_indicators_are_switched_to_by_key_and_mouse(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f8", "ctrl+t")
        assert seen.row("a") == [
            "指標a（回）",
            "60",
            "60.0%",
            "C",
            "110",
            "110.0%",
            "A",
            "△50",
            "△50.0",
            "低下",
            "^_",
            "",
        ]
        assert seen.row("b")[1:4] == ["未入力", "－", "－"]
        line = next(line for line in seen.lines() if "目標ごと" in line)
        await seen.pilot.click("#view", offset=(line.index("目標ごと") + 4, 0))
        await seen.pilot.pause()
        assert seen.table.codes[0] == "ALL"

    view(path, work, year=YEAR)


def test_what_fell_most_comes_first(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f8", "ctrl+t", "ctrl+f")
        assert seen.table.codes == ["a", "c", "b"]  # fell, rose, cannot be compared
        await seen.press("ctrl+f")
        assert seen.table.codes == ["a", "b", "c"]

    view(path, work, year=YEAR)


@pytest.mark.parametrize("name", ["zushi", "isesaki"])
def test_a_real_plan_shows_the_comparison_of_the_book(name: str) -> None:
    async def work(seen: View) -> None:
        await seen.press("f8", "ctrl+t")
        years = seen.screen.compared_years()
        book = seen.book
        comparison, decimals = book.compare(years), book.plan.rule_set.decimals
        assert [head.split()[0] for head in heads(seen) if "実績" in head] == [
            short_year(y) for y in years[::-1]
        ]
        for row in comparison.indicators:
            texts = seen.row(row.code)
            last = row.years[-1]
            assert texts[2:4] == [last.display, last.rating or "－"]
            assert texts[7] == change_text(row.change.actual, last.indicator.decimals)
            assert texts[8] == change_text(row.change.rate, decimals)
            badges = "・".join(BADGE_LABELS[badge] for badge in row.badges)
            assert texts[11].removesuffix("..") == badges[: len(texts[11].removesuffix(".."))]
        await seen.press("ctrl+t")
        for goal in comparison.goals:
            if any(node.coverage.ratable for node in goal.years):
                texts = seen.row(goal.code)
                assert texts[2] == goal.years[-1].rating or "－"
                assert texts[6] == change_text(goal.change.rate, decimals)

    view(demo(name), work, size=(120, 40))


def test_up_to_four_years_with_results_end_with_the_year_on_screen(path: Path) -> None:
    long = plan(
        node(
            "1",
            indicator(
                "a",
                targets=dict.fromkeys(range(2019, 2025), 10),
                actuals=dict.fromkeys((2019, 2020, 2021, 2023), 9),
            ),
        )
    )

    async def work(seen: View) -> None:
        await seen.press("f8")
        assert seen.screen.compared_years() == [2020, 2021, 2023, 2024]
        await seen.press("ctrl+pageup", "ctrl+pageup")
        assert seen.screen.compared_years() == [2019, 2020, 2021, 2022]

    view(path, work, made_of=long, year=2024)


def test_a_first_year_has_nothing_to_be_compared_with(path: Path) -> None:
    first = plan(node("1", indicator("a", targets={2021: 10}, actuals={2021: 9})))

    async def work(seen: View) -> None:
        await seen.press("f8")
        assert "くらべる年度がありません" in seen.said("#about")
        assert seen.row("1") == ["項目1", "90.0%", "B", "1/1", "-"]

    view(path, work, made_of=first, year=2021)


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        ([1, 2, 3], "_-^"),
        ([3, None, 1], "^ _"),
        ([5, 5], "--"),
        ([None, 4], " -"),
        ([0, 100, 50, 40], "_^--"),
        ([], ""),
    ],
)
def test_the_trend_is_a_line_of_plain_characters(numbers: list[float | None], line: str) -> None:
    assert trend(numbers) == line
