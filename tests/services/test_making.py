"""Making books, and plans there and back."""

from pathlib import Path

import pytest
from books import A24, SMALL_PLAN, new_book, opened, small_plan
from commandline import run

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.indicator import Indicator
from shakyo_review.domain.plan import Node, Plan
from shakyo_review.domain.tree_edits import add_node, change_node, stop
from shakyo_review.domain.value import MAX_TEXT, Reading, State
from shakyo_review.errors import ConflictFound, ReviewError, WrongUsage
from shakyo_review.exchange.bundled import bundled_names
from shakyo_review.services.entry import record, understand
from shakyo_review.services.json_views import plan_view, score_view
from shakyo_review.services.making import export_plan_file, make_book, make_demo, plan_named
from shakyo_review.services.planning import being_set_up, set_up, take_back
from shakyo_review.services.revising import revisions
from shakyo_review.services.sheets import empty_plan
from shakyo_review.services.upkeep import examine


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_plan_there_and_back(tmp_path: Path, name: str) -> None:
    plan = plan_named(name)
    make_book(tmp_path / "one.db", plan, "事務局")
    with opened(tmp_path / "one.db") as one:
        one.score(plan.last_year)  # whatever a screen has read before
        export_plan_file(one, tmp_path / "plan.yaml")
        make_book(tmp_path / "two.db", plan_named(str(tmp_path / "plan.yaml")), "事務局")
        with opened(tmp_path / "two.db") as two:
            assert plan_view(two.plan) == plan_view(one.plan)
            for year in range(plan.first_year - 1, plan.last_year + 1):
                assert score_view(two.score(year), {}, sealed=False) == score_view(
                    one.score(year), {}, sealed=False
                )
            export_plan_file(two, tmp_path / "again.yaml")
    assert (tmp_path / "again.yaml").read_bytes() == (tmp_path / "plan.yaml").read_bytes()


def test_figures_of_every_kind_there_and_back(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    figures = {
        CellKey("a", 2024, Kind.ACTUAL): "512見込み",
        CellKey("a", 2025, Kind.ACTUAL): "中止",
        CellKey("a", 2026, Kind.ACTUAL): "－",
        CellKey("b", 2025, Kind.ACTUAL): "△0.05",
        CellKey("c", 2025, Kind.ACTUAL): "「512人ほど」",
        CellKey("c", 2026, Kind.ACTUAL): "随時",
        CellKey("r", 2025, Kind.ACTUAL): "30/100",
        CellKey("a", 2025, Kind.TARGET): "",
    }
    with opened(path) as book:
        for key, text in figures.items():
            record(book, key, understand(book.plan.indicators[key.indicator], text))
        export_plan_file(book, tmp_path / "p.yaml")
        make_book(tmp_path / "c.db", plan_named(str(tmp_path / "p.yaml")), "事務局")
        with opened(tmp_path / "c.db") as copy:
            for key in figures:
                assert (
                    copy.cells(key.year).get(key).reading == book.cells(key.year).get(key).reading
                ), key
            assert plan_view(copy.plan) == plan_view(book.plan)


def test_a_demo_is_made_whole_and_marked(tmp_path: Path) -> None:
    for name in bundled_names():
        year = make_demo(tmp_path / f"{name}.db", name, "見本")
        with opened(tmp_path / f"{name}.db") as book:
            assert book.score(year).overall.coverage.rated > 0
            assert book.score(year).overall.example
            assert book.working_year >= year
        assert all(line.well for line in examine(tmp_path / f"{name}.db", "点検"))


def test_examples_are_not_exported(tmp_path: Path) -> None:
    make_demo(tmp_path / "d.db", "osaka", "見本")
    with opened(tmp_path / "d.db") as book:
        export_plan_file(book, tmp_path / "p.yaml")
    exported = plan_named(str(tmp_path / "p.yaml"))
    assert exported.indicators["1a"].targets == {}
    assert exported.indicators["1a"].actuals == {2024: 495}


def test_an_unknown_plan(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="osaka"):
        plan_named("kyoto")
    with pytest.raises(ReviewError, match=r"no\.yaml"):
        plan_named(str(tmp_path / "no.yaml"))


def test_a_plan_whose_figures_no_book_can_hold_leaves_nothing(tmp_path: Path) -> None:
    plan: Plan = small_plan()
    first = plan.tree[1].children[0]
    wrong = first.indicators[2].model_copy(update={"actuals": {2024: "999999999999999"}})
    item = first.model_copy(update={"indicators": (*first.indicators[:2], wrong)})
    top = plan.tree[1].model_copy(update={"children": (item,)})
    broken = Plan.model_validate(
        {**{name: getattr(plan, name) for name in Plan.model_fields}, "tree": (plan.tree[0], top)}
    )
    with pytest.raises(ReviewError, match="m R6 実績"):
        make_book(tmp_path / "b.db", broken, "事務局")
    assert list(tmp_path.iterdir()) == []


def test_the_first_row_of_the_history_tells_where_the_book_comes_from(tmp_path: Path) -> None:
    with opened(new_book(tmp_path / "b.db", "山田")) as book:
        first = book.history()[0]
        assert (first.entity, first.code, first.who) == ("book", "small", "山田")
        assert "台帳を作成" in first.reason
        record(book, A24, Reading(State.CANCELLED))
        assert len(book.history()) == book.count_history()


def test_a_plan_with_the_longest_text_value_comes_back(tmp_path: Path) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path) as book:
        record(book, A24, understand(book.plan.indicators["a"], f"「{'実' * MAX_TEXT}」"))
        export_plan_file(book, tmp_path / "p.yaml")
    make_book(tmp_path / "again.db", plan_named(str(tmp_path / "p.yaml")), "乙")
    with opened(tmp_path / "again.db") as again:
        assert again.cells(2024).get(A24).reading.text == "実" * MAX_TEXT


