"""The formats a report can be written in; each one's module is imported only when it is used."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from shakyo_review.errors import WrongUsage
from shakyo_review.reports.context import ReportContext
from shakyo_review.reports.rendering import DEFAULT_TEMPLATE


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name on the command line, its title, the ending of its files, its module.

    The module offers ``render(context, template, user_templates) -> bytes``.
    """

    name: str
    title: str
    suffix: str
    module: str

    def file_name(self, stem: str) -> str:
        """Return the name of a report's file; ``stem`` is ``file_stem`` of its context."""
        return f"{stem}{self.suffix}"

    def render(
        self,
        context: ReportContext,
        template: str = DEFAULT_TEMPLATE,
        user_templates: Path | None = None,
    ) -> bytes:
        """Return the report as the bytes of a file.

        Raises ``WrongUsage`` for an unknown template, ``ReviewError`` for a broken one.
        """
        made: bytes = import_module(self.module).render(context, template, user_templates)
        return made


def file_stem(plan_code: str, year: int) -> str:
    """Return how the files of a year's report are called, without their ending."""
    return f"{plan_code}-{year}"


FORMATS = {
    fmt.name: fmt
    for fmt in (Format("html", "HTML（画面で読む・印刷する）", ".html", f"{__name__}.html"),)
}
"""Every format by name."""


def find_format(name: str) -> Format:
    """Return a format by name; ``WrongUsage`` lists those there are."""
    try:
        return FORMATS[name.strip().lower()]
    except KeyError:
        known = "、".join(FORMATS)
        raise WrongUsage(f"形式「{name[:20]}」はありません。", f"使える形式: {known}。") from None
