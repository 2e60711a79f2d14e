"""Changing an item of the plan: who answers for it, what lies under it, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    MEASURE_LABELS,
    Direction,
    Indicator,
    Measure,
)
from shakyo_review.domain.plan import Node
from shakyo_review.domain.tree_edits import add_indicator, add_node, merge, move, split
from shakyo_review.ui.dialogs.find import FindDialog
from shakyo_review.ui.dialogs.form import Line, Pick
from shakyo_review.ui.dialogs.revise import Edit
from shakyo_review.ui.plan_edits import (
    Choice,
    Edits,
    checked,
    next_code,
    one_name,
    one_word,
    owners_of,
    words_of,
)
from shakyo_review.ui.plan_tree import owners_text


class ItemEdits(Edits):
    """The changes of one item."""

    def offered(self) -> list[Choice]:
        """Return what can be changed, as choices."""
        return [
            *self.named(),
            ("担当を変える", self.owners),
            ("印（重点・新規など）を変える", self.flags),
            ("この下に項目を加える", lambda: self.add(below=True)),
            ("この次に、同じ段の項目を加える", lambda: self.add(below=False)),
            ("指標を加える", self.add_indicator),
            ("別の項目の下へ移す", self.move),
            ("ほかの項目と統合する", self.merge),
            ("2つに分割する", self.split),
            ("やめる（休止・廃止）", self.stop),
        ]

    def owners(self) -> None:
        """Change who answers for an item."""
        item = self.plan.items[self.code]
        self._form(
            f"担当を変える　{self._name}",
            [Line("owners", "担当", owners_text(item) if item.owners else "")],
            lambda v: Edit("担当を変える", self._change(owners=owners_of(v["owners"]))),
            about=(
                "「社協（総務課）、市」のように「、」で区切ります。空欄なら、上の項目の担当になります。",
            ),
        )

    def flags(self) -> None:
        """Change the flags of an item."""
        item = self.plan.items[self.code]
        self._form(
            f"印を変える　{self._name}",
            [Line("flags", "印", "、".join(item.node.flags), "例: 重点、新規")],
            lambda v: Edit("印を変える", self._change(flags=words_of(v["flags"]))),
        )

    def add(self, *, below: bool) -> None:
        """Add an item below the line, or after it."""
        plan, code = self.plan, self.code
        parent = code if below else plan.items[code].parent
        after = None if below else code
        siblings = [item.code for item in plan.children_of(parent)]

        def made(values: Mapping[str, str]) -> Edit:
            node = Node.model_validate(
                {
                    "code": one_word(values["code"]),
                    "name": one_name(values["name"]),
                    "owners": owners_of(values["owners"]),
                }
            )
            return Edit("項目を加える", lambda p, _: add_node(p, parent, node, after=after))

        where = "この下に" if below else "この次に"
        self._form(
            f"{where}項目を加える　{self._name}",
            [
                Line("code", "番号", next_code(siblings, parent), "半角の英数字と . _ -"),
                Line("name", "名前"),
                Line("owners", "担当", hint="空欄なら、上の項目の担当になります"),
            ],
            checked(made),
        )

    def add_indicator(self) -> None:
        """Add an indicator to an item."""
        code = self.code
        own = [one.code for one in self.plan.items[code].node.indicators]
        suggested = f"{code}{chr(ord('a') + len(own))}" if len(own) < 26 else ""
        suggested = suggested if suggested not in self.plan.indicators else ""
        directions = [d for d in DIRECTION_LABELS if d is not Direction.RANGE]

        def made(values: Mapping[str, str]) -> Edit:
            fields = {
                "code": one_word(values["code"]),
                "name": one_name(values["name"]),
                "unit": values["unit"].strip(),
                "direction": values["direction"],
                "measure": values["measure"],
            }
            indicator = Indicator.model_validate(fields)
            return Edit("指標を加える", lambda p, _: add_indicator(p, code, indicator))

        self._form(
            f"指標を加える　{self._name}",
            [
                Line("code", "番号", suggested, "半角の英数字と . _ -"),
                Line("name", "指標の名前"),
                Line("unit", "単位", hint="人、回、％ など"),
                Pick("direction", "良い方向", [(d.value, DIRECTION_LABELS[d]) for d in directions], height=5),
                Pick("measure", "値の性質", [(m.value, MEASURE_LABELS[m]) for m in Measure], height=3),
            ],
            checked(made),
            about=("目標は、加えたあとに「年度ごとの目標を変える」で入れます。",),
        )  # fmt: skip

    def _other(self, title: str, codes: Sequence[str], then: Callable[[str], None]) -> None:
        choices = [
            (f"{'　' * self.plan.items[c].level}{c} {self.plan.items[c].name}", c) for c in codes
        ]
        dialog = FindDialog(title, choices, [text for text, _ in choices])
        self.app.push_screen(dialog, lambda chosen: None if chosen is None else then(chosen))

    def move(self) -> None:
        """Put the item under another one."""
        code, plan = self.code, self.plan
        possible = [
            one
            for one, item in plan.items.items()
            if item.node.repeats is None
            and one != plan.items[code].parent
            and code not in [above.code for above in plan.path_of(one)]
        ]
        self._other(
            f"どの項目の下へ移しますか　{self._name}",
            possible,
            lambda to: self.go_on(Edit(f"移す　{self._name}", lambda p, _: move(p, code, to))),
        )

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
