"""The formats a report can be written in; each one's module is imported only when it is used."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from shakyo_review.errors import WrongUsage

if TYPE_CHECKING:
    from shakyo_review.reports.context import ReportContext

DEFAULT_TEMPLATE = "annual"


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name on the command line, its title, the ending of its files, its module.

    The module offers ``render(context, template, user_templates) -> bytes``, and may offer ``begin``.
    """

    name: str
    title: str
    suffix: str
    module: str

    @property
    def template_suffix(self) -> str:
        """Return the ending of its templates; PDF is made from Typst code."""
        return ".typ" if self.name == "pdf" else self.suffix

    def file_name(self, stem: str) -> str:
        """Return the name of a report's file; ``stem`` is ``file_stem`` of its context."""
        return f"{stem}{self.suffix}"

    def render(
        self,
        context: "ReportContext",
        template: str = DEFAULT_TEMPLATE,
        user_templates: Path | None = None,
    ) -> bytes:
        """Return the report as the bytes of a file.

        Raises ``WrongUsage`` for an unknown template, ``ReviewError`` for a broken one.
        """
        return self.begin(context, template, user_templates)()

    def begin(
        self,
        context: "ReportContext",
        template: str = DEFAULT_TEMPLATE,
        user_templates: Path | None = None,
    ) -> Callable[[], bytes]:
        """Do what has to be done in this thread; return what ends it, in another one if need be.

        A module that has nothing to leave for later has no ``begin`` of its own.
        """
        module = import_module(self.module)
        if hasattr(module, "begin"):
            left: Callable[[], bytes] = module.begin(context, template, user_templates)
            return left
        made: bytes = module.render(context, template, user_templates)
        return lambda: made


def file_stem(plan_code: str, year: int) -> str:
    """Return how the files of a year's report are called, without their ending."""
    return f"{plan_code}-{year}"


FORMATS = {
    name: Format(name, title, f".{name}", f"{__name__}.{name}")
    for name, title in (
        ("html", "HTML（画面で読む・印刷する）"),
        ("pdf", "PDF（配る・印刷する）"),
        ("docx", "Word（続きを書く）"),
        ("xlsx", "Excel（表で使う）"),
        ("csv", "CSV（一覧表だけ）"),
        ("md", "Markdown（文字だけ）"),
    )
}
"""Every format by name."""


def find_format(name: str) -> Format:
    """Return a format by name; ``WrongUsage`` lists those there are."""
    try:
        return FORMATS[name.strip().lower()]
    except KeyError:
        known = "、".join(FORMATS)
        raise WrongUsage(f"形式「{name[:20]}」はありません。", f"使える形式: {known}。") from None
