"""A book in which there is something of everything: for tests of what reads all of it."""

from pathlib import Path

from books import SMALL_PLAN, opened
from builders import indicator
from workers import number

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.improvement import Result
from shakyo_review.domain.person import Role
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.tree_edits import add_indicator, renumber, stop
from shakyo_review.domain.value import Reading, State
from shakyo_review.exchange.plan_yaml import parse_plan
from shakyo_review.services import council, evaluating, improving, people, sealing, submitting
from shakyo_review.services.entry import record
from shakyo_review.services.making import make_book
from shakyo_review.services.revising import revise

STAGES = """\
evaluation:
  stages:
    - {code: self, name: 自己評価}
    - {code: committee, name: 委員会評価, join: mode, members: [田中花子, 鈴木一郎]}
tree:
"""
PASSPHRASE = "さくらの木のした"


def revised(plan: Plan) -> Plan:
    """Renumber an item and an indicator, stop another, add one."""
    plan = renumber(renumber(plan, "c", "c9"), "2-1", "2-9")
    return add_indicator(stop(plan, "b"), "2-9", indicator("n", unit="件", name="新しい指標"))


def rich_book(path: Path) -> Path:
    """Make the book: R6 sealed, corrected and published, R7 open under a revised plan."""
    plan = SMALL_PLAN.replace("tree:\n", STAGES, 1)
    make_book(path, parse_plan(plan, "rich.yaml"), "佐藤")
    with opened(path, "佐藤") as book:
        people.add(book, "佐藤", Role.SECRETARIAT)
        people.add(book, "登録だけの人", Role.COUNCIL)
        people.set_passphrase(book, "佐藤", PASSPHRASE)
        for code, reading in (
            ("a", Reading(State.TEXT, text="=1+1 のとおり")),
            ("c", number(12)),
            ("r", Reading(State.VALUE, number(30).value, number(100).value)),
            ("m", Reading(State.NOT_SURVEYED)),
        ):
            record(
                book,
                CellKey(code, 2024, Kind.ACTUAL),
                reading,
                note='田中花子さんに聞いた, "ほか"\n次の行',
            )
        record(book, CellKey("a", 2024, Kind.TARGET, "kita", "Q1"), number(20))
        record(book, CellKey("b", 2024, Kind.ACTUAL), number(9))  # ninety times the target
        submitting.submit(book, 2024, "社協")
        sealing.open_year(book, 2024)
        sealing.start_evaluation(book, 2024)
        evaluating.evaluate(
            book, "1-1", 2024, "self", "B", comment="良い", reason="見た", day="2025-05-01"
        )
        council.hold_meeting(
            book, 2024, "committee", day="2025-06-02", title="懇話会", present=["田中花子"]
        )
        evaluating.recuse(book, "1-1", 2024, "committee", "鈴木一郎", "理事のため")
        evaluating.evaluate(
            book, "1-1", 2024, "committee", "A", member="田中花子", day="2025-06-02"
        )
        evaluating.evaluate(
            book, "1-1", 2024, "committee", "A", reason="話し合い", day="2025-06-02"
        )
        council.add_opinion(book, "2-1", 2024, "図を増やして", member="田中花子", day="2025-06-02")
        council.answer_opinion(book, 2024, 1, "増やします", day="2025-06-20")
        improving.set_direction(book, "1-1", 2024, "継続", "会場を増やして")
        improving.add_improvement(book, "1-1", 2024, "会場を増やす")
        for finding in book.findings(2024):
            if finding.open:
                improving.confirm_value(book, finding.indicator, 2024, "聞き取りで確かめた")
        sealing.seal(book, 2024)
        sealing.correct(book, CellKey("c", 2024, Kind.ACTUAL), number(13), "転記の誤り")
        sealing.publish(book, 2024, "2025-08-01")
        revise(
            book, revised, from_year=2025, reason="中間見直し", meeting="理事会", day="2025-03-01"
        )
        sealing.open_year(book, 2025)
        record(book, CellKey("c9", 2025, Kind.ACTUAL), number(15))
        improving.answer_improvement(
            book, "2024-1", 2025, Result.PARTLY, "1か所増えた", day="2026-05-01"
        )
    return path
