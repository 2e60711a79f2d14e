"""What people said and decided, on paper: the book of a judged year, its context and its page read back."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import report_sample as sample
from commandline import run
from report_page import Element, read

from shakyo_review.reports.building.story import published_text, standing_text
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import find_format
from shakyo_review.reports.story import Standing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.publishing import publish_report, report_context

LONG = "[/]<script>alert(1)</script>" + "あ" * 1970


def does(path: Path, *words: object, status: int = 0) -> None:
    done = run("--book", path, "--as", "事務局", *words)
    assert done.status == status, (words, done)


def first_year(path: Path) -> None:
    """A year judged in three stages: a recusal, a letter sent back, opinions, promises, the seal."""

    def judge(code: str, stage: str, label: str, *more: str) -> None:
        does(path, "evaluate", code, *year, "--stage", stage, "--rating", label, *more)

    year = ("--year", "R5")
    does(path, "year", "open", *year)
    for code, target, actual in (
        ("1-1-1-s1a", "27", "26"),
        ("1-1-1-s1b", "530", "526"),
        ("1-1-1-s1c", "700", "691"),
        ("1-1-2-s1a", "46", "47"),
        ("2-1-1-s1a", "66", "30"),
        ("2-1-1-s1b", "80", "38"),
        ("2-1-1-s4a", "28", "28"),
    ):
        does(path, "record", code, *year, "--target", target)
        does(path, "record", code, *year, "--actual", actual)
    judge("1-1-1-s1", "self", "B", "--comment", "チームを2つ増やした")
    judge("1", "self", "B")
    judge("2-1-1-s1", "self", "D", "--comment", "登録が減った")
    does(path, "year", "evaluate", *year)
    does(
        *(path, "meeting", "add", *year, "--stage", "committee", "--date", "2024-06-25"),
        *("--title", "第1回懇話会", "--present", "青木", "--present", "井上", "--absent", "太田"),
    )
    does(
        *(path, "evaluate", "2-1-1-s1", *year, "--stage", "committee", "--recuse", "井上"),
        *("--reason", "センターの運営委員"),
    )
    judge("1", "internal", "B")
    judge("1", "committee", "A", "--reason", "地区の広がりを評価した")
    judge("1-1-1-s1", "internal", "B")
    judge("2-1-1-s1", "internal", "D")
    does(
        *(path, "evaluate", "2-1-1-s1", *year, "--stage", "committee", "--send-back"),
        *("--reason", "減った理由を書いてください"),
    )
    judge("2-1-1-s1", "internal", "C", "--reason", "休校による")
    does(path, "opinion", "add", "2-1-1-s1", *year, "--text", "若い人へ", "--member", "青木")
    does(path, "opinion", "add", "ALL", *year, "--text", LONG)
    does(path, "opinion", "answer", "1", *year, "--text", "大学と話し合います")
    does(path, "improve", "direction", "2-1-1-s1", *year, "--word", "改善")
    does(path, "improve", "add", "2-1-1-s1", *year, "--text", "説明会を年2回開く")
    does(path, "seal", *year)
    does(path, "publish", *year, "--date", "2024-08-01")


def second_year(path: Path) -> None:
    year = ("--year", "R6")
    does(path, "year", "open", *year)
    does(path, "record", "1-1-1-s1a", *year, "--target", "29")
    does(path, "record", "1-1-1-s1a", *year, "--actual", "29")
    does(path, "record", "2-1-1-s1b", *year, "--target", "80")
    does(
        *(path, "plan", "target", "2-1-1-s1b", "--from", "R6", *year, "--target", "70"),
        *("--reason", "学生数の減少", "--meeting", "第2回懇話会", "--date", "2024-10-10"),
    )
    does(
        *(path, "improve", "answer", "2023-1", *year, "--result", "partly"),
        *("--text", "1回開いた"),
    )
    does(
        *(path, "errata", "add", "2-1-1-s1b", "--year", "R5", "--actual", "83"),
        *("--reason", "転記の誤り"),
    )


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[ReportContext, Element]]:
    """The report of the sealed year, before and after an erratum, and of the year in progress."""
    folder = tmp_path_factory.mktemp("judged")
    path = folder / "zushi.db"
    assert run("new", path, "--plan", "zushi").status == 0
    first_year(path)
    made = {"sealed": _made(path, 2023, folder)}
    second_year(path)
    return {**made, "now": _made(path, 2024, folder), "corrected": _made(path, 2023, folder)}


def _made(path: Path, year: int, folder: Path) -> tuple[ReportContext, Element]:
    with ReviewBook.open(path, "試験") as book:
        first, second = (publish_report(book, year, ["html"], folder / n)[0] for n in "ab")
        assert first.read_bytes() == second.read_bytes()
        assert b"<script" not in first.read_bytes()
        return report_context(book, year), read(first.read_bytes())


def test_the_cover_tells_the_state_of_the_year(
    judged: Mapping[str, tuple[ReportContext, Element]],
) -> None:
    made, page = judged["sealed"]
    assert made.cover.state.startswith("確定（")
    assert made.cover.state.endswith("日、1回目）")
    assert made.cover.published == "公表　2024年8月1日"
    cover = page.one("header", "cover").text
    assert made.cover.state in cover
    assert made.cover.published in cover
    made, page = judged["now"]
    assert made.cover.state == "未確定（作成時点の値）"
    assert made.cover.state in page.one("header", "cover").text
    assert "公表" not in page.one("header", "cover").text
    assert page.one("title").text.endswith("（未確定）")
    assert judged["corrected"][0].cover.state.endswith("1回目、そのあとの正誤1件）")


def test_words_of_a_seal() -> None:
    assert standing_text(Standing("2026-06-25", 1)) == "確定（2026年6月25日、1回目）"
    assert standing_text(Standing("2026-06-25", 2, 1)) == (
        "確定（2026年6月25日、2回目、そのあとの正誤1件）"
    )
    assert standing_text(Standing("", 1)) == "確定（1回目）"
    assert standing_text(Standing()) == "未確定（作成時点の値）"
    assert published_text(Standing("2026-06-25", 1)) == ""


def test_a_letter_people_gave_stands_beside_the_computed_one(
    judged: Mapping[str, tuple[ReportContext, Element]],
) -> None:
    made, page = judged["sealed"]
    row = made.overall.goals[0]
    assert row.official is not None
    assert (row.letter.text, row.official.letter.text, row.official.stage) == (
        "B",
        "A",
        "委員会評価",
    )
    table = page.one("table", "goal-letters").one("tbody").all("tr")[0]
    assert [one.text for one in table.all("span", "letter")] == ["B", "A"]
    goal = page.one("article", "goal")
    assert [one.text for one in goal.one("div", "result").all("span", "letter")] == ["B", "A"]
    assert "地区の広がりを評価した" in goal.one("div", "result").text
    departed = {r.code: r.official.reason for r in made.overall.departed}
    assert departed["1"] == "地区の広がりを評価した"
    assert departed["2-1-1-s1"] == "休校による"
    assert "1-1-1-s1" not in departed
    assert "判定と評価" in [term.name for term in made.method.terms]
    sheet = next(r for r in made.sheet if r.code == "2-1-1-s1")
    assert sheet.official is not None
    assert sheet.official.stage == "内部評価"


def test_the_stages_stand_side_by_side(
    judged: Mapping[str, tuple[ReportContext, Element]],
) -> None:
    made, page = judged["sealed"]
    second = made.goals[1]
    assert second.stage_heads == ["自己評価", "内部評価"]
    (row,) = second.stages
    assert ([one.text for one in row.letters], row.direction) == (["D", "C"], "改善")
    assert [(one.name, one.text) for one in row.remarks] == [
        ("自己評価", "登録が減った"),
        ("内部評価の理由", "休校による"),
    ]
    tables = page.all("table", "stages")
    assert len(tables) == 2
    assert "登録が減った" in tables[1].text
    assert "方向性" not in tables[0].one("thead").text
    assert "方向性" in tables[1].one("thead").text


def test_last_years_letter_of_people_stays_with_it(
    judged: Mapping[str, tuple[ReportContext, Element]],
) -> None:
    made, page = judged["now"]
    assert made.overall.has_official_before
    assert made.overall.goals[0].official_before.text == "A"
    assert not made.overall.has_official
    facts = {one.name: one.text for one in made.goals[0].facts}
    assert facts["前年度の評価"] == "A"
    row = next(one for one in made.goals[1].nodes if one.code == "2-1-1-s1")
    assert row.official_before == "評価 C"
    assert "評価 C" in page.one("table", "sheet").text


def test_how_the_evaluation_went(judged: Mapping[str, tuple[ReportContext, Element]]) -> None:
    made, page = judged["sealed"]
    part = made.proceedings
    assert part is not None
    assert [(r.date, r.title, r.present, r.absent) for r in part.meetings] == [
        ("2024年6月25日", "第1回懇話会", "青木、井上", "太田")
    ]
    assert [(r.member, r.reason) for r in part.recusals] == [("井上", "センターの運営委員")]
    assert [(r.stage, r.sender, r.reason, r.after) for r in part.returned] == [
        ("内部評価 D", "委員会評価", "減った理由を書いてください", "C に改めた")
    ]
    assert part.opinions_line == "意見は2件です。まだ回答していないものが1件あります。"
    assert [(r.answered, r.answer) for r in part.opinions] == [
        (True, "大学と話し合います"),
        (False, "未回答"),
    ]
    assert part.opinions[1].about == "計画全体"
    assert LONG in page.one("table", "opinions").text
    assert page.one("table", "opinions").all("td", "unanswered")[0].text == "未回答"


def test_promises_and_their_answers(judged: Mapping[str, tuple[ReportContext, Element]]) -> None:
    first = judged["sealed"][0].improvement
    assert first is not None
    assert first.directions_line.startswith("次年度の方向性は、改善1件です")
    assert (first.asked, first.asked_line) == ([], "")
    assert [(r.number, r.text, r.due) for r in first.made] == [
        ("2023-1", "説明会を年2回開く", "令和6年度")
    ]
    now, page = judged["now"]
    assert now.improvement is not None
    assert (
        "（できた 0件・一部できた 1件・できなかった 0件・未回答 0件）" in now.improvement.asked_line
    )
    assert [(r.result, r.answer) for r in now.improvement.asked] == [("一部できた", "1回開いた")]
    assert now.improvement.made == []
    assert len(page.all("table", "promises")) == 1


def test_changes_of_the_plan_and_errata(
    judged: Mapping[str, tuple[ReportContext, Element]],
) -> None:
    made, page = judged["now"]
    assert made.changes is not None
    assert made.changes.title == "計画の変更・正誤"
    (block,) = made.changes.revisions
    assert (block.since, block.reason, block.decided) == (
        "令和6年度から",
        "学生数の減少",
        "第2回懇話会、2024年10月10日",
    )
    assert [(c.label, c.text) for c in block.changes] == [("目標変更", "R6の目標: 80 → 70人")]
    (row,) = made.changes.errata
    assert (row.old, row.new, row.reason) == ("38人", "83人", "転記の誤り")
    assert row.place == "R5 2-1-1-s1b ボランティアセンターの個人登録者数 実績"
    assert "80 → 70人" in page.one("table", "revisions").text
    # what counts from later years on is no part of an earlier year's report
    earlier = judged["corrected"][0].changes
    assert earlier is not None
    assert (earlier.title, earlier.revisions) == ("正誤", [])
    assert judged["sealed"][0].changes is None


@pytest.mark.parametrize("name", ["sealed", "corrected", "now"])
def test_the_contents_follow_the_chapters(
    judged: Mapping[str, tuple[ReportContext, Element]], name: str
) -> None:
    made, page = judged[name]
    heads = [h for h in page.one("main").all("h2") if h.attrs["id"].startswith("chapter-")]
    assert [h.text for h in heads] == [f"{one.number}{one.title}" for one in made.chapters]
    assert [h.attrs["id"] for h in heads] == [one.anchor for one in made.chapters]
    assert [one.number for one in made.chapters] == [
        str(n) for n in range(1, len(made.chapters) + 1)
    ]
    ids = [e.attrs["id"] for e in page.all() if "id" in e.attrs]
    assert len(ids) == len(set(ids))


def test_what_is_not_told_takes_no_place() -> None:
    made = sample.context()
    page = read(find_format("html").render(made))
    assert (made.proceedings, made.improvement, made.changes) == (None, None, None)
    assert (made.judged, made.money is None, [c.kind for c in made.chapters]) == (
        *(False, False),
        ["plan", "method", "overall", "exceptions", "goals", "comparison", "money", "appendix"],
    )
    assert made.overall.departed == []
    for name in ("stages", "departed", "meetings", "opinions", "promises", "revisions", "errata"):
        assert page.all("table", name) == []
    assert "評価" not in [th.text for th in page.all("th")]
