import importlib.resources
from pathlib import Path

import pytest
import report_sample as sample
from report_page import read

from shakyo_review.errors import ReviewError, WrongUsage
from shakyo_review.reports.formats import FORMATS, find_format
from shakyo_review.reports.rendering import TemplateTrouble, css_string, shipped_templates


def own(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return folder


def render(folder: Path | None = None, template: str = "annual") -> str:
    return find_format("html").render(sample.context(), template, folder).decode()


def broken(tmp_path: Path, text: str, encoding: str = "utf-8") -> ReviewError:
    folder = own(tmp_path, "annual/report.html.j2", text, encoding)
    with pytest.raises(TemplateTrouble) as caught:
        render(folder)
    assert "annual/report.html.j2" in caught.value.message
    assert caught.value.hint
    return caught.value


def test_an_own_template_extends_the_shipped_one_of_the_same_name(tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        "annual/report.html.j2",
        '{% extends "default:annual/report.html.j2" %}{% block cover %}<h1>私の表紙 {{ report.cover.body }}</h1>{% endblock %}',
    )
    page = read(render(folder).encode())
    assert page.one("h1").text == "私の表紙 まち社会福祉協議会"
    assert page.by_id("chapter-exceptions")


def test_one_part_alone_can_be_replaced(tmp_path: Path) -> None:
    folder = own(tmp_path, "annual/parts/cover.html.j2", "<h1>差し替え</h1>")
    assert read(render(folder).encode()).one("h1").text == "差し替え"


def test_a_template_of_ones_own_name(tmp_path: Path) -> None:
    folder = own(tmp_path, "council/report.html.j2", "{{ report.cover.year }}")
    assert render(folder, "council") == "令和6年度"


def test_a_field_that_does_not_exist_is_named_with_template_and_line(tmp_path: Path) -> None:
    error = broken(tmp_path, "<p>\n\n{{ report.cover.nothing }}")
    assert "3行目" in error.message
    assert "nothing" in error.message
    assert "plan_title" in error.message


def test_a_field_missing_deep_in_a_loop(tmp_path: Path) -> None:
    error = broken(
        tmp_path, "{% for goal in report.goals %}\n{{ goal.title }}{{ goal.points }}\n{% endfor %}"
    )
    assert "2行目" in error.message
    assert "points" in error.message


def test_an_unknown_name(tmp_path: Path) -> None:
    error = broken(tmp_path, "a\n{{ today }}")
    assert "2行目" in error.message
    assert "today" in error.message


def test_wrong_syntax(tmp_path: Path) -> None:
    assert "2行目" in broken(tmp_path, "a\n{% if %}").message


def test_a_missing_part(tmp_path: Path) -> None:
    error = broken(tmp_path, '\n{% include "nowhere.j2" %}')
    assert "nowhere.j2" in error.message
    assert "2行目" in error.message


def test_trouble_in_an_included_part_names_the_part(tmp_path: Path) -> None:
    folder = own(tmp_path, "annual/parts/cover.html.j2", "<h1>\n{{ report.nope }}</h1>")
    with pytest.raises(TemplateTrouble, match=r"annual/parts/cover\.html\.j2」の2行目"):
        render(folder)


def test_a_calculation_that_fails(tmp_path: Path) -> None:
    assert "2行目" in broken(tmp_path, "\n{{ 1 / 0 }}").message


def test_a_template_that_extends_itself(tmp_path: Path) -> None:
    error = broken(tmp_path, '{% extends "annual/report.html.j2" %}')
    assert "default:" in error.hint


def test_a_template_in_another_encoding(tmp_path: Path) -> None:
    assert "UTF-8" in broken(tmp_path, "表紙", "cp932").hint


def test_python_cannot_be_reached(tmp_path: Path) -> None:
    broken(tmp_path, "{{ ''.__class__.__mro__ }}")


def test_a_missing_folder_and_an_unknown_template(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="フォルダ"):
        render(tmp_path / "none")
    for name in ("council", "../annual", "", "annual/parts"):
        with pytest.raises(WrongUsage, match="使えるひな型: annual"):
            render(tmp_path, name)


def test_an_unknown_format_lists_the_formats() -> None:
    with pytest.raises(WrongUsage) as caught:
        find_format("wordperfect")
    assert all(name in str(caught.value) for name in FORMATS)
    assert find_format(" HTML ").suffix == ".html"


def test_templates_are_found_in_the_wheel_and_beside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site" / "shakyo_review"
    package.mkdir(parents=True)
    with pytest.raises(ReviewError, match="見つかりません"):
        shipped_templates(package)
    (tmp_path / "site" / "templates").mkdir()
    assert shipped_templates(package) == tmp_path / "site" / "templates"
    (package / "templates").mkdir()
    assert shipped_templates(package) == package / "templates"


def test_the_shipped_templates_are_there() -> None:
    assert (shipped_templates() / "annual" / "report.html.j2").is_file()
    assert importlib.resources.files("shakyo_review")


def test_css_strings_are_harmless() -> None:
    made = str(css_string('a"b</style>\\ 令和\n'))
    assert made.startswith('"a')
    assert "</" not in made
    assert made.count('"') == 2
    assert "令和" in made
    assert "\n" not in made
