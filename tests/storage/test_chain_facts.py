"""The chain over letters, promises, editions and seals: what is changed without the program is named."""

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from books import A24, SMALL_PLAN, contents, new_book, opened

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.plan import WHOLE_PLAN
from shakyo_review.domain.value import Reading, State
from shakyo_review.exchange.plan_yaml import parse_plan
from shakyo_review.exchange.rows import Entry
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.clock import now
from shakyo_review.services.editions import put_edition
from shakyo_review.services.entry import record
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import examine, verify
from shakyo_review.storage import history
from shakyo_review.storage.facts import FactKey, rename_codes
from shakyo_review.storage.plans import Ids
from shakyo_review.storage.seals import write_seal

RENAMED = {"1-1": "1-9", "1-1.f1": "1-9.f1", "a": "c", "c": "a"}
"""The second edition gives an item another code, and two indicators change places."""

DAY = "2025-05-01"
FACTS = [
    (FactKey("rating", 2024, "1-1", "self"), {"rating": "A", "by": "山田", "date": DAY}),
    (
        FactKey("rating", 2024, "1-1", "self"),
        {"rating": "B", "by": "山田", "date": DAY, "waiting": True},
    ),
    (FactKey("rating", 2024, "1-1", "self"), {"rating": "B", "by": "山田", "date": DAY}),
    (
        FactKey("rating", 2025, "1-1", "self"),
        {"rating": "C", "comment": "もう一歩", "by": "山田", "date": DAY},
    ),
    (
        FactKey("rating", 2024, "1-1", "committee", "委員A"),
        {"rating": "A", "by": "委員A", "date": DAY},
    ),
    (FactKey("rating", 2024, "2-1", "self"), {"rating": "D", "by": "山田", "date": DAY}),
    (FactKey("rating", 2024, "2-1", "self"), None),
    (
        FactKey("meeting", 2024, WHOLE_PLAN, "committee", "2025-05-20"),
        {"date": "2025-05-20", "present": ["委員A", "委員B"], "absent": ["委員C"]},
    ),
    (
        FactKey("improvement", 2024, "1-1", "", "1"),
        {"text": "広報を変える", "owner": "社協", "due": 2025},
    ),
    (
        FactKey("answer", 2025, "1-1", "", "2024-1"),
        {"result": "partly", "text": "紙面を変えた", "by": "山田", "date": DAY},
    ),
    (FactKey("confirmation", 2025, "a", "jump"), {"text": "急に増えた", "reason": "確認した"}),
    (FactKey("confirmation", 2025, "c", "jump"), {"text": "急に減った", "reason": "確認した"}),
    (FactKey("year", 2022, WHOLE_PLAN), {"state": "evaluation"}),
    (FactKey("year", 2022, WHOLE_PLAN), {"state": "sealed"}),
]


def renumber(book: ReviewBook) -> None:
    """Store the second edition of the plan, from 2025 on."""
    text = SMALL_PLAN.replace('code: "1-1"', 'code: "1-9"').replace('"1-1"', '"1-9"')
    text = text.replace("code: a\n", "code: X\n").replace("code: c,", "code: a,")
    plan = parse_plan(text.replace("code: X\n", "code: c\n"), "second.yaml")
    ids = book.editions.newest.ids

    def moved(codes: dict[str, int]) -> dict[str, int]:
        return {RENAMED.get(code, code): number for code, number in codes.items()}

    after = Ids(moved(dict(ids.node)), moved(dict(ids.indicator)), moved(dict(ids.funding)))
    with book.file.writing():
        put_edition(book, plan, after, 2, 2025, "中間見直し", renamed=RENAMED)
        rename_codes(book.file.db, RENAMED, 2025)
    book.reload_plan()


