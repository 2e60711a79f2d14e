"""A whole book as open data: tables as CSV, described by a Frictionless Data Package.

``FIELDS`` of a table say what stands in each column; the files carry no clock and no locale, so that
the same book makes the same bytes. In the CSV a text that would run as a formula has an apostrophe
in front; in the JSON it stands as people wrote it.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shakyo_review.domain.table_text import guarded

Value = str | int | bool | Decimal | Sequence[Any] | Mapping[str, Any] | None
"""What a cell of a table may hold; None is a missing value, never zero."""
Row = tuple[Value, ...]

ZIP_DAY = (1980, 1, 1, 0, 0, 0)
"""The day of every file in an archive: the first one an archive can tell."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: name, Frictionless type, Japanese title, what it means, the unit of its numbers."""

    name: str
    type: str
    title: str
    about: str = ""
    unit: str = ""
    required: bool = False
    words: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the field descriptor."""
        told: dict[str, Any] = {"name": self.name, "type": self.type, "title": self.title}
        if self.about:
            told["description"] = self.about
        if self.unit:
            told["unit"] = self.unit
        rules: dict[str, Any] = {"required": True} if self.required else {}
        if self.words:
            rules["enum"] = list(self.words)
        return {**told, "constraints": rules} if rules else told


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that name a row of another table."""

    fields: tuple[str, ...]
    table: str
    keys: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the foreign key descriptor."""
        return {
            "fields": list(self.fields),
            "reference": {"resource": self.table, "fields": list(self.keys)},
        }


@dataclass(frozen=True, slots=True)
class Schema:
    """What a table is: its name, title, columns, the columns that name a row, references."""

    name: str
    title: str
    about: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()

    @property
    def path(self) -> str:
        """Where the table stands in the package."""
        return f"data/{self.name}.csv"

    def as_json(self) -> dict[str, Any]:
        """Return the resource descriptor."""
        schema: dict[str, Any] = {
            "fields": [one.as_json() for one in self.fields],
            "missingValues": [""],
            "primaryKey": list(self.key),
        }
        if self.references:
            schema["foreignKeys"] = [one.as_json() for one in self.references]
        return {
            "name": self.name,
            "path": self.path,
            "profile": "tabular-data-resource",
            "title": self.title,
            "description": self.about,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"'},
            "schema": schema,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its rows, in the order of the columns."""

    schema: Schema
    rows: tuple[Row, ...]

    def csv(self) -> bytes:
        """Return the table as CSV (RFC 4180, UTF-8)."""
        made = io.StringIO(newline="")
        writer = csv.writer(made, lineterminator="\r\n")
        writer.writerow([one.name for one in self.schema.fields])
        writer.writerows([_text(value) for value in row] for row in self.rows)
        return made.getvalue().encode()

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as JSON: numbers with decimals as texts, so that none of them is rounded."""
        names = [one.name for one in self.schema.fields]
        return [
            {name: _plain(value) for name, value in zip(names, row, strict=True)}
            for row in self.rows
        ]


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class Package:
    """Everything of a book: its tables and, beside them, files by name."""

    name: str
    title: str
    about: str
    tables: tuple[Table, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    documents: Mapping[str, Any] = field(default_factory=dict)
    """What ``book.json`` holds beside the tables."""

    def contents(self) -> dict[str, bytes]:
        """Return every file by its path in the package."""
        made = {table.schema.path: table.csv() for table in self.tables}
        made |= self.files
        made["book.json"] = self._whole()
        made["datapackage.json"] = as_json(self._descriptor(made))
        return dict(sorted(made.items()))

    def _whole(self) -> bytes:
        """Return everything as one JSON document, a row of a table on each line."""
        head = {"name": self.name, "title": self.title, **self.documents}
        tables = [
            f"{_line(table.schema.name)}: [\n{_lines(table.records())}\n]" for table in self.tables
        ]
        parts = [f"{_line(name)}: {_line(told)}" for name, told in head.items()]
        return (
            "{" + ",\n".join([*parts, '"tables": {' + ",\n".join(tables) + "}"]) + "}\n"
        ).encode()

    def _descriptor(self, files: Iterable[str]) -> dict[str, Any]:
        tables = [table.schema.as_json() for table in self.tables]
        known = {one["path"] for one in tables}
        others = [_file(path) for path in sorted(files) if path not in known]
        return {
            "profile": "data-package",
            "name": self.name,
            "title": self.title,
            "description": self.about,
            "resources": [*tables, *others],
        }


_MEDIA = {
    "json": "application/json",
    "yaml": "application/yaml",
    "csv": "text/csv",
    "md": "text/markdown",
}


def _file(path: str) -> dict[str, Any]:
    """Return the descriptor of a file that is no table."""
    stem, _, ending = path.rpartition(".")
    return {
        "name": stem.replace("/", "-").lower(),
        "path": path,
        "profile": "data-resource",
        "format": ending,
        "mediatype": _MEDIA[ending],
        "encoding": "utf-8",
    }


def _line(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, default=_plain)


def _lines(rows: Iterable[Any]) -> str:
    return ",\n".join(map(_line, rows))


def as_json(document: Any) -> bytes:
    """Return a document as it is written."""
    return f"{json.dumps(document, ensure_ascii=False, indent=1, default=_plain)}\n".encode()


def zipped(contents: Mapping[str, bytes], folder: str) -> bytes:
    """Return files as an archive that unpacks into one folder; the same files make the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, content in contents.items():
            entry = zipfile.ZipInfo(f"{folder}/{path}", ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()
