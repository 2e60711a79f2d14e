import itertools
import re
import subprocess
import sys
from functools import cache

import pytest
import report_sample as sample
from report_page import Element, read

from shakyo_review.domain.value import format_percent, half_up
from shakyo_review.reports.formats import find_format

DOCUMENTS = ("annual", "summary", "goals", "committees", "yearbook")


@cache
def content(name: str = "annual") -> bytes:
    return find_format("html").render(sample.context(), name)


@cache
def page(name: str = "annual") -> Element:
    return read(content(name))


document = pytest.mark.parametrize("name", DOCUMENTS)


def shown(cell: Element) -> str:
    """The figure or letter of a cell, without marks and notes."""
    found = cell.all("span")
    assert len(found) == 1
    return found[0].text


@pytest.mark.parametrize("code", sorted(sample.plan().indicators))
def test_every_rate_and_letter_is_that_of_the_score(code: str) -> None:
    scores = sample.scores(sample.plan())
    cells = page().by_id(f"indicator-{code}").all("td", "year")
    for cell, year in zip(cells, sample.YEARS, strict=True):
        of_year = scores[year].indicators[code]
        rates = [found.one("span", "value").text for found in cell.all("span", "rate")]
        assert (rates or ["－"]) == [of_year.display]
        letters = [found.text for found in cell.all("span", "letter")]
        assert (letters or ["－"]) == [of_year.rating or "－"]


def test_the_sheet_shows_every_item_and_indicator_with_its_letter() -> None:
    plan = sample.plan()
    score = sample.scores(plan)[2024]
    rows = page().one("table", "sheet").one("tbody").all("tr")
    letters = {row.all("td")[0].text: shown(row.all("td")[-2]) for row in rows}
    expected = {code: s.rating or "－" for code, s in score.indicators.items()}
    expected |= {code: node.rating or "－" for code, node in score.nodes.items()}
    assert letters == expected


def test_goal_scores_are_those_of_the_score() -> None:
    score = sample.scores(sample.plan())[2024]
    rows = page().one("table", "goal-letters").one("tbody").all("tr")
    for row, goal in zip(rows, score.goals, strict=True):
        cells = row.all("td")
        assert shown(cells[0]) == (goal.rating or "－")
        text = "－" if goal.score is None else format_percent(half_up(goal.score, 1))
        assert shown(cells[1]) == text


def test_shares_add_up_to_100() -> None:
    cells = page().one("table", "counts").all("td", "share")
    total = sum(round(float(cell.text.rstrip("%")) * 10) for cell in cells)
    assert total == 1000


def test_markup_in_names_and_notes_stays_text() -> None:
    text = content().decode()
    assert "<script" not in text
    assert "49" not in page().by_id("indicator-1-1-2a").one("th").text
    assert sample.NASTY in page().by_id("indicator-1-1-2a").one("th").text
    assert f"実施内容　荒天。\n{sample.NASTY}" in page().by_id("indicator-2-1b").text
    assert text.count("</style>") == 1


def test_a_title_cannot_break_out_of_the_style_sheet() -> None:
    made = find_format("html").render(sample.context(sample.plan(title=sample.NASTY)))
    read(made)
    assert made.decode().count("</style>") == 1
    assert b"<script" not in made


def test_examples_are_marked_wherever_they_stand() -> None:
    block = page().by_id("indicator-2-1d")
    cell = block.all("td", "year")[-1]
    for found in (block.one("th"), cell.one("span", "got"), cell.one("span", "target")):
        assert [e.text for e in found.all("small", "example")] == ["例示"]
    assert "例示の数値を含みます" in page().one("header", "cover").text
    assert "例示の数値を含みます" in page().one("footer").text
    foot = re.search(
        r"@bottom-right \{ content: (.*?);", page().one("style").text.split("@page {\n")[-1]
    )
    assert foot is not None
    assert "例示の数値を含みます" in foot[1]
    chart = page().by_id("chart-2-1")
    assert "満足度" in chart.one("desc").text


