"""年度比較: each cell is that of the comparison, the newest two years first; rows narrowed and put in order."""

from pathlib import Path

import pytest
from builders import indicator, node, plan, reading
from textual.widgets import OptionList
from viewing import YEAR, View, demo, troubles, view

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.comparison import BADGE_LABELS
from shakyo_review.domain.comparison_words import difference_words
from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.making import make_book
from shakyo_review.ui import marks
from shakyo_review.ui.comparing import change_text, trend
from shakyo_review.ui.dialogs.why import WhyDialog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def heads(seen: View) -> list[str]:
    return [column.label.plain.strip() for column in seen.table.ordered_columns]


async def pick(seen: View, *texts: str) -> None:
    """Choose from the lists that come one after the other."""
    for text in texts:
        listed = seen.screen.query_one(OptionList)
        place = next(
            i for i, o in enumerate(listed.options) if str(o.prompt).strip().startswith(text)
        )
        listed.highlighted = place
        await seen.press("enter")


def test_goals_come_with_the_change_of_points_and_letter(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f8")
        assert heads(seen) == [
            *("目標・取組", "R6 点", "判定", "評価済"),
            *("点の差", "", "R5 点", "判定", "推移"),
        ]
        assert seen.row("1-1") == [
            "項目1-1",
            "60.0%",
            "C",
            "1/2",
            "△40.0",
            "下",
            "100.0%",
            "A",
            "█▁",
        ]
        assert seen.row("2-1") == [
            "項目2-1",
            "100.0%",
            "A",
            "1/1",
            "+10.0",
            "上",
            "90.0%",
            "B",
            "▁█",
        ]
        assert seen.row("2-2")[0] == "［再掲］項目2-2"
        assert "2-3" not in seen.table.codes  # bears no indicator
        assert seen.table.codes[0] == "ALL"
        assert "令和6年度と令和5年度の判定: 上昇 2件・同じ 0件・低下 3件" in seen.said("#about")
        await seen.press("down", "down")
        assert "1-1 項目1-1　担当 社協・市" in seen.said("#row")
        assert "点数は前の年度より40.0ポイント下がり、判定はAからCに下がりました。" in seen.said(
            "#row"
        )

    view(path, work, year=YEAR)


def test_a_row_tells_its_years_and_leads_to_how_they_came_about(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f8", "ctrl+t")
        assert seen.row("a") == [
            *("指標a（回）", "60", "60.0%", "C", "△50.0", "下"),
            *("110", "110.0%", "A", "█▁"),
        ]
        assert seen.row("b")[1:4] == ["未入力", "－", "－"]
        await seen.resize(120, 40)
        assert heads(seen)[4:7] == ["増減", "率の差", "判定"]
        assert seen.row("a")[4:7] == ["△50", "△50.0", "低下"]
        await seen.press("down", "down")
        told = seen.said("#row")
        assert "R6 目標 50人　実績 55人　110.0% A　　R5 目標 50人　実績 45人　90.0% B" in told
        assert "率は前の年度より20.0ポイント上がり、判定はBからAに上がりました。" in told
        await seen.press("enter")
        assert isinstance(seen.screen, WhyDialog)
        steps = {step.title: step.text for step in seen.screen.steps}
        assert steps["令和5年度"] == "目標 50人　実績 45人　90.0% B"
        assert steps["場所"] == "基本目標 2 支える　＞　施策 2-1 項目2-1"
        assert "計算式" in steps  # the derivation of this year
        await seen.press("escape")
        assert seen.table.code == "c"
        await seen.press("ctrl+u")
        assert seen.app.current_mode == "history"
        await seen.press("f8")
        assert seen.table.code == "c"
        line = next(line for line in seen.lines() if "目標ごと" in line)
        await seen.pilot.click("#view", offset=(line.index("目標ごと") + 4, 0))
        await seen.pilot.pause()
        assert seen.table.codes[0] == "ALL"

    view(path, work, year=YEAR)


def test_rows_are_put_in_order_by_key_and_mouse(path: Path) -> None:
    four = plan(
        *(
            node(
                code,
                indicator(
                    name,
                    targets={YEAR: 100, YEAR - 1: 100},
                    actuals={y: f for y, f in ((YEAR, now), (YEAR - 1, before)) if f is not None},
                ),
            )
            for code, name, now, before in (
                *(("1", "a10", 95, None), ("2", "a2", 60, 95), ("3", "b", 61, 96)),
                *(("4", "c", 120, 60), ("5", "d", 85, 85)),
            )
        )
    )

    async def work(seen: View) -> None:
        await seen.press("f8", "ctrl+t")
        assert seen.table.codes == ["a10", "a2", "b", "c", "d"]
        await seen.press(
            "ctrl+f"
        )  # what cannot be compared comes last, what is even as in the plan
        assert seen.table.codes == ["a2", "b", "d", "c", "a10"]
        assert "下がった順に並べました" in seen.foot
        await seen.press("f4")
        assert seen.table.code == "b"
        await seen.press("f4")
        assert seen.table.code == "a2"
        await seen.press("ctrl+f")
        assert seen.table.codes == ["a2", "b", "a10", "d", "c"]  # lower letters first
        await seen.press("ctrl+f")
        assert seen.table.codes == ["a2", "a10", "b", "c", "d"]
        line = next(line for line in seen.lines() if "計画の順" in line)
        x = len(line[: line.index("計画の順")].encode("euc-jp"))
        await seen.pilot.click("#view", offset=(x, 0))
        await seen.pilot.pause()
        assert seen.table.codes == ["a10", "a2", "b", "c", "d"]

    view(path, work, made_of=four, year=YEAR)


def test_wishes_are_added_to_each_other_and_one_key_takes_them_back(path: Path) -> None:
    make_book(path, small_owned(), "事務局")
    with ReviewBook.open(path, "山田") as book:
        record(book, CellKey("a", YEAR, Kind.TARGET), reading("80"), reason="第1回懇話会")

    async def work(seen: View) -> None:
        await seen.press("f8", "ctrl+t", "f3")
        await pick(seen, "下がったものだけ")
        assert seen.table.codes == ["a", "d"]
        await seen.press("f3")
        await pick(seen, "担当", "市")
        assert seen.table.codes == ["d"]
        assert "絞りこみ: 担当 市・下がった（4件のうち1件）" in seen.said("#about")
        await seen.press("f3")
        await pick(seen, "判定", "C")
        assert seen.table.codes == []
        assert "あてはまる行がありません" in seen.said("#about")
        await seen.press("enter", "f4", "escape")  # nothing is marked: nothing happens
        assert seen.table.codes == ["a", "b", "c", "d"]
        assert "絞りこみ" not in seen.said("#about")
        await seen.press("f3")
        await pick(seen, "目標が変わったもの")
        assert seen.table.codes == ["a"]
        assert "目標変更: 令和6年度の目標を、理由を付けて変えています。" in seen.said("#row")
        await seen.press("f3")
        await pick(seen, "絞りこみをすべてやめる")
        await seen.press("f3")
        await pick(seen, "目標  ".strip() + "　", "2 支える")
        assert seen.table.codes == ["c", "d"]
        await seen.press("ctrl+t")
        assert seen.table.codes == ["2", "2-1", "2-2"]
        await seen.press("escape", "escape")
        assert seen.app.current_mode == "home"

    view(path, work, year=YEAR)


def small_owned() -> object:
    """Two goals of two owners: a and d fell, c rose, b is blank."""

    def of(code: str, now: int | None, before: int) -> object:
        figures = {YEAR: now, YEAR - 1: before}
        actuals = {year: figure for year, figure in figures.items() if figure is not None}
        return indicator(code, targets=dict.fromkeys(figures, 100), actuals=actuals)

    return plan(
        node(
            "1", node("1-1", of("a", 50, 100), of("b", None, 90), owners=["社協"]), name="つながる"
        ),
        node(
            "2",
            node("2-1", of("c", 100, 50), owners=["社協"]),
            node("2-2", of("d", 40, 100), owners=["市"]),
            name="支える",
        ),
    )


@pytest.mark.parametrize("name", ["zushi", "isesaki"])
def test_a_real_plan_shows_the_comparison_of_the_book_and_fits(name: str) -> None:
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
            assert texts[4] == change_text(row.change.actual, last.indicator.decimals)
            assert texts[5] == change_text(row.change.rate, decimals)
            badges = "・".join(BADGE_LABELS[badge] for badge in row.badges)
            assert texts[11].removesuffix("..") == badges[: len(texts[11].removesuffix(".."))]
        assert difference_words(comparison.indicators[0], years) in seen.said("#row")
        await seen.press("ctrl+t")
        for goal in comparison.goals:
            if any(node.coverage.ratable for node in goal.years):
                texts = seen.row(goal.code)
                assert texts[2] == goal.years[-1].rating or "－"
                assert texts[4] == change_text(goal.change.rate, decimals)

        words = " ".join(
            one.name for one in (*book.plan.indicators.values(), *book.plan.items.values())
        )
        for wide, size in ((False, (120, 40)), (True, (80, 24))):
            marks.use_wide(wide)
            await seen.resize(*size)
            for key in ("pagedown", "f3", "escape", "enter"):
                await seen.press(key)
                assert troubles(seen.lines()[1:], size[0], words) == []
            await seen.press("escape")

    try:
        view(demo(name), work, size=(120, 40))
    finally:
        marks.use_wide(False)


def test_four_years_with_results_end_with_the_year_on_screen_or_others_are_chosen(
    path: Path,
) -> None:
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
        await seen.press("f2")
        names = [str(o.prompt) for o in seen.screen.query_one(OptionList).options]
        assert names[1:3] == [
            "［並べる］令和6年度（2024年度）",
            "［並べる］令和5年度（2023年度）　実績あり",
        ]
        await seen.press("down", "space", "down", "down", "down", "space", "ctrl+s")
        assert seen.screen.compared_years() == [
            2019,
            2020,
            2023,
        ] or seen.screen.compared_years() == [2020, 2023]
        assert heads(seen)[1:3] == ["R5 点", "判定"]
        await seen.press("ctrl+pageup", "ctrl+pageup")  # another year on screen: as at first
        assert seen.screen.compared_years() == [2019, 2020, 2021, 2022]
        await seen.press("f2", *["down"] * 3, *["space", "down"] * 4, "ctrl+s")
        assert "年度が1つも選ばれていません" in "".join(seen.lines())

    view(path, work, made_of=long, year=2024)


def test_a_first_year_has_nothing_to_be_compared_with(path: Path) -> None:
    first = plan(node("1", indicator("a", targets={2021: 10}, actuals={2021: 9})))

    async def work(seen: View) -> None:
        await seen.press("f8")
        assert "くらべる年度がありません" in seen.said("#about")
        assert seen.row("1") == ["項目1", "90.0%", "B", "1/1", "▅"]

    view(path, work, made_of=first, year=2021)


@pytest.mark.parametrize(
    ("years", "numbers", "line", "plain"),
    [
        ([2021, 2022, 2023], [10, 20, 30], "▁▅█", "_-^"),
        ([2021, 2022, 2023], [30, None, 10], "█ ▁", "^ _"),
        ([2021, 2023], [30, 10], "█ ▁", "^ _"),  # a year that is not compared is a gap as well
        ([2022, 2023], [50, 50], "▅▅", "--"),
        ([2022, 2023], [99.9, 100], "▄▅", "--"),  # a small difference stays small
        ([2022, 2023], [None, 4], " ▅", " -"),
        ([2022], [None], "", ""),
    ],
)
def test_the_trend_is_a_line_of_a_character_a_year(
    years: list[int], numbers: list[float | None], line: str, plain: str
) -> None:
    assert trend(years, numbers) == line
    marks.use_wide(True)
    try:
        assert trend(years, numbers) == plain
    finally:
        marks.use_wide(False)
