"""What can be changed in the plan, asked in a form each: every one ends in an ``Edit``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual.app import App

from shakyo_review.domain.fiscal_year import short_year
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.rules import RuleSet, preset_names
from shakyo_review.domain.scale import Scale, scale_text
from shakyo_review.domain.scale_presets import PRESETS
from shakyo_review.domain.tree_edits import (
    change_indicator,
    change_node,
    change_plan,
    renumber,
    stop,
)
from shakyo_review.errors import ValueProblem
from shakyo_review.exchange.plan_rows import one_word, owners_of, words_of
from shakyo_review.services.book import ReviewBook
from shakyo_review.services.planning import being_set_up
from shakyo_review.services.sheets import words_of_levels, years_of
from shakyo_review.ui.dialogs.form import Field, Form, Line
from shakyo_review.ui.dialogs.revise import Change, Edit, tried

__all__ = [
    "Choice",
    "Edits",
    "checked",
    "next_code",
    "one_name",
    "one_word",
    "owners_of",
    "words_of",
]

GoOn = Callable[[Edit], None]
Choice = tuple[str, Callable[[], None]]
"""What is offered, and what asks for it."""


def one_name(typed: str) -> str:
    """Return a name as typed, without blanks around it; empty is refused."""
    name = typed.strip()
    if not name:
        raise ValueProblem("名前が空欄です。", "名前を入れてください。")
    return name


def next_code(siblings: Sequence[str], parent: str | None) -> str:
    """Suggest the code of the next sibling: 1-3 after 1-1 and 1-2; '' where no rule is seen."""
    ends = [re.fullmatch(r"(.*?)(\d+)", code) for code in siblings]
    known = [found for found in ends if found is not None]
    if known:
        return f"{known[-1][1]}{max(int(f[2]) for f in known if f[1] == known[-1][1]) + 1}"
    return "" if siblings else f"{parent}-1" if parent else "1"


class Edits:
    """The changes that can be asked of one line of the plan; ``go_on`` takes what was asked."""

    def __init__(self, app: App[None], book: ReviewBook, code: str, go_on: GoOn) -> None:
        self.app, self.book, self.code, self.go_on = app, book, code, go_on
        self.plan: Plan = book.plan

    @property
    def _name(self) -> str:
        plan, code = self.plan, self.code
        name = plan.indicators[code].name if code in plan.indicators else plan.items[code].name
        return f"{code} {name}"

    def named(self) -> list[Choice]:
        """Return what can be changed in every line."""
        return [
            ("名前を変える", self.rename),
            ("番号（コード）を変える", self.change_code),
        ]

    def offered(self) -> list[Choice]:
        """Return what can be changed, as choices."""
        return self.named()

    def _form(
        self,
        title: str,
        fields: Sequence[Field],
        made: Callable[[Mapping[str, str]], Edit],
        about: Sequence[str] = (),
    ) -> None:
        """Ask for fields; what the plan refuses is told in the form, and nothing typed is lost."""
        edits: list[Edit] = []

        def take(values: Mapping[str, str]) -> None:
            edit = made(values)
            tried(edit.change, self.plan)
            edits.append(edit)

        def settle(stored: bool | None) -> None:
            if stored:
                self.go_on(edits[-1])

        self.app.push_screen(Form(title, fields, take, about=about, ok="次へ"), settle)

    def _change(self, **fields: Any) -> Change:
        code = self.code
        if code in self.plan.indicators:
            return lambda plan, _: change_indicator(plan, code, **fields)
        return lambda plan, _: change_node(plan, code, **fields)

    def rename(self) -> None:
        """Change the name."""
        old = self._name.partition(" ")[2]
        self._form(
            f"名前を変える　{self._name}",
            [Line("name", "新しい名前", old)],
            lambda v: Edit("名前を変える", self._change(name=one_name(v["name"])), quick=True),
        )

    def change_code(self) -> None:
        """Change the code; what is stored goes on under the new one."""
        code = self.code
        self._form(
            f"番号（コード）を変える　{self._name}",
            [Line("code", "新しい番号", code, "半角の英数字と . _ -")],
            lambda v: Edit(
                "番号を変える", lambda plan, _: renumber(plan, code, one_word(v["code"]))
            ),
            about=("番号が変わっても、これまでの値や評価は同じ項目のものとして続きます。",),
        )

    def stop(self) -> None:
        """Take the line out of the plan; what was stored for earlier years stays."""
        code = self.code
        self.go_on(Edit(f"やめる　{self._name}", lambda plan, _: stop(plan, code)))


def checked(made: Callable[[Mapping[str, str]], Edit]) -> Callable[[Mapping[str, str]], Edit]:
    """Tell in a sentence what the models refuse while an edit is made."""

    def asked(values: Mapping[str, str]) -> Edit:
        edits: list[Edit] = []

        def make(plan: Plan, _: int | None) -> Plan:
            edits.append(made(values))
            return plan

        tried(make, None)  # type: ignore[arg-type]
        return edits[-1]

    return asked


def rules_offered(book: ReviewBook) -> list[tuple[str, Edit | None]]:
    """Return the presets of rules and scales that can be chosen; None asks for the title."""
    plan = book.plan
    head = (
        "計画の名称・団体・期間・段の呼び名を変える" if being_set_up(book) else "計画の名称を変える"
    )
    found: list[tuple[str, Edit | None]] = [(head, None)]
    for name in preset_names():
        rules = RuleSet.preset(name)
        if rules != plan.rule_set:
            found.append(
                (f"規則の組を「{rules.name}」にする", Edit("規則の組を変える", _rules(rules)))
            )
    for scale in PRESETS.values():
        if scale != plan.scale:
            text = f"評価基準を「{scale.name}」にする（{scale_text(scale)}）"
            found.append((text, Edit("評価基準を変える", _scale(scale))))
    return found


def _rules(rules: RuleSet) -> Change:
    return lambda plan, _: change_plan(plan, rule_set=rules)


def _scale(scale: Scale) -> Change:
    return lambda plan, _: change_plan(plan, scale=scale)


def ask_head(app: App[None], book: ReviewBook, go_on: GoOn, *, whole: bool) -> None:
    """Ask for another title of the plan; ``whole``: for its body, years and levels as well."""
    plan = book.plan
    edits: list[Edit] = []
    fields: list[Field] = [Line("title", "名称", plan.title)]
    if whole:
        years = "〜".join(short_year(year) for year in (plan.first_year, plan.last_year))
        fields += [
            Line("body", "団体", plan.body),
            Line("years", "計画期間", years, "例: R7〜R11"),
            Line("levels", "段の呼び名", "・".join(plan.levels), "例: 基本目標・施策・取組"),
        ]

    def take(values: Mapping[str, str]) -> None:
        new: dict[str, Any] = {"title": one_name(values["title"])}
        if whole:
            first, last = years_of(values["years"])
            new |= {"body": one_name(values["body"]), "first_year": first, "last_year": last}
            new["levels"] = words_of_levels(values["levels"])
        edit = Edit(
            "計画の名称・期間などを変える" if whole else "計画の名称を変える",
            lambda plan, _: change_plan(plan, **new),
            quick=True,
        )
        tried(edit.change, plan)
        edits.append(edit)

    title = "計画の名称・団体・期間・段の呼び名を変える" if whole else "計画の名称を変える"
    form = Form(title, fields, take, ok="次へ")
    app.push_screen(form, lambda stored: go_on(edits[-1]) if stored else None)
