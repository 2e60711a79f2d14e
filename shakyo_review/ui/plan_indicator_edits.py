"""Changing an indicator: what it measures, and what it is measured against."""

from __future__ import annotations

from collections.abc import Mapping

from shakyo_review.domain.indicator import (
    DIRECTION_LABELS,
    MEASURE_LABELS,
    RULE_LABELS,
    Direction,
    Indicator,
    RateRule,
)
from shakyo_review.domain.plan import Plan
from shakyo_review.domain.tree_edits import change_indicator
from shakyo_review.ui.dialogs.form import Line, Pick
from shakyo_review.ui.dialogs.revise import Edit, tried
from shakyo_review.ui.plan_edits import Choice, Edits
from shakyo_review.ui.plan_path import PathForm
from shakyo_review.ui.plan_targets import Known, Promised

AUTOMATIC = "-"
"""The choice of a rate rule that follows from the direction."""


class IndicatorEdits(Edits):
    """The changes of one indicator."""

    def offered(self) -> list[Choice]:
        """Return what can be changed, as choices."""
        return [
            *self.named(),
            ("目標を変える（年度ごと・基準値・最終目標）", self.targets),
            ("単位・良い方向（定義）を変える", self.definition),
            ("率の規則を変える", self.rule),
            ("やめる（休止・廃止）", self.stop),
        ]

    @property
    def indicator(self) -> Indicator:
        """The indicator of the line."""
        return self.plan.indicators[self.code]

    def targets(self) -> None:
        """Change baseline, final target and the targets of the years that are open."""
        code, known = self.code, Known.of(self.book, self.indicator)
        edits: list[Edit] = []

        def store(promised: Promised) -> None:
            fields = dict(promised.fields)
            edit = Edit(
                f"目標を変える　{code}",
                self._change(**fields) if fields else lambda plan, _: plan,
                {(code, year): reading for year, reading in promised.targets.items()},
                year=min(promised.targets, default=None),
                quick=True,
            )
            tried(edit.change, self.plan)
            edits.append(edit)

        self.app.push_screen(
            PathForm(self.plan, known, store, ok="次へ"),
            lambda stored: self.go_on(edits[-1]) if stored else None,
        )

    def definition(self) -> None:
        """Change what an indicator measures; earlier years may then not be compared with."""
        code, one = self.code, self.plan.indicators[self.code]
        directions = [
            d for d in DIRECTION_LABELS if d is not Direction.RANGE or one.low is not None
        ]
        measures = list(MEASURE_LABELS)

        def made(values: Mapping[str, str]) -> Edit:
            fields = {
                "unit": values["unit"].strip(),
                "direction": values["direction"],
                "measure": values["measure"],
            }

            def change(plan: Plan, begin: int | None) -> Plan:
                broken = {"comparable_from": begin} if values["compare"] == "no" and begin else {}
                return change_indicator(plan, code, **fields, **broken)

            return Edit("定義を変える", change)

        self._form(
            f"単位・良い方向（定義）を変える　{self._name}",
            [
                Line("unit", "単位", one.unit),
                Pick("direction", "良い方向", [(d.value, DIRECTION_LABELS[d]) for d in directions], directions.index(one.direction)),
                Pick("measure", "値の性質", [(m.value, MEASURE_LABELS[m]) for m in measures], measures.index(one.measure), height=3),
                Pick("compare", "前の年度と", [("no", "くらべない（数え方が変わる）"), ("yes", "これまでどおりくらべる")], height=2),
            ],
            made,
        )  # fmt: skip

    def rule(self) -> None:
        """Change the rate rule of an indicator."""
        indicator = self.plan.indicators[self.code]
        choices = [(AUTOMATIC, "良い方向から決める（ふつうはこれ）")]
        choices += [
            (rule.value, label)
            for rule, label in RULE_LABELS.items()
            if rule is not RateRule.MILESTONE or indicator.milestones
        ]
        now = AUTOMATIC if indicator.rule is None else indicator.rule.value
        chosen = [value for value, _ in choices].index(now)
        self._form(
            f"率の規則を変える　{self._name}",
            [Pick("rule", "規則", choices, chosen, height=10)],
            lambda v: Edit(
                "率の規則を変える",
                self._change(rule=None if v["rule"] == AUTOMATIC else v["rule"]),
            ),
        )