def test_a_book_of_an_excel_table_by_command(tmp_path: Path) -> None:
    sheet = tmp_path / "計画.xlsx"
    assert "ひな形を" in run("plan", "sheet", sheet, "--years", "R7〜R9").err
    assert "すでにあります" in run("plan", "sheet", sheet).error
    book = tmp_path / "b.db"
    assert "「計画の名称」が書かれていません" in run("new", book, "--plan", sheet).error
    told = run("new", book, "--plan", sheet, "--title", "計画", "--body", "社協").error
    assert "項目が1つも書かれていません" in told
    (tmp_path / "small.yaml").write_text(SMALL_PLAN, encoding="utf-8")
    small = tmp_path / "small.xlsx"
    assert "区、" not in run("plan", "sheet", small, "--plan", tmp_path / "small.yaml").err
    tried = run("new", book, "--plan", small, "--years", "R6-R8", "--dry-run")
    assert "　1-1 集いの場づくり（参加者数・利用率）" in tried.out
    assert "台帳は作っていません" in tried.err
    assert not book.exists()
    assert run("new", book, "--plan", small).status == 0
    with opened(book) as made:
        assert made.plan.items["2-1"].owners[0].label == "市（福祉課）"
        assert made.cells(2024).get(A24).reading.value == 480
    assert (
        "--title・--body・--years は" in run("new", book, "--plan", "osaka", "--title", "x").error
    )
    exported = tmp_path / "out.xlsx"
    assert run("--book", book, "plan", "export", exported).status == 0
    assert plan_named(str(exported)).items.keys() == small_plan().items.keys()


def test_what_cannot_be_is_told_with_what_to_do(tmp_path: Path) -> None:
    book = new_book(tmp_path / "b.db")
    empty = tmp_path / "empty.yaml"
    empty.write_text("", encoding="utf-8")
    told = run("--book", book, "plan", "rules", "--scale", empty, "--dry-run").error
    assert "空です。内容を書いてください" in told
    assert "控え「/nonexist」がありません" in run("--book", book, "restore", "/nonexist").error
    weightless = tmp_path / "p.yaml"
    text = SMALL_PLAN.replace("unit: 人", "unit: 人\n            weight: 0")
    text = text.replace("unit: ％", "unit: ％\n            weight: 0")
    weightless.write_text(text, encoding="utf-8")
    told = run("plan", "check", weightless).error
    assert "行目 tree[0].children[0].indicators[0].weight: " in told
    assert "重みが、すべて0です" in told


def test_a_plan_without_results_is_set_up_without_a_revision(tmp_path: Path) -> None:
    path = tmp_path / "b.db"
    make_book(path, empty_plan("計画", "社協", (2024, 2026), ("基本目標", "取組")), "事務局")
    with opened(path) as book:
        number = Indicator(code="n", name="回数", direction="higher", measure="annual")
        added = Node(code="1", name="つながる", indicators=(number,))
        targets = {("n", 2024): understand(number, "１２")}
        set_up(book, "加える", lambda plan: add_node(plan, None, added), targets)
        gone = set_up(book, "やめる", lambda plan: stop(plan, "1"))
        assert (book.plan.items, revisions(book)) == ({}, [])
        take_back(book, gone)
        key = CellKey("n", 2024, Kind.TARGET)
        assert book.cells(2024).get(key).reading.value == 12
        with opened(path, "乙") as other:  # somebody else is quicker
            set_up(other, "改称", lambda plan: change_node(plan, "1", name="つどう"))
        with pytest.raises(ConflictFound, match="ほかの人が変えています"):
            take_back(book, gone)
        record(book, CellKey("n", 2024, Kind.ACTUAL), understand(number, "10"))
        assert not being_set_up(book)
        with pytest.raises(ConflictFound, match="計画を作る段階は終わっています"):
            set_up(book, "やめる", lambda plan: stop(plan, "1"))
        assert [c.reason for c in book.history() if c.entity == "edition"][1:] == [
            "計画の作成",
            "計画の作成",
            "元に戻す（やめる）",
            "計画の作成",
        ]
    assert run("--book", path, "verify").status == 0
