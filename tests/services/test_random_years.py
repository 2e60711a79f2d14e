"""People do whatever they may in two years, in any order: what must always hold, holds after every step."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from books import new_book, opened

from shakyo_review.domain.cell import CellKey, Kind
from shakyo_review.domain.improvement import Result
from shakyo_review.domain.plan import WHOLE_PLAN, Plan
from shakyo_review.domain.rules import RuleSet
from shakyo_review.domain.scale import Scale
from shakyo_review.domain.tree_edits import (
    change_indicator,
    change_node,
    change_plan,
    merge,
    move,
    renumber,
    split,
    stop,
)
from shakyo_review.domain.value import Reading, State
from shakyo_review.errors import ReviewError
from shakyo_review.exchange.rows import Entry
from shakyo_review.services import council, evaluating, improving, sealing
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.entry import record
from shakyo_review.services.json_views import document, score_view
from shakyo_review.services.reviewing import gaps, official, opinions_of, promises
from shakyo_review.services.revising import revise
from shakyo_review.services.taking import take_over
from shakyo_review.services.upkeep import examine, verify
from shakyo_review.services.year_views import changes_of, year_lines

YEARS = (2024, 2025)
STATES = (State.CANCELLED, State.NOT_ENTERED, State.NOT_APPLICABLE)

Place = tuple[int, int, Kind, str]
"""Identity of the indicator, year, kind, branch."""


@dataclass
class Walk:
    """A book, the dice, and what was confirmed and sealed."""

    book: ReviewBook
    dice: random.Random
    confirmed: dict[Place, Reading] = field(default_factory=dict)
    sealed: dict[int, str | None] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def year(self) -> int:
        return self.dice.choice(YEARS)

    def item(self, year: int) -> str:
        return self.dice.choice([*self.book.plan_of(year).items])

    def indicator(self, year: int) -> str:
        return self.dice.choice([*self.book.plan_of(year).indicators])

    def reading(self) -> Reading:
        if self.dice.random() < 0.2:
            return Reading(self.dice.choice(STATES))
        return Reading(State.VALUE, Decimal(self.dice.choice((0, 1, 3, 50, 480, 5000))))

    def key(self) -> CellKey:
        year = self.year()
        code = self.indicator(year)
        branch = self.dice.choice(("", "", "kita"))
        return CellKey(code, year, self.dice.choice((Kind.TARGET, Kind.ACTUAL)), branch)

    def note(self, key: CellKey, reading: Reading) -> None:
        number = self.book.editions.of(key.year).ids.indicator[key.indicator]
        self.confirmed[number, key.year, key.kind, key.branch] = reading

    # --- what people do ---------------------------------------------------------------------------

    def records(self) -> None:
        key, reading = self.key(), self.reading()
        record(self.book, key, reading, reason=self.dice.choice(("", "訂正")))
        self.note(key, reading)

    def fills_in(self) -> None:
        year = self.year()
        entries = [
            Entry(2, CellKey(code, year, kind), self.reading())
            for code in self.book.plan_of(year).indicators
            for kind in (Kind.ACTUAL, Kind.TARGET)
        ]
        take_over(self.book, entries, reason="取り込み")
        for entry in entries:
            self.note(entry.key, entry.reading)

    def gives_money(self) -> None:
        year = self.year()
        lines = [*self.book.plan_of(year).items]
        code = f"{self.dice.choice(lines)}.f1"
        kind = self.dice.choice((Kind.BUDGET, Kind.SETTLEMENT))
        amount = Reading(State.VALUE, Decimal(self.dice.randrange(2000)))
        take_over(self.book, [Entry(2, CellKey(code, year, kind), amount)], reason="補正")

    def changes_baseline(self) -> None:
        code = self.dice.choice([*self.book.plan.indicators])
        key = CellKey(code, 2022, Kind.BASELINE)
        reading = Reading(State.VALUE, Decimal(self.dice.randrange(90)))
        take_over(self.book, [Entry(2, key, reading)], reason="基準値の訂正")

    def evaluates(self) -> None:
        year = self.year()
        member = self.dice.choice(("", "", "佐藤", "田中"))
        stage = self.dice.choice(("self", "internal", "committee"))
        letter = self.dice.choice((*self.book.plan_of(year).scale.labels, None))
        evaluating.evaluate(
            self.book, self.item(year), year, stage, letter, member=member, reason="協議"
        )

    def sends_back(self) -> None:
        year = self.year()
        stage = self.dice.choice(("internal", "committee"))
        evaluating.send_back(self.book, self.item(year), year, stage, "資料が足りない")

    def withdraws(self) -> None:
        year = self.year()
        evaluating.withdraw(self.book, self.item(year), year, "self", "早すぎた")

    def recuses(self) -> None:
        year = self.year()
        evaluating.recuse(self.book, self.item(year), year, "committee", "田中", "当事者")

    def meets(self) -> None:
        council.hold_meeting(self.book, self.year(), "committee", present=["佐藤"], absent=["田中"])

    def says(self) -> None:
        year = self.year()
        council.add_opinion(
            self.book, self.dice.choice((WHOLE_PLAN, self.item(year))), year, "意見"
        )

    def answers(self) -> None:
        year = self.year()
        numbers = [one.number for one in opinions_of(self.book, year)] or [1]
        council.answer_opinion(self.book, year, self.dice.choice(numbers), "回答")

    def directs(self) -> None:
        year = self.year()
        word = self.dice.choice(("拡充", "継続", "廃止"))
        improving.set_direction(self.book, self.item(year), year, word)

    def promises(self) -> None:
        year = self.year()
        improving.add_improvement(self.book, self.item(year), year, "改める")

    def keeps_promises(self) -> None:
        made = [one.number for one in promises(self.book)] or ["2024-1"]
        result = self.dice.choice(list(Result))
        improving.answer_improvement(self.book, self.dice.choice(made), self.year(), result, "済")

    def confirms(self) -> None:
        year = self.year()
        odd = [one.indicator for one in self.book.findings(year) if one.odd and one.open]
        if odd:
            improving.confirm_value(self.book, self.dice.choice(odd), year, "確かめた")

    def revises(self) -> None:
        plan = self.book.plan
        items = [code for code, item in plan.items.items() if item.node.repeats is None]
        one, other = self.dice.choice(items), self.dice.choice(items)
        figure, another = (self.dice.choice([*plan.indicators]) for _ in range(2))
        new = f"n{self.dice.randrange(10**6)}"
        changes: list[Callable[[Plan], Plan]] = [
            lambda p: change_node(p, one, name=new),
            lambda p: change_indicator(p, figure, name=new),
            lambda p: renumber(p, one, new),
            lambda p: renumber(p, figure, new),
            lambda p: renumber(renumber(renumber(p, figure, "x"), another, figure), "x", another),
            lambda p: move(p, one, other),
            lambda p: stop(p, one),
            lambda p: stop(p, figure),
            lambda p: merge(p, [one, other], new, "まとめた項目"),
            lambda p: split(p, one, [(one, "分けた項目"), (new, "新しい項目")]),
            lambda p: change_indicator(p, figure, weight=self.dice.choice((1, 2))),
            lambda p: change_indicator(p, figure, decimals=self.dice.choice((0, 2, 4))),
            lambda p: change_indicator(p, figure, final_target={"value": 77, "year": 2026}),
            lambda p: change_plan(p, scale=Scale.preset(self.dice.choice(("abcd", "agency")))),
            lambda p: change_plan(p, rule_set=RuleSet.preset(self.dice.choice(("gifu", "shiga")))),
        ]
        targets = {}
        if self.dice.random() < 0.3:
            targets = {(figure, 2025): Reading(State.VALUE, Decimal(self.dice.randrange(900)))}
        begin = self.dice.choice((2024, 2025, 2026, None))
        dry_run = self.dice.random() < 0.2
        revise(
            self.book,
            self.dice.choice(changes),
            from_year=begin,
            reason="改定",
            targets=targets,
            dry_run=dry_run,
        )
        for (code, year), reading in targets.items():
            if not dry_run:
                self.note(CellKey(code, year, Kind.TARGET), reading)

    def opens(self) -> None:
        sealing.open_year(self.book, self.year())

    def begins(self) -> None:
        sealing.start_evaluation(self.book, self.year())

    def goes_back(self) -> None:
        sealing.back_to_entry(self.book, self.year(), "記入漏れ")

    def seals(self) -> None:
        year = self.year()
        made, just_now = sealing.seal(self.book, year)
        if just_now:
            self.sealed[year] = made.facts["results"]

    def gets_ready_and_seals(self) -> None:
        """Do all that a year still needs, as a secretariat does in the last week."""
        year = self.year()
        if self.book.state(year).closed:
            return
        if not self.book.state(year).open:
            sealing.open_year(self.book, year)
        entries = [
            Entry(2, CellKey(code, year, Kind.ACTUAL), Reading(State.VALUE, Decimal(3)))
            for code in self.book.plan_of(year).indicators
        ]
        take_over(self.book, entries, reason="締切")
        for entry in entries:
            self.note(entry.key, entry.reading)
        for code in sorted(
            {one.indicator for one in self.book.findings(year) if one.odd and one.open}
        ):
            improving.confirm_value(self.book, code, year, "確かめた")
        if self.book.state(year).value == "entry":
            sealing.start_evaluation(self.book, year)
        for code, item in self.book.plan_of(year).items.items():
            for stage in ("self", "internal", "committee"):
                if item.node.repeats is None:
                    evaluating.evaluate(self.book, code, year, stage, "A", reason="協議")
        for promise in promises(self.book):
            if promise.asked_in(year):
                improving.answer_improvement(self.book, promise.number, year, Result.PARTLY, "途中")
        made, _ = sealing.seal(self.book, year)
        self.sealed[year] = made.facts["results"]

    def publishes(self) -> None:
        sealing.publish(self.book, self.year())

    def reopens(self) -> None:
        year = self.year()
        sealing.reopen(self.book, year, "追加の報告")
        self.sealed[year] = None

    def corrects(self) -> None:
        key, reading = self.key(), self.reading()
        if self.dice.random() < 0.3:
            code = f"{self.item(key.year)}.f1"
            key = CellKey(code, key.year, Kind.SETTLEMENT)
        sealing.correct(self.book, key, reading, "転記の誤り")
        if key.kind is not Kind.SETTLEMENT:
            self.note(key, reading)
        self.sealed[key.year] = sealing.sealed_results(self.book, key.year)

    # --- what must hold ---------------------------------------------------------------------------

    def step(self) -> None:
        done, before = self.dice.choice(ACTIONS), self.book.history()
        try:
            done(self)
        except ReviewError:
            if done not in (Walk.gets_ready_and_seals, Walk.confirms):
                assert self.book.count_history() == len(before), (
                    "refused, and yet something written"
                )
        else:
            self.done.add(done.__name__)
        assert self.book.history()[: len(before)] == before, "the history only grows"
        self.holds(self.book)

    def holds(self, book: ReviewBook) -> None:
        assert verify(book) == []
        for year in YEARS:
            kept = self.sealed.get(year)
            assert sealing.sealed_results(book, year) == kept
            assert not sealing.recomputed_differs(book, year)
            gaps(book, year)
        for (number, year, kind, branch), reading in self.confirmed.items():
            figure = book.edition_of(year).figures.get(number)
            if figure is not None:
                found = book.cells(year).get(CellKey(figure[0], year, kind, branch))
                assert found.reading == reading, (found, reading)


def said(book: ReviewBook) -> list[Any]:
    """What a book says: scores, comparison, lines of the years, history of everything."""
    return [
        *(
            document(score_view(book.score(year), official(book, year), sealed=True))
            for year in YEARS
        ),
        book.compare(YEARS),
        year_lines(book),
        [(code, changes_of(book, code)) for code in (*book.plan.items, *book.plan.indicators)],
    ]


ACTIONS: list[Callable[[Walk], None]] = [
    *[Walk.records] * 3,
    *[Walk.evaluates] * 4,
    *[Walk.revises] * 6,
    Walk.gets_ready_and_seals,
    *[Walk.corrects] * 2,
    Walk.fills_in,
    Walk.gives_money,
    Walk.changes_baseline,
    Walk.sends_back,
    Walk.withdraws,
    Walk.recuses,
    Walk.meets,
    Walk.says,
    Walk.answers,
    Walk.directs,
    Walk.promises,
    Walk.keeps_promises,
    Walk.confirms,
    Walk.opens,
    Walk.begins,
    Walk.goes_back,
    Walk.seals,
    Walk.publishes,
    *[Walk.reopens] * 3,
]
STEPS = 80


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_do(tmp_path: Path, seed: int) -> None:
    path = new_book(tmp_path / "b.db")
    with opened(path) as book:
        walk = Walk(book, random.Random(seed))
        for turn in range(STEPS):
            walk.step()
            if turn % 10 == 9:
                with opened(path, "ほかの人") as other:
                    assert said(other) == said(book)
                    walk.holds(other)
                assert all(line.well for line in examine(path, "点検"))
    assert len(walk.done) > 7, walk.done
