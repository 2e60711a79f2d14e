"""Templates: where they are found, what they may do, and what is said when one is broken.

A council's own folder is asked first, then the templates shipped; ``default:`` before a name
always means the shipped one, so that an own template can extend the one it replaces.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.ext import Extension
from markupsafe import Markup
from pydantic import BaseModel

from shakyo_review.errors import ReviewError, WrongUsage, os_reason
from shakyo_review.reports.formats import DEFAULT_TEMPLATE as DEFAULT_TEMPLATE
from shakyo_review.reports.template_rules import Escape, ReportEnvironment, TooMuch

PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED = "default"
"""The prefix under which a shipped template is found even where an own one has its name."""


class TemplateTrouble(ReviewError):
    """A template that cannot be used; the message names template, line and field."""


def shipped_templates(package: Path = PACKAGE) -> Path:
    """Return the folder of the shipped templates.

    In an installed wheel it lies inside the package, in an editable install beside it.
    """
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise ReviewError(
        "報告書のひな型が見つかりません。", "インストールが壊れています。入れ直してください。"
    )


def template_file(template: str, suffix: str) -> str:
    """Return the name of a template's main file; a Word template is a Word file itself."""
    return f"{template}/report{suffix}" + ("" if suffix == ".docx" else ".j2")


def template_names(suffix: str, user_templates: Path | None = None) -> list[str]:
    """Return the names of the templates that can make a format (``suffix`` with its dot)."""
    pattern = template_file("*", suffix)
    files = (file for folder in _folders(user_templates) for file in folder.glob(pattern))
    return sorted({file.parent.name for file in files if file.is_file()})


def find_template(template: str, suffix: str, user_templates: Path | None = None) -> Path:
    """Return a template's main file, of the user's folder before the shipped one.

    Raises ``WrongUsage`` that lists the names there are, or where the user's folder is missing.
    """
    folders = _folders(user_templates)
    names = template_names(suffix, user_templates)
    if template not in names:
        raise WrongUsage(
            f"ひな型「{template[:60]}」はありません。", f"使えるひな型: {'、'.join(names)}。"
        )
    name = template_file(template, suffix)
    folder = next(folder for folder in folders if (folder / name).is_file())
    return _inside(folder / name, folder, name)


def _inside(file: Path, folder: Path, name: str) -> Path:
    """Return a file of a folder; raises ``TemplateTrouble`` where a link leads out of it."""
    if not file.resolve().is_relative_to(folder.resolve()):
        raise TemplateTrouble(
            f"ひな型「{name}」は、ひな型のフォルダの外を指しています。",
            "フォルダの中に置いてください。",
        )
    return file


def _folders(user_templates: Path | None) -> list[Path]:
    """Return where templates are looked for, in this order."""
    if user_templates is None:
        return [shipped_templates()]
    if not user_templates.is_dir():
        raise WrongUsage(
            f"ひな型のフォルダ「{user_templates}」がありません。", "場所を確かめてください。"
        )
    return [user_templates, shipped_templates()]


