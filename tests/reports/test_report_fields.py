"""What is documented is what templates use: every field in print, no unknown one, the reference current."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from jinja2 import nodes
from pydantic import BaseModel

from shakyo_review.reports.chapters import CHAPTERS
from shakyo_review.reports.context import ChapterKind
from shakyo_review.reports.context.charts import Chart, Trend
from shakyo_review.reports.documents import DOCUMENTS
from shakyo_review.reports.reference import kind_of, models, reference
from shakyo_review.reports.rendering import environment, shipped_templates

DOCS = Path(__file__).parents[2] / "docs" / "report-fields.md"
TEXTS = {
    path: path.read_text(encoding="utf-8") for path in sorted(shipped_templates().rglob("*.j2"))
}
DRAWN = (*get_args(Chart), Trend)
"""Charts are printed by the helper that draws them, not field by field."""


def drawn() -> set[str]:
    found = set()
    for chart in DRAWN:
        found.add(chart.__name__)
        for field in chart.model_fields.values():
            found |= {one.__name__ for one in _held(field.annotation)}
    return found - {"Letter"}


def _held(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _held(inner)


def used(text: str) -> set[str]:
    """The names of all attributes a template asks for."""
    tree = environment().parse(text)
    return {one.attr for one in tree.find_all(nodes.Getattr)}


def test_the_reference_is_current() -> None:
    assert DOCS.read_text(encoding="utf-8") == reference(), (
        "python -m shakyo_review.reports.reference > docs/report-fields.md"
    )


@pytest.mark.parametrize("model", list(models()), ids=lambda model: model.__name__)
def test_every_field_is_printed_by_html_and_in_the_reference(model: type[BaseModel]) -> None:
    assert f"## {model.__name__}\n" in reference()
    if model.__name__ in drawn():
        return
    asked = set().union(*(used(text) for path, text in TEXTS.items() if ".html." in path.name))
    missing = set(model.model_fields) - asked - {"file_stem"}  # names the file, stands in none
    assert not missing, f"{model.__name__}: {missing}"


def test_no_template_asks_for_an_unknown_field() -> None:
    known = {name for model in models() for name in model.model_fields}
    jinja = {"index", "index0", "first", "last", "length"}  # of loop
    for path, text in TEXTS.items():
        if ".html." in path.name:
            assert used(text) <= known | jinja, path


def test_every_chapter_has_its_part_and_every_document_its_template() -> None:
    assert set(CHAPTERS) == set(get_args(ChapterKind))
    folder = shipped_templates()
    for kind in CHAPTERS:
        assert (folder / "annual" / "parts" / f"{kind}.html.j2").is_file()
    for name in DOCUMENTS:
        assert (folder / name / "report.html.j2").is_file()


def test_kinds_are_told_in_words() -> None:
    assert kind_of(str) == "文字"
    assert kind_of(Trend | None) == "[Trend](#trend)（無いことがある）"
    assert re.fullmatch(r"(`\w+`・?)+", kind_of(ChapterKind))
