"""Changing an item of the plan: who answers for it, what lies under it, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.app import App

from shakyo_review.domain.plan import Plan
from shakyo_review.domain.tree_edits import merge, move, split
from shakyo_review.errors import ValueProblem
from shakyo_review.services.book import ReviewBook
from shakyo_review.ui.dialogs.choose import ChooseDialog
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.dialogs.form import Field, Line, Ticks
from shakyo_review.ui.dialogs.revise import Change, Edit
from shakyo_review.ui.plan_adding import Place
from shakyo_review.ui.plan_edits import (
    Choice,
    GoOn,
    next_code,
    one_name,
    one_word,
    owners_of,
    words_of,
)
from shakyo_review.ui.plan_new_indicator import NewIndicator
from shakyo_review.ui.plan_tree import owners_text

USUAL_FLAGS = ("重点", "新規")


class ItemEdits(NewIndicator):
    """The changes of one item; ``adding`` opens the bar that adds items at a place."""

    def __init__(
        self,
        app: App[None],
        book: ReviewBook,
        code: str,
        go_on: GoOn,
        adding: Callable[[Place], None],
    ) -> None:
        super().__init__(app, book, code, go_on)
        self.adding = adding

    def offered(self) -> list[Choice]:
        """Return what can be changed, as choices."""
        return [
            *self.named(),
            ("担当を変える", self.owners),
            ("印（重点・新規など）を変える", self.flags),
            ("この下に項目を加える", self.add_below),
            (
                "この次に、同じ段の項目を加える",
                lambda: self.adding(Place.beside(self.plan, self.code)),
            ),
            ("指標を加える", self.add_indicator),
            ("順番を変える（同じ段の中で）", self.reorder),
            ("別の項目の下へ移す", self.move),
            ("ほかの項目と統合する", self.merge),
            ("2つに分割する", self.split),
            ("やめる（休止・廃止）", self.stop),
        ]

    def owners(self) -> None:
        """Choose who answers for an item from those there are, or write new ones."""
        item = self.plan.items[self.code]
        own = [owner.label for owner in item.node.owners]
        known = dict.fromkeys(
            owner.label for one in self.plan.items.values() for owner in one.node.owners
        )
        fields: list[Field] = []
        if known:
            off = [label for label in known if label not in own]
            fields.append(
                Ticks("owners", "担当", list(known), off, words=("担当", "　　"), height=9)
            )
        fields.append(Line("new", "ほかの担当", hint="ここにない担当。例: 社協（総務課）、市"))

        def made(values: Mapping[str, str]) -> Edit:
            chosen = values.get("owners", "").split("\n")
            kept = [label for label in own if label in chosen]  # the order of the plan stays
            kept += [label for label in chosen if label and label not in kept]
            found = [one for label in kept for one in owners_of(label)]
            return Edit(
                "担当を変える",
                self._change(owners=[*found, *owners_of(values["new"])]),
                quick=True,
            )

        above = "" if item.parent is None else f"（いまは {owners_text(item)}）"
        self._form(
            f"担当を変える　{self._name}",
            fields,
            made,
            about=(f"どれも選ばなければ、上の項目の担当になります{above}。",),
        )

    def flags(self) -> None:
        """Choose the flags of an item from those there are, or write new ones."""
        own = self.plan.items[self.code].node.flags
        known = dict.fromkeys(
            [*own, *(f for one in self.plan.items.values() for f in one.node.flags), *USUAL_FLAGS]
        )
        off = [flag for flag in known if flag not in own]
        self._form(
            f"印を変える　{self._name}",
            [
                Ticks("flags", "印", list(known), off, words=("付ける", "　　　"), height=8),
                Line("new", "ほかの印", hint="ここにない印。「、」で区切ります"),
            ],
            lambda v: Edit(
                "印を変える",
                self._change(flags=[*filter(None, v["flags"].split("\n")), *words_of(v["new"])]),
                quick=True,
            ),
        )

    def add_below(self) -> None:
        """Add items below the line, after those there are."""
        if self.plan.items[self.code].level + 1 >= len(self.plan.levels):
            raise ValueProblem(
                f"これより下の段はありません（{'・'.join(self.plan.levels)}）。",
                "指標なら「指標を加える」を選びます。",
            )
        below = self.plan.children_of(self.code)
        self.adding(Place(self.code, below[-1].code if below else None))

    def _other(self, title: str, codes: Sequence[str], then: Callable[[str], None]) -> None:
        choices = [
            (f"{'　' * self.plan.items[c].level}{c} {self.plan.items[c].name}", c) for c in codes
        ]
        dialog = FindDialog(title, choices, [text for text, _ in choices])
        self.app.push_screen(dialog, lambda chosen: None if chosen is None else then(chosen))

    def _depth(self) -> int:
        """Return how many levels lie under the item."""
        plan = self.plan
        below = [item.level for c, item in plan.items.items() if self.code in _codes_above(plan, c)]
        return max(below, default=plan.items[self.code].level) - plan.items[self.code].level

    def move(self) -> None:
        """Put the item under another one, wherever there are levels enough for what is under it."""
        code, plan, depth = self.code, self.plan, self._depth()
        possible = [
            one
            for one, item in plan.items.items()
            if item.node.repeats is None
            and one != plan.items[code].parent
            and code not in _codes_above(plan, one)
            and item.level + 1 + depth < len(plan.levels)
        ]
        if not possible:
            raise ValueProblem(
                f"{self._name}を移せる項目がありません。", "段の数に合う項目の下へだけ移せます。"
            )
        self._other(
            f"どの項目の下へ移しますか　{self._name}",
            possible,
            lambda to: self.go_on(Edit(f"移す　{self._name}", lambda p, _: move(p, code, to))),
        )

    def reorder(self) -> None:
        """Put the item elsewhere among those beside it."""
        code, plan = self.code, self.plan
        parent = plan.items[code].parent
        beside = [item.code for item in plan.children_of(parent)]
        others = [one for one in beside if one != code]
        if not others:
            raise ValueProblem("並んでいる項目がありません。", "順番は変えられません。")
        choices: list[tuple[str, str | None]] = [("いちばん前", "")]
        choices += [(f"{one} {plan.items[one].name} の次", one) for one in others]

        def change(after: str) -> Change:
            if after:
                return lambda p, _: move(p, code, parent, after=after)

            def first(p: Plan, _: int | None) -> Plan:
                last = code
                for one in beside[: beside.index(code)]:
                    p, last = move(p, one, parent, after=last), one
                return p

            return first

        def settle(after: str | None) -> None:
            if after is not None:
                self.go_on(Edit(f"順番を変える　{self._name}", change(after), quick=True))

        self.app.push_screen(ChooseDialog(f"どこに置きますか　{self._name}", choices), settle)

    def merge(self) -> None:
        """Merge the item with another one of its level."""
        code, plan = self.code, self.plan
        level = plan.items[code].level
        possible = [
            one
            for one, item in plan.items.items()
            if item.level == level and one != code and item.node.repeats is None
        ]

        def ask(other: str) -> None:
            name = plan.items[other].name
            self._form(
                f"統合する　{self._name} と {other} {name}",
                [
                    Line("code", "番号", code, "統合した後の番号"),
                    Line("name", "名前", plan.items[code].name, "統合した後の名前"),
                ],
                lambda v: Edit(
                    f"統合する　{code} と {other}",
                    lambda p, _: merge(p, [code, other], one_word(v["code"]), one_name(v["name"])),
                ),
                about=("指標・財源・下の項目は、統合した項目に引き継ぎます。",),
            )

        self._other(f"どの項目と統合しますか　{self._name}", possible, ask)

    def split(self) -> None:
        """Split the item into two."""
        code, plan = self.code, self.plan
        item = plan.items[code]
        siblings = [one.code for one in plan.children_of(item.parent)]
        self._form(
            f"2つに分割する　{self._name}",
            [
                Line("code1", "1つ目の番号", code),
                Line("name1", "1つ目の名前", item.name),
                Line("code2", "2つ目の番号", next_code(siblings, item.parent)),
                Line("name2", "2つ目の名前"),
            ],
            lambda v: Edit(
                f"分割する　{self._name}",
                lambda p, _: split(
                    p,
                    code,
                    [
                        (one_word(v["code1"]), one_name(v["name1"])),
                        (one_word(v["code2"]), one_name(v["name2"])),
                    ],
                ),
            ),
            about=("指標・財源・下の項目は、1つ目に引き継ぎます。あとから移せます。",),
        )


def _codes_above(plan: Plan, code: str) -> list[str]:
    """Return the code of an item and of all above it."""
    return [item.code for item in plan.path_of(code)]
