"""評価: every line of the tree is the book's score, and every line says why."""

from fractions import Fraction
from pathlib import Path

import pytest
from builders import indicator, node, plan
from textual.widgets import Static
from viewing import YEAR, View, demo, small, view

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.derivation import indicator_steps, node_steps
from shakyo_review.domain.value import format_percent, half_up, parse_value
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.making import make_book
from shakyo_review.ui.widgets.prose import Para, Prose

ROOMY = (120, 40)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def steps_shown(seen: View) -> list[tuple[str, str]]:
    content = seen.screen.query_one("#steps", Static).content
    assert isinstance(content, Prose)
    return [(p.head, p.text) for p in content.paragraphs if isinstance(p, Para)]


@pytest.mark.parametrize("name", ["osaka", "okegawa", "zushi", "isesaki", "asahi"])
def test_every_line_equals_the_score_of_the_book(name: str) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7")
        await seen.press(
            *["ctrl+e"] * (1 if len(seen.table.codes) < len(seen.book.plan.items) else 0)
        )
        score, last = seen.book.score(seen.app.year), seen.book.score(seen.app.year - 1)
        plan, decimals = score.plan, score.plan.rule_set.decimals
        both = seen.book.compare((seen.app.year - 1, seen.app.year))
        changes = {row.code: row.change.rating for row in (*both.indicators, *both.goals)}

        def before(code: str, label: str | None) -> str:
            """Last year's letter, and whether this year's is better or worse."""
            return (label or "－") + {1: " 上", -1: " 下"}.get(changes[code] or 0, "")

        assert sorted(seen.table.codes) == sorted([*plan.items, *plan.indicators])
        for code in seen.table.codes:
            row = seen.row(code)
            if code in score.indicators:
                s = score.indicators[code]
                assert (row[2].rstrip("*"), row[3]) == (s.display, s.rating or "－")
                assert row[5] == before(code, last.indicators[code].rating)
            elif (node := score.nodes[code]).coverage.ratable:
                number = None if node.score is None else half_up(node.score, decimals)
                assert row[2].rstrip("*") == format_percent(number, decimals)
                assert row[3:5] == [
                    node.rating or "－",
                    f"{node.coverage.rated}/{node.coverage.ratable}",
                ]
                assert row[5] == before(code, last.nodes[code].rating)
                assert ("［再掲］" in row[0]) == (node.repeats is not None)
        overall = score.overall
        assert f"判定 {overall.rating or '－'}" in seen.said("#overall")
        assert f"指標{overall.coverage.ratable}件中{overall.coverage.rated}件" in seen.said(
            "#overall"
        )

    view(demo(name), work, size=ROOMY)


