"""The documents a year's report consists of: their names, what they are made in, how files are called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shakyo_review.errors import WrongUsage, quoted
from shakyo_review.reports.chapters import CHAPTERS
from shakyo_review.reports.formats import DEFAULT_TEMPLATE, FORMATS, Format, find_format

if TYPE_CHECKING:
    from shakyo_review.reports.context import ReportContext

ALL = "all"
"""In the place of names: every one there is."""
PAPER = ("html", "pdf", "docx", "md")
"""The formats made by templates."""
TABLES = ("xlsx", "csv")
"""The formats that hold tables only."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its name (that of its template), its title, the formats it can be made in."""

    name: str
    title: str
    formats: tuple[str, ...]

    def file_name(self, stem: str, fmt: Format, number: int = 1) -> str:
        """Return how its file is called: osaka-2024-summary.pdf; the report itself has no name of its own.

        ``stem`` is ``file_stem`` of the context; a ``number`` above 1 tells it from earlier files.
        """
        told = [stem, *([] if self.name == DEFAULT_TEMPLATE else [self.name])]
        return fmt.file_name("-".join([*told, *([str(number)] if number > 1 else [])]))


DOCUMENTS = {
    one.name: one
    for one in (
        Document("annual", "評価報告書", (*PAPER, *TABLES)),
        Document("summary", "概要版（住民向け、A4 1枚）", PAPER),
        Document("goals", "目標別シート（目標ごとに1ページ）", PAPER),
        Document("committees", "担当別シート（担当ごとに1ページ）", PAPER),
        Document("yearbook", "年度一覧（計画の全年度）", (*PAPER, *TABLES)),
    )
}
"""The documents shipped, by name, in the order of the pack."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a pack: a document in a format."""

    document: Document
    format: Format

    @property
    def title(self) -> str:
        """Return what it is called while it is made: 評価報告書（PDF）."""
        return f"{self.document.title.partition('（')[0]}（{self.format.title.partition('（')[0]}）"

    def file_name(self, stem: str, number: int = 1) -> str:
        """Return how its file is called."""
        return self.document.file_name(stem, self.format, number)

    def begin(
        self, context: "ReportContext", user_templates: Path | None = None
    ) -> Callable[[], bytes]:
        """Make its file but for what another thread may do; return that (``Format.begin``)."""
        return self.format.begin(context, self.document.name, user_templates)


def all_documents(user_templates: Path | None = None) -> dict[str, Document]:
    """Return the documents shipped, then those of one's own: whatever the user's folder has templates for.

    Raises ``WrongUsage`` where that folder does not exist.
    """
    if user_templates is None:
        return DOCUMENTS
    from shakyo_review.reports.rendering import template_names

    made_in: dict[str, list[str]] = {}
    for name in PAPER:
        for own in template_names(FORMATS[name].suffix, user_templates):
            made_in.setdefault(own, []).append(name)
    new = sorted(set(made_in) - set(DOCUMENTS))
    return {**DOCUMENTS, **{name: Document(name, name, tuple(made_in[name])) for name in new}}


def find_document(name: str, known: Mapping[str, Document] = DOCUMENTS) -> Document:
    """Return a document by name; ``WrongUsage`` lists those there are."""
    try:
        return known[name.strip()]
    except KeyError:
        raise WrongUsage(
            f"文書（ひな型）{quoted(name.strip())}はありません。",
            f"使える文書: {'、'.join(known)}。",
        ) from None


def find_chapter(name: str) -> str:
    """Return the kind of a chapter, named by kind or by its Japanese title.

    Raises ``WrongUsage`` that lists those there are.
    """
    name = name.strip()
    for kind, title in CHAPTERS.items():
        if name in (kind, title):
            return kind
    known = "、".join(f"{kind}（{title}）" for kind, title in CHAPTERS.items())
    raise WrongUsage(f"章{quoted(name)}はありません。", f"使える章: {known}。")


def pieces(
    documents: Sequence[str], formats: Sequence[str], user_templates: Path | None = None
) -> list[Piece]:
    """Return the files asked for, document by document; ``all`` stands for every name there is.

    A document is made in those of the formats it can be made in. Raises ``WrongUsage`` where nothing is
    asked for, for an unknown name, and for a document or format named of which nothing would come.
    """
    known = all_documents(user_templates)
    wanted = _expanded(documents, list(known), "文書")
    kinds = _expanded(formats, list(FORMATS), "形式")
    found = list(dict.fromkeys(find_document(name, known) for name in wanted))
    chosen = list(dict.fromkeys(find_format(name) for name in kinds))
    made = [Piece(one, fmt) for one in found for fmt in chosen if fmt.name in one.formats]
    for document in found if ALL not in map(str.strip, documents) else ():
        if not any(piece.document == document for piece in made):
            raise WrongUsage(
                f"{document.title.partition('（')[0]}は、指定の形式（{'、'.join(kinds)}）では作れません。",
                f"作れる形式: {'、'.join(document.formats)}。",
            )
    for fmt in chosen if ALL not in map(str.strip, formats) else ():
        if not any(piece.format == fmt for piece in made):
            able = [one.name for one in known.values() if fmt.name in one.formats]
            raise WrongUsage(
                f"{fmt.name} では、指定の文書（{'、'.join(wanted)}）は作れません。",
                f"{fmt.name} で作れる文書: {'、'.join(able)}。",
            )
    return made


def _expanded(names: Sequence[str], known: list[str], what: str) -> list[str]:
    """Return the names asked for, each without blanks; every known one for ``all``."""
    asked = [name.strip() for name in names if name.strip()]
    if not asked:
        raise WrongUsage(f"{what}が指定されていません。", f"使える{what}: {'、'.join(known)}。")
    return known if ALL in asked else asked


def report_files(
    out: Path, stem: str, wanted: Sequence[Piece], *, keep: bool = False
) -> list[Path]:
    """Return where the files of a report lie; with ``keep`` under names that are free for all of them.

    The first free number is put behind every name: osaka-2024-2.html, osaka-2024-summary-2.pdf.
    """
    number, paths = 1, [out / piece.file_name(stem) for piece in wanted]
    while keep and any(path.exists() for path in paths):
        number += 1
        paths = [out / piece.file_name(stem, number) for piece in wanted]
    return paths
