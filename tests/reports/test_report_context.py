from typing import get_args

import pytest
import report_sample as sample
from pydantic import BaseModel, ValidationError

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.reports.building import build_context
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.context import parts as parts


def models() -> list[type[BaseModel]]:
    """Every model that can be reached from the context of a report."""
    found: dict[str, type[BaseModel]] = {}

    def walk(kind: object) -> None:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__name__ not in found:
            found[kind.__name__] = kind
            for field in kind.model_fields.values():
                walk(field.annotation)
        for inner in get_args(kind):
            walk(inner)

    walk(ReportContext)
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize("model", models(), ids=lambda m: m.__name__)
def test_every_field_is_described_and_strict(model: type[BaseModel]) -> None:
    assert model.__doc__
    assert model.model_config.get("strict")
    assert model.model_config.get("extra") == "forbid"
    for name, field in model.model_fields.items():
        assert field.description, f"{model.__name__}.{name}"
        assert field.is_required(), f"{model.__name__}.{name}"


def test_only_charts_carry_numbers() -> None:
    """Everything a template prints is a finished text."""
    numeric = {
        "length",
        "expected",
        "counts",
        "points",
        "depth",
        "actual",
        "target",
        "values",
        "full",
    }

    def walk(value: object, name: str) -> None:
        if isinstance(value, BaseModel):
            for field in type(value).model_fields:
                walk(getattr(value, field), field)
        elif isinstance(value, list):
            for one in value:
                walk(one, name)
        else:
            assert value is None or isinstance(value, str | bool) or name in numeric, name

    walk(sample.context(), "")


def test_the_same_book_gives_the_same_context() -> None:
    assert sample.context() == sample.context()
    assert ReportContext.model_validate_json(sample.context().model_dump_json()) == sample.context()


def test_a_comparison_of_other_years_is_refused() -> None:
    plan = sample.plan()
    scores = sample.scores(plan)
    from shakyo_review.domain.comparison import compare_years

    with pytest.raises(ValueError, match="does not end with"):
        build_context(plan, scores[2024], scores[2022], compare_years(scores), [])


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        parts.Fact.model_validate({"name": "a", "text": "b", "more": "c"})


def test_at_most_four_years_side_by_side() -> None:
    made = sample.context(years=(2020, 2021, 2022, 2023, 2024))
    assert [year.short for year in made.goals[0].years] == [
        short_year(y) for y in (2021, 2022, 2023, 2024)
    ]
    assert all(len(one.years) == 4 for goal in made.goals for one in goal.indicators)


def test_the_first_year_has_nothing_to_compare_with() -> None:
    made = sample.context(years=(2024,))
    assert made.overall.year_before is None
    assert made.comparison.goals == []
    assert made.comparison.changed == []
    assert "年度比較はありません" in made.comparison.sentence


def test_an_older_year_is_not_called_last_year() -> None:
    assert sample.context(years=(2022, 2024)).word_before == "令和4年度"
    assert sample.context().word_before == "前年度"


def test_the_lowest_half_of_the_scale_comes_first() -> None:
    part = sample.context().exceptions
    assert part.line == "判定が C・D の指標を、低い方から順に挙げます。"
    assert [row.code for row in part.below] == ["1-1-1b", "1-1-2a", "2-1a"]
    assert part.below[0].why == (
        "目標4件に対して実績は9件で、率は△25.0%（100×(2×4－9)÷4＝△25）。D（50%未満）にあたります。"
    )


def test_what_could_not_be_rated_is_listed_with_its_reason() -> None:
    part = sample.context().exceptions
    assert [(row.code, row.actual.text, row.reason, row.counted) for row in part.not_rated] == [
        ("2-1b", "中止", "中止", "含む")
    ]
    assert part.not_judged.startswith("評価しないと決めている指標")


def test_what_is_missing_is_gathered_by_committee() -> None:
    cells = [
        c for c in sample.figures() if not (c.key.indicator == "1-1-1a" and c.key.year == 2024)
    ]
    missing = sample.context(cells=cells).exceptions.missing
    assert [(group.committee, group.count) for group in missing] == [
        ("社協（地域課）・社協（総務課）", "2件")
    ]
    assert [(row.name, row.text) for row in missing[0].rows] == [
        ("実績が未入力です", "1-1-1a 訪問回数"),
        ("R6の目標がありません", "1-1-1a 訪問回数"),
    ]


def test_a_goal_without_indicators_says_so_and_takes_no_page() -> None:
    goal = sample.context().goals[2]
    assert goal.empty == (
        "この基本目標には指標が設定されていないため、判定はありません。下位の1件は、資料の一覧表に載せています。"
    )
    assert (goal.nodes, goal.indicators, goal.charts, goal.funding) == ([], [], [], None)


def test_money_of_this_year_and_the_last_known_one() -> None:
    table = sample.context().goals[0].funding
    assert table is not None
    assert table.heads == ["R4予算", "R6予算"]
    assert [[a.text for a in row.amounts] for row in table.rows] == [["3", "1,200"], ["－", "34"]]
    assert table.rows[1].amounts[1].note == "見込み"
    assert [total.text for total in table.totals] == ["3", "1,234"]


def test_an_item_shown_twice_is_marked_and_counted_once() -> None:
    made = sample.context()
    row = next(row for row in made.goals[0].nodes if row.code == "1-2")
    assert row.flags == ["再掲"]
    assert "数えるのは1回だけ" in row.note
    assert made.overall.total.count == "3"
    assert "ほかに再掲 1件" in next(f.text for f in made.plan.facts if f.name == "構成")


def test_departments_are_gathered_under_their_part() -> None:
    made = sample.context()
    assert made.exceptions.below[0].owners == "社協（地域課・総務課）"


def test_a_rate_along_a_path_stands_beside_its_pace() -> None:
    block = next(one for one in sample.context().goals[0].indicators if one.code == "1-1-2b")
    last = block.years[-1]
    assert (last.rate.text, last.rate.note, last.letter.text) == ("60.0%", "経過比150.0%", "A")
    assert block.baseline.note == "R4"
    assert block.final_target.text == "10"
    bar = next(bar for bar in sample.context().goals[0].charts[0].bars if bar.label == "地区の数")
    assert (bar.length, bar.expected) == (60.0, 40.0)


@pytest.mark.parametrize(
    "scale", ["abcd", "togo", "sano", "fukushima", "nagayo", "akiruno", "maru", "kawasaki"]
)
@pytest.mark.parametrize("rules", ["standard", "gifu", "shiga", "miyagi", "distribution"])
def test_any_scale_and_rule_set_can_be_reported(scale: str, rules: str) -> None:
    made = sample.context(sample.plan(scale=scale, rule_set=rules))
    tones = [row.letter.tone for row in made.method.levels]
    assert tones[0] == "t0"
    assert tones[-1] == "t3"
    assert tones == sorted(tones)


def test_a_plan_without_anything_can_be_reported() -> None:
    made = sample.context(sample.plan(tree=[]), [], (2024,))
    assert made.goals == []
    assert made.overall.chart is None
    assert made.overall.total.share == "－"