def test_the_reasons_are_the_derivation_of_the_marked_line(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7", "ctrl+e")
        score = seen.book.score(YEAR)
        for code in seen.table.codes:
            seen.table.mark(code)
            await seen.pilot.pause()
            steps = (
                indicator_steps(score.indicators[code])
                if code in score.indicators
                else node_steps(score.plan, score.nodes[code])
            )
            told = [(step.title, step.text) for step in steps]
            assert steps_shown(seen)[: len(told)] == told
            assert steps_shown(seen)[len(told) :] == [("人による評価", "まだです。F2 で付けます")]

    view(path, work, year=YEAR)


def test_lines_fold_by_key_and_by_a_second_click(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7")
        assert seen.table.codes == ["1", "1-1", "2", "2-1", "2-2", "2-3"]
        await seen.press("down", "enter")
        assert seen.table.codes[:4] == ["1", "1-1", "a", "b"]
        await seen.press("down", "left")  # from an indicator up to its action
        assert seen.table.code == "1-1"
        await seen.press("left")
        assert seen.table.codes[:3] == ["1", "1-1", "2"]
        await seen.press("right")
        assert seen.table.codes[:3] == ["1", "1-1", "a"]
        before = seen.table.codes
        await seen.pilot.click(seen.table, offset=(6, 1))
        await seen.pilot.pause()
        assert (seen.table.code, seen.table.codes) == ("1", before)  # the first click only marks
        await seen.pilot.click(seen.table, offset=(6, 1))
        await seen.pilot.pause()
        assert seen.table.codes[:2] == ["1", "2"]

    view(path, work, year=YEAR)


def test_what_bears_no_indicator_says_so_and_a_repeat_is_marked(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7")
        assert seen.row("2-3") == ["項目2-3", "", "", "", "指標なし", ""]
        repeat, source = seen.row("2-2"), seen.row("1-1")
        assert repeat[0] == "［再掲］項目2-2"
        assert repeat[1:] == source[1:]
        assert source[2:] == ["60.0%", "C", "1/2", "A 下"]  # it was A, and has fallen
        assert "上・下 R5比" in seen.said("#overall")

    view(path, work, year=YEAR)


def test_the_year_before_is_left_out_where_it_has_no_letters(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7")
        assert len(seen.table.columns) == 6
        await seen.press("ctrl+pageup")
        assert "令和5年度に切り替えました" in seen.foot
        assert len(seen.table.columns) == 5

    view(path, work, year=YEAR)


def test_the_reasons_stand_beside_or_below_and_the_place_is_kept(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7", "ctrl+e", "down", "down")
        for size, beside in (((120, 40), True), ((80, 24), False), ((120, 40), True)):
            await seen.resize(*size)
            table, why = seen.table.region, seen.screen.query_one("#why").region
            assert (why.x >= table.right) is beside
            assert (why.y >= table.bottom) is not beside
            assert not table.overlaps(why)
            assert seen.table.code == "a"
            assert sum(c.width for c in seen.table.columns.values()) <= table.width - 2

    view(path, work, year=YEAR)


def test_the_reasons_are_reached_and_scrolled_by_keys() -> None:
    async def work(seen: View) -> None:
        await seen.press("f7", "ctrl+w")
        why = seen.screen.query_one("#why")
        assert why.has_focus
        assert why.size.height > seen.table.size.height  # more room while it is read
        await seen.press(*["down"] * 12)
        assert why.scroll_offset.y > 0
        await seen.press("ctrl+w")
        assert seen.table.has_focus

    view(demo("okegawa"), work)


def test_each_number_leads_on_to_its_parts_and_its_history_and_back(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7", "ctrl+w", "down", "enter")  # of goal 1 to its only action
        why = seen.screen.query_one("#why")
        assert (seen.table.code, why.has_focus) == ("1-1", True)
        await seen.press("down", "enter")  # of the action to its indicator a
        assert seen.table.code == "a"
        await seen.press("down", "down", "enter")  # the target, the actual, its history
        assert seen.app.current_mode == "history"
        assert seen.screen.query_one("Filter").value == "a R6 実績"
        places = {row.plain.strip() for row in seen.table.get_column_at(2)}
        assert places == {"a R6 実績"}
        await seen.press("escape")
        assert (seen.app.current_mode, seen.table.code) == ("scores", "a")
        assert why.has_focus
        assert why.place is not None
        await seen.press("escape")
        assert seen.table.code == "1-1"
        await seen.press("escape")
        assert (seen.table.code, why.has_focus) == ("1", True)
        await seen.press("escape")
        assert seen.table.has_focus
        await seen.press("escape")
        assert seen.app.current_mode == "home"

    view(path, work, year=YEAR)


def test_the_tree_stays_unfolded_when_the_screen_is_left(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7", "ctrl+e")
        unfolded = seen.table.codes
        await seen.press("f5", "f7")
        assert seen.table.codes == unfolded

    view(path, work, year=YEAR, made_of=small())


def test_points_are_shown_as_points_of_the_most_there_are(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("f7")
        score = seen.book.score(YEAR)
        for code in ("1", "1-1", "2", "2-1"):
            [told] = [
                s.text for s in node_steps(score.plan, score.nodes[code]) if s.title == "点数"
            ]
            assert seen.row(code)[2] == told.rpartition("＝")[2]
            assert seen.row(code)[2].endswith("点")
        most = max(level.points for level in score.plan.scale.levels)
        points = score.nodes["1-1"].score
        assert seen.row("1-1")[1].count("=") == round(10 * points / Fraction(most))

    view(path, work, year=YEAR, made_of=small(rule_set={"goal": "mean_of_points"}))


def test_money_and_the_landing_stand_beside_the_letters(path: Path) -> None:
    made_of = plan(
        node(
            "1",
            node(
                "1-1",
                indicator("a", unit="回", kind="output", targets={YEAR: 100}, actuals={YEAR: 50}),
                funding=[{"name": "補助金", "budget": {YEAR: 1200}, "settlement": {YEAR: 1180}}],
            ),
            node("1-2", indicator("b", unit="人", targets={YEAR: 240})),
        )
    )
    make_book(path, made_of, "事務局")
    with ReviewBook.open(path, "事務局") as book:
        for month, typed in (("04", "10"), ("05", "20"), ("06", "30")):
            record(book, CellKey("b", YEAR, Kind.ACTUAL, "", month), parse_value(typed))

    async def work(seen: View) -> None:
        await seen.press("f7")
        if len(seen.table.codes) < 5:
            await seen.press("ctrl+e")
        seen.table.mark("1-1")
        await seen.pilot.pause()
        said = seen.said("#steps")
        assert "予算・決算 予算 1,200千円　決算 1,180千円　執行率 98.3%" in said
        assert "1回あたり 23,600円（指標a）" in said
        assert "着地見込み" not in said
        seen.table.mark("b")
        await seen.pilot.pause()
        said = seen.said("#steps")
        assert "着地見込み 3か月分から 240（推計）　単位 人" in said
        assert "率 100.0%（推計）　判定 A（推計）" in said
        assert "予算・決算" not in said
        seen.table.mark("1-2")  # neither money nor months
        await seen.pilot.pause()
        assert "予算・決算" not in seen.said("#steps")

    view(path, work, year=YEAR, size=ROOMY)