def test_without_examples_nothing_says_so() -> None:
    cells = [cell for cell in sample.figures() if not cell.example]
    plan = sample.plan()
    data = plan.model_dump(mode="json", exclude_none=True)
    data["tree"][1]["children"][0]["indicators"][3]["example"] = False
    made = read(find_format("html").render(sample.context(type(plan).model_validate(data), cells)))
    assert made.all("small", "example") == []
    assert "例示の数値を含みます" not in made.one("header").text + made.one("footer").text


@document
def test_nothing_outside_the_file_is_asked_for(name: str) -> None:
    text = content(name).decode()
    assert "://" not in text
    assert "xmlns" not in text
    assert "@import" not in text
    assert all(url.startswith("#") for url in re.findall(r"url\(([^)]*)\)", text))
    for element in page(name).all():
        assert element.tag not in ("script", "link", "iframe", "object", "img")
        assert "src" not in element.attrs
        assert element.attrs.get("href", "#").startswith("#")
        assert not any(name.startswith("on") for name in element.attrs)


@document
def test_every_link_has_its_place_and_ids_are_unique(name: str) -> None:
    ids = [e.attrs["id"] for e in page(name).all() if "id" in e.attrs]
    assert len(ids) == len(set(ids))
    for element in page(name).all():
        if "href" in element.attrs:
            assert element.attrs["href"][1:] in ids, element.attrs["href"]
        for place in element.attrs.get("aria-labelledby", "").split():
            assert place in ids
    for place in re.findall(r"url\(#([^)]*)\)", content(name).decode()):
        assert place in ids


@document
def test_headings_tables_and_charts_are_sound_for_a_screen_reader(name: str) -> None:
    assert page(name).one("html").attrs["lang"] == "ja"
    levels = [int(e.tag[1]) for e in page(name).all() if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for table in page(name).all("table"):
        assert table.all("caption")[0].text.strip()
        assert table.one("thead").all("th")
        assert all(th.attrs.get("scope") for th in table.all("th"))
    for svg in page(name).all("svg"):
        assert svg.attrs["role"] == "img"
        assert svg.attrs.get("aria-label") or svg.one("title").text
    assert page(name).all("main")[0].attrs["id"] == "main"
    assert page(name).one("a", "skip").attrs["href"] == "#main"
    if name == "annual":
        assert page(name).one("nav").attrs["aria-labelledby"]


@document
def test_every_row_of_a_table_is_as_wide_as_its_head(name: str) -> None:
    for table in page(name).all("table"):
        widths = set()
        carried: list[int] = []  # for each column, in how many further rows it is taken from above
        for row in table.all("tr"):
            cells = [c for c in row.children if isinstance(c, Element)]
            spans = [
                (int(c.attrs.get("colspan", 1)), int(c.attrs.get("rowspan", 1))) for c in cells
            ]
            widths.add(sum(wide for wide, _ in spans) + len(carried))
            carried = [left - 1 for left in carried if left > 1]
            carried += [high - 1 for wide, high in spans for _ in range(wide) if high > 1]
        assert len(widths) == 1, table.one("caption").text
        assert carried == []


@document
def test_no_english_word_is_left(name: str) -> None:
    body = page(name).one("body")
    skip = {"svg", "style"}

    def texts(element: Element) -> str:
        return "".join(
            child if isinstance(child, str) else "" if child.tag in skip else texts(child) + " "
            for child in element.children
        )

    text = texts(body).replace(sample.NASTY, "")
    # Letters of the scale stand side by side in heads and sums; R6 is an era year.
    assert re.findall(r"[a-z]{2,}|[E-QS-Z][A-Za-z]|[A-Z][a-z]", text) == []
    titles = " ".join(e.attrs.get("title", "") + e.attrs.get("aria-label", "") for e in body.all())
    assert re.findall(r"[A-Za-z]{2,}", titles) == []


@document
def test_the_same_context_gives_the_same_bytes(name: str) -> None:
    assert find_format("html").render(sample.context(), name) == content(name)


def test_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; import report_sample as sample;"
        "from shakyo_review.reports.formats import find_format;"
        "print(hashlib.sha256(find_format('html').render(sample.context())).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=_environment(seed),
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def _environment(seed: str) -> dict[str, str]:
    import os
    from pathlib import Path

    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])])
    return {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths, "MPLBACKEND": "pdf"}
