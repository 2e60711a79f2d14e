"""改善: a promise of one year is answered in the next, and nobody overwrites an answer unseen."""

from pathlib import Path

import pytest
from test_evaluate import fill, problem
from viewing import YEAR, View, small, troubles, view

from shakyo_review.domain.improvement import Result
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.improving import add_improvement, answer_improvement, set_direction
from shakyo_review.services.making import make_book
from shakyo_review.services.reviewing import directions_of, promises, promises_asked
from shakyo_review.ui import keys
from shakyo_review.ui.dialogs.form import Form

NUMBER = f"{YEAR - 1}-1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def promised(path: Path) -> None:
    """A book whose last year made two promises."""
    make_book(path, small(), "事務局")
    with ReviewBook.open(path, "事務局") as book:
        add_improvement(book, "1-1", YEAR - 1, "ちらしを作る[/]" + "長い文" * 60, owner="広報係")
        add_improvement(book, "2-1", YEAR - 1, "見守りを広げる", due=YEAR + 1)


def test_a_promise_is_answered_in_the_next_year(path: Path) -> None:
    promised(path)

    async def work(seen: View) -> None:
        await seen.press("ctrl+k")
        assert "答える改善項目 2件　できた 0・一部できた 0・できなかった 0・未回答 2" in seen.said(
            "#counts"
        )
        assert seen.row(NUMBER)[-1] == "未回答 期限"  # due by the end of this year
        assert seen.row(f"{YEAR - 1}-2")[-1] == "未回答"
        assert "ちらしを作る[/]" in seen.said("#full")
        await seen.press("enter")
        await seen.press("ctrl+s")
        assert "結果の説明が空です" in problem(seen)
        fill(seen, result="partly", text="半分まで作った", end="closed")
        await seen.press("ctrl+s")
        assert seen.row(NUMBER)[-1] == "一部できた"
        assert "一部できた 1" in seen.said("#counts")
        assert "半分まで作った　（これで終わり）" in seen.said("#full")
        answer = promises(seen.book)[0].answer_in(YEAR)
        assert answer is not None
        assert (answer.result, answer.closed, answer.by) == (Result.PARTLY, True, "山田")
        assert [p.number for p in promises_asked(seen.book, YEAR + 1)] == [f"{YEAR - 1}-2"]
        await seen.press("f4")
        assert seen.table.code == f"{YEAR - 1}-2"

    view(path, work, year=YEAR)


def test_this_year_s_promises_and_directions_are_added_from_a_list_of_items(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+k")
        assert "答える改善項目はありません" in seen.said("#counts")
        assert any(
            "まだありません。F2 で次の年度に向けた改善項目を" in line for line in seen.lines()
        )
        await seen.press("enter")
        await seen.press("f2")
        await seen.press(*"2-1", "enter")
        fill(seen, text="見守りを広げる")
        await seen.press("ctrl+s")
        await seen.press("ctrl+d", *"1-1", "enter")
        fill(seen, word="拡充", note="申込みが多い")
        await seen.press("ctrl+s")
        made = seen.screen.query_one("#made")
        assert made.codes == [f"{YEAR}-1", "direction:1-1"]
        assert directions_of(seen.book, YEAR)["1-1"].note == "申込みが多い"
        assert promises(seen.book)[0].code == "2-1"
        made.focus()
        made.mark("direction:1-1")
        await seen.pilot.pause()
        assert "申込みが多い" in seen.said("#full")
        await seen.press("enter")
        assert seen.screen.value("note") == "申込みが多い"
        fill(seen, word="継続")
        await seen.press("ctrl+s")
        assert directions_of(seen.book, YEAR)["1-1"].word == "継続"
        made.mark(f"{YEAR}-1")
        await seen.pilot.pause()
        await seen.press("enter")
        assert "次の年度に答えます" in seen.foot

    view(path, work, year=YEAR)


def test_an_answer_given_meanwhile_is_not_overwritten(path: Path) -> None:
    promised(path)

    async def work(seen: View) -> None:
        await seen.press("ctrl+k", "enter")
        with ReviewBook.open(path, "鈴木") as other:
            answer_improvement(other, NUMBER, YEAR, Result.KEPT, "配り終えた")
        fill(seen, result="not", text="できなかった")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, Form)
        assert f"改善項目{NUMBER}の結果は、ほかの人が先に変えています（鈴木、" in problem(seen)
        assert "できた（配り終えた）" in problem(seen)
        assert seen.screen.value("text") == "できなかった"
        await seen.press("escape", "escape")
        seen.screen.look_again()
        seen.screen.reload()
        assert seen.row(NUMBER)[-1] == "できた"

    view(path, work, year=YEAR)


def test_a_direction_set_meanwhile_is_not_overwritten(path: Path) -> None:
    make_book(path, small(), "事務局")

    async def work(seen: View) -> None:
        await seen.press("f7", "down", "ctrl+d")
        with ReviewBook.open(path, "鈴木") as other:
            set_direction(other, "1-1", YEAR, "縮小")
        await seen.press("ctrl+s")
        assert "ほかの人が先に変えています" in problem(seen)
        assert directions_of(seen.book, YEAR)["1-1"].word == "縮小"

    view(path, work, year=YEAR)


def test_a_row_is_answered_by_a_second_click(path: Path) -> None:
    promised(path)

    async def work(seen: View) -> None:
        await seen.press("ctrl+k")
        await seen.pilot.click("#asked", offset=(4, 2))
        await seen.pilot.pause()
        assert (seen.table.code, isinstance(seen.screen, Form)) == (f"{YEAR - 1}-2", False)
        await seen.pilot.click("#asked", offset=(4, 2))
        await seen.pilot.pause()
        assert isinstance(seen.screen, Form)

    view(path, work, year=YEAR)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_all_of_it_fits(path: Path, size: tuple[int, int]) -> None:
    promised(path)

    async def work(seen: View) -> None:
        await seen.press("ctrl+k")
        assert troubles(seen.lines(), size[0]) == []
        for table in seen.screen.query("FixedTable"):
            if table.display:
                assert sum(c.width for c in table.columns.values()) <= size[0] - 2
        await seen.press("enter")
        assert troubles(seen.lines(), size[0]) == []
        assert "決める" in "".join(seen.lines())
        await seen.press("escape", "f2")
        assert troubles(seen.lines(), size[0]) == []

    view(path, work, year=YEAR, size=size)


def test_the_help_lists_the_keys_of_the_screen(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+k", "f1")
        told = seen.said("#text")
        assert all(key.help in told for key in keys.keys_of(keys.IMPROVE))

    view(path, work, year=YEAR)
