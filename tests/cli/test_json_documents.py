"""``--json``: one document, the fields of the contract, decimals as strings, absent ones null."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from books import new_book, opened
from commandline import Done, process, run

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.value import Reading, State
from shakyo_review.services.entry import record


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = new_book(tmp_path / "b.db")
    with opened(path) as book:
        record(book, CellKey("c", 2024, Kind.TARGET), Reading(State.TEXT, text="随時"))
        record(book, CellKey("c", 2024, Kind.ACTUAL), Reading(State.CANCELLED), note="台風のため")
        record(
            book,
            CellKey("m", 2024, Kind.ACTUAL),
            Reading(State.VALUE, Decimal("0.5"), forecast=True),
            measured_year=2023,
        )
    return path


def document(done: Done, status: int = 0) -> Any:
    assert done.err == "", done
    assert done.status == status, done
    assert done.out.endswith("}\n")
    loaded = json.loads(done.out, parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert all(isinstance(key, str) for key in keys_of(loaded))
    assert "\\u" not in done.out, "Japanese stays readable"
    return loaded


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from keys_of(item)


def by_code(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in rows}


def test_plan_show(book: Path) -> None:
    shown = document(run("--book", book, "plan", "show", "--json"))
    assert set(shown) == {"plan", "nodes", "indicators", "funding"}
    assert {
        k: shown["plan"][k] for k in ("code", "title", "body", "first_year", "last_year", "levels")
    } == {
        "code": "small",
        "title": "小さな計画",
        "body": "見本市社会福祉協議会",
        "first_year": 2024,
        "last_year": 2026,
        "levels": ["基本目標", "取組"],
    }
    node = by_code(shown["nodes"])
    contract = ["code", "parent", "level", "label", "name", "owners", "flags", "repeats"]
    assert {k: node["2-1"][k] for k in contract} == {
        "code": "2-1",
        "parent": "2",
        "level": 1,
        "label": "取組",
        "name": "相談",
        "owners": [{"part": "市", "name": "福祉課"}],
        "flags": ["重点"],
        "repeats": None,
    }
    assert (node["1"]["parent"], node["1"]["level"], node["1-2"]["repeats"]) == (None, 0, "1-1")
    indicator = by_code(shown["indicators"])
    assert list(indicator) == ["a", "b", "c", "r", "m"]
    fields = (
        "code action name unit direction measure target_kind path baseline final_target parts periods kind decimals"
        " ceiling tolerance cadence weight"
    )
    assert set(fields.split()) <= set(indicator["b"])
    assert {
        k: indicator["b"][k]
        for k in ("action", "unit", "direction", "measure", "decimals", "baseline")
    } == {
        "action": "1-1",
        "unit": "％",
        "direction": "higher",
        "measure": "point_in_time",
        "decimals": 2,
        "baseline": {"value": "0.08", "year": 2022},
    }
    assert indicator["b"]["final_target"] == {"value": "0.1", "year": 2026}
    assert indicator["c"]["baseline"] == {"value": None, "year": None}
    assert (indicator["a"]["weight"], indicator["a"]["ceiling"]) == ("1", None)
    line = {
        k: shown["funding"][0][k]
        for k in ["node", "name", "source", "fiscal_year", "budget", "settlement"]
    }
    assert line == {
        "node": "1-1",
        "name": "補助金",
        "source": ["市補助金"],
        "fiscal_year": 2024,
        "budget": 1200,
        "settlement": 1180,
    }


OWN_PLAN = """\
code: own
title: 計画
body: 社協
first_year: 2024
last_year: 2026
levels: [基本目標, 取組]
rule_set: {letters: given, jump: 30}
scales:
  三段階:
    name: 3段階
    basis: rate
    levels: [{label: a, cut: 90}, {label: b, cut: 60}, {label: c}]
evaluation:
  stages:
    - {code: self, name: 自己評価}
    - {code: committee, name: 委員会, join: mean, members: [甲, 乙], quorum: 66.5}
tree:
  - code: "1"
    name: つながる
    merged_from: ["8", "9"]
    children:
      - code: "1-1"
        name: 集い
        formerly: "4-1"
        indicators:
          - code: a
            name: 参加者
            direction: higher
            measure: annual
            jump: 12.5
            comparable_from: 2024
            scale: 三段階
            rule_set: gifu
            targets: {2024: 100}
            actuals: {2024: 95}
      - {code: "1-2", name: 話し合い, split_from: "5"}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file, path = tmp_path / "own.yaml", tmp_path / "own.db"
    file.write_text(OWN_PLAN, encoding="utf-8")
    assert run("new", path, "--plan", file).status == 0
    return path


