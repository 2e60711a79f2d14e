"""The page for residents, the sheets of goals and committees, the year book, the chapter on money."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import report_sample as sample
from commandline import run
from pydantic import BaseModel
from report_page import read

from shakyo_review.domain.cell import Cell
from shakyo_review.domain.comparison import compare_years
from shakyo_review.domain.evaluation import Meeting, Opinion, Rating, evaluate_item
from shakyo_review.domain.improvement import Answer, Direction, Improvement, Promise, Result
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.process import Process, Stage
from shakyo_review.reports.building import build_context
from shakyo_review.reports.chapters import CHAPTERS
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import find_format
from shakyo_review.reports.story import Said, Story
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.publishing import report_context

DAY = {"by": "事務局", "date": "2025-06-25"}


def told(year: int = 2024) -> ReportContext:
    """The report of the small plan after people have judged it."""
    stages = (Stage(code="committee", name="委員会評価", members=("青木", "井上"), quorum=50),)
    plan = sample.plan(evaluation=Process(stages=stages).model_dump(mode="json"))
    scores = {y: s for y, s in sample.scores(plan).items() if y <= year}
    before = scores[year - 1]
    rating = Rating(rating="A", reason="地区に広がった", **DAY)
    other = Rating(rating="C", comment="担い手が足りない", **DAY)
    story = Story(
        evaluations={
            code: evaluate_item(
                *(plan, code, scores[year].nodes[code].rating),
                *({(code, "committee"): {"": given}}, {}, {}),
            )
            for code, given in (("1", rating), ("2", other))
        },
        officials={year: {"1": "A"}, year - 1: {"1": "B"}},
        meetings={
            "committee": (Meeting(date="2025-06-25", title="第1回懇話会", present=("青木",)),)
        },
        opinions=(Said(1, "ALL", Opinion(text="続けてほしい", **DAY)),),
        directions={"1-1-1": Direction(word="改善", note="回数を見直す", **DAY)},
        asked=(
            Promise(
                *("2023-1", "1-1-2", 2023),
                Improvement(text="案内を配る", owner="社協（地域課）", due=2024, **DAY),
                {2024: Answer(result=Result.PARTLY, text="半分に配った", **DAY)},
            ),
        ),
        made=(
            Promise(
                *("2024-1", "2-1", 2024),
                Improvement(text="会場を増やす", owner="住民", due=2025, **DAY),
                {},
            ),
        ),
    )
    return build_context(
        *(plan, scores[year], before, compare_years(scores), []),
        story=story,
        first_and_last=compare_years({2022: scores[2022], year: scores[year]}),
    )


@pytest.fixture(scope="module")
def made() -> ReportContext:
    return told()


# --- chapters --------------------------------------------------------------------------------


def without(*kinds: str) -> ReportContext:
    plan = sample.plan()
    scores = sample.scores(plan)
    years = compare_years(scores)
    return build_context(plan, scores[2024], scores[2023], years, [], without=kinds)


def test_chapters_are_in_the_order_of_councils(made: ReportContext) -> None:
    there = [chapter.kind for chapter in made.chapters]
    assert there == [kind for kind in CHAPTERS if kind != "changes"]
    assert [chapter.number for chapter in made.chapters] == [str(n) for n in range(1, 11)]
    goals = next(chapter for chapter in made.chapters if chapter.kind == "goals")
    assert goals.title == "基本目標ごとの結果"
    assert [child.anchor for child in goals.children] == [goal.anchor for goal in made.goals]


def test_numbers_and_references_follow_when_a_chapter_is_left_out() -> None:
    whole, less = without(), without("plan", "money")
    assert "（4章）" in " ".join(whole.highlights)
    assert "（3章）" in " ".join(less.highlights)
    assert [chapter.number for chapter in less.chapters] == ["1", "2", "3", "4", "5", "6"]
    assert whole.derivations_line.startswith("判定の基準は2章のとおりです。")
    assert less.derivations_line.startswith("判定の基準は1章のとおりです。")
    page = read(find_format("html").render(less))
    heads = [head.text for head in page.one("main").all("h2")]
    assert "計画の概要・体系" not in "".join(heads)
    ids = {element.attrs.get("id") for element in page.all()}
    assert {chapter.anchor for chapter in less.chapters} <= ids


def test_nothing_points_to_a_chapter_that_is_not_there() -> None:
    bare = without(*(kind for kind in CHAPTERS if kind != "goals"))
    assert [chapter.kind for chapter in bare.chapters] == ["goals"]
    text = read(find_format("html").render(bare)).one("main").text
    for number in range(2, 12):
        assert f"{number}章" not in text
    assert "資料の一覧表" not in text


def test_every_chapter_can_be_left_out() -> None:
    for kind in CHAPTERS:
        page = read(find_format("html").render(without(kind)))
        ids = {element.attrs["id"] for element in page.all() if "id" in element.attrs}
        links = {a.attrs["href"][1:] for a in page.all("a")}
        assert links <= ids, (kind, links - ids)
    assert without(*CHAPTERS).chapters == []


def test_an_unknown_chapter_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="no chapters"):
        without("preface")


@pytest.mark.parametrize("name", ["annual", "summary", "goals", "committees", "yearbook"])
def test_a_plan_without_anything_can_be_printed(name: str) -> None:
    page = read(find_format("html").render(sample.context(sample.plan(tree=[]), [], (2024,)), name))
    assert page.one("h1").text
    assert page.all("svg") == []


# --- the page for residents -------------------------------------------------------------------


def words(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from words(getattr(value, name))
    elif isinstance(value, list):
        for one in value:
            yield from words(one)
    elif isinstance(value, str):
        yield value


def test_residents_read_one_letter_for_each_goal(made: ReportContext) -> None:
    part = made.summary
    assert [(goal.letter.text, goal.letter_before.text) for goal in part.goals] == [
        ("A", "B"),  # that of the council before the computed one
        ("C", "B"),
    ]
    assert part.goals_more == "数で確かめる項目のない基本目標が、ほかに1件あります。"
    assert [row.meaning for row in part.levels] == [
        "達成した",
        "おおむね達成した",
        "一部達成した",
        "達成できていない",
    ]
    assert part.method_lines[-1].startswith("人が話し合って付けた記号（委員会評価）")


def test_residents_read_what_was_weak_and_what_follows(made: ReportContext) -> None:
    part = made.summary
    assert [(row.name, row.text) for row in part.weak if row.name != sample.NASTY] == [
        ("苦情の件数", "4件以下が目標のところ、9件でした。"),
        ("受講者", "12.0人が目標のところ、8.0人でした。"),
    ]
    assert [(fact.name, fact.text) for fact in part.next] == [
        ("講座", "会場を増やす（令和7年度まで）"),
        ("訪問", "改善　回数を見直す"),
    ]
    assert part.meeting_line == (
        "2025年6月25日の第1回懇話会で話し合いました。寄せられた意見は1件です。"
    )
    assert without().summary.next_line == (
        "令和6年度の評価を受けて決めたことは、まだ記録されていません。"
    )


def test_residents_read_no_words_of_the_office(made: ReportContext) -> None:
    data = sample.plan().model_dump(mode="json", exclude_none=True)
    del data["tree"][2]
    scores = sample.scores(Plan.model_validate(data))
    years = compare_years(scores)
    summary = build_context(scores[2024].plan, scores[2024], scores[2023], years, []).summary
    for text in (*words(summary), *made.summary.method_lines, made.summary.next_line):
        for jargon in ("指標", "分母", "達成率", "進捗率", "加重平均", "経過割合", "点数"):
            assert jargon not in text, text


# --- sheets -----------------------------------------------------------------------------------


def test_a_goal_tells_what_was_done_what_is_wanting_and_what_follows(made: ReportContext) -> None:
    first, second, _ = made.goals
    assert [fact.name for fact in second.done] == ["2-1b 随時の相談"]
    assert [(fact.name, fact.text) for fact in second.issues if "相談" in fact.name] == [
        ("2-1b 随時の相談", "評価できませんでした（中止）。")
    ]
    assert ("2 支える人（委員会評価）", "担い手が足りない") in [
        (fact.name, fact.text) for fact in second.issues
    ]
    assert [(fact.name, fact.text) for fact in first.directions] == [
        ("1-1-1 訪問", "改善　回数を見直す")
    ]
    assert second.directions[0].text == "会場を増やす（住民、令和7年度まで）"
    assert first.sheet_more == []
    letters = [one.years[-1].letter.text for one in first.sheet_indicators]
    assert letters == ["D", "D", "A", "A"]


def test_a_committee_finds_its_own(made: ReportContext) -> None:
    sheets = {one.owner: one for one in made.committees}
    assert list(sheets) == ["社協（地域課）", "社協（総務課）", "住民"]
    own = sheets["社協（地域課）"]
    assert [row.code for row in own.rows] == ["1-1-1b", "1-1-2a", "1-1-2b", "1-1-1a"]
    assert {row.shared for row in own.rows} == {"社協（総務課）"}
    row = own.rows[0]
    assert (row.target.text, row.actual.text, row.letter.text) == ("4", "9", "D")
    assert (row.actual_before.text, row.letter_before.text) == ("5", "C")
    assert [(one.number, one.result, one.answer) for one in own.asked] == [
        ("2023-1", "一部できた", "半分に配った")
    ]
    assert own.made == []
    assert [one.number for one in sheets["住民"].made] == ["2024-1"]
    facts = {fact.name: fact.text for fact in own.facts}
    assert facts["判定ごとの件数"] == "A 2件・D 2件"
    assert facts["評価済み"] == "4件中4件"


def test_a_committee_sees_what_is_missing() -> None:
    cells = [
        c for c in sample.figures() if not (c.key.indicator == "1-1-1a" and c.key.year == 2024)
    ]
    own = sample.context(cells=cells).committees[0]
    assert [(fact.name, fact.text) for fact in own.missing] == [
        ("1-1-1a 訪問回数", "実績が未入力です"),
        ("1-1-1a 訪問回数", "R6の目標がありません"),
    ]


# --- the year book ----------------------------------------------------------------------------


def test_the_year_book_sets_all_years_side_by_side(made: ReportContext) -> None:
    book = made.yearbook
    assert [year.short for year in book.years] == ["R4", "R5", "R6"]
    scores = sample.scores(sample.plan())
    for group in book.groups:
        for row in group.rows:
            for year, figures in zip(sample.YEARS, row.years, strict=True):
                score = scores[year].indicators[row.code]
                assert figures.letter.text == (score.rating or "－")
                assert figures.rate.text == score.display
    rows = {row.code: row for group in book.groups for row in group.rows}
    assert rows["1-1-1a"].change == "+1,166回、判定は上がった"
    assert rows["1-1-1b"].change == "+5件、判定は下がった"
    assert book.period == (
        "計画期間は令和5年度から令和9年度まで（5年間）です。令和6年度は2年目です。"
    )


def test_the_year_book_counts_letters_and_shows_goals(made: ReportContext) -> None:
    book = made.yearbook
    goal = book.goals[0]
    assert [result.letter.text for result in goal.years] == ["B", "B", "C"]
    assert [result.official.text for result in goal.years] == ["－", "B", "A"]
    assert goal.change == "B → C（下がった）"
    assert book.counts[-1].letter.text == "計"
    for place in range(3):
        total = sum(int(row.counts[place]) for row in book.counts[:-1])
        assert book.counts[-1].counts[place] == str(total)
    assert book.chart is not None
    assert [point.actual_text for point in book.chart.points] == [
        result.score.text for result in book.whole.years
    ]


def test_charts_of_the_year_book_show_the_path_of_the_targets(made: ReportContext) -> None:
    charts = made.yearbook.groups[0].charts
    chart = next(one for one in charts if one.title == "1-1-1b 苦情の件数")
    assert chart.note == "低いほど良い"
    assert [(p.actual, p.target) for p in chart.points] == [(4.0, 4.0), (5.0, 4.0), (9.0, 4.0)]
    assert "R6 実績 9（目標 4）" in chart.description


def test_a_web_of_goals_only_where_it_can_be_read() -> None:
    assert sample.context().overall.radar is None  # one of the three goals has no score
    data = sample.plan().model_dump(mode="json", exclude_none=True)
    item = {
        "code": "3-1",
        "name": "話し合い",
        "indicators": [sample.indicator("3-1a", "話し合い", "回")],
    }
    data["tree"][2]["children"] = [item]
    more: list[Cell] = [
        sample.value("3-1a", year, kind, "10")
        for year in sample.YEARS
        for kind in ("target", "actual")
    ]
    made = sample.context(Plan.model_validate(data), [*sample.figures(), *more])
    radar = made.overall.radar
    assert radar is not None
    assert [one.year for one in radar.series] == ["令和5年度", "令和6年度"]
    assert radar.series[1].texts == [row.score.text for row in made.overall.goals]
    assert (radar.full, radar.full_text) == (100.0, "100%")


# --- money ------------------------------------------------------------------------------------


def test_money_stands_beside_the_result_of_each_goal() -> None:
    data = sample.plan().model_dump(mode="json", exclude_none=True)
    measure = data["tree"][0]["children"][0]
    measure["funding"][0]["settlement"] = {2024: 1100}
    measure["funding"][1]["settlement"] = {2024: 40}
    part = sample.context(Plan.model_validate(data)).money
    assert part is not None
    assert part.heads == ["R4予算", "R6予算", "R6決算"]
    (row,) = part.rows
    assert [amount.text for amount in row.amounts] == ["3", "1,234", "1,140"]
    assert (row.difference.text, row.rate.text, row.letter.text) == ("94", "92.4%", "C")
    assert row.amounts[1].note == "見込みを含む"
    assert [amount.text for amount in part.total.amounts] == ["3", "1,234", "1,140"]
    assert part.line.startswith("令和6年度の予算は1,234千円、決算は1,140千円、執行率は92.4%です。")


def test_a_missing_settlement_is_no_zero() -> None:
    data = sample.plan().model_dump(mode="json", exclude_none=True)
    data["tree"][0]["children"][0]["funding"][0]["settlement"] = {2024: 1100}
    part = sample.context(Plan.model_validate(data)).money
    assert part is not None
    (row,) = part.rows
    assert (row.difference.text, row.rate.text) == ("－", "－")
    assert row.note == "執行率なし（決算額のない財源が1件ある）"


# --- a real book ------------------------------------------------------------------------------


def test_a_real_book_tells_every_year_of_its_plan(tmp_path: Path) -> None:
    assert run("demo", "osaka", "--out", tmp_path).status == 0
    (path,) = tmp_path.glob("*.db")
    with ReviewBook.open(path, "試験") as book:
        made = report_context(book, 2024)
        for place, year in enumerate((2022, 2023, 2024)):
            score = book.score(year)
            for group in made.yearbook.groups:
                for row in group.rows:
                    there = row.years[place]
                    assert there.letter.text == (score.indicators[row.code].rating or "－")
            whole = made.yearbook.whole.years[place]
            assert whole.letter.text == (score.overall.rating or "－")
    assert "「変化」は令和5年度と令和6年度を比べたものです。" in made.yearbook.notes
