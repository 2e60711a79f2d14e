"""Plans in the book: what is written is read back, figures apart."""

from pathlib import Path
from typing import Any

import pytest
from books import new_book, opened, small_plan

from shakyo_review.domain.funding import funding_lines
from shakyo_review.domain.plan import Plan
from shakyo_review.exchange.bundled import bundled_names, bundled_plan
from shakyo_review.services.making import make_book
from shakyo_review.storage import plans, settings


def without_figures(plan: Plan) -> tuple[Any, list[Any], list[Any]]:
    """Return all a plan says but targets and actuals: they are cells."""
    header = plan.model_dump(exclude={"tree"})
    items = [
        item.model_dump(exclude={"node": {"indicators", "children"}})
        for item in plan.items.values()
    ]
    indicators = [i.model_dump(exclude={"targets", "actuals"}) for i in plan.indicators.values()]
    return header, items, indicators


@pytest.mark.parametrize("name", bundled_names())
def test_a_plan_is_read_back(tmp_path: Path, name: str) -> None:
    plan = bundled_plan(name)
    make_book(tmp_path / "b.db", plan, "事務局")
    with opened(tmp_path / "b.db") as book:
        assert without_figures(book.plan) == without_figures(plan)
        ids = book.editions.newest.ids
        assert set(ids.indicator) == set(plan.indicators)
        assert set(ids.node) == set(plan.items)
        assert set(ids.funding) == set(funding_lines(plan))
        numbers = [*ids.node.values(), *ids.indicator.values(), *ids.funding.values()]
        assert len(set(numbers)) == len(numbers)


def test_settings_and_amounts(tmp_path: Path) -> None:
    with opened(new_book(tmp_path / "b.db")) as book:
        db = book.file.db
        assert settings.get_setting(db, "working_year") is None
        for year in ("2025", "2026"):
            settings.put_setting(db, "working_year", year)
            assert settings.get_setting(db, "working_year") == year
        line = book.editions.newest.ids.funding["1-1.f1"]
        assert plans.funding_amount(db, line, 2024, "budget") == 1200
        assert plans.funding_amount(db, line, 2025, "budget") is None
        plans.write_funding_amount(db, line, 2025, "budget", 1300)
        plans.write_funding_amount(db, line, 2025, "budget", 1400)
        assert plans.funding_amount(db, line, 2025, "budget") == 1400
        again = plans.read_editions(db).newest.plan
        assert again.items["1-1"].node.funding[0].budget == {2025: 1400, 2024: 1200}
        without = small_plan().indicators["a"].model_copy(update={"targets": {}, "actuals": {}})
        assert again.indicators["a"] == without
        plans.write_funding_amount(db, line, 2025, "budget", None)
        assert plans.funding_amount(db, line, 2025, "budget") is None