class _Folder(FileSystemLoader):
    """A folder of templates; nothing outside of it is read, also not through a link."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source, file, fresh = super().get_source(environment, template)
        _inside(Path(file), Path(self.searchpath[0]), template)
        return source, file, fresh


class _Missing(StrictUndefined):
    """A field that does not exist: every use of it is an error that names it."""

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if self._undefined_hint:
            return str(self._undefined_hint)
        if isinstance(self._undefined_obj, BaseModel):
            owner = type(self._undefined_obj)
            fields = "、".join(owner.model_fields)
            return f"{owner.__name__} に欄「{name}」はありません（使える欄: {fields}）"
        return f"「{name}」という名前の値はありません"


def css_string(text: str) -> Markup:
    """Return a text as a quoted CSS string, harmless inside a style element."""
    safe = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)
    return Markup(f'"{safe}"')  # noqa: S704 - everything but letters, digits and blanks is escaped


def environment(
    user_templates: Path | None = None,
    escaper: Escape | None = None,
    extensions: Sequence[type[Extension]] = (),
) -> ReportEnvironment:
    """Return the environment of templates: strict, escaping, without access to Python.

    ``escaper`` turns a text into the code of a format that prints exactly this text; without one
    it is the one of HTML. Raises ``WrongUsage`` when the user's folder does not exist.
    """
    loaders: list[BaseLoader] = [_Folder(one, encoding="utf-8") for one in _folders(user_templates)]
    loaders.append(PrefixLoader({SHIPPED: loaders[-1]}, delimiter=":"))
    env = ReportEnvironment(
        escaper,
        extensions=extensions,
        loader=ChoiceLoader(loaders),
        undefined=_Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters["css_string"] = css_string
    return env


def render_template(
    template: str,
    suffix: str,
    values: Mapping[str, Any],
    helpers: Mapping[str, Callable[..., str]],
    user_templates: Path | None = None,
    escaper: Escape | None = None,
    extensions: Sequence[type[Extension]] = (),
) -> str:
    """Render ``<template>/report<suffix>.j2`` with values and helper functions.

    ``escaper`` is that of the format (see ``environment``), ``extensions`` are Jinja's. Raises
    ``WrongUsage`` for an unknown template, ``TemplateTrouble`` for a broken one, and lets every other ``ReviewError`` through.
    """
    env = environment(user_templates, escaper, extensions)
    env.globals.update(helpers)
    find_template(template, suffix, user_templates)
    main = template_file(template, suffix)
    try:
        return env.get_template(main).render(**values)
    except ReviewError:
        raise
    except Exception as error:
        raise explained(error, main, user_templates) from error


def explained(error: Exception, main: str, user_templates: Path | None = None) -> TemplateTrouble:
    """Word what went wrong in a template: which, where, what; ``main`` where no place is known."""
    folders = _folders(user_templates)
    name, line = _place(error.__traceback__, folders) or (main, 0)
    if isinstance(error, TemplateSyntaxError):
        name, line = _named(error.filename, folders) or error.name or name, error.lineno
        what, hint = _syntax(error)
    elif isinstance(error, UndefinedError):
        what, hint = error.message or "値がありません", "欄の名前を確かめてください。"
    elif isinstance(error, TemplateNotFound):
        what, hint = f"読み込むひな型「{error.name}」がありません", "名前を確かめてください。"
    elif isinstance(error, SecurityError | TemplateRuntimeError):
        what, hint = "ひな型では使えない書き方です", "report の欄だけを使ってください。"
    elif isinstance(error, UnicodeDecodeError):
        what, hint = "文字コードが読めません", "UTF-8 で保存してください。"
    elif isinstance(error, TooMuch):
        what, hint = "くり返しが多すぎます", "終わらない for がないか確かめてください。"
    elif isinstance(error, OSError):
        what, hint = f"読めません（{os_reason(error)}）", "場所と権限を確かめてください。"
    elif isinstance(error, RecursionError):
        what, hint = "自分自身を読み込み続けています", f"「{SHIPPED}:」を付けて読み込んでください。"
    else:
        what, hint = "処理できません", f"原文: {type(error).__name__}: {error}"
    where = f"の{line}行目" if line else ""
    return TemplateTrouble(f"ひな型「{name}」{where}: {what}。", hint)


def _syntax(error: TemplateSyntaxError) -> tuple[str, str]:
    """Word a template that is written wrongly; the rules of ours are Japanese already."""
    told = error.message or ""
    if not told.isascii():
        return told, "計算した値や言葉は report の欄にあります。"
    return "書き方に誤りがあります", f"原文: {told}"


def _place(trace: TracebackType | None, folders: list[Path]) -> tuple[str, int] | None:
    """Return template and line of the innermost frame that lies in a template."""
    found: tuple[str, int] | None = None
    while trace is not None:
        name = _named(trace.tb_frame.f_code.co_filename, folders)
        if name is not None:
            found = name, trace.tb_lineno
        trace = trace.tb_next
    return found


def _named(filename: str | None, folders: list[Path]) -> str | None:
    """Return a template's name from the file it was read from."""
    if filename is None or not re.search(r"\.(j2|css|html|typ)$", filename):
        return None
    path = Path(filename)
    for folder in folders:
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return None
