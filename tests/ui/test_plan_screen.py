"""計画: the plan as it stands, its changes one at a time, and what they do to the letters."""

from decimal import Decimal
from pathlib import Path

import pytest
from builders import indicator, node, plan
from rich.cells import cell_len
from textual.events import Paste
from textual.widgets import Input, OptionList, Static
from viewing import YEAR, View, demo, troubles, view

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.person import Role
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.revision import ChangeKind
from shakyo_review.services import people
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.making import make_book
from shakyo_review.services.revising import revisions
from shakyo_review.services.sealing import seal, start_evaluation
from shakyo_review.services.sheets import empty_plan
from shakyo_review.ui import keys, marks
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.dialogs.form import Form
from shakyo_review.ui.dialogs.revise import PreviewDialog, WhenAndWhy
from shakyo_review.ui.plan_adding import AddDialog
from shakyo_review.ui.plan_path import PathForm
from shakyo_review.ui.screens.plan import PlanScreen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.db"


TARGETS = "目標を変える（年度ごと・基準値・最終目標）"


def drawn(seen: View) -> str:
    """Return the chart in front."""
    return str(seen.screen.query_one("#path", Static).content)


async def fill(seen: View, **values: str) -> None:
    """Put values into the fields of the form in front."""
    for name, value in values.items():
        seen.screen.query_one(f"#field-{name}", Input).value = value
    await seen.pilot.pause()


async def pick(seen: View, name: str, value: str) -> None:
    listed = seen.screen.query_one(f"#field-{name}", OptionList)
    listed.highlighted = listed.get_option_index(value)
    await seen.pilot.pause()


async def ask(seen: View, code: str, label: str) -> None:
    """Mark a line and choose what is to be changed in it."""
    seen.screen.show_line(code)
    await seen.pilot.pause()
    await seen.press("f2")
    assert isinstance(seen.screen, ChooseDialog)
    place = [text for text, _ in seen.screen.choices].index(label)
    seen.screen.query_one(OptionList).highlighted = place
    await seen.press("enter")


async def decide(seen: View, year: int | None = YEAR, reason: str = "見直し") -> list[str]:
    """Say when and why, read what would change, and decide it; returns the sentences read."""
    assert isinstance(seen.screen, WhenAndWhy)
    await pick(seen, "year", "0" if year is None else str(year))
    await fill(seen, reason=reason, meeting="第2回懇話会")
    await seen.press("ctrl+s")
    assert isinstance(seen.screen, PreviewDialog), seen.lines()
    read = seen.said("#will-text").splitlines()
    await seen.press("ctrl+s")
    assert isinstance(seen.screen, PlanScreen)
    return read


