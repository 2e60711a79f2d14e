"""The open data: every table against its own schema and keys, everything in it, nothing that must not be."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from books import opened
from rich_book import PASSPHRASE, rich_book

from shakyo_review.exchange.open_data.schema import SCHEMAS
from shakyo_review.services.json_views import document, score_view
from shakyo_review.services.opendata import open_data
from shakyo_review.services.reviewing import official
from shakyo_review.services.sealing import sealed_results

PARSERS: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "array": lambda text: _typed(text, list),
    "object": lambda text: _typed(text, dict),
}


def _typed(text: str, kind: type) -> object:
    found = json.loads(text)
    assert isinstance(found, kind)
    return found


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rich_book(tmp_path_factory.mktemp("open") / "rich.db")


@pytest.fixture(scope="module")
def folder(book: Path) -> Path:
    with opened(book) as one:
        return open_data(one, book.with_name("公開")).path


@pytest.fixture(scope="module")
def package(folder: Path) -> Any:
    return json.loads((folder / "datapackage.json").read_bytes())


@pytest.fixture(scope="module")
def tables(folder: Path, package: Any) -> dict[str, list[dict[str, str]]]:
    return {
        one["name"]: read(folder / one["path"]) for one in package["resources"] if "schema" in one
    }


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_every_file_is_described_and_every_description_is_of_a_file(
    folder: Path, package: Any
) -> None:
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert there == {one["path"] for one in package["resources"]} | {"datapackage.json"}
    names = [one["name"] for one in package["resources"]]
    assert len(set(names)) == len(names)
    assert "licenses" not in package  # the council decides


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_table_keeps_to_its_schema(
    folder: Path, package: Any, tables: dict[str, list[dict[str, str]]], name: str
) -> None:
    described = next(one for one in package["resources"] if one["name"] == name)
    schema, rows = described["schema"], tables[name]
    raw = (folder / described["path"]).read_bytes()
    head = next(csv.reader(io.StringIO(raw.decode(), newline="")))
    assert head == [one["name"] for one in schema["fields"]]
    assert raw.endswith(b"\r\n")
    assert not raw.startswith(b"\xef\xbb\xbf")
    for row in rows:
        for field in schema["fields"]:
            text, rules = row[field["name"]], field.get("constraints", {})
            if text == "":
                assert not rules.get("required"), (name, field["name"], row)
            else:
                PARSERS[field["type"]](text)
                assert text in rules.get("enum", [text])
    keys = [tuple(row[part] for part in schema["primaryKey"]) for row in rows]
    assert len(set(keys)) == len(keys)
    for one in schema.get("foreignKeys", ()):
        other = tables[one["reference"]["resource"]]
        known = {tuple(row[part] for part in one["reference"]["fields"]) for row in other}
        for row in rows:
            named = tuple(row[part] for part in one["fields"])
            assert named in known or not any(named), (name, named)


def test_no_text_runs_in_a_spreadsheet(folder: Path) -> None:
    """Whoever opens a table by a double click meets no formula; the JSON has the text as written."""
    for path in folder.rglob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_bytes().decode(), newline="")):
            assert not [text for text in row if text.startswith(tuple("=+@"))], path
    assert '"=1+1 のとおり"' in (folder / "book.json").read_text(encoding="utf-8")


def test_there_is_something_in_every_table(tables: dict[str, list[dict[str, str]]]) -> None:
    assert {name for name, rows in tables.items() if not rows} == {"other_records"}


def test_figures_stand_in_their_own_units_and_words(
    tables: dict[str, list[dict[str, str]]],
) -> None:
    figures = {
        (row["indicator"], row["fiscal_year"], row["kind"], row["branch"]): row
        for row in tables["figures"]
    }
    assert figures["b", "2024", "target", ""]["value"] == "0.10"
    share = figures["r", "2024", "actual", ""]
    assert (share["value"], share["denominator"]) == ("30", "100")
    assert figures["a", "2024", "actual", ""]["text"] == "'=1+1 のとおり"
    assert "次の行" in figures["a", "2024", "actual", ""]["note"]
    missing = figures["m", "2024", "actual", ""]
    assert (missing["value"], missing["state"], missing["state_label"]) == (
        "",
        "not_surveyed",
        "調査未実施",
    )
    # the same indicator under two codes: found by its number
    assert (
        figures["c", "2024", "actual", ""]["indicator_id"]
        == (figures["c9", "2025", "actual", ""]["indicator_id"])
    )
    assert {row["amount"] for row in tables["amounts"]} == {"1200", "1180"}


def test_results_are_those_of_the_commands(book: Path, folder: Path) -> None:
    whole = json.loads((folder / "book.json").read_bytes())
    with opened(book) as one:
        sealed = sealed_results(one, 2024)
        now = document(score_view(one.score(2025), official(one, 2025), sealed=False))
    for year, told in ((2024, sealed), (2025, now)):
        assert (folder / f"results/{year}.json").read_text(encoding="utf-8") == f"{told}\n"
        assert whole["results"][str(year)] == json.loads(told or "")


def test_the_json_holds_what_the_tables_hold(
    folder: Path, tables: dict[str, list[dict[str, str]]]
) -> None:
    whole = json.loads((folder / "book.json").read_bytes())
    assert {name: len(rows) for name, rows in whole["tables"].items()} == {
        name: len(rows) for name, rows in tables.items()
    }
    assert whole["tables"]["opinions"][0]["answer"] == "増やします"
    assert whole["tables"]["figures"][0]["version"] == 1


def test_no_passphrase_and_nobody_who_is_only_registered(book: Path, folder: Path) -> None:
    everything = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    assert b"argon2" not in everything
    assert PASSPHRASE.encode() not in everything
    assert "登録だけの人".encode() not in everything
    assert "田中花子".encode() in everything  # who judged stands beside the judgement


def test_names_can_be_replaced_everywhere_alike(book: Path) -> None:
    with opened(book) as one:
        hidden = open_data(one, book.with_name("名前なし"), without_names=True).path
    everything = "".join(p.read_text(encoding="utf-8") for p in hidden.rglob("*") if p.is_file())
    for name in ("田中花子", "鈴木一郎", "佐藤", "登録だけの人"):
        assert name not in everything
    rows = {name: read(hidden / f"data/{name}.csv") for name in ("ratings", "opinions", "meetings")}
    member = next(row["member"] for row in rows["ratings"] if row["member"])
    assert member == rows["opinions"][0]["member"]
    assert member in json.loads(rows["meetings"][0]["present"])
    assert member.startswith("委員")
    assert not (hidden / "seals").exists()
