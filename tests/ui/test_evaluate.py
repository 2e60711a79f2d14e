"""評価を付ける: what people say is stored with its reasons, and nothing they typed is lost on the way."""

from pathlib import Path
from typing import Any

import pytest
from builders import indicator, node, plan
from test_themes import faint
from textual.widgets import Input, Static, TextArea
from viewing import YEAR, View, demo, troubles, view

from shakyo_review.domain.evaluation import ItemEvaluation
from shakyo_review.domain.person import Role
from shakyo_review.domain.year_state import YearState
from shakyo_review.services import sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.council import hold_meeting
from shakyo_review.services.evaluating import evaluate, recuse, withdraw
from shakyo_review.services.making import make_book
from shakyo_review.services.people import add
from shakyo_review.services.reviewing import directions_of, evaluation, opinions_of, promises
from shakyo_review.ui import marks
from shakyo_review.ui.dialogs.form import Form
from shakyo_review.ui.themes import THEMES
from shakyo_review.ui.widgets.prose import Prose

MEMBERS = ("佐藤", "田中", "鈴木")
LONG = "長い所見。" * 150 + "[/]\n[bold]"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def judged(**fields: Any) -> Any:
    """Two goals of one action each: 1-1 is computed C, 2-1 is computed A."""
    return plan(
        node("1", node("1-1", indicator("a", targets={YEAR: 100}, actuals={YEAR: 60})), name="甲"),
        node("2", node("2-1", indicator("c", targets={YEAR: 50}, actuals={YEAR: 55})), name="乙"),
        evaluation={
            "stages": [
                {"code": "self", "name": "自己評価", "levels": [1]},
                {"code": "board", "name": "委員会評価", "members": MEMBERS, "join": "mode"},
            ]
        },
        **fields,
    )


def made(path: Path, *, evaluating: bool = True, letters: bool = False) -> None:
    """A book, in the state of evaluation; with ``letters`` all that sealing asks for is there."""
    make_book(path, judged(), "事務局")
    with ReviewBook.open(path, "事務局") as book:
        if letters:
            evaluate(book, "1-1", YEAR, "self", "C")
            evaluate(book, "2-1", YEAR, "self", "A")
        if evaluating:
            sealing.start_evaluation(book, YEAR)


def stored(path: Path, code: str = "1-1") -> ItemEvaluation:
    with ReviewBook.open(path, "別の人") as book:
        return evaluation(book, code, YEAR)


def fill(seen: View, **values: str) -> None:
    """Put values into the fields of the form in front, choosing in lists."""
    form = seen.screen
    assert isinstance(form, Form)
    for name, value in values.items():
        widget = form.query_one(f"#field-{name}")
        if isinstance(widget, Input):
            widget.value = value
        elif isinstance(widget, TextArea):
            widget.text = value
        else:
            options = form.picked(name)
            ids = [option.id for option in options.options]
            options.highlighted = ids.index(value)


def problem(seen: View) -> str:
    content = seen.screen.query_one("#problem", Static).content
    return "".join(p.text for p in content.paragraphs) if isinstance(content, Prose) else ""


async def stand(seen: View, code: str = "1-1") -> None:
    await seen.press("f7", "ctrl+e")
    if code not in seen.table.codes:
        await seen.press("ctrl+e")
    seen.table.mark(code)
    await seen.pilot.pause()


