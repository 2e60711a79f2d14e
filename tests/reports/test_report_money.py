"""Corrections and money on paper, which no bundled plan has."""

from dataclasses import replace
from decimal import Decimal

import report_sample as sample
from report_page import read

from shakyo_review.domain.cell import Kind
from shakyo_review.domain.comparison import compare_years
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.value import Reading, State
from shakyo_review.reports.building import build_context
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import find_format
from shakyo_review.reports.story import Correction, Story


def with_story(of: Plan, story: Story) -> ReportContext:
    scores = sample.scores(of)
    comparison = compare_years(scores)
    return build_context(of, scores[2024], scores[2023], comparison, [], story=story)


def test_corrections_of_states_and_amounts() -> None:
    one = Correction(
        year=2024,
        number=1,
        code="1-1.f1",
        name="見守り事業",
        kind=Kind.SETTLEMENT,
        branch="",
        period="",
        old=Reading(State.NOT_ENTERED),
        new=Reading(State.VALUE, Decimal(1100)),
        unit="千円",
        decimals=0,
        reason=sample.NASTY,
        date="2025-09-01",
    )
    other = replace(
        one,
        number=2,
        code="2-1a",
        kind=Kind.ACTUAL,
        branch="北区",
        period="Q1",
        new=Reading(State.CANCELLED),
    )
    made = with_story(sample.plan(), Story(corrections=(one, other)))
    assert made.changes is not None
    assert [(r.place, r.old, r.new, r.date) for r in made.changes.errata] == [
        ("R6 1-1.f1 見守り事業 決算額", "空欄", "1,100千円", "2025年9月1日"),
        ("R6 2-1a 見守り事業 北区 第1四半期 実績", "空欄", "中止", "2025年9月1日"),
    ]
    page = read(find_format("html").render(made))
    assert sample.NASTY in page.one("table", "errata").text


def test_budget_settlement_rate_and_cost_of_a_unit_in_one_table() -> None:
    data = sample.plan().model_dump(mode="json", exclude_none=True)
    measure = data["tree"][0]["children"][0]
    measure["funding"][0]["settlement"] = {2024: 1100}
    action = measure["children"][0]
    action["indicators"][0]["main"] = True
    action["funding"] = [{"name": "訪問", "budget": {2024: 700}, "settlement": {2024: 628}}]
    made = sample.context(Plan.model_validate(data))
    table = made.goals[0].funding
    assert table is not None
    assert table.heads == ["R4予算", "R6予算", "R6決算"]
    assert [row.rate.text for row in table.rows] == ["91.7%", "－", "89.7%"]
    assert table.rate.text == "－"
    assert [(one.name, one.text) for one in table.facts] == [
        ("計の執行率", "なし（決算額のない財源が1件ある）"),
        ("単位あたり　1-1-1 訪問", "1回あたり 500円（訪問回数）"),
    ]
    page = read(find_format("html").render(made))
    assert len(page.all("table", "funding")) == 1
    assert "執行率" in page.one("table", "funding").one("thead").text
    assert "1回あたり 500円" in page.one("article", "goal").text
