"""Templates: where they are found, what they may do, and what is said when one is broken.

A council's own folder is asked first, then the templates shipped; ``default:`` before a name
always means the shipped one, so that an own template can extend the one it replaces.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from pydantic import BaseModel

from shakyo_review.errors import ReviewError, WrongUsage

PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED = "default"
"""The prefix under which a shipped template is found even where an own one has its name."""
DEFAULT_TEMPLATE = "annual"


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


def template_names(suffix: str, user_templates: Path | None = None) -> list[str]:
    """Return the names of the templates that can make a format (``suffix`` with its dot)."""
    folders = [folder for folder in (user_templates, shipped_templates()) if folder is not None]
    found = {p.parent.name for folder in folders for p in folder.glob(f"*/report{suffix}.j2")}
    return sorted(found)


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


def environment(user_templates: Path | None = None) -> ImmutableSandboxedEnvironment:
    """Return the environment of HTML templates: strict, escaping, without access to Python.

    Raises ``WrongUsage`` when the user's folder does not exist.
    """
    shipped = FileSystemLoader(shipped_templates(), encoding="utf-8")
    loaders: list[Any] = []
    if user_templates is not None:
        if not user_templates.is_dir():
            raise WrongUsage(
                f"ひな型のフォルダ「{user_templates}」がありません。", "場所を確かめてください。"
            )
        loaders.append(FileSystemLoader(user_templates, encoding="utf-8"))
    loaders += [shipped, PrefixLoader({SHIPPED: shipped}, delimiter=":")]
    env = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        undefined=_Missing,
        autoescape=True,
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
) -> str:
    """Render ``<template>/report<suffix>.j2`` with values and helper functions.

    Raises ``WrongUsage`` for an unknown template, ``TemplateTrouble`` for a broken one, and lets
    every other ``ReviewError`` through.
    """
    env = environment(user_templates)
    env.globals.update(helpers)
    names = template_names(suffix, user_templates)
    if template not in names:
        raise WrongUsage(
            f"ひな型「{template[:60]}」はありません。", f"使えるひな型: {'、'.join(names)}。"
        )
    main = f"{template}/report{suffix}.j2"
    try:
        return env.get_template(main).render(**values)
    except ReviewError:
        raise
    except Exception as error:
        raise _explained(error, main, _folders(user_templates)) from error


def _folders(user_templates: Path | None) -> list[Path]:
    folders = [shipped_templates()]
    return folders if user_templates is None else [user_templates, *folders]


def _explained(error: Exception, main: str, folders: list[Path]) -> TemplateTrouble:
    """Word what went wrong in a template: which, where, what."""
    name, line = _place(error.__traceback__, folders) or (main, 0)
    if isinstance(error, TemplateSyntaxError):
        name, line = _named(error.filename, folders) or error.name or name, error.lineno
        what, hint = "書き方に誤りがあります", f"原文: {error.message}"
    elif isinstance(error, UndefinedError):
        what, hint = error.message or "値がありません", "欄の名前を確かめてください。"
    elif isinstance(error, TemplateNotFound):
        what, hint = f"読み込むひな型「{error.name}」がありません", "名前を確かめてください。"
    elif isinstance(error, SecurityError):
        what, hint = "ひな型では使えない書き方です", "report の欄だけを使ってください。"
    elif isinstance(error, UnicodeDecodeError):
        what, hint = "文字コードが読めません", "UTF-8 で保存してください。"
    elif isinstance(error, RecursionError):
        what, hint = "自分自身を読み込み続けています", f"「{SHIPPED}:」を付けて読み込んでください。"
    else:
        what, hint = "処理できません", f"原文: {type(error).__name__}: {error}"
    where = f"の{line}行目" if line else ""
    return TemplateTrouble(f"ひな型「{name}」{where}: {what}。", hint)


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
    if filename is None or not re.search(r"\.(j2|css|html)$", filename):
        return None
    path = Path(filename)
    for folder in folders:
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return None
