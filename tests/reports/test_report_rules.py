"""What a template may do: print and arrange; it computes nothing, ends, and stays in its folder."""

from pathlib import Path

import pytest
from markupsafe import Markup

from shakyo_review.errors import WrongUsage
from shakyo_review.reports import template_rules
from shakyo_review.reports.rendering import (
    TemplateTrouble,
    environment,
    find_template,
    render_template,
    shipped_templates,
)
from shakyo_review.reports.template_rules import FILTERS

SHIPPED = sorted(shipped_templates().rglob("*.j2"))


def rendered(folder: Path, text: str, escaper=None, **values: object) -> str:
    path = folder / "own" / "report.txt.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return render_template("own", ".txt", values, {"code": Markup}, folder, escaper)


def trouble(folder: Path, text: str, **values: object) -> TemplateTrouble:
    with pytest.raises(TemplateTrouble) as caught:
        rendered(folder, text, **values)
    assert "own/report.txt.j2" in caught.value.message
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: str(p.relative_to(shipped_templates())))
def test_no_shipped_template_computes(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert environment().compile(source, path.name, str(path)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "{{ n + 1 }}",
        "{{ n - 1 }}",
        "{{ n * 2 }}",
        "{{ n / 2 }}",
        "{{ n // 2 }}",
        "{{ n % 2 }}",
        "{{ n ** 2 }}",
        "{{ -n }}",
        "{% set x = n + 1 %}{{ x }}",
        "{% if n - 1 > 3 %}a{% endif %}",
        "{% for x in range(n + 1) %}{% endfor %}",
        "{{ [n, n]|sum }}",
        "{{ n|round }}",
        "{{ n|float }}",
        "{{ '%.1f'|format(n) }}",
        "{% filter round %}{{ n }}{% endfilter %}",
        "{{ [n]|map('round')|list }}",
        "{{ [1, 2, 3]|random }}",
        "{{ word|safe }}",
    ],
)
def test_an_own_template_computes_nothing(tmp_path: Path, text: str) -> None:
    problem = trouble(tmp_path, f"一行目\n{text}", n=3, word="<b>")
    assert "2行目" in problem.message
    assert "計算" in problem.message or "使え" in problem.message


@pytest.mark.parametrize(
    "text", ["{{ word.upper() }}", "{{ word.format(1) }}", "{{ n.bit_length() }}", "{{ lipsum() }}"]
)
def test_methods_of_texts_and_numbers_cannot_be_called(tmp_path: Path, text: str) -> None:
    trouble(tmp_path, text, n=3, word="a")


def test_what_arranges_can_be_used(tmp_path: Path) -> None:
    text = (
        "{% for one in rows|sort|unique %}{{ loop.index }}{{ loop.cycle('a', 'b') }}{{ one }}"
        "{{ '、' if not loop.last }}{% endfor %}｜{{ rows|join('・') }}｜{{ rows|length }}｜{{ rows[-1] }}"
        "｜{{ rows|first ~ rows|last }}"
    )
    assert (
        rendered(tmp_path, text, rows=["い", "あ", "い"]) == "1aあ、2bい｜い・あ・い｜3｜い｜いい"
    )
    assert not FILTERS & {"sum", "round", "int", "float", "abs", "random", "safe", "format"}


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999)|map('string') %}{% endfor %}{% endfor %}",
        "{% set n = namespace(t='あ') %}{% for a in range(99) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ range(99999999) }}",
    ],
)
def test_a_template_without_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(template_rules, "MOST_STEPS", 200_000)  # sooner than for real reports
    trouble(tmp_path, text)


def test_what_lies_outside_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("秘密", encoding="utf-8")
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert "外を指しています" in _included(folder, "link.txt").message
    (folder / "word").mkdir()
    (folder / "word" / "report.docx").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(TemplateTrouble, match="外を指しています"):
        find_template("word", ".docx", folder)
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "own/../../secret.txt"):
        assert "ありません" in _included(folder, name).message


def _included(folder: Path, name: str) -> TemplateTrouble:
    with pytest.raises(TemplateTrouble) as caught:
        rendered(folder, f'{{% include "{name}" %}}')
    assert "秘密" not in str(caught.value)
    return caught.value


def test_a_folder_reached_by_a_link_is_as_good_as_any(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert rendered(tmp_path / "link", "表紙") == "表紙"


def stars(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "\\<")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("*{{ a }}*", r"*\*&\<*"),
        ("{{ '*' }}", r"\*"),
        ("{% macro m(x) %}*{{ x }}*{% endmacro %}{{ m(a) }}", r"*\*&\<*"),
        ("{% macro m(x) %}*{{ x }}*{% endmacro %}{{ m(a) ~ a }}", r"*\*&\<*\*&\<"),
        ("{{ code('*') ~ a ~ 1 }}", r"*\*&\<1"),
        ("{{ [code('*'), a]|join('*') }}", r"*\*\*&\<"),
        ("{{ [a, a]|join('*') }}", r"\*&\<\*\*&\<"),
        ("{% set x %}*{{ a }}{% endset %}{{ x }}", r"*\*&\<"),
        ("{{ a|e }}", r"\*&\<"),
        ("{% autoescape false %}{{ a }}{% endautoescape %}", r"\*&\<"),
        ("{{ a if a else '' }}", r"\*&\<"),
        ("{{ code('*') }}", "*"),
        ("{% filter lower %}*{{ a }}{% endfilter %}", r"*\*&\<"),
        ("{% block b %}{{ a }}{% endblock %}{{ self.b() }}", r"\*&\<\*&\<"),
    ],
)
def test_everything_printed_is_escaped_once_as_its_format_wants_it(
    tmp_path: Path, text: str, told: str
) -> None:
    assert rendered(tmp_path, text, stars, a="*&<") == told


def test_own_templates_extend_the_shipped_ones_with_the_escaping_of_the_format(
    tmp_path: Path,
) -> None:
    (tmp_path / "base.txt").write_text("{% block a %}*{{ a }}{% endblock %}", encoding="utf-8")
    text = '{% extends "base.txt" %}{% block a %}{{ super() }}_{{ a }}{% endblock %}'
    assert rendered(tmp_path, text, stars, a="*") == r"*\*_\*"


def test_the_users_own_file_is_found_first(tmp_path: Path) -> None:
    assert find_template("annual", ".html").is_relative_to(shipped_templates())
    own = tmp_path / "annual" / "report.html.j2"
    own.parent.mkdir()
    own.write_text("", encoding="utf-8")
    assert find_template("annual", ".html", tmp_path) == own
    word = tmp_path / "council" / "report.docx"
    word.parent.mkdir()
    word.write_bytes(b"")
    assert find_template("council", ".docx", tmp_path) == word
    (tmp_path / "folder" / "report.html.j2").mkdir(parents=True)
    for name in ("council", "folder"):
        with pytest.raises(WrongUsage, match="使えるひな型: annual"):
            find_template(name, ".html", tmp_path)