def test_a_letter_is_given_beside_the_computed_one(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("f2")
        form = seen.screen
        assert form.value("stage") == "self"  # the first one without a letter
        assert form.value("rating") == "C"  # where the computed letter stands
        await seen.press("enter", "enter", *"yoi", "ctrl+s")
        assert "評価を保存しました" in seen.foot
        head = [str(column.label).strip() for column in seen.table.columns.values()]
        row = dict(zip(head, seen.row("1-1"), strict=True))
        assert (row["判定"], row["評価"]) == ("C", "C")
        assert "計算 C → 自己評価 C → 委員会評価 －" in seen.said("#steps")
        assert "所見: yoi" in seen.said("#steps")
        given = stored(path).stages[0].letter
        assert given is not None
        assert (given.rating, given.comment, given.by) == ("C", "yoi", "山田")
        await seen.press("f2")
        assert seen.screen.value("stage") == "board"

    view(path, work, year=YEAR)


@pytest.mark.parametrize(("typed", "label"), [("Ｄ", "D"), ("b", "B"), ("C", "C"), ("x", "C")])
def test_a_letter_is_chosen_by_typing_it(path: Path, typed: str, label: str) -> None:
    """Full-width or small, from the list of stages on; what is no letter leaves the one in force."""
    made(path, evaluating=False)

    async def act(seen: View) -> None:
        await stand(seen)
        await seen.press("f2")
        await seen.press(typed)
        fill(seen, reason="協議")
        await seen.press("ctrl+s")

    view(path, act)
    assert stored(path).official_label == label


def test_a_departure_asks_for_the_reason_and_keeps_what_was_typed(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("f2")
        fill(seen, rating="A", comment="がんばった")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, Form)
        assert "計算による判定「C」から離れます。理由を書いてください。" in problem(seen)
        assert seen.screen.focused.id == "field-reason"
        assert seen.screen.value("comment") == "がんばった"
        await seen.press(*"wake", "enter")
        assert any("A 違" in cell for cell in seen.row("1-1"))
        given = stored(path).stages[0].letter
        assert given is not None
        assert (given.rating, given.reason) == ("A", "wake")
        assert "理由: wake" in seen.said("#steps")

    view(path, work, year=YEAR)


def test_a_letter_is_sent_back_with_a_reason_and_given_anew(path: Path) -> None:
    made(path, letters=True)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("f3")
        await seen.press("ctrl+s")
        assert "差し戻しの理由が空です" in problem(seen)
        fill(seen, reason="根拠を確かめてください")
        await seen.press("ctrl+s")
        assert any("－ 戻" in cell for cell in seen.row("1-1"))
        assert "差し戻し: Cを委員会評価から" in seen.said("#steps")
        await seen.press("f2")
        assert seen.screen.value("stage") == "self"
        assert "差し戻しの理由: 根拠を確かめてください" in seen.said("#about")
        await seen.press("ctrl+s")
        letter = stored(path).stages[0].letter
        assert letter is not None
        assert not letter.waiting
        assert "根拠を確かめてください" in seen.said("#steps")  # still told

    view(path, work, year=YEAR)


def test_two_people_never_overwrite_each_other(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("f2")
        with ReviewBook.open(path, "鈴木") as other:
            evaluate(other, "1-1", YEAR, "self", "C", comment="先に")
        fill(seen, comment="あとから")
        await seen.press("ctrl+s")
        assert "ほかの人が先に変えています（鈴木、" in problem(seen)
        assert ": C（先に）" in problem(seen)  # whose, when and what
        letter = stored(path).stages[0].letter
        assert letter is not None
        assert (letter.by, letter.comment) == ("鈴木", "先に")
        assert seen.screen.value("comment") == "あとから"
        await seen.press("ctrl+s")  # told and asked for once more
        letter = stored(path).stages[0].letter
        assert letter is not None
        assert (letter.by, letter.comment) == ("山田", "あとから")

    view(path, work, year=YEAR)


def test_members_are_counted_and_their_ratings_can_be_taken(path: Path) -> None:
    made(path, letters=True)
    with ReviewBook.open(path, "事務局") as book:
        recuse(book, "1-1", YEAR, "board", "鈴木", "当事者")

    async def work(seen: View) -> None:
        await stand(seen)
        for member, label in (("佐藤", "B"), ("田中", "B"), ("鈴木", "A")):
            await seen.press("ctrl+y", "enter")
            fill(seen, member=member)
            await seen.pilot.pause()
            fill(seen, rating=label)
            await seen.press("ctrl+s")
        assert "除斥されています" in problem(seen)
        await seen.press("escape")
        assert "委員: B 2人　まとめ B" in seen.said("#steps")
        assert "除斥: 鈴木（当事者）" in seen.said("#steps")
        await seen.press("f2")
        assert any("委員の評価のまとめ B（最頻値）" in line for line in seen.lines())
        assert seen.screen.value("rating") == "="
        fill(seen, reason="委員の多数")
        await seen.press("ctrl+s")
        assert stored(path).official_label == "B"

    view(path, work, year=YEAR)


def test_a_tie_and_an_absent_member_are_told(path: Path) -> None:
    made(path, letters=True)
    with ReviewBook.open(path, "事務局") as book:
        hold_meeting(book, YEAR, "board", day="2025-06-25", present=["佐藤", "田中"])
        for member, label in (("佐藤", "B"), ("田中", "C"), ("鈴木", "C")):
            evaluate(book, "1-1", YEAR, "board", label, member=member)

    async def work(seen: View) -> None:
        await stand(seen)
        told = seen.said("#steps")
        assert "B 1人・C 1人。最も多い評価が並んでいます" in told
        assert "鈴木は欠席のため数えません" in told
        await seen.press("f2")
        assert seen.screen.value("rating") == "C"  # no proposal: the earlier letter

    view(path, work, year=YEAR)


def test_an_opinion_is_noted_and_answered_even_when_the_year_is_sealed(path: Path) -> None:
    made(path, letters=True)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+o", "enter")
        fill(seen, text="もっと[/]周知を", member="佐藤")
        await seen.press("ctrl+s")
        assert "もっと[/]周知を（佐藤" in seen.said("#steps")
        assert "回答はまだです" in seen.said("#steps")
        sealing.seal(seen.book, YEAR)
        await seen.press("ctrl+o", "down", "down", "enter")
        fill(seen, reason="ちらしを配ります")
        await seen.press("ctrl+s")
        assert "回答: ちらしを配ります" in seen.said("#steps")
        [one] = opinions_of(seen.book, YEAR)
        assert (one.code, one.opinion.answer) == ("1-1", "ちらしを配ります")

    view(path, work, year=YEAR)


def test_the_direction_and_a_promise_are_set_on_the_marked_item(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+d")
        fill(seen, word="改善", note="担い手が足りない")
        await seen.press("ctrl+s", "ctrl+t")
        fill(seen, text="講座を開く", owner="地域係", due="R8")
        await seen.press("ctrl+s")
        told = seen.said("#steps")
        assert "方向性 改善　担い手が足りない" in told
        assert f"改善項目 {YEAR}-1　講座を開く（地域係、R8まで）" in told
        assert directions_of(seen.book, YEAR)["1-1"].word == "改善"
        assert promises(seen.book)[0].improvement.due == 2026
        await seen.press("ctrl+t")
        fill(seen, text="x", due="いつか")
        await seen.press("ctrl+s")
        assert problem(seen)

    view(path, work, year=YEAR)


def test_only_what_differs_and_the_next_unrated(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen, "1")
        await seen.press("ctrl+f")
        assert "まだ評価が付いていません" in seen.foot
        evaluate(seen.book, "1-1", YEAR, "self", "C", comment="目標どおり")
        evaluate(seen.book, "2-1", YEAR, "self", "B", reason="控えめに")
        for member, label in (("佐藤", "B"), ("田中", "C")):
            evaluate(seen.book, "1", YEAR, "board", label, member=member)
        seen.screen.reload()
        assert seen.row("1")[4] == "－ 割"
        await seen.press("ctrl+f")
        assert seen.table.codes == ["1", "2-1", "1-1"]  # what differs first
        assert seen.row("2-1") == ["項目2-1", "A", "B", "－", "段階で違う"]
        assert seen.row("1") == ["甲", "C", "－", "未定", "委員B1・C1"]
        assert "違うものは2件です" in seen.foot
        seen.table.mark("2-1")
        await seen.pilot.pause()
        assert seen.said("#steps").startswith("計算 A → 自己評価 B → 委員会評価 －\n自己評価 B")
        await seen.resize(120, 40)
        assert "山田: 控えめに" in seen.row("2-1")[4]
        await seen.resize(80, 24)
        await seen.press("escape")
        assert (seen.table.code, "1" in seen.table.codes) == ("2-1", True)
        with ReviewBook.open(path, "別の人") as book:
            withdraw(book, "1-1", YEAR, "self", "付け直す")
        seen.screen.look_again()
        await seen.press("f4")
        assert seen.table.code == "1-1"  # due for 自己評価, and the only one without
        assert len(seen.table.codes) > 2
        evaluate(seen.book, "1-1", YEAR, "self", "C")
        seen.screen.reload()
        await seen.press("f4")
        assert "評価が付いていない行はありません" in seen.foot

    view(path, work, year=YEAR)


def test_sealing_is_refused_with_what_blocks_and_then_done(path: Path) -> None:
    made(path, evaluating=False)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+g", "enter")
        assert seen.book.state(YEAR) is YearState.EVALUATION
        await seen.press("ctrl+g")
        assert "確定までに済ませること　2件" in seen.said("#gap-list")
        assert "・項目1-1: 自己評価がまだです" in seen.said("#gap-list")
        assert seen.screen.focused.id == "stop"
        await seen.press("left", "left", "enter")  # 確定する all the same
        assert "まだ確定できません" in seen.foot
        assert "year" not in seen.foot
        for code, label in (("1-1", "C"), ("2-1", "A")):
            evaluate(seen.book, code, YEAR, "self", label)
        await seen.press("ctrl+g")
        assert "確定を止めるものはありません" in seen.said("#gap-list")
        await seen.press("enter")
        assert seen.book.state(YEAR) is YearState.SEALED
        assert "確定しました" in seen.foot
        await seen.press("down", "f2")
        assert "確定しているため、評価を変えられません" in seen.foot
        assert "Ctrl+G" in seen.foot
        assert "（確定）" in seen.lines()[0]
        await seen.press("ctrl+d")
        assert "確定しているため" in seen.foot
        await seen.press("ctrl+g", "right", "enter")  # 確定を解く
        await seen.press("enter")
        assert "理由が空です" in problem(seen)
        fill(seen, reason="誤記が見つかった")
        await seen.press("enter")
        assert seen.book.state(YEAR) is YearState.EVALUATION

    view(path, work, year=YEAR)


def test_a_later_stage_waits_until_the_entry_is_closed(path: Path) -> None:
    made(path, evaluating=False)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("f2")
        fill(seen, stage="board")
        await seen.pilot.pause()
        await seen.press("ctrl+s")
        assert "委員会評価に進めません。Ctrl+G（年度を進める）" in problem(seen)

    view(path, work, year=YEAR)


def test_what_was_typed_is_not_thrown_away_by_one_escape(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("f2", "escape")
        assert not isinstance(seen.screen, Form)
        await seen.press("f2")
        fill(seen, comment="書きかけ")
        await seen.press("escape")
        assert "まだ保存していません" in problem(seen)
        await seen.press("tab", "escape")  # who goes on is asked again
        assert isinstance(seen.screen, Form)
        await seen.press("escape")
        assert not isinstance(seen.screen, Form)

    view(path, work, year=YEAR)


def test_a_form_says_beside_the_field_what_is_wrong_and_stands_in_it(path: Path) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("f2", "あ")
        assert "ここは選ぶ欄です" in problem(seen)
        row = seen.screen.query_one("#field-stage").region
        assert seen.screen.query_one("#problem").region.y == row.bottom
        fill(seen, comment="長" * 10_000)
        await seen.press("ctrl+s")
        assert "所見が長すぎます（10000文字）" in problem(seen)
        assert seen.screen.focused.id == "field-comment"
        assert seen.screen.query_one("#problem").region.y == seen.screen.focused.region.bottom
        fill(seen, comment="消せない\x07字")
        await seen.press("ctrl+s")
        assert "所見に使えない文字があります" in problem(seen)
        fill(seen, comment="よい")
        await seen.press("ctrl+s", "ctrl+t")
        fill(seen, text="x", due="いつか")
        await seen.press("ctrl+s")
        assert seen.screen.focused.id == "field-due"
        assert troubles(seen.lines(), 80) == []
        fill(seen, due="R5")
        await seen.press("ctrl+s")
        assert "評価する年度" in problem(seen)
        assert seen.screen.focused.id == "field-due"

    view(path, work, year=YEAR)


def test_what_a_person_may_not_do_is_said_before_a_form_is_filled_in(path: Path) -> None:
    made(path, letters=True)
    with ReviewBook.open(path, "事務局") as book:
        add(book, "事務局", Role.SECRETARIAT)
        add(book, "山田", Role.COUNCIL)
        add(book, "佐藤", Role.COUNCIL)

    async def member(seen: View) -> None:
        await stand(seen)
        await seen.press("ctrl+y", "up", "enter")  # 自己評価 is not for the council
        assert "（いまは佐藤さん（懇話会）です）" in seen.foot
        await seen.press("ctrl+y", "enter")
        assert [o.id for o in seen.screen.picked("member").options] == ["佐藤"]
        assert seen.screen.focused.id == "field-rating"  # there is nobody else to choose
        await seen.press("b", "ctrl+s")
        assert stored(path).stages[1].members["佐藤"].rating == "B"

    async def work(seen: View) -> None:
        await stand(seen)
        for key in ("f2", "f3", "ctrl+b", "ctrl+x", "ctrl+d", "ctrl+t", "delete"):
            await seen.press(key)
            assert not seen.screen.is_modal
            assert "（いまは山田さん（懇話会）です）" in seen.foot
        await seen.press("ctrl+o", *"yoi", "tab", "down", "ctrl+s")
        assert "意見を保存しました" in seen.foot
        said = [(o.code, o.opinion.text, o.opinion.member) for o in opinions_of(seen.book, YEAR)]
        assert said == [("ALL", "yoi", "山田")]
        await seen.press("ctrl+k", "f2")
        assert not seen.screen.is_modal
        assert "（いまは山田さん（懇話会）です）" in seen.foot

    view(path, work, year=YEAR)
    view(path, member, year=YEAR, who="佐藤")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_long_texts_and_what_looks_like_markup_break_nothing(
    path: Path, size: tuple[int, int]
) -> None:
    made(path)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("f2")
        fill(seen, comment=LONG, rating="D", reason="[/]" * 20)
        assert troubles(seen.lines(), size[0]) == []
        assert "決める" in "".join(seen.lines())
        await seen.press("ctrl+s")
        assert "[bold]" in seen.said("#steps")
        assert troubles(seen.lines(), size[0], "bold") == []
        for key in ("f3", "ctrl+o", "ctrl+d", "ctrl+t", "ctrl+y", "ctrl+g"):
            await seen.press(key)
            assert troubles(seen.lines(), size[0], "bold") == []
            if seen.screen.is_modal:
                await seen.press("escape")
            assert not seen.screen.is_modal
        await seen.press("f2")
        assert troubles(seen.lines(), size[0], "bold") == []

    view(path, work, year=YEAR, size=size)


def test_a_long_reason_for_sending_back_leaves_the_buttons_in_reach(path: Path) -> None:
    made(path, letters=True)

    async def work(seen: View) -> None:
        await stand(seen)
        await seen.press("f3")
        fill(seen, reason="確かめてください。" * 100)
        await seen.press("ctrl+s", "f2")
        fill(seen, rating="A")
        await seen.press("ctrl+s")
        assert seen.screen.focused.id == "field-reason"
        assert "離れます" in "".join(seen.lines())
        await seen.press("tab")
        assert "決める" in "".join(seen.lines())

    view(path, work, year=YEAR)


@pytest.mark.parametrize("theme", [name for name, _, _ in THEMES])
def test_what_is_asked_stands_out_in_every_colour_and_width(theme: str) -> None:
    marks.use_wide(True)

    async def work(seen: View) -> None:
        seen.app.theme = theme
        await seen.press("f7", "down")
        names = " ".join(item.name for item in seen.book.plan.items.values())
        for key in ("f2", "ctrl+o", "ctrl+g"):  # a form, a list, and the year
            await seen.press(key)
            assert seen.screen.is_modal
            if key != "ctrl+o":  # behind a small list the screen is dimmed
                assert faint(seen) == []
            assert troubles(seen.lines(), 80, names) == []
            await seen.press("escape")
        await seen.press("ctrl+k")
        assert faint(seen) == []
        assert troubles(seen.lines(), 80, names) == []

    try:
        view(demo("zushi"), work)
    finally:
        marks.use_wide(False)