def test_plan_show_has_stages_lineage_and_named_scales(own: Path) -> None:
    shown = document(run("--book", own, "plan", "show", "--json"))
    plan = shown["plan"]
    assert plan["scales"] == {"三段階": "3段階"}
    assert plan["rule_sets"] == {}
    stages = by_code(plan["evaluation"]["stages"])
    assert list(stages) == ["self", "committee"]
    fields = ("name", "when", "join", "members", "quorum")
    assert {key: stages["committee"][key] for key in fields} == {
        "name": "委員会",
        "when": "year",
        "join": "mean",
        "members": ["甲", "乙"],
        "quorum": "66.5",
    }
    assert "継続" in plan["evaluation"]["directions"]
    node = by_code(shown["nodes"])
    assert (node["1"]["merged_from"], node["1"]["formerly"]) == (["8", "9"], None)
    assert (node["1-1"]["formerly"], node["1-2"]["split_from"]) == ("4-1", "5")
    a = by_code(shown["indicators"])["a"]
    assert {key: a[key] for key in ("rule_set", "scale", "jump", "comparable_from")} == {
        "rule_set": "gifu",
        "scale": "三段階",
        "jump": "12.5",
        "comparable_from": 2024,
    }
    assert a["formerly"] is None


def test_score_tells_given_from_computed_and_what_is_counted(own: Path) -> None:
    score = document(run("--book", own, "score", "--year", "R6", "--json"))
    a = by_code(score["indicators"])["a"]
    assert (a["rating"], a["display"], a["scale"]) == ("a", "95%", "3段階")
    assert a["rule_set"].startswith("岐阜")
    goal = by_code(score["goals"])
    assert (goal["1-1"]["rating"], goal["1-1"]["given"], goal["1-1"]["computed"]) == (
        "B",
        False,
        "B",
    )
    assert goal["1-2"]["rating"] is None
    assert goal["1-2"]["computed"] is None
    assert goal["1"]["coverage"]["what"] == "取組"
    assert goal["1"]["coverage"]["rated"] == 1
    words = ("evaluate", "1-1", "--year", "R6", "--stage", "self", "--rating", "C")
    done = run("--book", own, "--as", "山田", *words, "--reason", "話し合い")
    assert done.status == 0, done
    score = document(run("--book", own, "score", "--year", "R6", "--json"))
    goal = by_code(score["goals"])
    assert (goal["1-1"]["rating"], goal["1-1"]["given"], goal["1-1"]["computed"]) == (
        "C",
        True,
        "B",
    )


def test_plan_show_of_a_bundled_plan() -> None:
    assert document(run("plan", "show", "zushi", "--json"))["plan"]["code"] == "zushi"


def test_score(book: Path) -> None:
    score = document(run("--book", book, "score", "--year", "R6", "--json"))
    assert {k: score[k] for k in ("plan", "fiscal_year", "sealed")} == {
        "plan": "small",
        "fiscal_year": 2024,
        "sealed": False,
    }
    assert score["rule_set"]
    goal = by_code(score["goals"])
    assert list(goal) == ["1", "1-1", "1-2", "2", "2-1"]
    for field in [
        "code",
        "parent",
        "level",
        "name",
        "rating",
        "score",
        "averaged_over",
        "coverage",
        "counts",
        "worst",
    ]:
        assert field in goal["1"]
    assert goal["1"]["score"] == "88.0"
    assert {k: goal["1"]["coverage"][k] for k in ("rated", "ratable")} == {"rated": 2, "ratable": 2}
    assert (goal["2"]["score"], goal["2"]["rating"], goal["1"]["parent"], goal["1-1"]["worst"]) == (
        None,
        None,
        None,
        "b",
    )
    contract = "code action name unit direction rule baseline target actual state measured_year rate display pace rating reason"
    indicator = by_code(score["indicators"])
    assert all(set(contract.split()) <= set(row) for row in indicator.values())
    a = {
        k: indicator["a"][k]
        for k in [
            "action",
            "baseline",
            "target",
            "actual",
            "state",
            "measured_year",
            "rate",
            "display",
            "rating",
            "reason",
        ]
    }
    assert a == {
        "action": "1-1",
        "baseline": "400",
        "target": "500",
        "actual": "480",
        "state": "value",
        "measured_year": None,
        "rate": "96.0",
        "display": "96.0%",
        "rating": "B",
        "reason": None,
    }
    assert (indicator["b"]["target"], indicator["b"]["actual"], indicator["b"]["rate"]) == (
        "0.10",
        "0.08",
        "80.0",
    )
    c = {k: indicator["c"][k] for k in ["target", "actual", "state", "rate", "rating", "note"]}
    assert c == {
        "target": None,
        "actual": None,
        "state": "cancelled",
        "rate": None,
        "rating": indicator["c"]["rating"],
        "note": "台風のため",
    }
    assert indicator["c"]["reason"]
    m = indicator["m"]
    assert (m["actual"], m["measured_year"], m["forecast"]) == ("0.5000", 2023, True)