def seal(book: ReviewBook, year: int, number: int, content: str) -> None:
    made = write_seal(book.file.db, year, number, content)
    told = {"number": number, "digest": made.digest}
    change = history.Change(
        *(now(), book.who, "seal", WHOLE_PLAN, year, "", str(number), "", None, told, "確定")
    )
    history.append(book.file.db, change)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A book with facts of every sort, amounts, two editions (one renumbers) and two seals."""
    path = new_book(tmp_path / "b.db")
    with opened(path) as book:
        with book.file.writing():
            for key, data in FACTS:
                book.put_fact(key, data, "理由")
        record(book, CellKey("c", 2025, Kind.ACTUAL), Reading(State.CANCELLED))
        budget = CellKey("1-1.f1", 2025, Kind.BUDGET)
        take_over(book, [Entry(2, budget, number(1300))])
        renumber(book)
        with book.file.writing():
            seal(book, 2023, 1, '{"plan":{}}')
            seal(book, 2023, 2, '{"plan":{},"cells":[]}')
    return path


def number(value: int) -> Reading:
    return Reading(State.VALUE, Decimal(value))


def found(path: Path) -> list[str]:
    with opened(path) as book:
        return verify(book)


def change(path: Path, *statements: str) -> None:
    """Change the file as any other program can."""
    with sqlite3.connect(path) as db:
        for sql in statements:
            assert db.execute(sql).rowcount > 0, sql
    db.close()


def test_an_untouched_book_agrees(path: Path) -> None:
    before = path.read_bytes()
    assert found(path) == []
    assert path.read_bytes() == before
    assert all(line.well for line in examine(path, "点検"))


def test_after_a_renumbering_each_year_has_the_codes_of_its_edition(path: Path) -> None:
    with opened(path) as book:
        codes = {(fact.key.year, fact.key.code) for fact in book.facts("rating")}
        assert codes == {(2024, "1-1"), (2025, "1-9")}
        assert {f.key.code: f.data["text"] for f in book.facts("confirmation")} == {
            "c": "急に増えた",
            "a": "急に減った",
        }
        assert book.cells(2024).get(A24).reading.value == 480
        assert book.cells(2025).get(CellKey("c", 2025, Kind.TARGET)).reading.value == 520
        assert (
            book.cells(2025).get(CellKey("a", 2025, Kind.ACTUAL)).reading.state is State.CANCELLED
        )
        record(book, CellKey("c", 2025, Kind.ACTUAL), number(7))
        record(book, A24, number(8))
        with book.file.writing():
            book.put_fact(
                FactKey("rating", 2025, "1-9", "self"), {"rating": "A", "by": "山田", "date": DAY}
            )
            book.put_fact(
                FactKey("rating", 2024, "1-1", "self"), {"rating": "A", "by": "山田", "date": DAY}
            )
            book.put_fact(
                FactKey("rating", 2024, "2-1", "self"), {"rating": "B", "by": "山田", "date": DAY}
            )
    assert found(path) == []


RATING = "entity = 'rating' AND fiscal_year = 2024 AND code = '1-1' AND kind = 'self'"
FACT_CHANGES = {
    "letter": (
        f"UPDATE fact SET data = replace(data, 'B', 'A') WHERE {RATING}",
        ["1-1 R6 評価 self: 履歴では「B」ですが、台帳では「A」です。"],
    ),
    "comment": (
        "UPDATE fact SET data = json_set(data, '$.comment', 'よくできた') WHERE code = '1-9'"
        " AND entity = 'rating'",
        ["1-9 R7 評価 self: 履歴では「C（もう一歩）」ですが、台帳では「C（よくできた）」です。"],
    ),
    "who gave it": (
        f"UPDATE fact SET data = replace(data, '山田', '別人') WHERE {RATING}",
        [
            '1-1 R6 評価 self: 履歴では「{"by":"山田","date":"2025-05-01","rating":"B"}」ですが、'
            '台帳では「{"by":"別人","date":"2025-05-01","rating":"B"}」です。'
        ],
    ),
    "2025.0 for 2025": (
        "UPDATE fact SET data = json_set(data, '$.due', 2025.0) WHERE entity = 'improvement'",
        ["1-1 R6 改善項目 1: 履歴では"],
    ),
    "a member's letter": (
        "UPDATE fact SET data = replace(data, '\"A\"', '\"C\"') WHERE part = '委員A'",
        ["1-1 R6 評価 committee 委員A: 履歴では「A」ですが、台帳では「C」です。"],
    ),
    "no JSON": (
        f"UPDATE fact SET data = 'ぼろ' WHERE {RATING}",
        ['1-1 R6 評価 self: 履歴では「B」ですが、台帳では「{"text":"ぼろ"}」です。'],
    ),
    "no facts": (
        f"UPDATE fact SET data = '[1]' WHERE {RATING}",
        ['1-1 R6 評価 self: 履歴では「B」ですが、台帳では「{"text":"[1]"}」です。'],
    ),
    "taken back": (
        f"UPDATE fact SET data = NULL WHERE {RATING}",
        ["1-1 R6 評価 self: 履歴では「B」ですが、台帳にありません。"],
    ),
    "version": (
        f"UPDATE fact SET version = 9 WHERE {RATING}",
        [
            "1-1 R6 評価 self: 台帳では9回変えたことになっていますが、履歴には3回あります。",
        ],
    ),
    "removed": (
        f"DELETE FROM fact WHERE {RATING}",
        ["1-1 R6 評価 self: 履歴では「B」ですが、台帳にありません。"],
    ),
    "removed though taken back": (
        "DELETE FROM fact WHERE code = '2-1'",
        ["2-1 R6 評価 self: 台帳では0回変えたことになっていますが、履歴には2回あります。"],
    ),
    "put back": (
        "UPDATE fact SET data = '{\"rating\":\"A\"}' WHERE code = '2-1'",
        ["2-1 R6 評価 self: 履歴では「なし」ですが、台帳では「A」です。"],
    ),
    "added": (
        "INSERT INTO fact VALUES ('opinion', 2024, 'ALL', '', '1', '{\"text\":\"足りない\"}', 1)",
        ["R6 意見 1: 台帳には「足りない」とありますが、履歴がありません。"],
    ),
    "added as taken back": (
        "INSERT INTO fact VALUES ('opinion', 2024, '2-1', '', '1', NULL, 1)",
        ["2-1 R6 意見 1: 台帳では1回変えたことになっていますが、履歴には0回あります。"],
    ),
    "added of no known sort": (
        "INSERT INTO fact VALUES ('謎', 2024, 'x', '', '', '{\"b\":[1]}', 1)",
        ['x R6 謎: 台帳には「{"b":[1]}」とありますが、履歴がありません。'],
    ),
    "moved to another year": (
        f"UPDATE fact SET fiscal_year = 2023 WHERE {RATING}",
        [
            "1-1 R5 評価 self: 台帳には「B」とありますが、履歴がありません。",
            "1-1 R6 評価 self: 履歴では「B」ですが、台帳にありません。",
        ],
    ),
    "moved to another item": (
        f"UPDATE fact SET code = '1-2' WHERE {RATING}",
        [
            "1-2 R6 評価 self: 台帳には「B」とありますが、履歴がありません。",
            "1-1 R6 評価 self: 履歴では「B」ですが、台帳にありません。",
        ],
    ),
    "moved to another stage": (
        f"UPDATE fact SET kind = 'internal' WHERE {RATING}",
        [
            "1-1 R6 評価 internal: 台帳には「B」とありますが、履歴がありません。",
            "1-1 R6 評価 self: 履歴では「B」ですが、台帳にありません。",
        ],
    ),
    "moved to a member": (
        f"UPDATE fact SET part = '委員B' WHERE {RATING}",
        [
            "1-1 R6 評価 self 委員B: 台帳には「B」とありますが、履歴がありません。",
            "1-1 R6 評価 self: 履歴では「B」ですが、台帳にありません。",
        ],
    ),
    "another sort": (
        f"UPDATE fact SET entity = 'direction' WHERE {RATING}",
        [
            "1-1 R6 方向性 self: 台帳には",
            "1-1 R6 評価 self: 履歴では「B」ですが、台帳にありません。",
        ],
    ),
    "back under the code before the renumbering": (
        "UPDATE fact SET code = '1-1' WHERE code = '1-9' AND entity = 'rating'",
        [
            "1-1 R7 評価 self: 台帳には「C（もう一歩）」とありますが、履歴がありません。",
            "1-9 R7 評価 self: 履歴では「C（もう一歩）」ですが、台帳にありません。",
        ],
    ),
    "state of the year": (
        "UPDATE fact SET data = '{\"state\":\"entry\"}' WHERE entity = 'year'",
        ["R4 年度の状態: 履歴では「確定」ですが、台帳では「記入」です。"],
    ),
    "promise": (
        "UPDATE fact SET data = json_set(data, '$.due', 2030) WHERE entity = 'improvement'",
        [
            "1-1 R6 改善項目 1: 履歴では「広報を変える（担当: 社協、期限: R7）」ですが、"
            "台帳では「広報を変える（担当: 社協、期限: R12）」です。"
        ],
    ),
    "answer": (
        "UPDATE fact SET data = replace(data, 'partly', 'kept') WHERE entity = 'answer'",
        [
            "1-9 R7 改善の結果 2024-1: 履歴では「一部できた（紙面を変えた）」ですが、"
            "台帳では「できた（紙面を変えた）」です。"
        ],
    ),
    "meeting": (
        "UPDATE fact SET data = json_set(data, '$.absent', json('[]')) WHERE entity = 'meeting'",
        [
            "R6 会議 committee 2025-05-20: 履歴では「2025-05-20 出席2人・欠席1人」ですが、"
            "台帳では「2025-05-20 出席2人・欠席0人」です。"
        ],
    ),
}


@pytest.mark.parametrize(("sql", "told"), FACT_CHANGES.values(), ids=FACT_CHANGES)
def test_a_changed_fact_is_named(path: Path, sql: str, told: list[str]) -> None:
    change(path, sql)
    sentences = found(path)
    assert len(sentences) == len(told), sentences
    for sentence, begin in zip(sentences, told, strict=True):
        assert sentence.startswith(begin), sentences


def test_every_column_of_a_fact_is_tried(path: Path) -> None:
    with sqlite3.connect(path) as db:
        columns = {row[1] for row in db.execute("PRAGMA table_info(fact)")}
    db.close()
    tried = {
        sql.split("SET ")[1].split(" =")[0] for sql, _ in FACT_CHANGES.values() if "SET" in sql
    }
    assert columns == tried


SECOND = "計画の第2版: 文面・項目の番号・始まる年度のいずれかが、履歴に残るものと違います。"
TEXT_CHANGES = {
    "words": ("UPDATE edition SET plan = plan || ' ' WHERE number = 2", [SECOND]),
    "ids of two items": (
        "UPDATE edition SET ids = json_set(ids, '$.node.1', json_extract(ids, '$.node.2'),"
        " '$.node.2', json_extract(ids, '$.node.1')) WHERE number = 2",
        [SECOND],
    ),
    "ids of two indicators": (
        "UPDATE edition SET ids = json_set(ids, '$.indicator.a', json_extract(ids, '$.indicator.b'),"
        " '$.indicator.b', json_extract(ids, '$.indicator.a')) WHERE number = 1",
        [SECOND.replace("2", "1"), "a R6 実績: 履歴では「480」ですが、台帳では「8」です。"],
    ),
    "no id": (
        "UPDATE edition SET ids = json_remove(ids, '$.funding.\"1-9.f1\"') WHERE number = 2",
        [SECOND],
    ),
    "first year": (
        "UPDATE edition SET effective_year = 2024 WHERE number = 2",
        [SECOND, "a R6 実績: 履歴では「480」ですが、台帳に値がありません。"],
    ),
    "number": (
        "UPDATE edition SET number = 3 WHERE number = 2",
        [
            "計画の第2版: 履歴にありますが、台帳にありません。",
            "計画の第3版: 台帳にありますが、履歴がありません。",
        ],
    ),
    "edition removed": (
        "DELETE FROM edition WHERE number = 2",
        ["計画の第2版: 履歴にありますが、台帳にありません。"],
    ),
    "edition added": (
        "INSERT INTO edition SELECT 3, 2026, plan, ids FROM edition WHERE number = 2",
        ["計画の第3版: 台帳にありますが、履歴がありません。"],
    ),
    "seal": (
        "UPDATE seal SET content = '{}' WHERE number = 1",
        ["R5の確定（1回目）: 確定した内容が、履歴に残るものと違います。"],
    ),
    "year of a seal": (
        "UPDATE seal SET fiscal_year = 2022 WHERE number = 2",
        [
            "R4の確定（2回目）: 台帳にありますが、履歴がありません。",
            "R5の確定（2回目）: 履歴にありますが、台帳にありません。",
        ],
    ),
    "seals changed places": (
        "UPDATE seal SET content = CASE number"
        ' WHEN 1 THEN \'{"plan":{},"cells":[]}\' ELSE \'{"plan":{}}\' END',
        [
            "R5の確定（1回目）: 確定した内容が、履歴に残るものと違います。",
            "R5の確定（2回目）: 確定した内容が、履歴に残るものと違います。",
        ],
    ),
    "seal removed": (
        "DELETE FROM seal WHERE number = 2",
        ["R5の確定（2回目）: 履歴にありますが、台帳にありません。"],
    ),
    "seal added": (
        "INSERT INTO seal VALUES (2024, 1, '{}')",
        ["R6の確定（1回目）: 台帳にありますが、履歴がありません。"],
    ),
    "amount of a renumbered line": (
        "UPDATE amount SET amount = 5 WHERE fiscal_year = 2025",
        ["1-9.f1 R7 予算額: 履歴では「1300」ですが、台帳では「5」です。"],
    ),
    "amount of an earlier year": (
        "DELETE FROM amount WHERE fiscal_year = 2024 AND kind = 'budget'",
        ["1-1.f1 R6 予算額: 履歴では「1200」ですが、台帳に値がありません。"],
    ),
    "figure of a renumbered indicator": (
        "UPDATE cell SET value = 1 WHERE value = 520",
        ["c R7 目標: 履歴では「520」ですが、台帳では「1」です。"],
    ),
}


@pytest.mark.parametrize(("sql", "told"), TEXT_CHANGES.values(), ids=TEXT_CHANGES)
def test_a_changed_edition_seal_or_amount_is_named(path: Path, sql: str, told: list[str]) -> None:
    change(path, sql)
    sentences = found(path)
    assert [one for one in told if one not in sentences] == [], sentences
    assert sentences[0] in told


def test_the_code_of_an_identity_is_only_a_memory(path: Path) -> None:
    """Editions say which code has which number; what was written beside it first does not count."""
    with opened(path) as book:
        before = book.score(2024), book.score(2025), book.plan
    change(path, "UPDATE identity SET code = 'zz' || id, kind = 'node'")
    with opened(path) as book:
        assert (book.score(2024), book.score(2025), book.plan) == before
    assert found(path) == []


@pytest.mark.parametrize("sql", ["DELETE FROM identity", "UPDATE identity SET id = id + 100"])
def test_identities_of_figures_that_are_gone_are_damage(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute(f"{sql} WHERE code = 'a'")
    db.close()
    assert not all(line.well for line in examine(path, "点検"))


GARBAGE = [
    "[]",
    "{}",
    "nonsense",
    '{"number":"x","digest":[1],"renamed":{"a":["b"],"1-1":7,"c":null},"effective_year":"x"}',
    '{"number":2,"digest":{},"renamed":{"a":{"b":1}},"effective_year":2025}',
    '{"number":2,"renamed":[1],"effective_year":2025}',
    '{"number":true,"renamed":{"a":"b"},"effective_year":1e99}',
    "[" * 100_000,
]


@pytest.mark.parametrize("entity", ["edition", "seal", "rating"])
@pytest.mark.parametrize("new", GARBAGE, ids=range(len(GARBAGE)))
def test_whatever_a_row_of_the_history_was_changed_to_is_told(
    path: Path, entity: str, new: str
) -> None:
    with sqlite3.connect(path) as db:
        (row,) = db.execute("SELECT max(id) FROM history WHERE entity = ?", [entity]).fetchone()
        db.execute("UPDATE history SET new = ? WHERE id = ?", [new, row])
    db.close()
    told = found(path)
    assert any(one.startswith(f"履歴の{row}番目（") for one in told)
    assert len(told) > 1
    assert all("\n" not in one and "\x1b" not in one for one in told)


def test_a_seal_whose_row_tells_no_year(path: Path) -> None:
    change(path, "UPDATE history SET fiscal_year = NULL WHERE entity = 'seal' AND branch = '1'")
    told = found(path)
    assert "R5の確定（1回目）: 台帳にありますが、履歴がありません。" in told


def test_the_next_change_does_not_heal_a_removed_fact(path: Path) -> None:
    change(path, f"DELETE FROM fact WHERE {RATING}")
    with opened(path) as book, book.file.writing():
        book.put_fact(
            FactKey("rating", 2024, "1-1", "self"), {"rating": "A", "by": "山田", "date": DAY}
        )
    replaced, counted = found(path)
    assert (
        "1-1 R6 評価 self）: 変更の直前は「なし」でしたが、それまでの履歴では「B」です。"
        in replaced
    )
    assert (
        counted == "1-1 R6 評価 self: 台帳では1回変えたことになっていますが、履歴には4回あります。"
    )


def test_the_plan_and_every_fact_are_covered(path: Path) -> None:
    """Each row of each table but identities and settings: changed alone, it is found."""
    held = contents(path)
    for table, column in (("fact", "version"), ("amount", "amount"), ("cell", "version")):
        for place in range(len(held[table])):
            other = path.with_name(f"{table}{place}.db")
            other.write_bytes(path.read_bytes())
            keys = (
                "fiscal_year, kind"
                + {
                    "fact": ", entity, code, part",
                    "amount": ", funding_id",
                    "cell": ", indicator_id, branch, period",
                }[table]
            )
            change(
                other,
                f"UPDATE {table} SET {column} = {column} + 1 WHERE ({keys}) ="
                f" (SELECT {keys} FROM {table} LIMIT 1 OFFSET {place})",
            )
            assert len(found(other)) == 1, (table, place)
            other.unlink()
