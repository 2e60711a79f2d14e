"""Making books, and plans there and back."""

from pathlib import Path

import pytest
from books import A24, new_book, opened, small_plan

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import MAX_TEXT, Reading, State
from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.exchange.bundled import bundled_names
from shakyo_review.services.entry import record, understand
from shakyo_review.services.json_views import plan_view, score_view
from shakyo_review.services.making import export_plan_file, make_book, make_demo, plan_named
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