def test_compare(book: Path) -> None:
    compared = document(run("--book", book, "compare", "R6", "R5", "--json"))
    assert compared["years"] == [2023, 2024]
    a = by_code(compared["indicators"])["a"]
    assert (a["name"], a["unit"]) == ("参加者数", "人")
    assert set(a["years"]) == {"2023", "2024"}
    assert {k: a["years"]["2024"][k] for k in ["target", "actual", "state", "rate", "rating"]} == {
        "target": "500",
        "actual": "480",
        "state": "value",
        "rate": "96.0",
        "rating": "B",
    }
    assert a["years"]["2023"]["target"] is None
    assert (a["change"]["actual"], a["change"]["rate"]) == ("30", None)
    assert by_code(compared["indicators"])["b"]["badges"] == ["new"]
    goal = by_code(compared["goals"])["1"]
    assert goal["years"]["2024"]["score"] == "88.0"
    assert goal["change"] == {"actual": None, "rate": None, "rating": None}


def test_a_target_changed_with_a_reason_bears_its_badge(book: Path) -> None:
    run("--book", book, "record", "a", "--year", "R6", "--target", "550", "--reason", "第2回委員会")
    compared = document(run("--book", book, "compare", "R5", "R6", "--json"))
    assert by_code(compared["indicators"])["a"]["badges"] == ["target_changed"]


def test_check(book: Path) -> None:
    run("--book", book, "record", "a", "--year", "R6", "--actual", "4800")
    found = document(run("--book", book, "check", "--year", "R6", "--json"), status=1)
    assert found["fiscal_year"] == 2024
    by_kind = {(f["indicator"], f["kind"]): f for f in found["findings"]}
    assert by_kind["a", "digit_slip"]["odd"] is True
    assert by_kind["r", "missing_actual"]["odd"] is False
    assert by_kind["r", "missing_actual"]["committee"] == "市（福祉課）"
    assert all(f["text"] for f in found["findings"])


def test_check_without_findings_ends_with_0(book: Path) -> None:
    for code in "rcm":
        run("--book", book, "record", code, "--year", "R6", "--actual", "対象外")
        run("--book", book, "record", code, "--year", "R6", "--target", "設定なし")
    found = run("--book", book, "check", "--year", "R6", "--json")
    if found.status == 0:
        assert document(found)["findings"] == []
    else:
        assert document(found, status=1)["findings"] != []


@pytest.mark.parametrize(
    ("code", "kind"), [("a", "indicator"), ("1-1", "node"), ("1", "node"), ("ALL", "node")]
)
def test_explain(book: Path, code: str, kind: str) -> None:
    told = document(run("--book", book, "explain", code, "--year", "R6", "--json"))
    assert (told["code"], told["kind"], told["fiscal_year"]) == (code, kind, 2024)
    assert told["steps"]
    assert all(step["title"] and step["text"] for step in told["steps"])


def test_record(book: Path) -> None:
    words = (
        "--book",
        book,
        "record",
        "a",
        "--year",
        "R7",
        "--branch",
        "北区",
        "--period",
        "4",
        "--json",
    )
    told = document(run(*words, "--actual", "5"))
    assert told == {
        "indicator": "a",
        "fiscal_year": 2025,
        "kind": "actual",
        "branch": "kita",
        "period": "04",
        "version": 1,
        "changed": True,
        "warnings": [],
    }
    told = document(run(*words, "--actual", "5"))
    assert (told["version"], told["changed"]) == (1, False)
    odd = document(run("--book", book, "record", "a", "--year", "R6", "--actual", "4800", "--json"))
    assert len(odd["warnings"]) == 1


def test_history(book: Path) -> None:
    run(
        "--book",
        book,
        "--as",
        "山田",
        "record",
        "b",
        "--year",
        "R6",
        "--actual",
        "0.09",
        "--reason",
        "訂正",
    )
    changes = document(run("--book", book, "history", "b", "--year", "R6", "--json"))["changes"]
    last = changes[-1]
    assert {
        k: last[k]
        for k in ["who", "code", "fiscal_year", "kind", "branch", "period", "old", "new", "reason"]
    } == {
        "who": "山田",
        "code": "b",
        "fiscal_year": 2024,
        "kind": "actual",
        "branch": "",
        "period": "",
        "old": {"state": "value", "value": "0.08"},
        "new": {"state": "value", "value": "0.09"},
        "reason": "訂正",
    }
    assert last["at"]
    everything = document(run("--book", book, "history", "--json"))["changes"]
    assert [change["number"] for change in everything] == list(range(1, len(everything) + 1))
    assert everything[0]["fiscal_year"] is None


def test_a_process_prints_utf8_whatever_the_terminal_says(book: Path) -> None:
    done = process(
        "--book",
        book,
        "score",
        "--year",
        "令和6年度",
        "--json",
        LC_ALL="C",
        PYTHONIOENCODING="ascii",
    )
    assert document(done)["indicators"][0]["name"] == "参加者数"


def test_a_refusal_prints_no_document(book: Path) -> None:
    for words in (["score", "--year", "R20"], ["explain", "zz", "--year", "R6"], ["history", "zz"]):
        done = run("--book", book, *words, "--json")
        assert (done.status, done.out) == (2, "")
