"""What has to fit on one sheet of paper does, printed by a real browser; what is left out is told."""

import asyncio
import base64
import io
from collections.abc import Mapping
from pathlib import Path

import pytest
import report_sample as sample
from browser import CHROMIUM, Browser, chromium
from commandline import run
from pypdf import PdfReader

from shakyo_review.domain.cell import Cell, Kind
from shakyo_review.domain.comparison import compare_years
from shakyo_review.domain.evaluation import Meeting, Opinion
from shakyo_review.domain.improvement import Direction, Improvement, Promise
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.year_score import YearScore
from shakyo_review.reports.building import build_context
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.formats import find_format
from shakyo_review.reports.story import Said, Story
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.publishing import report_context

PLANS = {"osaka": 2024, "zushi": 2024, "okegawa": 2024, "isesaki": 2024, "asahi": 2021}
LONG = "地域の担い手が減り、予定した回数を開けなかった。会場を分けて続けたところ、参加した人から喜ばれた。"


def bundled(folder: Path) -> dict[str, ReportContext]:
    made = {}
    for name, year in PLANS.items():
        assert run("demo", name, "--out", folder / name).status == 0
        (path,) = (folder / name).glob("*.db")
        with ReviewBook.open(path, "試験") as book:
            made[name] = report_context(book, year)
    return made


def crowded() -> ReportContext:
    """A year in which everybody wrote much: 60 indicators of one goal and one owner, long names and notes."""
    codes = [f"1-{number}" for number in range(1, 61)]
    items = [
        {
            "code": code,
            "name": f"{code}の、名前の長い取組をみんなで進めていく地域づくりの事業",
            "indicators": [
                sample.indicator(f"{code}a", f"参加した人と支えた人の延べの数（{code}）", "人")
            ],
        }
        for code in codes
    ]
    data = sample.plan().model_dump(mode="json", exclude_none=True)
    goal = {"code": "1", "name": "支え合い" * 8, "owners": ["社協"], "children": items}
    plan = Plan.model_validate({**data, "tree": [goal, *data["tree"][1:]]})
    cells: list[Cell] = []
    for place, code in enumerate(codes):
        for year in sample.YEARS:
            cells.append(sample.value(f"{code}a", year, Kind.TARGET, "12345"))
            more = {"note": LONG * 4} if place % 2 else {}
            actual = str(4000 + 150 * place)
            cells.append(sample.value(f"{code}a", year, Kind.ACTUAL, actual, **more))
    scores = sample.scores(plan, cells)
    told = {"by": "事務局", "date": "2025-06-01"}
    made = tuple(
        Promise(
            f"2024-{n}", code, 2024, Improvement(text=LONG * 3, owner="社協", due=2025, **told), {}
        )
        for n, code in enumerate(codes[:12], 1)
    )
    asked = tuple(
        Promise(
            f"2023-{n}", code, 2023, Improvement(text=LONG * 3, owner="社協", due=2024, **told), {}
        )
        for n, code in enumerate(codes[:12], 1)
    )
    story = Story(
        directions={code: Direction(word="改善", note=LONG * 2, **told) for code in codes},
        made=made,
        asked=asked,
        opinions=(Said(1, "ALL", Opinion(text=LONG, **told)),),
        meetings={
            "committee": (Meeting(date="2025-06-01", title="推進委員会", present=("青木",)),)
        },
    )
    return _context(plan, scores, story)


def _context(plan: Plan, scores: Mapping[int, YearScore], story: Story) -> ReportContext:
    years = sorted(scores)
    return build_context(
        *(plan, scores[years[-1]], scores[years[-2]], compare_years(scores), []), story=story
    )


async def _pages(
    browser: Browser, files: Mapping[tuple[str, str], Path]
) -> dict[tuple[str, str], int]:
    found = {}
    page = await browser.page()
    for key, path in files.items():
        await page.go(path.as_uri())
        await page.until(
            f"location.href === {path.as_uri()!r} && document.readyState === 'complete'"
        )
        answer = await page.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        found[key] = len(PdfReader(io.BytesIO(base64.b64decode(answer["data"]))).pages)
    return found


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_sheets_of_one_page_take_one_page(tmp_path: Path) -> None:
    contexts = {**bundled(tmp_path), "crowded": crowded()}
    files, wanted = {}, {}
    for name, made in contexts.items():
        asked = [("summary", 1)]
        if name in ("okegawa", "crowded"):
            asked += [("goals", len(made.goals)), ("committees", len(made.committees))]
        for document, pages in asked:
            path = tmp_path / f"{name}-{document}.html"
            path.write_bytes(find_format("html").render(made, document))
            files[name, document], wanted[name, document] = path, pages

    async def printed() -> dict[tuple[str, str], int]:
        async with chromium() as browser:
            return await _pages(browser, files)

    assert asyncio.run(printed()) == wanted


def test_what_does_not_fit_is_counted() -> None:
    made = crowded()
    summary, goal, committee = made.summary, made.goals[0], made.committees[0]
    assert summary.weak
    left = int(made.exceptions.below_count) - len(summary.weak)
    assert summary.weak_more == f"このほかの{left}件は、評価報告書に載せています。"
    assert summary.next
    assert summary.next_more
    shown = len(goal.sheet_indicators)
    assert 0 < shown < 60
    assert f"指標{60 - shown}件" in goal.sheet_more[0]
    assert 0 < len(committee.rows) < 60
    assert (
        committee.rows_more
        == f"ほかの{60 - len(committee.rows)}件の指標は、評価報告書に載せています。"
    )
    assert committee.promises_more
    # what was cut says so
    assert all(fact.text.endswith("…") for fact in goal.done)


def test_the_lowest_come_first() -> None:
    made = crowded()
    tones = [row.letter.tone for row in made.committees[0].rows]
    assert tones == sorted(tones, reverse=True)
    assert made.summary.weak[0].text == "12,345人が目標のところ、4,000人でした。"