def test_the_tree_shows_owners_units_and_targets(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+l")
        assert seen.app.current_mode == "plan"
        assert seen.table.codes == ["1", "1-1", "a", "b", "2", "2-1", "c", "2-2", "2-3"]
        assert seen.row("1-1")[1:3] == ["- 項目1-1", "社協、市"]
        assert seen.row("a")[1:] == ["・指標a", "回", "100", ""]
        assert seen.row("2-2")[1] == "［再掲］項目2-2"
        seen.screen.show_line("a")
        await seen.pilot.pause()
        told = seen.said("#details")
        assert "R5 100　R6 100" in told
        assert "良い方向 高いほど良い" in told
        await seen.press("left", "left", "left")  # to 1-1, folded, to 1
        assert seen.table.code == "1"
        assert "a" not in seen.table.codes
        await seen.press("ctrl+w")
        assert seen.screen.query_one("#about").has_focus
        await seen.press("ctrl+w", "f3")
        assert isinstance(seen.screen, FindDialog)

    view(path, work, year=YEAR)


def test_the_path_to_the_final_target_stands_in_brackets(path: Path) -> None:
    on_the_way = indicator(
        "d",
        unit="団体",
        target_kind="final_year",
        baseline=(4, 2021),
        final_target=(14, 2026),
        targets={2025: 13},
    )
    made = plan(node("1", on_the_way), first_year=2024, last_year=2026)

    async def work(seen: View) -> None:
        await seen.press("ctrl+l")
        assert seen.row("d")[2:] == ["団体", "（10）", "14"]
        seen.screen.show_line("d")
        await seen.pilot.pause()
        assert "年度の目標 R6 （10）　R7 13　R8 （14）　（ ）は道筋から" in seen.said("#details")
        assert "最終目標 14団体（R8）・最終年度に向けた目標" in seen.said("#details")

    view(path, work, made_of=made, year=YEAR)


def test_a_name_is_changed_from_a_year_on_and_told(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+l")
        await ask(seen, "1-1", "名前を変える")
        await fill(seen, name="　")
        await seen.press("enter")
        assert isinstance(seen.screen, Form)  # an empty name is refused, the form stays
        assert any("名前が空欄です" in line for line in seen.lines())
        await fill(seen, name="新しい名前")
        await seen.press("enter")
        await seen.press("ctrl+s")
        assert any("計画を変えるには理由が要ります" in line for line in seen.lines())
        read = await decide(seen, 2025)
        assert "計画の変更 改称　1-1 新しい名前　名前: 項目1-1 → 新しい名前" in read
        assert "判定の変化 確定していない年度の判定は変わりません。" in read
        assert seen.app.year == 2025
        assert seen.row("1-1")[1] == "- 新しい名前"
        assert (
            "改定の経過 R7から 改称　名前: 項目1-1 → 新しい名前（見直し、第2回懇話会）"
            in seen.said("#details")
        )
        await seen.press("ctrl+pageup")
        assert seen.row("1-1")[1] == "- 項目1-1"
        await seen.press("f2")
        assert "令和7年度以降の年度に切り替えて" in seen.foot
        (one,) = revisions(seen.book)
        assert (one.effective_year, one.reason, one.meeting) == (2025, "見直し", "第2回懇話会")

    view(path, work, year=YEAR)


def test_looking_at_what_would_change_writes_nothing(path: Path) -> None:
    async def work(seen: View) -> None:
        rows = seen.book.count_history()
        await seen.press("ctrl+l")
        await ask(seen, "c", TARGETS)
        await fill(seen, final_target="６０", final_target_year="R7")
        await seen.press("ctrl+s")
        await fill(seen, reason="理由")
        await seen.press("ctrl+s")
        assert isinstance(seen.screen, PreviewDialog)
        await seen.press("enter")  # 「やめる」 has the focus
        assert "計画は変えていません" in seen.foot
        assert (seen.book.count_history(), revisions(seen.book)) == (rows, [])
        assert seen.row("c")[4] == ""

    view(path, work, year=YEAR)


@pytest.mark.parametrize(
    ("code", "label", "values", "kinds"),
    [
        ("1-1", "番号（コード）を変える", {"code": "１-９"}, [ChangeKind.RENUMBERED]),
        ("1-1", "担当を変える", {"new": "社協（総務課）、住民"}, [ChangeKind.OWNERS]),
        ("1-1", "印（重点・新規など）を変える", {"new": "継続、共生"}, [ChangeKind.OTHER]),
        (
            "c",
            TARGETS,
            {"final_target": "６０", "final_target_year": "令和7年度"},
            [ChangeKind.TARGET],
        ),
        ("c", TARGETS, {"2024": "５５", "2025": "60"}, [ChangeKind.TARGET] * 2),
        ("a", "単位・良い方向（定義）を変える", {"unit": "か所"}, [ChangeKind.DEFINITION] * 2),
        (
            "1-1",
            "2つに分割する",
            {"code1": "1-1", "name1": "前半", "code2": "1-2", "name2": "後半"},
            [ChangeKind.RENAMED, ChangeKind.OTHER, ChangeKind.SPLIT],
        ),
    ],
)
def test_every_change_goes_the_same_way(
    path: Path, code: str, label: str, values: dict[str, str], kinds: list[ChangeKind]
) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+l")
        await ask(seen, code, label)
        await fill(seen, **values)
        await seen.press("ctrl+s")
        await decide(seen)
        (one,) = revisions(seen.book)
        assert {change.kind for change in one.changes} <= {*kinds}
        assert kinds[0] in {change.kind for change in one.changes}
        if "2024" in values:
            cells = seen.book.cells(2024)
            assert cells.get(CellKey("c", 2024, Kind.TARGET)).reading.value == 55

    view(path, work, year=YEAR)


def test_stop_move_and_merge(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+l")
        await ask(seen, "2-1", "別の項目の下へ移す")
        assert isinstance(seen.screen, FindDialog)
        assert "2" not in [code for _, code in seen.screen.choices]  # it is there already
        await seen.press("enter")
        await decide(seen)
        assert seen.book.plan.items["2-1"].parent == "1"
        await ask(seen, "2-3", "順番を変える（同じ段の中で）")
        await seen.press("enter")  # to the front
        await decide(seen)
        assert [item.code for item in seen.book.plan.children_of("2")] == ["2-3", "2-2"]
        await ask(seen, "1-1", "ほかの項目と統合する")
        await seen.press("enter")
        await fill(seen, code="1-1", name="合わせた取組")
        await seen.press("ctrl+s")
        await decide(seen)
        merged = seen.book.plan.items["1-1"].node
        assert [one.code for one in merged.indicators] == ["a", "b", "c"]
        await ask(seen, "2-3", "やめる（休止・廃止）")
        await decide(seen, None)
        assert "2-3" not in seen.table.codes
        assert seen.row("a")[0] == "a"  # a correction reaches back; the year on screen stays
        await seen.press("f8", "ctrl+t")
        assert {"a", "c"} <= set(seen.table.codes)

    view(path, work, year=YEAR)


def test_other_rules_change_letters_and_say_so_before(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+l", "ctrl+t")
        labels = [text for text, _ in seen.screen.choices]
        place = next(i for i, text in enumerate(labels) if "規則の組を「内訳のみ」" in text)
        await seen.press(*["down"] * place, "enter")
        read = await decide(seen)
        assert any(line.startswith("計画の変更 規則・基準") for line in read)
        assert any(line.startswith("判定の変化 R6 ") for line in read)

    view(path, work, year=YEAR)


def test_a_refusal_is_told_where_it_is_asked(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+l")
        await ask(seen, "1-1", "番号（コード）を変える")
        await fill(seen, code="2-1")
        await seen.press("enter")
        assert any("コード「2-1」が2回使われています" in line for line in seen.lines())
        await seen.press("escape", "escape")
        assert isinstance(seen.screen, PlanScreen)

    view(path, work, year=YEAR)


def test_a_sealed_year_leaves_the_years_after_it(path: Path) -> None:
    made = plan(node("1", indicator("a", targets={2024: 10}, actuals={2024: 9})), first_year=2024)
    make_book(path, made, "事務局")
    with ReviewBook.open(path, "事務局") as book:
        start_evaluation(book, 2024)
        seal(book, 2024)

    async def work(seen: View) -> None:
        assert "令和6年度（確定）" in seen.lines()[0]
        await seen.press("ctrl+l")
        await ask(seen, "1", "名前を変える")
        await fill(seen, name="別の名")
        await seen.press("enter")
        listed = seen.screen.query_one("#field-year", OptionList)
        assert [option.id for option in listed.options] == ["2025", "0"]
        await pick(seen, "year", "0")
        await fill(seen, reason="書きまちがい")
        await seen.press("ctrl+s")
        assert any("さかのぼって直せません" in line for line in seen.lines())
        await decide(seen, 2025)
        assert seen.row("1")[1] == "- 別の名"
        await seen.press("ctrl+pageup")
        assert seen.row("1")[1] == "- 項目1"

    view(path, work, year=2024)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("name", ["zushi", "osaka"])
def test_a_real_plan_fits_and_no_sign_is_of_doubtful_width(
    name: str, size: tuple[int, int]
) -> None:
    async def work(seen: View) -> None:
        for wide in (False, True):
            marks.use_wide(wide)
            await seen.go("home")
            await seen.press("ctrl+l", "ctrl+e", "pagedown")
            words = " ".join(
                [one.name for one in seen.book.plan.items.values()]
                + [
                    f"{one.name}{one.source}{one.note}"
                    for one in seen.book.plan.indicators.values()
                ]
            )
            assert troubles(seen.lines()[1:], size[0], words) == []
            await seen.press("f2")
            assert troubles(seen.lines()[1:], size[0], words) == []
            await seen.press("escape")

    try:
        view(demo(name), work, size=size)
    finally:
        marks.use_wide(False)


def test_items_and_indicators_are_added_after_there_are_results(path: Path) -> None:
    async def work(seen: View) -> None:
        await seen.press("ctrl+l")
        await ask(seen, "2", "この下に項目を加える")
        assert isinstance(seen.screen, AddDialog)
        await seen.press(*"居場所", "enter", *"見守り", "enter", "ctrl+g")
        await seen.press(*"開催回数", "enter", *"回", "ctrl+s")
        assert isinstance(seen.screen, PathForm)
        await fill(seen, **{"2024": "１２"})
        await seen.press("ctrl+s")
        read = await decide(seen)
        assert [line for line in read if "新規" in line and "居場所" in line]
        assert [*seen.book.plan.items][-2:] == ["2-4", "2-5"]
        key = CellKey("2-5a", 2024, Kind.TARGET)
        assert seen.book.cells(2024).get(key).reading.value == 12
        (one,) = revisions(seen.book)
        assert (one.effective_year, one.reason) == (YEAR, "見直し")

    view(path, work, year=YEAR)


def empty() -> Plan:
    return empty_plan("第7期計画", "見本市社協", (2025, 2029), ("基本目標", "施策", "取組"))


def test_a_whole_plan_is_typed_without_touching_a_file(path: Path) -> None:
    """Names and figures as they are typed, full width; nothing asks why while there are no results."""

    async def work(seen: View) -> None:
        await seen.press("ctrl+l")
        assert "計画はまだ空です" in "".join(seen.lines())
        await seen.press("ctrl+g", *"つながる", "enter", *"支える", "enter")
        assert any("支える を加えました" in line for line in seen.lines())
        assert "- 支える" not in "".join(seen.lines())  # the tree grows above the bar
        await seen.press("ctrl+d", *"相談", "enter", "ctrl+d", *"総合相談", "enter", "ctrl+d")
        assert any("これより下の段はありません" in line for line in seen.lines())
        seen.app.post_message(Paste("看護相談\r\n\r\n法律　相談\n"))  # a column copied from a sheet
        await seen.pilot.pause()
        assert [item.name for item in seen.book.plan.children_of("2-1")][1:] == [
            "看護相談",
            "法律　相談",
        ]
        await seen.press("escape", "ctrl+z")
        assert [item.code for item in seen.book.plan.children_of("2-1")] == ["2-1-1"]
        await ask(seen, "2-1-1", "この次に、同じ段の項目を加える")
        await seen.press(*"まだ", "escape")
        assert any("もう一度 Esc" in line for line in seen.lines())
        await seen.press("backspace", "backspace", "ctrl+g")
        await seen.press(*"相談件数", "enter", *"件", "ctrl+s")
        assert isinstance(seen.screen, PathForm)
        await fill(seen, baseline="４８０．５", final_target="540")
        boxes = [seen.screen.query_one(f"#field-{year}", Input) for year in range(2025, 2030)]
        assert boxes[0].placeholder == "（492.4）"
        assert "案" in drawn(seen)
        await seen.press("ctrl+g")
        assert [box.value for box in boxes] == ["492.4", "504.3", "516.2", "528.1", "540.0"]
        seen.screen.set_focus(boxes[0])
        seen.app.post_message(Paste("５００\t510\t520"))
        await seen.pilot.pause()
        assert [box.value for box in boxes][:4] == ["５００", "510", "520", "528.1"]
        await seen.press("ctrl+s")
        await seen.press("escape")
        plan = seen.book.plan
        assert [(c, i.name) for c, i in plan.items.items()] == [
            ("1", "つながる"),
            ("2", "支える"),
            ("2-1", "相談"),
            ("2-1-1", "総合相談"),
        ]
        made = plan.indicators["2-1-1a"]
        assert (made.unit, made.decimals, made.baseline.value) == ("件", 1, Decimal("480.5"))
        assert (made.baseline.year, made.final_target.year) == (2024, 2029)
        assert seen.book.cells(2025).get(CellKey("2-1-1a", 2025, Kind.TARGET)).reading.value == 500
        assert revisions(seen.book) == []  # it is being made, not revised
        await ask(seen, "2-1-1", "担当を変える")
        await fill(seen, new="社協（相談課）")
        await seen.press("ctrl+s")
        assert seen.book.plan.items["2-1-1"].owners[0].label == "社協（相談課）"
        await ask(seen, "2", "やめる（休止・廃止）")
        assert isinstance(seen.screen, PreviewDialog)  # what goes with it is seen first
        await seen.press("ctrl+s")
        assert [*seen.book.plan.items] == ["1"]
        await seen.press("ctrl+t", "enter")
        await fill(seen, years="R7〜R12", levels="柱・施策・取組・事業")
        await seen.press("ctrl+s")
        assert (seen.book.plan.last_year, seen.book.plan.levels[0]) == (2030, "柱")
        await seen.press("ctrl+z", "ctrl+z")
        assert "元に戻しました" in seen.foot
        assert [*seen.book.plan.items] == ["1", "2", "2-1", "2-1-1"]
        assert seen.book.cells(2026).get(CellKey("2-1-1a", 2026, Kind.TARGET)).reading.value == 510

    view(path, work, made_of=empty(), year=2025)


def test_nobody_changes_a_plan_who_may_not(path: Path) -> None:
    make_book(path, plan(node("1")), "山田")
    with ReviewBook.open(path, "佐藤") as book:
        people.add(book, "佐藤", Role.SECRETARIAT)
        people.add(book, "山田", Role.COUNCIL)

    async def work(seen: View) -> None:
        await seen.press("ctrl+l")
        for key in ("f2", "ctrl+t", "ctrl+g", "ctrl+z"):
            await seen.press(key)
            assert isinstance(seen.screen, PlanScreen)
            assert "事務局だけができます" in seen.foot

    view(path, work, year=2024)


@pytest.mark.parametrize("wide", [False, True])
def test_the_path_is_drawn_and_fits(path: Path, wide: bool) -> None:
    async def work(seen: View) -> None:
        marks.use_wide(wide)
        await seen.press("ctrl+l")
        await ask(seen, "a", TARGETS)
        seen_there = drawn(seen)
        assert {"#", "="} <= set(seen_there) if wide else {"█", "▒"} <= set(seen_there)
        assert seen_there.splitlines()[-2].split()[-2:] == ["60", "100"]
        assert all(cell_len(line) <= 74 for line in seen_there.splitlines())
        assert troubles(seen.lines(), 80, "Excel") == []

    try:
        view(path, work, year=YEAR)
    finally:
        marks.use_wide(False)


def test_the_keys_of_the_plan_are_in_the_table() -> None:
    shown = {key.shown for key in keys.keys_of(keys.PLAN)}
    assert {"F2", "F3", "Ctrl+T", "Ctrl+W", "Ctrl+E", "Ctrl+L", "Ctrl+R", "Ctrl+U"} <= shown
