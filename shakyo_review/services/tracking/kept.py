"""How a council's own 進捗管理シート is read, settled once and kept with the book.

A choice belongs to the heads of a table, whatever their order and their years are: next year's sheet with the
same heads is read without asking. Rows that a person has given an indicator are kept by their words.
"""

import json
from collections.abc import Mapping

from pydantic import Field as Described
from pydantic import ValidationError

from shakyo_review.domain.base import Model
from shakyo_review.domain.person import Act
from shakyo_review.errors import WrongUsage, quoted
from shakyo_review.exchange.tracking.words import FIELD_LABELS, Field
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import now
from shakyo_review.storage import history as history_rows
from shakyo_review.storage import settings
from shakyo_review.storage.database import explained

_NAME = "tracking:"
NOT_READ = 0
"""Stands for the identity of an indicator where a row is not to be read."""


class Layout(Model):
    """What is kept for the tables of the same heads."""

    name: str = Described("", description="最初に読んだファイルとシートの名前")
    columns: dict[str, Field] = Described(
        default_factory=dict, description="見出し（年度を除く）ごとの読み方"
    )
    rows: dict[str, int] = Described(
        default_factory=dict, description="行の言葉ごとの指標（識別番号、0は読まない）"
    )

    @property
    def text(self) -> str:
        """The columns in one line: 指標=指標名、実績={年}実績."""
        return "、".join(
            f"{FIELD_LABELS[said]}＝{pattern.replace('/', ' ').replace('{年}', '○年度') or '（見出しなし）'}"
            for pattern, said in self.columns.items()
        )


def layouts(book: ReviewBook) -> dict[str, Layout]:
    """Return what is kept, by the finger print of the heads; what cannot be read counts as not kept."""
    with explained(book.path):
        kept = settings.settings_named(book.file.db, _NAME)
    found = {}
    for name, value in kept.items():
        try:
            found[name] = Layout.model_validate(json.loads(value))
        except (ValidationError, ValueError, RecursionError):
            continue
    return found


def layout_of(book: ReviewBook, fingerprint: str) -> Layout | None:
    """Return what is kept for some heads; None where nothing is."""
    return layouts(book).get(fingerprint)


def keep_columns(
    book: ReviewBook, fingerprint: str, columns: Mapping[str, Field], name: str
) -> None:
    """Keep what the columns of some heads are; the rows kept with them stay."""
    old = layout_of(book, fingerprint)
    new = Layout(
        name=old.name if old is not None and old.name else name,
        columns=dict(columns),
        rows={} if old is None else old.rows,
    )
    _keep(book, fingerprint, new, old, "列の読み方")


def keep_row(
    book: ReviewBook, fingerprint: str, row: str, code: str, year: int, name: str = ""
) -> None:
    """Keep which indicator (its code in a year; '' for none) the rows of some words are about."""
    old = layout_of(book, fingerprint) or Layout(name=name)
    number = book.edition_of(year).ids.indicator[code] if code else NOT_READ
    new = old.model_copy(update={"rows": {**old.rows, row: number}})
    _keep(book, fingerprint, new, old, "行と指標の対応")


def forget(book: ReviewBook, fingerprint: str = "") -> int:
    """Forget what is kept for some heads ('' for all of them); returns how many were kept."""
    with book.writing(Act.IMPORT):
        kept = layouts(book)
        if fingerprint and fingerprint not in kept:
            raise WrongUsage(
                f"読み方{quoted(fingerprint)}は覚えていません。",
                "「tracking show」で、覚えている読み方を確かめてください。",
            )
        gone = {name: one for name, one in kept.items() if fingerprint in ("", name)}
        for name, one in gone.items():
            settings.drop_setting(book.file.db, _NAME + name)
            _tell(book, one, None, f"進捗管理シートの読み方（{one.name}）を忘れました")
    return len(gone)


def _keep(book: ReviewBook, fingerprint: str, new: Layout, old: Layout | None, what: str) -> None:
    if new == old:
        return
    with book.writing(Act.IMPORT):
        value = json.dumps(new.model_dump(mode="json"), ensure_ascii=False, sort_keys=False)
        settings.put_setting(book.file.db, _NAME + fingerprint, value)
        _tell(book, old, new, f"進捗管理シートの{what}（{new.name}）を覚えました")


def _tell(book: ReviewBook, old: Layout | None, new: Layout | None, why: str) -> None:
    """Write a row of the history, inside a transaction."""
    before, after = (
        None if one is None else {"layout": one.model_dump(mode="json")} for one in (old, new)
    )
    history_rows.append(
        book.file.db,
        history_rows.Change(
            at=now(),
            who=book.who,
            entity="book",
            code=book.plan.code,
            fiscal_year=None,
            kind="",
            branch="",
            period="",
            old=before,
            new=after or {},
            reason=why,
        ),
    )
